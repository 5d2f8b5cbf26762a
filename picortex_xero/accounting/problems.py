"""What stands between a document and Xero, in words a person can act on.

A problem has a stable `code` (for grouping and tests), a sentence saying what is wrong with which document, and the cure. Cures
name the place where they are applied.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One reason why a document cannot go to Xero as it is.

    `held` is true where nothing is wrong and the document only waits (a case of a later release, an approval, a lock).
    """

    code: str
    message: str
    cure: str
    held: bool = False


class Refused(Exception):
    """Carries every problem of one document; raised by translators when at least one was found."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
