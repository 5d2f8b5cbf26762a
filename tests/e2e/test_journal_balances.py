"""Journal entries that move balances of invoices without money, or with a deduction: set-offs, write-offs, fees.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import clearing, retry
from tests.scene.journals import BANK, assert_taken_back, entry, money, of, states
from tests.scene.ledger import created
from tests.scene.payments import invoice

D = Decimal


def set_off(rig: Rig, amount: float) -> tuple[scene.Record, scene.Record, scene.Record]:
    """An invoice, a bill, and the journal that sets so much of them off."""
    (sale,), (bill,) = scene.invoices(rig), scene.bills(rig)
    return sale, bill, entry(rig, ("Creditors", amount, of(bill)), ("Debtors", -amount, of(sale)))


def dues(rig: Rig) -> list[Decimal]:
    return sorted(scene.due(each) for each in scene.live(rig))


def test_a_set_off_is_two_payments_through_the_clearing_account(rig: Rig) -> None:
    sale, bill, record = set_off(rig, 25.0)
    rig.play([sale, bill, record])
    scene.settle(rig)
    payments = scene.live(rig, "Payments")
    assert sorted(each["Reference"] for each in payments) == ["JV-9/1 77", "JV-9/2 77"] and {each["Amount"] for each in payments} == {25}
    assert len({each["account"] for each in payments}) == 1, "both sides meet in one account, which ends at zero"
    totals = sorted([scene.total(sale), scene.total(bill)])
    assert dues(rig) == [total - 25 for total in totals]
    assert states(rig) == {"journal": "Superseded", "payment": "Synced", "payment-2": "Synced"}
    assert_taken_back(rig, record, "Payments")
    assert dues(rig) == totals


@pytest.mark.parametrize("role", [1, 2])
def test_a_lost_answer_of_one_side_is_found_and_never_written_twice(rig: Rig, role: int) -> None:
    sale, bill, record = set_off(rig, 25.0)
    rig.play([sale, bill])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Payments$", times=1, skip=role - 1)
    rig.play([record])
    rig.dispatch()
    rig.advance(900)
    scene.settle(rig, seconds=900)
    assert created(rig, "Payments") == 2 and len(scene.live(rig, "Payments")) == 2


def test_without_a_clearing_account_a_set_off_is_held_until_one_is_chosen(rig: Rig) -> None:
    chosen = clearing(rig, "")
    sale, bill, record = set_off(rig, 25.0)
    rig.play([sale, bill, record])
    scene.settle(rig)
    row = scene.step(rig, "JV-9")
    assert (row["state"], row["reason_code"]) == ("Held", "journal-set-off-by-hand") and "clearing account" in row["cure"]
    clearing(rig, chosen)
    assert retry(rig, record) == 1
    scene.settle(rig)
    assert len(scene.live(rig, "Payments")) == 2


def treat(rig: Rig, account: str, **choice: Any) -> None:
    """The accountant's choice for what is taken off invoices on an account."""
    values = {"connection": rig.connection, "account": f"{account} - {rig.company['abbr']}", **choice}
    scene.with_site(rig, lambda frappe: frappe.get_doc({"doctype": "Xero Deduction Mapping", **values}).insert(ignore_permissions=True))


def test_a_write_off_waits_for_the_accountants_choice_and_is_a_credit_note_then(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    record = entry(rig, ("Sales", 86.96, {}), ("GST", 13.04, {}), ("Debtors", -100.0, of(sale)), voucher_type="Write Off Entry")
    rig.play([sale, record])
    scene.settle(rig)
    row = scene.step(rig, "JV-9", "payment")
    assert (row["state"], row["reason_code"]) == ("Held", "deduction-unmapped") and "Fees, discounts and write-offs in Mapping" in row[
        "cure"
    ]
    treat(rig, "Sales", treatment="Credit note", tax_type="OUTPUT2")
    retry(rig, record)
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    assert (note["Total"], note["TotalTax"], scene.due(note)) == (100, D("13.04"), 0)
    assert scene.due(invoice(rig, sale)) == scene.total(sale) - 100
    assert states(rig) == {"journal": "Superseded", "payment": "Superseded", "credit-1": "Synced", "allocation-1": "Synced"}
    assert_taken_back(rig, record, "CreditNotes")
    assert scene.due(invoice(rig, sale)) == scene.total(sale)


def test_a_fee_that_the_bank_kept_is_spent_beside_the_payment(rig: Rig) -> None:
    (sale,) = scene.invoices(rig)
    amount = float(scene.total(sale))
    record = entry(rig, (BANK, round(amount - 5, 2), {}), ("Office Rent", 5.0, {}), ("Debtors", -amount, of(sale)))
    treat(rig, "Office Rent", treatment="Fee", tax_type="NONE", clearing_account=fees_through(rig), contact_name="Kiwi Bank")
    rig.play([sale, record])
    scene.settle(rig)
    assert sorted(each["Amount"] for each in scene.live(rig, "Payments")) == [5, scene.total(sale) - 5]
    assert (money(rig)["Type"], money(rig)["Total"]) == ("SPEND", 5) and scene.due(invoice(rig, sale)) == 0
    assert_taken_back(rig, record, "Payments", "BankTransactions")
    assert scene.due(invoice(rig, sale)) == scene.total(sale)


def fees_through(rig: Rig) -> str:
    """A bank account in Xero for fees."""
    made = rig.xero.person("add_account", Code="099", Name="Fees in Passing", Type="BANK", Class="ASSET", CurrencyCode="NZD")

    def read_again(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.refresh(rig.connection)

    scene.with_site(rig, read_again)
    return str(made["AccountID"])
