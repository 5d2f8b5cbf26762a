"""Is a due step ready to go? Its document is read again, its prerequisites are checked, and what is missing is asked for.

Nothing here talks to Xero. A step that is not ready is moved or postponed with a reason, so that it never comes up again at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..core import outbox as protocol
from ..core.documents import PARTY_FIELD, Identity, identity, moment
from ..core.kinds import KINDS
from ..core.problems import Problem, Refused
from ..core.translate import payment
from ..core.translate.contact import contact
from ..core.translate.invoice import invoice
from . import links, outbox
from .context import Context
from .outbox import Row
from .targets import as_target, target, waits_for_cancels
from .undo import void
from .work import Work, before_go_live, sequence, settle, supersede


def ready(context: Context, row: Row) -> Work | None:
    """The work of a due step, or None after moving or postponing it. Part of the caller's transaction."""
    who = outbox.identity(row)
    doc = _load(who)
    role = row["role"].split("-")[0]
    if doc is None and role == "void":
        # A cancelled document may be deleted at once. What it became in Xero must go all the same; its links say what that is.
        doc = {"doctype": who.doctype, "name": who.name, "creation": who.creation, "docstatus": 2}
    if doc is None:
        supersede(row, f"{who.doctype} {who.name} no longer exists")
        return None
    return READY[role](context, row, doc)


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
    if _before_go_live(context, row, doc):
        return None
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
    part = sequence(row["role"])
    if any(link["sequence"] == part for link in links.of(context.connection, who)):
        outbox.move(row, "recorded")
        return None
    if _before_go_live(context, row, doc):
        return None
    if problems := payment.out_of_scope(doc):
        settle(row, problems)
        return None
    targets = []
    for settled in payment.parts(doc):
        found = target(context, row, settled.doctype, settled.name)
        if found is None or waits_for_cancels(context, row, settled.doctype, settled.name):
            return None
        targets.append(found)
    if payment.is_batch(doc, [as_target(found) for found in targets], context.mapping):
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
    if kind.name == "payment" and part > len(targets):
        supersede(row, "The payment no longer has this reference")
        return None
    mine = targets if kind.name == "batch-payment" else [targets[part - 1]]
    return Work(row, doc, kind, {who.digest, *(found["xero_id"] for found in mine)}, targets=targets)


READY: dict[str, Callable[[Context, Row, dict[str, Any]], Work | None]] = {
    "contact": _contact,
    "invoice": _invoice,
    "payment": _payment,
    "void": void,
}


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
    supersede(row, f"{doc['name']} was cancelled before it was sent")
    return False


def _before_go_live(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """Captured under an earlier go-live date than the one that holds now: nothing older is sent."""
    if str(doc["posting_date"]) >= context.go_live_date:
        return False
    return outbox.move(row, "skip", before_go_live(context.go_live_date))


def _waits_for_predecessor(context: Context, row: Row, doc: dict[str, Any]) -> bool:
    """A document waits until what it replaces is gone from Xero, so that nothing is ever owed twice: the one it amends, or a deleted
    one whose name it got."""
    for name in filter(None, (doc.get("amended_from"), doc["name"])):
        for step in outbox.steps_named(context.connection, doc["doctype"], name):
            if step["role"].startswith("void") and step["state"] in protocol.UNFINISHED:
                message = (
                    f"Waits until {name} is cancelled in Xero"
                    if name != doc["name"]
                    else f"Waits until the former {name} is cancelled in Xero"
                )
                problem = Problem("waits-for-cancel", message, f"See why {name} is not cancelled in Xero yet")
                return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


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
