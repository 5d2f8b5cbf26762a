"""What customers pay, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.bank_lines.judge import names
from benchmarks.bank_lines.judge.desk import Desk, Draft, Profile, cents_of
from benchmarks.bank_lines.judge.references import several, tail, typed_wrong, written
from benchmarks.bank_lines.judge.statement_texts import Print, Told, cheque, code, digits, paid
from benchmarks.bank_lines.values import OwnAccount, Voucher


def _text(desk: Desk, who: Profile, day: date, reference: str) -> Print:
    return paid(desk.rng, desk.country, Told(who.payer, reference, desk.own, day, who.number), True)


def _reference(desk: Desk, who: Profile, invoice: Voucher) -> str:
    return written(desk.rng, who.habit, invoice.name, invoice.reference, who.party.name if desk.by_codes else "")


def _receipt(desk: Desk, case: str, who: Profile, day: date, cents: int, reference: str, account: OwnAccount | None = None) -> Draft:
    return desk.line(case, account or desk.main, day, cents, _text(desk, who, day, reference))


def whole(desk: Desk) -> None:
    """One line, one invoice."""
    who, day = desk.customer(), desk.day()
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents = cents_of(invoice)
    desk.pays(_receipt(desk, "invoice paid", who, day, cents, _reference(desk, who, invoice)), (invoice, cents))


def typo(desk: Desk) -> None:
    """A digit wrong or two changed over; half of the time the wrong number is that of another open invoice, and that one may be of the same amount."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    cents = desk.worth(who)
    invoice = desk.invoice(who, desk.before(day), cents)
    wrong = typed_wrong(rng, invoice.name)
    if rng.random() < 0.5:
        other = desk.customer() if rng.random() < 0.7 else who
        twin = desk.invoice(other, invoice.posting_date, cents if rng.random() < 0.6 else desk.worth(other))
        wrong = twin.name
    shown = wrong if rng.random() < 0.5 else f"Inv {tail(wrong)}"
    desk.pays(_receipt(desk, "reference typed wrong", who, day, cents, shown), (invoice, cents))


def rent(desk: Desk) -> None:
    """A standing order: the same sum every month, mostly without a word which month."""
    who, rng = desk.customer(), desk.rng
    cents, habit, first = desk.price() // 100 * 100 or 90000, rng.random(), desk.first.replace(day=rng.randrange(1, 26))
    for month in range(min(3, desk.days // 31)):
        day = first.replace(month=first.month + month)
        issued = day - timedelta(days=rng.randrange(2, 12))
        invoice = desk.invoice(who, issued, cents, f"Rent {day:%B %Y}")
        said = f"Rent {day:%b %Y}" if habit < 0.3 else invoice.name if habit < 0.45 else "rent" if habit < 0.8 else ""
        desk.pays(
            _receipt(desk, "standing order of equal sums", who, day + timedelta(days=rng.choice((0, 0, 1, 2))), cents, said),
            (invoice, cents),
        )


def subscription(desk: Desk) -> None:
    """One of many who pay the same price."""
    who, day, price = desk.customer(), desk.day(), desk.rng.choice((4900, 9900, 14900))
    invoice = desk.invoice(who, desk.before(day, 0, 25), price)
    desk.pays(_receipt(desk, "subscription at one price", who, day, price, _reference(desk, who, invoice)), (invoice, price))


def part(desk: Desk) -> None:
    """An invoice paid by one to three lines, the last of which may not have come yet."""
    who, rng = desk.customer(), desk.rng
    cents = max(40000, desk.worth(who))
    first = desk.day(20)
    invoice = desk.invoice(who, desk.before(first), cents)
    pieces, left = rng.choice((1, 1, 2, 2, 3)), cents
    for at in range(pieces):
        share = (
            left
            if at == pieces - 1 and pieces > 1 and rng.random() < 0.6
            else min(left - 5000, max(5000, left * rng.randrange(20, 75) // 100 // 1000 * 1000))
        )
        day = min(desk.last, first + timedelta(days=at * rng.randrange(6, 16)))
        said = _reference(desk, who, invoice) + rng.choice(("", "", " part", f" pt {at + 1}"))
        desk.pays(_receipt(desk, "part payment", who, day, share, said), (invoice, share))
        left -= share
        if left < 12000:
            break


def together(desk: Desk) -> None:
    """One line for two to six invoices, sometimes with a credit note taken off."""
    who, day, rng = desk.customer(), desk.day(20), desk.rng
    count = rng.choice((2, 2, 2, 3, 3, 4, 6))
    if rng.random() < 0.35:
        issued = desk.before(day, 3)
        invoices = [desk.invoice(who, issued, desk.worth(who)) for _ in range(count)]
    else:
        invoices = sorted(
            (desk.invoice(who, desk.before(day, 1), desk.worth(who)) for _ in range(count)), key=lambda each: each.posting_date
        )
    said, case = several(rng, who.habit, [each.name for each in invoices], who.party.name if desk.by_codes else ""), "several invoices"
    if rng.random() < 0.25:
        most = max(cents_of(each) for each in invoices)
        note = desk.invoice(who, desk.before(day, 0, 20), -max(500, most * rng.randrange(5, 60) // 100))
        invoices.append(note)
        case = "several invoices less credit note"
        said = f"{said} less {tail(note.name)}" if rng.random() < 0.4 else said
    cents = sum(cents_of(each) for each in invoices)
    desk.pays(_receipt(desk, case, who, day, cents, said), *((each, cents_of(each)) for each in invoices))


def discount(desk: Desk) -> None:
    """Paid early and a percentage kept, sometimes said so."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    cents = max(20000, desk.worth(who))
    invoice = desk.invoice(who, day - timedelta(days=rng.randrange(3, 11)), cents)
    percent = rng.choice((2, 2, 2, 3, 5))
    kept = (cents * percent + 50) // 100
    words = {"DE": f"abzgl. {percent}% Skonto"}.get(desk.country, f"less {percent}% disc")
    said = f"{_reference(desk, who, invoice)} {words if rng.random() < 0.55 else ''}".strip()
    desk.pays(_receipt(desk, "early payment discount", who, day, cents - kept, said), (invoice, cents), difference=-kept)


def cents_off(desk: Desk) -> None:
    who, day, rng = desk.customer(), desk.day(), desk.rng
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents, off = cents_of(invoice), rng.choice((-5, -3, -2, -1, -1, 1, 1, 2, 4))
    desk.pays(_receipt(desk, "cents off", who, day, cents + off, _reference(desk, who, invoice)), (invoice, cents), difference=off)


def bank_fee(desk: Desk) -> None:
    """A bank on the way held its fee back; some say how much."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    cents, fee = max(30000, desk.worth(who)), rng.choice((500, 1000, 1200, 1500, 1800, 2500, 3000))
    invoice = desk.invoice(who, desk.before(day), cents)
    said = _reference(desk, who, invoice)
    text = _text(desk, who, day, said)
    if rng.random() < 0.6:
        text = replace(
            text,
            description=f"{text.description} {rng.choice(('CHGS', 'LESS FEE', 'BANK CHARGES'))} {desk.currency} {fee // 100}.{fee % 100:02}",
        )
    desk.pays(desk.line("bank fee held back", desk.main, day, cents - fee, text), (invoice, cents), difference=-fee)


def overpaid(desk: Desk) -> None:
    """More than was asked: rounded up, the total of before, or digits changed over."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents = cents_of(invoice)
    more = rng.choice((10000 - cents % 10000, 900, 1800, 2700, cents // 10 + 1, 500))
    desk.pays(_receipt(desk, "overpayment", who, day, cents + more, _reference(desk, who, invoice)), (invoice, cents), difference=more)


def twice(desk: Desk) -> None:
    """A customer pays the same invoice again; the second is owed back."""
    who, rng = desk.customer(), desk.rng
    day = desk.day(5)
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents, said = cents_of(invoice), _reference(desk, who, invoice)
    desk.pays(_receipt(desk, "paid twice, the first", who, day, cents, said), (invoice, cents))
    _receipt(
        desk, "paid twice, the second", who, min(desk.last, day + timedelta(days=rng.randrange(0, 12))), cents, said
    ).coding = "Customer credit"


def repeated_line(desk: Desk) -> None:
    """The bank's file brings one payment two times."""
    who, day = desk.customer(), desk.day()
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents = cents_of(invoice)
    first = desk.pays(
        _receipt(desk, "line repeated by the bank, the first", who, day, cents, _reference(desk, who, invoice)), (invoice, cents)
    )
    again = desk.line("line repeated by the bank, the second", desk.main, day, cents, first.text)
    again.transaction_id = "" if desk.rng.random() < 0.5 else digits(desk.rng, 12)


def advance(desk: Desk) -> None:
    """Money before there is an invoice."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    said = rng.choice(("deposit", "prepayment", f"quote {digits(rng, 4)}", f"QTN-{digits(rng, 5)}", "", f"order {digits(rng, 5)}"))
    _receipt(desk, "advance without voucher", who, day, desk.price() // 5000 * 5000 or 50000, said).coding = "Customer advance"


def from_outside(desk: Desk) -> None:
    """A foreign invoice paid into the account in the company's own currency, at the bank's rate and less the correspondent's fee."""
    rng, day = desk.rng, desk.day()
    who = next((each for each in (desk.customer(home=False) for _ in range(60)) if each.currency != desk.currency), None) or desk.customer()
    cents = max(60000, desk.worth(who))
    invoice = desk.invoice(who, desk.before(day), cents, currency=who.currency if who.currency != desk.currency else desk.foreign)
    rate = desk.rates[invoice.currency] * Decimal(rng.randrange(9780, 10140)).scaleb(-4)
    got = int(cents * rate) - rng.choice((0, 0, 1000, 1500, 2500))
    text = _text(desk, who, day, _reference(desk, who, invoice))
    if rng.random() < 0.4:
        text = replace(text, description=f"{text.description} {invoice.currency} {invoice.amount:,.2f} @ {rate:.5f}")
    desk.pays(desk.line("foreign invoice into own currency", desk.main, day, got, text), (invoice, cents))


def in_foreign(desk: Desk) -> None:
    """A foreign invoice paid into the account of that currency; without such an account it is an ordinary invoice."""
    account = next((each for each in desk.accounts if each.currency != desk.currency), None)
    who = next((each for each in (desk.customer(home=False) for _ in range(60)) if each.currency == desk.foreign), None)
    if account is None or who is None:
        return whole(desk)
    day = desk.day()
    invoice = desk.invoice(who, desk.before(day), desk.worth(who))
    cents = cents_of(invoice)
    desk.pays(
        _receipt(desk, "foreign invoice into foreign account", who, day, cents, _reference(desk, who, invoice), account), (invoice, cents)
    )


def entered(desk: Desk) -> None:
    """The receipt was typed in already and waits for its line."""
    who, day, rng = desk.customer(), desk.day(), desk.rng
    cents, chance = desk.worth(who), rng.random()
    typed = day + timedelta(days=rng.choice((-3, -1, -1, 0, 0, 0, 0, 1)))
    reference = (
        f"INV {digits(rng, 5)}" if chance < 0.35 else digits(rng, 10) if chance < 0.55 else rng.choice(("bank", "EFT", "direct", "-", "DC"))
    )
    if chance > 0.93:
        voucher = desk.moved("Journal Entry", who, typed, cents, desk.main, reference, f"Receipt {who.party.title}")
    else:
        voucher = desk.moved(
            "Payment Entry",
            who,
            typed,
            cents,
            desk.main,
            reference,
            f"Amount {desk.currency} {cents / 100:.2f} received from {who.party.title}",
        )
    said = reference if chance < 0.55 and rng.random() < 0.8 else rng.choice(("", "payment", who.party.name[:18]))
    desk.pays(_receipt(desk, "receipt already entered", who, day, cents, said), (voucher, cents))


def cheques_in(desk: Desk) -> None:
    """Cheques banked in one go, each entered; the line has only the slip's number."""
    day, rng = desk.day(), desk.rng
    slip = digits(rng, 6)
    known = rng.random() < 0.6
    entries = [
        desk.moved(
            "Payment Entry",
            desk.customer(),
            day - timedelta(days=rng.randrange(0, 3)),
            desk.price(),
            desk.main,
            slip if known else desk.next_cheque(),
            f"Deposit slip {slip}" if known else "",
        )
        for _ in range(rng.randrange(2, 5))
    ]
    text = Print(f"DEPOSIT {'CHEQUES' if desk.country != 'US' else 'CHECKS'} {slip}", slip if rng.random() < 0.5 else "", "DEP")
    desk.pays(
        desk.line("cheques banked together", desk.main, day, sum(map(cents_of, entries)), text),
        *((each, cents_of(each)) for each in entries),
    )


def payout(desk: Desk) -> None:
    """A card processor's payout: many payments, its fee held back."""
    day, rng = desk.day(), desk.rng
    which = rng.choice(("STRIPE", "SQUARE", "PAYPAL", "WORLDPAY", "ADYEN", "TYRO"))
    number = {"STRIPE": f"po{code(rng, 10)}", "SQUARE": f"T{code(rng, 10)}"}.get(which, digits(rng, 10))
    kept = rng.random() < 0.72
    entries = []
    for _ in range(rng.choice((3, 4, 5, 6, 8, 12))):
        said = number if kept else f"ch{code(rng, 12)}"
        entries.append(
            desk.moved(
                "Payment Entry",
                desk.customer(),
                day - timedelta(days=rng.randrange(1, 4)),
                desk.price() // 4 + 500,
                desk.main,
                said,
                f"{which.title()} payment",
            )
        )
    gross = sum(map(cents_of, entries))
    fee = gross * rng.choice((110, 140, 175, 260, 290)) // 10000 + 30 * len(entries) * rng.randrange(2)
    text = Print(
        f"{which} {rng.choice(('PAYOUT', 'SETTLEMENT', 'TRANSFER', 'PAYMENTS'))} {number}",
        number if rng.random() < 0.4 else "",
        "",
        which.title(),
    )
    desk.pays(
        desk.line("card payout less fee", desk.main, day, gross - fee, text), *((each, cents_of(each)) for each in entries), difference=-fee
    )


def refunded(desk: Desk) -> None:
    """A credit note paid out to the customer."""
    who, day = desk.customer(), desk.day()
    note = desk.invoice(who, desk.before(day, 0, 30), -desk.worth(who))
    cents, said = cents_of(note), desk.rng.choice((note.name, note.name, f"Refund {tail(note.name)}", "refund"))
    text = paid(desk.rng, desk.country, Told(names.without_form(who.party.title), said, desk.own, day, who.number), False)
    desk.pays(desk.line("refund to customer", desk.main, day, cents, text), (note, cents))


def returned(desk: Desk) -> None:
    """A direct debit or cheque that came back, some days later, sometimes with the fee in the same line. The invoice stays open: its receipt had been entered."""
    who, rng, day = desk.customer(), desk.rng, desk.day(8)
    cents, mandate = desk.worth(who), digits(rng, 7)
    by_cheque = rng.random() < 0.3
    receipt = desk.moved("Payment Entry", who, day, cents, desk.main, mandate, who.party.title)
    text = (
        cheque(desk.country, mandate)
        if by_cheque
        else Print(f"DIRECT DEBIT COLLECTION {names.plain(who.party.title)[:18]} {mandate}", mandate, "DD")
    )
    first = desk.pays(desk.line("collection that comes back", desk.main, day, cents, text), (receipt, cents))
    fee = rng.choice((0, 0, 0, 250, 1000, 1500))
    words: tuple[str, ...] = (
        ("RETURNED CHEQUE", "BOUNCED CHEQUE", "DISHONOURED CHEQUE")
        if by_cheque
        else ("DD DISHONOUR", "UNPAID DIRECT DEBIT", "RETURNED ITEM")
    )
    if desk.country == "DE":
        words = ("RUECKLASTSCHRIFT", "RETURNED ITEM RUECKLASTSCHRIFT")
    shown = mandate if rng.random() < 0.7 else ""
    name = "" if by_cheque or rng.random() < 0.3 else names.plain(who.party.title)[:18]
    back = Print(" ".join(f"{rng.choice(words)} {name} {shown}".split()), transaction_type="RTN")
    taken = desk.line("returned payment", desk.main, min(desk.last, day + timedelta(days=rng.randrange(1, 6))), -cents - fee, back)
    taken.kind, taken.other, taken.difference = "returned", first, -fee
    if not fee and rng.random() < 0.6:
        desk.line(
            "fee without voucher",
            desk.main,
            taken.day,
            -rng.choice((250, 1000, 1500)),
            Print("DISHONOUR FEE", transaction_type="FEE"),
            "Bank charges",
        )


def quiet(desk: Desk) -> None:
    """An open invoice for which no line has come."""
    who, day = desk.customer(home=False), desk.before(desk.day())
    desk.invoice(who, day, desk.worth(who) if desk.rng.random() < 0.96 else -desk.worth(who) // 3)
