"""A payment in Xero that is a payment here: both are linked, and nothing of the one here is sent."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

import frappe

from ..accounting.texts import _
from ..documents.identity import identity
from ..documents.stays import ADOPTED_STAYS
from ..documents.step import ASIDE, Link
from ..documents.step import link as as_link
from ..engine import apply, links, outbox
from ..engine.contexts import Context
from ..incoming import facts
from ..incoming.decide import Match, decide
from ..incoming.known import Known
from ..incoming.payment import IncomingPayment
from ..xero.records.registry import BATCH_PAYMENT, INVOICE
from . import batches_apart, entering, incoming_rows
from .incoming_rows import DOCTYPE, MATCHED, Row, key, payment_of, say, undecided


def match(context: Context, row: Row, payment: IncomingPayment, outcome: Match, known: Known) -> None:
    """The payment of a row is this one here. Part of the caller's transaction."""
    name, doctype = outcome.name, outcome.doctype
    link(context, payment, entering.named(doctype, name), entering.revision_for(context, name, doctype))
    entering.agrees(context, name, doctype)
    entering.not_in_summaries(context, name, doctype)
    say(row["name"], MATCHED, reference_doctype=doctype, reference_name=name)
    entering.release(context, doctype, name)
    entering.release_others(context, known.own)


def link(context: Context, payment: IncomingPayment, doc: Row, revision: int = 1) -> bool:
    """The link of a payment's record, whose marker says what it settles as that of one which was sent does."""
    first = payment.parts[0]
    if payment.endpoint == BATCH_PAYMENT.endpoint:
        marker: dict[str, Any] = {"Date": payment.date, "Members": [[part.target[1], f"{part.amount:.2f}"] for part in payment.parts]}
    else:
        field = "InvoiceID" if first.target[0] == INVOICE.endpoint else "CreditID"
        marker = {"Reference": payment.reference, field: first.target[1], "Amount": f"{first.amount:.2f}"}
    return links.add(
        context.connection,
        context.company,
        identity(doc),
        "payment",
        1,
        payment.endpoint,
        payment.xero_id,
        marker=json.dumps(marker),
        status="AUTHORISED",
        total=payment.amount,
        adopted=True,
        revision=revision,
    )


def what_is_known(context: Context, row: Row, payment: IncomingPayment, said_so: bool = False) -> Known:
    """What `decide` has to know of the payment of a row; `said_so`: a person has said that it is entered, whatever is like it."""
    (known,) = facts.load(context.connection, context.company, context.mapping.base_currency, [payment])
    known = known.as_entered() if said_so else replace(known, chosen=str(row["chosen"] or ""))
    others = undecided(row, (each.name for each in known.targets.values())) if known.own else ()
    pays = facts.documents(context.connection, [payment, *others]) if others else {}
    return replace(known, apart=batches_apart.was(context, payment), undecided=others, documents=pays)


def of_cancelled(context: Context) -> None:
    """A payment that people entered in Xero stands there, and its document here was cancelled: where another one here is the same (an amendment, or what was entered anew), it is that
    one from then on, as any payment that is entered on both sides. Else a person says what becomes of it. Each in a transaction of its own. Commits."""
    for step in entering.held(context.connection, ADOPTED_STAYS):
        for row in links.whole_of_documents(context.connection, str(step["reference_doctype"]), [str(step["reference_name"])]):
            linked = as_link(row)
            if linked.entered_by_people and linked.live and linked.number < ASIDE and linked.who == outbox.identity(step):
                _of_cancelled(context, step, linked)


def _of_cancelled(context: Context, step: Row, linked: Link) -> None:
    fields = ["name", "state", "reason_code", "connection", "record", "chosen"]
    row = frappe.db.get_value(DOCTYPE, key(context.connection, linked.endpoint, linked.xero_id.lower()), fields, as_dict=True)
    if row:
        incoming_rows.apart(row, partial(_match_anew, context, step, linked, dict(row)), None)


def _match_anew(context: Context, step: Row, linked: Link, row: Row) -> None:
    payment = payment_of(row["record"])
    known = what_is_known(context, row, payment)
    outcome = decide(payment, known) if known.own else None
    if isinstance(outcome, Match):
        links.forget(linked.name)
        match(context, row, payment, outcome, known)
        apply.supersede(step, _("{name} is what was entered in Xero").format(name=outcome.name))
