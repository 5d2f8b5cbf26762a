"""What screens show of a forecast, forecasts that are kept, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from benchmarks import cash_flow_books as books
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig

TODAY = date(2026, 11, 29)


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


def bank_of(rig: Rig) -> str:
    return f"Trading Account - {rig.company['abbr']}"


def test_what_screens_show_is_one_forecast(frappe: Any, company: str, unconnected: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.api import cash_flow
    from picortex_xero.picortex_xero.report.xero_cash_forecast import xero_cash_forecast

    for module in (cash_flow, xero_cash_forecast):
        monkeypatch.setattr(module, "nowdate", lambda: TODAY.isoformat())
    books.write(frappe, "GL Entry", [{**books.ledger("a", bank_of(unconnected), 100, day(-3)), "company": company}])
    rows = [("SI-1", True, "Fern", 300, 9), ("SI-2", True, "Kea", 80, 30), ("PI-1", False, "Moa", 150, 4)]
    for name, customers, party, amount, due in rows:
        doctype = "Sales Invoice" if customers else "Purchase Invoice"
        books.write(frappe, doctype, [{**books.invoice(name, customers, party, amount, day(-5), day(due), amount), "company": company}])
    books.write(frappe, "Sales Invoice", [{**books.invoice("SI-old", True, "Fern", 7, day(-200), day(-180), 7), "company": company}])
    found = cash_flow.forecast(company)
    opening = Decimal(found["opening"])
    assert (found["closing"], found["lowest"]["day"], found["lowest"]["balance"]) == (
        f"{opening + 230:f}",
        day(4).isoformat(),
        f"{opening - 150:f}",
    )
    assert [each["name"] for each in found["lowest"]["causes"]] == ["PI-1"]
    assert (found["beyond"]["lines"], found["beyond"]["not_counted_on"], found["scenarios"]) == (1, 1, [])
    assert sum(Decimal(each["into"]) + Decimal(each["out"]) for each in found["months"]) == 230
    what_if = cash_flow.forecast(company, later=7, later_customer="Fern", lost="Kea", open_too=1)
    assert what_if["closing"] == f"{opening + 150:f}" and len(what_if["scenarios"]) == 2
    assert [each["expected"] for each in what_if["weeks"]] == [each["closing"] for each in found["weeks"]]
    listed = cash_flow.lines(company, day(0).isoformat(), day(16).isoformat(), later=7, later_customer="Fern")
    assert [(each["name"], each["expected"]) for each in listed["rows"]] == [("PI-1", day(4).isoformat()), ("SI-1", day(16).isoformat())]
    columns, shown, _message, chart, summary = xero_cash_forecast.execute({"company": company})
    assert [each.get("document", "") for each in shown] == ["", "PI-1", "SI-1", "SI-2"]
    assert shown[-1]["balance"] == opening + 230 and summary[1]["value"] == opening - 150
    assert chart["data"]["datasets"][0]["values"][-1] == float(opening + 230)
    assert {each["fieldname"] for each in columns} >= {name for row in shown for name in row} - {"curve_currency", "doctype"}
    (not_counted,) = xero_cash_forecast.execute({"company": company, "beyond": 1})[1]
    assert not_counted["document"] == "SI-old" and "not counted on" in not_counted["why"]
    for wrong in ({"company": "Nobody"}, {"company": company, "later": -1}, {"company": company, "later": 1000}):
        with pytest.raises(frappe.ValidationError):
            xero_cash_forecast.execute(wrong)


def test_a_forecast_is_kept_once_a_day_compared_and_told_of_below_the_limit(rig: Rig) -> None:
    company = str(rig.company["name"])
    add_user(rig.site, "accountant@example.com", ["Xero Accountant"])
    with rig.frappe() as frappe:
        books.install()
        from picortex_xero.cash_flow import kept, settings
        from picortex_xero.engine import jobs

        setting = frappe.get_doc({"doctype": "Xero Forecast Setting", "company": company, "weeks": 8, "lowest_allowed": 50}).insert(
            ignore_permissions=True
        )
        assert settings.companies() == [company]
        bank = bank_of(rig)
        before = next(iter(kept.compared(company, TODAY))).held
        books.write(frappe, "GL Entry", [{**books.ledger("a", bank, 100 - float(before), day(-40)), "company": company}])
        books.write(frappe, "Purchase Invoice", [{**books.invoice("PI-1", False, "Moa", 60, day(-40), day(-24), 60), "company": company}])
        long_ago = day(-35)
        kept.keep(company, long_ago)
        kept.keep(company, long_ago)
        (row,) = frappe.get_all("Xero Forecast", fields=["made_on", "opening", "lowest", "closing", "lowest_day"])
        assert (row["made_on"], row["opening"], row["lowest"], row["closing"], row["lowest_day"]) == (long_ago, 100, 40, 40, day(-24))
        told = frappe.get_all(
            "Notification Log", filters={"subject": ("like", "%expected to be left%")}, fields=["subject", "email_content", "link"]
        )
        assert (
            told
            and "less than 50" in told[0]["subject"]
            and "Moa" in told[0]["email_content"]
            and told[0]["link"].startswith("/app/cash-forecast/")
        )
        # What happened: more was paid, earlier.
        books.write(frappe, "GL Entry", [{**books.ledger("b", bank, -75, day(-30)), "company": company}])
        found = {each.day: each for each in kept.compared(company, TODAY)}
        end = date(2026, 11, 15)
        assert (found[end].held, dict(found[end].expected)) == (Decimal(25), {4: Decimal(40)})
        # Told again after a week, not before; and over once enough is left.
        count = len(told)
        kept.keep(company, day(-33))
        kept.keep(company, day(-28))
        assert frappe.db.count("Notification Log", {"subject": ("like", "%expected to be left%")}) == 2 * count
        frappe.db.set_value("Xero Forecast Setting", setting.name, "lowest_allowed", -1000)
        kept.keep(company, day(-27))
        assert frappe.db.get_value("Xero Forecast Setting", setting.name, "told_on") is None
        # What cannot be summed is told too, and nothing is kept of it.
        foreign = books.invoice(
            "SI-F", True, "Fern", 100, day(-5), day(9), 100, currency="CHF", party_account_currency="CHF", conversion_rate=0
        )
        books.write(frappe, "Sales Invoice", [{**foreign, "company": company}])
        kept.keep(company, TODAY)
        assert not frappe.db.exists("Xero Forecast", {"made_on": TODAY})
        assert frappe.db.exists("Notification Log", {"subject": ("like", "%no exchange rate for CHF%")})
        frappe.db.rollback()
        jobs.keep_forecast(company)
        with pytest.raises(frappe.ValidationError, match="1 to 52 weeks"):
            frappe.get_doc({"doctype": "Xero Forecast Setting", "company": company, "weeks": 60}).insert(ignore_permissions=True)


def test_nobody_reads_another_company_or_without_the_role(frappe: Any, company: str, unconnected: Rig) -> None:
    add_user(unconnected.site, "clerk@example.com", ["Accounts User"])
    add_user(unconnected.site, "auditor@example.com", ["Xero Auditor", "Accounts User"])
    for user, may in (("clerk@example.com", False), ("auditor@example.com", True)):
        with open_site(unconnected.site, user) as host:
            from picortex_xero.api import cash_flow
            from picortex_xero.picortex_xero.report.xero_cash_forecast import xero_cash_forecast

            calls = (
                lambda: cash_flow.forecast(company),
                lambda: cash_flow.lines(company, "2026-11-01", "2026-12-01"),
                lambda: cash_flow.compared(company),
                lambda: xero_cash_forecast.execute({"company": company}),
            )
            for call in calls:
                if may:
                    assert call() is not None
                else:
                    with pytest.raises(host.PermissionError):
                        call()
            if may:
                with pytest.raises(host.DoesNotExistError):
                    cash_flow.forecast("Another")


def test_what_xero_has_open_is_there_once_on_its_day(frappe: Any, company: str) -> None:
    """Read from Xero's list as opening balances are: one linked and open here, one linked and paid here, two that only Xero has."""
    from picortex_xero.cash_flow import in_xero, reading
    from picortex_xero.xero.records.open_items import open_items

    def invoice(xero_id: str, kind: str, due: int, left: str, **more: str) -> dict[str, Any]:
        days = {"DateString": f"{day(-20)}T00:00:00", "DueDateString": f"{day(due)}T00:00:00"}
        contact = {"Contact": {"ContactID": "C-1", "Name": "Fern in Xero"}}
        return {
            "InvoiceID": xero_id,
            "Type": kind,
            "Status": "AUTHORISED",
            "AmountDue": left,
            "InvoiceNumber": xero_id,
            **days,
            **contact,
            **more,
        }

    listed = [
        invoice("L-1", "ACCREC", 5, "100", ExpectedPaymentDateString=f"{day(21)}T00:00:00"),
        invoice("L-2", "ACCREC", 5, "60"),
        invoice("X-1", "ACCREC", 12, "70", CurrencyCode="NZD"),
        invoice("X-2", "ACCPAY", 3, "40", PlannedPaymentDateString=f"{day(9)}T00:00:00"),
    ]
    found = open_items({"Invoices": listed}, TODAY.isoformat(), "NZD")
    books.write(frappe, "Sales Invoice", [{**books.invoice("SI-1", True, "Fern", 100, day(-20), day(5), 100), "company": company}])
    books.write(frappe, "Sales Invoice", [{**books.invoice("SI-2", True, "Fern", 60, day(-20), day(5), 0), "company": company}])
    of = {"connection": "con", "company": company}
    links = [("l-1", "Sales Invoice", "SI-1"), ("L-2", "Sales Invoice", "SI-2"), ("C-1", "Customer", "Fern")]
    rows = [
        {"name": xero_id, "xero_id": xero_id, "reference_doctype": doctype, "reference_name": name, **of}
        for xero_id, doctype, name in links
    ]
    books.write(frappe, "Xero Link", [{**row, "link_key": row["name"], "remote_key": row["name"]} for row in rows])
    forecast = reading.of(company, TODAY, there=in_xero.Seen(tuple(in_xero.items("con", found)), in_xero.links("con", found)))
    lines = sorted((each.item.name, each.item.book, each.item.party, float(each.amount), each.expected) for each in forecast.lines)
    assert lines == [
        ("SI-1", "ERPNext", "Fern", 100.0, day(21)),
        ("x-1", "Xero", "Fern", 70.0, day(12)),
        ("x-2", "Xero", "c-1", -40.0, day(9)),
    ]
    assert [each.name for each in forecast.left_out] == ["l-2"]


def test_what_was_read_of_xero_last_is_counted_and_what_both_books_were_kept_with_is_one(rig: Rig) -> None:
    company = str(rig.company["name"])
    with rig.frappe() as frappe:
        from picortex_xero.cash_flow import in_xero, reading
        from picortex_xero.reporting import snapshots
        from picortex_xero.reports.asked import Asked
        from picortex_xero.reports.kinds import OPEN_ITEMS
        from picortex_xero.xero.records.open_items import Item

        assert in_xero.seen(company).read_at is None
        books.write(frappe, "Sales Invoice", [{**books.invoice("SI-1", True, "Fern", 100, day(-20), day(5), 100), "company": company}])
        bill = {**books.invoice("PI-1", False, "Moa", 40, day(-20), day(5), 40), "company": company, "bill_no": "B-7"}
        books.write(frappe, "Purchase Invoice", [bill])

        def item(xero_id: str, customers: bool, number: str, left: str, planned: str = "") -> Item:
            days = (day(-20).isoformat(), day(5).isoformat())
            return Item(xero_id, "Invoices", customers, number, "c-1", "Fern", *days, "NZD", Decimal(left), Decimal(left), planned)

        known = [
            item("a", True, "SI-1", "100", day(9).isoformat()),
            item("b", False, "B-7", "40"),
            item("c", False, "B-7", "41"),
            item("d", True, "X-1", "7"),
        ]
        snapshots.write_items(rig.connection, company, "NZD", Asked(OPEN_ITEMS, TODAY, TODAY), known)
        forecast = reading.of(company, TODAY)
        found = sorted((each.item.name, float(each.amount), each.expected) for each in forecast.lines)
        assert found == [("PI-1", -40.0, day(5)), ("SI-1", 100.0, day(9)), ("c", -41.0, day(5)), ("d", 7.0, day(5))]
        assert forecast.read_at is not None and forecast.left_out == ()
