"""The same figures from ERPNext and from Xero, account by account as they are mapped, and what is between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..accounting.money import ZERO

# Classes whose figures Xero's reports show positive where they are credits (Xero's API, "Accounts": Class).
CREDITS = ("REVENUE", "LIABILITY", "EQUITY")


@dataclass(frozen=True)
class Pair:
    """One account of Xero with the accounts here that are mapped to it; or, with `xero` "", an account here that is mapped to none, or, without `here`, one of
    Xero that nothing here is mapped to. Amounts debit positive; None where that side has no such account, which is no zero."""

    xero: str
    here: tuple[str, ...]
    in_xero: Decimal | None
    in_erpnext: Decimal | None

    @property
    def difference(self) -> Decimal:
        """What Xero has more; a side without the account has nothing there."""
        return (self.in_xero or ZERO) - (self.in_erpnext or ZERO)


def debit(amount: Decimal, class_: str) -> Decimal:
    """An amount as Profit and Loss or Balance Sheet shows it, debit positive; `class_`: the Class of Xero's account."""
    return -amount if class_ in CREDITS else amount


def pairs(in_xero: Mapping[str, Decimal], in_erpnext: Mapping[str, Decimal], mapped: Mapping[str, str]) -> list[Pair]:
    """Every account of both sides that has a figure, once. `in_xero` by AccountID, `in_erpnext` by account, both debit positive; `mapped`: by account here
    the AccountID. Several accounts here may be one in Xero. The differences of all sum to the difference of both sides' sums."""
    here: dict[str, list[str]] = {}
    for account in in_erpnext:
        here.setdefault(mapped.get(account, ""), []).append(account)
    alone = here.pop("", [])
    found = [
        Pair(
            xero,
            tuple(here.get(xero, ())),
            in_xero.get(xero, ZERO),
            sum((in_erpnext[each] for each in here[xero]), ZERO) if xero in here else None,
        )
        for xero in dict.fromkeys([*in_xero, *here])
    ]
    return found + [Pair("", (account,), None, in_erpnext[account]) for account in alone]
