"""What stands between a document and Xero, in words a person can act on.

A problem has a stable `code` (for grouping and tests), a sentence saying what is wrong with which document, and the cure. Cures
name the place where they are applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .texts import Text, dump, load


@dataclass(frozen=True)
class Problem:
    """One reason why a document cannot go to Xero as it is.

    `held` is true where nothing is wrong and the document only waits (a case of a later release, an approval, a lock).
    """

    code: str
    message: Text
    cure: Text
    held: bool = False

    def kept(self) -> dict[str, Any]:
        """As it is kept as JSON until it is known whether it matters."""
        parts = dump(message=self.message, cure=self.cure)
        return {"code": self.code, "message": str(self.message), "cure": str(self.cure), **({"parts": parts} if parts else {})}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Problem:
        """What was kept so; a former release kept no parts."""
        forms = load(kept.get("parts"))
        message, cure = (Text(kept[name], forms.get(name)) for name in ("message", "cure"))
        return cls(kept["code"], message, cure)


class Refused(Exception):
    """Carries every problem of one document; raised by translators when at least one was found."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
