"""Makes and takes back Xero Cash Summaries: the cash of one day that skipped documents moved on one bank or cash account, one way.

`find`, hourly: of each day that is over by the site's clock, what a rule or setting kept from Xero and no summary counts yet. What comes later for such a day (entered
late, or skipped only later) makes a further summary of that day: the first may be matched with the bank already, and stays as it is. `make_anew`, every minute and
after every run: what counts a document that goes itself now, or was cancelled, is taken back and made again without that (documents/cash_summary/counted.py).

A document is counted once: the unique key of its row says so, whoever else works at the same time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate, now_datetime, nowdate

from ..accounting.money import decimal
from ..accounting.texts import _
from ..compat import let_pass
from ..documents.base import Books
from ..documents.cash_summary.counted import SUMMARY, is_skipped, left, needs_of_rows
from ..documents.cash_summary.summary import PAID, RECEIVED
from ..documents.fact_types import DOCUMENT, HEAD, LINKS, STEPS, Named
from ..documents.facts import by_doctype
from ..documents.identity import Identity, cash_key, moment
from ..documents.needs import Facts
from ..documents.role import role
from ..documents.rules.cash import Move, moves
from ..documents.rules.parents import OWN
from ..documents.rules.words import SKIPS
from ..documents.step import SKIPPED
from . import log, outbox
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
SUBMITTED, CANCELLED = 1, 2
# Rows of the outbox that are read at once; documents that one summary counts at most; summaries that one call makes anew.
PAGE, MOST_ROWS, AT_ONCE = 500, 1000, 50
# A row may be committed long after the `modified` that it bears.
OVERLAP = timedelta(hours=2)
SAVEPOINT = "picortex_xero_cash"
Row = dict[str, Any]


def find(connection: str, stop: float = math.inf) -> int:
    """Summarise the days that are over; returns how many summaries were made. Commits day by day; begins no day after `stop` (time.monotonic())."""
    choices = chosen(connection)
    if not choices:
        return 0
    began, over = now_datetime(), getdate(nowdate()) - timedelta(days=1)
    books = books_of(frappe.get_doc("Xero Connection", connection))
    made = 0
    try:
        made += _late(books, choices, over)
        for day in _days(books, choices, over):
            if time.monotonic() > stop:
                return made
            made += _summarise(books, choices, day, _skipped_on(books.connection, day))
            _done_until(choices, day, None)
            frappe.db.commit()
        _done_until(choices, over, began)
    except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
        # Another worker counts the same just now: what it leaves is counted in the next hour.
        frappe.db.rollback()
        frappe.clear_messages()
    frappe.db.commit()
    return made


def chosen(connection: str) -> list[Row]:
    """The accounts of which cash is summarised, and how."""
    return frappe.get_all(CHOICE, filters={"connection": connection, "choice": SUMMARISE}, fields=FIELDS, order_by="account asc")


def _begins(books: Books, choice: Row) -> date:
    """The first day on which an account's cash is summarised; what is older than the go-live date never goes."""
    return max(getdate(choice["from_date"]), getdate(books.go_live_date))


def _done(books: Books, choice: Row) -> date:
    """The last day that is summarised."""
    before = _begins(books, choice) - timedelta(days=1)
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


def _late(books: Books, choices: list[Row], over: date) -> int:
    """Summarise what was skipped since the last look for days that are summarised already."""
    looked = [choice["looked_at"] for choice in choices if choice["looked_at"]]
    if not looked:
        return 0
    since, last, made = min(looked) - OVERLAP, "", 0
    values = {"connection": books.connection, "first": min(_begins(books, choice) for choice in choices), "over": over, "skips": SKIPS}
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
            made += _summarise(books, until, day, iter([[row for row in page if getdate(row["posting_date"]) == day]]))
        frappe.db.commit()
        if len(page) < PAGE:
            return made
        since, last = page[-1]["modified"], page[-1]["name"]


def _summarise(books: Books, choices: list[Row], day: date, pages: Iterator[list[Row]]) -> int:
    """Make the summaries of a day for what none counts yet; returns how many. Part of the caller's transaction."""
    of = {choice["account"]: choice for choice in choices if _begins(books, choice) <= day}
    rows: dict[tuple[str, str], list[Row]] = {}
    for page in pages:
        for step, move in _moves(books, page, of):
            rows.setdefault((move.account, _way(move)), []).append(_row(books, step, move))
    made = 0
    for (account, direction), found in sorted(rows.items()):
        every = sorted(found, key=lambda row: (row["reference_doctype"], row["reference_name"]))
        for at in range(0, len(every), MOST_ROWS):
            made += _made(books, account, day, direction, every[at : at + MOST_ROWS], _chosen(of[account], direction))
    return made


def _moves(books: Books, page: list[Row], of: dict[str, Row]) -> Iterator[tuple[Row, Move]]:
    """What the documents of these steps move on accounts that are summarised, and is not counted yet."""
    steps = {_named(row): row for row in page if of and role(row["role"]).head in OWN}
    facts = Facts()
    load(books, DOCUMENT.of(steps) | HEAD.of(steps) | LINKS.of(steps) | STEPS.of(steps), facts)
    docs = [
        doc for named, row in steps.items() if (doc := facts.get(DOCUMENT, named)) and is_skipped(named, row["reference_creation"], facts)
    ]
    found = [(steps[doc["doctype"], doc["name"]], move) for doc in shown(docs, books, facts) for move in moves(doc, money(books))]
    found = [(step, move) for step, move in found if move.account in of]
    counted = _counted(books.connection, {_named(step) for step, _move in found})
    return ((step, move) for step, move in found if (*_named(step), step["reference_creation"], move.account, _way(move)) not in counted)


def _counted(connection: str, keys: set[Named]) -> set[tuple[str, str, str, str, str]]:
    """By document, account and direction what summaries that stand count. By their columns, which follow when a document or an account is renamed."""
    found: set[tuple[str, str, str, str, str]] = set()
    for doctype, names in by_doctype(keys):
        rows = frappe.db.sql(
            "SELECT r.`reference_doctype`, r.`reference_name`, r.`reference_creation`, s.`account`, s.`direction`"
            " FROM `tabXero Cash Summary Row` r JOIN `tabXero Cash Summary` s ON s.`name`=r.`parent`"
            " WHERE r.`connection`=%(connection)s AND s.`docstatus`=1 AND r.`reference_doctype`=%(doctype)s AND r.`reference_name` IN %(names)s",
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


def _made(books: Books, account: str, day: date, direction: str, rows: list[Row], more: Row) -> int:
    """Insert and submit one summary; 1. Raises UniqueValidationError or DuplicateEntryError where another worker was first."""
    number = 1 + int(
        frappe.db.count(SUMMARY, {"connection": books.connection, "account": account, "posting_date": day, "direction": direction})
    )
    taken = int(frappe.db.count(SUMMARY, {"name": ("like", f"Cash-{day}-%")}))
    doc = frappe.get_doc(
        {
            "doctype": SUMMARY,
            "name": f"Cash-{day}-{taken + 1}",
            "connection": books.connection,
            "company": books.company,
            "account": account,
            "posting_date": str(day),
            "direction": direction,
            "number": number,
            "currency": rows[0]["currency"],
            "total": sum((decimal(row["amount"]) for row in rows), Decimal(0)),
            "base_total": sum((decimal(row["base_amount"]) for row in rows), Decimal(0)),
            "rows": rows,
            "summary_key": cash_key(books.connection, account, str(day), direction, number),
            "docstatus": SUBMITTED,
            **more,
        }
    )
    with own_writes():
        doc.insert(ignore_permissions=True)
    return 1


def make_anew(connection: str) -> int:
    """Take back the summaries that count what they should not, and make them again without; returns how many. Commits one by one."""
    names = frappe.get_all(
        SUMMARY,
        filters={"connection": connection, "make_anew": 1, "docstatus": SUBMITTED},
        pluck="name",
        order_by="name asc",
        limit=AT_ONCE,
    )
    if not names:
        return 0
    books = books_of(frappe.get_doc("Xero Connection", connection))
    done = 0
    for name in names:
        frappe.db.savepoint(SAVEPOINT)
        try:
            done += _anew(books, name)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: {name} could not be made anew"[:140])
        frappe.db.commit()
    return done


def _anew(books: Books, name: str) -> int:
    """Cancel one summary and make it again with what it counts rightly; 0 where it counts all rightly. Part of the caller's transaction."""
    doc, facts = frappe.get_doc(SUMMARY, name), Facts()
    said = doc.as_dict()
    load(books, needs_of_rows(said), facts)
    kept = left(said["rows"], facts)
    if len(kept) == len(said["rows"]):
        frappe.db.set_value(SUMMARY, name, "make_anew", 0, update_modified=False)
        return 0
    gone = [row["reference_name"] for row in said["rows"] if row not in kept]
    with own_writes():
        doc.flags.ignore_permissions = True
        doc.docstatus = CANCELLED
        doc.save()
    for row in said["rows"]:
        frappe.db.set_value(ROW, row["name"], "counted_key", None, update_modified=False)
    who = Identity(SUMMARY, name, moment(said["creation"]))
    count = {"count": len(gone), "name": gone[0]}
    log.write(books.connection, books.company, who, "Chosen", _("Taken back, since it counted {name} ({count} in all)").format(**count))
    if kept and not _left_out(books.connection, who):
        columns = (
            "connection",
            "company",
            "reference_doctype",
            "reference_name",
            "reference_creation",
            "rule",
            "amount",
            "base_amount",
            "currency",
            "counted_key",
        )
        rows = [{column: row[column] for column in columns} for row in kept]
        _made(
            books, said["account"], getdate(said["posting_date"]), said["direction"], rows, {**_booked(books, said), "amended_from": name}
        )
    return 1


def _left_out(connection: str, who: Identity) -> bool:
    """Whether a person has said that a summary does not go to Xero (an undo, Skip, Done by Hand): then it is not made again either."""
    mine = [step for step in outbox.steps_of(connection, who) if role(step["role"]).makes]
    return bool(mine) and max(mine, key=lambda step: int(step["generation"]))["state"] == SKIPPED


def _booked(books: Books, said: Row) -> Row:
    """Where the money of a summary that is made anew goes: as it is chosen now, else where it went."""
    now = next((each for each in chosen(books.connection) if each["account"] == said["account"]), None)
    if now is None or getdate(said["posting_date"]) < _begins(books, now):
        return {"against_account": said["against_account"], "tax_type": said["tax_type"]}
    return _chosen(now, said["direction"])


def _chosen(choice: Row, direction: str) -> Row:
    way = "received" if direction == RECEIVED else "paid"
    return {"against_account": choice[f"{way}_account"], "tax_type": choice[f"{way}_tax_type"]}
