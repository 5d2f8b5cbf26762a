"""An invoice whose edit in Xero was taken over: what is paid of it there while its amendment is a draft, and what becomes of it where that draft is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import choose, entries, of_amount, pay, rows
from tests.scene.reading import begin, read
from tests.scene.two_ways_host import worked_out

LISTED = "Xero Changed Record"


@pytest.fixture(autouse=True)
def _as_erpnext() -> Iterator[None]:
    """ERPNext cancels, and works out what is left of an invoice."""
    with worked_out():
        yield


def taken_over(rig: Rig) -> tuple[scene.Record, dict[str, Any], str]:
    """A sale that got another due date in Xero, its record there, and the draft here that has taken it over."""
    choose(rig, "Are Submitted")
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], DueDate="2026-12-24")
    read(rig)

    def take_over(frappe: Any) -> str:
        from picortex_xero.api import changes

        return str(changes.take_over(frappe.get_all(LISTED, pluck="name")[0])["name"])

    return sale, shown, scene.with_site(rig, take_over)


def steps(rig: Rig, name: str) -> list[tuple[str, str, str]]:
    return [(each["role"], each["state"], each["reason_code"] or "") for each in rig.steps(reference_name=name)]


def of_draft(rig: Rig, draft: str, what: str) -> None:
    scene.with_site(rig, lambda frappe: getattr(frappe.get_doc("Sales Invoice", draft), what)())


def test_what_is_paid_of_a_draft_waits_and_is_entered_once_it_is_submitted(rig: Rig) -> None:
    _sale, shown, draft = taken_over(rig)
    pay(rig, shown, "11.00", Date="2026-11-20")
    read(rig)
    row = of_amount(rig, 11)
    assert (row["state"], row["reason_code"], row["about"]) == ("Waiting", "pays-draft", draft) and draft in row["reason"]
    of_draft(rig, draft, "submit")
    read(rig)
    assert of_amount(rig, 11)["state"] == "Entered Here"
    (entry,) = entries(rig)
    assert [(each["reference_name"], each["allocated_amount"]) for each in entry["references"]] == [(draft, 11.0)]


def test_a_payment_that_waits_goes_with_what_it_pays(rig: Rig) -> None:
    """Xero pays it before it is taken over, and nothing here counts that yet."""
    _sale, shown, draft = taken_over(rig)
    pay(rig, shown, "11.00", Date="2026-11-20")
    read(rig)
    of_draft(rig, draft, "delete")
    read(rig)
    assert (of_amount(rig, 11)["state"], of_amount(rig, 11)["reason_code"]) == ("Waiting", "pays-cancelled")


def test_a_draft_that_took_over_and_is_deleted_leaves_its_document_under_to_fix(rig: Rig) -> None:
    sale, shown, draft = taken_over(rig)
    of_draft(rig, draft, "delete")
    read(rig)
    held = ("void-invoice-1", "Held", "not-taken-over")
    assert held in steps(rig, sale["name"]) and len(scene.live(rig)) == 1

    # Looking again sends nothing.
    def again(frappe: Any) -> None:
        from picortex_xero.engine import outbox

        for each in outbox.of_documents(rig.connection, "Sales Invoice", [sale["name"]]):
            outbox.decide_anew(each)

    scene.with_site(rig, again)
    rig.dispatch()
    scene.settle(rig)
    assert held in steps(rig, sale["name"]) and len(scene.live(rig)) == 1
    # Paid there, it waits as well.
    pay(rig, shown, "11.00", Date="2026-11-20")
    read(rig)
    assert [row["reason_code"] for row in rows(rig)] == ["pays-cancelled"]
    (paid,) = scene.live(rig, "Payments")
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    # Voided there: over by itself.
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    read(rig)
    assert ("void-invoice-1", "Synced", "") in steps(rig, sale["name"])
    assert [row["state"] for row in rows(rig)] == ["Gone"]


def test_a_document_that_is_amended_anew_waits_until_the_former_record_is_gone(rig: Rig) -> None:
    sale, shown, draft = taken_over(rig)
    of_draft(rig, draft, "delete")
    read(rig)
    rig.play([scene.copied(sale, f"{sale['name']}-1", amended_from=sale["name"])])
    rig.dispatch()
    scene.settle(rig)
    assert len(scene.live(rig)) == 1, "it is never owed twice"
    rig.xero.person("void_invoice", InvoiceID=shown["InvoiceID"])
    read(rig)
    scene.settle(rig)
    (stands,) = scene.live(rig)
    assert stands["InvoiceID"] != shown["InvoiceID"] and ("invoice", "Synced", "") in steps(rig, f"{sale['name']}-1")


def test_a_document_that_is_right_in_xero_is_done_by_hand(rig: Rig) -> None:
    from picortex_xero.attention import by_hand
    from picortex_xero.documents.identity import identity

    sale, _shown, draft = taken_over(rig)
    of_draft(rig, draft, "delete")
    read(rig)
    scene.with_site(rig, lambda frappe: by_hand.done(rig.connection, identity(frappe.get_doc("Sales Invoice", sale["name"]).as_dict())))
    read(rig)
    assert ("void-invoice-1", "Skipped", "done-by-hand") in steps(rig, sale["name"]) and len(scene.live(rig)) == 1
