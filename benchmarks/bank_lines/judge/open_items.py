"""Lines that pay open vouchers: invoices, bills, credit notes, expense claims."""

from __future__ import annotations

import re
from decimal import Decimal

from benchmarks.bank_lines.judge.surroundings import RUNNING, Surroundings, month_said
from benchmarks.bank_lines.values import Answer

CENTS = 5
SAYS_LESS = re.compile(r"\b(DISC|SKONTO|FEE|CHGS|CHARGES)\b")
PERCENT = re.compile(r"(\d+)% (?:DISC|SKONTO)")
CHARGE = re.compile(r"(?:CHGS|LESS FEE|BANK CHARGES) [A-Z]{3} (\d+)\.(\d\d)")


class Open:
    """One line and the open vouchers that it really paid."""

    def __init__(self, seen: Surroundings, at: int, answer: Answer, chosen: list[int]) -> None:
        self.seen, self.at, self.answer, self.chosen = seen, at, answer, chosen
        self.line, self.cents = seen.lines[at], seen.line_cents[at]
        self.right = frozenset(chosen)
        self.refs, self.named = seen.refs[at], seen.named[at]
        self.party = seen.vouchers[chosen[0]].party
        self.total = sum(seen.cents[each] for each in chosen)
        self.shown = all(each in self.refs for each in chosen)
        strength = min((self.refs[each] for each in chosen), default=0) if self.shown else 0
        # The number stands there plainly enough to count without the name.
        self.plainly = strength >= RUNNING or (strength > 0 and self.party in self.named)
        self.theirs = seen.eligible(self.party, self.line)

    def decides(self) -> bool:
        if any(self.seen.vouchers[each].party != self.party for each in self.chosen):
            return False
        if self.seen.vouchers[self.chosen[0]].currency != self.line.currency:
            return self._foreign()
        if self._another_of_the_amount():
            return False
        if self.cents == self.total:
            return self._exact()
        if self.answer.difference == 0:
            return self._part()
        return self._different()

    def _another_of_the_amount(self) -> bool:
        """Whether the text points to another voucher of exactly this amount, somebody else whom it names has one, or one like it is typed in already."""
        seen, line = self.seen, self.line
        for each in self.refs:
            voucher = seen.vouchers[each]
            if (
                each not in self.right
                and seen.cents[each] == self.cents
                and voucher.bank_account in ("", line.bank_account)
                and voucher.currency == line.currency
            ):
                return True
        for name in sorted(self.named - {self.party}):
            if any(seen.cents[each] == self.cents for each in seen.eligible(name, line)):
                return True
        for each in seen.moved_at.get((line.bank_account, self.cents), ()):
            voucher = seen.vouchers[each]
            apart = abs((voucher.posting_date - line.date).days)
            if (
                (voucher.party == self.party and apart <= 20)
                or (not voucher.party and apart <= 3)
                or (voucher.party in self.named and apart <= 20)
            ):
                return True
        return False

    def _equals(self) -> list[int]:
        """Others of the party's open vouchers with exactly the line's amount."""
        return [each for each in self.theirs if each not in self.right and self.seen.cents[each] == self.cents]

    def _comes_to_it(self) -> bool:
        """Whether some of the party's open vouchers, one or several, come to the line's amount."""
        return bool(self._equals()) or self.seen.ways_to_sum(self.theirs, self.cents) > 0

    def _claimed_before(self) -> bool:
        """Whether a line of the same amount, not later than this one, shows the same numbers: then it may be that one which paid."""
        return any(
            other != self.at and self.seen.line_cents[other] == self.cents and self.seen.lines[other].date <= self.line.date
            for other in self.seen.lines_to.get(self.chosen[0], ())
        )

    def _claimed_by_name(self, tolerance: int = 0) -> bool:
        """Whether another line of this amount names the party and does not show that it paid something else of the amount."""
        seen, said = self.seen, month_said(self.seen.texts[self.at])
        for other in seen.lines_of.get(self.party, ()):
            if other == self.at or seen.lines[other].currency != self.line.currency or abs(seen.line_cents[other] - self.cents) > tolerance:
                continue
            elsewhere = any(each not in self.right and abs(seen.cents[each] - self.cents) <= tolerance for each in seen.refs[other])
            month = month_said(seen.texts[other])
            if not elsewhere and not (said and month and said != month):
                return True
        return False

    def _other_numbers_of_theirs(self) -> bool:
        return any(each not in self.right and each in self.refs for each in self.theirs)

    def _exact(self) -> bool:
        if self.shown:
            if not self.plainly or self._claimed_before():
                return False
            pointed = [each for each in self.theirs if each in self.refs]
            return len(self.chosen) == 1 or self.seen.ways_to_sum(pointed, self.cents) == 1
        if self.party not in self.named or self._other_numbers_of_theirs() or self._claimed_by_name():
            return False
        if len(self.chosen) == 1:
            return not self._equals() or self._only_month()
        return self.named == {self.party} and not self._equals() and self.seen.ways_to_sum(self.theirs, self.cents) == 1

    def _only_month(self) -> bool:
        """Whether the text names a month, and of the party's equal vouchers only the right one is for that month."""
        said = month_said(self.seen.texts[self.at])
        months = [month_said(self.seen.vouchers[each].remarks) for each in self._equals()]
        return (
            bool(said)
            and month_said(self.seen.vouchers[self.chosen[0]].remarks) == said
            and all(month and month != said for month in months)
        )

    def _part(self) -> bool:
        """A part of one voucher: its number must be shown, more than a tenth must be left, and the lines that show it must not come to more than it is."""
        if len(self.chosen) > 1 or not self.plainly or self._other_numbers_of_theirs() or self._comes_to_it():
            return False
        left = abs(self.total) - abs(self.cents)
        paying = sum(
            abs(self.seen.line_cents[other])
            for other in self.seen.lines_to.get(self.chosen[0], ())
            if self.seen.line_cents[other] * self.total > 0
        )
        return left * 10 > abs(self.total) and paying <= abs(self.total) and not SAYS_LESS.search(self.seen.texts[self.at])

    def _different(self) -> bool:
        """Not the amount of the voucher: a few cents, a charge or discount that is told, or more than was owed."""
        if len(self.chosen) > 1 or self._other_numbers_of_theirs() or self._equals():
            return False
        off = self.cents - self.total
        if abs(off) <= CENTS:
            near = [each for each in self.theirs if abs(self.seen.cents[each] - self.cents) <= CENTS]
            if self.plainly:
                return not self._claimed_before()
            return self.party in self.named and near == self.chosen and not self._claimed_by_name(CENTS)
        if self.cents * self.total <= 0:
            return False
        if abs(self.cents) < abs(self.total):
            whole = [each for each in self.theirs if self._told(self.seen.cents[each]) and not self._claimed_before()]
            return whole == self.chosen and (self.plainly or (self.party in self.named and not self._claimed_by_name()))
        return self.plainly and not self._claimed_before() and self.seen.ways_to_sum(self.theirs, self.cents) == 0 and not self._also_paid()

    def _also_paid(self) -> bool:
        """Whether another line shows the number of an invoice that this one overpays."""
        return any(other != self.at for other in self.seen.lines_to.get(self.chosen[0], ()))

    def _told(self, total: int) -> bool:
        """Whether the text says a charge or a percentage that makes this total the line's amount."""
        text, less = self.seen.texts[self.at], abs(total) - abs(self.cents)
        charges = [int(units) * 100 + int(cents) for units, cents in CHARGE.findall(text)]
        percents = [(abs(total) * int(percent) + 50) // 100 for percent in PERCENT.findall(text)]
        return less > 0 and less in charges + percents

    def _foreign(self) -> bool:
        """A voucher in another currency: its number, or it is all of the party that comes near at the rate."""
        if len(self.chosen) > 1 or any(seen == self.cents for seen in (self.seen.cents[each] for each in self.theirs)):
            return False
        if self._another_of_the_amount() or not self._near(self.chosen[0], self.cents, narrow=True):
            return False
        if self.plainly:
            plain_enough = [each for each, strength in self.refs.items() if strength >= RUNNING and each not in self.right]
            lines = [other for other in self.seen.lines_to[self.chosen[0]] if self._near(self.chosen[0], self.seen.line_cents[other])]
            return not any(self.seen.is_open(each) and self._near(each, self.cents) for each in plain_enough) and all(
                other == self.at for other in lines
            )
        if self.party not in self.named:
            return False
        fits = [each for each in self.seen.open_of[self.party] if self._near(each, self.cents)]
        rivals = [
            other
            for other in self.seen.lines_of.get(self.party, ())
            if other != self.at
            and self.seen.lines[other].currency == self.line.currency
            and self._near(self.chosen[0], self.seen.line_cents[other])
        ]
        return (
            fits == self.chosen
            and not rivals
            and self.seen.ways_to_sum(self.theirs, self.cents) == 0
            and not self._other_numbers_of_theirs()
        )

    def _near(self, each: int, cents: int, narrow: bool = False) -> bool:
        """Whether a voucher comes to so many cents at about the rate, a correspondent's fee let go."""
        voucher = self.seen.vouchers[each]
        rates = self.seen.world.rates
        home = self.seen.world.currency
        rate = (Decimal(1) if voucher.currency == home else rates[voucher.currency]) / (
            Decimal(1) if self.line.currency == home else rates[self.line.currency]
        )
        expected = int(self.seen.cents[each] * rate)
        if expected * cents <= 0:
            return False
        low, high = (95, 104) if narrow else (90, 107)
        return abs(expected) * low // 100 - 3000 <= abs(cents) <= abs(expected) * high // 100 + 3000
