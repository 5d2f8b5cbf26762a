"""Comparing what Xero has with what was sent, once a record is linked. A figure that Xero does not show proves nothing."""

from __future__ import annotations

from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.compare_linked import different_total
from ..xero.records import xero_element
from .members import Member

OTHER_CONTACT = "contact-in-xero-differs"


def compared(member: Member, element: dict[str, Any]) -> Problem | None:
    """The problem where contact, total or tax in Xero differ from what was sent (in the document's currency); None where what Xero shows
    agrees."""
    sent, shown = (member.get("facts") or {}).get("Contact"), xero_element.contact_id(element)
    if sent and shown and sent != shown:
        return Problem(
            OTHER_CONTACT,
            _("{name} is in Xero with another contact than it was sent with").format(name=member["docname"]),
            _(
                "Look at it in Xero: where the contacts were merged there, press Retry; else give it the right contact in Xero, then press Retry"
            ),
        )
    for figure, field in (("total", "Total"), ("tax", "TotalTax")):
        shown = xero_element.money(element.get(field))
        if member[figure] is not None and shown and decimal(member[figure]) != decimal(shown):
            what = _("The total of {name}") if figure == "total" else _("The tax of {name}")
            return different_total(what.format(name=member["docname"]), member[figure], shown)
    return None
