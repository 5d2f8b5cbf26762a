"""OFX/QFX and MT940, read by the library `bankfile` (docs/decisions.md), one statement for each account of a file.

The library reads one account from a file, so a file of several is taken apart before. It reports what it could not read and goes on; an import that lacks a line is
worse than none, so a file with a line that was not read is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bankfile import Statement as Found
from bankfile import Transaction, UnknownFormatError
from bankfile import parse_bytes as parsed

from ..accounting.texts import Text, _, joined
from .values import Statement, StatementLine, Unreadable, given

_STATEMENT = re.compile(rb"<(?:CC)?STMTRS>", re.IGNORECASE)
_BODY = re.compile(rb"<OFX>", re.IGNORECASE)
_OFX_LINE = re.compile(rb"<STMTTRN>", re.IGNORECASE)
_BLOCK = re.compile(rb"(?m)^(?=:\r?\n?20:)")
_ACCOUNT = re.compile(rb"(?m)^:\r?\n?25[A-Z]?:\s*([^\r\n]+)")
_BALANCE = re.compile(rb"(?m)^:\r?\n?62[FM]:\s*([CD])\d{6}[A-Z]{3}(\d+(?:,\d*)?)\s*$")
_MT940_LINE = re.compile(rb"(?m)^:\r?\n?61:")


def read_ofx(content: bytes) -> tuple[Statement, ...]:
    """The statements of an OFX or QFX file. Raises Unreadable."""
    body = _BODY.search(content)
    starts = [found.start() for found in _STATEMENT.finditer(content)]
    if body is None or not starts:
        raise Unreadable(_("The file is OFX, and holds no statement of a bank account or card"))
    ends = [*starts[1:], len(content)]
    parts = [content[: body.end()] + content[start:end] for start, end in zip(starts, ends)]
    return tuple(_statement("OFX", _parsed(part), len(_OFX_LINE.findall(part))) for part in parts)


def read_mt940(content: bytes) -> tuple[Statement, ...]:
    """The statements of an MT940 file; several days of one account are one. Raises Unreadable."""
    accounts: dict[bytes, list[bytes]] = {}
    last = b""
    for block in _BLOCK.split(content):
        if named := _ACCOUNT.search(block):
            last = named[1].strip()
        if named or _MT940_LINE.search(block):
            accounts.setdefault(last, []).append(block)
    if not accounts:
        raise Unreadable(_("The file looks like MT940, and holds no statement"))
    parts = [b"".join(blocks) for blocks in accounts.values()]
    return tuple(
        _with_last_balance(_statement("MT940", _parsed(part), len(_MT940_LINE.findall(part))), _BALANCE.findall(part)) for part in parts
    )


def _parsed(part: bytes) -> Found:
    try:
        return parsed(part)
    except UnknownFormatError as error:
        raise Unreadable(_("The file holds no statement")) from error


def _with_last_balance(statement: Statement, balances: list[tuple[bytes, bytes]]) -> Statement:
    """The closing balance of the last page, also where the bank calls that an interim one (62M) and pages before it ended with a final one (62F)."""
    if not balances or statement.closing is None:
        return statement
    mark, figure = balances[-1]
    amount = Decimal(figure.decode().rstrip(",").replace(",", "."))
    return replace(statement, closing=-amount if mark == b"D" else amount)


def _statement(form: str, found: Found, written: int) -> Statement:
    lines = tuple(_line(each, found.currency or "") for each in found.transactions)
    if len(lines) != written:
        why = joined(" ", dict.fromkeys(str(each.message) for each in found.warnings if each.rule in ("tag", "date", "amount")))
        raise Unreadable(
            _("{lost} of {all} lines of the file cannot be read, so none is imported. {why}").format(
                lost=written - len(lines), all=written, why=why
            )
        )
    return Statement(
        form, found.account or "", found.currency or "", lines, found.opening_balance, found.closing_balance, tuple(_remarks(found))
    )


def _remarks(found: Found) -> Iterator[Text]:
    """What the library doubts of dates and amounts. A statement that does not add up is the gap's (values.py), not said twice."""
    for each in found.warnings:
        if each.rule == "date" or (each.rule == "amount" and each.field != "62F"):
            yield _("{field} {value}: check this line in the bank's own statement").format(field=each.field or "", value=each.value or "")
        elif each.rule == "encoding":
            yield _("The file does not say which characters it uses; look whether names with accents are right")


def _line(found: Transaction, currency: str) -> StatementLine:
    raw: dict[str, Any] = found.raw
    return StatementLine(
        date=found.booking_date if found.booking_date and "entry_date" in raw else found.date,
        amount=found.amount,
        currency=found.currency or currency,
        description=_words((found.purpose, raw.get("extra_details"), raw.get("additional_purpose")), found.counterparty_name),
        reference=_reference(found.reference, found.check_number, raw.get("end_to_end_reference")),
        party_name=_one(found.counterparty_name),
        party_number=_one(found.counterparty_account),
        transaction_type=_one(raw.get("posting_text") or raw.get("TRNTYPE") or raw.get("id")),
        bank_id=_one(raw.get("FITID")),
    )


def _words(texts: Iterable[object], otherwise: object) -> str:
    """All that is said, each thing once; the name where nothing else is."""
    said = list(dict.fromkeys(_one(each) for each in texts if _one(each)))
    return " ".join(said) or _one(otherwise)


def _reference(*candidates: object) -> str:
    return next((text for each in candidates if (text := given(_one(each)))), "")


def _one(value: object) -> str:
    """A text on one line."""
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""
