"""What passes between the company's own accounts, and what nobody has a voucher for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from benchmarks.bank_lines.judge import names
from benchmarks.bank_lines.judge.desk import Desk, cents_of
from benchmarks.bank_lines.judge.statement_texts import Print, Told, digits, direct_debit, paid, transfer


def between(desk: Desk) -> None:
    """A transfer between two own accounts in one currency, on one day or over a night; one in three entered as an internal transfer."""
    rng, day = desk.rng, desk.day()
    alike = [each for each in desk.accounts if each.currency == desk.currency]
    source, target = rng.sample(alike, 2)
    cents = rng.choice((100000, 200000, 250000, 500000, 1000000, 2000000)) if rng.random() < 0.5 else desk.price() * 3
    later = min(desk.last, day + timedelta(days=rng.choice((0, 0, 0, 1, 1, 3))))
    out = desk.line("own transfer", source, day, -cents, transfer(rng, desk.country, target.number))
    into = desk.line("own transfer", target, later, cents, transfer(rng, desk.country, source.number))
    if rng.random() < 0.33:
        entry = desk.moved("Payment Entry", None, day, -cents, source, "", "Internal Transfer")
        other = desk.add(type(entry)(**{**entry.__dict__, "amount": -entry.amount, "bank_account": target.name}))
        desk.pays(out, (entry, -cents))
        desk.pays(into, (other, cents))
        out.case = into.case = "own transfer already entered"
        return
    out.kind = into.kind = "transfer"
    out.other, into.other = into, out


def across(desk: Desk) -> None:
    """A transfer between accounts of different currencies; without such an account an ordinary one."""
    rng, day = desk.rng, desk.day()
    abroad = next((each for each in desk.accounts if each.currency != desk.currency), None)
    if abroad is None:
        return between(desk)
    foreign = rng.choice((100000, 250000, 500000)) if rng.random() < 0.4 else desk.price() * 2
    own = int(foreign * desk.rates[abroad.currency] * Decimal(rng.randrange(9850, 10150)).scaleb(-4))
    sign = rng.choice((-1, 1))
    later = min(desk.last, day + timedelta(days=rng.choice((0, 0, 1))))
    first = desk.line("own transfer across currencies", desk.main, day, sign * own, transfer(rng, desk.country, abroad.number))
    second = desk.line("own transfer across currencies", abroad, later, -sign * foreign, transfer(rng, desk.country, desk.main.number))
    first.kind = second.kind = "transfer"
    first.other, second.other = second, first


FEES = (
    "ACCOUNT KEEPING FEE",
    "MONTHLY SERVICE FEE",
    "TRANSACTION FEES",
    "SERVICE CHARGE",
    "MERCHANT FEE {six}",
    "INTERNATIONAL TXN FEE",
    "OVERDRAFT FEE",
    "KONTOFUEHRUNG",
)
INTEREST = ("CREDIT INTEREST", "INTEREST PAID", "INTEREST {month}", "GROSS INTEREST")
SHOPS = {
    "Fuel": ("BP {place} {four}", "SHELL {four} {place}", "CALTEX {place}", "ESSO {place} {four}", "Z ENERGY {place}"),
    "Travel": (
        "UBER *TRIP HELP.UBER.COM",
        "QANTAS {nine}",
        "BOOKING.COM {nine}",
        "TRAINLINE {six}",
        "AIRBNB * {six}",
        "PARKING {place} {four}",
    ),
    "Software": (
        "GOOGLE *WORKSPACE {own}",
        "MICROSOFT*365 {six}",
        "ADOBE *CREATIVE CLD",
        "ZOOM.US {six}",
        "AWS EMEA {six}",
        "ATLASSIAN {place}",
        "DROPBOX*{six}",
    ),
    "Office": (
        "OFFICEWORKS {four} {place}",
        "STAPLES {four}",
        "RYMAN {place}",
        "WAREHOUSE STATIONERY {place}",
        "AMZN MKTP {six}",
        "IKEA {place}",
    ),
    "Meals": (
        "CAFE {place}",
        "MCDONALDS {four} {place}",
        "{surname}S KITCHEN {place}",
        "SUSHI {place} {four}",
        "THE {surname} ARMS",
        "DELIVEROO {six}",
    ),
    "Repairs": ("{surname} TYRES {place}", "HARDWARE {place} {four}", "{surname} LOCKSMITHS", "SCREWFIX {four}", "HOME DEPOT {four}"),
    "Postage": ("AUSTRALIA POST {four}", "USPS PO {nine}", "ROYAL MAIL {place}", "DHL EXPRESS {nine}", "NZ POST {place}"),
    "Insurance": ("{surname} INSURANCE {nine}", "ALLIANZ {nine}", "AXA {six}"),
}


def bank_fee(desk: Desk) -> None:
    rng = desk.rng
    cents = -rng.choice((500, 800, 1000, 1000, 1250, 2500, rng.randrange(100, 9000)))
    text = Print(rng.choice(FEES).format(six=digits(rng, 6)), transaction_type="FEE")
    desk.line("fee without voucher", rng.choice(desk.accounts), desk.day(), cents, text, "Bank charges")


def interest(desk: Desk) -> None:
    rng, day = desk.rng, desk.day()
    text = Print(rng.choice(INTEREST).format(month=f"{day:%b}".upper()), transaction_type="INT")
    desk.line("interest without voucher", rng.choice(desk.accounts), day, rng.randrange(12, 30000), text, "Interest income")


def card(desk: Desk) -> None:
    """Bought with the company's card, with no bill in the books."""
    rng, day = desk.rng, desk.day()
    coding = rng.choice(tuple(SHOPS))
    place = names.plain(rng.choice(names.PLACES[desk.country])).replace("_", " ")
    words = {
        "place": place,
        "four": digits(rng, 4),
        "six": digits(rng, 6),
        "nine": digits(rng, 9),
        "surname": names.plain(rng.choice(names.SURNAMES)),
        "own": names.plain(desk.own)[:8],
    }
    shop = rng.choice(SHOPS[coding]).format(**words)
    before = {
        "AU": f"VISA DEBIT PURCHASE CARD {digits(rng, 4)} ",
        "NZ": "POS W/D ",
        "GB": f"CARD PAYMENT TO {'' if rng.random() < 0.5 else 'WWW.'}",
        "US": f"CHECKCARD {day:%m%d} ",
        "DE": "KARTENZAHLUNG ",
        "SG": "DEBIT PURCHASE ",
    }
    cents = -max(250, desk.price() // 12)
    desk.line(
        "card purchase without voucher", desk.main, day, cents, Print(f"{before[desk.country]}{shop}"[:65], transaction_type="POS"), coding
    )


def unbilled(desk: Desk) -> None:
    """A supplier takes or gets money for which no bill was entered; another open bill of it may be near that amount, or equal."""
    rng, day, who = desk.rng, desk.day(), desk.one_of(desk.suppliers)
    cents = desk.price()
    said = digits(rng, 5)
    if rng.random() < 0.5:
        text = direct_debit(rng, desk.country, who.payer, said)
    else:
        text = paid(rng, desk.country, Told(who.payer, said, desk.own, day, who.number), False)
    desk.line("payment without voucher", desk.main, day, -cents, text, "Suppliers to be billed")


def strange(desk: Desk) -> None:
    """Money from somebody unknown, or the owner's own, now and then equal to an open invoice of somebody else."""
    rng, day = desk.rng, desk.day()
    cents = desk.price()
    if rng.random() < 0.4:
        lies_about = desk.invoice(desk.customer(), desk.before(day), desk.price())
        cents = cents_of(lies_about)
    told = Told(
        names.person(rng) if rng.random() < 0.5 else names.company(rng, desk.country),
        rng.choice(("", "loan", "capital", "refund", digits(rng, 5))),
        desk.own,
        day,
    )
    desk.line("receipt without voucher", desk.main, day, cents, paid(rng, desk.country, told, True), "Suspense")
