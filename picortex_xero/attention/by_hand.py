"""Done by Hand: a person says that what a document waits for was done in Xero by hand."""

from __future__ import annotations

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents import by_hand, taking_back
from ..documents.identity import Identity
from ..documents.role import Purpose, role
from ..documents.step import ASIDE, Link
from ..documents.step import link as as_link
from ..documents.step import step as as_step
from ..engine import causes, full_names, links, log, outbox, protocol, screen_texts
from ..engine.outbox import Row
from ..engine.wake import wake

# The label of the button on the form, as texts name it.
BUTTON = "Done by Hand"


def possible(connection: str, who: Identity, steps: list[Row]) -> bool:
    """Whether the document's form offers it."""
    return bool(_stopped(connection, who, steps))


def done(connection: str, who: Identity) -> int:
    """Close what waits for a person; returns how many steps. What is to be made is closed with all other parts of the document that are not in
    Xero; of what is to be taken back the record is no longer this document's. Part of the caller's transaction."""
    steps = outbox.steps_of(connection, who)
    stopped = _stopped(connection, who, steps)
    for each in _with_records(connection, who, stopped):
        # What is taken back by hand first was in its way, like the payment of an invoice: now the app does it, or says what else stops it.
        stopped.remove(each)
        outbox.decide_anew(each)
    if any(makes(each) for each in stopped):
        stopped += not_sent_yet(connection, who, steps)
    why = {each["name"]: by_hand.done(full_names.mine(), screen_texts.shown(each["reason"])) for each in stopped}
    closed = [each for each in stopped if close(each, why[each["name"]])]
    for each in closed:
        if role(each["role"]).takes_back:
            _let_go(connection, who, each)
        log.write(connection, each["company"], who, "Chosen", _("{user} did it in Xero by hand").format(user=full_names.mine()))
    if closed:
        frappe.db.after_commit.add(lambda: wake(connection))
    return len(closed)


def can_be_taken_back(step: Row) -> bool:
    """Whether a step was closed by hand whose record would be made here: Retry in the outbox, on this one step, opens it again."""
    return makes(step) and by_hand.is_done(step["state"], step["reason_code"])


def not_sent_yet(connection: str, who: Identity, steps: list[Row]) -> list[Row]:
    """The other parts of a document that are queued and not in Xero."""
    return [each for each in steps if each["state"] == protocol.PENDING and makes(each) and not is_linked(connection, who, each)]


def _stopped(connection: str, who: Identity, steps: list[Row]) -> list[Row]:
    """The steps that wait for a person and can be done by one: to make a record that Xero does not have, or to take one back."""
    found = [each for each in steps if each["state"] in causes.WAITING and not each["kept_by"]]
    return [each for each in found if role(each["role"]).takes_back or (makes(each) and not is_linked(connection, who, each))]


def makes(step: Row) -> bool:
    """Whether a step makes a record of its document in Xero."""
    its = role(step["role"])
    return its.purpose is Purpose.CREATE and not its.of_party


def is_linked(connection: str, who: Identity, step: Row) -> bool:
    """Whether the record of a step is in Xero already."""
    its = role(step["role"])
    return links.standing(connection, who, its.part, its.number, int(step["generation"])) is not None


def close(step: Row, why: Problem) -> bool:
    """Skip a step that is queued, or waits for a person, because a person says so."""
    pending = step["state"] == protocol.PENDING
    return outbox.move(step, "skip" if pending else "leave out", why)


def _with_records(connection: str, who: Identity, stopped: list[Row]) -> list[Row]:
    """Of steps that take something back those whose record the app knows, where others are about what a person has entered."""
    backs = [each for each in stopped if role(each["role"]).takes_back]
    known = [each for each in backs if _record_of(connection, who, each)]
    return known if len(known) < len(backs) else []


def _record_of(connection: str, who: Identity, step: Row) -> Link | None:
    linked = [as_link(each) for each in links.of(connection, who) if int(each["sequence"]) < ASIDE]
    return taking_back.record_of(as_step(step), linked)


def _let_go(connection: str, who: Identity, step: Row) -> None:
    if record := _record_of(connection, who, step):
        links.set_aside(record.name)
