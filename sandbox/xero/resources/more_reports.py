"""Bank Summary, Budget Summary and the aged reports of one contact, as Xero's published examples of them are built (A)."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.xero import balances, report_shape, wire
from sandbox.xero.refusals import not_found
from sandbox.xero.report_shape import back, computed, day_of, figure, header, month_end, of_account, refused, said, section
from sandbox.xero.world import Call

_BANK = ("Opening Balance", "Cash Received", "Cash Spent", "Closing Balance")
_AGED = ("Due Date", "", "Total", "Paid", "Credited", "Due")


def bank_summary(call: Call) -> dict[str, Any]:
    """``fromDate`` to ``toDate`` (default: the current month), in base currency (C). The account's id stands under accountID at its name and under
    account at what was received and spent; the balances have none (A). An account that is archived and empty is left out (C)."""
    today = call.org.today()
    first, last = day_of(call, "fromDate", today.replace(day=1)), day_of(call, "toDate", month_end(today))
    if first > last:
        raise refused("The fromDate must not be after the toDate.")
    rows, totals = [], [wire.ZERO] * 4
    opening = balances.balances(call.org, first - timedelta(days=1))
    moved = list(balances.postings(call.org, last, first - timedelta(days=1)))
    for account in call.org.accounts.values():
        key = account["AccountID"]
        received = sum((row.amount for row in moved if row.account == key and row.amount > 0), wire.ZERO)
        spent = -sum((row.amount for row in moved if row.account == key and row.amount < 0), wire.ZERO)
        before = opening.get(key, wire.ZERO)
        values = [before, received, spent, before + received - spent]
        if account["Type"] != "BANK" or account["Status"] != "ACTIVE" and not any(values):
            continue
        attribute = [{"Value": key, "Id": "account"}]
        rows.append({"RowType": "Row", "Cells": [
            {"Value": account["Name"], "Attributes": [{"Value": key, "Id": "accountID"}]}, {"Value": figure(values[0])},
            {"Value": figure(values[1]), "Attributes": attribute}, {"Value": figure(values[2]), "Attributes": attribute}, {"Value": figure(values[3])}]})
        totals = [former + own for former, own in zip(totals, values)]
    inside = [*rows, computed("Total", map(figure, totals), "SummaryRow")]
    return report_shape.report(call, "BankSummary", "Bank Summary", ["Bank Summary", call.org.name, f"From {said(first)} to {said(last)}"],
                               [header("Bank Accounts", *_BANK), section("", inside)])


def budget_summary(call: Call) -> dict[str, Any]:
    """The overall budget from the month of ``date`` on: ``periods`` (1 to 12, default 12: C) of ``timeframe`` 1, 3 or 12 months; a column bears the name of
    its last month (A: November 2019 to October 2022 by quarters begins with Jan-20)."""
    start, asked, frame = day_of(call, "date", call.org.today()).replace(day=1), call.query.get("periods") or "12", call.query.get("timeframe") or "1"
    if not asked.isdigit() or not 1 <= int(asked) <= 12 or frame not in ("1", "3", "12"):
        raise refused("The periods or the timeframe are not valid.")
    step = int(frame)
    spans = [(back(start, -step * each), back(start, -step * each - step + 1)) for each in range(int(asked))]

    def values(account: str) -> list[Decimal]:
        months = call.org.budget.get(account, {})
        return [sum((amount for month, amount in months.items() if first <= month <= last), wire.ZERO) for first, last in spans]

    def group(title: str, total: str, types: tuple[str, ...]) -> tuple[list[Decimal], dict[str, Any]]:
        own = [(each, values(each["AccountID"])) for each in call.org.accounts.values() if each["Type"] in types and each["AccountID"] in call.org.budget]
        sums = [sum((row[place] for _, row in own), wire.ZERO) for place in range(len(spans))]
        return sums, section(title if own else "", [*(of_account(each, map(figure, row)) for each, row in own), computed(total, map(figure, sums), "SummaryRow")])

    (income, rows_in), (cost, rows_cost) = group("Income", "Total Income", ("REVENUE", "SALES")), group("Less Cost of Sales", "Total Cost of Sales", ("DIRECTCOSTS",))
    (other, rows_other) = group("Plus Other Income", "Total Other Income", ("OTHERINCOME",))
    spent, rows_spent = group("Less Operating Expenses", "Total Expenses", ("EXPENSE", "OVERHEADS", "DEPRECIATN"))
    gross = [a - b for a, b in zip(income, cost)]
    rows = [each for each in (rows_in, rows_cost) if len(each["Rows"]) > 1]
    rows.append(section("", [computed("Gross Profit", map(figure, gross), "SummaryRow")]))
    rows += [each for each in (rows_other,) if len(each["Rows"]) > 1]
    rows += [rows_spent, section("", [computed("Net Profit", (figure(a + b - c) for a, b, c in zip(gross, other, spent)), "SummaryRow")])]
    titles = ["Overall Budget", "Budget Summary", call.org.name, f"{start:%B %Y} to {spans[-1][1]:%B %Y}"]
    return report_shape.report(call, "BudgetSummary", "Budget Summary", titles, [header("Account", *(f"{last:%b}-{last:%y}" for _, last in spans)), *rows])


def _aged(kind: str, name: str, number: str, types: tuple[str, str]) -> Callable[[Call], dict[str, Any]]:
    def aged(call: Call) -> dict[str, Any]:
        """Of one contact (``contactId``) the documents of a span (``fromDate``, ``toDate``) with what was paid and credited until ``date`` (default today),
        in their own currency (C)."""
        contact = call.query.get("contactId") or call.query.get("contactID")
        if not contact:
            raise refused("The contactID is required.")
        if contact.lower() not in call.org.of("Contacts"):
            raise not_found()
        at = day_of(call, "date", call.org.today())
        first, last = day_of(call, "fromDate", date(1900, 1, 1)), day_of(call, "toDate", at)
        shown, totals = [], [wire.ZERO] * 4
        for record in sorted(_documents(call, contact.lower(), types), key=lambda each: each["Date"]):
            sign = -1 if record["Type"].endswith("CREDIT") else 1
            paid = sum((each["Amount"] for key in record["payments"] if (each := call.org.of("Payments")[key])["Date"] <= at), wire.ZERO)
            credited = sum((each["Amount"] for each in record["allocations"] if each["Date"] <= at), wire.ZERO)
            values = [sign * each for each in (record["Total"], paid, credited, record["Total"] - paid - credited)]
            if first <= record["Date"] <= last and values[3]:
                key = record.get("InvoiceID") or record["CreditNoteID"]
                due = record.get("DueDate")
                late = f"{(at - due).days} days overdue" if due and due < at else ""
                cells = [wire.iso_day(record["Date"]), record.get("InvoiceNumber") or record.get("CreditNoteNumber") or "", wire.iso_day(due) if due else "", late, *map(figure, values)]
                shown.append({"RowType": "Row", "Cells": [{"Value": each, "Attributes": [{"Value": key, "Id": "invoiceID"}]} for each in cells]})
                totals = [former + own for former, own in zip(totals, values)]
        sums = ["", "", "", *map(figure, totals)]
        opening = computed(wire.iso_day(first), ["Opening Balance", "", "", "", "", "", "0.00"])
        rows = [header("Date", number, *_AGED), section("", [opening]), section("", [*shown, computed("Total", sums, "SummaryRow")]),
                section("", [computed("Closing Balance", sums, "SummaryRow")])]
        who = call.org.of("Contacts")[contact.lower()]["Name"]
        return report_shape.report(call, kind, name, ["Invoices", who, f"From {said(first)} to {said(last)}", f"Showing payments to {said(at)}"], rows)
    return aged


def _documents(call: Call, contact: str, types: tuple[str, str]) -> list[dict[str, Any]]:
    return [each for resource in ("Invoices", "CreditNotes") for each in call.org.of(resource).values()
            if each["contact"] == contact and each["Type"] in types and each["Status"] in ("AUTHORISED", "PAID")]


aged_receivables = _aged("AgedReceivablesByContact", "Aged Receivables By Contact", "Number", ("ACCREC", "ACCRECCREDIT"))
aged_payables = _aged("AgedPayablesByContact", "Aged Payables By Contact", "Reference", ("ACCPAY", "ACCPAYCREDIT"))
ROUTES = [("GET", "/Reports/BankSummary", "accounting.reports.banksummary", bank_summary),
          ("GET", "/Reports/BudgetSummary", "accounting.reports.budgetsummary", budget_summary),
          ("GET", "/Reports/AgedReceivablesByContact", "accounting.reports.aged", aged_receivables),
          ("GET", "/Reports/AgedPayablesByContact", "accounting.reports.aged", aged_payables)]
