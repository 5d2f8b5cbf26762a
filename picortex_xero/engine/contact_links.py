"""A person links a customer or supplier with a contact that Xero has already, and undoes that: written as every decision is (engine/apply.py), under
the sender's lease, so that nothing is on its way to that party meanwhile. Nothing is sent; what waits for the contact goes on.

Two customers never get one contact in this way (nor two suppliers), a customer and a supplier may (documents/party/contact.py: other_party). A link is
undone only while no document of the party has gone to Xero: later a document there bears that contact, whatever is linked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..connection import pauses, settings
from ..documents.decisions import Adopt, done
from ..documents.identity import Identity, contact_number, moment
from ..documents.party.contact import PARTIES, other_party, shared_by_two
from ..documents.party.contact_matches import LONGEST_CHAIN, XeroContact
from ..documents.party.turned_down import TURNED_DOWN, Key
from ..xero.records.registry import CONTACT
from . import contact_cache, contact_presses, full_names, leases, links, log, outbox, protocol
from .apply import apply
from .contact_presses import Linked, Press
from .leases import Lease
from .look_at_xero import owners
from .screen_texts import html, in_words, shown

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
Item = TypeVar("Item")


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


def link_all(connection: str, pairs: Iterable[tuple[Pair, Text]], press: Press) -> tuple[list[Key], list[tuple[Key, Problem]]]:
    """Link each party (DocType, name) with the contact of this id, for the reason given; those that were linked, and why others were not. What was
    done is noted under `press`. Throws where something is being sent. Commits."""

    def one(pair: tuple[Pair, Text]) -> None:
        (doctype, name, xero_id), because = pair
        linked = _link(connection, doctype, name, xero_id, because)
        press.note((doctype, name), None, linked)

    return _each(connection, pairs, one, lambda pair: pair[0][:2])


def unlink_all(connection: str, parties: Iterable[Key], press: Press) -> tuple[list[Key], list[tuple[Key, Problem]]]:
    """Undo the links of these parties; those that were undone, and why others were not. Noted, thrown and committed as by `link_all`."""

    def one(party: Key) -> None:
        press.note(party, _unlink(connection, *party), None)

    return _each(connection, parties, one, lambda party: party)


def turn_down(connection: str, pairs: Iterable[Pair], press: Press) -> tuple[list[Key], list[tuple[Key, Problem]]]:
    """Say of each contact that it is another one than this party: it is no longer proposed, and what is sent is not joined with it. Noted, thrown and
    committed as by `link_all`."""

    def one(pair: Pair) -> None:
        doctype, name, xero_id = pair
        press.note((doctype, name), None, _turn_down(connection, doctype, name, xero_id))

    return _each(connection, pairs, one, lambda pair: pair[:2])


def undo(connection: str, batch: str) -> tuple[list[Key], list[tuple[Key, Problem]]]:
    """Put back what stood before a press: the parties that are as they were, and why others are not; those may be undone later. Noted as a press of its
    own. Throws where the press was undone already, or something is being sent. Commits."""
    changes = contact_presses.of_batch(connection, batch)
    if not changes:
        frappe.throw(html(in_words(_("This was undone already"))))
    press = Press(connection, contact_presses.UNDONE)

    def one(change: contact_presses.Change) -> None:
        if change.how != TURNED_DOWN:
            _put_back(connection, change, press)
        contact_presses.close(change)

    return _each(connection, changes, one, lambda change: change.party)


def _each(
    connection: str, items: Iterable[Item], one: Callable[[Item], None], party: Callable[[Item], Key]
) -> tuple[list[Key], list[tuple[Key, Problem]]]:
    done: list[Key] = []
    refused: list[tuple[Key, Problem]] = []
    with as_sender(connection) as lease:
        for item in items:
            if not lease.extend():
                raise frappe.ValidationError(frappe._("Documents are being sent to Xero at this moment: try again in a minute"))
            try:
                one(item)
                frappe.db.commit()
                done.append(party(item))
            except Refusal as refusal:
                frappe.db.rollback()
                refused.append((party(item), refusal.problem))
    return done, refused


def link(connection: str, doctype: str, name: str, xero_id: str, because: Text) -> str:
    """Link one party with a contact; the press that it can be undone by. Throws where that cannot be, with what to do. Commits."""
    press = Press(connection, contact_presses.CHOSEN)
    _linked, refused = link_all(connection, [((doctype, name, xero_id), because)], press)
    if refused:
        _throw(refused[0][1])
    return press.known_as


def unlink(connection: str, doctype: str, name: str) -> str:
    """Undo the link of one party; the press that it can be undone by. Throws where that cannot be, with what to do. Commits."""
    press = Press(connection, contact_presses.CHOSEN)
    _undone, refused = unlink_all(connection, [(doctype, name)], press)
    if refused:
        _throw(refused[0][1])
    return press.known_as


def answer(press: Press | None, done: list[Key], refused: list[tuple[Key, Problem]]) -> dict[str, Any]:
    """What a press about many tells the page: its `batch`, how many were `done`, and why others were not (`refused`: `label`, `message`)."""
    return {
        "batch": press.known_as if press else "",
        "done": len(done),
        "refused": [{"label": key[1], "message": in_words(pauses.joined(problem))} for key, problem in refused],
    }


def standing_against(connection: str, doctype: str, name: str, xero_id: str) -> Problem | None:
    """Why this party could not be linked with this contact now; None where it could. Nothing is changed."""
    try:
        _may_link(connection, doctype, name, xero_id)
    except Refusal as refusal:
        return refusal.problem
    return None


def _throw(problem: Problem) -> None:
    frappe.throw(html(in_words(pauses.joined(problem))))


def _may_link(connection: str, doctype: str, name: str, xero_id: str) -> tuple[Identity, XeroContact]:
    """The party, and the contact that it may be linked with."""
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
    return who, contact


def _link(connection: str, doctype: str, name: str, xero_id: str, because: Text) -> Linked:
    company = str(frappe.db.get_value("Xero Connection", connection, "company") or "")
    who, contact = _may_link(connection, doctype, name, xero_id)
    row = _step(connection, company, who)
    said = _("Linked by {user} to the contact {name} that was already in Xero: {because}")
    adopt = Adopt(
        PART, 1, int(row["generation"]), CONTACT.endpoint, contact.xero_id, contact.name, status="ACTIVE",
        said=said.format(user=full_names.mine(), name=contact.name, because=because),
    )  # fmt: skip
    apply(row, done(adopt))
    if not any(each["xero_id"] == contact.xero_id for each in links.of(connection, who)):
        raise Refusal(_raced(name))
    return Linked(contact.xero_id, contact.name)


def _turn_down(connection: str, doctype: str, name: str, xero_id: str) -> Linked:
    who = _party(doctype, name)
    contact = _standing(connection, xero_id)
    if any(each["xero_id"].casefold() == contact.xero_id.casefold() for each in links.of(connection, who)):
        raise Refusal(
            Problem(
                "contact-linked",
                _("{party} is linked with the contact {contact} already").format(party=name, contact=contact.name),
                _("Undo that link first, if nothing was sent on it"),
            )
        )
    if contact.element.get("ContactNumber") == contact_number(settings.instance_id(), who):
        raise Refusal(
            Problem(
                "contact-marked",
                _("The contact {contact} carries the mark of {party}: this app made it for that").format(contact=contact.name, party=name),
                _("Where it is the wrong one, merge the two in Xero: the link follows"),
            )
        )
    return Linked(contact.xero_id, contact.name)


def _put_back(connection: str, change: contact_presses.Change, press: Press) -> None:
    """The party's link as it was before this change, where nobody has changed it since."""
    now = links.of(connection, _party(*change.party))
    linked = {each["xero_id"].casefold() for each in now if each["endpoint"] == CONTACT.endpoint}
    if linked != ({change.after.xero_id.casefold()} if change.after else set()):
        raise Refusal(
            Problem(
                "contact-changed-since",
                _("The link of {party} was changed since").format(party=change.party[1]),
                _("Look at it on Match contacts, and change it there"),
            )
        )
    if change.after:
        _unlink(connection, *change.party)
    if change.before:
        _link(connection, *change.party, change.before.xero_id, _("as it was before"))
    press.note(change.party, change.after, change.before)


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


def _unlink(connection: str, doctype: str, name: str) -> Linked:
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
    return Linked(mine[-1]["xero_id"], shown(mine[-1]["xero_number"]))


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
