"""What fills the fields of a connection: only what Xero keeps for the purpose is beyond doubt."""

from __future__ import annotations

from picortex_xero.suggestions.defaults import suggest
from picortex_xero.suggestions.values import Nothing, Suggestion, XeroAccount

ROUNDING = XeroAccount("860", "Rounding", "CURRLIAB", "LIABILITY", system_account="ROUNDING")
SALES = XeroAccount("200", "Sales", "REVENUE", "REVENUE")
BANK = XeroAccount("090", "Bank", "BANK", "ASSET", currency="NZD", account_id="b-1")
PREPAID = XeroAccount("620", "Prepayments", "PREPAYMENT", "ASSET")
NONE = {"TaxType": "NONE", "Name": "No GST", "Status": "ACTIVE", "EffectiveRate": 0}


def test_rounding_and_lines_without_tax_are_xeros_own() -> None:
    found = suggest([ROUNDING, SALES], [NONE], "NZ", "NZD")
    assert [(found[field].target, found[field].band) for field in ("rounding_account", "no_tax_type")] == [
        ("860", "High"),
        ("NONE", "High"),
    ]  # type: ignore[union-attr]
    outside = {**NONE, "TaxType": "BASEXCLUDED"}
    assert suggest([], [NONE, outside], "AU", "AUD")["no_tax_type"] == Suggestion("BASEXCLUDED", 98, found["no_tax_type"].reason)
    assert isinstance(suggest([], [{**NONE, "Status": "DELETED"}], "NZ", "NZD")["no_tax_type"], Nothing)
    assert isinstance(suggest([], [], "NZ", "NZD")["rounding_account"], Nothing)


def test_what_every_account_would_get_is_never_beyond_doubt() -> None:
    found = suggest([ROUNDING, SALES, BANK, PREPAID], [NONE], "NZ", "NZD")
    assert [(field, each.target) for field, each in found.items() if isinstance(each, Suggestion) and each.band != "High"] == [
        ("default_sales_account", "200"),
        ("default_payment_account", "b-1"),
        ("advance_account_purchases", "620"),
    ]
    two = XeroAccount("091", "Savings", "BANK", "ASSET", account_id="b-2")
    assert isinstance(suggest([BANK, two], [], "NZ", "NZD")["default_payment_account"], Nothing)
    assert isinstance(suggest([SALES, XeroAccount("201", "Sales", "SALES", "REVENUE")], [], "NZ", "NZD")["default_sales_account"], Nothing)
