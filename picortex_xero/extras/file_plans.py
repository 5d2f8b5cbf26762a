"""Decides about files sent to a record in Xero: the document's PDF, or files attached to it. Roles "attachment-print" and
"attachment-<File>".

The steps are added when the record is in Xero, or when a file is attached later (engine/capture.py). The file is read or printed between
plan and decision, outside any transaction (extras/files.py).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.base import Action, Books, Doc, InXero, Plan, Reads
from ..documents.decisions import Decision, Hold, Send, Skip, Wait, overtaken, wait_for_step
from ..documents.fact_types import FILE, LINKS, STEPS
from ..documents.identity import Identity
from ..documents.needs import NOTHING, Facts, Needs
from ..documents.step import SYNCED, Link, Step, own_links, own_steps
from ..documents.translation import Translation
from ..xero.records.registry import ATTACHMENT as FILE_IN_XERO
from ..xero.records.registry import object_at
from .file_rules import HEAD, PRINT, SOURCES, content_type, misfit, name_in_xero
from .tries import given_up

CONSENT_POLL = timedelta(hours=1)


@dataclass(frozen=True)
class NewFile(Plan):
    """One file under the name it gets in Xero. `file`: which one, "print" for ERPNext's PDF."""

    file: str = ""
    name: str = ""

    @property
    def _wanted(self) -> tuple[str, str, str]:
        return self.step.who.doctype, self.step.who.name, self.file

    def reads(self) -> Reads:
        """Its bytes."""
        return Reads(files=frozenset([self._wanted]))

    def decide(self, shown: InXero) -> Decision:
        """Send it where Xero takes such a file; else it is skipped."""
        content = shown.files[self._wanted]
        if isinstance(content, Problem):
            return Decision(Hold((content,)))
        problem = misfit(self.doc["name"], self.name, len(content), 0) if content else _empty(self.doc["name"], self.name)
        if problem:
            return Decision(Hold((problem,)))
        described = {
            "FileName": self.name,
            "ContentType": content_type(self.name),
            "Bytes": len(content),
            "Sha256": hashlib.sha256(content).hexdigest(),
        }
        return Decision(Send(Translation(described, {"FileName": self.name}, content=content)))


def needs_of_file(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The facts about the file."""
    return NOTHING if _file(step) == PRINT else FILE.of([_file(step)])


def plan_file(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The file's step, once its document is in Xero."""
    who = step.who
    if doc["docstatus"] != 1:
        return overtaken(_("{name} was cancelled before this file was sent").format(name=who.name))
    links = own_links(facts.get(LINKS, (who.doctype, who.name)), who)
    link = next(
        (each for each in links if each.live and (who.doctype, each.part) in SOURCES and object_at(each.endpoint).takes_files), None
    )
    steps = own_steps(facts.get(STEPS, (who.doctype, who.name)), who)
    if link is None:
        return _wait_for_document(who, steps)
    source = SOURCES[(who.doctype, link.part)]
    if source.setting not in books.files or source.printed != (_file(step) == PRINT):
        return overtaken(_("Sending these files was switched off on the Xero Connection"))
    if not books.files_allowed:
        # Asked before sending: Xero's refusal of a permission is for the whole request, and every document would need a Retry.
        return Decision(Wait(_not_allowed(who), after=CONSENT_POLL))
    if problem := given_up(step):
        return Decision(Skip(problem))
    return _named(step, doc, link, steps, facts)


def _named(step: Step, doc: Doc, link: Link, steps: list[Step], facts: Facts) -> Plan | Decision:
    """The file under its name in Xero; one that does not fit is skipped, one that is gone overtaken."""
    who, file_id = step.who, _file(step)
    if file_id == PRINT:
        return _plan(step, doc, link, name_in_xero(who.name))
    file = facts.get(FILE, file_id)
    if file is None:
        return overtaken(_("The file was deleted before it was sent"))
    shown = file["file_name"] or file["file_url"]
    if str(file["file_url"] or "").startswith(("http://", "https://")):
        resolution = _("Attach the file itself, or add it in Xero by hand")
        return Decision(
            Hold(
                (
                    Problem(
                        "file-elsewhere",
                        _("{file} of {name} is only a link to another place").format(file=shown, name=who.name),
                        resolution,
                    ),
                )
            )
        )
    sent = sum(each.role.text.startswith(HEAD) and (each.state == SYNCED or each.in_flight) for each in steps)
    if problem := misfit(who.name, shown, int(file["file_size"] or 0), sent):
        return Decision(Hold((problem,)))
    return _plan(step, doc, link, name_in_xero(who.name, shown, file_id))


def _plan(step: Step, doc: Doc, link: Link, name: str) -> NewFile:
    path = FILE_IN_XERO.made_by.path_below(f"{link.endpoint}/{link.xero_id}") + f"/{quote(name, safe='')}"
    return NewFile(
        step, doc, FILE_IN_XERO.made_by, frozenset({step.who.digest}), path, link.xero_id, file=_file(step), name=quote(name, safe="")
    )


def _file(step: Step) -> str:
    return step.role.text.removeprefix(HEAD)


def _wait_for_document(who: Identity, steps: list[Step]) -> Decision:
    main = next((each for each in steps if (who.doctype, each.role.text) in SOURCES and each.unfinished), None)
    if main is None:
        return overtaken(_("{name} is nothing in Xero that a file could be attached to").format(name=who.name))
    return wait_for_step(
        main.name,
        Problem(
            "waits-for-document", _("Waits until {name} is in Xero").format(name=who.name), _("See what stops {name}").format(name=who.name)
        ),
    )


def _not_allowed(who: Identity) -> Problem:
    message = _("A file of {name} waits: PiCortex was connected to Xero before files were switched on").format(name=who.name)
    return Problem("files-not-allowed", message, _("Press Connect to Xero in Xero Settings once more; then it goes within the hour"))


def _empty(document: str, name: str) -> Problem:
    return Problem(
        "file-empty",
        _("The file {name} of {document} is empty").format(name=name, document=document),
        _("Attach it again, or add it in Xero by hand"),
    )


ATTACHMENT = Action(plan_file, needs_of_file, compares_itself=True)
