"""The accounts in Xero that take payments, with their currencies, as Xero's list has them."""

from __future__ import annotations

from typing import Any

from ..accounting.bank_problems import UNKNOWN
from ..accounting.mapping import IN_BOTH, PaymentAccount


class Banks:
    """The currencies of the Xero accounts that take payments: a bank account has its own, every other account is in the organisation's
    currency."""

    def __init__(self, accounts: list[dict[str, Any]], base: str) -> None:
        self.base = base
        self.known = {each["AccountID"]: each for each in accounts} | {each["Code"]: each for each in accounts if each["Code"]}

    def listed(self, code_or_id: str) -> PaymentAccount:
        """The account as Xero's list has it; its currency is unknown where the list lacks it or was never read."""
        found = self.known.get(code_or_id)
        if not found:
            return PaymentAccount(code_or_id, UNKNOWN)
        return PaymentAccount(found["AccountID"], found["CurrencyCode"] or self.base, found["Class"] or "")

    def checked(self, account_id: str, currency: str | None, entered: str | None = None) -> PaymentAccount:
        """The account as it was when it was chosen: Xero changes the currency of no account. An empty currency is the organisation's. `entered`: where its payments are."""
        listed = (self.known.get(account_id) or {}).get("Class") or ""
        return PaymentAccount(account_id, currency or self.base, listed, entered or IN_BOTH)
