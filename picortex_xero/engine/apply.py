"""Writing decisions down: the one place where a decision (documents/decisions.py) becomes rows.

All part of the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import frappe

from ..accounting.problems import Problem, summary
from ..accounting.texts import NONE, Text, _
from ..documents.decisions import (
    Adopt,
    Agrees,
    Ask,
    Decision,
    Differs,
    Done,
    Effect,
    Follow,
    Hold,
    LookAgain,
    MakeAnew,
    Merged,
    Overtake,
    Overtaken,
    Raise,
    Release,
    Remember,
    Say,
    Seen,
    Send,
    SetAside,
    Skip,
    Unclear,
    Wait,
    WakeAwaiting,
)
from ..documents.identity import Identity, step_key
from ..documents.removed import OUT
from ..documents.rules.words import SKIPS
from ..xero.records.registry import is_extra
from . import causes, changes, links, log, outbox, protocol, renames
from .clock import now
from .outbox import Row
from .screen_texts import stored

# What a further step of the same document takes over.
INHERITED = (
    "posting_date",
    "amount",
    "currency",
    "released_by",
    "released_at",
    "approved_by",
    "approved_at",
    "not_before",
    "late_by",
    "late_at",
    "late_for",
)


def apply(row: Row, decision: Decision) -> None:
    """Write one decision about the step `row`, which is updated in place: first its effects, then its outcome. `Send` and `Unclear` move
    nothing: the caller seals the request, or looks again later."""
    asked: dict[Effect, Row] = {}
    for effect in decision.effects:
        if step := _effect(row, effect, asked):
            asked[effect] = step
    match decision.outcome:
        case Send() | Unclear():
            return
        case Wait() as wait:
            _wait(row, wait, asked)
        case Hold(problems):
            hold(row, list(problems))
        case Done(warning):
            outbox.move(row, "recorded", warning)
        case Skip(problem):
            outbox.move(row, "skip", problem)
        case Overtaken(by):
            supersede(row, by)


def write(connection: str, company: str, effects: Iterable[Effect], history_run: str = "") -> None:
    """Write effects that a search, or an import of history (`history_run`), found, outside any decision about a step: each names its document or step itself."""
    for effect in effects:
        _effect({"connection": connection, "company": company, "history_run": history_run}, effect, {})


def _effect(row: Row, effect: Effect, asked: dict[Effect, Row]) -> Row | None:
    """Write one effect of a decision; returns the step that it adds or asks for, else None. `asked` holds those of the effects before
    it."""
    match effect:
        case Ask():
            return _asked(row, effect, asked)
        case LookAgain(who):
            return look_again(row["connection"], row["company"], who, row)
        case Overtake(step, by):
            # A step that has moved on since the facts were read is left as it is.
            if (other := outbox.get(name=step)) and other["state"] in protocol.UNSENT:
                supersede(other, by)
        case Release(step):
            _release(step)
        case Raise(step, problem):
            raise_problem(step, problem)
        case SetAside(link):
            links.set_aside(link)
        case WakeAwaiting(places):
            outbox.wake_awaiting(row["connection"], places)
        case Adopt():
            _adopt(row, effect)
        case Seen():
            seen(effect)
        case Remember(fields):
            outbox.set_columns(row, **fields)
        case Say(event, message, who):
            log.write(row["connection"], row["company"], who or outbox.identity(row), event, message)
        case Follow(who, former_name):
            renames.follow(who, former_name)
        case MakeAnew(summary):
            # Found by that within the minute (engine/cash_anew.py), once no step of this run is on its way.
            frappe.db.set_value("Xero Cash Summary", summary, "make_anew", 1, update_modified=False)
        case Differs():
            changes.note(row["connection"], row["company"], effect)
        case Agrees(link):
            changes.agrees(row["connection"], link)
        case Merged(xero_id, kept_id, kept_name):
            follow_contact(row["connection"], row["company"], xero_id, kept_id, kept_name)
    return None


def _asked(row: Row, ask: Ask, asked: dict[Effect, Row]) -> Row:
    own = ask.who is None
    given = {"revision": ask.revision, "posting_date": ask.posting_date, "amount": ask.amount, "currency": ask.currency}
    fields: dict[str, Any] = {"revision": row["generation"], "room": row["room"]} if own else {}
    fields |= {name: row[name] for name in INHERITED} if own and not ask.kind else {}
    # Also a contact, a note or a file that a document of an import of history needs stays behind live traffic.
    fields |= {"history_run": row.get("history_run") or ""}
    fields |= {name: value for name, value in given.items() if value is not None}
    if ask.waits_for and (first := _unfinished(row, ask.who or outbox.identity(row), ask.waits_for, fields, asked)):
        fields |= {"blocked_on": first["name"], "problem": ask.because}
    key = outbox.add(row["connection"], row["company"], ask.who or outbox.identity(row), ask.role, kind=ask.kind, **fields)
    found = outbox.get(step_key=key)
    if found is None:
        raise RuntimeError(f"The step {ask.role} of {(ask.who or outbox.identity(row)).name} was not written")
    return found


def _unfinished(row: Row, who: Identity, role: str, fields: dict[str, Any], asked: dict[Effect, Row]) -> Row | None:
    """The step of this role in the revision of `fields`; None where it is finished, since nothing would then release what waits for it."""
    key = step_key(row["connection"], who, role, int(fields["revision"]))
    step = next((each for each in (row, *asked.values()) if each["step_key"] == key), None) or outbox.get(step_key=key)
    return None if step is None or step["state"] in protocol.FINISHED else step


def _wait(row: Row, wait: Wait, asked: dict[Effect, Row]) -> None:
    blocker = asked[wait.on]["name"] if isinstance(wait.on, (Ask, LookAgain)) else wait.on or ""
    if blocker and _is_finished(blocker, asked):
        # It was finished since the facts were read: nothing would ever release this step again.
        blocker = ""
    due_at = now() + wait.after if wait.after else None
    if row["state"] == protocol.PENDING:
        if blocker or due_at or wait.problem:
            outbox.postpone(row, until=due_at, blocked_on=blocker, awaits=wait.awaits, problem=wait.problem)
    else:
        fields: dict[str, Any] = {"due_at": due_at} if due_at else {}
        outbox.move(row, "release", wait.problem, blocked_on=blocker, awaits=wait.awaits, **fields)


def _is_finished(blocker: str, asked: dict[Effect, Row]) -> bool:
    known = next((step for step in asked.values() if step["name"] == blocker), None) or outbox.get(name=blocker)
    return known is None or known["state"] in protocol.FINISHED


def _adopt(row: Row, adopt: Adopt) -> None:
    links.add(
        row["connection"],
        row["company"],
        outbox.identity(row),
        adopt.part,
        adopt.number,
        adopt.endpoint,
        adopt.xero_id,
        revision=adopt.revision,
        xero_number=adopt.xero_number,
        marker=json.dumps(adopt.marker, default=str) if adopt.marker else "",
        fingerprint=adopt.fingerprint,
        status=adopt.status,
        currency=adopt.currency,
        total=adopt.total,
        amount_due=adopt.amount_due,
        adopted=True,
    )
    if adopt.said:
        log.write(row["connection"], row["company"], outbox.identity(row), "Linked", adopt.said)


def follow_contact(connection: str, company: str, xero_id: str, kept_id: str, kept_name: str) -> bool:
    """Let every party that was linked with a contact be linked with the one into which Xero has merged it, and say so. Whether there was one."""
    parties = links.follow_contact(connection, xero_id, kept_id, kept_name)
    for who in parties:
        said = _("The contact of {name} was merged in Xero; it is {contact} now").format(name=who.name, contact=kept_name)
        log.write(connection, company, who, "Changed", said)
    return bool(parties)


def seen(effect: Seen) -> None:
    """Store what Xero now shows of a link."""
    told = {
        "remote_status": effect.status,
        "remote_total": effect.total,
        "remote_amount_due": effect.amount_due,
        "content": effect.fingerprint,
        "sent_lines": "" if effect.lines_agree else None,
        "content_version": effect.version or None,
        "remote_contact": effect.contact,
        "remote_updated": effect.updated,
        "remote_picture": effect.picture,
    }
    links.seen(effect.link, **{name: value for name, value in told.items() if value is not None})


def _release(step: str) -> None:
    """Decide a step anew that waits for a person."""
    other = outbox.get(name=step)
    waits = other and (other["state"] in causes.WAITING or other["reason_code"] in (*OUT, *SKIPS))
    if other and waits and not other["kept_by"]:
        event = "release" if other["state"] == protocol.HELD else "retry"
        outbox.move(other, event, due_at=now())


def raise_problem(step: str, problem: Problem) -> None:
    """Leave a finished step to a person, whose record in Xero was removed or changed there. One that needs a person for something else gets
    these words, and people are told anew; one that is on its way sees the record by itself."""
    other = outbox.get(name=step)
    if not other or other["kept_by"]:
        return
    if other["state"] == protocol.SYNCED:
        outbox.move(other, "raise", problem)
    elif other["state"] == protocol.ATTENTION and (other["reason_code"], other["reason"]) != (problem.code, stored(problem.message)):
        outbox.set_columns(other, **outbox.said(problem), told=0)
    else:
        return
    log.write(other["connection"], other["company"], outbox.identity(other), "Changed", problem.message)


def hold(row: Row, problems: list[Problem]) -> None:
    """Show all problems of a step: Held where every one only waits, else Needs Attention; a note or file is skipped."""
    shown = summary(problems)
    event = "skip" if is_extra(row["role"]) else "hold" if shown.held else "problem" if row["state"] == protocol.PENDING else "refused"
    outbox.move(row, event, shown, problems=problems)


def supersede(row: Row, why: Text) -> None:
    """Nothing is left to do for a step; `why` says what overtook it."""
    outbox.move(row, "supersede", Problem("superseded", why, NONE))


def look_again(connection: str, company: str, who: Identity, facts: Row) -> Row:
    """Ask for a look at a document; returns that step. A look that still waits serves; where it waits for a person it says anew what it asks, since nobody has
    answered. Its posting_date, amount and currency are those of
    the document's other steps (`facts` where there are none)."""
    steps = outbox.steps_of(connection, who)
    looks = [step for step in steps if step["role"].startswith("recheck-")]
    waiting = next((step for step in looks if step["state"] in (protocol.PENDING, protocol.HELD)), None)
    if waiting:
        if waiting["state"] == protocol.HELD:
            outbox.move(waiting, "release", mark="")
        return waiting
    named = {"connection": connection, "company": company, "reference_doctype": who.doctype, "reference_name": who.name}
    # Without a step of its own, `facts` are another document's, whose room may be another one.
    own = steps[0] if steps else {**facts, "room": ""}
    named |= {"reference_creation": who.creation}
    return outbox.add_sibling({**own, **named}, f"recheck-{len(looks) + 1}", revision=1)
