"""The tax in a settlement discount or write-off: as the documents that bear it have it, by tax type, and never more than they had.

That tax is taken back at all is the accountant's choice for the account (Xero Deduction Mapping): a choice without tax takes none back. What
ERPNext itself booked as the tax of a deduction stands, as long as these documents explain it.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import replace
from decimal import Decimal

from ...accounting import causes
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO
from ...accounting.own_tax import TypedAmount, added_up, taken_off
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ..identity import INVOICE_DOCTYPES
from ..invoice.booked import needs_of_own_tax, own_tax
from ..needs import NOTHING, Facts, Needs
from .breakdown import Breakdown
from .deductions import Deduction, rows, tax_booked, tax_differs, tax_inside, untaxed_discounts
from .settlement import Settlement, settled

# The amounts by tax type of the documents that are settled, by their place among the parts of the breakdown.
OwnTax = Dict[int, list[TypedAmount]]


def needs_of_own_taxes(settlement: Settlement, facts: Facts) -> Needs:
    """The facts that `own_taxes` reads; none where nothing is deducted."""
    if not rows(settlement):
        return NOTHING
    parts = [(part.doctype, part.name) for part in settled(settlement) if part.doctype in INVOICE_DOCTYPES]
    return NOTHING.union(*(needs_of_own_tax(named, facts) for named in parts))


def own_taxes(made: Breakdown, facts: Facts, mapping: Mapping) -> OwnTax:
    """What the documents that bear deductions have by tax type. Raises Refused."""
    found: dict[int, list[TypedAmount]] = {}
    for at in sorted({at for borne in made.bearing.values() for at, _amount in borne}):
        part = made.parts[at]
        try:
            found[at] = own_tax((part.doctype, part.name), facts, mapping)
        except Refused as error:
            first = error.problems[0]
            what = _("The tax of {name}, of which a part is taken off, cannot be worked out: {problem}").format(
                name=part.name, problem=first.message
            )
            raise Refused(
                [Problem("discount-tax-unknown", what, first.resolution, first.held, causes.of(first.code, first.causes))]
            ) from error
    return found


def discount_tax(
    settlement: Settlement, deduction: Deduction, made: Breakdown, own: OwnTax | None
) -> tuple[list[TypedAmount], list[Problem]]:
    """What of a deduction goes under which tax type, in the currency in which it is sent, and why that cannot be said."""
    amount, chosen = made.own[deduction.account], deduction.choice.tax_type
    if chosen is None or chosen.shown is None:
        return [], [_rate_unknown(deduction.account)]
    if own is None or not chosen.shown:
        return _as_chosen(settlement, deduction, amount)
    borne = made.bearing[deduction.account]
    if all(not sum((each.tax for each in own[at]), ZERO) for at, _amount in borne):
        names = sorted({made.parts[at].name for at, _amount in borne})
        if problems := untaxed_discounts(settlement, [deduction], names):
            return [], problems
    shares = added_up(share for at, part in borne for share in taken_off(part, own[at], settlement.party_side.currency))
    if sum((share.gross for share in shares), ZERO) != amount:
        return [], [_nothing_left(settlement, deduction)]
    return (
        (shares, [])
        if deduction.tax is None
        else _as_booked(settlement, deduction, amount, shares, [each for at, _ in borne for each in own[at]])
    )


def _as_chosen(settlement: Settlement, deduction: Deduction, amount: Decimal) -> tuple[list[TypedAmount], list[Problem]]:
    inside, wrong = tax_inside(settlement, deduction, amount, settlement.party_side.currency)
    if wrong or inside is None or deduction.choice.tax_type is None:
        return [], wrong
    return [TypedAmount(deduction.choice.tax_type, amount, inside)], []


def _as_booked(
    settlement: Settlement, deduction: Deduction, amount: Decimal, shares: list[TypedAmount], documents: list[TypedAmount]
) -> tuple[list[TypedAmount], list[Problem]]:
    """The shares with the tax that ERPNext booked: in their proportion, or all of it at the rate chosen, as far as the documents had that
    much at it."""
    wanted, unit = tax_booked(deduction, amount, settlement.party_side.currency)
    taxed = [share for share in shares if share.tax]
    off = wanted - sum((share.tax for share in taxed), ZERO)
    if taxed and abs(off) <= unit * len(taxed):
        largest = max(taxed, key=lambda share: share.tax)
        return [replace(share, tax=share.tax + off) if share is largest else share for share in shares], []
    found, wrong = _as_chosen(settlement, deduction, amount)
    at_that_rate = [each for each in documents if deduction.choice.tax_type and each.tax_type.shown == deduction.choice.tax_type.shown]
    had = [sum((getattr(each, figure) for each in at_that_rate), ZERO) for figure in ("gross", "tax")]
    if not wrong and found and (found[0].gross > had[0] or found[0].tax > had[1]):
        return [], [tax_differs(settlement, deduction, wanted)]
    return found, wrong


def _rate_unknown(account: str) -> Problem:
    return Problem(
        "tax-rate-unknown",
        _("The rate of the tax type chosen for {account} was never read from Xero").format(account=account),
        _("Press Refresh From Xero on the Xero Connection, then press Retry"),
    )


def _nothing_left(settlement: Settlement, deduction: Deduction) -> Problem:
    return Problem(
        "discount-of-nothing",
        _("{name} takes {account} off what its returns or its tax on imports leave nothing of").format(
            name=settlement.name, account=deduction.account
        ),
        _(
            "In Xero enter the payment by hand, and a credit note for the rest with the tax that the accountant wants, allocated to its invoice"
        ),
        held=True,
    )
