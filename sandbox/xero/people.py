"""What a person does in Xero's own screens: approve, pay, void, archive, lock, rename, reconcile.

The same rules apply as through the API where Xero has the same rule; an adviser's extra powers are not modelled.
"""
from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sandbox.xero import clock, contacts, documents, organisation, wire
from sandbox.xero.organisation import Limits, Plan
from sandbox.xero.resources import (
    allocations,
    bank_transactions,
    bank_transfers,
    batch_payments,
    credit_notes,
    invoices,
    manual_journals,
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


def remove_allocation(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Takes the credit note ``CreditNoteID`` off an invoice again: ``AllocationID``."""
    note = credit_notes.find(call, body["CreditNoteID"])
    allocations.delete(call, "CreditNotes", note, body["AllocationID"])
    return credit_notes.show(call, note)


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


def allocate_overpayment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Takes ``Amount`` of the overpayment ``OverpaymentID`` for the invoice ``InvoiceID``."""
    source = call.org.of("Overpayments")[body["OverpaymentID"]]
    element = {"Invoice": {"InvoiceID": body["InvoiceID"]}, "Amount": body["Amount"]}
    return allocations.show(call, allocations.create(call, "Overpayments", source, element))


def reconcile_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches a payment with the bank statement: IsReconciled becomes true (or ``reconciled``)."""
    payment = call.org.of("Payments")[body["PaymentID"]]
    payment["IsReconciled"] = body.get("reconciled", True)
    payments.note(call, payment, "reconciled")
    return payments.show(call, payment)


def reconcile_bank_transaction(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Matches money spent or received with the bank statement: IsReconciled becomes true (or ``reconciled``)."""
    record = call.org.of("BankTransactions")[body["BankTransactionID"]]
    record["IsReconciled"] = body.get("reconciled", True)
    bank_transactions.note(call, record, "reconciled")
    return bank_transactions.show(call, record)


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
                record["contact"] = kept["ContactID"]
    return contacts.show(merged)


def _account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    account = call.org.account(code=body.get("Code"), account_id=body.get("AccountID"))
    if account is None:
        raise ValueError("no such account")
    return account


def edit_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes fields of an account (find by AccountID or Code), for example Status, TaxType, Name."""
    account = _account(call, body)
    account.update({k: v for k, v in body.items() if k not in ("AccountID", "Code")}, updated=clock.now())
    return account


def recode_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Gives the account ``Code`` (or AccountID) the code ``NewCode``; it stays the same account (A: its AccountID is kept)."""
    account = _account(call, body)
    if call.org.account(code=body["NewCode"]):
        raise ValueError(f"code {body['NewCode']} is used")
    account.update(Code=body["NewCode"], updated=clock.now())
    return account


def delete_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes an account that no line uses (A: one that is used can only be archived)."""
    account = _account(call, body)
    used = {line.get("account") for records in call.org.records.values() for record in records.values()
            for line in record.get("lines") or []}
    if account["AccountID"] in used:
        raise ValueError("the account is used")
    return call.org.accounts.pop(account["AccountID"])


def edit_tracking(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Renames (``NewName``) or archives (``Status``) the category ``Name`` or, with ``Option``, one of its options; ids stay (A).
    Lines keep the name that they were stored with (C)."""
    category = next(each for each in call.org.tracking.values() if each["Name"] == body["Name"])
    edited = next(each for each in category["Options"] if each["Name"] == body["Option"]) if body.get("Option") else category
    edited.update({"Name": body.get("NewName", edited["Name"]), "Status": body.get("Status", edited["Status"])})
    return category


def archive_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return edit_account(call, {**body, "Status": "ARCHIVED"})


def add_account(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A new account: Code, Name, Type, Class, TaxType, for banks CurrencyCode."""
    if call.org.account(code=body.get("Code")):
        raise ValueError(f"code {body['Code']} is used")
    return organisation.add_account(call.org, body)


def add_tax_rate(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """A rate of the organisation's own: Name, EffectiveRate (per cent); TaxType TAX001 and on unless given."""
    return organisation.add_tax_rate(call.org, body)


def edit_tax_rate(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Changes fields of a rate; a new EffectiveRate without TaxComponents is one component of that rate."""
    rate = call.org.tax_rates[body["TaxType"]]
    rate.update(body)
    if "EffectiveRate" in body:
        rate["EffectiveRate"] = rate["DisplayTaxRate"] = Decimal(str(body["EffectiveRate"]))
        if "TaxComponents" not in body:
            rate["TaxComponents"] = [{"Name": rate["Name"], "Rate": rate["EffectiveRate"], "IsCompound": False,
                                      "IsNonRecoverable": False}]
    return rate


def add_tracking(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    return organisation.add_tracking(call.org, body["Name"], body.get("Options", []))


def set_lock_dates(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``period`` and ``year_end``: YYYY-MM-DD or null."""
    call.org.period_lock = wire.parse_day(body.get("period"))
    call.org.year_lock = wire.parse_day(body.get("year_end"))
    return organisation.describe(call.org)


def forget_payment(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """As if Xero had never taken the payment ``PaymentID``, whatever it answered (E106, B)."""
    payments.delete(call, body["PaymentID"])
    return {"forgotten": call.org.of("Payments").pop(body["PaymentID"].lower())["PaymentID"]}


def set_limits(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``concurrent``, ``minute``, ``day`` (calls) and ``latency`` (real seconds every call takes)."""
    call.org.latency = float(body.pop("latency", call.org.latency))
    call.org.limits = Limits(**{**vars(call.org.limits), **body})
    return {**vars(call.org.limits), "latency": call.org.latency}


def set_plan(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """``invoices`` and ``bills`` that may be approved a month (20 and 5 in Xero's smallest plan); null or left out: any number."""
    call.org.plan = Plan(body.get("invoices"), body.get("bills"))
    return vars(call.org.plan)


def set_currencies(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    call.org.currencies = list(dict.fromkeys([call.org.currency, *body["currencies"]]))
    return {"currencies": call.org.currencies}


def disconnect(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Removes every connection to this organisation, as 'Connected apps' does."""
    gone = [i for i, c in call.world.connections.items() if c["tenantId"] == call.org.tenant]
    for connection in gone:
        del call.world.connections[connection]
    return {"removed": gone}


def reset_demo(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Xero (or a person) resets a demo company: it is founded anew under another tenant id, and no app is connected to it (C). What the former one held
    stays in the ledger; nobody can choose it any more."""
    former, world = call.org, call.world
    removed = disconnect(call, body)
    former.closed = True
    new = organisation.found(former.edition, former.currency, former.name, tenant=str(uuid.uuid4()), currencies=former.currencies)
    new.replaces = former.tenant
    world.organisations[new.tenant] = new
    return {**removed, "tenant": new.tenant}


ACTIONS: dict[str, Callable[[Call, dict[str, Any]], dict[str, Any]]] = {
    "approve_credit_note": _note_status("AUTHORISED"), "void_credit_note": _note_status("VOIDED"),
    "approve_invoice": _status("AUTHORISED"), "void_invoice": _status("VOIDED"), "delete_invoice": _status("DELETED"),
    **{action.__name__: action for action in (
        create_invoice, edit_invoice, create_credit_note, edit_credit_note, remove_allocation, void_journal, delete_transfer,
        pay_invoice, allocate_overpayment, remove_overpayment, delete_payment, forget_payment, delete_batch_payment, reconcile_payment,
        reconcile_bank_transaction,
        create_contact, edit_contact, merge_contacts, edit_account, archive_account, recode_account, delete_account,
        edit_tracking, add_account, add_tax_rate,
        edit_tax_rate, add_tracking, set_lock_dates, set_limits, set_plan, set_currencies, disconnect, reset_demo)}}
