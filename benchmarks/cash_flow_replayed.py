"""The recorded invoices and bills of four companies (April to November), each with the days on which it is paid here. Two generators draw the days.

`studies`: `payers_of_studies`, written from published studies by somebody who had not read the forecast; for invoices and for our own bills.
`author`: `cash_flow_payers`, by whoever wrote the forecast; for invoices alone, each paid whole on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from benchmarks.cash_flow_payers import payers
from benchmarks.payers_of_studies import own_bills, receipts
from benchmarks.payers_of_studies.values import Document, Settled
from picortex_xero.cash_flow.values import BILL, CUSTOMER, INVOICE, SUPPLIER, Item
from sandbox import erp

STUDIES, AUTHOR = "studies", "author"
GENERATORS = (STUDIES, AUTHOR)
SALES, PURCHASES = "Sales Invoice", "Purchase Invoice"
PARTY = {SALES: (INVOICE, CUSTOMER, "customer"), PURCHASES: (BILL, SUPPLIER, "supplier")}
ZERO = Decimal(0)


@dataclass(frozen=True)
class Replayed:
    """A recorded document in base currency (`item.left` is the whole amount, below zero of a bill, as are its parts), the days and amounts of its payments in order, and the day from which nothing is owed on it, None where it is never settled."""

    item: Item
    parts: tuple[tuple[date, Decimal], ...]
    closed: date | None

    def on(self, today: date) -> Item:
        """With what is left before the payments of that day."""
        return replace(self.item, left=self.item.left - sum((amount for day, amount in self.parts if day < today), ZERO))

    def open_on(self, today: date) -> bool:
        """Whether it is there and not settled before that day."""
        return self.item.day < today and (self.closed is None or today <= self.closed)

    def settled_before(self, today: date) -> bool:
        """Whether it is history on that day."""
        return self.closed is not None and self.closed < today

    @property
    def late(self) -> int:
        """Days after the due day on which it was settled; below zero early. TypeError where it never is."""
        assert self.closed is not None
        return (self.closed - (self.item.due or self.item.day)).days


@cache
def replayed(country: str, seed: int, generator: str = STUDIES, doctype: str = SALES) -> tuple[Replayed, ...]:
    """The documents of a recorded company; when each is paid is drawn."""
    items = recorded(country, doctype)
    if generator == AUTHOR:
        return _by_author(country, seed, items)
    documents = [Document(each.name, each.party, each.day, max(each.due or each.day, each.day), abs(each.left)) for each in items]
    settled = (receipts if doctype == SALES else own_bills).settle(seed, country, documents)
    return tuple(_replayed(each, settled[each.name]) for each in items)


def _replayed(item: Item, settled: Settled) -> Replayed:
    sign = 1 if item.left > 0 else -1
    return Replayed(item, tuple((part.day, sign * part.amount) for part in settled.parts), settled.closed)


def _by_author(country: str, seed: int, items: Iterable[Item]) -> tuple[Replayed, ...]:
    found = list(items)
    rng = Random(f"{country} {seed}")
    known = payers(rng, sorted({each.party for each in found}), min(each.day for each in found), max(each.day for each in found))
    small = sorted(each.left for each in found)[len(found) // 3]
    days = [known[each.party].pays(rng, each.day, each.due or each.day, each.left < small) for each in found]
    return tuple(Replayed(each, ((day, each.left),), day) for each, day in zip(found, days, strict=True))


@cache
def recorded(country: str, doctype: str) -> tuple[Item, ...]:
    """The company's submitted documents that are owed afterwards: no credit notes, nothing paid at the counter or at once."""
    found = []
    for event in erp.read(erp.RECORDED / "corpus" / f"corpus-{country.lower()}.json.gz")["companies"][0]["documents"]:
        doc = event.get("doc") or {}
        if (
            event["event"] == "submit"
            and event["doctype"] == doctype
            and not any(doc.get(key) for key in ("is_return", "is_pos", "is_paid"))
        ):
            found.append(_item(doc, doctype))
    return tuple(found)


def _item(doc: dict[str, Any], doctype: str) -> Item:
    kind, party_type, party = PARTY[doctype]
    amount = Decimal(str(doc.get("base_rounded_total") or doc["base_grand_total"]))
    day, due = date.fromisoformat(doc["posting_date"]), date.fromisoformat(doc.get("due_date") or doc["posting_date"])
    return Item(
        kind, doctype, doc["name"], amount if doctype == SALES else -amount, "BASE", day, due, party_type=party_type, party=doc[party]
    )


def week(day: date, today: date) -> int:
    """Weeks ahead, 1 for the first seven days."""
    return (day - today).days // 7 + 1


def mondays(documents: Iterable[Replayed], first: date) -> list[date]:
    """From that day on, while documents are still recorded a week later."""
    last, found = max(each.item.day for each in documents), []
    while first + timedelta(days=7) <= last:
        found.append(first)
        first += timedelta(days=7)
    return found
