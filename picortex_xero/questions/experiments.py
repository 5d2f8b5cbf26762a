"""The experiments by name, and asking one. Each is `experiment(organisation) -> str` (what was seen) and raises `Differs` where Xero does
otherwise; the first line of its docstring is the rule. Add one for every rule of grade C (inferred: sandbox/xero/data/rules.json) that the app
comes to rely on, with its line in accounting/questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .organisation import Differs, NotAsked, Organisation

AS_EXPECTED, DIFFERS, NOT_CHECKED = "As Expected", "Differs", "Not Checked"
Experiment = Callable[[Organisation], str]
EXPERIMENTS: dict[str, tuple[str, Experiment]] = {}


def experiment(settles: str) -> Callable[[Experiment], Experiment]:
    """Register an experiment under its name; `settles` says in a few words what it decides."""

    def register(function: Experiment) -> Experiment:
        EXPERIMENTS[function.__name__] = (settles, function)
        return function

    return register


@dataclass(frozen=True)
class Result:
    """What came of one question: its `state`, and in a few words what was `seen` or why it could not be asked."""

    name: str
    state: str
    seen: str


def ask(name: str, organisation: Organisation) -> Result:
    """Ask one question. Raises Wait where the organisation has no calls left: then it is asked anew, as if it never was."""
    try:
        return Result(name, AS_EXPECTED, EXPERIMENTS[name][1](organisation))
    except Differs as seen:
        return Result(name, DIFFERS, str(seen))
    except (NotAsked, LookupError, TypeError, ValueError, ArithmeticError) as why:
        # An answer of another shape than any that Xero describes tells nothing of the rule.
        return Result(name, NOT_CHECKED, f"{why}" if isinstance(why, NotAsked) else f"{type(why).__name__}: {why}")
