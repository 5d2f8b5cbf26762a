"""The sync report: for a period, what was submitted here beside what Xero has, by kind of document or document by document.

Documents are read page by page in the order of their names, each page with its steps and links in one read each, so that a period may hold any number of
them. Amounts are in the document's own currency, each currency on a line of its own, because Xero shows a record in its currency and converts by a
rate of its own; nothing is converted here. An invoice or credit note is compared with Xero's total. Of a payment what moved the money is compared: its
payments less the fees spent from them; of a journal what it became (attention/journal_totals.py). What cannot be compared is counted, and its reason is said. Amounts that may be somebody's wage are not kept with the steps (documents/payroll.py) and are not shown. What is from before the company went live and
was never sent is counted apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import NONE, Text, _, term
from ..documents.identity import INVOICE_DOCTYPES, PARTY_FIELD
from ..documents.registry import SUBMITTED, own_parts
from ..documents.step import ATTENTION, ENDED, HELD, UNFINISHED
from ..engine import openings
from ..engine.screen_texts import in_words, said, shown
from . import journal_totals, many, wording
from .records import paid_before

CONNECTION = "Xero Connection"
PAGE = 500
JOURNAL, PAYMENT = "Journal Entry", "Payment Entry"
FEE = "fee"
CANCELLED = 2
# What a return is called here, and its kind in Xero.
RETURNS = {"Sales Invoice": _("Credit Note"), "Purchase Invoice": _("Debit Note")}


@dataclass(frozen=True)
class Asked:
    """What the report is about: a connection with its company, that one's currency and its go-live date (yyyy-mm-dd), the period, the kinds of
    documents, and whether only what does not agree is shown."""

    connection: str
    company: str
    currency: str
    live_from: str
    first: str
    last: str
    doctypes: tuple[str, ...] = SUBMITTED
    only_problems: bool = False


@dataclass
class Compared:
    """One document: `here` (None where no amount is shown) in `currency`, whether a record of it stands `in_xero`, and that one's total (None where it cannot
    be compared: `why_not` says why)."""

    doctype: str
    doc: dict[str, Any]
    place: many.Place
    kind: Text
    currency: str
    here: Decimal | None
    in_xero: bool
    total: Decimal | None
    numbers: list[str]
    before_go_live: bool
    why_not: Text = NONE

    @property
    def cancelled(self) -> bool:
        return bool(self.doc["docstatus"] == CANCELLED)

    @property
    def state(self) -> str:
        return str(self.place.stopped["state"]) if self.place.stopped else ""

    @property
    def difference(self) -> Decimal | None:
        """Xero's total less the one here; None where they cannot be compared."""
        if self.total is None or self.here is None or not self.in_xero:
            return None
        return self.total if self.cancelled else self.total - self.here

    @property
    def problem(self) -> bool:
        """Whether a person should look at it: it waits for one, nobody sent it, it is there although cancelled, or the totals differ. What is on its way
        or was left out on purpose is none."""
        if self.before_go_live:
            return False
        if self.state in (HELD, ATTENTION) or bool(self.difference) or wording.warns(self.place.step):
            return True
        return self.place.step is None or (self.cancelled and self.in_xero and self.state not in UNFINISHED)


@dataclass
class Line:
    """The sum of one kind in one currency."""

    kind: Text
    doctype: str
    currency: str
    here: int = 0
    total_here: Decimal = ZERO
    in_xero: int = 0
    total_in_xero: Decimal = ZERO
    not_compared: int = 0
    left_out: int = 0
    total_left_out: Decimal = ZERO
    on_its_way: int = 0
    stopped: int = 0
    problems: int = 0
    before_go_live: int = 0

    def add(self, one: Compared) -> None:
        """Count one document."""
        if one.before_go_live:
            self.before_go_live += 1
            return
        amount = one.here or ZERO
        if not one.cancelled:
            self.here += 1
            self.total_here += amount
        if one.in_xero:
            self.in_xero += 1
            self.not_compared += one.total is None
            # What cannot be compared counts with its own amount, so that it makes no difference.
            self.total_in_xero += one.total if one.total is not None and one.here is not None else ZERO if one.cancelled else amount
        elif one.place.step is None or one.state in (HELD, ATTENTION):
            self.stopped += 1
        elif one.state in UNFINISHED:
            self.on_its_way += 1
        else:
            self.left_out += not one.cancelled
            self.total_left_out += ZERO if one.cancelled else amount
        self.problems += one.problem

    @property
    def difference(self) -> Decimal:
        """What Xero has more than it should have of what was not left out on purpose."""
        return self.total_in_xero - (self.total_here - self.total_left_out)


def documents(asked: Asked) -> Iterator[Compared]:
    """Every document of the period that was submitted, and of the cancelled ones those of which something is still open or in Xero."""
    as_openings = {each.run for each in openings.of(asked.connection)}
    for doctype in asked.doctypes:
        for docs in _pages(asked, doctype):
            stand = many.places(asked.connection, doctype, docs)
            rows = journal_totals.rows_of(doc["name"] for doc in docs) if doctype == JOURNAL else {}
            for doc in docs:
                if any(step["history_run"] in as_openings for step in stand[doc["name"]].steps):
                    doc["is_opening"] = "Yes"
                one = _compared(asked, doctype, doc, stand[doc["name"]], rows.get(doc["name"]))
                if not one.cancelled or one.in_xero or one.state in UNFINISHED:
                    yield one


def summary(asked: Asked) -> list[Line]:
    """A line for each kind and currency."""
    found: dict[tuple[str, str], Line] = {}
    for one in documents(asked):
        key = (str(one.kind), one.currency)
        found.setdefault(key, Line(one.kind, one.doctype, one.currency)).add(one)
    return [line for line in found.values() if line.problems or not asked.only_problems]


def _pages(asked: Asked, doctype: str) -> Iterator[list[dict[str, Any]]]:
    """The period's documents, page by page."""
    columns = ["name", "creation", "posting_date", "docstatus"]
    if doctype in INVOICE_DOCTYPES:
        columns += ["currency", "grand_total", "rounded_total", "is_return", "is_opening", f"{PARTY_FIELD[doctype][1]}_name AS party"]
    elif doctype == PAYMENT:
        columns += ["party_type", "party_name AS party"]
    after = ""
    while True:
        rows = frappe.db.sql(
            f"SELECT {', '.join(columns)} FROM `tab{doctype}` WHERE company=%(company)s AND posting_date BETWEEN %(first)s AND %(last)s "
            f"AND docstatus IN (1, 2) AND name>%(after)s ORDER BY name LIMIT {PAGE}",
            {"company": asked.company, "first": asked.first, "last": asked.last, "after": after},
            as_dict=True,
        )
        if rows:
            yield [dict(row) for row in rows]
        if len(rows) < PAGE:
            return
        after = rows[-1]["name"]


def _compared(asked: Asked, doctype: str, doc: dict[str, Any], place: many.Place, rows: journal_totals.Rows | None) -> Compared:
    parts, linked = own_parts(doctype), place.linked
    own = [link for link in linked if link["role"] in parts and link["remote_status"] not in ENDED]
    first = next((step for step in place.steps if step["role"].partition("-")[0] in parts), None)
    if doctype in INVOICE_DOCTYPES:
        here: Decimal | None = abs(decimal(doc["rounded_total"]) or decimal(doc["grand_total"]))
        currency, kind = doc["currency"] or "", RETURNS[doctype] if doc["is_return"] else term(doctype)
    else:
        here = decimal(first["amount"]) if first and decimal(first["amount"]) else None
        currency, kind = (first["currency"] if first else "") or asked.currency, term(doctype)
    total, why_not = _total(own, place, currency, here, rows)
    if doc.get("is_opening") == "Yes" and first and total is not None and total != here:
        # Of an opening document only what was still open went; one that Xero had already has its whole total there, and the rest was paid.
        here = abs(decimal(first["amount"]))
        if any(int(link["adopted"] or 0) and paid_before(link, here) for link in own):
            total = here
    state = place.stopped["state"] if place.stopped else ""
    return Compared(
        doctype,
        doc,
        place,
        kind,
        currency,
        here,
        bool(own),
        total,
        [shown(link["xero_number"]) for link in own if link["xero_number"]],
        str(doc["posting_date"]) < asked.live_from and not own and state not in UNFINISHED,
        why_not,
    )


def _total(
    own: list[dict[str, Any]], place: many.Place, currency: str, here: Decimal | None, rows: journal_totals.Rows | None
) -> tuple[Decimal | None, Text]:
    """What Xero has of a document, or why that cannot be said; `rows` of a journal."""
    if not own:
        return None, NONE
    if here is None:
        return None, _("Its amount is not shown here, so that it is not compared")
    others = sorted({link["currency"] or currency for link in own} - {currency})
    if others:
        return None, _("Xero has it in {currency}, so that it is not compared").format(currency=", ".join(others))
    fees = [link for link in place.linked if link["role"] == FEE and link["remote_status"] not in ENDED]
    total = sum((decimal(link["remote_total"]) for link in own), ZERO) - sum((decimal(link["remote_total"]) for link in fees), ZERO)
    if rows is None:
        return total, NONE
    found = journal_totals.in_xero({link["endpoint"] for link in own}, total, rows)
    why_not = _("What it became in Xero has no amount that could be compared with the journal's debits")
    return found, NONE if found is not None else why_not


def reason(one: Compared) -> str:
    """Why a document is where it is, or why it is not compared, in the reader's language; "" where there is nothing to say."""
    step = one.place.stopped
    return (said(step["reason"], step["reason_parts"], "reason").partition("\n")[0] if step else "") or in_words(one.why_not)


def party(one: Compared) -> str:
    """Who a document is of; "" where it may be about an employee."""
    if one.doctype == PAYMENT and (one.here is None or one.doc.get("party_type") not in ("Customer", "Supplier")):
        return ""
    return str(one.doc.get("party") or "")


def status(one: Compared) -> str:
    """The state in the words of its form."""
    if one.before_go_live:
        return in_words(_("From before the company went live"))
    return in_words(one.place.message)


def status_of(line: Line) -> str:
    """How a kind stands, in one sentence."""
    if line.problems:
        return in_words(_("{count} to look at").format(count=line.problems))
    if line.on_its_way:
        return in_words(_("{count} on their way").format(count=line.on_its_way))
    return in_words(_("Agrees"))


def colour_of(line: Line) -> str:
    """The colour of that sentence, and of the difference."""
    return "red" if line.problems else "blue" if line.on_its_way else "green"
