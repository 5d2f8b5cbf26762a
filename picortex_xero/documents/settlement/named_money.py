"""Money spent or received with somebody who is known by name only, or with nobody in particular: then with the company's own contact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...xero.records.base import Kind
from ..base import Books, Doc, InXero, Plan, Reads, Ready
from ..decisions import Decision, Send
from ..fact_types import CONTACT, Named
from ..needs import Facts, Needs
from ..party.evidence import is_merged, same_name
from ..party.room import wait_for_contact
from ..step import Step
from ..still_in_xero import held_before_its_contact
from ..translation import Translation
from .step_order import contact_id

NOBODY = {"Name": ""}


@dataclass(frozen=True)
class NamedMoney(Plan):
    """Money spent or received with somebody who is known by name only. Where Xero has no contact of that name, it creates one with the
    transaction (its developer documentation, Bank Transactions)."""

    translation: Translation = field(default_factory=lambda: Translation({}, {}))

    @property
    def _name(self) -> str:
        return str(self.translation.body["Contact"]["Name"])

    def reads(self) -> Reads:
        """The contacts of that name."""
        return Reads(contacts=frozenset([self._name]))

    def decide(self, shown: InXero) -> Decision:
        """With the existing contact (or the one into which it was merged), by its ContactID alone: any other field would change the contact in
        Xero. Of several requests for a new name the first creates the contact, and the later ones find it."""
        same = [each for each in shown.contacts[self._name] if same_name(each.get("Name") or "", self._name)]
        active = [each["ContactID"] for each in same if each.get("ContactStatus", "ACTIVE") == "ACTIVE"]
        if not (there := active or [each["MergedToContactID"] for each in same if is_merged(each)]):
            return Decision(Send(self.translation, makes=self._name))
        body = {**self.translation.body, "Contact": {"ContactID": there[-1]}}
        return Decision(Send(replace(self.translation, body=body)))


def needs_of_contact(doc: Doc) -> Needs:
    """The company's own contact."""
    return CONTACT.of([_company(doc)])


def with_contact(step: Step, doc: Doc, kind: Kind, made: Translation, facts: Facts, books: Books) -> Plan | Decision:
    """The plan of an element whose contact is known by name only (NOBODY: by none); what has no contact goes as it is."""
    chain, contact = frozenset({step.who.digest}), made.body.get("Contact") or {}
    if contact == NOBODY:
        company = _company(doc)
        if not (xero_id := contact_id(facts.get(CONTACT, company))):
            return held_before_its_contact(books.mapping, made.body) or wait_for_contact(company, facts.get(CONTACT, company))
        made = replace(made, body={**made.body, "Contact": {"ContactID": xero_id}})
    elif contact.get("Name"):
        return NamedMoney(step, doc, kind, chain, translation=made)
    return Ready(step, doc, kind, chain, translation=made)


def _company(doc: Doc) -> Named:
    return ("Company", doc["company"])
