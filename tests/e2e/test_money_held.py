"""Hold until released: money waits under To Fix until a Xero Admin or Xero Accountant lets it go; what it pays goes by itself."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import choose

HOLD, SEND = "Hold until released", "Send"


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import to_fix

    return scene.with_site(rig, lambda frappe: getattr(to_fix, function)(**given))


def live(rig: Rig, endpoint: str) -> int:
    return len([each for each in rig.xero.documents(endpoint) if each["Status"] not in ("DELETED", "VOIDED")])


def states(rig: Rig, payments: list[scene.Record]) -> list[str]:
    return [scene.step(rig, payment["name"], "payment")["state"] for payment in payments]


def test_money_waits_until_it_is_released_one_by_one_or_all(rig: Rig) -> None:
    chains = scene.settlements(rig)[:4]
    payments = [chain[-1] for chain in chains]
    choose(rig, money=HOLD)
    rig.play([record for chain in chains for record in chain])
    scene.settle(rig)
    assert live(rig, "Invoices") == 4 and states(rig, payments) == ["Held"] * 4 and not live(rig, "Payments")
    shown = api(rig, "causes", connection=rig.connection)
    (row,) = shown["rows"]
    amount = sum(float(each["doc"]["paid_amount"]) for each in payments)
    assert (row["code"], row["kind"], row["documents"], row["button"]["act"]) == ("money-held", "money", 4, "release")
    assert float(row["amount"]) == round(amount, 2) and row["currency"] == "NZD"

    # One.
    first = payments[0]
    assert api(rig, "release", doctype=first["doctype"], name=first["name"]) == 1
    assert api(rig, "release", doctype=first["doctype"], name=first["name"]) == 0, "it has gone"
    kept = scene.step(rig, first["name"], "payment")
    assert kept["released_by"] == "Administrator" and kept["released_at"]
    rig.xero.fault("drop_after", method="PUT", path="/Payments$")
    scene.settle(rig)
    rig.advance(3600)
    scene.sweep(rig)
    scene.settle(rig)
    assert states(rig, payments) == ["Synced", "Held", "Held", "Held"], "a lost answer asks nobody again"
    assert live(rig, "Payments") == 1

    # Retry does not let money go.
    from picortex_xero.api import status

    scene.with_site(rig, lambda frappe: status.retry("Payment Entry", payments[1]["name"]))
    scene.settle(rig)
    assert states(rig, payments[1:]) == ["Held"] * 3

    # All.
    assert api(rig, "release_all", connection=rig.connection) == {"released": 3, "waiting": 0}
    scene.settle(rig)
    assert states(rig, payments) == ["Synced"] * 4 and live(rig, "Payments") == 4
    assert api(rig, "causes", connection=rig.connection)["rows"] == []

    # What was sent is taken back without asking; what goes once more asks again.
    rig.play([scene.cancelling(payments[3])])
    scene.settle(rig)
    assert live(rig, "Payments") == 3


def test_choosing_send_releases_all_that_waits(rig: Rig) -> None:
    chains = scene.settlements(rig)[:2]
    choose(rig, money=HOLD)
    rig.play([record for chain in chains for record in chain])
    scene.settle(rig)
    assert not live(rig, "Payments")
    choose(rig, money=SEND)
    scene.sweep(rig)
    scene.settle(rig)
    assert live(rig, "Payments") == 2


def test_two_who_release_at_once_release_once(rig: Rig, monkeypatch: Any) -> None:
    from picortex_xero.engine import outbox, release

    chain = scene.settlements(rig)[0]
    choose(rig, money=HOLD)
    rig.play(chain)
    scene.settle(rig)
    with rig.frappe() as frappe:
        stale = [dict(step) for step in outbox.named([scene_step["name"] for scene_step in frappe.get_all("Xero Outbox Entry", filters={"reference_name": chain[-1]["name"]}, fields=["name"])])]  # fmt: skip
    assert scene.with_site(rig, lambda frappe: release.money(rig.connection)) == 1
    assert scene.with_site(rig, lambda frappe: release.money_of(stale)) == 0
    scene.settle(rig)
    assert live(rig, "Payments") == 1


def test_a_connection_of_before_goes_on_sending(rig: Rig) -> None:
    from picortex_xero.patches.v0_2 import keep_sending_money

    def patched(frappe: Any) -> str:
        frappe.db.set_value("Xero Connection", rig.connection, "money", HOLD)
        keep_sending_money.execute()
        return str(frappe.db.get_value("Xero Connection", rig.connection, "money"))

    assert scene.with_site(rig, patched) == SEND
    assert scene.with_site(rig, lambda frappe: frappe.new_doc("Xero Connection").money) == HOLD
