"""ERPNext's taxes by Xero's tax type, worked out from the tax rows of the document, against what Xero shows.

The sum of the rows on tax accounts must be equal to the cent. Split by type it may be a cent off for each line, since the host rounds
a row over the whole document. Tax types that show no tax in Xero (reverse charge, imports) are compared by what they are charged on; so is
a row of a fixed amount on a tax account, which is tax on imports and no tax of the document.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.replay.host_side import CENT, ZERO, Voucher, money

Mapping = dict[str, Any]


@dataclass
class _Line:
    """An item, or a charge that is taxed itself. `taxed` is its exact tax by row; `fixed` the tax account that it is an amount of tax on."""

    net: Decimal
    rates: dict[str, Any]
    template: str = ""
    charge: int | None = None
    deducted: bool = False
    fixed: str = ""
    taxed: dict[int, Decimal] = field(default_factory=dict)
    parts: list[tuple[str, Decimal]] = field(default_factory=list)


def total(voucher: Voucher, mapping: Mapping, suffix: str) -> Decimal:
    """What the rows on tax accounts add to a document, positive on invoices and credit notes alike."""
    rows = [row for row in voucher.doc.get("taxes") or [] if row.get("category") != "Valuation"]
    return voucher.sign * sum((_amount(row) for row in rows if _is_tax(row, mapping, suffix) and not _fixed(row, voucher)), ZERO)


def compare(voucher: Voucher, record: dict[str, Any], mapping: Mapping, suffix: str) -> list[str]:
    """Sentences, none where tax agrees in total and by type."""
    sign = voucher.sign
    tax = total(voucher, mapping, suffix)
    found = []
    if tax != Decimal(record["TotalTax"]):
        found.append(f"tax is {tax} in the host, {record['TotalTax']} in Xero")
    host = taxes_by_type(voucher, mapping, suffix)
    shown: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in record["lines"]:
        gross = record["LineAmountTypes"] == "Inclusive"
        taxed = Decimal(line["TaxAmount"])
        shown[line["TaxType"]][0] += Decimal(line["LineAmount"]) - (taxed if gross else 0)
        shown[line["TaxType"]][1] += taxed
    slack = CENT * max(len(record["lines"]), 1)
    for code in sorted({*host, *shown}):
        base, by_type = (sign * each for each in host.get(code, (ZERO, ZERO)))
        if abs(by_type - shown[code][1]) > slack:
            found.append(f"tax of type {code} is {by_type.quantize(CENT)} in the host, {shown[code][1]} in Xero")
        # Lines without tax also carry what rounds the document.
        if code != mapping["no_tax_type"] and abs(base - shown[code][0]) > slack:
            found.append(f"type {code} is on {base.quantize(CENT)} in the host, on {shown[code][0]} in Xero")
    return found


def shown_by_type(*records: dict[str, Any]) -> dict[str, Decimal]:
    """The tax of records in Xero by type, without the types that show none."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in (line for record in records for line in record["lines"]):
        found[line["TaxType"]] += Decimal(line["TaxAmount"])
    return {code: amount for code, amount in found.items() if amount}


def _amount(row: dict[str, Any]) -> Decimal:
    amount = money(row.get("tax_amount_after_discount_amount"))
    return -amount if row.get("add_deduct_tax") == "Deduct" else amount


def _is_tax(row: dict[str, Any], mapping: Mapping, suffix: str) -> bool:
    """A row on an account that some tax of the mapping names, and that the host does not mark as withheld."""
    return not row.get("is_tax_withholding_account") and _is_tax_account(row["account_head"], mapping, suffix)


def _fixed(row: dict[str, Any], voucher: Voucher) -> bool:
    """Whether a row is an amount and no rate; a day's counter sales are, too, but their detail knows the rates."""
    return row.get("charge_type") == "Actual" and not (voucher.doc.get("is_consolidated") and row.get("item_wise_tax_detail"))


def _is_tax_account(account: str, mapping: Mapping, suffix: str) -> bool:
    return any(part.replace("{}", suffix).startswith(f"{account} @ ") for _, key, _, _ in mapping["taxes"] for part in key.split(" + "))


def taxes_by_type(voucher: Voucher, mapping: Mapping, suffix: str) -> dict[str, tuple[Decimal, Decimal]]:
    """(taxable, tax) of a document by type, exact; a type the mapping does not know is named by its key."""
    rows = [row for row in voucher.doc.get("taxes") or [] if row.get("category") != "Valuation"]
    lines = _lines(voucher, rows, mapping, suffix)
    direction = "Sales" if voucher.key[0] == "Sales Invoice" else "Purchases"
    types = {
        (key.replace("{}", suffix), template.replace("{}", suffix)): code
        for way, key, template, code in mapping["taxes"]
        if way == direction
    }
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for line in lines:
        charged = sorted((part for part in line.parts if part[1]), key=lambda part: part[1] < 0) or line.parts[:1]
        key = " + ".join(f"{account} @ {rate.normalize():f}" for account, rate in charged) or "No tax"
        if line.fixed:
            key = f"{line.fixed} (fixed amount)"
        code = types.get((key, line.template)) or types.get((key, "")) or key
        if line.deducted and not line.parts and not line.fixed:
            # Tax withheld (ERPNext's Tax Withholding Category) is no tax on a supply, so never one of Xero's zero rates.
            code = mapping["no_tax_type"]
        base, tax = found.get(code, (ZERO, ZERO))
        found[code] = (base + line.net, tax + sum(line.taxed.values(), ZERO))
    return found


def _lines(voucher: Voucher, rows: list[dict[str, Any]], mapping: Mapping, suffix: str) -> list[_Line]:
    field_name = "income_account" if voucher.key[0] == "Sales Invoice" else "expense_account"
    items = []
    for item in voucher.doc.get("items") or []:
        account = item.get(field_name) or ""
        line = _Line(money(item.get("net_amount")), _rates(item.get("item_tax_rate")), item.get("item_tax_template") or "")
        line.fixed = account if _is_tax_account(account, mapping, suffix) else ""
        items.append(line)
    whole = sum((line.net for line in items), ZERO)
    lines = list(items)
    for at, row in enumerate(rows):
        if voucher.doc.get("is_consolidated") and row.get("item_wise_tax_detail"):
            _as_detailed(at, row, items, voucher.doc["items"])
            continue
        if _is_tax(row, mapping, suffix) and _fixed(row, voucher):
            lines.append(_Line(_amount(row), {}, charge=at, fixed=row["account_head"]))
            continue
        if not _is_tax(row, mapping, suffix):
            # ERPNext spreads a charge over the items by their amounts, each share at its item's rates.
            deducted = row.get("add_deduct_tax") == "Deduct"
            lines += [_Line(_amount(row) * item.net / whole if whole else ZERO, item.rates, item.template, at, deducted) for item in items]
            continue
        for line in lines:
            _apply(at, row, line)
    return lines


def _as_detailed(at: int, row: dict[str, Any], lines: list[_Line], items: list[dict[str, Any]]) -> None:
    """A day's counter sales joined into one invoice: the row is a typed figure, and only its detail says what was charged on which item."""
    detail = json.loads(row["item_wise_tax_detail"])
    for line, item in zip(lines, items):
        rate = Decimal(repr(float(detail[item["item_code"]][0])))
        line.parts.append((row["account_head"], rate))
        line.taxed[at] = line.net * rate / 100


def _apply(at: int, row: dict[str, Any], line: _Line) -> None:
    previous = int(row.get("row_id") or 0) - 1
    kind = row.get("charge_type")
    if kind == "On Net Total" and line.charge is None:
        base = line.net
    elif kind == "On Previous Row Amount" and (line.charge == previous or previous in line.taxed):
        base = line.net if line.charge == previous else line.taxed[previous]
    elif kind == "On Previous Row Total" and (line.charge is None or line.charge <= previous):
        base = line.net + sum((tax for row_at, tax in line.taxed.items() if row_at <= previous), ZERO)
    else:
        return
    own = line.rates.get(row["account_head"], row.get("rate"))
    if own == "N/A":
        return
    rate = Decimal(repr(float(own or 0)))
    sign = -1 if row.get("add_deduct_tax") == "Deduct" else 1
    line.parts.append((row["account_head"], sign * rate))
    line.taxed[at] = sign * base * rate / 100


def _rates(text: Any) -> dict[str, Any]:
    return json.loads(text) if isinstance(text, str) and text else dict(text or {})
