"""Releases of deferred revenue and expense: found by an hourly search in the ledger, sent as manual journals. Steps "release-n" of an invoice.

ERPNext books them under the invoice's own voucher without an event of it (fact sheet B1). The search reads only rows modified since the last
one, with an overlap, in pages; what a voucher's ledger shows then is compared with its steps, so that nothing is entered twice.
"""

from __future__ import annotations

import math
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.money import decimal
from ..accounting.problems import Problem, Refused
from ..documents.identity import INVOICE_DOCTYPES, Identity, create_role, identity, moment
from ..documents.invoice.deferred import BOOKED_BY, Standing, compare, released
from ..documents.invoice.release import recipe, release
from ..documents.rooms import room_of
from ..engine import links, outbox, protocol
from ..engine.context import Context
from ..engine.outbox import Row
from ..engine.search import Part, walk
from ..engine.wake import wake
from ..xero.records.registry import KINDS
from .ledger import rows_of
from .work import Work, sequence, settle, supersede

SEARCH = "releases"


def find(connection: str, stop: float = math.inf) -> int:
    """Add the steps for what was released or taken back since the last search; returns how many. Commits page by page; begins no page after `stop`."""
    doc = frappe.get_doc("Xero Connection", connection)
    if not doc.go_live_date:
        return 0
    filters: dict[str, Any] = {"against_voucher_type": BOOKED_BY, "posting_date": (">=", doc.go_live_date)}
    part = Part("ledger", "GL Entry", {**filters, "voucher_type": ("in", INVOICE_DOCTYPES)}, ("voucher_type", "voucher_no"))
    seen: set[tuple[str, str]] = set()

    def look(_: Part, row: Row) -> int:
        voucher = (str(row["voucher_type"]), str(row["voucher_no"]))
        if voucher in seen:
            return 0
        seen.add(voucher)
        return _look_at(doc, *voucher)

    # `modified` is in the site's time, and so is this cursor; cancelled rows are modified too.
    added = walk(connection, SEARCH, "releases_until", [part], now_datetime(), stop, look)
    if added:
        wake(connection)
    return added


def _look_at(connection: Any, doctype: str, name: str) -> int:
    """Compare one voucher's releases with its steps; returns how many steps that took. A cancelled invoice takes back all it became."""
    found = frappe.db.get_value(doctype, name, ["creation", "company", "docstatus", "is_return"], as_dict=True)
    if not found or found["company"] != connection.company or found["docstatus"] != 1:
        return 0
    who = Identity(doctype, name, moment(found["creation"]))
    steps = outbox.steps_of(connection.name, who)
    ledger = [row for row in rows_of(doctype, name) if str(row["posting_date"]) >= str(connection.go_live_date)]
    missing, surplus = compare(ledger, _standing(steps))
    number = sum(step["role"].startswith("release-") for step in steps)
    for step in steps:
        if step["role"] in surplus:
            _take_back(step)
    for further, (date, due) in enumerate(sorted(missing.items()), start=number + 1):
        facts = {"room": room_of({"doctype": doctype, **found}), "posting_date": date, "amount": due, "currency": connection.base_currency}
        outbox.add(connection.name, connection.company, who, f"release-{further}", **facts)
    return len(missing) + len(surplus)


def _standing(steps: list[Row]) -> list[Standing]:
    """The release steps that were neither overtaken nor are being taken back."""
    undone = {step["role"].removeprefix("undo-") for step in steps if step["role"].startswith("undo-release-")}
    mine = [step for step in steps if step["role"].startswith("release-") and step["state"] != protocol.SUPERSEDED]
    return [Standing(step["role"], str(step["posting_date"]), decimal(step["amount"])) for step in mine if step["role"] not in undone]


def _take_back(step: Row) -> None:
    if step["state"] in protocol.UNSENT:
        supersede(step, f"The release of {step['reference_name']} was taken back before it was sent")
    else:
        outbox.add_sibling(step, f"undo-{step['role']}")


def ready_release(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """One release, once its invoice is in Xero and a former release of the same date is gone from there."""
    who, date = identity(doc), str(row["posting_date"])
    if any((link["role"], link["sequence"]) == ("release", sequence(row["role"])) for link in links.of(context.connection, who)):
        outbox.move(row, "recorded")
        return None
    rows = released(rows_of(who.doctype, who.name)).get(date)
    if not rows:
        supersede(row, f"The ledger no longer shows a release of {who.name} on {date}")
        return None
    steps = outbox.steps_of(context.connection, who)
    former = [step for step in steps if step["role"].startswith("undo-release-") and str(step["posting_date"]) == date]
    waits = [step for step in former if step["state"] in protocol.UNFINISHED]
    if not any(link["role"] == create_role(doc) for link in links.live(context.connection, who)):
        waits += [step for step in steps if step["role"] == create_role(doc) and step["state"] in protocol.UNFINISHED]
        if not waits:
            settle(row, [_without_invoice(who.name, date, rows)])
            return None
    if waits:
        problem = Problem("waits-for-invoice", f"Waits until {who.name} is in Xero as it is now", f"See what stops {who.name}")
        outbox.postpone(row, blocked_on=waits[0]["name"], problem=problem)
        return None
    try:
        made = release(doc, date, rows, context.mapping, context.site_url, context.instance, row["role"])
    except Refused as refused:
        settle(row, refused.problems)
        return None
    return Work(row, doc, KINDS["manual-journal"], {f"{who.digest} {row['role']}"}, made)


def _without_invoice(name: str, date: str, rows: list[dict[str, Any]]) -> Problem:
    return Problem(
        "release-without-invoice",
        f"A part of {name} was released on {date}, but {name} was never sent to Xero",
        f"Enter a manual journal in Xero on {date} (debits positive): {recipe(rows)}; nothing is left to do here",
        held=True,
    )
