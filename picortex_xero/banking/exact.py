"""One voucher of just the line's amount: told by its number, by its party's name, by the day on which it moved, or by a number with a slip in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..accounting.texts import Text
from . import gates, numbers, saying, unseen
from .around import Around, Hit
from .names import STRONG, WEAK, Named
from .standing import Finding, Standing
from .unseen import points_elsewhere
from .values import DUPLICATE, Line, Part, Voucher

# How far from its line may lie what moved money: with a name, and without.
NAMED_DAYS, NAMELESS_DAYS, ENTERED_LATE = 10, 3, 3
# An invoice that is open for longer is paid with its number, or a person knows why.
LONG_AGO = 120
# A number may stand in a line by chance; once in so many is seldom enough where no name agrees.
SELDOM = 100


def by_number(standing: Standing, line: Line) -> Finding | None:
    """A number of the line with the exact amount. Of two lines that show the same the earlier pays."""
    around = standing.around
    found = [
        (voucher, hit)
        for voucher, hit in _hits(around, line)
        if standing.left[voucher.key] == line.amount and voucher.currency == line.currency
    ]
    if not found:
        return None
    ranked = sorted(found, key=lambda each: (-each[1].strength, -around.name(line, each[0]).strength, -each[1].weight, each[0].key))
    voucher, hit = ranked[0]
    named = around.name(line, voucher)
    reasons = [saying.number(hit.key, voucher), saying.same_amount()]
    if named.strength:
        reasons.append(saying.party(around.title(voucher), named.by, named.strength == STRONG))
    score = {numbers.STRONG: 97, numbers.FAIR: 94, numbers.WEAK: 90}[hit.strength] + (
        2 if named.strength == STRONG else 1 if named.strength else 0
    )
    finding = Finding(line, score, tuple(reasons), (Part(voucher.key, line.amount),), certain=hit.strength >= numbers.FAIR)
    against = [*_number_rivals(around, line, voucher, hit, named, found), *_against_number(around, line, voucher, hit, named)]
    earlier = [
        other
        for other, _ in around.lines_showing(voucher)
        if other.name != line.name and other.amount == line.amount and other.date <= line.date
    ]
    if earlier:
        if earlier[0].date < line.date:
            return Finding(line, 50, (saying.paid_before(earlier[0].date),), kind=DUPLICATE, other_line=earlier[0].name)
        against.append(saying.other_lines_fit(len(earlier)))
    return finding.doubted(*against) if against else finding


def _hits(around: Around, line: Line) -> Iterator[tuple[Voucher, Hit]]:
    for key, hit in around.hits[line.name].items():
        voucher = around.voucher[key]
        if gates.may_be(line, voucher, numbered=True):
            yield voucher, hit


def _number_rivals(
    around: Around, line: Line, voucher: Voucher, hit: Hit, named: Named, found: list[tuple[Voucher, Hit]]
) -> Iterator[Text]:
    rivals = 0
    for other, other_hit in found:
        if other.key == voucher.key:
            continue
        better_named = named.strength == STRONG and not around.name(line, other).strength
        rivals += not (other_hit.strength < hit.strength or better_named)
    if rivals:
        yield saying.others_fit(rivals)
    for other, other_hit in around.shown(line, (voucher,)):
        same_party = (other.party_type, other.party) == (voucher.party_type, voucher.party)
        # A number that several vouchers share (an order's) points to all of them: the amount chooses.
        if (
            same_party
            and other_hit.strength >= hit.strength
            and other_hit.key not in (hit.key, *numbers.keys(voucher.reference), *numbers.keys(voucher.name))
        ):
            yield saying.points_elsewhere(other.name)
            return


def _against_number(around: Around, line: Line, voucher: Voucher, hit: Hit, named: Named) -> Iterator[Text]:
    if not gates.in_time(line, voucher) and hit.weight < 6:
        yield saying.days_apart(gates.days_after(line, voucher))
    if named.strength:
        return
    read = around.reading[line.name].numbers
    tries = sum(len(each) == len(hit.key.lstrip("0")) for each in read) or 1
    if around.crowd(line) * tries * SELDOM > 10 ** min(hit.weight, 12):
        yield saying.by_chance()
    if hit.strength <= numbers.WEAK:
        if around.crowd(line) > 1 or len(around.lines_of_amount[line.currency, line.amount]) > 1:
            yield saying.not_certain()
    if hit.strength < numbers.STRONG:
        for other in around.exact(line):
            if other.key != voucher.key and around.name(line, other).strength == STRONG:
                yield saying.names_another(around.title(other))
                return


def by_name(standing: Standing, line: Line) -> Finding | None:
    """The party's name with the exact amount, where nobody else so named has it and no other line could be about it."""
    around = standing.around
    exact = [voucher for voucher in around.exact(line) if standing.rival(voucher)]
    ranked = sorted(
        (
            (voucher, named)
            for voucher in exact
            if (named := around.name(line, voucher)).strength and standing.left[voucher.key] == line.amount
        ),
        key=lambda each: (-each[1].strength, -each[1].letters, each[0].key),
    )
    if not ranked:
        return None
    voucher, named = ranked[0]
    days = gates.days_after(line, voucher)
    reasons = (saying.party(around.title(voucher), named.by, named.strength == STRONG), saying.same_amount())
    score = (96 if named.by == "account" else 95) if named.strength == STRONG else 92
    finding = Finding(line, score, reasons, (Part(voucher.key, line.amount),))
    against: list[Text] = []
    if days > (NAMED_DAYS if voucher.bank_account else LONG_AGO) or days < (-ENTERED_LATE if voucher.bank_account else -1):
        against.append(saying.days_apart(days))
    rivals = [
        other
        for other in exact
        if other.key != voucher.key
        and ((theirs := around.name(line, other)).strength or named.strength < STRONG)
        and not (named.strength == STRONG and theirs.strength < STRONG and theirs.shown < named.shown)
        and not (named.strength == STRONG and theirs.shown < named.shown and theirs.letters < named.letters)
    ]
    if unseen.price_of_many(around, line):
        against.append(saying.price_of_many())
    # Whoever is named in part could be anybody of a crowd that is looked through by words only.
    crowd = (
        0
        if named.strength == STRONG
        else sum(gates.may_be(line, each) and standing.rival(each) for each in around.of_amount[line.currency, line.amount][:200]) - 1
    )
    if rivals or crowd > 0:
        against.append(saying.others_fit(max(len(rivals), crowd)))
    against += points_elsewhere(around, line, voucher)
    against += names_another(around, line, voucher, named)
    if others := other_lines(standing, line, voucher):
        against.append(saying.other_lines_fit(others))
    return finding.doubted(*against) if against else finding


def names_another(around: Around, line: Line, voucher: Voucher, named: Named) -> Iterator[Text]:
    """Another party that the line names whole, where it names the voucher's in part only, or by fewer words of the same."""
    for key, other in around.parties_of(line).items():
        if key != (voucher.party_type, voucher.party) and (named.strength < STRONG or (named.by == "name" and named.shown < other.shown)):
            yield saying.names_another(around.names.cards[key].party.title)
            return


def other_lines(standing: Standing, line: Line, voucher: Voucher) -> int:
    """How many other lines could be about the voucher, those apart whose own numbers decide them."""
    return sum(other.name not in standing.certain_lines for other in standing.around.lines_alike(line, voucher))


def as_moved(standing: Standing, line: Line) -> Finding | None:
    """What was entered as moved and is not named: the only one of its amount in that account within days, with no other such line."""
    around = standing.around
    moved = [
        each
        for each in around.moved_of_amount.get((line.bank_account, line.amount), ())
        if gates.may_be(line, each) and standing.rival(each)
    ]
    if len(moved) != 1 or standing.left[moved[0].key] != line.amount:
        return None
    voucher = moved[0]
    days = gates.days_after(line, voucher)
    if abs(days) > NAMED_DAYS:
        return None
    finding = Finding(line, 92, (saying.same_amount(), saying.only_one(days)), (Part(voucher.key, line.amount),))
    against: list[Text] = []
    if abs(days) > NAMELESS_DAYS:
        against.append(saying.days_apart(days))
    if any(
        each.key != voucher.key and gates.may_be(line, each) and standing.rival(each)
        for each in around.of_amount[line.currency, line.amount]
    ):
        against.append(saying.others_fit(around.crowd(line) - 1))
    against += points_elsewhere(around, line, voucher)
    if unseen.other_reference(around, line, voucher):
        against.append(saying.another_number())
    mine = voucher.party_type, voucher.party
    # Banks print who pays in; a payment of the company's own may say nothing.
    nameless = voucher.party and not around.name(line, voucher).strength
    if unseen.price_of_many(around, line):
        against.append(saying.price_of_many())
    if nameless and (line.amount > 0 or unseen.speaks_of_somebody(around, line)):
        against.append(saying.not_certain())
    if others := [key for key in around.parties_of(line) if key != mine]:
        against.append(saying.names_another(around.names.cards[others[0]].party.title))
    lines = [
        other
        for other in around.lines_about(
            line.currency,
            line.amount,
            voucher.posting_date - timedelta(days=NAMED_DAYS),
            voucher.posting_date + timedelta(days=NAMED_DAYS),
        )
        if other.name != line.name and other.name not in standing.certain_lines and other.bank_account == line.bank_account
    ]
    if lines:
        against.append(saying.other_lines_fit(len(lines)))
    return finding.doubted(*against) if against else finding


def by_slip(standing: Standing, line: Line) -> Finding | None:
    """A number one slip off, with an amount that no other voucher and no other line has."""
    around = standing.around
    group = around.of_amount.get((line.currency, line.amount), [])
    if len(group) > 3:
        return None
    near = [
        voucher
        for voucher in group
        if gates.may_be(line, voucher) and standing.left[voucher.key] == line.amount and unseen.slip(around, line, voucher)
    ]
    if len(near) != 1:
        return None
    voucher = near[0]
    finding = Finding(line, 92, (saying.number_nearly(voucher), saying.same_amount()), (Part(voucher.key, line.amount),))
    against: list[Text] = []
    if len([each for each in group if gates.may_be(line, each)]) > 1:
        against.append(saying.others_fit(len(group) - 1))
    if (lines := len(around.lines_of_amount[line.currency, line.amount])) > 1:
        against.append(saying.other_lines_fit(lines - 1))
    against += points_elsewhere(around, line, voucher)
    if not unseen.slip(around, line, voucher, numbers.mistyped):
        against.append(saying.another_number())
    named = around.name(line, voucher)
    against += names_another(around, line, voucher, named)
    if not named.strength and unseen.speaks_of_somebody(around, line):
        against.append(saying.not_certain())
    return finding.doubted(*against) if against else finding


def by_amount(standing: Standing, line: Line) -> Iterator[Finding]:
    """For a person to choose from: whatever has the amount, the best first."""
    around = standing.around
    group = [each for each in around.exact(line) if standing.left[each.key] == line.amount]
    for voucher in sorted(group, key=lambda each: (abs(gates.days_after(line, each)), each.key))[:3]:
        named = around.name(line, voucher)
        reasons = [saying.same_amount()]
        if named.strength:
            reasons.append(saying.party(around.title(voucher), named.by, named.strength == STRONG))
        else:
            reasons.append(saying.not_certain())
        if len(group) > 1:
            reasons.append(saying.others_fit(len(group) - 1))
        yield Finding(line, (40 if named.strength >= WEAK else 25) - min(len(group), 10), tuple(reasons), (Part(voucher.key, line.amount),))
