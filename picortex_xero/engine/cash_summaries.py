"""Makes Xero Cash Summaries: the cash of one day that skipped documents moved on one bank or cash account, one way.

`find`, hourly: of each day that is over by the site's clock, what a rule or setting kept from Xero and no summary counts yet. What comes later for such a day (entered
late, or skipped only later) makes a further summary of that day: the first may be matched with the bank already, and stays as it is. What is made again without a document is
in cash_anew.py.

A document is counted once: the unique key of its row says so, whoever else works at the same time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import frappe
from frappe.utils import getdate, now_datetime, nowdate

from ..accounting.money import decimal
from ..compat import let_pass
from ..documents.base import Books
from ..documents.cash_summary.counted import SUMMARY, is_skipped
from ..documents.cash_summary.summary import PAID, RECEIVED
from ..documents.fact_types import DOCUMENT, HEAD, LINKS, STEPS, Named
from ..documents.facts import by_doctype
from ..documents.identity import Identity, cash_key
from ..documents.needs import Facts
from ..documents.role import role
from ..documents.rules.cash import Move, moves
from ..documents.rules.parents import OWN, fate, parents
from ..documents.rules.verdict import Fate
from ..documents.rules.words import SKIPS
from ..documents.step import SKIPPED
from .contexts import books_of
from .gather import load
from .rule_outlook import money, shown
from .write_protection import own_writes

CHOICE, ROW, STEP = "Xero Cash Choice", "Xero Cash Summary Row", "Xero Outbox Entry"
SUMMARISE = "Summarise Daily"
# The directions, and whether money comes in.
IN_WAYS = {RECEIVED: True, PAID: False}
FIELDS = [
    "name",
    "account",
    "from_date",
    "received_account",
    "paid_account",
    "received_tax_type",
    "paid_tax_type",
    "summarised_until",
    "looked_at",
]
SUBMITTED = 1
SAVEPOINT, ONE = "picortex_xero_cash_day", "picortex_xero_cash_one"
# Names and numbers that are tried for one summary.
TRIES = 3
# Rows of the outbox that are read at once; documents that one summary counts at most.
PAGE, MOST_ROWS = 500, 1000
# A row may be committed long after the `modified` that it bears.
OVERLAP = timedelta(hours=2)
Row = dict[str, Any]


def find(connection: str, stop: float = math.inf) -> int:
    """Summarise the days that are over; returns how many summaries were made. Commits day by day; begins no day after `stop` (time.monotonic())."""
    choices = chosen(connection)
    if not choices:
        return 0
    began, over = now_datetime(), getdate(nowdate()) - timedelta(days=1)
    books = books_of(frappe.get_doc("Xero Connection", connection))
    made, behind = _late(books, choices, over)
    for day in _days(books, choices, over):
        if time.monotonic() > stop:
            return made
        count, failed = _summarise(books, choices, day, _skipped_on(books.connection, day))
        made, behind = made + count, behind | failed
        _done_until([choice for choice in choices if choice["account"] not in behind], day, None)
        frappe.db.commit()
    # What failed is tried again in the next hour, from its day on.
    _done_until([choice for choice in choices if choice["account"] not in behind], over, began)
    frappe.db.commit()
    return made


def chosen(connection: str) -> list[Row]:
    """The accounts of which cash is summarised, and how."""
    return frappe.get_all(CHOICE, filters={"connection": connection, "choice": SUMMARISE}, fields=FIELDS, order_by="account asc")


def begins(books: Books, choice: Row) -> date:
    """The first day on which an account's cash is summarised; what is older than the go-live date never goes."""
    return max(getdate(choice["from_date"]), getdate(books.go_live_date))


def _done(books: Books, choice: Row) -> date:
    """The last day that is summarised."""
    before = begins(books, choice) - timedelta(days=1)
    return max(before, getdate(choice["summarised_until"])) if choice["summarised_until"] else before


def _done_until(choices: list[Row], day: date, began: datetime | None) -> None:
    for choice in choices:
        if choice["summarised_until"] and getdate(choice["summarised_until"]) >= day and not began:
            continue
        changes: dict[str, Any] = {"looked_at": began} if began else {}
        if not choice["summarised_until"] or getdate(choice["summarised_until"]) < day:
            changes["summarised_until"] = choice["summarised_until"] = day
        frappe.db.set_value(CHOICE, choice["name"], changes, update_modified=False)


def _days(books: Books, choices: list[Row], over: date) -> Iterator[date]:
    """The days up to `over` that are to be summarised and have anything, in their order; each is found by one look into an index."""
    day = min(_done(books, choice) for choice in choices)
    while day < over:
        found = frappe.db.sql(
            f"SELECT `posting_date` FROM `tab{STEP}` WHERE `connection`=%(connection)s AND `state`='{SKIPPED}'"
            " AND `posting_date`>%(day)s AND `posting_date`<=%(over)s AND `reason_code` IN %(skips)s ORDER BY `posting_date` ASC LIMIT 1",
            {"connection": books.connection, "skips": SKIPS, "day": day, "over": over},
        )
        if not found:
            return
        day = getdate(found[0][0])
        yield day


def _skipped_on(connection: str, day: date) -> Iterator[list[Row]]:
    """The steps of a day that a rule or setting keeps from Xero, page by page."""
    last = ""
    while True:
        filters = {"connection": connection, "state": SKIPPED, "posting_date": day, "reason_code": ("in", SKIPS), "name": (">", last)}
        fields = ["name", "reference_doctype", "reference_name", "reference_creation", "role", "rule", "posting_date"]
        page = frappe.get_all(STEP, filters=filters, fields=fields, order_by="name asc", limit=PAGE)
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = page[-1]["name"]


def _late(books: Books, choices: list[Row], over: date) -> tuple[int, set[str]]:
    """Summarise what was skipped since the last look for days that are summarised already; returns as `_summarise`."""
    looked, behind = [choice["looked_at"] for choice in choices if choice["looked_at"]], set[str]()
    if not looked:
        return 0, behind
    since, last, made = min(looked) - OVERLAP, "", 0
    values = {"connection": books.connection, "first": min(begins(books, choice) for choice in choices), "over": over, "skips": SKIPS}
    while True:
        # In the order of an index, whatever else the connection has.
        page = frappe.db.sql(
            "SELECT `name`, `reference_doctype`, `reference_name`, `reference_creation`, `role`, `rule`, `posting_date`, `modified`"
            f" FROM `tab{STEP}` WHERE `connection`=%(connection)s AND `state`='{SKIPPED}' AND `modified`>=%(since)s"
            " AND (`modified`>%(since)s OR `name`>%(last)s) AND `posting_date`>=%(first)s AND `posting_date`<=%(over)s"
            f" AND `reason_code` IN %(skips)s ORDER BY `modified` ASC, `name` ASC LIMIT {PAGE}",
            {**values, "since": since, "last": last},
            as_dict=True,
        )
        for day in sorted({getdate(row["posting_date"]) for row in page}):
            until = [choice for choice in choices if day <= _done(books, choice)]
            count, failed = _summarise(books, until, day, iter([[row for row in page if getdate(row["posting_date"]) == day]]))
            made, behind = made + count, behind | failed
        frappe.db.commit()
        if len(page) < PAGE:
            return made, behind
        since, last = page[-1]["modified"], page[-1]["name"]


def _summarise(books: Books, choices: list[Row], day: date, pages: Iterator[list[Row]]) -> tuple[int, set[str]]:
    """Make the summaries of a day for what none counts yet; returns how many, and the accounts that are not done. A failure is logged, and stops neither other
    accounts nor other days. Part of the caller's transaction."""
    of = {choice["account"]: choice for choice in choices if begins(books, choice) <= day}
    rows: dict[str, dict[str, list[Row]]] = {}

    def gather() -> int:
        for page in pages:
            for step, move in _moves(books, page, of):
                rows.setdefault(move.account, {}).setdefault(_way(move), []).append(_row(books, step, move))
        return 0

    if _kept_apart(gather, f"Xero: the cash of {day} could not be summarised ({books.company})") is None:
        return 0, set(of)
    made, failed = 0, set[str]()
    for account, ways in sorted(rows.items()):
        make = partial(_made_of_account, books, of[account], day, ways)
        count = _kept_apart(make, f"Xero: the cash of {day} on {account} could not be summarised")
        made += count or 0
        failed |= {account} if count is None else set()
    return made, failed


def _made_of_account(books: Books, choice: Row, day: date, ways: dict[str, list[Row]]) -> int:
    made = 0
    for direction, found in sorted(ways.items()):
        every = sorted(found, key=lambda row: (row["reference_doctype"], row["reference_name"]))
        for at in range(0, len(every), MOST_ROWS):
            made += made_of(books, choice["account"], day, direction, every[at : at + MOST_ROWS], booked(choice, direction))
    return made


def _kept_apart(make: Callable[[], int], title: str) -> int | None:
    """What `make` returns; None where it failed and nothing of it is written. That another worker counts the same just now is no failure to be logged."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        return make()
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        if not _counts_already(error):
            frappe.log_error(title=title[:140])
        return None


def _moves(books: Books, page: list[Row], of: dict[str, Row]) -> Iterator[tuple[Row, Move]]:
    """What the documents of these steps move on accounts that are summarised, and is not counted yet."""
    steps = {_named(row): row for row in page if of and role(row["role"]).head in OWN}
    facts = Facts()
    load(books, DOCUMENT.of(steps) | HEAD.of(steps) | LINKS.of(steps) | STEPS.of(steps), facts)
    docs = [
        doc for named, row in steps.items() if (doc := facts.get(DOCUMENT, named)) and is_skipped(named, row["reference_creation"], facts)
    ]
    settled = {named for doc in docs for named in parents(doc)}
    load(books, HEAD.of(settled) | LINKS.of(settled) | STEPS.of(settled), facts)

    def fate_of(named: Named) -> Fate:
        return fate(named, facts.get(HEAD, named), facts)

    found = [(steps[doc["doctype"], doc["name"]], move) for doc in shown(docs, books, facts, fate_of) for move in moves(doc, money(books))]
    found = [(step, move) for step, move in found if move.account in of]
    counted = _counted(books.connection, {_named(step) for step, _move in found})
    return ((step, move) for step, move in found if (*_named(step), step["reference_creation"], move.account, _way(move)) not in counted)


def _counted(connection: str, keys: set[Named]) -> set[tuple[str, str, str, str, str]]:
    """By document, account and direction what summaries that stand count (a row without a key counts no more: cash_anew.py). By their columns, which follow when a document or an account is renamed."""
    found: set[tuple[str, str, str, str, str]] = set()
    for doctype, names in by_doctype(keys):
        rows = frappe.db.sql(
            "SELECT r.`reference_doctype`, r.`reference_name`, r.`reference_creation`, s.`account`, s.`direction`"
            " FROM `tabXero Cash Summary Row` r JOIN `tabXero Cash Summary` s ON s.`name`=r.`parent`"
            " WHERE r.`connection`=%(connection)s AND s.`docstatus`=1 AND r.`counted_key` IS NOT NULL"
            " AND r.`reference_doctype`=%(doctype)s AND r.`reference_name` IN %(names)s",
            {"connection": connection, "doctype": doctype, "names": tuple(names)},
        )
        found |= {tuple(row) for row in rows}
    return found


def _named(row: Row) -> Named:
    return row["reference_doctype"], row["reference_name"]


def _way(move: Move) -> str:
    return RECEIVED if move.received else PAID


def _key(connection: str, step: Row, move: Move) -> str:
    who = Identity(*_named(step), step["reference_creation"])
    return cash_key(connection, who.digest, move.account, move.received)


def _row(books: Books, step: Row, move: Move) -> Row:
    return {
        "connection": books.connection,
        "company": books.company,
        "reference_doctype": step["reference_doctype"],
        "reference_name": step["reference_name"],
        "reference_creation": step["reference_creation"],
        "rule": step["rule"] or "",
        "amount": move.amount,
        "base_amount": move.worth,
        "currency": move.currency,
        "counted_key": _key(books.connection, step, move),
    }


def made_of(books: Books, account: str, day: date, direction: str, rows: list[Row], more: Row) -> int:
    """Insert and submit one summary; 1. Raises UniqueValidationError of the row's DocType where another worker has counted the same first."""
    filters = {"connection": books.connection, "account": account, "posting_date": day, "direction": direction}
    number = 1 + max(frappe.get_all(SUMMARY, filters=filters, pluck="number"), default=0)
    start = _start(books.company, day)
    named = _next_number(start)
    summary = {
        "doctype": SUMMARY,
        "connection": books.connection,
        "company": books.company,
        "account": account,
        "posting_date": str(day),
        "direction": direction,
        "currency": rows[0]["currency"],
        "total": sum((decimal(row["amount"]) for row in rows), Decimal(0)),
        "base_total": sum((decimal(row["base_amount"]) for row in rows), Decimal(0)),
        "rows": rows,
        "docstatus": SUBMITTED,
        **more,
    }
    for further in range(TRIES):
        its = number + further
        key = cash_key(books.connection, account, str(day), direction, its)
        doc = frappe.get_doc({**summary, "name": f"{start}{named + further}", "number": its, "summary_key": key})
        frappe.db.savepoint(ONE)
        try:
            with own_writes():
                doc.insert(ignore_permissions=True)
            return 1
        except (frappe.DuplicateEntryError, frappe.UniqueValidationError) as error:
            # A name or number may be another worker's, or of an account that had this name before; what a document counts for is never tried again.
            if _counts_already(error) or further + 1 == TRIES:
                raise
            frappe.db.rollback(save_point=ONE)
            frappe.clear_messages()
    return 0


def _counts_already(error: Exception) -> bool:
    """Whether another worker counts the same just now: only that is a unique key of the rows."""
    return isinstance(error, frappe.UniqueValidationError) and error.args[:1] == (ROW,)


def _start(company: str, day: date) -> str:
    """What the names of a company's summaries of a day begin with: with its abbreviation, so that after a reinstall no company has a name that another's file brings."""
    abbr = frappe.db.get_value("Company", company, "abbr") or company
    return f"Cash-{abbr}-{day}-"


def _next_number(start: str) -> int:
    """The number in the name of the day's next summary: after the highest, whatever became of those before. "Cash-AB-2026-11-27-1-1" is made anew of the first."""
    # To LIKE some characters of an abbreviation mean any.
    like = start.replace("\\", "_") + "%"
    names = frappe.get_all(SUMMARY, filters={"name": ("like", like)}, pluck="name")
    numbers = [int(number) for name in names if (number := name.removeprefix(start).partition("-")[0]).isdecimal()]
    return 1 + max(numbers, default=0)


def booked(choice: Row, direction: str) -> Row:
    """Where the money of a summary goes, as an account's choice says."""
    way = "received" if direction == RECEIVED else "paid"
    return {"against_account": choice[f"{way}_account"], "tax_type": choice[f"{way}_tax_type"]}
