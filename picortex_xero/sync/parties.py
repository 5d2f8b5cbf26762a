"""The customer or supplier of a document, and its contact in Xero."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents.identity import PARTY_FIELD, Identity, identity
from ..documents.party.contact import party_name
from ..engine import links, outbox, protocol, renames
from ..engine.context import Context
from ..engine.outbox import Row
from .work import settle


def contact_of(context: Context, named: tuple[str, str]) -> tuple[str, dict[str, Any] | None]:
    """ContactID of a party by DocType and name ("" while it is not in Xero) and the party itself (None where it is gone)."""
    doctype, name = named
    if not frappe.db.exists(doctype, name):
        return "", None
    party = dict(frappe.get_doc(doctype, name).as_dict())
    linked = _linked(context, identity(party))
    return (linked[0]["xero_id"] if linked else ""), party


def _linked(context: Context, who: Identity) -> list[dict[str, Any]]:
    """The contact's links, also where they stand under a name from before."""
    found = links.of(context.connection, who)
    return found or (links.of(context.connection, who) if renames.left_behind(context.connection, who) else [])


def wait_for(context: Context, row: Row, named: tuple[str, str], party: dict[str, Any] | None) -> None:
    """Ask for the party's contact and let the step wait for it."""
    if party is None:
        doctype, name = named
        settle(row, [Problem("party-missing", f"{doctype} {name} no longer exists", f"Restore {doctype} {name}, then press Retry")])
        return
    key = outbox.add(context.connection, context.company, identity(party), "contact")
    step = outbox.get(step_key=key)
    if step is None:
        raise RuntimeError(f"The contact step of {party['name']} was not written")
    if step["state"] == protocol.SYNCED:
        # Its link was removed: make the contact anew in a further generation, found again by its ContactNumber.
        key = outbox.add(context.connection, context.company, identity(party), "contact", generation=step["generation"] + 1)
        step = outbox.get(step_key=key) or step
    name = party_name(party) or party["name"]
    problem = Problem("waits-for-contact", f"Waits until the contact {name} is in Xero", f"See what stops the contact {name}")
    outbox.postpone(row, blocked_on=step["name"], problem=problem)


def contact_named(context: Context, row: Row, doctype: str, name: str) -> str:
    """ContactID of what is no party and yet has a contact (the company itself, a fee's mapping row); "" after letting the step wait."""
    if not frappe.db.exists(doctype, name):
        settle(row, [Problem("contact-gone", f"{doctype} {name} no longer exists", "Make it again, then press Retry")])
        return ""
    owner = dict(frappe.get_doc(doctype, name).as_dict())
    linked = _linked(context, identity(owner))
    if linked:
        return str(linked[-1]["xero_id"])
    wait_for(context, row, (doctype, name), owner)
    return ""


def invoiced(doc: dict[str, Any]) -> tuple[str, str]:
    """DocType and name of an invoice's or bill's party."""
    doctype, field = PARTY_FIELD[doc["doctype"]]
    return doctype, doc[field]
