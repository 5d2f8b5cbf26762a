"""Xero's reports on this site: off until somebody switches them on, read in their turn within the day's requests, and what is said where they are not."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import reports
from tests.scene import rig as scene

ALL = ["Profit and Loss", "Balance Sheet", "Trial Balance", "Bank Summary", "Budget Summary", "Open Items"]
HOUR, DAY = 3600, 86_400
PROFIT, BANKS, RECEIVABLES = "Xero Profit and Loss", "Xero Bank Summary", "Xero Aged Receivables"


def figure(tile: dict[str, Any], at: int = 0) -> Decimal | None:
    value = tile["figures"][at]["value"] if tile["figures"] else None
    return None if value is None else Decimal(value)


def spent(rig: Rig) -> int:
    def work(_frappe: Any) -> int:
        from picortex_xero.engine import day_calls

        return day_calls.REPORTING.spent(rig.connection)

    return int(scene.with_site(rig, work))


def test_off_until_it_is_switched_on_and_allowed_at_xero(rig: Rig) -> None:
    before = rig.xero.call_count()
    assert reports.due(rig) == [] and reports.take_turns(rig) == 0
    tile = reports.tiles(rig)[PROFIT]
    assert tile["code"] == "off" and "are not read" in tile["why"] and "Read Xero's Reports" in tile["cure"]
    assert tile["as_of"] == "" and figure(tile) is None

    # Switched on: Xero is not asked for a report before somebody has allowed it there.
    reports.choose(rig)
    tiles = reports.tiles(rig)
    assert {each["code"] for name, each in tiles.items() if "Aged" not in name} == {"scope"}
    assert "Profit and Loss" in tiles[PROFIT]["why"] and "Give More Permissions" in tiles[PROFIT]["cure"]
    assert reports.due(rig) == ["Open Items"], "lists of documents may be read already"
    assert reports.refresh(rig, "Profit and Loss")["why"] == tiles[PROFIT]["why"]
    assert not [each for each in reports.asked(rig, before) if each.startswith("Reports/")]

    reports.allow(rig)
    assert sorted(reports.due(rig)) == sorted(ALL)
    reports.take_turns(rig)
    assert reports.due(rig) == []
    tiles = reports.tiles(rig)
    assert {each["code"] for each in tiles.values()} == {""} and all(each["as_of"] for each in tiles.values())


def test_the_figures_are_those_of_the_ledger_and_a_send_makes_them_out_of_date(rig: Rig) -> None:
    reports.switch_on(rig)
    reports.take_turns(rig)
    nothing = reports.tiles(rig)
    assert nothing[PROFIT]["empty"] and figure(nothing[PROFIT]) is None, "no data is no zero"
    assert nothing[RECEIVABLES]["empty"] and figure(nothing[RECEIVABLES]) is None

    record = scene.invoices(rig)[0]
    today = reports.today(rig)
    record["doc"]["posting_date"] = today
    record["doc"]["due_date"] = today
    rig.play([record])
    scene.settle(rig)
    (invoice,) = scene.live(rig)
    tiles = reports.tiles(rig)
    assert tiles[PROFIT]["out_of_date"] and tiles[RECEIVABLES]["out_of_date"] and not tiles[BANKS]["out_of_date"]
    assert not tiles["Xero Budget against Actual"]["out_of_date"]

    before = rig.xero.call_count()
    rig.advance(15 * 60)
    assert set(reports.due(rig)) == {"Profit and Loss", "Balance Sheet", "Trial Balance", "Open Items"}
    reports.take_turns(rig)
    assert reports.asked(rig, before).count("Reports/ProfitAndLoss") == 1, "the year before is read once a day"
    tiles = reports.tiles(rig)
    assert figure(tiles[RECEIVABLES]) == scene.due(invoice) and not tiles[RECEIVABLES]["out_of_date"]
    assert figure(tiles[PROFIT]) == Decimal(str(invoice["SubTotal"])) == figure(tiles[PROFIT], 1)
    assert reports.due(rig) == []

    # Nothing has changed: after four hours, or after the hours that were chosen.
    rig.advance(2 * HOUR)
    assert reports.due(rig) == []
    reports.choose(rig, reports_every=2)
    assert set(reports.due(rig)) >= {"Profit and Loss"}
    reports.choose(rig, reports_every=0)
    rig.advance(2 * HOUR + 60)
    assert sorted(reports.due(rig)) == sorted(ALL)
    assert scene.error_log(rig) == []


@pytest.mark.odd_answers
def test_what_fails_is_said_beside_the_last_good_figures(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    reports.switch_on(rig)
    reports.take_turns(rig)
    good = reports.tiles(rig)[BANKS]
    known = [figure(good, at) for at in range(3)]
    as_of = good["as_of"]

    def said(code: str, words: str, cure: str) -> None:
        tile = reports.tiles(rig)[BANKS]
        assert (tile["code"], tile["as_of"]) == (code, as_of) and words in tile["why"] and cure in tile["cure"], tile
        assert [figure(tile, at) for at in range(3)] == known, "the last good data stays"
        assert "real-time" not in json.dumps(tile).lower() and "real time" not in json.dumps(tile).lower()

    # Down: tried again by itself after a quarter of an hour.
    rig.advance(5 * HOUR)
    rig.xero.fault("error_before", path=".*BankSummary.*", status=503, times=9)
    reports.take_turns(rig)
    said("down", "does not answer (503)", "by itself")
    assert "Bank Summary" not in reports.due(rig)
    rig.advance(15 * 60)
    assert reports.due(rig) == ["Bank Summary"]
    rig.xero.clear_faults()

    # A user who may not see reports: asked again once a day, or when somebody presses.
    rig.xero.person("set_user", reports=False)
    reports.take_turns(rig)
    said("rights", "does not show reports", "Tick Reports")
    rig.advance(HOUR)
    assert "Bank Summary" not in reports.due(rig)
    rig.xero.person("set_user", reports=True)

    # What cannot be read as a report is no figure.
    rig.xero.fault("instead", path=".*BankSummary.*", text='{"Reports": [{"ReportType": "BankSummary", "Rows": []}]}', times=1, always=True)
    reports.refresh(rig, "Bank Summary")
    said("unreadable", "cannot be read", "supports this app")

    # The day's limit.
    rig.xero.fault("limit", path=".*BankSummary.*", problem="day", retry_after=1200, times=1)
    reports.refresh(rig, "Bank Summary")
    said("limited", "limit is reached", "by itself")

    # The share of the day that reports have.
    def use_up(_frappe: Any) -> int:
        from picortex_xero.engine import day_calls

        most = day_calls.REPORTING.a_day(rig.connection)
        day_calls.REPORTING.spend(rig.connection, most)
        return most

    most = int(scene.with_site(rig, use_up))
    before = rig.xero.call_count()
    said("used-up", f"of {most})", "24 hours")
    assert reports.due(rig) == [] and "used up" in reports.refresh(rig, "Bank Summary")["why"]
    assert rig.xero.call_count() == before
    rig.advance(DAY + 600)

    # Paused.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Paused"))
    said("not-connected", "is stopped", "Xero Connection")
    assert reports.due(rig) == []
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Live"))
    reports.take_turns(rig)
    tile = reports.tiles(rig)[BANKS]
    assert tile["code"] == "" and tile["as_of"] > as_of


def test_a_day_with_everything_on_stays_within_the_share_of_starter(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    """Xero tells of a change every half an hour, somebody presses now and then; requests and bytes of the day are printed."""
    reports.switch_on(rig)
    rig.xero.person("set_limits", minute=60, day=1000)
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Xero Connection State", rig.connection, {"day_limit": 1000, "day_limit_at": None})
    )
    assert scene.with_site(rig, _a_day(rig)) == 200
    before, made = rig.xero.call_count(), []
    for part in range(4 * 24):
        if part % 2 == 0:
            scene.with_site(rig, lambda frappe, part=part: _told(frappe, rig, part))
        if part % 17 == 0:
            reports.refresh(rig, "Profit and Loss")
        made.append(reports.take_turns(rig))
        assert spent(rig) <= 200
        rig.advance(15 * 60)
    calls = sum(1 for each in reports.asked(rig, before) if not each.startswith("/"))
    with capsys.disabled():
        print(
            f"\nReports on Starter, a day with a change every half an hour: {calls} requests, {sum(1 for each in made if each)} times read"
        )
    assert 100 < calls <= 200 and max(made[-16:]) > 0, "what is left is spread over the day"
    assert scene.error_log(rig) == []


def _a_day(rig: Rig) -> Any:
    def work(_frappe: Any) -> int:
        from picortex_xero.engine import day_calls

        return day_calls.REPORTING.a_day(rig.connection)

    return work


def _told(frappe: Any, rig: Rig, number: int) -> None:
    from picortex_xero.engine.clock import now
    from picortex_xero.engine.standard_columns import standard

    row = {
        "name": f"told-{number}", **standard(), "connection": rig.connection, "company": rig.company["name"], "category": "PAYMENT",
        "event_type": "UPDATE", "xero_id": "x", "received_at": now(), "state": "Read",
    }  # fmt: skip
    frappe.db.bulk_insert("Xero Inbound Event", list(row), [tuple(row.values())])
