"""What of ERPNext the rows are about: accounts with the groups they are in, bank accounts with their numbers, cost centres, and what documents wait
for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import frappe

from ..accounting import causes
from ..engine.screen_texts import shown
from ..suggestions.values import CostCentre, HostAccount
from . import usage

PARTY_TYPES = ("Receivable", "Payable")
MONEY_TYPES = ("Bank", "Cash")
FIELDS = [
    "name",
    "account_name",
    "account_number",
    "root_type",
    "account_type",
    "account_currency",
    "parent_account",
    "is_group",
    "disabled",
]
CAUSE = "Xero Step Cause"


@dataclass
class Books:
    """One company's masters as the rows need them."""

    connection: str
    company: str

    @cached_property
    def accounts(self) -> dict[str, HostAccount]:
        """Posting accounts that are in use, by name, also those that were disabled since documents of the last year named them: these documents are
        still sent. Without the accounts of customers and suppliers, which Xero books itself."""
        rows = {
            row["name"]: row for row in frappe.get_all("Account", filters={"company": self.company}, fields=FIELDS, order_by="name asc")
        }
        used = {*usage.accounts(self.company), *usage.paid(self.company), *usage.deducted(self.company)} | self._waiting_accounts()
        own = frappe.get_cached_value("Company", self.company, "default_currency") or ""
        numbers = self._bank_numbers()
        return {
            name: HostAccount(
                name,
                row["account_number"] or "",
                row["root_type"] or "",
                row["account_type"] or "",
                row["account_currency"] or own,
                tuple(_parents(row, rows)),
                row["account_name"] or "",
                numbers.get(name, ""),
            )
            for name, row in rows.items()
            if not row["is_group"] and (not row["disabled"] or name in used) and row["account_type"] not in PARTY_TYPES
        }

    @cached_property
    def centres(self) -> dict[str, CostCentre]:
        """Cost centres that documents may name, or of the last year do."""
        used = {*usage.centres(self.company), *self.waited_for.get(causes.TRACKING, ())}
        fields = ["name", "cost_center_name", "disabled"]
        rows = frappe.get_all("Cost Center", filters={"company": self.company, "is_group": 0}, fields=fields, order_by="name asc")
        return {
            row["name"]: CostCentre(row["name"], row["cost_center_name"] or "")
            for row in rows
            if not row["disabled"] or row["name"] in used
        }

    @cached_property
    def waited_for(self) -> dict[str, set[str]]:
        """What documents wait for now, by the kind of cause."""
        found: dict[str, set[str]] = {}
        for row in frappe.get_all(CAUSE, filters={"connection": self.connection}, fields=["kind", "cause_key"], distinct=True):
            found.setdefault(row["kind"], set()).add(shown(row["cause_key"]))
        return found

    def waits(self, kind: str, name: str) -> bool:
        """Whether documents wait for the mapping of this account or cost centre."""
        return name in self.waited_for.get(kind, ())

    def _waiting_accounts(self) -> set[str]:
        return set().union(*(self.waited_for.get(kind, ()) for kind in (causes.ACCOUNT, causes.PAYMENT_ACCOUNT, causes.DEDUCTION)))

    @cached_property
    def waiting_taxes(self) -> set[tuple[str, str]]:
        """(direction, tax) that documents wait for."""
        found = set()
        for key in self.waited_for.get(causes.TAX, ()):
            parts = causes.parts(causes.Cause(causes.TAX, key))
            if len(parts) == 2 and all(parts):
                found.add((parts[0], parts[1]))
        return found

    def _bank_numbers(self) -> dict[str, str]:
        rows: list[dict[str, Any]] = frappe.get_all(
            "Bank Account", filters={"company": self.company, "is_company_account": 1}, fields=["account", "iban", "bank_account_no"]
        )
        return {row["account"]: row["iban"] or row["bank_account_no"] or "" for row in rows if row["account"]}


def _parents(row: dict[str, Any], rows: dict[str, dict[str, Any]]) -> list[str]:
    """The groups an account is in, the nearest first; a chart that was damaged into a circle ends where it began."""
    found: list[str] = []
    above = row["parent_account"]
    while above and above in rows and above not in found:
        found.append(above)
        above = rows[above]["parent_account"]
    return found
