"""Once a week all of Xero's lists are read anew, for what both events and turns have missed: at night by the site's clock, page by page, while calls for reading are left.
What it shows is judged as what a turn shows. It goes on where it stood, night after night where need be, and reads no page again that it has read.

Each list is read as far back as this company is connected: what was not changed since then nobody can have missed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..compat import let_pass
from ..engine import day_calls, limits, reading
from ..engine.clock import now
from ..engine.contexts import STAY_THERE, Context
from ..engine.isolation import is_of_the_connection
from ..engine.leases import Lease
from ..xero.records.registry import MADE_AT
from . import coming_back, cursors, pace, pages, stayed
from .cursors import Cursor

STATE, FIELD = "Xero Connection State", "full_pass"
# Turns and events keep what is above so many hundredths of the day's calls for reading.
SHARE = 60
# Tries after which a list waits for the next week.
MOST_TRIES = 3
# The connection was made by the site's clock, whatever its zone.
ZONES = timedelta(days=2)


def last(connection: str) -> str:
    """When all lists were looked through last (UTC, ISO); "" where they never were."""
    return str(_stands(connection).get("through") or "")


def note(connection: str) -> None:
    """Note when reading began, from which the first week counts, and for each kind of what people enter since when it comes back: what they had entered before that stays
    there. Part of the caller's transaction."""
    stands = _stands(connection)
    chosen = frappe.db.get_value("Xero Connection", connection, list(stayed.SETTINGS), as_dict=True) or {}
    on = [setting for setting in stayed.SETTINGS if (chosen.get(setting) or STAY_THERE) != STAY_THERE]
    since = _since(stands)
    now_on = {"done": now().isoformat(), **stands, "since": {setting: since.get(setting) or now().isoformat() for setting in on}}
    now_on.pop("back_since", None)
    if now_on != stands:
        _keep(connection, now_on)


def stay(connection: str) -> dict[str, int]:
    """How many records the last look has shown that stay in Xero since people had entered them before their kind came back, by its setting."""
    return dict(_stands(connection).get("stay") or {})


def due(connection: str) -> bool:
    """Whether it is time to go on, or to begin."""
    stands = _stands(connection)
    if not stands or not pace.looks_now(_age(stands), now_datetime().hour, bool(stands.get("left"))):
        return False
    return limits.to_spare(connection) and day_calls.READING.used(connection) < SHARE


def read(context: Context, lease: Lease, made: limits.Calls, in_time: Callable[[], bool]) -> None:
    """Read on while `in_time` says so; `made` counts the calls of this run. A list that cannot be read is tried again, and does not keep the others waiting. Raises what
    concerns the whole connection, as reader.read. Commits."""
    stands = _stands(context.connection)
    if not stands.get("left"):
        # Also where nothing from here is in a list: a copy of this site may have sent what would be.
        wanted = coming_back.used(context.connection, list(pace.PACE)) | set(MADE_AT)
        stands |= {
            "left": {each: [_first(context), 1, 0] for each in pace.PACE if each in wanted},
            "began": now().isoformat(),
            "staying": {},
        }
        _keep(context.connection, stands)
        frappe.db.commit()
    room = day_calls.READING.a_day(context.connection) * SHARE // 100 - day_calls.READING.spent(context.connection)
    for endpoint in list(stands["left"]):
        while endpoint in stands["left"]:
            if made.calls >= room or not in_time() or not limits.to_spare(context.connection):
                return
            try:
                _page(context, lease, endpoint, stands)
            except reading.Interrupted as interrupted:
                frappe.db.rollback()
                if is_of_the_connection(context, lease, interrupted):
                    raise
                _failed(context, endpoint, stands)
                break
            except Exception as error:
                let_pass(error)
                frappe.db.rollback()
                _failed(context, endpoint, stands)
                break
    if not stands["left"]:
        stands |= {"done": stands.pop("began"), "through": now().isoformat(timespec="seconds"), "stay": stands.pop("staying", {})}
        _keep(context.connection, stands)
        frappe.db.commit()


def _page(context: Context, lease: Lease, endpoint: str, stands: dict[str, Any]) -> None:
    """Read one page, and note that it was read."""
    since, page, _tries = stands["left"][endpoint]
    elements, over = reading.changes(context, lease, endpoint, since, page)
    cursor = cursors.load(context.connection).get(endpoint) or cursors.first(context)
    before = dict(cursor.failed)
    stay_there = pages.judge_page(context, lease, endpoint, elements, cursor, {name: _at(said) for name, said in _since(stands).items()})
    staying = stands.setdefault("staying", {})
    for setting, count in stay_there.items():
        staying[setting] = staying.get(setting, 0) + count
    if cursor.failed != before:
        _keep_failed(context, endpoint, cursor)
    if over:
        del stands["left"][endpoint]
    else:
        stands["left"][endpoint] = [*reading.next_page(elements, since, page), 0]
    _keep(context.connection, stands)
    frappe.db.commit()


def _keep_failed(context: Context, endpoint: str, cursor: Cursor) -> None:
    """What could not be judged is tried again in the turns of its list."""
    cursors.keep(context.connection, endpoint, cursor)


def _failed(context: Context, endpoint: str, stands: dict[str, Any]) -> None:
    """A list could not be read: it is tried again in a later run, at the latest in the next week."""
    frappe.log_error(title=f"Xero: its list of {endpoint} could not be looked through"[:140])
    stands["left"][endpoint][2] += 1
    if stands["left"][endpoint][2] >= MOST_TRIES:
        del stands["left"][endpoint]
    _keep(context.connection, stands)
    frappe.db.commit()


def _first(context: Context) -> str:
    made = frappe.db.get_value("Xero Connection", context.connection, "creation")
    return (made + (context.xero_ahead or timedelta()) - ZONES).strftime(reading.ISO)


def _age(stands: dict[str, Any]) -> timedelta:
    """How long ago the last one began, or reading. A time that lies ahead was written while a clock was ahead."""
    done = _moment(stands.get("done"))
    return now() - done if done and done <= now() else pace.WEEK


def _since(stands: dict[str, Any]) -> dict[str, str]:
    """By setting, since when its kind comes back. Once there was one time, of payments."""
    former = stands.get("back_since")
    return {**({stayed.PAYMENTS: former} if former else {}), **(stands.get("since") or {})}


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said)


def _moment(said: Any) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _stands(connection: str) -> dict[str, Any]:
    return dict(json.loads(frappe.db.get_value(STATE, connection, FIELD) or "{}"))


def _keep(connection: str, stands: dict[str, Any]) -> None:
    frappe.db.set_value(STATE, connection, FIELD, json.dumps(stands), update_modified=False)
