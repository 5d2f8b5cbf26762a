"""Receipts that are no single invoice's: payouts and slips, sums that repeat, what was entered before, paid twice, or comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from benchmarks.bank_lines.tuning.books import Books, Movement, Paper
from benchmarks.bank_lines.tuning.company import PROCESSORS
from benchmarks.bank_lines.tuning.receipts import customer
from benchmarks.bank_lines.values import RETURNED


def card_payout(books: Books) -> None:
    """A processor pays many card payments in one sum, less its fee; the shop's integration has entered each with the payout's reference, or has not."""
    rng, day = books.rng, books.day()
    processor, known = rng.choice(PROCESSORS), rng.random() < 0.75
    payout = rng.choice(
        (
            f"po_1{rng.randrange(10**9):09}",
            f"{processor[:2]}-{rng.randrange(10**7):07}",
            f"ST-{rng.choice('ABCDEFGH')}{rng.randrange(10**6):06}",
        )
    )
    papers = []
    for _ in range(rng.choice((2, 3, 5, 8, 12))):
        who = customer(books)
        if who.currency != books.country.currency:
            continue
        if known:
            papers.append(
                books.entered(
                    who, books.price(), books.main, day - timedelta(days=rng.choice((1, 2, 3))), reference=payout, doctype="Payment Entry"
                )
            )
        else:
            papers.append(books.invoice(who, books.price(), day, terms=4))
    gross = sum(paper.open for paper in papers)
    if len(papers) < 2:
        for paper in papers:
            books.papers.remove(paper)
        return
    fee = (gross * rng.choice((140, 175, 190, 290)) // 10_000) + 30 * len(papers)
    quote, note = ("shared", "") if known else ("nothing", payout)
    books.pay(
        "card payout", day, gross - fee, papers, None, quote, "transfer", who=processor, note=note, who_account="", account=books.main
    )


def cheques_banked(books: Books) -> None:
    """Cheques of several customers banked with one slip; each was entered with its own number, and the line has the slip's sum."""
    rng, day, papers = books.rng, books.day(), []
    for who in [customer(books) for _ in range(rng.choice((2, 3, 5)))]:
        if who.currency == books.country.currency:
            papers.append(
                books.entered(
                    who, books.price(), books.main, day - timedelta(days=rng.choice((0, 1))), reference=f"{rng.randrange(100, 9999):06}"
                )
            )
    if papers:
        books.pay(
            "cheques banked together",
            day,
            sum(paper.open for paper in papers),
            papers,
            None,
            "nothing",
            "cheque",
            who_account="",
            account=books.main,
        )


def rent(books: Books) -> None:
    """The same sum every month: mostly without a reference, now and then with one."""
    rng, who = books.rng, customer(books)
    price, quote = who.fixed * rng.choice((3, 5, 8)), rng.choice(("nothing", "nothing", "whole", "bare", "customer"))
    first = books.first + timedelta(days=rng.randrange(0, 25))
    for month in range(rng.choice((2, 3, 4, 6))):
        day = first + timedelta(days=month * 30 + rng.randrange(0, 4))
        if day > books.last:
            return
        invoice = books.invoice(who, price, day)
        invoice.date, invoice.total = first + timedelta(days=month * 30 - 5), invoice.open
        invoice.due = invoice.date + timedelta(days=14)
        books.pay(
            "the same every month",
            day,
            invoice.open,
            [invoice],
            who,
            quote,
            "standing",
            note=rng.choice(("rent", "RENT", "retainer", "monthly")) if quote == "nothing" else "",
        )


def subscription(books: Books) -> None:
    """One of few prices that very many pay."""
    rng, who, day = books.rng, customer(books), books.day()
    invoice = books.invoice(who, who.fixed, day)
    quote = rng.choices(("whole", "bare", "customer", "nothing", "transposed"), (46, 22, 10, 17, 5))[0]
    books.pay("the price of many", day, invoice.open, [invoice], who, quote, rng.choice(("transfer", "transfer", "standing")))


def already_entered(books: Books) -> None:
    """The receipt was entered before its bank line came: as Payment Entry or Journal Entry, some days off or on the day."""
    rng, who, day = books.rng, customer(books), books.day()
    account = books.account_in(who.currency)
    reference = rng.choice((f"{rng.randrange(100_000, 999_999)}", f"RCPT{rng.randrange(10**7)}", "", f"INV{rng.randrange(1000, 99_999)}"))
    paper = books.entered(who, books.price(), account, day - timedelta(days=rng.choice((0, 0, 0, 1, 2, 3, 5))), reference=reference)
    books.pay(
        "receipt already entered", day, paper.open, [paper], who, "shared" if reference and rng.random() < 0.65 else "nothing", "transfer"
    )


def double_payment(books: Books) -> None:
    """The customer pays the same invoice twice; the second pays nothing that is here."""
    rng, who, day = books.rng, customer(books), books.day(15)
    invoice = books.invoice(who, books.price(), day)
    quote = rng.choice(("whole", "whole", "bare", "nothing"))
    first = books.pay("paid twice: the first", day, invoice.open, [invoice], who, quote, "transfer")
    books.move(
        Movement(
            "paid twice: the second",
            first.account,
            books.working(day + timedelta(days=rng.randrange(1, 12))),
            first.amount,
            "transfer",
            first.who,
            first.who_account,
            [invoice],
            quote,
        )
    )


def bank_repeats(books: Books) -> None:
    """The bank's file has a line twice, without an id to tell; one of them did not happen."""
    who, day = customer(books), books.day()
    invoice = books.invoice(who, books.price(), day)
    first = books.pay("repeated by the bank: once", day, invoice.open, [invoice], who, "whole", "transfer")
    books.move(
        Movement(
            "repeated by the bank: again",
            first.account,
            first.date,
            first.amount,
            "transfer",
            first.who,
            first.who_account,
            [invoice],
            "whole",
            same_text_as=first,
        )
    )


def returned_debit(books: Books) -> None:
    """A direct debit or cheque comes back, with a fee of the bank; the invoice stays open."""
    rng, who, day = books.rng, customer(books), books.day(12)
    invoice = books.invoice(who, books.price(), day)
    cheque = rng.random() < 0.35
    quote = rng.choice(("whole", "bare", "nothing"))
    first = books.pay("later returned", day, invoice.open, [invoice], who, quote, "cheque" if cheque else "debit")
    back = books.working(first.date + timedelta(days=rng.choice((1, 2, 3, 5, 8))))
    case = "bounced cheque" if cheque else "returned direct debit"
    books.move(Movement(case, first.account, back, -first.amount, "returned", first.who, "", [invoice], quote, kind=RETURNED, other=first))
    if rng.random() < 0.7:
        books.move(
            Movement(
                "fee for a return",
                first.account,
                back,
                -rng.choice((250, 500, 1500, 3500)),
                "fee",
                note=rng.choice(("DISHONOUR FEE", "RETURNED ITEM FEE", "UNPAID ITEM CHARGE")),
            )
        )


def refund(books: Books) -> None:
    """Money back to a customer against a credit note."""
    rng, who, day = books.rng, customer(books), books.day()
    note = Paper("Sales Invoice", who, day - timedelta(days=rng.choice((0, 1, 3, 7))), -books.price(), who.currency)
    note.total = note.open
    books.paper(note)
    books.pay(
        "refund to a customer",
        day,
        note.open,
        [note],
        who,
        rng.choice(("whole", "bare", "nothing")),
        "transfer",
        note=rng.choice(("refund", "REFUND", "")),
    )


CASES: tuple[tuple[Callable[[Books], None], float], ...] = (
    (card_payout, 0.9),
    (cheques_banked, 0.4),
    (rent, 0.9),
    (subscription, 4.0),
    (already_entered, 4.0),
    (double_payment, 0.5),
    (bank_repeats, 0.3),
    (returned_debit, 0.6),
    (refund, 0.7),
)
