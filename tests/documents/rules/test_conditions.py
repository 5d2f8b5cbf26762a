"""Conditions compare by type, and never fail."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.accounting.texts import _
from picortex_xero.documents.rules.conditions import Condition, objection
from picortex_xero.documents.rules.fields import AMOUNT, CHECK, DATE, NUMBER, TEXT
from tests.documents.rules.scene import condition, rule

SALE = {
    "doctype": "Sales Invoice",
    "name": "SINV-1",
    "customer": "Rata Ltd",
    "customer_group": "Retail",
    "territory": None,
    "base_grand_total": 115.0,
    "posting_date": "2026-11-03",
    "due": None,
    "is_pos": 0,
    "cost_center": "Main - KS",
    "items": [{"cost_center": "Shop - KS", "project": "P-1"}, {"cost_center": "Main - KS", "project": None}],
}
REFUND = {**SALE, "base_grand_total": -115.0, "is_return": 1}
PAID = {
    "doctype": "Payment Entry",
    "name": "PE-1",
    "party_type": "Supplier",
    "party": "Totara",
    "base_received_amount": 0,
    "base_paid_amount": 20.5,
}
ENTRY = {
    "doctype": "Journal Entry",
    "name": "JV-1",
    "total_debit": 50,
    "accounts": [{"party_type": "Customer", "party": "Rata Ltd", "cost_center": "Shop - KS"}, {"party_type": None, "party": None}],
}
GROUPS = {("Supplier", "Totara"): {"supplier_group": "Local"}, ("Customer", "Rata Ltd"): {"customer_group": "Retail", "territory": "NZ"}}


@pytest.mark.parametrize(
    ("doc", "field", "operator", "value", "holds", "more"),
    [
        (SALE, AMOUNT, ">", "100", True, {}),
        (SALE, AMOUNT, "=", "115.00", True, {}),
        (SALE, AMOUNT, ">=", "115.01", False, {}),
        (REFUND, AMOUNT, ">", "100", True, {}),
        (PAID, AMOUNT, "<=", "20.5", True, {}),
        (ENTRY, AMOUNT, "!=", "50.0", False, {}),
        (SALE, AMOUNT, "in", "1\n115", True, {}),
        (SALE, "customer", "=", " rata ltd ", True, {}),
        (SALE, "customer", "in", "Smith, Jones & Co\nRata Ltd", True, {}),
        (SALE, "customer", "in", "Smith, Rata Ltd", False, {}),
        (SALE, "customer", "contains", "RATA", True, {}),
        (SALE, "territory", "is set", "", True, {}),
        (SALE, "territory", "!=", "NZ", False, {}),
        ({**SALE, "customer": "New"}, "territory", "!=", "NZ", True, {}),
        (ENTRY, "customer", "=", "Rata Ltd", True, {}),
        (ENTRY, "territory", "=", "NZ", True, {}),
        (PAID, "supplier_group", "is or is below", "All", True, {"below": frozenset({"All", "Local"})}),
        (PAID, "customer_group", "is not set", "", True, {}),
        (SALE, "cost_center", "=", "Shop - KS", True, {}),
        (SALE, "cost_center", "not in", "Shop - KS\nElse", False, {}),
        (SALE, "project", "=", "P-1", True, {}),
        (SALE, "project", "is not set", "", False, {}),
        (SALE, "posting_date", "<", "2026-11-04", True, {"type": DATE}),
        (SALE, "due", "<", "2026-11-04", False, {"type": DATE}),
        (SALE, "is_pos", "=", "No", True, {"type": CHECK}),
        (SALE, "is_pos", "=", "1", False, {"type": CHECK}),
        ({**SALE, "is_pos": None}, "is_pos", "=", "0", True, {"type": CHECK}),
        (SALE, "discount", "=", "0", True, {"type": NUMBER}),
        (SALE, "discount", "is set", "", False, {"type": NUMBER}),
        # What a document should never hold.
        ({**SALE, "discount": "NaN"}, "discount", "<", "5", False, {"type": NUMBER}),
        ({**SALE, "discount": "1; DROP"}, "discount", "=", "0", False, {"type": NUMBER}),
        ({**SALE, "posting_date": "0000-00-00"}, "posting_date", "<", "2026-01-01", False, {"type": DATE}),
        ({**SALE, "customer": {"x": 1}}, "customer", "=", "x", False, {}),
    ],
)
def test_values_are_compared_by_type(doc: Any, field: str, operator: str, value: str, holds: bool, more: dict[str, Any]) -> None:
    assert condition(field, operator, value, **more).holds(doc, GROUPS) is holds


@pytest.mark.parametrize(
    ("type_", "operator", "value", "fine"),
    [
        (NUMBER, ">", "10", True),
        (NUMBER, ">", "ten", False),
        (NUMBER, ">", "inf", False),
        (NUMBER, "contains", "1", False),
        (DATE, "<", "2026-02-30", False),
        (DATE, "<", "2026-02-28", True),
        (CHECK, "=", "perhaps", False),
        (CHECK, "=", "no", True),
        (TEXT, ">", "a", False),
        (TEXT, "in", " \n ", False),
        (TEXT, "=", "", False),
        (TEXT, "is set", "", True),
        (TEXT, "is or is below", "All", False),
        (TEXT, "unheard of", "All", False),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(type_: str, operator: str, value: str, fine: bool) -> None:
    assert (objection("total", type_, operator, value, False) == "") is fine


def test_a_field_of_a_tree_takes_what_is_below() -> None:
    assert objection("territory", TEXT, "is or is below", "All", True) == ""


def test_alternatives_are_joined_by_or_and_what_is_broken_is_unknown_only_where_it_matters() -> None:
    yes, no = condition(AMOUNT, ">", "1"), condition(AMOUNT, "<", "1")
    broken = Condition("gone", "=", "x", broken=_("Sales Invoice has no field gone"))
    for alternatives, matches in [
        ([[yes]], True),
        ([[yes, no]], False),
        ([[yes, no], [yes]], True),
        ([[broken]], None),
        ([[broken, no]], False),
        ([[broken, yes]], None),
        ([[broken, yes], [yes]], True),
        ([[]], True),
    ]:
        assert rule("R", "Skip", *alternatives).matches(SALE, {}) is matches, alternatives
