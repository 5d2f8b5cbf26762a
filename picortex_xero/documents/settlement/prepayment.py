"""Payment Entry for an order, with tax of its own, or on an account for advances -> RECEIVE-PREPAYMENT or SPEND-PREPAYMENT.

In Xero an overpayment stays on receivables or payables; a prepayment is coded to an account and may carry tax until it is allocated to the
invoice. The account is the one mapped from ERPNext's own account for advances, where the company keeps one, else the one that the admin
chose on the Xero Connection.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...accounting.currencies import rounded_to, too_many_decimals
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimals, plain
from ...accounting.problems import Problem, Refused
from ...accounting.rounding import line_tax
from ...accounting.tax import TaxLine
from ...accounting.tax_types import TaxType
from ...accounting.texts import _
from ..identity import document_url
from ..translation import Translation
from .breakdown import unallocated
from .overpayment import advance_of, not_with_an_advance, one_currency
from .payment_elements import bank_account, own_rate, reference_text
from .settlement import ORDERS, Settlement


def is_prepayment(settlement: Settlement) -> bool:
    """Whether an advance is coded to an account of its own in Xero."""
    if not settlement.forward:
        return False
    ordered = any(part.doctype in ORDERS for part in settlement.parts)
    on_own_account = settlement.advance_account and bool(unallocated(settlement))
    return ordered or on_own_account or bool(settlement.taxes)


def prepayment(
    settlement: Settlement, mapping: Mapping, contact_id: str, site_url: str, instance: str, revision: int, currencies: dict[str, str]
) -> Translation:
    """The BankTransaction element over the whole of the payment. `currencies` are those of the invoices it settles now, by name.

    Raises Refused with all problems.
    """
    bank, problems = bank_account(settlement, mapping)
    currency, amount = settlement.bank_side.currency, settlement.bank_amount
    problems += one_currency(settlement, currency, currencies)
    code, tax_type, tax = _account(settlement, mapping), _tax_type(settlement, mapping), _tax(settlement)
    problems += [each for each in (code, tax_type, tax) if isinstance(each, Problem)]
    rate = own_rate(settlement, mapping)
    problems += [*not_with_an_advance(settlement), *_precision(settlement, amount), *(rate.problems if rate else [])]
    if bank is None or isinstance(code, Problem) or isinstance(tax_type, Problem) or isinstance(tax, Problem) or problems:
        raise Refused(problems)
    own = line_tax(amount, tax_type.shown or ZERO, True)
    if wrong := _tax_differs(settlement, tax, own, tax_type):
        raise Refused([wrong])
    # Reference is read-only on a prepayment (Xero's developer documentation, Prepayments): the line says what it is.
    description = reference_text(settlement)
    line = {"Description": description, "Quantity": Decimal(1), "UnitAmount": plain(amount), "AccountCode": code, "TaxType": tax_type.code}
    body: dict[str, Any] = {
        "Type": f"{settlement.spend_or_receive}-PREPAYMENT",
        "Contact": {"ContactID": contact_id},
        "BankAccount": {"AccountID": bank.account_id},
        "Date": settlement.posting_date,
        "LineAmountTypes": "Inclusive" if settlement.taxes else "NoTax",
        "LineItems": [{**line, "TaxAmount": plain(tax)} if tax != own else line],
    }
    if rate:
        body["CurrencyRate"] = rate.rate
    made = advance_of(body, amount, tax, document_url(site_url, instance, settlement.who, revision))
    return replace(made, said=rate.said if rate else ())


def _account(settlement: Settlement, mapping: Mapping) -> str | Problem:
    """The account an advance is booked on until it is invoiced."""
    if settlement.advance_account:
        return mapping.account(settlement.party_side.account, "advance")
    sales = settlement.party_type == "Customer"
    if code := mapping.advance_accounts.get("Sales" if sales else "Purchases"):
        return code
    if sales:
        what = _("{name} is an advance for an order or with tax of its own, and no account is chosen for advances of customers")
        resolution = _(
            "Choose the Account for Advances of Customers on the Xero Connection and press Retry, or wait until it is invoiced here"
        )
    else:
        what = _("{name} is an advance for an order or with tax of its own, and no account is chosen for advances of suppliers")
        resolution = _(
            "Choose the Account for Advances of Suppliers on the Xero Connection and press Retry, or wait until it is invoiced here"
        )
    return Problem(
        "advance-account-missing",
        what.format(name=settlement.name),
        resolution,
        held=True,
    )


def _tax_type(settlement: Settlement, mapping: Mapping) -> TaxType | Problem:
    rows = settlement.taxes
    if not rows:
        return mapping.no_tax()
    key = TaxLine(ZERO, parts=[(row.account, row.rate) for row in rows]).tax_key
    found = mapping.tax("Sales" if settlement.party_type == "Customer" else "Purchases", key, "")
    if isinstance(found, TaxType) and found.shown is None:
        return Problem(
            "tax-rate-unknown",
            _("The rate of Xero's tax type {code} was never read").format(code=found.called),
            _("Press Refresh From Xero on the Xero Connection, then press Retry"),
        )
    return found


def _tax(settlement: Settlement) -> Decimal | Problem:
    """The tax inside the payment; only tax that is part of what was paid can be shown."""
    if any(not row.inside or row.withheld for row in settlement.taxes):
        return Problem(
            "advance-tax-not-inside",
            _("{name} has tax that is not part of the amount paid, or is withheld from it").format(name=settlement.name),
            _("Enter it in Xero by hand as a prepayment with the tax the accountant wants, and the withheld part on its liability account"),
            held=True,
        )
    return sum((row.amount for row in settlement.taxes), ZERO)


def _tax_differs(settlement: Settlement, tax: Decimal, own: Decimal, tax_type: TaxType) -> Problem | None:
    unit = rounded_to(settlement.bank_side.currency, [settlement.bank_amount, tax])
    if not settlement.taxes or abs(tax - own) <= unit * len(settlement.taxes):
        return None
    return Problem(
        "tax-differs",
        _("{name} has {tax} tax in it, but Xero's {code} ({rate} %) makes it {own}").format(
            name=settlement.name, tax=plain(tax), code=tax_type.known_as, rate=f"{plain(tax_type.shown or ZERO):f}", own=plain(own)
        ),
        _("Map the tax of the payment to the Xero tax type with the same rate, then press Retry"),
    )


def _precision(settlement: Settlement, amount: Decimal) -> list[Problem]:
    if decimals(amount) <= 2 and all(decimals(part.allocated) <= 2 for part in settlement.parts):
        return []
    return [
        too_many_decimals(
            _("{name} has amounts with more than two decimals; Xero keeps two").format(name=settlement.name),
            settlement.bank_side.currency,
            settlement.party_side.currency,
        )
    ]
