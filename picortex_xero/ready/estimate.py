"""The estimate: is a record in Xero shaped so that Xero's own matching finds it for its line with one green OK? One line, one record, in the account of the feed, with the
line's amount, of no later day, and told apart from others of its amount.

Where the bank's lines are in ERPNext and matched with the documents, they are what is compared with; else the document alone says what the bank will show. Xero's matching
is its own, and its lines cannot be read: nothing here is what Xero will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..accounting.bank_feeds import FEED_HERE
from . import reasons
from .alike import DAYS, Alike
from .values import NO_LINE, READY, Account, BankLine, Estimate, Movement, Record, Who


def estimates(records: Iterable[Record], movements: Iterable[Movement], accounts: Mapping[str, Account], today: date) -> list[Estimate]:
    """One for each record, those of a document together. `accounts` by Xero's id in lower case; a record in any other account has no statement to be matched with."""
    moved: dict[Who, list[Movement]] = {}
    for movement in movements:
        moved.setdefault(movement.who, []).append(movement)
    groups: dict[tuple[Who, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.who, record.account.casefold()), []).append(record)
    groups = {key: _with_amount(group, moved.get(key[0], []), key[1]) for key, group in groups.items()}
    listed = [each for group in groups.values() for each in group]
    all_of_them = Alike(listed)
    found = []
    for record in listed:
        key = record.account.casefold()
        account = accounts.get(key)
        if account is None or not account.bank or account.feed == FEED_HERE:
            found.append(Estimate(record, NO_LINE))
            continue
        its = moved.get(record.who, [])
        found.append(_of(record, groups[record.who, key], its, account, today) or _told_apart(record, its, all_of_them))
    return found


def _with_amount(group: list[Record], its: Sequence[Movement], account: str) -> list[Record]:
    """One whose amount at the bank Xero has not shown moves what its document does: it was sent so, and no payment can be changed."""
    at_bank = [each for each in its if each.account.casefold() == account]
    if len(group) == 1 and group[0].amount is None and len(at_bank) == 1:
        return [replace(group[0], amount=at_bank[0].amount)]
    return group


def _of(record: Record, group: Sequence[Record], its: Sequence[Movement], account: Account, today: date) -> Estimate | None:
    """What speaks against the record by itself, the first reason; None where nothing does."""
    key = account.xero_id.casefold()
    movement = next((each for each in its if each.account.casefold() == key), None)
    if movement is None:
        other = next(iter(its), None)
        if other is not None and other.account:
            return reasons.other_account(record, account, other)
        # A summary of cash moves nothing in the ledger by itself: it is where its account is mapped to.
        if account.default and (other is not None or not account.mapped):
            return reasons.default_account(record, account, other)
    if movement and account.own and movement.host_account != account.own:
        return reasons.not_the_banks_own(record, account, movement)
    lines = movement.lines if movement else ()
    if lines:
        return _beside_lines(record, group, lines)
    if len(group) > 1:
        return reasons.several_records(record, group, None, movement.amount if movement else None)
    if movement and record.amount is not None and record.amount != movement.amount:
        return reasons.other_amount(record, movement.amount, None)
    if record.day and record.day > today:
        return reasons.in_future(record)
    return None


def _beside_lines(record: Record, group: Sequence[Record], lines: Sequence[BankLine]) -> Estimate | None:
    """The same beside the bank's lines that its document is matched with."""
    if several := next((each for each in lines if each.documents > 1), None):
        return reasons.several_in_line(record, several)
    if len(group) != len(lines):
        return reasons.several_records(record, group, lines[0], lines[0].amount) if len(group) > 1 else reasons.several_lines(record, lines)
    line = _its_line(record, lines)
    if line is None:
        if len(lines) > 1:
            return reasons.several_records(record, group, lines[0], lines[0].amount)
        return reasons.other_amount(record, lines[0].amount, lines[0])
    if record.day and record.day > line.day:
        return reasons.after_line(record, line)
    return None


def _its_line(record: Record, lines: Sequence[BankLine]) -> BankLine | None:
    """The line of its amount; where that is not known, the only one."""
    if record.amount is None:
        return lines[0] if len(lines) == 1 else None
    return next((each for each in lines if each.amount == record.amount), None)


def _told_apart(record: Record, its: Sequence[Movement], all_of_them: Alike) -> Estimate:
    """Ready, unless another record of the same amount could be taken for it."""
    line = next((each for movement in its for each in movement.lines if each.amount == record.amount), None)
    others = all_of_them.taken_for(record, line.day if line else None)
    return reasons.same_amount(record, others, DAYS) if others else Estimate(record, READY)
