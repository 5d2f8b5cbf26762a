"""Does what Xero has agree with what was sent? Compared once a record is known to be ours; what Xero does not show proves nothing."""

from __future__ import annotations

from typing import Any

from ..core import records
from ..core.money import decimal
from ..core.problems import Problem
from . import links, outbox
from .members import Member
from .work import Work, different_total, gone_from_xero, not_in_xero, settle


def looked_at_again(work: Work, element: dict[str, Any] | None) -> None:
    """Settle a step whose record is linked already by what Xero shows of that record now (None where it has none): its status, its total.
    Part of the caller's transaction."""
    name = work.doc["name"]
    if element is None:
        settle(work.row, [not_in_xero(name)])
        return
    total, expected = records.money(element.get("Total")), decimal(work.row["amount"])
    seen = {field: element[shown] for field, shown in (("remote_status", "Status"), ("remote_amount_due", "AmountDue")) if element.get(shown)}
    links.seen(str((work.linked or {})["name"]), remote_total=decimal(total), **seen)
    if records.gone(element):
        settle(work.row, [gone_from_xero(name)])
    elif not total:
        what = Problem("total-not-shown", f"Xero shows {name} without its total", "Compare it in Xero; press Retry in an hour")
        settle(work.row, [what])
    elif decimal(total) == expected:
        outbox.move(work.row, "recorded")
    else:
        settle(work.row, [different_total(name, expected, total)])


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
