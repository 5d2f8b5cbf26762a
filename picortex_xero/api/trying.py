"""What the page Test calls: test transactions, and the questions to Xero's Demo Company."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import tested
from ..engine import asking, question_holds, trying
from ..engine.try_plan import CHAIN, DRAFTS
from .arguments import asks, identifier, name, one, text, text_or_nothing

CONNECTION, RUN = "Xero Connection", "Xero Test Run"


# Who may


def _may_decide(connection: str, **_arguments: Any) -> None:
    """Throws unless the user decides what is sent to this organisation."""
    one(CONNECTION, connection, "write")


def _may_see(connection: str) -> None:
    """Throws unless the user may read what is in the books."""
    one(CONNECTION, connection, "read")
    frappe.has_permission(RUN, "read", throw=True)


def _may_clean(run: str) -> None:
    """Throws unless the user decides what is sent to the organisation of this run."""
    one(RUN, run, "read")
    one(CONNECTION, str(frappe.db.get_value(RUN, run, "connection")), "write")


# Kinds of arguments


def _mode(label: str, value: Any) -> str:
    if value not in (CHAIN, DRAFTS):
        frappe.throw(_("Choose the whole chain, or drafts only"))
    return str(value)


def _identifier_or_nothing(label: str, value: Any) -> str:
    return "" if value in ("", None) else identifier(label, value)


# What


@frappe.whitelist(methods=["GET"])
@asks(_may_see, connection=name)
def shown(connection: str) -> dict[str, Any]:
    """The newest test run and what Xero's Demo Company answered; nothing is asked."""
    return tested.shown(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name)
def before(connection: str) -> dict[str, Any]:
    """What a test run would send, and what stays in Xero for good; asks Xero which organisation this is."""
    return trying.before(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, words=text)
def contacts(connection: str, words: str) -> dict[str, list[dict[str, str]]]:
    """The contacts of Xero in which these words occur, by "sales" and "purchases", for drafts to be made on; asks Xero."""
    return trying.contacts(connection, words.strip())


@frappe.whitelist(methods=["POST"])
@asks(
    _may_decide,
    connection=name,
    mode=_mode,
    contact=_identifier_or_nothing,
    contact_name=text_or_nothing,
    supplier=_identifier_or_nothing,
    supplier_name=text_or_nothing,
)
def start(connection: str, mode: str, contact: str = "", contact_name: str = "", supplier: str = "", supplier_name: str = "") -> str:
    """Send test transactions, read them back and take them back; the name of the run. The whole chain only in a Demo Company."""
    return trying.start(connection, mode, contact, contact_name, supplier, supplier_name)


@frappe.whitelist(methods=["POST"])
@asks(_may_clean, run=name)
def remove_left(run: str) -> None:
    """Take back what a test run has left in Xero."""
    trying.remove_left(run)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name)
def ask_demo_company(connection: str) -> str:
    """Ask Xero's Demo Company what the app relies on; the name of the run. Refused for any other organisation."""
    return asking.start(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, question=name, reason=text)
def let_go(connection: str, question: str, reason: str) -> None:
    """Let documents go that wait because Xero's Demo Company does otherwise, with a reason."""
    question_holds.let_go(connection, question, reason)
