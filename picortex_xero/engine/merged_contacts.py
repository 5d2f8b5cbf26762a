"""A contact that somebody has merged into another one in Xero: our links follow it, and so does what is sent next.

Xero archives the merged contact and says where it went (MergedToContactID, Xero's OpenAPI files); it takes nothing more for it. Two
customers whose contacts were merged there share one from then on.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records import matching, xero_element
from ..xero.resolutions import RESOLUTIONS
from . import outbox, protocol, reading, record_element
from .apply import follow_contact
from .attempts import Attempt
from .compare_answer import OTHER_CONTACT, compared
from .contexts import Context
from .isolation import read_alone
from .leases import Lease
from .members import Member, give_back, refuse, row_of

ARCHIVED = "contact-archived"
MOST_TRIES = 3
Element = dict[str, Any]


def follow(context: Context, lease: Lease, attempt: Attempt, member: Member) -> None:
    """Xero refused a document since its contact is archived: where that was merged into another one, the links follow and the document goes
    again; else a person restores the contact. Part of the caller's transaction. Raises reading.Interrupted."""
    kept = reading.kept_contact(context, lease, member["contact"])
    row = row_of(attempt, member)
    count = outbox.failed_again(row, ARCHIVED)
    if kept is None or kept.get("ContactStatus", "ACTIVE") != "ACTIVE" or count["failures"] > MOST_TRIES:
        refuse(attempt, member, Problem.of(member["refused"]) if kept else _nowhere(member))
        return
    moved(context, member["contact"], kept)
    give_back(attempt, member, **count)


def take_over(context: Context, lease: Lease, attempt: Attempt, member: Member, found: Element) -> None:
    """A party's own contact is in Xero, but was merged into another one: that one is linked. Part of the caller's transaction. Raises
    reading.Interrupted."""
    kept = reading.kept_contact(context, lease, found["MergedToContactID"])
    if kept is None:
        refuse(attempt, member, _nowhere(member))
        return
    record_element.found(context, attempt, member, kept, adopted=True)


def recognise(context: Context, lease: Lease, attempt: Attempt) -> None:
    """Documents that came back with another contact than they were sent with: where Xero has merged the one into the other, that is right,
    and the links follow. Commits. Raises reading.Interrupted."""
    members, attempt.elsewhere = attempt.elsewhere, []
    for member, element in members:
        kept, row = (
            reading.kept_contact(context, lease, member["contact"]) if member.get("contact") else None,
            outbox.get(name=member["entry"]),
        )
        if kept is None or kept["ContactID"].casefold() != xero_element.contact_id(element):
            continue
        moved(context, member["contact"], kept)
        if row and row["state"] == protocol.ATTENTION and row["reason_code"] == OTHER_CONTACT:
            # The figures were not looked at then.
            facts = {name: value for name, value in member["facts"].items() if name != "Contact"}
            if problem := compared({**member, "facts": facts}, element, context.mapping.called):
                outbox.set_columns(row, **outbox.said(problem), told=0)
            else:
                outbox.move(row, "recorded")
    frappe.db.commit()


def expect_kept(context: Context, lease: Lease, attempt: Attempt, elements: list[Element]) -> None:
    """Members whose records Xero shows with another contact than they were sent with, and in all else as they were sent: where the one was
    merged into the other meanwhile, that one is what was to be expected. Raises reading.Interrupted."""
    for member in attempt.members:
        if not member.get("contact"):
            continue
        seen = [(each, matching.sight(attempt.kind, member, each)) for each in elements]
        elsewhere = {xero_element.contact_id(each) for each, how in seen if how.ours is True and how.clashes == {"Contact"}}
        if not elsewhere:
            continue
        kept = reading.kept_contact(context, lease, member["contact"])
        if kept and kept["ContactID"].casefold() in elsewhere:
            moved(context, member["contact"], kept)
            member["facts"]["Contact"], member["contact"] = kept["ContactID"].casefold(), kept["ContactID"]


def follow_read(context: Context, lease: Lease, contacts: list[Element]) -> bool:
    """Contacts of ours as Xero shows them now: where one was merged into another that stands, the links follow at once, not only when
    something is sent next. Whether any did. Part of the caller's transaction. Raises reading.Interrupted."""
    followed = False
    for each in contacts:
        into = xero_element.linked_id(each, "MergedToContactID")
        if not into:
            continue
        # One that Xero does not show keeps no other contact waiting: its links follow when something is sent to it.
        there, kept = read_alone(context, lease, partial(reading.kept_contact, context, lease, into))
        if there and kept is not None and kept.get("ContactStatus", "ACTIVE") == "ACTIVE":
            followed |= moved(context, str(each["ContactID"]), kept)
    return followed


def moved(context: Context, xero_id: str, kept: Element) -> bool:
    """Let every party that was linked with a contact be linked with the one that was kept, and say so. Whether there was one."""
    return follow_contact(context.connection, context.company, xero_id, kept["ContactID"], str(kept.get("Name") or ""))


def _nowhere(member: Member) -> Problem:
    return Problem(
        ARCHIVED,
        _("The contact of {name} was merged in Xero, and Xero does not show into which one").format(name=member["docname"]),
        RESOLUTIONS[ARCHIVED],
    )
