"""Payments on account here: those that over- and prepayments in Xero are linked with, as what a refund there pays back, and those that are not in Xero."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import decimal, half_up
from ..documents.identity import moment
from ..documents.step import ENDED
from ..xero.records.registry import OVERPAYMENT, PREPAYMENT
from . import in_xero
from .known import ADVANCE, OwnPayment, Target

LINK = "Xero Link"
ADVANCES = (OVERPAYMENT.endpoint, PREPAYMENT.endpoint)
HEAD = (
    "name",
    "creation",
    "docstatus",
    "payment_type",
    "party_type",
    "party",
    "paid_from",
    "paid_to",
    "paid_from_account_currency",
    "paid_to_account_currency",
    "unallocated_amount",
    "cost_center",
)
Place = tuple[str, str]


def targets(connection: str, records: Iterable[Place]) -> dict[Place, Target]:
    """By record (endpoint, id in lower case): the Payment Entry that became this over- or prepayment, as what a refund pays back: its `outstanding` is what is left of it,
    negative."""
    wanted = sorted({place for place in records if place[0] in ADVANCES})
    ids = [xero_id for _endpoint, xero_id in wanted]
    linked = [
        row
        for row in frappe.get_all(
            LINK,
            filters={"connection": connection, "xero_id": ("in", ids), "role": "payment", "reference_doctype": ADVANCE},
            fields=["reference_name", "reference_creation", "endpoint", "xero_id", "remote_status"],
        )
        if (row["endpoint"], row["xero_id"].lower()) in wanted
    ] if ids else []  # fmt: skip
    names = [row["reference_name"] for row in linked]
    heads = {row["name"]: row for row in frappe.get_all(ADVANCE, filters={"name": ("in", names)}, fields=list(HEAD))} if names else {}
    found: dict[Place, Target] = {}
    for row in linked:
        head = heads.get(row["reference_name"])
        if head is None or moment(head["creation"]) != row["reference_creation"]:
            continue
        account, currency = _own_side(head)
        stands = int(head["docstatus"]) == 1 and row["remote_status"] not in ENDED
        found[row["endpoint"], row["xero_id"].lower()] = Target(
            ADVANCE,
            head["name"],
            head["party_type"],
            head["party"],
            account,
            currency,
            currency,
            -_left(head),
            stands,
            head["cost_center"] or "",
        )
    return found


def _left(head: dict[str, Any]) -> Decimal:
    """What of a payment is not allocated. ERPNext works it out by way of company currency, which may leave a fraction of a cent (observed on ERPNext 15.71)."""
    return half_up(decimal(head["unallocated_amount"]))


def _own_side(head: dict[str, Any]) -> tuple[str, str]:
    """The party's account of a Payment Entry, and its currency."""
    side = "paid_from" if head["payment_type"] == "Receive" else "paid_to"
    return head[side], head[f"{side}_account_currency"]


def on_account(company: str, party: tuple[str, str], comes_in: bool) -> list[OwnPayment]:
    """The payments of a party of which something is on account, submitted or drafts, and that are not in Xero; those that settle something as well say so by `pays`."""
    filters = {
        "company": company,
        "party_type": party[0],
        "party": party[1],
        "payment_type": "Receive" if comes_in else "Pay",
        "docstatus": ("<", 2),
        "unallocated_amount": (">", 0),
    }
    fields = ["name", "docstatus", "paid_from", "paid_to", "paid_amount", "received_amount", "posting_date", "unallocated_amount"]
    rows = frappe.get_all(ADVANCE, filters=filters, fields=fields, order_by="posting_date desc, name asc", limit=500)
    names = [row["name"] for row in rows]
    linked, waiting = in_xero.linked(names), in_xero.awaited(names)
    return [
        OwnPayment(
            row["name"],
            int(row["docstatus"]) == 0,
            frozenset({(("", ""), rest)} if (rest := _money(row, comes_in) - _left(row)) else ()),
            _money(row, comes_in),
            str(row["posting_date"]),
            row["paid_to"] if comes_in else row["paid_from"],
            row["name"] in waiting,
            rest=_left(row),
        )
        for row in rows
        if row["name"] not in linked
    ]


def _money(row: dict[str, Any], comes_in: bool) -> Decimal:
    return decimal(row["paid_amount"] if comes_in else row["received_amount"])
