"""What the page Rules calls, and the buttons of documents that a rule keeps back."""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _

from ..attention import rules_page, status
from ..connection import cash_choices, sync_rules
from ..engine import batches, outbox, policies
from ..engine.screen_texts import html
from .arguments import asks, count, day_or_nothing, listed, name, name_or_nothing, one, text_or_nothing
from .status import _sent

CONNECTION = "Xero Connection"
MOST = 200
CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)


# Who may


def _may_see(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "read")
    frappe.has_permission(policies.RULE, "read", throw=True)


def _may_read_rules(**_arguments: Any) -> None:
    frappe.has_permission(policies.RULE, "read", throw=True)


def _may_preview(connection: str, **_arguments: Any) -> None:
    """A preview has numbers and amounts."""
    _may_see(connection)
    frappe.has_permission("Xero Preview Run", "read", throw=True)


def _may_decide(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


def _may_write_rule(rule: str, **_arguments: Any) -> None:
    one(policies.RULE, rule, "write")


def _may_send_now(doctype: str, name: str) -> None:
    one(doctype, name, "read")
    connection, _who = status.of_document(doctype, name)
    one(CONNECTION, connection, "write")


# Kinds of arguments


def _kind(label: str, value: Any) -> str:
    return _of(label, value, rules_page.EVERY_KIND)


def _time(label: str, value: Any) -> str:
    return _of(label, value, rules_page.EVERY_TIME)


def _status(label: str, value: Any) -> str:
    return _of(label, value, ("", "DRAFT", "SUBMITTED", "AUTHORISED"))


def _of(label: str, value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        frappe.throw(_("{0} must be one of those that the page offers").format(html(label)))
    return str(value)


def _choice(label: str, value: Any) -> str:
    return _of(label, value, cash_choices.CHOICES)


def _clock(label: str, value: Any) -> str:
    """A time of day, or nothing; with its seconds."""
    found = text_or_nothing(label, "" if value is None else value)
    if found and not CLOCK.fullmatch(found):
        frappe.throw(_("{0} must be a time, such as 17:30").format(html(label)))
    return f"{found}:00" if found.count(":") == 1 else found


def _names(label: str, value: Any) -> list[str]:
    return [name(label, each) for each in listed(label, value, MOST)]


# What


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read_rules, doctypes=_names)
def trees(doctypes: list[str]) -> list[str]:
    """Which of these DocTypes, which fields of documents name, are kept in a tree."""
    return [doctype for doctype in doctypes if policies.is_tree(doctype)]


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see, connection=name)
def show(connection: str) -> dict[str, Any]:
    """Settings and rules of a connection; `decides`: whether the user may change them."""
    decides = bool(frappe.has_permission(CONNECTION, "write", doc=connection))
    return {**rules_page.shown(connection), "decides": decides}


@frappe.whitelist(methods=["POST"])
@asks(
    _may_decide,
    connection=name,
    kind_of=_kind,
    enabled=count,
    send=_time,
    send_at=_clock,
    start_date=day_or_nothing,
    target_status=_status,
)
def save_setting(
    connection: str, kind_of: str, enabled: int, send: str, send_at: str = "", start_date: str = "", target_status: str = ""
) -> None:
    """Choose whether documents of a kind go, when, from which day on and with which status."""
    row = frappe.db.get_value(policies.SETTING, {"connection": connection, "kind": kind_of}, "name")
    doc = (
        frappe.get_doc(policies.SETTING, row)
        if row
        else frappe.get_doc({"doctype": policies.SETTING, "connection": connection, "kind": kind_of})
    )
    doc.enabled, doc.send, doc.send_at = int(bool(enabled)), send, send_at or None
    doc.start_date, doc.target_status = start_date or None, target_status or None
    doc.save()


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name, rules=_names)
def put_in_order(connection: str, rules: list[str]) -> None:
    """Put the rules in this order."""
    sync_rules.order(connection, rules)


@frappe.whitelist(methods=["POST"])
@asks(_may_write_rule, rule=name, on=count)
def switch(rule: str, on: int) -> None:
    """Switch a rule on or off."""
    doc = frappe.get_doc(policies.RULE, rule)
    doc.enabled = int(bool(on))
    doc.save()


@frappe.whitelist(methods=["POST"])
@asks(_may_write_rule, rule=name)
def copy(rule: str) -> str:
    """A copy of a rule, switched off; its name."""
    return sync_rules.copy(rule)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_preview, connection=name, rule=name_or_nothing)
def preview(connection: str, rule: str = "") -> dict[str, Any]:
    """What settings and rules would have made of the documents of the last 90 days. `rule`: one that counts although it is switched off."""
    return rules_page.preview(connection, rule)


@frappe.whitelist(methods=["POST"])
@asks(_may_decide, connection=name)
def send_batch(connection: str) -> int:
    """Send all that waits for its batch now; returns how many steps."""
    return batches.send_now(connection)


@frappe.whitelist(methods=["POST"])
@asks(_may_send_now, doctype=_sent, name=name)
def send_now(doctype: str, name: str) -> int:
    """Send one document before its batch; returns how many steps."""
    return batches.send_now_of(outbox.steps_of(*status.of_document(doctype, name)))


@frappe.whitelist(methods=["POST"])
@asks(
    _may_decide,
    connection=name,
    account=name,
    choice=_choice,
    from_date=day_or_nothing,
    received_account=name_or_nothing,
    received_tax_type=name_or_nothing,
    paid_account=name_or_nothing,
    paid_tax_type=name_or_nothing,
)
def choose_for_cash(
    connection: str,
    account: str,
    choice: str,
    from_date: str = "",
    received_account: str = "",
    received_tax_type: str = "",
    paid_account: str = "",
    paid_tax_type: str = "",
) -> None:
    """Choose what becomes of the cash of a bank or cash account that Xero's bank shows without a document. Throws where it could not be posted so."""
    one("Account", account, "read")
    received = {"received_account": received_account, "received_tax_type": received_tax_type}
    paid = {"paid_account": paid_account, "paid_tax_type": paid_tax_type}
    cash_choices.save(connection, account, {"choice": choice, "from_date": from_date, **received, **paid})
