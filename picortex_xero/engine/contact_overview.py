"""What the screen Match contacts shows: the customers and suppliers whose documents go to Xero, with the contact that they are linked with, or those
that may be it (documents/party/contact_matches.py). Asks Xero nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.texts import NONE, Text, _
from ..connection import settings
from ..documents import facts
from ..documents.party import contact_matches
from ..documents.party.contact import PARTIES, evidence
from ..documents.party.contact_matches import Contacts, Match, Party
from ..documents.party.turned_down import FIELD as TURNED_DOWN
from ..xero.records.registry import CONTACT
from . import contact_cache, links
from .screen_texts import in_words, shown

Key = tuple[str, str]
# By DocType of the party: where its name stands in documents, their date, and what of the row says that it is submitted.
USED_BY: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Customer": (
        ("Sales Invoice", "customer", ""),
        ("Payment Entry", "party", "`party_type`='Customer'"),
    ),
    "Supplier": (
        ("Purchase Invoice", "supplier", ""),
        ("Payment Entry", "party", "`party_type`='Supplier'"),
    ),
}
NAMES = {"Customer": "customer_name", "Supplier": "supplier_name"}
YEAR = timedelta(days=365)
USED, EVERYONE = "used", "all"
LINKED, SURE, DOUBTFUL, NOBODY = "linked", "sure", "doubtful", "none"
# How a row is called by the filter "without a link".
OPEN = (SURE, DOUBTFUL, NOBODY)
AT_ONCE = 500
PAGE = 50
MOST = 100_000


@dataclass
class Picture:
    """Everything that is known of one connection's parties and contacts."""

    parties: dict[Key, Party]
    titles: dict[Key, str]
    counts: dict[Key, int]
    linked: dict[Key, dict[str, Any]]
    taken: dict[str, dict[str, str]]
    contacts: Contacts
    found: dict[Key, list[Match]]

    def kind(self, key: Key) -> str:
        """Which of the filters a party belongs to."""
        if key in self.linked:
            return LINKED
        best = self.found.get(key)
        return NOBODY if not best else SURE if best[0].sure else DOUBTFUL


def picture(connection: str, scope: str = USED) -> Picture:
    """The parties of this connection, and what they match. `scope`: those whose documents of the last year go there ("used"), or everyone
    ("all")."""
    company, country = frappe.db.get_value("Xero Connection", connection, ["company", "country_code"])
    counts = _used(company)
    parties, titles = _parties(connection, counts, scope, settings.instance_id(), str(country or ""))
    linked, taken = _linked(connection, parties)
    contacts = Contacts.of(contact_cache.everything(connection), str(country or ""))
    open_ones = [party for key, party in parties.items() if key not in linked]
    return Picture(parties, titles, counts, linked, taken, contacts, contact_matches.of_all(open_ones, contacts, taken))


def sure(connection: str, scope: str = USED) -> list[tuple[Key, Match]]:
    """The parties without a link for which one contact is beyond doubt, those with most documents first."""
    whole = picture(connection, scope)
    keys = sorted((key for key in whole.parties if whole.kind(key) == SURE), key=lambda key: (-whole.counts.get(key, 0), key))
    return [(key, whole.found[key][0]) for key in keys]


def rows(connection: str, scope: str, show: str, party_type: str, text: str, start: int) -> dict[str, Any]:
    """One page of the screen: `rows`, how many there are (`total`), and the `counts` of each filter."""
    whole = picture(connection, scope)
    kinds, keys = _wanted(whole, show, party_type, text)
    here = keys[start : start + PAGE]
    by = _who_linked(connection, [key for key in here if key in whole.linked])
    return {
        "rows": [_row(whole, key, by) for key in here],
        "total": len(keys),
        "page": PAGE,
        "counts": {kind: sum(each == kind for each in kinds.values()) for kind in (LINKED, *OPEN)},
    }


def everyone(connection: str, scope: str, show: str, party_type: str, text: str) -> Iterator[dict[str, Any]]:
    """All rows of the screen, one after the other; names are not compared letter by letter."""
    whole = picture(connection, scope)
    for key in _wanted(whole, show, party_type, text)[1]:
        yield _row(whole, key, {}, nearly=False)


def linked(connection: str) -> dict[Key, str]:
    """By party the id of the contact that it is linked with."""
    filters = {"connection": connection, "endpoint": CONTACT.endpoint, "reference_doctype": ("in", PARTIES)}
    fields = ["reference_doctype", "reference_name", "xero_id"]
    rows = frappe.get_all(links.DOCTYPE, filters=filters, fields=fields, order_by="creation asc")
    return {(row["reference_doctype"], row["reference_name"]): row["xero_id"] for row in rows}


def said_by_a_sheet() -> Text:
    """Why a spreadsheet's links were made, for the history."""
    return _("a spreadsheet says so")


def _wanted(whole: Picture, show: str, party_type: str, text: str) -> tuple[dict[Key, str], list[Key]]:
    """The filter that each party belongs to, and those that are shown, with most documents first."""
    kinds = {key: whole.kind(key) for key in whole.parties}
    wanted = OPEN if show == "open" else (show,) if show in (LINKED, *OPEN) else (LINKED, *OPEN)
    keys = [
        key
        for key, kind in kinds.items()
        if kind in wanted
        and party_type in ("", key[0])
        and (not text or text.casefold() in key[1].casefold() or text.casefold() in whole.titles[key].casefold())
    ]
    keys.sort(key=lambda key: (-whole.counts.get(key, 0), key))
    return kinds, keys


def search(connection: str, text: str) -> list[dict[str, str]]:
    """Contacts to choose from by hand."""
    found = contact_cache.search(connection, text) if text else []
    return [
        {
            "xero_id": each.xero_id,
            "name": each.name,
            "email": str(each.element["EmailAddress"]).replace("\n", ", "),
            "tax_number": str(each.element["TaxNumber"]),
        }
        for each in found
    ]


def because(connection: str, doctype: str, name: str, xero_id: str) -> Text:
    """What agrees and what differs between a party and the contact that a person chose for it; NONE where one of them is not known."""
    country = str(frappe.db.get_value("Xero Connection", connection, "country_code") or "")
    contact = contact_cache.one(connection, xero_id)
    parties, _titles = _parties(connection, {(doctype, name): 1}, USED, settings.instance_id(), country)
    party = parties.get((doctype, name))
    return contact_matches.differences(party, contact) if party and contact else NONE


def _row(whole: Picture, key: Key, by: dict[Key, dict[str, str]], nearly: bool = True) -> dict[str, Any]:
    party, kind = whole.parties[key], whole.kind(key)
    found = whole.found.get(key, [])
    if kind == NOBODY and nearly:
        # Only now, for what is shown, names are compared letter by letter.
        found = contact_matches.matches(party, whole.contacts, whole.taken.get(key[0], {}))
    link = whole.linked.get(key)
    return {
        "doctype": key[0],
        "party": key[1],
        "title": whole.titles[key],
        "tax_number": party.known.tax_number,
        "email": party.known.emails[0] if party.known.emails else "",
        "documents": whole.counts.get(key, 0),
        "kind": kind if kind != NOBODY or not found else DOUBTFUL,
        "linked": {**_contact(whole, link["xero_id"], link["xero_number"]), "made_here": not link["adopted"], **by.get(key, {})}
        if link
        else None,
        "matches": [
            {
                **_contact(whole, each.xero_id, each.name),
                "score": each.score,
                "sure": each.sure,
                "because": in_words(each.because),
                "against": in_words(each.against),
            }
            for each in found
        ],
    }


def _contact(whole: Picture, xero_id: str, name: str) -> dict[str, Any]:
    known = whole.contacts.by_id.get(xero_id.casefold())
    element = known.element if known else {}
    return {
        "xero_id": xero_id,
        "name": str(element.get("Name") or shown(name)),
        "email": str(element.get("EmailAddress") or "").replace("\n", ", "),
        "tax_number": str(element.get("TaxNumber") or ""),
        "number": str(element.get("ContactNumber") or ""),
        "status": str(element.get("ContactStatus") or ""),
    }


def _used(company: str) -> dict[Key, int]:
    """How many submitted documents of the last year name each customer and supplier of a company."""
    found: dict[Key, int] = {}
    since = (now_datetime() - YEAR).date()
    for doctype, sources in USED_BY.items():
        for document, field, more in sources:
            counted = frappe.db.sql(
                f"SELECT `{field}`, COUNT(*) FROM `tab{document}` WHERE `company`=%(company)s AND `docstatus`=1 AND `posting_date`>=%(since)s"
                f"{' AND ' + more if more else ''} GROUP BY `{field}`",
                {"company": company, "since": since},
            )
            for name, count in counted:
                if name:
                    found[doctype, str(name)] = found.get((doctype, str(name)), 0) + int(count)
    counted = frappe.db.sql(
        "SELECT `row`.`party_type`, `row`.`party`, COUNT(*) FROM `tabJournal Entry Account` `row` JOIN `tabJournal Entry` `doc` ON `doc`.`name`=`row`.`parent` "
        "WHERE `doc`.`company`=%(company)s AND `doc`.`docstatus`=1 AND `doc`.`posting_date`>=%(since)s AND `row`.`party_type` IN %(kinds)s "
        "GROUP BY `row`.`party_type`, `row`.`party`",
        {"company": company, "since": since, "kinds": PARTIES},
    )
    for doctype, name, count in counted:
        if name:
            found[str(doctype), str(name)] = found.get((str(doctype), str(name)), 0) + int(count)
    return found


def _parties(connection: str, counts: dict[Key, int], scope: str, instance: str, country: str) -> tuple[dict[Key, Party], dict[Key, str]]:
    turned_down = facts.turned_down(connection)
    parties: dict[Key, Party] = {}
    titles: dict[Key, str] = {}
    for doctype in PARTIES:
        fields = ["name", "creation", NAMES[doctype], "email_id", "tax_id"]
        if scope == EVERYONE:
            wanted: list[dict[str, Any]] = [{"disabled": 0}]
        else:
            names = sorted(name for each, name in counts if each == doctype)
            wanted = [{"name": ("in", names[at : at + AT_ONCE])} for at in range(0, len(names), AT_ONCE)]
        meta = frappe.get_meta(doctype)
        for filters in wanted:
            found = frappe.get_all(
                doctype,
                filters=filters,
                fields=[each for each in fields if each in ("name", "creation") or meta.has_field(each)],
                limit=MOST,
            )
            for row in found:
                doc = {**row, "doctype": doctype, TURNED_DOWN: turned_down.get((doctype, row["name"]), [])}
                known = evidence(doc, instance, country)
                parties[doctype, row["name"]] = Party(doctype, row["name"], known, (row["name"],))
                titles[doctype, row["name"]] = known.name or row["name"]
    return parties, titles


def _linked(connection: str, parties: dict[Key, Party]) -> tuple[dict[Key, dict[str, Any]], dict[str, dict[str, str]]]:
    """By party its link, and by DocType and contact (lower case) who has it."""
    linked: dict[Key, dict[str, Any]] = {}
    taken: dict[str, dict[str, str]] = {each: {} for each in PARTIES}
    filters = {"connection": connection, "endpoint": CONTACT.endpoint, "reference_doctype": ("in", PARTIES)}
    fields = ["reference_doctype", "reference_name", "xero_id", "xero_number", "adopted"]
    for row in frappe.get_all(links.DOCTYPE, filters=filters, fields=fields, order_by="creation asc"):
        linked[row["reference_doctype"], row["reference_name"]] = {**row, "adopted": bool(row["adopted"])}
        taken[row["reference_doctype"]][row["xero_id"].casefold()] = row["reference_name"]
    return {key: link for key, link in linked.items() if key in parties}, taken


def _who_linked(connection: str, keys: list[Key]) -> dict[Key, dict[str, str]]:
    """Who linked these parties and when, by their history."""
    found: dict[Key, dict[str, str]] = {}
    for doctype in PARTIES:
        names = [name for each, name in keys if each == doctype]
        filters = {
            "connection": connection,
            "reference_doctype": doctype,
            "reference_name": ("in", names),
            "event": ("in", ["Linked", "In Xero"]),
        }
        fields = ["reference_name", "user", "creation"]
        for row in frappe.get_all("Xero Sync Log", filters=filters, fields=fields, order_by="creation asc") if names else []:
            found[doctype, row["reference_name"]] = {"by": row["user"], "at": str(row["creation"])}
    return found
