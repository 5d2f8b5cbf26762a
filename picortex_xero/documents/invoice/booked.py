"""What an invoice or return needs of its ledger, and the amounts that it has by Xero's tax types.

A settlement discount or write-off takes tax back as the document itself has it (`accounting/own_tax.py`), whoever takes it off: a payment,
a journal or the document.
"""

from __future__ import annotations

from typing import Any

from ...accounting.mapping import Mapping
from ...accounting.money import decimal, half_up
from ...accounting.own_tax import TypedAmount, less
from ...accounting.problems import Refused
from ..as_opening import AS_AT
from ..base import Doc
from ..fact_types import COUNTER_SALES, DISCOUNT_ACCOUNTING, DOCUMENT, LEDGER, OPEN_AT, SETTLED_BEFORE, SETTLING_DOCUMENTS, Named
from ..identity import amount_due, is_opening
from ..needs import NOTHING, Facts, Needs
from . import discounts, valuation
from .deferred import BOOKED_BY
from .lines import lines, mirrored
from .opening_lines import opening_lines
from .posting import sold_assets


def needs_of_ledger(doc: Doc) -> Needs:
    """The facts from the ledger that an invoice or return needs."""
    own = (doc["doctype"], doc["name"])
    found = NOTHING
    if doc.get("is_consolidated"):
        found |= COUNTER_SALES.of([own])
    if sold_assets(doc) or discounts.named(doc):
        found |= LEDGER.of([own])
    if valuation.named(doc):
        found |= LEDGER.of([own, *valuation.receipts(doc)])
    if discounts.named(doc):
        found |= DISCOUNT_ACCOUNTING.of([doc["doctype"]])
    if doc.get(AS_AT):
        return found | OPEN_AT.of([(*own, doc[AS_AT])])
    return found | SETTLED_BEFORE.of([own]) if is_opening(doc) else found


def with_ledger(doc: Doc, facts: Facts) -> Doc:
    """The document with `ledger` where it sells an asset, `settled_before` (document currency) where it is an opening one, `counter_sales`
    where it joins such, whether its discounts stand on accounts of their own (`discounts.BOOKED`) where it names such, and where its rows for
    valuation are booked (`valuation.BOOKED`); else as it is."""
    own = (doc["doctype"], doc["name"])
    if doc.get("is_consolidated"):
        doc = {**doc, "counter_sales": facts.get(COUNTER_SALES, own)}
    if discounts.named(doc):
        booked = discounts.booked(doc, _own_rows(own, facts), facts.get(DISCOUNT_ACCOUNTING, doc["doctype"]))
        doc = {**doc, discounts.BOOKED: booked}
    if valuation.named(doc):
        # Of a return that is read beside its bill, the bill's receipts are known: it takes back what came with them.
        earlier = [row for each in valuation.receipts(doc) for row in facts.known(LEDGER, each) or []]
        doc = {**doc, valuation.BOOKED: valuation.booked(doc, _own_rows(own, facts), earlier)}
    if sold_assets(doc):
        doc = {**doc, "ledger": _own_rows(own, facts)}
    if is_opening(doc):
        day = doc.get(AS_AT)
        converted = doc.get("party_account_currency") not in (None, "", doc["currency"])
        amount = facts.get(OPEN_AT, (*own, day)) if day else facts.get(SETTLED_BEFORE, own)
        own_currency = half_up(amount / decimal(doc["conversion_rate"])) if converted else amount
        doc = {**doc, "settled_before": decimal(amount_due(doc)) - own_currency if day else own_currency}
    return doc


def _own_rows(own: Named, facts: Facts) -> list[dict[str, Any]]:
    """The ledger rows without those that deferred accounting booked later under the same voucher."""
    return [row for row in facts.get(LEDGER, own) if row["against_voucher_type"] != BOOKED_BY]


def by_type(doc: Doc, mapping: Mapping) -> list[TypedAmount]:
    """The amounts of a document by tax type, positive for a return as well. An account without a mapping is no hindrance, what a
    person has to decide is one. Raises Refused."""
    positive = mirrored(doc) if doc.get("is_return") else doc
    made = opening_lines(positive, mapping) if is_opening(doc) else lines(positive, mapping)
    if any(problem.held for problem in made.problems) or (made.problems and not made.by_type):
        raise Refused(made.problems)
    return made.by_type


def needs_of_own_tax(named: Named, facts: Facts) -> Needs:
    """The facts for `own_tax` of an invoice or bill: the document, its returns, and what they need of their ledgers."""
    found = DOCUMENT.of([named]) | SETTLING_DOCUMENTS.of([named])
    if doc := facts.known(DOCUMENT, named):
        found |= needs_of_ledger(doc)
    returns = [each for each in facts.known(SETTLING_DOCUMENTS, named) or [] if each[0] == named[0]]
    # Which of these a return needs is known only once it is read, and there is no third wave.
    return (
        found
        | DOCUMENT.of(returns)
        | LEDGER.of(returns)
        | COUNTER_SALES.of(returns)
        | (DISCOUNT_ACCOUNTING.of([named[0]]) if returns else NOTHING)
    )


def own_tax(named: Named, facts: Facts, mapping: Mapping) -> list[TypedAmount]:
    """The amounts of an invoice or bill by tax type, less what its returns have taken back. Raises Refused."""
    doc = facts.get(DOCUMENT, named)
    found = by_type(with_ledger(doc, facts), mapping) if doc else []
    for other in facts.get(SETTLING_DOCUMENTS, named):
        back = facts.get(DOCUMENT, other) if other[0] == named[0] else None
        if back and back["docstatus"] == 1 and back.get("is_return") and not is_opening(back):
            found = less(found, by_type(with_ledger(back, facts), mapping))
    return found
