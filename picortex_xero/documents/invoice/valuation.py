"""Tax rows that ERPNext makes part of the cost of stock and assets: those for "Valuation" or "Valuation and Total".

A bill that receives stock debits the item's account with the price and its part of these rows, and credits the row's own account with them
(`make_item_gl_entries` and `make_tax_gl_entries` of Purchase Invoice, ERPNext 15.71): freight ends on the stock account, and tax that may not
be claimed back is cost, with nothing left on the tax account. A Purchase Receipt books the same before its bill. Without perpetual inventory,
and for an asset that the bill does not receive into stock, ERPNext's ledger leaves the row on its own account. Which of these a document's
ledger shows is read from the ledger itself, so the settings of that day need not be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...accounting.money import CENT, ZERO, decimal
from ...accounting.tax import TaxLine, allocate, deducted, item_rates, row_total
from ..fact_types import Named
from ..identity import is_opening
from .line_builder import LineBuilder
from .line_text import charge_line
from .posting import booked_on
from .untaxed_lines import untaxed_line
from .valuation_problems import by_hand, only_valued, still_tax, unclear

Doc = dict[str, Any]
# The key under which a bill carries where its ledger has these rows, by their account: in the cost by the bill itself, in the cost by an
# earlier Purchase Receipt, on their own account, or none of these.
BOOKED = "valuation_booked"
BY_BILL, BY_RECEIPT, NOT, UNCLEAR = "bill", "receipt", "not", "unclear"
ONLY, WITH_TOTAL = "Valuation", "Valuation and Total"
SLACK = 5 * CENT


def valued(row: Doc) -> bool:
    """Whether the row is (also) for valuation, and not of zero."""
    return row.get("category") in (ONLY, WITH_TOTAL) and bool(row_total(row))


def named(doc: Doc) -> bool:
    """Whether a bill has rows that ERPNext may have made part of a cost."""
    return doc["doctype"] == "Purchase Invoice" and not is_opening(doc) and any(valued(row) for row in doc.get("taxes") or [])


def receipts(doc: Doc) -> list[Named]:
    """The Purchase Receipts that a bill is for."""
    return [("Purchase Receipt", name) for name in dict.fromkeys(item.get("purchase_receipt") for item in doc.get("items") or []) if name]


def booked(doc: Doc, ledger: Sequence[Doc], of_receipts: Sequence[Doc]) -> dict[str, str]:
    """Where the ledger (in company currency) has the rows for valuation, by account. Without a ledger (a draft): as ERPNext will book it with
    perpetual inventory."""
    on_receipts = {row["account"] for row in of_receipts}
    found = {}
    for account in {row["account_head"] for row in doc.get("taxes") or [] if valued(row)}:
        elsewhere = BY_RECEIPT if account in on_receipts else NOT
        if not ledger:
            found[account] = BY_BILL if doc.get("update_stock") else elsewhere
        else:
            there = sum((decimal(row.get("debit")) - decimal(row.get("credit")) for row in ledger if row["account"] == account), ZERO)
            found[account] = _place(doc, account, there, elsewhere)
    return found


def _place(doc: Doc, account: str, there: Decimal, elsewhere: str) -> str:
    rate = decimal(doc.get("conversion_rate")) or Decimal(1)
    rows = [row for row in doc.get("taxes") or [] if row["account_head"] == account]
    cost = sum((_base(row, rate) for row in rows if valued(row)), ZERO)
    own = sum((_base(row, rate) for row in rows if row.get("category") != ONLY), ZERO)
    own += sum((decimal(item.get("net_amount")) * rate for item in doc.get("items") or [] if booked_on(doc, item) == account), ZERO)
    slack = min(SLACK, abs(cost) / 3)
    taken = own - there
    if abs(taken - cost) <= slack:
        return BY_BILL
    if abs(taken) <= slack:
        return elsewhere
    # A Landed Cost Voucher, which ERPNext books under the bill, takes more from the same account.
    landed = any(decimal(item.get("landed_cost_voucher_amount")) for item in doc.get("items") or [])
    return BY_BILL if landed and doc.get("update_stock") and abs(taken) > abs(cost) and (taken > ZERO) == (cost > ZERO) else UNCLEAR


def _base(row: Doc, rate: Decimal) -> Decimal:
    amount = row.get("base_tax_amount_after_discount_amount")
    return row_total(row) * rate if amount is None else decimal(amount) * (-1 if deducted(row) else 1)


def kind(builder: LineBuilder, row: Doc, own_kind: str) -> str:
    """What a row for valuation becomes, which otherwise would be `own_kind` ("tax", "fixed" or "charge"): "cost" on the accounts of what was
    bought, "moved" from its own account to these, "valuation" (nothing), or `own_kind`. What no line can say is noted as a problem."""
    if not valued(row) or builder.direction != "Purchases":
        return "valuation" if row.get("category") == ONLY else own_kind
    place = (builder.doc.get(BOOKED) or {}).get(row["account_head"]) or (BY_BILL if builder.doc.get("update_stock") else NOT)
    is_tax, only = own_kind in ("tax", "fixed"), row["category"] == ONLY
    if place == UNCLEAR:
        builder.note(unclear(builder, row))
    elif is_tax and only and place == BY_BILL:
        builder.note(only_valued(builder, row))
    elif is_tax and not only and place == NOT:
        builder.note(still_tax(builder, row))
    elif is_tax and deducted(row) and place != NOT:
        builder.note(by_hand(builder, row))
    if only:
        return "moved" if place == BY_BILL and not is_tax else "valuation"
    return "cost" if place == BY_BILL or (is_tax and place == BY_RECEIPT) else own_kind


def mark(builder: LineBuilder, rows: Sequence[Doc], kinds: Sequence[str], lines: Sequence[TaxLine]) -> None:
    """Remember on each item's line which tax on it is cost; a template's own rate of 0 stays the line's tax treatment."""
    for row in (row for row, each in zip(rows, kinds) if each == "cost" and builder.mapping.is_tax(row["account_head"])):
        account = row["account_head"]
        for item, line in zip(builder.doc.get("items") or [], lines):
            own = item_rates(item.get("item_tax_rate")).get(account)
            if own is None or (own != "N/A" and decimal(own)):
                line.cost_of = account
            elif own != "N/A":
                line.parts.append((account, ZERO))


def shares(builder: LineBuilder, row: Doc, amount: Decimal) -> list[tuple[str, str, Decimal]]:
    """(account, cost centre, part of the amount) for everything bought that the row is in the cost of, as ERPNext divided it."""
    items = builder.doc.get("items") or []
    weights: dict[tuple[str, str], Decimal] = {}
    by_tax = any(decimal(item.get("item_tax_amount")) for item in items)
    for item in items:
        weight = abs(decimal(item.get("item_tax_amount" if by_tax else "net_amount")))
        if weight:
            place = builder.account_of(item), item.get("cost_center") or row.get("cost_center") or ""
            weights[place] = weights.get(place, ZERO) + weight
    whole = sum(weights.values(), ZERO)
    if not whole:
        return [(row["account_head"], row.get("cost_center") or "", amount)]
    exact = [amount * weight / whole for weight in weights.values()]
    parts = allocate(amount, exact, list(weights.values()), builder.unit) or exact
    return [(*place, part) for place, part in zip(weights, parts) if part]


def divided(builder: LineBuilder, row: Doc, source: TaxLine) -> list[tuple[str, str, TaxLine]]:
    """A cost, and the tax on it, on the accounts and cost centres of what was bought."""
    places = shares(builder, row, source.net)
    if len(places) == 1:
        return [(*places[0][:2], source)]
    nets = [net for _account, _center, net in places]
    taxes = allocate(source.tax, [source.tax * net / source.net for net in nets], nets, builder.unit) or [source.tax, *([ZERO] * len(nets))]
    return [(account, center, source.part(net, tax)) for (account, center, net), tax in zip(places, taxes)]


def moved_lines(builder: LineBuilder, rows: Sequence[Doc], kinds: Sequence[str]) -> list[dict[str, Any]]:
    """For each row that is in the cost but not in the total: lines without tax on the accounts of what was bought, and what it takes from its
    own account; together zero."""
    made = []
    for row in (row for row, each in zip(rows, kinds) if each == "moved"):
        amount = row_total(row)
        for account, center, part in [*shares(builder, row, amount), (row["account_head"], row.get("cost_center") or "", -amount)]:
            made.append(untaxed_line(builder, charge_line(row, part), account, "charge", center))
    return made
