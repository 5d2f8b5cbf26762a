"""Sorts a payment's deductions into fees, write-offs and discounts, with the tax in them and the choice made under Xero Deduction Mapping.

ERPNext keeps deductions in company currency, positive where money is missing from a receipt and negative where a bill was paid short.
Exchange differences among them are left out: Xero computes and books its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ...accounting import causes
from ...accounting.currencies import rounded_to
from ...accounting.mapping import DeductionChoice, Mapping
from ...accounting.money import ZERO, nearest, plain
from ...accounting.problems import Problem
from ...accounting.rounding import line_tax
from ...accounting.tax_types import TaxType
from ...accounting.terms import inside
from ...accounting.texts import _
from .settlement import DeductionRow, Settlement

JOURNAL = "Journal Entry"
AS_FEE, AS_CREDIT_NOTE, AS_HOLD = "Fee", "Credit note", "Hold"


@dataclass(frozen=True)
class Deduction:
    """All that was deducted on one account: `gross` in company currency and positive, `tax` the part of it on tax accounts (None where
    ERPNext booked none: then the tax type chosen decides)."""

    account: str
    gross: Decimal
    choice: DeductionChoice
    description: str = ""
    cost_center: str = ""
    tax: Decimal | None = None


@dataclass(frozen=True)
class Deductions:
    """`short`: the bank moved less than was settled, as with a fee kept back; else it moved more, as with a fee on top."""

    short: bool
    each: list[Deduction]
    problems: list[Problem]

    def chosen(self, treatment: str) -> list[Deduction]:
        """The deductions with this treatment (a choice of Xero Deduction Mapping)."""
        return [deduction for deduction in self.each if deduction.choice.treatment == treatment]


def rows(settlement: Settlement) -> list[DeductionRow]:
    """The deductions that are no exchange difference."""
    return [row for row in settlement.deductions if row.amount and not row.exchange]


def missing(settlement: Settlement) -> Decimal:
    """How much less the bank moved than was settled, in company currency; negative where it moved more."""
    total = sum((row.amount for row in rows(settlement)), ZERO)
    return total if settlement.receives else -total


def deductions(settlement: Settlement, mapping: Mapping) -> Deductions:
    """The deductions of a settlement with a customer or supplier, with all that stands in the way of their treatment."""
    sign = 1 if settlement.receives else -1
    sums: dict[str, Decimal] = {}
    for row in rows(settlement):
        sums[row.account] = sums.get(row.account, ZERO) + sign * row.amount
    sums = {account: amount for account, amount in sums.items() if amount}
    taxes = [account for account in sums if account not in mapping.deductions and mapping.is_tax(account)]
    others = [account for account in sums if account not in taxes]
    problems = [
        problem for account in others if (problem := _unusable(settlement, account, mapping.deductions.get(account), mapping.base_currency))
    ]
    problems += _shape(settlement, list(sums.values()), taxes, others)
    if problems:
        return Deductions(True, [], problems)
    tax = sum((sums[account] for account in taxes), ZERO) if taxes else None
    each = [_deduction(settlement, account, sums[account], tax, mapping.deductions[account]) for account in others]
    short = all(amount > ZERO for amount in sums.values())
    return Deductions(short, each, _without_tax_here(settlement, each) or ([] if short else _on_top(settlement, each)))


def _without_tax_here(settlement: Settlement, each: list[Deduction]) -> list[Problem]:
    """A fee or cost beside the money of a journal, without a row for tax: a journal has such a row wherever there is tax, unlike a payment's
    deductions, so that nothing is claimed that it does not book."""
    return [
        Problem(
            "deduction-without-tax",
            _("{name} books no tax on {account}, and {code}, chosen for that account, would claim some").format(
                name=settlement.name, account=deduction.account, code=deduction.choice.tax_type.called
            ),
            _(
                "Where there is tax in it, cancel it here and enter it again with a row for the tax. Where there is none, choose a tax type without tax for {account} under Fees, discounts and write-offs in Mapping, or book it on an account of its own that has such a choice; then press Retry"
            ).format(account=deduction.account),
            held=True,
            causes=(causes.deduction(deduction.account),),
        )
        for deduction in each
        if settlement.who.doctype == JOURNAL
        and deduction.choice.treatment == AS_FEE
        and deduction.tax is None
        and deduction.choice.tax_type
        and deduction.choice.tax_type.shown
    ]


def _deduction(settlement: Settlement, account: str, amount: Decimal, tax: Decimal | None, choice: DeductionChoice) -> Deduction:
    mine = [row for row in rows(settlement) if row.account == account]
    said = list(dict.fromkeys(row.description for row in mine if row.description))
    cost_center = next((row.cost_center for row in mine if row.cost_center), "")
    gross = abs(amount + (tax or ZERO))
    return Deduction(account, gross, choice, "; ".join(said) or account, cost_center, None if tax is None else abs(tax))


def _unusable(settlement: Settlement, account: str, choice: DeductionChoice | None, base: str) -> Problem | None:
    """Why nothing can be done with a deduction's account; None where it can."""
    if choice is None:
        return Problem(
            "deduction-unmapped",
            _("{name} has a deduction on {account}, and nobody has chosen yet what that is in Xero").format(
                name=settlement.name, account=account
            ),
            _(
                "Choose for {account} under Fees, discounts and write-offs in Mapping: a fee, a credit note, or to be held; then press Retry"
            ).format(account=account),
            held=True,
            causes=(causes.deduction(account),),
        )
    if choice.treatment == AS_HOLD:
        return Problem(
            "deduction-held",
            _("{name} has a deduction on {account}, which is held by choice (Mapping, Fees, discounts and write-offs)").format(
                name=settlement.name, account=account
            ),
            _("Change the choice for {account} and press Retry, or enter the payment in Xero by hand as the accountant wants it").format(
                account=account
            ),
            held=True,
            causes=(causes.deduction(account),),
        )
    if choice.tax_type is None or (choice.treatment == AS_FEE and choice.clearing is None):
        return Problem(
            "deduction-incomplete",
            _("The choice for {account}, which {name} has a deduction on, lacks its tax type or clearing account").format(
                account=account, name=settlement.name
            ),
            _("Complete {account} under Fees, discounts and write-offs in Mapping, then press Retry").format(account=account),
            causes=(causes.deduction(account),),
        )
    if choice.treatment == AS_FEE and choice.clearing and choice.clearing.currency not in ("", base):
        return Problem(
            "deduction-clearing-currency",
            _("The clearing account of {account}, which {name} has a deduction on, is not in {base}, the currency of the books").format(
                account=account, name=settlement.name, base=base
            ),
            _(
                "Choose a bank account of Xero in {base} for {account} under Fees, discounts and write-offs in Mapping, then press Retry"
            ).format(base=base, account=account),
            causes=(causes.deduction(account),),
        )
    return None


def _shape(settlement: Settlement, amounts: list[Decimal], taxes: list[str], others: list[str]) -> list[Problem]:
    """Combinations of deductions whose meaning is not certain."""
    found = []
    if any(amount > ZERO for amount in amounts) and any(amount < ZERO for amount in amounts):
        found.append(
            Problem(
                "deduction-mixed",
                _("{name} has deductions of both signs: money missing on one account and too much of it on another").format(
                    name=settlement.name
                ),
                _("Enter it here as two payments, or enter the payment in Xero by hand as the accountant wants it"),
                held=True,
            )
        )
    if taxes and len(others) != 1:
        found.append(
            Problem(
                "deduction-tax-unclear",
                _("{name} has a deduction on the tax account {tax}, and it is not clear which other deduction it is the tax of").format(
                    name=settlement.name, tax=taxes[0]
                ),
                _("Enter it here as one payment for each, or enter the payment in Xero by hand as the accountant wants it"),
                held=True,
            )
        )
    return found


def _on_top(settlement: Settlement, each: list[Deduction]) -> list[Problem]:
    """More money moved than was settled: a fee or a gain can be spent or received beside it, but there is no write-off to credit."""
    return [
        Problem(
            "deduction-not-short",
            _("{name} moved more money than it settles, so that a credit note for {account} would be wrong").format(
                name=settlement.name, account=deduction.account
            ),
            _(
                "Enter the payment in Xero by hand as the accountant wants it. Or deduct it here on an account of its own with Fee as its choice under Fees, discounts and write-offs in Mapping: with Fee for {account} itself, every later write-off on it would be sent as money spent, without its tax"
            ).format(account=deduction.account),
            held=True,
        )
        for deduction in each
        if deduction.choice.treatment == AS_CREDIT_NOTE
    ]


def booked_on(settlement: Settlement, mapping: Mapping, deduction: Deduction, tax_type: TaxType | None = None) -> tuple[str, list[Problem]]:
    """The Xero account of a deduction, and why Xero would not take it there with its tax type (the one chosen where none is given), by its
    lists as last read."""
    chosen = tax_type is None or tax_type == deduction.choice.tax_type
    code, tax_type = mapping.account(deduction.account, "deduction"), tax_type or deduction.choice.tax_type
    if isinstance(code, Problem):
        return "", [code]
    if tax_type and (changed := mapping.rate_changed(tax_type.code)):
        return code, [changed]
    account_class = mapping.xero_classes.get(code)
    if tax_type is None or (tax_type.active and (tax_type.classes is None or account_class is None or account_class in tax_type.classes)):
        return code, []
    known = {"name": settlement.name, "account": deduction.account, "code": tax_type.called}
    if tax_type.active and account_class:
        why = _(
            "{name} has a deduction on {account}, and Xero does not take the tax type {code} on its account {xero_account} ({account_class})"
        ).format(**known, xero_account=mapping.called.account(code), account_class=inside(account_class))
    else:
        why = _("{name} has a deduction on {account}, and Xero does not take the tax type {code} any more").format(**known)
    cure = (
        _(
            "Choose another tax type for {account} under Fees, discounts and write-offs in Mapping, or another account for it under Accounts in Mapping"
        ).format(account=deduction.account)
        if chosen
        else _(
            "It is the tax type of what is settled. Choose for {account} under Accounts in Mapping an account on which Xero takes it; or, if no tax is to be taken back, a tax type without tax for {account} under Fees, discounts and write-offs in Mapping. Where {account} serves customers and suppliers alike, cancel {name} here and enter it with another account for the one side"
        ).format(account=deduction.account, name=settlement.name)
    )
    return code, [Problem("deduction-tax-refused", why, cure)]


def tax_booked(deduction: Deduction, amount: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The tax that ERPNext booked in a deduction, of which `amount` is sent in `currency`; and what it is rounded to."""
    booked = deduction.tax or ZERO
    unit = rounded_to(currency, [amount, *([booked] if amount == deduction.gross else [])])
    return nearest(booked * amount / deduction.gross, unit), unit


def tax_inside(settlement: Settlement, deduction: Deduction, amount: Decimal, currency: str = "") -> tuple[Decimal | None, list[Problem]]:
    """The tax inside `amount` of a deduction: ERPNext's where it booked one, else what the chosen type makes of it (None while its rate
    was never read from Xero). `amount` is `gross`, in whatever `currency` it is sent."""
    tax_type = deduction.choice.tax_type
    own = line_tax(amount, tax_type.shown, True) if tax_type and tax_type.shown is not None else None
    if deduction.tax is None:
        return own, []
    wanted, unit = tax_booked(deduction, amount, currency)
    if own is not None and abs(own - wanted) <= unit and bool(tax_type and tax_type.shown) is bool(wanted):
        return wanted, []
    return None, [tax_differs(settlement, deduction, wanted, own)]


def tax_differs(settlement: Settlement, deduction: Deduction, wanted: Decimal, own: Decimal | None = None) -> Problem:
    """The tax that ERPNext booked in a deduction (`wanted`) is neither what the type chosen makes of it (`own`, where its rate is known) nor
    what the documents that bear it had."""
    known, tax_type = {"name": settlement.name, "wanted": plain(wanted), "account": deduction.account}, deduction.choice.tax_type
    if tax_type and tax_type.shown is not None and own is None:
        differs = _("{name} has {wanted} tax in its deduction on {account}, more than what it is taken off had at that rate").format(
            **known
        )
    elif tax_type and own is not None:
        differs = _("{name} has {wanted} tax in its deduction on {account}, but Xero's {code} makes it {own}").format(
            **known, code=tax_type.called, own=plain(own)
        )
    else:
        differs = _(
            "{name} has {wanted} tax in its deduction on {account}; the rate of the tax type chosen for it was never read from Xero"
        ).format(**known)
    resolution = _(
        "Choose for {account} under Fees, discounts and write-offs in Mapping the tax type with the rate of the invoice, then press Retry"
    )
    if tax_type and tax_type.shown is not None and own is None:
        resolution = _(
            "Correct the tax of the deduction on {account} here and amend it; or enter the payment in Xero by hand as the accountant wants it"
        )
    return Problem("deduction-tax-differs", differs, resolution.format(account=deduction.account))


def untaxed_discounts(settlement: Settlement, credits: list[Deduction], untaxed: list[str]) -> list[Problem]:
    """Why a discount on these `untaxed` invoices cannot have the tax type chosen for its account: there is no tax to take back, and the
    tax return would be wrong by it. Tax that ERPNext itself booked on the deduction stands."""
    return [
        Problem(
            "deduction-of-untaxed",
            _("{name} takes {account} off {untaxed}, without tax, and {code}, chosen for {account}, would take tax back").format(
                name=settlement.name, account=deduction.account, untaxed=", ".join(untaxed), code=deduction.choice.tax_type.called
            ),
            _(
                "In Xero enter the payment by hand, and a credit note for the rest with the tax type of the invoice, allocated to it; or deduct it here on an account of its own whose choice under Fees, discounts and write-offs in Mapping is without tax"
            ),
            held=True,
        )
        for deduction in credits
        if untaxed and deduction.tax is None and deduction.choice.tax_type and deduction.choice.tax_type.shown
    ]
