"""Open items of both books, each once: what is linked is one item, and ERPNext's. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..accounting.money import ZERO
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


def settled_as_in_xero(
    both: Both, there: Iterable[Item], links: Links, settled: Collection[tuple[str, str]], stands: Collection[tuple[str, str]], today: date
) -> Both:
    """The same where the opening is what Xero's banks hold, so that what moved them is in the opening and nothing else is. A document that Xero has as paid (`settled`) is over; of one that is linked as much is open as Xero has; and
    what is paid here and open there (its document is one of `stands`) moves Xero's bank as soon as the payment is there: today."""
    left: dict[tuple[str, str], tuple[str, Decimal]] = {}
    for item in {each.name: each for each in there}.values():
        document = links.get(item.name)
        if document:
            left[document] = (item.currency, left.get(document, ("", ZERO))[1] + item.left)
    parts: dict[tuple[str, str], list[Item]] = {}
    for item in both.items:
        if item.book == HERE:
            parts.setdefault((item.doctype, item.name), []).append(item)
    found = [item for item in both.items if item.book != HERE]
    for document, mine in parts.items():
        currency, amount = left.get(document, ("", ZERO))
        if document in settled and document not in left:
            continue
        found += _with_left(mine, amount) if currency == mine[0].currency else mine
    on_their_way = [each for each in both.left_out if links.get(each.name) in stands]
    why = because(_("Paid in ERPNext, and open in Xero until the payment is there"))
    found += [replace(each, planned=today, why=why, fixed=True) for each in on_their_way]
    return Both(tuple(found), tuple(each for each in both.left_out if each not in on_their_way))


def _with_left(parts: list[Item], amount: Decimal) -> list[Item]:
    """Instalments of a document of which so much is open: what is paid has paid the first ones."""
    more = amount - sum((each.left for each in parts), ZERO)
    found = []
    for each in sorted(parts, key=lambda part: (part.due or part.day, part.part)):
        change = more if (more > ZERO) == (each.left > ZERO) or abs(more) <= abs(each.left) else -each.left
        more -= change
        if each.left + change:
            found.append(replace(each, left=each.left + change))
    return found


def _on_its_day(item: Item, planned: Mapping[tuple[str, str], date]) -> Item:
    """What Xero has as expected or planned day of an invoice is of the whole: an instalment keeps its own."""
    when = planned.get((item.doctype, item.name))
    if when is None or item.part or item.planned is not None or item.book != HERE:
        return item
    return replace(item, planned=when, why=because(_("Xero has it as expected or planned for that day")))
