"""Lines whose answer is another line: transfers between own accounts, and what came back."""

from __future__ import annotations

from decimal import Decimal

from benchmarks.bank_lines.judge.surroundings import Surroundings
from benchmarks.bank_lines.values import Answer

TRANSFER_WORDS = frozenset("TRANSFER TFR TRF UMBUCHUNG UEBERTRAG INTERNAL".split())
BACK_WORDS = frozenset("DISHONOURED DISHONOUR RETURNED BOUNCED UNPAID RUECKLASTSCHRIFT".split())
# So many cents a bank may take for a payment that comes back.
FEE = 3000


def _as_transfer(seen: Surroundings, at: int) -> bool:
    """Whether a line says that it is a transfer, or shows another own account's number."""
    if TRANSFER_WORDS & set(seen.words[at]):
        return True
    ends = ["".join(filter(str.isalnum, each.number))[-4:] for each in seen.world.accounts if each.name != seen.lines[at].bank_account]
    return any(word.endswith(end) for word in seen.words[at] for end in ends)


def _typed_in(seen: Surroundings, at: int) -> bool:
    line = seen.lines[at]
    return any(
        abs((seen.vouchers[each].posting_date - line.date).days) <= 5
        for each in seen.moved_at.get((line.bank_account, seen.line_cents[at]), ())
    )


def _paid_something(seen: Surroundings, at: int) -> bool:
    """Whether an open voucher of exactly this amount is pointed to, or is of somebody whom the line names."""
    line, cents = seen.lines[at], seen.line_cents[at]
    pointed = any(seen.cents[each] == cents and seen.vouchers[each].currency == line.currency for each in seen.refs[at])
    return pointed or any(seen.cents[each] == cents for name in sorted(seen.named[at]) for each in seen.eligible(name, line))


def transfer(seen: Surroundings, at: int, answer: Answer) -> bool:
    other = seen.line_place[answer.line]
    if _typed_in(seen, at) or _typed_in(seen, other) or _paid_something(seen, at) or _paid_something(seen, other):
        return False
    if seen.lines[at].currency == seen.lines[other].currency:
        return (_as_transfer(seen, at) or _as_transfer(seen, other)) and _opposite(seen, at) == [other] and _opposite(seen, other) == [at]
    return _as_transfer(seen, at) and _as_transfer(seen, other) and _across(seen, at) == [other] and _across(seen, other) == [at]


def _opposite(seen: Surroundings, at: int) -> list[int]:
    """Lines of the other own accounts with the opposite amount, within four days."""
    line, cents = seen.lines[at], seen.line_cents[at]
    return [
        other
        for account in seen.world.accounts
        if account.name != line.bank_account and account.currency == line.currency
        for other in seen.lines_at.get((account.name, -cents), ())
        if abs((seen.lines[other].date - line.date).days) <= 4
    ]


def _across(seen: Surroundings, at: int) -> list[int]:
    """Lines that look like a transfer, in accounts of another currency, the other way and about the same worth, within three days."""
    line, cents, found = seen.lines[at], seen.line_cents[at], []
    home, rates = seen.world.currency, seen.world.rates
    for account in seen.world.accounts:
        if account.currency == line.currency:
            continue
        rate = (Decimal(1) if line.currency == home else rates[line.currency]) / (
            Decimal(1) if account.currency == home else rates[account.currency]
        )
        expected = abs(int(cents * rate))
        for day in range(-3, 4):
            on = line.date.fromordinal(line.date.toordinal() + day)
            for other in seen.lines_on.get((account.name, on), ()):
                worth = seen.line_cents[other]
                if worth * cents < 0 and expected * 95 // 100 <= abs(worth) <= expected * 105 // 100 and _as_transfer(seen, other):
                    found.append(other)
    return found


def returned(seen: Surroundings, at: int, answer: Answer) -> bool:
    """The line it takes back: the only one before it with the opposite amount, or, with a fee in it, the only one that shares a number with it."""
    line, cents, right = seen.lines[at], seen.line_cents[at], seen.line_place[answer.line]
    if not BACK_WORDS & set(seen.words[at]) or _paid_something(seen, at) or _typed_in(seen, at):
        return False
    shared = [
        other
        for other in dict.fromkeys(each for word in seen.words[at] if len(word) >= 5 for each in seen.lines_with.get(word, ()))
        if other != at and _before(seen, other, at) and 0 <= abs(seen.line_cents[other]) - abs(cents) + FEE <= FEE
    ]
    if shared:
        return shared == [right] and _only_return(seen, at, right)
    exact = [other for other in seen.lines_at.get((line.bank_account, -cents), ()) if _before(seen, other, at)]
    return answer.difference == 0 and exact == [right] and _only_return(seen, at, right)


def _before(seen: Surroundings, other: int, at: int) -> bool:
    one, line = seen.lines[other], seen.lines[at]
    return (
        one.bank_account == line.bank_account
        and seen.line_cents[other] * seen.line_cents[at] < 0
        and 0 <= (line.date - one.date).days <= 21
    )


def _only_return(seen: Surroundings, at: int, right: int) -> bool:
    """Whether no other line takes the same one back."""
    line = seen.lines[at]
    return not any(
        other != at and BACK_WORDS & set(seen.words[other]) and _before(seen, right, other)
        for other in seen.lines_at.get((line.bank_account, seen.line_cents[at]), ())
    )
