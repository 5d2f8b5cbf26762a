"""What people do in Xero meets what the app does: taken names and numbers, locks, approvals, voids and payments by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import retry
from tests.scene.reading import pass_alive, status


def by_hand(rig: Rig, number: str, contact: str, kind: str = "ACCREC") -> dict[str, Any]:
    """An invoice that a person entered in Xero."""
    person = rig.xero.person("create_contact", Name=contact)
    line = {"Description": "By hand", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "NONE"}
    return rig.xero.person(
        "create_invoice", Type=kind, InvoiceNumber=number, Contact={"ContactID": person["ContactID"]}, Date="2026-10-01",
        DueDate="2026-10-20", LineAmountTypes="Exclusive", Status="AUTHORISED", LineItems=[line],
    )  # fmt: skip


def contact_name(record: scene.Record) -> str:
    """The party's name of a recorded invoice."""
    return str(record["doc"].get("customer_name") or record["doc"].get("supplier_name"))


def test_the_number_of_a_voided_invoice_gets_a_visible_suffix(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    burned = by_hand(rig, record["name"], "Somebody Else")
    rig.xero.person("void_invoice", InvoiceID=burned["InvoiceID"])
    rig.play([record])
    scene.settle(rig)
    assert [each["InvoiceNumber"] for each in scene.live(rig)] == [record["name"] + "-R1"]
    assert scene.step(rig, record["name"])["state"] == "Synced"


@pytest.mark.case("S12")
@pytest.mark.parametrize("name", ["SINV/2026,7", 'SI "A"', "SI & Co #9?x=1"])
def test_a_number_with_commas_and_quotes_is_looked_up_as_it_is(rig: Rig, name: str) -> None:
    """A bill of the same number, and invoices of its parts, are others."""
    record = scene.copied(scene.invoices(rig)[0], name)
    burned = by_hand(rig, name, "Somebody Else")
    rig.xero.person("void_invoice", InvoiceID=burned["InvoiceID"])
    by_hand(rig, name, "A Supplier", "ACCPAY")
    by_hand(rig, "7", "A Third")
    rig.play([record])
    scene.settle(rig)
    assert scene.step(rig, name)["state"] == "Synced"
    assert f"{name}-R1" in [each["InvoiceNumber"] for each in scene.live(rig)]


@pytest.mark.case("S12")
def test_nothing_is_read_by_its_number_in_the_path(rig: Rig) -> None:
    """Xero's paths of single invoices and credit notes take an id."""
    record = scene.invoices(rig)[0]
    burned = by_hand(rig, record["name"], "Somebody Else")
    rig.xero.person("void_invoice", InvoiceID=burned["InvoiceID"])
    rig.play([record])
    scene.settle(rig)
    paths = [call["path"] for call in rig.xero.calls() if call["method"] == "GET"]
    assert not [path for path in paths if record["name"] in path.partition("?")[0]]


def test_a_number_taken_by_a_foreign_invoice_needs_a_person(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    foreign = by_hand(rig, record["name"], "Somebody Else")
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Needs Attention" and record["name"] in row["reason"] and row["cure"]
    assert [each["InvoiceID"] for each in scene.live(rig)] == [foreign["InvoiceID"]]


@pytest.mark.parametrize("extra", [{}, {"EmailAddress": "other@example.com"}])
def test_a_contact_of_the_same_name_is_adopted(rig: Rig, extra: dict[str, Any]) -> None:
    record = scene.invoices(rig)[0]
    known = rig.xero.person("create_contact", Name=contact_name(record).upper(), **extra)
    rig.play([record])
    scene.settle(rig)
    assert [each["ContactID"] for each in rig.xero.documents("Contacts")] == [known["ContactID"]]
    assert scene.live(rig)[0]["contact"] == known["ContactID"]


@pytest.mark.parametrize("contradiction", [{"ContactNumber": "C-17"}, {"TaxNumber": "99-999-999"}])
def test_a_contact_of_the_same_name_that_contradicts_is_left_to_a_person(rig: Rig, contradiction: dict[str, Any]) -> None:
    record = scene.invoices(rig)[0]
    rig.xero.person("create_contact", Name=contact_name(record), **contradiction)
    customer = record["doc"]["customer"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Customer", customer, "tax_id", "11-111-111"))
    rig.play([record])
    scene.settle(rig)
    contact = scene.step(rig, customer)
    assert contact["state"] == "Needs Attention" and contact["cure"]
    waiting = scene.step(rig, record["name"])
    assert waiting["state"] == "Pending" and waiting["blocked_on"] == contact["name"]
    shown = status(rig, record)
    assert (shown["message"], shown["colour"]) == ("Not in Xero yet: accounts has been told", "red"), "what waits for a person is on no way"
    assert not scene.live(rig) and len(rig.xero.documents("Contacts")) == 1
    person = rig.xero.documents("Contacts")[0]
    rig.xero.person("edit_contact", ContactID=person["ContactID"], Name="Someone quite different")
    assert retry(rig, record) == 1
    scene.settle(rig)
    assert scene.step(rig, record["name"])["state"] == "Synced"


def test_our_contact_number_finds_the_contact_whatever_it_is_called_now(rig: Rig) -> None:
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    scene.settle(rig)
    contact = rig.xero.documents("Contacts")[0]
    rig.xero.person("edit_contact", ContactID=contact["ContactID"], Name="Renamed in Xero Ltd")
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Link", {"reference_name": first["doc"]["customer"]}))
    rig.play([second])
    scene.settle(rig)
    assert len(rig.xero.documents("Contacts")) == 1
    assert {each["contact"] for each in scene.live(rig)} == {contact["ContactID"]}


@pytest.mark.parametrize("retried", ["the document", "the cause"])
@pytest.mark.parametrize("said_by", ["Xero's lists", "Xero's answer"])
def test_an_archived_account_names_the_mapping_and_retry_sends(rig: Rig, said_by: str, retried: str) -> None:
    record = next(each for each in scene.bills(rig, 60) if any("Cost of Goods" in row["expense_account"] for row in each["doc"]["items"]))
    if said_by == "Xero's answer":
        # Its lists were read just before.
        scene.make_contacts(rig, [record])
    rig.xero.person("archive_account", Code="310")
    if said_by == "Xero's lists":
        # They are too old to be sent by.
        pass_alive(rig, 3660)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "account-archived"
    assert all(
        part in row["cure"]
        for part in (["Restore 310", "under Accounts in Mapping"] if said_by == "Xero's lists" else ["Restore the account", "map"])
    )
    assert len(scene.writes(rig, "Invoices")) == (said_by == "Xero's answer")
    rig.xero.person("edit_account", Code="310", Status="ACTIVE")
    if retried == "the document":
        retry(rig, record)
    else:
        retry_cause(rig, "xero account")
    scene.settle(rig)
    scene.assert_once(rig, [record])


def retry_cause(rig: Rig, kind: str) -> None:
    """A person presses Retry beside a cause on the overview."""

    def press(frappe: Any) -> None:
        from picortex_xero.attention import status

        ((key, code),) = {
            (row["cause_key"], row["code"]) for row in frappe.get_all("Xero Step Cause", filters={"kind": kind}, fields=["*"])
        }
        assert status.retry_cause(rig.connection, kind, key, code)["released"] == 1

    scene.with_site(rig, press)


def test_a_locked_period_holds_and_retry_after_unlocking_sends(rig: Rig) -> None:
    rig.xero.person("set_lock_dates", period="2026-10-31")
    record = scene.invoices(rig)[0]
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Held" and "lock" in row["reason"].lower() and row["cure"]
    rig.xero.person("set_lock_dates", period=None)
    assert retry(rig, record) == 1
    scene.settle(rig)
    scene.assert_once(rig, [record])


def test_a_payment_waits_for_approval_and_goes_after_it(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    *invoices, payment = scene.paid(rig)
    rig.play([*invoices, payment])
    rig.dispatch()
    assert [each["Status"] for each in scene.live(rig)] == ["DRAFT"]
    row = scene.step(rig, payment["name"])
    assert row["state"] == "Pending" and row["reason_code"] == "waiting-approval" and "Approve" in row["cure"]
    assert not scene.writes(rig, "Payments")
    rig.xero.person("approve_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    rig.advance(16 * 60)
    rig.dispatch()
    scene.assert_once(rig, [*invoices, payment])
    assert scene.due(scene.live(rig)[0]) == 0


def test_a_draft_is_deleted_on_cancel_and_a_submitted_one_voided(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    first, second = scene.invoices(rig, 2)
    rig.play([first, second])
    rig.dispatch()
    rig.xero.person("approve_invoice", InvoiceNumber=second["name"])
    rig.play([scene.cancelling(first), scene.cancelling(second)])
    scene.settle(rig)
    assert {each["Status"] for each in rig.xero.documents("Invoices")} == {"DELETED", "VOIDED"}


def test_an_invoice_voided_by_hand_holds_its_payment(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig)
    rig.play(invoices)
    rig.dispatch()
    rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    rig.play([payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert row["state"] == "Held" and row["reason_code"] == "invoice-gone" and row["cure"]
    assert not scene.writes(rig, "Payments")


def test_a_payment_made_in_xero_first_is_not_made_again(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig)
    rig.play(invoices)
    rig.dispatch()
    rig.xero.person("pay_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], Date="2026-10-08")
    rig.play([payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "payment-exceeds-due" and row["cure"]
    assert len(scene.live(rig, "Payments")) == 1 and not scene.writes(rig, "Payments")


def test_cancelling_a_paid_invoice_is_held_and_goes_once_the_payment_is_gone(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig)
    rig.play([*invoices, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(invoices[0])])
    scene.settle(rig)
    row = scene.step(rig, invoices[0]["name"], "void")
    assert row["state"] == "Held" and row["reason_code"] == "cancel-of-paid" and payment["name"] not in row["reason"] and row["cure"]
    assert scene.due(scene.live(rig)[0]) == Decimal(0)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert not scene.live(rig, "Payments")
    retry(rig, invoices[0])
    scene.settle(rig)
    assert not scene.live(rig)


@pytest.mark.parametrize("references", [1, 2])
def test_a_payment_and_its_invoices_cancelled_together_need_nobody(rig: Rig, references: int) -> None:
    *invoices, payment = scene.paid(rig, references)
    rig.play([*invoices, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment), *(scene.cancelling(record) for record in invoices)])
    scene.settle(rig)
    assert not scene.live(rig) and not scene.live(rig, "Payments")
    assert {row["state"] for row in rig.steps()} == {"Synced"}


@pytest.mark.parametrize("references", [1, 2])
def test_a_payment_cancelled_and_entered_again_before_its_cancel_went(rig: Rig, references: int) -> None:
    """The new one finds nothing due in Xero until the old one is gone there: it waits, nobody is asked."""
    *invoices, payment = scene.paid(rig, references)
    rig.play([*invoices, payment])
    scene.settle(rig)
    again = scene.copied(payment, payment["name"] + "-AGAIN")
    rig.play([scene.cancelling(payment), again])
    scene.settle(rig)
    scene.assert_once(rig, [*invoices, again])
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_cancelling_a_batch_deletes_all_of_it(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig, 2)
    rig.play([*invoices, payment])
    scene.settle(rig)
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert not scene.live(rig, "Payments") and not scene.live(rig, "BatchPayments")
    assert [scene.due(each) for each in scene.live(rig)] == [scene.total(record) for record in invoices]


def test_an_amended_document_waits_until_the_old_one_is_gone(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    rig.play([record])
    rig.dispatch()
    rig.xero.person("pay_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], Date="2026-10-08")
    amended = scene.copied(record, record["name"] + "-1", amended_from=record["name"])
    rig.play([scene.cancelling(record), amended])
    rig.dispatch()
    waiting = scene.step(rig, amended["name"])
    assert waiting["state"] == "Pending" and waiting["reason_code"] == "waits-for-cancel"
    assert len(scene.live(rig)) == 1
    rig.xero.person("delete_payment", PaymentID=scene.live(rig, "Payments")[0]["PaymentID"])
    retry(rig, record)
    scene.settle(rig)
    scene.assert_once(rig, [amended])


@pytest.mark.parametrize("references", [1, 2])
def test_a_payment_entered_anew_after_a_cancel_waits_until_the_first_is_gone(rig: Rig, references: int) -> None:
    *invoices, payment = scene.paid(rig, references)
    rig.play([*invoices, payment])
    scene.settle(rig)
    corrected = scene.copied(payment, payment["name"] + "B", reference_no="corrected")
    rig.play([scene.cancelling(payment), corrected])
    scene.settle(rig)
    scene.assert_once(rig, [*invoices, corrected])
    assert {row["state"] for row in rig.steps()} == {"Synced"}


@pytest.mark.parametrize("references", [1, 2])
def test_a_payment_deleted_in_xero_by_hand_ends_its_cancel(rig: Rig, references: int) -> None:
    *invoices, payment = scene.paid(rig, references)
    rig.play([*invoices, payment])
    scene.settle(rig)
    if references == 1:
        rig.xero.person("delete_payment", PaymentID=scene.live(rig, "Payments")[0]["PaymentID"])
    else:
        rig.xero.person("delete_batch_payment", BatchPaymentID=scene.live(rig, "BatchPayments")[0]["BatchPaymentID"])
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert not scene.live(rig, "Payments")
    assert scene.step(rig, payment["name"], "void")["state"] == "Synced"
