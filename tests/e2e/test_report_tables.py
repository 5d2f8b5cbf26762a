"""Reports of Xero's as reports of the host: what was read, and nothing else; both books beside each other; the documents behind a figure; and who may see them."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.connection import who_may
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import reports
from tests.scene import rig as scene
from tests.scene.months import post

OURS = tuple(each for each in who_may.REPORTS if each not in ("Xero Sync Report", "Ready to Match in Xero"))
PROFIT, BALANCE, TRIAL, BANKS, BUDGET, RECEIVABLES, PAYABLES, BESIDE, DOCUMENTS = OURS
Table = tuple[list[dict[str, Any]], list[dict[str, Any]], str, Any]


def execute(rig: Rig, report: str, user: str = "Administrator", **filters: Any) -> Table:
    """A report, as Frappe runs it."""
    folder = report.lower().replace(" ", "_")
    with open_site(rig.site, user):
        module = importlib.import_module(f"picortex_xero.picortex_xero.report.{folder}.{folder}")
        found: Table = module.execute({"company": rig.company["name"], **days(rig, report), **filters})
        return found


def days(rig: Rig, report: str) -> dict[str, str]:
    """What the filters say as they come."""
    today = reports.today(rig)
    if report in (TRIAL, RECEIVABLES, PAYABLES):
        return {"to_date": today}
    return {"from_date": today[:8] + "01", "to_date": today if report == BANKS else reports.month_end(today)}


def an_invoice(rig: Rig) -> tuple[scene.Record, dict[str, Any]]:
    """An invoice of today that is in Xero, and what it is there."""
    record = scene.invoices(rig)[0]
    record["doc"]["posting_date"] = record["doc"]["due_date"] = reports.today(rig)
    rig.play([record])
    scene.settle(rig)
    (invoice,) = scene.live(rig)
    return record, invoice


def titles(table: Table) -> list[str]:
    return [row.get("title", row.get("xero")) for row in table[1]]


def test_every_report_says_what_is_wrong_before_anything_was_read(rig: Rig) -> None:
    for report in OURS:
        more = {"xero_account": "200"} if report == DOCUMENTS else {}
        _columns, rows, said, chart = execute(rig, report, **more)
        assert rows == [] and not chart, report
        if report != DOCUMENTS:
            assert (
                "was not read from Xero yet" in said and "reports are not read for this company" in said and "Give More Permissions" in said
            ), said
            assert "real-time" not in said.lower()


def test_the_tables_are_what_the_ledger_says(rig: Rig) -> None:
    record, invoice = an_invoice(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    net, total = Decimal(str(invoice["SubTotal"])), Decimal(str(invoice["Total"]))

    columns, rows, said, chart = execute(rig, PROFIT)
    assert "As of" in said and "UTC" in said and [each["fieldname"] for each in columns] == ["title", "p0"]
    accounts = [row for row in rows if row["xero_account"]]
    assert sum(Decimal(str(row["p0"])) for row in accounts) == net and all(row["indent"] == 1 for row in accounts)
    assert [each["values"] for each in chart["data"]["datasets"]] == [[net], [0], [net]]
    # What is nothing is no zero: each row says so of every column, and a month is called by its name.
    assert columns[1]["label"] == f"{date.fromisoformat(reports.today(rig)):%b %Y}"
    headings = [row for row in rows if row["title"] in ("Income", "Less Operating Expenses")]
    assert headings and all(row["p0"] is None for row in headings)
    for report in OURS:
        columns, rows, _said, _chart = execute(rig, report, **({"xero_account": "200"} if report == DOCUMENTS else {}))
        assert all({each["fieldname"] for each in columns} <= row.keys() for row in rows), report
    # Beside the year before: nothing was there.
    columns, rows, _said, _chart = execute(rig, PROFIT, compare="Year Before")
    assert [each["fieldname"] for each in columns] == ["title", "p0", "p1", "d0"]
    assert {(row["p1"], row["d0"]) for row in rows if row["xero_account"]} == {(0, row["p0"]) for row in rows if row["xero_account"]}

    columns, rows, _said, chart = execute(rig, BALANCE)
    assert [each["values"] for each in chart["data"]["datasets"]][2] == [net], "net assets are the profit"
    _columns, rows, _said, _chart = execute(rig, TRIAL)
    assert rows[-1]["bold"] and rows[-1]["debit"] == rows[-1]["credit"] == total
    _columns, rows, said, _chart = execute(rig, BANKS)
    assert all(row["closing"] == 0 for row in rows)
    _columns, rows, said, _chart = execute(rig, BUDGET)
    assert rows == [] or rows[-1]["actual0"] == net, said

    _columns, rows, _said, chart = execute(rig, RECEIVABLES, documents=1)
    contact, document, sum_of_all = rows
    assert contact["title"] == record["doc"]["customer"] and contact["total"] == sum_of_all["total"] == scene.due(invoice)
    assert (document["doctype"], document["document"]) == (record["doctype"], record["name"]), "the document here that it was sent from"
    assert document["not_due"] == scene.due(invoice) and chart["data"]["datasets"][0]["values"][0] == document["not_due"]
    assert execute(rig, PAYABLES)[1] == []


def test_other_days_bases_and_options_are_read_when_somebody_wants_them(rig: Rig) -> None:
    an_invoice(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    cash = {"basis": "Cash"}
    assert "was not read from Xero yet" in execute(rig, PROFIT, **cash)[2]
    assert reports.read_days(rig, PROFIT, days(rig, PROFIT) | cash) == {"why": "", "cure": ""}
    _columns, rows, said, _chart = execute(rig, PROFIT, **cash)
    assert "As of" in said and not [row for row in rows if row["xero_account"]], "nothing was paid yet"
    assert [row for row in execute(rig, PROFIT)[1] if row["xero_account"]], "the other basis stays what it is"

    long_ago = {"from_date": "2019-02-01", "to_date": "2019-04-30"}
    assert "was not read" in execute(rig, BALANCE, **long_ago)[2]
    before = rig.xero.call_count()
    assert reports.read_days(rig, BALANCE, long_ago)["why"] == ""
    assert len(execute(rig, BALANCE, **long_ago)[0]) == 4 and "has no figures" in execute(rig, BALANCE, **long_ago)[2]
    assert [each for each in reports.asked(rig, before) if each.startswith("Reports/")] == ["Reports/BalanceSheet"]
    assert reports.read_days(rig, BALANCE, long_ago)["why"] == "" and len(reports.asked(rig, before)) == 1, "read a moment ago"

    with open_site(rig.site, "Administrator"):
        from picortex_xero.api import reports as api

        known = api.tracking(rig.company["name"])
    if known:
        before = rig.xero.call_count()
        assert reports.read_days(rig, PROFIT, days(rig, PROFIT) | {"tracking": known[0]})["why"] == ""
        assert any("trackingOptionID" in str(each["query"]) for each in rig.xero.calls(before)), "asked for that option alone"
        assert "As of" in execute(rig, PROFIT, tracking=known[0])[2]


def test_both_books_beside_each_other_and_the_documents_behind_a_figure(rig: Rig) -> None:
    record, invoice = an_invoice(rig)
    net = Decimal(str(invoice["SubTotal"]))
    reports.switch_on(rig)
    reports.take_turns(rig)
    today, abbr = reports.today(rig), rig.company["abbr"]
    mapped = record["doc"]["items"][0]["income_account"]
    line = scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Account Mapping", {"account": mapped}, "xero_account_code"))
    post(rig, record["doctype"], record["name"], today, (mapped.removesuffix(f" - {abbr}"), -float(net)))
    post(rig, "Journal Entry", "JV-ONLY-HERE", today, (mapped.removesuffix(f" - {abbr}"), -7.0))

    _columns, rows, said, _chart = execute(rig, BESIDE)
    (one,) = [row for row in rows if str(row["xero"]).startswith(f"{line} ")]
    assert (one["in_erpnext"], one["difference"]) == (-net - 7, one["in_xero"] - one["in_erpnext"])
    assert rows[-1]["bold"] and rows[-1]["difference"] == rows[-1]["in_xero"] - rows[-1]["in_erpnext"]
    assert "Debit positive" in said

    _columns, rows, said, _chart = execute(rig, DOCUMENTS, xero_account=line)
    by_name = {row["document"]: row for row in rows}
    assert by_name[record["name"]]["number"] == invoice["InvoiceNumber"] and by_name[record["name"]]["total_in_xero"] == float(
        invoice["Total"]
    )
    assert by_name["JV-ONLY-HERE"]["number"] == "Not in Xero" and by_name["JV-ONLY-HERE"]["amount"] == -7
    assert "As" not in said.split(":")[0] and "Xero has" in said
    with pytest.raises(Exception, match="Choose an account of Xero"):
        execute(rig, DOCUMENTS, xero_account="no such")


def test_who_may_see_them(rig: Rig) -> None:
    an_invoice(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    people = {role: f"{role.lower().replace(' ', '-')}@example.com" for role in (*who_may.ROLES, "Accounts Manager")}
    for role, user in people.items():
        add_user(rig.site, user, [role])
    for report in OURS:
        more = {"xero_account": "200"} if report == DOCUMENTS else {}
        for role, user in people.items():
            if role in who_may.SCREENS[report]:
                execute(rig, report, user, **more)
                continue
            with open_site(rig.site, user) as frappe, pytest.raises(frappe.PermissionError):
                execute(rig, report, user, **more)
    for role, user in people.items():
        if role in who_may.READS:
            assert reports.tiles(rig, user)
            continue
        with open_site(rig.site, user) as frappe, pytest.raises(frappe.PermissionError):
            reports.tiles(rig, user)
    for bad in (
        {"company": "Nobody"},
        {"company": {"a": 1}},
        {"from_date": "2030-01-01"},
        {"periodicity": "<b>"},
        {"to_date": "soon"},
        {"tracking": "<b>"},
    ):
        with open_site(rig.site) as frappe, pytest.raises(frappe.ValidationError):
            execute(rig, PROFIT, **bad)


def test_texts_of_xero_are_no_html(rig: Rig) -> None:
    """What Xero calls an account stands in a cell, and what it answered over the table."""
    with open_site(rig.site, "Administrator"):
        from picortex_xero.reporting import drawn
        from picortex_xero.reports.tables import Row
        from picortex_xero.xero.report_rows import ACCOUNT

        row = drawn.statement_row(Row(ACCOUNT, "<img src=x onerror=alert(1)>", "id", (Decimal(1),)), ["p0"], "NZD")
        assert "<" not in row["title"] and row["p0"] == 1
        assert "<img" not in drawn.Drawn(said=["<img src=x>"]).execute()[2]
