"""Which arguments a whitelisted function accepts, and who may call it. Every such function is declared with `asks`.

Frappe passes on whatever a JSON body, a form or a query holds: dicts, lists, numbers, null. Frappe's own type check reads annotations,
which `from __future__ import annotations` turns into text; and a filter passed as a name would match every document. So each argument is
checked here first, then the permission; only then the function runs.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _

from ..connection import connecting, who_may
from ..connection.encryption import SecretText
from ..engine.protocol import ForbiddenMove
from ..engine.screen_texts import html

Kind = Callable[[str, Any], Any]
LONGEST_NAME = 140
LONGEST_TEXT = 5000
MOST_DIGITS = 9
IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asks(may: Callable[..., None], **kinds: Kind) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: check every argument with its check in `kinds`, then let `may(**arguments)` throw, then call. Failures of Xero's sign-in,
    and moves that are no longer possible, end as a sentence; so does a refusal for want of a role (connection/who_may.py has whose it is)."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            given = dict(zip(signature.parameters, args)) | kwargs
            # These two would show a secret in this frame, should the call fail.
            args, kwargs = (), {}
            checked = _checked(signature, kinds, given)
            _allowed(function, may, checked)
            return _answered(function, checked)

        return call

    return declare


def _checked(signature: inspect.Signature, kinds: dict[str, Kind], given: dict[str, Any]) -> dict[str, Any]:
    missing = [name for name, each in signature.parameters.items() if name not in given and each.default is each.empty]
    if missing:
        frappe.throw(_("What is missing in this call: {0}").format(html(", ".join(missing))))
    for name in list(given):
        given[name] = kinds[name](name, given[name])
    return given


def _allowed(function: Callable[..., Any], may: Callable[..., None], checked: dict[str, Any]) -> None:
    """Let `may` throw. Frappe's own refusal names a DocType; whoever lacks the role is told which one it is."""
    try:
        may(**checked)
        return
    except frappe.PermissionError:
        lacked = who_may.lacked(f"{function.__module__.split('.')[-1]}.{function.__name__}", frappe.get_roles())
        if not lacked:
            raise
    # Outside the handler: the frames of `may` hold the arguments. What Frappe would show beside it speaks of DocTypes.
    frappe.clear_messages()
    frappe.throw(
        _("This is for {0}: whoever manages the users of this site can give you a role").format(html(lacked)), exc=frappe.PermissionError
    )


def _answered(function: Callable[..., Any], checked: dict[str, Any]) -> Any:
    """Call; a known failure of Xero or of stored secrets becomes a sentence. With a secret among the arguments every other exception does
    too: Frappe would log the frames above, which hold what was typed."""
    try:
        return function(**checked)
    except connecting.TROUBLE as trouble:
        said = html(connecting.words(trouble))
    except ForbiddenMove:
        # What the user saw is over: another person, or a worker, was faster.
        said = _("This has moved on meanwhile; load the page again")
    except Exception as defect:
        if getattr(defect, "http_status_code", 500) < 500 or not any(isinstance(each, SecretText) for each in checked.values()):
            raise
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: {function.__name__} failed")
        said = _("Something went wrong here ({0}); the Error Log has the details. Nothing was kept").format(html(type(defect).__name__))
    # Outside the handler, so that the exception with the secret in it is not chained to this one.
    frappe.throw(said)


# Kinds of arguments


def name(label: str, value: Any) -> str:
    """The name of one document: text and nothing else. `one` checks whether it exists."""
    if not isinstance(value, str) or not value.strip():
        frappe.throw(_("{0} must be the name of one document").format(html(label)))
    if len(value) > LONGEST_NAME or value != value.strip() or not value.isprintable():
        frappe.throw(_("{0} is not the name of a document").format(html(label)))
    return str(value)


def name_or_nothing(label: str, value: Any) -> str:
    """The name of a document, or none."""
    return "" if value in ("", None) else name(label, value)


def identifier(label: str, value: Any) -> str:
    """An id as Xero writes them."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        frappe.throw(_("{0} must be an id as Xero writes them").format(html(label)))
    return str(value)


def text(label: str, value: Any) -> str:
    """A text that is not empty."""
    found = text_or_nothing(label, value)
    if not found.strip():
        frappe.throw(_("{0} must not be empty").format(html(label)))
    return found


def text_or_nothing(label: str, value: Any) -> str:
    """A text, perhaps empty."""
    if not isinstance(value, str):
        frappe.throw(_("{0} must be a text").format(html(label)))
    if len(value) > LONGEST_TEXT:
        frappe.throw(_("{0} is too long").format(html(label)))
    return str(value)


def secret(label: str, value: Any) -> str:
    """A text that may not appear in any log."""
    return SecretText(text(label, value))


def secret_or_nothing(label: str, value: Any) -> str:
    """A text that may not appear in any log, perhaps empty."""
    return SecretText(text_or_nothing(label, value))


def day(label: str, value: Any) -> str:
    """A date, yyyy-mm-dd."""
    said = _("{0} must be a date, written yyyy-mm-dd").format(html(label))
    if not isinstance(value, str) or not DAY.fullmatch(value):
        frappe.throw(said)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:  # a 31st of February
        frappe.throw(said)
        raise


def day_or_nothing(label: str, value: Any) -> str:
    """A day (yyyy-mm-dd), or none."""
    return "" if value in ("", None) else day(label, value)


def moment_or_nothing(label: str, value: Any) -> datetime | None:
    """A time (UTC) as one of these functions has returned it, or nothing."""
    if value in ("", None):
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < LONGEST_NAME else None
    except ValueError:
        found = None
    if found is None or found.tzinfo:
        frappe.throw(_("{0} must be a time, as it was shown").format(html(label)))
    return found


def count(label: str, value: Any) -> int:
    """A whole number from 0 on: of rows, or of the row that is shown first."""
    if isinstance(value, str) and len(value) <= MOST_DIGITS and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**MOST_DIGITS:
        frappe.throw(_("{0} must be a whole number").format(html(label)))
    return int(value)


def from_json(value: Any) -> Any:
    """What comes as itself or as its JSON; None for a text that is none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):  # lists in lists, deeper than Python reads them
        return None


def listed(label: str, value: Any, most: int) -> list[Any]:
    """A list of at most `most`, or its JSON; what stands in it is not looked at."""
    found = from_json(value)
    if not isinstance(found, list) or len(found) > most:
        frappe.throw(_("{0} must be a list of at most {1}").format(html(label), html(most)))
    return list(found)


# Rights


def one(doctype: str, known_as: str, right: str) -> None:
    """Throws unless exactly this document exists and the user has this right to it. A user who may not see such documents does not learn
    which exist. The database compares without case and trailing blanks; here another spelling is another name."""
    frappe.has_permission(doctype, right, throw=True)
    if frappe.db.get_value(doctype, known_as, "name") != known_as:
        frappe.throw(_("There is no {0} {1}").format(html(_(doctype)), html(known_as)), exc=frappe.DoesNotExistError)
    frappe.has_permission(doctype, right, doc=known_as, throw=True)
