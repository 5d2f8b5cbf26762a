"""What customers do with an invoice, or some: pay it whole, in part, with less or more, with all the ways to say which it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from benchmarks.bank_lines.tuning.books import Books, Movement, Paper, Partner


def customer(books: Books) -> Partner:
    """Some customers buy more often than others. One in the currency of the books, or one with an account of ours in theirs."""
    while True:
        found = books.customers[int(len(books.customers) * books.rng.random() ** 1.6)]
        if found.currency == books.country.currency or books.account_in(found.currency) is not books.main:
            return found


def channel(books: Books, partner: Partner) -> str:
    if books.account_in(partner.currency) is not books.main:
        return "wire" if books.rng.random() < 0.5 else "transfer"
    return books.rng.choices(("transfer", "bill", "cheque"), (92, 4, 4))[0]


def _receipt(case: str, quote: str) -> Callable[[Books], None]:
    """One invoice paid exactly by one line."""

    def make(books: Books) -> None:
        who, day = customer(books), books.day()
        invoice = books.invoice(who, books.price(), day)
        if quote == "order" and not invoice.reference:
            invoice.reference = f"PO-{books.rng.randrange(1000, 99999)}"
        note = books.rng.choice(("", "", "", "thank you", "payment", books.name.split(" ")[0]))
        books.pay(case, day, invoice.open, [invoice], who, quote, channel(books, who), note=note)

    return make


def paid_by_another(books: Books) -> None:
    who, day = customer(books), books.day()
    invoice = books.invoice(who, books.price(), day)
    quote = books.rng.choice(("whole", "whole", "digits", "bare", "nothing"))
    books.pay(
        "paid by somebody else",
        day,
        invoice.open,
        [invoice],
        who,
        quote,
        "transfer",
        who=books.rng.choice(who.payers),
        who_account=books.country.account_number(books.rng),
    )


def several_invoices(books: Books) -> None:
    rng, who, day = books.rng, customer(books), books.day()
    papers = [books.invoice(who, books.price(), day) for _ in range(rng.choice((2, 2, 2, 3, 3, 4, 6)))]
    if rng.random() < 0.35:
        # Invoices of one day have numbers in a row.
        for paper in papers[1:]:
            paper.date = papers[0].date
        quote = "range"
    else:
        quote = rng.choice(("whole", "bare", "bare", "digits", "nothing", "whole"))
    case = "several invoices"
    if rng.random() < 0.2:
        credit = Paper(
            "Sales Invoice",
            who,
            papers[0].date + timedelta(days=1),
            -max(100, min(paper.open for paper in papers) // rng.choice((2, 3, 5))),
            who.currency,
        )
        credit.total = credit.open
        papers.append(books.paper(credit))
        case, quote = "several invoices less a credit note", "whole" if quote == "range" else quote
    books.pay(case, day, sum(paper.open for paper in papers), papers, who, quote, channel(books, who))


def part_payments(books: Books) -> None:
    """An invoice in one to three parts; the last may never come."""
    rng, who, day = books.rng, customer(books), books.day(50)
    invoice = books.invoice(who, books.price() + 20_000, day)
    rest, count = invoice.open, rng.choice((1, 2, 2, 3))
    quote = rng.choice(("whole", "whole", "bare", "digits", "nothing"))
    for number in range(count):
        part = (
            rest
            if number == count - 1 and rng.random() < 0.7 and count > 1
            else max(1_000, rest * rng.choice((25, 30, 40, 50, 60)) // 100 // 1000 * 1000)
        )
        part = min(part, rest)
        if part == 0:
            return
        note = rng.choice(("", f"part {number + 1}", "deposit" if number == 0 else "balance", "instalment"))
        books.pay(
            "part payment",
            day + timedelta(days=number * rng.choice((7, 14, 15))),
            part,
            [invoice],
            who,
            quote,
            "transfer",
            parts=[(invoice, part)],
            note=note,
        )
        rest -= part


def cents_off(books: Books) -> None:
    who, day = customer(books), books.day()
    invoice = books.invoice(who, books.price(), day)
    off = books.rng.choice((-1, 1, -2, 2, -5, 5, -3, -9, -(invoice.open % 100) or -1))
    books.pay(
        "cents off", day, invoice.open + off, [invoice], who, books.rng.choice(("whole", "whole", "digits", "bare", "nothing")), "transfer"
    )


def fee_held_back(books: Books) -> None:
    who, day = customer(books), books.day()
    invoice = books.invoice(who, books.price() + 10_000, day)
    fee = books.rng.choice((500, 1000, 1200, 1500, 2000, 2500, invoice.open * 15 // 1000))
    note = books.rng.choice(
        ("", f"LESS FEE {Decimal(fee).scaleb(-2)}", f"CHGS {Decimal(fee).scaleb(-2)}", f"BANK CHARGE {Decimal(fee).scaleb(-2)}")
    )
    books.pay("fee held back", day, invoice.open - fee, [invoice], who, books.rng.choice(("whole", "whole", "bare")), "wire", note=note)


def early_payment(books: Books) -> None:
    """The discount agreed for paying early stands in the invoice's remarks, mostly."""
    rng, who, day = books.rng, customer(books), books.day()
    percent, days = rng.choice(((2, 10), (1, 14), (3, 7), (5, 10)))
    told = rng.random() < 0.8
    invoice = books.invoice(
        who, books.price() + 5_000, day, terms=days, remarks=f"{percent}% discount within {days} days, net 30" if told else ""
    )
    invoice.total = invoice.open
    less = (invoice.open * percent + 50) // 100
    books.pay(
        "early payment discount",
        day,
        invoice.open - less,
        [invoice],
        who,
        rng.choice(("whole", "whole", "digits", "bare")),
        "transfer",
        note=rng.choice(("", "less disc", f"-{percent}%")),
    )


def overpayment(books: Books) -> None:
    who, day = customer(books), books.day()
    invoice = books.invoice(who, books.price(), day)
    more = books.rng.choice((1000, 5000, 10_000, invoice.open // 10 + 1, 100_000))
    books.pay("overpayment", day, invoice.open + more, [invoice], who, books.rng.choice(("whole", "whole", "digits", "bare")), "transfer")


def advance(books: Books) -> None:
    """Money before there is an invoice: nothing here fits it."""
    who, day = customer(books), books.day()
    note = books.rng.choice(("DEPOSIT", "QUOTE " + str(books.rng.randrange(100, 9999)), "ADVANCE", "order deposit", ""))
    books.move(
        Movement(
            "advance",
            books.account_in(who.currency),
            day,
            books.rng.randrange(5, 300) * 1000,
            "transfer",
            books.called(who),
            who.account,
            note=note,
        )
    )


def foreign_invoice(books: Books) -> None:
    """An invoice in another currency paid into the main account, at the bank's rate and less correspondents' fees."""
    rng, day = books.rng, books.day()
    foreign = [each for each in books.customers if each.currency != books.country.currency]
    if not foreign:
        return
    who = rng.choice(foreign)
    invoice = books.invoice(who, books.price() + 10_000, day)
    worth = int(invoice.open * books.rate(who.currency) * (1000 - rng.randrange(-8, 22)) / 1000) - rng.choice((0, 0, 1000, 1500, 2500))
    note = rng.choice(("", f"{who.currency} {Decimal(invoice.open).scaleb(-2)}"))
    if worth > 0:
        books.pay(
            "foreign invoice",
            day,
            worth,
            [invoice],
            who,
            rng.choice(("whole", "whole", "bare", "nothing")),
            "wire",
            account=books.main,
            note=note,
        )


CASES: tuple[tuple[Callable[[Books], None], float], ...] = (
    (_receipt("whole number", "whole"), 15.0),
    (_receipt("digits only", "digits"), 5.0),
    (_receipt("without prefix or zeros", "bare"), 5.0),
    (_receipt("dashes lost", "lost"), 3.5),
    (_receipt("customer number", "customer"), 2.5),
    (_receipt("purchase order", "order"), 2.5),
    (_receipt("no reference", "nothing"), 6.0),
    (_receipt("number cut off", "cut"), 1.0),
    (_receipt("typo in the number", "typo"), 1.2),
    (_receipt("transposed digits", "transposed"), 1.0),
    (paid_by_another, 1.6),
    (several_invoices, 4.0),
    (part_payments, 1.6),
    (cents_off, 1.0),
    (fee_held_back, 1.0),
    (early_payment, 1.2),
    (overpayment, 0.8),
    (advance, 0.8),
    (foreign_invoice, 1.2),
)
