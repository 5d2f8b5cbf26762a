"""Documents that change here after they went to Xero without a cancel of their own: unlinked payments, changed invoices.

ERPNext unlinks by SQL, without an event of the payment: that is how these tests do it. Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import change, retry, search
from tests.scene.payments import invoice, left, match, overpayment, partly, recorded, unlink
from tests.scene.renames import tell

D = Decimal


def paid(rig: Rig, count: int) -> tuple[list[scene.Record], scene.Record]:
    """Recorded invoices and the one receipt that pays them."""
    *sales, payment = scene.settlements(rig, count)[0]
    return sales, payment


def states(rig: Rig, name: str) -> dict[tuple[str, int], str]:
    return {(row["role"], row["generation"]): row["state"] for row in rig.steps(reference_name=name)}


def test_a_cancelled_invoice_leaves_its_payment_as_money_of_the_customer(rig: Rig) -> None:
    (sale,), payment = paid(rig, 1)
    rig.play([sale, payment])
    scene.settle(rig)
    unlink(rig, payment, sale)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert scene.live(rig) == [] and scene.live(rig, "Payments") == []
    assert overpayment(rig)["Total"] == left(overpayment(rig)) == scene.total(sale)
    assert set(states(rig, payment["name"]).values()) | set(states(rig, sale["name"]).values()) == {"Synced"}
    assert set(states(rig, payment["name"])) == {("payment", 1), ("recheck-1", 1), ("undo-payment-1", 1), ("payment", 2)}


def test_the_amended_invoice_takes_the_money_again(rig: Rig) -> None:
    sales, payment = paid(rig, 1)
    amended = scene.copied(sales[0], "SI-AMENDED", amended_from=sales[0]["name"])
    rig.play([*sales, payment])
    scene.settle(rig)
    unlink(rig, payment, sales[0])
    rig.play([scene.cancelling(sales[0]), amended])
    match(rig, payment, amended, scene.total(amended))
    scene.settle(rig)
    assert scene.due(invoice(rig, amended)) == 0 and len(scene.live(rig)) == 1
    money = [*scene.live(rig, "Payments"), *scene.live(rig, "Overpayments")]
    assert len(money) == 1, "one receipt, one record of it"


@pytest.mark.parametrize(("fault", "wait"), [("", 120), ("drop_after", 30), ("drop_after", 400), ("drop_before", 400)])
def test_one_of_several_paid_invoices_is_cancelled(rig: Rig, fault: str, wait: float) -> None:
    sales, payment = paid(rig, 3)
    rig.play([*sales, payment])
    scene.settle(rig)
    assert len(scene.live(rig, "BatchPayments")) == 1
    if fault:
        rig.xero.fault(fault, method="POST", path="/BatchPayments/")
        rig.xero.fault(fault, method="PUT", path="/BankTransactions$")
    unlink(rig, payment, sales[1])
    rig.play([scene.cancelling(sales[1])])
    scene.settle(rig, seconds=wait)
    assert scene.live(rig, "BatchPayments") == scene.live(rig, "Payments") == []
    assert [scene.due(invoice(rig, sale)) for sale in (sales[0], sales[2])] == [0, 0]
    assert left(overpayment(rig)) == scene.total(sales[1]) and len(scene.live(rig)) == 2


def test_unreconcile_opens_the_invoice_again_and_a_cancel_still_takes_all_back(rig: Rig) -> None:
    sales, payment = paid(rig, 2)
    rig.play([*sales, payment])
    scene.settle(rig)
    unlink(rig, payment, sales[0])

    def unreconcile(frappe: Any) -> None:
        from picortex_xero.overrides import unreconcile_payment

        doc = {"doctype": "Unreconcile Payment", "name": "u1", "voucher_type": "Payment Entry", "voucher_no": payment["name"]}
        unreconcile_payment.on_submit(SimpleNamespace(company=rig.company["name"], **doc))

    scene.with_site(rig, unreconcile)
    scene.settle(rig)
    assert [scene.due(invoice(rig, sale)) for sale in sales] == [scene.total(sales[0]), 0]
    assert left(overpayment(rig)) == scene.total(sales[0])
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert overpayment(rig)["allocations"] == [] and scene.step(rig, payment["name"], "void")["reason_code"] == "overpayment-stays"
    assert scene.due(invoice(rig, sales[1])) == scene.total(sales[1])


def test_an_allocation_is_moved_and_the_money_stays(rig: Rig) -> None:
    sale, payment = partly(rig)
    rig.play([sale, payment])
    scene.settle(rig)
    before = overpayment(rig)["OverpaymentID"]
    unlink(rig, payment, sale)
    search(rig)
    scene.settle(rig)
    assert overpayment(rig)["OverpaymentID"] == before and left(overpayment(rig)) == D("5012.10")
    assert scene.due(invoice(rig, sale)) == scene.total(sale)
    match(rig, payment, sale, D(10))
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == scene.total(sale) - 10
    steps = len(rig.steps())
    search(rig)
    scene.settle(rig)
    search(rig)
    scene.settle(rig)
    assert len(rig.steps()) <= steps + 1, "what was looked at and agrees is not looked at every hour"


def test_the_hourly_search_finds_what_no_event_told(rig: Rig) -> None:
    sales, payment = paid(rig, 2)
    rig.play([*sales, payment])
    scene.settle(rig)
    search(rig)
    scene.settle(rig)
    assert len(scene.live(rig, "BatchPayments")) == 1, "nothing has changed, nothing is done"
    unlink(rig, payment, sales[1])
    search(rig)
    scene.settle(rig)
    assert [scene.due(invoice(rig, sale)) for sale in sales] == [0, scene.total(sales[1])]


def test_a_payment_that_was_never_sent_goes_as_it_is_now(rig: Rig) -> None:
    sales, payment = paid(rig, 1)
    rig.play([*sales, payment])
    unlink(rig, payment, sales[0])
    search(rig)
    scene.settle(rig)
    assert left(overpayment(rig)) == scene.total(sales[0]) and scene.live(rig, "Payments") == []


def look(rig: Rig, sale: scene.Record) -> dict[str, Any]:
    return scene.step(rig, sale["name"], "recheck-1")


def test_a_changed_invoice_waits_for_a_person_who_changes_it_in_xero(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    scene.settle(rig)
    change(rig, sale, po_no="PO 77")
    scene.settle(rig)
    held = look(rig, sale)
    assert (held["state"], held["reason_code"]) == ("Held", "changed-after-submit") and "PO 77" in held["reason"] and held["cure"]
    assert invoice(rig, sale)["Reference"] != "PO 77", "nothing in Xero is changed unasked"
    change(rig, sale, po_no=sale["doc"].get("po_no") or "")
    scene.settle(rig)
    assert states(rig, sale["name"]) == {("invoice", 1): "Synced", ("recheck-1", 1): "Superseded", ("recheck-2", 1): "Synced"}


def test_what_a_person_has_changed_in_xero_is_compared_on_retry(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    scene.settle(rig)
    change(rig, sale, po_no="PO 77")
    scene.settle(rig)
    retry(rig, sale)
    scene.settle(rig)
    assert look(rig, sale)["state"] == "Held", "Retry alone is no change"
    rig.xero.person("edit_invoice", InvoiceID=invoice(rig, sale)["InvoiceID"], Reference="PO 77")
    retry(rig, sale)
    scene.settle(rig)
    assert look(rig, sale)["state"] == "Synced"


def test_a_title_or_remark_is_nothing_to_xero(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    scene.settle(rig)
    change(rig, sale, remarks="Call before delivery")
    scene.settle(rig)
    assert set(states(rig, sale["name"])) == {("invoice", 1)}


@pytest.mark.parametrize("fault", ["", "drop_after", "drop_before"])
def test_where_it_is_switched_on_the_change_is_made_in_xero(rig: Rig, fault: str) -> None:
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    scene.settle(rig)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero"))
    if fault:
        rig.xero.fault(fault, method="POST", path="/Invoices")
    other = next(row["name"] for row in rig.company["masters"]["Cost Center"] if row["name"].startswith("South"))
    change(rig, sale, po_no="PO 78", cost_center=other)
    scene.settle(rig, seconds=400)
    assert look(rig, sale)["state"] == "Synced" and len(scene.live(rig)) == 1
    shown = invoice(rig, sale)
    assert shown["Reference"] == "PO 78" and shown["lines"][0]["Tracking"][0]["Option"] == "South"
    assert shown["Total"] == scene.total(sale)


def test_a_paid_invoice_takes_the_reference_only(rig: Rig) -> None:
    (sale,), payment = paid(rig, 1)
    rig.play([sale, payment])
    scene.settle(rig)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero"))
    change(rig, sale, po_no="PO 79")
    scene.settle(rig)
    assert invoice(rig, sale)["Reference"] == "PO 79" and look(rig, sale)["state"] == "Synced"
    assert recorded(rig, sale["name"])["doc"]["docstatus"] == 1


def test_merged_customers_are_two_contacts_until_a_person_merges_them(rig: Rig) -> None:
    first, second = scene.of_different_customers(rig, 2)
    rig.play([first, second])
    scene.settle(rig)
    kept, gone = first["doc"]["customer"], second["doc"]["customer"]

    def merge(frappe: Any) -> None:
        # Frappe moves links to the merged customer by SQL, then calls after_rename of the one that stays.
        for doctype in ("Xero Link", "Xero Outbox Entry"):
            for name in frappe.get_all(doctype, filters={"reference_doctype": "Customer", "reference_name": gone}, pluck="name"):
                frappe.db.set_value(doctype, name, "reference_name", kept, update_modified=False)
        tell(frappe, "Customer", gone, kept)
        tell(frappe, "Customer", gone, kept, merge=True)

    scene.with_site(rig, merge)
    held = scene.step(rig, kept, "merged-1")
    assert (held["state"], held["reason_code"]) == ("Held", "contacts-to-merge") and held["cure"]
    further = scene.copied(first, "SI-AFTER")
    rig.play([further])
    scene.settle(rig)
    assert len({each["contact"] for each in scene.live(rig) if each["InvoiceNumber"] in (first["name"], "SI-AFTER")}) == 1

    def retry_step(frappe: Any) -> int:
        from picortex_xero.api import status

        return status.retry_step(held["name"])

    assert scene.with_site(rig, retry_step) == 1
    scene.settle(rig)
    assert scene.step(rig, kept, "merged-1")["state"] == "Synced"
