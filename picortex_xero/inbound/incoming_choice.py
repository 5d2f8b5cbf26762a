"""A person says which payment here the one is that was entered in Xero, or that it is none of them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..engine import full_names
from ..engine.wake import wake
from ..incoming import facts
from ..incoming.decide import ANOTHER, CHOICES, alike, is_same
from .incoming_rows import DOCTYPE, TO_DECIDE, WAITING, Row, payment_of, say


def offered(name: str) -> list[dict[str, Any]]:
    """The payments here that may be the one of a row: `doctype`, `name`, `draft`, `date`, `amount` (as much as it moves), `currency`, `account`, `same` (in every part: it may be chosen)."""
    row = _row(name)
    if not _may_choose(row):
        return []
    payment = payment_of(row["record"])
    (known,) = facts.load(row["connection"], row["company"], "", [payment])
    return [
        {
            "doctype": each.doctype,
            "name": each.name,
            "draft": each.draft,
            "date": each.date,
            "amount": str(each.amount),
            "currency": row["currency"],
            "account": each.account,
            "same": is_same(each, payment, known) and not each.in_doubt,
        }
        for each in sorted(alike(payment, known), key=lambda each: (each.date, each.name))
    ]


def choose(name: str, payment: str) -> None:
    """The payment in Xero is this Payment Entry, or none of those here (ANOTHER); decided by that in the next run, which is told. Throws where the row or the payment
    has moved on. Part of the caller's transaction."""
    row = _row(name)
    if not _may_choose(row) or payment not in (ANOTHER, *(each["name"] for each in offered(name) if each["same"])):
        frappe.throw(_("It has moved on meanwhile: load it anew"))
    say(name, TO_DECIDE, chosen=payment, chosen_by=full_names.mine())
    frappe.db.after_commit.add(lambda: wake(row["connection"]))


def _may_choose(row: Row) -> bool:
    return bool(row["state"] == WAITING and row["reason_code"] in CHOICES)


def _row(name: str) -> Row:
    fields = ["state", "reason_code", "record", "connection", "company", "currency"]
    return dict(frappe.db.get_value(DOCTYPE, name, fields, as_dict=True))
