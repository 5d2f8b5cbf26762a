"""Documents here that somebody has perhaps entered in Xero too (the rows that wait for that name them): they do not go there until a person has said which it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import frappe

ROW = "Xero Incoming Record"
HERE_ALREADY = "perhaps-here-already"
# In what a row keeps: the documents here that look like it, as [DocType, name].
ALIKE = "alike"
# The same: a person has said that it is none of the documents that look like it.
CERTAIN = "certain"
# The same: the day of the document here, of which a person has said that it is this one although Xero has another day.
AGREED = "agreed"
MOST = 1000
Named = tuple[str, str]


def named(connection: str) -> frozenset[Named]:
    """DocType and name of each document that a waiting row names."""
    waiting = {"connection": connection, "state": "Waiting", "reason_code": HERE_ALREADY}
    rows = frappe.get_all(ROW, filters=waiting, pluck="record", order_by="found_at asc", limit=MOST)
    return frozenset(each for record in rows for each in of_record(record))


def another_one(connection: str, xero_ids: Sequence[str]) -> frozenset[str]:
    """Those of these records in Xero (ids in lower case) of which a person has said that they are none of the documents that look like them."""
    mine = {"connection": connection, "xero_id": ("in", list(xero_ids))}
    rows = frappe.get_all(ROW, filters=mine, fields=["xero_id", "record"]) if xero_ids else []
    return frozenset(str(row["xero_id"]).casefold() for row in rows if is_another(row["record"]))


def is_another(record: str) -> bool:
    """Whether a person has said so, by what a row keeps."""
    return bool(json.loads(record or "{}").get(CERTAIN))


def of_record(record: str) -> list[Named]:
    """Those that a row names, by what it keeps."""
    return [(str(doctype), str(name)) for doctype, name in json.loads(record or "{}").get(ALIKE) or []]


def agreed(record: str) -> str:
    """The day here (yyyy-mm-dd) that a person has agreed to, by what a row keeps; "" where none."""
    return str(json.loads(record or "{}").get(AGREED) or "")


def agreeing(record: str, dated: str) -> str:
    """What a row keeps, with that day."""
    return json.dumps({**json.loads(record or "{}"), AGREED: dated})


def kept(record: str, alike: Sequence[Named]) -> str:
    """What a row keeps, with the documents that look like it."""
    said: dict[str, Any] = {**json.loads(record), ALIKE: [list(each) for each in alike]}
    return json.dumps(said)
