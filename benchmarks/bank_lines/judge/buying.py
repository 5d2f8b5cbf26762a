"""What the company pays: suppliers, staff, taxes; and what comes back from suppliers."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.bank_lines.judge import names
from benchmarks.bank_lines.judge.desk import Desk, Draft, Profile, cents_of, money
from benchmarks.bank_lines.judge.references import VAGUE, tail, typed_wrong
from benchmarks.bank_lines.judge.statement_texts import Print, Told, cheque, digits, direct_debit, paid
from benchmarks.bank_lines.values import Voucher


def _written(desk: Desk, who: Profile, bill: Voucher) -> str:
    """What the company's own people type: the supplier's number, seldom our own, the number they have with the supplier, or little."""
    rng = desk.rng
    if who.habit == "digits":
        return tail(bill.reference)
    if who.habit == "customer":
        return who.number[-6:].strip()
    if who.habit == "vague":
        return rng.choice(VAGUE)
    if who.habit == "nothing":
        return ""
    if rng.random() < 0.02:
        return typed_wrong(rng, bill.reference)
    return bill.name if rng.random() < 0.06 else bill.reference


def _text(desk: Desk, who: Profile, day: date, reference: str, incoming: bool = False) -> Print:
    return paid(desk.rng, desk.country, Told(who.payer, reference, desk.own, day, who.number), incoming)


def _payment(desk: Desk, case: str, who: Profile, day: date, cents: int, reference: str) -> Draft:
    return desk.line(case, desk.main, day, cents, _text(desk, who, day, reference))


def whole(desk: Desk) -> None:
    who, day = desk.one_of(desk.suppliers), desk.day()
    bill = desk.bill(who, desk.before(day, 2), desk.worth(who))
    desk.pays(_payment(desk, "bill paid", who, day, cents_of(bill), _written(desk, who, bill)), (bill, cents_of(bill)))


def together(desk: Desk) -> None:
    """A supplier's month in one payment, sometimes less a credit note, with the first number, both, or none."""
    who, day, rng = desk.one_of(desk.suppliers), desk.day(25), desk.rng
    bills = [desk.bill(who, desk.before(day, 3, 45), desk.worth(who)) for _ in range(rng.choice((2, 2, 3, 3, 4, 5)))]
    if rng.random() < 0.2:
        bills.append(desk.bill(who, desk.before(day, 1, 30), max(cents_of(each) for each in bills) * rng.randrange(10, 50) // 100))
    cents, chance = sum(map(cents_of, bills)), rng.random()
    if chance < 0.4:
        said = " ".join(each.reference for each in bills)
    elif chance < 0.6:
        said = "/".join(tail(each.reference) for each in bills)
    elif chance < 0.75:
        said = bills[0].reference
    else:
        said = rng.choice((f"{day:%b} stmt", f"statement {day:%B}", "account", who.number[-6:].strip()))
    desk.pays(_payment(desk, "several bills", who, day, cents, said), *((each, cents_of(each)) for each in bills))


def utility(desk: Desk) -> None:
    """A direct debit: the supplier takes what its bill says and prints the customer's number, not the bill's."""
    who, day = desk.one_of(desk.suppliers), desk.day()
    bill = desk.bill(who, desk.before(day, 7, 28), desk.worth(who), f"Customer number {who.number[-6:].strip()}")
    said = who.number[-6:].strip() if desk.rng.random() < 0.75 else bill.reference
    text = direct_debit(desk.rng, desk.country, who.payer, said)
    desk.pays(desk.line("direct debit by supplier", desk.main, day, cents_of(bill), text), (bill, cents_of(bill)))


def part(desk: Desk) -> None:
    """A big bill paid in pieces."""
    who, rng = desk.one_of(desk.suppliers), desk.rng
    cents, first = max(150000, desk.worth(who)), desk.day(15)
    bill, left = desk.bill(who, desk.before(first, 5), cents), cents
    for at in range(rng.choice((1, 2, 2))):
        share = cents * rng.choice((25, 30, 40, 50)) // 100
        day = min(desk.last, first + timedelta(days=at * rng.choice((7, 14))))
        if left - share < 0:
            break
        desk.pays(_payment(desk, "part payment of bill", who, day, -share, _written(desk, who, bill)), (bill, -share))
        left -= share


def entered(desk: Desk) -> None:
    """Typed in as a Payment Entry before the bank printed it: by cheque, in a payment run, or with the bill's number."""
    who, day, rng = desk.one_of(desk.suppliers), desk.day(), desk.rng
    cents, chance = -desk.worth(who), rng.random()
    if chance < 0.35:
        number = desk.next_cheque()
        entry = desk.moved(
            "Payment Entry", who, day - timedelta(days=rng.randrange(1, 25)), cents, desk.main, number, f"Cheque {number} {who.party.title}"
        )
        text = cheque(desk.country, number if rng.random() < 0.85 else number.lstrip("0"))
        desk.pays(desk.line("cheque already entered", desk.main, day, cents, text), (entry, cents))
        return
    reference = (
        f"{rng.choice(('INV', 'B', ''))}{digits(rng, 5)}" if chance < 0.75 else rng.choice(("EFT", "online", f"RUN {day:%d%m}", "-"))
    )
    entry = desk.moved(
        "Payment Entry",
        who,
        day - timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 3))),
        cents,
        desk.main,
        reference,
        f"Paid to {who.party.title}",
    )
    said = reference if chance < 0.75 else rng.choice(("", "payment"))
    desk.pays(_payment(desk, "payment already entered", who, day, cents, said), (entry, cents))


def run(desk: Desk) -> None:
    """A payment run leaves the account as one sum; each payment is entered with the run's number."""
    day, rng = desk.day(), desk.rng
    number = f"{rng.choice(('ABA', 'RUN', 'BATCH', 'PAYRUN'))}{digits(rng, 5)}"
    kept = rng.random() < 0.75
    entries = [
        desk.moved(
            "Payment Entry",
            desk.one_of(desk.suppliers),
            day,
            -desk.price(),
            desk.main,
            number if kept else "",
            f"Run {number}" if kept else "",
        )
        for _ in range(rng.randrange(2, 9))
    ]
    text = Print(f"BULK PAYMENT {number} {len(entries)} ITEMS", number if rng.random() < 0.5 else "", "BULK")
    desk.pays(
        desk.line("payment run as one sum", desk.main, day, sum(map(cents_of, entries)), text),
        *((each, cents_of(each)) for each in entries),
    )


def wages(desk: Desk) -> None:
    """A pay day: one Journal Entry for all, and the bank prints one sum or a line for each; or a Payment Entry for each."""
    rng, day = desk.rng, desk.day()
    account = next((each for each in desk.accounts if each.name.startswith("Payroll")), desk.main)
    staff = desk.employees if len(desk.employees) <= 6 else rng.sample(desk.employees, 6)
    pays = [(each, -(each.fixed + (rng.randrange(-30000, 30000) if rng.random() < 0.4 else 0))) for each in staff]
    total, form = sum(cents for _, cents in pays), rng.random()
    if form < 0.45:
        journal = desk.moved(
            "Journal Entry", None, day - timedelta(days=rng.choice((0, 0, 1))), total, account, f"PAY{day:%d%m}", f"Payroll {day:%d %B %Y}"
        )
        text = Print(
            rng.choice((f"WAGES {day:%d%m}", f"PAYROLL {digits(rng, 6)}", f"SALARIES {len(pays)} ITEMS", f"PAY{day:%d%m}")),
            transaction_type="SAL",
        )
        desk.pays(desk.line("wages as one sum", account, day, total, text), (journal, total))
        return
    journal_of_all = desk.moved("Journal Entry", None, day, total, account, "", f"Payroll {day:%d %B %Y}") if form < 0.75 else None
    for each, cents in pays:
        entry = journal_of_all or desk.moved(
            "Payment Entry", each, day - timedelta(days=rng.choice((0, 0, 1))), cents, account, "", f"Salary {day:%B %Y}"
        )
        text = paid(
            rng, desk.country, Told(each.payer, rng.choice(("WAGES", "SALARY", f"pay {day:%d%m}")), desk.own, day, each.number), False
        )
        desk.pays(desk.line("wages, a line each", account, day, cents, text), (entry, cents))


TAXES = {
    "AU": ("ATO PAYMENT", "TAX OFFICE PAYMENTS", "BPAY TAX OFFICE"),
    "NZ": ("INLAND REVENUE GST", "IRD PAYE"),
    "GB": ("HMRC VAT", "HMRC NDDS", "HMRC PAYE CUMBERNAULD"),
    "US": ("IRS USATAXPYMT", "STATE DEPT REV TAX PMT"),
    "DE": ("FINANZAMT USTVA", "FINANZAMT LOHNSTEUER"),
    "SG": ("IRAS GST", "CPF BOARD"),
}


def tax(desk: Desk) -> None:
    """Tax paid, entered as a journal in two of three months."""
    rng, day = desk.rng, desk.day()
    cents, number = -desk.price() * 2, digits(rng, 11)
    text = Print(f"{rng.choice(TAXES[desk.country])} {number}", number if rng.random() < 0.4 else "", "TAX")
    drawn = desk.line("tax payment", desk.main, day, cents, text, "Taxes")
    if rng.random() < 0.67:
        journal = desk.moved(
            "Journal Entry",
            None,
            day - timedelta(days=rng.choice((0, 0, 1, 2, 4))),
            cents,
            desk.main,
            number if rng.random() < 0.5 else "",
            f"Tax {day:%B}",
        )
        desk.pays(drawn, (journal, cents))


def claim(desk: Desk) -> None:
    """An employee's expenses paid back."""
    rng, day, who = desk.rng, desk.day(), desk.one_of(desk.employees)
    cents = -max(800, desk.price() // 8)
    posted = desk.before(day, 1, 25)
    at = desk._number("EXP", posted)
    name = f"HR-EXP-{posted.year}-{at:05}"
    expense = desk.add(Voucher("Expense Claim", name, "Employee", who.party.name, posted, money(cents), desk.currency, money(cents)))
    said = rng.choice((name, name, "expenses", f"exp claim {tail(name)}", "reimbursement", ""))
    desk.pays(_payment(desk, "expense claim", who, day, cents, said), (expense, cents))


def refund(desk: Desk) -> None:
    """A supplier sends back what its credit note says."""
    rng, day, who = desk.rng, desk.day(), desk.one_of(desk.suppliers)
    note = desk.bill(who, desk.before(day, 1, 30), -desk.worth(who))
    said = rng.choice((note.reference, note.reference, f"refund {tail(note.reference)}", "refund", ""))
    desk.pays(desk.line("refund from supplier", desk.main, day, cents_of(note), _text(desk, who, day, said, True)), (note, cents_of(note)))


def foreign_bill(desk: Desk) -> None:
    """A bill in the foreign currency paid from the account of that currency, or bought at the bank's rate from the company's own."""
    rng, day, who = desk.rng, desk.day(), desk.one_of(desk.suppliers)
    cents = max(20000, desk.price())
    who_abroad = Profile(who.party, who.payer, who.habit, who.number, 0, desk.foreign, who.bill_series, who.bill_number)
    bill = desk.bill(who_abroad, desk.before(day, 3), cents)
    who.bill_number = who_abroad.bill_number
    account = next((each for each in desk.accounts if each.currency == desk.foreign), None)
    said = _written(desk, who, bill)
    if account is not None and rng.random() < 0.5:
        desk.pays(desk.line("foreign bill from foreign account", account, day, -cents, _text(desk, who, day, said)), (bill, -cents))
        return
    spent = int(cents * desk.rates[desk.foreign]) * rng.randrange(9900, 10250) // 10000 + rng.choice((0, 0, 1500, 2000))
    text = Print(f"INTL PAYMENT {names.plain(who.payer)[:24]} {said} {desk.foreign} {money(cents)}".replace("  ", " "), said, "TT")
    desk.pays(desk.line("foreign bill from own currency", desk.main, day, -spent, text), (bill, -cents))


def quiet(desk: Desk) -> None:
    """A bill nobody has paid yet."""
    who = desk.one_of(desk.suppliers)
    desk.bill(who, desk.before(desk.day()), desk.worth(who))
