"""Over- and prepayments that people enter in Xero become payments on account, once; what an account or a person keeps back waits, and half a batch is read whole."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.reading import begin, read

ROW, ENTRY, MAPPING = "Xero Incoming Record", "Payment Entry", "Xero Payment Mapping"


def at_site(rig: Rig, doctype: str, **filters: Any) -> list[dict[str, Any]]:
    return list(
        scene.with_site(rig, lambda frappe: frappe.get_all(doctype, filters=filters, fields=["*"], order_by="creation asc, name asc"))
    )


def press(rig: Rig, what: str, row: str) -> None:
    def work(_frappe: Any) -> None:
        from picortex_xero.inbound import incoming_buttons

        getattr(incoming_buttons, what)(row)

    scene.with_site(rig, work)


def chosen_on_the_screen(rig: Rig, account: str) -> Any:
    """Where payments of an account are entered, as the mapping page and the configuration file save it: what it is mapped to stays."""

    def work(frappe: Any) -> None:
        from picortex_xero.configuration import mapped
        from picortex_xero.mapping_screen import saving
        from picortex_xero.mapping_screen.kinds import BANKS, KINDS

        kind, books = KINDS[BANKS], mapped.Books(rig.connection, rig.company["name"])
        before = kind.stored(rig.connection)[(account,)].values
        assert before["payments_entered"] == "Here and in Xero"
        entry = saving.Entry(kind, (account,), {"payments_entered": "Only Here"}, before)
        assert saving.save(rig.connection, [entry], "Chosen").shown()["saved"] == 1
        after = kind.stored(rig.connection)[(account,)].values
        assert after == {**before, "payments_entered": "Only Here"}
        (row,) = [each for each in mapped.rows(books) if each.get("account", {}).get("name") == account]
        assert row["payments_entered"] == "Only Here"
        taken = mapped.taken(books, row, True).entry
        assert taken is not None and taken.values == after
        old = mapped.taken(books, {name: value for name, value in row.items() if name != "payments_entered"}, True).entry
        assert old is not None and old.values == {"xero_account_id": before["xero_account_id"]}
        assert "Only Here" in mapped.in_words(books, kind, after)

    return work


def edited_while_a_draft(rig: Rig, contact: str, there: dict[str, Any]) -> None:
    """A draft whose advance was changed in Xero says so, until it is submitted as that is, or deleted and made anew."""
    made = rig.xero.person(
        "enter_bank_transaction", Type="RECEIVE-OVERPAYMENT", Contact={"ContactID": contact}, BankAccount=there, Date="2026-11-20",
        LineItems=[{"Description": "Edited", "LineAmount": "51.00"}],
    )  # fmt: skip
    read(rig)
    (row,) = at_site(rig, ROW, amount=51)
    assert row["state"] == "Draft Here"
    rig.xero.person("edit_advance", BankTransactionID=made["BankTransactionID"], Date="2026-11-22")
    read(rig)
    (told,) = at_site(rig, ROW, name=row["name"])
    assert (told["state"], told["reason_code"], str(told["date"])) == ("Waiting", "changed-in-xero-back", "2026-11-22"), told

    def submitted(frappe: Any) -> None:
        doc = frappe.get_doc(ENTRY, row["reference_name"])
        doc.update({"posting_date": "2026-11-22", "base_paid_amount": 51, "base_received_amount": 51, "unallocated_amount": 51})
        doc.submit()

    scene.with_site(rig, submitted)
    scene.settle(rig)
    read(rig)
    (entered,) = at_site(rig, ROW, name=row["name"])
    assert (entered["state"], entered["reason"]) == ("Entered Here", ""), entered
    (kept,) = at_site(rig, "Xero Link", reference_name=row["reference_name"])
    assert kept["content"], "what is changed here from now on is noticed by its fingerprint"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    """ERPNext is asked for a party's account; the stand-in has none to ask."""

    def asked(_party: tuple[str, str], company: str) -> str:
        import frappe

        return str(frappe.get_all("Sales Invoice", filters={"company": company}, pluck="debit_to", limit=1)[0])

    monkeypatch.setattr("picortex_xero.incoming.advance_facts.party_account", asked)


@pytest.mark.usefixtures("account")
def test_money_in_advance_half_a_batch_and_what_an_account_keeps_back(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "payments_from_xero", "Become Drafts"))
    (one,) = scene.invoices(rig, 1)
    two = scene.copied(one, "TWO")
    rig.play([one, two])
    begin(rig)
    ids = {each["InvoiceNumber"]: each["InvoiceID"] for each in scene.live(rig)}
    bank = at_site(rig, MAPPING, connection=rig.connection)[0]
    there = {"AccountID": bank["xero_account_id"]}
    contact = at_site(rig, "Xero Link", endpoint="Contacts", reference_name=one["doc"]["customer"])[0]["xero_id"]
    made = rig.xero.person(
        "enter_bank_transaction", Type="RECEIVE-OVERPAYMENT", Contact={"ContactID": contact}, BankAccount=there, Date="2026-11-20",
        LineItems=[{"Description": "On account", "LineAmount": "50.00"}],
    )  # fmt: skip
    rig.xero.person(
        "pay_batch", Account=there, Date="2026-11-20",
        Payments=[{"Invoice": {"InvoiceID": ids[each["name"]]}, "Amount": "3.00"} for each in (one, two)],
    )  # fmt: skip
    read(rig)
    entries = at_site(rig, ENTRY)
    assert sorted((each["docstatus"], each["paid_amount"], each["reference_no"]) for each in entries) == [
        (0, 6, "Entered in Xero"),
        (0, 50, "On account"),
    ]
    (advance,) = [each for each in entries if each["paid_amount"] == 50]
    (link,) = at_site(rig, "Xero Link", reference_name=advance["name"])
    assert (link["endpoint"], link["xero_id"], link["role"]) == ("Overpayments", made["OverpaymentID"], "payment")
    read(rig)
    assert len(at_site(rig, ENTRY)) == 2

    # Only a part of a batch is shown: it is read whole. Nothing else of it is there yet.
    rows = at_site(rig, ROW, endpoint="BatchPayments")

    def in_part(frappe: Any) -> None:
        import json

        record = json.loads(rows[0]["record"])
        record |= {"parts": record["parts"][:1], "whole": False}
        frappe.db.set_value(ROW, rows[0]["name"], {"state": "To Decide", "record": json.dumps(record), "reference_name": None})
        for each in frappe.get_all("Xero Link", filters={"endpoint": "BatchPayments"}, pluck="name"):
            frappe.db.delete("Xero Link", {"name": each})
        frappe.get_doc(ENTRY, rows[0]["reference_name"]).delete()

    scene.with_site(rig, in_part)
    read(rig)
    (again,) = at_site(rig, ROW, endpoint="BatchPayments")
    assert (again["state"], again["reason"], again["amount"]) == ("Draft Here", "", 6)

    # Payments of this account are entered here: a person says so, and it comes all the same.
    scene.with_site(rig, chosen_on_the_screen(rig, bank["account"]))
    rig.xero.person("pay_invoice", InvoiceID=ids[two["name"]], Amount="2.00", Account=there)
    read(rig)
    (waits,) = at_site(rig, ROW, state="Waiting")
    assert waits["reason_code"] == "to-be-entered-here"
    press(rig, "enter_here", waits["name"])
    read(rig)
    assert [each["state"] for each in at_site(rig, ROW, name=waits["name"])] == ["Draft Here"]

    # A credit taken off an invoice: the draft of its advance is to be submitted before.
    taken = rig.xero.person("allocate_overpayment", OverpaymentID=made["OverpaymentID"], InvoiceID=ids[one["name"]], Amount="4.00")
    read(rig)
    (waits,) = at_site(rig, ROW, state="Waiting")
    assert (waits["reason_code"], waits["about"]) == ("credit-not-submitted", one["name"])
    rig.xero.person("remove_allocation", OverpaymentID=made["OverpaymentID"], AllocationID=taken["AllocationID"])
    read(rig)
    assert [each["state"] for each in at_site(rig, ROW, name=waits["name"])] == ["Gone"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value(MAPPING, bank["name"], "payments_entered", "Here and in Xero"))
    edited_while_a_draft(rig, contact, there)
    # A credit note that is in Xero alone: its list is read though nothing from here is in it.
    note = rig.xero.person(
        "create_credit_note", Type="ACCRECCREDIT", CreditNoteNumber="CN-X", Contact={"ContactID": contact}, Date="2026-11-20", Status="AUTHORISED",
        LineAmountTypes="NoTax", LineItems=[{"Description": "Back", "Quantity": "1", "UnitAmount": "5.00", "AccountCode": "200"}],
    )  # fmt: skip
    rig.xero.person("allocate_credit_note", CreditNoteID=note["CreditNoteID"], InvoiceID=ids[two["name"]], Amount="5.00")
    read(rig)
    (waits,) = at_site(rig, ROW, state="Waiting")
    assert (waits["reason_code"], waits["about"]) == ("credit-not-here", two["name"])
