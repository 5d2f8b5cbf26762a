"""Payment Entries: each is read as a settlement (as_settlement.py), and settlement/actions.py says which records that becomes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..base import Action, Books, Doc, Known, Plan, Room, SettlingRows, Worth
from ..decisions import Decision
from ..fact_types import Named
from ..fingerprint import of_payment
from ..needs import NOTHING, Facts, Needs
from ..settlement.actions import ACTIONS
from ..settlement.refunds import as_known, is_refund, needs_of_refunds
from ..settlement.settlement import PAYMENT_ENTRY, Settlement
from ..settlement.step_order import PAYMENT_ROLE
from ..step import Step
from .as_settlement import parts, settlement, with_fees_chosen


def settlement_of(doc: Doc, facts: Facts, books: Books) -> Settlement:
    """The settlement of a Payment Entry, with the advances that it pays back and with fees as the accountant chose them."""
    return with_fees_chosen(settlement(as_known(doc, facts)), books.mapping.deductions)


def _action(part: str) -> Action:
    its = ACTIONS[part]

    def needs(step: Step, doc: Doc, facts: Facts, books: Books) -> Needs:
        pays_back = needs_of_refunds([(doc["doctype"], doc["name"])]) if is_refund(doc) else NOTHING
        # First what its own rows say, then also what it pays back.
        own = with_fees_chosen(settlement(doc), books.mapping.deductions) if facts.missing(pays_back) else settlement_of(doc, facts, books)
        return pays_back | its.needs(step, doc, own, facts)

    def plan(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
        return its.plan(step, as_known(doc, facts), settlement_of(doc, facts, books), facts, books)

    return Action(plan, needs, its.compares_itself)


class PaymentRoom(Room):
    """Payment Entry."""

    name = "payment_entry"
    doctypes = (PAYMENT_ENTRY,)
    parts = (PAYMENT_ROLE,)
    # Overpayments, prepayments and transfers need Xero's scope for bank transactions.
    scopes = ("accounting.payments", "accounting.banktransactions")
    tables = ("references", "deductions", "taxes")
    settling_rows = (SettlingRows("Payment Entry Reference", "reference_doctype", "reference_name", PAYMENT_ENTRY),)
    actions = {part: _action(part) for part in ACTIONS}

    def first(self, doc: Doc) -> str:
        """The payment."""
        return PAYMENT_ROLE

    def fingerprint(self, doc: Doc) -> str:
        """The money, what it settles, its deductions and taxes."""
        return of_payment(doc)

    def worth(self, doc: Doc) -> Worth:
        """The amount that the bank moved."""
        base = doc.get("base_received_amount") or doc.get("base_paid_amount")
        return Worth(base, doc.get("paid_amount"), doc.get("paid_from_account_currency") or "")

    def changed(self, before: Doc | None, now: Doc) -> bool:
        """Whether it settles more of an invoice than before, as after Payment Reconciliation; the hourly search sees all else."""
        return bool(_settles_more(before, now))

    def after_change(self, before: Doc | None, now: Doc, steps: Sequence[Known]) -> list[Known]:
        """An allocation for each invoice of which it settles more. Their numbers go on from the highest so far, whatever becomes of the
        rows; they are of the newest revision, since what belongs to an older one is taken back first."""
        used = [int(role.partition("-")[2]) for role, _revision in steps if role.startswith("allocation-")]
        newest = max((revision for _role, revision in steps), default=1)
        first = max([len(_settled(before)), *used]) + 1
        return [(f"allocation-{number}", newest) for number in range(first, first + len(_settles_more(before, now)))]


def _settled(doc: Doc | None) -> dict[Named, Decimal]:
    return {(part.doctype, part.name): part.allocated for part in parts(doc)} if doc else {}


def _settles_more(before: Doc | None, now: Doc) -> list[Named]:
    """The documents of which it settles more than before."""
    earlier = _settled(before)
    return [named for named, allocated in _settled(now).items() if allocated > earlier.get(named, 0)]
