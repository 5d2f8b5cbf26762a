"""A scene for cancelled and changed documents: invoices, payments and journals, refunds, renamings, and what Xero shows of them.

A decision gets only those facts that it has said it needs, in two waves; what it asks after it has seen Xero's records comes last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from picortex_xero.documents import registry
from picortex_xero.documents.base import Books, Doc, InXero, Owner, Plan
from picortex_xero.documents.decisions import Decision
from picortex_xero.documents.fact_types import LINKS, PAYING_BACK, PAYS_BACK, STEPS, Named
from picortex_xero.documents.fingerprint import VERSION
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.journal_entry.read_journal import ACCOUNT, EXCHANGE_ACCOUNT, XEROS_OWN
from picortex_xero.documents.needs import Facts
from picortex_xero.documents.step import Link, Step
from picortex_xero.documents.unchanged import RENAMINGS, Renaming
from tests.documents.invoice import scene as invoices
from tests.documents.invoice.scene import books, named, step, who
from tests.scene.documents import bill, deduction, item, payment_entry, reference, sales_invoice, tax_row

__all__ = ["BILL", "CANCELLED", "INVOICE", "JOURNAL", "PAID", "Scene", "books", "deduction", "named", "step", "who"]
INVOICE = {**sales_invoice([item(100.0)], [tax_row(15.0)], 115.0), "docstatus": 1, "outstanding_amount": 0.0}
CANCELLED = {**INVOICE, "docstatus": 2}
BILL = {**bill([item(100.0)], [], 100.0), "docstatus": 1, "outstanding_amount": 0.0}
PAID = {**payment_entry([reference("SINV-1", 115.0)], 115.0), "docstatus": 1, "company": "Kauri Services"}
JOURNAL = {
    "doctype": "Journal Entry",
    "name": "JV-1",
    "creation": "2026-11-01 09:00:00.000000",
    "docstatus": 1,
    "company": "Kauri Services",
    "posting_date": "2026-11-01",
    "voucher_type": "Journal Entry",
    "accounts": [
        {"account": "Cost - KS", "debit": 50.0, "credit": 0.0, "debit_in_account_currency": 50.0, "credit_in_account_currency": 0.0},
        {"account": "Sales - KS", "debit": 0.0, "credit": 50.0, "debit_in_account_currency": 0.0, "credit_in_account_currency": 50.0},
    ],
}


class Scene(invoices.Scene):
    """Also refunds, renamings and accounts."""

    def __init__(self, *documents: Doc) -> None:
        super().__init__(*documents)
        self.paid_back: dict[Named, list[Doc]] = {}
        self.paying_back: dict[str, list[Identity]] = {}
        self.renamings: list[Renaming] = []
        self.accounts: dict[str, Doc] = {}
        self.xeros_own: set[str] = set()

    def link(self, doc: Doc, part: str, xero_id: str, endpoint: str, number: int = 1, revision: int = 1, **more: Any) -> Link:
        """A record in Xero whose fingerprint today's formula made."""
        return super().link(doc, part, xero_id, endpoint, number, revision, **{"fingerprint_version": VERSION, **more})

    def _answer(self, fact: Any, key: Any) -> Any:
        further = {
            PAYS_BACK: self.paid_back.get(key, []),
            PAYING_BACK: self.paying_back.get(key, []),
            RENAMINGS: self.renamings,
            ACCOUNT: self.accounts.get(key, {}),
            EXCHANGE_ACCOUNT: "Exchange - KS",
            XEROS_OWN: key in self.xeros_own,
        }
        return further[fact] if fact in further else super()._answer(fact, key)

    def decided(self, doc: Doc, text: str, its_books: Books | None = None, **more: Any) -> Plan | Decision:
        """What becomes of a step of a document."""
        return self.of(step(doc, text, **more), doc, its_books)

    def of(self, one: Step, doc: Doc, its_books: Books | None = None) -> Plan | Decision:
        """The same of a step that is made already, and is in the outbox; LINKS and STEPS of the document itself are there for every step."""
        action = registry.action(one, doc)
        assert action is not None
        own = LINKS.of([named(doc)]) | STEPS.of([named(doc)])
        self.steps.append(one)
        facts = self.facts(lambda known: own | action.needs(one, doc, known, its_books or books()))
        self.steps.remove(one)
        return action.plan(one, doc, facts, its_books or books())

    def seen(self, plan: Plan | Decision, *shown: dict[str, Any] | None) -> Decision:
        """The decision once Xero shows these records, in the order in which the plan asks for them."""
        assert isinstance(plan, Plan), plan
        places = sorted(plan.reads().records)
        assert len(places) == len(shown), places
        in_xero = InXero(records=dict(zip(places, shown)))
        owned = {
            place: [Owner(link, True) for link in self.links if (link.endpoint, link.xero_id) == place] for place in plan.whose(in_xero)
        }
        in_xero = replace(in_xero, owners=owned)
        needs = plan.needs(in_xero)
        return plan.decide(replace(in_xero, facts=self.facts(lambda known: needs) if needs else Facts()))
