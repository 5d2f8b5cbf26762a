"""A person links a customer or supplier with a contact that Xero has already, and undoes that: written as every decision is (engine/apply.py), under
the sender's lease, so that nothing is on its way to that party meanwhile. Nothing is sent; what waits for the contact goes on.

Two customers never get one contact in this way (nor two suppliers), a customer and a supplier may (documents/party/contact.py: other_party). A link is
undone only while no document of the party has gone to Xero: later a document there bears that contact, whatever is linked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..connection import pauses
from ..documents.decisions import Adopt, done
from ..documents.identity import Identity, moment
from ..documents.party.contact import PARTIES, other_party, shared_by_two
from ..documents.party.contact_matches import LONGEST_CHAIN, XeroContact
from ..xero.records.registry import CONTACT
from . import contact_cache, full_names, leases, links, log, outbox, protocol
from .apply import apply
from .leases import Lease
from .look_at_xero import owners
from .screen_texts import html, in_words

ROLE, ROOM, PART = "contact", "party", "contact"
# Documents that are looked up together.
AT_ONCE = 500
# By DocType of the party: where documents name it, by field (and, where any party may stand, by the field that says of which kind).
NAMED_BY: dict[str, list[tuple[str, str, str]]] = {
    "Customer": [
        ("Sales Invoice", "customer", ""),
        ("Payment Entry", "party", "party_type"),
        ("Journal Entry Account", "party", "party_type"),
    ],
    "Supplier": [
        ("Purchase Invoice", "supplier", ""),
        ("Payment Entry", "party", "party_type"),
        ("Journal Entry Account", "party", "party_type"),
    ],
}
MOVED_ON = _("{party} is being sent to Xero at this moment: try again in a minute")
Pair = tuple[str, str, str]


class Refusal(Exception):
    """One party is not linked, or its link not undone. `problem` says why and what to do."""

    def __init__(self, problem: Problem):
        super().__init__(problem.message)
        self.problem = problem


@contextmanager
def as_sender(connection: str) -> Iterator[Lease]:
    """Nothing is sent for this connection inside this block. Throws where something is being sent right now. Commits."""
    lease = leases.acquire(connection)
    if lease is None:
        raise frappe.ValidationError(frappe._("Documents are being sent to Xero at this moment: try again in a minute"))
    try:
        yield lease
    finally:
        frappe.db.rollback()
        lease.release()


def link_all(connection: str, pairs: Iterable[tuple[Pair, Text]]) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Link each party (DocType, name) with the contact of this id, for the reason given; those that were linked, and why others were not. Throws
    where something is being sent. Commits."""
    linked: list[tuple[str, str]] = []
    not_linked: list[Problem] = []
    with as_sender(connection) as lease:
        for (doctype, name, xero_id), because in pairs:
            if not lease.extend():
                raise frappe.ValidationError(frappe._("Documents are being sent to Xero at this moment: try again in a minute"))
            try:
                _link(connection, doctype, name, xero_id, because)
                frappe.db.commit()
                linked.append((doctype, name))
            except Refusal as refusal:
                frappe.db.rollback()
                not_linked.append(refusal.problem)
    return linked, not_linked


def link(connection: str, doctype: str, name: str, xero_id: str, because: Text) -> None:
    """Link one party with a contact. Throws where that cannot be, with what to do. Commits."""
    _linked, refused = link_all(connection, [((doctype, name, xero_id), because)])
    if refused:
        _throw(refused[0])


def unlink_all(connection: str, parties: Iterable[tuple[str, str]]) -> int:
    """Undo the links of these parties; how many were undone. Throws at the first that cannot be, with what to do; those before it are undone.
    Commits."""
    count = 0
    with as_sender(connection):
        for doctype, name in parties:
            try:
                _unlink(connection, doctype, name)
            except Refusal as refusal:
                _throw(refusal.problem)
            frappe.db.commit()
            count += 1
    return count


def _throw(problem: Problem) -> None:
    frappe.throw(html(in_words(pauses.joined(problem))))


def _link(connection: str, doctype: str, name: str, xero_id: str, because: Text) -> None:
    company = str(frappe.db.get_value("Xero Connection", connection, "company") or "")
    who = _party(doctype, name)
    contact = _standing(connection, xero_id)
    if known := links.of(connection, who):
        raise Refusal(
            Problem(
                "contact-linked",
                _("{party} is linked with the contact {contact} already").format(party=name, contact=known[-1]["xero_number"]),
                _("Undo that link first, if nothing was sent on it"),
            )
        )
    if other := other_party(who, owners(connection, frozenset([(CONTACT.endpoint, contact.xero_id)]))[CONTACT.endpoint, contact.xero_id]):
        raise Refusal(shared_by_two(name, other, contact.name))
    row = _step(connection, company, who)
    said = _("Linked by {user} to the contact {name} that was already in Xero: {because}")
    adopt = Adopt(
        PART, 1, int(row["generation"]), CONTACT.endpoint, contact.xero_id, contact.name, status="ACTIVE",
        said=said.format(user=full_names.mine(), name=contact.name, because=because),
    )  # fmt: skip
    apply(row, done(adopt))
    if not any(each["xero_id"] == contact.xero_id for each in links.of(connection, who)):
        raise Refusal(_raced(name))


def _party(doctype: str, name: str) -> Identity:
    creation = frappe.db.get_value(doctype, name, "creation") if doctype in PARTIES else None
    if creation is None:
        raise Refusal(Problem("party-missing", _("There is no customer or supplier {party}").format(party=name), _("Load the page again")))
    return Identity(doctype, name, moment(creation))


def _standing(connection: str, xero_id: str) -> XeroContact:
    """The active contact that this one is by now, as it was last read."""
    contact = contact_cache.one(connection, xero_id)
    for _turn in range(LONGEST_CHAIN):
        if contact is None or contact.active or not contact.merged_into:
            break
        contact = contact_cache.one(connection, contact.merged_into)
    if contact is None or not contact.active:
        name = contact.name if contact else xero_id
        raise Refusal(
            Problem(
                "contact-archived",
                _("Xero has archived the contact {name}, or does not show it any more").format(name=name),
                _("Restore it in Xero, or choose another one; then press Read contacts"),
            )
        )
    return contact


def _step(connection: str, company: str, who: Identity) -> outbox.Row:
    """The party's step that the link closes: the one that waits, else a further one."""
    steps = [each for each in outbox.steps_of(connection, who) if each["role"] == ROLE]
    latest = max(steps, key=lambda each: int(each["generation"]), default=None)
    revision = 1 if latest is None else int(latest["generation"]) + (latest["state"] in (protocol.SYNCED, protocol.SUPERSEDED))
    row = outbox.get(step_key=outbox.add(connection, company, who, ROLE, room=ROOM, revision=revision))
    if row is None or row["state"] in protocol.IN_FLIGHT or row["kept_by"]:
        raise Refusal(_raced(who.name))
    if row["state"] in (protocol.HELD, protocol.SKIPPED) and not outbox.decide_anew(row):
        raise Refusal(_raced(who.name))
    return row


def _raced(name: str) -> Problem:
    return Problem("contact-on-its-way", MOVED_ON.format(party=name), _("Load the page again"))


def _unlink(connection: str, doctype: str, name: str) -> None:
    who = _party(doctype, name)
    mine = [each for each in links.of(connection, who) if each["endpoint"] == CONTACT.endpoint]
    if not mine:
        raise Refusal(Problem("contact-not-linked", _("{party} is linked with no contact").format(party=name), _("Load the page again")))
    if not all(int(each["adopted"] or 0) for each in mine):
        raise Refusal(
            Problem(
                "contact-made-here",
                _("The contact of {party} was made by this app").format(party=name),
                _("Where it is the wrong one, merge the two in Xero: the link follows"),
            )
        )
    if why := sent_on(connection, doctype, name):
        raise Refusal(
            Problem(
                "contact-used",
                _("{document} of {party} has gone to Xero with this contact").format(document=why, party=name),
                _("Where it is the wrong one, merge the two contacts in Xero: the link follows"),
            )
        )
    for each in mine:
        frappe.db.delete(links.DOCTYPE, {"name": each["name"]})
    company = str(frappe.db.get_value("Xero Connection", connection, "company") or "")
    said = _("{user} undid the link with the contact {contact}; nothing had been sent").format(
        user=full_names.mine(), contact=mine[-1]["xero_number"]
    )
    log.write(connection, company, who, "Changed", said)


def sent_on(connection: str, doctype: str, name: str) -> str:
    """A document of this party that is in Xero or on its way there; "" where there is none."""
    for document, field, kind in NAMED_BY[doctype]:
        parent = "Journal Entry" if document == "Journal Entry Account" else document
        named = "parent" if parent != document else "name"
        filters = {field: name, **({kind: doctype} if kind else {})}
        after = ""
        while names := frappe.get_all(
            document, filters={**filters, named: (">", after)}, pluck=named, order_by=f"{named} asc", limit=AT_ONCE
        ):
            mine = {"connection": connection, "reference_doctype": parent, "reference_name": ("in", names)}
            found = frappe.get_all(links.DOCTYPE, filters=mine, pluck="reference_name", limit=1)
            moving = {**mine, "state": ("in", protocol.IN_FLIGHT)}
            found = found or frappe.get_all(outbox.DOCTYPE, filters=moving, pluck="reference_name", limit=1)
            if found:
                return str(found[0])
            after = names[-1]
    return ""
