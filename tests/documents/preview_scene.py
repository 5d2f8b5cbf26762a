"""All that a preview may ask for: an invoice, its customer, payments and journals, and what Xero has of them."""

from __future__ import annotations

import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from picortex_xero.documents.base import Books, Doc
from picortex_xero.documents.fact_types import (
    CONTACT,
    COUNTER_SALES,
    PRIVATE,
    SETTLED_BEFORE,
    SETTLED_BY,
    Contact,
)
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.journal_entry.read_journal import ACCOUNT, EXCHANGE_ACCOUNT, XEROS_OWN
from picortex_xero.documents.needs import Facts, Needs
from picortex_xero.documents.preview import Previewed, preview
from picortex_xero.xero.records.registry import taken_off
from tests.documents.invoice.scene import CREATED
from tests.documents.settlement.scene import CUSTOMER, PaymentScene, chosen_books
from tests.scene.documents import item, sales_invoice, tax_row

D = Decimal
PLAIN = {
    "docstatus": 1,
    "company": "Kauri Services",
    "base_grand_total": 115.0,
    "outstanding_amount": 115.0,
    "party_account_currency": "NZD",
}
INVOICE = sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, **PLAIN)
RATA = {"doctype": "Customer", "name": "Rata Builders", "customer_name": "Rata Builders", "creation": CREATED, "docstatus": 0}
MAP_ROW = {"doctype": "Xero Deduction Mapping", "name": "map-1", "contact_name": "The bank", "creation": CREATED, "docstatus": 0}


class PreviewScene(PaymentScene):
    """All that a preview may ask for. It counts how often facts are loaded."""

    def __init__(self, *documents: Doc, debts: tuple[Doc, ...] = ()) -> None:
        super().__init__(*documents, RATA, MAP_ROW, debts=debts)
        for number, each in enumerate(debts):
            self.links[number] = replace(self.links[number], total=abs(D(str(each["grand_total"]))), status="AUTHORISED")
        self.private: dict[Any, str] = {}
        self.settled_before = D(0)
        self.loads = 0

    def _answer(self, fact: Any, key: Any) -> Any:
        further = {
            PRIVATE: lambda: self.private.get(key, ""),
            SETTLED_BEFORE: lambda: self.settled_before,
            COUNTER_SALES: lambda: 0,
            ACCOUNT: lambda: {"root_type": "Expense"},
            EXCHANGE_ACCOUNT: lambda: "Exchange - KS",
            XEROS_OWN: lambda: False,
            SETTLED_BY: lambda: [each for each in self.links if taken_off(each.endpoint, each.marker, key)],
            CONTACT: lambda: self.contacts.get(key, Contact(Identity(*key, CREATED), key[1])),
        }
        return further[fact]() if fact in further else super()._answer(fact, key)

    def load(self, needs: Needs, facts: Facts) -> None:
        """What a loader in the engine does."""
        self.loads += 1
        for fact, key in facts.missing(needs):
            facts.add(fact, {key: self._answer(fact, key)})

    def preview(self, doc: Doc, its_books: Books | None = None) -> list[Previewed]:
        """The preview of a document; what was put into the scene is the same after it."""
        before = copy.deepcopy((self.documents, self.links, self.steps, self.contacts))
        found = preview(doc, its_books or chosen_books(), self.load)
        assert (self.documents, self.links, self.steps, self.contacts) == before
        return found


def scene_of(doc: Doc, *debts: Doc, contact: bool = True) -> PreviewScene:
    scene = PreviewScene(doc, debts=debts)
    if contact:
        scene.contact(*CUSTOMER)
    return scene
