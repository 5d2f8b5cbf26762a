"""The home page's figures, the states in lists and the sync report say what the outbox and Xero hold, to whoever may see it."""

from __future__ import annotations

import importlib
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.connection import who_may
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.busy import busy

YEAR = {"from_date": "2019-01-01", "to_date": "2026-12-31"}
REPORT = "picortex_xero.picortex_xero.report.xero_sync_report.xero_sync_report"


def api(frappe: Any) -> Any:
    return importlib.import_module("picortex_xero.api.home")


def test_every_figure_is_that_of_the_outbox(rig: Rig) -> None:
    names = busy(rig)
    steps = [row for row in rig.steps() if row["kind"] not in ("history-note", "attachment")]
    states = Counter(row["state"] for row in steps)
    assert states["Needs Attention"] == 1 and states["Skipped"] == 1 and states["Held"] == 1 and states["Pending"] >= 1, states
    with rig.frappe() as frappe:
        home = api(frappe)
        assert home.on_its_way()["value"] == states["Pending"]
        assert home.to_fix()["value"] == 2, "what needs attention, and what is done by hand"
        listed = importlib.import_module("picortex_xero.api.to_fix").causes
        assert listed(connection="", start=0)["documents"] == 2, "exactly what the page To Fix lists"
        assert home.by_hand()["value"] == 1
        assert home.waiting()["value"] == 0
        assert home.in_xero_today()["value"] == 2, "the invoice and its payment, not their customer"
        assert home.oldest_waiting()["value"] == 0
        left = frappe.db.get_value("Xero Connection State", rig.connection, "day_calls_left")
        assert home.requests_left()["value"] == left and left > 1000
        chart = home.by_reason()
        assert dict(zip(chart["labels"], zip(*(each["values"] for each in chart["datasets"])))) == {
            "Its total is zero: there is nothing to account for": (0, 1),
            next(label for label in chart["labels"] if not label.startswith("Its total")): (1, 0),
        }
        assert not any("JV-PAY" in label for label in chart["labels"]), "said of many, no document is named"
        line = home.companies()[0]
        assert (line["on_its_way"], line["to_fix"], line["by_hand"], line["approval"], line["colour"]) == (
            states["Pending"],
            2,
            1,
            0,
            "red",
        )
        assert line["state_colour"] == "green", "Live is not what is wrong"
        assert (
            line["company"] == rig.company["name"]
            and line["route"] == ["xero-to-fix", rig.connection]
            and home.to_fix()["precision"] == "0"
            and line["left_today"] == left
        )
        shown = home.list_states("Sales Invoice", [names["invoice"], "NEW-1", "OLD-1", "nothing"])
        form = importlib.import_module("picortex_xero.api.status")
        assert set(shown) == {names["invoice"], "NEW-1"}
        for doctype, name in (("Sales Invoice", names["invoice"]), ("Sales Invoice", "NEW-1"), ("Purchase Invoice", names["bill"])):
            said = form.document_status(doctype, name)
            assert home.list_states(doctype, [name])[name] == {"message": said["message"], "colour": said["colour"]}, name
    # What somebody has done by hand, or left out, is nobody's any more: of the page and of the card.
    with rig.frappe() as frappe:
        importlib.import_module("picortex_xero.api.status").done_by_hand("Journal Entry", "JV-PAY")
        frappe.db.commit()
        home = api(frappe)
        assert (
            home.to_fix()["value"] == importlib.import_module("picortex_xero.api.to_fix").causes(connection="", start=0)["documents"] == 1
        )
        assert home.by_hand()["value"] == 0
        skip = importlib.import_module("picortex_xero.api.to_fix").skip
        skip("Purchase Invoice", names["bill"], "Not ours")
        frappe.db.commit()
        assert {"Skipped by accounts", "Entered in Xero by hand"} <= set(home.by_reason()["labels"]), "not the words that somebody gave"
        assert (
            home.to_fix()["value"] == importlib.import_module("picortex_xero.api.to_fix").causes(connection="", start=0)["documents"] == 0
        )
    # A company that is stopped comes before all else, whatever waits in the others.
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Paused", "reason": "x", "cure": "Do it"})
    )
    with rig.frappe() as frappe:
        line = api(frappe).companies()[0]
        assert line["state"] == "Paused" and line["state_colour"] == "red" and line["next"].startswith("Resume: ")
        assert line["route"] == ["Form", "Xero Connection", rig.connection] and line["colour"] == "red"
        strip = importlib.import_module("picortex_xero.connection.setup_steps").strip
        frappe.db.set_value("Xero Connection", rig.connection, "state", "Setting Up")
        assert api(frappe).companies()[0]["next"].endswith(strip(rig.connection)["next"]["sentence"])


def test_the_report_holds_both_sides_against_each_other(rig: Rig) -> None:
    names = busy(rig)
    with rig.frappe() as frappe:
        filters = {**YEAR, "company": rig.company["name"]}
        report = importlib.import_module(REPORT)
        columns, rows, message = report.execute(filters)
        assert message is None and {row["kind"] for row in rows} >= {"Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry"}
        assert all(column["fieldname"] in rows[0] for column in columns)
        assert [column["fieldname"] for column in columns][1:3] == ["status", "difference"], "seen without scrolling"
        asked = {column["options"] for column in columns + report.execute({**filters, "documents": 1})[0] if column["fieldtype"] == "Link"}
        assert not asked, "of a Link the Desk asks whether its DocType may be read, and an auditor may not read Currency"
        by_kind = {row["kind"]: row for row in rows}
        invoices = by_kind["Sales Invoice"]
        worth = Decimal(str(frappe.db.get_value("Sales Invoice", names["invoice"], "grand_total")))
        assert (invoices["here"], invoices["in_xero"], invoices["on_its_way"], invoices["before_go_live"]) == (2, 1, 1, 1)
        assert (invoices["total_here"], invoices["total_in_xero"], invoices["difference"]) == (2 * worth, worth, -worth)
        assert (by_kind["Purchase Invoice"]["stopped"], by_kind["Purchase Invoice"]["in_xero"]) == (1, 0)
        assert by_kind["Payment Entry"]["difference"] == 0 and by_kind["Payment Entry"]["status"] == "Agrees"
        journals = by_kind["Journal Entry"]
        assert (journals["here"], journals["stopped"], journals["left_out"], journals["total_in_xero"]) == (2, 1, 1, 0)
        assert journals["total_here"] == 0, "what may be somebody's wage is in no sum"

        listed = {row["document"]: row for row in report.execute({**filters, "documents": 1})[1]}
        assert listed[names["invoice"]]["number"] == names["invoice"] and listed[names["invoice"]]["difference"] == 0
        assert listed["JV-PAY"]["here"] is None and listed["JV-PAY"]["party"] == ""
        assert listed["OLD-1"]["status"] == "From before the company went live"
        problems = {row["document"] for row in report.execute({**filters, "documents": 1, "only_problems": 1})[1]}
        assert problems == {names["bill"], "JV-PAY"}

        frappe.db.set_value("Xero Link", {"reference_name": names["invoice"], "role": "invoice"}, "remote_total", float(worth) + 5)
        wrong = report.execute({**filters, "kind": "Sales Invoice", "documents": 1, "only_problems": 1})[1]
        assert [(row["document"], row["difference"]) for row in wrong] == [(names["invoice"], 5)]
        sync = importlib.import_module("picortex_xero.attention.sync_report")
        sync.PAGE, whole = 1, sync.PAGE
        assert report.execute(filters)[1][0]["difference"] == 5 - worth, "page by page comes to the same"
        sync.PAGE = whole
        # A bill that was left out, with its reason, makes no difference.
        bill = by_kind["Purchase Invoice"]
        assert (bill["difference"], bill["colour"]) == (-bill["total_here"], "red") and bill["total_here"] > 0
        importlib.import_module("picortex_xero.api.to_fix").skip("Purchase Invoice", names["bill"], "Not ours")
        bill = report.execute({**filters, "kind": "Purchase Invoice"})[1][0]
        assert (bill["total_left_out"], bill["difference"], bill["status"], bill["colour"]) == (bill["total_here"], 0, "Agrees", "green")
        for bad, said in (
            ({"company": "Nobody"}, "Choose a company"),
            ({"kind": "<b>"}, "no kind of document"),
            ({"from_date": "2026-12-31", "to_date": "2026-01-01"}, "ends before"),
        ):
            with pytest.raises(frappe.ValidationError, match=said):
                report.execute({**filters, **bad})


def test_journals_are_compared_whatever_they_became(rig: Rig) -> None:
    """A manual journal's debits, with the tax that Xero keeps beside its line; money spent, where rows are set off; what cannot be compared says why."""
    abbr = rig.company["abbr"]
    taxed = scene.journal(rig, ("Office Rent", 100.0), ("GST", 15.0), ("Travel Expenses", -115.0), name="JV-TAX")
    taxed["doc"]["accounts"][1]["account_type"] = "Tax"
    spent = scene.journal(rig, ("Office Rent", 30.0), ("Travel Expenses", -5.0), ("Trading Account", -25.0), name="JV-SPENT", cheque_no="7")
    rig.play([scene.journal(rig, ("Office Rent", 10.0), ("Travel Expenses", -10.0), name="JV-PLAIN"), taxed, spent])
    scene.settle(rig)
    with rig.frappe() as frappe:
        assert frappe.db.get_value("Account", f"GST - {abbr}", "account_type") == "Tax"
        report, filters = importlib.import_module(REPORT), {**YEAR, "company": rig.company["name"], "kind": "Journal Entry"}
        shown = {link["reference_name"]: link for link in frappe.get_all("Xero Link", filters={"role": "journal"}, fields=["*"])}
        assert {name: (link["endpoint"], link["remote_total"]) for name, link in shown.items()} == {
            "JV-PLAIN": ("ManualJournals", 10),
            "JV-TAX": ("ManualJournals", 100),
            "JV-SPENT": ("BankTransactions", 25),
        }
        (line,) = report.execute(filters)[1]
        assert (line["total_here"], line["total_in_xero"], line["difference"], line["not_compared"], line["status"]) == (
            155,
            155,
            0,
            0,
            "Agrees",
        )

        def changed(name: str, **values: Any) -> dict[str, Any]:
            frappe.db.set_value("Xero Link", shown[name]["name"], values)
            return {row["document"]: row for row in report.execute({**filters, "documents": 1})[1]}[name]

        for name, here in (("JV-PLAIN", 10), ("JV-TAX", 115), ("JV-SPENT", 30)):
            row = changed(name, remote_total=shown[name]["remote_total"] + 5)
            assert (row["here"], row["in_xero"], row["difference"]) == (here, here + 5, 5), name
        row = changed("JV-PLAIN", endpoint="Payments")
        assert row["in_xero"] is row["difference"] is None and "no amount that could be compared" in row["reason"]
        row = changed("JV-SPENT", currency="USD")
        assert row["in_xero"] is None and "Xero has it in USD" in row["reason"]
        (line,) = report.execute(filters)[1]
        assert (line["not_compared"], line["difference"]) == (2, 5)


@pytest.mark.case("B1")
def test_the_report_is_for_those_who_read_the_books(rig: Rig) -> None:
    for role in who_may.ROLES:
        add_user(rig.site, f"{role}@example.com".replace(" ", ""), [role])
    with rig.frappe() as frappe:
        # The user of tests has every role.
        admins = importlib.import_module("picortex_xero.attention.people").admins(rig.company["name"])
        admin = ", ".join(importlib.import_module("picortex_xero.engine.full_names").of(admins)[each] for each in admins)
    for role in who_may.ROLES:
        with open_site(rig.site, f"{role}@example.com".replace(" ", "")) as frappe:
            ask = {**YEAR, "company": rig.company["name"]}
            told = importlib.import_module("picortex_xero.attention.whom_to_ask")
            said = told.of_connection(rig.connection)
            assert said == "" if role == who_may.ADMIN else said.endswith(f"ask a Xero Admin: {admin}"), (
                "whoever only reads knows whom to ask"
            )
            assert bool(told.of_settings()) == (role in (who_may.ACCOUNTANT, who_may.AUDITOR, who_may.APPROVER))
            if role in who_may.SCREENS["Xero Sync Report"]:
                assert importlib.import_module(REPORT).execute(ask)[0]
                continue
            with pytest.raises(frappe.PermissionError):
                importlib.import_module(REPORT).execute(ask)


def test_an_open_screen_is_told_when_something_changed(rig: Rig) -> None:
    from picortex_xero.attention.stamp import SCREENS

    add_user(rig.site, "nobody@example.com", ["Employee"])

    def stamps() -> dict[str, str]:
        with rig.frappe() as frappe:
            return {screen: api(frappe).stamp(rig.connection, screen) for screen in SCREENS}

    def changed(before: dict[str, str]) -> set[str]:
        after = stamps()
        return {screen for screen in SCREENS if before[screen] != after[screen]}

    names = busy(rig)
    first = stamps()
    assert not changed(first), "the same as long as nothing happens"
    with rig.frappe() as frappe:
        step = frappe.db.get_value("Xero Outbox Entry", {"reference_name": names["bill"], "state": "Needs Attention"}, "name")
        importlib.import_module("picortex_xero.api.to_fix").comment(step, "I look at it")
        frappe.db.commit()
    assert changed(first) == {"to-fix"}
    second = stamps()
    with rig.frappe() as frappe:
        importlib.import_module("picortex_xero.api.to_fix").skip("Purchase Invoice", names["bill"], "entered twice")
        frappe.db.commit()
    assert {"to-fix", "home", "setup"} <= changed(second) and "mapping" not in changed(second)
    with open_site(rig.site, "nobody@example.com") as frappe:
        with pytest.raises(frappe.PermissionError):
            api(frappe).stamp(screen="home")
    with rig.frappe() as frappe:
        with pytest.raises(frappe.ValidationError):
            api(frappe).stamp(screen="another")


def test_the_axis_of_a_chart_of_documents_has_whole_numbers() -> None:
    from math import ceil, floor, log10

    from picortex_xero.attention.home import end_of_axis

    def marks(largest: int) -> list[float]:
        """As the Desk's charts divide an axis from 0 (frappe-charts, utils/intervals.js)."""
        power = 10 ** floor(log10(largest))
        end = ceil(largest / power)
        end += end % 2 if end > 5 else 0
        parts = 4 if end <= 2 else end // 2 if end > 5 else end
        return [power * end / parts * at for at in range(parts + 1)]

    assert marks(1)[1] == 0.25 and marks(2)[1] == 0.5 and marks(10)[1] == 2.5
    for largest in range(1, 1200):
        end = end_of_axis([{"by_hand": 1, "left_out": largest - 1}, {"by_hand": 0, "left_out": 1}])
        assert end >= largest and all(mark == int(mark) for mark in marks(end)), largest
