"""How often Xero is read is chosen, within the calls that there are for it; once a week all lists are looked through for what events and turns have missed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks import starter_day
from benchmarks.starter_day import Size
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import begin, pass_alive, reads, told

STATE, CONNECTION = "Xero Connection State", "Xero Connection"
DAY = 86_400


def choose(rig: Rig, **settings: int) -> str:
    """What an admin chooses and saves in the form; what it is refused with."""

    def work(frappe: Any) -> str:
        doc = frappe.get_doc(CONNECTION, rig.connection)
        doc.update(settings)
        try:
            doc.save()
        except frappe.ValidationError as refusal:
            frappe.db.rollback()
            return str(refusal)
        return ""

    return str(scene.with_site(rig, work))


def stands(rig: Rig, **now_on: Any) -> dict[str, Any]:
    """Where the weekly look stands, after it was changed to be so."""

    def work(frappe: Any) -> dict[str, Any]:
        known = json.loads(frappe.db.get_value(STATE, rig.connection, "full_pass") or "{}")
        if now_on:
            frappe.db.set_value(STATE, rig.connection, "full_pass", json.dumps({**known, **now_on}))
        return {**known, **now_on}

    return dict(scene.with_site(rig, work))


def late(rig: Rig) -> None:
    """The last look was so long ago that the next one begins at any hour."""
    stands(rig, done="2026-01-01T00:00:00")


def run(rig: Rig, seconds: float) -> list[str]:
    """Time passes and the sweep finds work or not; the lists that were read."""
    before = rig.xero.call_count()
    pass_alive(rig, seconds)

    def due(frappe: Any) -> bool:
        from picortex_xero.engine import run

        return bool(run.next_due(rig.connection))

    if scene.with_site(rig, due):
        rig.dispatch()
    return sorted(call["path"].rpartition("/")[2] for call in reads(rig, before))


def test_a_list_is_read_as_often_as_it_is_chosen_and_no_oftener_than_there_are_calls(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 1))
    begin(rig)
    assert run(rig, 1900) == []
    assert choose(rig, read_invoices=30) == ""
    assert run(rig, 10) == ["Invoices"] and run(rig, 1700) == [] and run(rig, 101) == ["Invoices"]
    assert "between 5 minutes and 1440" in choose(rig, read_contacts=4)
    refused = choose(rig, read_contacts=5, read_payments=5, read_prepayments=5)
    assert "requests a day, and there are 1225" in refused, refused
    assert scene.with_site(rig, lambda frappe: frappe.db.get_value(CONNECTION, rig.connection, "read_contacts")) == 480

    def form(frappe: Any) -> dict[str, Any]:
        doc = frappe.get_doc(CONNECTION, rig.connection)
        doc.run_method("onload")
        return dict(doc.get("__onload")["reading"])

    shown = scene.with_site(rig, form)
    assert (shown["most"], shown["a_day"], shown["lists"]["read_payments"], shown["looked_through"]) == (1225, 1750, 2, "")

    def use_up(frappe: Any) -> None:
        from picortex_xero.engine import day_calls

        day_calls.READING.spend(rig.connection, day_calls.READING.a_day(rig.connection) * 9 // 10)

    scene.with_site(rig, use_up)
    assert run(rig, 3600) == [], "the day's calls for reading are used up"
    assert run(rig, DAY) != []


@pytest.mark.odd_answers
def test_once_a_week_all_lists_are_looked_through_and_nothing_is_read_twice(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import reading

    sales = scene.invoices(rig, 3)
    rig.play(sales)
    begin(rig)
    run(rig, 3600)
    for shown in scene.live(rig):
        rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    # What neither an event nor a turn has shown: the turns have gone past it.
    rig.advance(400)
    beyond(rig)
    assert run(rig, 3600) and told(rig, sales[0])[0] == "Synced"
    assert not stands(rig).get("through")
    late(rig)
    monkeypatch.setattr(reading, "PAGE", 2)
    before = rig.xero.call_count()
    rig.xero.fault("instead", text='{"Nothing": 1}', path="/Contacts$", method="GET", times=1)
    read = run(rig, 30)
    assert {told(rig, sale)[:2] for sale in sales} == {("Needs Attention", "gone-from-xero")}
    assert read.count("Contacts") == 1 and "Contacts" in stands(rig)["left"], "one list that Xero does not show keeps no other waiting"
    assert "Contacts" in run(rig, 60) and not stands(rig)["left"] and stands(rig)["through"]
    asked = [
        (call["path"], str(call["query"]), call["headers"]["if-modified-since"])
        for call in reads(rig, before)
        if "Invoices" in call["path"]
    ]
    assert len(asked) == len(set(asked)) >= 2, "page by page, each once"
    assert run(rig, 60) == [], "it is through for a week"
    late(rig)
    stands(rig, left={"Invoices": ["2026-01-01T00:00:00", 1, 0]}, began="2026-11-01T00:00:00")

    def use_up(frappe: Any) -> None:
        from picortex_xero.engine import day_calls

        day_calls.READING.spend(rig.connection, day_calls.READING.a_day(rig.connection) * 6 // 10)

    scene.with_site(rig, use_up)
    assert run(rig, 60) == [] and stands(rig)["left"], "turns and events come first"


def beyond(rig: Rig) -> None:
    """The cursors of all lists are at this moment."""

    def work(frappe: Any) -> None:
        from picortex_xero.engine.clock import now
        from picortex_xero.inbound import cursors

        for endpoint, cursor in cursors.load(rig.connection).items():
            cursor.since = now().strftime("%Y-%m-%dT%H:%M:%S")
            cursors.keep(rig.connection, endpoint, cursor)

    scene.with_site(rig, work)


def test_what_people_had_entered_before_payments_came_back_stays_there(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 2))
    begin(rig)
    run(rig, 3600)
    first, second = scene.live(rig)
    account = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Payment Mapping", filters={"connection": rig.connection}, pluck="xero_account_id")[0]
    )
    rig.xero.person("pay_invoice", InvoiceID=first["InvoiceID"], Amount="5.00", Account={"AccountID": account})
    rig.advance(400)
    assert choose(rig, payments_from_xero="Become Drafts") == ""
    run(rig, 3600)
    rig.xero.person("pay_invoice", InvoiceID=second["InvoiceID"], Amount="6.00", Account={"AccountID": account})
    rig.advance(400)
    beyond(rig)
    late(rig)
    run(rig, 3600)

    def came() -> list[tuple[float, str]]:
        rows = scene.with_site(
            rig, lambda frappe: frappe.get_all("Xero Incoming Record", fields=["amount", "state"], order_by="amount asc")
        )
        return [(float(row["amount"]), row["state"]) for row in rows]

    def journal(amount: str) -> None:
        lines = [{"AccountCode": code, "LineAmount": sign + amount, "TaxType": "NONE"} for code, sign in (("469", ""), ("445", "-"))]
        rig.xero.person("create_journal", Narration="Rent", Date="2026-11-20", JournalLines=lines, LineAmountTypes="Exclusive")

    def looked_through() -> dict[str, int]:
        rig.advance(400)
        beyond(rig)
        late(rig)
        run(rig, 3600)
        return dict(stands(rig)["stay"])

    assert came() == [(6.0, "Draft Here")]
    # Each setting has its own time, and how much stays is said.
    journal("8.00")
    rig.advance(2 * DAY)
    assert choose(rig, entries_from_xero="Become Drafts") == ""
    run(rig, 3600)
    journal("9.00")
    assert looked_through() == {"payments_from_xero": 1, "entries_from_xero": 1}
    assert came() == [(6.0, "Draft Here"), (9.0, "Draft Here")]
    # Read while payments stay there: it is not lost in silence.
    rig.xero.person("pay_invoice", InvoiceID=second["InvoiceID"], Amount="7.00", Account={"AccountID": account})
    assert choose(rig, payments_from_xero="Stay There") == ""
    run(rig, DAY)
    assert choose(rig, payments_from_xero="Become Drafts") == ""
    run(rig, DAY)
    assert looked_through() == {"payments_from_xero": 2, "entries_from_xero": 1} and len(came()) == 2

    def shown(frappe: Any) -> int:
        from picortex_xero.connection import reading_pace

        return int(reading_pace.for_form(rig.connection)["stay"]["payments_from_xero"])

    assert scene.with_site(rig, shown) == 2


def test_a_small_day_on_the_smallest_tier_stays_within_its_shares(rig: Rig) -> None:
    """`make day-on-starter` plays a whole one."""
    day = starter_day.play(rig, Size(documents=8, payments=2, contacts=2, step=60, minutes=60))
    assert not day.wrong, day.as_text()
    assert 0 < day.reading <= day.shares["reading"] == 350 and day.shares["reports"] == 200 and day.shares["sending"] == 450
    assert day.reading_counted >= day.reading and day.came_back == 2 and day.sending >= 4
