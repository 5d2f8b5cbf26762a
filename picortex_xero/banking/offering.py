"""What a line that is not decided could be about besides, for a person to choose from: a document of ours that it names is always among it, however its amount differs.

Abstaining is about doing nothing without a person. He still sees what could be meant, and what speaks against it. Nothing here is ever automatic, so it is made last and is nobody's rival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from ..accounting.texts import Text
from . import foreign, gates, numbers, saying
from .around import Hit, PartyKey
from .differing import DEDUCTION, DEDUCTION_SHARE, discount, listed
from .names import NONE, STRONG
from .reading import sums
from .several import choices
from .standing import Finding, Standing
from .sums import OPEN_AT_MOST, first_subset, open_of
from .unseen import another_number
from .values import CENTS, DISCOUNT, FEE, OVERPAID, Key, Line, Part, Voucher

# The whole of a document in parts; a number of ours with nothing against it; a number; one that another line has for certain; one whose day is far off; sums; what is open of
# the party, which keeps no rule away.
TOGETHER, CLEAR, NUMBERED, CLAIMED, FAR_OFF, BY_SUM, OF_PARTY = 85, 80, 52, 46, 40, 30, 20
# How many documents that a line names are offered singly, how many of a party's.
NAMED_AT_MOST, OPEN_SHOWN = 4, 2
# More sums than these that fit are none.
SUMS_AT_MOST = 3

Shown = tuple[Voucher, Hit]
# What a line would be of a voucher: how much of it, what is left over of the line, as what, and why.
Way = tuple[Decimal, Decimal, str, Text]


def offered(standing: Standing) -> Iterator[Finding]:
    """Of each line that is not decided what else it may be about."""
    together = _together(standing)
    for line in standing.open_lines():
        known = {finding.parts for finding in standing.doubted[line.name]}
        more = [finding for finding in _of_numbers(standing, line, together) if finding.parts not in known or finding.score == TOGETHER]
        if not more and not known:
            more = list(_far_off(standing, line)) or list(_of_parties(standing, line))
        yield from more


def _of_numbers(standing: Standing, line: Line, together: dict[Key, list[Line]]) -> Iterator[Finding]:
    around = standing.around
    shown = _shown(standing, line)
    yield from _all_of(standing, line)
    for voucher, hit in shown[:NAMED_AT_MOST]:
        against = list(_against(standing, line, voucher, hit))
        reasons: list[Text] = [saying.number(hit.key, voucher)]
        if voucher.currency != line.currency:
            yield from _across(standing, line, voucher, reasons, against)
            continue
        group = together.get(voucher.key, ())
        if line in group:
            reasons.append(saying.lines_showing(voucher.name, len(group)))
            score = NUMBERED if against else TOGETHER
            yield Finding(line, score, (*reasons, *against), (Part(voucher.key, line.amount),))
            continue
        if others := [other for other, _ in around.lines_showing(voucher) if _able(standing, other, voucher) and other.name != line.name]:
            against.append(saying.other_lines_fit(len(others)))
        taken = not standing.left[voucher.key]
        if taken:
            against.append(saying.claimed())
        for at, (amount, off, what, why) in enumerate(_ways(standing, line, voucher)):
            clear = not against and not voucher.bank_account and what in ("", CENTS)
            yield Finding(
                line,
                (CLEAR if clear else CLAIMED if taken else NUMBERED) - at,
                (*reasons, why, *against),
                (Part(voucher.key, amount),),
                difference=off,
                difference_is=what,
            )


def _shown(standing: Standing, line: Line) -> list[Shown]:
    """The documents of the line's direction whose number it shows at least fairly, the likeliest first."""
    around = standing.around
    found = [each for each in around.shown(line) if gates.may_be(line, each[0], numbered=True)]
    return sorted(
        found,
        key=lambda each: (
            not standing.left[each[0].key],
            -each[1].strength,
            -around.name(line, each[0]).strength,
            -each[1].weight,
            each[0].key,
        ),
    )


def _able(standing: Standing, line: Line, voucher: Voucher) -> bool:
    return line.name not in standing.done and line.currency == voucher.currency and gates.may_be(line, voucher, numbered=True)


def _together(standing: Standing) -> dict[Key, list[Line]]:
    """By voucher the lines that show its number, where they are several and all of them together make what is open of it."""
    around = standing.around
    found: dict[Key, list[Line]] = defaultdict(list)
    for line in standing.open_lines():
        for voucher, _ in around.shown(line):
            if _able(standing, line, voucher):
                found[voucher.key].append(line)
    return {
        key: lines
        for key, lines in found.items()
        if len(lines) > 1 and standing.left[key] and sum((line.amount for line in lines), Decimal(0)) == standing.left[key]
    }


def _against(standing: Standing, line: Line, voucher: Voucher, hit: Hit) -> Iterator[Text]:
    """Why it is not clear that the line means the document that it names."""
    around = standing.around
    if other := next(around.shown(line, (voucher,)), None):
        yield saying.points_elsewhere(other[0].name)
    named = around.name(line, voucher).strength
    if named == NONE and voucher.party:
        others = [key for key in around.parties_of(line) if key != (voucher.party_type, voucher.party)]
        if others:
            yield saying.names_another(around.names.cards[others[0]].party.title)
        # Two suppliers may well have the same numbers; ours are given once.
        elif not _ours(voucher, hit):
            yield saying.names_nobody(around.title(voucher))
    if listed(line):
        yield saying.list_cut()
    elif another_number(around, line, (voucher,), slips=False):
        yield saying.another_number()
    if exact := [each for each in around.exact(line) if each.key != voucher.key and standing.rival(each)]:
        yield saying.others_fit(len(exact))


def _ours(voucher: Voucher, hit: Hit) -> bool:
    """Whether the number that the line shows is the one that we have given, whole."""
    return hit.strength == numbers.STRONG and hit.key in numbers.keys(voucher.name) and hit.key not in numbers.keys(voucher.reference)


def _ways(standing: Standing, line: Line, voucher: Voucher) -> Iterator[Way]:
    """As what the line may pay the document: all of it, a part, all less a deduction, or more than all."""
    left = standing.left[voucher.key] or voucher.amount
    off = line.amount - left
    missing = abs(left) - abs(line.amount)
    if not off:
        yield left, Decimal(0), "", saying.same_amount()
    elif abs(off) <= standing.settings.cents:
        yield left, off, CENTS, saying.cents(off)
    elif missing > 0:
        if granted := discount(voucher, line, off):
            yield left, off, DISCOUNT, saying.discount(off, *granted)
        elif missing <= abs(voucher.amount) / 2 and missing in sums(line):
            yield left, off, FEE, saying.fee_printed(off)
        elif missing <= max(DEDUCTION, abs(left) * DEDUCTION_SHARE) and missing < abs(line.amount):
            yield left, off, FEE, saying.fee_guessed(off)
        yield line.amount, Decimal(0), "", saying.part_of(left)
    elif voucher.bank_account:
        # What is entered cannot be paid too much: the rest of the line is something else.
        yield left, Decimal(0), "", saying.rest_open(off)
    else:
        yield left, off, OVERPAID, saying.overpaid(off)


def _across(standing: Standing, line: Line, voucher: Voucher, reasons: list[Text], against: list[Text]) -> Iterator[Finding]:
    """A document in another currency far from the rate: a part of it at the rate, or all of it."""
    if voucher.bank_account or not standing.whole(voucher):
        return
    books = standing.around.books
    off = foreign.off_rate(books, line, voucher)
    if off is None:
        yield Finding(line, NUMBERED - 1, (*reasons, saying.no_rate(voucher.currency), *against), (Part(voucher.key, voucher.amount),))
        return
    worth = foreign.worth_of(books, line, voucher.currency)
    if off > foreign.NEAR and abs(worth) < abs(voucher.amount):
        part = saying.part_at_rate(worth, voucher.currency, voucher.amount)
        yield Finding(line, NUMBERED, (*reasons, part, *against), (Part(voucher.key, worth),))
    else:
        rate = saying.at_rate((off * 100).quantize(Decimal("0.1")))
        yield Finding(line, NUMBERED - 1, (*reasons, rate, *against), (Part(voucher.key, voucher.amount),))


def _all_of(standing: Standing, line: Line) -> Iterator[Finding]:
    """Several numbers with another sum than the line's amount: the choice of them that is nearest to it."""
    around = standing.around
    shown = [(around.voucher[key], hit) for key, hit in around.hits[line.name].items() if hit.strength >= numbers.FAIR]
    shown = [
        (voucher, hit)
        for voucher, hit in shown
        if voucher.currency == line.currency and standing.left[voucher.key] and voucher.bank_account in ("", line.bank_account)
    ]
    if len(shown) < 2:
        return
    sets = [[voucher for voucher, _ in chosen] for chosen in choices(shown) if len(chosen) > 1]
    able = [(sum((standing.left[each.key] for each in chosen), Decimal(0)), chosen) for chosen in sets]
    able = [(total, chosen) for total, chosen in able if total * line.amount > 0 and total != line.amount]
    if not able:
        return
    total, chosen = min(able, key=lambda each: abs(line.amount - each[0]))
    off, parts = line.amount - total, [Part(each.key, standing.left[each.key]) for each in chosen]
    missing = abs(total) - abs(line.amount)
    what, left_over = "", Decimal(0)
    if abs(off) <= standing.settings.cents:
        what, left_over, why = CENTS, off, saying.cents(off)
    elif 0 < missing <= max(DEDUCTION, abs(total) * DEDUCTION_SHARE) and missing < abs(line.amount):
        what, left_over, why = FEE, off, saying.fee_guessed(off)
    elif missing > 0:
        if any(part.amount * line.amount < 0 for part in parts):
            return
        parts, why = _filled(standing, line, chosen), saying.part_of(total)
    elif all(each.bank_account for each in chosen):
        why = saying.rest_open(off)
    else:
        what, left_over, why = OVERPAID, off, saying.overpaid(off)
    against = [saying.list_cut()] if listed(line) else []
    reasons = (saying.numbers_of(chosen), why, *against)
    yield Finding(line, NUMBERED + 4, reasons, tuple(parts), difference=left_over, difference_is=what)


def _filled(standing: Standing, line: Line, chosen: list[Voucher]) -> list[Part]:
    """The oldest first, until the line's amount is used up."""
    rest, parts = line.amount, []
    for voucher in sorted(chosen, key=lambda each: (each.posting_date, each.key)):
        amount = min(standing.left[voucher.key], rest, key=abs)
        if amount:
            parts.append(Part(voucher.key, amount))
        rest -= amount
    return parts


def _far_off(standing: Standing, line: Line) -> Iterator[Finding]:
    """A document that the line names whole, on a day so far off that nothing is made of it without a person."""
    around = standing.around
    for voucher, hit in around.out_of_time(line):
        if voucher.currency != line.currency:
            continue
        against = [saying.days_apart(gates.days_after(line, voucher)), *_against(standing, line, voucher, hit)]
        amount, off, what, why = next(_ways(standing, line, voucher))
        reasons = (saying.number(hit.key, voucher), why, *against)
        yield Finding(line, FAR_OFF, reasons, (Part(voucher.key, amount),), difference=off, difference_is=what)


def _of_parties(standing: Standing, line: Line) -> Iterator[Finding]:
    """Nothing but a party's whole name: sums of what is open that fit, else what could be paid in part or too much."""
    around = standing.around
    named = sorted(around.parties_of(line).items(), key=lambda each: (-each[1].letters, each[0]))
    for party, how in named[:2]:
        within = [each for each in open_of(standing, line, party) if standing.left[each.key]]
        if not within:
            continue
        who = saying.party(around.title(within[0]), how.by, how.strength == STRONG)
        found = list(_sums(standing, line, who, within)) if len(within) <= OPEN_AT_MOST else []
        yield from found or _singly(standing, line, who, party, within)


def _sums(standing: Standing, line: Line, who: Text, within: list[Voucher]) -> Iterator[Finding]:
    """A sum that makes the amount, where no more than a few do."""
    count, places = first_subset([standing.left[each.key] for each in within], line.amount)
    if len(places) > 1 and count <= SUMS_AT_MOST:
        chosen = [within[at] for at in places]
        why = saying.only_sum(standing.around.title(chosen[0]), len(chosen)) if count == 1 else saying.sums_fit(count)
        against = saying.by_chance_of_sums()
        yield Finding(line, BY_SUM, (who, why, against), tuple(Part(each.key, standing.left[each.key]) for each in chosen))


def _singly(standing: Standing, line: Line, who: Text, party: PartyKey, within: list[Voucher]) -> Iterator[Finding]:
    """What is open of the party and could be paid in part, what has a number that the line shows weakly first, then the oldest; or all of it, where the line is more than that."""
    alike = [each for each in within if each.amount * line.amount > 0]
    larger = [each for each in alike if abs(standing.left[each.key]) > abs(line.amount)]
    larger.sort(key=lambda each: (-standing.around.hit(line, each), each.posting_date, each.key))
    for at, voucher in enumerate(larger[:OPEN_SHOWN]):
        amount, off, what, why = next(_ways(standing, line, voucher))
        against = [saying.others_fit(len(alike) - 1)] if len(alike) > 1 else []
        yield Finding(line, OF_PARTY - at, (who, why, *against), (Part(voucher.key, amount),), difference=off, difference_is=what)
    total = sum((standing.left[each.key] for each in within), Decimal(0))
    if larger or len(within) > OPEN_AT_MOST or total * line.amount <= 0 or abs(total) >= abs(line.amount):
        return
    off = line.amount - total
    why = saying.cents(off) if abs(off) <= standing.settings.cents else saying.overpaid(off)
    parts = tuple(Part(each.key, standing.left[each.key]) for each in within)
    reasons = (who, saying.all_open(standing.around.title(within[0]), len(within)), why)
    what = CENTS if abs(off) <= standing.settings.cents else OVERPAID
    yield Finding(line, OF_PARTY, reasons, parts, difference=off, difference_is=what)
