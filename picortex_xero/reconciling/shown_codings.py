"""What the matching page shows of codings: as what a line would be entered, row by row; and of a line, whether anything is entered for it here at all."""

from __future__ import annotations

from typing import Any

from ..banking.payees import payee
from ..banking.values import PAYMENT_ENTRY, Coding, Proposal
from ..engine.screen_texts import in_words
from . import books, codings, entries, feeds
from .plan import CannotBeDone


def of_line(line: Any) -> dict[str, Any]:
    """`payee`: as it is remembered; `not_coded`: why nothing is entered for the line, "" where something may be."""
    why = feeds.why_not(str(line.company), str(line.bank_account)) if line.company else None
    return {"payee": payee(books.line(line, str(line.currency))), "not_coded": in_words(why) if why else ""}


def of_reading(reading: Proposal, line: Any) -> dict[str, Any]:
    """Of a reading that enters the line: its fields, its rows, and why it cannot be done as it is."""
    if reading.coding is None:
        return {}
    return {"what": in_words(codings.said(reading.coding)), "coding": codings.as_row(reading.coding), **rows_of(reading.coding, line)}


def rows_of(coding: Coding, line: Any) -> dict[str, Any]:
    """`rows`: accounts with their amounts in the company's currency; `refused`: why ERPNext could not follow it."""
    try:
        codings.check(coding, str(line.company))
        found = [] if coding.entry == PAYMENT_ENTRY else entries.rows(str(line.company), line, str(line.currency), coding)[0]
    except CannotBeDone as error:
        return {"rows": [], "refused": in_words(error.said), "can": False}
    return {
        "rows": [
            {"account": each.account, "amount": str(each.amount), "cost_center": each.cost_center, "is_tax": each.is_tax} for each in found
        ],
        "refused": "",
        "can": True,
    }
