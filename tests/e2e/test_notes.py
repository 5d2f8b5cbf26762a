"""History notes: where a record came from, once, last of all, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig, go_live
from tests.scene import rig as scene

WITHOUT_LINK, EVERY = "Where Xero has no link", "Every document"
HISTORY = "/History$"


@pytest.fixture
def noting(unconnected: Rig) -> Rig:
    """Connected, mapped and live, with notes as they are by default."""
    scene.set_up(unconnected)
    go_live(unconnected, "AUTHORISED", history_notes=WITHOUT_LINK)
    return unconnected


def notes(rig: Rig, resource: str = "Payments") -> list[str]:
    """The notes on every record of a resource, in order."""
    return [kept["Details"] for each in rig.xero.documents(resource) for kept in each.get("history", [])]


def note_steps(rig: Rig) -> list[dict[str, Any]]:
    return [row for row in rig.steps() if row["role"].startswith("note")]


def sent(rig: Rig) -> list[dict[str, Any]]:
    return [call for call in rig.xero.calls(path="/History") if call["method"] == "PUT"]


def test_the_default_notes_what_xero_shows_no_link_for(unconnected: Rig) -> None:
    with unconnected.frappe() as frappe:
        assert frappe.get_meta("Xero Connection").get_field("history_notes").default == WITHOUT_LINK


def test_a_payment_says_where_it_came_from_and_its_invoice_shows_a_link(noting: Rig) -> None:
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment])
    scene.settle(noting)
    (said,) = notes(noting)
    assert said.startswith(f"Entered in PiCortex as Payment Entry {payment['name']} by ")
    assert f"/app/payment-entry/{payment['name']}" in said
    assert notes(noting, "Invoices") == []
    assert scene.live(noting)[0]["Url"]
    assert scene.step(noting, payment["name"], "note-payment-1")["state"] == "Synced"
    with noting.frappe() as frappe:
        assert not frappe.get_all("Xero Link", filters={"role": ("like", "note%")}), "a note is no record"


def test_every_document_gets_one_where_that_is_chosen_and_none_where_it_is_off(noting: Rig) -> None:
    go_live(noting, "AUTHORISED", history_notes=EVERY)
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment, *scene.bills(noting)])
    scene.settle(noting)
    assert len(notes(noting, "Invoices")) == 2 and len(notes(noting)) == 1
    go_live(noting, "AUTHORISED", history_notes="Off")
    noting.play(scene.settlements(noting)[1])
    scene.settle(noting)
    assert len(note_steps(noting)) == 3


def test_one_note_per_record_and_none_on_what_was_only_allocated(noting: Rig) -> None:
    *invoices, payment = scene.paid(noting, 2)
    note = scene.returned(invoices[0], at_once=True)
    noting.play([*invoices, payment, note, scene.journal(noting, ("Office Rent", -10.0), ("Travel Expenses", 10.0))])
    scene.settle(noting)
    assert len(notes(noting, "BatchPayments")) == 1, "two invoices paid at once are one record"
    assert len(notes(noting, "CreditNotes")) == 1 and not notes(noting, "ManualJournals")


def test_a_person_is_named_in_full_and_a_cancel_is_noted_too(noting: Rig) -> None:
    from sandbox.host.site import add_user

    invoice, payment = scene.paid(noting)
    add_user(noting.site, "mere@sandbox.test", [])
    scene.with_site(noting, lambda frappe: frappe.db.set_value("User", "mere@sandbox.test", "full_name", "Mere Tui"))
    payment["doc"]["owner"] = "mere@sandbox.test"
    noting.play([invoice, payment])
    scene.settle(noting)
    assert " by Mere Tui on " in notes(noting)[0]
    cancel = scene.cancelling(payment)
    cancel["doc"]["modified_by"] = "mere@sandbox.test"
    noting.play([cancel])
    scene.settle(noting)
    assert notes(noting)[1].startswith(f"Cancelled in PiCortex: Payment Entry {payment['name']}, by Mere Tui on ")
    assert not scene.live(noting, "Payments")


def test_a_cancel_overtakes_a_waiting_note(noting: Rig) -> None:
    invoice, payment = scene.paid(noting)
    noting.xero.person("set_limits", minute=15)
    noting.play([invoice, payment])
    noting.dispatch()
    assert scene.step(noting, payment["name"], "payment")["state"] == "Synced"
    assert scene.step(noting, payment["name"], "note-payment-1")["state"] == "Pending", "few calls are left in this minute"
    noting.xero.unlimited()
    noting.play([scene.cancelling(payment)])
    scene.settle(noting)
    assert scene.step(noting, payment["name"], "note-payment-1")["state"] == "Superseded"
    assert [text[:9] for text in notes(noting)] == ["Cancelled"]


def test_notes_go_last_and_leave_calls_for_documents(noting: Rig) -> None:
    many = scene.settlements(noting)[:12]
    scene.make_contacts(noting, [record for records in many for record in records[:-1]])
    noting.xero.person("set_limits", day=len(noting.xero.calls(path="/api.xro/2.0/")) + 209)
    noting.play([record for records in many for record in records])
    for _ in range(10):
        noting.dispatch()
        noting.advance(61)
    kinds = [call["path"].rpartition("/")[2] for call in noting.xero.calls(path="/api.xro/2.0/") if call["method"] == "PUT"]
    assert kinds.index("History") > max(at for at, kind in enumerate(kinds) if kind != "History")
    waiting = [row for row in note_steps(noting) if row["state"] == "Pending"]
    assert waiting, "200 calls of the day are kept for documents"
    assert noting.counts() == {"Synced": noting.counts()["Synced"], "Pending": len(waiting)}
    used = noting.xero.call_count()
    scene.sweep(noting)
    noting.dispatch()
    assert noting.xero.call_count() == used
    noting.advance(86_400)
    for _ in range(3):
        noting.dispatch()
        noting.advance(61)
    assert len(notes(noting)) == len(many), "a new day"


@pytest.mark.parametrize(
    ("fault", "wait"), [("drop_after", 20), ("drop_after", 400), ("drop_before", 20), ("drop_before", 400), ("truncated", 400)]
)
def test_a_lost_answer_never_makes_a_second_note(noting: Rig, fault: str, wait: int) -> None:
    noting.xero.fault(fault, method="PUT", path=HISTORY)
    noting.play(scene.paid(noting))
    noting.dispatch()
    noting.advance(wait)
    scene.settle(noting)
    assert len(notes(noting)) == 1
    assert note_steps(noting)[0]["state"] == "Synced"


def test_a_late_note_is_seen_before_it_is_sent_again(noting: Rig) -> None:
    """A 500 says nothing: the history is read, and again before the next sending."""
    noting.xero.fault("error_after", method="PUT", path=HISTORY, status=500)
    noting.play(scene.paid(noting))
    scene.settle(noting)
    assert len(notes(noting)) == len(sent(noting)) == 1


def test_what_xero_refuses_is_skipped_with_its_words_and_the_document_is_fine(noting: Rig) -> None:
    from picortex_xero.api import status

    noting.xero.fault("element_error", method="PUT", path=HISTORY, index=0, text="No notes on a Sunday")
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment])
    scene.settle(noting)
    (row,) = note_steps(noting)
    assert row["state"] == "Skipped" and "No notes on a Sunday" in row["reason"]
    shown = scene.with_site(noting, lambda _: status.document_status("Payment Entry", payment["name"]))
    assert shown["message"] == "In Xero" and shown["state"] == "In Xero"
    assert shown["extras"][0]["state"] == "Not sent to Xero" and shown["can_retry"]
    assert scene.with_site(noting, lambda _: status.retry("Payment Entry", payment["name"])) == 1
    scene.settle(noting)
    assert len(notes(noting)) == 1


def test_after_its_tries_a_note_is_given_up(noting: Rig) -> None:
    noting.xero.fault("drop_before", method="PUT", path=HISTORY, times=99)
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment])
    scene.settle(noting, rounds=80, seconds=200)
    (row,) = note_steps(noting)
    assert row["state"] == "Skipped" and row["reason_code"] == "extra-given-up" and "5 tries" in row["reason"]
    assert scene.step(noting, payment["name"], "payment")["state"] == "Synced"


def test_a_cancel_does_not_wait_for_a_note_whose_answer_was_lost(noting: Rig) -> None:
    noting.xero.fault("drop_before", method="PUT", path=HISTORY)
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment])
    noting.dispatch()
    assert note_steps(noting)[0]["state"] == "Unknown"
    noting.play([scene.cancelling(payment)])
    noting.dispatch()
    assert not scene.live(noting, "Payments")


def test_a_deleted_document_leaves_its_note_unsent(noting: Rig) -> None:
    noting.xero.person("set_limits", minute=15)
    invoice, payment = scene.paid(noting)
    noting.play([invoice, payment])
    noting.dispatch()
    scene.with_site(noting, lambda frappe: frappe.db.delete("Payment Entry", {"name": payment["name"]}))
    noting.xero.unlimited()
    noting.advance(61)
    scene.settle(noting)
    assert note_steps(noting)[0]["state"] == "Superseded" and not notes(noting)


def test_every_record_is_shown_with_its_amount_and_page(noting: Rig) -> None:
    from picortex_xero.api import status

    invoice, payment = scene.paid(noting)
    journal = scene.journal(noting, ("Office Rent", -10.0), ("Travel Expenses", 10.0))
    move = scene.transfer(noting, 5.0, "Cash")
    noting.play([invoice, payment, journal, move])
    scene.settle(noting)

    def shown(record: scene.Record) -> dict[str, Any]:
        said = scene.with_site(noting, lambda _: status.document_status(record["doctype"], record["name"]))
        (line,) = said["records"]
        return line

    line = shown(invoice)
    assert (line["what"], line["number"], line["status"]) == ("Invoice", invoice["name"], "Paid"), "its payment went as well"
    assert line["amount"] == f"{scene.total(invoice):.2f}" and "AccountsReceivable/View.aspx" in line["link"] and line["seen"]
    assert shown(payment)["what"] == "Payment" and "bankTransactionID=" in shown(payment)["link"] and float(shown(payment)["amount"])
    assert shown(journal) | {"number": "", "seen": ""} == {
        "what": "Manual journal",
        "number": "",
        "amount": "10.00",
        "currency": shown(journal)["currency"],
        "status": shown(journal)["status"],
        "seen": "",
        "link": shown(journal)["link"],
    }
    assert "Journal/View.aspx?invoiceID=" in shown(journal)["link"]
    assert shown(move)["what"] == "Bank transfer" and shown(move)["amount"] == "5.00" and shown(move)["link"] == ""


def test_an_overpayment_is_noted_and_opened_as_the_bank_transaction_it_was_made_as(noting: Rig) -> None:
    from picortex_xero.api import status

    record = next(
        record
        for record in noting.documents
        if record["doctype"] == "Payment Entry" and record["doc"].get("unallocated_amount") and not record["doc"].get("references")
    )
    noting.play([record])
    scene.settle(noting)
    assert len(notes(noting, "Overpayments")) == 1
    (line,) = scene.with_site(noting, lambda _: status.document_status("Payment Entry", record["name"]))["records"]
    (made,) = noting.xero.documents("BankTransactions")
    assert line["what"] == "Overpayment" and f"bankTransactionID={made['BankTransactionID']}" in line["link"]
