"""The company while it is made: vouchers without numbers yet and movements of money without text yet.

Amounts are whole cents here, signed as the company sees them: every currency of the generator has two places. Numbers are given when all vouchers are known, by their date, as
a series in the books has them; texts are printed after that, since they quote numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from benchmarks.bank_lines.tuning.countries import Country
from benchmarks.bank_lines.values import NOTHING, VOUCHERS, OwnAccount

# A name of its own, because Paper has a field `date`.
Due = date | None


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


@dataclass(eq=False)
class Partner:
    """A customer, supplier or employee. `trading`: what the bank calls them, "" as in ERPNext; `payers`: others who pay for them; `fixed`: the one price of theirs."""

    party_type: str
    code: str
    title: str
    trading: str
    payers: tuple[str, ...]
    account: str
    account_known: bool
    currency: str
    fixed: int = 0
    series: str = ""
    counter: int = 0


@dataclass(eq=False)
class Paper:
    """A voucher to be. `open`: signed cents still open or moved; `side_of`: the other side of the same internal transfer."""

    doctype: str
    partner: Partner | None
    date: date
    open: int
    currency: str
    total: int = 0
    due: Due = None
    reference: str = ""
    account: OwnAccount | None = None
    remarks: str = ""
    name: str = ""
    side_of: Paper | None = None


@dataclass(eq=False)
class Movement:
    """A line to be, with its truth. `channel`: how the money went; `who`: the other side as the bank knows it; `quote`: how `papers` are named in the text
    (wording.QUOTES); `note`: other words of the payer."""

    case: str
    account: OwnAccount
    date: date
    amount: int
    channel: str
    who: str = ""
    who_account: str = ""
    papers: Sequence[Paper] = ()
    quote: str = "nothing"
    note: str = ""
    kind: str = NOTHING
    parts: Sequence[tuple[Paper, int]] = ()
    difference: int = 0
    other: Movement | None = None
    # A line that the bank gives twice has the text of the first.
    same_text_as: Movement | None = None


@dataclass(eq=False)
class Books:
    """What the cases write into."""

    rng: Random
    country: Country
    name: str
    accounts: list[OwnAccount]
    first: date
    last: date
    prices: list[int]
    rates: dict[str, Decimal]
    customers: list[Partner]
    suppliers: list[Partner]
    employees: list[Partner]
    coded_parties: bool
    invoice_series: str
    papers: list[Paper] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    @property
    def main(self) -> OwnAccount:
        return self.accounts[0]

    def day(self, lead: int = 0) -> date:
        """A day that banks work, at least `lead` days before the end."""
        span = (self.last - self.first).days - lead
        return self.working(self.first + timedelta(days=self.rng.randrange(max(1, span))))

    def working(self, day: date) -> date:
        return day + timedelta(days=max(0, day.weekday() - 4) and 7 - day.weekday())

    def price(self) -> int:
        """Cents of an invoice: mostly some of the price list with tax, else any amount."""
        rng = self.rng
        if rng.random() < 0.45:
            return self.taxed(rng.choice(self.prices) * rng.choice((1, 1, 1, 2, 3, 4, 5, 8)))
        return max(900, int(rng.lognormvariate(10.9, 1.15)))

    def taxed(self, net: int) -> int:
        return net + (net * self.country.tax + 50) // 100

    def account_in(self, currency: str) -> OwnAccount:
        """The account that money of the currency goes through: its own, else the main one."""
        return next((each for each in self.accounts if each.currency == currency), self.main)

    def rate(self, currency: str) -> Decimal:
        return Decimal(1) if currency == self.country.currency else self.rates[currency]

    def paper(self, paper: Paper) -> Paper:
        self.papers.append(paper)
        return paper

    def move(self, movement: Movement) -> Movement:
        self.movements.append(movement)
        return movement

    def invoice(self, partner: Partner, amount: int, paid_on: date, *, terms: int = 0, remarks: str = "") -> Paper:
        """A sales or purchase invoice (`amount` signed) that was posted before it is paid; part of its total may have been paid long ago."""
        rng = self.rng
        waited = rng.choice((2, 5, 8, 12, 14, 15, 20, 28, 30, 31, 33, 45, 62)) if not terms else rng.randrange(1, terms)
        posted = paid_on - timedelta(days=waited)
        total = amount * 2 if rng.random() < 0.02 else amount
        sales = partner.party_type == "Customer"
        made = Paper(
            "Sales Invoice" if sales else "Purchase Invoice",
            partner,
            posted,
            amount,
            partner.currency,
            total,
            posted + timedelta(days=rng.choice((7, 14, 30, 30))),
        )
        made.remarks = remarks
        if sales and rng.random() < 0.35:
            made.reference = (
                f"PO{rng.randrange(10_000, 99_999)}" if rng.random() < 0.7 else f"{rng.randrange(4_500_000_000, 4_500_999_999)}"
            )
        return self.paper(made)

    def entered(
        self,
        partner: Partner | None,
        amount: int,
        account: OwnAccount,
        day: date,
        *,
        reference: str = "",
        doctype: str = "",
        remarks: str = "",
    ) -> Paper:
        """A Payment Entry or Journal Entry that waits for its bank line."""
        kind = doctype or ("Payment Entry" if partner and self.rng.random() < 0.8 else "Journal Entry")
        return self.paper(Paper(kind, partner, day, amount, account.currency, reference=reference, account=account, remarks=remarks))

    def pay(
        self, case: str, day: date, amount: int, papers: Sequence[Paper], partner: Partner | None, quote: str, channel: str, **more: object
    ) -> Movement:
        """A line that settles the papers in full unless `parts` says otherwise; the difference follows."""
        parts = more.pop("parts", None) or [(paper, paper.open) for paper in papers]
        account = (
            more.pop("account", None)
            or next((paper.account for paper in papers if paper.account), None)
            or self.account_in(papers[0].currency)
        )
        assert isinstance(account, OwnAccount) and isinstance(parts, list)
        who = str(more.pop("who", "") or (self.called(partner) if partner else ""))
        number = str(more.pop("who_account", partner.account if partner else ""))
        same = all(paper.currency == account.currency for paper in papers)
        return self.move(
            Movement(
                case,
                account,
                self.working(day),
                amount,
                channel,
                who,
                number,
                tuple(papers),
                quote,
                str(more.pop("note", "")),
                VOUCHERS,
                tuple(parts),
                amount - sum(part for _, part in parts) if same else 0,
            )
        )

    def called(self, partner: Partner) -> str:
        """The name that the bank has of them."""
        return partner.trading if partner.trading and self.rng.random() < 0.5 else partner.title
