"""Counts as what people entered bank lines that no invoice explains: each submitted Journal Entry or Payment Entry that alone explains a line, by the line's payee. What was made of Xero's data is left out.

What is counted stands in Xero Bank Memory, a row for each payee and coding, where people see it, fix it and forget it. Counted anew each time, so what is undone or cancelled is forgotten by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.currencies import rounded_to
from ..accounting.money import ZERO, decimal
from ..banking.memory import LEARNED, Example, Learned, Memory, counted
from ..banking.payees import payee, same
from ..banking.tax_shares import NoShare, TaxRow, shares
from ..banking.values import BANK_ENTRY, JOURNAL_ENTRY, PAYMENT_ENTRY, Coding, Line
from ..engine.standard_columns import standard
from . import books, codings, from_xero
from .kept_rules import IN, OUT
from .rows import JOURNAL, LINE, MEMORY, PAYMENT

# What people did in two years, of the newest lines.
SPAN, MOST_LINES, PAGE = timedelta(days=730), 20_000, 500
# Kinds of journals that people type for money that moved.
TYPED = ("Journal Entry", "Bank Entry", "Cash Entry", "Credit Card Entry")
LONGEST = 140


def of(company: str) -> Memory:
    """What is known of a company's payees."""
    return Memory(_learned(row) for row in _kept(company))


def _kept(company: str) -> list[dict[str, Any]]:
    fields = ["name", "payee", "direction", "state", "times", "last_day", "seen_in", *codings.FIELDS]
    return [dict(row) for row in frappe.get_all(MEMORY, filters={"company": company}, fields=fields, order_by="creation asc, name asc")]


def _learned(row: Mapping[str, Any]) -> Learned:
    last = getdate(row["last_day"]) if row["last_day"] else None
    return Learned(str(row["payee"]), row["direction"] == IN, codings.of_row(row), int(row["times"] or 0), last, str(row["state"]))


def learn(company: str) -> None:
    """Bring Xero Bank Memory up to what is in the books. What a person said stays, with the figures of now. Commits."""
    kept = {_key(_learned(row)): row for row in _kept(company)}
    new: list[dict[str, Any]] = []
    for each in counted(examples(company)):
        figures = {"times": each.times, "last_day": each.last, "seen_in": "\n".join(each.vouchers)}
        row = kept.pop(_key(each), None)
        if row is None:
            new.append(
                {
                    "name": frappe.generate_hash(length=12),
                    **standard(),
                    "company": company,
                    "payee": each.payee[:LONGEST],
                    "direction": IN if each.comes_in else OUT,
                    "state": LEARNED,
                    **codings.as_row(each.coding),
                    **figures,
                }
            )
        elif (int(row["times"] or 0), str(row["last_day"] or ""), row["seen_in"] or "") != (each.times, str(each.last), figures["seen_in"]):
            frappe.db.set_value(MEMORY, row["name"], figures, update_modified=False)
    for start in range(0, len(new), PAGE):
        part = new[start : start + PAGE]
        frappe.db.bulk_insert(MEMORY, list(part[0]), [tuple(each.values()) for each in part])
    gone = [str(row["name"]) for row in kept.values() if row["state"] == LEARNED]
    for start in range(0, len(gone), PAGE):
        frappe.db.delete(MEMORY, {"name": ("in", gone[start : start + PAGE])})
    for row in kept.values():
        if row["state"] != LEARNED and row["times"]:
            frappe.db.set_value(MEMORY, row["name"], {"times": 0, "seen_in": ""}, update_modified=False)
    frappe.db.commit()


def _key(each: Learned) -> tuple[str, bool, Coding]:
    return same(each.payee), each.comes_in, each.coding


def examples(company: str) -> list[Example]:
    """The lines that one submitted journal or payment explains alone, with as what it entered them."""
    return list(by_line(company).values())


def by_line(company: str) -> dict[str, Example]:
    """Examples by the name of their line; a fixed number of statements for each thousand."""
    accounts = {str(each["name"]): ledger for ledger, each in books.own_accounts(company).items()}
    lines = _lines(company, accounts)
    by_doctype: dict[str, dict[str, dict[str, Any]]] = {JOURNAL: {}, PAYMENT: {}}
    for line in lines:
        by_doctype[line["payment_document"]][str(line["payment_entry"])] = line
    found: dict[str, Example] = {}
    for doctype, of in ((JOURNAL, _journals), (PAYMENT, _payments)):
        names = sorted(by_doctype[doctype])
        for start in range(0, len(names), PAGE):
            part = names[start : start + PAGE]
            theirs = from_xero.made_of_it(doctype, part)
            for name, coding in of(company, {name: by_doctype[doctype][name] for name in part if name not in theirs}, accounts).items():
                line = by_doctype[doctype][name]
                comes_in = decimal(line["deposit"]) >= decimal(line["withdrawal"])
                found[str(line["name"])] = Example(_payee(line), comes_in, coding, getdate(line["date"]), name)
    return found


def _payee(line: Mapping[str, Any]) -> str:
    day: date = getdate(line["date"])
    return payee(Line("", "", day, ZERO, "", line["description"] or "", line["reference_number"] or "", "", line["bank_party_name"] or ""))


def _lines(company: str, accounts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Lines that are whole in one voucher, which is in no other line."""
    newest = frappe.get_all(LINE, filters={"company": company, "docstatus": 1}, pluck="date", order_by="date desc", limit=1)
    if not newest or not newest[0] or not accounts:
        return []
    rows = frappe.db.sql(
        "SELECT line.`name`, line.`bank_account`, line.`date`, line.`deposit`, line.`withdrawal`, line.`description`, line.`reference_number`, line.`bank_party_name`, "
        "part.`payment_document`, part.`payment_entry` FROM `tabBank Transaction` line JOIN `tabBank Transaction Payments` part ON part.`parent`=line.`name` "
        "WHERE line.`company`=%(company)s AND line.`docstatus`=1 AND line.`unallocated_amount`=0 AND line.`bank_account` IN %(accounts)s AND line.`date`>=%(since)s "
        "ORDER BY line.`date` DESC, line.`name` DESC LIMIT %(most)s",
        {"company": company, "accounts": tuple(accounts), "since": getdate(newest[0]) - SPAN, "most": MOST_LINES},
        as_dict=True,
    )
    parts, lines = Counter(str(row["name"]) for row in rows), Counter((row["payment_document"], row["payment_entry"]) for row in rows)
    alone = [row for row in rows if parts[str(row["name"])] == 1 and lines[row["payment_document"], row["payment_entry"]] == 1]
    return [dict(row) for row in alone if row["payment_document"] in (JOURNAL, PAYMENT)]


def _payments(company: str, lines: Mapping[str, Mapping[str, Any]], accounts: Mapping[str, str]) -> dict[str, Coding]:
    """Payments on account of a party: those that settle something are what an invoice explains."""
    wanted = {"name": ("in", sorted(lines)), "docstatus": 1, "payment_type": ("in", ("Receive", "Pay")), "party": ("is", "set")}
    fields = ["name", "party_type", "party", "cost_center"]
    rows = frappe.get_all(PAYMENT, filters=wanted, fields=fields) if lines else []
    names = [str(row["name"]) for row in rows]
    settle = {
        str(each)
        for child in ("Payment Entry Reference", "Payment Entry Deduction", "Advance Taxes and Charges")
        for each in (frappe.get_all(child, filters={"parent": ("in", names)}, pluck="parent") if names and _there(child) else [])
    }
    centre = str(frappe.get_cached_value("Company", company, "cost_center") or "")
    return {
        str(row["name"]): Coding("", PAYMENT_ENTRY, "", "", _other(row["cost_center"], centre), str(row["party_type"]), str(row["party"]))
        for row in rows
        if str(row["name"]) not in settle
    }


def _there(doctype: str) -> bool:
    return bool(frappe.db.exists("DocType", doctype))


def _other(centre: str | None, of_company: str) -> str:
    """A cost centre, "" where it is the company's own."""
    return "" if not centre or centre == of_company else str(centre)


def _journals(company: str, lines: Mapping[str, Mapping[str, Any]], accounts: Mapping[str, str]) -> dict[str, Coding]:
    """Journals with the bank's row and one other; and rows of tax, where a tax template says just them of the amount."""
    if not lines:
        return {}
    kinds = {
        str(row["name"]): str(row["voucher_type"])
        for row in frappe.get_all(
            JOURNAL, filters={"name": ("in", sorted(lines)), "docstatus": 1, "voucher_type": ("in", TYPED)}, fields=["name", "voucher_type"]
        )
    }
    fields = ["parent", "account", "debit", "credit", "cost_center", "party_type", "party", "reference_type"]
    rows_of: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in (
        frappe.get_all("Journal Entry Account", filters={"parent": ("in", sorted(kinds))}, fields=fields, order_by="parent asc, idx asc")
        if kinds
        else []
    ):
        rows_of[str(row["parent"])].append(dict(row))
    templates = _templates(company)
    own, currency = set(accounts.values()), str(frappe.get_cached_value("Company", company, "default_currency"))
    centre = str(frappe.get_cached_value("Company", company, "cost_center") or "")
    found = {}
    for name, rows in rows_of.items():
        bank = accounts[str(lines[name]["bank_account"])]
        coding = _of_journal(rows, bank, own, templates, currency, centre)
        if coding is not None:
            found[name] = replace(coding, entry=BANK_ENTRY if kinds[name] == BANK_ENTRY else JOURNAL_ENTRY)
    return found


def _of_journal(
    rows: list[dict[str, Any]],
    bank: str,
    own: set[str],
    templates: Mapping[tuple[str, str], tuple[TaxRow, ...]],
    currency: str,
    centre: str,
) -> Coding | None:
    others = [row for row in rows if row["account"] != bank]
    if any(row["reference_type"] for row in rows) or not others or len(others) == len(rows):
        return None
    heads = {each.account for mine in templates.values() for each in mine}
    plain = [row for row in others if row["account"] not in heads] if len(others) > 1 else others
    if len(plain) != 1 or plain[0]["account"] in own:
        return None
    told = plain[0]
    taxes = [row for row in others if row is not told]
    gross = sum((_moved(row) for row in others), ZERO)
    template = _template(gross, taxes, templates, currency) if taxes else ("", "")
    if template is None or not gross:
        return None
    party = (str(told["party_type"] or ""), str(told["party"] or "")) if told["party"] else ("", "")
    return Coding(str(told["account"]), JOURNAL_ENTRY, *template, _other(told["cost_center"], centre), *party)


def _moved(row: Mapping[str, Any]) -> Decimal:
    return decimal(row["debit"]) - decimal(row["credit"])


def _template(
    gross: Decimal, taxes: Iterable[Mapping[str, Any]], templates: Mapping[tuple[str, str], tuple[TaxRow, ...]], currency: str
) -> tuple[str, str] | None:
    """The first template, those of the amount's direction first, that says just these taxes of the amount; None where none does."""
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for row in taxes:
        wanted[str(row["account"])] += _moved(row)
    # A cost is a debit: what is bought.
    first = codings.PURCHASE if gross > ZERO else codings.SALES
    for key, rows in sorted(templates.items(), key=lambda item: (item[0][0] != first, item[0][1])):
        said: dict[str, Decimal] = defaultdict(Decimal)
        try:
            parts = shares(gross, rows, rounded_to(currency, [gross]))
        except NoShare:
            continue
        for tax, share in parts.taxes:
            said[tax.account] += share
        if dict(said) == dict(wanted):
            return key
    return None


def _templates(company: str) -> dict[tuple[str, str], tuple[TaxRow, ...]]:
    """The company's tax templates with their rows."""
    names = [
        (doctype, str(name))
        for doctype in codings.TEMPLATES
        for name in frappe.get_all(doctype, filters={"company": company, "disabled": 0}, pluck="name", order_by="name asc")
    ]
    return codings.rows_of(names)
