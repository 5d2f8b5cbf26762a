"""What Xero has booked itself in a month is worked out by itself, once, where the company has chosen so; people are told, and nothing is entered."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.months import call, read_trial_balance
from tests.scene.reading import begin, pass_alive

ROW, CONNECTION, STATE = "Xero Incoming Record", "Xero Connection", "Xero Connection State"
ACCOUNTANT = "anna@example.com"
DAY = 86_400


def settings(rig: Rig, **chosen: Any) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value(CONNECTION, rig.connection, chosen))


def rows(rig: Rig) -> list[dict[str, Any]]:
    filters = {"endpoint": "Reports/TrialBalance"}
    return list(scene.with_site(rig, lambda frappe: frappe.get_all(ROW, filters=filters, fields=["*"], order_by="xero_id asc")))


def standing(rig: Rig) -> dict[str, dict[str, Any]]:
    """What people were told of the connection and is not over, by code."""
    return dict(json.loads(scene.with_site(rig, lambda frappe: frappe.db.get_value(STATE, rig.connection, "told")) or "{}"))


def notified(rig: Rig, user: str) -> list[dict[str, Any]]:
    fields = ["subject", "email_content", "link"]
    return list(scene.with_site(rig, lambda frappe: frappe.get_all("Notification Log", filters={"for_user": user}, fields=fields)))


def reports(rig: Rig, since: int) -> int:
    return sum("TrialBalance" in each["path"] for each in rig.xero.calls(since))


def runs(rig: Rig, seconds: float = 60) -> None:
    """Time passes, and a worker comes by as the sweep would wake one, until it finds nothing more to read."""
    pass_alive(rig, seconds)
    for _time in range(3):
        rig.dispatch()
        pass_alive(rig, 61)


def typed(rig: Rig, text: str, on: str, amount: str) -> None:
    lines = [{"AccountCode": code, "LineAmount": sign + amount, "TaxType": "NONE"} for code, sign in (("416", ""), ("711", "-"))]
    rig.xero.person("create_journal", Narration=text, Date=on, JournalLines=lines, LineAmountTypes="Exclusive")


def an_accountant(rig: Rig) -> None:
    def work(frappe: Any) -> None:
        frappe.get_doc({"doctype": "User", "email": ACCOUNTANT, "first_name": "Anna", "enabled": 1}).insert()
        frappe.get_doc({"doctype": "Has Role", "role": "Xero Accountant", "parent": ACCOUNTANT, "parenttype": "User"}).insert()

    scene.with_site(rig, work)


@pytest.fixture(autouse=True)
def in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """October is the month that is over, however many days pass."""
    from picortex_xero.inbound import month_by_itself

    monkeypatch.setattr(month_by_itself, "nowdate", lambda: "2026-11-20")


def test_a_month_that_is_over_is_worked_out_once_and_people_are_told(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 1))
    begin(rig)
    an_accountant(rig)
    settings(rig, entries_from_xero="Become Drafts", go_live_date="2026-09-15")
    typed(rig, "Before", "2026-10-10", "70.00")
    before = rig.xero.call_count()
    runs(rig)
    assert rows(rig) == [] and reports(rig, before) == 0, "off until somebody chooses it"

    # Without the right it is said once, with what to do; Xero is not asked.
    settings(rig, propose_month_after=3)
    runs(rig)
    assert "Read the Trial Balance" in standing(rig)["month-rights"]["cure"] and reports(rig, before) == 0
    told = len(notified(rig, "Administrator"))
    runs(rig, DAY + 3600)
    assert len(notified(rig, "Administrator")) == told and rows(rig) == []

    # With it the month waits for what is a draft of it first: it is told, and compared anew once that is decided.
    read_trial_balance(rig)
    runs(rig, DAY)
    (row,) = rows(rig)
    assert (row["xero_id"], row["state"], row["reason_code"]) == ("2026-10", "Waiting", "month-not-offered"), row
    assert "draft" in row["reason"] and "month-rights" not in standing(rig) and "month-waits:2026-10" in standing(rig)
    once = reports(rig, before)
    runs(rig, 3600)
    assert reports(rig, before) == once == 2, "nothing has changed"
    (draft,) = scene.with_site(rig, lambda frappe: frappe.get_all(ROW, filters={"what": ("like", "%Before%")}, pluck="name"))
    call(rig, "done_by_hand", draft)
    runs(rig, 3600)
    (row,) = rows(rig)
    assert (row["reason_code"], reports(rig, before)) == ("month-offered", 4), row
    said = standing(rig)
    assert set(said) >= {"month-offered:2026-10"} and "month-waits:2026-10" not in said
    (seen,) = [each for each in notified(rig, ACCOUNTANT) if "2 accounts" in each["subject"]]
    assert seen["link"].endswith(row["name"]) and "nothing is posted by itself" in seen["email_content"]

    # Never twice, and nothing was entered; what is over once a person has made its draft.
    runs(rig, DAY)
    assert reports(rig, before) == 4 and not row["reference_name"]
    assert call(rig, "make_month_journal", row["name"])
    runs(rig, 60)
    assert not [code for code in standing(rig) if code.startswith("month-")]
    assert scene.error_log(rig) == []


def test_no_month_before_its_time_before_go_live_closed_or_beyond_the_days_calls(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.inbound import month_by_itself

    rig.play(scene.invoices(rig, 1))
    begin(rig)
    read_trial_balance(rig)
    settings(rig, propose_month_after=3, go_live_date="2026-10-02")
    before = rig.xero.call_count()
    runs(rig)
    assert rows(rig) == [], "October began before going live"

    def over(day: str, after: int) -> list[str]:
        return month_by_itself.over(date.fromisoformat(day), after)

    assert over("2026-11-02", 3) == ["2026-07", "2026-08", "2026-09"]
    assert over("2026-11-03", 3) == ["2026-08", "2026-09", "2026-10"]
    assert over("2026-03-28", 28) == ["2025-12", "2026-01", "2026-02"]

    settings(rig, go_live_date="2026-10-01")
    with monkeypatch.context() as closed:
        closed.setattr(month_by_itself.closed_here, "why", lambda *_asked, **_more: "The books here are closed")
        runs(rig)
    assert rows(rig) == [] and reports(rig, before) == 0, "its journal could not be submitted"

    def spend(frappe: Any, calls: int) -> None:
        from picortex_xero.engine import day_calls

        day_calls.REPORTING.spend(rig.connection, calls)

    def a_day(frappe: Any) -> int:
        from picortex_xero.engine import day_calls

        return day_calls.REPORTING.a_day(rig.connection)

    most = int(scene.with_site(rig, a_day))
    scene.with_site(rig, lambda frappe: spend(frappe, most - 2))
    runs(rig)
    assert rows(rig) == [] and reports(rig, before) == 0
    runs(rig, DAY + 600)
    assert [each["xero_id"] for each in rows(rig)] == ["2026-10"]
    spent = scene.with_site(rig, lambda frappe: json.loads(frappe.db.get_value(STATE, rig.connection, "report_calls") or "{}"))
    assert sum(spent.values()) == 3
