"""What the document forms call: where this document stands, and trying again."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import by_hand, open_period, removed, status
from ..attention import overview as figures
from ..connection import current, who_may
from ..engine import capture
from ..engine.screen_texts import html
from .arguments import asks, identifier, name, one, text, text_or_nothing

CONNECTION, STEP, CAUSE = "Xero Connection", "Xero Outbox Entry", "Xero Step Cause"


# Who may


def _sent(label: str, value: Any) -> str:
    """The name of a DocType whose documents are sent to Xero; else throws."""
    if not isinstance(value, str) or value not in capture.SUBMITTED:
        frappe.throw(_("{0} must be a kind of document that is sent to Xero").format(html(label)))
    return str(value)


def _may_read(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")


def _may_send_again(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")
    if not _presses(doctype, name):
        _only_the_roles()


def _may_credit(doctype: str, name: str, **_arguments: Any) -> None:
    one(doctype, name, "read")
    connection = current.of_company(frappe.db.get_value(doctype, name, "company"))
    if not connection:
        frappe.throw(_("The company of {0} is not connected to Xero").format(html(name)))
    one(CONNECTION, connection, "write")


def _may_read_step(name: str, **_arguments: Any) -> None:
    one(STEP, name, "read")


def _may_send_step_again(name: str, **_arguments: Any) -> None:
    one(STEP, name, "read")
    if not who_may.presses(frappe.get_roles()):
        _only_the_roles()


def _may_retry_all(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    if not who_may.presses(frappe.get_roles()):
        _only_the_roles()


def _may_see_connections() -> None:
    frappe.has_permission(CONNECTION, "read", throw=True)


def _may_see_connection(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")


def _only_the_roles() -> None:
    frappe.throw(_("Only the Xero roles of this company may send documents again"), exc=frappe.PermissionError)


def _sees_details(doctype: str, name: str) -> bool:
    """Whether the user has a role that reads details, and for this document's company."""
    return who_may.reads_details(frappe.get_roles()) and _is_of_his_companies(doctype, name)


def _presses(doctype: str, name: str) -> bool:
    """Whether the user has a role that sends documents again, and for this document's company."""
    return who_may.presses(frappe.get_roles()) and _is_of_his_companies(doctype, name)


def _is_of_his_companies(doctype: str, name: str) -> bool:
    connection = current.of_company(frappe.db.get_value(doctype, name, "company"))
    return not connection or bool(frappe.has_permission(CONNECTION, "read", doc=connection))


def _what_may_be_pressed(doctype: str, name: str, shown: dict[str, Any]) -> dict[str, Any]:
    """What the form shows without the buttons that this user may not press."""
    connection = current.of_company(frappe.db.get_value(doctype, name, "company"))
    decides = bool(connection) and bool(frappe.has_permission(CONNECTION, "write", doc=connection))
    decided = dict.fromkeys(("can_credit", "can_send_now"), decides)
    kept = decided if _presses(doctype, name) else {each: False for each in shown if each.startswith("can_")}
    left = {each: bool(shown[each]) and may for each, may in kept.items() if each in shown}
    if "can_approve" in shown:
        left["can_approve"] = bool(shown["can_approve"]) and who_may.approves(frappe.get_roles())
        if "state" not in shown and not left["can_approve"]:
            # Whoever reads no details, and approves nothing.
            del left["can_approve"]
            shown = {each: value for each, value in shown.items() if each != "can_approve"}
    if shown.get("instead") and not left.get("can_say_done", True):
        left["instead"] = ""
    return {**shown, **left}


# What


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read, doctype=_sent, name=name)
def document_status(doctype: str, name: str) -> dict[str, Any]:
    """The state of one document for every user who may read it; reason, resolution and number only for the Xero roles, and only what each
    of them may press."""
    return _what_may_be_pressed(doctype, name, status.of(doctype, name, with_details=_sees_details(doctype, name)))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_again, doctype=_sent, name=name)
def retry(doctype: str, name: str) -> int:
    """Send a held or failed document again; returns how many steps."""
    return status.retry(doctype, name)


@frappe.whitelist(methods=["POST"])
@asks(_may_credit, doctype=_sent, name=name)
def credit_in_open_period(doctype: str, name: str) -> bool:
    """Have an invoice or bill credited today that was cancelled after its period was locked in Xero; False where nothing waits for it."""
    return open_period.credit(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_again, doctype=_sent, name=name)
def send_again(doctype: str, name: str) -> int:
    """Enter a document anew in Xero that somebody removed there, after the record was read once more; returns 1, or 0 where nothing of it is
    gone."""
    return removed.send_again(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_again, doctype=_sent, name=name)
def leave_out(doctype: str, name: str) -> int:
    """Leave a document out of Xero that somebody removed there; returns how many steps."""
    return removed.leave_out(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_again, doctype=_sent, name=name)
def done_by_hand(doctype: str, name: str) -> int:
    """Say that what a document waits for was entered, or taken back, in Xero by hand; returns how many steps that closes."""
    return by_hand.done(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_again, doctype=_sent, name=name)
def accept(doctype: str, name: str) -> int:
    """Accept the accounts, tax types and tracking that somebody gave a document in Xero, or that Xero had it otherwise than it was sent; returns
    how many steps."""
    return removed.accept(*status.of_document(doctype, name))


@frappe.whitelist(methods=["POST"])
@asks(_may_send_step_again, name=name)
def retry_step(name: str) -> int:
    """Send one held or failed step of the outbox again (that of a contact belongs to no single document); returns 1, or 0 where it has
    moved meanwhile."""
    return status.retry_step(name)


@frappe.whitelist(methods=["POST"])
@asks(_may_retry_all, connection=name, kind=text, cause_key=text_or_nothing, code=text_or_nothing)
def retry_cause(connection: str, kind: str, cause_key: str, code: str = "") -> dict[str, int]:
    """Send again whatever waits for one cause, its kind and key as `overview` names them; `code` narrows it to one problem. Returns how many were `released` and
    how many still `wait`: where there are very many, the call does as many as it can, and can be made again."""
    if kind not in status.KINDS:
        frappe.throw(_("Nothing waits for that kind of cause; take it from the overview"))
    return status.retry_cause(connection, kind, cause_key, code)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read_step, name=name)
def records_to_choose(name: str) -> list[dict[str, Any]]:
    """The records in Xero that may be this step's."""
    return status.choices(name)


@frappe.whitelist(methods=["POST"])
@asks(_may_send_step_again, name=name, xero_id=identifier)
def choose_record(name: str, xero_id: str) -> None:
    """Name the one that is this step's."""
    status.choose(name, xero_id)


@frappe.whitelist(methods=["POST"])
@asks(_may_send_step_again, name=name)
def none_of_these(name: str) -> None:
    """Say that none of those records is this step's; it is sent."""
    status.none_is_it(name)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_connection, connection=name)
def connection_status(connection: str) -> dict[str, str]:
    """What keeps this connection from sending, and what to do."""
    return figures.connection_status(connection)


@frappe.whitelist(methods=["GET"])
@asks(_may_see_connections)
def overview() -> list[dict[str, Any]]:
    """The connections that this user may see, in figures for a monitoring program; what the causes are about only for who may read those."""
    names = frappe.get_all(CONNECTION, pluck="name", order_by="name asc")
    seen = [name for name in names if frappe.has_permission(CONNECTION, "read", doc=name)]
    return figures.overview(seen, with_details=bool(frappe.has_permission(CAUSE, "read")))
