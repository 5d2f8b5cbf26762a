"""Payments that people enter in Xero on what was sent from here become Payment Entries, once: each is noted as a row (Xero Incoming Record), decided by
incoming/decide.py, and written with its link in one transaction. The link is what keeps it from ever being sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _, joined
from ..documents.settlement.entered_too import CODE as ENTERED_THERE_TOO
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..documents.typed_there import CODE as TYPED_THERE_TOO
from ..engine import apply, limits, links, outbox
from ..engine.clock import now
from ..engine.contexts import STAY_THERE, Context
from ..engine.leases import Lease
from ..incoming import facts
from ..incoming.decide import CHOICES, PAYS_CANCELLED, PAYS_DRAFT, Enter, Hold, Later, Match, Nothing, Outcome, TakeApart, decide
from ..incoming.decide_allocation import CREDIT_NOT_HERE
from ..incoming.known import Known
from ..incoming.payment import IncomingPayment, read
from ..incoming.words import MOVED
from ..xero.records.registry import ALLOCATION, BANK_TRANSACTION, BATCH_PAYMENT, CREDIT_NOTE, INVOICE, PAYMENT, object_at
from . import (
    advances_back,
    allocations_back,
    batches_apart,
    entering,
    grown_batches,
    incoming_drafts,
    linked_rows,
    month_by_itself,
    month_proposal,
    pace,
    paid_here,
    people_entries,
    rows_anew,
    whole_batches,
)
from .incoming_rows import (
    ADVANCES,
    DOCTYPE,
    ENTER_HERE,
    LEFT_OUT,
    TO_DECIDE,
    WAITING,
    Row,
    apart,
    in_turn,
    list_it,
    payment_of,
    refused,
    say,
    tell,
)

STAY, DRAFTS, SUBMITTED = STAY_THERE, "Become Drafts", "Are Submitted"
TOLD, CAUSE = "coming-back", "Xero Step Cause"
# What these wait for shows by itself here: a mapping, or a draft that is submitted. Looked at again in each run, before anything is sent.
LOOKED_AT_AGAIN = (
    "bank-not-mapped-back",
    "bank-several-back",
    "more-than-open",
    # The draft is submitted or deleted, or an amendment has taken the record over.
    PAYS_DRAFT,
    PAYS_CANCELLED,
    *CHOICES,
    # As a former release left them: each payment of such a batch comes back for itself by now.
    "several-parties",
    "pays-others",
    MOVED,
    CREDIT_NOT_HERE,
    "credit-not-submitted",
    linked_rows.REMOVED_DRAFT,
)
# Lists that are read where payments come back, also where nothing here became a record of theirs.
# A credit note that people enter there is taken off what was sent from here, too.
LISTS = (PAYMENT.endpoint, BANK_TRANSACTION.endpoint, *ADVANCES, CREDIT_NOTE.endpoint)
Element = dict[str, Any]


def wanted(connection: str) -> str:
    """What becomes of payments that are entered in Xero: STAY, DRAFTS or SUBMITTED."""
    return str(frappe.db.get_value("Xero Connection", connection, "payments_from_xero") or STAY)


def used(connection: str, endpoints: Sequence[str]) -> set[str]:
    """Those of these lists that are read: of what documents here became, and those in which payments and advances are, where they come back."""
    found, back = links.used(connection, list(endpoints)), {each for each in LISTS if each in endpoints}
    # A prepayment bears our mark only among the bank transactions that made it.
    found |= {made for each in found if (made := object_at(each).made_by.endpoint) in endpoints}
    found |= people_entries.lists(connection, endpoints)
    if not back - found or wanted(connection) == STAY:
        return found
    return found | back if links.used(connection, [INVOICE.endpoint, CREDIT_NOTE.endpoint]) else found


def notice_others(
    context: Context, endpoint: str, elements: Sequence[Element], peoples: Sequence[Element], recent: Sequence[Element]
) -> None:
    """Note the advances and the allocations that a list of Xero's shows, `peoples`: those of them that are people's (inbound/unlinked.py), `recent`: those that were changed
    since payments come back. Part of the caller's transaction."""
    if endpoint == BANK_TRANSACTION.endpoint:
        advances_back.seen_again(context, elements)
    if wanted(context.connection) == STAY:
        return
    if endpoint == PAYMENT.endpoint:
        rows_anew.payments(context, elements)
    if endpoint == BANK_TRANSACTION.endpoint:
        rows_anew.advances(context, elements)
        advances_back.notice(context, peoples)
    if endpoint in ADVANCES:
        incoming_drafts.removed_advances(context, endpoint, elements)
    allocations_back.notice(context, endpoint, recent)


def notice(context: Context, peoples: Sequence[Element], unlinked: Sequence[Element]) -> None:
    """Note the payments of Xero's list that pay what was sent from here: those that are people's (inbound/unlinked.py), and those of batches that no link names,
    since a batch of ours is one record. `unlinked`: all that no link names. Part of the caller's transaction."""
    if wanted(context.connection) == STAY or not limits.may_send(context.connection):
        return
    # The one element or the other of a batch may have changed alone: all of them that are shown here belong together.
    batches = [each for each in read(unlinked) if each.endpoint == BATCH_PAYMENT.endpoint]
    ours = _linked(context.connection, batches)
    payments = [each for each in read(peoples) if each.endpoint == PAYMENT.endpoint]
    payments += [each for each in batches if (each.endpoint, each.xero_id) not in ours]
    batches_apart.removed(context, batches)
    grown_batches.notice(context.connection, [each for each in batches if (each.endpoint, each.xero_id) in ours])
    pays = facts.noticed(context.connection, (part.target for each in payments for part in each.parts))
    for payment in payments:
        if any(part.target in pays for part in payment.parts):
            mine = [pays[part.target] for part in payment.parts if part.target in pays]
            about = ", ".join(dict.fromkeys(each.name for each in mine))
            list_it(context, payment, what=payment.reference or "Payment", about=about, currency=mine[0].currency)


def _linked(connection: str, payments: Iterable[IncomingPayment]) -> set[tuple[str, str]]:
    rows = links.by_records(connection, sorted({each.xero_id for each in payments}))
    return {(str(row["endpoint"]), str(row["xero_id"]).lower()) for row in rows}


def read_soon(connection: str, last: Mapping[str, datetime]) -> set[str]:
    """The lists to read before their turn, since something here waits until it is known whether what was entered in Xero is the same; `last`: when each was read last."""
    found: set[str] = set()
    if frappe.db.exists(CAUSE, {"connection": connection, "code": ENTERED_THERE_TOO}):
        # Advances are listed among bank transactions.
        found |= {each for each in (PAYMENT.endpoint, BANK_TRANSACTION.endpoint) if each not in last or now() >= last[each] + pace.QUICK}
    found |= month_proposal.read_soon(connection, last) | month_by_itself.read_soon(connection, last)
    newest = frappe.get_all(
        CAUSE, filters={"connection": connection, "code": TYPED_THERE_TOO}, pluck="since", order_by="since desc", limit=1
    )
    if newest:
        # Once after it was held: from then on its row says what waits.
        found |= {each for each in people_entries.KINDS[0].endpoints if each not in last or last[each] <= newest[0]}
    return found


def is_due(connection: str) -> bool:
    """Whether something is to be decided."""
    mine = {"connection": connection, "state": TO_DECIDE, "endpoint": ("not in", people_entries.NO_PAYMENTS)}
    return (bool(frappe.db.exists(DOCTYPE, mine)) and wanted(connection) != STAY) or people_entries.is_due(connection)


def decide_all(context: Context, lease: Lease) -> None:
    """Decide what is to be decided, each in a transaction of its own. Commits."""
    how = wanted(context.connection)
    # What was entered before payments were to stay in Xero is still to be what it is there.
    incoming_drafts.look(context)
    if how == STAY:
        return
    paid_here.of_cancelled(context)
    fields = ["name", "state", "record", "connection", "company", "about", "endpoint", "xero_id", "reason_code", "chosen", "reference_name"]
    mine = {"connection": context.connection, "endpoint": ("not in", people_entries.NO_PAYMENTS)}
    rows = in_turn({**mine, "state": TO_DECIDE}, fields)
    again = {**mine, "state": WAITING, "reason_code": ("in", LOOKED_AT_AGAIN)}
    rows += in_turn(again, fields)
    for row in rows:
        _decide_apart(context, lease, row, how)
    if rows:
        tell(
            context.connection,
            TOLD,
            ("not in", people_entries.NO_PAYMENTS),
            _("A payment that was entered in Xero waits for you"),
            _("{count} payments that were entered in Xero wait for you"),
        )
        frappe.db.commit()


def _decide_apart(context: Context, lease: Lease, row: Row, how: str) -> None:
    """Decide one row; what fails over it is logged, and a person's. One after the other: what one payment leaves open is what the next one finds. Commits."""
    whole_batches.complete(context, lease, row)

    def work() -> None:
        said_so = row["reason_code"] == ENTER_HERE
        submits = how == SUBMITTED
        if str(row["endpoint"]).endswith(ALLOCATION.endpoint):
            allocations_back.decide_row(context, row, submits or said_so)
        elif row["endpoint"] in ADVANCES:
            advances_back.decide_row(context, row, submits, said_so)
        else:
            _decide_payment(context, row, payment_of(row["record"]), submits, said_so)

    apart(row, work, lambda: _unexpected(str(row["about"])))


def _decide_payment(context: Context, row: Row, payment: IncomingPayment, submits: bool, said_so: bool) -> None:
    linked = [each for each in links.by_records(context.connection, [payment.xero_id]) if each["endpoint"] == payment.endpoint]
    if linked and linked_rows.settle(row, linked):
        return
    known = paid_here.what_is_known(context, row, payment, said_so)
    _apply(context, row, payment, decide(payment, known), known, submits)


def _raise_moved(context: Context, known: Known, problem: Problem) -> None:
    """What a payment was here before it was moved in Xero is To Fix, with both documents."""
    names = [each.name for each in known.moved]
    for step in outbox.of_documents(context.connection, PAYMENT_ENTRY, names):
        if step["role"] == "payment" and step["reason_code"] != problem.code:
            apply.raise_problem(step["name"], problem)


def _apply(context: Context, row: Row, payment: IncomingPayment, outcome: Outcome, known: Known, submits: bool) -> None:
    match outcome:
        case Later():
            return
        case Nothing():
            say(row["name"], LEFT_OUT)
        case TakeApart():
            batches_apart.take(context, row, payment)
        case Hold(problem):
            say(row["name"], WAITING, problem)
            if problem.code == MOVED:
                _raise_moved(context, known, problem)
        case Match():
            paid_here.match(context, row, payment, outcome, known)
        case Enter(voucher):
            _enter(context, row, payment, voucher, known, submits)


def _enter(context: Context, row: Row, payment: IncomingPayment, voucher: dict[str, Any], known: Known, submits: bool) -> None:
    back = next((each for each in known.targets.values() if each.doctype == PAYMENT_ENTRY), None)
    entering.enter(
        context,
        row,
        voucher,
        submits,
        lambda doc: paid_here.link(context, payment, doc),
        lambda why: refused(_("the payment of {names}").format(names=_names(known)), why),
        (lambda doc: advances_back.pays_back(context, doc, back)) if back else None,
    )
    entering.release_others(context, known.own)


def _names(known: Known) -> Any:
    return joined(", ", sorted(each.name for each in known.targets.values()))


def _unexpected(names: str) -> Problem:
    return Problem(
        "unexpected",
        _("The payment of {names} that was entered in Xero could not be entered here").format(names=names),
        _("Tell your administrator: the Error Log has the details"),
    )
