"""What a preview looks for in Xero where the user chose so: which numbers are there already, and how many invoices and bills of a month are approved,
by whomever. Reads only."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timezone
from typing import Any
from urllib.parse import quote

from ..accounting.money import decimal, half_up
from ..accounting.texts import Text, _, amount, dump, joined, plain
from ..attention import wording
from ..xero.client import Request
from ..xero.records.registry import INVOICE
from . import direct, preview_rows
from .screen_texts import stored

# Numbers that are asked for in one call.
AT_ONCE = 40
DATED = re.compile(r"/Date\((-?\d+)")
Counts = Callable[[int], None]


class NoAnswer(Exception):
    """Xero did not answer a read."""


def day(shown: str) -> str:
    """A date as Xero's lists show it (/Date(1760572800000+0000)/ or ISO), as yyyy-mm-dd; "" for none."""
    if found := DATED.search(shown):
        return datetime.fromtimestamp(int(found[1]) // 1000, timezone.utc).date().isoformat()
    return shown[:10]


def ends(month: str) -> tuple[str, str]:
    """The first and last day of a month (yyyy-mm)."""
    year, number = int(month[:4]), int(month[5:7])
    return f"{month}-01", f"{month}-{calendar.monthrange(year, number)[1]:02d}"


def pages(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Lines whose numbers are asked for together."""
    for at in range(0, len(rows), AT_ONCE):
        yield rows[at : at + AT_ONCE]


def numbers(connection: Any, wanted: list[str], counts: Counts) -> dict[str, Text]:
    """Of these numbers those that sales invoices in Xero bear, folded, each with what it is. Raises NoAnswer. Commits."""
    found: dict[str, Text] = {}
    listed = _read(connection, f"{INVOICE.endpoint}?{INVOICE.numbered(*wanted)}&page=1&pageSize=100", counts).get(INVOICE.endpoint)
    for each in listed if isinstance(listed, list) else []:
        number = str(each.get("InvoiceNumber") or "")
        if each.get("Type") == "ACCREC" and number:
            contact = str((each.get("Contact") or {}).get("Name") or "")
            said = [
                plain(contact),
                amount(half_up(decimal(each.get("Total")))),
                wording.in_xero(INVOICE.endpoint, str(each.get("Status") or ""), None),
            ]
            found[number.casefold()] = joined(", ", said)
    return found


def approved(connection: Any, month: str, what: str, counts: Counts) -> int:
    """How many sales invoices or bills dated in a month are approved in Xero, by whomever. Raises NoAnswer. Commits."""
    first, last = (date.fromisoformat(each) for each in ends(month))
    kind = "ACCPAY" if what == "bills" else "ACCREC"
    dates = [f"DateTime({each.year}, {each.month:02d}, {each.day:02d})" for each in (first, last)]
    where = f'Type=="{kind}" AND Date>={dates[0]} AND Date<={dates[1]} AND (Status=="AUTHORISED" OR Status=="PAID")'
    total = page = 0
    while True:
        page += 1
        answer = _read(connection, f"{INVOICE.endpoint}?where={quote(where, safe='')}&page={page}&pageSize=1000", counts)
        listed = answer.get(INVOICE.endpoint)
        said = (answer.get("pagination") or {}).get("itemCount")
        if said is not None:
            return int(said)
        total += len(listed) if isinstance(listed, list) else 0
        if not listed or len(listed) < 1000:
            return total


def taken(number: str, what: Text) -> dict[str, Any]:
    """The columns of a line whose number Xero has already."""
    said = _("Xero has the number {number} already: {what}").format(number=number, what=what)
    cure = _("Look at both: where it is the same, press Done by Hand on the document; else give one of them another number")
    state = preview_rows.HELD
    shown = {"problems": stored(said)[:900], "cure": stored(cure), "texts": dump(problems=said, cure=cure), "codes": "number-taken"}
    return {**shown, "state": state, "rank": preview_rows.RANK[state]}


def _read(connection: Any, path: str, counts: Counts) -> dict[str, Any]:
    answer = direct.calls(connection)(Request("GET", path))
    counts(1)
    if answer.status != 200 or not isinstance(answer.data, dict):
        raise NoAnswer(f"{answer.status or answer.failure}")
    return answer.data
