"""What the app tells people: messages, errors, and realtime events."""

from __future__ import annotations

import csv
import importlib
import json
import logging
import re
import sys
import traceback
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

import redis

from frappe._context import _dict, local
from frappe.exceptions import ValidationError


def _(msg: str, lang: str | None = None, context: str | None = None) -> str:
    """The translation into `lang`, else into the language of the request, that an installed app brings; the text itself where none does."""
    if re.search(r"<[^>]+>", msg):
        return msg  # Frappe looks for it without its tags, and does not find it
    for app in reversed(local.conf.installed_apps):
        known = _translations(app, lang or local.lang)
        if found := known.get(f"{msg.strip()}:{context}") or known.get(msg.strip()):
            return found
    return msg


@lru_cache
def _translations(app: str, lang: str) -> dict[str, str]:
    """An app's translations/<lang>.csv: source, translation and, where there is one, context."""
    path = Path(str(importlib.import_module(app).__file__)).parent / "translations" / f"{lang}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) in (2, 3)]
    return {f"{row[0]}:{row[2]}" if row[2:] and row[2] else row[0]: row[1].strip() for row in rows}


def msgprint(msg: str, title: str | None = None, raise_exception: Any = False, indicator: str | None = None, alert: bool = False) -> None:
    """Queue a message for the user's screen; raise it too where `raise_exception` says what."""
    shown = str(msg)
    local.message_log.append(_dict(message=shown, title=title, indicator=indicator, alert=alert))
    if isinstance(raise_exception, Exception):
        raise raise_exception
    if raise_exception:
        raise (raise_exception if isinstance(raise_exception, type) else ValidationError)(shown)


def throw(msg: str, exc: Any = ValidationError, title: str | None = None) -> NoReturn:
    """Show the message and raise `exc` (a class or an instance)."""
    msgprint(msg, title=title, raise_exception=exc, indicator="red")
    raise AssertionError("unreachable: msgprint raises")


def clear_messages() -> None:
    """Forget the messages queued so far."""
    local.message_log = []


def logger(module: str | None = None) -> logging.Logger:
    """A logger that writes to the site's logs/<module>.log (Frappe: logs/ of the site and of the bench)."""
    found = logging.getLogger(f"{local.site_path}/{module or 'frappe'}")
    if not found.handlers:
        folder = Path(local.site_path) / "logs"
        folder.mkdir(exist_ok=True)
        handler = logging.FileHandler(folder / f"{module or 'frappe'}.log")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        found.addHandler(handler)
        found.propagate = False
    return found


def get_traceback() -> str:
    """The traceback of the exception being handled, or ''."""
    kind, value, frames = sys.exc_info()
    return "".join(traceback.format_exception(kind, value, frames)) if kind else ""


def as_json(obj: Any, indent: int | None = 1) -> str:
    """JSON with sorted keys, dates as text."""
    separators = (",", ": ") if indent is not None else (",", ":")
    return json.dumps(obj, indent=indent, sort_keys=True, default=str, separators=separators)


def parse_json(val: Any) -> Any:
    """A JSON text's value, dicts with attribute access; anything else unchanged."""
    value = json.loads(val) if isinstance(val, str) else val
    return _dict(value) if isinstance(value, dict) else value


def scrub(txt: str) -> str:
    """'Sales Invoice' -> 'sales_invoice'."""
    return txt.replace(" ", "_").replace("-", "_").lower()


def publish_realtime(
    event: str | None = None,
    message: dict[str, Any] | None = None,
    user: str | None = None,
    doctype: str | None = None,
    docname: str | None = None,
    after_commit: bool = False,
) -> None:
    """Publish on Redis's `events` channel, as Frappe's socket server reads it. Redis being down is not an error."""
    room = f"doc:{doctype}/{docname}" if doctype and docname else f"user:{user}" if user else "all"
    parcel = {"event": event, "message": message or {}, "room": room, "namespace": local.site}
    if not after_commit:
        _emit(parcel)
        return
    if not local.realtime_log:
        local.db.after_commit.add(_flush)
    if parcel not in local.realtime_log:
        local.realtime_log.append(parcel)


def _flush() -> None:
    pending, local.realtime_log = local.realtime_log, []
    for parcel in pending:
        _emit(parcel)


def _emit(parcel: dict[str, Any]) -> None:
    with suppress(redis.exceptions.ConnectionError):
        redis.Redis.from_url(local.conf.redis_queue).publish("events", as_json(parcel, indent=None))
