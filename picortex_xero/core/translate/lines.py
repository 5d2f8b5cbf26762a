"""The lines, taxes and rounding of an invoice or credit note: what both have in common, to the cent or refused.

Rules: accounting_rules "Tax parity" and "Cases". Amounts come from the document's own net amounts and tax rows; Xero's arithmetic
is predicted line by line and a line's TaxAmount is sent only where the host's figure differs from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .. import tax as taxes
from ..documents import DIRECTIONS, amount_due
from ..mapping import Mapping, TaxType
from ..money import CENT, ZERO, decimal, decimals, half_up, plain
from ..problems import Problem
from ..rounding import line_tax, unit_price
from ..tax import TaxLine

DRIFT_CAP = Decimal("0.05")
DESCRIPTION_LIMIT = 4000
RATE_DECIMALS = 6


@dataclass
class Line:
    """One Xero line in the making: the Xero body without tax amount, and the tax the host puts on it."""

    body: dict[str, Any]
    source: TaxLine
    tax_type: TaxType | None
    amount: Decimal


@dataclass
class Draft:
    """What is known of the invoice while it is built; `problems` collects everything that is wrong with it."""

    doc: dict[str, Any]
    mapping: Mapping
    direction: str
    inclusive: bool = False
    problems: list[Problem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """What goes into the body, what Xero will make of it, and every problem on the way."""

    items: list[dict[str, Any]]
    amount_types: str
    total: Decimal
    tax: Decimal
    problems: list[Problem]


def lines(doc: dict[str, Any], mapping: Mapping) -> Lines:
    """The lines of an invoice, or of a return given with positive amounts (`mirrored`)."""
    draft = Draft(doc, mapping, DIRECTIONS[doc["doctype"]])
    rows = [row for row in doc.get("taxes") or [] if row.get("category") != "Valuation"]
    kinds = [_row_kind(row, draft) for row in rows]
    draft.inclusive = _is_inclusive(doc, rows, kinds)
    tax_lines = _tax_lines(doc, rows, kinds)
    tax_rows = [at for at, kind in enumerate(kinds) if kind == "tax"]
    taxes.spread(rows, tax_lines, tax_rows)
    tax_lines = taxes.settle_charges(rows, tax_lines)
    _allocate(draft, rows, tax_rows, tax_lines)
    _item_lines(draft, tax_lines)
    _charge_lines(draft, rows, tax_lines)
    tax = sum((taxes.row_total(rows[at]) for at in tax_rows), ZERO)
    _check_precision(draft, tax)
    items = [_with_tax(draft, line, len(tax_rows)) for line in draft.lines]
    total = _rounding_lines(draft, items, tax)
    _check_rate(draft)
    return Lines(items, "Inclusive" if draft.inclusive else "Exclusive", total, tax, draft.problems)


SIGNED = {"qty", "stock_qty", "amount", "net_amount", "tax_amount", "tax_amount_after_discount_amount", "total", "net_total", "grand_total"}
SIGNED |= {"rounded_total", "rounding_adjustment", "discount_amount", "total_taxes_and_charges"}


def mirrored(doc: dict[str, Any]) -> dict[str, Any]:
    """A return with its signs turned: ERPNext's quantities and amounts are negative, a Xero credit note's are positive. Rates and
    prices are positive in both; an item's `discount_amount` is per unit and stays."""
    turned = {name: -decimal(value) if name in SIGNED and value is not None else value for name, value in doc.items()}
    turned["items"] = [_turned(row, SIGNED - {"discount_amount"}) for row in doc.get("items") or []]
    turned["taxes"] = [_turned(row, SIGNED) for row in doc.get("taxes") or []]
    return turned


def _turned(row: dict[str, Any], signed: set[str]) -> dict[str, Any]:
    return {name: -decimal(value) if name in signed and value is not None else value for name, value in row.items()}


def currency_rate(doc: dict[str, Any]) -> Decimal:
    """Xero's CurrencyRate: document currency per 1 base, the inverse of ERPNext's conversion_rate (rules file (a), settled)."""
    return plain(half_up(1 / decimal(doc["conversion_rate"]), RATE_DECIMALS))


def _row_kind(row: dict[str, Any], draft: Draft) -> str:
    """ "tax" or "charge". A row is a tax where its account is mapped as tax; 'Actual' rows and other mapped accounts are charges."""
    account = row.get("account_head") or ""
    if row.get("charge_type") == "Actual":
        return "charge"
    mapped_as_tax = any(
        part.startswith(f"{account} @ ")
        for direction, key, _ in draft.mapping.taxes
        if direction == draft.direction
        for part in key.split(" + ")
    )
    return "charge" if account in draft.mapping.accounts and not mapped_as_tax else "tax"


def _is_inclusive(doc: dict[str, Any], rows: list[dict[str, Any]], kinds: list[str]) -> bool:
    """Gross amounts are sent where every row is a tax inside the price and no document discount was taken."""
    return (
        bool(rows)
        and all(kind == "tax" for kind in kinds)
        and all(row.get("included_in_print_rate") for row in rows)
        and not decimal(doc.get("discount_amount"))
    )


def _tax_lines(doc: dict[str, Any], rows: list[dict[str, Any]], kinds: list[str]) -> list[TaxLine]:
    items = [
        TaxLine(decimal(item.get("net_amount")), taxes.item_rates(item.get("item_tax_rate")), item.get("item_tax_template") or "")
        for item in doc.get("items") or []
    ]
    charges = [
        line for at, row in enumerate(rows) if kinds[at] == "charge" and taxes.row_total(row) for line in taxes.charge_lines(at, row, items)
    ]
    return items + charges


def _allocate(draft: Draft, rows: list[dict[str, Any]], tax_rows: list[int], lines: list[TaxLine]) -> None:
    for at in tax_rows:
        touched = [line for line in lines if at in line.exact]
        total = taxes.row_total(rows[at])
        parts = taxes.allocate(total, [line.exact[at] for line in touched], [line.net for line in touched])
        if parts is None:
            draft.problems.append(
                Problem(
                    "tax-not-explained",
                    f"The tax row {rows[at]['account_head']} is {total}, which its rate and the lines do not explain",
                    "Check whether the tax was typed in or uses a charge type other than On Net Total or On Previous Row; correct and amend",
                )
            )
            continue
        for line, part in zip(touched, parts):
            line.tax += part


def _item_lines(draft: Draft, tax_lines: list[TaxLine]) -> None:
    items = draft.doc.get("items") or []
    account_field = "income_account" if draft.direction == "Sales" else "expense_account"
    for item, source in zip(items, tax_lines):
        amount = decimal(item.get("amount" if draft.inclusive else "net_amount"))
        price = decimal(item.get("rate" if draft.inclusive else "net_rate"))
        quantity, unit = unit_price(decimal(item.get("qty")), price, amount)
        name = item.get("item_name") or item.get("item_code") or item.get("description") or "Item"
        if quantity == 1 and decimal(item.get("qty")) != 1:
            name = f"{name} ({plain(decimal(item.get('qty'))):f} {item.get('uom') or ''} x {plain(price):f})"
        body: dict[str, Any] = {"Description": name[:DESCRIPTION_LIMIT], "Quantity": plain(quantity), "UnitAmount": plain(unit)}
        _put(draft, body, "AccountCode", draft.mapping.account(item.get(account_field) or "", draft.direction))
        _add_line(draft, body, source, amount, item.get("cost_center"))


def _charge_lines(draft: Draft, rows: list[dict[str, Any]], tax_lines: list[TaxLine]) -> None:
    for source in tax_lines:
        if source.charge_row is None:
            continue
        row = rows[source.charge_row]
        body: dict[str, Any] = {
            "Description": (row.get("description") or row["account_head"])[:DESCRIPTION_LIMIT],
            "Quantity": Decimal(1),
            "UnitAmount": plain(source.net),
        }
        code = draft.mapping.accounts.get(row["account_head"])
        _put(draft, body, "AccountCode", code or draft.mapping.account(row["account_head"], "charge"))
        _add_line(draft, body, source, source.net, row.get("cost_center"), deducted=row.get("add_deduct_tax") == "Deduct")


def _add_line(
    draft: Draft, body: dict[str, Any], source: TaxLine, amount: Decimal, cost_center: str | None, deducted: bool = False
) -> None:
    tax_type: TaxType | Problem
    if deducted and not source.parts:
        # Withholding is a liability settled with the tax office, not a taxed supply: always the no-tax type.
        tax_type = _no_tax(draft)
    else:
        tax_type = draft.mapping.tax(draft.direction, source.tax_key, source.template)
    _put(draft, body, "TaxType", tax_type.code if isinstance(tax_type, TaxType) else tax_type)
    if cost_center and (tracking := draft.mapping.tracking.get(cost_center)):
        body["Tracking"] = [{"Name": tracking[0], "Option": tracking[1]}]
    draft.lines.append(Line(body, source, tax_type if isinstance(tax_type, TaxType) else None, amount))


def _no_tax(draft: Draft) -> TaxType | Problem:
    if draft.mapping.no_tax_type:
        return TaxType(draft.mapping.no_tax_type, ZERO)
    return Problem(
        "no-tax-type-missing",
        "No tax type is chosen for lines without tax",
        "Choose the Tax Type for Lines Without Tax on the Xero Connection",
    )


def _put(draft: Draft, body: dict[str, Any], key: str, value: str | Problem) -> None:
    if isinstance(value, Problem):
        if value not in draft.problems:
            draft.problems.append(value)
    else:
        body[key] = value


def _with_tax(draft: Draft, line: Line, row_count: int) -> dict[str, Any]:
    """The line's body, with TaxAmount where the host's tax is not what Xero would compute."""
    if line.tax_type is None:
        return line.body
    host_rate = sum((rate for _, rate in line.source.parts), ZERO)
    rate = line.tax_type.rate
    if rate is None:
        draft.problems.append(
            Problem(
                "tax-rate-unknown",
                f"The rate of Xero's tax type {line.tax_type.code} was never read",
                "Press Refresh From Xero on the Xero Connection",
            )
        )
        return line.body
    own = line_tax(line.amount, rate, draft.inclusive)
    allowed = CENT * max(1, row_count)
    if abs(own - line.source.tax) > allowed or (rate == ZERO and line.source.tax):
        draft.problems.append(
            Problem(
                "tax-differs",
                f'"{line.body["Description"][:60]}" has {line.source.tax} tax here ({line.source.tax_key}), but Xero\'s {line.tax_type.code} '
                f"({plain(rate):f} %) makes it {own}",
                f'Map "{line.source.tax_key}" to the Xero tax type with the same rate ({plain(host_rate):f} %)',
            )
        )
        return line.body
    return {**line.body, "TaxAmount": line.source.tax} if own != line.source.tax else line.body


def _check_precision(draft: Draft, tax: Decimal) -> None:
    figures = [line.amount for line in draft.lines] + [tax, amount_due(draft.doc)]
    if any(decimals(figure) > 2 for figure in figures):
        draft.problems.append(
            Problem(
                "too-many-decimals",
                f"{draft.doc['doctype']} {draft.doc['name']} has amounts with more than two decimals; Xero keeps two",
                "Set the Currency Precision to 2 in System Settings and enter the document again",
            )
        )


def _check_rate(draft: Draft) -> None:
    doc = draft.doc
    rate = decimal(doc.get("conversion_rate"))
    if doc["currency"] != draft.mapping.base_currency and (rate <= ZERO or not half_up(1 / rate, RATE_DECIMALS)):
        draft.problems.append(
            Problem(
                "rate-unusable",
                f"{doc['name']} has the exchange rate {plain(rate):f}; Xero takes rates of at least 0.000001 per {draft.mapping.base_currency}",
                "Correct the exchange rate and amend the document, or enter it in Xero by hand",
            )
        )


def _rounding_lines(draft: Draft, body_lines: list[dict[str, Any]], tax: Decimal) -> Decimal:
    """Append the no-tax lines for rounding drift and the host's rounding adjustment; return the total Xero will show."""
    doc = draft.doc
    grand, due = decimal(doc.get("grand_total")), amount_due(doc)
    built = sum((line.amount for line in draft.lines), ZERO) + (ZERO if draft.inclusive else tax)
    drift = grand - built
    if abs(drift) > DRIFT_CAP:
        draft.problems.append(
            Problem(
                "total-differs",
                f"The lines and taxes of {doc['name']} add up to {built}, its grand total is {grand}",
                "Look for a row that belongs to neither; correct the document and amend it",
            )
        )
    for amount, text in ((drift, "Rounding difference"), (due - grand, "Rounding")):
        if not amount:
            continue
        body: dict[str, Any] = {"Description": text, "Quantity": Decimal(1), "UnitAmount": plain(amount)}
        if draft.mapping.rounding_account:
            body["AccountCode"] = draft.mapping.rounding_account
        else:
            _put(
                draft,
                body,
                "AccountCode",
                Problem(
                    "rounding-account-missing", "No account is chosen for rounding", "Choose the Rounding Account on the Xero Connection"
                ),
            )
        no_tax = _no_tax(draft)
        _put(draft, body, "TaxType", no_tax.code if isinstance(no_tax, TaxType) else no_tax)
        body_lines.append(body)
    if due < ZERO:
        draft.problems.append(
            Problem(
                "negative-total", f"{doc['name']} has a negative total ({due})", "Enter it as a return, so that it becomes a credit note"
            )
        )
    return due
