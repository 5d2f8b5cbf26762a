"""Payment Entry with an unallocated amount -> one RECEIVE-OVERPAYMENT or SPEND-OVERPAYMENT over the whole of it.

One line of the bank statement is one object in Xero; the invoices that it settles are allocations of it. It is created as a BankTransaction
without Reference, and the answer carries OverpaymentID beside BankTransactionID (Xero's developer documentation, Overpayments).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...accounting.currencies import too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimals, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ..identity import document_url
from ..translation import Translation
from .deductions import rows
from .payment_elements import bank_account, own_rate, reference_text
from .settlement import Settlement

BY_HAND = _(
    "In Xero, receive or spend the money on a clearing account; from there pay the invoices in their own currency, enter any fee that was kept, and enter the rest as an advance in the currency of the invoices, so that the clearing account is empty"
)


def overpayment(
    settlement: Settlement,
    mapping: Mapping,
    contact_id: str,
    site_url: str,
    instance: str,
    revision: int,
    currencies: dict[str, str] | None = None,
) -> Translation:
    """The BankTransaction element for a payment with an unallocated part. Raises Refused with all problems.

    `currencies` are those of the invoices it settles now, by name: an overpayment can be allocated in its own currency only.
    """
    bank, problems = bank_account(settlement, mapping)
    currency, amount = settlement.bank_side.currency, settlement.bank_amount
    problems += one_currency(settlement, currency, currencies or {})
    problems += not_with_an_advance(settlement)
    rate = own_rate(settlement, mapping)
    problems += rate.problems if rate else []
    if decimals(amount) > 2 or any(decimals(part.allocated) > 2 for part in settlement.parts):
        problems.append(
            too_many_decimals(_("{name} has amounts with more than two decimals; Xero keeps two").format(name=settlement.name), currency)
        )
    if problems or bank is None:
        raise Refused(problems)
    description = reference_text(settlement)
    body: dict[str, Any] = {
        "Type": f"{settlement.spend_or_receive}-OVERPAYMENT",
        "Contact": {"ContactID": contact_id},
        "BankAccount": {"AccountID": bank.account_id},
        "Date": settlement.posting_date,
        "LineAmountTypes": "NoTax",
        "LineItems": [{"Description": description, "LineAmount": plain(amount)}],
    }
    if rate:
        body |= {"CurrencyCode": currency, "CurrencyRate": rate.rate}
    made = advance_of(body, amount, None, document_url(site_url, instance, settlement.who, revision))
    return replace(made, said=rate.said if rate else ())


def advance_of(body: dict[str, Any], amount: Decimal, tax: Decimal | None, url: str) -> Translation:
    """An over- or prepayment from its BankTransaction element: what finds it again in Xero, where it has no Reference, is its Url, and what else it
    says. `amount` is in the bank account's currency, `tax` inside it."""
    marker = {
        "Type": body["Type"],
        "ContactID": body["Contact"]["ContactID"],
        "Account": body["BankAccount"]["AccountID"],
        "Date": body["Date"],
        "Total": amount,
        "Description": body["LineItems"][0]["Description"],
    }
    if url:
        body["Url"] = marker["Url"] = url
    return Translation(body, marker, amount, tax)


def one_currency(settlement: Settlement, currency: str, currencies: dict[str, str]) -> list[Problem]:
    """An advance is sent only where bank, party account and invoices (`currencies` by name) have one currency."""
    found = []
    if settlement.party_side.currency != currency:
        found.append(
            Problem(
                "overpayment-two-currencies",
                _("{name} has an unallocated part, and {currency} of the party are {bank_currency} at the bank").format(
                    name=settlement.name, currency=settlement.party_side.currency, bank_currency=currency
                ),
                BY_HAND,
                held=True,
            )
        )
    found += [
        Problem(
            "overpayment-other-currency",
            _("{name} is in {currency} with an unallocated part, the invoice {invoice} it settles is in {other}").format(
                name=settlement.name, currency=currency, invoice=name, other=other
            ),
            BY_HAND,
            held=True,
        )
        for name, other in currencies.items()
        if other != currency
    ]
    return found


def not_with_an_advance(settlement: Settlement) -> list[Problem]:
    """Why an advance with a deduction or a return among its references is held: Xero's advance is what the bank moved, while ERPNext
    credits the party with more or less. (A payment becomes an advance when its invoice is cancelled or unreconciled.)"""
    netted = any(part.allocated < ZERO for part in settlement.parts)
    cases = [
        (rows(settlement), "deduction-and-advance", _("{name} is an advance with a deduction; Xero has no one way to show that")),
        (netted, "netting-and-advance", _("{name} is an advance that also nets a credit note; Xero has no one way to show that")),
    ]
    resolution = _("Enter it here as separate payments, or in Xero by hand as the accountant wants it")
    return [Problem(code, says.format(name=settlement.name), resolution, held=True) for applies, code, says in cases if applies]
