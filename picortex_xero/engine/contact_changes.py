"""Noting that a customer or supplier changed whose contact is in Xero: a step "update-n", in the save's own transaction.

Only for connections where Update Contacts in Xero is on. A failure is logged and never breaks the save; what was not noted goes with the next change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..accounting.plain_text import one_line
from ..compat import let_pass
from ..connection.current import RETIRED
from ..documents.identity import Identity, moment
from ..documents.party.contact import PARTIES
from ..documents.party.postal import TELLING
from ..documents.party.update import PART, changed
from ..documents.step import IN_FLIGHT
from ..xero.records.registry import CONTACT
from . import links, outbox
from .wake import wake

SAVEPOINT = "picortex_xero_contact"


def saved(doc: Any) -> None:
    """A customer or supplier was saved."""

    def fields() -> list[str]:
        before = doc.get_doc_before_save()
        return changed(before.as_dict(), doc.as_dict()) if before else []

    _guarded(doc.doctype, doc.name, fields)


def address_saved(doc: Any) -> None:
    """An Address was saved: the contacts of the customers and suppliers that it names follow."""
    before = doc.get_doc_before_save()
    named = {(link.link_doctype, link.link_name) for link in doc.get("links") or []}
    # A link that was there before tells what changed; one that is new brings the address along.
    known = {(link.link_doctype, link.link_name) for link in (before.get("links") or [] if before else [])}
    changed_here = before is None or any(one_line(doc.get(field)) != one_line(before.get(field)) for field in TELLING)
    for doctype, name in sorted(each for each in named if each[0] in PARTIES and (changed_here or each not in known)):
        _guarded(doctype, name, lambda: ["Addresses"])


def renamed(doctype: str, name: str) -> None:
    """A customer or supplier has another name, by which it is called too where the site names them so. Anything else is none of ours."""
    if doctype in PARTIES:
        _guarded(doctype, name, lambda: ["Name"])


def _guarded(doctype: str, name: str, fields: Callable[[], list[str]]) -> None:
    """`fields`: those of the contact that changed."""
    unsaid = f"Xero: what changed of {doctype} {name} was not noted; save it once more, or change its contact in Xero by hand"
    frappe.db.savepoint(SAVEPOINT)
    try:
        _noted(doctype, name, fields)
    except Exception as error:
        # A deadlock has undone the whole save: `let_pass` raises, and the save fails.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=unsaid[:140])


def _noted(doctype: str, name: str, fields: Callable[[], list[str]]) -> None:
    filters = {"update_contacts": 1, "state": ("!=", RETIRED), "go_live_date": ("is", "set")}
    connections = frappe.get_all("Xero Connection", filters=filters, fields=["name", "company"])
    if not connections or not (found := fields()):
        return
    who = Identity(doctype, name, moment(frappe.db.get_value(doctype, name, "creation")))
    for connection, company in [(each["name"], each["company"]) for each in connections]:
        steps = outbox.steps_of(connection, who)
        # The contact may just be on its way, as the party was before.
        coming = any(step["role"] == CONTACT.made_by.name and step["state"] in IN_FLIGHT for step in steps)
        if coming or any(link["endpoint"] == CONTACT.endpoint for link in links.of(connection, who)):
            number = 1 + sum(step["role"].startswith(f"{PART}-") for step in steps)
            outbox.add(connection, company, who, f"{PART}-{number}", changed_fields=" ".join(found))
            frappe.db.after_commit.add(lambda connection=connection: wake(connection))
