"""Makes what is proposed for a company's bank lines anew, and does what may be done without a person.

Whether anything has changed is asked of the newest `modified` of five tables, which is one look at an index each: nobody's submit writes anything for it. All lines are matched together, and only rows
that say something else now are written.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import dump
from ..banking import categorising, matching
from ..banking.values import Books, Line, Proposal
from ..compat import affected_rows, let_pass
from ..engine.clock import now
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from ..inbound.entering import as_host
from . import acting, allocating, books, feeds, kept_rules, learning, other_vouchers, readings, settings, taking_back
from .plan import CannotBeDone
from .rows import CLAIM, DRAFT, LINE, OFF, OPEN, PAYING, PROPOSAL, PROPOSED, SETTING, UNDONE

# What proposals are made of.
LOOKED_AT = (LINE, "Payment Entry", "Journal Entry", "Sales Invoice", "Purchase Invoice")
PAGE = 500
# A job is over after half an hour; one that died keeps others away no longer.
BUSY = timedelta(minutes=35)
SAID = 1000
LONGEST = 140


def stamp(row: Any) -> str:
    """A text that is another one after anything was saved that proposals of the company could be made of, or its choices were changed."""
    looked_at = [*LOOKED_AT, *([CLAIM] if other_vouchers.there(CLAIM) else [])]
    newest = [str(frappe.db.sql(f"SELECT MAX(`modified`) FROM `tab{doctype}`")[0][0]) for doctype in looked_at]
    return "|".join([*newest, str(row.modified)])


def outdated(row: Any) -> bool:
    """Whether something has changed since the proposals were made."""
    return bool(row.looked_at_stamp != stamp(row))


def make(company: str, stop: float, again: bool = False) -> None:
    """Bring a company's proposals up to date, and match by itself what the company lets it, until the time `stop` (time.monotonic). Commits page by page."""
    row = settings.of(company)
    if row is None or not row.enabled or not _take(row.name):
        return
    try:
        _bring_up_to_date(company, stop, again)
    finally:
        frappe.db.rollback()
        frappe.db.set_value(SETTING, row.name, "busy_until", None, update_modified=False)
        frappe.db.commit()


def _take(name: str) -> bool:
    """Whether this worker may look at the company's lines now: no other one is at them. Commits."""
    frappe.db.sql(
        "UPDATE `tabXero Bank Setting` SET `busy_until`=%(until)s WHERE `name`=%(name)s AND (`busy_until` IS NULL OR `busy_until`<=%(now)s)",
        {"until": now() + BUSY, "name": name, "now": now()},
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def _bring_up_to_date(company: str, stop: float, again: bool) -> None:
    taking_back.go_on(company)
    row = settings.of(company)
    if again or outdated(row):
        _make(row)
        row = settings.of(company)
    if row.automatic != OFF:
        _match(row, stop)


def _make(row: Any) -> None:
    """Match all open lines together, block by block where there are very many, and keep what is found."""
    frappe.db.commit()
    company = str(row.company)
    learning.learn(company)
    seen = stamp(row)
    looked_at = set[str]()
    for lines, proposals in _blocks(row):
        _write(company, lines, proposals)
        looked_at.update(each.name for each in lines)
    _remove(company, looked_at)
    values = {"looked_at_stamp": seen, "looked_at": now()}
    frappe.db.set_value(SETTING, row.name, values, update_modified=False)
    frappe.db.commit()


def _blocks(row: Any) -> Iterator[tuple[Sequence[Line], Mapping[str, tuple[Proposal, ...]]]]:
    """The open lines, the newest first, each once, with what is found for them."""
    company = str(row.company)
    newer, done = 0, set[str]()
    while True:
        found = books.of(company, newer)
        lines = [each for each in found.lines if each.name not in done]
        yield lines, _with_codings(company, found, lines, matching.proposals(found, settings.of_matching(row)))
        if len(found.lines) < books.MOST_LINES:
            return
        done |= {each.name for each in found.lines}
        newer += books.MOST_LINES - books.SEEN_AGAIN


def _with_codings(
    company: str, found: Books, lines: Sequence[Line], proposals: Mapping[str, tuple[Proposal, ...]]
) -> dict[str, tuple[Proposal, ...]]:
    """The readings of these lines with what rules and payees say of those that no voucher explains; of accounts whose feed is only in Xero as they are."""
    not_here, rules, memory = feeds.only_in_xero(company), kept_rules.of(company), learning.of(company)
    return {
        line.name: proposals[line.name]
        if line.bank_account in not_here
        else categorising.with_codings(found, line, proposals[line.name], rules, memory)
        for line in lines
    }


_KEPT = ["name", "bank_transaction", "readings", "state", "left"]


def _write(company: str, lines: Sequence[Line], proposals: Mapping[str, tuple[Proposal, ...]]) -> None:
    """Keep what is found for these lines, page by page. What was decided of a line since its row was read stands: it is looked at again next time."""
    for start in range(0, len(lines), PAGE):
        page = lines[start : start + PAGE]
        of_these = {"bank_transaction": ("in", [each.name for each in page])}
        kept = {str(each["bank_transaction"]): each for each in frappe.get_all(PROPOSAL, filters=of_these, fields=_KEPT)}
        new: list[dict[str, Any]] = []
        for line in page:
            row = kept.get(line.name)
            values = _values(line, proposals[line.name], row)
            if row is None:
                new.append(
                    {"name": frappe.generate_hash(length=12), **standard(), "company": company, "bank_transaction": line.name, **values}
                )
            elif (row["readings"], row["state"], decimal(row["left"])) != (values["readings"], values["state"], abs(line.amount)):
                frappe.db.set_value(PROPOSAL, {"name": row["name"], "state": row["state"]}, values, update_modified=False)
        if new:
            frappe.db.bulk_insert(PROPOSAL, list(new[0]), [tuple(each.values()) for each in new])
        frappe.db.commit()


def _remove(company: str, looked_at: set[str]) -> None:
    """Lines that are reconciled or cancelled without us: nothing is proposed for them any more."""
    rows = frappe.get_all(PROPOSAL, filters={"company": company, "state": ("in", OPEN)}, fields=["name", "bank_transaction"])
    gone = [each["name"] for each in rows if str(each["bank_transaction"]) not in looked_at]
    for start in range(0, len(gone), PAGE):
        frappe.db.delete(PROPOSAL, {"name": ("in", gone[start : start + PAGE]), "state": ("in", OPEN)})
        frappe.db.commit()


def _values(line: Line, found: tuple[Proposal, ...], row: Mapping[str, Any] | None) -> dict[str, Any]:
    best = next(iter(found), None)
    why = readings.why(best)
    state = readings.state(found)
    # What a person took back is his; a line with a draft waits for it.
    if row is not None:
        state = row["state"] if row["state"] in (UNDONE, DRAFT) else state
    return {
        "state": state,
        "bank_account": line.bank_account,
        "date": line.date,
        "amount": as_host(line.amount),
        "left": as_host(abs(line.amount)),
        "currency": line.currency,
        "description": stored(line.description)[:SAID],
        "reference": stored(line.reference)[:LONGEST],
        "party": stored(line.party_name)[:LONGEST],
        "readings": readings.stored(found),
        "kind": best.kind if best else "",
        "score": best.score if best else 0,
        "explained": int(best is not None),
        "ready": int(best is not None and best.automatic),
        "why": stored(str(why)[:SAID]),
        "texts": dump(why=why),
    }


def _match(row: Any, stop: float) -> None:
    """Match what needs no person, each in a transaction of its own. What ERPNext or somebody else does not let through stays proposed, with what was said."""
    wanted = {"company": row.company, "state": PROPOSED, "ready": 1, "trouble": ("in", ("", None))}
    for each in frappe.get_all(
        PROPOSAL, filters=wanted, fields=["name", "bank_transaction", "readings", "left"], order_by="date asc, name asc"
    ):
        if time.monotonic() > stop:
            return
        best = readings.loaded(each["bank_transaction"], each["readings"])[0]
        if row.automatic != PAYING and any(not part.voucher[2] for part in best.vouchers):
            continue
        frappe.db.commit()
        try:
            acting.accept(str(each["bank_transaction"]), _key(each, best), automatic=True)
            frappe.db.commit()
        except (CannotBeDone, frappe.ValidationError) as error:
            frappe.db.rollback()
            let_pass(error)
            frappe.clear_messages()
            said = error.said if isinstance(error, CannotBeDone) else str(error)
            frappe.db.set_value(PROPOSAL, each["name"], "trouble", stored(str(said))[:LONGEST], update_modified=False)
            frappe.db.commit()


def _key(row: Mapping[str, Any], best: Proposal) -> str:
    line = frappe.db.get_value(LINE, row["bank_transaction"], ["unallocated_amount", "deposit", "withdrawal"], as_dict=True)
    return readings.key(best, allocating.left(line))
