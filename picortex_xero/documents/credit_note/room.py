"""Returns (invoices and bills with `is_return`): the credit note, its allocation to the invoice returned, refunds entered in it,
write-offs."""

from __future__ import annotations

from collections.abc import Iterable

from ...accounting.money import ZERO
from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.registry import CREDIT_NOTE
from ..base import Action, Books, Doc, Plan, Ready, Room, Worth
from ..compare_linked import compare_document
from ..decisions import Ask, Decision, overtaken, refused
from ..fact_types import CONTACT, LINKS, Named
from ..fingerprint import of_invoice
from ..identity import INVOICE_DOCTYPES, party_of
from ..invoice.booked import with_ledger
from ..invoice.room import (
    FURTHER_ACTIONS,
    TABLES,
    did_as_returns_do,
    entered_by_others,
    followers,
    given_away,
    moves_inside,
    needs_of_invoice,
    worth_of,
)
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..settlement.allocation import allocate_credit, needs_of_allocation
from ..settlement.contact_now import needs_of_contacts, with_contact_now
from ..step import Step, own_links
from ..still_in_xero import held_before_its_contact
from .credit_note import applied_at_once, credit_note, taken_at_once


def plan_credit(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The credit note itself. One that is linked already (somebody pressed Retry) is compared with what Xero shows."""
    mine = own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who, step.revision)
    if linked := next((each for each in mine if each.part == "credit"), None):
        return compare_document(step, doc, linked, "credit-note")
    party = facts.get(CONTACT, party_of(doc))
    contact_id = "" if party.former_name else party.xero_id
    doc = with_ledger(doc, facts)
    if skipped := given_away(doc):
        return skipped
    try:
        # Built before there is a contact, to find all problems: no contact is created for a document that cannot be sent.
        made = credit_note(doc, books.mapping, contact_id, step.number_suffix)
    except Refused as error:
        return refused(error)
    if not contact_id:
        return held_before_its_contact(books.mapping, made.body) or wait_for_contact(party_of(doc), party)
    applied = (Ask("allocation-1"),) if applied_at_once(doc) else ()
    theirs = one_line(doc.get("bill_no")) if doc["doctype"] == "Purchase Invoice" else ""
    own = entered_by_others(step, doc, CREDIT_NOTE.endpoint, made.body["CreditNoteNumber"], theirs)
    ready = Ready(
        step, doc, CREDIT_NOTE.made_by, frozenset({step.who.digest}), translation=made, asks=(*applied, *followers(doc)), known_as=own
    )
    return with_contact_now(ready, _returned(doc), facts)


def needs_of_credit(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """The same as an invoice's, and the invoice that it returns."""
    return needs_of_invoice(step, doc, facts, books) | needs_of_contacts(_returned(doc))


def _returned(doc: Doc) -> list[Named]:
    return [(doc["doctype"], doc["return_against"])] if doc.get("return_against") else []


def needs_of_application(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
    """Facts for allocating it to the invoice that it returns."""
    return needs_of_allocation(step, (doc["doctype"], doc["name"]), (doc["doctype"], doc["return_against"]), facts)


def plan_application(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """Allocates a return that ERPNext took off its invoice at once ("Update Outstanding for Self" off)."""
    credit, invoice = (doc["doctype"], doc["name"]), (doc["doctype"], doc["return_against"])
    if (amount := taken_at_once(doc)) <= ZERO:
        return overtaken(
            _("{name} was paid back in full: nothing of it is left to take off {invoice}").format(name=credit[1], invoice=invoice[1])
        )
    return allocate_credit(step, doc, credit, invoice, amount, facts, doc["currency"])


class CreditNoteRoom(Room):
    """Returns of sales and of purchases."""

    name = "credit_note"
    doctypes = INVOICE_DOCTYPES
    parts = ("credit",)
    scopes = ("accounting.invoices",)
    tables = TABLES
    actions = {
        "credit": Action(plan_credit, needs_of_credit, compares_itself=True),
        "allocation": Action(plan_application, needs_of_application),
        **FURTHER_ACTIONS,
    }

    def claims(self, doc: Doc) -> bool:
        """Returns only."""
        return bool(doc.get("is_return"))

    def claims_gone(self, roles: Iterable[str]) -> bool:
        """A deleted document with a role that only returns have ("credit")."""
        return did_as_returns_do(roles)

    def fingerprint(self, doc: Doc) -> str:
        """Its figures, lines and taxes, as of an invoice."""
        return of_invoice(doc)

    def first(self, doc: Doc) -> str:
        """The credit note."""
        return "credit"

    def worth(self, doc: Doc) -> Worth:
        """Its total. Where that is zero but lines of opposite sign move income or cost, it still counts as something to send."""
        return worth_of(doc)

    def nothing(self, doc: Doc) -> Problem | None:
        """One of zero, and one that only moves goods inside its own company."""
        return super().nothing(doc) or moves_inside(doc)
