"""Rules and settings as values. A rule's alternatives are joined by or, the conditions of each by and; the first rule that matches decides, and where
none does, the setting of the document's kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from ...accounting.texts import NONE, Text
from ..approvals.flow import ANYONE, Flow
from .conditions import Condition
from .fields import Doc, Groups

# What becomes of a document; stored.
SYNC, HOLD, NEXT_BATCH, SKIP = "Sync", "Hold for approval", "Next batch", "Skip"
OUTCOMES = (SYNC, HOLD, NEXT_BATCH, SKIP)
# When documents of a kind go; stored.
REAL_TIME, HOURLY, DAILY = "Real time", "Hourly", "Daily"
TIMES = (REAL_TIME, HOURLY, DAILY)


@dataclass(frozen=True)
class Rule:
    """`name` is its row, `title` what people call it. A rule without conditions matches every document of its kinds.
    `flow` is who agrees, for one that holds documents."""

    name: str
    title: str
    outcome: str
    alternatives: tuple[tuple[Condition, ...], ...] = ((),)
    flow: Flow = ANYONE

    def matches(self, doc: Doc, groups: Groups) -> bool | None:
        """Whether it matches a document; None where that depends on a condition that is broken."""
        found = [_all(condition.holds(doc, groups) for condition in each) for each in self.alternatives]
        return True if True in found else None if None in found else False

    @property
    def broken(self) -> Text:
        """What is wrong with it; "" where nothing is."""
        return next((each.broken for conditions in self.alternatives for each in conditions if each.broken), NONE)


def _all(found: object) -> bool | None:
    each = list(found)  # type: ignore[call-overload]
    return False if False in each else None if None in each else True


@dataclass(frozen=True)
class Setting:
    """What the admin chose for one kind of document: whether it goes, when (`send`; a day's at `at`, in the site's time), from which day on
    (`start_date`, "": from the go-live date), and its status in Xero (`status`, "": the connection's)."""

    on: bool = True
    send: str = REAL_TIME
    at: time = time(0, 0)
    start_date: str = ""
    status: str = ""


AS_ALWAYS = Setting()


@dataclass(frozen=True)
class Policy:
    """The settings and, in their order, the rules of one connection, by kind. `zone` is the site's time zone and `now` the time (UTC, without zone), both
    for what waits for its batch. `active`: anything here is other than by default, or something was decided by it."""

    settings: Mapping[str, Setting] = field(default_factory=dict)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    zone: str = "UTC"
    now: datetime = datetime.min
    active: bool = False

    def setting(self, kind: str) -> Setting:
        """What was chosen for a kind."""
        return self.settings.get(kind, AS_ALWAYS)

    def rules_of(self, kind: str) -> tuple[Rule, ...]:
        """The rules that are about a kind, the first to decide first."""
        return self.rules.get(kind, ())

    @property
    def may_skip(self) -> bool:
        """Whether a rule or a setting keeps any document out of Xero."""
        off = any(not each.on or each.start_date for each in self.settings.values())
        return off or any(rule.outcome == SKIP for rules in self.rules.values() for rule in rules)

    def as_agreed(self) -> Policy:
        """The same where everybody agrees to everything: for a preview of what somebody is asked about."""
        agreed = {
            kind: tuple(replace(rule, outcome=SYNC) if rule.outcome == HOLD else rule for rule in rules)
            for kind, rules in self.rules.items()
        }
        return replace(self, rules=agreed)

    def without_batches(self) -> Policy:
        """The same where nothing waits for an hour or a day: for what an import of history brings, before there is a step of it."""
        rules = {
            kind: tuple(replace(rule, outcome=SYNC) if rule.outcome == NEXT_BATCH else rule for rule in rules)
            for kind, rules in self.rules.items()
        }
        return replace(self, rules=rules, settings={kind: replace(each, send=REAL_TIME) for kind, each in self.settings.items()})

    def holds(self, kind: str) -> bool:
        """Whether a rule about a kind wants somebody to agree."""
        return any(rule.outcome == HOLD for rule in self.rules_of(kind))

    def names(self, kind: str, fields: frozenset[str]) -> bool:
        """Whether a rule about a kind names one of these fields."""
        return any(each.field in fields for rule in self.rules_of(kind) for conditions in rule.alternatives for each in conditions)


NO_RULES = Policy()
