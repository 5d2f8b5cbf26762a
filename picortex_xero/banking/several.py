"""One line for several vouchers: all their numbers, a reference that they share, or the only sum of what is open of the party; and several lines for one voucher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from ..accounting.texts import Text
from . import gates, numbers, saying
from .around import Around, Hit, PartyKey
from .exact import other_lines
from .standing import Finding, Standing
from .sums import OPEN_AT_MOST, by_chance, only_subset, open_of
from .unseen import another_number
from .values import FEE, Line, Part, Voucher

# What processors hold back of a payout at most: a share, and something for each payment.
PAYOUT_FEE, PAYOUT_EACH = Decimal("0.035"), Decimal("0.50")
# How many lines of a party, over how many days, may pay one voucher together; how far a voucher may be off the day of its lines.
WAGES = frozenset("WAGE WAGES SALARY SALARIES PAYROLL LOHN GEHALT GEHALTER".split())
LINES_AT_MOST, OF_DAYS, DAY_OFF = 5, 62, 5


def by_numbers(standing: Standing, line: Line) -> Finding | None:
    """All numbers that the line shows, credit notes among them, make just its amount."""
    around = standing.around
    shown = [(around.voucher[key], hit) for key, hit in around.hits[line.name].items() if hit.strength >= numbers.FAIR]
    shown = [
        (voucher, hit)
        for voucher, hit in shown
        if voucher.currency == line.currency and standing.left[voucher.key] != 0 and voucher.bank_account in ("", line.bank_account)
    ]
    if len(shown) < 2:
        return None
    for chosen in choices(shown):
        total = sum((standing.left[voucher.key] for voucher, _ in chosen), Decimal(0))
        if len(chosen) >= 2 and total == line.amount:
            return _finding_of_numbers(standing, line, chosen)
    return None


def choices(shown: list[tuple[Voucher, Hit]]) -> Iterator[list[tuple[Voucher, Hit]]]:
    """All of them; those of one party; of a party those with its strongest numbers."""
    yield shown
    parties: dict[tuple[str, str], list[tuple[Voucher, Hit]]] = defaultdict(list)
    for voucher, hit in shown:
        parties[voucher.party_type, voucher.party].append((voucher, hit))
    if len(parties) > 1:
        yield from (parties[key] for key in sorted(parties) if len(parties[key]) > 1)
    yield [each for each in shown if each[1].strength == numbers.STRONG]


def _finding_of_numbers(standing: Standing, line: Line, chosen: list[tuple[Voucher, Hit]]) -> Finding:
    around = standing.around
    vouchers = [voucher for voucher, _ in chosen]
    weakest = min(hit.strength for _, hit in chosen)
    parts = tuple(Part(voucher.key, standing.left[voucher.key]) for voucher in vouchers)
    finding = Finding(line, 97 if weakest == numbers.STRONG else 95, (saying.all_numbers(vouchers),), parts, certain=True)
    against = list(_against(around, line, chosen, weakest))
    twins = [
        other
        for other in around.lines_of_amount[line.currency, line.amount]
        if other.name != line.name and other.date <= line.date and all(around.hit(other, voucher) >= numbers.FAIR for voucher in vouchers)
    ]
    if twins:
        against.append(saying.other_lines_fit(len(twins)))
    return finding.doubted(*against) if against else finding


def _against(around: Around, line: Line, chosen: list[tuple[Voucher, Hit]], weakest: int) -> Iterator[Text]:
    parties = {(voucher.party_type, voucher.party) for voucher, _ in chosen}
    for other, hit in around.shown(line, [voucher for voucher, _ in chosen]):
        if (other.amount == line.amount and other.currency == line.currency) or (
            (other.party_type, other.party) in parties and other.party and hit.strength >= weakest
        ):
            yield saying.points_elsewhere(other.name)
            return


def completed(standing: Standing, line: Line) -> Finding | None:
    """Numbers of some vouchers, the list of which the bank has cut off: the only way in which more of what is open of that party makes up the amount."""
    around = standing.around
    shown = [
        around.voucher[key]
        for key, hit in around.hits[line.name].items()
        if hit.strength >= numbers.FAIR
        and not key[2]
        and around.voucher[key].currency == line.currency
        and standing.whole(around.voucher[key])
    ]
    parties = {(voucher.party_type, voucher.party) for voucher in shown if voucher.party}
    named = [key for key in sorted(parties) if around.names.of(around.reading[line.name], key, around.coded[line.name]).strength]
    party = named[0] if len(named) == 1 else next(iter(parties)) if len(parties) == 1 else None
    if party is None or (not named and any(key != party for key in around.parties_of(line))):
        return None
    mine = [voucher for voucher in shown if (voucher.party_type, voucher.party) == party]
    rest = line.amount - sum((voucher.amount for voucher in mine), Decimal(0))
    others = open_of(standing, line, party, but=mine)
    if (
        rest == 0
        or (rest > 0) != (line.amount > 0)
        or len(others) > OPEN_AT_MOST
        or by_chance([other.amount for other in others], rest, *(voucher.amount for voucher in mine))
    ):
        return None
    subset = only_subset([other.amount for other in others], rest)
    chosen = [*mine, *(others[at] for at in subset)]
    by_sum = [others[at].amount for at in subset]
    if (
        not subset
        or any(not standing.whole(voucher) for voucher in chosen)
        or (len(subset) > 1 and by_chance(by_sum, rest, *(each.amount for each in mine)))
    ):
        return None
    if another_number(around, line, chosen, slips=False):
        return None
    reasons = (saying.number(around.hits[line.name][mine[0].key].key, mine[0]), saying.only_sum(around.title(mine[0]), len(chosen)))
    finding = Finding(line, 92, reasons, tuple(Part(voucher.key, voucher.amount) for voucher in chosen))
    against: list[Text] = []
    twins = [
        other
        for other in around.lines_of_amount[line.currency, line.amount]
        if other.name != line.name and any(around.hit(other, voucher) >= numbers.FAIR for voucher in mine)
    ]
    if twins:
        against.append(saying.other_lines_fit(len(twins)))
    if rivals := sum(standing.rival(voucher) and around.name(line, voucher).strength > 0 for voucher in around.exact(line)):
        against.append(saying.others_fit(rivals))
    return finding.doubted(*against) if against else finding


def by_shared_reference(standing: Standing, line: Line) -> Finding | None:
    """A payout or a run: all payments that carry the reference which the line shows, less what a processor holds back."""
    around = standing.around
    references = dict.fromkeys(
        around.voucher[key].reference
        for key, hit in around.hits[line.name].items()
        if hit.strength >= numbers.FAIR and key[2] and around.voucher[key].reference
    )
    best: Finding | None = None
    for reference in references:
        group = [
            voucher
            for voucher in around.of_reference[line.bank_account, reference]
            if voucher.currency == line.currency and standing.left[voucher.key] != 0 and gates.in_time(line, voucher)
        ]
        total = sum((voucher.amount for voucher in group), Decimal(0))
        off = line.amount - total
        if len(group) < 2 or (total > 0) != (line.amount > 0) or not all(around.hit(line, voucher) >= numbers.FAIR for voucher in group):
            continue
        fee = total > 0 and 0 < -off <= total * PAYOUT_FEE + len(group) * PAYOUT_EACH
        if off != 0 and not fee:
            continue
        reasons = [saying.shared_reference(reference, len(group))]
        if fee:
            reasons.append(saying.fee_of_payout(off, (-off * 100 / total).quantize(Decimal("0.1"))))
        parts = tuple(Part(voucher.key, voucher.amount) for voucher in group)
        finding = Finding(line, 94 if fee else 97, tuple(reasons), parts, difference=off, difference_is=FEE if fee else "", certain=True)
        others = [
            other
            for other, _ in around.lines_showing(group[0])
            if other.name != line.name and other.name not in standing.certain_lines and (other.amount > 0) == (line.amount > 0)
        ]
        if others:
            finding = finding.doubted(saying.other_lines_fit(len(others)))
        best = finding if best is None or finding.score > best.score else best
    return best


def by_sum(standing: Standing, line: Line) -> Finding | None:
    """The only way in which some of what is open of the named party makes the line's amount."""
    around = standing.around
    party = only_party(around, line)
    if party is None:
        return None
    within = open_of(standing, line, party)
    if len(within) < 2 or len(within) > OPEN_AT_MOST or by_chance([voucher.amount for voucher in within], line.amount):
        return None
    subset = only_subset([voucher.amount for voucher in within], line.amount)
    if len(subset) < 2:
        return None
    chosen = [within[at] for at in subset]
    if any(not standing.whole(voucher) for voucher in chosen) or by_chance([voucher.amount for voucher in chosen], line.amount):
        return None
    named = around.parties_of(line)[party]
    reasons = (saying.party(around.title(chosen[0]), named.by, True), saying.only_sum(around.title(chosen[0]), len(chosen)))
    finding = Finding(line, 92, reasons, tuple(Part(voucher.key, voucher.amount) for voucher in chosen))
    against: list[Text] = []
    mine = {voucher.key for voucher in chosen}
    for other, hit in around.shown(line, chosen):
        if (other.party_type, other.party) == party or hit.strength == numbers.STRONG:
            against.append(saying.points_elsewhere(other.name))
            break
    if rivals := sum(
        voucher.key not in mine and standing.rival(voucher) and around.name(line, voucher).strength > 0 for voucher in around.exact(line)
    ):
        against.append(saying.others_fit(rivals))
    if another_number(around, line, chosen, slips=False):
        against.append(saying.another_number())
    if any(gates.days_after(line, voucher) < -1 for voucher in chosen):
        against.append(saying.days_apart(min(gates.days_after(line, voucher) for voucher in chosen)))
    if others := other_lines(standing, line, chosen[0]):
        against.append(saying.other_lines_fit(others))
    return finding.doubted(*against) if against else finding


def only_party(around: Around, line: Line) -> PartyKey | None:
    """The one party that the line names whole; of several the one whose name is longer and has the others' in it."""
    parties = around.parties_of(line)
    if len(parties) < 2:
        return next(iter(parties), None)
    found = sorted(parties.items(), key=lambda each: (-each[1].letters, each[0]))
    key, named = found[0]
    return key if all(other.shown < named.shown and other.letters < named.letters for _, other in found[1:]) else None


def lines_of_day(standing: Standing) -> Iterator[Finding]:
    """One entry for several lines of one day that share a word (wages, a batch): together they make just its amount."""
    around = standing.around
    claimed: dict[tuple[str, str, str], set[frozenset[str]]] = defaultdict(set)
    for (account, day), lines in sorted(around.lines_of_day.items()):
        open_lines = [line for line in lines if line.name not in standing.done]
        if len(open_lines) < 2:
            continue
        for group in _sharing_a_word(around, open_lines):
            total = sum((line.amount for line in group), Decimal(0))
            for voucher in around.of_amount.get((group[0].currency, total), ()):
                if voucher.bank_account == account and standing.whole(voucher) and abs((day - voucher.posting_date).days) <= DAY_OFF:
                    claimed[voucher.key].add(frozenset(line.name for line in group))
    for key, sets in sorted(claimed.items()):
        voucher = around.voucher[key]
        rivals = [
            each
            for each in around.of_amount[voucher.currency, voucher.amount]
            if each.key != key and each.bank_account == voucher.bank_account
        ]
        exact = [
            each for each in around.lines_of_amount.get((voucher.currency, voucher.amount), ()) if each.bank_account == voucher.bank_account
        ]
        for names in sets:
            for name in sorted(names):
                line = around.line[name]
                finding = Finding(line, 93, (saying.several_lines(voucher.amount, len(names)),), (Part(key, line.amount),), certain=True)
                against = list(_not_of_day(around, line, voucher, len(names)))
                if len(sets) > 1 or exact:
                    against.append(saying.other_lines_fit(len(sets) - 1 + len(exact)))
                if rivals:
                    against.append(saying.others_fit(len(rivals)))
                if around.hits[name] and any(hit.strength >= numbers.FAIR for other, hit in around.shown(line, (voucher,))):
                    against.append(saying.points_elsewhere(next(iter(around.shown(line, (voucher,))))[0].name))
                yield finding.doubted(*against) if against else finding


def _not_of_day(around: Around, line: Line, voucher: Voucher, lines: int) -> Iterator[Text]:
    """What speaks against one line of several: the entry is of a party that it does not name, it is somebody's own voucher, or two lines may have their sum by chance."""
    if voucher.party and not around.name(line, voucher).strength:
        yield saying.not_certain()
    elif lines == 2 and not around.reading[line.name].said & WAGES and not voucher.party:
        yield saying.not_certain()
    if own := sum(each.key != voucher.key and around.name(line, each).strength > 0 for each in around.exact(line)):
        yield saying.others_fit(own)


def _sharing_a_word(around: Around, lines: list[Line]) -> Iterator[list[Line]]:
    """Groups of two or more lines of one direction, each of all lines that say one word; each group once."""
    seen: set[tuple[str, ...]] = set()
    for into in (True, False):
        direction = [line for line in lines if (line.amount > 0) == into]
        saying_it: dict[str, list[Line]] = defaultdict(list)
        for line in direction:
            for word in _sorts(around.reading[line.name].said):
                saying_it[word].append(line)
        for word, group in sorted(saying_it.items()):
            if len(group) >= 2 and not word.isdigit():
                key = tuple(line.name for line in group)
                if key not in seen:
                    seen.add(key)
                    yield group


def _sorts(said: frozenset[str]) -> frozenset[str]:
    """The words, those of wages as one."""
    return said if not said & WAGES else said | {"WAGES"}


def lines_of_party(standing: Standing) -> Iterator[Finding]:
    """One open voucher that two or more lines of its party pay together, where no other lines and no other voucher of theirs do."""
    around = standing.around
    lines: dict[PartyKey, list[Line]] = defaultdict(list)
    for line in standing.open_lines():
        party = only_party(around, line)
        if party is not None:
            lines[party].append(line)
    for party, theirs in sorted(lines.items()):
        if not 2 <= len(theirs) <= LINES_AT_MOST:
            continue
        found = list(_ways(standing, around.of_party[party], theirs))
        for voucher, group in found:
            for line in group:
                finding = Finding(line, 91, (saying.lines_of_party(around.title(voucher), len(group)),), (Part(voucher.key, line.amount),))
                against = [saying.others_fit(len(found) - 1)] if len(found) > 1 else []
                if any(hit.strength >= numbers.FAIR for _, hit in around.shown(line, (voucher,))):
                    against.append(saying.points_elsewhere(next(iter(around.shown(line, (voucher,))))[0].name))
                if any(another_number(around, each, (voucher,), slips=False) for each in group):
                    against.append(saying.another_number())
                if by_chance([each.amount for each in theirs], voucher.amount):
                    against.append(saying.by_chance_of_sums())
                yield finding.doubted(*against) if against else finding


def _ways(standing: Standing, vouchers: Iterable[Voucher], lines: list[Line]) -> Iterator[tuple[Voucher, list[Line]]]:
    for voucher in vouchers:
        if not standing.whole(voucher):
            continue
        able = [
            line
            for line in lines
            if line.currency == voucher.currency and gates.may_be(line, voucher) and 0 <= gates.days_after(line, voucher)
        ]
        for chosen in range(1, 1 << len(able)):
            group = [line for at, line in enumerate(able) if chosen >> at & 1]
            if (
                len(group) >= 2
                and (group[-1].date - group[0].date).days <= OF_DAYS
                and sum((line.amount for line in group), Decimal(0)) == voucher.amount
            ):
                yield voucher, group
