"""Why a record is not shaped for Xero's matching, and what a person does about it: one reason and one fix each, in words.

What Xero's matching looks at, after its own help ("Reconcile a statement line with an automatically matched transaction"): the amount, then the closest date, then the
contact's name; where several fit it names one and offers the others. A batch is matched with a line of its own total ("Reconcile a batch payment"). Several records for
one line have to be found and ticked by a person (Find & Match).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..accounting.money import ZERO
from ..accounting.texts import Text, _, amount, day, plain
from .values import NOT_READY, Account, BankLine, Estimate, Movement, Record

OTHER_ACCOUNT, DEFAULT_ACCOUNT, NOT_THE_BANKS_OWN = "other-account", "default-account", "not-the-banks-own"
SEVERAL_RECORDS, SEVERAL_IN_LINE, SEVERAL_LINES = "several-records", "several-in-one-line", "several-lines"
OTHER_AMOUNT, AFTER_LINE, IN_FUTURE = "other-amount", "after-the-line", "in-the-future"
SAME_AMOUNT, NO_REFERENCE = "same-amount", "no-reference"
# What the summary says of all records with the same reason.
IN_SHORT: dict[str, tuple[Text, Text]] = {
    OTHER_ACCOUNT: (
        _("In another bank account in Xero than here"),
        _("Remove the payment in Xero and press Send again here, or correct the mapping of the account"),
    ),
    DEFAULT_ACCOUNT: (
        _("Went to the Default Payment Account, since its account is not mapped"),
        _("Map the account under Bank and payment accounts"),
    ),
    NOT_THE_BANKS_OWN: (
        _("Cash, cards or payouts are mapped to the bank account itself, and reach the bank in other sums"),
        _("Give that account one of its own in Xero (of type Bank), map it there, and enter each banking or payout as a transfer"),
    ),
    SEVERAL_RECORDS: (
        _("One movement at the bank, several records in Xero"),
        _("In Xero choose Find & Match at the line and tick them all"),
    ),
    SEVERAL_IN_LINE: (
        _("One line of the bank, several documents"),
        _("In Xero choose Find & Match at the line and tick them all"),
    ),
    SEVERAL_LINES: (_("One record in Xero, several lines of the bank"), _("Enter one payment for each line")),
    OTHER_AMOUNT: (
        _("Another amount in Xero than at the bank"),
        _("Correct the payment, or enter what the bank kept or added as a fee"),
    ),
    AFTER_LINE: (_("Dated after the bank's line"), _("Enter it with the day of the line")),
    IN_FUTURE: (_("Dated in the future"), _("Wait for its day, or enter it with the day on which the money moved")),
    SAME_AMOUNT: (
        _("The same amount more than once within days: Xero offers other possible matches"),
        _("Compare the reference and the name with the line before you choose OK in Xero"),
    ),
    NO_REFERENCE: (
        _("The same amount more than once within days, and no reference of the bank"),
        _("Enter the bank's reference in each payment before it is submitted"),
    ),
}


def other_account(record: Record, account: Account, movement: Movement) -> Estimate:
    """Somebody moved it in Xero, or the mapping is another one since."""
    reason = _("{document} is in {account} in Xero, and {here} is mapped to another account there").format(
        document=record.who[1], account=account.name, here=movement.host_account
    )
    fix = _(
        "If the money moved in {account}, map {here} to it; else remove the payment in Xero and press Send again at {document}, so that it goes to the account of its bank"
    ).format(account=account.name, here=movement.host_account, document=record.who[1])
    return _of(record, OTHER_ACCOUNT, reason, fix)


def default_account(record: Record, account: Account, movement: Movement | None) -> Estimate:
    """Its account here is mapped to none, so it went to the Default Payment Account."""
    here = plain(movement.host_account) if movement else _("its account")
    reason = _("{document} went to {account}, the Default Payment Account, because {here} is not mapped").format(
        document=record.who[1], account=account.name, here=here
    )
    fix = _(
        "Map {here} under Bank and payment accounts in Mapping: to {account} if that is its bank account, else to its own, and send {document} again"
    ).format(here=here, account=account.name, document=record.who[1])
    return _of(record, DEFAULT_ACCOUNT, reason, fix)


def not_the_banks_own(record: Record, account: Account, movement: Movement) -> Estimate:
    """An account for cash, cards or payouts that stands for the bank account itself."""
    reason = _("{here} and {own} are both {account} in Xero; what {here} takes reaches the bank in other sums").format(
        here=movement.host_account, own=account.own, account=account.name
    )
    fix = _(
        "Add an account of type Bank for {here} in Xero and map it to that; enter each banking or payout here as a transfer to {own} over what arrives, and its fee from {here}"
    ).format(here=movement.host_account, own=account.own)
    return _of(record, NOT_THE_BANKS_OWN, reason, fix)


def several_records(record: Record, group: Sequence[Record], line: BankLine | None, moved: Decimal | None) -> Estimate:
    """One movement at the bank is several records: of a payment in another currency, or with a fee spent from the bank itself."""
    total = moved if moved is not None else sum((each.amount or ZERO for each in group), ZERO)
    reason = _("{document} is {count} records in Xero, and the bank moves it at once").format(document=record.who[1], count=len(group))
    fix = (
        _("In Xero choose Find & Match at the line of {day} and tick all {count}; the bank moves {total}").format(
            day=day(line.day), count=len(group), total=_shown(total)
        )
        if line
        else _("In Xero choose Find & Match at the line and tick all {count}; the bank moves {total}").format(
            count=len(group), total=_shown(total)
        )
    )
    return _of(record, SEVERAL_RECORDS, reason, fix)


def several_in_line(record: Record, line: BankLine) -> Estimate:
    """The bank's line is several documents here."""
    reason = _("The bank's line of {day} over {amount} is {count} documents here").format(
        day=day(line.day), amount=_shown(line.amount), count=line.documents
    )
    fix = _(
        "In Xero choose Find & Match at that line and tick all {count}. Where one payer paid them together, enter one payment with all its invoices next time: it goes as one batch"
    ).format(count=line.documents)
    return _of(record, SEVERAL_IN_LINE, reason, fix)


def several_lines(record: Record, lines: Sequence[BankLine]) -> Estimate:
    """The bank moved it in several lines."""
    reason = _("The bank moved {document} in {count} lines, and in Xero it is one record").format(document=record.who[1], count=len(lines))
    fix = _("Cancel {document} here and enter one payment for each line, each with its day and amount").format(document=record.who[1])
    return _of(record, SEVERAL_LINES, reason, fix)


def other_amount(record: Record, moved: Decimal, line: BankLine | None) -> Estimate:
    """What it moves in Xero is not what the bank shows."""
    there = _shown(record.amount or ZERO)
    reason = (
        _("The bank's line of {day} is {here}, and in Xero {document} is {there}").format(
            day=day(line.day), here=_shown(moved), document=record.who[1], there=there
        )
        if line
        else _("{document} moves {here} at the bank here, and {there} in Xero").format(
            document=record.who[1], here=_shown(moved), there=there
        )
    )
    fix = _(
        "Enter it with what the bank shows. What the bank kept or added is a fee: a deduction of the payment on an account that is mapped as Fee, or money spent of its own"
    )
    return _of(record, OTHER_AMOUNT, reason, fix)


def after_line(record: Record, line: BankLine) -> Estimate:
    """The bank moved the money before the day it has in Xero."""
    reason = _("{document} is of {there} in Xero, and the bank's line of {here}").format(
        document=record.who[1], there=day(record.day), here=day(line.day)
    )
    fix = _("Enter it with the day of the line: Xero proposes what is closest in time, and a payment does not come after its money")
    return _of(record, AFTER_LINE, reason, fix)


def in_future(record: Record) -> Estimate:
    """The bank cannot have moved it yet, or not on that day."""
    reason = _("{document} is of {day}, which is to come").format(document=record.who[1], day=day(record.day))
    fix = _("Nothing is to be done until then; where the money has moved already, enter it with the day of the bank's line")
    return _of(record, IN_FUTURE, reason, fix)


def same_amount(record: Record, others: Sequence[Record], days: int) -> Estimate:
    """Another record could be taken for it."""
    names = ", ".join(sorted({each.who[1] for each in others})[:3])
    more = _("{document} and {others} move the same amount in the same account within {days} days").format(
        document=record.who[1], others=names, days=days
    )
    if record.reference:
        fix = _(
            "At its line in Xero compare the reference {reference} and the name before you choose OK; the others are under Other possible matches"
        ).format(reference=record.reference)
        return _of(record, SAME_AMOUNT, more, fix)
    fix = _(
        "At its line in Xero compare the name before you choose OK. In the next payments enter the bank's reference (Cheque/Reference No) before you submit them: it goes to Xero with them"
    )
    return _of(record, NO_REFERENCE, more, fix)


def _shown(value: Decimal) -> Text:
    return amount(f"{value:.2f}")


def _of(record: Record, code: str, reason: Text, fix: Text) -> Estimate:
    return Estimate(record, NOT_READY, code, reason, fix)
