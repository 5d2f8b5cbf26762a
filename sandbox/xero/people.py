"""What a person does in Xero's own screens: approve, pay, void, rename, reconcile. What an organisation is set to: ``settings``.

The same rules apply as through the API where Xero has the same rule; an adviser's extra powers are not modelled.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.xero import clock, contacts, documents, settings, statements, wire
from sandbox.xero.resources import (
    allocations,
    bank_transactions,
    bank_transfers,
    batch_payments,
    credit_notes,
    invoices,
    manual_journals,
    notes_and_files,
    payments,
)
from sandbox.xero.world import Call


def _invoice(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    record = invoices.by_reference(call, body.get("InvoiceID") or body.get("InvoiceNumber") or "")
    if record is None:
        raise ValueError("no such invoice")
    return record


def create_invoice(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return invoices.show(call, documents.create(call, invoices.KIND, body, []))


def edit_invoice(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Any change a person may make: status, number, dates, lines."""
    record = _invoice(call, body)
    changes = {key: value for key, value in body.items() if key not in ("InvoiceID",)}
    if not body.get("InvoiceID"):
        changes.pop("InvoiceNumber", None)
    return invoices.show(call, documents.update(call, invoices.KIND, record, changes, []))


def _status(status: str) -> Callable[[Call, dict[str, Any]], dict[str, Any]]:
    def change(call: Call, body: dict[str, Any]) -> dict[str, Any]:
        return invoices.show(call, documents.update(call, invoices.KIND, _invoice(call, body), {"Status": status}, []))
    return change


def _note_status(status: str) -> Callable[[Call, dict[str, Any]], dict[str, Any]]:
    def change(call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """Of the credit note ``CreditNoteID``."""
        record = credit_notes.find(call, body["CreditNoteID"])
        return credit_notes.show(call, documents.update(call, credit_notes.KIND, record, {"Status": status}, []))
    return change


def create_credit_note(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return credit_notes.show(call, documents.create(call, credit_notes.KIND, body, []))


def edit_credit_note(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Any change a person may make to the credit note ``CreditNoteID``."""
    changes = {key: value for key, value in body.items() if key != "CreditNoteID"}
    record = credit_notes.find(call, body["CreditNoteID"])
    return credit_notes.show(call, documents.update(call, credit_notes.KIND, record, changes, []))


def allocate_credit_note(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Takes ``Amount`` of the credit note ``CreditNoteID`` off the invoice ``InvoiceID``."""
    note = credit_notes.find(call, body["CreditNoteID"])
    element = {"Invoice": {"InvoiceID": body["InvoiceID"]}, "Amount": body["Amount"]}
    return allocations.show(call, allocations.create(call, "CreditNotes", note, element))


def remove_allocation(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Takes the credit note ``CreditNoteID``, the overpayment ``OverpaymentID`` or the prepayment ``PrepaymentID`` off an invoice again: ``AllocationID``."""
    if not body.get("CreditNoteID"):
        resource, credit = _advance(call, body)
        allocations.delete(call, resource, credit, body["AllocationID"])
        return bank_transactions.show_credit(call, credit)
    note = credit_notes.find(call, body["CreditNoteID"])
    allocations.delete(call, "CreditNotes", note, body["AllocationID"])
    return credit_notes.show(call, note)


def edit_journal(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes the manual journal ``ManualJournalID``, a posted one too: people may edit it on the screen (B: Xero Central, "Edit, copy,
    reverse or void a manual journal"), though this API's rules let a program only void it."""
    record = call.org.of("ManualJournals")[body["ManualJournalID"]]
    was, record["Status"] = record["Status"], "DRAFT"
    return manual_journals.show(call, manual_journals.update(call, record, {**body, "Status": was}))


def edit_bank_transaction(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes the unreconciled money spent or received ``BankTransactionID``: lines, date, contact (B: Xero Central, "Edit a spend or receive
    money transaction")."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    return bank_transactions.show(call, bank_transactions.edit(call, record, body))


def delete_bank_transaction(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes the unreconciled money spent or received ``BankTransactionID``."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    return bank_transactions.show(call, bank_transactions.update(call, record, {"Status": "DELETED"}))


def create_journal(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Enters a manual journal: posted, where nothing else is said."""
    return manual_journals.show(call, manual_journals.create(call, {"Status": "POSTED", **body}, []))


def spend_or_receive(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Enters money spent or received (``Type``), as somebody does who codes a line of the bank."""
    return bank_transactions.show(call, bank_transactions.create(call, body, []))


def void_journal(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Voids the posted manual journal ``ManualJournalID``."""
    record = call.org.of("ManualJournals")[body["ManualJournalID"]]
    return manual_journals.show(call, manual_journals.update(call, record, {"Status": "VOIDED"}))


def delete_transfer(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes the bank transfer ``BankTransferID``."""
    return bank_transfers.delete(call, body)


def pay_invoice(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Pays ``Amount`` (default: all that is due) into ``Account`` (default: bank 090)."""
    record = _invoice(call, body)
    element = {"Invoice": {"InvoiceID": record["InvoiceID"]}, "Account": body.get("Account", {"Code": "090"}),
               "Amount": body.get("Amount", documents.outstanding(record)), "Date": body.get("Date"),
               "Reference": body.get("Reference", ""), "BankAmount": body.get("BankAmount")}
    return payments.show(call, payments.create(call, element, []))


def delete_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return payments.show(call, payments.delete(call, body["PaymentID"]))


def delete_batch_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return batch_payments.show(call, batch_payments.delete(call, body["BatchPaymentID"]))


def remove_overpayment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes an unallocated over- or prepayment by hand, which the API cannot (A); by BankTransactionID."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    resource = "Overpayments" if record.get("OverpaymentID") else "Prepayments"
    credit = call.org.of(resource)[record.get("OverpaymentID") or record["PrepaymentID"]]
    if credit["allocations"] or credit["payments"]:
        raise ValueError("it has allocations or refunds")
    credit.update(Status="VOIDED", updated=clock.now())
    record["Status"] = "DELETED"
    bank_transactions.note(call, record, "deleted")
    return bank_transactions.show(call, record)


def edit_advance(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Gives an over- or prepayment of which nothing is used yet another ``Date``; by BankTransactionID (assumed: Xero's screen lets people edit one until it is
    allocated or reconciled)."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    resource = "Overpayments" if record.get("OverpaymentID") else "Prepayments"
    credit = call.org.of(resource)[record.get("OverpaymentID") or record["PrepaymentID"]]
    if credit["allocations"] or credit["payments"] or record["IsReconciled"]:
        raise ValueError("it has allocations or refunds, or is reconciled")
    record["Date"] = wire.parse_day(body["Date"])
    credit.update(Date=record["Date"], updated=clock.now())
    bank_transactions.note(call, record, "updated")
    return bank_transactions.show(call, record)


def allocate_overpayment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Takes ``Amount`` of the overpayment ``OverpaymentID``, or the prepayment ``PrepaymentID``, for the invoice ``InvoiceID``."""
    resource, source = _advance(call, body)
    element = {"Invoice": {"InvoiceID": body["InvoiceID"]}, "Amount": body["Amount"]}
    return allocations.show(call, allocations.create(call, resource, source, element))


def _advance(call: Call, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    resource = "Overpayments" if body.get("OverpaymentID") else "Prepayments"
    return resource, call.org.of(resource)[body.get("OverpaymentID") or body["PrepaymentID"]]


def enter_bank_transaction(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Spend or receive money, or an over- or prepayment, as on the screen: ``Type``, ``Contact``, ``BankAccount``, ``LineItems``."""
    return bank_transactions.show(call, bank_transactions.create(call, body, []))


def receive_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Enters ``Amount`` for the invoice or bill ``InvoiceID``: what is more than due becomes an overpayment of its contact, as Xero's
    screen splits it (B: Xero Central, "Record an overpayment of a customer's invoice")."""
    record, amount = _invoice(call, body), wire.money(wire.number(body["Amount"]) or wire.ZERO)
    due = documents.outstanding(record)
    paid = pay_invoice(call, {**body, "Amount": min(due, amount)})
    if amount <= due:
        return {"Payment": paid}
    more = enter_bank_transaction(call, {
        "Type": "RECEIVE-OVERPAYMENT" if record["Type"] == "ACCREC" else "SPEND-OVERPAYMENT", "Contact": {"ContactID": record["contact"]},
        "BankAccount": body.get("Account", {"Code": "090"}), "Date": body.get("Date"),
        "LineItems": [{"Description": f"Overpayment {record['InvoiceNumber']}", "LineAmount": amount - due}]})
    return {"Payment": paid, "BankTransaction": more}


def refund_credit(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Pays ``Amount`` of a credit back from ``Account``: ``CreditNoteID``, ``OverpaymentID`` or ``PrepaymentID``."""
    field = next(each for each in ("CreditNote", "Overpayment", "Prepayment") if body.get(f"{each}ID"))
    element = {field: {f"{field}ID": body[f"{field}ID"]}, "Account": body.get("Account", {"Code": "090"}), "Amount": body["Amount"],
               "Date": body.get("Date"), "Reference": body.get("Reference", "")}
    return payments.show(call, payments.create(call, element, []))


def pay_batch(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A batch payment: ``Payments`` with Invoice and Amount each, ``Account``, ``Date``."""
    return batch_payments.show(call, batch_payments.create(call, body, []))


def create_contact(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return contacts.show(contacts.save(call, body, None))


def edit_contact(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Renames and other edits; ContactStatus ARCHIVED archives, ACTIVE brings back."""
    contact = call.org.of("Contacts")[body["ContactID"]]
    if body.get("ContactStatus") == "ACTIVE":
        contact["ContactStatus"] = "ACTIVE"
    return contacts.show(contacts.save(call, {k: v for k, v in body.items() if k != "ContactID"}, contact))


def merge_contacts(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Merges ``ContactID`` into ``Into``: archived, its documents move, MergedToContactID says where (A)."""
    merged, kept = call.org.of("Contacts")[body["ContactID"]], call.org.of("Contacts")[body["Into"]]
    contacts.save(call, {"ContactStatus": "ARCHIVED"}, merged)
    merged["MergedToContactID"] = kept["ContactID"]
    for resource in ("Invoices", "CreditNotes", "BankTransactions", "Overpayments", "Prepayments"):
        for record in call.org.of(resource).values():
            if record.get("contact") == merged["ContactID"]:
                # That what moves bears a new UpdatedDateUTC: C.
                record.update(contact=kept["ContactID"], updated=clock.now())
    return contacts.show(merged)


def forget_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """As if Xero had never taken the payment ``PaymentID``, whatever it answered (E106, B)."""
    payments.delete(call, body["PaymentID"])
    return {"forgotten": call.org.of("Payments").pop(body["PaymentID"].lower())["PaymentID"]}


PERSON = "Robin Reid"
# What Xero's history calls what a person does, by the record that it is done to.
_DONE = {"void": "Voided", "delete": "Deleted", "approve": "Approved", "edit": "Edited"}
_RECORDS = {"invoice": ("Invoices", "InvoiceID"), "credit_note": ("CreditNotes", "CreditNoteID"), "payment": ("Payments", "PaymentID")}


def _in_history(name: str, action: Callable[[Call, dict[str, Any]], dict[str, Any]]) -> Callable[[Call, dict[str, Any]], dict[str, Any]]:
    """The same, which Xero's history of the record then tells, with who it was (``By``)."""
    verb, _between, what = name.partition("_")
    if verb not in _DONE or what not in _RECORDS:
        return action

    def done(call: Call, body: dict[str, Any]) -> dict[str, Any]:
        user, changes = body.get("By") or PERSON, {key: value for key, value in body.items() if key != "By"}
        shown = action(call, changes)
        resource, id_field = _RECORDS[what]
        notes_and_files.by_a_person(call.org.of(resource)[str(shown[id_field]).lower()], _DONE[verb], user, "")
        return shown
    return done


_ACTIONS: dict[str, Callable[[Call, dict[str, Any]], dict[str, Any]]] = {
    "approve_credit_note": _note_status("AUTHORISED"), "void_credit_note": _note_status("VOIDED"),
    "delete_credit_note": _note_status("DELETED"),
    "approve_invoice": _status("AUTHORISED"), "void_invoice": _status("VOIDED"), "delete_invoice": _status("DELETED"),
    **settings.ACTIONS,
    "create_journal": create_journal, "spend_or_receive": spend_or_receive,
    **{action.__name__: action for action in (
        create_invoice, edit_invoice, create_credit_note, edit_credit_note, allocate_credit_note, remove_allocation, edit_journal,
        void_journal, delete_transfer, edit_bank_transaction, edit_advance, delete_bank_transaction, pay_invoice, allocate_overpayment, enter_bank_transaction,
        receive_payment, refund_credit, pay_batch, remove_overpayment, delete_payment, forget_payment, delete_batch_payment, statements.reconcile_payment,
        statements.reconcile_batch_payment, statements.reconcile_bank_transaction, statements.reconcile_bank_transfer,
        create_contact, edit_contact, merge_contacts)}}
ACTIONS = {name: _in_history(name, action) for name, action in _ACTIONS.items()}
