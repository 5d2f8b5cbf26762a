"""What a preview looks for in Xero where the user chose so: which records there are of the numbers of what would go (engine/preview_asks), and how many
invoices and bills of a month are approved, by whomever. Reads only."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import dump
from ..xero.client import Request
from ..xero.records.base import Element
from ..xero.records.registry import INVOICE, object_at
from ..xero.records.xero_element import asked_day
from . import direct, preview_rows
from .pages import pages
from .preview_asks import Place
from .screen_texts import stored

DATED = re.compile(r"/Date\((-?\d+)")
Counts = Callable[[int], None]


class NoAnswer(Exception):
    """Xero did not answer a read."""


def day(shown: str) -> str:
    """A date as Xero's lists show it (/Date(1760572800000+0000)/ or ISO), as yyyy-mm-dd; "" for none."""
    if found := DATED.search(shown):
        return datetime.fromtimestamp(int(found[1]) // 1000, timezone.utc).date().isoformat()
    return shown[:10]


def ends(month: str) -> tuple[str, str]:
    """The first and last day of a month (yyyy-mm)."""
    year, number = int(month[:4]), int(month[5:7])
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02d}"


def numbered(connection: Any, places: list[Place], counts: Counts) -> list[Element]:
    """The records of these numbers (of one endpoint) in Xero, of every type. Raises NoAnswer. Commits."""
    its = object_at(places[0][0])
    query = its.numbered(*(number for _endpoint, number in places))
    return [each for _answer, listed in pages(lambda path: _read(connection, path, counts), its.endpoint, query) for each in listed]


def approved(connection: Any, month: str, what: str, counts: Counts) -> int:
    """How many sales invoices or bills dated in a month are approved in Xero, by whomever. Raises NoAnswer. Commits."""
    first, last = (asked_day(each) for each in ends(month))
    kind = "ACCPAY" if what == "bills" else "ACCREC"
    where = f'Type=="{kind}" AND Date>={first} AND Date<={last} AND (Status=="AUTHORISED" OR Status=="PAID")'
    total = 0
    for answer, listed in pages(lambda path: _read(connection, path, counts), INVOICE.endpoint, f"where={quote(where, safe='')}"):
        said = (answer.get("pagination") or {}).get("itemCount")
        if said is not None:
            return int(said)
        total += len(listed)
    return total


def held(problem: Problem) -> dict[str, Any]:
    """The columns of a line of which Xero shows why it would wait."""
    state = preview_rows.HELD
    shown = {"problems": stored(problem.message)[:900], "cure": stored(problem.resolution)[:900], "codes": problem.code}
    return {**shown, "texts": dump(problems=problem.message, cure=problem.resolution), "state": state, "rank": preview_rows.RANK[state]}


def _read(connection: Any, path: str, counts: Counts) -> dict[str, Any]:
    answer = direct.calls(connection)(Request("GET", path))
    counts(1)
    if answer.status != 200 or not isinstance(answer.data, dict):
        raise NoAnswer(f"{answer.status or answer.failure}")
    return answer.data


def known_approved(connection: str, month: str, what: str) -> int:
    """How many sales invoices or bills dated in a month (yyyy-mm) were approved in Xero, of those that this site knows: sent or linked."""
    doctype = "Purchase Invoice" if what == "bills" else "Sales Invoice"
    first, last = ends(month)
    return int(
        frappe.db.sql(
            f"SELECT COUNT(*) FROM `tabXero Link` AS l JOIN `tab{doctype}` AS d ON d.name=l.reference_name "
            "WHERE l.`connection`=%(connection)s AND l.`reference_doctype`=%(doctype)s AND l.`role`='invoice' AND l.`remote_status` IN ('AUTHORISED', 'PAID') "
            "AND d.posting_date BETWEEN %(first)s AND %(last)s",
            {"connection": connection, "doctype": doctype, "first": first, "last": last},
        )[0][0]
    )
