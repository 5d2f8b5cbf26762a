"""What the page History Import calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _

from ..attention import history_page
from ..connection import tokens
from ..engine import history, history_found, opening_balances, preview_documents, preview_run
from ..engine.screen_texts import html, in_words
from .arguments import asks, day, listed, name, one
from .preview import _may_ask
from .to_fix import _presses

CONNECTION, RUN, PREVIEW = "Xero Connection", "Xero History Run", "Xero Preview Run"


# Who may


def _may_see(connection: str, **_arguments: Any) -> None:
    """Throws unless the user may read what is in the books."""
    one(CONNECTION, connection, "read")
    frappe.has_permission(RUN, "read", throw=True)


def _may_preview(connection: str, **_arguments: Any) -> None:
    _may_see(connection)
    frappe.has_permission(PREVIEW, "read", throw=True)


def _may_decide(connection: str, **_arguments: Any) -> None:
    _may_see(connection)
    one(CONNECTION, connection, "write")


def _may_read(history_run: str, **_arguments: Any) -> None:
    one(RUN, history_run, "read")


def _may_move(history_run: str, **_arguments: Any) -> None:
    one(RUN, history_run, "read")
    one(CONNECTION, str(frappe.db.get_value(RUN, history_run, "connection")), "write")


def _may_confirm(history_run: str, **_arguments: Any) -> None:
    one(RUN, history_run, "read")
    _presses()
    one(CONNECTION, str(frappe.db.get_value(RUN, history_run, "connection")), "read")


# Kinds of arguments


def _kinds(label: str, value: Any) -> tuple[str, ...]:
    found = [str(each) for each in listed(label, value, len(history_page.EVERY_KIND))]
    if not found or set(found) - set(history_page.EVERY_KIND):
        frappe.throw(_("Choose which kinds of documents are imported"))
    return tuple(kind for kind in history_page.EVERY_KIND if kind in found)


@contextmanager
def _trouble_in_words() -> Iterator[None]:
    """What keeps the sign-in from a token, thrown as a sentence with what to do."""
    try:
        yield
    except tokens.Trouble as trouble:
        frappe.throw(html(f"{in_words(trouble.problem.message)}. {in_words(trouble.problem.resolution)}"))


# What


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name)
def show(connection: str) -> dict[str, Any]:
    """The imports of a connection and how far they are; `decides`: whether the user may start and stop them, `presses`: may confirm what was found."""
    decides = bool(frappe.has_permission(CONNECTION, "write", doc=connection))
    return {**history_page.page(connection), "decides": decides, "presses": _may_ask()}


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name, from_date=day, to_date=day, kinds=_kinds)
def forecast(connection: str, from_date: str, to_date: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    """How many documents and requests an import would be, and how long it takes."""
    return history_page.expected(connection, from_date, to_date, kinds)


@frappe.whitelist(methods=["POST"])
@asks(_may_preview, connection=name, from_date=day, to_date=day, kinds=_kinds)
def preview(connection: str, from_date: str, to_date: str, kinds: tuple[str, ...]) -> str:
    """Begin a preview of what an import would bring; the name of the Xero Preview Run. Nothing is sent."""
    history.range_of(connection, from_date, to_date, kinds)
    return preview_run.start(connection, preview_documents.PERIOD, from_date, to_date, "", "", False, _may_ask(), kinds)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, from_date=day, to_date=day, kinds=_kinds)
def start(connection: str, from_date: str, to_date: str, kinds: tuple[str, ...]) -> str:
    """Begin an import of history; the name of the Xero History Run."""
    return history.start(connection, history.HISTORY, from_date, to_date, kinds)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, to_date=day)
def opening_check(connection: str, to_date: str) -> dict[str, Any]:
    """Compare what is owed here at the end of a day with Xero's trial balance: whether opening balances may go, and what the accountant enters. Nothing is sent."""
    with _trouble_in_words():
        return history_page.opening(connection, to_date)


@frappe.whitelist(methods=["POST"])
@asks(_may_preview, connection=name, to_date=day)
def preview_opening(connection: str, to_date: str) -> str:
    """Begin a preview of opening balances; the name of the Xero Preview Run. Nothing is sent."""
    first = opening_balances.first_day(str(frappe.db.get_value(CONNECTION, connection, "company")), to_date)
    history.range_of(connection, first, to_date, opening_balances.KINDS)
    return preview_run.start(
        connection, preview_documents.PERIOD, first, to_date, "", "", False, _may_ask(), opening_balances.KINDS, to_date
    )


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, to_date=day)
def start_opening(connection: str, to_date: str) -> str:
    """Check once more, and begin an import of opening balances; the name of the Xero History Run."""
    with _trouble_in_words():
        return opening_balances.begin(connection, to_date)


@frappe.whitelist(methods=["POST"])
@asks(_may_move, history_run=name)
def pause(history_run: str) -> bool:
    """Send nothing more of it for now; False where it is not running any more."""
    return history.pause(history_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_move, history_run=name)
def resume(history_run: str) -> bool:
    """Go on with a paused one; False where it is not paused any more."""
    return history.resume(history_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_move, history_run=name)
def stop(history_run: str) -> bool:
    """End it; what is not sent yet is given back. False where it is over already."""
    return history.stop(history_run)


@frappe.whitelist(methods=["GET"])
@asks(_may_read, history_run=name)
def was_there(history_run: str) -> list[dict[str, Any]]:
    """The documents of an import that were in Xero already."""
    return history_page.was_there(history_run)


@frappe.whitelist(methods=["POST"])
@asks(_may_confirm, history_run=name)
def link_found(history_run: str) -> dict[str, int]:
    """Confirm that what was found in Xero under a document's number, over its amount, is that document; how many were `linked`, how many are `left`."""
    linked, left = history_found.link_all(history_run)
    return {"linked": linked, "left": left}
