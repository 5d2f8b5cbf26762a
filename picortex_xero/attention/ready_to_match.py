"""Ready to Match in Xero: of what this app has sent or linked, what Xero's own matching should find with one green OK by our estimate (ready/), why the rest has not that
shape, what is not in Xero yet, and what stays unreconciled there for longer than the company wants. Bank account by bank account.

Xero lets no app read its statement lines or reconcile them: what is known of them is whether Xero shows a record as reconciled, as its lists were last read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.bank_feeds import FEED_HERE, FEED_IN_XERO
from ..accounting.money import ZERO
from ..accounting.texts import NONE, Text, _, plain
from ..documents.step import SYNCED, UNFINISHED
from ..engine import outbox
from ..engine.screen_texts import in_words, said
from ..ready import reasons
from ..ready.estimate import estimates
from ..ready.values import NO_LINE, NOT_READY, READY, Account, Estimate, Movement, Record, Who
from ..xero.records.reconciled import YES
from . import many, ready_facts

PAYMENT = "Payment Entry"
NOT_IN_XERO = "not-in-xero"
# What the report can show, in the order of its filter.
SUMMARY, ALL_READY, ALL_NOT_READY, LONG_OPEN = "Summary", "Ready", "Not Ready", "Unreconciled for Long"
SHOWS = (SUMMARY, ALL_READY, ALL_NOT_READY, LONG_OPEN)
PLAINLY = _(
    "Xero lets no app read the lines of its statements or reconcile them. Whether its matching finds what was sent is our estimate, made of what is known here; the OK is given in Xero"
)
IN_XERO_ONLY = _(
    "Of {accounts} the feed is only in Xero: its lines cannot be read here. Payments go there in the form that Xero can match, and nothing is categorised here"
)
NOBODY_SAID = _("Say under Bank and payment accounts in Mapping where the feed is of {accounts}")
RECONCILED = _("{count} are reconciled in Xero, as its lists were last read")
NOT_SHOWN = _(
    "Of {count} Xero has not shown yet whether they are reconciled: they are seen with the next reading, at the latest in the weekly look"
)
NO_LINES_HERE = _("The feed is only here, so Xero has no line for it"), _("Match it here, on the page Bank Matching")
NO_STATEMENT = _("Not in a bank account of Xero: there is no statement to match it with"), _("Nothing is to be done")
OLD = _("Unreconciled in Xero for more than {days} days")
FOR_OLD = _("Look in Xero whether its line is there; where the money never moved, cancel the payment here")


@dataclass(frozen=True)
class Waiting:
    """A payment here that is not in Xero: at which account its money is there (None: at none that is mapped), and where it stands in words."""

    movement: Movement
    account: Account | None
    status: Text
    reason: str


@dataclass
class Found:
    """All of one company on a day; `after` days without being reconciled are long."""

    today: date
    after: int
    accounts: dict[str, Account]
    estimates: list[Estimate] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    parties: dict[Who, str] = field(default_factory=dict)

    def account(self, record: Record) -> Account | None:
        """Where it is in Xero; None for an account that no bank account here is mapped to."""
        return self.accounts.get(record.account.casefold())

    def days(self, record: Record) -> int:
        """How long it has been unreconciled; 0 where its day is not known."""
        return max(0, (self.today - record.day).days) if record.day else 0

    @property
    def old(self) -> list[Estimate]:
        """What is to be matched, and stays unreconciled for longer."""
        return [each for each in self.estimates if each.state != NO_LINE and self.days(each.record) > self.after]


def look(connection: str, company: str, today: date, after: int) -> Found:
    """Everything of a company. Reads only."""
    found = Found(today, after, ready_facts.accounts(connection, company), counts=ready_facts.counts(connection))
    rows = ready_facts.open_links(connection)
    linked = {(str(row["reference_doctype"]), str(row["reference_name"])) for row in rows}
    stopped = [each for each in _unsent(connection) if each not in linked]
    by_host = {host: account for account in found.accounts.values() for host in account.mapped}
    moved = ready_facts.movements(company, [*linked, *stopped], by_host, ready_facts.money_accounts(company))
    found.parties = ready_facts.parties(linked)
    records = list(ready_facts.records(rows, moved, found.parties))
    found.estimates = estimates(records, moved, found.accounts, today)
    found.waiting = list(_waiting(connection, stopped, moved, found.accounts))
    return found


def _unsent(connection: str) -> list[Who]:
    """Payment Entries of which something is not in Xero yet, and nothing is."""
    rows = frappe.db.sql(
        f"SELECT DISTINCT `reference_name` FROM `tab{outbox.DOCTYPE}` WHERE `connection`=%(connection)s AND `reference_doctype`=%(doctype)s "
        "AND `state` IN %(states)s AND `role` LIKE 'payment%%' ORDER BY `reference_name`",
        {"connection": connection, "doctype": PAYMENT, "states": UNFINISHED},
    )
    return [(PAYMENT, str(row[0])) for row in rows]


def _waiting(connection: str, documents: Iterable[Who], moved: Iterable[Movement], accounts: dict[str, Account]) -> Iterator[Waiting]:
    by_name: dict[str, list[Movement]] = {}
    for movement in moved:
        by_name.setdefault(movement.who[1], []).append(movement)
    names = [name for _doctype, name in documents]
    for start in range(0, len(names), ready_facts.PAGE):
        page = names[start : start + ready_facts.PAGE]
        docs = frappe.get_all(
            PAYMENT, filters={"name": ("in", page), "docstatus": 1}, fields=["name", "creation", "docstatus", "party_type"]
        )
        stand = many.places(connection, PAYMENT, docs)
        # What may be somebody's wage is not shown, and does not go to Xero as it is.
        for doc in (each for each in docs if each["party_type"] != "Employee"):
            place = stand[doc["name"]]
            if place.step is None or place.step["state"] == SYNCED:
                continue
            step = place.stopped
            why = said(step["reason"], step["reason_parts"], "reason").partition("\n")[0] if step else ""
            for movement in by_name.get(doc["name"], []):
                yield Waiting(movement, accounts.get(movement.account.casefold()), place.message, why)


def notes(found: Found) -> list[Text]:
    """What is said above the report."""
    by_feed: dict[str, list[str]] = {}
    for account in found.accounts.values():
        if account.bank and account.mapped:
            by_feed.setdefault(account.feed, []).append(account.name)
    says = [PLAINLY]
    for feed, words in ((FEED_IN_XERO, IN_XERO_ONLY), ("", NOBODY_SAID)):
        if feed in by_feed:
            says.append(words.format(accounts=", ".join(by_feed[feed])))
    if done := found.counts.get(YES):
        says.append(RECONCILED.format(count=done))
    if unknown := found.counts.get(""):
        says.append(NOT_SHOWN.format(count=unknown))
    return says


@dataclass
class Line:
    """One row of the summary: of an account how many records are alike, what they come to without sign (None where that of one is not known), and since when the oldest is there."""

    account: str
    currency: str
    state: str
    what: Text
    fix: Text
    count: int = 0
    total: Decimal | None = ZERO
    oldest: date | None = None

    def add(self, day: date | None, amount: Decimal | None) -> None:
        """Count one."""
        self.count += 1
        self.total = None if amount is None or self.total is None else self.total + abs(amount)
        self.oldest = min((each for each in (self.oldest, day) if each), default=None)


def summary(found: Found) -> list[Line]:
    """By account: what is ready, what is not and why with the fix, what is not in Xero yet, what has no line there, and what stays unreconciled for long."""
    lines: dict[tuple[str, str], Line] = {}

    def line(account: Account | None, code: str, state: str, what: Text, fix: Text) -> Line:
        name, currency = (account.name, account.currency) if account else ("", "")
        return lines.setdefault((account.xero_id if account else "", code), Line(name, currency, state, what, fix))

    for each in found.estimates:
        account = found.account(each.record)
        what, fix = in_short(each, account)
        line(account, each.code or each.state, each.state, what, fix).add(each.record.day, each.record.amount)
    for waiting in found.waiting:
        what, fix = _("Not in Xero yet"), _("See where each stands: To Fix says what keeps it")
        its = line(waiting.account, NOT_IN_XERO, NOT_READY, what, fix)
        its.add(waiting.movement.day, waiting.movement.amount)
    for each in found.old:
        its = line(found.account(each.record), LONG_OPEN, LONG_OPEN, OLD.format(days=found.after), FOR_OLD)
        its.add(each.record.day, each.record.amount)
    order = (READY, NOT_READY, LONG_OPEN, NO_LINE)
    return sorted(lines.values(), key=lambda its: (its.account == "", its.account, order.index(its.state), -its.count))


def in_short(estimate: Estimate, account: Account | None) -> tuple[Text, Text]:
    """What is said of all that are alike, and the fix."""
    if estimate.state == READY:
        return _("Ready to match"), _("Choose OK at its line in Xero")
    if estimate.state == NOT_READY:
        return reasons.IN_SHORT[estimate.code]
    return NO_LINES_HERE if account and account.bank and account.feed == FEED_HERE else NO_STATEMENT


def ready_and_not(found: Found) -> tuple[int, int]:
    """How many are ready, and how many are not."""
    states = [each.state for each in found.estimates]
    return states.count(READY), states.count(NOT_READY) + len(found.waiting)


def listed(found: Found, show: str) -> Iterator[dict[str, Any]]:
    """One row for each record, the oldest first: `doctype`, `document`, `account`, `date`, `days`, `amount`, `currency`, `reference`, `status`, `reason`, `fix`, `colour`."""
    wanted = (
        found.old if show == LONG_OPEN else [each for each in found.estimates if each.state == (READY if show == ALL_READY else NOT_READY)]
    )
    for each in sorted(wanted, key=lambda its: (its.record.day or date.min, its.record.who, its.record.key)):
        yield _row_of(found, each)
    for waiting in found.waiting if show == ALL_NOT_READY else []:
        yield _row_of_waiting(found, waiting)


def _row_of(found: Found, each: Estimate) -> dict[str, Any]:
    record, account = each.record, found.account(each.record)
    what, fix = in_short(each, account)
    return {
        "doctype": record.who[0],
        "document": record.who[1],
        "account": account.name if account else "",
        "date": record.day,
        "days": found.days(record),
        "amount": record.amount,
        "currency": account.currency if account else "",
        "reference": record.reference,
        "status": in_words(what),
        "reason": in_words(each.reason or NONE),
        "fix": in_words(each.fix or fix),
        "colour": "green" if each.state == READY else "orange",
    }


def _row_of_waiting(found: Found, waiting: Waiting) -> dict[str, Any]:
    movement, account = waiting.movement, waiting.account
    return {
        "doctype": movement.who[0],
        "document": movement.who[1],
        "account": account.name if account else "",
        "date": movement.day,
        "days": max(0, (found.today - movement.day).days),
        "amount": movement.amount,
        "currency": account.currency if account else "",
        "reference": "",
        "status": in_words(plain(waiting.status)),
        "reason": waiting.reason,
        "fix": in_words(_("See where it stands: To Fix says what keeps it")),
        "colour": "red",
    }
