"""After a crash, a time-out or a refusal that is none: find out what Xero really has, then and only then act.

Inside five minutes the same bytes under the same key tell; later Xero's own lists do, compared by marker. Never a blind second create.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import frappe

from ..core.kinds import GONE, find
from ..core.problems import Problem, Refused
from ..core.translate import Translation
from ..core.translate.contact import namesake, shared_by_two
from ..xero import client
from . import attempts, exchange, limits, links, outbox, record
from .attempts import Attempt
from .context import Context
from .lease import Lease

LOOK_BACK = timedelta(minutes=5)


def orphans(lease: Lease, ending: bool = False) -> None:
    """Steps that were claimed and never sealed were never sent: they are due again. Commits.

    At the start of a run those of former holders, at its `ending` also its own.
    """
    newest = lease.epoch if ending else lease.epoch - 1
    for row in outbox.in_flight(lease.connection):
        if row["state"] == "Sending" and not row["attempt"] and int(row["epoch"] or 0) <= newest:
            outbox.move(row, "release")
    frappe.db.commit()


def unresolved(context: Context, lease: Lease) -> None:
    """Settle attempts of which nobody knows what became of them. Commits. Raises exchange.Interrupted, exchange.LeaseLost."""
    waiting = attempts.unresolved(context.connection)
    # No more at once than are in flight together: the lease that `send` proves must outlive every one of them.
    for start in range(0, len(waiting), client.IN_FLIGHT):
        if not limits.may_send(context.connection):
            return
        some = waiting[start : start + client.IN_FLIGHT]
        replays = [attempt for attempt in some if attempt.may_replay]
        for attempt in replays:
            attempt.before_replay()
        for attempt, answer in zip(replays, exchange.send(context, lease, [attempt.request() for attempt in replays])):
            look_up(context, lease, attempt, record.record(context, attempt, answer))
        for attempt in some:
            if attempt not in replays:
                _probe(context, lease, attempt)


def _probe(context: Context, lease: Lease, attempt: Attempt) -> None:
    elements = _elements(context, lease, attempt)
    open_members = []
    for member in attempt.members:
        hits = _hits(context, attempt, member, elements)
        if attempt.kind.revises:
            # Whether it went through, the next look sees: it compares before it sends anything.
            record.give_back(attempt, member, _absent(attempt, member))
        elif hits:
            # Several: the first is linked all the same, so that neither a retry makes one more nor a cancel forgets it.
            record.found(context, attempt, member, hits[0], problem=_several(member, hits) if len(hits) > 1 else None)
        elif attempt.absence_counts:
            record.give_back(attempt, member, _absent(attempt, member))
        else:
            open_members.append(member)
    attempt.members = open_members
    if open_members:
        attempt.wait_for_probe()
    else:
        attempt.resolve("probed")
    frappe.db.commit()


def _several(member: record.Member, hits: list[dict[str, Any]]) -> Problem:
    return Problem(
        "several-in-xero",
        f"Xero has {len(hits)} records for {member['docname']}",
        "Void the ones that are too many in Xero (not the one shown here), then press Retry",
    )


def _hits(context: Context, attempt: Attempt, member: record.Member, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Xero has of a member and no other step owns. Our address in an invoice proves it ours even where a person has changed
    its number or figures since."""
    kind, marker = attempt.kind, member["marker"]
    hits = find(kind, marker, elements)
    if kind.undo:
        return [element for element in hits if element.get("Status") in GONE]
    if not hits and marker.get("Url"):
        # Two records of one document (both legs of a transfer) share their address, never their type.
        same_type = [element for element in elements if element.get("Type") == marker.get("Type", element.get("Type"))]
        hits = [element for element in same_type if element.get("Url") == marker["Url"] and element.get("Status") not in GONE]
    if not hits or kind.name == "contact" or kind.extra:
        return hits
    who, role = record.identity_of(member), record.link_role(member)
    taken = links.of_others(context.connection, attempt.endpoint, [hit[kind.id_field] for hit in hits], who, role)
    return [hit for hit in hits if hit[kind.id_field] not in taken]


def _absent(attempt: Attempt, member: record.Member) -> str:
    """The event for "Xero does not have it": a step that never got as far as Unknown is simply released."""
    row = record.row_of(attempt, member)
    return "absent" if row and row["state"] == "Unknown" else "release"


def _elements(context: Context, lease: Lease, attempt: Attempt) -> list[dict[str, Any]]:
    kind = attempt.kind
    if kind.name == "void-invoice":
        return list(exchange.invoices(context, lease, [member["marker"]["InvoiceID"] for member in attempt.members]).values())
    if kind.extra:
        # Invoices/<id>/Attachments/<name> is listed by Invoices/<id>/Attachments, a history by the path its notes are put to.
        listed = "/".join(attempt.path.split("/")[:3])
        return [
            element for answer in exchange.read(context, lease, [listed], missing_ok=True) for element in answer.get(kind.endpoint) or []
        ]
    if kind.nested:
        return _nested(context, lease, attempt)
    if kind.revises:
        return []
    if kind.undo:
        paths = [f"{kind.endpoint}/{member['marker'][kind.id_field]}" for member in attempt.members]
        return [element for answer in exchange.read(context, lease, paths, missing_ok=True) for element in answer.get(kind.endpoint) or []]
    since = (attempt.sealed_at - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%S")
    return exchange.listing(context, lease, kind.endpoint, kind.listing, kind.paged, since)


def _nested(context: Context, lease: Lease, attempt: Attempt) -> list[dict[str, Any]]:
    """What a record holds below it (allocations have no list of their own); a deleted one that is no longer there counts as gone."""
    parent, _, rest = attempt.path.partition("?")[0].partition(f"/{attempt.kind.endpoint}")
    answer = exchange.read(context, lease, [parent])[0]
    held = [each for record_ in answer.get(parent.partition("/")[0]) or [] for each in record_.get(attempt.kind.endpoint) or []]
    gone = rest.strip("/")
    if gone and all(each.get(attempt.kind.id_field) != gone for each in held):
        return [{attempt.kind.id_field: gone, "Status": "DELETED"}]
    return held


def look_up(context: Context, lease: Lease, attempt: Attempt, members: list[record.Member]) -> None:
    """Members that Xero says exist already: ours is adopted, a burned number gets a suffix, anything else is a person's. Commits."""
    for member in members:
        if attempt.kind.name == "contact":
            _look_up_contact(context, lease, attempt, member)
        else:
            _look_up_number(context, lease, attempt, member)
    if members:
        attempt.members = [member for member in attempt.members if member not in members]
        if not attempt.members:
            attempt.resolve("looked up")
        frappe.db.commit()


def _look_up_contact(context: Context, lease: Lease, attempt: Attempt, member: record.Member) -> None:
    number = member["marker"]["ContactNumber"]
    by_number = exchange.read(context, lease, [f"Contacts/{number}"], missing_ok=True)[0].get("Contacts") or []
    candidates = by_number or exchange.contacts_like(context, lease, [member["name"]])[0]
    wanted = Translation({"Name": member["name"], "ContactNumber": number, "TaxNumber": member["tax_number"]}, member["marker"])
    try:
        existing = namesake(candidates, wanted)
    except Refused as refused:
        record.refuse(attempt, member, refused.problems[0])
        return
    who = record.identity_of(member)
    if existing and (other := links.other_party(context.connection, existing["ContactID"], who)):
        record.refuse(attempt, member, shared_by_two(who.name, other, existing["Name"]))
    elif existing:
        record.found(context, attempt, member, existing, adopted=True)
    else:
        record.refuse(
            attempt,
            member,
            Problem(
                "contact-name-taken",
                f'Xero says the name "{member["name"]}" is taken, but shows no such contact',
                "Search for the contact in Xero; rename one of the two, then press Retry",
            ),
        )


def _look_up_number(context: Context, lease: Lease, attempt: Attempt, member: record.Member) -> None:
    endpoint = attempt.kind.endpoint
    number = member["marker"].get("InvoiceNumber") or member["marker"]["CreditNoteNumber"]
    path = f"{endpoint}/{quote(number, safe='')}?unitdp=4"
    same_number = exchange.read(context, lease, [path], missing_ok=True)[0].get(endpoint) or []
    ours = find(attempt.kind, member["marker"], same_number)
    if len(ours) == 1:
        record.found(context, attempt, member, ours[0], adopted=True)
    elif same_number and all(element.get("Status") in GONE for element in same_number):
        row = record.row_of(attempt, member)
        record.give_back(attempt, member, number_suffix=int((row or {}).get("number_suffix") or 0) + 1)
    else:
        record.refuse(
            attempt,
            member,
            Problem(
                "number-taken",
                f"Xero already has another {'credit note' if endpoint == 'CreditNotes' else 'invoice'} with the number {number}",
                "Renumber the one in Xero, or amend this document under a new name",
            ),
        )
