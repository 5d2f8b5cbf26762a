"""Discounts that ERPNext books on accounts of their own: discount accounting, and the cash (non-trade) discount.

With discount accounting on (Selling Settings), a line that names a Discount Account is booked at its amount before the discount, and the
discount on that account; likewise a discount of the whole document that names one. The totals of the document stay as they are. So Xero
gets the gross amount on the income account and the discount as a negative line on its own account with the same tax type, as in the
ledger. Where the discount is taken off the grand total, ERPNext also books the tax as it was before the discount, and the discount without
tax: so do the lines here (`AccountsController.make_discount_gl_entries`, `get_amount_and_base_amount`, `get_tax_amounts` of ERPNext
15.71, which only a Sales Invoice calls; its tests "discount accounting").

A cash discount reduces what is owed and nothing else: whatever the setting, it is a line without tax on its account.

Whether the ledger was booked so is read from the ledger itself, since the setting may have been changed since.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from ...accounting.money import CENT, ZERO, decimal
from ...accounting.problems import Problem
from ...accounting.tax import item_rates
from ...accounting.texts import _, term
from ..identity import DIRECTIONS
from .posting import booked_on, sold_assets

Doc = dict[str, Any]
# The key under which a document carries whether its ledger shows its discounts on accounts of their own; one that does not say so is
# taken at its word: it names the accounts.
BOOKED = "discounts_booked"


@dataclass(frozen=True)
class UntaxedDiscount:
    """A discount without tax: ERPNext's account ("" where none is named), and the amount that it takes off."""

    account: str
    amount: Decimal


def named(doc: Doc) -> bool:
    """Whether the document has a discount that ERPNext may have booked on an account of its own."""
    return bool(_of_document(doc) and not is_cash(doc)) or any(_of_line(item) for item in doc.get("items") or [])


def is_cash(doc: Doc) -> bool:
    """Whether the document's discount is a cash (non-trade) one, which leaves lines and taxes alone."""
    return bool(
        doc.get("apply_discount_on") == "Grand Total" and doc.get("is_cash_or_non_trade_discount") and decimal(doc.get("discount_amount"))
    )


def booked(doc: Doc, ledger: Sequence[dict[str, Any]], enabled: bool) -> bool:
    """Whether ERPNext booked the discounts on their accounts: what the `ledger` (in company currency) shows there is nearer to that than to
    the amounts after discount. Where there is no ledger (a draft), as discount accounting is `enabled`."""
    if not ledger:
        return enabled
    sign = 1 if doc["doctype"] == "Sales Invoice" else -1
    net: dict[str, Decimal] = {}
    gross: dict[str, Decimal] = {}
    cash = is_cash(doc)
    for item in doc.get("items") or []:
        income, discount = booked_on(doc, item), _of_line(item)
        _add(net, income, -decimal(item.get("base_net_amount")))
        _add(gross, income, -_base(doc, discount) - _base(doc, ZERO if cash else _share(doc, item)))
        _add(gross, str(item.get("discount_account") or ""), _base(doc, discount))
    for row in doc.get("taxes") or []:
        _add(net, str(row.get("account_head") or ""), -decimal(row.get("base_tax_amount_after_discount_amount")))
    _add(net if cash else gross, str(doc.get("additional_discount_account") or ""), _base(doc, _of_document(doc)))
    accounts = {str(item.get("discount_account")) for item in doc.get("items") or [] if _of_line(item)}
    accounts |= {str(doc.get("additional_discount_account"))} if _of_document(doc) and not cash else set()
    shown = {account: ZERO for account in accounts}
    for row in ledger:
        if row["account"] in shown:
            shown[row["account"]] += sign * (decimal(row.get("debit")) - decimal(row.get("credit")))
    without = sum((abs(shown[each] - net.get(each, ZERO)) for each in accounts), ZERO)
    apart = sum((abs(shown[each] - net.get(each, ZERO) - gross.get(each, ZERO)) for each in accounts), ZERO)
    return apart < without


def _add(sums: dict[str, Decimal], account: str, amount: Decimal) -> None:
    sums[account] = sums.get(account, ZERO) + amount


def _base(doc: Doc, amount: Decimal) -> Decimal:
    return amount * (decimal(doc.get("conversion_rate")) or 1)


def as_booked(doc: Doc) -> tuple[Doc, list[UntaxedDiscount]]:
    """The document with its amounts before the discounts that the ledger shows on accounts of their own, and a further row for each of
    those; and the discounts without tax. `doc` counts as Xero does (a return `mirrored`); without such discounts it stays as it is."""
    untaxed = (
        [UntaxedDiscount(str(doc.get("additional_discount_account") or ""), decimal(doc.get("discount_amount")))] if is_cash(doc) else []
    )
    if not doc.get(BOOKED, True) or not named(doc):
        return doc, untaxed
    whole = ZERO if is_cash(doc) else _of_document(doc)
    taxed_before = bool(whole) and doc.get("apply_discount_on") == "Grand Total" and _tax_was_reduced(doc)
    items: list[Doc] = []
    shares: dict[tuple[str, str, str], list[tuple[Doc, Decimal]]] = {}
    for item in doc.get("items") or []:
        discount, share = _of_line(item), _share(doc, item) if whole else ZERO
        items.append(_priced(item, decimal(item.get("net_amount")) + discount + share))
        if discount:
            items.append(
                _discount_row(doc, item, str(item["discount_account"]), discount, str(item.get("item_name") or item.get("item_code") or ""))
            )
        key = (json.dumps(item_rates(item.get("item_tax_rate")), sort_keys=True, default=str), item.get("item_tax_template") or "")
        shares.setdefault((*key, booked_on(doc, item)), []).append((item, share))
    account, rows = str(doc.get("additional_discount_account") or ""), doc.get("taxes") or []
    if taxed_before:
        untaxed.append(UntaxedDiscount(account, whole))
        rows = [{**row, "tax_amount_after_discount_amount": row.get("tax_amount")} for row in rows]
    elif whole:
        sums = [sum((share for _item, share in group), ZERO) for group in shares.values()]
        # What ERPNext's rounding of the shares leaves over stands on the account, too.
        largest = max(range(len(sums)), key=lambda at: abs(sums[at]))
        sums[largest] += whole - sum(sums, ZERO)
        items += [
            _discount_row(doc, group[0][0], account, amount, "", doc.get("cost_center"))
            for group, amount in zip(shares.values(), sums)
            if amount
        ]
    return {**doc, "items": items, "taxes": rows}, untaxed


def with_asset(doc: Doc) -> list[Problem]:
    """Why a document that sells an asset and books discounts on accounts of their own is held: its ledger does not show them apart."""
    if not sold_assets(doc) or not doc.get(BOOKED, True) or not named(doc):
        return []
    what = _("{doctype} {name} sells an asset, and its ledger has discounts on accounts of their own").format(
        doctype=term(doc["doctype"]), name=doc["name"]
    )
    resolution = _(
        "Enter {name} in Xero by hand: the price before discount with its tax, the discount on its own account with the same tax, then dispose of the asset in Xero"
    ).format(name=doc["name"])
    return [Problem("discount-with-asset", what, resolution, held=True)]


def _of_line(item: Doc) -> Decimal:
    """What ERPNext books as an item row's discount: by unit, rounded half to even as it rounds by default. 0 where no account is named."""
    if not item.get("discount_account"):
        return ZERO
    return (decimal(item.get("discount_amount")) * decimal(item.get("qty"))).quantize(CENT, rounding=ROUND_HALF_EVEN)


def _of_document(doc: Doc) -> Decimal:
    """The discount of the whole document; 0 where no account is named."""
    return decimal(doc.get("discount_amount")) if doc.get("additional_discount_account") else ZERO


def _share(doc: Doc, item: Doc) -> Decimal:
    """An item row's part of the document's discount, without tax. ERPNext kept no share before 15.4x: then its amount tells."""
    if not _of_document(doc):
        return ZERO
    if any(decimal(each.get("distributed_discount_amount")) for each in doc.get("items") or []):
        return decimal(item.get("distributed_discount_amount"))
    return decimal(item.get("amount")) - decimal(item.get("net_amount"))


def _tax_was_reduced(doc: Doc) -> bool:
    rows = doc.get("taxes") or []
    return any(decimal(row.get("tax_amount")) != decimal(row.get("tax_amount_after_discount_amount")) for row in rows)


def _priced(item: Doc, net: Decimal) -> Doc:
    """The item row with its net amount before the discount. Where the price no longer gives the amount, it is one at that amount."""
    quantity = decimal(item.get("qty"))
    return {**item, "net_amount": net, "net_rate": net / quantity if quantity else net} if net != decimal(item.get("net_amount")) else item


def _discount_row(doc: Doc, item: Doc, account: str, amount: Decimal, of: str, cost_center: str | None = None) -> Doc:
    """A discount as a further row: negative, on its own account, and taxed like the row that it is taken off (`taxed_as`, its account)."""
    income = {"Sales": "income_account", "Purchases": "expense_account"}[DIRECTIONS[doc["doctype"]]]
    unused = (
        "name",
        "enable_deferred_revenue",
        "enable_deferred_expense",
        "is_fixed_asset",
        "discount_amount",
        "discount_account",
        "description",
    )
    return {
        **{field: value for field, value in item.items() if field not in unused},
        "item_name": f"Discount on {of}" if of else "Discount",
        "qty": 1,
        # The amount of what it is taken off is before the discount of the document, and after that of the line.
        "amount": ZERO,
        "net_amount": -amount,
        "net_rate": -amount,
        income: account,
        "taxed_as": booked_on(doc, item),
        "cost_center": cost_center or item.get("cost_center"),
    }
