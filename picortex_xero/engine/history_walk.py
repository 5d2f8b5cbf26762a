"""The documents that an import of history comes to, page by page in the order of their dates: invoices and bills of a day before what settles them. Read
only; a page is found by the last document of the one before, so that a million invoices, bills or journals cost no more than a hundred (ERPNext has indexes of their days).
Payments have none: a page reads all of them, which is why it is as long as the queue has room (history_work.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import frappe

from ..documents.base import Books
from ..documents.identity import INVOICE_DOCTYPES
from ..documents.invoice.facts import open_at
from ..documents.rules.kinds import CREDIT_NOTE, DOCTYPES, KINDS, SUPPLIER_CREDIT
from ..documents.settlement.settlement import PAYMENT_ENTRY

RETURNS = (CREDIT_NOTE, SUPPLIER_CREDIT)


@dataclass(frozen=True)
class Range:
    """What an import comes to: submitted documents of a company, of these kinds, dated from the first to the last day (yyyy-mm-dd). With `open_at` only
    what was owed on invoices and bills at the end of that day."""

    company: str
    first: str
    last: str
    kinds: tuple[str, ...]
    open_at: str = ""


@dataclass(frozen=True)
class Place:
    """One document: its day, its kind, its name. Also where a walk has come to; `BEGIN` is before all of them."""

    day: str = ""
    kind: str = ""
    name: str = ""

    @property
    def doctype(self) -> str:
        """Its DocType."""
        return DOCTYPES[self.kind]

    @property
    def rank(self) -> int:
        """Kinds of one day come in this order."""
        return KINDS.index(self.kind)

    def stored(self) -> str:
        """As it is kept."""
        return json.dumps([self.day, self.kind, self.name]) if self.kind else ""


BEGIN = Place()


def kept(text: str | None) -> Place:
    """What `Place.stored` gave."""
    return Place(*json.loads(text)) if text else BEGIN


def page(of: Range, after: Place, limit: int) -> list[Place]:
    """The next documents after `after`, at most so many."""
    found: list[Place] = []
    # Up to here every kind was read: a kind of which there are more ends it.
    until: tuple[str, int] | None = None
    for kind in KINDS:
        if kind not in of.kinds:
            continue
        rows = _rows(of, kind, after, limit)
        found += rows
        if len(rows) == limit:
            end = (rows[-1].day, rows[-1].rank)
            until = min(until, end) if until else end
    # Within a kind the database's own order of names stays.
    found.sort(key=lambda each: (each.day, each.rank))
    return [each for each in found if until is None or (each.day, each.rank) <= until][:limit]


def _rows(of: Range, kind: str, after: Place, limit: int) -> list[Place]:
    begins, last, beyond = of.first, "", ""
    if after.kind:
        rank = KINDS.index(kind)
        begins = max(of.first, after.day)
        if rank < after.rank:
            beyond = " AND `posting_date`>%(begins)s"
        elif rank == after.rank:
            last, beyond = after.name, " AND (`posting_date`>%(begins)s OR `name`>%(last)s)"
    where, values = _where(of, kind)
    values |= {"first": begins, "begins": begins, "last": last}
    rows = frappe.db.sql(
        f"SELECT `name`, `posting_date` FROM `tab{DOCTYPES[kind]}` WHERE {where}{beyond} ORDER BY `posting_date`, `name` LIMIT {int(limit)}",
        values,
    )
    return [Place(str(row[1]), kind, row[0]) for row in rows]


def _where(of: Range, kind: str) -> tuple[str, dict[str, Any]]:
    returns = ""
    if DOCTYPES[kind] in INVOICE_DOCTYPES:
        returns = f" AND COALESCE(`is_return`, 0)={int(kind in RETURNS)}"
    return (
        f"`company`=%(company)s AND `docstatus`=1 AND `posting_date`>=%(first)s AND `posting_date`<=%(to)s{returns}",
        {"company": of.company, "first": of.first, "to": of.last},
    )


def owed(books: Books, of: Range, places: Sequence[Place]) -> list[Place]:
    """Of these documents those that belong to it: all, or with `open_at` those of which something was owed then."""
    if not of.open_at:
        return list(places)
    open_then = open_at(books, [(each.doctype, each.name, of.open_at) for each in places])
    return [each for each in places if open_then[each.doctype, each.name, of.open_at] > 0]


def counts(of: Range) -> dict[str, int]:
    """How many documents of each kind there are."""
    found = {}
    for kind in of.kinds:
        if of.open_at:
            found[kind] = _owed(of, kind)
            continue
        where, values = _where(of, kind)
        found[kind] = int(frappe.db.sql(f"SELECT COUNT(*) FROM `tab{DOCTYPES[kind]}` WHERE {where}", values)[0][0])
    return found


def owed_names(of: Range, kind: str, limit: int) -> list[str]:
    """The documents of a kind on which something was owed, by the Payment Ledger alone, at most so many."""
    rows = frappe.db.sql(f"SELECT `against_voucher_no` {_OWED} ORDER BY `against_voucher_no` LIMIT {int(limit)}", _ledger(of, kind))
    return [str(row[0]) for row in rows]


def _owed(of: Range, kind: str) -> int:
    """How many they are: one statement, however many documents there are."""
    rows = frappe.db.sql(f"SELECT COUNT(*) FROM (SELECT `against_voucher_no` {_OWED}) AS owed", _ledger(of, kind))
    return int(rows[0][0])


_OWED = (
    "FROM `tabPayment Ledger Entry` WHERE `company`=%(company)s AND `against_voucher_type`=%(doctype)s AND `posting_date`<=%(at)s "
    "AND COALESCE(`delinked`, 0)=0 GROUP BY `against_voucher_no` HAVING SUM(`amount_in_account_currency`)>0.004"
)


def _ledger(of: Range, kind: str) -> dict[str, Any]:
    return {"company": of.company, "doctype": DOCTYPES[kind], "at": of.open_at}


def parties(of: Range) -> list[tuple[str, str]]:
    """The customers and suppliers of its documents: DocType and name."""
    found: set[tuple[str, str]] = set()
    for kind in of.kinds:
        where, values = _where(of, kind)
        for doctype, name in _named(kind):
            rows = frappe.db.sql(f"SELECT DISTINCT {doctype}, {name} FROM `tab{DOCTYPES[kind]}` WHERE {where}", values)
            found |= {(str(row[0]), str(row[1])) for row in rows if row[0] and row[1]}
    return sorted(found)


def _named(kind: str) -> Sequence[tuple[str, str]]:
    doctype = DOCTYPES[kind]
    if doctype in INVOICE_DOCTYPES:
        return [("'Customer'", "`customer`")] if doctype == INVOICE_DOCTYPES[0] else [("'Supplier'", "`supplier`")]
    return [("`party_type`", "`party`")] if doctype == PAYMENT_ENTRY else []
