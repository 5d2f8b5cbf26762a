"""Judges line by line whether exactly one answer fits what line, vouchers and other lines show: `decidable`, and whether an equal amount lies about: `trap`.

It knows the truth and looks for rivals of it in the finished world. What counts, as a careful bookkeeper reads it:
- A number shown at least fairly with the exact amount is decisive, unless another voucher with that amount or another number of the same party is shown as well. Of two lines that
  show the same, the earlier pays.
- Without a number: the party's name with the exact amount, if no other voucher of that amount is of a party so named (that is not the answer of a line with a number), no other
  unexplained line of that amount names the party, and no number points elsewhere. A number one slip off does not disturb; one that hits another voucher of the party or amount does.
- What was entered as moved and has no name: the only one of that amount in that account, three days off at most, no other such line, no other party named.
- Several vouchers: all numbers shown and nothing else, or a whole name and exactly one subset of all that is open of the party. A payout or run: all that carry the shown reference.
- A part: the number, and too far from the whole to be a deduction. A difference: the number, and cents, a fee that is printed, a discount that the remarks grant, or too much.
- A foreign amount: the number and within 6 % of the rate, or the name and the party's only voucher near.
- A transfer: the only line of the other sign in another own account within five days, with words of a transfer. A return: words of a return, and the only earlier line of it.
- A line in a closed period that would have to be posted is not decidable: what to do with it is not shown anywhere. NOTHING never is.
"""

from __future__ import annotations

from dataclasses import replace

from benchmarks.bank_lines.tuning.evidence import FAIR, STRONG, WEAK, nearly
from benchmarks.bank_lines.tuning.own_lines import returned, transfer, wages
from benchmarks.bank_lines.tuning.sums import deducted, foreign, part, several
from benchmarks.bank_lines.tuning.surroundings import Surroundings
from benchmarks.bank_lines.values import RETURNED, TRANSFER, VOUCHERS, Line, Truth, Voucher, World

# How near what moved money must be to its line: with a name, and without.
NAMED_DAYS, NAMELESS_DAYS = 10, 3


def judged(world: World) -> World:
    """The same world; each truth's `decidable` and `trap` are what the world shows."""
    judge = _Judge(world)
    return replace(world, truths={line.name: judge.truth(line) for line in world.lines})


class _Judge:
    def __init__(self, world: World) -> None:
        self.world, self.around = world, Surroundings(world)
        # Lines that their numbers decide, and what they take: no rivals of the others.
        self.sure: dict[str, None] = {}
        self.taken: dict[tuple[str, str, str], None] = {}
        for line in world.lines:
            answer = world.truths[line.name].answer
            if answer.kind == VOUCHERS and self._by_number(line):
                self.sure[line.name] = None
                self.taken |= {key: None for key, _ in answer.vouchers}

    def truth(self, line: Line) -> Truth:
        truth = self.world.truths[line.name]
        return replace(truth, decidable=self._decidable(line), trap=self._trap(line))

    def _vouchers(self, line: Line) -> tuple[Voucher, ...]:
        return tuple(self.around.voucher[key] for key, _ in self.world.truths[line.name].answer.vouchers)

    def _decidable(self, line: Line) -> bool:
        answer, around = self.world.truths[line.name].answer, self.around
        vouchers = self._vouchers(line)
        posts = not vouchers or any(not voucher.bank_account for voucher in vouchers)
        if self.world.closed_until and line.date <= self.world.closed_until and posts:
            return False
        if answer.kind == TRANSFER:
            return transfer(around, line, around.line[answer.line])
        if answer.kind == RETURNED:
            return returned(around, line, around.line[answer.line])
        if answer.kind != VOUCHERS:
            return False
        if line.name in self.sure:
            return True
        if len(vouchers) > 1:
            return several(around, line, vouchers, answer.difference, self.taken, numbers_only=False) and not self._others_like_it(
                line, vouchers[0]
            )
        voucher, allocated = vouchers[0], answer.vouchers[0][1]
        if voucher.currency != line.currency:
            return foreign(around, line, voucher)
        if allocated != voucher.amount:
            return wages(around, line, voucher) if voucher.bank_account else part(around, line, voucher)
        if answer.difference:
            return deducted(around, line, voucher, answer.difference)
        return self._by_name(line, voucher) or self._as_moved(line, voucher) or self._by_slip(line, voucher)

    def _by_number(self, line: Line) -> bool:
        answer, around, vouchers = self.world.truths[line.name].answer, self.around, self._vouchers(line)
        if len(vouchers) > 1:
            return several(around, line, vouchers, answer.difference, {}, numbers_only=True)
        voucher = vouchers[0]
        strength = around.reference(line, voucher)
        if voucher.currency != line.currency or answer.vouchers[0][1] != line.amount or voucher.amount != line.amount or strength < FAIR:
            return False
        named = around.name(line, voucher)
        for other, other_strength in around.others_shown(line, (voucher,)):
            if other.amount == line.amount and other.currency == line.currency:
                weaker = other_strength < strength or (named == STRONG and around.name(line, other) < WEAK)
                if not weaker:
                    return False
            elif other.party == voucher.party and other.party_type == voucher.party_type and other_strength >= strength:
                return False
        return all(other.date > line.date or around.reference(other, voucher) < FAIR for other in around.lines_alike(line, voucher))

    def _by_name(self, line: Line, voucher: Voucher) -> bool:
        around, named = self.around, self.around.name(line, voucher)
        if (
            named < WEAK
            or (voucher.bank_account and abs((line.date - voucher.posting_date).days) > NAMED_DAYS)
            or self._points_elsewhere(line, voucher)
        ):
            return False
        if any(other.key not in self.taken for other, _ in around.named_equals(line, (voucher,))):
            return False
        if named < STRONG and any(other.key not in self.taken for other in around.equals(line, (voucher,))):
            return False
        return not self._others_like_it(line, voucher)

    def _points_elsewhere(self, line: Line, voucher: Voucher) -> bool:
        """Whether a number of the line is another voucher's of the same party or amount, or plainly another's."""
        near = nearly(self.around.shown(line), voucher)
        for other, strength in self.around.others_shown(line, (voucher,)):
            same_party = other.party == voucher.party and other.party_type == voucher.party_type
            if same_party or (other.amount == line.amount and other.currency == line.currency) or (strength == STRONG and not near):
                return True
        return False

    def _others_like_it(self, line: Line, voucher: Voucher) -> bool:
        return any(other.name not in self.sure for other in self.around.lines_alike(line, voucher))

    def _as_moved(self, line: Line, voucher: Voucher) -> bool:
        if not voucher.bank_account or abs((line.date - voucher.posting_date).days) > NAMELESS_DAYS:
            return False
        if self._points_elsewhere(line, voucher) or self.around.names_another(line, voucher):
            return False
        if any(other.key not in self.taken for other in self.around.equals(line, (voucher,))):
            return False
        near = self.around.lines_of_amount[line.currency, line.amount]
        return not any(
            other.name != line.name
            and other.name not in self.sure
            and other.bank_account == line.bank_account
            and abs((other.date - voucher.posting_date).days) <= NAMED_DAYS
            for other in near
        )

    def _by_slip(self, line: Line, voucher: Voucher) -> bool:
        """A number one slip off with an amount that nothing else has."""
        if not nearly(self.around.shown(line), voucher) or self._points_elsewhere(line, voucher):
            return False
        alone = all(other.name == line.name for other in self.around.lines_of_amount[line.currency, line.amount])
        return alone and next(self.around.equals(line, (voucher,)), None) is None

    def _trap(self, line: Line) -> bool:
        """A voucher of just this amount is within reach, or a line that could be taken back, and it is not the answer."""
        answer, mine = self.world.truths[line.name].answer, self._vouchers(line)
        if next(self.around.equals(line, mine), None) is not None:
            return True
        if answer.kind in (TRANSFER, RETURNED):
            against = self.around.lines_of_amount.get((line.currency, -line.amount), [])
            return any(other.name != answer.line and abs((other.date - line.date).days) <= 30 for other in against)
        return False
