"""Where the documents of an import of history stand."""

from __future__ import annotations

from typing import Any

import frappe

from . import history_steps, outbox, protocol

# The roles of the first steps of documents, by which they are counted.
FIRST = ("invoice", "credit", "payment", "journal")
MOST = 1000
SHOWN = "`name` AS `step`, `reference_doctype`, `reference_name`, `state`, `posting_date`, `amount`, `currency`"


def standing(run: str) -> dict[str, int]:
    """By the columns of an import how many of its documents stand where: one read of an index."""
    rows = frappe.db.sql(
        "SELECT `state`, COUNT(*) FROM `tabXero Outbox Entry` WHERE `history_run`=%(run)s AND `role` IN %(first)s GROUP BY `state`",
        {"run": run, "first": FIRST},
    )
    by_state = {str(row[0]): int(row[1]) for row in rows}
    return {
        "in_xero": by_state.get(protocol.SYNCED, 0),
        "held": by_state.get(protocol.HELD, 0) + by_state.get(protocol.ATTENTION, 0),
        "left_out": by_state.get(protocol.SKIPPED, 0) + by_state.get(protocol.SUPERSEDED, 0),
    }


def on_their_way(run: str) -> int:
    """How many of its steps will go on by themselves, or are with Xero."""
    flying = frappe.db.sql(
        "SELECT COUNT(*) FROM `tabXero Outbox Entry` WHERE `history_run`=%(run)s AND `state` IN %(flying)s",
        {"run": run, "flying": protocol.IN_FLIGHT},
    )
    return history_steps.pool(run)[0] + int(flying[0][0])


def counts(run: str, known: int = 0, whole: bool = False) -> dict[str, int]:
    """The same as `standing`, with what `was_there`: with `whole` all of it, else at least as many as are `known` or wait for a person now."""
    there = len(was_there(run)) if whole else max(known, len(_kept(run)))
    return {**standing(run), "was_there": there}


def was_there(run: str) -> list[dict[str, Any]]:
    """The documents of an import that were in Xero already, by date: linked with what was there (`xero_id`), or waiting until a person says whether they are
    it."""
    connection = str(frappe.db.get_value("Xero History Run", run, "connection"))
    return sorted([*_kept(run), *_adopted(run, connection)], key=lambda each: (str(each["posting_date"]), each["reference_name"]))[:MOST]


def _kept(run: str) -> list[dict[str, Any]]:
    rows = frappe.db.sql(
        f"SELECT {SHOWN} FROM `tabXero Outbox Entry` WHERE `history_run`=%(run)s AND `state` IN %(open)s AND `role` IN %(first)s "
        f"AND COALESCE(`kept_by`, '')<>'' LIMIT {MOST}",
        {"run": run, "first": FIRST, "open": protocol.UNFINISHED},
        as_dict=True,
    )
    return [{**row, "xero_number": "", "xero_id": ""} for row in rows]


def _adopted(run: str, connection: str) -> list[dict[str, Any]]:
    """What was linked with a record that Xero had. Few links are, whatever number of documents there is."""
    links = frappe.db.sql(
        "SELECT `reference_doctype`, `reference_name`, `reference_creation`, `role`, `xero_number`, `xero_id` FROM `tabXero Link` "
        f"WHERE `connection`=%(connection)s AND `adopted`=1 AND `role` IN %(first)s ORDER BY `creation` DESC LIMIT {MOST}",
        {"connection": connection, "first": FIRST},
        as_dict=True,
    )
    found = {(row["reference_doctype"], row["reference_name"], row["reference_creation"], row["role"]): row for row in links}
    made = []
    for doctype in {row["reference_doctype"] for row in links}:
        for step in outbox.of_documents(
            connection, doctype, [row["reference_name"] for row in links if row["reference_doctype"] == doctype]
        ):
            link = found.get((doctype, step["reference_name"], step["reference_creation"], step["role"]))
            if link and step["history_run"] == run:
                shown = {
                    name: step[name] for name in ("reference_doctype", "reference_name", "state", "posting_date", "amount", "currency")
                }
                made.append({"step": step["name"], **shown, "xero_number": link["xero_number"], "xero_id": link["xero_id"]})
    return made
