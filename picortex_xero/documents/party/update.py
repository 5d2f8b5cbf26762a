"""A customer or supplier that changed here after its contact was linked: the contact in Xero follows, where the connection says so.

Sent are the fields that changed here, that ERPNext holds and that Xero shows otherwise; nothing in Xero is ever emptied, and whatever a person has
entered there in other fields stays. Archived contacts, and those that stand for several customers, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...accounting.plain_text import one_line
from ...accounting.problems import Problem, Refused
from ...accounting.texts import NONE, Text, _, joined
from ...xero.records import registry
from ..base import Books, Doc, InXero, Plan, Reads
from ..decisions import Decision, Effect, Merged, Overtake, Remember, Say, Send, Skip, done, overtaken, refused, wait_for_step
from ..fact_types import LINKS, STEPS
from ..needs import Facts
from ..step import Step, own_links, own_steps
from ..translation import Translation
from . import postal
from .contact import FIELD_LIMIT, PARTIES, contact, other_party
from .evidence import is_merged

PART = "update"
Element = dict[str, Any]
# By the field of a contact: the fields of a customer or supplier from which it comes.
SOURCES = {
    "Name": ("customer_name", "supplier_name"),
    "EmailAddress": ("email_id",),
    "Phones": ("mobile_no",),
    "TaxNumber": ("tax_id",),
    # Addresses are documents of their own (engine/contact_changes.py); here it is said which is the party's.
    "Addresses": postal.CHOSEN,
}
MOBILE = "MOBILE"
CALLED = {
    "Name": _("its name is {now} (it was {before})"),
    "EmailAddress": _("its e-mail address is {now} (it was {before})"),
    "Phones": _("its mobile number is {now} (it was {before})"),
    "TaxNumber": _("its tax number is {now} (it was {before})"),
    "Addresses": _("its postal address is {now} (it was {before})"),
}


def changed(before: Doc, now: Doc) -> list[str]:
    """The fields of the contact that a save has changed, where the party holds something now."""
    return [
        field
        for field, sources in SOURCES.items()
        if any(one_line(now.get(each)) and one_line(now.get(each)) != one_line(before.get(each)) for each in sources)
    ]


@dataclass(frozen=True)
class ChangedContact(Plan):
    """The contact of a party that changed here. `wanted`: by field, what the party says now; `effects` go with whatever is decided."""

    wanted: tuple[tuple[str, str], ...] = ()
    effects: tuple[Effect, ...] = ()

    def reads(self) -> Reads:
        """The contact as it stands; where it was merged into another one, that one is shown."""
        return Reads(records=frozenset([(registry.CONTACT.endpoint, self.xero_id)]))

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """It may stand for another customer too."""
        now = self._now(shown)
        return frozenset([(registry.CONTACT.endpoint, str(now["ContactID"]))]) if now else frozenset()

    def _now(self, shown: InXero) -> Element | None:
        return shown.record(registry.CONTACT.endpoint, self.xero_id)

    def decide(self, shown: InXero) -> Decision:
        """Send what differs."""
        name, now = self.doc["name"], self._now(shown)
        if now is None or is_merged(now) or now.get("ContactStatus", "ACTIVE") != "ACTIVE":
            what = _("{name} was changed here, and its contact in Xero is archived or gone: that stays as it is").format(name=name)
            return Decision(Skip(Problem("contact-archived", what, NONE)), self.effects)
        xero_id, effects = str(now["ContactID"]), self.effects
        if xero_id.casefold() != self.xero_id.casefold():
            effects = (*effects, Merged(self.xero_id, xero_id, str(now.get("Name") or "")))
        if other := other_party(self.step.who, shown.owners.get((registry.CONTACT.endpoint, xero_id), [])):
            what = _("{name} was changed here; its contact in Xero is also that of {other} and stays as it is").format(
                name=name, other=other
            )
            return Decision(Skip(Problem("contact-name-shared", what, NONE)), effects)
        body, said = differing(dict(self.wanted), now)
        if not body:
            agrees = _("The contact of {name} is in Xero as it is here").format(name=name)
            return done(*effects, *([Say("Changed", agrees)] if self.step.tries else []))
        noted = _("The contact of {name} was changed in Xero: {changes}").format(name=name, changes=joined("; ", said))
        marker = {"ContactID": xero_id}
        return Decision(Send(Translation({**marker, **body}, marker, noted=noted)), effects)


def wanted_of(party: Doc, fields: Iterable[str], instance: str) -> dict[str, str]:
    """By field of the contact, what the party says now of those that changed; without what it does not hold or Xero would not take. Raises
    Refused where its name cannot be a contact's."""
    asked = set(fields)
    made = contact(party if "Name" in asked else _without_name(party), instance).body
    found = {field: str(made[field]) for field in SOURCES if field in asked and made.get(field) and field != "Addresses"}
    if "Addresses" in asked and made.get("Addresses"):
        found["Addresses"] = postal.stored(made["Addresses"])
    if "Phones" in asked and 0 < len(mobile := one_line(party.get("mobile_no"))) <= FIELD_LIMIT:
        found["Phones"] = mobile
    return found


def _without_name(party: Doc) -> Doc:
    """The party under a name that is one: what is wrong with its name keeps no other field back."""
    return {**party, **{field: "-" for field in SOURCES["Name"]}}


def differing(wanted: dict[str, str], shown: Element) -> tuple[Element, list[Text]]:
    """The fields of an element with which the contact becomes what is wanted, and each change in words; empty where it is so already."""
    body, said = Element(), list[Text]()
    for field, now in wanted.items():
        if field == "Addresses":
            there = [each for each in shown.get("Addresses") or [] if isinstance(each, dict)]
            if changed_addresses := postal.differing(postal.read(now), there):
                body[field] = changed_addresses
                said.append(CALLED[field].format(now=postal.words(changed_addresses), before=postal.words(there) or _("empty")))
            continue
        phones = [each for each in shown.get("Phones") or [] if isinstance(each, dict)] if field == "Phones" else []
        before = _mobile(phones) if field == "Phones" else one_line(shown.get(field))
        if before == now:
            continue
        said.append(CALLED[field].format(now=now, before=before or _("empty")))
        # A list is sent whole, with the other numbers as they are.
        body[field] = _phones(phones, now) if field == "Phones" else now
    return body, said


def _mobile(phones: list[Element]) -> str:
    mine = next((each for each in phones if each.get("PhoneType") == MOBILE), {})
    return " ".join(str(mine[part]) for part in ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber") if mine.get(part))


def _phones(phones: list[Element], number: str) -> list[Element]:
    others = [each for each in phones if each.get("PhoneType") != MOBILE and each.get("PhoneNumber")]
    return [*others, {"PhoneType": MOBILE, "PhoneNumber": number, "PhoneAreaCode": "", "PhoneCountryCode": ""}]


def plan_update(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The plan of a step "update": it takes over what other such steps of the party, of which nothing was sent, were to change."""
    if not books.update_contacts:
        return overtaken(_("Contacts in Xero are not changed: that is switched off on the Xero Connection"))
    named = (step.who.doctype, step.who.name)
    mine = [each for each in own_steps(facts.get(STEPS, named), step.who) if each.name != step.name]
    if coming := next((each for each in mine if each.in_flight and each.role.part in (PART, "contact")), None):
        return wait_for_step(coming.name)
    links = [each for each in own_links(facts.get(LINKS, named), step.who) if each.endpoint == registry.CONTACT.endpoint]
    if not links or doc["doctype"] not in PARTIES:
        return overtaken(_("{name} has no contact in Xero yet; it is made as {name} is then").format(name=doc["name"]))
    others = [each for each in mine if each.role.part == PART and each.unfinished]
    fields = tuple(field for field in SOURCES if any(field in each.changed for each in (step, *others)))
    effects: tuple[Effect, ...] = tuple(Overtake(each.name, _("{name} was changed once more").format(name=doc["name"])) for each in others)
    if fields != step.changed:
        effects = (Remember({"changed_fields": " ".join(fields)}), *effects)
    try:
        wanted = wanted_of(doc, fields, books.instance)
    except Refused as error:
        return replace(refused(error), effects=effects)
    link, kind = links[-1], registry.CONTACT.updated_by
    assert kind is not None
    chain = frozenset({step.who.digest, link.xero_id.casefold()})
    return ChangedContact(step, doc, kind, chain, "", link.xero_id, link, tuple(wanted.items()), effects)
