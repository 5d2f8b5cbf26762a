"""Payment Entries: each is read as a settlement (settlement.py), and settlement/actions.py says which records that becomes."""

from __future__ import annotations

from ..base import Action, Books, Doc, Plan, Room, Worth
from ..decisions import Decision
from ..fingerprint import of_payment
from ..needs import NOTHING, Facts, Needs
from ..settlement.actions import PARTS
from ..settlement.plan import ADVANCE
from ..settlement.refunds import as_known, is_refund, needs_of_refunds
from ..settlement.settlement import Settlement
from ..settlement.turns import PAYMENT
from ..step import Step
from .settlement import settlement


def settlement_of(doc: Doc, facts: Facts) -> Settlement:
    """The settlement of a Payment Entry, with the advances that it pays back."""
    return settlement(as_known(doc, facts))


def _action(part: str) -> Action:
    its = PARTS[part]

    def needs(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
        pays_back = needs_of_refunds([(doc["doctype"], doc["name"])]) if is_refund(doc) else NOTHING
        # First what its own rows say, then also what it pays back.
        return pays_back | its.needs(step, doc, settlement(doc) if facts.missing(pays_back) else settlement_of(doc, facts), facts)

    def plan(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
        return its.plan(step, as_known(doc, facts), settlement_of(doc, facts), facts, books)

    return Action(plan, needs, its.again)


class PaymentRoom(Room):
    """Payment Entry."""

    name = "payment_entry"
    doctypes = (ADVANCE,)
    parts = (PAYMENT,)
    # Overpayments, prepayments and transfers need Xero's scope for bank transactions.
    scopes = ("accounting.payments", "accounting.banktransactions")
    actions = {part: _action(part) for part in PARTS}

    def first(self, doc: Doc) -> str:
        """The payment."""
        return PAYMENT

    def fingerprint(self, doc: Doc) -> str:
        """The money, what it settles, its deductions and taxes."""
        return of_payment(doc)

    def worth(self, doc: Doc) -> Worth:
        """The amount that the bank moved."""
        base = doc.get("base_received_amount") or doc.get("base_paid_amount")
        return Worth(base, doc.get("paid_amount"), doc.get("paid_from_account_currency") or "")
