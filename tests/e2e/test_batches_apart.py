"""A batch payment of several suppliers, with a bill that was never sent from here: each payment of it comes back for itself, once."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import bank, choose, delete, entries, pressed, rows
from tests.scene.reading import begin, read, weekly_look


def of_two_suppliers(rig: Rig) -> tuple[scene.Record, scene.Record]:
    found = scene.bills(rig, 20)
    return found[0], next(each for each in found if each["doc"]["supplier"] != found[0]["doc"]["supplier"])


def born_in_xero(rig: Rig) -> dict[str, Any]:
    line = {"Description": "Rent", "Quantity": "1", "UnitAmount": "9.00", "AccountCode": "404"}
    given = {"Type": "ACCPAY", "InvoiceNumber": "RENT-1", "Contact": {"Name": "Landlord"}, "Status": "AUTHORISED", "Date": "2026-11-20"}
    return dict(rig.xero.person("create_invoice", **given, DueDate="2026-11-30", LineAmountTypes="NoTax", LineItems=[line]))


def test_each_payment_comes_back_for_itself(rig: Rig) -> None:
    choose(rig, "Become Drafts")
    one, two = of_two_suppliers(rig)
    rig.play([one, two])
    begin(rig)
    read(rig)
    shown = scene.live(rig)
    rent = born_in_xero(rig)
    # Less is open of one of them here.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Purchase Invoice", two["name"], "outstanding_amount", 1))
    members = [{"Invoice": {"InvoiceID": each["InvoiceID"]}, "Amount": "3.00"} for each in (*shown, rent)]
    made = rig.xero.person("pay_batch", Account={"AccountID": bank(rig)[1]}, Date="2026-11-20", Payments=members)
    read(rig)
    read(rig)
    found = {each["about"]: each for each in rows(rig)}
    assert {name: (each["state"], each["reason_code"] or "", each["endpoint"]) for name, each in found.items()} == {
        one["name"]: ("Draft Here", "", "Payments"),
        two["name"]: ("Waiting", "more-than-open", "Payments"),
    }
    (draft,) = entries(rig)
    assert (draft["party"], draft["paid_amount"], len(draft["references"])) == (one["doc"]["supplier"], 3, 1)
    # Nothing is made anew of what is listed again, and the batch is no row.
    weekly_look(rig)
    read(rig)
    assert len(entries(rig)) == 1 and sorted(each["about"] for each in rows(rig)) == sorted(found)
    rig.xero.person("delete_batch_payment", BatchPaymentID=made["BatchPaymentID"])
    read(rig)
    gone = {each["about"]: (each["state"], each["reason_code"] or "") for each in rows(rig)}
    assert gone == {one["name"]: ("Waiting", "removed-draft"), two["name"]: ("Gone", "")}
    delete(rig, draft["name"])
    pressed(rig, "retry", found[one["name"]]["name"])
    read(rig)
    assert {each["state"] for each in rows(rig)} == {"Gone"} and entries(rig) == []
