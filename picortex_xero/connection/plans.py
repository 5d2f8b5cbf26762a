"""Xero's plans: how many sales invoices and bills an organisation may approve in a month. The table is the admin's (Xero Plan); the app adds the plans
that it knows once and never changes one.

20 invoices and 5 bills are the figures of Xero's smallest plans (Xero's pricing pages; help.dext.com, 5 bills on Simple plans). Xero counts what is
approved, whoever approves it, by the document's date.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import frappe

PLAN, STATE = "Xero Plan", "Xero Connection State"
# By the Class of an organisation (Xero's API, "Organisation"): sales invoices, bills; 0 is any number.
KNOWN = {
    "IGNITE": (20, 5),
    "STARTER": (20, 5),
    "LITE": (20, 5),
    "SIMPLE": (0, 5),
    "GROW": (0, 0),
    "COMPREHENSIVE": (0, 0),
    "STANDARD": (0, 0),
    "PREMIUM": (0, 0),
    "ULTIMATE": (0, 0),
    "DEMO": (0, 0),
    "TRIAL": (0, 0),
}


@dataclass(frozen=True)
class Plan:
    """An organisation's plan: its name as Xero calls it ("" where its lists do not say), how many `invoices` and `bills` a month (0: any number),
    and whether the table has it."""

    name: str = ""
    invoices: int = 0
    bills: int = 0
    known: bool = False


def ensure() -> None:
    """Add the plans that the app knows and the table lacks; once, so that one that an admin deletes stays deleted."""
    if frappe.get_all(PLAN, limit=1):
        return
    for name, (invoices, bills) in KNOWN.items():
        frappe.get_doc({"doctype": PLAN, "plan": name, "invoices": invoices, "bills": bills}).insert(ignore_permissions=True)


def of(connection: str) -> Plan:
    """The plan of a connection's organisation, as its lists were last read."""
    about = _about(connection)
    name = str(about.get("Class") or "")
    row = frappe.db.get_value(PLAN, name, ["invoices", "bills"], as_dict=True) if name else None
    return Plan(name, int(row["invoices"] or 0), int(row["bills"] or 0), True) if row else Plan(name)


def is_demo_company(connection: str) -> bool:
    """Whether Xero called the organisation its Demo Company when its lists were last read. Before anything is sent to it Xero is asked again."""
    return _about(connection).get("IsDemoCompany") is True


def is_another(connection: str) -> bool:
    """Whether Xero said that the organisation is no Demo Company when its lists were last read; lists of a former release do not say."""
    return _about(connection).get("IsDemoCompany") is False


def _about(connection: str) -> dict[str, object]:
    lists = json.loads(frappe.db.get_value(STATE, connection, "xero_lists") or "{}")
    return dict((lists.get("organisation") or [{}])[0])
