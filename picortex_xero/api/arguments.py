"""What a whitelisted function may be called with, and by whom. Every one of them is declared with `asks`.

Frappe passes on whatever a JSON body, a form or a query held: dicts, lists, numbers, nothing. Its own check of types reads annotations,
which `from __future__ import annotations` makes text, and a filter where a name is expected names every document at once. So each
argument is checked here as what it is, before permission is asked; then permission; only then the function runs.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import frappe
from frappe import _

from ..connection import connecting
from ..connection.secrets import Hidden
from ..engine.texts import html

Kind = Callable[[str, Any], Any]
LONGEST_NAME = 140
LONGEST_TEXT = 5000
IDENTIFIER = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asks(may: Callable[..., None], **kinds: Kind) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Check every argument by its kind, then let `may(**arguments)` refuse, then call. What Xero's sign-in says ends as a sentence."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            given = dict(zip(signature.parameters, args)) | kwargs
            # No frame below may show a secret, and these two would.
            args, kwargs = (), {}
            checked = _checked(signature, kinds, given)
            may(**checked)
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


def _answered(function: Callable[..., Any], checked: dict[str, Any]) -> Any:
    """Call; known trouble with Xero or the stored secrets becomes a sentence. With a secret among the arguments so does every defect:
    Frappe would log the frames around us, which hold what was typed."""
    try:
        return function(**checked)
    except connecting.TROUBLE as trouble:
        said = html(trouble)
    except Exception as defect:
        if getattr(defect, "http_status_code", 500) < 500 or not any(isinstance(each, Hidden) for each in checked.values()):
            raise
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: {function.__name__} failed")
        said = _("Something went wrong here ({0}); the Error Log has the details. Nothing was kept").format(html(type(defect).__name__))
    # Outside the handler, so that the exception that knows the secret is not chained to this one.
    frappe.throw(said)


# Kinds of arguments


def name(label: str, value: Any) -> str:
    """The name of one document: text, nothing else. Whether there is one, `one` says."""
    if not isinstance(value, str) or not value.strip():
        frappe.throw(_("{0} must be the name of one document").format(html(label)))
    if len(value) > LONGEST_NAME or value != value.strip() or not value.isprintable():
        frappe.throw(_("{0} is not the name of a document").format(html(label)))
    return str(value)


def identifier(label: str, value: Any) -> str:
    """An id as Xero writes them."""
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        frappe.throw(_("{0} must be an id as Xero writes them").format(html(label)))
    return str(value)


def text(label: str, value: Any) -> str:
    """A text that must hold something."""
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
    """A text that no log may show."""
    return Hidden(text(label, value))


def secret_or_nothing(label: str, value: Any) -> str:
    """A text that no log may show, perhaps empty."""
    return Hidden(text_or_nothing(label, value))


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


# Rights


def one(doctype: str, known_as: str, right: str) -> None:
    """Throws unless exactly this document is there and the user has this right to it. Who may not see such documents at all does not
    learn which there are. The database compares without case and trailing blanks; we do not: another spelling names nothing."""
    frappe.has_permission(doctype, right, throw=True)
    if frappe.db.get_value(doctype, known_as, "name") != known_as:
        frappe.throw(_("There is no {0} {1}").format(html(_(doctype)), html(known_as)), exc=frappe.DoesNotExistError)
    frappe.has_permission(doctype, right, doc=known_as, throw=True)
