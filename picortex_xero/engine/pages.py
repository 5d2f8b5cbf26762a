"""One of Xero's lists, page by page, for whoever reads it outside a run: the check of opening balances, a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..xero.records.base import Element

# Records of a page.
PAGE = 1000


def pages(read: Callable[[str], dict[str, Any]], endpoint: str, query: str) -> Iterator[tuple[dict[str, Any], list[Element]]]:
    """Each page of the list at `endpoint` that a query asks for: the whole answer and its elements, until one is not full. `read` gives what Xero answers to a path, {}
    where it has nothing to show, and raises where there is no answer."""
    number = 0
    while True:
        number += 1
        answer = read(f"{endpoint}?{query}&page={number}&pageSize={PAGE}")
        listed = answer.get(endpoint)
        elements = listed if isinstance(listed, list) else []
        yield answer, [each for each in elements if isinstance(each, dict)]
        if len(elements) < PAGE:
            return
