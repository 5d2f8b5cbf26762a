"""An answer held against the truth, and what comes of many lines: precision of what is automatic, coverage of what is decidable, by case."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.bank_lines.values import NOTHING, RETURNED, TRANSFER, VOUCHERS, Answer, Truth, World

# What a matcher says of a world: by the line's name its automatic answer; a line without one is left to a person.
Matcher = Callable[[World], Mapping[str, Answer]]


def equal(answer: Answer, truth: Answer) -> bool:
    """Kind, vouchers, amounts and other line are the truth's; the difference follows from these where currencies are the same."""
    if answer.kind != truth.kind or truth.kind == NOTHING:
        return False
    if truth.kind in (TRANSFER, RETURNED):
        return answer.line == truth.line
    assert truth.kind == VOUCHERS
    return sorted(answer.vouchers) == sorted(truth.vouchers) and answer.difference == truth.difference


@dataclass
class Count:
    """Lines of one kind. `guessed`: right by the truth, on a line that is not decidable; `left`: neither decidable nor answered."""

    lines: int = 0
    decidable: int = 0
    right: int = 0
    wrong: int = 0
    guessed: int = 0
    guessed_wrong: int = 0
    abstained: int = 0
    left: int = 0

    def add(self, truth: Truth, answer: Answer | None) -> None:
        self.lines += 1
        self.decidable += truth.decidable
        good = answer is not None and equal(answer, truth.answer)
        if answer is None:
            self.abstained += truth.decidable
            self.left += not truth.decidable
        elif truth.decidable:
            self.right += good
            self.wrong += not good
        else:
            self.guessed += good
            self.guessed_wrong += not good

    def join(self, other: Count) -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def automatic(self) -> int:
        return self.right + self.wrong + self.guessed + self.guessed_wrong

    @property
    def precision(self) -> float:
        return (self.right + self.guessed) / self.automatic if self.automatic else 1.0

    @property
    def coverage(self) -> float:
        return self.right / self.decidable if self.decidable else 1.0

    @property
    def lower(self) -> float:
        return wilson(self.right + self.guessed, self.automatic)


def wilson(right: int, of: int, z: float = 1.96) -> float:
    """Wilson's 95 % lower bound of a share."""
    if not of:
        return 0.0
    share = right / of
    middle, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of)


@dataclass
class Figures:
    """Of one matcher: all lines, those with a trap, and by case."""

    all: Count = field(default_factory=Count)
    traps: Count = field(default_factory=Count)
    cases: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))

    def add(self, world: World, answers: Mapping[str, Answer]) -> None:
        for line in world.lines:
            truth, answer = world.truths[line.name], answers.get(line.name)
            for count in (self.all, self.cases[truth.case], *([self.traps] if truth.trap else [])):
                count.add(truth, answer)


def wrong(world: World, answers: Mapping[str, Answer]) -> Iterator[str]:
    """The names of the lines whose automatic answer is not the truth."""
    for line in world.lines:
        answer = answers.get(line.name)
        if answer is not None and not equal(answer, world.truths[line.name].answer):
            yield line.name
