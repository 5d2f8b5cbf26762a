"""A forecast of books in the host: every source, each open item once, and what is recorded of a company adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from benchmarks import cash_flow_books as books
from sandbox.rig import Rig

TODAY = date(2026, 11, 29)
BANK, TRANSIT, TAXES = "Trading Account - {}", "Petty Cash - {}", "GST - {}"


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def frappe(unconnected: Rig) -> Iterator[Any]:
    with unconnected.frappe() as host:
        books.install()
        yield host


@pytest.fixture
def company(unconnected: Rig) -> str:
    return str(unconnected.company["name"])


def account(unconnected: Rig, name: str) -> str:
    return name.format(unconnected.company["abbr"])


def lines(company: str, **chosen: Any) -> list[tuple[Any, ...]]:
    """(kind, name, part, amount, days from today) of every line."""
    from picortex_xero.cash_flow import reading, settings

    found = reading.of(company, TODAY, settings.Chosen(**chosen)).lines
    return sorted(
        (
            line.item.kind,
            line.item.name,
            line.item.part,
            float(line.amount),
            None if line.expected is None else (line.expected - TODAY).days,
        )
        for line in found
    )


def test_invoices_by_instalments_bills_on_hold_credits_and_advances(frappe: Any, company: str) -> None:
    of = {"company": company}
    books.write(
        frappe,
        "Sales Invoice",
        [
            {**books.invoice("SI-1", True, "Fern", 100, day(-30), day(30), 80), **of},
            {**books.invoice("SI-2", True, "Fern", 50, day(-5), day(9), 50), **of},
            {**books.invoice("SI-3", True, "Fern", -10, day(-5), day(-5), -10), **of, "is_return": 1},
            {**books.invoice("SI-paid", True, "Fern", 100, day(-30), day(-1), 0), **of},
            {**books.invoice("SI-draft", True, "Fern", 100, day(-30), day(1), 100), **of, "docstatus": 0},
            {**books.invoice("SI-other", True, "Fern", 100, day(-30), day(1), 100), "company": "Another"},
        ],
    )
    books.write(
        frappe,
        "Purchase Invoice",
        [
            {**books.invoice("PI-1", False, "Moa", 40, day(-5), day(4), 40), **of},
            {**books.invoice("PI-2", False, "Moa", 41, day(-5), day(4), 41), **of, "on_hold": 1, "release_date": day(20)},
            {**books.invoice("PI-3", False, "Moa", 42, day(-5), day(4), 42), **of, "on_hold": 1},
        ],
    )
    schedule = {"parenttype": "Sales Invoice", "parentfield": "payment_schedule"}
    books.write(
        frappe,
        "Payment Schedule",
        [{"name": f"part-{n}", "parent": "SI-1", "due_date": day(n), "payment_amount": 50, **schedule} for n in (0, 30)],
    )
    paid = {
        "party_type": "Supplier",
        "party": "Moa",
        "party_name": "Moa",
        "paid_to_account_currency": "NZD",
        "target_exchange_rate": 1,
        "posting_date": day(-1),
    }
    books.write(frappe, "Payment Entry", [{"name": "PE-1", "payment_type": "Pay", "unallocated_amount": 15, **of, **paid}])
    assert lines(company) == [
        ("Bill", "PI-1", "", -40.0, 4),
        ("Bill", "PI-2", "", -41.0, 20),
        ("Bill", "PI-3", "", -42.0, None),
        ("Credit", "PE-1", "", 15.0, 4),
        ("Credit", "SI-3", "", -10.0, 0),
        ("Invoice", "SI-1", "1/2", 30.0, 0),
        ("Invoice", "SI-1", "2/2", 50.0, 30),
        ("Invoice", "SI-2", "", 50.0, 9),
    ]


def test_journals_on_a_party_are_open_items_as_far_as_nothing_is_allocated(frappe: Any, company: str, unconnected: Rig) -> None:
    books.write(frappe, "Journal Entry", [{"name": "JE-1", "company": company, "posting_date": day(-3), "due_date": day(7)}])
    row = {
        "company": company,
        "account": account(unconnected, "Debtors - {}"),
        "party_type": "Customer",
        "party": "Fern",
        "posting_date": day(-3),
        "delinked": 0,
    }
    against = {"against_voucher_type": "Journal Entry", "against_voucher_no": "JE-1"}
    for name, amount in (("a", 100), ("b", -30)):
        books.write(frappe, "Payment Ledger Entry", [{"name": name, **row, **against, "amount_in_account_currency": amount}])
    assert lines(company) == [("Invoice", "JE-1", "Fern", 70.0, 7)]


def test_what_was_paid_before_moves_what_is_open(frappe: Any, company: str) -> None:
    """Four of Fern's invoices were paid ten days late; one more was set off, and says nothing."""
    for number in range(5):
        row = books.invoice(f"SI-{number}", True, "Fern", 100, day(-100), day(-70), 0)
        books.write(frappe, "Sales Invoice", [{**row, "company": company}])
        ledger = {"name": f"ple-{number}", "company": company, "party_type": "Customer", "party": "Fern", "delinked": 0}
        kind = "Payment Entry" if number < 4 else "Sales Invoice"
        against = {"against_voucher_type": "Sales Invoice", "against_voucher_no": f"SI-{number}"}
        books.write(
            frappe,
            "Payment Ledger Entry",
            [{**ledger, **against, "voucher_type": kind, "voucher_no": "x", "posting_date": day(-60 if number < 4 else 0)}],
        )
    books.write(frappe, "Sales Invoice", [{**books.invoice("SI-9", True, "Fern", 100, day(-5), day(20), 100), "company": company}])
    assert lines(company) == [("Invoice", "SI-9", "", 100.0, 30)]


def test_orders_are_invoiced_when_delivered_less_what_is_billed_or_paid_ahead(frappe: Any, company: str) -> None:
    sale = {
        "company": company,
        "customer": "Fern",
        "customer_name": "Fern",
        "currency": "NZD",
        "party_account_currency": "NZD",
        "conversion_rate": 1,
    }
    sale |= {
        "grand_total": 200,
        "per_billed": 25,
        "advance_paid": 30,
        "status": "To Bill",
        "transaction_date": day(-10),
        "delivery_date": day(5),
    }
    closed = {**sale, "name": "SO-2", "status": "Closed"}
    billed = {**sale, "name": "SO-3", "per_billed": 100}
    late = {**sale, "name": "SO-4", "delivery_date": day(-4), "advance_paid": 0, "per_billed": 0, "grand_total": 10}
    books.write(frappe, "Sales Order", [{**sale, "name": "SO-1"}, closed, billed, late])
    purchase = {key: value for key, value in sale.items() if not key.startswith("customer") and key != "delivery_date"}
    books.write(
        frappe,
        "Purchase Order",
        [{**purchase, "name": "PO-1", "supplier": "Moa", "schedule_date": day(8), "per_billed": 0, "advance_paid": 0}],
    )
    schedule = {"parenttype": "Sales Order", "parentfield": "payment_schedule", "parent": "SO-1"}
    books.write(frappe, "Payment Schedule", [{"name": "so-part", "due_date": day(10), "payment_amount": 200, **schedule}])
    assert lines(company) == [
        ("Purchase Order", "PO-1", "", -200.0, 8),
        # Twenty days of terms after delivery.
        ("Sales Order", "SO-1", "", 120.0, 25),
        ("Sales Order", "SO-4", "", 10.0, 0),
    ]
    assert lines(company, with_orders=False) == []


def test_what_is_repeated_comes_until_its_end(frappe: Any, company: str) -> None:
    template = books.invoice("SI-T", True, "Fern", 115, day(-60), day(-46), 0)
    books.write(frappe, "Sales Invoice", [{**template, "company": company}])
    again = {"name": "AR-1", "reference_doctype": "Sales Invoice", "reference_document": "SI-T", "frequency": "Monthly", "status": "Active"}
    again |= {"next_schedule_date": date(2026, 12, 31), "end_date": date(2027, 2, 28), "docstatus": 0}
    books.write(frappe, "Auto Repeat", [again, {**again, "name": "AR-2", "disabled": 1}])
    books.write(
        frappe,
        "Subscription Plan",
        [{"name": "Plan", "cost": 20, "currency": "NZD", "billing_interval": "Month", "billing_interval_count": 1}],
    )
    part = {"name": "sp", "parent": "SUB-1", "parenttype": "Subscription", "parentfield": "plans", "plan": "Plan", "qty": 2}
    books.write(frappe, "Subscription Plan Detail", [part])
    subscription = {
        "name": "SUB-1",
        "company": company,
        "party_type": "Customer",
        "party": "Kea",
        "status": "Active",
        "docstatus": 0,
        "days_until_due": 5,
    }
    subscription |= {"current_invoice_start": date(2026, 11, 15), "current_invoice_end": date(2026, 12, 14), "end_date": date(2027, 1, 20)}
    books.write(frappe, "Subscription", [{**subscription, "generate_invoice_at": "End of the current subscription period"}])
    assert [(kind, name, part, amount) for kind, name, part, amount, _days in lines(company)] == [
        ("Repeated", "AR-1", "2026-12-31", 115.0),
        ("Repeated", "AR-1", "2027-01-31", 115.0),
        ("Repeated", "SUB-1", "2026-12-14", 40.0),
        ("Repeated", "SUB-1", "2027-01-14", 40.0),
        ("Repeated", "SUB-1", "2027-02-14", 40.0),
    ]
    frappe.db.set_value("Subscription", "SUB-1", "cancel_at_period_end", 1)
    # The last invoice is what the next ones are over, and its period is not invoiced again.
    last = {**books.invoice("SI-S", True, "Kea", 46, day(-10), day(-5), 0), "company": company, "subscription": "SUB-1"}
    books.write(frappe, "Sales Invoice", [{**last, "to_date": date(2026, 12, 14)}])
    assert [each for each in lines(company) if each[1] == "SUB-1"] == []
    frappe.db.set_value("Subscription", "SUB-1", "cancel_at_period_end", 0)
    assert [each[3] for each in lines(company) if each[1] == "SUB-1"] == [46.0, 46.0]


def test_wages_claims_and_what_is_entered_ahead(frappe: Any, company: str, unconnected: Rig) -> None:
    slip = {
        "company": company,
        "payroll_frequency": "Monthly",
        "start_date": date(2026, 10, 1),
        "end_date": date(2026, 10, 31),
        "base_net_pay": 900,
    }
    books.write(
        frappe,
        "Salary Slip",
        [
            {**slip, "name": "S-1", "payroll_entry": "P-1"},
            {**slip, "name": "S-2", "payroll_entry": "P-2", "base_rounded_total": 801, "base_net_pay": 800.6},
            {**slip, "name": "S-old", "end_date": date(2026, 9, 30), "payroll_entry": "P-0"},
        ],
    )
    books.write(frappe, "Journal Entry", [{"name": "JE-P", "company": company, "voucher_type": "Bank Entry", "posting_date": day(-20)}])
    reference = {
        "reference_type": "Payroll Entry",
        "reference_name": "P-1",
        "parent": "JE-P",
        "parenttype": "Journal Entry",
        "parentfield": "accounts",
    }
    books.write(frappe, "Journal Entry Account", [{"name": "jea", **reference}])
    claim = {
        "company": company,
        "employee": "E-1",
        "employee_name": "Ana",
        "approval_status": "Approved",
        "status": "Unpaid",
        "posting_date": day(-3),
    }
    claims = [
        {**claim, "name": "EC-1", "grand_total": 60, "total_amount_reimbursed": 20},
        {**claim, "name": "EC-2", "grand_total": 9, "is_paid": 1},
    ]
    books.write(frappe, "Expense Claim", claims)
    bank, transit = account(unconnected, BANK), account(unconnected, TRANSIT)
    books.write(
        frappe,
        "GL Entry",
        [
            {**books.ledger("JE-A", bank, -70, day(6)), "company": company},
            {**books.ledger("JE-T", transit, 33, day(-1)), "company": company},
        ],
    )
    books.write(frappe, "Account", [{"name": transit, "company": company, "account_currency": "NZD", "account_type": "Bank"}])
    assert lines(company, weeks=6, in_transit_account=transit) == [
        ("Dated Ahead", "JE-A", f"{bank} {day(6)}", -70.0, 6),
        ("Expense Claim", "EC-1", "", -40.0, 0),
        ("In Transit", transit, "", 33.0, 2),
        # P-2 has no bank entry yet; the next periods end on the last days of their months.
        ("Payroll", "Monthly", "2026-10-31", -801.0, 0),
        ("Payroll", "Monthly", "2026-11-30", -1701.0, 1),
        ("Payroll", "Monthly", "2026-12-31", -1701.0, 32),
    ]


def test_own_lines_and_a_tax_day_that_pays_what_is_collected(frappe: Any, company: str, unconnected: Rig) -> None:
    def line(**values: Any) -> str:
        doc = frappe.get_doc({"doctype": "Xero Forecast Line", "company": company, "first_day": day(3), "frequency": "Once", **values})
        return str(doc.insert(ignore_permissions=True).name)

    rent = line(title="Rent", amount=500, direction="Out", frequency="Weekly", last_day=day(10))
    grant = line(title="Grant", amount=70, direction="In", currency="AUD")
    line(title="Old", amount=1, disabled=1)
    tax = account(unconnected, TAXES)
    books.write(
        frappe, "Account", [{"name": tax, "company": company, "account_currency": "NZD"}] if not frappe.db.exists("Account", tax) else []
    )
    books.write(
        frappe,
        "GL Entry",
        [
            {**books.ledger("SI-X", tax, -365, day(-364), "Sales Invoice"), "company": company},
            {**books.ledger("JE-X", tax, 265, day(-1)), "company": company},
        ],
    )
    gst = line(
        title="GST",
        kind="Tax Payment",
        amount_from="What an Account Has Collected",
        account=tax,
        first_day=day(28),
        covers_until=28,
        frequency="Monthly",
    )
    # Two of one day come in the order of their names, which are drawn.
    assert sorted(lines(company, weeks=9), key=lambda each: (each[2], -each[3])) == [
        ("Own Line", grant, day(3).isoformat(), 70.0, 3),
        ("Own Line", rent, day(3).isoformat(), -500.0, 3),
        ("Own Line", rent, day(10).isoformat(), -500.0, 10),
        # 100 are owed today, and 1 more each day.
        ("Tax Payment", gst, day(28).isoformat(), -100.0, 28),
        ("Tax Payment", gst, date(2027, 1, 27).isoformat(), -31.0, 59),
    ]
    books.write(frappe, "Account", [{"name": "Bank - Another", "company": "Another"}])
    for wrong, said in (
        ({"title": "No amount"}, "Enter the amount"),
        ({"title": "Backwards", "amount": 1, "last_day": day(1)}, "before the first"),
        ({"title": "Another's", "amount_from": "What an Account Has Collected", "account": "Bank - Another"}, "is no account of"),
        ({"title": "No account", "amount_from": "What an Account Has Collected"}, "Choose the account"),
    ):
        with pytest.raises(frappe.ValidationError, match=said):
            line(**wrong)


def test_the_opening_is_what_banks_and_cash_hold_and_a_currency_without_a_rate_is_said(frappe: Any, company: str, unconnected: Rig) -> None:
    from picortex_xero.cash_flow import reading

    before = reading.of(company, TODAY).opening.total()
    for name, moved, when in (("a", 1000, -3), ("b", -200, 0), ("c", -50, 1)):
        books.write(frappe, "GL Entry", [{**books.ledger(name, account(unconnected, BANK), moved, day(when)), "company": company}])
    forecast = reading.of(company, TODAY)
    assert forecast.opening.total() - before == Decimal(800)
    assert forecast.curve().balances()[-1][1] == forecast.opening.total() - 50
    foreign = books.invoice(
        "SI-F", True, "Fern", 100, day(-5), day(9), 100, currency="CHF", party_account_currency="CHF", conversion_rate=0
    )
    books.write(frappe, "Sales Invoice", [{**foreign, "company": company}])
    with pytest.raises(reading.NoRate) as found:
        reading.of(company, TODAY)
    assert "CHF" in found.value.said


def test_what_is_recorded_of_a_company_is_in_its_forecast_once(unconnected: Rig) -> None:
    """Added up from the recorded documents themselves."""
    unconnected.play(unconnected.documents)
    with unconnected.frappe() as frappe:
        from picortex_xero.cash_flow import reading

        company = str(unconnected.company["name"])
        wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for doctype, sign in (("Sales Invoice", 1), ("Purchase Invoice", -1)):
            for row in frappe.get_all(doctype, filters={"docstatus": 1, "company": company}, fields=["name", "outstanding_amount"]):
                wanted[doctype, row["name"]] += sign * Decimal(str(row["outstanding_amount"] or 0))
        for row in frappe.get_all(
            "Payment Entry",
            filters={"docstatus": 1, "company": company},
            fields=["name", "payment_type", "unallocated_amount", "party_type"],
        ):
            if row["party_type"]:
                wanted["Payment Entry", row["name"]] += (-1 if row["payment_type"] == "Receive" else 1) * Decimal(
                    str(row["unallocated_amount"] or 0)
                )
        forecast = reading.of(company, TODAY)
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for line in forecast.lines:
            if line.item.doctype != "Journal Entry" and line.item.kind != "Dated Ahead":
                found[line.item.doctype, line.item.name] += line.amount
        assert dict(found) == {key: amount for key, amount in wanted.items() if abs(amount) >= Decimal("0.01")} and len(found) > 5
        curve = forecast.curve()
        assert curve.balances()[-1][1] == forecast.opening.total() + sum(line.base for line in forecast.within())
