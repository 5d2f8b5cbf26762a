"""Payments that people enter in Xero on what was sent from here become Payment Entries, once, and are never sent back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import ROW, bank, choose, entries, mapped, paid, pay, received, rows, states, submit
from tests.scene.reading import begin, read


def test_a_payment_in_xero_becomes_a_draft_once_and_is_not_sent(rig: Rig) -> None:
    choose(rig, "Become Drafts")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    account, there = bank(rig)
    (shown,) = scene.live(rig)
    rig.xero.person(
        "pay_invoice", InvoiceID=shown["InvoiceID"], Amount="10.00", Account={"AccountID": there}, Reference="EFT 77", Date="2026-11-20"
    )
    read(rig)
    (row,) = rows(rig)
    assert (row["state"], row["reason"]) == ("Draft Here", ""), row["reason"]
    (made,) = entries(rig)
    assert made["name"] == row["reference_name"]
    assert (made["docstatus"], made["payment_type"], made["paid_to"], made["paid_amount"], made["received_amount"]) == (
        0,
        "Receive",
        account,
        10,
        10,
    )
    assert (made["party"], made["reference_no"], str(made["posting_date"])) == (sale["doc"]["customer"], "EFT 77", "2026-11-20")
    assert [(each["reference_name"], each["allocated_amount"]) for each in made["references"]] == [(sale["name"], 10)]
    read(rig)
    assert len(rows(rig)) == 1 and len(entries(rig)) == 1 and len(paid(rig)) == 1
    submit(rig, made["name"])
    scene.settle(rig)
    assert len(paid(rig)) == 1, "nothing is sent back"
    assert states(rig, made["name"]) == ["Synced"]


def test_it_is_submitted_where_the_company_says_so_and_what_xero_removes_waits_for_a_person(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    sale, bill = scene.invoices(rig, 1)[0], scene.bills(rig, 1)[0]
    rig.play([sale, bill])
    begin(rig)
    account, there = bank(rig)
    made_in_xero = [pay(rig, shown, "7.00") for shown in scene.live(rig)]
    pay(rig, scene.live(rig)[0], "3.00")
    read(rig)
    scene.settle(rig)
    found = {(each["payment_type"], each["paid_amount"]): each for each in entries(rig)}
    assert set(found) == {("Receive", 7), ("Pay", 7), ("Receive", 3)}
    assert found["Pay", 7]["paid_from"] == account and found["Pay", 7]["party_type"] == "Supplier"
    assert {each["docstatus"] for each in found.values()} == {1}
    assert len(paid(rig)) == 3 and {row["state"] for row in rows(rig)} == {"Entered Here"}
    # On ERPNext the step says "In Xero"; here nothing has worked out the amounts in company currency.
    rig.xero.person("delete_payment", PaymentID=made_in_xero[0]["PaymentID"])
    read(rig)
    assert len(entries(rig)) == 3 and len(paid(rig)) == 2


def test_what_was_entered_on_both_sides_is_one_payment(rig: Rig) -> None:
    from picortex_xero.api import why

    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    begin(rig)
    (shown,) = scene.live(rig)
    there = mapped(rig, receipt["doc"]["paid_to"])
    rig.xero.person(
        "pay_invoice",
        InvoiceID=shown["InvoiceID"],
        Amount=str(receipt["doc"]["paid_amount"]),
        Account={"AccountID": there},
        Date=receipt["doc"]["posting_date"],
    )
    # The clerk enters it before anybody has read Xero's.
    with rig.frappe():
        from sandbox.host import books

        books.play(receipt)
    read(rig)
    assert [row["state"] for row in rows(rig)] == ["Matched"] and rows(rig)[0]["reference_name"] == receipt["name"]
    assert [each["name"] for each in entries(rig)] == [receipt["name"]] and len(paid(rig)) == 1
    assert states(rig, receipt["name"]) == ["Synced"]
    # What a person has entered there is not removed with the payment here; that is said beforehand.
    said = scene.with_site(rig, lambda _frappe: why.before_cancel("Payment Entry", receipt["name"]))
    assert ["somebody entered it there" in line["says"] for line in said["lines"]] == [True]
    rig.play([scene.cancelling(receipt)])
    scene.settle(rig)
    (void,) = [step for step in rig.steps(reference_name=receipt["name"]) if step["role"] == "void"]
    assert (void["state"], void["reason_code"]) == ("Held", "adopted-stays") and len(paid(rig)) == 1
    (there_now,) = paid(rig)
    rig.xero.person("delete_payment", PaymentID=there_now["PaymentID"])
    read(rig)
    scene.settle(rig)
    assert [step["state"] for step in rig.steps(reference_name=receipt["name"]) if step["role"] == "void"] == ["Synced"]


def test_a_payment_here_waits_while_one_in_xero_may_be_the_same(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    half = scene.copied(
        receipt, "HALF", paid_amount=10, received_amount=10, base_paid_amount=10, base_received_amount=10, total_allocated_amount=10
    )
    half["doc"]["references"][0]["allocated_amount"] = 10
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    there = mapped(rig, receipt["doc"]["paid_to"])
    # Xero would take a second payment of the same amount, since the invoice is not paid in full.
    rig.xero.person(
        "pay_invoice", InvoiceID=shown["InvoiceID"], Amount="10.00", Account={"AccountID": there}, Date=receipt["doc"]["posting_date"]
    )
    rig.play([half])
    rig.dispatch()
    assert len(paid(rig)) == 1
    read(rig, 16 * 60)
    assert [row["state"] for row in rows(rig)] == ["Matched"]
    assert len(paid(rig)) == 1 and states(rig, "HALF") == ["Synced"]


def test_a_draft_that_is_deleted_or_changed_claims_nothing(rig: Rig) -> None:
    choose(rig, "Become Drafts")
    sale, other = scene.invoices(rig, 2)
    rig.play([sale, other])
    begin(rig)
    shown = next(each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"])
    pay(rig, shown, "10.00")
    read(rig)
    (first,) = rows(rig)

    def delete(frappe: Any) -> None:
        frappe.get_doc("Payment Entry", first["reference_name"]).delete()

    scene.with_site(rig, delete)
    read(rig)
    (again,) = rows(rig)
    assert again["state"] == "Draft Here" and again["reference_name"] != first["reference_name"], "it is made again, and only it is linked"

    def change(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", again["reference_name"])
        doc.references[0].reference_name = other["name"]
        doc.save()

    scene.with_site(rig, change)
    submit(rig, again["reference_name"])
    scene.settle(rig)
    read(rig)
    (step,) = [each for each in rig.steps(reference_name=again["reference_name"]) if each["role"] == "payment"]
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "edited-draft") and len(paid(rig)) == 1


def test_one_row_that_cannot_be_read_stops_nothing_else(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    sale, later = scene.invoices(rig, 2)
    rig.play([sale])
    begin(rig)
    pay(rig, scene.live(rig)[0], "4.00")
    with rig.frappe() as frappe:
        row = {
            "name": "broken",
            "connection": rig.connection,
            "company": rig.company["name"],
            "state": "To Decide",
            "record": "no JSON",
            "about": "X",
        }
        frappe.db.bulk_insert(ROW, list(row), [tuple(row.values())])
        frappe.db.commit()
    rig.play([later])
    read(rig)
    assert sorted(row["state"] for row in rows(rig)) == ["Entered Here", "Waiting"] and any(
        "could not be written" in str(row) for row in scene.error_log(rig)
    )
    assert {step["state"] for step in rig.steps(reference_name=later["name"]) if step["role"] == "invoice"} == {"Synced"}
    parts_come_later(rig, next(row["name"] for row in rows(rig) if row["state"] == "Entered Here"))


def parts_come_later(rig: Rig, name: str) -> None:
    """What has become a Payment Entry here shows another part in a later read, as a batch may: a person enters it, and is asked once."""

    def work(frappe: Any) -> list[tuple[str, str]]:
        from picortex_xero.inbound import grown_batches
        from picortex_xero.inbound.incoming_buttons import done_by_hand
        from picortex_xero.inbound.incoming_rows import key, payment_of

        known = payment_of(frappe.db.get_value(ROW, name, "record"))
        assert key(rig.connection, known.endpoint, known.xero_id) == name
        more = replace(known, parts=(*known.parts, replace(known.parts[0], payment_id="another", amount=Decimal(6))))
        found = []
        for shown in (known, more, replace(more, parts=more.parts[1:])):
            grown_batches.notice(rig.connection, [shown])
            row = frappe.db.get_value(ROW, name, ["state", "reason"], as_dict=True)
            found.append((row["state"], row["reason"]))
        done_by_hand(name)
        grown_batches.notice(rig.connection, [more])
        return [*found, (frappe.db.get_value(ROW, name, "state"), "")]

    first, second, third, last = scene.with_site(rig, work)
    assert (first, last) == (("Entered Here", ""), ("Entered Here", ""))
    assert second == third and second[0] == "Waiting" and "another 6.00" in second[1]


def test_a_person_chooses_which_of_several_it_is_and_a_rest_on_account_is_asked_about_too(rig: Rig) -> None:
    from picortex_xero.api import incoming

    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    first, second = received(receipt, "HALF-A", 10, 10), received(receipt, "HALF-B", 10, 10)
    rig.play([sale])
    begin(rig)
    (shown,) = scene.live(rig)
    there = {"AccountID": mapped(rig, receipt["doc"]["paid_to"])}
    on = {"InvoiceID": shown["InvoiceID"], "Account": there, "Date": receipt["doc"]["posting_date"]}
    rig.xero.person("pay_invoice", Amount="10.00", **on)
    rig.play([first, second])
    rig.dispatch()
    read(rig, 16 * 60)
    (row,) = rows(rig)
    assert (row["state"], row["reason_code"]) == ("Waiting", "same-as-several")
    assert states(rig, "HALF-A") == states(rig, "HALF-B") == ["Held"] and len(paid(rig)) == 1
    offered = scene.with_site(rig, lambda _frappe: incoming.alike(row["name"]))
    assert [(each["name"], each["amount"], each["same"], each["draft"]) for each in offered] == [
        ("HALF-A", "10.0", True, False),
        ("HALF-B", "10.0", True, False),
    ]
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="moved on"):
        incoming.choose(row["name"], receipt["name"])
    with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="cannot be entered here as it is"):
        incoming.enter_here(row["name"])
    # Whoever may read no payments learns of none, and chooses none.
    add_user(rig.site, "only-xero@example.com", ["Xero Accountant"])
    with open_site(rig.site, "only-xero@example.com") as frappe:
        assert incoming.alike(row["name"]) == []
        with pytest.raises(frappe.PermissionError):
            incoming.choose(row["name"], "HALF-B")
    scene.with_site(rig, lambda _frappe: incoming.choose(row["name"], "HALF-B"))
    read(rig)
    scene.settle(rig)
    (row,) = rows(rig)
    assert (row["state"], row["reference_name"], bool(row["chosen_by"])) == ("Matched", "HALF-B", True)
    assert states(rig, "HALF-A") == states(rig, "HALF-B") == ["Synced"] and len(paid(rig)) == 2, "the other one goes by itself"
    # 7 of 10 are for the invoice, 3 stay on account; somebody has entered all 10 on the invoice.
    rig.xero.person("pay_invoice", Amount="11.00", **on)
    rig.play([received(receipt, "PART", 11, 7)])
    rig.dispatch()
    assert states(rig, "PART") == ["Held"] and not rig.xero.documents("Overpayments")
    read(rig, 16 * 60)
    row = next(each for each in rows(rig) if each["state"] == "Waiting")
    assert row["reason_code"] == "perhaps-in-parts"
    scene.with_site(rig, lambda _frappe: incoming.choose(row["name"], "another"))
    read(rig)
    scene.settle(rig)
    assert {each["state"] for each in rows(rig)} == {"Matched", "Entered Here"} and len(paid(rig)) == 3
    assert [float(each["Total"]) for each in rig.xero.documents("Overpayments")] == [11]
