"""What Xero's lists say now, as far as it speaks against what was chosen once: accounts and tracking options that are gone, tax rates that
were changed, tax types that Xero taxed otherwise than was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .money import decimal, half_up
from .tax import charged_rates, deducts, is_fixed
from .tax_types import TaxType

ACTIVE = "ACTIVE"
# Decimals of the rates in Xero's list (its API, "TaxRates").
RATE_DECIMALS = 4


@dataclass(frozen=True)
class RateChange:
    """A tax type whose rate in Xero is not the one with which the ERPNext tax `key` was mapped to it (per cent)."""

    key: str
    was: Decimal
    now: Decimal


@dataclass(frozen=True)
class OtherParts:
    """A tax type whose parts in Xero are others than those of the ERPNext tax `key` that is mapped to it (rates in per cent, ascending)."""

    key: str
    here: tuple[Decimal, ...]
    there: tuple[Decimal, ...]


@dataclass(frozen=True)
class XeroNow:
    """Empty while the lists were never read (`read`). Accounts by code are (id, status), `statuses` are by id; tracking options have their
    id by (category, option), "" where it is not known. `stopped` names by tax type a document whose tax Xero has otherwise. `currencies` are
    those that are switched on in Xero; None where they were never read. `banks` are the ids of bank accounts, `paid` of the others that payments
    may be made to. `differing`: the questions that a Demo Company has answered otherwise than the app relies on
    (accounting/questions)."""

    read: bool = False
    accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)
    changed: Mapping[str, RateChange | OtherParts] = field(default_factory=dict)
    stopped: Mapping[str, str] = field(default_factory=dict)
    currencies: frozenset[str] | None = None
    differing: frozenset[str] = frozenset()
    banks: frozenset[str] = frozenset()
    paid: frozenset[str] = frozenset()


def listed(
    lists: Mapping[str, list[dict[str, Any]]],
    changed: Mapping[str, RateChange | OtherParts] | None = None,
    stopped: Mapping[str, str] | None = None,
    differing: frozenset[str] = frozenset(),
) -> XeroNow:
    """What stored lists say. Lists that a former release stored have no ids of options, and no currencies."""
    options = {
        (category["Name"], option): (category.get("OptionIDs") or {}).get(option, "")
        for category in lists["tracking"]
        for option in category["Options"]
    }
    return XeroNow(
        True,
        {each["Code"]: (each["AccountID"], each["Status"]) for each in lists["accounts"] if each["Code"]},
        {each["AccountID"]: each["Status"] for each in lists["accounts"]},
        options,
        changed or {},
        stopped or {},
        frozenset(str(code) for code in lists["currencies"]) if "currencies" in lists else None,
        differing,
        frozenset(each["AccountID"] for each in lists["accounts"] if each.get("Type") == "BANK"),
        frozenset(each["AccountID"] for each in lists["accounts"] if each.get("Type") != "BANK" and each.get("EnablePaymentsToAccount")),
    )


def rate_change(key: str, tax_type: TaxType, agreed: Any) -> RateChange | None:
    """How the rate of a tax type changed since the ERPNext tax `key` was mapped to it; None where it did not, or where that is not known.
    Of a tax of one rate that rate counts, else the one that was kept then (`agreed`, per cent; None where it was not)."""
    rates = [] if is_fixed(key) or deducts(key) else charged_rates(key)
    kept = rates[0] if len(rates) == 1 else agreed
    if tax_type.rate is None or kept is None or (len(rates) > 1 and not kept):
        return None
    was, now = half_up(decimal(kept), RATE_DECIMALS), half_up(tax_type.rate, RATE_DECIMALS)
    return None if was == now else RateChange(key, was, now)


def other_parts(key: str, components: list[dict[str, Any]]) -> OtherParts | None:
    """Where a tax of several parts is mapped to a rate of as many parts that are other ones: the sum may agree, and each authority is told
    another tax. None where they agree or cannot be compared (one rate may stand for several)."""
    if is_fixed(key) or deducts(key):
        return None
    here = tuple(sorted(half_up(rate, RATE_DECIMALS) for rate in charged_rates(key)))
    there = tuple(sorted(half_up(rate, RATE_DECIMALS) for each in components if (rate := decimal(each.get("Rate")))))
    return None if len(here) < 2 or len(here) != len(there) or here == there else OtherParts(key, here, there)
