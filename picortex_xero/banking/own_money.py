"""The company's own money: transfers between its accounts of which only the two lines know, and lines that take back an earlier one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from ..accounting.texts import Text
from . import gates, numbers, saying
from .around import Around
from .names import telling
from .reading import DIGITS, fields
from .standing import Finding, Standing
from .values import RETURNED, TRANSFER, Line

# Words of a transfer and of a return, as banks of several countries print them, in capitals without accents (UE is U).
TRANSFERS = frozenset(
    "TRANSFER TRANSFERS TFR TRF XFER TRSF TSFR SWEEP INTERNAL UBERTRAG UBERTRAGUNG UMBUCHUNG INTERACCOUNT VIREMENT OWN SAVINGS IAT FT".split()
)
RETURNS = frozenset(
    "RETURN RETURNED RETURNS RTN RTD RETD DISHONOUR DISHONOURED DISHONOR DISHONORED REVERSAL REVERSED UNPAID BOUNCED RUCKLASTSCHRIFT RETOURE RUCKGABE RUCKUBERWEISUNG REJECT "
    "REJECTED REJECTION NSF STORNO RECALL RECALLED CHARGEBACK RDI UNAPPLIED REFUSED BOUNCE CANCELLED".split()
)
TRANSFER_DAYS, RETURN_DAYS = 5, 45
NO_ACCOUNTS: frozenset[str] = frozenset()
# An account's lines by day, each day's sorted by their amount.
OfDay = dict[int, list[Line]]
# By how much the two sides of a transfer across currencies may be off the rate.
RATE = Decimal("0.04")


class OwnMoney:
    """Look-ups of one company's lines that speak of transfers or returns."""

    def __init__(self, standing: Standing) -> None:
        self.standing, self.around = standing, standing.around
        books = self.around.books
        self.currencies = {account.name: account.currency for account in books.accounts}
        self.ends = {account.name: re.sub(r"\D", "", account.number) for account in books.accounts}
        self.account_words = {
            account.name: frozenset(word for word in telling(account.name) if len(word) >= 4 and not word.isdigit())
            for account in books.accounts
        }
        self.rates = {**books.rates, books.currency: Decimal(1)}
        self.mixed = len(set(self.currencies.values())) > 1
        self.days = timedelta(days=TRANSFER_DAYS)
        self._shown: dict[str, frozenset[str]] = {}
        self.of_day: dict[str, OfDay] = defaultdict(lambda: defaultdict(list))
        self.speaking: dict[str, OfDay] = defaultdict(lambda: defaultdict(list))
        if self.mixed:
            for line in sorted(self.around.lines, key=_amount):
                day = line.date.toordinal()
                self.of_day[line.bank_account][day].append(line)
                if self.speaks(line) or any(
                    self.shows_account(line, each.name) for each in books.accounts if each.name != line.bank_account
                ):
                    self.speaking[line.bank_account][day].append(line)

    def speaks(self, line: Line) -> bool:
        return not TRANSFERS.isdisjoint(self.around.reading[line.name].words)

    def shows_account(self, line: Line, account: str) -> bool:
        """Whether the line shows the end of the account's number, or the account's name."""
        found = self._shown.get(line.name)
        if found is None:
            found = self._shown[line.name] = frozenset(self._accounts_in(line)) or NO_ACCOUNTS
        return account in found

    def _accounts_in(self, line: Line) -> Iterator[str]:
        """All the company's accounts that the line shows."""
        reading = self.around.reading[line.name]
        said, account = reading.said, re.sub(r"\D", "", reading.account)
        texts = [text for text in fields(line) if DIGITS.search(text)]
        shown = {
            digits for text in texts for digits in DIGITS.findall(text.replace(" ", "").replace("-", "") + " " + text) if len(digits) >= 4
        }
        for name, number in self.ends.items():
            if account and len(number) >= 6 and account == number:
                yield name
            elif not said.isdisjoint(self.account_words[name]):
                yield name
            elif len(number) >= 4 and shown and any(map(number.endswith, shown)):
                yield name

    def transfers(self) -> Iterator[Finding]:
        for line in self.standing.open_lines():
            others = self.other_sides(line)
            if len(others) == 0:
                continue
            other = min(others, key=lambda each: (abs((each.date - line.date).days), each.name))
            against: list[Text] = []
            if len(others) > 1:
                against.append(saying.other_lines_fit(len(others) - 1))
            elif any(each.name != line.name for each in self.other_sides(other)):
                against.append(saying.other_lines_fit(len(self.other_sides(other)) - 1))
            if not self._told(line, other):
                against.append(saying.not_certain())
            for one in (line, other):
                against += self._vouchers_instead(one)
            reasons = (
                (saying.transfer(other.bank_account), saying.transfer_said()) if not against else (saying.transfer(other.bank_account),)
            )
            finding = Finding(line, 94, reasons, kind=TRANSFER, other_line=other.name)
            yield finding.doubted(*against) if against else finding

    def _told(self, line: Line, other: Line) -> bool:
        """Whether one of the two shows the other's account, or both speak of a transfer: banks call much else a transfer as well."""
        return (
            self.shows_account(line, other.bank_account)
            or self.shows_account(other, line.bank_account)
            or (self.speaks(line) and self.speaks(other))
        )

    def _vouchers_instead(self, line: Line) -> Iterator[Text]:
        around = self.around
        moved = [
            each
            for each in around.of_amount.get((line.currency, line.amount), ())
            if each.bank_account and gates.may_be(line, each) and self.standing.rival(each)
        ]
        if moved:
            yield saying.others_fit(len(moved))
        if parties := list(around.parties_of(line)):
            yield saying.names_another(around.names.cards[parties[0]].party.title)
        elif any(hit.strength == numbers.STRONG for _, hit in around.shown(line)):
            yield saying.points_elsewhere(next(iter(around.shown(line)))[0].name)

    def other_sides(self, line: Line) -> list[Line]:
        """Lines the other way in other own accounts within days, of the same worth, that nothing else decides."""
        around = self.around
        found = [
            each
            for each in around.lines_about(line.currency, -line.amount, line.date - self.days, line.date + self.days)
            if each.bank_account != line.bank_account
        ]
        if self.mixed and (rate := self.rates.get(line.currency)):
            worth = line.amount * rate
            for account, currency in self.currencies.items():
                theirs = self.rates.get(currency)
                if account == line.bank_account or currency == line.currency or not theirs:
                    continue
                # Where the line itself shows the other account, its other side need not say anything.
                there = (self.of_day if self.shows_account(line, account) else self.speaking).get(account)
                if not there:
                    continue
                middle, off, day = -worth / theirs, abs(worth / theirs) * RATE, line.date.toordinal()
                for at in range(day - TRANSFER_DAYS, day + TRANSFER_DAYS + 1):
                    if lines := there.get(at):
                        found += lines[bisect_left(lines, middle - off, key=_amount) : bisect_right(lines, middle + off, key=_amount)]
        return [each for each in found if each.name not in self.standing.certain_lines]

    def returns(self) -> Iterator[Finding]:
        around = self.around
        for line in self.standing.open_lines():
            if not self.returning(line):
                continue
            before = [
                each
                for each in around.lines_about(line.currency, -line.amount, line.date - timedelta(days=RETURN_DAYS), line.date)
                if each.bank_account == line.bank_account and each.name != line.name and not self.returning(each)
            ]
            if not before:
                continue
            told = sorted(((self._shared(line, each), each) for each in before), key=lambda each: (-each[0], each[1].date, each[1].name))
            shared, earlier = told[0]
            finding = Finding(line, 94, (saying.returned(earlier.date),), kind=RETURNED, other_line=earlier.name)
            against: list[Text] = []
            if len(told) > 1 and (shared < 4 or told[1][0] > 0):
                against.append(saying.other_lines_fit(len(told) - 1))
            if not shared:
                against.append(saying.names_another(other) if (other := self._names_other(line, earlier)) else saying.not_certain())
            again = [
                each
                for each in around.lines_of_amount[line.currency, line.amount]
                if each.name != line.name
                and each.bank_account == line.bank_account
                and self.returning(each)
                and abs((each.date - line.date).days) <= RETURN_DAYS
            ]
            if again:
                against.append(saying.other_lines_fit(len(again)))
            yield finding.doubted(*against) if against else finding

    def returning(self, line: Line) -> bool:
        reading = self.around.reading[line.name]
        return not RETURNS.isdisjoint(reading.words) or ("REFER" in reading.words and "REFER TO DRAWER" in " ".join(reading.words))

    def _names_other(self, line: Line, earlier: Line) -> str:
        """A party that the return names and the earlier line does not, while that names one: ""."""
        ours, theirs = self.around.parties_of(line), self.around.parties_of(earlier)
        other = next((key for key in ours if key not in theirs), None)
        return self.around.names.cards[other].party.title if other and theirs else ""

    def _shared(self, line: Line, other: Line) -> int:
        """Letters and digits of the words that both say, words of banks apart."""
        return shared(self.around, line, other)


def _amount(line: Line) -> Decimal:
    return line.amount


def shared(around: Around, line: Line, other: Line) -> int:
    ours, theirs = around.reading[line.name], around.reading[other.name]
    return sum(
        len(word)
        for word in ours.said & theirs.said
        if len(word) >= 4 and word not in RETURNS and word not in TRANSFERS and word not in around.names.common
    )
