"""Does what Xero has agree with what was sent? Compared once a record is known to be ours; what Xero does not show proves nothing."""

from __future__ import annotations

from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.agreement import different_total
from ..xero.records import elements as records
from .members import Member


def compared(member: Member, element: dict[str, Any]) -> Problem | None:
    """What Xero returned against what it must be; None where all agrees. What Xero does not show proves nothing."""
    sent, shown = (member.get("facts") or {}).get("Contact"), records.contact_id(element)
    if sent and shown and sent != shown:
        return Problem(
            "contact-in-xero-differs",
            _("{name} is in Xero with another contact than it was sent with").format(name=member["docname"]),
            _(
                "Look at it in Xero: where the contacts were merged there, press Retry; else give it the right contact in Xero, then press Retry"
            ),
        )
    for figure, field in (("total", "Total"), ("tax", "TotalTax")):
        shown = records.money(element.get(field))
        if member[figure] is not None and shown and decimal(member[figure]) != decimal(shown):
            what = _("The total of {name}") if figure == "total" else _("The tax of {name}")
            return different_total(what.format(name=member["docname"]), member[figure], shown)
    return None
