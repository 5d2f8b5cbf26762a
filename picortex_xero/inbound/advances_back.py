"""Over- and prepayments that people enter in Xero for contacts which are linked become Payment Entries on account, once; what becomes of them later, the lists of
over- and prepayments show (allocations_back.py), and the list of payments (a refund)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import frappe

from ..accounting.money import decimal
from ..accounting.texts import _
from ..documents.identity import identity
from ..engine import limits, links
from ..engine.contexts import Context
from ..incoming import advance_facts
from ..incoming.advance import IncomingAdvance, read
from ..incoming.decide import Enter, Hold, Later, Match, Nothing
from ..incoming.decide_advance import decide
from ..incoming.known import ADVANCE, Target
from . import entering, linked_rows, people_rows
from .incoming_rows import DOCTYPE, DRAFT, LEFT_OUT, MATCHED, WAITING, Row, advance_of, kept, key, list_it, refused, say
from .reconciling import Reconciled, reconcile

Element = dict[str, Any]


def notice(context: Context, elements: Iterable[Element]) -> None:
    """Note the advances among bank transactions that no link names, of contacts that are linked. Part of the caller's transaction."""
    if not limits.may_send(context.connection):
        return
    shown = read(elements)
    linked = {
        (str(row["endpoint"]), str(row["xero_id"]).lower())
        for row in links.by_records(context.connection, sorted({each.xero_id for each in shown}))
    }
    found = [each for each in shown if (each.endpoint, each.xero_id) not in linked]
    whose = advance_facts.parties(context.connection, (each.contact for each in found))
    for each in found:
        if parties := whose.get((each.contact, "Customer" if each.comes_in else "Supplier")):
            about = ", ".join(name for _type, name in parties)
            list_it(context, each, what=each.said or "Advance", about=about, currency=each.currency)


def seen_again(context: Context, elements: Iterable[Element]) -> None:
    """Of these bank transactions an advance that is a draft here was changed in Xero: a person is told. (What was submitted has a step, which tells: judge.py.) Part of the
    caller's transaction."""
    by_row = {key(context.connection, each.endpoint, each.xero_id): each for each in read(elements) if each.stands}
    drafts = {"name": ("in", list(by_row)), "state": DRAFT}
    for row in frappe.get_all(DOCTYPE, filters=drafts, fields=["name", "record", "reference_name"]) if by_row else []:
        now_on = by_row[row["name"]]
        if replace(advance_of(row["record"]), updated=None) == replace(now_on, updated=None):
            continue
        seen = {"record": kept(now_on), "remote_updated": now_on.updated, "date": now_on.date, "amount": now_on.amount}
        say(row["name"], WAITING, people_rows.otherwise(_("An advance"), str(row["reference_name"]), True), **seen)


def decide_row(context: Context, row: Row, submits: bool, entered_all_the_same: bool) -> None:
    """Decide about one row, and do what was decided. Part of the caller's transaction, from incoming_rows.SAVEPOINT on."""
    advance = advance_of(row["record"])
    linked = [each for each in links.by_records(context.connection, [advance.xero_id]) if each["endpoint"] == advance.endpoint]
    if linked and linked_rows.settle(row, linked):
        return
    (known,) = advance_facts.load(context.connection, context.company, context.mapping.base_currency, [advance])
    own = known.own
    match decide(advance, known.as_entered() if entered_all_the_same else known):
        case Later():
            return
        case Nothing():
            say(row["name"], LEFT_OUT)
        case Hold(problem):
            say(row["name"], WAITING, problem)
        case Match(name):
            _link(context, advance, entering.named(ADVANCE, name), entering.revision_for(context, name))
            entering.agrees(context, name)
            entering.not_in_summaries(context, name)
            say(row["name"], MATCHED, reference_doctype=ADVANCE, reference_name=name)
            entering.release(context, ADVANCE, name)
            entering.release_others(context, own)
        case Enter(voucher):
            entering.enter(
                context,
                row,
                voucher,
                submits,
                lambda doc: _link(context, advance, doc),
                lambda why: refused(_("the advance of {name}").format(name=known.parties[0][1]), why),
            )
            entering.release_others(context, own)


def _link(context: Context, advance: IncomingAdvance, doc: Row, revision: int = 1) -> bool:
    """The link of an advance, whose marker says what that of one which was sent says."""
    marker = {
        "Type": advance.type,
        "ContactID": advance.contact,
        "Account": advance.account,
        "Date": advance.date,
        "Total": f"{advance.amount:.2f}",
        "Description": advance.said,
        "BankTransactionID": advance.transaction,
    }
    return links.add(
        context.connection,
        context.company,
        identity(doc),
        "payment",
        1,
        advance.endpoint,
        advance.xero_id,
        marker=json.dumps(marker),
        status="AUTHORISED",
        total=advance.amount,
        amount_due=advance.amount,
        currency=advance.currency,
        adopted=True,
        revision=revision,
    )


def pays_back(context: Context, refund: Any, advance: Target) -> None:
    """A refund that was made of one in Xero pays back its advance here too."""
    money = decimal(refund.paid_amount if refund.payment_type == "Receive" else refund.received_amount)
    sides = (ADVANCE, advance.name), (ADVANCE, str(refund.name))
    reconcile(Reconciled(context.company, advance.party_type, advance.party, advance.account, *sides, money))
