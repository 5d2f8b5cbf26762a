"""Opening invoices and bills: kept back until the admin says so, then what is still open is created, or linked where Xero has it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.desk import account_codes, create_openings, search
from tests.scene.openings import BEFORE, GO_LIVE, as_opening, entered_in_xero, in_the_report
from tests.scene.returns import shown


@pytest.fixture
def opening(rig: Rig) -> scene.Record:
    """An opening invoice of 1,150.00 from long before the go-live date."""
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    return as_opening(rig, scene.invoices(rig)[0], 1150.0)


def test_an_opening_document_from_before_is_no_matter_until_somebody_says_so(rig: Rig, opening: scene.Record) -> None:
    rig.play([opening])
    scene.settle(rig)
    assert not rig.steps(reference_name=opening["name"]) and search(rig) == 0
    create_openings(rig)
    assert search(rig) == 1
    scene.settle(rig)
    element = shown(rig, opening)
    assert (element["Total"], element["TotalTax"], element["Date"], element["InvoiceNumber"]) == (1150, 0, BEFORE, opening["name"])
    codes = account_codes(rig)
    assert [codes[line["account"]] for line in element["lines"]] == ["850"]
    rig.play([scene.cancelling(opening)])
    scene.settle(rig)
    assert not scene.live(rig)


def test_one_dated_after_the_go_live_is_held_and_goes_with_retry(rig: Rig) -> None:
    record = as_opening(rig, scene.bills(rig)[0], 690.0)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "opening") and "Opening Invoices and Bills" in row["cure"]


def test_what_was_settled_before_is_not_brought_along(rig: Rig, opening: scene.Record) -> None:
    create_openings(rig)
    against = {"against_voucher_type": "Sales Invoice", "against_voucher": opening["name"], "is_cancelled": 0}
    rows = [{**against, "posting_date": "2026-09-30", "account": opening["doc"]["debit_to"], "credit_in_account_currency": 150.5}]
    rows += [{**against, "posting_date": GO_LIVE, "account": opening["doc"]["debit_to"], "credit_in_account_currency": 99.0}]
    scene.with_site(rig, lambda frappe: [storage.post("Payment Entry", f"PAY-{at}", [row], BEFORE) for at, row in enumerate(rows)])
    rig.play([opening])

    def sides(_frappe: Any) -> dict[str, Any]:
        from picortex_xero.api import preview

        return {each["label"]: each for each in preview.document(rig.connection, opening["doctype"], opening["name"])["sides"]}

    card = scene.with_site(rig, sides)
    total, still_open = ([card[name][each] for each in ("here", "there", "differs")] for name in ("Total", "Still open"))
    assert (total, still_open) == (["1150", "999.5", False], ["999.5", "999.5", False]), "what was paid before explains it"
    scene.settle(rig)
    assert in_the_report(rig, opening) == (0, Decimal("999.5"))
    assert shown(rig, opening)["Total"] == Decimal("999.5"), "what is paid from the go-live date on comes as a payment"
    assert scene.step(rig, opening["name"], "invoice")["amount"] == 999.5


def test_nothing_left_open_is_skipped(rig: Rig, opening: scene.Record) -> None:
    create_openings(rig)
    row = {"against_voucher_type": "Sales Invoice", "against_voucher": opening["name"], "is_cancelled": 0, "posting_date": "2026-09-30"}
    row |= {"account": opening["doc"]["debit_to"], "credit_in_account_currency": 1150.0}
    scene.with_site(rig, lambda frappe: storage.post("Payment Entry", "PAY-1", [row], BEFORE))
    rig.play([opening])
    scene.settle(rig)
    step = scene.step(rig, opening["name"])
    assert (step["state"], step["reason_code"]) == ("Skipped", "opening-settled") and not scene.live(rig)


def test_one_that_xero_has_is_linked_and_never_voided_from_here(rig: Rig, opening: scene.Record) -> None:
    create_openings(rig)
    there = entered_in_xero(rig, opening, "1500.00")
    rig.xero.person("pay_invoice", InvoiceID=there["InvoiceID"], Amount="350.00", Account={"Code": "090"}, Date="2026-06-01")
    rig.play([opening])
    scene.settle(rig)
    assert [each["InvoiceID"] for each in scene.live(rig)] == [there["InvoiceID"]]
    assert shown(rig, opening)["Total"] == 1500 and scene.step(rig, opening["name"])["state"] == "Synced"
    assert in_the_report(rig, opening) == (0, 1150), "the rest was paid there"
    assert compare(rig) == []
    rig.play([scene.cancelling(opening)])
    scene.settle(rig)
    row = scene.step(rig, opening["name"], "void")
    assert (row["state"], row["reason_code"]) == ("Held", "adopted-stays") and len(scene.live(rig)) == 1


def test_a_bill_that_xero_has_in_other_letters_or_with_other_blanks_is_linked(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    create_openings(rig)
    record = as_opening(rig, scene.bills(rig)[0], 1150.0)
    record["doc"]["bill_no"] = "inv7"
    there = entered_in_xero(rig, record, "1150.00", Type="ACCPAY", InvoiceNumber="INV 7")
    rig.play([record])
    scene.settle(rig)
    assert scene.step(rig, record["name"])["state"] == "Synced"
    assert [each["InvoiceID"] for each in scene.live(rig)] == [there["InvoiceID"]]


@pytest.mark.parametrize(("numbers", "code"), [(["1000.00"], "opening-differs"), (["1150.00", "1150.00"], "opening-several")])
def test_one_that_xero_has_otherwise_is_a_persons(rig: Rig, numbers: list[str], code: str) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    create_openings(rig)
    record = as_opening(rig, scene.bills(rig)[0], 1150.0)
    for total in numbers:
        entered_in_xero(rig, record, total, Type="ACCPAY", InvoiceNumber=record["doc"].get("bill_no") or record["name"])
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", code) and len(scene.live(rig)) == len(numbers)


@pytest.mark.case("01")
@pytest.mark.parametrize("takes_merged", [False, True])
def test_one_that_xero_has_with_the_contact_into_which_ours_was_merged_is_linked(rig: Rig, takes_merged: bool) -> None:
    """Bills have no number of their own in Xero: it would take a second one without a word."""
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    create_openings(rig)
    rig.xero.settings(takes_merged_contacts=takes_merged)
    record = as_opening(rig, scene.bills(rig)[0], 1150.0)
    scene.make_contacts(rig, [record])
    there = entered_in_xero(rig, record, "1150.00", Type="ACCPAY", InvoiceNumber=record["doc"].get("bill_no") or record["name"])
    kept = rig.xero.person("create_contact", Name="Kept Ltd")
    (own,) = (each for each in rig.xero.documents("Contacts") if each["ContactID"] == there["Contact"]["ContactID"])
    rig.xero.person("merge_contacts", ContactID=own["ContactID"], Into=kept["ContactID"])
    rig.play([record])
    scene.settle(rig)
    assert [each["InvoiceID"] for each in scene.live(rig)] == [there["InvoiceID"]]
    assert scene.step(rig, record["name"])["state"] == "Synced"
