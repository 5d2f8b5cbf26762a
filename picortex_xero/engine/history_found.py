"""What an import of history has found in Xero already: linked with its documents where a person confirms that."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import frappe

from ..accounting.money import decimal
from ..documents.identity import PARTY_FIELD, Identity, moment
from ..documents.suppliers_own import NEAR
from ..xero.records import xero_element
from . import candidates, history, history_counts, links, outbox, protocol
from .wake import wake

SECONDS = 20


def link_all(run: str) -> tuple[int, int]:
    """A person says that what was found is what it looks like: every document of which Xero has exactly one record of its number, over its amount, of its contact and
    currency and near its date, is linked with it. Returns how many, and how many others wait until somebody looks at each. Commits one by one."""
    stop, linked, left = time.monotonic() + SECONDS, 0, 0
    for found in history_counts.was_there(run):
        if found["state"] != protocol.ATTENTION:
            continue
        record = _only(found["step"])
        if record is None or time.monotonic() > stop:
            left += 1
            continue
        try:
            candidates.choose(found["step"], record)
        except frappe.ValidationError:
            # Somebody was faster: it waits for nobody any more.
            frappe.db.rollback()
            continue
        frappe.db.commit()
        linked += 1
    if linked:
        wake(str(frappe.db.get_value(history.DOCTYPE, run, "connection")))
    return linked, left


def _only(step: str) -> str | None:
    """The one record that may be a step's, where it is certainly the same business: the document's amount, contact and currency, near its date."""
    row, offered = outbox.get(name=step), candidates.choices(step)
    if row is None or len(offered) != 1 or not offered[0]["total"]:
        return None
    (found,) = offered
    same = decimal(found["total"]) == decimal(row["amount"]) and found.get("currency") == row["currency"]
    return str(found["id"]) if same and _is_near(row, found) and _is_of_its_party(row, found) else None


def _is_near(row: outbox.Row, found: candidates.Candidate) -> bool:
    """Whether a record is dated within weeks of the document: numbers begin anew, with a year or with another program."""
    if not found["date"] or not row["posting_date"]:
        return False
    return abs(date.fromisoformat(found["date"][:10]) - date.fromisoformat(str(row["posting_date"])[:10])) <= NEAR


def _is_of_its_party(row: outbox.Row, found: candidates.Candidate) -> bool:
    """Whether a record is of the contact that the document's customer or supplier is linked with; where there is none yet, of one of that name."""
    if row["reference_doctype"] not in PARTY_FIELD:
        return False
    doctype, field = PARTY_FIELD[row["reference_doctype"]]
    party = frappe.db.get_value(row["reference_doctype"], row["reference_name"], field)
    its: Any = frappe.db.get_value(doctype, party, ["creation", f"{field}_name"], as_dict=True) if party else None
    if not its:
        return False
    contacts = {
        str(each["xero_id"]).casefold()
        for each in links.of(row["connection"], Identity(doctype, party, moment(its["creation"])))
        if each["role"] == "contact"
    }
    if contacts:
        return found.get("contact_id") in contacts
    return xero_element.fold(found.get("contact")) in {xero_element.fold(party), xero_element.fold(its[f"{field}_name"])} - {""}
