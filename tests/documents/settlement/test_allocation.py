"""Credit that a journal applies to an invoice, in the party account's currency: of a foreign invoice it is converted, without leaving a
cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.base import InXero, Owner
from picortex_xero.documents.decisions import Adopt, Send, done
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.settlement.allocation import CreditTaken, allocate_credit, needs_of_allocation
from picortex_xero.documents.step import Link
from tests.documents.invoice.scene import Scene, named, step
from tests.scene.documents import item, sales_invoice, tax_row

D = Decimal
JOURNAL = {"doctype": "Journal Entry", "name": "JV-1", "creation": "2026-02-01 10:00:00", "posting_date": "2026-02-01"}


def foreign(name: str, outstanding: float) -> dict[str, Any]:
    made = sales_invoice([item(100.0)], [tax_row(15.0)], 115.0, currency="AUD", conversion_rate=1.0876)
    return {**made, "name": name, "outstanding_amount": outstanding, "party_account_currency": "NZD"}


def used(outstanding: float, amount: str) -> CreditTaken:
    invoice, credit = foreign("SINV-9", outstanding), foreign("RET-9", 50.0)
    scene = Scene(invoice, credit)
    scene.link(invoice, "invoice", "i1", "Invoices")
    scene.link(credit, "credit", "n1", "CreditNotes")
    one = step(JOURNAL, "journal")
    facts = scene.facts(lambda known: needs_of_allocation(one, named(credit), named(invoice), known))
    plan = allocate_credit(one, JOURNAL, named(credit), named(invoice), D(amount), facts)
    assert isinstance(plan, CreditTaken)
    return plan


@pytest.mark.parametrize(
    ("outstanding", "amount", "left", "allocated"),
    [
        # 125.07 company currency at 1.0876 are 115.00; the invoice is settled by it, and Xero has two cents less.
        (0.0, "125.07", "114.98", "114.98"),
        (0.0, "125.07", "115.00", "115.00"),
        # Something stays open here: what was converted is what goes.
        (20.0, "54.38", "114.98", "50.00"),
    ],
)
def test_what_a_journal_uses_is_converted_at_the_invoices_rate(outstanding: float, amount: str, left: str, allocated: str) -> None:
    plan = used(outstanding, amount)
    shown = InXero(
        {
            ("CreditNotes", "n1"): {"Status": "AUTHORISED", "RemainingCredit": "115.00"},
            ("Invoices", "i1"): {"Status": "AUTHORISED", "AmountDue": left},
        }
    )
    outcome = plan.decide(shown).outcome
    assert isinstance(outcome, Send) and outcome.translation.body["Amount"] == D(allocated)
    assert outcome.translation.body["Date"] == "2026-02-01"


def test_one_that_a_person_has_made_in_xero_is_linked_and_not_made_again() -> None:
    plan = used(20.0, "54.38")
    there = {"AllocationID": "a1", "Amount": "50.00", "Invoice": {"InvoiceID": "I1"}}
    records: dict[tuple[str, str], Any] = {
        ("CreditNotes", "n1"): {"Status": "AUTHORISED", "RemainingCredit": "65.00", "Allocations": [there, {**there, "Amount": "1.00"}]},
        ("Invoices", "i1"): {"Status": "AUTHORISED", "AmountDue": "65.00"},
    }
    place = ("CreditNotes/n1/Allocations", "a1")
    assert plan.whose(InXero(records)) == frozenset({place})
    decided = plan.decide(InXero(records))
    assert decided == done(Adopt("journal", 1, 1, *place, marker={"InvoiceID": "i1", "Amount": "50.00"}))
    # Another document's is another one.
    owner = Owner(Link("link", Identity("Journal Entry", "JV-0", "2026-01-01 00:00:00"), "journal", 1, 1, *place), True, False)
    assert isinstance(plan.decide(InXero(records, owners={place: [owner]})).outcome, Send)
