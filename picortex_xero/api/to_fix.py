"""What the page To Fix calls: what keeps documents from Xero, by cause, and curing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from ..attention import assigning, people, skipping, status, to_fix
from ..attention import together as together_
from ..connection import current, who_may
from ..engine import outbox
from ..engine.clock import now
from ..engine.screen_texts import html
from ..engine.wake import wake
from .arguments import asks, count, listed, moment_or_nothing, name, name_or_nothing, one, text, text_or_nothing
from .status import _sent

CONNECTION, STEP, CAUSE = "Xero Connection", "Xero Outbox Entry", "Xero Step Cause"
LONGEST_REASON = 500


# Who may


def _may_read_causes(connection: str = "", **_arguments: Any) -> None:
    frappe.has_permission(CAUSE, "read", throw=True)
    if connection:
        one(CONNECTION, connection, "read")


def _may_read_step(name: str, **_arguments: Any) -> None:
    one(STEP, name, "read")


def _may_press(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    _presses()


def _may_press_step(name: str, **_arguments: Any) -> None:
    one(STEP, name, "read")
    _presses()


def _may_press_document(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")
    _presses()
    if connection := current.of_company(frappe.db.get_value(doctype, name, "company")):
        one(CONNECTION, connection, "read")


def _may_press_documents(documents: list[tuple[str, str]], **_arguments: Any) -> None:
    frappe.has_permission(CAUSE, "read", throw=True)
    _presses()
    for doctype, known_as in documents:
        _may_press_document(doctype, known_as)


def _presses() -> None:
    if not who_may.presses(frappe.get_roles()):
        frappe.throw(_("Only the Xero roles of this company may decide what goes to Xero"), exc=frappe.PermissionError)


# Kinds of arguments


def _why(label: str, value: Any) -> str:
    """A reason in words."""
    text(label, value)
    return _why_or_nothing(label, value)


def _why_or_nothing(label: str, value: Any) -> str:
    """A reason in words, where there is one."""
    found = text_or_nothing(label, value).strip()
    if len(found) > LONGEST_REASON:
        frappe.throw(_("{0} may have {1} characters").format(html(label), html(str(LONGEST_REASON))))
    return found


def _how(label: str, value: Any) -> str:
    """One of the ways to be told."""
    if value not in people.HOW:
        frappe.throw(_("{0} must be one of the ways to be told").format(html(label)))
    return str(value)


def _kind(label: str, value: Any) -> str:
    """A kind of cause."""
    if value not in status.KINDS:
        frappe.throw(_("{0} must be a kind of cause, as the page lists them").format(html(label)))
    return str(value)


def _together(label: str, value: Any) -> str:
    """What can be decided about many documents at once."""
    if value not in together_.WHAT:
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join(together_.WHAT))))
    return str(value)


def _documents(label: str, value: Any) -> list[tuple[str, str]]:
    """Documents that are sent, each as [DocType, name]; a list or its JSON."""
    found = listed(label, value, together_.MOST)
    if not all(isinstance(each, list) and len(each) == 2 for each in found):
        frappe.throw(_("{0} must name each document with its DocType").format(html(label)))
    return [(_sent(label, doctype), name(label, known_as)) for doctype, known_as in found]


def _with_a_reason(decision: str, reason: str) -> None:
    if decision == together_.SKIP and not reason:
        frappe.throw(_("Say why these documents do not go to Xero"))


# What


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read_causes, connection=name_or_nothing, start=count, by_hand=count)
def causes(connection: str = "", start: int = 0, by_hand: int = 0) -> dict[str, Any]:
    """One page of what keeps documents from Xero, one row per cause, of one connection or of all that have gone live and that this user
    may see; only what is done in Xero by hand, where `by_hand` is 1; with `presses` and `decides`
    (what he may do, by connection), `told` (how he is told, by connection), and `as_of` (UTC, when this was read)."""
    as_of = str(now())
    filters = {"name": connection} if connection else {"state": ("!=", current.RETIRED), "go_live_date": ("is", "set")}
    names = frappe.get_all(CONNECTION, filters=filters, pluck="name", order_by="creation asc")
    seen = [each for each in names if frappe.has_permission(CONNECTION, "read", doc=each)]
    return {
        **to_fix.causes_of(seen, start, bool(by_hand)),
        "as_of": as_of,
        "presses": who_may.presses(frappe.get_roles()),
        "decides": [each for each in seen if frappe.has_permission(CONNECTION, "write", doc=each)],
        "told": {each: people.how(each, frappe.session.user) for each in seen},
    }


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read_causes, connection=name, kind=_kind, cause_key=text_or_nothing, code=text, start=count)
def documents(connection: str, kind: str, cause_key: str, code: str, start: int = 0) -> dict[str, Any]:
    """One page of the documents that wait for one cause with one problem."""
    return to_fix.documents_of(connection, kind, cause_key, code, start)


@frappe.whitelist(methods=["GET"])
@asks(_may_read_step, name=name)
def said_by_xero(name: str) -> list[dict[str, str]]:
    """What Xero answered about the document of this step, word for word."""
    return to_fix.said_by_xero(name)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, connection=name, as_of=moment_or_nothing)
def release_all(connection: str, as_of: datetime | None = None) -> dict[str, int]:
    """Let all money go that waits until it is released: what waited when the person read it (`as_of`, as `causes` returns it), or all of now. Returns how many were `released` and how many still wait: where there are very many, the call
    does as many as it can, and can be made again."""
    done = to_fix.release_money(connection, as_of)
    if done["released"]:
        wake(connection)
    return done


@frappe.whitelist(methods=["POST"])
@asks(_may_press_document, doctype=_sent, name=name)
def release(doctype: str, name: str) -> int:
    """Let the money of one document go; returns how many steps."""
    connection, who = status.of_document(doctype, name)
    done = to_fix.release_document(connection, who)
    if done:
        frappe.db.after_commit.add(lambda: wake(connection))
    return done


@frappe.whitelist(methods=["POST"])
@asks(_may_press_document, doctype=_sent, name=name)
def send_late(doctype: str, name: str) -> int:
    """Send a document all the same that waits because tax is filed for its period, or since it is dated before the books in Xero begin; returns how many of its steps waited."""
    return to_fix.send_late(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_press_document, doctype=_sent, name=name, reason=_why)
def skip(doctype: str, name: str, reason: str) -> int:
    """Say that a document shall not go to Xero, and why; returns how many steps that closes. Retry on the document takes it back."""
    return skipping.skip(*status.of_document(doctype, name), reason)


@frappe.whitelist(methods=["POST"])
@asks(_may_press_documents, decision=_together, documents=_documents, reason=_why_or_nothing)
def together(decision: str, documents: list[tuple[str, str]], reason: str = "") -> dict[str, Any]:
    """Skip these documents for one reason, say that they were done in Xero by hand, let their money go, or send them although their period is closed: `done` (how many documents), `left` (names of
    those of which nothing of that kind waits), `waiting` (how many there was no time for: the call can be made again)."""
    _with_a_reason(decision, reason)
    return together_.of_these(decision, documents, reason)


@frappe.whitelist(methods=["POST"])
@asks(
    _may_press,
    connection=name,
    kind=_kind,
    cause_key=text_or_nothing,
    code=text,
    decision=_together,
    reason=_why_or_nothing,
    as_of=moment_or_nothing,
)
def all_of_cause(
    connection: str, kind: str, cause_key: str, code: str, decision: str, reason: str = "", as_of: datetime | None = None
) -> dict[str, Any]:
    """The same of all documents that wait for one cause with one problem: those that waited when the person read it (`as_of`, as `causes` returns it)."""
    _with_a_reason(decision, reason)
    return together_.of_cause(decision, connection, (kind, cause_key), code, reason, as_of)


@frappe.whitelist(methods=["GET"])
@asks(_may_press, connection=name)
def may_be_assigned(connection: str) -> list[dict[str, str]]:
    """Whom something may be given to that waits: `user`, `name`."""
    return assigning.possible(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_press_step, name=name, user=name, note=text_or_nothing)
def assign(name: str, user: str, note: str = "") -> bool:
    """Give what waits to somebody, with a note; False where he has it already."""
    step = outbox.get(name=name)
    return bool(step) and assigning.assign(step, user, note)


@frappe.whitelist(methods=["POST"])
@asks(_may_press_step, name=name, said=text)
def comment(name: str, said: str) -> None:
    """Write something about what waits."""
    if step := outbox.get(name=name):
        assigning.comment(step, said)


@frappe.whitelist(methods=["POST"])
@asks(_may_read_causes, connection=name, how=_how)
def tell_me(connection: str, how: str) -> None:
    """How the user himself is told what needs a person: in the Desk, by e-mail too, or not at all."""
    people.choose(connection, frappe.session.user, how)
