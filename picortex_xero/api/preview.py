"""What the page Preview calls: what documents would become in Xero, and what became of them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import previewed, previewed_one
from ..connection import who_may
from ..engine import capture, preview_documents, preview_run, watch
from .arguments import asks, count, day_or_nothing, name, name_or_nothing, one, text_or_nothing

CONNECTION, PREVIEW = "Xero Connection", "Xero Preview Run"
WHAT = (preview_documents.WAITING, preview_documents.PERIOD, preview_documents.ONE)


# Who may


def _may_see(connection: str, **_arguments: Any) -> None:
    """Throws unless the user may read what is in the books: a preview has numbers and amounts."""
    one(CONNECTION, connection, "read")
    frappe.has_permission(PREVIEW, "read", throw=True)


def _may_press(connection: str, **_arguments: Any) -> None:
    _may_see(connection)
    if not _may_ask():
        frappe.throw(_("Only a Xero Admin or Xero Accountant may have that decided anew"), exc=frappe.PermissionError)


def _may_read(preview: str, **_arguments: Any) -> None:
    one(PREVIEW, preview, "read")


def _may_preview(connection: str, doctype: str, name: str) -> None:
    _may_see(connection)
    one(doctype, name, "read")


def _may_ask() -> bool:
    """Whether the user may have Xero asked."""
    return bool(who_may.presses(frappe.get_roles()))


# Kinds of arguments


def _what(label: str, value: Any) -> str:
    if value not in WHAT:
        frappe.throw(_("Choose what to preview: everything waiting, a period, or a document"))
    return str(value)


def _sent_or_nothing(label: str, value: Any) -> str:
    if value not in ("", None, *capture.SUBMITTED):
        frappe.throw(_("Choose a kind of document that is sent to Xero"))
    return str(value or "")


def _sent(label: str, value: Any) -> str:
    if value not in capture.SUBMITTED:
        frappe.throw(_("Choose a kind of document that is sent to Xero"))
    return str(value)


def _yes(label: str, value: Any) -> bool:
    return value in (True, 1, "1", "true")


def _whole_period(what: str, from_date: str, to_date: str) -> None:
    if what == preview_documents.PERIOD and (not from_date or not to_date or from_date > to_date):
        frappe.throw(_("Choose from which day to which day; the first is not after the last"))


# What


@frappe.whitelist(methods=["GET"])
@asks(
    _may_see,
    connection=name,
    what=_what,
    from_date=day_or_nothing,
    to_date=day_or_nothing,
    doctype=_sent_or_nothing,
    name=name_or_nothing,
    look_in_xero=_yes,
)
def before(
    connection: str, what: str, from_date: str = "", to_date: str = "", doctype: str = "", name: str = "", look_in_xero: bool = False
) -> dict[str, int]:
    """How many documents a preview would look at, and how many calls it makes."""
    _whole_period(what, from_date, to_date)
    return previewed.looking_costs(connection, what, from_date, to_date, doctype, name, look_in_xero, _may_ask())


@frappe.whitelist(methods=["POST"])
@asks(
    _may_see,
    connection=name,
    what=_what,
    from_date=day_or_nothing,
    to_date=day_or_nothing,
    doctype=_sent_or_nothing,
    name=name_or_nothing,
    look_in_xero=_yes,
)
def start(
    connection: str, what: str, from_date: str = "", to_date: str = "", doctype: str = "", name: str = "", look_in_xero: bool = False
) -> str:
    """Begin a preview of everything waiting, a period or a document; the name of the Xero Preview Run. Nothing is sent."""
    _whole_period(what, from_date, to_date)
    if look_in_xero and not _may_ask():
        frappe.throw(_("Only a Xero Admin or Xero Accountant may have Xero asked"), exc=frappe.PermissionError)
    return preview_run.start(connection, what, from_date, to_date, doctype, name, look_in_xero, _may_ask())


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name)
def newest(connection: str) -> str:
    """The name of the newest preview of a connection, or nothing."""
    return previewed.newest(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name)
def watched(connection: str) -> dict[str, Any]:
    """What the connection has seen while it only watched: `preview` (its name), `from_date`, `go`, `cured`, `stopped`, `not_sent`; {} where it never did."""
    return watch.summary(connection) or {}


@frappe.whitelist(methods=["POST"])
@asks(_may_press, connection=name)
def look_again(connection: str) -> None:
    """Have all that would have been stopped decided anew, while the connection only watches. Nothing is sent."""
    watch.look_again(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, preview=name)
def head(preview: str) -> dict[str, Any]:
    """How far a preview is, and what sending it would take."""
    return previewed.head(preview)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, preview=name, start_at=count, state=text_or_nothing)
def table(preview: str, start_at: int = 0, state: str = "") -> list[dict[str, Any]]:
    """Lines of a preview, problems first, with what has become of each document since."""
    return previewed.table(preview, start_at, state)


@frappe.whitelist(methods=["POST"])
@asks(_may_read, preview=name)
def seen(preview: str) -> None:
    """Say that somebody has looked at a finished preview."""
    previewed.seen(preview)


@frappe.whitelist(methods=["GET"])
@asks(_may_preview, connection=name, doctype=_sent, name=name)
def document(connection: str, doctype: str, name: str) -> dict[str, Any]:
    """What one document would become now: the very payloads, beside the document."""
    # Throws where it is another company's.
    preview_documents.documents(connection, preview_documents.ONE, doctype=doctype, name=name)
    return previewed_one.document(connection, doctype, name, True)
