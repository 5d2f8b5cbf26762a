"""What Xero says exists already (a contact's name, an invoice's number): a record that the app made is linked, a number that Xero has used up
gets a suffix, anything else is left to a person."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem, Refused
from ..accounting.texts import _
from ..documents.party.contact import linked_before, other_party, shared_by_two
from ..documents.party.evidence import Evidence, from_stored, is_merged, joined_because, namesake_of, same_named
from ..xero.records import matching, xero_element
from ..xero.records.base import EXACT
from ..xero.records.registry import CONTACT
from . import candidates, log, merged_contacts, reading, record_element
from .attempts import Attempt
from .compare_answer import compared
from .contexts import Context
from .leases import Lease
from .look_at_xero import owners_of
from .members import Member, give_back, identity_of, refuse, row_of


def look_up(context: Context, lease: Lease, attempt: Attempt, members: list[Member]) -> None:
    """Look up members that Xero says exist already: a record that the app made is linked, a number that Xero has used up gets a suffix,
    anything else is left to a person. Commits."""
    for member in members:
        if member.get("archived"):
            merged_contacts.follow(context, lease, attempt, member)
        elif attempt.kind.xero_object is CONTACT:
            _look_up_contact(context, lease, attempt, member)
        else:
            _look_up_number(context, lease, attempt, member)
    if members:
        attempt.members = [member for member in attempt.members if member not in members]
        if not attempt.members:
            attempt.resolve("looked up")
        frappe.db.commit()


def _look_up_contact(context: Context, lease: Lease, attempt: Attempt, member: Member) -> None:
    number = member["marker"]["ContactNumber"]
    by_number = xero_element.elements(attempt.kind, reading.read(context, lease, [f"{attempt.kind.endpoint}/{number}"], missing_ok=True)[0])
    alike = by_number or reading.contacts_like(context, lease, [member["name"]])[0]
    # Sealed by a former release, it does not say all that is known.
    known = from_stored(member["known"]) if member.get("known") else Evidence(member["name"], number, member.get("tax_number") or "")
    who = identity_of(member)
    try:
        existing = namesake_of(alike, known)
    except Refused as refused:
        for each in same_named(alike, known.name):
            if other := other_party(who, owners_of(context, CONTACT.endpoint, each["ContactID"])):
                refuse(attempt, member, shared_by_two(who.name, other, each["Name"]))
                return
        refuse(attempt, member, refused.problems[0])
        return
    if existing and is_merged(existing):
        merged_contacts.take_over(context, lease, attempt, member, existing)
    elif existing and (other := other_party(who, owners_of(context, CONTACT.endpoint, existing["ContactID"]))):
        refuse(attempt, member, shared_by_two(who.name, other, existing["Name"]))
    elif existing:
        record_element.found(context, attempt, member, existing, adopted=True)
        if existing.get("ContactNumber") != number:
            said = linked_before(existing["Name"], joined_because(existing, known))
            log.write(context.connection, member["company"], who, "Linked", said)
    else:
        refuse(
            attempt,
            member,
            Problem(
                "contact-name-taken",
                _('Xero says the name "{name}" is taken, but shows no such contact').format(name=member["name"]),
                _("Search for the contact in Xero; rename one of the two, then press Retry"),
            ),
        )


def _same(element: dict[str, Any], field: str, number: str, marker: dict[str, Any]) -> bool:
    """Whether an element has this number and is of the kind that was sent: a bill may have the number of any sales invoice."""
    kind = xero_element.fold(element.get("Type"))
    return xero_element.fold(element.get(field)) == xero_element.fold(number) and kind in ("", xero_element.fold(marker.get("Type")))


def _sent_from_here(attempt: Attempt, member: Member, element: dict[str, Any]) -> bool:
    """Whether a record of the member's number, contact, date and total is one that the app made, and nobody's who has typed the same document in
    Xero: it bears the app's mark, or, where such records have none, it is what was sent line by line."""
    if attempt.kind.xero_object.shows_link:
        return matching.sight(attempt.kind, member, element).marked
    return compared(member, element) is None


def _look_up_number(context: Context, lease: Lease, attempt: Attempt, member: Member) -> None:
    of = attempt.kind.xero_object
    number = next(member["marker"][name] for name in of.looked_up_by)
    found = reading.listing(context, lease, of.endpoint, f"{of.numbered(number)}&{EXACT}", True, "")
    same_number = [each for each in found.elements if _same(each, of.looked_up_by[0], number, member["marker"])]
    same_number = reading.as_they_are(context, lease, of.endpoint, same_number)
    ours = [each for each in matching.listed(attempt.kind, member, same_number)[0] if xero_element.linked_id(each, attempt.kind.id_field)]
    if len(ours) == 1 and _sent_from_here(attempt, member, ours[0]):
        record_element.found(context, attempt, member, ours[0], adopted=True)
    elif len(ours) == 1:
        problem = candidates.under_its_number(member["docname"], candidates.kept(attempt, ours))
        candidates.keep(attempt, member, ours, problem, theirs=True)
    elif same_number and all(xero_element.gone(element) for element in same_number):
        row = row_of(attempt, member)
        give_back(attempt, member, number_suffix=int((row or {}).get("number_suffix") or 0) + 1)
    else:
        refuse(
            attempt,
            member,
            Problem(
                "number-taken",
                _("Xero already has another {noun} with the number {number}").format(noun=of.noun, number=number),
                _("Renumber the one in Xero, then press Retry; or amend this document under a new name"),
            ),
        )
