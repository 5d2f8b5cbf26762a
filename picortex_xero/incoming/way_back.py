"""What here stands for an account, a tax or a tracking option of Xero's. Decides on values: one mapping row that names it is the answer; of several the one that is ticked
"Takes What Comes Back"; where there is none, what comes back waits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.money import CENT, ZERO, half_up
from ..accounting.problems import Problem
from ..accounting.tax import FIXED, NO_TAX, is_fixed
from ..accounting.texts import Text, _, joined

# What these wait for shows by itself here: a mapping row that is made, marked or taken away.
ACCOUNT_BACK, TAX_BACK, TRACKING_BACK = "account-not-mapped-back", "tax-not-mapped-back", "tracking-not-mapped-back"
SALES, PURCHASES = "Sales", "Purchases"
_PART = re.compile(r"(.+?) @ (-?[0-9.]+)(?: \+ |$)")


@dataclass(frozen=True)
class Candidate:
    """A mapping row that names something of Xero's. `here`: the account, the tax as tax mappings name it ("GST - KS @ 15") or the cost centre; `template`: the item
    tax template of a tax; `marked`: it takes what comes back."""

    here: str
    marked: bool = False
    template: str = ""


@dataclass(frozen=True)
class WayBack:
    """All that mapping says, from Xero's side. `accounts` by Xero's code in upper case, `taxes` by direction and tax type, `tracking` by category and option; `centre`:
    the company's cost centre for what has no tracking; `called`: what Xero's codes are called."""

    accounts: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    taxes: Mapping[tuple[str, str], tuple[Candidate, ...]] = field(default_factory=dict)
    tracking: Mapping[tuple[str, str], tuple[Candidate, ...]] = field(default_factory=dict)
    centre: str = ""
    called: Called = NOTHING_CALLED

    def account(self, code: str, account_id: str = "") -> str | Problem:
        """The account here for one of Xero's, by its code; `account_id` says what it is called where it has none."""
        found = one_of(self.accounts.get(code.upper(), ()))
        if isinstance(found, Candidate):
            return found.here
        shown = self.called.account(code or account_id) or _("(none)")
        if not found:
            return Problem(
                ACCOUNT_BACK,
                _("No account here stands for {there} in Xero").format(there=shown),
                _("Map the account here that it is to {there} under Accounts in Mapping; it is then entered by itself").format(there=shown),
                held=True,
            )
        return Problem(
            ACCOUNT_BACK,
            _("{accounts} all stand for {there} in Xero").format(accounts=_named(found), there=shown),
            _("Tick Takes What Comes Back at one of them under Accounts in Mapping; it is then entered by itself"),
            held=True,
        )

    def tax(self, tax_type: str, directions: Sequence[str]) -> Candidate | Problem:
        """The tax here for a tax type of Xero's, as documents of these directions may bear it. Rows that say the same tax and template are one."""
        rows = [each for direction in directions for each in self.taxes.get((direction, tax_type), ())]
        found = one_of(_alike(rows))
        return found if isinstance(found, Candidate) else self._no_tax(tax_type, found)

    def tax_accounts(self, tax_type: str, amount: Decimal) -> list[tuple[str, Decimal]] | Problem:
        """The tax accounts here for an amount of tax of a journal, with the share of each; rows that book it alike are one, whatever else they say."""
        rows = [each for direction in (SALES, PURCHASES) for each in self.taxes.get((direction, tax_type), ())]
        booked = {tuple(shares(each.here, amount)) for each in rows}
        if len(booked) == 1 and (only := booked.pop()):
            return list(only)
        found = one_of(_alike(rows))
        if isinstance(found, Candidate) and (its := shares(found.here, amount)):
            return its
        return self._no_tax(tax_type, () if isinstance(found, Candidate) else found)

    def _no_tax(self, tax_type: str, several: Sequence[Candidate]) -> Problem:
        shown = self.called.tax(tax_type) or _("(none)")
        if not several:
            return Problem(
                TAX_BACK,
                _("No tax here stands for {there} in Xero").format(there=shown),
                _("Map the tax here that it is to {there} under Taxes in Mapping; it is then entered by itself").format(there=shown),
                held=True,
            )
        return Problem(
            TAX_BACK,
            _("{taxes} all stand for {there} in Xero").format(taxes=_named(several), there=shown),
            _("Tick Takes What Comes Back at one of them under Taxes in Mapping; it is then entered by itself"),
            held=True,
        )

    def cost_center(self, tags: Iterable[tuple[str, str]]) -> str | Problem:
        """The cost centre here for the tracking of a line; the company's where the line has none, or where this company tracks nothing."""
        wanted = list(tags) if self.tracking else []
        centres: list[str] = []
        for tag in wanted:
            found = one_of(self.tracking.get(tag, ()))
            if not isinstance(found, Candidate):
                return _no_centre(tag, found)
            centres.append(found.here)
        if len(set(centres)) > 1:
            return Problem(
                TRACKING_BACK,
                _("A line in Xero has the tracking {tags}, which is {centres} here").format(
                    tags=joined(", ", [_tag(each) for each in wanted]), centres=joined(", ", centres)
                ),
                _("ERPNext has one cost centre in a row: enter it here by hand, and press Done by Hand; or change the tracking in Xero"),
                held=True,
            )
        if centres or self.centre:
            return centres[0] if centres else self.centre
        return Problem(
            TRACKING_BACK,
            _("A line in Xero has no tracking, and the company has no default cost centre, which ERPNext demands"),
            _("Choose the Default Cost Center of the company; it is then entered by itself"),
            held=True,
        )


def one_of(rows: Sequence[Candidate]) -> Candidate | Sequence[Candidate]:
    """The one row, or the one that is marked; else those between which somebody has to choose, or none."""
    marked = [each for each in rows if each.marked] or list(rows)
    return marked[0] if len(marked) == 1 else marked


def shares(key: str, amount: Decimal) -> list[tuple[str, Decimal]]:
    """How an amount of tax is divided over the accounts of a tax as mappings name it, to the cent; [] for "No tax", and where what is added is taken off again."""
    if key == NO_TAX:
        return []
    if is_fixed(key):
        return [(key.removesuffix(FIXED), amount)]
    parts = [(account, Decimal(rate)) for account, rate in _PART.findall(key)]
    whole = sum((rate for _account, rate in parts), ZERO)
    if not parts or whole <= ZERO or any(rate < ZERO for _account, rate in parts):
        return []
    sign = -1 if amount < ZERO else 1
    dealt = [(account, (abs(amount) * rate / whole).quantize(CENT, ROUND_FLOOR)) for account, rate in parts]
    left = half_up(abs(amount)) - sum((each for _account, each in dealt), ZERO)
    return [(account, sign * (each + (left if at == 0 else ZERO))) for at, (account, each) in enumerate(dealt)]


def _alike(rows: Iterable[Candidate]) -> list[Candidate]:
    found: dict[tuple[str, str], Candidate] = {}
    for each in rows:
        known = found.get((each.here, each.template))
        found[each.here, each.template] = Candidate(each.here, each.marked or bool(known and known.marked), each.template)
    return list(found.values())


def _named(rows: Iterable[Candidate]) -> Text:
    return joined(", ", [f"{each.here} ({each.template})" if each.template else each.here for each in rows])


def _tag(tag: tuple[str, str]) -> str:
    return f"{tag[0]}: {tag[1]}"


def _no_centre(tag: tuple[str, str], several: Sequence[Candidate]) -> Problem:
    if not several:
        return Problem(
            TRACKING_BACK,
            _("No cost centre here stands for the tracking {there} in Xero").format(there=_tag(tag)),
            _("Map a cost centre to it under Tracking in Mapping; it is then entered by itself"),
            held=True,
        )
    return Problem(
        TRACKING_BACK,
        _("{centres} all stand for the tracking {there} in Xero").format(centres=_named(several), there=_tag(tag)),
        _("Tick Takes What Comes Back at one of them under Tracking in Mapping; it is then entered by itself"),
        held=True,
    )
