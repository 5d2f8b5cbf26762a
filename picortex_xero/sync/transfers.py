"""Transfers between own bank accounts: steps "payment", and between two currencies "clearing-1" for the second leg."""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Refused
from ..documents.identity import document_url, identity
from ..documents.payment_entry.transfer import transfer
from ..documents.settlement.clearing import clearing_leg
from ..documents.settlement.settlement import Settlement
from ..documents.translation import Translation
from ..engine import outbox
from ..engine.context import Context
from ..engine.outbox import Row
from ..xero.records.registry import KINDS
from . import parties
from .work import Work, settle


def ready_transfer(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """An internal transfer, translated; between two currencies its first leg, where the admin has chosen a clearing account."""
    if settlement.between_currencies and context.mapping.clearing:
        return _leg(context, row, doc, settlement, first=True)
    return _work(row, doc, "bank-transfer", lambda: transfer(settlement, context.mapping))


def ready_second_leg(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement) -> Work | None:
    """The other leg of a transfer between two currencies."""
    return _leg(context, row, doc, settlement, first=False)


def _leg(context: Context, row: Row, doc: dict[str, Any], settlement: Settlement, first: bool) -> Work | None:
    url = document_url(context.site_url, context.instance, identity(doc), row["generation"])
    try:
        # Both, so that a transfer is never sent half; without a contact yet, this finds every problem all the same.
        clearing_leg(settlement, context.mapping, "SPEND", "", url)
        clearing_leg(settlement, context.mapping, "RECEIVE", "", url)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    # Money that moves between own accounts is with the company itself.
    contact_id = parties.contact_named(context, row, "Company", context.company)
    if not contact_id:
        return None
    if first:
        outbox.add_sibling(row, "clearing-1")
    return _work(
        row, doc, "bank-transaction", lambda: clearing_leg(settlement, context.mapping, "SPEND" if first else "RECEIVE", contact_id, url)
    )


def _work(row: Row, doc: dict[str, Any], kind: str, translate: Any) -> Work | None:
    try:
        made: Translation = translate()
    except Refused as refused:
        settle(row, refused.problems)
        return None
    return Work(row, doc, KINDS[kind], {identity(doc).digest}, made)
