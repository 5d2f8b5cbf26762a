"""What an admin and an accountant of a New Zealand company would have chosen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from picortex_xero.accounting.mapping import DeductionChoice, Mapping, PaymentAccount
from picortex_xero.accounting.tax_types import TaxType

GST, INPUT, ZERO_RATED, NONE = (
    TaxType("OUTPUT2", Decimal(15)),
    TaxType("INPUT2", Decimal(15)),
    TaxType("ZERORATED", Decimal(0)),
    TaxType("NONE", Decimal(0)),
)


def mapping(**changes: Any) -> Mapping:
    """Everything the documents of `scene.documents` need."""
    choices: dict[str, Any] = {
        "accounts": {"Sales - KS": "200", "Cost - KS": "310", "Freight - KS": "260", "Withholding - KS": "825"},
        "taxes": {
            ("Sales", "GST - KS @ 15", ""): GST,
            ("Purchases", "GST - KS @ 15", ""): INPUT,
            ("Sales", "GST - KS @ 0", "Export - KS"): ZERO_RATED,
            ("Sales", "No tax", ""): NONE,
            ("Purchases", "No tax", ""): NONE,
        },
        "tracking": {"North - KS": ("Branch", "North")},
        "payment_accounts": {
            "Bank - KS": PaymentAccount("bank-nzd", "NZD"),
            "Bank USD - KS": PaymentAccount("bank-usd", "USD"),
        },
        "rounding_account": "860",
        "no_tax_type": "NONE",
    }
    return Mapping("NZD", "AUTHORISED", **{**choices, **changes})


def chosen(treatment: str, tax_type: TaxType = NONE, **changes: Any) -> DeductionChoice:
    """What an accountant chose for the account of a deduction."""
    clearing = PaymentAccount("fees-clearing", "") if treatment == "Fee" else None
    return DeductionChoice(treatment, tax_type, **{"clearing": clearing, "row": "map-1", **changes})


def with_taxes(*rows: tuple[str, str, str, TaxType], **changes: Any) -> Mapping:
    """The usual choices and these tax rows (direction, tax key, item tax template, tax type), with a code for the tax account itself."""
    more = {(direction, key, template): tax_type for direction, key, template, tax_type in rows}
    accounts = {**mapping().accounts, "GST - KS": "820", "Plant - KS": "710"}
    return mapping(**{"taxes": {**mapping().taxes, **more}, "accounts": accounts, **changes})
