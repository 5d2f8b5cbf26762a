"""The lines of a record, as they were sent and as Xero shows them: do they agree in account, tax type, tracking and amount?

Totals may agree although a line lost its account: Xero keeps a draft without one and only warns (its API, "Invoices"; its error texts in
xero/errors.json). Only lines with an amount are compared, since Xero is reported to keep a line of zero without the account that was sent,
and only what was sent: what a request leaves out Xero fills in itself. Lines are paired by what they say before their place counts. A record
that shows no lines, as lists and old answers do, proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.rounding import line_amount
from .base import Element
from .xero_element import fold, money

# Under which names lines stand, in invoices and in journals.
NAMES = ("LineItems", "JournalLines")
# What Xero may show as the tax type of a line of a document without tax, whatever was sent (not yet tried on a live Xero).
WITHOUT_TAX = ("none", "basexcluded")
# A line as it was sent, in a form that is stored as JSON: amount, account, account_id, tax_type, tax, tracking ([[category, option, id]]).
Sent = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """Xero's ids as its lists tell them: of accounts by code, of tracking options by (category, option)."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)


NOTHING_KNOWN = Known()


@dataclass(frozen=True)
class Difference:
    """One line that Xero has otherwise: its number as it was sent (from 1; 0 for a line that was not sent), what differs (AccountCode,
    TaxType, Tracking, LineAmount, TaxAmount, Line), and how it is here and there ("" for nothing)."""

    number: int
    what: str
    here: str
    there: str


def rows_of(element: Element) -> list[Element] | None:
    """The lines of an element; None where it shows none, or one that cannot be read."""
    for name in NAMES:
        rows = element.get(name)
        rows = [rows] if isinstance(rows, dict) and rows else rows
        if isinstance(rows, list) and rows:
            return rows if all(isinstance(row, dict) for row in rows) else None
    return None


def sent_lines(body: Element, known: Known = NOTHING_KNOWN) -> list[Sent]:
    """The lines of a request's element that have an amount; each with its number, from 1."""
    untaxed = body.get("LineAmountTypes") == "NoTax"
    found = []
    for number, row in enumerate(rows_of(body) or [], start=1):
        amount = _amount(row)
        if not amount or not Decimal(amount):
            continue
        line: Sent = {"number": number, "amount": amount}
        if code := row.get("AccountCode"):
            line |= {"account": str(code), **({"account_id": known.accounts[code]} if known.accounts.get(code) else {})}
        if tax_type := row.get("TaxType"):
            line |= {"tax_type": str(tax_type), **({"untaxed": True} if untaxed else {})}
        if row.get("TaxAmount") is not None and not untaxed:
            line["tax"] = money(row["TaxAmount"])
        if tags := row.get("Tracking"):
            line["tracking"] = [[each["Name"], each["Option"], known.options.get((each["Name"], each["Option"]), "")] for each in tags]
        found.append(line)
    return found


def differences(sent: Iterable[Sent], element: Element, amount_types: str = "") -> list[Difference] | None:
    """What differs line by line, in the order of what was sent; None where Xero shows no lines although some were sent. `amount_types`: how
    the amounts were sent; amounts that Xero shows another way are not compared."""
    wanted = list(sent)
    if not wanted:
        return []
    rows = rows_of(element)
    if rows is None:
        return None
    other = bool(amount_types and element.get("LineAmountTypes") and fold(element["LineAmountTypes"]) != fold(amount_types))
    places = [(at, row) for at, row in enumerate(rows, start=1) if _amount(row) == "" or Decimal(_amount(row))]
    pairs, alone, more = _paired(wanted, places, other)
    found = [each for line, row in pairs for each in _differing(line, row, other)]
    found += [Difference(line["number"], "Line", line["amount"], "") for line in alone]
    found += [Difference(0, "Line", "", _amount(row)) for row in more]
    return sorted(found, key=lambda each: each.number or len(wanted) + len(rows))


def differing_tax_types(sent: Iterable[Sent], element: Element, expected: Callable[[Sent], Decimal | None]) -> set[str]:
    """The tax types of lines on which Xero shows another tax than `expected`; of all lines with tax where it does not show theirs."""
    wanted = [line for line in sent if line.get("tax_type") and not line.get("untaxed")]
    places = list(enumerate(rows_of(element) or [], start=1))
    pairs, _, _ = _paired(wanted, places, False)
    found = set()
    for line, row in pairs:
        shown, own = money(row.get("TaxAmount")), expected(line)
        if shown and own is not None and Decimal(shown) != own:
            found.add(str(line["tax_type"]))
    return found or {str(line["tax_type"]) for line in wanted if expected(line) != ZERO}


Place = tuple[int, Element]


def _paired(wanted: list[Sent], places: list[Place], other: bool) -> tuple[list[tuple[Sent, Element]], list[Sent], list[Element]]:
    """(pairs, lines without a partner, rows without one): equal ones at the same place, equal ones anywhere, then those of one amount that
    differ least, then by place."""
    pairs: list[tuple[Sent, Element]] = []
    open_lines, left = list(wanted), dict(places)

    def take(line: Sent, at: int) -> None:
        pairs.append((line, left.pop(at)))
        open_lines.remove(line)

    for line in list(open_lines):
        if line["number"] in left and not _differing(line, left[line["number"]], other):
            take(line, line["number"])
    for line in sorted(open_lines, key=len, reverse=True):
        if (at := next((at for at, row in left.items() if not _differing(line, row, other)), None)) is not None:
            take(line, at)
    for line in list(open_lines):
        same = [at for at, row in left.items() if _amount(row) == line["amount"]]
        if same:
            take(line, min(same, key=lambda at: (len(_differing(line, left[at], other)), abs(at - line["number"]))))
    for line in list(open_lines):
        if left:
            take(line, min(left, key=lambda at: abs(at - line["number"])))
    # A row without an amount is a remark.
    return pairs, open_lines, [row for row in left.values() if _amount(row)]


def _amount(row: Element) -> str:
    """A line's amount; "" where it does not tell."""
    if row.get("LineAmount") is not None:
        return money(row["LineAmount"])
    if row.get("UnitAmount") is None or row.get("Quantity") is None:
        return money(row.get("UnitAmount"))
    try:
        full = line_amount(decimal(row["Quantity"]), decimal(row["UnitAmount"]))
        off = decimal(row.get("DiscountAmount")) + full * decimal(row.get("DiscountRate")) / 100
    except (ValueError, ArithmeticError):
        return ""
    return money(full - off)


def _differing(line: Sent, row: Element, other: bool) -> list[Difference]:
    number, found = int(line["number"]), []
    if not other and (shown := _amount(row)) and Decimal(shown) != Decimal(line["amount"]):
        found.append(Difference(number, "LineAmount", line["amount"], shown))
    if "account" in line and not _same_account(line, row):
        found.append(Difference(number, "AccountCode", line["account"], str(row.get("AccountCode") or "")))
    if "tax_type" in line and not _same_tax_type(line, row):
        found.append(Difference(number, "TaxType", line["tax_type"], str(row.get("TaxType") or "")))
    if not other and "tax" in line and (tax := money(row.get("TaxAmount"))) and Decimal(tax) != Decimal(line["tax"]):
        found.append(Difference(number, "TaxAmount", line["tax"], tax))
    if "tracking" in line:
        shown_tags = [each for each in row.get("Tracking") or [] if isinstance(each, dict)] if isinstance(row.get("Tracking"), list) else []
        if not all(any(_same_option(tag, each) for each in shown_tags) for tag in line["tracking"]):
            here = ", ".join(f"{category}: {option}" for category, option, _ in line["tracking"])
            there = ", ".join(sorted(f"{each.get('Name') or ''}: {each.get('Option') or ''}" for each in shown_tags))
            found.append(Difference(number, "Tracking", here, there))
    return found


def _same_account(line: Sent, row: Element) -> bool:
    """By Xero's id where both are known: an account may have got another code, and a code another account."""
    code, xero_id = fold(row.get("AccountCode")), fold(row.get("AccountID"))
    if xero_id and line.get("account_id"):
        return xero_id == fold(line["account_id"])
    return code == fold(line["account"]) if code else bool(xero_id)


def _same_tax_type(line: Sent, row: Element) -> bool:
    shown = fold(row.get("TaxType"))
    return shown == fold(line["tax_type"]) or bool(line.get("untaxed") and shown in ("", *WITHOUT_TAX))


def _same_option(tag: list[str], shown: Element) -> bool:
    category, option, xero_id = tag
    if xero_id and fold(shown.get("TrackingOptionID")) == fold(xero_id):
        return True
    return (fold(shown.get("Name")), fold(shown.get("Option"))) == (fold(category), fold(option))
