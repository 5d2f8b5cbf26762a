"""What became of documents that somebody has changed or removed in Xero (engine/changes.py): who it was there, what was put back, taken over or cancelled since.
Part of a run."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe
from frappe.translate import get_user_lang

from ..accounting.texts import Text, _
from ..attention import assigning, closed_here, notifications, people
from ..compat import let_pass
from ..documents.decisions import Differs
from ..documents.identity import Identity, moment
from ..documents.putting_back import REMOVED_FIRST
from ..documents.removed import DELETED_THERE, DETAILS_THERE, GONE_THERE, REMOVED, VOIDED_THERE
from ..documents.role import role, taken_back
from ..documents.step import NOT_TAKEN_OVER
from ..engine import apply, changes, contexts, limits, links, outbox, reading
from ..engine.contexts import Context
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..engine.protocol import ATTENTION, FINISHED, HELD, SYNCED
from ..engine.screen_texts import in_words, stored
from ..incoming import entry
from ..incoming.journal import JOURNAL_ENTRY
from ..xero.records.registry import object_at
from . import people_entries, people_kinds
from .judge import DIFFERED

DOCTYPE, STEP = changes.DOCTYPE, outbox.DOCTYPE
# So many are looked at in one run, and so many of Xero's histories are read; the next run goes on.
MOST, MOST_HISTORIES = 200, 10
TOLD = "changed-in-xero"
# What Xero says of the requests of programs; a note is no change.
PROGRAM, NOTE = "System Generated", "Note"
EPOCH = datetime(1970, 1, 1)
Row = dict[str, Any]


def is_due(connection: str) -> bool:
    """Whether something that was put back, or taken over, has come about."""
    mine = {"connection": connection, "state": changes.BEING_PUT_BACK}
    watched = frappe.get_all(DOCTYPE, filters=mine, pluck="watched", limit=MOST)
    return any(each["state"] in (*FINISHED, ATTENTION, HELD) for each in outbox.named(watched))


def look(context: Context, lease: Lease) -> None:
    """Bring what is listed up to date. What fails over one is logged, and keeps nothing else waiting. Commits. Raises reading.Interrupted, send.LeaseLost."""
    for work in (_noticed_elsewhere, _put_back, _cancelled_here, _drafts, _tasks, _tell):
        frappe.db.commit()
        try:
            work(context.connection)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback()
            frappe.log_error(
                title=f"Xero: what is listed under Changed in Xero could not be brought up to date ({context.connection})"[:140]
            )
    frappe.db.commit()
    _who_it_was(context, lease)


def _rows(connection: str, *states: str) -> list[Row]:
    mine = {"connection": connection, "state": ("in", states)}
    return [dict(row) for row in frappe.get_all(DOCTYPE, filters=mine, fields=changes.FIELDS, order_by="name asc", limit=MOST)]


def _noticed_elsewhere(connection: str) -> None:
    """What was found gone by what was to be done with it, before Xero's lists were read."""
    gone = {"connection": connection, "state": ATTENTION, "reason_code": ("in", REMOVED)}
    names = frappe.get_all(STEP, filters=gone, pluck="name", order_by="name asc", limit=MOST)
    for step in outbox.named(names):
        who, its = outbox.identity(step), role(step["role"])
        if step["kept_by"] or not _stands_here(who) or changes.standing(connection, who):
            continue
        linked = links.standing(connection, who, its.part, its.number, int(step["generation"]))
        if linked and people_entries.followed(connection, linked["endpoint"], [linked["xero_id"]]):
            continue  # Entered in Xero tells it
        if linked:
            kind = VOIDED_THERE if linked["remote_status"] == "VOIDED" else DELETED_THERE
            changes.note(
                connection, str(step["company"]), Differs(linked["name"], kind, (changes.text(step, "reason", "reason_parts"),), {})
            )


def _stands_here(who: Identity) -> bool:
    """Whether a document is still submitted."""
    doc = frappe.db.get_value(who.doctype, who.name, ["creation", "docstatus"], as_dict=True)
    return bool(doc) and moment(doc["creation"]) == who.creation and int(doc["docstatus"]) == 1


def _put_back(connection: str) -> None:
    """What was put back is so in Xero, or something stands in the way: then it is open again, and says what."""
    rows = _rows(connection, changes.BEING_PUT_BACK)
    steps = {each["name"]: each for each in outbox.named([row["watched"] for row in rows if row["watched"]])}
    for row in rows:
        step = steps.get(row["watched"] or "")
        if not _stands_here(changes.identity(row)):
            # Cancelled here at once: what went there is taken back as its own cancel does.
            changes.close(row, changes.OVER)
        elif (later := _entered_anew(row)) and later["state"] not in FINISHED:
            _watch(row, later)
        elif step is None or step["state"] == SYNCED:
            changes.close(row, changes.PUT_BACK)
            _compare_again(connection, changes.identity(row))
        elif step["state"] in (*FINISHED, ATTENTION, HELD):
            # What was left out or overtaken has put nothing back.
            changes.open_again(row, changes.text(step, "reason", "reason_parts"))


def _entered_anew(row: Row) -> Row | None:
    """The step on which it hangs that a record comes about anew which was removed first: what removes it while that waits for a person, else what enters it."""
    if any(each["endpoint"] not in REMOVED_FIRST for each in changes.records_of(row).values()):
        return None
    steps = outbox.steps_of(row["connection"], changes.identity(row))
    stopped = [each for each in steps if role(each["role"]).takes_back and each["state"] in (ATTENTION, HELD)]
    makers = [each for each in steps if role(each["role"]).makes]
    newest = max(makers, key=lambda each: int(each["generation"]), default=None)
    return stopped[0] if stopped else newest if newest and int(newest["generation"]) > 1 else None


def _watch(row: Row, step: Row) -> None:
    if step["state"] in (ATTENTION, HELD):
        changes.open_again(row, changes.text(step, "reason", "reason_parts"))
    elif step["name"] != row["watched"]:
        frappe.db.set_value(DOCTYPE, row["name"], "watched", step["name"], update_modified=False)


def _compare_again(connection: str, who: Identity) -> None:
    """The step that made the record waits for a person, because it differed: it is compared again."""
    for step in outbox.steps_of(connection, who):
        if step["state"] == ATTENTION and step["reason_code"] in DIFFERED and not step["kept_by"]:
            outbox.decide_anew(step)


def _cancelled_here(connection: str) -> None:
    """Of a document that was cancelled or deleted here meanwhile nothing is left to decide."""
    for row in _rows(connection, *changes.UNDECIDED):
        if not _stands_here(changes.identity(row)):
            changes.close(row, changes.OVER)


def _drafts(connection: str) -> None:
    """A draft that has taken over what Xero has was submitted: it is compared with Xero line by line; or it was deleted, and nothing here stands for Xero's
    record: a person is asked again."""
    for row in _rows(connection, changes.DRAFT):
        doc = frappe.db.get_value(row["made_doctype"], row["made_name"], ["creation", "docstatus", "company"], as_dict=True)
        if doc is None:
            _draft_is_gone(row)
        elif int(doc["docstatus"]) == 1:
            who = Identity(row["made_doctype"], row["made_name"], moment(doc["creation"]))
            steps = outbox.steps_of(connection, who)
            if any(each["state"] == SYNCED for each in steps):
                if _otherwise(row):
                    apply.look_again(connection, str(row["company"]), who, steps[0])
                changes.close(row, changes.TAKEN_OVER)
        elif int(doc["docstatus"]) == 2:
            changes.close(row, changes.OVER)


def _otherwise(row: Row) -> bool:
    """Whether a draft that has taken over what Xero has is to be compared with it: an invoice line by line, a journal where it was changed before it was submitted."""
    (kept, *_others) = changes.records_of(row).values()
    if row["made_doctype"] != JOURNAL_ENTRY:
        return True
    context, found = contexts.load(row["connection"]), entry.read(kept["endpoint"], kept["element"])
    doc = frappe.get_doc(row["made_doctype"], row["made_name"])
    return context is None or found is None or bool(people_kinds.ENTRIES.otherwise(context, found, doc, True, ""))


def _draft_is_gone(row: Row) -> None:
    """The record is the cancelled document's again, which is under To Fix until somebody has removed it in Xero, or leaves it there."""
    who = changes.identity(row)
    steps = outbox.steps_of(row["connection"], who)
    for link in changes.records_of(row):
        own = frappe.db.get_value(links.DOCTYPE, link, ["reference_name", "remote_picture", "role", "sequence"], as_dict=True)
        if own and own["reference_name"] == row["made_name"]:
            links.hand_over(link, who, own["remote_picture"])
            back = taken_back(str(own["role"]), int(own["sequence"]), cancelled=True)
            outbox.add_sibling(steps[0], back, revision=1, mark=NOT_TAKEN_OVER)
    said = _("{draft} was deleted, and {name} is cancelled here: in Xero it stands. Remove it there, or enter it here again").format(
        draft=row["made_name"], name=row["reference_name"]
    )
    changes.close(row, changes.OVER, note=stored(said))
    changes.say(row, "Changed", said)
    notifications.tell_once(row["connection"], f"{TOLD}:{row['name']}", said, _("Open Changed in Xero on the workspace"))


def _tasks(connection: str) -> None:
    """Of what was removed in Xero and cannot be cancelled here, as its period is closed, somebody gets a task: whoever is told of this connection."""
    for row in _rows(connection, changes.OPEN):
        if row["note"] or row["kind"] not in GONE_THERE:
            continue
        doc = frappe.db.get_value(row["reference_doctype"], row["reference_name"], ["company", "posting_date"], as_dict=True)
        closed = closed_here.why(row["reference_doctype"], str(doc["company"]), str(doc["posting_date"]), anybody=True) if doc else None
        if closed:
            changes.open_again(row, closed)
            row["note"] = str(closed)
            _task(row, closed)


def _task(row: Row, closed: Text) -> None:
    may = {each["user"] for each in assigning.possible(row["connection"])}
    user = next((each for each in people.told(row["connection"]) if each in may), None)
    if user is None:
        return
    what = _("{why}, and what was removed in Xero cannot be cancelled: enter what takes it back in an open period").format(why=closed)
    about = (DOCTYPE, str(row["name"]))
    assigning.give(row["connection"], row["company"], about, row["reference_name"], in_words(what, get_user_lang(user)), user, "")
    frappe.db.set_value(DOCTYPE, row["name"], {"state": changes.TOLD, "told_to": user}, update_modified=False)


def _tell(connection: str) -> None:
    """People are told once that details were changed, and again when none were and some are. What moves money they are told of under To Fix."""
    waiting = frappe.db.count(DOCTYPE, {"connection": connection, "state": changes.OPEN, "kind": DETAILS_THERE})
    if not waiting:
        notifications.over(connection, TOLD)
        return
    what = (
        _("Details of a document were changed in Xero")
        if waiting == 1
        else _("Details of {count} documents were changed in Xero").format(count=waiting)
    )
    notifications.tell_once(
        connection, TOLD, what, _("Open Changed in Xero on the workspace: each shows both sides, and what you may choose")
    )


def _who_it_was(context: Context, lease: Lease) -> None:
    """Xero's own history says who has changed a record, and when; it is asked once for each. Commits."""
    filters = {"connection": context.connection, "state": ("in", changes.UNDECIDED), "history_asked": 0}
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=changes.FIELDS, order_by="found_at asc, name asc", limit=MOST_HISTORIES)
    for row in rows:
        if not limits.to_spare(context.connection):
            return
        (kept, *_others) = changes.records_of(row).values()
        said: Row = {"history_asked": 1}
        if object_at(kept["endpoint"]).takes_notes:
            path = f"{kept['endpoint']}/{kept['xero_id']}/History"
            there, answers = read_alone(context, lease, partial(reading.read, context, lease, [path], missing_ok=True))
            if there and answers:
                said |= last_by_a_person(answers[0])
        frappe.db.set_value(DOCTYPE, row["name"], said, update_modified=False)
        frappe.db.commit()


def last_by_a_person(answer: dict[str, Any]) -> dict[str, Any]:
    """`changed_by` and `changed_at` (UTC) of the newest entry in a record's history that a person has made; {} where there is none."""
    entries = [each for each in answer.get("HistoryRecords") or [] if isinstance(each, dict)]
    mine = [each for each in entries if each.get("User") and each["User"] != PROGRAM and each.get("Changes") != NOTE and _at(each)]
    newest = max(mine, key=lambda each: _at(each) or EPOCH, default=None)
    return {"changed_by": stored(str(newest["User"]))[:140], "changed_at": _at(newest)} if newest else {}


def _at(entry: dict[str, Any]) -> datetime | None:
    stamp = re.match(r"/Date\((-?\d{1,15})", str(entry.get("DateUTC") or ""))
    return EPOCH + timedelta(milliseconds=int(stamp[1])) if stamp else None
