"""The documents that may have been open in Xero at the end of a day, from its lists: calls of engine/direct."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from ..xero.answers import Answer
from ..xero.client import Request
from ..xero.records.registry import CREDITS, INVOICE
from ..xero.records.xero_element import asked_day
from .pages import pages

Element = dict[str, Any]


class NoAnswer(Exception):
    """Xero did not show a list."""

    def __init__(self, answer: Answer):
        super().__init__(str(answer.status or answer.failure))
        self.answer = answer


def read(calls: Callable[[Request], Answer], at: str, today: str = "") -> dict[str, list[Element]]:
    """By endpoint what was open at the end of the day `at` (yyyy-mm-dd): what is open now, and what was paid since and so has changed since. Of `today` credits and advances that
    were used up are not looked for, which saves three requests: only a refund dated ahead would show there. Raises NoAnswer."""
    until = f"Date<={asked_day(at)}"
    # An hour before the day in the first of all time zones ends: more than was changed since is no harm.
    since = (datetime.combine(date.fromisoformat(at), datetime.min.time()) - timedelta(hours=15)).strftime("%Y-%m-%dT%H:%M:%S")
    found: dict[str, list[Element]] = {}
    for endpoint in (INVOICE.endpoint, *CREDITS):
        found[endpoint] = list(_listed(calls, endpoint, f'{until} AND Status=="AUTHORISED"', ""))
        if endpoint == INVOICE.endpoint or not today or at < today:
            found[endpoint] += _listed(calls, endpoint, f'{until} AND Status=="PAID"', since)
    return found


def _listed(calls: Callable[[Request], Answer], endpoint: str, where: str, since: str) -> Iterator[Element]:
    def once(path: str) -> dict[str, Any]:
        answer = calls(Request("GET", path, modified_since=since))
        if answer.status == 304:
            return {}
        if answer.status != 200 or not isinstance(answer.data, dict) or not isinstance(answer.data.get(endpoint), list):
            raise NoAnswer(answer)
        return answer.data

    for _answer, listed in pages(once, endpoint, f"where={quote(where, safe='')}"):
        yield from listed
