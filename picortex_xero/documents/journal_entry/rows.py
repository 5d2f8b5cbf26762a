"""Classifies the rows of a Journal Entry as bank, party, tax or plain, by what the admin has mapped and by their accounts' types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal
from ..identity import INVOICE_DOCTYPES
from ..settlement.settlement import PAYMENT_ENTRY

BANK, PARTY, TAX, PLAIN = "bank", "party", "tax", "plain"
TRADE_PARTIES = ("Customer", "Supplier")
# The voucher types in which Payment Reconciliation applies a return.
CREDIT_APPLIED = ("Credit Note", "Debit Note")
DEPRECIATION_TYPES = ("Depreciation", "Accumulated Depreciation")
# In journals of these types ERPNext keeps the amounts in company currency and in the account's own apart, in company currency too
# (`JournalEntry.set_amounts_in_company_currency`, observed on ERPNext 15.71); in every other type the one follows from the other.
EXCHANGE_TYPES = ("Exchange Gain Or Loss", "Exchange Rate Revaluation")
OWN_AMOUNTS = ("debit_in_account_currency", "credit_in_account_currency")


@dataclass(frozen=True, eq=False)
class JournalRow:
    """A row with an amount. `amount` is in company currency and `own` in the account's `currency`, debits positive in both; either may be
    zero where the other is not. Two rows are never equal, even with the same values."""

    row: dict[str, Any]
    kind: str
    amount: Decimal
    own: Decimal
    currency: str

    @property
    def account(self) -> str:
        """The ERPNext account."""
        return str(self.row["account"])

    @property
    def settles(self) -> bool:
        """Whether the row refers to an invoice or bill."""
        return self.row.get("reference_type") in INVOICE_DOCTYPES and bool(self.row.get("reference_name"))

    @property
    def rate(self) -> Decimal:
        """Company currency per unit of the account's currency."""
        return decimal(self.row.get("exchange_rate")) or Decimal(1)


@dataclass(frozen=True)
class Journal:
    """A Journal Entry with its rows classified. The rows of its dict carry `account_type`, and `root_type` where tax is to be told from
    plain rows."""

    doc: dict[str, Any]
    legs: tuple[JournalRow, ...]
    mapping: Mapping

    def of(self, *kinds: str) -> list[JournalRow]:
        """The legs of these kinds, in the order of the rows."""
        return [leg for leg in self.legs if leg.kind in kinds]

    @property
    def banks(self) -> list[str]:
        """The bank and cash accounts, each once."""
        return list(dict.fromkeys(leg.account for leg in self.of(BANK)))

    @property
    def refund_matched(self) -> str:
        """The Payment Entry that Payment Reconciliation has matched with a return, as a refund of it, in a journal of two rows; "" where it is no such
        journal."""
        returns = [leg for leg in self.legs if leg.settles and leg.row.get("reference_is_return")]
        refunds = [leg for leg in self.legs if leg.row.get("reference_type") == PAYMENT_ENTRY]
        made = bool(self.doc.get("is_system_generated")) and self.doc.get("voucher_type") in CREDIT_APPLIED
        return (
            str(refunds[0].row["reference_name"])
            if made and len(returns) == len(refunds) == 1 and len(self.of(PARTY)) == len(self.legs) == 2
            else ""
        )

    @property
    def depreciates(self) -> bool:
        """Whether it books depreciation or a disposal, by its accounts, whether ERPNext's asset register made it or a person typed it."""
        return any(leg.row.get("account_type") in DEPRECIATION_TYPES or leg.row.get("reference_type") == "Asset" for leg in self.legs)


def read(doc: dict[str, Any], mapping: Mapping) -> Journal:
    """Classify the rows of a Journal Entry dict; rows without an amount are left out, but for money and parties' balances that move
    in their own currency alone."""
    legs = []
    for row in doc.get("accounts") or []:
        amount = decimal(row.get("debit")) - decimal(row.get("credit"))
        # Rows that a program made may leave the account's own currency out: then the account itself says it, else it is the company's.
        currency = row.get("account_currency") or mapping.host_currencies.get(row["account"]) or mapping.base_currency
        own = decimal(row.get(OWN_AMOUNTS[0])) - decimal(row.get(OWN_AMOUNTS[1]))
        kind = kind_of(row, mapping)
        if currency == mapping.base_currency and not (kind == PARTY and _worth_alone(doc, row)):
            own = amount
        if amount or (own and kind in (BANK, PARTY)):
            legs.append(JournalRow(row, kind, amount, own, currency))
    return Journal(doc, tuple(legs), mapping)


def _worth_alone(doc: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a party's row in company currency books an exchange difference all the same: ERPNext writes so for an invoice in another
    currency. Its amounts in the account's own currency are given, and zero."""
    given = [row.get(name) for name in OWN_AMOUNTS]
    apart = doc.get("voucher_type") in EXCHANGE_TYPES and bool(doc.get("multi_currency"))
    return apart and None not in given and all(decimal(each) == ZERO for each in given)


def kind_of(row: dict[str, Any], mapping: Mapping) -> str:
    """What a row's account counts as in Xero: bank, party, tax or plain. What an admin has mapped goes before the account's type: wages
    payable are a payable in ERPNext and an ordinary liability in Xero, and petty cash is a bank account in Xero only where it was mapped to
    one."""
    account, account_type = row["account"], row.get("account_type")
    mapped = account in mapping.accounts
    if account_type in ("Receivable", "Payable") and (row.get("party_type") in TRADE_PARTIES or not mapped):
        return PARTY
    if (account_type in ("Bank", "Cash") and not mapped) or (
        account in mapping.payment_accounts and (account_type in ("Bank", "Cash") or not mapped)
    ):
        return BANK
    if mapping.is_tax(account):
        return TAX
    return PLAIN
