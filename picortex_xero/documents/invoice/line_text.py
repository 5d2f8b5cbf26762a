"""What a line of an invoice says: the item's name, and what was typed about it where that says something else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.money import plain
from ...accounting.plain_text import Sent, from_html, of_lines
from .line_builder import DESCRIPTION_LIMIT

CUT = "…"


def line_text(item: dict[str, Any], quantity: str = "") -> Sent:
    """The Description of an item's line. ERPNext fills an item row's `description`, HTML, from the item's own one, and people type over it.
    `quantity` follows the name."""
    typed = from_html(item.get("description"))
    name = next((text for text in (of_lines(item.get("item_name")), of_lines(item.get("item_code")), typed) if text), Sent("Item"))
    begins, rest = _plain(typed), _plain(name)
    if begins == rest or not typed:
        return limited(f"{name}{quantity}")
    if begins.startswith(rest) and not begins[len(rest)].isalnum():
        return limited(f"{typed}{quantity}")
    return limited(f"{name}{quantity}\n{typed}")


def limited(text: str) -> Sent:
    """A text that is cleaned already, cut to what Xero takes."""
    return Sent(text if len(text) <= DESCRIPTION_LIMIT else text[: DESCRIPTION_LIMIT - 1].rstrip() + CUT)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def charge_line(row: dict[str, Any], amount: Decimal) -> dict[str, Any]:
    """The body of the line of a charge, a row among the document's taxes, over `amount`; without account and tax."""
    text = limited(of_lines(row.get("description")) or of_lines(row["account_head"]))
    return {"Description": text, "Quantity": Decimal(1), "UnitAmount": plain(amount)}
