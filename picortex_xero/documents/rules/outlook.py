"""What settings and rules would make of many documents: of each exactly one verdict, as when it is sent (verdict.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import decimal
from ..fact_types import Named
from ..identity import INVOICE_DOCTYPES
from ..settlement.settlement import PAYMENT_ENTRY
from . import verdict as fates
from .fields import AMOUNTS, Groups
from .parents import more, parents
from .rule import SKIP, Policy
from .verdict import Fate, Verdict, verdict

Doc = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One document and what becomes of it; `in_xero`: it is there already and stays as it is."""

    doc: Doc
    verdict: Verdict
    in_xero: bool = False

    @property
    def named(self) -> Named:
        """DocType and name."""
        return self.doc["doctype"], self.doc["name"]


def outlook(
    docs: Iterable[Doc], policy: Policy, groups: Groups, in_xero: Callable[[Named], bool], before: Callable[[Named], Fate]
) -> list[Judged]:
    """Every document as if it were new, in the order in which they go: what is settled before what settles it. `before` tells the fate of what is not among
    them."""
    found: dict[Named, Judged] = {}
    for doc in sorted(docs, key=_place):
        there = in_xero((doc["doctype"], doc["name"]))
        settled = {named: _fate(found.get(named), named, there, before) for named in parents(doc)}
        one = Judged(doc, verdict(doc, policy, groups, settled, bool(settled) and more(doc)), there)
        found[one.named] = one
    return list(found.values())


def _place(doc: Doc) -> tuple[int, str, str]:
    order = (0 if not doc.get("is_return") else 1) if doc["doctype"] in INVOICE_DOCTYPES else 2 if doc["doctype"] == PAYMENT_ENTRY else 3
    # An advance goes before the refund that pays it back.
    refund = bool(doc.get("references")) and any(row.get("reference_doctype") == PAYMENT_ENTRY for row in doc["references"])
    return order, f"{int(refund)}{doc.get('posting_date')}", str(doc.get("creation"))


def _fate(judged: Judged | None, named: Named, child_there: bool, before: Callable[[Named], Fate]) -> Fate:
    if judged is None:
        return before(named)
    if judged.in_xero and not child_there:
        return Fate(fates.SENT)
    return Fate(fates.SKIPPED, judged.verdict.rule) if judged.verdict.outcome == SKIP else Fate(fates.SENT)


def unseen(judged: Iterable[Judged]) -> list[Doc]:
    """The documents that are skipped and are not in Xero: their cash is there without a document."""
    return [one.doc for one in judged if one.verdict.outcome == SKIP and not one.in_xero]


def amount(doc: Doc) -> Decimal:
    """The value of a document in company currency."""
    return abs(decimal(next((doc[each] for each in AMOUNTS.get(doc["doctype"], ()) if doc.get(each)), 0)))


def counts(judged: Iterable[Judged]) -> Mapping[tuple[str, str], int]:
    """How many documents each rule ("" for the settings) decides about, by what it says."""
    found: dict[tuple[str, str], int] = {}
    for one in judged:
        key = one.verdict.rule, one.verdict.outcome
        found[key] = found.get(key, 0) + 1
    return found
