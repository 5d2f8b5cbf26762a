"""Drafts of payments that came from Xero, and what either side does with them and with payments from here; one rig for all."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import desk
from tests.scene import rig as scene
from tests.scene.payments_back import (
    choose,
    delete,
    entries,
    mapped,
    of_amount,
    paid,
    pay,
    pressed,
    received,
    release,
    rows,
    submit,
    told,
)
from tests.scene.reading import begin, read


def removed_in_xero(rig: Rig, shown: dict[str, Any]) -> None:
    """A draft whose payment was removed in Xero stays told, whoever presses Retry, and is not in Xero when it is submitted all the same."""
    first, second = (pay(rig, shown, amount) for amount in ("3.00", "4.00"))
    read(rig)
    for each in (first, second):
        rig.xero.person("delete_payment", PaymentID=each["PaymentID"])
    read(rig)
    for amount in (3, 4):
        assert (of_amount(rig, amount)["state"], of_amount(rig, amount)["reason_code"]) == ("Waiting", "removed-draft")
        pressed(rig, "retry", of_amount(rig, amount)["name"])
    read(rig)
    assert of_amount(rig, 3)["reason_code"] == of_amount(rig, 4)["reason_code"] == "removed-draft"
    submitted = of_amount(rig, 3)["reference_name"]
    submit(rig, submitted)
    delete(rig, of_amount(rig, 4)["reference_name"])
    scene.settle(rig)
    read(rig)
    assert (of_amount(rig, 3)["state"], of_amount(rig, 4)["state"]) == ("Entered Here", "Gone")
    assert told(rig, submitted) == ("Needs Attention", "gone-from-xero") and not paid(rig)


def changed_before_the_submit(rig: Rig, shown: dict[str, Any]) -> None:
    """A draft that is submitted with another day is another payment than the one in Xero, also while what is entered in Xero stays there by now."""
    pay(rig, shown, "5.00", Date="2026-11-20")
    read(rig)
    draft = of_amount(rig, 5)["reference_name"]
    choose(rig, "Stay There")
    scene.with_site(rig, lambda frappe: frappe.get_doc("Payment Entry", draft).db_set("posting_date", "2026-06-01"))
    submit(rig, draft)
    scene.settle(rig)
    read(rig)
    choose(rig, "Become Drafts")
    assert of_amount(rig, 5)["state"] == "Entered Here" and told(rig, draft) == ("Needs Attention", "edited-draft")


def matched_with_another(rig: Rig, shown: dict[str, Any], other: str) -> None:
    """What came from Xero and is matched here with another invoice later, as by Payment Reconciliation, is a person's; nothing is taken back in Xero or sent."""
    pay(rig, shown, "6.00", Date="2026-11-20")
    read(rig)
    name = of_amount(rig, 6)["reference_name"]
    submit(rig, name)
    scene.settle(rig)
    read(rig)
    assert told(rig, name) == ("Synced", "")
    before = len(paid(rig))

    def move(frappe: Any) -> str:
        (row,) = frappe.get_all("Payment Entry Reference", filters={"parent": name}, fields=["name", "reference_name"])
        frappe.db.set_value("Payment Entry Reference", row["name"], "reference_name", other)
        doc = frappe.get_doc("Payment Entry", name)
        frappe.db.set_value("Payment Entry", name, "modified", frappe.utils.now_datetime())
        doc.run_method("on_update_after_submit")
        return str(row["reference_name"])

    was = scene.with_site(rig, move)
    desk.search(rig)
    scene.settle(rig)
    assert told(rig, name, "recheck") == ("Held", "other-than-entered-there") and len(paid(rig)) == before
    other = was
    scene.with_site(rig, move)
    scene.with_site(rig, lambda _frappe: release(rig.connection, name))
    scene.settle(rig)
    assert told(rig, name, "recheck") == ("Synced", "") and told(rig, name) == ("Synced", "") and len(paid(rig)) == before


def entered_anew(rig: Rig, sale: dict[str, Any], shown: dict[str, Any]) -> None:
    """A payment from here that somebody removed in Xero and entered there anew, on the same document, is one with that; so is one of theirs whose draft is here."""
    half = received(scene.paid(rig)[1], "HALF", 10, 10)
    half["doc"]["references"][0]["reference_name"] = sale["name"]
    rig.play([half])
    scene.settle(rig)
    (ours,) = [each for each in paid(rig) if each["Amount"] == 10]
    rig.xero.person("delete_payment", PaymentID=ours["PaymentID"])
    there = {"AccountID": mapped(rig, half["doc"]["paid_to"])}
    rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Amount="10.00", Account=there, Date=half["doc"]["posting_date"])
    before = len(entries(rig))
    read(rig)
    scene.settle(rig)
    assert (of_amount(rig, 10)["state"], of_amount(rig, 10)["reference_name"]) == ("Matched", "HALF") and len(entries(rig)) == before
    assert told(rig, "HALF") == ("Synced", "")
    listed = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Changed Record", filters={"reference_name": "HALF"}, pluck="state"))
    assert listed == ["Changed Back"]
    read(rig)
    assert told(rig, "HALF") == ("Synced", "") and [each["Amount"] for each in paid(rig)].count(10) == 1


def kept_back_by_its_account(rig: Rig, sale: dict[str, Any]) -> None:
    """What waits to be entered in Xero goes by itself once its account says that payments are entered here too."""
    kept = received(scene.paid(rig)[1], "KEPT", 11, 11)
    kept["doc"]["references"][0]["reference_name"] = sale["name"]

    def entered(where: str) -> None:
        def work(frappe: Any) -> None:
            (row,) = frappe.get_all("Xero Payment Mapping", filters={"account": kept["doc"]["paid_to"]}, pluck="name")
            frappe.db.set_value("Xero Payment Mapping", row, "payments_entered", where)

        scene.with_site(rig, work)

    entered("Only in Xero")
    rig.play([kept])
    scene.settle(rig)
    assert told(rig, "KEPT") == ("Held", "awaited-from-xero")
    entered("Here and in Xero")
    rig.advance(60)
    rig.dispatch()
    scene.settle(rig)
    assert told(rig, "KEPT") == ("Synced", "")


def typed_beside_a_draft(rig: Rig, sale: dict[str, Any], shown: dict[str, Any]) -> None:
    """One that is typed here while a draft of the same amount came from Xero waits, and goes by itself once that is submitted as the one in Xero."""
    twin = received(scene.paid(rig)[1], "TWIN", 7, 7)
    twin["doc"]["references"][0]["reference_name"] = sale["name"]
    there = {"AccountID": mapped(rig, twin["doc"]["paid_to"])}
    rig.xero.person("pay_invoice", InvoiceID=shown["InvoiceID"], Amount="7.00", Account=there, Date=twin["doc"]["posting_date"])
    read(rig)
    draft = of_amount(rig, 7)
    assert draft["state"] == "Draft Here"
    rig.play([twin])
    scene.settle(rig)
    assert told(rig, "TWIN") == ("Held", "entered-there-too")
    submit(rig, draft["reference_name"])
    scene.settle(rig)
    read(rig)
    scene.settle(rig)
    assert of_amount(rig, 7)["state"] == "Entered Here" and told(rig, draft["reference_name"]) == ("Synced", "")
    assert told(rig, "TWIN") == ("Synced", "") and [each["Amount"] for each in paid(rig)].count(7) == 2


def not_wanted(rig: Rig, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft that a person does not want is made no second time once that is said; however few are looked at in a run, every one has its turn."""
    from picortex_xero.inbound import incoming_rows

    monkeypatch.setattr(incoming_rows, "MOST", 1)
    for amount in ("1.10", "1.20", "1.30"):
        pay(rig, shown, amount)
    for _ in range(3):
        read(rig)
    assert [of_amount(rig, each)["state"] for each in (1.1, 1.2, 1.3)] == ["Draft Here"] * 3
    # Whatever the order of the rows, one of these is not the first.
    for amount in (1.1, 1.3):
        pressed(rig, "done_by_hand", of_amount(rig, amount)["name"])
        delete(rig, of_amount(rig, amount)["reference_name"])
    submit(rig, of_amount(rig, 1.2)["reference_name"])
    scene.settle(rig)
    read(rig)
    read(rig)
    assert [of_amount(rig, each)["state"] for each in (1.1, 1.2, 1.3)] == ["Left Out", "Entered Here", "Left Out"]
    pressed(rig, "retry", of_amount(rig, 1.1)["name"])
    read(rig)
    assert of_amount(rig, 1.1)["state"] == "Draft Here", "Retry makes it all the same"


def each_in_its_turn(rig: Rig) -> None:
    """Where more rows wait than one run looks at, none starves."""
    from picortex_xero.inbound.incoming_rows import in_turn

    filters: dict[str, Any] = {"connection": rig.connection}
    seen = {scene.with_site(rig, lambda _frappe: in_turn(filters, ["name"]))[0]["name"] for _ in rows(rig)}
    assert len(seen) == len(rows(rig)) > 3


def test_what_becomes_of_drafts_when_either_side_changes(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(rig, "Become Drafts")
    sale, other = scene.invoices(rig, 2)
    rig.play([sale, other])
    begin(rig)
    shown = next(each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"])
    removed_in_xero(rig, shown)
    changed_before_the_submit(rig, shown)
    matched_with_another(rig, shown, other["name"])
    entered_anew(rig, sale, shown)
    kept_back_by_its_account(rig, sale)
    typed_beside_a_draft(rig, sale, shown)
    not_wanted(rig, next(each for each in scene.live(rig) if each["InvoiceNumber"] == other["name"]), monkeypatch)
    each_in_its_turn(rig)
