"""The reports of the host by name, each from what was chosen in it; and what Xero is asked where somebody wants those very days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from frappe.utils import cint

from ..reports import months, wanted
from ..reports.asked import Asked
from ..reports.kinds import BALANCE_SHEET, BANK_SUMMARY, BUDGET, OPEN_ITEMS, PROFIT_AND_LOSS, TRIAL_BALANCE, Kind
from . import aged, both_books, chosen, statements, tiles
from .chosen import Chosen
from .drawn import Drawn

BESIDE, DOCUMENTS = "ERPNext beside Xero", "Xero Account Documents"
Given = Mapping[str, Any]
_DRAWS: dict[str, Callable[[Chosen, Given], Drawn]] = {
    tiles.PROFIT: lambda of, _given: statements.profit_and_loss(of),
    tiles.BALANCE: lambda of, _given: statements.balance_sheet(of),
    tiles.TRIAL: lambda of, _given: statements.trial_balance(of),
    tiles.BANKS: lambda of, _given: statements.bank_summary(of),
    tiles.BUDGETED: lambda of, _given: statements.budget(of),
    tiles.RECEIVABLES: lambda of, given: aged.aged(of, True, given.get("by") != "Date", bool(cint(given.get("documents")))),
    tiles.PAYABLES: lambda of, given: aged.aged(of, False, given.get("by") != "Date", bool(cint(given.get("documents")))),
    BESIDE: lambda of, given: both_books.both(of, _balances(given)),
    DOCUMENTS: lambda of, given: both_books.documents(of, str(given.get("xero_account") or "")),
}
# What a report is made of.
_KINDS: dict[str, tuple[Kind, ...]] = {
    tiles.PROFIT: (PROFIT_AND_LOSS,),
    tiles.BALANCE: (BALANCE_SHEET,),
    tiles.TRIAL: (TRIAL_BALANCE,),
    tiles.BANKS: (BANK_SUMMARY,),
    tiles.BUDGETED: (BUDGET, PROFIT_AND_LOSS),
    tiles.RECEIVABLES: (OPEN_ITEMS,),
    tiles.PAYABLES: (OPEN_ITEMS,),
    DOCUMENTS: (PROFIT_AND_LOSS,),
}
NAMES = tuple(_DRAWS)


def execute(report: str, filters: Any) -> Any:
    """Columns, rows, a message and a chart of a report, from what was read; asks Xero nothing. Throws where the user may not see the company."""
    of = chosen.of(filters)
    return _DRAWS[report](of, filters).execute()


def asked(report: str, filters: Given) -> list[tuple[Kind, list[Asked]]]:
    """What Xero is asked for exactly what was chosen, by report of Xero's. Throws as `execute`."""
    of = chosen.of(filters)
    kinds = (BALANCE_SHEET if _balances(filters) else PROFIT_AND_LOSS,) if report == BESIDE else _KINDS[report]
    found = []
    for kind in kinds:
        spans = [(of.first, of.last)]
        if kind in (PROFIT_AND_LOSS, BALANCE_SHEET, BUDGET) and report in (tiles.PROFIT, tiles.BALANCE, tiles.BUDGETED):
            spans = [(each.first, each.last) for each in of.periods]
        first, last = min(each for each, _last in spans), max(each for _first, each in spans)
        if kind == BALANCE_SHEET and report == BESIDE:
            first = months.start(last)
        found.append((kind, list(wanted.of_days(kind, first, last, of.cash, of.category, of.option))))
    return found


def _balances(given: Given) -> bool:
    return given.get("figures") == "Balances"
