"""Telling people what they have to do: a Notification Log entry for every Xero Admin of the company, one per cause.

Steps have the same cause where reason code and resolution are the same: while one that was told still needs attention, others like it are not
told again. Causes of a whole connection (paused, no answer for an hour) are stored on its state row until they are over.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import frappe
from frappe.translate import get_user_lang

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, lines, load
from ..compat import let_pass
from ..connection import who_may
from ..engine import attempts, outbox, trials
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, shown

STATE, CONNECTION = "Xero Connection State", "Xero Connection"
ROLE = who_may.ADMIN
AT_ONCE = 500
UNCLEAR = timedelta(hours=1)
SAVEPOINT = "picortex_xero_tell"


def tell(connection: str) -> None:
    """Tell people what needs attention and was not told yet. A failure of telling is logged, never raised. Commits."""
    frappe.db.commit()
    _apart(connection, lambda: _tell_steps(connection))
    _apart(connection, lambda: _tell_unclear(connection))
    frappe.db.commit()


def _apart(connection: str, tell_it: Callable[[], object]) -> None:
    """Tell one thing so that its failure does not keep others from being told."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        tell_it()
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: what needs attention of {connection} could not be told"[:140])
    frappe.db.commit()


def tell_once(connection: str, code: str, message: Text, resolution: Text) -> None:
    """Tell people a cause of the whole connection, unless it was told and is not over. A failure of telling is logged, never raised. Part
    of the caller's transaction."""
    known = _told(connection)
    if code in known:
        return
    # This field is JSON in a Code field, shown as text: turn back the entities that texts are stored with for other screens.
    _remember(connection, {**known, code: {"at": str(now()), "message": shown(message), "cure": shown(resolution)}})
    frappe.db.savepoint(SAVEPOINT)
    try:
        _notify(connection, message, resolution)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: nobody could be told about {connection}"[:140], message=message)


def over(connection: str, *codes: str) -> None:
    """These causes are over: should they come back, people are told anew. A failure is logged, never raised: what is sent does not depend on
    what people were told. Part of the caller's transaction."""
    try:
        _forget(connection, codes)
    except Exception as error:
        let_pass(error)
        frappe.log_error(title=f"Xero: it could not be noted that something is over at {connection}"[:140])


def _forget(connection: str, codes: tuple[str, ...]) -> None:
    known = _told(connection)
    if left := {code: told for code, told in known.items() if code not in codes}:
        if left != known:
            _remember(connection, left)
    elif known:
        _remember(connection, {})


def standing(connection: str) -> list[dict[str, Any]]:
    """The causes of the whole connection that were told and are not over: code, message, what to do, at (UTC)."""
    return [{"code": code, **told} for code, told in _told(connection).items()]


def _tell_steps(connection: str) -> None:
    # What was told before, and was only tried again, is not told again.
    on_trial = trials.told(connection)
    rows = [row for row in outbox.untold(connection, AT_ONCE) if not _known(row, on_trial)]
    causes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        causes.setdefault((row["reason_code"] or "", row["cure"] or ""), []).append(row)
    for (code, resolution), found in causes.items():
        _apart(connection, partial(_tell_cause, connection, code, resolution, found))


def _known(row: dict[str, Any], on_trial: dict[str, str]) -> bool:
    if row["name"] not in on_trial or on_trial[row["name"]] != row["reason_code"]:
        return False
    outbox.set_columns(row, told=1)
    return True


def _tell_cause(connection: str, code: str, resolution: str, found: list[dict[str, Any]]) -> None:
    if not outbox.is_told(connection, code, resolution):
        first, others = found[0], len(found) - 1
        forms = load(first["reason_parts"])
        said = [Text(shown(first["reason"]), forms.get("reason"))]
        said += [_("{count} more for the same reason").format(count=others)] if others else []
        if not _notify(connection, lines(said), Text(shown(resolution), forms.get("cure")), first["name"]):
            return  # nobody to tell yet; the next minute tries again
    for row in found:
        outbox.set_columns(row, told=1)


def _tell_unclear(connection: str) -> None:
    """Tell people of requests about which Xero has shown nothing for an hour; the engine goes on asking."""
    waiting = attempts.unclear_since(connection, now() - UNCLEAR)
    if not waiting:
        over(connection, "unclear")
        return
    resolution = _(
        "Look in Xero whether they are there, and enter nothing by hand yet: while the connection is live this goes on asking, and will link or send them by itself"
    )
    _say_unclear(connection, waiting, resolution)
    names = sorted({member["docname"] for attempt in waiting for member in attempt.members})
    listed = ", ".join(names[:5])
    if len(names) > 5:
        message = _("For an hour Xero has not shown whether it has {names} and {count} more").format(names=listed, count=len(names) - 5)
    else:
        message = _("For an hour Xero has not shown whether it has {names}").format(names=listed)
    tell_once(connection, "unclear", message, resolution)


def _say_unclear(connection: str, waiting: list[attempts.Attempt], resolution: Text) -> None:
    """Write the same on the steps themselves."""
    for row in outbox.silent(connection, [attempt.key for attempt in waiting]):
        reason = _("For an hour Xero has not shown whether it has {names}").format(names=row["reference_name"])
        outbox.set_columns(row, **outbox.said(Problem("unclear", reason, resolution)))


def _notify(connection: str, message: Text, resolution: Text, step: str = "") -> int:
    """One entry for each Xero Admin who may see the company, in that user's language; returns how many. These texts are shown as HTML, so
    values from outside are escaped."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    users = admins(company)
    for user in users:
        tell_user(connection, user, message, resolution, step)
    return len(users)


def tell_user(connection: str, user: str, message: Text, resolution: Text, step: str = "") -> None:
    """One entry for one user, in that user's language, with the way to the connection or to one step. Part of the caller's transaction."""
    lang = get_user_lang(user)
    first, *further = in_words(message, lang).split("\n")
    entry = {
        "doctype": "Notification Log",
        "for_user": user,
        "from_user": "Administrator",
        "type": "Alert",
        "subject": f"Xero: {html(first[:200])}",
        "email_content": "<br>".join(
            html(part) for part in (first, *further, *([in_words(resolution, lang)] if resolution else [])) if part
        ),
        "document_type": outbox.DOCTYPE if step else CONNECTION,
        "document_name": step or connection,
    }
    frappe.get_doc(entry).insert(ignore_permissions=True)


def admins(company: str) -> list[str]:
    """The enabled users with the role whom no User Permission keeps from the company."""
    holders = set(frappe.get_all("Has Role", filters={"role": ROLE, "parenttype": "User"}, pluck="parent"))
    users = frappe.get_all("User", filters={"name": ("in", sorted(holders)), "enabled": 1}, pluck="name") if holders else []
    limited: dict[str, set[str]] = {}
    if users:
        fields = ["user", "for_value", "applicable_for"]
        for row in frappe.get_all("User Permission", filters={"allow": "Company", "user": ("in", users)}, fields=fields):
            if row["applicable_for"] and row["applicable_for"] not in (CONNECTION, outbox.DOCTYPE):
                continue
            limited.setdefault(row["user"], set()).add(row["for_value"])
    return [user for user in sorted(users) if user not in limited or company in limited[user]]


def _told(connection: str) -> dict[str, Any]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, "told") or "{}"))


def _remember(connection: str, told: dict[str, Any]) -> None:
    frappe.db.set_value(STATE, connection, {"told": json.dumps(told) if told else ""}, update_modified=False)
