"""Does what Xero has agree with what was sent? Compared once a record is known to be ours; what Xero does not show proves nothing."""

from __future__ import annotations

from typing import Any

from ..core import records
from ..core.money import decimal
from ..core.problems import Problem
from .attempts import Attempt
from .members import Member
from .work import different_total


def compared_again(attempt: Attempt, member: Member, element: dict[str, Any]) -> Problem | None:
    """What is wrong with a record that was found to be the member's after all; None where all agrees."""
    return None if attempt.kind.undo or attempt.kind.extra else compared(member, element, True)


def several_in_xero(name: str, count: int) -> Problem:
    """Xero has more than one record of one document."""
    return Problem(
        "several-in-xero",
        f"Xero has {count} records for {name}",
        "Void the ones that are too many in Xero (not the one shown here), then press Retry",
    )


def compared(member: Member, element: dict[str, Any], ours: bool) -> Problem | None:
    """What Xero returned against what it must be; None where all agrees. What Xero does not show proves nothing."""
    if not ours:
        return Problem(
            "link-conflict",
            f"Xero's record for {member['docname']} already belongs to another document here",
            "Look at both documents in Xero; void the one that is too many",
        )
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
