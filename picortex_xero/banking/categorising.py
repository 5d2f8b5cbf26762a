"""As what a line is entered that no voucher explains: by the first of the company's rules that holds, else as lines of the same payee were before. Always for a person to accept.

A voucher goes before: where one may explain the line, what rules and payees say comes after it and is doubtful, so that no receipt is coded while its invoice stays open.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..accounting.texts import Text, _
from . import gates, saying
from .memory import Memory, Suggestion
from .payees import payee
from .rules import Rule, first
from .values import CODED, DOUBTFUL, Books, Line, Proposal

BY_RULE = 95
# What no more than its amount speaks for: other lines have the same one (exact.by_amount).
AMOUNT_ALONE = 25
# So many readings are shown, codings among them at least so many.
SHOWN, KEPT = 5, 2


def suggestions(line: Line, rules: Sequence[Rule], memory: Memory) -> list[Suggestion]:
    """As what a line may be entered, the best first, each coding once."""
    found = []
    if ruled := first(rules, line):
        rule, why = ruled
        found.append(Suggestion(rule.coding, BY_RULE, why))
    for each in memory.suggestions(payee(line), line.amount > 0):
        if each.coding not in [other.coding for other in found]:
            found.append(
                each if not ruled else Suggestion(each.coding, min(each.score, DOUBTFUL), (*each.reasons, _("A rule says otherwise")))
            )
    return found


def with_codings(books: Books, line: Line, found: tuple[Proposal, ...], rules: Sequence[Rule], memory: Memory) -> tuple[Proposal, ...]:
    """The readings of a line, with what rules and payees say where no voucher, transfer or return is sure."""
    best = found[0].score if found else 0
    if best > DOUBTFUL:
        return found
    wanted = suggestions(line, rules, memory)
    shut = gates.closed(books, line.date)
    doubted = best >= AMOUNT_ALONE
    coded = []
    for each in wanted:
        reasons: tuple[Text, ...] = each.reasons
        if doubted:
            reasons = (*reasons, _("A voucher may explain the line"))
        if shut:
            reasons = (*reasons, saying.closed_period(books.closed_until))
        coded.append(Proposal(line.name, CODED, (), min(each.score, DOUBTFUL) if doubted else each.score, reasons, coding=each.coding))
    # A sure coding goes before what only has the amount; a doubtful one stands after it.
    sure = [each for each in coded if each.score > DOUBTFUL]
    rest = [each for each in coded if each not in sure]
    return tuple([*sure, *found[: SHOWN - min(len(coded), KEPT)], *rest][:SHOWN])
