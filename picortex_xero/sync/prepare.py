"""Is a due step ready to go? Its document is read again, its prerequisites are checked, and what is missing is asked for.

Nothing here talks to Xero. A step that is not ready is moved or postponed with a reason, so that it never comes up again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import frappe

from ..core import outbox as protocol
from ..core.documents import PARTY_FIELD, Identity, identity, moment
from ..core.kinds import KINDS, UNDO_OF, Kind
from ..core.money import ZERO, decimal
from ..core.problems import Problem, Refused
from ..core.translate import Translation, payment
from ..core.translate.contact import contact
from ..core.translate.invoice import invoice
from . import links, outbox
from .context import Context
from .outbox import Row

APPROVAL_POLL = timedelta(minutes=15)


@dataclass
class Work:
    """A step that may be sent, with what its request will be made of. `chain` holds what must not be in two requests at once."""

    row: Row
    doc: dict[str, Any]
    kind: Kind
    chain: set[str]
    translation: Translation | None = None
    targets: list[dict[str, Any]] = field(default_factory=list)
    xero_id: str = ""
    linked: dict[str, Any] | None = None


def ready(context: Context, row: Row) -> Work | None:
    """The work of a due step, or None after moving or postponing it. Part of the caller's transaction."""
    who = outbox.identity(row)
    doc = _load(who)
    role = row["role"].split("-")[0]
    if doc is None:
        _supersede(row, f"{who.doctype} {who.name} no longer exists")
        return None
    return READY[role](context, row, doc)


def settle(row: Row, problems: list[Problem]) -> None:
    """Show a step's problems, all of them: held where it only waits, else for a person's attention."""
    held = all(problem.held for problem in problems)
    texts = [problem.message for problem in problems]
    cures = list(dict.fromkeys(problem.cure for problem in problems if problem.cure))
    summary = Problem(problems[0].code, "\n".join(texts), "\n".join(cures), held)
    event = "hold" if held else "problem" if row["state"] == protocol.PENDING else "refused"
    outbox.move(row, event, summary)


def _contact(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    if links.of(context.connection, identity(doc)):
        outbox.move(row, "recorded")
        return None
    try:
        translation = contact(doc, context.instance)
    except Refused as refused:
        settle(row, refused.problems)
        return None
    return Work(row, doc, KINDS["contact"], {identity(doc).digest, translation.body["Name"].casefold()}, translation)


def _invoice(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    who = identity(doc)
    if not _still_submitted(row, doc) or _waits_for_predecessor(context, row, doc):
        return None
    linked = links.of(context.connection, who)
    if linked:
        return Work(row, doc, KINDS["invoice"], {who.digest}, linked=linked[0], xero_id=linked[0]["xero_id"])
    party_doctype, party_field = PARTY_FIELD[doc["doctype"]]
    party = _load_party(party_doctype, doc[party_field])
    contact_links = links.of(context.connection, identity(party)) if party else []
    contact_id = contact_links[0]["xero_id"] if contact_links else ""
    try:
        # Without a contact yet, this still finds every problem: nobody is created for a document that cannot go.
        translation = invoice(
            doc, context.mapping, contact_id, context.site_url, context.instance, row["generation"], row["number_suffix"] or 0
        )
    except Refused as refused:
        settle(row, refused.problems)
        return None
    if not contact_id:
        if party is None:
            settle(
                row,
                [
                    Problem(
                        "party-missing",
                        f"{party_doctype} {doc[party_field]} no longer exists",
                        f"Restore {party_doctype} {doc[party_field]}, then press Retry",
                    )
                ],
            )
            return None
        _wait_for_contact(context, row, party)
        return None
    return Work(row, doc, KINDS["invoice"], {who.digest}, translation)


def _payment(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    who = identity(doc)
    if not _still_submitted(row, doc) or _waits_for_predecessor(context, row, doc):
        return None
    sequence = _sequence(row["role"])
    if any(link["sequence"] == sequence for link in links.of(context.connection, who)):
        outbox.move(row, "recorded")
        return None
    if problems := payment.out_of_scope(doc):
        settle(row, problems)
        return None
    targets = []
    for part in payment.parts(doc):
        target = _target(context, row, part.doctype, part.name)
        if target is None:
            return None
        targets.append(target)
    if payment.is_batch(doc, [_as_target(target) for target in targets], context.mapping):
        kind = KINDS["batch-payment"]
    else:
        kind = KINDS["payment"]
        for further in range(2, len(targets) + 1):
            outbox.add(
                context.connection,
                context.company,
                who,
                f"payment-{further}",
                generation=row["generation"],
                posting_date=doc["posting_date"],
                amount=row["amount"],
                currency=row["currency"],
            )
    if kind.name == "payment" and sequence > len(targets):
        _supersede(row, "The payment no longer has this reference")
        return None
    mine = targets if kind.name == "batch-payment" else [targets[sequence - 1]]
    return Work(row, doc, kind, {who.digest, *(target["xero_id"] for target in mine)}, targets=targets)


def _void(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    who = identity(doc)
    others = [step for step in outbox.steps_of(context.connection, who) if not step["role"].startswith("void")]
    for step in others:
        if step["state"] in protocol.IN_FLIGHT:
            outbox.postpone(row, blocked_on=step["name"])
            return None
        if step["state"] in protocol.UNSENT:
            _supersede(step, f"{who.name} was cancelled before it was sent")
    linked = links.of(context.connection, who)
    sequence = _sequence(row["role"])
    if sequence == 1:
        for link in linked:
            if link["sequence"] > 1:
                outbox.add(
                    context.connection,
                    context.company,
                    who,
                    f"void-{link['sequence']}",
                    generation=row["generation"],
                    posting_date=row["posting_date"],
                    amount=row["amount"],
                    currency=row["currency"],
                )
    mine = next((link for link in linked if link["sequence"] == sequence), None)
    if mine is None:
        _supersede(row, f"{who.name} was cancelled before it was sent")
        return None
    made_by = {"Invoices": "invoice", "Payments": "payment", "BatchPayments": "batch-payment"}[mine["endpoint"]]
    return Work(row, doc, KINDS[UNDO_OF[made_by]], {who.digest, mine["xero_id"]}, xero_id=mine["xero_id"], linked=mine)


READY: dict[str, Callable[[Context, Row, dict[str, Any]], Work | None]] = {
    "contact": _contact,
    "invoice": _invoice,
    "payment": _payment,
    "void": _void,
}


def _sequence(role: str) -> int:
    """ "payment" and "void" are the first, "payment-2" the second."""
    _, _, number = role.partition("-")
    return int(number or 1)


def _load(who: Identity) -> dict[str, Any] | None:
    """The document of exactly this identity as a dict, or None when it is gone or its name now belongs to another."""
    creation = frappe.db.get_value(who.doctype, who.name, "creation")
    if creation is None or moment(creation) != who.creation:
        return None
    return dict(frappe.get_doc(who.doctype, who.name).as_dict())


def _load_party(doctype: str, name: str) -> dict[str, Any] | None:
    return dict(frappe.get_doc(doctype, name).as_dict()) if frappe.db.exists(doctype, name) else None


def _still_submitted(row: Row, doc: dict[str, Any]) -> bool:
    if doc["docstatus"] == 1:
        return True
    _supersede(row, f"{doc['name']} was cancelled before it was sent")
    return False


def _supersede(row: Row, why: str) -> None:
    outbox.move(row, "supersede", Problem("superseded", why, ""))


def _waits_for_predecessor(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """An amended document waits until the one it replaces is gone from Xero, so that nothing is ever owed twice."""
    if not doc.get("amended_from"):
        return False
    creation = frappe.db.get_value(doc["doctype"], doc["amended_from"], "creation")
    if creation is None:
        return False
    before = Identity(doc["doctype"], doc["amended_from"], moment(creation))
    voids = [
        step
        for step in outbox.steps_of(context.connection, before)
        if step["role"].startswith("void") and step["state"] in protocol.UNFINISHED
    ]
    if voids:
        outbox.postpone(
            row,
            blocked_on=voids[0]["name"],
            problem=Problem(
                "waits-for-cancel", f"Waits until {before.name} is cancelled in Xero", f"See why {before.name} is not cancelled in Xero yet"
            ),
        )
    return bool(voids)


def _wait_for_contact(context: Context, row: Row, party: dict[str, Any]) -> None:
    key = outbox.add(context.connection, context.company, identity(party), "contact")
    step = outbox.get(step_key=key)
    if step is None:
        raise RuntimeError(f"The contact step of {party['name']} was not written")
    if step["state"] == protocol.SYNCED:
        # Its link was removed: make the contact anew in a further generation, found again by its ContactNumber.
        key = outbox.add(context.connection, context.company, identity(party), "contact", generation=step["generation"] + 1)
        step = outbox.get(step_key=key) or step
    name = party.get("customer_name") or party.get("supplier_name") or party["name"]
    outbox.postpone(
        row,
        blocked_on=step["name"],
        problem=Problem("waits-for-contact", f"Waits until the contact {name} is in Xero", f"See what stops the contact {name}"),
    )


def _target(context: Context, row: Row, doctype: str, name: str) -> dict[str, Any] | None:
    """An invoice that this payment settles, with its Xero id; None after letting the payment wait for it."""
    fields = ["creation", "currency", "conversion_rate", "outstanding_amount", "party_account_currency"]
    found = frappe.db.get_value(doctype, name, fields, as_dict=True)
    who = Identity(doctype, name, moment(found["creation"]))
    linked = links.of(context.connection, who)
    if linked:
        return {**found, "doctype": doctype, "name": name, "xero_id": linked[0]["xero_id"], "link": linked[0]["name"]}
    step = next(
        (step for step in outbox.steps_of(context.connection, who) if step["role"] == "invoice" and step["state"] in protocol.UNFINISHED),
        None,
    )
    if step:
        outbox.postpone(
            row, blocked_on=step["name"], problem=Problem("waits-for-invoice", f"Waits until {name} is in Xero", f"See what stops {name}")
        )
    else:
        settle(
            row,
            [
                Problem(
                    "invoice-not-in-xero",
                    f"It pays {name}, which was never sent to Xero",
                    f"Enter {name} and this payment in Xero by hand, or send {name} first and press Retry",
                    held=True,
                )
            ],
        )
    return None


def _as_target(found: dict[str, Any], remote: dict[str, Any] | None = None, settles: bool = False) -> payment.Target:
    remote = remote or {}
    return payment.Target(
        found["xero_id"],
        found["currency"],
        decimal(remote.get("AmountDue")),
        remote.get("Status") or "",
        decimal(found["conversion_rate"]) or decimal(1),
        settles,
    )


def as_targets(context: Context, work: Work, remote: dict[str, dict[str, Any]]) -> list[payment.Target]:
    """The invoices of a payment as Xero shows them now (`remote` by InvoiceID)."""
    return [_as_target(found, remote.get(found["xero_id"]), _settles(context, work, found)) for found in work.targets]


def _settles(context: Context, work: Work, found: dict[str, Any]) -> bool:
    """Whether nothing is left of a base-currency receivable of a foreign invoice, and no other payment of it is still to be sent."""
    if found["currency"] == found["party_account_currency"] or decimal(found["outstanding_amount"]) != ZERO:
        return False
    others = frappe.get_all(
        "Payment Entry Reference",
        filters={
            "reference_doctype": found["doctype"],
            "reference_name": found["name"],
            "docstatus": 1,
            "parent": ("!=", work.doc["name"]),
        },
        pluck="parent",
    )
    return all(any(step["state"] == protocol.SYNCED for step in _payment_steps(context, name)) for name in set(others))


def _payment_steps(context: Context, name: str) -> list[Row]:
    creation = frappe.db.get_value("Payment Entry", name, "creation")
    return outbox.steps_of(context.connection, Identity("Payment Entry", name, moment(creation)))
