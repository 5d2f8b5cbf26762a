"""What the company pays: bills, runs, wages, taxes, claims, and money without any voucher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from benchmarks.bank_lines.tuning.books import Books, Movement, Paper, Partner
from benchmarks.bank_lines.values import RETURNED


def supplier(books: Books) -> Partner:
    while True:
        found = books.suppliers[int(len(books.suppliers) * books.rng.random() ** 1.6)]
        if found.currency == books.country.currency or books.account_in(found.currency) is not books.main:
            return found


def _bill(case: str, quote: str, channel: str) -> Callable[[Books], None]:
    def make(books: Books) -> None:
        who, day = supplier(books), books.day()
        bill = books.invoice(who, -books.price(), day)
        books.pay(case, day, bill.open, [bill], who, quote, channel)

    return make


def utility(books: Books) -> None:
    """A supplier takes the sum of its bill by direct debit, with its own customer number of ours for a reference."""
    rng, day = books.rng, books.day()
    who = rng.choice(books.suppliers[-len(books.country.utilities) :])
    bill = books.invoice(who, -books.price(), day)
    books.pay(
        "bill by direct debit",
        day,
        bill.open,
        [bill],
        who,
        rng.choice(("nothing", "nothing", "whole")),
        "debit",
        note=f"A/C {rng.randrange(10**6, 10**7)}",
    )


def several_bills(books: Books) -> None:
    rng, who, day = books.rng, supplier(books), books.day()
    papers = [books.invoice(who, -books.price(), day) for _ in range(rng.choice((2, 2, 3, 4)))]
    case = "several bills"
    if rng.random() < 0.2:
        note = Paper(
            "Purchase Invoice",
            who,
            papers[0].date + timedelta(days=1),
            max(100, min(-paper.open for paper in papers) // rng.choice((2, 3))),
            who.currency,
        )
        note.total = note.open
        papers.append(books.paper(note))
        case = "several bills less a debit note"
    books.pay(case, day, sum(paper.open for paper in papers), papers, who, rng.choice(("whole", "bare", "nothing", "nothing")), "transfer")


def bill_in_parts(books: Books) -> None:
    rng, who, day = books.rng, supplier(books), books.day(30)
    bill = books.invoice(who, -books.price() - 50_000, day)
    part = bill.open // 2 // 1000 * 1000
    quote = rng.choice(("whole", "bare", "nothing"))
    for number, amount in enumerate((part, bill.open - part)):
        books.pay("bill in parts", day + timedelta(days=number * 21), amount, [bill], who, quote, "transfer", parts=[(bill, amount)])


def already_entered(books: Books) -> None:
    """A payment that was entered when it was ordered; the bank's line follows, of a cheque much later."""
    rng, who, day = books.rng, supplier(books), books.day()
    account, kind = books.account_in(who.currency), rng.random()
    if kind < 0.3:
        reference, lag, channel, quote = f"{rng.randrange(100_100, 199_999)}", rng.choice((1, 3, 6, 12, 25)), "cheque", "shared"
    elif kind < 0.65:
        reference, lag, channel, quote = f"PAY{rng.randrange(10_000, 99_999)}", rng.choice((0, 0, 1, 2)), "transfer", "shared"
    else:
        reference, lag, channel, quote = rng.choice(("", f"{rng.randrange(10**6)}")), rng.choice((0, 0, 1, 2, 4)), "transfer", "nothing"
    paper = books.entered(
        who,
        -books.price(),
        account,
        day - timedelta(days=lag),
        reference=reference,
        remarks=f"Cheque {reference}" if channel == "cheque" else "",
    )
    books.pay("cheque" if channel == "cheque" else "payment already entered", day, paper.open, [paper], who, quote, channel)


def payment_run(books: Books) -> None:
    """One line for a run of payments, which all carry the batch's reference; a bank that prints no reference prints just the sum."""
    rng, day = books.rng, books.day()
    batch = f"RUN{rng.randrange(10_000, 99_999)}"
    payees = [supplier(books) for _ in range(rng.choice((3, 4, 6, 9)))]
    papers = [
        books.entered(each, -books.price(), books.main, day, reference=batch, doctype="Payment Entry")
        for each in payees
        if each.currency == books.country.currency
    ]
    if papers:
        books.pay(
            "payment run",
            day,
            sum(paper.open for paper in papers),
            papers,
            None,
            rng.choice(("shared", "shared", "nothing")),
            "transfer",
            who="BULK PAYMENT",
            account=books.main,
        )


def supplier_refund(books: Books) -> None:
    rng, who, day = books.rng, supplier(books), books.day()
    note = Paper("Purchase Invoice", who, day - timedelta(days=rng.choice((1, 4, 9))), books.price(), who.currency)
    note.total = note.open
    books.paper(note)
    books.pay("refund from a supplier", day, note.open, [note], who, rng.choice(("whole", "bare", "nothing")), "transfer", note="refund")


def payment_returned(books: Books) -> None:
    """The payee's account is closed: the money comes back."""
    who, day = supplier(books), books.day(8)
    bill = books.invoice(who, -books.price(), day)
    first = books.pay("later sent back", day, bill.open, [bill], who, "whole", "transfer")
    back = books.working(first.date + timedelta(days=books.rng.choice((1, 2, 4))))
    books.move(
        Movement(
            "payment sent back",
            first.account,
            back,
            -first.amount,
            "returned",
            first.who,
            "",
            [bill],
            "whole",
            note="ACCT CLOSED",
            kind=RETURNED,
            other=first,
        )
    )


def own_transfer(books: Books) -> None:
    """Between own accounts: in the books as internal transfer, or only on both statements; across currencies too."""
    rng, day = books.rng, books.day(4)
    if len(books.accounts) < 2:
        return
    out = rng.choice(books.accounts)
    into = rng.choice([each for each in books.accounts if each is not out])
    amount = rng.choice((rng.randrange(1, 60) * 50_000, rng.randrange(10_000, 2_000_000)))
    later = books.working(day + timedelta(days=rng.choice((0, 0, 0, 1, 2))))
    arrives, case = amount, "own transfer"
    if out.currency != into.currency:
        arrives = int(amount * books.rate(out.currency) / books.rate(into.currency) * (1000 - rng.randrange(0, 18)) / 1000)
        case = "own transfer across currencies"
    note = rng.choice(("", "savings", "sweep", "float"))
    sides = [
        Movement(case, out, day, -amount, "internal", into.name, into.number, note=note),
        Movement(case, into, later, arrives, "internal", out.name, out.number, note=note),
    ]
    if rng.random() < 0.45:
        first = books.entered(None, -amount, out, day, doctype="Payment Entry", remarks="Internal Transfer")
        second = books.entered(None, arrives, into, day, doctype="Payment Entry", remarks="Internal Transfer")
        second.side_of = first
        for side, paper in zip(sides, (first, second)):
            side.kind, side.parts, side.case = "vouchers", [(paper, paper.open)], f"{case}, entered"
    else:
        for side, other in zip(sides, reversed(sides)):
            side.kind, side.other = "transfer", other
    for side in sides:
        books.move(side)


def wages(books: Books) -> None:
    """One Journal Entry for all; the bank has one sum, or a line for each employee."""
    rng, day = books.rng, books.day()
    account = next((each for each in books.accounts if each.name == "Payroll"), books.main)
    staff = rng.sample(books.employees, min(len(books.employees), rng.choice((4, 6, 9))))
    pays = [rng.randrange(120_000, 720_000) for _ in staff]
    entry = books.entered(None, -sum(pays), account, day, doctype="Journal Entry", remarks=f"Wages {day:%d %b %Y}")
    if rng.random() < 0.4:
        books.pay(
            "wages in one sum",
            day,
            entry.open,
            [entry],
            None,
            "nothing",
            "transfer",
            who=rng.choice(("PAYROLL", "WAGES", "SALARIES")),
            note=f"WAGES {day:%d%b}",
            who_account="",
        )
        return
    for person, pay in zip(staff, pays):
        books.pay(
            "wages by employee",
            day,
            -pay,
            [entry],
            person,
            "nothing",
            "transfer",
            parts=[(entry, -pay)],
            note=rng.choice(("WAGES", "WAGES", "SALARY")),
        )


def tax(books: Books) -> None:
    rng, day = books.rng, books.day()
    amount, who = -rng.randrange(20_000, 3_000_000), rng.choice(books.country.tax_words)
    number = f"{rng.randrange(10**9, 10**10)}"
    if rng.random() < 0.75:
        entry = books.entered(
            None,
            amount,
            books.main,
            day - timedelta(days=rng.choice((0, 0, 1))),
            doctype="Journal Entry",
            reference=rng.choice(("", number)),
            remarks=f"{books.country.taxman} payment",
        )
        books.pay("tax payment", day, amount, [entry], None, "nothing", "bill", who=who, note=number, who_account="")
    else:
        books.move(Movement("tax without a voucher", books.main, day, amount, "bill", who, note=number))


def expense_claim(books: Books) -> None:
    rng, who, day = books.rng, employee(books), books.day()
    amounts = [-rng.randrange(900, 60_000) for _ in range(rng.choice((1, 1, 1, 2)))]
    claims = [
        books.paper(
            Paper(
                "Expense Claim", who, day - timedelta(days=rng.choice((2, 5, 9))), amount, books.country.currency, amount, remarks="travel"
            )
        )
        for amount in amounts
    ]
    quote = rng.choice(("whole", "nothing", "nothing", "bare"))
    books.pay(
        "expense claim",
        day,
        sum(amounts),
        claims,
        who,
        quote,
        "transfer",
        note=rng.choice(("", "EXPENSES", "REIMBURSEMENT")),
        account=books.main,
    )


def employee(books: Books) -> Partner:
    return books.rng.choice(books.employees)


def bank_fee(books: Books) -> None:
    rng = books.rng
    note = rng.choice(("ACCOUNT FEE", "MONTHLY SERVICE FEE", "TRANSACTION FEES", "INTL TRANSACTION FEE", "OVERDRAFT FEE", "MERCHANT FEE"))
    books.move(
        Movement(
            "bank fee",
            rng.choice(books.accounts),
            books.day(),
            -rng.choice((100, 250, 500, 800, 1000, 1500, 2500, rng.randrange(20, 9000))),
            "fee",
            note=note,
        )
    )


def interest(books: Books) -> None:
    rng = books.rng
    into = rng.random() < 0.7
    books.move(
        Movement(
            "interest",
            rng.choice(books.accounts),
            books.day(),
            rng.randrange(3, 60_000) * (1 if into else -1),
            "interest",
            note="CREDIT INTEREST" if into else "DEBIT INTEREST",
        )
    )


def card_purchase(books: Books) -> None:
    rng = books.rng
    shop, place = rng.choice(books.country.shops), rng.choice(books.country.places).upper()
    amount = rng.choice((rng.randrange(300, 30_000), rng.choice((999, 1499, 2000, 4900, 5000, 9900))))
    if rng.random() < 0.12:
        # Some cost just what a bill or claim does.
        amount = next(
            (-paper.open for paper in books.papers[-40:] if -60_000 < paper.open < 0 and paper.currency == books.main.currency), amount
        )
    books.move(Movement("card purchase", books.main, books.day(), -amount, "card", f"{shop} {rng.randrange(100, 9999)}", note=place))


def unknown_money(books: Books) -> None:
    """Somebody pays in or is paid without any voucher; the amount may well be that of one."""
    rng = books.rng
    amount = books.taxed(rng.choice(books.prices)) if rng.random() < 0.6 else books.price()
    into = rng.random() < 0.6
    who = f"{rng.choice(books.country.given)} {rng.choice(books.country.family)}"
    number = books.country.account_number(rng)
    books.move(
        Movement(
            "nothing known of it",
            books.main,
            books.day(),
            amount if into else -amount,
            "transfer" if rng.random() < 0.8 or not into else "cash",
            who,
            number,
            note=rng.choice(("", "payment", "loan", "cash", "capital")),
        )
    )


CASES: tuple[tuple[Callable[[Books], None], float], ...] = (
    (_bill("bill, whole number", "whole", "transfer"), 8.0),
    (_bill("bill, digits only", "digits", "transfer"), 1.5),
    (_bill("bill, typo in the number", "typo", "transfer"), 0.4),
    (_bill("bill, no reference", "nothing", "transfer"), 3.0),
    (utility, 1.5),
    (several_bills, 1.5),
    (bill_in_parts, 0.5),
    (already_entered, 6.0),
    (payment_run, 0.5),
    (supplier_refund, 0.5),
    (payment_returned, 0.3),
    (own_transfer, 1.8),
    (wages, 0.35),
    (tax, 0.5),
    (expense_claim, 1.2),
    (bank_fee, 2.0),
    (interest, 0.5),
    (card_purchase, 5.0),
    (unknown_money, 1.0),
)
