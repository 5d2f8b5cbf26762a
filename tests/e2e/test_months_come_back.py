"""What Xero has booked itself in a month becomes one journal, never what came or comes by itself, and nothing of what is here alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.months import amended, call, cancel, post, read_trial_balance, submit
from tests.scene.reading import begin, pass_alive, read

ROW = "Xero Incoming Record"


def typed(rig: Rig, text: str, date: str, amount: str, *codes: str) -> None:
    """A person posts a manual journal in Xero."""
    lines = [{"AccountCode": code, "LineAmount": sign + amount, "TaxType": "NONE"} for code, sign in zip(codes, ("", "-"))]
    rig.xero.person("create_journal", Narration=text, Date=date, JournalLines=lines, LineAmountTypes="Exclusive")


def row(rig: Rig, name: str) -> dict[str, Any]:
    return dict(scene.with_site(rig, lambda frappe: frappe.get_doc(ROW, name).as_dict()))


def entry(rig: Rig, text: str) -> dict[str, Any]:
    """The row of a manual journal."""
    rows = scene.with_site(rig, lambda frappe: frappe.get_all(ROW, filters={"what": ("like", f"%{text}%")}, fields=["*"]))
    (found,) = rows
    return dict(found)


def test_a_month_is_booked_once_and_takes_nothing_back(rig: Rig) -> None:
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "entries_from_xero", "Become Drafts"))
    begin(rig)
    read_trial_balance(rig)

    def propose(month: str) -> dict[str, Any]:
        return row(rig, call(rig, "propose_month", rig.connection, month))

    # The lists are read first, to the end of the month.
    typed(rig, "Early", "2026-10-10", "70.00", "416", "711")
    read(rig)
    early = entry(rig, "Early")
    assert early["state"] == "Draft Here"
    said = propose("2026-10")
    assert said["reason_code"] == "month-not-offered" and "1" in said["reason"] and "drafts" in said["cure"], said["reason"]
    assert call(rig, "make_month_journal", said["name"]) == ""
    submit(rig, early["reference_name"], 70)
    post(rig, "Journal Entry", early["reference_name"], "2026-10-10", ("Depreciation", 70), ("Accumulated Depreciation", -70))
    read(rig)
    # What is here and not in Xero, and the closing of a year, count on neither side.
    post(rig, "Journal Entry", "JV-LOCAL", "2026-10-15", ("Office Rent", 90), ("Utility Expenses", -90))
    post(rig, "Period Closing Voucher", "PCV-1", "2026-10-31", ("Sales", 900), ("Office Rent", -900))
    said = propose("2026-10")
    assert (said["state"], call(rig, "month_table", said["name"])) == ("Left Out", []), said["reason"]

    # Figures that have changed since somebody has looked are shown, not booked.
    typed(rig, "Late", "2026-10-20", "7.00", "416", "711")
    said = propose("2026-10")
    assert said["reason_code"] == "month-offered", said["reason"]
    typed(rig, "Accrual", "2026-10-21", "5.00", "416", "711")
    assert call(rig, "make_month_journal", said["name"]) == ""
    assert {each["left"] for each in call(rig, "month_table", said["name"])} == {"12.00", "-12.00"}
    made = call(rig, "make_month_journal", said["name"])
    assert made and call(rig, "make_month_journal", said["name"]) == "" and row(rig, said["name"])["reference_name"] == made

    # What comes of that month from then on waits, until a person says that it is another one.
    read(rig)
    late = entry(rig, "Late")
    assert (late["state"], late["reason_code"]) == ("Waiting", "booked-in-month") and made in late["reason"], late
    call(rig, "done_by_hand", entry(rig, "Accrual")["name"])

    # However often it is amended, it is Xero's own and never sent.
    count = len(rig.xero.documents("ManualJournals"))
    submit(rig, made, 12)
    once = amended(rig, made, 12)
    twice = amended(rig, once, 12)
    read(rig)
    assert len(rig.xero.documents("ManualJournals")) == count
    assert {rig.steps(reference_name=name)[0]["state"] for name in (once, twice)} <= {"Skipped", "Superseded"}
    assert propose("2026-10")["state"] == "Entered Here" and entry(rig, "Late")["reason_code"] == "booked-in-month"

    # Cancelled for good, the month can be proposed again, and what waited for it comes by itself.
    cancel(rig, twice)
    said = propose("2026-10")
    assert said["reason_code"] == "month-not-offered" and not said["reference_name"], "one of that month still waits"
    rig.dispatch()
    late = entry(rig, "Late")
    assert late["state"] == "Draft Here"
    submit(rig, late["reference_name"], 7)
    post(rig, "Journal Entry", late["reference_name"], "2026-10-20", ("Depreciation", 7), ("Accumulated Depreciation", -7))
    read(rig)
    said = propose("2026-10")
    assert said["reason_code"] == "month-offered"
    again = call(rig, "make_month_journal", said["name"])
    assert again not in ("", made) and {each["left"] for each in call(rig, "month_table", said["name"])} == {"5.00", "-5.00"}
    # What amends one that was cancelled before is Xero's own all the same.
    assert scene.with_site(rig, lambda _frappe: _own([twice, amended_name(rig, twice), again])) == [True, True, True]
    assert scene.error_log(rig) == []
    _only_after_the_lists_are_read(rig)
    _taken_off_before_the_submit(rig, sale)


def _only_after_the_lists_are_read(rig: Rig) -> None:
    """What was typed in Xero since its lists were read would be in the journal and come by itself as well: they are read first, within minutes. Nor is a month offered from before
    the go-live date."""
    typed(rig, "September", "2026-09-20", "9.00", "416", "711")
    rig.advance(3600)
    name = call(rig, "propose_month", rig.connection, "2026-09")
    assert row(rig, name)["reason_code"] == "month-not-offered" and "not in the last minutes" in row(rig, name)["reason"]
    pass_alive(rig, 60)
    rig.dispatch()
    assert entry(rig, "September")["state"] == "Draft Here"
    call(rig, "retry", name)
    assert "waits here or is a draft: 1" in row(rig, name)["reason"]
    live = str(scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "go_live_date")))
    before = (date.fromisoformat(live).replace(day=1) - timedelta(days=1)).isoformat()[:7]
    with pytest.raises(Exception, match="begins before"):
        call(rig, "propose_month", rig.connection, before)


def _taken_off_before_the_submit(rig: Rig, sale: scene.Record) -> None:
    """A credit that was taken off an invoice in Xero, both entered there, is told as soon as both drafts are submitted."""
    chosen = {"documents_from_xero": "Become Drafts", "payments_from_xero": "Become Drafts"}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, chosen))
    read(rig)
    (ours,) = scene.live(rig)
    line = {"Description": "Advice", "Quantity": "1", "AccountCode": "200", "TaxType": "OUTPUT2"}
    given = {"Contact": {"ContactID": ours["contact"]}, "Date": "2026-11-20", "Status": "AUTHORISED", "LineAmountTypes": "Exclusive"}
    invoice = rig.xero.person(
        "create_invoice",
        **{**given, "Type": "ACCREC", "InvoiceNumber": "X-1", "DueDate": "2026-12-20", "LineItems": [{**line, "UnitAmount": "100.00"}]},
    )
    credit = rig.xero.person(
        "create_credit_note",
        **{**given, "Type": "ACCRECCREDIT", "CreditNoteNumber": "CN-1", "LineItems": [{**line, "UnitAmount": "20.00"}]},
    )
    rig.xero.person("allocate_credit_note", CreditNoteID=credit["CreditNoteID"], InvoiceID=invoice["InvoiceID"], Amount="23.00")
    read(rig)
    for number, total in (("X-1", 115), ("CN-1", -23)):
        name = entry(rig, number)["reference_name"]

        def submitted(frappe: Any, name: str = name, total: int = total) -> None:
            doc = frappe.get_doc("Sales Invoice", name)
            # What ERPNext has worked out.
            doc.grand_total = doc.base_grand_total = doc.outstanding_amount = total
            doc.debit_to, doc.party_account_currency = sale["doc"]["debit_to"], "NZD"
            doc.submit()

        scene.with_site(rig, submitted)
    scene.settle(rig)
    rig.dispatch()
    taken = entry(rig, "Credit taken off")
    assert (taken["state"], taken["reason_code"], float(taken["amount"])) == ("Waiting", "credit-to-confirm", 23.0), taken

    # A draft that is submitted before its removal in Xero is read is no draft any more: its own step tells.
    paid = rig.xero.person("pay_invoice", InvoiceID=ours["InvoiceID"], Amount="4.00", Account={"Code": "090"}, Date="2026-11-21")
    read(rig)
    name = entry(rig, "Payment")["reference_name"]

    def submit_payment(frappe: Any) -> None:
        doc = frappe.get_doc("Payment Entry", name)
        doc.base_paid_amount, doc.base_received_amount = doc.paid_amount, doc.received_amount
        doc.submit()

    scene.with_site(rig, submit_payment)
    scene.settle(rig)
    rig.xero.person("delete_payment", PaymentID=paid["PaymentID"])
    read(rig)
    removed = entry(rig, "Payment")
    assert (removed["state"], removed["reason"]) == ("Entered Here", "")
    assert [step["reason_code"] for step in rig.steps(reference_name=name)] == ["gone-from-xero"]


def amended_name(rig: Rig, name: str) -> str:
    return str(scene.with_site(rig, lambda frappe: frappe.db.get_value("Journal Entry", name, "amended_from")))


def _own(names: list[str]) -> list[bool]:
    from picortex_xero.documents.journal_entry.facts import xeros_own

    found = xeros_own(cast(Any, None), names)
    return [found[name] for name in names]
