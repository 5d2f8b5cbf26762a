"""Who is told what needs a person: the Xero Admins of the company in the Desk, unless a row on the Xero Connection says otherwise of somebody.

Whoever is told reads of accounts, customers and amounts: only holders of a role that reads these, for companies that they may see.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ..connection import who_may

CONNECTION, ROWS = "Xero Connection", "people_told"
ROW = "Xero Person Told"
STEP = "Xero Outbox Entry"
# The choices of a row, as stored.
IN_DESK, BY_EMAIL, NOT = "In the Desk", "In the Desk and by e-mail", "Not at all"
HOW = (IN_DESK, BY_EMAIL, NOT)


def told(connection: str, roles: Iterable[str] = (who_may.ADMIN,)) -> dict[str, bool]:
    """Whom to tell, in the order of their names, and whether by e-mail too. `roles`: who is told unless a row says otherwise."""
    company = frappe.db.get_value(CONNECTION, connection, "company")
    how = dict.fromkeys(holders(roles, company), IN_DESK)
    readers = set(holders(who_may.READS, company))
    how |= {user: chosen for user, chosen in _rows(connection).items() if user in readers}
    return {user: how[user] == BY_EMAIL for user in sorted(how) if how[user] != NOT}


def how(connection: str, user: str) -> str:
    """How somebody is told of this connection."""
    by_email = told(connection).get(user)
    return NOT if by_email is None else BY_EMAIL if by_email else IN_DESK


def choose(connection: str, user: str, chosen: str) -> None:
    """Somebody says how he is told himself. Part of the caller's transaction."""
    rows = frappe.get_all(ROW, filters={"parent": connection, "parenttype": CONNECTION, "user": user}, pluck="name")
    for name in rows:
        frappe.db.set_value(ROW, name, "how", chosen)
    if not rows:
        last = frappe.get_all(ROW, filters={"parent": connection, "parenttype": CONNECTION}, fields=["idx"], order_by="idx desc", limit=1)
        at = {"parent": connection, "parenttype": CONNECTION, "parentfield": ROWS, "idx": int(last[0]["idx"] if last else 0) + 1}
        frappe.get_doc({"doctype": ROW, **at, "user": user, "how": chosen}).insert(ignore_permissions=True)


def admins(company: str) -> list[str]:
    """The Xero Admins of a company."""
    return holders((who_may.ADMIN,), company)


def holders(roles: Iterable[str], company: str) -> list[str]:
    """The enabled users with one of these roles whom no User Permission keeps from the company."""
    having = set(frappe.get_all("Has Role", filters={"role": ("in", sorted(roles)), "parenttype": "User"}, pluck="parent"))
    users = frappe.get_all("User", filters={"name": ("in", sorted(having)), "enabled": 1}, pluck="name") if having else []
    limited: dict[str, set[str]] = {}
    if users:
        fields = ["user", "for_value", "applicable_for"]
        for row in frappe.get_all("User Permission", filters={"allow": "Company", "user": ("in", users)}, fields=fields):
            if row["applicable_for"] and row["applicable_for"] not in (CONNECTION, STEP):
                continue
            limited.setdefault(row["user"], set()).add(row["for_value"])
    return [user for user in sorted(users) if user not in limited or company in limited[user]]


def _rows(connection: str) -> dict[str, str]:
    rows = frappe.get_all(ROW, filters={"parent": connection, "parenttype": CONNECTION}, fields=["user", "how"], order_by="idx asc")
    return {row["user"]: row["how"] for row in rows}
