"""Does what Xero has agree with what was sent? Compared once a record is known to be ours; what Xero does not show proves nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..sync.work import Work, different_total, gone_from_xero, not_in_xero, settle
from ..xero.records import elements as records
from . import links, outbox, reading
from .context import Context
from .lease import Lease
from .members import Member


def look_again(context: Context, lease: Lease, works: list[Work]) -> None:
    """Settle steps whose records are linked, and of which a person wants to know how they stand, by what Xero shows of them now."""
    for work in works:
        endpoint, xero_id = str((work.linked or {})["endpoint"]), work.xero_id
        if work.kind.nested:
            held = reading.credit_behind(context, lease, endpoint).get(work.kind.endpoint)
            rows = [each for each in held or [] if isinstance(each, dict)]
            element = next((each for each in rows if records.linked_id(each, work.kind.id_field) == xero_id), None)
        else:
            element = reading.each(context, lease, endpoint, [xero_id])[0]
        looked_at_again(work, element)


def looked_at_again(work: Work, element: dict[str, Any] | None) -> None:
    """Settle a step whose record is linked already by what Xero shows of that record now (None where it has none): its status, its total.
    Part of the caller's transaction."""
    name = work.doc["name"]
    if element is None:
        settle(work.row, [not_in_xero(name)])
        return
    total, expected = records.money(records.worth(element)), _expected(work)
    seen = {field: element[shown] for field, shown in (("remote_status", "Status"), ("remote_amount_due", "AmountDue")) if element.get(shown)}
    links.seen(str((work.linked or {})["name"]), remote_total=decimal(total), **seen)
    if records.gone(element):
        settle(work.row, [gone_from_xero(name)])
    elif expected is None:
        outbox.move(work.row, "recorded")
    elif not total:
        what = Problem("total-not-shown", f"Xero shows {name} without its total", "Compare it in Xero; press Retry in an hour")
        settle(work.row, [what])
    elif decimal(total) == expected:
        outbox.move(work.row, "recorded")
    else:
        settle(work.row, [different_total(name, expected, total)])


def _expected(work: Work) -> Decimal | None:
    """What a linked record must amount to: what was sent (its marker says it), of an invoice or credit note what its step says; None where
    neither does."""
    if not work.again:
        return decimal(work.row["amount"])
    marker = json.loads((work.linked or {}).get("marker") or "{}")
    sent = marker.get("Amount") or marker.get("Total")
    return decimal(sent) if sent else None


def compared(member: Member, element: dict[str, Any]) -> Problem | None:
    """What Xero returned against what it must be; None where all agrees. What Xero does not show proves nothing."""
    sent, shown = (member.get("facts") or {}).get("Contact"), records.contact_id(element)
    if sent and shown and sent != shown:
        return Problem(
            "contact-in-xero-differs",
            f"{member['docname']} is in Xero with another contact than it was sent with",
            "Look at it in Xero: where the contacts were merged there, press Retry; else give it the right contact in Xero, then press Retry",
        )
    for figure, field in (("total", "Total"), ("tax", "TotalTax")):
        shown = records.money(element.get(field))
        if member[figure] is not None and shown and decimal(member[figure]) != decimal(shown):
            return different_total(f"The {figure} of {member['docname']}", member[figure], shown)
    return None
