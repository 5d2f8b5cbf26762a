"""Lines of payments and journals that were typed in already."""

from __future__ import annotations

from benchmarks.bank_lines.judge.surroundings import RUNNING, Surroundings
from benchmarks.bank_lines.values import Answer

PAY_WORDS = ("WAGES", "SALARY", "PAY", "PAYROLL", "SALARIES")
# A processor keeps so much at most: parts of a hundred, and so many cents a payment.
HELD_BACK, AND_EACH = 5, 50


def decides(seen: Surroundings, at: int, answer: Answer, chosen: list[int]) -> bool:
    if len(chosen) > 1:
        return _many(seen, at, answer, chosen)
    if seen.cents[chosen[0]] != seen.line_cents[at]:
        return _one_of_pay_day(seen, at, chosen[0])
    return _one(seen, at, chosen[0])


def _open_rival(seen: Surroundings, at: int) -> bool:
    """Whether the text points to an open voucher of exactly this amount, or names somebody who has one."""
    line, cents = seen.lines[at], seen.line_cents[at]
    if any(seen.is_open(each) and seen.cents[each] == cents and seen.vouchers[each].currency == line.currency for each in seen.refs[at]):
        return True
    return any(seen.cents[each] == cents for name in sorted(seen.named[at]) for each in seen.eligible(name, line))


def _one(seen: Surroundings, at: int, right: int) -> bool:
    line, cents, voucher, refs, named = seen.lines[at], seen.line_cents[at], seen.vouchers[right], seen.refs[at], seen.named[at]
    equals = [each for each in seen.moved_at[line.bank_account, cents] if each != right]
    apart = abs((voucher.posting_date - line.date).days)
    if any(each in refs for each in equals):
        return False
    if refs.get(right, 0) >= RUNNING and apart <= 45:
        before = [
            other
            for other in seen.lines_to[right]
            if other != at and seen.line_cents[other] == cents and seen.lines[other].date <= line.date
        ]
        return not before and not any(seen.is_open(each) and seen.cents[each] == cents for each in refs)
    if apart > 5 or any(abs((seen.vouchers[each].posting_date - line.date).days) <= 10 for each in equals):
        return False
    if any(
        other != at and abs((seen.lines[other].date - voucher.posting_date).days) <= 10 for other in seen.lines_at[line.bank_account, cents]
    ):
        return False
    if _open_rival(seen, at):
        return False
    if not voucher.party:
        return apart <= 4 and not (named - seen.staff)
    if voucher.party in named:
        return True
    # Nobody is named whom the books know: then only an amount that hardly comes twice tells, at the very days.
    return not named and apart <= 2 and cents % 1000 != 0


def _many(seen: Surroundings, at: int, answer: Answer, chosen: list[int]) -> bool:
    """A sum of several: all of them show the number on the line and nothing else does."""
    line, refs = seen.lines[at], seen.refs[at]
    # A number that stands there whole leaves no room for one that only ends alike.
    plainest = max(refs.values(), default=0)
    pointed = sorted(
        each for each in refs if refs[each] == plainest and not seen.is_open(each) and seen.vouchers[each].bank_account == line.bank_account
    )
    if pointed != sorted(chosen) or plainest < RUNNING:
        return False
    lines = [other for other in seen.lines_to[chosen[0]] if seen.refs[other][chosen[0]] >= plainest]
    if any(other != at and seen.lines[other].bank_account == line.bank_account for other in lines):
        return False
    gross, cents = sum(seen.cents[each] for each in chosen), seen.line_cents[at]
    return cents == gross or 0 < gross - cents <= gross * HELD_BACK // 100 + AND_EACH * len(chosen)


def _one_of_pay_day(seen: Surroundings, at: int, right: int) -> bool:
    """A person's wages out of one journal: the wages of that day come to the journal, and no other journal or payment fits."""
    line, voucher = seen.lines[at], seen.vouchers[right]
    if not (seen.named[at] & seen.staff) or _open_rival(seen, at) or abs((voucher.posting_date - line.date).days) > 3:
        return False
    wages = [
        other
        for other in seen.lines_on[line.bank_account, line.date]
        if seen.named[other] & seen.staff and any(word.startswith(PAY_WORDS) for word in seen.words[other])
    ]
    if at not in wages or sum(seen.line_cents[other] for other in wages) != seen.cents[right]:
        return False
    equals = seen.moved_at[line.bank_account, seen.cents[right]]
    near = [each for each in equals if abs((seen.vouchers[each].posting_date - line.date).days) <= 6]
    single = [
        each
        for each in seen.moved_at.get((line.bank_account, seen.line_cents[at]), ())
        if abs((seen.vouchers[each].posting_date - line.date).days) <= 10
    ]
    return near == [right] and not single
