"""Why a line is proposed to be about something, and what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from ..accounting.texts import Text, _, amount, day, plain
from .values import Voucher


def number(shown: str, voucher: Voucher) -> Text:
    return _("The line shows {shown}, the number of {name}").format(shown=shown, name=voucher.name)


def number_nearly(voucher: Voucher) -> Text:
    return _("A number in the line is one slip away from that of {name}").format(name=voucher.name)


@cache
def same_amount() -> Text:
    return _("The amount is exactly the same")


def party(title: str, by: str, whole: bool) -> Text:
    if by == "account":
        return _("The money moved from or to the bank account that is known of {party}").format(party=title)
    if by == "code":
        return _("The line shows the code of {party}").format(party=title)
    return _("The line names {party}").format(party=title) if whole else _("The line names {party} in part").format(party=title)


def only_one(days: int) -> Text:
    return _("No other voucher and no other line has this amount here, and the days are {days} apart").format(days=abs(days))


def all_numbers(vouchers: Iterable[Voucher]) -> Text:
    return _("The line shows the numbers of {names}, and together they make its amount").format(
        names=plain(", ".join(each.name for each in vouchers))
    )


def shared_reference(reference: str, count: int) -> Text:
    return _("The line shows {reference}, which {count} payments carry").format(reference=reference, count=count)


def only_sum(title: str, count: int) -> Text:
    return _("Of all that is open of {party} only these {count} vouchers make the amount").format(party=title, count=count)


def several_lines(total: Decimal, count: int) -> Text:
    return _("{count} lines of that day together make {total}").format(count=count, total=amount(total))


def lines_of_party(title: str, count: int) -> Text:
    return _("{count} lines that name {party} together make the amount of the voucher").format(count=count, party=title)


def numbers_of(vouchers: Iterable[Voucher]) -> Text:
    return _("The line shows the numbers of {names}").format(names=plain(", ".join(each.name for each in vouchers)))


def lines_showing(name: str, count: int) -> Text:
    return _("{count} lines show the number of {name}, and together they make what is open of it").format(count=count, name=name)


def rest_open(rest: Decimal) -> Text:
    return _("{amount} of the line stay open").format(amount=amount(abs(rest)))


def part_at_rate(part: Decimal, currency: str, open_amount: Decimal) -> Text:
    return _("At the rate of these days it is a part of {part} {currency} of the {amount} that are open").format(
        part=amount(abs(part)), currency=currency, amount=amount(abs(open_amount))
    )


def no_rate(currency: str) -> Text:
    return _("No rate of {currency} is known").format(currency=currency)


def all_open(title: str, count: int) -> Text:
    return _("All {count} vouchers that are open of {party}").format(count=count, party=title)


def part_of(open_amount: Decimal) -> Text:
    return _("It is a part of the {amount} that are open").format(amount=amount(abs(open_amount)))


def cents(off: Decimal) -> Text:
    return _("The difference of {amount} is a matter of cents").format(amount=amount(abs(off)))


def fee_printed(off: Decimal) -> Text:
    return _("The line prints the {amount} that are missing").format(amount=amount(abs(off)))


def fee_of_payout(off: Decimal, share: Decimal) -> Text:
    return _("{amount} ({share} %) are held back, as processors do").format(amount=amount(abs(off)), share=amount(share))


def fee_guessed(off: Decimal) -> Text:
    return _("{amount} are missing: a bank's fee, or not all is paid").format(amount=amount(abs(off)))


def discount(off: Decimal, percent: int, until: object) -> Text:
    return _("{amount} less is the discount of {percent} % for paying until {day}").format(
        amount=amount(abs(off)), percent=percent, day=day(until)
    )


def overpaid(off: Decimal) -> Text:
    return _("{amount} more than is open were paid").format(amount=amount(abs(off)))


def at_rate(percent: Decimal) -> Text:
    return _("At the rate of these days the amounts are {percent} % apart").format(percent=amount(percent))


def foreign_printed(value: Decimal, currency: str) -> Text:
    return _("The line prints {amount} {currency}").format(amount=amount(abs(value)), currency=currency)


def transfer(account: str) -> Text:
    return _("The same amount the other way stands in {account}, and nothing else it could be").format(account=account)


@cache
def transfer_said() -> Text:
    return _("One of the two lines speaks of a transfer or shows the other account")


def returned(line_day: object) -> Text:
    return _("The line speaks of a return, and takes back the line of {day}").format(day=day(line_day))


def paid_before(line_day: object) -> Text:
    return _("What the line shows was paid by the line of {day} already").format(day=day(line_day))


# What speaks against it.
def others_fit(count: int) -> Text:
    return _("{count} other vouchers fit as well").format(count=count)


def other_lines_fit(count: int) -> Text:
    return _("{count} other lines fit as well").format(count=count)


def points_elsewhere(name: str) -> Text:
    return _("The line also shows the number of {name}").format(name=name)


def names_another(title: str) -> Text:
    return _("The line names {party}").format(party=title)


def names_nobody(title: str) -> Text:
    return _("The line does not name {party}").format(party=title)


def sums_fit(count: int) -> Text:
    return _("{count} sums of what is open fit").format(count=count)


@cache
def list_cut() -> Text:
    return _("The line has a list of numbers, or one that the bank has cut off")


@cache
def another_number() -> Text:
    return _("The line shows another number of the same series")


def days_apart(days: int) -> Text:
    return _("The days are {days} apart").format(days=abs(days))


@cache
def by_chance() -> Text:
    return _("So many vouchers have this amount that the number may stand there by chance")


@cache
def by_chance_of_sums() -> Text:
    return _("Round amounts make many sums by chance")


@cache
def price_of_many() -> Text:
    return _("Many vouchers or lines have this amount, so that it may be of one that is not in the books")


@cache
def not_certain() -> Text:
    return _("Nothing but the amount says so")


def closed_period(until: object) -> Text:
    return _("The line lies in the period that is closed until {day}").format(day=day(until))


@cache
def claimed() -> Text:
    return _("Other lines claim the same")
