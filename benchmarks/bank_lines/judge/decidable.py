"""Whether exactly one answer fits a line: each rule looks through the surroundings for what else a bookkeeper could take it for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.bank_lines.judge import own_lines, typed_in
from benchmarks.bank_lines.judge.open_items import Open
from benchmarks.bank_lines.judge.surroundings import Surroundings
from benchmarks.bank_lines.values import NOTHING, RETURNED, TRANSFER, Answer, Truth, World


@dataclass(frozen=True)
class Happened:
    case: str
    answer: Answer


def judge(world: World, happened: Mapping[str, Happened]) -> dict[str, Truth]:
    """The truth of every line of a finished world, whose own `truths` are not looked at."""
    seen = Surroundings(world)
    return {
        line.name: Truth(each.case, each.answer, decides(seen, at, each.answer), _trap(seen, at, each.answer))
        for at, line in enumerate(world.lines)
        for each in (happened[line.name],)
    }


def decides(seen: Surroundings, at: int, answer: Answer) -> bool:
    line = seen.lines[at]
    if answer.kind == NOTHING or (seen.world.closed_until is not None and line.date <= seen.world.closed_until):
        return False
    if answer.kind == TRANSFER:
        return own_lines.transfer(seen, at, answer)
    if answer.kind == RETURNED:
        return own_lines.returned(seen, at, answer)
    chosen = [seen.place[key] for key, _ in answer.vouchers]
    if all(not seen.is_open(each) for each in chosen):
        return typed_in.decides(seen, at, answer, chosen)
    if any(not seen.is_open(each) for each in chosen):
        return False
    return Open(seen, at, answer, chosen).decides()


def _trap(seen: Surroundings, at: int, answer: Answer) -> bool:
    """Whether another voucher of this amount lies about, from four months before to ten days after."""
    line, right = seen.lines[at], {key for key, _ in answer.vouchers}
    for each in seen.same_amount.get((line.currency, seen.line_cents[at]), ()):
        voucher = seen.vouchers[each]
        if (
            voucher.key not in right
            and voucher.bank_account in ("", line.bank_account)
            and -10 <= (line.date - voucher.posting_date).days <= 120
        ):
            return True
    return False
