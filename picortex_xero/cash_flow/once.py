"""Open items of both books, each once: what is linked is one item, and ERPNext's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..accounting.texts import _
from .values import HERE, IN_XERO, Item, because

# Documents of ERPNext by the id of what they are in Xero, in lower case.
Links = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Both:
    """`items`: those that count. `left_out`: what Xero has open and ERPNext does not although it knows it (it is paid here, and the payment on its way; or cancelled here): named, not counted."""

    items: tuple[Item, ...]
    left_out: tuple[Item, ...]


def once(here: Iterable[Item], there: Iterable[Item], links: Links) -> Both:
    """What is open here, on the day that Xero has for it where it has one; and what only Xero has. An item of Xero is called by its id, and comes once, however often it is read."""
    own, planned, only_there, left_out, seen = list(here), dict[tuple[str, str], date](), [], [], set[str]()
    documents = {(each.doctype, each.name) for each in own}
    for item in there:
        if item.name in seen:
            continue
        seen.add(item.name)
        linked = links.get(item.name)
        if linked is None:
            only_there.append(replace(item, book=IN_XERO))
        elif linked in documents:
            if item.planned is not None:
                planned[linked] = item.planned
        else:
            left_out.append(replace(item, book=IN_XERO))
    return Both((*(_on_its_day(each, planned) for each in own), *only_there), tuple(left_out))


def _on_its_day(item: Item, planned: Mapping[tuple[str, str], date]) -> Item:
    """What Xero has as expected or planned day of an invoice is of the whole: an instalment keeps its own."""
    when = planned.get((item.doctype, item.name))
    if when is None or item.part or item.planned is not None or item.book != HERE:
        return item
    return replace(item, planned=when, why=because(_("Xero has it as expected or planned for that day")))
