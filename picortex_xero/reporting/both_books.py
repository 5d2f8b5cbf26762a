"""The same figures from ERPNext and from Xero beside each other, and the documents that a figure of an account is made of, in both books where this app sent them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..accounting.texts import _, amount
from ..engine import month_books
from ..engine.screen_texts import html, in_words, stored
from ..reports import beside, months, tables
from ..reports.beside import Pair
from ..reports.figures import EXPENSE, REVENUE
from ..reports.kinds import BALANCE_SHEET, PROFIT_AND_LOSS
from ..reports.tables import Value
from . import drawn, snapshots
from .chosen import Chosen
from .drawn import Drawn

CONNECTION, LINK, RETAINED = "Xero Connection", "Xero Link", "RETAINEDEARNINGS"
RESULTS = ("Income", "Expense")
# More than a person reads.
MOST = 5_000


class _Books:
    """The accounts of both books, and which stands for which."""

    def __init__(self, chosen: Chosen):
        self.chosen = chosen
        self.chart = month_books.chart(chosen.connection)
        self.stands = month_books.stands_for(frappe.get_doc(CONNECTION, chosen.connection), self.chart)
        self.classes = {each.xero_id: each.classed for each in self.chart}
        rows = frappe.get_all("Account", filters={"company": chosen.company, "is_group": 0}, fields=["name", "root_type"])
        self.roots = {row["name"]: str(row["root_type"] or "") for row in rows}

    @property
    def retained(self) -> str:
        """The AccountID of Xero's Retained Earnings; "" where its lists have none."""
        return next((each.xero_id for each in self.chart if each.system == RETAINED), "")

    def named(self, xero_id: str) -> str:
        """An account of Xero's by code and name."""
        found = next((each for each in self.chart if each.xero_id == xero_id), None)
        return f"{found.code} {found.name}".strip() if found else xero_id

    def moved(self, first: date | None, last: date) -> dict[str, Decimal]:
        """By account here what was booked from `first` (all before, where None) to `last`, debit positive; without what closes a year."""
        since = " AND `posting_date`>=%(first)s" if first else ""
        rows = frappe.db.sql(
            "SELECT `account`, SUM(`debit`-`credit`) AS moved FROM `tabGL Entry` WHERE `company`=%(company)s AND `posting_date`<=%(last)s"
            + since
            + " AND COALESCE(`is_cancelled`, 0)=0 AND `voucher_type`<>'Period Closing Voucher' GROUP BY `account`",
            {"company": self.chosen.company, "first": first, "last": last},
            as_dict=True,
        )
        found = {row["account"]: half_up(decimal(row["moved"])) for row in rows}
        return {account: moved for account, moved in found.items() if moved}


def both(chosen: Chosen, balances: bool) -> Drawn:
    """Account by account as they are mapped: income and expenses of whole months, or what is there at a month's end; debit positive, with the difference."""
    books, kind = _Books(chosen), BALANCE_SHEET if balances else PROFIT_AND_LOSS
    first, last = months.start(chosen.first), months.end(chosen.last)
    read = snapshots.of_months(chosen.connection, kind, months.start(last) if balances else first, last, chosen.cash)
    wanted = {str(last)} if balances else set(map(str, chosen.asked(PROFIT_AND_LOSS, first, last).columns))
    if not read or not wanted <= set(read.statement.columns):
        return Drawn(said=drawn.head(chosen, kind, None))
    columns = [
        drawn.text("xero", in_words(_("Account in Xero")), 230),
        drawn.text("here", in_words(_("Accounts Here")), 260),
        drawn.money("in_xero", in_words(_("In Xero"))),
        drawn.money("in_erpnext", in_words(_("In ERPNext"))),
        drawn.money("difference", in_words(_("Difference"))),
    ]
    held = books.moved(None if balances else first, last)
    results = {account: moved for account, moved in held.items() if books.roots.get(account) in RESULTS}
    if balances:
        ours = {account: moved for account, moved in held.items() if account not in results}
        total = sum(results.values(), ZERO)
        pairs, of_years = tables.balances_beside(read.statement, str(last), books.classes, books.retained, ours, total, books.stands)
        rows = [_pair(books, each, read.currency) for each in pairs]
        rows.append({**_pair(books, of_years, read.currency), "xero": in_words(_("Results of all years so far"))})
        pairs = [*pairs, of_years]
    else:
        pairs = tables.results_beside(read.statement, sorted(wanted), books.classes, results, books.stands)
        rows = [_pair(books, each, read.currency) for each in pairs]
    if rows:
        rows.append(_total(pairs, read.currency))
    said = drawn.head(chosen, kind, read.read_at, read.statement.empty)
    said.append(
        _("Debit positive, from {first} to {last}; accounts beside each other as they are mapped").format(first=str(first), last=str(last))
    )
    if balances:
        said[-1] = _("Debit positive, at {last}; accounts beside each other as they are mapped").format(last=str(last))
    return Drawn(columns, rows, said)


def _pair(books: _Books, pair: Pair, currency: str) -> dict[str, Any]:
    return {
        "xero": stored(books.named(pair.xero)) if pair.xero else in_words(_("Not mapped")),
        "here": stored(", ".join(sorted(pair.here))),
        "xero_account": pair.xero,
        "in_xero": pair.in_xero,
        "in_erpnext": pair.in_erpnext,
        "difference": pair.difference,
        "currency": currency,
        "bold": 0,
    }


def _total(pairs: Sequence[Pair], currency: str) -> dict[str, Any]:
    def total(values: Iterable[Value]) -> Decimal:
        return sum((each for each in values if each is not None), ZERO)

    return {
        "xero": in_words(_("Total")),
        "in_xero": total(each.in_xero for each in pairs),
        "in_erpnext": total(each.in_erpnext for each in pairs),
        "difference": total(each.difference for each in pairs),
        "currency": currency,
        "bold": 1,
    }


def documents(chosen: Chosen, account: str) -> Drawn:
    """The documents here whose rows stand on the accounts that are mapped to an account of Xero's (code, name or AccountID), with what each became in Xero. What only Xero has is named as one figure,
    where Profit and Loss of these months was read."""
    books = _Books(chosen)
    xero_id = _found(books, account)
    here = sorted(each for each, stands in books.stands.items() if stands == xero_id and xero_id)
    columns = [
        drawn.text("posting_date", in_words(_("Date")), 105, "Date"),
        drawn.text("document", in_words(_("Document Here")), 190, "Dynamic Link", "doctype"),
        drawn.text("account", in_words(_("Account Here")), 200),
        drawn.money("amount", in_words(_("Debit Less Credit")), 150),
        drawn.text("number", in_words(_("Number in Xero")), 150),
        drawn.text("status", in_words(_("Status in Xero")), 130),
        drawn.money("total_in_xero", in_words(_("Total in Xero"))),
    ]
    rows = _vouchers(chosen, here) if here else []
    links = _links(chosen.connection, rows)
    shown: list[dict[str, Any]] = []
    in_xero, whole = ZERO, ZERO
    for row in rows[:MOST]:
        link = links.get((row["voucher_type"], row["voucher_no"]))
        value = half_up(decimal(row["moved"]))
        whole += value
        in_xero += value if link else ZERO
        shown.append({
            "posting_date": row["posting_date"],
            "doctype": row["voucher_type"],
            "document": row["voucher_no"],
            "account": stored(row["account"]),
            "amount": value,
            "number": stored(link["xero_number"]) if link else in_words(_("Not in Xero")),
            "status": stored(link["remote_status"]) if link else "",
            "total_in_xero": link["remote_total"] if link else None,
            "currency": chosen.currency,
            "bold": 0,
        })  # fmt: skip
    said: list[str] = [
        _("{account}: documents here come to {whole}, of which {sent} are in Xero (debit positive)").format(
            account=books.named(xero_id), whole=amount(whole), sent=amount(in_xero)
        )
        if here
        else _("No account here is mapped to {account}").format(account=books.named(xero_id))
    ]
    if len(rows) > MOST:
        said.append(_("Only the first {count} documents are shown: choose a shorter period").format(count=str(MOST)))
    said += _in_xero_alone(chosen, books, xero_id, in_xero)
    return Drawn(columns, shown, said)


def _in_xero_alone(chosen: Chosen, books: _Books, xero_id: str, sent: Decimal) -> list[str]:
    whole_months = chosen.first == months.start(chosen.first) and chosen.last == months.end(chosen.last)
    if books.classes.get(xero_id) not in (REVENUE, EXPENSE) or not whole_months:
        return []
    read = snapshots.of_months(chosen.connection, PROFIT_AND_LOSS, chosen.first, chosen.last)
    wanted = {str(each) for each in chosen.asked(PROFIT_AND_LOSS).columns}
    if not read or not wanted <= set(read.statement.columns):
        return []
    amounts = read.statement.by_account.get(xero_id, {})
    there = sum((beside.debit(amounts.get(each, ZERO), books.classes[xero_id]) for each in wanted), ZERO)
    return [
        _("Xero has {there} there, read at {time} (UTC): {other} of it are of what was entered in Xero, or booked there otherwise").format(
            there=amount(there), time=read.read_at.strftime("%Y-%m-%d %H:%M"), other=amount(there - sent)
        )
    ]


def _found(books: _Books, account: str) -> str:
    """The AccountID of an account of Xero's that is named by that, by its code, or by code and name. Throws."""
    wanted = account.strip().casefold()
    for each in books.chart:
        if wanted and wanted in (each.xero_id.casefold(), each.code.casefold(), books.named(each.xero_id).casefold()):
            return each.xero_id
    frappe.throw(html(in_words(_("Choose an account of Xero by its code"))))
    return ""


def _vouchers(chosen: Chosen, accounts: Sequence[str]) -> list[dict[str, Any]]:
    return list(
        frappe.db.sql(
            "SELECT `posting_date`, `voucher_type`, `voucher_no`, `account`, SUM(`debit`-`credit`) AS moved FROM `tabGL Entry` "
            "WHERE `company`=%(company)s AND `account` IN %(accounts)s AND `posting_date`>=%(first)s AND `posting_date`<=%(last)s "
            "AND COALESCE(`is_cancelled`, 0)=0 AND `voucher_type`<>'Period Closing Voucher' "
            "GROUP BY `posting_date`, `voucher_type`, `voucher_no`, `account` ORDER BY `posting_date`, `voucher_no`, `account` LIMIT %(most)s",
            {"company": chosen.company, "accounts": tuple(accounts), "first": chosen.first, "last": chosen.last, "most": MOST + 1},
            as_dict=True,
        )
    )


def _links(connection: str, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """By document its record in Xero: the one that was made first of it."""
    names = sorted({str(row["voucher_no"]) for row in rows})
    found: dict[tuple[str, str], dict[str, Any]] = {}
    fields = ["reference_doctype", "reference_name", "xero_number", "remote_status", "remote_total"]
    for start in range(0, len(names), 500):
        filters = {"connection": connection, "reference_name": ("in", names[start : start + 500])}
        for row in frappe.get_all(LINK, filters=filters, fields=fields, order_by="sequence asc, creation asc"):
            found.setdefault((str(row["reference_doctype"]), str(row["reference_name"])), row)
    return found
