"""Notes in Xero's history: a step of its own per record, asked for when the record is there (or gone), sent when nothing else is due.

Whether Xero takes a note on what is voided or deleted is not documented (C): "cancelled" is sent after the void and, where Xero refuses
it, skipped with Xero's words; the void itself never waits for it.
"""

from __future__ import annotations

from typing import Any

import frappe

from ..documents.identity import Identity, document_url, identity
from ..documents.translation import Translation
from ..engine import links, outbox, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..sync.work import Work, given_up, supersede
from ..xero.records import matching as echo
from ..xero.records.registry import HISTORY_NOTE
from .note_texts import About, about, note, step_role, wanted


def entered(context: Context, who: Identity, role: str, sequence: int, endpoint: str, generation: int) -> None:
    """A document became a record at `endpoint`: ask for the note that says where it came from. Part of the caller's transaction."""
    if _wanted(context, who, endpoint, generation):
        _add(context, who, About(role, sequence, cancelled=False), generation)


def cancelled(context: Context, who: Identity, link: str) -> None:
    """What `link` names was voided or deleted, its document being cancelled: ask for the note that says so. Part of the caller's
    transaction."""
    found = frappe.db.get_value(links.DOCTYPE, link, ["role", "sequence", "generation", "endpoint"], as_dict=True)
    if found and _wanted(context, who, found["endpoint"], int(found["generation"])):
        _add(context, who, About(found["role"], int(found["sequence"]), cancelled=True), int(found["generation"]))


def _wanted(context: Context, who: Identity, endpoint: str, generation: int) -> bool:
    return wanted(context.extras.notes, endpoint, bool(document_url(context.site_url, context.instance, who, generation)))


def _add(context: Context, who: Identity, what: About, generation: int) -> None:
    outbox.add(context.connection, context.company, who, step_role(what), kind=HISTORY_NOTE.made_by.name, generation=generation)


def ready_note(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The note as it goes, or None after moving the step: nothing but a record that is there and a setting that is on is needed."""
    who, what = identity(doc), about(row["role"])
    linked = links.of(context.connection, who, row["generation"])
    link = next((link for link in linked if (link["role"], int(link["sequence"])) == (what.role, what.sequence)), None)
    if link is None or (doc["docstatus"] == 2) != what.cancelled or (link["remote_status"] in links.ENDED) != what.cancelled:
        supersede(row, f"What this note is about was overtaken: {who.name} was cancelled or entered again")
        return None
    if not _wanted(context, who, link["endpoint"], row["generation"]):
        supersede(row, "History notes were switched off on the Xero Connection")
        return None
    if given_up(row):
        return None
    user, on = (doc["modified_by"], doc["modified"]) if what.cancelled else (doc["owner"], doc["creation"])
    person = frappe.db.get_value("User", user, "full_name") or user
    made = note(who, row["role"], row["generation"], context.instance, context.site_url, person, on, link["creation"])
    path = HISTORY_NOTE.made_by.path_below(f"{link['endpoint']}/{link['xero_id']}")
    return Work(row, doc, HISTORY_NOTE.made_by, {who.digest}, made, xero_id=link["xero_id"], path=path)


def look_notes(context: Context, lease: Lease, batch: list[Work]) -> list[tuple[Work, Translation]]:
    """One that was tried before may be there after all: the history is read first."""
    work, made = batch[0], batch[0].translation
    assert made is not None
    if int(work.row["tries"]) > 1:
        history = reading.read(context, lease, [work.path], missing_ok=True)[0].get(work.kind.endpoint) or []
        if echo.listed(work.kind, {"marker": made.marker}, history)[0]:
            outbox.move(work.row, "recorded")
            return []
    return [(work, made)]
