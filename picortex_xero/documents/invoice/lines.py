"""LineItems of an invoice or credit note from its items, taxes and rounding: the same total and tax as in ERPNext to the cent, or refused.

Amounts come from the document's own net amounts and tax rows. Xero's arithmetic (tax per line, rounded half up) is predicted, and a line's
TaxAmount is sent only where ERPNext's figure differs from it. Which tax type a line gets, and whether it fits, is decided in `line_taxes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from ...accounting import causes
from ...accounting import tax as taxes
from ...accounting.currencies import rounded_to, too_many_decimals
from ...accounting.exchange import Converted, converted
from ...accounting.mapping import Mapping
from ...accounting.money import ZERO, decimal, decimals, plain
from ...accounting.own_tax import TypedAmount, added_up
from ...accounting.plain_text import one_line
from ...accounting.problems import Problem
from ...accounting.rounding import unit_price
from ...accounting.tax import TaxLine
from ...accounting.texts import Text, _, joined, term
from ..identity import DIRECTIONS, amount_due
from ..translation import Reason
from . import discounts, valuation
from .consolidated import as_charged, sales_joined, shares
from .line_builder import Line, LineBuilder
from .line_taxes import choose, unfit, with_tax
from .line_text import charge_line, line_text
from .tax_rows import kind_of
from .typed_taxes import with_typed_taxes
from .untaxed_lines import DISCOUNT, discount_line, rounding_lines


@dataclass(frozen=True)
class Lines:
    """The lines for the request, the total and tax that Xero will compute, the reason for each line, all problems found, and remarks for the
    history. `by_type` has the amounts by tax type, without rounding lines."""

    items: list[dict[str, Any]]
    amount_types: str
    total: Decimal
    tax: Decimal
    reasons: list[Reason]
    problems: list[Problem]
    said: tuple[Text, ...] = ()
    by_type: list[TypedAmount] = field(default_factory=list)


def lines(doc: dict[str, Any], mapping: Mapping) -> Lines:
    """The lines of an invoice, or of a return given with positive amounts (`mirrored`)."""
    charged = as_charged(doc)
    doc, untaxed = discounts.as_booked(charged)
    builder = LineBuilder(doc, mapping, DIRECTIONS[doc["doctype"]])
    rows = doc.get("taxes") or []
    kinds = [_row_kind(row, builder) for row in rows]
    builder.inclusive = doc is charged and _is_inclusive(doc, rows, kinds)
    tax_lines = _tax_lines(builder, rows, kinds)
    valuation.mark(builder, rows, kinds, tax_lines)
    tax_rows = [at for at, kind in enumerate(kinds) if kind == "tax"]
    builder.unit = _unit(doc, rows)
    taxes.spread(rows, tax_lines, tax_rows)
    tax_lines = taxes.settle_charges(rows, tax_lines, builder.unit)
    typed = with_typed_taxes(builder, rows, tax_lines)
    rows, tax_lines, tax_rows = typed.rows, typed.lines, tax_rows + typed.explained
    _allocate(builder, rows, tax_rows, tax_lines)
    builder.untaxed = _untaxed(builder, tax_lines)
    _item_lines(builder, rows, tax_lines)
    _charge_lines(builder, rows, kinds, tax_lines)
    tax = sum((taxes.row_total(rows[at]) for at in tax_rows), ZERO)
    _check_precision(builder, tax)
    items = [with_tax(builder, line, len(tax_rows) * sales_joined(doc)) for line in builder.lines]
    items += [discount_line(builder, discount) for discount in untaxed]
    items += valuation.moved_lines(builder, rows, kinds)
    total = rounding_lines(builder, items, tax - sum((discount.amount for discount in untaxed), ZERO))
    for problem in mapping.untracked(builder.cost_centers):
        builder.note(problem)
    # Where a problem cannot be solved by mapping, a missing mapping is not named as well: setting it would not help.
    held = [problem for problem in builder.problems if problem.held]
    return Lines(
        items,
        "Inclusive" if builder.inclusive else "Exclusive",
        total,
        tax,
        builder.reasons,
        held or builder.problems,
        said=mapping.said_of_tracking(builder.cost_centers),
        by_type=_by_type(builder, tax),
    )


def _by_type(builder: LineBuilder, tax: Decimal) -> list[TypedAmount]:
    """Empty where a line has no tax type, or not all of the tax is on lines: what is left would be another proportion."""
    if any(line.tax_type is None for line in builder.lines) or sum((line.source.tax for line in builder.lines), ZERO) != tax:
        return []
    return added_up(
        TypedAmount(line.tax_type, line.amount + (ZERO if builder.inclusive else line.source.tax), line.source.tax, bool(line.source.fixed))
        for line in builder.lines
        if line.tax_type
    )


SIGNED = {"qty", "stock_qty", "amount", "net_amount", "tax_amount", "tax_amount_after_discount_amount", "total", "net_total", "grand_total"}
SIGNED |= {"rounded_total", "rounding_adjustment", "discount_amount", "distributed_discount_amount", "total_taxes_and_charges"}


def mirrored(doc: dict[str, Any]) -> dict[str, Any]:
    """A return with its signs turned: ERPNext's quantities and amounts are negative, a Xero credit note's are positive. Rates and
    prices are positive in both; an item's `discount_amount` is per unit and stays."""
    turned = {name: -decimal(value) if name in SIGNED and value is not None else value for name, value in doc.items()}
    turned["items"] = [_turned(row, SIGNED - {"discount_amount"}) for row in doc.get("items") or []]
    turned["taxes"] = [_turned(row, SIGNED) for row in doc.get("taxes") or []]
    return turned


def _turned(row: dict[str, Any], signed: set[str]) -> dict[str, Any]:
    return {name: -decimal(value) if name in signed and value is not None else value for name, value in row.items()}


def document_rate(doc: dict[str, Any], amount: Decimal, mapping: Mapping) -> Converted | None:
    """The CurrencyRate of a document, or of a sum entered in it (`amount`, document currency): document currency per 1 base, the inverse of
    ERPNext's conversion_rate (Xero's developer documentation, best practices, "Multicurrency"). None in base currency."""
    if doc["currency"] == mapping.base_currency:
        return None
    rate = decimal(doc.get("conversion_rate"))
    return converted(doc["name"], abs(amount), abs(amount) * rate, rate, mapping.base_currency, mapping.accept_rates)


def _row_kind(row: dict[str, Any], builder: LineBuilder) -> str:
    """What a row is by its account (`tax_rows.kind_of`), or what a row for valuation is (`valuation.kind`)."""
    return valuation.kind(builder, row, kind_of(row, builder.mapping))


def _is_inclusive(doc: dict[str, Any], rows: list[dict[str, Any]], kinds: list[str]) -> bool:
    """Gross amounts are sent where every row is a tax inside the price and no document discount was taken."""
    shown = [(row, kind) for row, kind in zip(rows, kinds) if kind not in ("valuation", "moved")]
    return (
        bool(shown)
        and all(kind == "tax" and row.get("included_in_print_rate") for row, kind in shown)
        and not decimal(doc.get("discount_amount"))
    )


def _unit(doc: dict[str, Any], rows: list[dict[str, Any]]) -> Decimal:
    """What the document's figures are rounded to: whole yen where it is in yen and none of its figures has a fraction."""
    figures = [decimal(item.get("net_amount")) for item in doc.get("items") or []]
    return rounded_to(doc["currency"], [*figures, *(taxes.row_total(row) for row in rows), decimal(amount_due(doc))])


def _tax_lines(builder: LineBuilder, rows: list[dict[str, Any]], kinds: list[str]) -> list[TaxLine]:
    items = [
        TaxLine(
            decimal(item.get("net_amount")),
            taxes.item_rates(item.get("item_tax_rate")),
            item.get("item_tax_template") or "",
            # Tax on imports typed as a line on the tax account itself.
            fixed=account if (account := builder.account_of(item)) and builder.mapping.is_tax(account) else "",
        )
        for item in builder.doc.get("items") or []
    ]
    charges: list[TaxLine] = []
    for at, row in enumerate(rows):
        if kinds[at] in ("charge", "cost") and taxes.row_total(row):
            charges += taxes.charge_lines(at, row, items)
        elif kinds[at] == "fixed" and taxes.row_total(row):
            charges.append(TaxLine(taxes.row_total(row), charge_row=at, fixed=row["account_head"]))
    return items + charges


def _allocate(builder: LineBuilder, rows: list[dict[str, Any]], tax_rows: list[int], lines: list[TaxLine]) -> None:
    for at in tax_rows:
        touched = [line for line in lines if at in line.exact]
        exact = shares(builder.doc, taxes.row_total(rows[at]), [line.exact[at] for line in touched], builder.unit)
        parts = taxes.allocate_row(rows[at], exact, [line.net for line in touched], builder.unit)
        if parts is None:
            builder.problems.append(
                Problem(
                    "tax-not-explained",
                    _("The tax row {account} is {row_total}, which its rate and the lines do not explain").format(
                        account=rows[at]["account_head"], row_total=taxes.row_total(rows[at])
                    ),
                    _(
                        "Check whether the tax was typed in or uses a charge type other than On Net Total or On Previous Row; correct and amend"
                    ),
                )
            )
            continue
        for line, part in zip(touched, parts):
            line.tax += part


def _untaxed(builder: LineBuilder, tax_lines: list[TaxLine]) -> list[str]:
    items = zip(builder.doc.get("items") or [], tax_lines)
    return [builder.account_of(item) for item, line in items if line.net and not line.fixed and not any(rate for _, rate in line.parts)]


def _item_lines(builder: LineBuilder, rows: list[dict[str, Any]], tax_lines: list[TaxLine]) -> None:
    for item, source in zip(builder.doc.get("items") or [], tax_lines):
        amount = decimal(item.get("amount" if builder.inclusive else "net_amount"))
        price = decimal(item.get("rate" if builder.inclusive else "net_rate"))
        quantity, unit = unit_price(decimal(item.get("qty")), price, amount)
        # A debit note may charge an amount on no quantity at all.
        one_unit = quantity == 1 and decimal(item.get("qty")) not in (0, 1)
        shown = f" ({plain(decimal(item.get('qty'))):f} {one_line(item.get('uom'))} x {plain(price):f})" if one_unit else ""
        body: dict[str, Any] = {"Description": line_text(item, shown), "Quantity": plain(quantity), "UnitAmount": plain(unit)}
        line = Line(body, source, amount, builder.account_of(item), taxed_as=item.get("taxed_as") or "")
        builder.name_item(line, item)
        _add_line(builder, line, DISCOUNT if line.taxed_as else builder.direction, item.get("cost_center"))


def _charge_lines(builder: LineBuilder, rows: list[dict[str, Any]], kinds: list[str], tax_lines: list[TaxLine]) -> None:
    for whole in tax_lines:
        if whole.charge_row is None:
            continue
        row = rows[whole.charge_row]
        own = [(str(row["account_head"]), str(row.get("cost_center") or ""), whole)]
        places = valuation.divided(builder, row, whole) if kinds[whole.charge_row] == "cost" else own
        for account, cost_center, source in places:
            body = charge_line(row, source.net)
            _add_line(builder, Line(body, source, source.net, account, row), "charge", cost_center)


def _add_line(builder: LineBuilder, line: Line, default: str, cost_center: str | None) -> None:
    """Give a line its account (or the default of that name), tax type and tracking, each with its reason."""
    code = builder.mapping.account(line.account, default)
    builder.put(line.body, "AccountCode", code)
    chosen = choose(builder, line)
    if isinstance(chosen, Problem):
        builder.note(chosen)
    else:
        line.tax_type = chosen
        line.body["TaxType"] = chosen.code
        why = [builder.mapping.account_why(line.account, default), line.item_why]
        builder.explain(line.body, joined(". ", [each for each in why if each]), chosen.why)
        if isinstance(code, str) and (problem := unfit(builder, chosen, code, line.source.tax_key)):
            builder.note(_on_its_account(problem, line.account, chosen.code) if line.taxed_as and chosen.active else problem)
    if tracking := builder.mapping.tracked(cost_center):
        line.body["Tracking"] = tracking
    if cost_center and line.amount:
        builder.cost_centers.append(cost_center)
    builder.lines.append(line)


def _on_its_account(problem: Problem, account: str, code: str) -> Problem:
    """Why a discount cannot have the tax type of what it is taken off: another account for it is the cure."""
    resolution = _(
        "Map {account} under Accounts in Mapping to an account that takes {code}, the tax type of what the discount is taken off"
    ).format(account=account, code=code)
    return replace(problem, resolution=resolution, causes=(causes.account(account), *problem.causes))


def _check_precision(builder: LineBuilder, tax: Decimal) -> None:
    """No figure may have more decimals than Xero keeps, not even where another one makes up for it."""
    doc = builder.doc
    figures = [line.amount for line in builder.lines] + [tax, amount_due(doc), decimal(doc.get("grand_total"))]
    figures += [taxes.row_total(row) for row in doc.get("taxes") or [] if row.get("category") != "Valuation"]
    if any(decimals(figure) > 2 for figure in figures):
        builder.problems.append(
            too_many_decimals(
                _("{doctype} {name} has amounts with more than two decimals; Xero keeps two").format(
                    doctype=term(builder.doc["doctype"]), name=builder.doc["name"]
                ),
                builder.doc["currency"],
            )
        )
