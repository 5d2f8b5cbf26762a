"""The hourly search for releases of deferred revenue and expense, which raise no event: it finds them in the ledger and adds steps
"release-n".

ERPNext books them under the invoice's own voucher (Process Deferred Accounting). The search reads, in pages, GL Entry rows modified since
the last one, with an overlap. It compares the ledger of each voucher with the steps of its document (documents/invoice/deferred), so that
nothing is entered twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents.fact_types import LEDGER, STEPS, Named
from ..documents.facts import by_doctype, load
from ..documents.history.taking_up import RELEASE
from ..documents.identity import INVOICE_DOCTYPES, Identity, moment
from ..documents.invoice.deferred import BOOKED_BY, follow
from ..documents.needs import Facts
from ..documents.step import own_steps
from . import contexts
from .apply import write
from .gather import LOADERS
from .search_walk import Row, SearchPart, walk
from .wake import wake

SEARCH = "releases"


def find(connection: str, stop: float = math.inf) -> int:
    """Add the steps for what was released or taken back since the last search; returns how many. Commits page by page; begins no page after
    `stop` (time.monotonic())."""
    doc = frappe.get_doc("Xero Connection", connection)
    if not doc.go_live_date:
        return 0
    filters: dict[str, Any] = {"against_voucher_type": BOOKED_BY, "posting_date": (">=", doc.go_live_date)}
    part = SearchPart("ledger", "GL Entry", {**filters, "voucher_type": ("in", INVOICE_DOCTYPES)}, ("voucher_type", "voucher_no"))
    vouchers = _Vouchers(doc)
    # `modified` is in the site's time zone, and so is this cursor; a cancelled row is modified too.
    added = walk(connection, SEARCH, "releases_until", [part], now_datetime(), stop, vouchers.look, vouchers.gather)
    if added:
        wake(connection)
    return added


class _Vouchers:
    """The invoices and bills behind the ledger rows of one search; each is compared with its steps once."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._books = contexts.books_of(connection)
        self._seen: set[Named] = set()
        self._facts = Facts()
        self._known: dict[Named, Identity | None] = {}

    def gather(self, part: SearchPart, rows: list[Row]) -> None:
        """Read together what a page of ledger rows needs."""
        self._facts, self._known = Facts(), {}
        self._load({_voucher(row) for row in rows} - self._seen)

    def look(self, part: SearchPart, row: Row) -> int:
        """Compare the voucher of a row with its steps, unless that was done already; returns how many steps were added. Nothing is compared
        for a cancelled invoice: its cancel takes back everything."""
        voucher = _voucher(row)
        if voucher in self._seen:
            return 0
        self._seen.add(voucher)
        self._load([voucher])
        who = self._known[voucher]
        if who is None:
            return 0
        steps = own_steps(self._facts.get(STEPS, voucher), who)
        # An import of history has brought releases from before the go-live date, too.
        brought = [str(each.posting_date) for each in steps if each.role.part == RELEASE and each.posting_date]
        since = min([self._books.go_live_date, *brought])
        ledger = [each for each in self._facts.get(LEDGER, voucher) if str(each["posting_date"]) >= since]
        changes = follow(who, ledger, steps, self._connection.base_currency)
        write(self._connection.name, self._connection.company, changes)
        return len(changes)

    def _load(self, vouchers: Iterable[Named]) -> None:
        """Read what is not known yet of these vouchers: which are submitted and the company's, their ledger rows, their steps."""
        new = [each for each in vouchers if each not in self._known]
        found: dict[Named, Identity | None] = dict.fromkeys(new)
        for doctype, names in by_doctype(new):
            filters = {"name": ("in", names), "company": self._books.company, "docstatus": 1}
            for row in frappe.get_all(doctype, filters=filters, fields=["name", "creation"]):
                found[doctype, row["name"]] = Identity(doctype, row["name"], moment(row["creation"]))
        own = [each for each, who in found.items() if who]
        load(self._books, LEDGER.of(own) | STEPS.of(own), self._facts, LOADERS)
        self._known |= found


def _voucher(row: Row) -> Named:
    return str(row["voucher_type"]), str(row["voucher_no"])
