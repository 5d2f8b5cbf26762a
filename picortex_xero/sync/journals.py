"""Journal entries: what each becomes by its case. Steps "journal", and "payment" where it is a payment in all but name.

Transfers between own bank accounts and money spent or received, of whatever document, are looked at and undone here, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from ..accounting.problems import Problem, Refused
from ..documents.base import Plan
from ..documents.host import LINKS, STEPS
from ..documents.identity import INVOICE_DOCTYPES, identity
from ..documents.journal_entry import cases as journals
from ..documents.journal_entry.bank_transaction import journal_money
from ..documents.journal_entry.manual_journal import journal
from ..documents.journal_entry.rows import Journal, read
from ..documents.journal_entry.settlement import settlement as of_journal
from ..documents.needs import Facts
from ..documents.party.contact import same_name
from ..documents.payment_entry.settlement import settlement as of_payment_entry
from ..documents.settlement.actions import PARTS
from ..documents.settlement.settlement import Settlement
from ..documents.step import step
from ..documents.translation import Translation
from ..engine import facts, links, outbox, reading
from ..engine.apply import apply
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records.base import GONE
from ..xero.records.registry import KINDS
from . import parties
from .credits import ready_applied_by_journal
from .undo import finish_undo
from .work import Work, not_in_xero, planned, settle, supersede

Made = list[tuple[Work, Translation]]


def ready_journal(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """A journal entry, translated as its case says; one that is a payment goes on as such, in a step of its own."""
    who = identity(doc)
    if links.of(context.connection, who, row["generation"]):
        outbox.move(row, "recorded")
        return None
    entry = told_apart(context, doc)
    case = journals.case_of(entry)
    if case.becomes == journals.CREDIT_USED:
        return ready_applied_by_journal(context, row, entry)
    if case.becomes == journals.SKIPPED:
        outbox.move(row, "skip", journals.problem_of(entry, case))
    elif case.becomes == journals.HELD:
        settle(row, [journals.problem_of(entry, case)])
    elif case.becomes == journals.PAYMENT:
        outbox.add_sibling(row, "payment")
        supersede(row, f"{who.name} goes to Xero as the payment or transfer it is")
    else:
        return _translated(context, row, entry, case)
    return None


def _translated(context: Context, row: Row, entry: Journal, case: journals.Case) -> Work | None:
    doc, site = entry.doc, (context.site_url, context.instance, row["generation"])
    try:
        made = journal_money(entry, *site) if case.becomes == journals.BANK_TRANSACTION else journal(entry, *site)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    if made.body.get("Contact") == {"Name": ""}:
        # Nobody is named: money between the company and nobody in particular is with the company itself.
        contact_id = parties.contact_named(context, row, "Company", context.company)
        if not contact_id:
            return None
        made = replace(made, body={**made.body, "Contact": {"ContactID": contact_id}})
    return Work(row, doc, KINDS[case.becomes], {identity(doc).digest}, made)


def told_apart(context: Context, doc: dict[str, Any]) -> Journal:
    """A journal entry with what its rows do not say themselves: the types of their accounts, and which references are returns."""
    rows = doc.get("accounts") or []
    names = sorted({row["account"] for row in rows})
    found = frappe.get_all("Account", filters={"name": ("in", names)}, fields=["name", "account_type", "root_type"])
    accounts = {each["name"]: each for each in found}
    exchange_account = frappe.db.get_value("Company", context.company, "exchange_gain_loss_account")
    told = []
    for row in rows:
        account = accounts.get(row["account"]) or {}
        settled = row.get("reference_type") if row.get("reference_type") in INVOICE_DOCTYPES else ""
        told.append(
            {
                **row,
                # A journal that a program made does not carry the types itself.
                "account_type": account.get("account_type") or row.get("account_type"),
                "root_type": account.get("root_type"),
                "reference_is_return": bool(settled and frappe.db.get_value(settled, row["reference_name"], "is_return")),
                "is_exchange_account": row["account"] == exchange_account,
            }
        )
    return read({**doc, "accounts": told}, context.mapping)


def settlement_of(context: Context, doc: dict[str, Any]) -> Settlement | None:
    """The settlement that a payment entry is, and a journal that is a payment in all but name; None for any other document."""
    if doc["doctype"] == "Payment Entry":
        return of_payment_entry(doc)
    return of_journal(told_apart(context, doc)) if doc["doctype"] == "Journal Entry" else None


def no_payment_any_more(row: Row, doc: dict[str, Any]) -> None:
    """Hand a step back that was a payment's: its journal is none any more."""
    supersede(row, f"{doc['name']} is no payment any more and is looked at again")
    if row["role"] == "payment":
        outbox.add_sibling(row, "journal", generation=row["generation"] + 1)


def ready_as_payment(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """A step of a journal that is a payment in all but name: decided like a Payment Entry's."""
    settlement = settlement_of(context, doc)
    if settlement is None:
        no_payment_any_more(row, doc)
        return None
    one, books, known = step(row), context.books, Facts()
    its, own = PARTS[one.role.head], [(one.who.doctype, one.who.name)]
    for _ in range(facts.WAVES):
        facts.load(books, LINKS.of(own) | STEPS.of(own) | its.needs(one, doc, settlement, known), known)
    decided = its.plan(one, doc, settlement, known, books)
    if isinstance(decided, Plan):
        return planned(row, decided)
    apply(row, decided)
    return None


def look_money(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Money spent or received. A contact that is known by name only is looked up; where there is none, Xero makes it with the
    transaction (fact sheet 5, "Name alone creates a new contact", B)."""
    made = as_translated(context, lease, batch)
    names = list(dict.fromkeys(name for _, translation in made if (name := translation.body["Contact"].get("Name"))))
    known: dict[str, dict[str, str]] = {}
    for name, found in zip(names, reading.contacts_like(context, lease, names) if names else []):
        for each in found:
            if same_name(each.get("Name") or "", name) and each.get("ContactStatus", "ACTIVE") == "ACTIVE":
                # The id alone: any further field would change the contact.
                known[name] = {"ContactID": each["ContactID"]}
    sent: Made = []
    for work, translation in made:
        contact = translation.body["Contact"]
        if (name := contact.get("Name")) and name not in known:
            # One request makes the contact, and the next ones find it.
            known[name] = {}
        elif name and not known[name]:
            outbox.move(work.row, "release")
            continue
        sent.append((work, replace(translation, body={**translation.body, "Contact": known.get(name or "") or contact})))
    return sent


def as_translated(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Nothing in Xero has to be looked at first."""
    return [(work, work.translation) for work in batch if work.translation]


def look_undo(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Take each journal, transfer or bank transaction from the status that Xero shows to the one that undoes it; what a person has removed there is closed."""
    made: Made = []
    shown = reading.each(context, lease, batch[0].kind.endpoint, [work.xero_id for work in batch])
    for work, element in zip(batch, shown):
        if element is None:
            settle(work.row, [not_in_xero(work.doc["name"])])
            continue
        status = element.get("Status", "")
        if status in GONE:
            finish_undo(context, work.row, work.doc, str((work.linked or {})["name"]), status)
        elif element.get("IsReconciled"):
            problem = f"{work.doc['name']} was cancelled here, but in Xero it is reconciled with the bank statement"
            settle(work.row, [Problem("reconciled-in-xero", problem, "Unreconcile it in Xero if it is to go, then press Retry", held=True)])
        elif undone := work.kind.xero_object.undone(status):
            id_field = work.kind.id_field
            kept = {name: element[name] for name in work.kind.xero_object.kept_on_undo if name in element}
            made.append((work, Translation({id_field: work.xero_id, **kept, "Status": undone}, {id_field: work.xero_id})))
        else:
            problem = f"{work.doc['name']} cannot be undone in Xero, which shows it as {status or 'unknown'}"
            settle(work.row, [Problem("not-undone", problem, "Look for it in Xero; remove it there by hand, then press Retry")])
    return made
