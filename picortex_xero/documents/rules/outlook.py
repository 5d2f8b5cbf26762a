"""What settings and rules would make of many documents: of each exactly one verdict, as when it is sent (verdict.py), and the cash that Xero's bank would
show without a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ..fact_types import Named
from ..identity import INVOICE_DOCTYPES
from ..settlement.paid_on_entry import money_on_entry
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


@dataclass(frozen=True)
class Cash:
    """What the documents that are skipped move on one bank or cash account: in and out, in the account's currency."""

    account: str
    currency: str
    documents: int = 0
    received: Decimal = ZERO
    paid: Decimal = ZERO


def cash(judged: Iterable[Judged], banks: frozenset[str]) -> list[Cash]:
    """The money of skipped documents by account; `banks` are the bank and cash accounts, for journals."""
    found: dict[tuple[str, str], Cash] = {}
    for one in judged:
        if one.verdict.outcome != SKIP:
            continue
        for account, currency, moved in _moved(one.doc, banks):
            known = found.get((account, currency), Cash(account, currency))
            received, paid = (moved, ZERO) if moved > 0 else (ZERO, -moved)
            found[account, currency] = Cash(account, currency, known.documents + 1, known.received + received, known.paid + paid)
    return [found[key] for key in sorted(found)]


def _moved(doc: Doc, banks: frozenset[str]) -> list[tuple[str, str, Decimal]]:
    """What one document moves: account, currency, amount (in: above zero)."""
    if doc["doctype"] == PAYMENT_ENTRY:
        sides = [("paid_from", -decimal(doc.get("paid_amount"))), ("paid_to", decimal(doc.get("received_amount")))]
        wanted = {"Receive": ("paid_to",), "Pay": ("paid_from",)}.get(doc.get("payment_type") or "", ("paid_from", "paid_to"))
        return [
            (str(doc.get(side) or ""), str(doc.get(f"{side}_account_currency") or ""), moved)
            for side, moved in sides
            if side in wanted and moved
        ]
    if doc["doctype"] in INVOICE_DOCTYPES:
        comes_in = (doc["doctype"] == "Sales Invoice") != bool(doc.get("is_return"))
        return [(each.account, str(doc.get("currency") or ""), each.amount if comes_in else -each.amount) for each in money_on_entry(doc)]
    return [
        (str(row["account"]), str(row.get("account_currency") or ""), moved)
        for row in doc.get("accounts") or []
        if row.get("account") in banks
        and (moved := decimal(row.get("debit_in_account_currency")) - decimal(row.get("credit_in_account_currency")))
    ]


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
