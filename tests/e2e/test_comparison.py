"""Everything in Xero compared with what the documents would become today: what was sent wrong before is found, and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.desk import search
from tests.scene.journals import BANK, entry
from tests.scene.reading import pass_alive
from tests.scene.telling import make_admin, notifications


def everything(rig: Rig) -> list[scene.Record]:
    *sales, payment = scene.paid(rig)
    (bill,) = scene.bills(rig, 1)
    spend, plain = (
        entry(rig, ("Office Rent", 10.0, {}), (BANK, -10.0, {})),
        entry(rig, ("Office Rent", 5.0, {}), ("Travel Expenses", -5.0, {}), name="JV-10"),
    )
    records = [*sales, payment, bill, spend, plain]
    rig.play(records)
    scene.settle(rig)
    return records


def test_what_agrees_has_no_difference_and_costs_a_call_for_each_list(rig: Rig) -> None:
    everything(rig)
    before = rig.xero.call_count()
    assert compare(rig) == []
    calls = rig.xero.calls(before, "/api.xro/")
    assert {call["method"] for call in calls} == {"GET"} and len(calls) <= 6


def test_what_is_otherwise_in_xero_is_listed_by_kind_and_nothing_is_changed(rig: Rig) -> None:
    sale, *_, payment, bill, spend, plain = everything(rig)
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    (money,) = scene.live(rig, "BankTransactions")
    rig.xero.person("edit_account", Code="469", Name="Rent of the office")

    def mapped_otherwise(frappe: Any) -> None:
        (row,) = frappe.get_all("Xero Account Mapping", filters={"connection": rig.connection, "xero_account_code": "493"}, pluck="name")
        frappe.db.set_value("Xero Account Mapping", row, "xero_account_code", "489")

    scene.with_site(rig, mapped_otherwise)
    before = rig.xero.call_count()
    found = compare(rig)
    assert ("Gone in Xero", payment["name"], "", "DELETED") in found
    assert ("Account", plain["name"], "489 Telephone & Internet", "493 Travel - National") in found
    # The bill has a line on that account, too; everything else is as it was.
    assert {(kind, document) for kind, document, *_ in found} == {
        ("Gone in Xero", payment["name"]),
        ("Account", plain["name"]),
        ("Account", bill["name"]),
    }
    assert {call["method"] for call in rig.xero.calls(before, "/api.xro/")} == {"GET"}


def test_what_would_be_held_today_says_so(rig: Rig) -> None:
    *_, bill, _spend, plain = everything(rig)

    def unmapped(frappe: Any) -> None:
        frappe.db.delete("Xero Account Mapping", {"connection": rig.connection, "xero_account_code": "493"})

    scene.with_site(rig, unmapped)
    assert [(kind, document) for kind, document, *_ in compare(rig)] == [("Held Today", plain["name"]), ("Held Today", bill["name"])]


# While it cannot go on


def hourly(rig: Rig, times: int = 1) -> None:
    """The hourly job, the scheduler's minutes having gone on."""
    for _ in range(times):
        pass_alive(rig, 3600)
        search(rig)


def begin(rig: Rig) -> str:
    from picortex_xero.api import compare as buttons

    return str(scene.with_site(rig, lambda _: buttons.start(rig.connection)))


def shown(rig: Rig, name: str) -> dict[str, Any]:
    return dict(scene.with_site(rig, lambda frappe: frappe.get_all("Xero Comparison", filters={"name": name}, fields=["*"])[0]))


def on_screen(rig: Rig) -> str:
    """What is said to whoever presses the button."""
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError) as said:
        from picortex_xero.api import compare as buttons

        buttons.start(rig.connection)
    return str(said.value)


@pytest.mark.parametrize("how", ["list", "sign-in"])
def test_it_waits_and_says_so_and_ends_where_xero_cannot_be_read_for_a_day(rig: Rig, how: str) -> None:
    make_admin(rig)
    everything(rig)
    if how == "list":
        rig.xero.fault("error_before", method="GET", path="/Invoices$", status=500, times=9999)
    else:
        rig.xero.fault("oauth_error", path="/connect/token", error="server_error", times=9999)
        rig.advance(1900)
    first = begin(rig)
    hourly(rig)
    waits = shown(rig, first)
    assert waits["state"] == "Running" and ("Invoices" if how == "list" else "server_error") in waits["reason"]
    assert "begins anew" in waits["cure"] or how == "sign-in"
    second = begin(rig)
    assert second != first and shown(rig, first)["state"] == "Stopped" and shown(rig, first)["reason"]
    if how == "list":
        hourly(rig, 26)
        ended = shown(rig, second)
        assert ended["state"] == "Stopped" and "Invoices" in ended["reason"] and ended["cure"] and ended["finished_at"]
        assert [each for each in notifications(rig) if "comparison" in each["subject"]]
    rig.xero.clear_faults()
    rig.advance(1000)
    third = begin(rig)
    hourly(rig, 2)
    assert shown(rig, third)["state"] == "Done" and not shown(rig, third)["reason"]


def test_one_record_that_xero_never_shows_is_listed_and_passed_over(rig: Rig) -> None:
    sale, *_, bill, _spend, _plain = everything(rig)
    (link,) = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Link", filters={"reference_name": bill["name"], "role": "invoice"}, fields=["xero_id"])
    )
    # No list shows it, and its id answers 500.
    rig.xero.fault("instead", method="GET", path="/Invoices$", text='{"Invoices": []}', times=9)
    rig.xero.fault("error_before", method="GET", path=f"/Invoices/{link['xero_id']}", status=500, times=999)
    found = compare(rig)
    assert [(kind, document) for kind, document, *_rest in found] == [("Not Compared", bill["name"])]


def test_on_a_connection_that_cannot_send_it_says_so_at_once(rig: Rig) -> None:
    everything(rig)
    begun = begin(rig)
    scene.with_site(
        rig,
        lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Paused", "reason": "It is so", "cure": "Do it"}),
    )
    assert "It is so" in on_screen(rig)
    hourly(rig)
    assert (shown(rig, begun)["state"], shown(rig, begun)["reason"], shown(rig, begun)["cure"]) == ("Running", "It is so", "Do it")
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Live", "reason": "", "cure": ""}))
    for state, said in (("Disconnected", "disconnected"), ("Retired", "left the organisation")):
        begun = begin(rig)
        scene.with_site(rig, lambda frappe, state=state: frappe.db.set_value("Xero Connection", rig.connection, "state", state))
        assert said in on_screen(rig)
        hourly(rig)
        assert shown(rig, begun)["state"] == "Stopped" and said in shown(rig, begun)["reason"]
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", "Live"))


def test_one_that_began_while_the_clock_was_ahead_ends(rig: Rig) -> None:
    from datetime import timedelta

    everything(rig)
    begun = begin(rig)
    at = shown(rig, begun)["started_at"] + timedelta(days=30)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Comparison", begun, "started_at", at))
    hourly(rig, 2)
    assert shown(rig, begun)["state"] == "Done" and shown(rig, begun)["calls"] < 40
