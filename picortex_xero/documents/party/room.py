"""Customers, suppliers and what else has a contact in Xero: the company itself, and the card company behind a fee (Xero Deduction
Mapping)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...accounting.problems import Problem, Refused
from ...accounting.texts import _, term
from ...xero.records import registry
from ..base import Action, Books, Doc, InXero, Plan, Reads, Room
from ..decisions import Adopt, Ask, Decision, Follow, Hold, Send, Wait, done, refused
from ..fact_types import LINKS, Contact, Named
from ..identity import identity
from ..needs import Facts
from ..step import SYNCED, Step, own_links
from ..translation import Translation
from .contact import PARTIES, contact, evidence, linked_before, other_party, shared_by_two
from .evidence import Evidence, is_merged, joined_because, namesake_of, same_name, same_named
from .update import PART, plan_update

# Before the names of the details that Xero has refused of a contact, in what a step says of its last failure (`Step.failing`).
WITHOUT = "contact without "


@dataclass(frozen=True)
class NewContact(Plan):
    """A customer or supplier without a link: Xero may still have a contact of that name."""

    translation: Translation = field(default_factory=lambda: Translation({}, {}))
    known: Evidence = Evidence("", "")

    @property
    def _name(self) -> str:
        return str(self.translation.body["Name"])

    def reads(self) -> Reads:
        """The contacts that may be it."""
        return Reads(contacts=frozenset([self._name]))

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """A contact of the same name may stand for another party already."""
        same = [each for each in shown.contacts[self._name] if same_name(each.get("Name"), self._name) or self._has_our_number(each)]
        return frozenset((registry.CONTACT.endpoint, each["ContactID"]) for each in same)

    def _has_our_number(self, contact: dict[str, Any]) -> bool:
        return bool(contact.get("ContactNumber") == self.translation.body["ContactNumber"])

    def decide(self, shown: InXero) -> Decision:
        """Link the contact that is this party beyond doubt; create one where there is none; else it is held."""
        try:
            existing = namesake_of(shown.contacts[self._name], self.known)
        except Refused as error:
            # Another party's of the same kind: to say so helps more than what differs between the two.
            return self._shared(shown, same_named(shown.contacts[self._name], self._name)) or refused(error)
        if existing is None:
            return Decision(Send(self.translation))
        name, xero_id = existing.get("Name", ""), existing["ContactID"]
        if is_merged(existing):
            # It was ours, and somebody has merged it in Xero: two parties merged there may share one contact.
            xero_id, said = existing["MergedToContactID"], _("Linked to the contact into which {name} was merged in Xero").format(name=name)
            return done(Adopt("contact", 1, self.step.revision, registry.CONTACT.endpoint, xero_id, said=said))
        if shared := self._shared(shown, [existing]):
            return shared
        said = linked_before(name, joined_because(existing, self.known))
        return done(Adopt("contact", 1, self.step.revision, registry.CONTACT.endpoint, xero_id, name, said=said))

    def _shared(self, shown: InXero, found: list[dict[str, Any]]) -> Decision | None:
        """Held where one of these contacts is another customer's (of a supplier: another supplier's) already."""
        for each in found:
            if other := other_party(self.step.who, shown.owners[(registry.CONTACT.endpoint, each["ContactID"])]):
                return Decision(Hold((shared_by_two(self.step.who.name, other, each.get("Name", "")),)))
        return None


def plan_contact(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The plan of a step "contact"."""
    if own_links(facts.get(LINKS, (step.who.doctype, step.who.name)), step.who):
        return done()
    try:
        translation = contact(doc, books.instance, refused_details(step.failing))
    except Refused as error:
        return refused(error)
    chain = frozenset({identity(doc).digest, translation.body["Name"].casefold()})
    known = evidence(doc, books.instance, books.mapping.country)
    return NewContact(step, doc, registry.CONTACT.made_by, chain, translation=translation, known=known)


def refused_details(failing: str) -> list[str]:
    """The details of a contact that Xero has refused, by what its step says of its last failure."""
    return failing.removeprefix(WITHOUT).split() if failing.startswith(WITHOUT) else []


def plan_merged(step: Step, doc: Doc, facts: Facts, books: Books) -> Decision:
    """Plan a step "merged": held until a person confirms that the contacts are merged in Xero, then done."""
    return done()


class PartyRoom(Room):
    """Contacts."""

    name = "party"
    submitted = False
    doctypes = (*PARTIES, "Company", "Xero Deduction Mapping")
    actions = {
        "contact": Action(plan_contact, compares_itself=True),
        "merged": Action(plan_merged, compares_itself=True),
        PART: Action(plan_update),
    }

    def first(self, doc: Doc) -> str:
        """A party has one step, which others ask for."""
        return "contact"


def wait_for_contact(named: Named, party: Contact) -> Decision:
    """Ask for a party's contact and wait for it."""
    if party.who is None:
        doctype, name = named
        if doctype in PARTIES:
            problem = Problem(
                "party-missing",
                _("{doctype} {name} no longer exists").format(doctype=term(doctype), name=name),
                _("Restore {doctype} {name}, then press Retry").format(doctype=term(doctype), name=name),
            )
        else:
            problem = Problem(
                "contact-gone",
                _("{doctype} {name} no longer exists").format(doctype=term(doctype), name=name),
                _("Make it again, then press Retry"),
            )
        return Decision(Hold((problem,)))
    if party.former_name:
        return Decision(Wait(), (Follow(party.who, party.former_name),))
    asked = max((each.revision for each in party.steps), default=1)
    finished = any(each.state == SYNCED and each.revision == asked for each in party.steps)
    # Its link was removed: the contact is made anew in a further revision, found again by its ContactNumber.
    ask = Ask("contact", who=party.who, revision=asked + 1 if finished else asked)
    problem = Problem(
        "waits-for-contact",
        _("Waits until the contact {name} is in Xero").format(name=party.name),
        _("See what stops the contact {name}").format(name=party.name),
    )
    return Decision(Wait(problem, on=ask), (ask,))
