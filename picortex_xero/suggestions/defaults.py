"""What the fields of a connection may be filled with that stand for the whole company: rounding, lines without tax, defaults, advances, clearing.

HIGH only for what Xero itself keeps for the purpose. What every account without a mapping of its own would get is a person's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..accounting import tax_types
from ..accounting.texts import Text, _
from . import accounts as by_meaning
from .values import ACTIVE, BANK, Answer, HostAccount, Nothing, Suggestion, XeroAccount
from .words import plain

OWN, FITS = 98, 70
# Xero's tax types for what is outside every return (its API, "TaxRates").
OUTSIDE = {"AU": "BASEXCLUDED"}
NO_TAX = "NONE"
ASK: Text = _("Leave it empty to be asked for each account instead")


def suggest(accounts: Iterable[XeroAccount], rates: Iterable[Mapping[str, Any]], country: str, base_currency: str) -> dict[str, Answer]:
    """By the field of the Xero Connection: an account's code (of payments and clearing its id), or a tax type; or why nothing is suggested."""
    active = [each for each in accounts if each.status == ACTIVE]
    return {
        "rounding_account": _rounding(active),
        "no_tax_type": _untaxed(rates, country),
        "default_sales_account": _sales(active),
        "default_purchase_account": Nothing(ASK),
        "default_payment_account": _bank(active, base_currency),
        "advance_account_sales": _advances(active, "Customer Deposits", "Liability"),
        "advance_account_purchases": _advances(active, "Prepayments", "Asset"),
        "clearing_account": Nothing(_("Needed only where money changes its currency")),
    }


def _rounding(active: list[XeroAccount]) -> Answer:
    found = [each for each in active if each.system_account == "ROUNDING" and each.code]
    return (
        Suggestion(found[0].code, OWN, _("Xero's own account for rounding")) if found else Nothing(_("Xero shows no account for rounding"))
    )


def _untaxed(rates: Iterable[Mapping[str, Any]], country: str) -> Answer:
    wanted = OUTSIDE.get(country, NO_TAX)
    found = next((each for each in rates if each.get("TaxType") == wanted and tax_types.usable(dict(each))), None)
    if not found:
        return Nothing(_("Xero has no tax type {code} that could be used").format(code=wanted))
    return Suggestion(wanted, OWN, _("{name} is outside every tax return").format(name=str(found.get("Name") or wanted)))


def _sales(active: list[XeroAccount]) -> Answer:
    named = [each for each in active if each.account_class == "REVENUE" and plain(each.name).strip() == "sales" and each.code]
    return Suggestion(named[0].code, FITS, ASK) if len(named) == 1 else Nothing(ASK)


def _bank(active: list[XeroAccount], base_currency: str) -> Answer:
    banks = [each for each in active if each.type == BANK and (each.currency or base_currency) == base_currency and each.account_id]
    if len(banks) == 1:
        return Suggestion(banks[0].account_id, FITS, _("The only bank account in {currency}").format(currency=base_currency))
    return Nothing(_("Needed only for bank accounts without a mapping of their own"))


def _advances(active: list[XeroAccount], name: str, root_type: str) -> Answer:
    answer = by_meaning.suggest([HostAccount(name, root_type=root_type)], active)[name]
    if isinstance(answer, Suggestion):
        return Suggestion(answer.target, min(answer.points, FITS), answer.reason)
    return Nothing(_("Needed only where advances are paid for orders, or with tax of their own"))
