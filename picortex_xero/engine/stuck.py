"""What waits for a person, by cause: how many documents, how much, since when. A few grouped reads, however many documents there are.

A problem may have several causes of which any cures it (an account that is gone: Xero's, or the choice of another one). It is counted with those of
the kind that comes first in `FIRST`, so that one problem is one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import frappe

from ..accounting import causes as kinds
from ..accounting.causes import Cause
from .causes import MOST
from .screen_texts import shown, stored

Row = dict[str, Any]
# The kinds of cause, the one first that people look for first.
FIRST = (
    kinds.MONEY,
    kinds.RULES,
    kinds.FILED,
    kinds.CONVERSION,
    kinds.CODED,
    kinds.ENTERED_WHERE,
    kinds.XERO_ACCOUNT,
    kinds.XERO_TAX,
    kinds.TAX,
    kinds.DEDUCTION,
    kinds.PAYMENT_ACCOUNT,
    kinds.TRACKING,
    kinds.ACCOUNT,
    kinds.CURRENCY,
    kinds.LOCK,
    kinds.PLAN,
    kinds.PARTY,
    kinds.IN_XERO,
    kinds.DOCUMENT,
    kinds.PERMISSION,
    kinds.SETTING,
    kinds.LISTS,
    kinds.QUESTION,
    kinds.RECIPE,
)
# So many groups at most are read of one connection.
MOST_GROUPS = 20_000
# How a kind is ranked in SQL: {ranks} of `kind` of the table called {of}.
_RANKS = " ".join(f"WHEN '{kind}' THEN {at}" for at, kind in enumerate(FIRST))
RANK = f"CASE `kind` {_RANKS} ELSE {len(FIRST)} END"
WAITING = "('Held', 'Needs Attention')"
# What a step is about in company currency: by the rate of its own document.
OWN = (
    "CASE WHEN COALESCE(step.`currency`, '') IN ('', %(base)s) THEN step.`amount` ELSE step.`amount` * COALESCE(sale.`conversion_rate`, "
    "bill.`conversion_rate`, CASE WHEN paid.`paid_from_account_currency`=step.`currency` THEN paid.`source_exchange_rate` ELSE "
    "paid.`target_exchange_rate` END, 1) END"
)


def groups(connection: str, base: str) -> list[Row]:
    """What waits, by problem, cause and currency: `code`, `kind`, `cause_key`, `currency`, `documents`, `amount` (in that currency), `own` (in
    company currency, which is `base`), `since` (UTC, the oldest), `step` (one of them), `held` (1 where nothing is wrong with any of them)."""
    counted, values = _counted(connection)
    rows = frappe.db.sql(
        f"""
        SELECT `code`, `kind`, `cause_key`, `currency`, COUNT(*) AS documents, SUM(`amount`) AS amount, SUM(`own`) AS own,
            MIN(`since`) AS since, MIN(`step`) AS step, MIN(`held`) AS held
        FROM (
            SELECT cause.`code` AS `code`, cause.`kind` AS `kind`, cause.`cause_key` AS `cause_key`, step.`reference_doctype` AS `doctype`,
                step.`reference_name` AS `document`, MAX(COALESCE(step.`currency`, '')) AS `currency`, MAX(step.`amount`) AS `amount`,
                MAX({OWN}) AS `own`, MIN(cause.`since`) AS `since`, MIN(cause.`step`) AS `step`,
                MIN(CASE WHEN step.`state`='Held' THEN 1 ELSE 0 END) AS `held`
            FROM `tabXero Step Cause` cause
            JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
            LEFT JOIN `tabSales Invoice` sale ON step.`reference_doctype`='Sales Invoice' AND sale.`name`=step.`reference_name`
            LEFT JOIN `tabPurchase Invoice` bill ON step.`reference_doctype`='Purchase Invoice' AND bill.`name`=step.`reference_name`
            LEFT JOIN `tabPayment Entry` paid ON step.`reference_doctype`='Payment Entry' AND paid.`name`=step.`reference_name`
            WHERE cause.`connection`=%(connection)s AND {counted}
            GROUP BY cause.`code`, cause.`kind`, cause.`cause_key`, step.`reference_doctype`, step.`reference_name`
        ) each_document
        GROUP BY `code`, `kind`, `cause_key`, `currency` ORDER BY `code`, `kind`, `cause_key`, `currency` LIMIT {MOST_GROUPS}
        """,
        {"connection": connection, "base": base, **values},
        as_dict=True,
    )
    return [{**row, "cause_key": shown(row["cause_key"])} for row in rows]


def documents(connections: Sequence[str], kind: str = "") -> dict[str, tuple[int, datetime | None]]:
    """Of each connection how many documents wait for a person, each once whatever number of causes it has, and since when the one that has
    waited longest (UTC): (0, None) where none does. With a `kind` only those that wait for such a cause."""
    found: dict[str, tuple[int, datetime | None]] = dict.fromkeys(connections, (0, None))
    if not found:
        return found
    rows = frappe.db.sql(
        f"""
        SELECT `connection`, COUNT(*) AS documents, MIN(`since`) AS since FROM (
            SELECT cause.`connection` AS `connection`, step.`reference_doctype` AS `doctype`, step.`reference_name` AS `document`,
                MIN(cause.`since`) AS `since`
            FROM `tabXero Step Cause` cause
            JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
            WHERE cause.`connection` IN %(connections)s {"AND cause.`kind`=%(kind)s" if kind else ""}
            GROUP BY cause.`connection`, step.`reference_doctype`, step.`reference_name`
        ) each_document GROUP BY `connection`
        """,
        {"connections": tuple(found), "kind": kind},
        as_dict=True,
    )
    return found | {row["connection"]: (int(row["documents"]), row["since"]) for row in rows}


def by_reason(connections: Sequence[str], kind: str) -> list[Row]:
    """The documents that wait for a cause of this kind, each once: `reason_code` (the problem's), `documents`, `example` (a step's name, one of which this
    problem is the first where there is any)."""
    if not connections:
        return []
    return list(
        frappe.db.sql(
            f"""
            SELECT cause.`code` AS reason_code, COUNT(*) AS documents,
                COALESCE(MAX(CASE WHEN step.`reason_code`=cause.`code` THEN step.`name` END), MAX(step.`name`)) AS example
            FROM (
                SELECT MIN(cause.`name`) AS `name` FROM `tabXero Step Cause` cause
                JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
                WHERE cause.`connection` IN %(connections)s AND cause.`kind`=%(kind)s
                GROUP BY cause.`connection`, step.`reference_doctype`, step.`reference_name`
            ) each_document
            JOIN `tabXero Step Cause` cause ON cause.`name`=each_document.`name`
            JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` GROUP BY cause.`code`
            """,
            {"connections": tuple(connections), "kind": kind},
            as_dict=True,
        )
    )


def _counted(connection: str) -> tuple[str, dict[str, str]]:
    """Which rows of `cause` are counted, as a condition and its values: all but those whose step has, for the same problem, one of a kind that comes
    first. Asked only of the kinds that are not the first of their problem: most problems have one kind."""
    known = frappe.db.sql(
        "SELECT DISTINCT `code`, `kind` FROM `tabXero Step Cause` WHERE `connection`=%(connection)s",
        {"connection": connection},
        as_dict=True,
    )
    first: dict[str, int] = {}
    for row in known:
        first[row["code"]] = min(first.get(row["code"], len(FIRST)), _rank(row["kind"]))
    later = [row for row in known if _rank(row["kind"]) > first[row["code"]]]
    if not later:
        return "1=1", {}
    named = " OR ".join(f"(cause.`code`=%(code_{at})s AND cause.`kind`=%(kind_{at})s)" for at in range(len(later)))
    better = (
        f"EXISTS (SELECT 1 FROM `tabXero Step Cause` other WHERE other.`step`=cause.`step` AND other.`code`=cause.`code` "
        f"AND {RANK.replace('`kind`', 'other.`kind`')} < {RANK.replace('`kind`', 'cause.`kind`')})"
    )
    values = {f"{name}_{at}": row[name] for at, row in enumerate(later) for name in ("code", "kind")}
    return f"NOT (({named}) AND {better})", values


def behind(connection: str) -> dict[tuple[str, str, str], int]:
    """How many further steps wait for those that wait, by problem code, kind and key of the cause: the invoices of a customer who cannot be
    sent."""
    rows = frappe.db.sql(
        f"""
        SELECT cause.`code` AS `code`, cause.`kind` AS `kind`, cause.`cause_key` AS `cause_key`, COUNT(*) AS waiting
        FROM `tabXero Step Cause` cause
        JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
        JOIN `tabXero Outbox Entry` further ON further.`blocked_on`=cause.`step` AND further.`state`='Pending'
        WHERE cause.`connection`=%(connection)s GROUP BY cause.`code`, cause.`kind`, cause.`cause_key`
        """,
        {"connection": connection},
        as_dict=True,
    )
    return {(row["code"], row["kind"], shown(row["cause_key"])): int(row["waiting"]) for row in rows}


def steps(connection: str, cause: Cause, code: str, start: int, limit: int) -> list[Row]:
    """The steps that wait for one cause with one problem, the oldest first: `step`, `since` (UTC)."""
    return list(
        frappe.db.sql(
            f"""
            SELECT cause.`step` AS `step`, cause.`since` AS `since` FROM `tabXero Step Cause` cause
            JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
            WHERE cause.`connection`=%(connection)s AND cause.`kind`=%(kind)s AND cause.`cause_key`=%(key)s AND cause.`code`=%(code)s
            ORDER BY cause.`since`, cause.`name` LIMIT {int(limit)} OFFSET {int(start)}
            """,
            {"connection": connection, "kind": cause.kind, "key": stored(cause.key)[:MOST], "code": code},
            as_dict=True,
        )
    )


def assigned(connection: str) -> list[Row]:
    """Who is to look at what: `code`, `kind`, `cause_key`, `user`, for each open ToDo about a step that waits."""
    return _about(connection, "`tabToDo`", "about.`reference_type`='Xero Outbox Entry' AND about.`status`='Open'", "about.`allocated_to`")


def commented(connection: str) -> list[Row]:
    """What people have written about the steps that wait: `code`, `kind`, `cause_key`, `user` (who)."""
    where = "about.`reference_doctype`='Xero Outbox Entry' AND about.`comment_type`='Comment'"
    return _about(connection, "`tabComment`", where, "about.`comment_email`")


def _about(connection: str, table: str, where: str, user: str) -> list[Row]:
    rows = frappe.db.sql(
        f"""
        SELECT cause.`code` AS `code`, cause.`kind` AS `kind`, cause.`cause_key` AS `cause_key`, {user} AS `user`
        FROM {table} about
        JOIN `tabXero Step Cause` cause ON cause.`step`=about.`reference_name`
        JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING}
        WHERE {where} AND cause.`connection`=%(connection)s ORDER BY about.`creation`
        """,
        {"connection": connection},
        as_dict=True,
    )
    return [{**row, "cause_key": shown(row["cause_key"])} for row in rows]


def told(connection: str) -> list[tuple[str, str, str]]:
    """Of which causes people were told that some step still waits for: problem code, kind and key."""
    rows = frappe.db.sql(
        f"""
        SELECT DISTINCT cause.`code` AS `code`, cause.`kind` AS `kind`, cause.`cause_key` AS `cause_key` FROM `tabXero Step Cause` cause
        JOIN `tabXero Outbox Entry` step ON step.`name`=cause.`step` AND step.`state` IN {WAITING} AND step.`told`=1
        WHERE cause.`connection`=%(connection)s
        """,
        {"connection": connection},
        as_dict=True,
    )
    return [(row["code"], row["kind"], shown(row["cause_key"])) for row in rows]


def leads(rows: list[Row]) -> list[Row]:
    """Of the causes of some steps (`step`, `code`, `kind`, `cause_key`) those under which they are counted."""
    best: dict[tuple[str, str], int] = {}
    for row in rows:
        at = (row["step"], row["code"])
        best[at] = min(best.get(at, len(FIRST)), _rank(row["kind"]))
    return [row for row in rows if _rank(row["kind"]) == best[row["step"], row["code"]]]


def _rank(kind: str) -> int:
    return FIRST.index(kind) if kind in FIRST else len(FIRST)
