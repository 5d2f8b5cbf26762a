"""The reports that are read, and the permission (OAuth scope) that each needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`name` as Xero calls the report; `type`: its ReportType and the last part of its address; `scope`: what the consent must give; `cash`: whether Xero makes it
    on the cash basis, too."""

    name: str
    type: str
    scope: str
    cash: bool = False

    @property
    def path(self) -> str:
        return f"Reports/{self.type}"


PROFIT_AND_LOSS = Kind("Profit and Loss", "ProfitAndLoss", "accounting.reports.profitandloss.read", True)
BALANCE_SHEET = Kind("Balance Sheet", "BalanceSheet", "accounting.reports.balancesheet.read", True)
TRIAL_BALANCE = Kind("Trial Balance", "TrialBalance", "accounting.reports.trialbalance.read", True)
BANK_SUMMARY = Kind("Bank Summary", "BankSummary", "accounting.reports.banksummary.read")
BUDGET = Kind("Budget Summary", "BudgetSummary", "accounting.reports.budgetsummary.read")
KINDS = {each.name: each for each in (PROFIT_AND_LOSS, BALANCE_SHEET, TRIAL_BALANCE, BANK_SUMMARY, BUDGET)}
# No report of Xero's: what is open, from the lists of documents, which every consent allows to read. Aged Receivables and Payables are made of it.
OPEN_ITEMS = Kind("Open Items", "", "")
ALL = {**KINDS, OPEN_ITEMS.name: OPEN_ITEMS}
