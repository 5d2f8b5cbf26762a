"""The same money that people enter here and in Xero is one, whatever it is here: a journal, a receipt with a rest on account, a refund; or it waits for a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments import paying
from tests.scene.payments_back import choose, entries, mapped, paid, pressed, rows, states
from tests.scene.reading import begin, read


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """ERPNext is asked for a party's account; the stand-in has none to ask."""

    def asked(_party: tuple[str, str], company: str) -> str:
        import frappe

        return str(frappe.get_all("Sales Invoice", filters={"company": company}, pluck="debit_to", limit=1)[0])

    monkeypatch.setattr("picortex_xero.incoming.advance_facts.party_account", asked)


def receipt_as_journal(
    rig: Rig, sale: scene.Record, receipt: scene.Record, name: str, amount: float, fee: float = 0.0, settles: bool = True
) -> scene.Record:
    """A journal by which a customer pays an invoice, or nothing in particular, into the bank account of a recorded receipt; of which the bank keeps a fee."""
    suffix = f" - {rig.company['abbr']}"
    sides = [(receipt["doc"]["paid_to"].removesuffix(suffix), amount - fee), (sale["doc"]["debit_to"].removesuffix(suffix), -amount)]
    sides += [("Bank Charges", fee)] if fee else []
    made = scene.journal(rig, *sides, name=name, voucher_type="Bank Entry", posting_date="2026-11-20")
    for row, (_account, each) in zip(made["doc"]["accounts"], sides):
        row.update(debit_in_account_currency=max(each, 0.0), credit_in_account_currency=max(-each, 0.0), exchange_rate=1)
    row = made["doc"]["accounts"][1]
    row.update(party_type="Customer", party=sale["doc"]["customer"])
    if settles:
        row.update(reference_type="Sales Invoice", reference_name=sale["name"])
        left = Decimal(str(sale["doc"]["outstanding_amount"])) - Decimal(str(amount))
        made["after"] = [{"doctype": "Sales Invoice", "name": sale["name"], "outstanding_amount": float(left)}]
    return made


def sent(rig: Rig) -> tuple[scene.Record, scene.Record, dict[str, Any]]:
    """A sale that is in Xero, its recorded receipt, and what a payment of it into the same bank account names there."""
    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    there = {"AccountID": mapped(rig, receipt["doc"]["paid_to"])}
    return sale, receipt, {"InvoiceID": shown["InvoiceID"], "Account": there, "Date": "2026-11-20"}


def test_a_journal_that_pays_an_invoice_is_the_payment_in_xero(rig: Rig) -> None:
    sale, receipt, there = sent(rig)
    rig.xero.person("pay_invoice", Amount="50.00", **there)
    rig.play([receipt_as_journal(rig, sale, receipt, "JV-PAY", 50.0)])
    rig.dispatch()
    read(rig)
    (row,) = rows(rig)
    assert (row["state"], row["reference_doctype"], row["reference_name"]) == ("Matched", "Journal Entry", "JV-PAY")
    assert entries(rig) == [] and len(paid(rig)) == 1 and states(rig, "JV-PAY") == ["Synced"]
    # With a fee in it, it is perhaps the same money.
    rig.xero.person("pay_invoice", Amount="40.00", **there)
    rig.play([receipt_as_journal(rig, sale, receipt, "JV-FEE", 40.0, fee=1.5)])
    rig.dispatch()
    read(rig)
    (waits,) = [each for each in rows(rig) if each["amount"] == 40]
    assert (waits["state"], waits["reason_code"]) == ("Waiting", "perhaps-in-parts") and "JV-FEE" in waits["reason"]
    assert entries(rig) == []


@pytest.mark.usefixtures("account")
def test_money_on_account_is_perhaps_a_journal_or_the_rest_of_a_receipt(rig: Rig) -> None:
    sale, receipt, there = sent(rig)
    whole = scene.total(sale)
    # Xero splits what is more than was due.
    rig.xero.person("receive_payment", **there, Amount=str(whole + 50))
    figures = {"unallocated_amount": 50.0, "total_allocated_amount": float(whole), "posting_date": "2026-11-20"}
    over = paying(rig, "OVER", whole + 50, [(sale, whole)], back=False, **figures)
    over["after"] = [{"doctype": "Sales Invoice", "name": sale["name"], "outstanding_amount": 0.0}]
    rig.play([over, receipt_as_journal(rig, sale, receipt, "JV-ADVANCE", 70.0, settles=False)])
    link = scene.with_site(
        rig,
        lambda frappe: frappe.get_all(
            "Xero Link", filters={"endpoint": "Contacts", "reference_name": sale["doc"]["customer"]}, pluck="xero_id"
        )[0],
    )
    rig.xero.person(
        "enter_bank_transaction", Type="RECEIVE-OVERPAYMENT", Contact={"ContactID": link}, BankAccount=there["Account"], Date="2026-11-20",
        LineItems=[{"Description": "On account", "LineAmount": "70.00"}],
    )  # fmt: skip
    rig.dispatch()
    read(rig)
    found = {float(each["amount"]): each for each in rows(rig)}
    assert {amount: each["reason_code"] for amount, each in found.items()} == {
        float(whole): "perhaps-in-parts",
        50.0: "advance-perhaps-here",
        70.0: "advance-perhaps-here",
    }
    assert "OVER" in found[50.0]["reason"] and "JV-ADVANCE" in found[70.0]["reason"]
    assert [each["name"] for each in entries(rig)] == ["OVER"]
    # Cancelled here, all of it is entered as it is in Xero.
    rig.play([scene.cancelling(over)])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", sale["name"], "outstanding_amount", float(whole)))
    for amount in (float(whole), 50.0):
        pressed(rig, "retry", found[amount]["name"])
    read(rig)
    made = [each for each in entries(rig) if each["docstatus"] == 1]
    assert sorted(each["paid_amount"] for each in made) == [50.0, float(whole)]


def test_a_refund_of_a_whole_return_is_one_payment(rig: Rig) -> None:
    sale, receipt, _there = sent(rig)
    credit, whole = scene.returned(sale, at_once=False), scene.total(sale)
    rig.play([receipt, credit])
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    refund = paying(rig, "REFUND", whole, [(credit, -whole)], back=True, posting_date="2026-11-20")
    refund["after"] = [{"doctype": "Sales Invoice", "name": credit["name"], "outstanding_amount": 0.0}]
    bank = {"AccountID": mapped(rig, refund["doc"]["paid_from"])}
    rig.xero.person("refund_credit", CreditNoteID=note["CreditNoteID"], Amount=str(whole), Account=bank, Date="2026-11-20")
    rig.play([refund])
    rig.dispatch()
    read(rig)
    (row,) = [each for each in rows(rig) if each["about"] == credit["name"]]
    assert (row["state"], row["reference_name"]) == ("Matched", "REFUND") and states(rig, "REFUND") == ["Synced"]


def test_what_is_in_xero_in_part_is_perhaps_the_payment(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    one, two = scene.of_one_customer(rig, 2)
    rig.play([one, two])
    begin(rig)
    read(rig)
    both = paying(rig, "BOTH", Decimal(100), [(one, Decimal(60)), (two, Decimal(40))], back=False, posting_date="2026-11-20")
    both["doc"]["party"] = one["doc"]["customer"]
    ids = {each["InvoiceNumber"]: each["InvoiceID"] for each in scene.live(rig)}
    there = {"AccountID": mapped(rig, both["doc"]["paid_to"])}
    rig.xero.person("pay_invoice", InvoiceID=ids[two["name"]], Amount="40.00", Account=there, Date="2026-11-20")
    rig.play([both])
    rig.dispatch()

    def in_part(frappe: Any) -> None:
        from picortex_xero.documents.identity import identity
        from picortex_xero.engine import links

        # The other payment went before somebody entered this one.
        doc = frappe.get_doc("Payment Entry", "BOTH").as_dict()
        links.add(rig.connection, rig.company["name"], identity(doc), "payment", 2, "Payments", "99999999-aaaa-bbbb-cccc-000000000001")

    scene.with_site(rig, in_part)
    read(rig, 16 * 60)
    (row,) = rows(rig)
    assert (row["state"], row["reason_code"]) == ("Waiting", "perhaps-in-parts") and "BOTH" in row["reason"]
    assert [each["name"] for each in entries(rig)] == ["BOTH"]


def test_a_return_of_a_rounded_total_that_was_taken_off_at_its_submit_is_the_credit_in_xero(rig: Rig) -> None:
    sale, _receipt, _there = sent(rig)
    credit = scene.returned(sale)
    rig.play([credit])
    scene.settle(rig)
    (note,) = scene.live(rig, "CreditNotes")
    whole = scene.total(sale)

    def work(frappe: Any) -> Any:
        from picortex_xero.incoming import credit_facts
        from picortex_xero.incoming.allocation import IncomingAllocation, below

        exact = {"grand_total": float(-whole) - 0.29, "rounded_total": float(-whole), "outstanding_amount": 0}
        frappe.db.set_value("Sales Invoice", credit["name"], exact)
        invoice = frappe.db.get_value("Xero Link", {"reference_name": sale["name"], "role": "invoice"}, "xero_id")
        place = below(("CreditNotes", note["CreditNoteID"]))
        taken = IncomingAllocation(place, "a", invoice, whole, "NZD", "2026-11-20", True, None)
        (known,) = credit_facts.load(rig.connection, [taken])
        return known.same

    assert scene.with_site(rig, work) == ("Sales Invoice", credit["name"])
