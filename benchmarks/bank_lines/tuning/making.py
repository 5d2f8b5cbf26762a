"""Runs a company through its cases, numbers the vouchers, prints the lines, and hands out the world with its truths."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from benchmarks.bank_lines.tuning import countries, money_in, payments, receipts
from benchmarks.bank_lines.tuning.books import Books, Movement, Paper, Partner, money
from benchmarks.bank_lines.tuning.company import company
from benchmarks.bank_lines.tuning.statement import Printed, printed, styles
from benchmarks.bank_lines.values import NOTHING, Answer, Line, Party, Truth, Voucher, World

NAMED = {
    "Purchase Invoice": "ACC-PINV-{year}-{number:05}",
    "Payment Entry": "ACC-PAY-{year}-{number:05}",
    "Journal Entry": "ACC-JV-{year}-{number:05}",
    "Expense Claim": "HR-EXP-{year}-{number:05}",
}
# Of so many lines how many vouchers more are open that nobody has paid.
UNPAID = 0.3


def made(seed: int, lines: int, code: str) -> World:
    """A world whose truths say what happened; whether a line is decidable is not judged yet (False)."""
    rng = Random(seed)
    country = countries.of(rng, code)
    books = company(rng, country, lines)
    _happen(books, lines)
    _number(books)
    closed = books.first + timedelta(days=max(3, (books.last - books.first).days // 20)) if rng.random() < 0.7 else None
    prints = _print(books)
    order = sorted((movement.account.name, movement.date, rng.random(), at) for at, movement in enumerate(books.movements))
    names = {
        id(books.movements[at]): f"ACC-BTN-{books.movements[at].date.year}-{number:06}" for number, (_, _, _, at) in enumerate(order, 1)
    }
    vouchers = {id(paper): _voucher(paper) for paper in books.papers}
    made_lines, truths = [], {}
    for _, _, _, at in order:
        movement = books.movements[at]
        name = names[id(movement)]
        made_lines.append(_line(name, movement, prints[at]))
        answer = _answer(movement, vouchers, names)
        posts = movement.kind != NOTHING and not (movement.parts and all(paper.account for paper, _ in movement.parts))
        truths[name] = Truth("closed period" if closed and movement.date <= closed and posts else movement.case, answer, False)
    return World(
        seed,
        country.code,
        country.currency,
        tuple(books.accounts),
        tuple(_party(each) for each in (*books.customers, *books.suppliers, *books.employees)),
        tuple(vouchers.values()),
        tuple(made_lines),
        closed,
        dict(books.rates),
        truths,
    )


def _happen(books: Books, lines: int) -> None:
    """Cases as often as this company has them, until there are just so many lines; a case that would make too many is taken back."""
    cases = [*receipts.CASES, *money_in.CASES, *payments.CASES]
    weights = [weight * books.rng.uniform(0.7, 1.3) for _, weight in cases]
    while len(books.movements) < lines:
        papers, movements = len(books.papers), len(books.movements)
        books.rng.choices(cases, weights)[0][0](books)
        if len(books.movements) > lines:
            del books.papers[papers:], books.movements[movements:]
    rng = books.rng
    for _ in range(int(lines * UNPAID)):
        if rng.random() < 0.7:
            who = receipts.customer(books)
            books.invoice(who, who.fixed if rng.random() < 0.2 else books.price(), books.day())
        elif rng.random() < 0.85:
            books.invoice(payments.supplier(books), -books.price(), books.day())
        else:
            who = payments.supplier(books)
            books.entered(who, -books.price(), books.account_in(who.currency), books.day(), reference=f"{rng.randrange(100_100, 199_999)}")


def _number(books: Books) -> None:
    """Names by date in each series; a supplier's own numbers on its bills."""
    count: dict[str, int] = {"Sales Invoice": books.rng.randrange(80, 40_000)}
    for paper in sorted(books.papers, key=lambda each: each.date):
        count[paper.doctype] = count.get(paper.doctype, 0) + 1
        if paper.side_of:
            continue
        series = books.invoice_series if paper.doctype == "Sales Invoice" else NAMED[paper.doctype]
        paper.name = series.format(year=paper.date.year, short=paper.date.year % 100, number=count[paper.doctype])
        if paper.doctype == "Purchase Invoice" and paper.partner and books.rng.random() < 0.93:
            paper.partner.counter += books.rng.choice((1, 1, 2, 3, 7))
            paper.reference = paper.partner.series.format(year=paper.date.year, number=paper.partner.counter)
    for paper in books.papers:
        if paper.side_of:
            paper.name = paper.side_of.name


def _print(books: Books) -> list[Printed]:
    style = styles(books)
    done: dict[int, Printed] = {}
    prints = []
    for movement in books.movements:
        first = movement.same_text_as
        text = replace(done[id(first)], transaction_id="") if first else printed(books, movement, style[movement.account.name])
        done[id(movement)] = text
        prints.append(text)
    return prints


def _voucher(paper: Paper) -> Voucher:
    partner, invoice = paper.partner, paper.account is None
    return Voucher(
        paper.doctype,
        paper.name,
        partner.party_type if partner else "",
        partner.code if partner else "",
        paper.date,
        money(paper.open),
        paper.currency,
        money(paper.total or paper.open) if invoice else None,
        (paper.due or paper.date) if invoice else None,
        paper.reference,
        paper.account.name if paper.account else "",
        paper.remarks,
    )


def _line(name: str, movement: Movement, text: Printed) -> Line:
    return Line(
        name,
        movement.account.name,
        movement.date,
        money(movement.amount),
        movement.account.currency,
        text.description,
        text.reference,
        text.transaction_type,
        text.party_name,
        text.party_number,
        text.transaction_id,
    )


def _answer(movement: Movement, vouchers: dict[int, Voucher], names: dict[int, str]) -> Answer:
    parts = tuple((vouchers[id(paper)].key, money(part)) for paper, part in movement.parts)
    return Answer(movement.kind, parts, money(movement.difference), names[id(movement.other)] if movement.other else "")


def _party(partner: Partner) -> Party:
    return Party(partner.party_type, partner.code, partner.title, (partner.account,) if partner.account_known else ())
