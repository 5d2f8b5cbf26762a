"""Xero keeps a line otherwise than it was sent although the totals agree: a draft is in Xero with a warning, an approved one is a person's."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import deductions
from tests.scene import rig as scene
from tests.scene.desk import again, change, choose, retry
from tests.scene.reading import begin, press, read, status

pytestmark = [pytest.mark.case("03"), pytest.mark.case("05")]
NORTH = "North - TF"


def tracked(rig: Rig, count: int = 1) -> list[scene.Record]:
    """Plain invoices whose first line is of a cost centre with tracking."""
    records = scene.invoices(rig, count)
    for record in records:
        for row in record["doc"]["items"]:
            row["cost_center"] = NORTH
    return records


def status_of(rig: Rig, record: scene.Record) -> dict[str, Any]:
    """What an Xero Admin sees on the form."""
    from picortex_xero.attention import status

    return dict(scene.with_site(rig, lambda frappe: status.of(record["doctype"], record["name"], with_details=True)))


def warnings(rig: Rig) -> int:
    """How many the overview counts."""
    from picortex_xero.attention import overview

    return int(scene.with_site(rig, lambda frappe: overview.overview([rig.connection])[0]["warnings"]))


def history(rig: Rig, name: str, event: str) -> list[str]:
    with rig.frappe() as frappe:
        return list(frappe.get_all("Xero Sync Log", filters={"reference_name": name, "event": event}, pluck="message"))


OTHERWISE = [
    ({"AccountCode": None}, "has the account none there"),
    ({"AccountCode": "270"}, "has the account 270 Interest Income there"),
    ({"TaxType": "ZERORATED"}, "has the tax type Zero Rated (ZERORATED) there"),
    ({"Tracking": []}, "has the tracking none there"),
]


@pytest.mark.parametrize(("kept", "says"), OTHERWISE)
def test_a_draft_that_xero_keeps_otherwise_is_in_xero_with_a_warning(rig: Rig, kept: dict[str, Any], says: str) -> None:
    choose(rig, target_status="DRAFT")
    (record,) = tracked(rig)
    rig.xero.fault("keep", method="PUT", path="/Invoices$", set=kept)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "draft-lines-differ") and says in row["reason"]
    seen = status_of(rig, record)
    assert (seen["message"], seen["colour"]) == ("In Xero: accounts will look at it", "orange")
    assert seen["state"] == "In Xero, with a warning" and says in seen["reason"] and seen["can_retry"]
    assert any(says in said for said in history(rig, record["name"], "Warning"))
    assert warnings(rig) == 1 and len(scene.live(rig)) == 1


@pytest.mark.parametrize(("kept", "says"), OTHERWISE)
def test_an_approved_document_that_xero_keeps_otherwise_is_a_persons(rig: Rig, kept: dict[str, Any], says: str) -> None:
    (record,) = tracked(rig)
    rig.xero.fault("keep", method="PUT", path="/Invoices$", set=kept)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ") and says in row["reason"]
    assert len(scene.live(rig)) == 1 and warnings(rig) == 0


@pytest.mark.parametrize("status", ["DRAFT", "AUTHORISED"])
def test_once_a_person_has_put_it_right_retry_finds_that_and_sends_nothing(rig: Rig, status: str) -> None:
    choose(rig, target_status=status)
    (record,) = tracked(rig)
    rig.xero.fault("keep", method="PUT", path="/Invoices$", set={"AccountCode": "270"})
    rig.play([record])
    scene.settle(rig)
    put = next(call for call in scene.writes(rig, "Invoices") if call["method"] == "PUT")
    wanted, sent = put["request"]["Invoices"][0]["LineItems"], len(scene.writes(rig))
    assert retry(rig, record) == 1
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["reason_code"] == ("draft-lines-differ" if status == "DRAFT" else "lines-in-xero-differ")
    (shown,) = scene.live(rig)
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=wanted)
    retry(rig, record)
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "") and len(scene.writes(rig)) == sent
    assert status_of(rig, record)["colour"] == "green" and warnings(rig) == 0


@pytest.mark.parametrize("changed", ["Ask a Person", "Update in Xero"])
def test_what_a_person_changes_there_is_compared_again_when_it_is_read(rig: Rig, changed: str) -> None:
    choose(rig, changed_documents=changed)
    (record,) = tracked(rig)
    rig.xero.fault("keep", method="PUT", path="/Invoices$", set={"AccountCode": "270"})
    rig.play([record])
    begin(rig)
    put = next(call for call in scene.writes(rig, "Invoices") if call["method"] == "PUT")
    wanted, sent = put["request"]["Invoices"][0]["LineItems"], len(scene.writes(rig))
    (shown,) = scene.live(rig)
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=[{**line, "AccountCode": "260"} for line in wanted])
    read(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == (
        "Needs Attention",
        "lines-in-xero-differ",
    ) and "the account 260 Other Revenue there" in row["reason"]
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=wanted)
    read(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "") and len(scene.writes(rig)) == sent


def test_a_draft_whose_account_got_another_code_is_told_and_the_mapping_follows(rig: Rig) -> None:
    choose(rig, target_status="DRAFT")
    first, second = scene.of_different_customers(rig, 2)
    rig.xero.person("recode_account", Code="200", NewCode="200OLD")
    rig.play([first])
    scene.settle(rig)
    row = scene.step(rig, first["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "draft-lines-differ")
    assert any("Xero warns" in said for said in history(rig, first["name"], "Warning"))
    rig.play([second])
    scene.settle(rig)
    assert (scene.step(rig, second["name"])["state"], scene.step(rig, second["name"])["reason_code"]) == ("Synced", "")
    sales = next(each for each in scene.live(rig) if each["InvoiceNumber"] == second["name"])
    assert all(line["account"] for line in sales["lines"])


def test_other_lines_order_is_no_difference(rig: Rig) -> None:
    record = next(each for each in scene.invoices(rig, 80) if len({row["net_amount"] for row in each["doc"]["items"]}) > 1)
    rig.xero.fault("keep", method="PUT", path="/Invoices$", reverse=True)
    rig.play([record])
    scene.settle(rig)
    assert (scene.step(rig, record["name"])["state"], scene.step(rig, record["name"])["reason_code"]) == ("Synced", "")


@pytest.mark.parametrize("operation", ["missing", "null", "empty"])
def test_an_answer_without_lines_is_read_once_more_by_its_id(rig: Rig, operation: str) -> None:
    right, wrong = tracked(rig, 2)
    rig.xero.fault("echo", method="PUT", path="/Invoices$", field="LineItems", operation=operation, times=9)
    rig.play([right])
    scene.settle(rig)
    assert (scene.step(rig, right["name"])["state"], scene.step(rig, right["name"])["reason_code"]) == ("Synced", "")
    rig.xero.control("DELETE", "faults")
    rig.xero.fault("keep", method="PUT", path="/Invoices$", set={"AccountCode": "270"})
    rig.xero.fault("echo", method="GET", path="/Invoices", field="LineItems", operation=operation, times=1)
    rig.play([wrong])
    scene.settle(rig)
    assert scene.step(rig, wrong["name"])["state"] == "Needs Attention"


def test_lines_that_xero_never_shows_are_a_warning_and_no_difference(rig: Rig) -> None:
    (record,) = tracked(rig)
    rig.xero.fault("echo", path="/Invoices", field="LineItems", operation="empty", times=99)
    rig.play([record])
    scene.settle(rig)
    assert (scene.step(rig, record["name"])["state"], scene.step(rig, record["name"])["reason_code"]) == ("Synced", "lines-not-shown")
    rig.xero.control("DELETE", "faults")
    retry(rig, record)
    scene.settle(rig)
    assert (scene.step(rig, record["name"])["state"], scene.step(rig, record["name"])["reason_code"]) == ("Synced", "")


@pytest.mark.parametrize("lost", ["drop_after", "truncated"])
def test_a_lost_answer_is_compared_by_line_where_it_is_found(rig: Rig, lost: str) -> None:
    (record,) = tracked(rig)
    rig.xero.fault(lost, method="PUT", path="/Invoices$")
    rig.play([record])
    rig.dispatch()
    (shown,) = scene.live(rig)
    put = next(call for call in scene.writes(rig, "Invoices") if call["method"] == "PUT")
    lines = [{**each, "AccountCode": "270"} for each in put["request"]["Invoices"][0]["LineItems"]]
    rig.xero.person("edit_invoice", InvoiceID=shown["InvoiceID"], LineItems=lines)
    rig.advance(400)
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ") and len(scene.live(rig)) == 1


def test_a_zero_lines_account_is_nothing(rig: Rig) -> None:
    (record,) = tracked(rig)
    free = {**record["doc"]["items"][0], "item_name": "Free sample", "idx": 9, "name": ""}
    free |= dict.fromkeys(("rate", "net_rate", "amount", "net_amount", "base_net_amount", "base_amount", "price_list_rate"), 0.0)
    record["doc"]["items"].append(free)
    rig.xero.fault(
        "keep", method="PUT", path="/Invoices$", line=len(record["doc"]["items"]) - 1, set={"AccountCode": None, "TaxType": None}
    )
    rig.play([record])
    scene.settle(rig)
    assert (scene.step(rig, record["name"])["state"], scene.step(rig, record["name"])["reason_code"]) == ("Synced", "")


def test_bills_credit_notes_journals_and_advances_are_compared_alike(rig: Rig) -> None:
    (bill,) = scene.bills(rig)
    sale = scene.invoices(rig)[0]
    back = scene.returned(sale, at_once=False)
    entry = scene.journal(rig, ("Office Rent", 50.0), ("Travel Expenses", -50.0))
    rig.play([sale])
    scene.settle(rig)
    for path, kept in (("Invoices", "400"), ("CreditNotes", "270"), ("ManualJournals", "400")):
        rig.xero.fault("keep", method="PUT", path=f"/{path}$", set={"AccountCode": kept})
    rig.play([bill, back, entry])
    scene.settle(rig)
    for each in (bill, back, entry):
        row = next(row for row in rig.steps(reference_name=each["name"]) if row["role"] in ("invoice", "credit", "journal"))
        assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ"), row["reason"]
    assert scene.step(rig, sale["name"])["state"] == "Synced"


def test_money_spent_is_compared_alike(rig: Rig) -> None:
    spent = scene.journal(rig, ("Office Rent", 90.0), ("Trading Account", -90.0), name="JV-9", pay_to_recd_from="The landlord")
    rig.xero.fault("keep", method="PUT", path="/BankTransactions$", set={"AccountCode": "400"})
    rig.play([spent])
    scene.settle(rig)
    row = scene.step(rig, "JV-9")
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ")
    assert len(scene.live(rig, "BankTransactions")) == 1


@pytest.mark.parametrize("status", ["DRAFT", "AUTHORISED"])
def test_an_update_that_xero_keeps_otherwise_is_noticed(rig: Rig, status: str) -> None:
    choose(rig, target_status=status, changed_documents="Update in Xero")
    (record,) = scene.invoices(rig)
    rig.play([record])
    scene.settle(rig)
    rig.xero.fault("keep", method="POST", path="/Invoices$", set={"AccountCode": "270"})
    change(rig, record, cost_center=NORTH)
    scene.settle(rig)
    row = next(row for row in rig.steps(reference_name=record["name"]) if row["role"].startswith("recheck"))
    wanted = ("Synced", "draft-lines-differ") if status == "DRAFT" else ("Needs Attention", "lines-in-xero-differ")
    assert (row["state"], row["reason_code"]) == wanted
    # Retry compares it again and, since changes go to Xero here, sends the change once more.
    again(rig, row["name"])
    scene.settle(rig)
    row = next(each for each in rig.steps(reference_name=record["name"]) if each["name"] == row["name"])
    assert (row["state"], row["reason_code"]) == ("Synced", "") and len(scene.live(rig)) == 1
    with rig.frappe() as frappe:
        kept = frappe.get_all("Xero Link", filters={"reference_name": record["name"], "role": "invoice"}, pluck="sent_lines")
    assert kept == [""]


@pytest.mark.parametrize(
    ("account", "part", "path"), [(deductions.DISCOUNT, "credit-1", "CreditNotes"), (deductions.FEE, "fee-1", "BankTransactions")]
)
def test_a_discount_or_fee_that_xero_keeps_otherwise_stays_a_persons_until_it_agrees(rig: Rig, account: str, part: str, path: str) -> None:
    if account == deductions.DISCOUNT:
        deductions.map_deduction(rig, account, "Credit note", "OUTPUT2")
    records = deductions.short(rig, 5.0, account)
    rig.xero.fault("keep", method="PUT", path=f"/{path}$", set={"AccountCode": "270"})
    rig.play(records)
    scene.settle(rig)
    row = scene.step(rig, records[-1]["name"], part)
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ")
    again(rig, row["name"])
    scene.settle(rig)
    row = scene.step(rig, records[-1]["name"], part)
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "lines-in-xero-differ") and len(scene.live(rig, path)) == 1


@pytest.mark.odd_answers
@pytest.mark.parametrize("cure", ["corrected", "accepted"])
def test_what_xero_taxed_otherwise_is_paid_once_it_is_right_or_accepted(rig: Rig, cure: str) -> None:
    """Once it is paid nobody can correct it in Xero; and where the accountant has put the difference right otherwise, a person says so."""
    *sales, payment = scene.paid(rig)
    rig.xero.fault("echo", method="PUT", path="/Invoices$", field="TotalTax", operation="changed")
    rig.play(sales)
    rig.dispatch()
    assert scene.step(rig, sales[0]["name"])["reason_code"] == "tax-in-xero-differs"
    rig.play([payment])
    rig.dispatch()
    assert scene.step(rig, payment["name"])["reason_code"] == "waits-for-invoice" and not scene.live(rig, "Payments")
    assert status(rig, sales[0])["can_accept"]
    if cure == "corrected":
        assert retry(rig, sales[0]) == 1
    else:
        rig.xero.fault("echo", method="GET", path="/Invoices", field="TotalTax", operation="changed", times=99)
        assert press(rig, "accept", sales[0]) == 1
    scene.settle(rig)
    assert scene.step(rig, sales[0]["name"])["state"] == "Synced" == scene.step(rig, payment["name"])["state"]
    rig.xero.clear_faults()
