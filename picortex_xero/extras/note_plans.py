"""Decides about notes in Xero's "History and notes": one step for each record, added once it is in Xero (or voided), sent when nothing else
is due.

Whether Xero takes a note on what is voided or deleted is not documented: "cancelled" is sent after the void and, where Xero refuses it,
skipped with Xero's words; the void itself never waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..accounting.texts import _
from ..documents.approvals.flow import VOTES, record
from ..documents.base import Action, Books, Doc, InXero, Plan, Reads
from ..documents.decisions import Ask, Decision, Send, Skip, done, overtaken
from ..documents.fact_types import LINKS, USER_NAME
from ..documents.identity import Identity, document_url
from ..documents.needs import Facts, Needs
from ..documents.step import Step, own_links
from ..documents.translation import Translation
from ..xero.records import matching
from ..xero.records.registry import HISTORY_NOTE
from .note_texts import About, about, note, step_role, wanted
from .tries import given_up

CANCELLED = 2


@dataclass(frozen=True)
class NewNote(Plan):
    """One note. If it was tried before, the history is read first: the note may be there after all."""

    translation: Translation = field(default_factory=lambda: Translation({}, {}))

    def reads(self) -> Reads:
        """The record's history, where it was tried before."""
        return Reads(histories=frozenset([self.path])) if self.step.tries else Reads()

    def decide(self, shown: InXero) -> Decision:
        """Send it, unless the history has it already."""
        history = shown.histories.get(self.path) or []
        there = matching.listed(self.kind, {"marker": self.translation.marker}, history)[0]
        return done() if there else Decision(Send(self.translation))


def asked_for(who: Identity, what: About, endpoint: str, revision: int, books: Books) -> tuple[Ask, ...]:
    """The step of a note about a record at `endpoint`, where the connection wants one."""
    has_link = bool(document_url(books.site_url, books.instance, who, revision))
    return (Ask(step_role(what), who, revision, kind=HISTORY_NOTE.made_by.name),) if wanted(books.notes, endpoint, has_link) else ()


def needs_of_note(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The facts about the user who entered or cancelled the document, and about those who agreed to it."""
    if not books.rules.active or about(step.role.text).cancelled:
        return USER_NAME.of([_who(step, doc)])
    known = facts.known(VOTES, (step.who.doctype, step.who.name)) or []
    people = {name for vote in known for name in vote.people}
    return USER_NAME.of([_who(step, doc), *sorted(people)]) | VOTES.of([(step.who.doctype, step.who.name)])


def _agreed(step: Step, facts: Facts, books: Books) -> list[tuple[str, str, str]]:
    """Who agreed to the document, in whose place, and when."""
    if not books.rules.active or about(step.role.text).cancelled:
        return []
    votes = record(vote for vote in facts.get(VOTES, (step.who.doctype, step.who.name)) if vote.who == step.who)
    return [
        (facts.get(USER_NAME, vote.person), facts.get(USER_NAME, vote.on_behalf_of) if vote.on_behalf_of else "", vote.at) for vote in votes
    ]


def _who(step: Step, doc: Doc) -> str:
    return str(doc["modified_by"] if about(step.role.text).cancelled else doc["owner"])


def plan_note(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Nothing but a record that is there and a setting that is on is needed."""
    who, what = step.who, about(step.role.text)
    links = own_links(facts.get(LINKS, (who.doctype, who.name)), who, step.revision)
    link = next((each for each in links if (each.part, each.number) == (what.role, what.sequence)), None)
    if link is None or (doc["docstatus"] == CANCELLED) != what.cancelled or link.live is what.cancelled:
        return overtaken(_("What this note is about was overtaken: {name} was cancelled or entered again").format(name=who.name))
    if not asked_for(who, what, link.endpoint, step.revision, books):
        return overtaken(_("History notes were switched off on the Xero Connection"))
    if problem := given_up(step):
        return Decision(Skip(problem))
    on = doc["modified"] if what.cancelled else doc["creation"]
    person = facts.get(USER_NAME, _who(step, doc))
    made = note(who, step.role.text, step.revision, books.instance, books.site_url, person, on, link.created, _agreed(step, facts, books))
    path = HISTORY_NOTE.made_by.path_below(f"{link.endpoint}/{link.xero_id}")
    return NewNote(step, doc, HISTORY_NOTE.made_by, frozenset({who.digest}), path, link.xero_id, translation=made)


NOTE = Action(plan_note, needs_of_note, compares_itself=True)
