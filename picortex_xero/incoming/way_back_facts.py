"""What is known here of what people enter in Xero, read in bulk: mapping from Xero's side, accounts, who is matched with a contact, and vouchers that are perhaps the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.money import ZERO
from ..documents.entered_there import CODE as LISTED_THERE_TOO
from ..documents.rules.words import SKIPS
from ..documents.settlement.entered_too import CODE as ENTERED_THERE_TOO
from ..documents.step import ASIDE, ENDED
from ..documents.typed_there import CODE as TYPED_THERE_TOO
from ..xero.records.registry import CONTACT
from .journal import PARTIES, HostAccount
from .way_back import Candidate, WayBack

LINK, STEP = "Xero Link", "Xero Outbox Entry"
# A voucher that was entered on both sides bears dates so many days apart at most, as of payments (incoming/decide.py).
DAYS_APART = 5
MOST = 200
# In spite of these a person has sent what is like something in Xero: it is another one.
TOLD_APART = {LISTED_THERE_TOO, ENTERED_THERE_TOO, TYPED_THERE_TOO}
Row = dict[str, Any]


def way_back(connection: str, company: str, called: Called = NOTHING_CALLED) -> WayBack:
    """The mapping of a connection from Xero's side."""
    rows = {
        kind: frappe.get_all(
            f"Xero {kind} Mapping",
            filters={"connection": connection},
            fields=[*fields, "takes_what_comes_back"],
            order_by="name asc",
        )
        for kind, fields in (
            ("Account", ("account", "xero_account_code")),
            ("Tax", ("direction", "tax", "item_tax_template", "tax_type")),
            ("Tracking", ("cost_center", "tracking_category", "tracking_option")),
        )
    }
    accounts: dict[str, list[Candidate]] = defaultdict(list)
    taxes: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    tracking: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for row in rows["Account"]:
        accounts[str(row["xero_account_code"]).upper()].append(Candidate(row["account"], bool(row["takes_what_comes_back"])))
    for row in rows["Tax"]:
        taxes[row["direction"], row["tax_type"]].append(
            Candidate(row["tax"], bool(row["takes_what_comes_back"]), row["item_tax_template"] or "")
        )
    for row in rows["Tracking"]:
        tracking[row["tracking_category"], row["tracking_option"]].append(Candidate(row["cost_center"], bool(row["takes_what_comes_back"])))
    return WayBack(
        {code: tuple(found) for code, found in accounts.items()},
        {key: tuple(found) for key, found in taxes.items()},
        {tag: tuple(found) for tag, found in tracking.items()},
        frappe.get_cached_value("Company", company, "cost_center") or "",
        called,
    )


def accounts(company: str, base_currency: str, names: Iterable[str]) -> dict[str, HostAccount]:
    """These accounts of the company; as in ERPNext, one without a currency is in the company's."""
    wanted = sorted(set(names))
    rows = (
        frappe.get_all("Account", filters={"company": company, "name": ("in", wanted)}, fields=["name", "account_type", "account_currency"])
        if wanted
        else []
    )
    return {row["name"]: HostAccount(row["account_type"] or "", row["account_currency"] or base_currency) for row in rows}


def of_parties(company: str) -> frozenset[str]:
    """The company's accounts whose rows name a party."""
    return frozenset(frappe.get_all("Account", filters={"company": company, "account_type": ("in", list(PARTIES))}, pluck="name"))


def parties(connection: str, contacts: Iterable[str]) -> dict[str, dict[str, str]]:
    """By contact (id in lower case) and type: the customer and the supplier that are matched with it; none of a type where several are."""
    wanted = sorted({each for each in contacts if each})
    rows = (
        frappe.get_all(
            LINK,
            filters={"connection": connection, "endpoint": CONTACT.endpoint, "xero_id": ("in", wanted)},
            fields=["xero_id", "reference_doctype", "reference_name"],
        )
        if wanted
        else []
    )
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if frappe.db.exists(row["reference_doctype"], row["reference_name"]):
            found[row["xero_id"].lower()][row["reference_doctype"]].add(row["reference_name"])
    return {contact: {kind: next(iter(names)) for kind, names in kinds.items() if len(names) == 1} for contact, kinds in found.items()}


def alike(company: str, wanted: Sequence[tuple[str, Decimal]], day: str) -> set[tuple[str, str]]:
    """DocType and name of vouchers here, submitted or drafts, that move each of these amounts (debit positive, in company currency or the account's) on its account, at most
    DAYS_APART days from the day."""
    between = _around(day)
    found: set[tuple[str, str]] | None = None
    for account, amount in wanted:
        side = "debit" if amount > ZERO else "credit"
        near = {"company": company, "account": account, "posting_date": ("between", between)}
        rows = [
            row
            for field in (side, f"{side}_in_account_currency")
            for row in frappe.get_all(
                "GL Entry",
                filters={**near, "is_cancelled": 0, field: float(abs(amount))},
                fields=["voucher_type", "voucher_no"],
                order_by="posting_date asc",
                limit=MOST * 10,
            )
        ]
        mine = {(row["voucher_type"], row["voucher_no"]) for row in rows} | _by_rows(company, account, abs(amount), side, between)
        found = mine if found is None else found & mine
        if not found:
            return set()
    return found or set()


def _around(day: str) -> list[str]:
    at = date.fromisoformat(day)
    return [(at + timedelta(days=apart)).isoformat() for apart in (-DAYS_APART, DAYS_APART)]


def _by_rows(company: str, account: str, amount: Decimal, side: str, between: list[str]) -> set[tuple[str, str]]:
    """Journals and payments, drafts too, whose own rows say that they move the amount on the account."""
    rows = frappe.get_all(
        "Journal Entry Account",
        filters={"account": account, "docstatus": ("<", 2), "parenttype": "Journal Entry", f"{side}_in_account_currency": float(amount)},
        pluck="parent",
        order_by="creation desc",
        limit=MOST * 10,
    )
    parents = sorted(set(rows))
    mine = {"company": company, "docstatus": ("<", 2), "posting_date": ("between", between)}
    found = {
        ("Journal Entry", name)
        for name in (frappe.get_all("Journal Entry", filters={**mine, "name": ("in", parents)}, pluck="name") if parents else [])
    }
    field, figure = ("paid_to", "received_amount") if side == "debit" else ("paid_from", "paid_amount")
    of_amount = {**mine, field: account, figure: float(amount)}
    return found | {("Payment Entry", name) for name in frappe.get_all("Payment Entry", filters=of_amount, pluck="name", limit=MOST * 10)}


def not_in_xero(vouchers: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of these vouchers (DocType, name) that are linked with nothing there."""
    linked = {(row["reference_doctype"], row["reference_name"]) for row in _links(vouchers)}
    return tuple(sorted(vouchers - linked))


def sent(connection: str, vouchers: set[tuple[str, str]]) -> tuple[str, ...]:
    """The names of those that went to Xero from here and stand there, unless a person has sent them in spite of what is like them."""
    rows = [
        row for row in _links(vouchers) if not row["adopted"] and row["remote_status"] not in ENDED and int(row["sequence"] or 0) < ASIDE
    ]
    there = {(row["reference_doctype"], row["reference_name"]) for row in rows} & vouchers
    names = sorted({name for _doctype, name in there})
    steps = (
        frappe.get_all(
            STEP,
            filters={"connection": connection, "reference_name": ("in", names), "late_for": ("is", "set")},
            fields=["reference_doctype", "reference_name", "late_for"],
        )
        if names
        else []
    )
    apart = {(row["reference_doctype"], row["reference_name"]) for row in steps if TOLD_APART & set(row["late_for"].split())}
    return tuple(sorted(name for _doctype, name in there - apart))


def _links(vouchers: set[tuple[str, str]]) -> list[Row]:
    names = sorted({name for _doctype, name in vouchers})
    fields = ["reference_doctype", "reference_name", "adopted", "remote_status", "sequence"]
    return [dict(row) for row in frappe.get_all(LINK, filters={"reference_name": ("in", names)}, fields=fields)] if names else []


def left_out(connection: str, company: str, bank: str, day: str) -> tuple[str, ...]:
    """Documents that rules keep from Xero and that move money on this bank account around that day, where their cash is coded in Xero."""
    if frappe.db.exists("Xero Cash Choice", {"connection": connection, "account": bank, "choice": "Summarise Daily"}):
        return ()
    near = ("between", _around(day))
    skipped = frappe.get_all(
        STEP,
        filters={"connection": connection, "state": "Skipped", "reason_code": ("in", SKIPS), "posting_date": near},
        fields=["reference_doctype", "reference_name"],
        limit=MOST * 10,
    )
    names = sorted({row["reference_name"] for row in skipped})
    if not names:
        return ()
    rows = frappe.get_all(
        "GL Entry",
        filters={"company": company, "account": bank, "voucher_no": ("in", names), "is_cancelled": 0},
        pluck="voucher_no",
        limit=MOST,
    )
    return tuple(sorted(set(rows)))
