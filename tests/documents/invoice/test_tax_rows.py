"""Of the rows of "Taxes and Charges" only tax is compared with Xero's tax."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.invoice.tax_rows import tax_in

MAPPING = Mapping(
    base_currency="NZD",
    target_status="AUTHORISED",
    accounts={"Freight": "425"},
    taxes={("Sales", "GST @ 15", ""): TaxType("OUTPUT2", D(15))},
)


def row(account: str, amount: float, **fields: Any) -> dict[str, Any]:
    """A row on the net total unless `fields` say else."""
    return {"account_head": account, "charge_type": "On Net Total", "tax_amount_after_discount_amount": amount, **fields}


GST, DUTY = row("GST", 15.0), row("GST", 20.0, charge_type="Actual")


@pytest.mark.parametrize(
    ("rows", "there", "tax"),
    [
        ([GST, row("Freight", 20.0, charge_type="Actual")], D(15), D(15)),
        ([GST, row("Freight", 10.0)], D(15), D(15)),
        ([GST, row("Withheld", -10.0, is_tax_withholding_account=1)], D(15), D(15)),
        ([GST, row("GST", 5.0, category="Valuation")], D(15), D(15)),
        # An amount of tax: counted where Xero counts it, on a line of its own where it does not; a real difference stays one.
        ([GST, DUTY], D(35), D(35)),
        ([GST, DUTY], D(15), D(15)),
        ([GST, DUTY], D(16), D(35)),
        ([GST], None, D(15)),
    ],
)
def test_freight_and_what_is_withheld_are_no_tax(rows: list[dict[str, Any]], there: D | None, tax: D) -> None:
    doc = {"doctype": "Sales Invoice", "taxes": rows, "total_taxes_and_charges": 99.0}
    assert tax_in(doc, MAPPING, there) == tax


def test_the_tax_of_an_opening_document_was_filed_before() -> None:
    assert tax_in({"doctype": "Sales Invoice", "taxes": [GST], "is_opening": "Yes"}, MAPPING, D(0)) is None
    assert tax_in({"doctype": "Payment Entry", "total_taxes_and_charges": 3.0}, MAPPING, None) == D(3)
    assert tax_in({"doctype": "Journal Entry"}, MAPPING, None) is None
