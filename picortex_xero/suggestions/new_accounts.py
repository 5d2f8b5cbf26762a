"""What an account would be called in Xero that stands for one of ERPNext's and has no counterpart there: code, name, type and tax type, as a
proposal that a person sees, changes and accepts, or not (certification checkpoint T18: an account may be offered, never forced)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..accounting.texts import NONE, Text, _
from .allowed import ELSEWHERE, FIXED_TYPES
from .values import CLASS_OF, HostAccount, XeroAccount

LONGEST_CODE, LONGEST_NAME = 10, 150
# By ERPNext's root type: the types that Xero has for it (its API, "Accounts"), the likeliest first. Bank accounts need a number at a bank, and Xero
# keeps INVENTORY for the items that it tracks: neither is made from here.
TYPES: dict[str, tuple[str, ...]] = {
    "Asset": ("CURRENT", "FIXED", "NONCURRENT", "PREPAYMENT"),
    "Liability": ("CURRLIAB", "TERMLIAB", "LIABILITY"),
    "Equity": ("EQUITY",),
    "Income": ("REVENUE", "SALES", "OTHERINCOME"),
    "Expense": ("EXPENSE", "OVERHEADS", "DIRECTCOSTS", "DEPRECIATN"),
}
LIKELY = {
    "Cost of Goods Sold": "DIRECTCOSTS",
    "Direct Expense": "DIRECTCOSTS",
    "Depreciation": "DEPRECIATN",
    "Indirect Income": "OTHERINCOME",
}
NO_TAX = "NONE"


@dataclass(frozen=True)
class Proposal:
    """An account as it would be made in Xero; `types` are the others that Xero has for its class. `why_not` says why none is made."""

    code: str = ""
    name: str = ""
    type: str = ""
    tax_type: str = ""
    types: tuple[str, ...] = ()
    why_not: Text = NONE


def propose(host: HostAccount, accounts: Iterable[XeroAccount]) -> Proposal:
    """The account that could be made for this one, beside those that Xero has."""
    accounts = list(accounts)
    if why_not := _kept_elsewhere(host):
        return Proposal(why_not=why_not)
    types = TYPES.get(host.root_type, ())
    if not types:
        return Proposal(why_not=_("ERPNext does not say of which class this account is"))
    kind = LIKELY.get(host.account_type, types[0])
    if host.account_type in FIXED_TYPES:
        kind = "FIXED"
    name = (host.title or host.name)[:LONGEST_NAME].strip()
    return Proposal(_code(host, kind, accounts), _name(name, accounts), kind, _tax_type(host, accounts), types)


def class_of(kind: str) -> str:
    """The Xero class of a type that is made from here; "" for any other."""
    return next((CLASS_OF[root] for root, types in TYPES.items() if kind in types), "")


def _kept_elsewhere(host: HostAccount) -> Text:
    if found := ELSEWHERE.get(host.account_type):
        return found
    if host.account_type in ("Tax", "Round Off"):
        return _("Xero has accounts of its own for tax and rounding")
    return NONE


def _code(host: HostAccount, kind: str, accounts: Sequence[XeroAccount]) -> str:
    """The account's own number where it is free in Xero, else the next free one after those of its type."""
    used = {each.code.casefold() for each in accounts if each.code}
    own = host.number.strip()
    if own and len(own) <= LONGEST_CODE and own.casefold() not in used:
        return own
    numbers = [int(each.code) for each in accounts if each.type == kind and each.code.isascii() and each.code.isdigit()]
    code = max(numbers, default=max([100, *(int(each) for each in used if each.isascii() and each.isdigit())])) + 1
    while str(code) in used:
        code += 1
    return str(code) if len(str(code)) <= LONGEST_CODE else ""


def _name(name: str, accounts: Sequence[XeroAccount]) -> str:
    """The account's name, with a number where Xero has it already: names are unique there."""
    used = {each.name.casefold() for each in accounts}
    found, number = name, 2
    while found.casefold() in used:
        tail = f" {number}"
        found, number = name[: LONGEST_NAME - len(tail)] + tail, number + 1
    return found


def _tax_type(host: HostAccount, accounts: Sequence[XeroAccount]) -> str:
    """The tax type that most of the organisation's own accounts of this class have."""
    found = Counter(
        each.tax_type for each in accounts if each.status == "ACTIVE" and each.tax_type and each.account_class == CLASS_OF[host.root_type]
    )
    return min(found, key=lambda each: (-found[each], each)) if found else NO_TAX
