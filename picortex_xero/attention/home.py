"""What the home page shows of the companies that a user may see: how much is on its way, waits, is to be put right, and the one next step of each,
the company first that needs a person most.

Every figure is one statement for all companies together (engine/figures.py), whatever the outbox holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import frappe
from frappe.utils import getdate, nowdate

from ..accounting import causes
from ..accounting.texts import Text, _, load, plain, render
from ..connection import current, setup_steps
from ..documents.by_hand import BY_HAND as DONE
from ..documents.registry import SUBMITTED
from ..documents.removed import LEFT_OUT, UNDONE
from ..documents.skipped import BY_A_PERSON
from ..documents.step import ENDED, IN_FLIGHT, PENDING
from ..engine import figures, limits, outbox, screen_texts, stuck, watch
from ..engine.clock import now
from ..xero.records.registry import EXTRAS
from . import standing

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
FIX, ITEMS = ["xero-to-fix"], ["List", outbox.DOCTYPE, "List"]
# Which steps the lists show that the figures open: those of the documents that are counted.
OF_DOCUMENTS: dict[str, Any] = {"kind": ["not in", list(EXTRAS)]}
ON_ITS_WAY = {"state": ["in", [PENDING, *IN_FLIGHT]], "awaits": ["is", "not set"], **OF_DOCUMENTS}
APPROVAL = {"state": PENDING, "awaits": ["is", "set"], **OF_DOCUMENTS}
# So many reasons have a bar of their own.
MOST_REASONS = 8
LONGEST_REASON = 60
# What stands in for the names and amounts of one document where a sentence is said of many.
SOME = "…"
SETTING_UP, RESTING, WATCHING = "setting-up", "resting", "watch-only"
# Of the state alone, whatever waits: it stands still, is set up, sends.
STATE_COLOURS = {0: "red", 3: "orange", 4: "green"}
# What people left out or did is said without the words that each gave.
BY_PEOPLE = {
    BY_A_PERSON: _("Skipped by accounts"),
    LEFT_OUT: _("Left out by accounts"),
    UNDONE: _("Undone in Xero"),
    DONE: _("Entered in Xero by hand"),
}


@dataclass
class Count:
    """Of one company how many documents are on their way, wait for a person's approval in Xero (`approval`) or for a person here (`to_fix`, as the page
    To Fix lists them), and how many of the latter are done in Xero by hand (`by_hand`); with how many steps there is something wrong (`wrong`); since
    when the one waits for a person that has waited longest (UTC). A document is counted once."""

    on_its_way: int = 0
    approval: int = 0
    to_fix: int = 0
    by_hand: int = 0
    wrong: int = 0
    oldest: datetime | None = None

    @property
    def days(self) -> int:
        """For how many whole days the oldest has been waiting; 0 where nothing does."""
        return max(0, (now() - self.oldest).days) if self.oldest else 0


def seen() -> list[str]:
    """The connections of this user's companies, but for those that their company has left."""
    names = frappe.get_all(CONNECTION, filters={"state": ("!=", current.RETIRED)}, pluck="name", order_by="company asc")
    return [name for name in names if frappe.has_permission(CONNECTION, "read", doc=name)]


def counts(connections: Sequence[str]) -> dict[str, Count]:
    """By connection what is not finished. Of notes and files only what the page To Fix lists counts."""
    found = {name: Count() for name in connections}
    for row in figures.on_their_way(connections):
        found[row["connection"]].on_its_way = int(row["documents"])
    for name in (each for each in connections if current.watches_only(each)):
        # What is noted there is only watched.
        found[name].on_its_way = 0
    for row in figures.awaiting_approval(connections):
        found[row["connection"]].approval = int(row["documents"])
    for row in figures.wrong(connections):
        found[row["connection"]].wrong = int(row["steps"])
    for name, (documents, since) in stuck.documents(connections).items():
        found[name].to_fix, found[name].oldest = documents, since
    for name, (documents, _since) in stuck.documents(connections, causes.RECIPE).items():
        found[name].by_hand = documents
    return found


def total(connections: Sequence[str]) -> Count:
    """The same of all of them together."""
    all_of_it = Count()
    for count in counts(connections).values():
        for each in ("on_its_way", "approval", "to_fix", "by_hand", "wrong"):
            setattr(all_of_it, each, getattr(all_of_it, each) + getattr(count, each))
        all_of_it.oldest = min((each for each in (all_of_it.oldest, count.oldest) if each), default=None)
    return all_of_it


def arrived_today(connections: Sequence[str]) -> int:
    """How many documents came to Xero today, in the site's time."""
    return figures.arrived(connections, SUBMITTED, nowdate())


def of_today() -> dict[str, Any]:
    """Which records the list of those documents shows."""
    return {
        "creation": [">=", f"{nowdate()} 00:00:00"],
        "reference_doctype": ["in", list(SUBMITTED)],
        "remote_status": ["not in", list(ENDED)],
    }


def fewest_left(connections: Sequence[str]) -> int | None:
    """The calls left today of the organisation that has the fewest; None where none is known."""
    known = [left for left in map(limits.left_today, connections) if left is not None]
    return min(known, default=None)


def this_month() -> date:
    """The first day of this month, in the site's time."""
    first: date = getdate(nowdate()).replace(day=1)
    return first


def end_of_axis(lines: Sequence[dict[str, Any]]) -> int:
    """How far the axis of that chart has to go so that its marks are whole numbers. The Desk's charts divide it by the first digits of the largest value:
    up to 1 and up to 10 into quarters, up to 2 into halves."""
    largest = max((int(line["by_hand"]) + int(line["left_out"]) for line in lines), default=0)
    return 3 if largest < 3 else 11 if largest == 10 else largest


def by_reason(connections: Sequence[str]) -> list[dict[str, Any]]:
    """Why documents are done by hand, or were left out this month, the most first: `reason` in the reader's language, `by_hand`, `left_out` (how many
    documents). What is left over is one line."""
    kinds = {
        "by_hand": stuck.by_reason(connections, causes.RECIPE),
        "left_out": figures.left_out(connections, this_month().isoformat()),
    }
    examples = {row["reason_code"]: row["example"] for rows in kinds.values() for row in rows}
    steps = {step["name"]: step for step in outbox.named(list(examples.values()))}
    found: dict[str, dict[str, Any]] = {}
    for kind, rows in kinds.items():
        for row in rows:
            reason = _reason(steps.get(examples[row["reason_code"]]))
            line = found.setdefault(reason, {"reason": reason, "by_hand": 0, "left_out": 0})
            line[kind] += int(row["documents"])
    lines = sorted(found.values(), key=lambda line: (-line["by_hand"] - line["left_out"], line["reason"]))
    rest = lines[MOST_REASONS:]
    if rest:
        others = screen_texts.in_words(_("Other reasons"))
        lines = [*lines[:MOST_REASONS], {"reason": others, **{kind: sum(line[kind] for line in rest) for kind in kinds}}]
    return lines


def _reason(step: outbox.Row | None) -> str:
    """Why a step is where it is, as it is said of many: its first sentence without the names and amounts in it."""
    if step and step["reason_code"] in BY_PEOPLE:
        return screen_texts.in_words(BY_PEOPLE[step["reason_code"]])
    form = load(step["reason_parts"]).get("reason") if step else None
    said = Text(render(form), form) if form is not None else plain(screen_texts.shown(step["reason"]) if step else "")
    while not said.template and isinstance(said.form, list):  # several sentences: the first speaks
        first = said.form[1][0]
        said = Text(render(first), first)
    if said.template:
        said = Text("", [said.template, dict.fromkeys(said.values, SOME)])
    words = screen_texts.in_words(said).partition("\n")[0] or screen_texts.in_words(_("No reason noted"))
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1].rstrip() + SOME


def companies(connections: Sequence[str]) -> list[dict[str, Any]]:
    """A line for each, the one first that needs a person most: `connection`, `company`, `organisation`, `state`, `reason` (what keeps it from sending,
    "" where nothing does), `colour`, `state_colour` (of the state alone), `watched` (what it has seen while it only watches, else None), `last_good_call` (UTC, "" where none), the figures of `Count` with `oldest_days`, `lists` (the filters of the lists behind two of them), `left_today` (None where not
    known), and the next step: `next` (a sentence, "" where nothing is to be done), `route` and `route_options` of the screen for it."""
    found = []
    for name, count in counts(connections).items():
        doc = frappe.db.get_value(CONNECTION, name, ["company", "state", "organisation_name"], as_dict=True)
        up = standing.of(name)
        code = up.problem.code if up else ""
        text, route, options = _next(name, code, count)
        line = {
            "connection": name,
            "company": doc["company"],
            "organisation": screen_texts.shown(doc["organisation_name"]),
            "state": screen_texts.in_words(plain(doc["state"])),
            "reason": screen_texts.in_words(up.problem.message) if up else "",
            "colour": _colour(code, count),
            "state_colour": "purple" if code == WATCHING else STATE_COLOURS[_rank(code, Count())],
            "watched": watch.summary(name) if code == WATCHING else None,
            "last_good_call": str(frappe.db.get_value(STATE, name, "last_good_call") or "")[:19],
            **{each: getattr(count, each) for each in ("on_its_way", "approval", "to_fix", "by_hand")},
            "lists": {each: {"connection": name, **of} for each, of in (("on_its_way", ON_ITS_WAY), ("approval", APPROVAL))},
            "oldest_days": count.days if count.oldest else None,
            "left_today": limits.left_today(name),
            "next": text,
            "route": route,
            "route_options": options,
        }
        found.append((_rank(code, count), -count.to_fix, -count.days, doc["company"], line))
    return [each[-1] for each in sorted(found, key=lambda each: each[:-1])]


def _rank(code: str, count: Count) -> int:
    """How much a company needs a person: 0 the most."""
    if code and code not in (SETTING_UP, RESTING, WATCHING):
        return 0
    if count.wrong or count.by_hand:
        return 1
    # Nothing is wrong with what is held, or waits for an approval.
    if count.to_fix or count.approval:
        return 2
    return 3 if code in (SETTING_UP, WATCHING) else 4


def _colour(code: str, count: Count) -> str:
    return ("red", "red", "orange", "orange", "blue" if count.on_its_way else "green")[_rank(code, count)]


def _next(connection: str, code: str, count: Count) -> tuple[str, list[str], dict[str, Any]]:
    """The one next step in the reader's language, and where it is done: the route of a screen and the filters of a list. While a company is set up, or
    stands still, it is that of its form (connection/setup_steps.py)."""
    form = ["Form", CONNECTION, connection]
    if code and code != RESTING:
        step = setup_steps.strip(connection)["next"]
        if step:
            text = step["sentence"] if not step["label"] else f"{step['label']}: {step['sentence']}"
            return text, step["route"] or form, {}
    for waits, text, route, options in (
        (count.to_fix, _("See what is to fix: curing a cause sends all that waits for it"), [*FIX, connection], {}),
        (count.approval, _("Approve the drafts in Xero for which documents wait"), ITEMS, APPROVAL),
    ):
        if waits:
            return screen_texts.in_words(text), route, {"connection": connection, **options}
    return "", form, {}
