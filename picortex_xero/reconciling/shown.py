"""What the matching page shows: lines page by page with their counts, one line with its readings, what was done, vouchers to choose from. Every list is a query with a limit, so that ten thousand lines are
as fast as ten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.texts import _
from ..banking.values import CODED, DUPLICATE, RETURNED, TRANSFER, VOUCHERS, Proposal
from ..engine import full_names
from ..engine.screen_texts import in_words, said, shown
from . import acting, allocating, books, choosing, closed, making, readings, settings, shown_codings
from .rows import ACT, BILL, INVOICES, JOURNAL, LINE, PAYMENT, PROPOSAL, SALE, STATES

PAGE, CHOICES = 50, 30
IN_LIST = [
    "name", "bank_transaction", "bank_account", "date", "amount", "left", "currency", "description", "reference", "party", "state", "score", "why", "texts", "trouble", "act", "ready",
]  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """Which lines of a company: "" for all. `least` and `most`: their amount without its sign."""

    company: str
    bank_account: str = ""
    state: str = ""
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    # NOTHING_FITS, BY_RULE_OR_PAYEE, or 0 for all.
    unexplained: int = 0


# Lines that no voucher explains: those of which nothing is known, and those that a rule or what was done with their payee says something of.
NOTHING_FITS, BY_RULE_OR_PAYEE = 1, 2
_OPEN = "`state` IN ('Proposed', 'Abstained', 'Undone')"
_UNEXPLAINED = {NOTHING_FITS: f"`explained`=0 AND {_OPEN}", BY_RULE_OR_PAYEE: f"`kind`='{CODED}' AND {_OPEN}"}


def lines(filters: Filters, start: int) -> dict[str, Any]:
    """One page of lines, the oldest first, and how many there are in each state."""
    where, values = _where(filters)
    rows = frappe.db.sql(
        f"SELECT {', '.join(f'`{each}`' for each in IN_LIST)} FROM `tabXero Bank Proposal` WHERE {where} ORDER BY `date`, `name` LIMIT %(page)s OFFSET %(start)s",
        {**values, "page": PAGE + 1, "start": start},
        as_dict=True,
    )
    any_state, of_any = _where(Filters(filters.company, filters.bank_account, "", filters.text, filters.least, filters.most))
    counts = dict(frappe.db.sql(f"SELECT `state`, COUNT(*) FROM `tabXero Bank Proposal` WHERE {any_state} GROUP BY `state`", of_any))
    kinds = ", ".join(f"COALESCE(SUM(CASE WHEN {each} THEN 1 ELSE 0 END), 0)" for each in _UNEXPLAINED.values())
    ((unexplained, coded),) = frappe.db.sql(f"SELECT {kinds} FROM `tabXero Bank Proposal` WHERE {any_state}", of_any)
    return {
        "rows": [_in_list(each) for each in rows[:PAGE]],
        "more": len(rows) > PAGE,
        "counts": {each: int(counts.get(each, 0)) for each in STATES},
        "unexplained": int(unexplained),
        "coded": int(coded),
    }


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    where, values = ["`company`=%(company)s"], {"company": filters.company}
    if filters.bank_account:
        where.append("`bank_account`=%(bank_account)s")
        values["bank_account"] = filters.bank_account
    if filters.state:
        where.append("`state`=%(state)s")
        values["state"] = filters.state
    if filters.unexplained in _UNEXPLAINED:
        where.append(_UNEXPLAINED[filters.unexplained])
    for sign, bound, limit in ((">=", "least", filters.least), ("<=", "most", filters.most)):
        if limit is not None:
            where.append(f"ABS(`amount`){sign}%({bound})s")
            values[bound] = str(limit)
    if filters.text:
        where.append("(`description` LIKE %(text)s OR `reference` LIKE %(text)s OR `party` LIKE %(text)s)")
        values["text"] = f"%{filters.text}%"
    return " AND ".join(where), values


def _in_list(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: shown(row[name]) for name in ("description", "reference", "party", "trouble")}
    return {**{name: row[name] for name in IN_LIST if name != "texts"}, **texts, "why": said(row["why"], row["texts"], "why")}


def company(name: str) -> dict[str, Any]:
    """What the page needs to know of a company: whether its lines are matched, its accounts, whether what is shown is made of what is so now."""
    row = settings.of(name)
    accounts = [{"name": each["name"], "currency": each["currency"]} for each in books.own_accounts(name).values()]
    until = closed.until(name)
    found = {
        "company": name,
        "setting": row.name if row else "",
        "enabled": bool(row and row.enabled),
        "accounts": sorted(accounts, key=str),
    }
    if row:
        found |= {"automatic": row.automatic, "looked_at": str(row.looked_at or ""), "outdated": making.outdated(row)}
        found |= {"write_off_up_to": row.write_off_up_to, "accounts_of": settings.accounts(row), "drafts": bool(row.leave_drafts)}
        found |= {"submits_categorised": bool(row.submit_categorised)}
    return {**found, "closed_until": str(until or "")}


_OF_LINE = ["name", "bank_account", "date", "description", "currency", "status", "docstatus"]


def line(name: str) -> dict[str, Any]:
    """One line with its readings in the reader's words, as it is now; `acts`: what was done with it."""
    row = frappe.get_all(PROPOSAL, filters={"bank_transaction": name}, fields=[*IN_LIST, "readings"], limit=1)
    doc = frappe.db.get_value(
        LINE,
        name,
        [*_OF_LINE, "company", "deposit", "withdrawal", "unallocated_amount", "reference_number", "bank_party_name"],
        as_dict=True,
    )
    left = allocating.left(doc)
    waits = acting.waiting(name)
    found = readings.loaded(name, row[0]["readings"]) if row and doc.docstatus == 1 and left and not waits else []
    vouchers = _vouchers({part.voucher[:2] for each in found for part in each.vouchers})
    others = _lines({each.other_line for each in found if each.other_line})
    known = {"left": str(left), "state": row[0]["state"] if row else "", "trouble": shown(row[0]["trouble"]) if row else ""}
    return {
        "line": {**{each: doc[each] for each in _OF_LINE}, **known, "waits": bool(waits), **shown_codings.of_line(doc)},
        "readings": [{**_reading(each, left, vouchers, others), **shown_codings.of_reading(each, doc)} for each in found],
        "acts": acts({"bank_transaction": name}, 0)["rows"],
    }


_WHAT = {
    VOUCHERS: _("Matches"),
    TRANSFER: _("Transfer between own accounts"),
    RETURNED: _("Takes back an earlier line"),
    DUPLICATE: _("Perhaps twice"),
    CODED: _("No voucher explains it"),
}
_LEFT = {"fee": _("held back"), "cents": _("written off"), "discount": _("discount"), "overpaid": _("more than is open")}


def _reading(each: Proposal, left: Decimal, vouchers: Mapping[tuple[str, str], Any], others: Mapping[str, Any]) -> dict[str, Any]:
    pays = any(not part.voucher[2] for part in each.vouchers)
    return {
        "key": readings.key(each, left),
        "kind": each.kind,
        "what": in_words(_("Payment of what is open") if pays else _WHAT[each.kind]),
        "pays": pays,
        "score": each.score,
        "ready": each.automatic,
        "why": [in_words(reason) for reason in each.reasons],
        "parts": [
            {
                "doctype": part.voucher[0],
                "name": part.voucher[1],
                "entered": bool(part.voucher[2]),
                "amount": str(part.amount),
                **vouchers.get(part.voucher[:2], {}),
            }
            for part in each.vouchers
        ],
        "difference": str(each.difference),
        "difference_is": in_words(_LEFT[each.difference_is]) if each.difference_is else "",
        "other": others.get(each.other_line, {}),
        "can": each.kind != DUPLICATE,
    }


_OF = {
    SALE: ("posting_date", "customer_name", "outstanding_amount", "docstatus"),
    BILL: ("posting_date", "supplier_name", "outstanding_amount", "docstatus"),
    PAYMENT: ("posting_date", "party_name", "reference_no", "docstatus"),
    JOURNAL: ("posting_date", "user_remark", "cheque_no", "docstatus"),
}


def _vouchers(named: set[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Of vouchers their day, party and whether they still stand, one statement for each DocType."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for doctype, fields in _OF.items():
        names = [name for kind, name in named if kind == doctype]
        for row in frappe.get_all(doctype, filters={"name": ("in", names)}, fields=["name", *fields]) if names else []:
            day, title, third, stands = fields
            found[doctype, str(row["name"])] = {
                "date": row[day],
                "party": row[title] or "",
                "open" if doctype in INVOICES else "reference": row[third] or "",
                "cancelled": row[stands] != 1,
            }
    return found


def _lines(names: set[str]) -> dict[str, dict[str, Any]]:
    fields = ["name", "bank_account", "date", "description", "deposit", "withdrawal", "unallocated_amount", "currency"]
    rows = frappe.get_all(LINE, filters={"name": ("in", sorted(names))}, fields=fields) if names else []
    return {str(each["name"]): {**each, "left": str(allocating.left(each))} for each in rows}


def acts(filters: dict[str, Any], start: int) -> dict[str, Any]:
    """One page of what was done, the newest first."""
    fields = [
        "name",
        "bank_transaction",
        "bank_account",
        "date",
        "amount",
        "currency",
        "state",
        "automatic",
        "score",
        "what",
        "why",
        "texts",
        "acted_by",
        "acted_at",
    ]
    fields += ["undone_by", "undone_at", "trouble", "done"]
    rows = frappe.get_all(ACT, filters=filters, fields=fields, order_by="creation desc, name asc", limit_start=start, limit=PAGE + 1)
    people = full_names.of([each[name] for each in rows for name in ("acted_by", "undone_by") if each[name]])
    return {"rows": [_act(each, people) for each in rows[:PAGE]], "more": len(rows) > PAGE}


def _act(row: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    done = json.loads(row["done"] or "{}")
    vouchers = [each[:2] for parts in done.get("lines", {}).values() for each in parts]
    words = {name: said(row[name], row["texts"], name) for name in ("what", "why")}
    who = {name: people.get(row[name], row[name] or "") for name in ("acted_by", "undone_by")}
    plain = {name: value for name, value in row.items() if name not in ("texts", "done")}
    return {**plain, **words, **who, "trouble": shown(row["trouble"]), "vouchers": vouchers, "made": done.get("made", [])}


def choices(name: str, text: str) -> list[dict[str, Any]]:
    """What a person can put together for a line: open documents of its direction, and what is entered on its account, by a part of their number or party."""
    doc = frappe.db.get_value(
        LINE, name, ["company", "bank_account", "deposit", "withdrawal", "unallocated_amount", "currency", "date"], as_dict=True
    )
    left = allocating.left(doc)
    found = choosing.like(str(doc.company), str(doc.bank_account), text, left > 0, CHOICES)
    return [
        {
            "doctype": each.doctype,
            "name": each.name,
            "entered": bool(each.bank_account),
            "party": each.party,
            "date": each.posting_date,
            "amount": str(each.amount),
            "currency": each.currency,
        }
        for each in sorted(found, key=lambda each: (abs(abs(each.amount) - abs(left)), each.posting_date, each.name))[:CHOICES]
    ]
