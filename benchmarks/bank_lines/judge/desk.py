"""The company while its months pass: who it deals with, what it has booked, what its banks print. Amounts are whole cents here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from benchmarks.bank_lines import values
from benchmarks.bank_lines.judge import names
from benchmarks.bank_lines.judge.references import HABITS
from benchmarks.bank_lines.judge.statement_texts import Print, digits
from benchmarks.bank_lines.values import OwnAccount, Party, Voucher

CURRENCY = {"AU": "AUD", "NZ": "NZD", "GB": "GBP", "US": "USD", "DE": "EUR", "SG": "SGD"}
# About what one unit was worth in each country's own currency.
WORTH_IN_USD = {"AUD": "0.655", "NZD": "0.602", "GBP": "1.272", "USD": "1", "EUR": "1.085", "SGD": "0.743"}
SERIES = (
    "ACC-SINV-{year}-{number:05}",
    "INV-{number:05}",
    "INV{number}",
    "SI-{year2}-{number:05}",
    "{year}-{number:04}",
    "SINV-{number:06}",
)
BILLS = ("{number}", "INV-{number}", "{letters}{number}", "{letters}-{number}", "IN{number:07}", "{year2}/{number:04}", "SI-{number:06}")


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def number_of_account(rng: Random, country: str) -> str:
    """An account as banks of the country print it."""
    if country == "AU":
        return f"{digits(rng, 3)}-{digits(rng, 3)} {digits(rng, 9)}"
    if country == "NZ":
        return f"{rng.choice(('01', '02', '03', '06', '12', '38'))}-{digits(rng, 4)}-{digits(rng, 7)}-00"
    if country == "GB":
        return f"{digits(rng, 2)}-{digits(rng, 2)}-{digits(rng, 2)} {digits(rng, 8)}"
    if country == "DE":
        rest = digits(rng, 18)
        check = 98 - int(rest + "131400") % 97
        return f"DE{check:02}{rest}"
    return f"{digits(rng, 9)} {digits(rng, 10)}"


@dataclass
class Profile:
    """Somebody the company deals with, and that one's ways. `payer`: the name its bank knows. `fixed`: what every invoice of it is worth, 0 where they differ."""

    party: Party
    payer: str
    habit: str
    number: str
    fixed: int = 0
    currency: str = ""
    bill_series: str = ""
    bill_number: int = 0


@dataclass(eq=False)
class Draft:
    """A line before it has its name, and what really happened."""

    account: OwnAccount
    day: date
    cents: int
    text: Print
    case: str
    kind: str = values.NOTHING
    portions: list[tuple[tuple[str, str, str], int]] = field(default_factory=list)
    difference: int = 0
    other: Draft | None = None
    transaction_id: str = ""
    # What a bookkeeper would code it to where there is no voucher.
    coding: str = ""
    name: str = ""


class Desk:
    def __init__(self, rng: Random, country: str, lines: int) -> None:
        self.rng, self.country, self.currency = rng, country, CURRENCY[country]
        self.own = names.company(rng, country)
        self.first = date(2026, rng.randrange(1, 5), 1)
        self.days = rng.choice((92, 122, 153, 184))
        self.last = self.first + timedelta(days=self.days - 1)
        self.closed_until = self.first + timedelta(days=rng.randrange(3, 7)) if rng.random() < 0.85 or lines >= 2000 else None
        self.series = rng.choice(SERIES)
        self.base, self.block = rng.choice((200, 1000, 10000, 30000)), max(2, math.ceil(lines * 2.2 / self.days))
        self.used: dict[tuple[str, int], int] = {}
        self.names_taken: set[str] = set()
        self.vouchers: dict[tuple[str, str, str], Voucher] = {}
        self.lines: list[Draft] = []
        self.rates: dict[str, Decimal] = {}
        foreign = "USD" if self.currency != "USD" else "EUR"
        for each in (foreign, "EUR" if self.currency != "EUR" else "GBP"):
            self.rates[each] = (Decimal(WORTH_IN_USD[each]) / Decimal(WORTH_IN_USD[self.currency])).quantize(Decimal("0.0001"))
        self.foreign = foreign
        self.accounts = self._accounts(lines)
        self.by_codes = rng.random() < 0.5
        self.customers = [self._customer(at) for at in range(max(14, lines // 9))]
        self.suppliers = [self._supplier(at) for at in range(max(10, lines // 24))]
        self.employees = [self._employee(at) for at in range(max(4, min(60, lines // 120)))]
        self.cheque_number = rng.randrange(100, 90000)

    def _accounts(self, lines: int) -> list[OwnAccount]:
        count = self.rng.choice((3, 3, 4, 4) if lines >= 2000 else (2, 3, 3, 4))
        kinds = ("Operating", "Savings", f"{self.foreign} Account", "Payroll")[:count]
        return [
            OwnAccount(
                f"{kind} - {self.own[:12].strip()}",
                self.foreign if kind.startswith(self.foreign) else self.currency,
                self.country,
                number_of_account(self.rng, self.country),
            )
            for kind in kinds
        ]

    @property
    def main(self) -> OwnAccount:
        return self.accounts[0]

    def _title(self, country: str, human: bool) -> str:
        while True:
            title = names.person(self.rng) if human else names.company(self.rng, country)
            if title not in self.names_taken:
                self.names_taken.add(title)
                return title
            if human:
                title = f"{title} {self.rng.choice(names.SURNAMES)}"
            else:
                title = f"{self.rng.choice(names.PLACES[country])} {title}".replace("_", " ")
            if title not in self.names_taken:
                self.names_taken.add(title)
                return title

    def _payer(self, title: str, country: str) -> str:
        """Whose name the bank shows: the company's own, with or without its form, a parent's, or the owner's."""
        chance = self.rng.random()
        if chance < 0.45:
            return title
        if chance < 0.86:
            return names.without_form(title)
        if chance < 0.91:
            return f"{self.rng.choice(names.SURNAMES)} Group {self.rng.choice(names.FORMS[country])}".strip()
        if chance < 0.95:
            return f"{self.rng.choice(names.SURNAMES).upper()} {self.rng.choice('ABCDEJKLMPRST')}"
        return names.company(self.rng, country)

    def _customer(self, at: int) -> Profile:
        rng, country = self.rng, self.country
        currency = self.foreign if rng.random() < 0.06 else self.currency
        home = country if currency == self.currency else ("US" if currency == "USD" else "DE")
        title = self._title(home, rng.random() < 0.12)
        account = number_of_account(rng, home)
        known = (account,) if rng.random() < (0.5 if country == "DE" else 0.2) else ()
        code = f"CUST-{at + 101:05}" if self.by_codes else title
        habits, shares = zip(*HABITS)
        fixed = rng.choice((4900, 9900, 29900, 55000, 110000, 16500)) if rng.random() < 0.12 else self.price() if rng.random() < 0.08 else 0
        habit = rng.choices(habits, shares)[0]
        if habit == "customer" and not self.by_codes:
            habit = "full"
        return Profile(Party("Customer", code, title, known), self._payer(title, home), habit, account, fixed, currency)

    def _supplier(self, at: int) -> Profile:
        rng, country = self.rng, self.country
        title = self._title(country, rng.random() < 0.08)
        account = number_of_account(rng, country)
        known = (account,) if rng.random() < 0.45 else ()
        code = f"SUPP-{at + 101:05}" if self.by_codes else title
        # The company's own people type what they pay for: more of the number, fewer moods.
        habit = rng.choices(("full", "digits", "nothing", "customer", "vague"), (66, 12, 10, 8, 4))[0]
        fixed = self.price() if rng.random() < 0.12 else 0
        shown = names.without_form(title) if rng.random() < 0.6 else title
        letters = names.plain(title)[:3].replace(" ", "X")
        series = rng.choice(BILLS).replace("{letters}", letters if letters.isalpha() else "SUP")
        return Profile(Party("Supplier", code, title, known), shown, habit, account, fixed, self.currency, series, rng.randrange(90, 60000))

    def _employee(self, at: int) -> Profile:
        title = self._title(self.country, True)
        account = number_of_account(self.rng, self.country)
        wage = self.rng.randrange(180000, 520000)
        return Profile(Party("Employee", f"HR-EMP-{at + 1:05}", title, (account,)), title, "nothing", account, wage, self.currency)

    def one_of(self, among: list[Profile]) -> Profile:
        """Few deal with the company often, many seldom."""
        return among[int(len(among) * self.rng.random() ** 1.5)]

    def customer(self, home: bool = True) -> Profile:
        while True:
            found = self.one_of(self.customers)
            if not home or found.currency == self.currency:
                return found

    def price(self) -> int:
        cents = int(math.exp(self.rng.gauss(10.7, 1.15)))
        style = self.rng.random()
        if style < 0.2:
            return max(2000, cents // 1000 * 1000)
        if style < 0.35:
            return max(1100, cents // 500 * 550)
        return max(950, cents)

    def worth(self, who: Profile) -> int:
        return who.fixed or self.price()

    def day(self, earliest: int = 0) -> date:
        """A day the banks work, now and then one of the closed days at the start."""
        low = (
            earliest if self.closed_until is None or self.rng.random() < 0.15 else max(earliest, (self.closed_until - self.first).days + 1)
        )
        found = self.first + timedelta(days=self.rng.randrange(low, self.days))
        return found - timedelta(days=found.weekday() - 4) if found.weekday() > 4 and (found - self.first).days > low + 2 else found

    def before(self, day: date, least: int = 0, most: int = 70) -> date:
        return day - timedelta(days=min(most, least + int(self.rng.expovariate(1 / 24))))

    def _number(self, kind: str, day: date) -> int:
        """Numbers run on with the days: each day has its block, and what does not fit goes to the next."""
        at = (day - self.first).days + 120
        while self.used.get((kind, at), 0) >= self.block:
            at += 1
        place = self.used.get((kind, at), 0)
        self.used[kind, at] = place + 1
        return self.base + at * self.block + place

    def add(self, voucher: Voucher) -> Voucher:
        if voucher.key in self.vouchers:
            raise ValueError(f"{voucher.key} is there twice")
        self.vouchers[voucher.key] = voucher
        return voucher

    def invoice(self, who: Profile, day: date, cents: int, remarks: str = "", currency: str = "") -> Voucher:
        """A sales invoice, or with a negative amount a credit note, still open."""
        rng = self.rng
        name = self.series.format(year=day.year, year2=day.year % 100, number=self._number("SI", day))
        order = rng.choice(("PO{}", "PO-{}", "45{}", "P{}")).format(digits(rng, 6)) if who.habit == "order" or rng.random() < 0.08 else ""
        total = cents if rng.random() < 0.95 else cents + self.price() * (1 if cents > 0 else -1)
        due = day + timedelta(days=rng.choice((7, 14, 14, 30)))
        return self.add(
            Voucher(
                "Sales Invoice",
                name,
                "Customer",
                who.party.name,
                day,
                money(cents),
                currency or who.currency,
                money(total),
                due,
                order,
                "",
                remarks,
            )
        )

    def bill(self, who: Profile, day: date, cents: int, remarks: str = "") -> Voucher:
        """A purchase invoice over so many cents, open; negative for a supplier's credit note. Its amount here is what goes out."""
        who.bill_number += self.rng.choice((1, 1, 2, 3, 7, 19))
        number = who.bill_series.format(year2=day.year % 100, number=who.bill_number)
        name = f"ACC-PINV-{day.year}-{self._number('PI', day):05}"
        due = day + timedelta(days=self.rng.choice((7, 14, 30)))
        return self.add(
            Voucher(
                "Purchase Invoice",
                name,
                "Supplier",
                who.party.name,
                day,
                money(-cents),
                who.currency,
                money(-cents),
                due,
                number,
                "",
                remarks,
            )
        )

    def moved(
        self, doctype: str, who: Profile | None, day: date, cents: int, account: OwnAccount, reference: str = "", remarks: str = ""
    ) -> Voucher:
        """A Payment Entry or Journal Entry that waits for its bank line."""
        prefix = "ACC-PAY" if doctype == "Payment Entry" else "ACC-JV"
        name = f"{prefix}-{day.year}-{self._number(prefix, day):05}"
        kind, party = (who.party.party_type, who.party.name) if who else ("", "")
        return self.add(
            Voucher(
                doctype,
                name,
                kind,
                party,
                day,
                money(cents),
                account.currency,
                reference=reference,
                bank_account=account.name,
                remarks=remarks,
            )
        )

    def line(self, case: str, account: OwnAccount, day: date, cents: int, text: Print, coding: str = "") -> Draft:
        drawn = Draft(account, day, cents, text, case, coding=coding)
        if self.rng.random() < 0.7:
            drawn.transaction_id = digits(self.rng, 12)
        self.lines.append(drawn)
        return drawn

    def pays(self, drawn: Draft, *portions: tuple[Voucher, int], difference: int = 0) -> Draft:
        drawn.kind, drawn.difference = values.VOUCHERS, difference
        drawn.portions = [(voucher.key, cents) for voucher, cents in portions]
        return drawn

    def next_cheque(self) -> str:
        self.cheque_number += 1
        return f"{self.cheque_number:06}"


def cents_of(voucher: Voucher) -> int:
    return int(voucher.amount.scaleb(2))
