"""Which records a settlement with a customer or supplier becomes in Xero: payments, fees, credit notes and allocations.

Decides from the settlement, the mapping and the currencies of what it settles alone. The cases: a fee kept back by the bank, a write-off or
discount, a return, several invoices in one payment, a bank in another currency than the invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ...accounting.currencies import rounded_to, too_many_decimals
from ...accounting.mapping import ClearingAccount, Mapping, PaymentAccount
from ...accounting.money import CENT, ZERO, decimals
from ...accounting.problems import Problem, Refused
from ...accounting.tax import allocate
from ...accounting.texts import _
from .deductions import AS_CREDIT_NOTE, AS_FEE, Deduction, Deductions, deductions, missing
from .not_for_xero import problems_before
from .payment_elements import PlannedPayment, reference_text
from .settlement import SettledDocument, Settlement, SettlementKind, settled


@dataclass(frozen=True)
class CreditUsed:
    """`amount` (in the party account's currency) of a credit, allocated to reference number `invoice`. The credit is reference number
    `credit`, or (None) the payment's own credit note."""

    credit: int | None
    invoice: int
    amount: Decimal


@dataclass(frozen=True)
class Breakdown:
    """Everything one payment becomes. `parts` are the documents it settles; `legs` are those from the bank first, then those from a
    clearing account. `fees` are spent or received beside them; `credits` are the lines of its one credit note (`own` gives the figure
    of each deduction in the party account's currency, `bearing` what part of it each document bears). `crosses`: the bank's own line is a spend or receive against clearing."""

    parts: list[SettledDocument]
    legs: list[PlannedPayment]
    allocations: list[CreditUsed] = field(default_factory=list)
    fees: list[Deduction] = field(default_factory=list)
    credits: list[Deduction] = field(default_factory=list)
    own: dict[str, Decimal] = field(default_factory=dict)
    bearing: dict[str, list[tuple[int, Decimal]]] = field(default_factory=dict)
    short: bool = True
    crosses: bool = False

    def payments(self, batch: bool) -> list[list[PlannedPayment]]:
        """The legs step by step: those from the bank together where they are one batch."""
        bank = [leg for leg in self.legs if not leg.clearing]
        rest = [leg for leg in self.legs if leg.clearing]
        return ([bank] if batch else [[leg] for leg in bank]) + [[leg] for leg in rest]


def unallocated(settlement: Settlement) -> Decimal:
    """The unallocated amount of a payment, in the party account's currency; never below 0, and 0 for a transfer.

    What is allocated to an order, or pays an advance back, counts as unallocated. Where company currency had to be converted, a few cents
    are rounding and no advance.
    """
    if settlement.kind not in (SettlementKind.RECEIVE, SettlementKind.PAY):
        return ZERO
    sign = 1 if settlement.forward else -1
    gap, rate = missing(settlement), settlement.party_side.rate
    left = settlement.party_amount + gap / rate - sign * sum((part.allocated for part in settled(settlement)), ZERO)
    return left if left > (5 * CENT if gap and rate != 1 else ZERO) else ZERO


def break_down(settlement: Settlement, mapping: Mapping, currencies: Sequence[str]) -> Breakdown:
    """The breakdown of a payment without an unallocated amount; `currencies` are those of the documents in `settled`. Raises Refused."""
    if settlement.kind is SettlementKind.SET_OFF:
        return _set_off(settlement, mapping, currencies)
    problems, taken = problems_before(settlement), deductions(settlement, mapping)
    problems += [*taken.problems, *_not_together(settlement, taken, currencies)]
    if problems:
        raise Refused(problems)
    rows = settled(settlement)
    left, allocations = _netted(rows, settlement.forward)
    if not any(left):
        raise Refused([_does_not_add_up(settlement)])
    own = _in_party_currency(settlement, taken)
    fees: list[PlannedPayment] = []
    for number, deduction in enumerate(taken.chosen(AS_FEE) if taken.short else [], 1):
        taken_off = _take_off(left, own[deduction.account])
        fees += _fee_legs(settlement, rows, deduction, number, taken_off, mapping.base_currency)
    bearing = {deduction.account: _take_off(left, own[deduction.account]) for deduction in taken.chosen(AS_CREDIT_NOTE)}
    allocations += [CreditUsed(None, at, amount) for borne in bearing.values() for at, amount in borne]
    crosses = _crosses(settlement, mapping, currencies)
    spent_fees = [] if taken.short else [spent(settlement, mapping, deduction, own) for deduction in taken.each]
    bank = _bank_legs(
        settlement, rows, left, settlement.bank_amount - sum(spent_fees, ZERO), mapping.clearing if crosses else None, mapping.base_currency
    )
    legs = _with_later([*bank, *fees], allocations)
    return Breakdown(rows, legs, allocations, taken.chosen(AS_FEE), taken.chosen(AS_CREDIT_NOTE), own, bearing, taken.short, crosses)


def _set_off(settlement: Settlement, mapping: Mapping, currencies: Sequence[str]) -> Breakdown:
    """Each side paid through the clearing account, which ends at zero. Raises Refused."""
    if mapping.clearing is None or any(currency != mapping.base_currency for currency in currencies):
        raise Refused([_no_set_off(settlement)])
    rows, through = settled(settlement), PaymentAccount(mapping.clearing.account_id, mapping.base_currency)
    amounts = [(at, part.name, part.allocated) for at, part in enumerate(rows)]
    return Breakdown(
        rows, [PlannedPayment(at, name, amount, amount, reference_text(settlement, at + 1), through) for at, name, amount in amounts]
    )


def _no_set_off(settlement: Settlement) -> Problem:
    return Problem(
        "set-off-impossible",
        _("{name} sets invoices off against bills, and some are in a foreign currency or no clearing account is chosen any more").format(
            name=settlement.name
        ),
        _(
            "In Xero pay both sides by hand through a clearing account, on this date and with these amounts; or choose the Clearing Account on the Xero Connection and press Retry"
        ),
        held=True,
    )


def spent(settlement: Settlement, mapping: Mapping, deduction: Deduction, own: dict[str, Decimal]) -> Decimal:
    """A deduction in the currency of the bank that moved it: company currency, or the party's where the bank is in that."""
    return deduction.gross if settlement.bank_side.currency == mapping.base_currency else own[deduction.account]


def _not_together(settlement: Settlement, taken: Deductions, currencies: Sequence[str]) -> list[Problem]:
    """Cases that can be sent alone, but not together."""
    name, base_receivable = settlement.name, any(currency != settlement.party_side.currency for currency in currencies)
    netted = settlement.forward and any(part.allocated < ZERO for part in settled(settlement))
    cases = [
        (
            taken.each and not settlement.forward,
            "refund-with-deduction",
            _("{name} pays money back less a deduction; Xero has no one way to show that"),
        ),
        (
            taken.each and base_receivable,
            "deduction-converted",
            _("{name} has a deduction and settles invoices of another currency than the account's; Xero has no one way to show that"),
        ),
        (
            netted and base_receivable,
            "netting-converted",
            _("{name} nets invoices and credits of another currency than the account's; Xero has no one way to show that"),
        ),
        (
            taken.each and unallocated(settlement),
            "deduction-and-advance",
            _("{name} has a deduction and a part that belongs to no invoice; Xero has no one way to show that"),
        ),
        (
            netted and unallocated(settlement),
            "netting-and-advance",
            _("{name} nets a credit and has a part that belongs to no invoice; Xero has no one way to show that"),
        ),
    ]
    resolution = _("Enter it here as separate payments, or in Xero by hand as the accountant wants it")
    return [Problem(code, says.format(name=name), resolution, held=True) for applies, code, says in cases if applies]


def _does_not_add_up(settlement: Settlement) -> Problem:
    return Problem(
        "payment-does-not-add-up",
        _("What {name} settles, less its deductions, is not what the bank moved").format(name=settlement.name),
        _("Correct the payment and amend it, or enter it in Xero by hand"),
        held=True,
    )


def _netted(rows: list[SettledDocument], forward: bool) -> tuple[list[Decimal], list[CreditUsed]]:
    """What money has to pay of each part once credits have been taken off invoices, and those allocations; both in the order of the
    references."""
    left = [abs(part.allocated) for part in rows]
    found = []
    for credit in [at for at, part in enumerate(rows) if part.allocated < ZERO]:
        for invoice in [at for at, part in enumerate(rows) if part.allocated > ZERO]:
            if amount := min(left[credit], left[invoice]):
                left[credit], left[invoice] = left[credit] - amount, left[invoice] - amount
                found.append(CreditUsed(credit, invoice, amount))
    paid = [amount if (part.allocated > ZERO) is forward else ZERO for part, amount in zip(rows, left)]
    return paid if paid == left else [ZERO] * len(left), found


def _in_party_currency(settlement: Settlement, taken: Deductions) -> dict[str, Decimal]:
    """Each deduction in the party account's currency: together the difference between what was settled and what was paid, which is exact,
    dealt out as in company currency. Raises Refused where rounding does not explain what is left."""
    if not taken.each:
        return {}
    gap = sum((part.allocated for part in settled(settlement)), ZERO) - settlement.party_amount
    whole, rate = gap if taken.short else -gap, settlement.party_side.rate
    base = sum((deduction.gross for deduction in taken.each), ZERO)
    # Half a cent of the party's currency and one of the company's is what rounding can explain.
    if abs(whole * rate - base) > CENT + rate * CENT / 2:
        raise Refused([_does_not_add_up(settlement)])
    dealt = _dealt(settlement, whole, [deduction.gross for deduction in taken.each], settlement.party_side.currency)
    return {deduction.account: share for deduction, share in zip(taken.each, dealt)}


def _dealt(settlement: Settlement, whole: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    """Divide `whole` (in `currency`) by the weights into whole cents (yen where it is whole yen), every share above 0. Raises Refused where that is not possible."""
    if len(weights) == 1 and whole > ZERO:
        return [whole]
    if decimals(whole) > 2:
        what = _("{amount} {currency} at the bank has more than two decimals; Xero keeps two").format(amount=whole, currency=currency)
        raise Refused([too_many_decimals(what, currency)])
    total = sum(weights, ZERO)
    dealt = allocate(whole, [whole * weight / total for weight in weights], weights, rounded_to(currency, [whole]))
    if dealt is None or any(share <= ZERO for share in dealt):
        raise Refused([_does_not_add_up(settlement)])
    return dealt


def _take_off(left: list[Decimal], amount: Decimal) -> list[tuple[int, Decimal]]:
    """Take a deduction off the last part that can bear it whole, else off the last ones in turn; changes `left`."""
    order = list(reversed(range(len(left))))
    whole = next((at for at in order if left[at] >= amount), None)
    found = []
    for at in order if whole is None else [whole]:
        if share := min(left[at], amount):
            left[at], amount = left[at] - share, amount - share
            found.append((at, share))
    return found


def _crosses(settlement: Settlement, mapping: Mapping, currencies: Sequence[str]) -> bool:
    """The bank is in a third currency, and the admin has chosen a clearing account to go through."""
    bank = settlement.bank_side.currency
    return mapping.clearing is not None and all(bank not in (currency, mapping.base_currency) for currency in currencies)


def _bank_legs(
    settlement: Settlement, rows: list[SettledDocument], left: list[Decimal], moved: Decimal, through: ClearingAccount | None, base: str
) -> list[PlannedPayment]:
    """What the bank pays, or in its place the clearing account that the money passes through."""
    paid = [at for at, amount in enumerate(left) if amount]
    amounts = [left[at] for at in paid]
    currency = base if through else settlement.bank_side.currency
    shares = (
        amounts
        if currency == settlement.party_side.currency
        else _dealt(settlement, settlement.bank_side.base if through else moved, amounts, currency)
    )
    clearing = PaymentAccount(through.account_id, base) if through else None
    return [
        PlannedPayment(at, rows[at].name, left[at], share, reference_text(settlement, number if len(paid) > 1 else 0), clearing)
        for number, (at, share) in enumerate(zip(paid, shares), 1)
    ]


def _fee_legs(
    settlement: Settlement, rows: list[SettledDocument], deduction: Deduction, number: int, taken: list[tuple[int, Decimal]], base: str
) -> list[PlannedPayment]:
    """What the invoices get from the fee's clearing account, which its Spend Money brings back to zero."""
    shares, said = _dealt(settlement, deduction.gross, [amount for _, amount in taken], base), fee_reference(settlement, number)
    return [PlannedPayment(at, rows[at].name, amount, share, said, deduction.choice.clearing) for (at, amount), share in zip(taken, shares)]


def fee_reference(settlement: Settlement, number: int) -> str:
    """The reference of a fee's payment and of its Spend Money; further fees are numbered."""
    return f"{settlement.name} fee" + (f" {number}" if number > 1 else "")


def _with_later(legs: list[PlannedPayment], allocations: list[CreditUsed]) -> list[PlannedPayment]:
    """Each leg with what later steps still take off the same document, so that no payment is begun that cannot be completed."""
    found = []
    for number, leg in enumerate(legs, 1):
        later = sum((each.amount for each in legs[number:] if each.at == leg.at), ZERO)
        later += sum((each.amount for each in allocations if leg.at in (each.invoice, each.credit)), ZERO)
        found.append(replace(leg, later=later))
    return found
