"""Opening invoices and bills: what Xero has of them already is linked, never made again.

Rule: accounting_rules "Opening invoices" (link what exists; creating needs approval: the setting Opening Invoices and Bills).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..documents.fingerprint import content
from ..documents.identity import identity, is_opening
from ..engine import links, log, outbox, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..xero import answers as outcomes
from ..xero.records.base import GONE
from ..xero.records.registry import INVOICE
from .work import Work, settle


def without_existing(context: Context, lease: Lease, batch: list[Work]) -> list[Work]:
    """The works that are still to be sent: an opening document that Xero has already is linked, or left to a person where it differs."""
    return [work for work in batch if not (work.translation and is_opening(work.doc) and _is_there(context, lease, work))]


def was_there_before(link: dict[str, Any]) -> bool:
    """Whether a record was in Xero before its document came from here: nothing of ours (a marker) stands behind the link."""
    return bool(link["adopted"]) and not link["marker"] and link["endpoint"] == INVOICE.endpoint


def _is_there(context: Context, lease: Lease, work: Work) -> bool:
    """Look for the same number of the same contact; bills' numbers are not unique in Xero."""
    assert work.translation is not None
    body, who = work.translation.body, identity(work.doc)
    number = str(body["InvoiceNumber"])
    # A comma would part the number in two.
    query = f"ContactIDs={body['Contact']['ContactID']}" + ("" if "," in number else f"&InvoiceNumbers={quote(number, safe='')}")
    shown = reading.listing(context, lease, INVOICE.endpoint, f"{query}&unitdp=4", True, "")
    same = [
        each
        for each in shown.elements
        if each["Type"] == body["Type"] and each["InvoiceNumber"].casefold() == number.casefold() and each["Status"] not in GONE
    ]
    role = ("invoice", 1, int(work.row["generation"]))
    taken = links.of_others(context.connection, INVOICE.endpoint, [each["InvoiceID"] for each in same], who, role) if same else set()
    same = [each for each in same if each["InvoiceID"] not in taken]
    if not same and not shown.complete:
        raise reading.Interrupted(outcomes.Verdict(outcomes.PROBE), f"Invoices?{query}")
    if not same:
        return False
    if len(same) > 1:
        what = f"Xero has {len(same)} documents {number} of this contact, one of which may be the opening document {who.name}"
        settle(work.row, [Problem("opening-several", what, f"Void the ones that are too many in Xero, or cancel {who.name} here")])
    elif decimal(same[0].get("AmountDue")) != work.translation.total:
        due, total = same[0].get("AmountDue"), work.translation.total
        what = f"The opening document {who.name} has {total} open here, {number} in Xero has {due}"
        settle(
            work.row,
            [Problem("opening-differs", what, f"Bring {number} in Xero to {total} open, or correct {who.name} here, then press Retry")],
        )
    else:
        _adopt(context, work, same[0])
    return True


def _adopt(context: Context, work: Work, element: dict[str, Any]) -> None:
    who = identity(work.doc)
    links.add(
        context.connection,
        context.company,
        who,
        "invoice",
        1,
        INVOICE.endpoint,
        element["InvoiceID"],
        generation=int(work.row["generation"]),
        number=element["InvoiceNumber"],
        content=content(work.doc),
        status=element["Status"],
        currency=element.get("CurrencyCode", ""),
        total=element.get("Total"),
        amount_due=element.get("AmountDue"),
        adopted=True,
    )
    outbox.move(work.row, "recorded")
    what = f"Linked to {element['InvoiceNumber']}, which was already in Xero with the same amount open"
    log.write(context.connection, context.company, who, "Linked", what)
