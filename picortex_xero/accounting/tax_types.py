"""Xero's tax types: the rate each puts on a document, where it may be used, and what speaks against mapping an ERPNext tax to it.

Read from the organisation's own TaxRates list (Xero's API: CanApplyTo..., Status, EffectiveRate). What that list does not say is in
tax_types.json, each with its source. Xero refuses a type on a wrong account class with error E057, and in a wrong direction with E058
(xero/errors.json).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from .called import tax_called
from .money import ZERO, decimal, plain
from .tax import charged_rates, deducts, is_fixed
from .terms import inside
from .texts import NONE, Text, _

CLASSES = {"ASSET": "Assets", "EQUITY": "Equity", "EXPENSE": "Expenses", "LIABILITY": "Liabilities", "REVENUE": "Revenue"}
# ERPNext's classes of accounts, as a tax mapping may name them, and Xero's.
HOST_CLASSES = {
    "Fixed Asset": "ASSET",
    "Asset": "ASSET",
    "Liability": "LIABILITY",
    "Equity": "EQUITY",
    "Income": "REVENUE",
    "Expense": "EXPENSE",
}
CAPITAL = "Fixed Asset"
# ERPNext's types of accounts that a purchase of an asset is booked on: at once, while it is under construction, or between receipt and bill.
CAPITAL_ACCOUNTS = (CAPITAL, "Capital Work in Progress", "Asset Received But Not Billed")


@dataclass(frozen=True)
class TaxType:
    """A Xero tax type and the organisation's rate for it (per cent); `rate` is None while it was never read from Xero.

    `classes` are the Xero account classes it may be used on (None: not known). `capital` is the direction ("Sales" or "Purchases") of a type
    for capital goods, "" for any other. `why` says which choice led to it; `name` is what Xero calls it.
    """

    code: str
    rate: Decimal | None
    shows_zero: bool = False
    active: bool = True
    classes: frozenset[str] | None = None
    capital: str = ""
    why: str = field(default="", compare=False)
    name: str = field(default="", compare=False)

    @property
    def called(self) -> str:
        """Its name in Xero and its code, as texts name it; the code alone where Xero's lists do not have it."""
        return tax_called(self.code, self.name)

    @property
    def known_as(self) -> str:
        """The same without the code, where a sentence has its rate in brackets."""
        return self.name or self.code

    @property
    def of_amounts(self) -> bool:
        """Whether it is only for lines that are an amount of tax themselves, on the tax account: tax on imports."""
        return self.classes == frozenset({"LIABILITY"})

    @property
    def shown(self) -> Decimal | None:
        """The rate (per cent) at which Xero puts tax on a document: 0 for types that are accounted for on both sides, as a reverse
        charge."""
        return ZERO if self.shows_zero else self.rate


def for_capital(types: Iterable[TaxType], direction: str, of_amounts: bool) -> list[TaxType]:
    """The active ones for capital goods; `of_amounts`: for the tax on their import."""
    return [each for each in types if each.active and each.capital == direction and each.of_amounts == of_amounts]


def listed(element: dict[str, Any]) -> TaxType:
    """A TaxType from an element of Xero's TaxRates list."""
    flags = [xero for xero, plural in CLASSES.items() if element.get(f"CanApplyTo{plural}")]
    return TaxType(
        element["TaxType"],
        decimal(element.get("EffectiveRate")),
        _among(element, "shows_zero"),
        usable(element),
        # Without any flag it is not known which accounts may use the type.
        frozenset(flags) or None,
        _capital(element),
        name=str(element.get("Name") or ""),
    )


def classes_of(account_type: str | None, root_type: str | None, xero_type: str = "") -> tuple[str, ...]:
    """The classes of an ERPNext account as tax mappings name them, the narrowest first. What a purchase of an asset is booked on counts as a
    fixed asset, and so does whatever is mapped to one of Xero's accounts of type FIXED."""
    capital = account_type in CAPITAL_ACCOUNTS or (xero_type == "FIXED" and account_type != "Accumulated Depreciation")
    found = (CAPITAL if capital else account_type, root_type)
    return tuple(dict.fromkeys(each for each in found if each and each in HOST_CLASSES))


def usable(element: dict[str, Any]) -> bool:
    """Whether documents may carry the type: it is active, and not one that Xero reserves for itself."""
    return element.get("Status") == "ACTIVE" and not _among(element, "unusable")


def direction(element: dict[str, Any]) -> str:
    """ "Sales" or "Purchases" for a type that belongs to one of them, "" for one that serves both."""
    sales, purchases = bool(element.get("CanApplyToRevenue")), bool(element.get("CanApplyToExpenses"))
    if sales != purchases:
        return "Sales" if sales else "Purchases"
    known = _facts()["directions"]["codes"].get(element["TaxType"]) if not sales else None
    return str(known["direction"]) if known else ""


def objection(element: dict[str, Any], wanted: str, key: str, account_class: str) -> Text:
    """Why an ERPNext tax (`key`) in the direction `wanted` cannot be mapped to this type; "" where it can.

    `account_class` is "" or one of HOST_CLASSES. A row for one class of accounts is checked against that class instead of the direction: a
    recharged cost is a sale on an expense account and takes the purchase type.
    """
    tax_type, name = listed(element), f"{element.get('Name') or ''} ({element['TaxType']})".strip()
    if not tax_type.active:
        return _("Xero does not take {name} on documents; choose another tax type").format(name=name)
    # An amount of tax stands on the tax account itself; its row for fixed assets is about what was imported.
    of_capital = is_fixed(key) and account_class == CAPITAL
    if account_class and not of_capital and tax_type.classes is not None and HOST_CLASSES[account_class] not in tax_type.classes:
        return _("Xero does not take {name} on {account_class} accounts; choose another tax type").format(
            name=name, account_class=inside(account_class)
        )
    belongs = direction(element)
    if (not account_class or of_capital) and belongs and belongs != wanted:
        return _("{name} is a tax type for {belongs}, this row is for {wanted}; choose another tax type").format(
            name=name, belongs=inside(belongs), wanted=inside(wanted)
        )
    return _rate_objection(tax_type, name, key)


def _rate_objection(tax_type: TaxType, name: str, key: str) -> Text:
    shown, rates = tax_type.shown or ZERO, charged_rates(key)
    if is_fixed(key) or deducts(key):
        return (
            _('{name} puts {shown} % on the document, "{key}" adds none; choose a tax type that shows no tax').format(
                name=name, shown=f"{plain(shown):f}", key=key
            )
            if shown
            else NONE
        )
    if rates and not shown:
        # Xero's default US rates are 0 %: sales tax has to be mapped to a rate that the organisation made (Xero's API, "TaxRates").
        return _("""{name} puts no tax on a document, "{key}" is {rates} %; choose the organisation's own rate for it""").format(
            name=name, key=key, rates=f"{plain(sum(rates, ZERO)):f}"
        )
    # Only a single rate can be compared here, since two may be compounded; each document's tax is compared in any case.
    if len(rates) < 2 and shown != sum(rates, ZERO):
        return _('{name} is {shown} %, "{key}" is {rates} %; choose the tax type with the same rate').format(
            name=name, shown=f"{plain(shown):f}", key=key, rates=f"{plain(sum(rates, ZERO)):f}"
        )
    return NONE


def _capital(element: dict[str, Any]) -> str:
    facts = _facts()["capital"]
    known = facts["codes"].get(element["TaxType"]) or facts["report_types"].get(element.get("ReportTaxType"))
    return str(known["direction"]) if known else ""


def _among(element: dict[str, Any], fact: str) -> bool:
    facts = _facts()[fact]
    return element["TaxType"] in facts["codes"] or element.get("ReportTaxType") in facts["report_types"]


@cache
def _facts() -> dict[str, Any]:
    return dict(json.loads(files(__package__).joinpath("tax_types.json").read_text()))
