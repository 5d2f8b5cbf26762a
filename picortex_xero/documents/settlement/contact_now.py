"""The contact of a record that settles or returns others: the one that these have in Xero now.

Somebody may move an invoice to another contact there. A credit note or an advance of the former contact could not be taken off it (Xero
allocates within one contact only), so what is made later goes to where the invoice is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...accounting.problems import Problem
from ...accounting.texts import _, joined
from ...xero.records import xero_element
from ..base import InXero, Reads, Ready
from ..decisions import Decision, Send, hold
from ..fact_types import Named
from ..identity import INVOICE_DOCTYPES
from ..needs import NOTHING, Facts, Needs
from ..translation import Translation
from .document_in_xero import find, needs_of_record
from .settlement import Settlement, settled

Element = dict[str, Any]
Place = tuple[str, str]


def settled_documents(settlement: Settlement) -> list[Named]:
    """DocType and name of all that a payment settles."""
    return [(part.doctype, part.name) for part in settled(settlement)]


def needs_of_contacts(settled: Iterable[Named]) -> Needs:
    """The facts that `with_contact_now` reads of the invoices, bills and returns among these documents."""
    return NOTHING.union(*(needs_of_record(named) for named in settled if named[0] in INVOICE_DOCTYPES))


def with_contact_now(ready: Ready, settled: Iterable[Named], facts: Facts, one_contact: bool = True) -> Ready:
    """The plan of a record with the contact that what it settles has in Xero now; as it is where nothing of that is in Xero. `one_contact`:
    it is taken off them, so that they must have one."""
    targets = [found for named in dict.fromkeys(settled) if named[0] in INVOICE_DOCTYPES and (found := find(named, facts))]
    if not targets:
        return ready
    known = {name: getattr(ready, name) for name in ready.__dataclass_fields__}
    return WithContactNow(**known, targets=tuple((each.who.name, each.place) for each in targets), one_contact=one_contact)


@dataclass(frozen=True)
class WithContactNow(Ready):
    """A record that settles or returns `targets`, each with its name here and its place in Xero."""

    targets: tuple[tuple[str, Place], ...] = ()
    one_contact: bool = True

    def reads(self) -> Reads:
        """All that it settles."""
        return super().reads() | Reads(records=frozenset(place for _name, place in self.targets))

    def decide(self, shown: InXero) -> Decision:
        """Send it with their contact; a person where they have several."""
        there: dict[str, tuple[str, Element]] = {}
        for name, place in self.targets:
            element = shown.records.get(place) or {}
            if (xero_id := xero_element.contact_id(element)) and not xero_element.gone(element):
                there.setdefault(xero_id, (name, element))
        if len(there) > 1 and self.one_contact:
            return hold(_several(self.doc["name"], [(name, contact_name(element)) for name, element in there.values()]))
        decision = super().decide(shown)
        own = xero_element.contact_id(self.translation.body)
        if len(there) != 1 or own in there:
            return decision
        ((name, element),) = there.values()
        return Decision(Send(_moved(self.translation, self.doc["name"], name, element)), decision.effects)


def contact_name(element: Element) -> str:
    """What Xero calls the contact of an element."""
    contact = element.get("Contact")
    return str(contact.get("Name") or contact.get("ContactID")) if isinstance(contact, dict) else ""


def _moved(made: Translation, own: str, name: str, element: Element) -> Translation:
    xero_id = element["Contact"]["ContactID"]
    marker = {**made.marker, "ContactID": xero_id} if "ContactID" in made.marker else made.marker
    said = _("{name} went to the contact {contact}, since {other} has that one in Xero now").format(
        name=own, contact=contact_name(element), other=name
    )
    return replace(made, body={**made.body, "Contact": {"ContactID": xero_id}}, marker=marker, noted=said)


def _several(own: str, found: list[tuple[str, str]]) -> Problem:
    each = joined(", ", [_("{name} has {contact}").format(name=name, contact=contact) for name, contact in found])
    return Problem(
        "settles-several-contacts",
        _("{name} settles documents that have different contacts in Xero now: {found}").format(name=own, found=each),
        _("In Xero, give them one contact, then press Retry; or enter {name} here as one document for each").format(name=own),
        held=True,
    )


def two_contacts(credit: tuple[str, Element], invoice: tuple[str, Element]) -> Problem | None:
    """Why a credit cannot be taken off an invoice: Xero shows two contacts. None where it shows one, or not both."""
    sides = {xero_element.contact_id(element) for _name, element in (credit, invoice)}
    if len(sides - {""}) < 2:
        return None
    known = {"credit": credit[0], "contact": contact_name(credit[1]), "invoice": invoice[0], "other": contact_name(invoice[1])}
    return Problem(
        "allocation-two-contacts",
        _("{credit} is with {contact} in Xero, {invoice} with {other}; Xero takes a credit off documents of its own contact only").format(
            **known
        ),
        _("In Xero, give {invoice} the contact {contact}, or {credit} the contact {other}; then press Retry").format(**known),
        held=True,
    )
