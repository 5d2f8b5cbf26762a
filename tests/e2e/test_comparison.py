"""Everything in Xero compared with what the documents would become today: what was sent wrong before is found, and nothing is changed."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.journals import BANK, entry


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
    before = len(rig.xero.calls())
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
    before = len(rig.xero.calls())
    found = compare(rig)
    assert ("Gone in Xero", payment["name"], "", "DELETED") in found
    assert ("Account", plain["name"], "489", "493") in found
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
