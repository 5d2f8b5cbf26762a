"""Payments that people enter in Xero on what was sent from here become Payment Entries, once: each is noted as a row (Xero Incoming Record), decided by
incoming/decide.py, and written with its link in one transaction. The link is what keeps it from ever being sent back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, _, joined
from ..attention import notifications
from ..compat import let_pass
from ..documents.decisions import MakeAnew
from ..documents.identity import identity
from ..documents.settlement.payment_steps import ENTERED_THERE_TOO
from ..documents.settlement.settlement import PAYMENT_ENTRY
from ..engine import apply, full_names, limits, links, log, outbox
from ..engine.clock import now
from ..engine.contexts import STAY_THERE, Context
from ..engine.standard_columns import standard
from ..engine.wake import wake
from ..incoming import facts
from ..incoming.decide import Enter, Hold, Known, Later, Match, Nothing, Outcome, Target, decide
from ..incoming.payment import IncomingPayment, read
from ..xero.records.registry import BATCH_PAYMENT, CREDIT_NOTE, INVOICE, PAYMENT
from . import incoming_drafts, people_entries
from .incoming_rows import (
    DOCTYPE,
    DRAFT,
    ENTERED,
    GONE,
    LEFT_OUT,
    MATCHED,
    MOST,
    NOTHING_SAID,
    OPEN,
    TO_DECIDE,
    WAITING,
    Row,
    kept,
    key,
    payment_of,
    say,
)

STAY, DRAFTS, SUBMITTED = STAY_THERE, "Become Drafts", "Are Submitted"
SAVEPOINT = "picortex_xero_coming_back"
TOLD = "coming-back"
# What these wait for shows by itself here: a mapping, or a draft that is submitted. Looked at again in each run, before anything is sent.
LOOKED_AT_AGAIN = ("bank-not-mapped-back", "bank-several-back", "same-as-draft", "perhaps-in-parts", "same-as-several")
Element = dict[str, Any]


def wanted(connection: str) -> str:
    """What becomes of payments that are entered in Xero: STAY, DRAFTS or SUBMITTED."""
    return str(frappe.db.get_value("Xero Connection", connection, "payments_from_xero") or STAY)


def used(connection: str, endpoints: Sequence[str]) -> set[str]:
    """Those of these lists that are read: of what documents here became, and payments where they come back, also where none was ever sent from here."""
    found = links.used(connection, list(endpoints))
    found |= people_entries.lists(connection, endpoints)
    back = PAYMENT.endpoint in endpoints and wanted(connection) != STAY
    return found | {PAYMENT.endpoint} if back and links.used(connection, [INVOICE.endpoint, CREDIT_NOTE.endpoint]) else found


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
    pays = facts.targets(context.connection, (part.target for each in payments for part in each.parts))
    for payment in payments:
        if any(part.target in pays for part in payment.parts):
            _note(context, payment, [pays[part.target] for part in payment.parts if part.target in pays])


def _linked(connection: str, payments: Iterable[IncomingPayment]) -> set[tuple[str, str]]:
    rows = links.by_records(connection, sorted({each.xero_id for each in payments}))
    return {(str(row["endpoint"]), str(row["xero_id"]).lower()) for row in rows}


def _note(context: Context, payment: IncomingPayment, pays: list[Target]) -> None:
    name = key(context.connection, payment)
    known = frappe.db.get_value(DOCTYPE, name, ["state", "record"], as_dict=True)
    shown = {"record": kept(payment), "remote_updated": payment.updated, "date": payment.date, "amount": payment.amount}
    if known:
        if known["state"] in OPEN and known["record"] != shown["record"]:
            frappe.db.set_value(
                DOCTYPE, name, {**shown, "state": TO_DECIDE if payment.stands else GONE, **NOTHING_SAID}, update_modified=False
            )
        return
    if not payment.stands:
        return
    values = {
        "name": name,
        **standard(),
        "connection": context.connection,
        "company": context.company,
        "state": TO_DECIDE,
        "what": payment.reference or "Payment",
        "about": ", ".join(dict.fromkeys(each.name for each in pays)),
        "currency": pays[0].currency,
        "found_at": now(),
        "endpoint": payment.endpoint,
        "xero_id": payment.xero_id,
        **NOTHING_SAID,
        **shown,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)


def waits_for_them(connection: str) -> bool:
    """Whether a payment here waits until it is known whether one in Xero is the same."""
    return bool(frappe.db.exists("Xero Step Cause", {"connection": connection, "code": ENTERED_THERE_TOO}))


def is_due(connection: str) -> bool:
    """Whether something is to be decided."""
    mine = {"connection": connection, "state": TO_DECIDE, "endpoint": ("not in", people_entries.NO_PAYMENTS)}
    return (bool(frappe.db.exists(DOCTYPE, mine)) and wanted(connection) != STAY) or people_entries.is_due(connection)


def decide_all(context: Context) -> None:
    """Decide what is to be decided, each in a transaction of its own. Commits."""
    how = wanted(context.connection)
    if how == STAY:
        return
    incoming_drafts.look(context)
    fields = ["name", "record", "connection", "company", "about"]
    mine = {"connection": context.connection, "endpoint": ("not in", people_entries.NO_PAYMENTS)}
    rows = frappe.get_all(DOCTYPE, filters={**mine, "state": TO_DECIDE}, fields=fields, order_by="found_at asc, name asc", limit=MOST)
    again = {**mine, "state": WAITING, "reason_code": ("in", LOOKED_AT_AGAIN)}
    rows += frappe.get_all(DOCTYPE, filters=again, fields=fields, order_by="found_at asc, name asc", limit=MOST)
    for row in rows:
        _decide_apart(context, row, how)
    if rows:
        _tell(context.connection)
        frappe.db.commit()


def _decide_apart(context: Context, row: Row, how: str) -> None:
    """Decide one row; what fails over it is logged, and a person's. One after the other: what one payment leaves open is what the next one finds. Commits."""
    frappe.db.commit()
    frappe.db.savepoint(SAVEPOINT)
    try:
        payment = payment_of(row["record"])
        if _linked(context.connection, [payment]):
            # The answer to a request of ours came after it was listed.
            frappe.db.delete(DOCTYPE, {"name": row["name"]})
        else:
            (known,) = facts.load(context.connection, context.company, context.mapping.base_currency, [payment])
            _apply(context, row, payment, decide(payment, known), known, how)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: what became of what was entered in Xero ({row['name']}) could not be written"[:140])
        say(row["name"], WAITING, _unexpected(str(row["about"])))
    frappe.db.commit()


def _apply(context: Context, row: Row, payment: IncomingPayment, outcome: Outcome, known: Known, how: str) -> None:
    match outcome:
        case Later():
            return
        case Nothing():
            say(row["name"], LEFT_OUT)
        case Hold(problem):
            say(row["name"], WAITING, problem)
        case Match(name):
            doc = frappe.db.get_value(PAYMENT_ENTRY, name, ["name", "creation"], as_dict=True)
            _link(context, payment, {"doctype": PAYMENT_ENTRY, **doc})
            _not_in_summaries(context, name)
            say(row["name"], MATCHED, reference_doctype=PAYMENT_ENTRY, reference_name=name)
            _release(context, name)
        case Enter(voucher):
            _enter(context, row, payment, voucher, known, how)


def _enter(context: Context, row: Row, payment: IncomingPayment, voucher: dict[str, Any], known: Known, how: str) -> None:
    try:
        made = _as_host(voucher)
        rows = made.pop("references")
        doc = frappe.get_doc(made)
        for each in rows:
            doc.append("references", each)
        doc.insert(ignore_permissions=True)
        if not _link(context, payment, doc.as_dict()):
            # Somebody linked it meanwhile.
            frappe.db.rollback(save_point=SAVEPOINT)
            return
        if how == SUBMITTED:
            doc.submit()
    except frappe.ValidationError as refused:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        say(row["name"], WAITING, _refused(payment, known, str(refused)))
        return
    say(row["name"], ENTERED if how == SUBMITTED else DRAFT, reference_doctype=PAYMENT_ENTRY, reference_name=doc.name)
    said = _("Entered in Xero by somebody; here it is {name}").format(name=doc.name)
    log.write(context.connection, context.company, identity(doc.as_dict()), "Linked", said)


def _as_host(value: Any) -> Any:
    """Amounts as the host's documents hold them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: _as_host(each) for name, each in value.items()}
    return [_as_host(each) for each in value] if isinstance(value, list) else value


def _link(context: Context, payment: IncomingPayment, doc: Row) -> bool:
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
    )


def _not_in_summaries(context: Context, name: str) -> None:
    """A cash summary that counts the payment is made anew without it (engine/cash_anew.py): Xero has the payment itself."""
    counts = {"reference_doctype": PAYMENT_ENTRY, "reference_name": name, "docstatus": 1}
    summaries = frappe.get_all("Xero Cash Summary Row", filters=counts, pluck="parent", distinct=True, order_by="parent asc")
    apply.write(context.connection, context.company, [MakeAnew(each) for each in summaries])


def _release(context: Context, name: str) -> None:
    """What was to be sent of the payment is in Xero: its steps are decided anew, and find that."""
    for step in outbox.of_documents(context.connection, PAYMENT_ENTRY, [name]):
        outbox.decide_anew(step)


def retry(name: str) -> None:
    """Decide anew what waits or was left out; in the next run, which is told. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, name, ["state", "connection"], as_dict=True)
    if row["state"] in (WAITING, LEFT_OUT):
        say(name, TO_DECIDE)
        frappe.db.after_commit.add(lambda: wake(row["connection"]))


def done_by_hand(name: str) -> None:
    """A person has done it: nothing is made of it, and who said so stands there. Part of the caller's transaction."""
    if frappe.db.get_value(DOCTYPE, name, "state") in OPEN:
        said = _("{user} did it by hand").format(user=full_names.mine())
        say(name, LEFT_OUT, Problem("done-by-hand", said, NONE))


def _tell(connection: str) -> None:
    """People are told once that payments from Xero wait, and again when none did and one does."""
    waiting = frappe.db.count(DOCTYPE, {"connection": connection, "state": WAITING, "endpoint": ("not in", people_entries.NO_PAYMENTS)})
    if not waiting:
        notifications.over(connection, TOLD)
        return
    what = (
        _("A payment that was entered in Xero waits for you")
        if waiting == 1
        else _("{count} payments that were entered in Xero wait for you").format(count=waiting)
    )
    notifications.tell_once(connection, TOLD, what, _("Open Entered in Xero on the workspace: each says why, and what to do"))


def _names(known: Known) -> Any:
    return joined(", ", sorted(each.name for each in known.targets.values()))


def _refused(payment: IncomingPayment, known: Known, why: str) -> Problem:
    return Problem(
        "refused-here",
        _("ERPNext does not take the payment of {names} that was entered in Xero: {why}").format(names=_names(known), why=why[:300]),
        _("Put right what it says, and press Retry; or enter the payment here by hand, and press Done by Hand"),
        held=True,
    )


def _unexpected(names: str) -> Problem:
    return Problem(
        "unexpected",
        _("The payment of {names} that was entered in Xero could not be entered here").format(names=names),
        _("Tell your administrator: the Error Log has the details"),
    )
