"""Comparing what Xero has with what was sent, once a record is linked. What Xero does not show proves nothing."""

from __future__ import annotations

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.compare_linked import different_lines, different_total, lines_not_shown, tax_differs
from ..xero.records import lines, xero_element
from .members import Member

OTHER_CONTACT = "contact-in-xero-differs"


def compared(member: Member, element: dict[str, object], called: Called = NOTHING_CALLED) -> Problem | None:
    """The problem where contact, tax, total or lines in Xero differ from what was sent (in the document's currency); None where what Xero
    shows agrees. `compare_linked.only_a_warning` tells which of them leave the step in Xero."""
    name, sent = member["docname"], (member.get("facts") or {}).get("Contact")
    shown = xero_element.contact_id(element)
    if sent and shown and sent != shown:
        return Problem(
            OTHER_CONTACT,
            _("{name} is in Xero with another contact than it was sent with").format(name=member["docname"]),
            _(
                "Look at it in Xero: where the contacts were merged there, press Retry; else give it the right contact in Xero, then press Retry"
            ),
        )
    tax, total = (xero_element.money(element.get(field)) for field in ("TotalTax", "Total"))
    more_tax, more = (
        decimal(shown) - decimal(sent) if sent is not None and shown else ZERO
        for sent, shown in ((member["tax"], tax), (member["total"], total))
    )
    if more_tax and more in (ZERO, more_tax):
        # The same amounts with another tax on top of them, or inside them.
        return tax_differs(name, member["tax"], tax)
    if more:
        return different_total(_("The total of {name}").format(name=name), member["total"], total)
    # Members that a former release sealed do not say what their lines were.
    found = lines.differences(member.get("lines") or [], element, member.get("amount_types") or "")
    if found is None:
        return lines_not_shown(name)
    return different_lines(name, found, xero_element.fold(element.get("Status") or member.get("status")), called) if found else None
