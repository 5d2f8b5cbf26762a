"""A bank's CSV: which characters, which delimiter, which columns, which order of day and month, and then its lines.

What the file leaves open (03/04/2026 in every row) is asked of a person, never guessed: `Unreadable` says what to choose.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..accounting.texts import Text, _
from .columns import DAY_FIRST, MONTH_FIRST, YEAR_FIRST, Columns, by_headings
from .values import Statement, StatementLine, Unreadable, given

DELIMITERS = ",;\t|"
# Headings come within these many rows; banks write the account and the period above them.
HEADINGS_WITHIN = 30
# By their first letters without accents, as banks of countries with Latin letters write them. July and June differ in French by the fourth.
MONTHS = {
    name: at
    for at, names in enumerate(
        "jan/ene/gen feb/fev mar/mrz/mrt apr/abr/avr may/mai/mei/mag/maj jun/giu/juin jul/lug/juil aug/ago/aou sep/set oct/okt/ott/out nov dec/dez/dic".split(),
        1,
    )
    for name in names.split("/")
}
# A text that begins with these bytes is in this charset.
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# 20260324 | 2026-03-24 | 24/03/2026, 24 Mar 26 | Mar 24, 2026; what follows (a time) is not looked at.
DATES = (
    ("YMD", re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)")),
    ("YMD", re.compile(r"(\d{4})[./\-\s]+(\d{1,2}|[^\W\d_]{3,9})[./\-\s]+(\d{1,2})(?!\d)")),
    ("", re.compile(r"(\d{1,2})[./\-\s]+(\d{1,2}|[^\W\d_]{3,9})[./\-\s,]+(\d{4}|\d{2})(?!\d)")),
    ("MDY", re.compile(r"([^\W\d_]{3,9})[.\s]+(\d{1,2})[,\s]+(\d{4})(?!\d)")),
)
_AMOUNT = re.compile(r"([-+]?)(\(?)([-+]?)([\d.,'’]*\d[\d.,]*)(\)?)([-+]?)")
_MARK = re.compile(r"\s*\b(CR|DR|C|D)\s*$", re.IGNORECASE)
OUT = frozenset("debit dr d db out s soll withdrawal - dbit af".split())
IN = frozenset("credit cr c in h haben deposit + crdt bij".split())
# What banks say of a line that has moved no money, or not yet.
NOT_BOOKED = frozenset(
    ("pending", "reverted", "declined", "failed", "cancelled", "canceled", "in progress", "vorgemerkt", "authorised", "authorized")
)


def read(content: bytes, columns: Columns | None = None) -> tuple[Statement, ...]:
    """The statements of a CSV, one for each account it names. Raises Unreadable."""
    rows = table(content, columns.delimiter if columns else "")
    chosen, lines = _with_order(rows, columns or suggest(rows))
    chosen = _own_account(chosen, lines)
    left_out = sum(_is_not_booked(row, chosen) for row in rows[chosen.first_row :])
    remarks = [_("{count} lines that the bank has not booked are left out").format(count=left_out)] if left_out else []
    accounts: dict[str, list[list[str]]] = {}
    for row in lines:
        accounts.setdefault(_cell(row, chosen.account), []).append(row)
    return tuple(_statement(account, body, chosen, remarks) for account, body in accounts.items())


def _own_account(columns: Columns, lines: Sequence[Sequence[str]]) -> Columns:
    """These columns; one that names an account in some lines only is the other side's, since every line is of an account of ours."""
    named = [bool(_cell(row, columns.account)) for row in lines]
    if columns.account is None or all(named) or not any(named):
        return columns
    return replace(columns, account=None, party_number=columns.account if columns.party_number is None else columns.party_number)


def table(content: bytes, delimiter: str = "") -> list[list[str]]:
    """All rows of a CSV that say something; with the delimiter that fits it where none is named. Raises Unreadable."""
    return _rows(decoded(content), delimiter)


def settled(rows: Sequence[Sequence[str]], columns: Columns) -> Columns:
    """These columns with the order of day and month that the dates show. Raises Unreadable where they show none."""
    return _with_order(rows, columns)[0]


def _with_order(rows: Sequence[Sequence[str]], columns: Columns) -> tuple[Columns, list[list[str]]]:
    lines = _body(rows, columns)
    return (columns if columns.order else replace(columns, order=order_of(row[columns.date] for row in lines))), lines


def decoded(content: bytes) -> str:
    """The text: as its first bytes say, else UTF-8 where it is, else Windows' Western European. Raises Unreadable."""
    charset = next((each for mark, each in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(charset)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text or "\ufffd" in text:
        raise Unreadable(_("The characters of the file cannot be read. Save it as CSV with UTF-8"))
    return text


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """All rows that say something."""
    # The one that splits most rows into the most equal number of cells.
    chosen = delimiter or max(DELIMITERS, key=lambda each: _evenly(text, each))
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=chosen) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unreadable(_("The CSV cannot be read: {error}").format(error=str(error))) from error


def _evenly(text: str, delimiter: str) -> int:
    counts = [line.count(delimiter) for line in text.splitlines()[:200] if line.strip()]
    most = max(set(counts), key=counts.count, default=0)
    return counts.count(most) * most if most else 0


def suggest(rows: Sequence[Sequence[str]]) -> Columns:
    """The columns by their headings; by what is in them where there are none. Raises Unreadable."""
    for at, row in enumerate(rows[:HEADINGS_WITHIN]):
        if found := by_headings(row, at + 1):
            return found
    without = _without_headings(rows)
    if without is None:
        raise Unreadable(_("No columns with a date and an amount are found. Choose which column is which"))
    return without


def _without_headings(rows: Sequence[Sequence[str]]) -> Columns | None:
    """A file that begins with its lines at once (the CSV of some Australian banks): the first date, the first amount after it, the longest text; a last amount is the
    balance."""
    if not rows or len({len(row) for row in rows[:50]}) != 1:
        return None
    cells = [[row[at].strip() for row in rows[:200]] for at in range(len(rows[0]))]
    dates = [at for at, column in enumerate(cells) if all(_date(cell) for cell in column)]
    amounts = [
        at
        for at, column in enumerate(cells)
        if at not in dates and all(_is_amount(cell) for cell in column) and any(re.search(r"[.,]\d\d\b", cell) for cell in column)
    ]
    texts = [
        at
        for at, column in enumerate(cells)
        if at not in dates and at not in amounts and any(re.search(r"[^\W\d_]{2}", cell) for cell in column)
    ]
    if not dates or not amounts or not texts:
        return None
    return Columns("", 0, dates[0], amount=amounts[0], texts=tuple(texts), balance=amounts[1] if len(amounts) > 1 else None)


def _body(rows: Sequence[Sequence[str]], columns: Columns) -> list[list[str]]:
    """The rows that are lines; those after the headings without a date are totals and remarks of the bank."""
    most = max(
        [
            columns.date,
            *columns.texts,
            *(at for at in (columns.amount, columns.money_in, columns.money_out, columns.balance) if at is not None),
        ]
    )
    body = []
    for row in (each for each in rows[columns.first_row :] if not _is_not_booked(each, columns)):
        padded = [*row, *[""] * (most + 1 - len(row))]
        has_amount = any(_cell(padded, at) for at in (columns.amount, columns.money_in, columns.money_out))
        if _date(padded[columns.date]) and (has_amount or not _is_total(padded)):
            body.append(padded)
        elif has_amount and not _is_total(padded):
            raise Unreadable(
                _("{text} is no date, and the row has an amount: {row}").format(text=padded[columns.date][:40], row=" | ".join(row)[:120])
            )
    return body


def _is_not_booked(row: Sequence[str], columns: Columns) -> bool:
    return _cell(row, columns.status).casefold() in NOT_BOOKED


def _is_total(row: Sequence[str]) -> bool:
    return bool(re.search(r"total|balance|saldo|summe|pending|brought forward|carried forward", " ".join(row), re.IGNORECASE))


def order_of(dates: Iterable[str]) -> str:
    """In which order day, month and year stand in these dates. Raises Unreadable where all of them could be either."""
    open_ones = [found for text in dates if (found := _date(text)) and found[0] == "" and found[1][1].isdigit()]
    if not open_ones:
        return YEAR_FIRST
    first_over = any(int(parts[0]) > 12 for _order, parts in open_ones)
    second_over = any(int(parts[1]) > 12 for _order, parts in open_ones)
    if first_over and second_over:
        raise Unreadable(_("Dates of this file cannot be read in one order of day and month"))
    if first_over or second_over:
        return DAY_FIRST if first_over else MONTH_FIRST
    raise Unreadable(_("Every date of this file could be day first or month first. Choose the order of day and month"))


def _date(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The order a date has of itself ("" for none), and its three parts."""
    return next(((order, found.groups()) for order, form in DATES if (found := form.match(text.strip()))), None)


def day(text: str, order: str) -> date:
    """A date in this order; a month in letters and a year in front speak for themselves. Raises Unreadable."""
    found = _date(text)
    try:
        if found is None:
            raise ValueError
        own, (first, middle, last) = found
        if own == YEAR_FIRST:
            return date(int(first), _month(middle), int(last))
        month_first = own == MONTH_FIRST or (order == MONTH_FIRST and middle.isdigit())
        the_day, month = (middle, first) if month_first else (first, middle)
        return date(int(last) + (2000 if len(last) == 2 else 0), _month(month), int(the_day))
    except (ValueError, KeyError) as error:
        raise Unreadable(_("{text} is no date").format(text=text[:40])) from error


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    name = "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))
    return MONTHS[name[:4] if name[:4] in MONTHS else name[:3]]


def _statement(account: str, body: Sequence[Sequence[str]], columns: Columns, remarks: Sequence[Text]) -> Statement:
    comma = _decimal_comma(
        [cell for row in body for at in (columns.amount, columns.money_in, columns.money_out, columns.balance) if (cell := _cell(row, at))],
        columns,
    )
    lines = [_line(row, columns, comma) for row in body]
    balances = [money(cell, comma) for row in body if (cell := _cell(row, columns.balance))] if columns.balance is not None else []
    newest_first = _newest_first(lines, balances)
    fees = [_fee(row, columns, comma) for row in body]
    if newest_first:
        for each in (lines, balances, fees):
            each.reverse()
    if any(fees) and not _adds_up(lines, balances) and _adds_up(less := _less(lines, fees), balances):
        # This bank says apart what it took: only its balances tell.
        lines = less
    whole = len(balances) == len(lines) and bool(lines)
    opening = balances[0] - lines[0].amount if whole else None
    return Statement(
        "CSV",
        account,
        next((each.currency for each in lines if each.currency), ""),
        tuple(lines),
        opening,
        balances[-1] if whole else None,
        tuple(remarks),
    )


def _less(lines: Sequence[StatementLine], fees: Sequence[Decimal]) -> list[StatementLine]:
    return [replace(line, amount=line.amount - fee) for line, fee in zip(lines, fees)]


def _fee(row: Sequence[str], columns: Columns, comma: bool) -> Decimal:
    cell = _cell(row, columns.fee)
    return abs(money(cell, comma)) if cell and _is_amount(cell) else Decimal(0)


def _adds_up(lines: Sequence[StatementLine], balances: Sequence[Decimal]) -> bool:
    """Whether each balance is the one before it and its line."""
    return len(balances) == len(lines) and all(balances[at - 1] + lines[at].amount == balances[at] for at in range(1, len(lines)))


def _newest_first(lines: Sequence[StatementLine], balances: Sequence[Decimal]) -> bool:
    """Whether the file begins with the newest line: by its dates, and where all are of one day by which way its balances add up."""
    if not lines:
        return False
    if lines[0].date != lines[-1].date:
        return lines[0].date > lines[-1].date
    if len(balances) != len(lines) or len(lines) < 2:
        return False
    return all(balances[at] - lines[at].amount == balances[at + 1] for at in range(len(lines) - 1))


def _decimal_comma(cells: Sequence[str], columns: Columns) -> bool:
    """Whether amounts have a decimal comma: some have two digits after the last one, and none has them after a point."""
    if columns.decimal == ",":
        return True
    return any(re.search(r",\d{1,2}\D*$", cell) for cell in cells) and not any(re.search(r"\.\d{1,2}\D*$", cell) for cell in cells)


def money(text: str, comma: bool = False) -> Decimal:
    """An amount with its sign: "-1,234.50", "(1,234.50)", "1.234,50-", "$50.00 DR". Raises Unreadable."""
    mark = _MARK.search(text)
    bare = re.sub(r"[^\d.,'’()+-]", "", text[: mark.start()] if mark else text)
    found = _AMOUNT.fullmatch(bare.replace("\u2212", "-"))
    if found is None:
        raise Unreadable(_("{text} is no amount").format(text=text[:40]))
    before, bracket, inside, digits, closed, after = found.groups()
    digits = re.sub(r"['’]", "", digits)
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    if digits.count(".") > 1 or bool(bracket) != bool(closed):
        raise Unreadable(_("{text} is no amount").format(text=text[:40]))
    negative = bool(bracket) or "-" in (before, inside, after) or (mark is not None and mark[1].upper().startswith("D"))
    return -Decimal(digits) if negative else Decimal(digits)


def _is_amount(text: str) -> bool:
    return bool(_AMOUNT.fullmatch(re.sub(r"[$£€\s\u00a0]", "", text)))


def _line(row: Sequence[str], columns: Columns, comma: bool) -> StatementLine:
    def said(at: int | None) -> str:
        # Some banks put a sign before a text, so that a spreadsheet takes it for none of its formulas.
        return re.sub(r"\s+", " ", _cell(row, at)).removeprefix("'")

    texts = list(dict.fromkeys(said(at) for at in columns.texts if said(at) and at != columns.mark))
    return StatementLine(
        date=day(row[columns.date], columns.order),
        amount=_amount(row, columns, comma),
        currency=said(columns.currency).upper() if re.fullmatch(r"[A-Za-z]{3}", said(columns.currency)) else "",
        description=" ".join(texts) or said(columns.party_name) or said(columns.transaction_type),
        reference=given(said(columns.reference)),
        party_name=said(columns.party_name),
        party_number=given(said(columns.party_number)),
        transaction_type=said(columns.transaction_type),
        bank_id=said(columns.bank_id),
    )


def _amount(row: Sequence[str], columns: Columns, comma: bool) -> Decimal:
    if columns.amount is None:
        came, went = _cell(row, columns.money_in), _cell(row, columns.money_out)
        if not came and not went:
            raise Unreadable(_("A row has no amount: {row}").format(row=" | ".join(row)[:120]))
        # Some banks write money out with a sign in its own column, others without.
        return (abs(money(came, comma)) if came else Decimal(0)) - (abs(money(went, comma)) if went else Decimal(0))
    amount = money(row[columns.amount], comma)
    mark = _cell(row, columns.mark).casefold()
    if mark in OUT:
        return -abs(amount)
    if mark in IN:
        return abs(amount)
    return -amount if columns.money_out_positive else amount


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at].strip() if at is not None and at < len(row) else ""
