"""What keeps a document from being sent to Xero, in words that a person can act on.

A problem has a stable `code` (for grouping and tests), a sentence that says what is wrong with which document, and the resolution, which names
the place where to apply it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .causes import Cause
from .texts import Text, _, dump, lines, load, shortened

# Of a document's problems so many are shown, each with so many characters: what a person reads, and what fits every column and notification.
MOST_SHOWN, LONGEST_SHOWN = 10, 700


@dataclass(frozen=True)
class Problem:
    """One reason why a document cannot be sent to Xero as it is.

    `held` is true where nothing is wrong and the document only waits (for an approval, a lock, or a case that is not supported yet).
    `causes` are what has to change before the document can go, where this problem knows better than its code (accounting/causes.py); they
    make no difference between two problems.
    """

    code: str
    message: Text
    resolution: Text
    held: bool = False
    causes: tuple[Cause, ...] = field(default=(), compare=False)

    def stored(self) -> dict[str, Any]:
        """As JSON, stored until it is known whether it matters."""
        parts = dump(message=self.message, cure=self.resolution)
        kept: dict[str, Any] = {"code": self.code, "message": str(self.message), "cure": str(self.resolution)}
        return kept | ({"parts": parts} if parts else {}) | ({"causes": [list(each) for each in self.causes]} if self.causes else {})

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Problem:
        """The problem that `stored` gave; former releases stored no parts of the texts and no causes."""
        forms = load(kept.get("parts"))
        message, resolution = (Text(kept[name], forms.get(name)) for name in ("message", "cure"))
        return cls(kept["code"], message, resolution, causes=tuple(Cause(*each) for each in kept.get("causes") or ()))


def summary(problems: Sequence[Problem]) -> Problem:
    """All problems of a document as one: the first ones with the number of the others; held where every one only waits.

    What to do names no number: documents with the same cure have the same cause.
    """
    held = all(problem.held for problem in problems)
    texts = list(dict.fromkeys(shortened(problem.message, LONGEST_SHOWN) for problem in problems))
    resolutions = list(dict.fromkeys(shortened(problem.resolution, LONGEST_SHOWN) for problem in problems if problem.resolution))
    if (more := len(texts) - MOST_SHOWN) > 0:
        texts = [*texts[:MOST_SHOWN], _("And one more problem") if more == 1 else _("And {count} more problems").format(count=more)]
    if len(resolutions) > MOST_SHOWN:
        resolutions = [*resolutions[:MOST_SHOWN], _("Retry then shows the problems that are left")]
    return Problem(problems[0].code, lines(texts), lines(resolutions), held)


class Refused(Exception):
    """All problems of one document; raised by translators that found at least one."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
