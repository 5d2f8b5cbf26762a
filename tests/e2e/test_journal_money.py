"""Journal entries that move money or balances: what each becomes in Xero, and that its cancel takes all of it back.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig, go_live
from tests.scene import rig as scene
from tests.scene.desk import refresh, retry
from tests.scene.journals import BANK, assert_taken_back, entry, fee, money, of, states
from tests.scene.ledger import created
from tests.scene.payments import invoice, left, overpayment

D = Decimal


def contact_name(rig: Rig, element: dict[str, Any]) -> str:
    return next(each["Name"] for each in rig.xero.documents("Contacts") if each["ContactID"] == element["contact"])


def test_a_bank_fee_is_money_spent(rig: Rig) -> None:
    record = fee(rig)
    rig.play([record])
    scene.settle(rig)
    shown = money(rig)
    assert (shown["Type"], shown["Total"], shown["TotalTax"], shown["Reference"]) == ("SPEND", D("12.50"), 0, "JV-9 77")
    assert contact_name(rig, shown) == rig.company["name"] and states(rig) == {"journal": "Synced"}
    assert_taken_back(rig, record, "BankTransactions")


def test_money_received_with_tax_has_the_tax_on_its_line(rig: Rig) -> None:
    record = entry(rig, (BANK, 230.0, {}), ("GST", -30.0, {}), ("Sales", -200.0, {}), pay_to_recd_from="Scrap <Metal>  Dealers")
    rig.play([record])
    scene.settle(rig)
    shown = money(rig)
    assert (shown["Type"], shown["SubTotal"], shown["TotalTax"], shown["Total"]) == ("RECEIVE", 200, 30, 230)
    assert [line["TaxType"] for line in shown["lines"]] == ["OUTPUT2"] and contact_name(rig, shown) == "Scrap Metal Dealers"
    assert_taken_back(rig, record, "BankTransactions")


def test_tax_that_is_a_cent_off_xeros_arrives_as_it_is(rig: Rig) -> None:
    # 15 % of 0.50 is 0.075: half to even makes it 0.08 as Xero does, and a person may have typed 0.07.
    record = entry(rig, ("Office Rent", 100.1, {}), ("GST", 15.01, {}), (BANK, -115.11, {}))
    rig.play([record, entry(rig, ("Office Rent", 100.1, {}), ("GST", 15.01, {}), ("Travel Expenses", -115.11, {}), name="JV-10")])
    scene.settle(rig)
    assert (money(rig)["TotalTax"], money(rig)["Total"]) == (D("15.01"), D("115.11"))
    (journal,) = scene.live(rig, "ManualJournals")
    assert sorted(D(line["TaxAmount"]) for line in journal["lines"]) == [0, D("15.01")]


@pytest.mark.case("F12")
def test_a_tax_is_not_put_on_an_account_that_xero_does_not_tax_until_it_does(rig: Rig) -> None:
    """15.00 is 15 % of what is written off, which has no tax in Xero's chart, and of nothing else."""
    record = entry(rig, ("Write Off", 100.0, {}), ("Travel Expenses", 250.0, {}), ("GST", 15.0, {}), (BANK, -365.0, {}))
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, "JV-9", "journal")
    assert (row["state"], row["reason_code"]) == ("Held", "journal-tax-unexplained") and "Write Off" in row["reason"]
    assert scene.live(rig, "BankTransactions") == []
    rig.xero.person("edit_account", Code="402", TaxType="INPUT2")
    refresh(rig)
    retry(rig, record)
    scene.settle(rig)
    assert [(line["TaxType"], line["LineAmount"]) for line in money(rig)["lines"]] == [("INPUT2", 100), ("NONE", 250)]


@pytest.mark.case("F07")
def test_a_journal_called_an_exchange_difference_that_pays_the_rent_is_money_spent(rig: Rig) -> None:
    record = entry(rig, ("Office Rent", 500.0, {}), (BANK, -500.0, {}), voucher_type="Exchange Gain Or Loss", multi_currency=1)
    rig.play([record])
    scene.settle(rig)
    assert (money(rig)["Type"], money(rig)["Total"]) == ("SPEND", 500)
    assert_taken_back(rig, record, "BankTransactions")


def test_several_journals_of_one_new_payee_make_one_contact(rig: Rig) -> None:
    records = [fee(rig, f"JV-{number}", pay_to_recd_from="Kiwi Bank") for number in range(1, 4)]
    rig.play(records)
    scene.settle(rig)
    assert len(scene.live(rig, "BankTransactions")) == 3
    assert [each["Name"] for each in rig.xero.documents("Contacts")] == ["Kiwi Bank"]


def test_a_payee_that_xero_knows_is_taken_as_it_is(rig: Rig) -> None:
    rig.xero.person("create_contact", Name="KIWI BANK")
    rig.play([fee(rig, pay_to_recd_from="Kiwi Bank")])
    scene.settle(rig)
    assert [each["Name"] for each in rig.xero.documents("Contacts")] == ["KIWI BANK"] and contact_name(rig, money(rig)) == "KIWI BANK"


@pytest.mark.parametrize("wait", [30, 310, 900])
def test_a_lost_answer_of_money_spent_is_found_and_never_written_twice(rig: Rig, wait: int) -> None:
    rig.xero.fault("drop_after", method="PUT", path="/BankTransactions$")
    rig.play([fee(rig)])
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig, seconds=max(wait, 30))
    assert money(rig)["Total"] == D("12.50") and created(rig, "BankTransactions") == 1 and states(rig) == {"journal": "Synced"}


def test_money_that_is_reconciled_in_xero_is_left_to_a_person(rig: Rig) -> None:
    record = fee(rig)
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("reconcile_bank_transaction", BankTransactionID=money(rig)["BankTransactionID"])
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    row = scene.step(rig, "JV-9", "void")
    assert (row["state"], row["reason_code"]) == ("Held", "reconciled-in-xero") and money(rig)["Total"] == D("12.50")


def test_a_contra_entry_is_a_transfer(rig: Rig) -> None:
    record = entry(rig, (BANK, 700.0, {}), ("Cash", -700.0, {}), voucher_type="Contra Entry")
    rig.play([record])
    scene.settle(rig)
    (shown,) = scene.live(rig, "BankTransfers")
    assert (shown["Amount"], shown["Reference"]) == (700, "JV-9 77")
    assert {each["Type"] for each in scene.live(rig, "BankTransactions")} == {"SPEND-TRANSFER", "RECEIVE-TRANSFER"}
    assert_taken_back(rig, record, "BankTransfers")


def test_a_bank_journal_that_pays_an_invoice_is_its_payment(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    amount = float(scene.total(sale))
    record = entry(rig, (BANK, amount, {}), ("Debtors", -amount, of(sale)))
    rig.play([sale, record])
    scene.settle(rig)
    (paid,) = scene.live(rig, "Payments")
    assert paid["Amount"] == scene.total(sale) and scene.due(invoice(rig, sale)) == 0
    assert states(rig) == {"journal": "Superseded", "payment": "Synced"}
    assert_taken_back(rig, record, "Payments")
    assert scene.due(invoice(rig, sale)) == scene.total(sale)


def test_one_bank_journal_pays_several_customers_in_one_line(rig: Rig) -> None:
    sales = scene.invoices(rig, 3)
    assert len({sale["doc"]["customer"] for sale in sales}) > 1
    amounts = [float(scene.total(sale)) for sale in sales]
    record = entry(rig, (BANK, sum(amounts), {}), *(("Debtors", -amount, of(sale)) for amount, sale in zip(amounts, sales)))
    rig.play([*sales, record])
    scene.settle(rig)
    (batch,) = scene.live(rig, "BatchPayments")
    assert all(scene.due(invoice(rig, sale)) == 0 for sale in sales)
    assert_taken_back(rig, record, "BatchPayments", "Payments")


def matched(rig: Rig, record: scene.Record, sale: scene.Record | None) -> None:
    """Payment Reconciliation writes the invoice into the party's row of a submitted journal; Unreconcile Payment removes it by SQL, without
    an event."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", record["name"])
        doc._before_save = frappe.get_doc("Journal Entry", record["name"])
        doc.accounts[1].update(
            {"reference_type": sale["doctype"], "reference_name": sale["name"]}
            if sale
            else dict.fromkeys(("reference_type", "reference_name"))
        )
        storage.store(doc.as_dict())
        for event in ("before_update_after_submit", "on_update_after_submit", "on_change") if sale else ():
            doc.run_method(event)

    scene.with_site(rig, work)


def test_an_advance_is_allocated_when_it_is_matched_and_its_cancel_leaves_only_what_a_person_removes(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    amount = float(scene.total(sale))
    party = {"party_type": "Customer", "party": sale["doc"]["customer"], "is_advance": "Yes"}
    record = entry(rig, (BANK, amount, {}), ("Debtors", -amount, party))
    rig.play([record])
    scene.settle(rig)
    assert left(overpayment(rig)) == scene.total(sale) and states(rig) == {"journal": "Superseded", "payment": "Synced"}
    rig.play([sale])
    matched(rig, record, sale)
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == 0 and left(overpayment(rig)) == 0
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert scene.due(invoice(rig, sale)) == scene.total(sale) and left(overpayment(rig)) == scene.total(sale)
    assert scene.step(rig, "JV-9", "void")["reason_code"] == "overpayment-stays"
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    retry(rig, record)
    scene.settle(rig)
    assert scene.step(rig, "JV-9", "void")["state"] == "Synced"


def test_a_cancelled_invoice_leaves_the_money_of_its_journal_with_the_customer(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    amount = float(scene.total(sale))
    record = entry(rig, (BANK, amount, {}), ("Debtors", -amount, of(sale)))
    rig.play([sale, record])
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 1
    # ERPNext takes the reference off the journal's row by SQL, without an event of the journal.
    matched(rig, record, None)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert scene.live(rig) == [] and scene.live(rig, "Payments") == []
    assert overpayment(rig)["Total"] == left(overpayment(rig)) == scene.total(sale)


def test_an_amended_journal_replaces_the_former_one(rig: Rig) -> None:
    record = fee(rig)
    amended = fee(rig, "JV-9-1", amended_from="JV-9", creation="2026-10-30 11:00:00.000001")
    rig.play([record])
    scene.settle(rig)
    rig.play([scene.cancelling(record), amended])
    scene.settle(rig)
    assert money(rig)["Reference"] == "JV-9-1 77" and created(rig, "BankTransactions") == 2


def test_an_advance_by_journal_of_before_the_go_live_says_what_to_do(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig)
    go_live(rig, "AUTHORISED", "2026-10-01")
    (sale,) = scene.invoices(rig)
    party = {"party_type": "Customer", "party": sale["doc"]["customer"], "is_advance": "Yes"}
    record = entry(rig, (BANK, 100.0, {}), ("Debtors", -100.0, party), posting_date="2026-09-30")
    rig.play([record, sale])
    scene.settle(rig)
    assert states(rig) == {}
    matched(rig, record, sale)
    scene.settle(rig)
    row = scene.step(rig, "JV-9")
    assert (row["role"], row["state"], row["reason_code"]) == ("allocation-1", "Held", "advance-not-in-xero") and row["cure"]
