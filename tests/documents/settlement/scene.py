"""A scene for decisions about payments: invoices that are in Xero, and what a Payment Entry becomes on these facts."""

from __future__ import annotations

from typing import Any

from picortex_xero.accounting.mapping import ClearingAccount
from picortex_xero.documents.base import Books, Doc, InXero, Plan
from picortex_xero.documents.decisions import Ask, Decision, Hold, Overtaken, Send, Wait
from picortex_xero.documents.fact_types import FEE_CONTACT, LINKS, PAYS_BACK, STEPS, Contact
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.payment_entry.room import PaymentRoom
from picortex_xero.documents.settlement.actions import ACTIONS as OF_SETTLEMENT
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.step import Step
from picortex_xero.documents.translation import Translation
from tests.documents.invoice.scene import CREATED, Scene, books, named, step
from tests.scene.documents import deduction, item, payment_entry, reference, sales_invoice, tax_row
from tests.scene.mapping import GST, chosen

ACTIONS = PaymentRoom.actions
FEES, DISCOUNTS = "Bank Fees - KS", "Discounts Allowed - KS"
CLEARING = ClearingAccount("clearing-1", "855")
CUSTOMER = ("Customer", "Rata Builders")


class PaymentScene(Scene):
    """What payments ask for besides. Each of the invoices `debts` is in Xero as "i-<name>" and carries tax."""

    def __init__(self, *documents: Doc, debts: tuple[Doc, ...] = ()) -> None:
        super().__init__(*documents, *debts)
        self.pays_back: dict[tuple[str, str], list[Doc]] = {}
        self.fee_contacts: dict[str, Contact] = {}
        for doc in debts:
            back = bool(doc.get("is_return"))
            self.link(doc, "credit" if back else "invoice", f"i-{doc['name']}", "CreditNotes" if back else "Invoices")

    def fee_contact(self, account: str = FEES, xero_id: str = "bank-contact") -> None:
        """With whom the fees on this account are, in Xero."""
        self.fee_contacts[account] = Contact(Identity("Xero Deduction Mapping", "map-1", CREATED), "The bank", xero_id)

    def _answer(self, fact: Any, key: Any) -> Any:
        if fact is PAYS_BACK:
            return self.pays_back.get(key, [])
        if fact is FEE_CONTACT:
            return self.fee_contacts.get(key, Contact(Identity("Xero Deduction Mapping", "map-1", CREATED), "The bank"))
        return super()._answer(fact, key)

    def becomes(self, doc: Doc, text: str = "payment", its_books: Books | None = None, **of_step: Any) -> Plan | Decision:
        """What is planned or decided about a step of a payment."""
        return self.plan(ACTIONS[text.partition("-")[0]], step(doc, text, **of_step), doc, its_books or chosen_books())

    def of_journal(self, settlement: Settlement, text: str = "payment", its_books: Books | None = None) -> Plan | Decision:
        """The same of a settlement by Journal Entry that a Payment Entry cannot make."""
        doc = {**payment_entry([], 0.0), "doctype": "Journal Entry", "name": settlement.name}
        one, its = step(doc, text), OF_SETTLEMENT[text.partition("-")[0]]
        own = LINKS.of([named(doc)]) | STEPS.of([named(doc)])
        known = self.facts(lambda facts: own | its.needs(one, doc, settlement, facts))
        return its.plan(one, doc, settlement, known, its_books or chosen_books())

    def own(self, doc: Doc, *texts: str, **more: Any) -> list[Step]:
        """Steps of a payment that are in the outbox."""
        return [self.step(doc, text, **more) for text in texts]


def chosen_books(**choices: Any) -> Books:
    """The books with what was chosen for deductions."""
    return books(**{"deductions": {FEES: chosen("Fee"), DISCOUNTS: chosen("Credit note", GST)}, "accounts": ACCOUNTS, **choices})


ACCOUNTS = {"Sales - KS": "200", FEES: "404", DISCOUNTS: "205", "Advances - KS": "835"}


def debt(name: str = "SINV-1", total: float = 115.0, **changes: Any) -> Doc:
    """An invoice as payments ask for it."""
    rows = {"outstanding_amount": 0.0, "party_account_currency": "NZD", "docstatus": 1}
    return {**sales_invoice([item(100.0)], [tax_row(15.0)], total, name=name), **rows, **changes}


def paying(*amounts: float, less: tuple[tuple[float, str], ...] = (), **changes: Any) -> Doc:
    """A receipt of these amounts for SINV-1, SINV-2 ..., `less` what was deducted (amount and account)."""
    rows = [reference(f"SINV-{number}", amount) for number, amount in enumerate(amounts, 1)]
    taken = [deduction(amount, account) for amount, account in less]
    money = sum(amounts) - sum(amount for amount, _ in less)
    return payment_entry(rows, money, deductions=taken, docstatus=1, party="Rata Builders", company="Kauri Services", taxes=[], **changes)


def open_in_xero(*due: tuple[str, str], status: str = "AUTHORISED") -> InXero:
    """Invoices as Xero shows them: (id, what is due)."""
    return InXero({("Invoices", xero_id): {"InvoiceID": xero_id, "Status": status, "AmountDue": amount} for xero_id, amount in due})


def sent(decision: Plan | Decision) -> Translation:
    """What is sent, where nothing in Xero has to be looked at before."""
    outcome = (decision.decide(InXero()) if isinstance(decision, Plan) else decision).outcome
    assert isinstance(outcome, Send), outcome
    return outcome.translation


def waits(decision: Plan | Decision) -> tuple[str, str]:
    """(what a step waits for, the code of the reason)."""
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Wait), decision
    outcome = decision.outcome
    on = outcome.on.role if isinstance(outcome.on, Ask) else outcome.on
    return str(on), outcome.problem.code if outcome.problem else ""


def held(decision: Plan | Decision) -> list[str]:
    """The codes of all that stands in the way."""
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold), decision
    return [problem.code for problem in decision.outcome.problems]


def over(decision: Plan | Decision) -> str:
    """The step that made this one superfluous."""
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Overtaken), decision
    return decision.outcome.by


def asked(decision: Decision) -> list[tuple[str, str]]:
    """(role, the role it waits for) of each further step of the same document."""
    return [(each.role, each.waits_for) for each in decision.effects if isinstance(each, Ask) and each.who is None]
