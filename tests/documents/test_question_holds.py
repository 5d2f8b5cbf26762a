"""A rule of Xero that a Demo Company has shown to be otherwise holds exactly what stands on it: of every kind of request, with every other kind
let through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.questions import RULES
from picortex_xero.accounting.xero_now import XeroNow
from picortex_xero.documents.base import Books, InXero, Plan
from picortex_xero.documents.decisions import Decision, Hold, Send
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.role import role
from picortex_xero.documents.step import Step
from picortex_xero.documents.still_in_xero import checked
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import KINDS

BOOKS = Books("c", "Kauri Supplies", Mapping("NZD", "AUTHORISED"), "https://erp.example", "i", "2026-01-01")
# An element that stands on the rule; what is not named is any.
CONCERNED: dict[str, dict[str, Any]] = {
    "a_line_may_carry_a_tax_amount_that_is_a_cent_off": {"LineItems": [{"TaxAmount": "1.51"}]},
    "a_bill_keeps_its_url_and_its_number_may_repeat": {"Type": "ACCPAY"},
    "a_credit_note_is_paid_back_by_a_payment": {"CreditNote": {"CreditNoteID": "n"}},
    "the_number_of_a_voided_invoice_is_burned": {"Type": "ACCREC"},
    "a_manual_journal_takes_tax_from_its_lines": {"LineAmountTypes": "Exclusive"},
    "a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero": {"LineItems": [{"TaxType": "REVERSECHARGES"}]},
    "tax_on_imports_is_a_line_on_the_tax_account": {"LineItems": [{"TaxType": "GSTONIMPORTS"}]},
}
# Of the same kinds, what does not.
APART: dict[str, dict[str, Any]] = {
    "a_line_may_carry_a_tax_amount_that_is_a_cent_off": {"LineItems": [{"TaxType": "OUTPUT2"}]},
    "a_bill_keeps_its_url_and_its_number_may_repeat": {"Type": "ACCREC"},
    "a_credit_note_is_paid_back_by_a_payment": {"Invoice": {"InvoiceID": "i"}},
    "the_number_of_a_voided_invoice_is_burned": {"Type": "ACCPAY"},
    "a_manual_journal_takes_tax_from_its_lines": {"LineAmountTypes": "NoTax"},
    "a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero": {"LineItems": [{"TaxType": "INPUT2"}]},
    "tax_on_imports_is_a_line_on_the_tax_account": {"LineItems": [{"TaxType": "INPUT2"}]},
}

STEP = Step("s", Identity("Sales Invoice", "SI-1", "2026-10-05 09:00:00"), role("invoice"), 1, "Pending")


def held(kind: str, body: dict[str, Any], *differing: str) -> bool:
    now = replace(BOOKS, mapping=replace(BOOKS.mapping, now=XeroNow(differing=frozenset(differing))))
    plan = Plan(STEP, {}, KINDS[kind], frozenset())
    decided = checked(plan, Decision(Send(Translation(body, {}))), now, InXero())
    if not isinstance(decided.outcome, Hold):
        return False
    assert [each.causes[0].key for each in decided.outcome.problems] == list(differing)
    return True


@pytest.mark.parametrize("name", RULES)
def test_exactly_the_kinds_of_a_rule_are_held(name: str) -> None:
    body = CONCERNED.get(name, {})
    assert {kind for kind in KINDS if held(kind, body, name)} == {*RULES[name].kinds}
    assert not any(held(kind, body) for kind in KINDS)


@pytest.mark.parametrize("name", APART)
def test_of_a_kind_only_what_stands_on_the_rule_is_held(name: str) -> None:
    assert not any(held(kind, APART[name], name) for kind in KINDS)
