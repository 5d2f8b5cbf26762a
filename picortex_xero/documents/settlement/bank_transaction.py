"""Money out of or into a bank account that settles no document -> BankTransaction of type SPEND or RECEIVE.

Shared by fees, transfers between currencies and journals. Its currency is the bank account's own and cannot be set; Reference exists for
these two types only (both from Xero's developer documentation, Bank Transactions).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ...accounting.currencies import too_many_decimals
from ...accounting.exchange import Converted
from ...accounting.mapping import PaymentAccount
from ...accounting.money import ZERO, decimals, plain
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from ..invoice.line_builder import DESCRIPTION_LIMIT
from ..translation import Translation
from .settlement import SpendOrReceive

Amounts = Literal["Inclusive", "Exclusive", "NoTax"]


@dataclass(frozen=True)
class BankLine:
    """One line: `amount` in the bank account's currency, negative where it takes off the others. Inclusive: tax is inside it where there is
    any; Exclusive: it comes on top.

    `tracking` is (category, option). `tax` is ERPNext's own figure where it has one; it is sent only where Xero's would differ.
    """

    description: str
    amount: Decimal
    account_code: str
    tax_type: TaxType
    tracking: tuple[str, str] | None = None
    tax: Decimal | None = None


def bank_transaction(
    what: SpendOrReceive,
    contact_id: str,
    bank: PaymentAccount,
    date: str,
    reference: str,
    lines: list[BankLine],
    amount_types: Amounts,
    rate: Converted | None = None,
    url: str = "",
) -> Translation:
    """The BankTransaction element; its total is the sum of the lines' amounts, and of their taxes where those come on top.

    `date` is yyyy-mm-dd; `rate` is None where the bank account is in company currency. Marker: Type,
    Account, Date, Total, Reference, and Url where there is one. Raises Refused where Xero could not keep the figures.
    """
    tax = ZERO if amount_types == "NoTax" else _tax(lines, amount_types)
    total = sum((line.amount for line in lines), ZERO) + ((tax or ZERO) if amount_types == "Exclusive" else ZERO)
    if problems := _problems(reference, lines, total, bank.currency) + (rate.problems if rate else []):
        raise Refused(problems)
    body: dict[str, Any] = {
        "Type": what,
        "Contact": {"ContactID": contact_id},
        "BankAccount": {"AccountID": bank.account_id},
        "Date": date,
        "Reference": reference,
        "LineAmountTypes": amount_types,
        "LineItems": [_item(line, amount_types) for line in lines],
    }
    if rate:
        body["CurrencyRate"] = rate.rate
    marker = {"Type": what, "Account": bank.account_id, "Date": date, "Total": total, "Reference": reference}
    if url:
        body["Url"] = marker["Url"] = url
    return Translation(body, marker, total, tax, said=rate.said if rate else ())


def _item(line: BankLine, amount_types: Amounts) -> dict[str, Any]:
    body: dict[str, Any] = {
        "Description": line.description[:DESCRIPTION_LIMIT],
        "Quantity": Decimal(1),
        "UnitAmount": plain(line.amount),
        "AccountCode": line.account_code,
        "TaxType": line.tax_type.code,
    }
    if amount_types != "NoTax" and line.tax is not None and line.tax != _own_tax(line, amount_types):
        body["TaxAmount"] = plain(line.tax)
    if line.tracking:
        body["Tracking"] = [{"Name": line.tracking[0], "Option": line.tracking[1]}]
    return body


def _own_tax(line: BankLine, amount_types: Amounts) -> Decimal | None:
    """The tax that Xero will compute for the line; None while its rate was never read from Xero."""
    return None if line.tax_type.shown is None else line_tax(line.amount, line.tax_type.shown, amount_types == "Inclusive")


def _tax(lines: list[BankLine], amount_types: Amounts) -> Decimal | None:
    """The total tax that Xero will show; None while the rate of one of the tax types was never read from Xero."""
    parts = [_own_tax(line, amount_types) if line.tax is None else line.tax for line in lines]
    known = [part for part in parts if part is not None]
    return sum(known, ZERO) if len(known) == len(parts) else None


def _problems(reference: str, lines: list[BankLine], total: Decimal, currency: str) -> list[Problem]:
    found = []
    if any(decimals(line.amount) > 2 for line in lines):
        found.append(
            too_many_decimals(
                _("{reference} has amounts with more than two decimals; Xero keeps two").format(reference=reference), currency
            )
        )
    if total <= ZERO:
        # Xero turns away a negative spend; whoever builds the lines chooses the type by the sign.
        found.append(
            Problem(
                "bank-amount-not-positive",
                _("{reference} moves {total}, which is no amount of money").format(reference=reference, total=total),
                _("Correct the document and amend it"),
            )
        )
    return found
