"""What the file says of things of ERPNext and of Xero, so that they can be found again elsewhere: an account by its number or its name without the
company's abbreviation, a record of Xero's by its id in the same organisation, else by what people call it.

Pure: nothing is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..accounting import tax
from ..accounting.money import decimal

Ref = dict[str, Any]


@dataclass(frozen=True)
class Masters:
    """The accounts, cost centres and item tax templates of one company: by DocType their references (`name`, `title`, `number`)."""

    of: dict[str, list[Ref]] = field(default_factory=dict)

    def ref(self, doctype: str, name: str) -> Ref:
        """What the file says of one of them."""
        return next((each for each in self.of.get(doctype, []) if each["name"] == name), {"name": name})

    def find(self, doctype: str, ref: Ref) -> str:
        """Which one a reference of the file means; "" for none, or where that is not certain. One of this very name is meant first, then the number,
        then the name without the company's abbreviation."""
        known = self.of.get(doctype, [])
        if any(each["name"] == ref.get("name") for each in known):
            return str(ref["name"])
        for by in ("number", "title"):
            wanted = _folded(ref.get(by))
            found = [each["name"] for each in known if wanted and _folded(each.get(by)) == wanted]
            if len(found) == 1:
                return str(found[0])
        return ""


def taxes_accounts(key: str, accounts: Iterable[str]) -> list[str]:
    """The accounts that a tax key names, of these."""
    return [each for each in accounts if tax.renamed_account(key, each, "\x00") != key]


def tax_key(key: str, renamed: dict[str, str]) -> str:
    """The tax key with its accounts called otherwise, all at once."""
    held = {old: f"\x00{at}\x00" for at, old in enumerate(renamed)}
    for old, mark in held.items():
        key = tax.renamed_account(key, old, mark)
    for old, mark in held.items():
        key = tax.renamed_account(key, mark, renamed[old])
    return key


def xero_account(offered: list[Ref], ref: Ref, same: bool) -> Ref | None:
    """The account of Xero's list that the file means. `same`: the file is of this organisation."""
    return _found(offered, [*([("AccountID", "id")] if same else []), ("Code", "code"), ("Name", "name")], ref)


def xero_tax(offered: list[Ref], ref: Ref, same: bool) -> Ref | None:
    """The tax rate of Xero's list that the file means: in another organisation one of that name and rate, else Xero's own type of that rate. Types that
    an organisation has added are called alike everywhere (TAX001) and mean something else in each."""
    if same:
        return _found(offered, [("TaxType", "type")], ref)
    rated = [each for each in offered if _rate(each.get("EffectiveRate")) == _rate(ref.get("rate"))]
    own = str(ref.get("type") or "").startswith("TAX") and str(ref.get("type"))[3:].isdigit()
    return _found(rated, [("Name", "name"), *([] if own else [("TaxType", "type")])], ref)


def xero_option(offered: list[Ref], ref: Ref, same: bool) -> tuple[str, str] | None:
    """Category and option of Xero's tracking that the file means."""
    category = _found(offered, [*([("CategoryID", "category_id")] if same else []), ("Name", "category")], ref)
    if category is None:
        return None
    ids = category.get("OptionIDs") or {}
    options = [{"Name": name, "ID": ids.get(name)} for name in category["Options"]]
    option = _found(options, [*([("ID", "option_id")] if same else []), ("Name", "option")], ref)
    return (str(category["Name"]), str(option["Name"])) if option else None


def _found(offered: list[Ref], by: list[tuple[str, str]], ref: Ref) -> Ref | None:
    """The one that fits by the first of these fields by which exactly one does."""
    for theirs, ours in by:
        wanted = _folded(ref.get(ours))
        found = [each for each in offered if wanted and _folded(each.get(theirs)) == wanted]
        if len(found) == 1:
            return found[0]
    return None


def _folded(text: Any) -> str:
    return " ".join(str(text or "").split()).casefold()


def _rate(value: Any) -> Any:
    try:
        return decimal(value)
    except ValueError:  # no rate at all: like nothing but itself
        return str(value)
