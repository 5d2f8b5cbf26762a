"""Telling people what they have to do (people.py: whom): one message per cause.

Causes are those of the page To Fix (engine/stuck): while a step that was told still waits for one, others that wait for it are not told again. Money that
waits until it is released is nothing new each time: the page and the daily digest show it. Causes of a whole connection (paused, no answer for an
hour) are stored on its state row until they are over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, lines, load
from ..compat import let_pass
from ..connection import who_may
from ..documents.money import MONEY_HELD
from ..engine import attempts, causes, outbox, stuck, trials
from ..engine.clock import now
from ..engine.screen_texts import shown
from . import assigning, messages, shared_causes

STATE = "Xero Connection State"
AT_ONCE = 500
# More new causes than these in one minute are one message.
MOST_AT_ONCE = 5
Key = tuple[str, str, str]
UNCLEAR = timedelta(hours=1)
SAVEPOINT = "picortex_xero_tell"


def tell(connection: str) -> None:
    """Tell people what needs attention and was not told yet. A failure of telling is logged, never raised. Commits."""
    frappe.db.commit()
    _apart(connection, lambda: _tell_steps(connection))
    _apart(connection, lambda: _tell_unclear(connection))
    _apart(connection, lambda: assigning.end_of_cured(connection))
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


def tell_once(
    connection: str,
    code: str,
    message: Text,
    resolution: Text,
    shared: shared_causes.Shared | None = None,
    *,
    roles: Iterable[str] = (who_may.ADMIN,),
    page: str = "",
) -> None:
    """Tell people (with one of these `roles`; `page`: where the Desk goes from there) a cause of the whole connection, unless it was told and is not over. `shared`: where it is one that
    connections can share, each person gets one message about all that he is told of (attention/shared_causes.py). A failure of telling is logged,
    never raised. Part of the caller's transaction."""
    known = _told(connection)
    if code in known:
        return
    kept = {} if shared is None else {"cause": shared.cause, "with": list(shared.others)}
    # This field is JSON in a Code field, shown as text: turn back the entities that texts are stored with for other screens.
    _remember(connection, {**known, code: {"at": str(now()), "message": shown(message), "cure": shown(resolution), **kept}})
    frappe.db.savepoint(SAVEPOINT)
    try:
        if shared is None:
            messages.send(connection, message, resolution, page=page, roles=roles)
        else:
            known_by = shared_causes.told_already(connection, shared.cause, message)
            messages.send_together([connection, *shared.others], message, resolution, known_by)
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
    return [
        {"code": code, **{field: told[field] for field in ("at", "message", "cure") if field in told}}
        for code, told in _told(connection).items()
    ]


def _tell_steps(connection: str) -> None:
    # What was told before, and was only tried again, is not told again.
    on_trial = trials.told(connection)
    rows = [row for row in outbox.untold(connection, AT_ONCE, MONEY_HELD) if not _known(row, on_trial)]
    if not rows:
        return
    news = _by_news(rows, set(stuck.told(connection)))
    if len(news) > MOST_AT_ONCE:
        _apart(connection, partial(_tell_many, connection, news))
        return
    for found in news:
        _apart(connection, partial(_tell_cause, connection, found))


def _known(row: dict[str, Any], on_trial: dict[str, str]) -> bool:
    if row["name"] not in on_trial or on_trial[row["name"]] != row["reason_code"]:
        return False
    outbox.set_columns(row, told=1)
    return True


def _by_news(rows: list[dict[str, Any]], known: set[Key]) -> list[list[dict[str, Any]]]:
    """Steps that wait for a cause of which nobody was told, each with those after it that wait for nothing else that is new; all others count as
    told."""
    of_step: dict[str, list[Key]] = {}
    for cause in stuck.leads(causes.of_steps([row["name"] for row in rows])):
        of_step.setdefault(cause["step"], []).append((cause["code"], cause["kind"], cause["cause_key"]))
    said_by: dict[Key, list[dict[str, Any]]] = {}
    news = []
    for row in rows:
        new = [cause for cause in of_step.get(row["name"]) or [(row["reason_code"] or "", "", "")] if cause not in known]
        if not new:
            outbox.set_columns(row, told=1)
        elif all(cause in said_by for cause in new):
            said_by[new[0]].append(row)
        else:
            news.append([row])
            said_by |= {cause: said_by.get(cause, news[-1]) for cause in new}
    return news


def _tell_cause(connection: str, found: list[dict[str, Any]]) -> None:
    """Tell of a new cause, in the words of the first step that waits for it."""
    first, others = found[0], len(found) - 1
    forms = load(first["reason_parts"])
    said = [Text(shown(first["reason"]), forms.get("reason"))]
    said += [_("{count} more for the same reason").format(count=others)] if others else []
    _are_told(found, messages.send(connection, lines(said), Text(shown(first["cure"]), forms.get("cure")), first["name"], messages.TO_FIX))


def _tell_many(connection: str, news: list[list[dict[str, Any]]]) -> None:
    """Tell of many new causes at once, which the page lists."""
    found = [row for rows in news for row in rows]
    message = _("{documents} documents wait for a person, for {count} new reasons").format(documents=len(found), count=len(news))
    _are_told(found, messages.send(connection, message, _("Open To Fix: it lists them by what has to be done"), page=messages.TO_FIX))


def _are_told(found: list[dict[str, Any]], people: int) -> None:
    # With nobody to tell yet, the next minute tries again.
    for row in found if people else ():
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


def _told(connection: str) -> dict[str, Any]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, "told") or "{}"))


def _remember(connection: str, told: dict[str, Any]) -> None:
    frappe.db.set_value(STATE, connection, {"told": json.dumps(told) if told else ""}, update_modified=False)
