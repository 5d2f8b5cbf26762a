"""Whether the answer of a line about the company's own money is the only one: transfers, returns, wages in several lines."""

from __future__ import annotations

import re
from decimal import Decimal

from benchmarks.bank_lines.tuning.surroundings import TRANSFER_WORDS, Surroundings
from benchmarks.bank_lines.values import Line, Voucher

RETURN_WORDS = re.compile(r"\b(RETURN\w*|DISHONOUR\w*|REVERSAL|UNPAID|BOUNCED|RUECKLASTSCHRIFT)\b", re.IGNORECASE)
WAGE_WORDS = re.compile(r"\b(WAGES?|SALARY|SALARIES|PAYROLL)\b", re.IGNORECASE)
DAYS, RETURN_DAYS, RATE = 5, 30, Decimal("0.04")


def transfer(around: Surroundings, line: Line, other: Line) -> bool:
    """Each of the two lines can have only the other, and at least one says that it is a transfer."""
    said = (
        TRANSFER_WORDS.search(line.description)
        or TRANSFER_WORDS.search(other.description)
        or _prints(around, line, other)
        or _prints(around, other, line)
    )
    if not said:
        return False
    for one, two in ((line, other), (other, line)):
        if any(voucher.bank_account for voucher in around.equals(one)):
            return False
        if any(each.name != two.name for each in _others(around, one)):
            return False
    return True


def _prints(around: Surroundings, line: Line, other: Line) -> bool:
    """Whether the line prints the last digits of the other's account."""
    number = next((re.sub(r"\D", "", account.number) for account in around.world.accounts if account.name == other.bank_account), "")
    return len(number) >= 4 and number[-4:] in line.description


def _others(around: Surroundings, line: Line) -> list[Line]:
    """Lines of the other sign in other own accounts within days, of the same worth."""
    if len({account.currency: None for account in around.world.accounts}) == 1:
        found = around.lines_of_amount.get((line.currency, -line.amount), [])
        return [each for each in found if each.bank_account != line.bank_account and abs((each.date - line.date).days) <= DAYS]
    rates = {around.world.currency: Decimal(1), **around.world.rates}
    worth, near = line.amount * rates[line.currency], []
    for account in around.world.accounts:
        if account.name == line.bank_account:
            continue
        if account.currency == line.currency:
            found = [each for each in around.lines_of_amount.get((line.currency, -line.amount), []) if each.bank_account == account.name]
            near += [each for each in found if abs((each.date - line.date).days) <= DAYS]
            continue
        for each in around.transfers_about(account.name, line.date, DAYS):
            there = each.amount * rates[account.currency]
            if there * worth < 0 and abs(there + worth) <= abs(worth) * RATE:
                near.append(each)
    return near


def returned(around: Surroundings, line: Line, earlier: Line) -> bool:
    """Words of a return, and the only line of that amount before it; of several the one whose number or name it repeats."""
    if not RETURN_WORDS.search(f"{line.description} {line.transaction_type}"):
        return False
    lines = around.lines_of_amount.get((line.currency, -line.amount), [])
    before = [each for each in lines if each.bank_account == line.bank_account and 0 <= (line.date - each.date).days <= RETURN_DAYS]
    rivals = [each for each in before if each.name != earlier.name]
    again = around.lines_of_amount[line.currency, line.amount]
    if any(each.name != line.name and each.bank_account == line.bank_account and RETURN_WORDS.search(each.description) for each in again):
        return False
    if not rivals:
        return True
    shared = _shared(around, line, earlier)
    return shared >= 4 and all(_shared(around, line, rival) == 0 for rival in rivals)


def _shared(around: Surroundings, line: Line, other: Line) -> int:
    """Letters and digits of the words that both have, words of banks apart."""
    there = around.shown(other).words
    return sum(
        len(word) for word in dict.fromkeys(around.shown(line).words) if len(word) >= 4 and word in there and not RETURN_WORDS.search(word)
    )


def wages(around: Surroundings, line: Line, voucher: Voucher) -> bool:
    """The day's lines that say wages make just the one entry."""
    if not WAGE_WORDS.search(line.description + line.reference) or voucher.party:
        return False
    day = [
        each
        for each in around.lines_of_day[line.bank_account, line.date]
        if each.amount < 0 and WAGE_WORDS.search(f"{each.description} {each.reference}")
    ]
    if sum((each.amount for each in day), Decimal(0)) != voucher.amount or abs((line.date - voucher.posting_date).days) > DAYS:
        return False
    alike = [
        other
        for other in around.of_amount[voucher.currency, voucher.amount]
        if other.key != voucher.key and other.bank_account == line.bank_account
    ]
    return not alike and next(around.named_equals(line, (voucher,)), None) is None
