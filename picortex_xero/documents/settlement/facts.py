"""Loads what only payments and refunds need: what pays back an advance, what settles a record in Xero, and the balance of an opening document. Reads only."""

from __future__ import annotations

from decimal import Decimal

import frappe

from ...accounting.money import ZERO, decimal
from ...xero.records.registry import ALLOCATION, CREDITS, PAYMENT, taken_off
from .. import facts as shared_facts
from ..as_opening import OWED_ROWS, OWED_SENT, OWED_SINCE, OwedRow, of_run
from ..base import Books
from ..fact_types import HEAD, PAYING_BACK, SETTLED_BY, Doc, Named
from ..facts import LINK_FIELDS, Loaders, by_doctype, imported_by, payment_ledger
from ..identity import INVOICE_DOCTYPES, Identity, moment
from ..step import ENDED, Link, link

LAST_DAY = "9999-12-31"


def paying_back(books: Books, keys: list[str]) -> dict[str, list[Identity]]:
    """The documents whose payments of these credits (refunds) still stand in Xero."""
    found: dict[str, list[Identity]] = {key: [] for key in keys}
    targets = {"connection": books.connection, "xero_id": ("in", keys)}
    settled: dict[str, list[str]] = {}
    for row in frappe.get_all("Xero Link Target", filters=targets, fields=["link", "xero_id"]):
        settled.setdefault(row["link"], []).append(row["xero_id"])
    filters = {"name": ("in", list(settled)), "endpoint": PAYMENT.endpoint, "remote_status": ("not in", ENDED)}
    for row in frappe.get_all("Xero Link", filters=filters, fields=LINK_FIELDS) if settled else []:
        who = link(dict(row)).who
        for key in settled[row["name"]]:
            if who not in found[key]:
                found[key].append(who)
    return found


def settled_by(books: Books, keys: list[tuple[str, str]]) -> dict[tuple[str, str], list[Link]]:
    """The links that settle these records, and those of their allocations."""
    found: dict[tuple[str, str], list[Link]] = {key: [] for key in keys}
    targets = {"connection": books.connection, "xero_id": ("in", [xero_id for _, xero_id in keys])}
    noted = [(row["link"], row["xero_id"]) for row in frappe.get_all("Xero Link Target", filters=targets, fields=["link", "xero_id"])]
    below = {f"{endpoint}/{xero_id}/{ALLOCATION.endpoint}": (endpoint, xero_id) for endpoint, xero_id in keys if endpoint in CREDITS}
    standing = {"connection": books.connection, "remote_status": ("not in", ENDED)}
    rows = frappe.get_all("Xero Link", filters={**standing, "endpoint": ("in", list(below))}, fields=LINK_FIELDS) if below else []
    for row in rows:
        found[below[row["endpoint"]]].append(link(dict(row)))
    names = sorted({name for name, _ in noted})
    rows = frappe.get_all("Xero Link", filters={**standing, "name": ("in", names)}, fields=LINK_FIELDS) if names else []
    links = {row["name"]: link(dict(row)) for row in rows}
    for key in keys:
        found[key] += [links[name] for name, xero_id in noted if xero_id == key[1] and name in links]
    return found


def heads(books: Books, keys: list[Named]) -> dict[Named, Doc | None]:
    """The heads of documents, with what is known of the balance that an opening one was entered with."""
    found = shared_facts.heads(books, keys)
    for doctype, names in by_doctype(keys):
        if doctype in INVOICE_DOCTYPES:
            _owed_since(books, found, doctype, names)
    return found


def _owed_since(books: Books, found: dict[Named, Doc | None], doctype: str, names: list[str]) -> None:
    """From which day on (yyyy-mm-dd) what settles an invoice or bill comes on top of the balance that it was entered with (OWED_SINCE), and what is booked against
    it until then (OWED_ROWS)."""
    runs = imported_by(books, doctype, names) if books.openings else {}
    by_day: dict[str, list[str]] = {}
    for name in names:
        if not (head := found[doctype, name]):
            continue
        opening = of_run(books.openings, runs.get((name, moment(head["creation"]))) or "-")
        since = opening.owed_since if opening else books.go_live_date if head.get("is_opening") == "Yes" else ""
        if since:
            head[OWED_SINCE] = since
            # One of ERPNext's own was entered by the go-live date of then, which may have been moved since.
            by_day.setdefault(since if opening else LAST_DAY, []).append(name)
    for until, its in by_day.items():
        rows: dict[str, list[OwedRow]] = {}
        for row in payment_ledger(doctype, its, ("<", until)):
            by = (row["voucher_type"], row["voucher_no"])
            amount = -decimal(row["amount_in_account_currency"])
            one = OwedRow(by, amount, moment(row["creation"]), str(row["posting_date"]))
            rows.setdefault(row["against_voucher_no"], []).append(one)
        sent = _sent_on_top(books, doctype, its)
        for name in its:
            if head := found[doctype, name]:
                head[OWED_ROWS], head[OWED_SENT] = tuple(rows.get(name, ())), sent.get(name, {})


def _sent_on_top(books: Books, doctype: str, names: list[str]) -> dict[str, dict[Named, Decimal]]:
    """What stands in Xero beside the records of these documents and settles them there, by document that settles, in the currency of what is settled."""
    mine = {"connection": books.connection, "reference_doctype": doctype, "reference_name": ("in", names)}
    rows = frappe.get_all("Xero Link", filters=mine, fields=["reference_name", "endpoint", "xero_id"])
    places = {(row["endpoint"], row["xero_id"]): str(row["reference_name"]) for row in rows}
    found: dict[str, dict[Named, Decimal]] = {}
    for place, settling in (settled_by(books, sorted(places)) if places else {}).items():
        for each in settling:
            its, who = found.setdefault(places[place], {}), (each.who.doctype, each.who.name)
            its[who] = its.get(who, ZERO) + taken_off(each.endpoint, each.marker, place)
    return found


LOADERS: Loaders = {HEAD: heads, PAYING_BACK: paying_back, SETTLED_BY: settled_by}
