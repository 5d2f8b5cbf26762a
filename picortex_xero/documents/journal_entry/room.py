"""Journal Entries: each becomes what its case in `cases` says: a manual journal, Spend or Receive Money, payments, an allocation, or
nothing."""

from __future__ import annotations

from collections.abc import Sequence

from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, _
from ...xero.records.registry import KINDS
from ..base import Action, Books, Doc, Known, Plan, Room, SettlingRows, Worth, look_again
from ..decisions import Ask, Decision, Hold, Release, Skip, done, overtaken, refused
from ..fact_types import HEAD, LINKS, Named
from ..fingerprint import of_journal
from ..identity import INVOICE_DOCTYPES
from ..needs import NOTHING, Facts, Needs
from ..settlement.actions import ACTIONS
from ..settlement.allocation import allocate_credit, needs_of_allocation
from ..settlement.document_in_xero import needs_of_target
from ..settlement.named_money import needs_of_contact, with_contact
from ..settlement.refunds import needs_of_advance, released
from ..settlement.settlement import PAYMENT_ENTRY
from ..step import Step, own_links
from .as_settlement import settlement
from .bank_transaction import journal_money
from .cases import BANK_TRANSACTION, CREDIT_USED, HELD, PAYMENT, SKIPPED, Case, case_of, problem_of
from .manual_journal import journal
from .read_journal import XEROS_OWN, told_apart
from .read_journal import needs_of_journal as needs_of_rows
from .rows import Journal

JOURNAL_ENTRY = "Journal Entry"


def needs_of_journal(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The facts that tell the case, the company's own contact (for money with nobody in particular), and those for allocating a credit."""
    found = needs_of_rows(doc) | _needs_of_settled(doc, facts) | needs_of_contact(doc) | XEROS_OWN.of([step.who.name])
    credit, invoice = _credit_used(doc, facts)
    return found | needs_of_allocation(step, credit, invoice, facts) if credit and invoice else found


def _needs_of_settled(doc: Doc, facts: Facts) -> Needs:
    """The facts for what a journal's rows refer to."""
    rows = doc.get("accounts") or []
    settled = [row for row in rows if row.get("reference_type") in INVOICE_DOCTYPES]
    refunds = [(PAYMENT_ENTRY, row["reference_name"]) for row in rows if row.get("reference_type") == PAYMENT_ENTRY]
    return NOTHING.union(
        *(needs_of_target((row["reference_type"], row["reference_name"]), facts) for row in settled), *map(needs_of_advance, refunds)
    )


def plan_journal(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Plan the record that the journal's case names; a journal that is a payment gets a step "payment" in its place."""
    if own_links(facts.get(LINKS, (JOURNAL_ENTRY, step.who.name)), step.who, step.revision):
        return done()
    if facts.get(XEROS_OWN, step.who.name):
        return Decision(Skip(_of_xero(step.who.name)))
    entry = told_apart(doc, facts, books)
    case = case_of(entry)
    if case.becomes == CREDIT_USED:
        return _credit_taken_off(step, entry, facts)
    if case.becomes == SKIPPED:
        return Decision(Skip(problem_of(entry, case)), _released(entry, facts))
    if case.becomes == HELD:
        return Decision(Hold((problem_of(entry, case),)))
    if case.becomes == PAYMENT:
        return overtaken(_("{name} goes to Xero as the payment or transfer it is").format(name=step.who.name), Ask("payment"))
    return _translated(step, entry, case, facts, books)


def _of_xero(name: str) -> Problem:
    return Problem("booked-by-xero", _("{name} was made of what Xero has booked itself").format(name=name), NONE)


def _released(entry: Journal, facts: Facts) -> tuple[Release, ...]:
    """The refund that a journal matches with a return may go: it was held, as it was not known for what it is."""
    return released([(PAYMENT_ENTRY, entry.refund_matched)], facts) if entry.refund_matched else ()


def _translated(step: Step, entry: Journal, case: Case, facts: Facts, books: Books) -> Plan | Decision:
    site = (books.site_url, books.instance, step.revision)
    try:
        made = journal_money(entry, *site) if case.becomes == BANK_TRANSACTION else journal(entry, *site)
    except Refused as error:
        return refused(error)
    return with_contact(step, entry.doc, KINDS[case.becomes], made, facts, books)


def _credit_used(doc: Doc, facts: Facts) -> tuple[Named | None, Named | None]:
    """The return and the invoice that a journal of two rows sets off against each other; (None, None) for any other journal."""
    rows = [row for row in doc.get("accounts") or [] if row.get("reference_type") in INVOICE_DOCTYPES]
    sides = [(named, facts.known(HEAD, named)) for named in ((row["reference_type"], row["reference_name"]) for row in rows)]
    used = [named for named, head in sides if head and head.get("is_return")]
    taken = [named for named, head in sides if head and not head.get("is_return")]
    return (used[0], taken[0]) if used and taken else (None, None)


def _credit_taken_off(step: Step, entry: Journal, facts: Facts) -> Plan | Decision:
    """A return taken off an invoice, as Payment Reconciliation makes such journals: one allocation, never a manual journal."""
    taken, used = sorted(entry.legs, key=lambda leg: bool(leg.row["reference_is_return"]))
    doctype = used.row["reference_type"]
    credit, invoice = (doctype, used.row["reference_name"]), (doctype, taken.row["reference_name"])
    return allocate_credit(step, entry.doc, credit, invoice, abs(taken.own), facts)


def _as_payment(part: str) -> Action:
    """The action for further steps of a journal that is a payment: the same as for a Payment Entry."""
    its = ACTIONS[part]

    def needs(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
        rows = needs_of_rows(doc)
        found = None if facts.missing(rows) else settlement(told_apart(doc, facts, books))
        return rows | _needs_of_settled(doc, facts) | (its.needs(step, doc, found, facts) if found else NOTHING)

    def plan(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
        if found := settlement(told_apart(doc, facts, books)):
            return its.plan(step, doc, found, facts, books)
        again = [Ask("journal", revision=step.revision + 1)] if step.role.text == "payment" else []
        return overtaken(_("{name} is no payment any more and is looked at again").format(name=step.who.name), *again)

    return Action(plan, needs, its.compares_itself)


class JournalRoom(Room):
    """Journal Entry."""

    name = "journal_entry"
    doctypes = (JOURNAL_ENTRY,)
    parts = ("journal", "payment")
    scopes = ("accounting.manualjournals",)
    tables = ("accounts",)
    settling_rows = (SettlingRows("Journal Entry Account", "reference_type", "reference_name", JOURNAL_ENTRY),)
    actions = {"journal": Action(plan_journal, needs_of_journal)} | {part: _as_payment(part) for part in ACTIONS}

    def first(self, doc: Doc) -> str:
        """The role "journal"; whether it is a payment is only decided when the step is looked at."""
        return "journal"

    def fingerprint(self, doc: Doc) -> str:
        """Its rows, in any order."""
        return of_journal(doc)

    def worth(self, doc: Doc) -> Worth:
        """The sum of its debits, in company currency."""
        return Worth(doc.get("total_debit"), doc.get("total_debit"))

    def after_change(self, before: Doc | None, now: Doc, steps: Sequence[Known]) -> list[Known]:
        """Another look. A journal without a step is from before the go-live date: where it now settles an invoice, usually by Payment
        Reconciliation, that is one allocation, as for a payment."""
        if again := look_again(steps):
            return again
        return [("allocation-1", 1)] if before and _settled(now) - _settled(before) else []


def _settled(doc: Doc) -> set[Named]:
    """The invoices and bills that its rows refer to."""
    rows = doc.get("accounts") or []
    return {(row["reference_type"], row["reference_name"]) for row in rows if row.get("reference_type") in INVOICE_DOCTYPES}
