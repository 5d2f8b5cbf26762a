"""Facts as they would be once earlier steps of a document are in Xero; a preview decides on these.

Nothing is written. A step that would be sent gets a link with a made-up id, further steps are added to those of the outbox, a party whose
contact would be sent counts as being in Xero, and what Xero would show of a record is computed from its link and what settles it. What only
Xero knows is assumed, and each assumption is shown to the user.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO, decimal
from ..accounting.problems import Problem
from ..accounting.terms import state
from ..accounting.texts import NONE, _, amount
from ..xero.records.registry import CONTACT as CONTACTS
from ..xero.records.registry import object_at, taken_off
from .base import Doc, InXero, Owner, Plan, Shown
from .deciding import WAVES
from .decisions import Adopt, Ask, Follow
from .fact_types import CONTACT, DOCUMENT, FEE_CONTACT, HEAD, LINKS, SETTLED_BY, STEPS, Contact, Named
from .identity import Identity
from .needs import Fact, Facts, Needs
from .payment_entry.as_settlement import parts
from .role import role
from .step import SYNCED, Link, Step, own_steps
from .translation import Translation

Load = Callable[[Needs, Facts], None]
Place = tuple[str, str]
APPROVED, PAID = "AUTHORISED", "PAID"


def made_up_id(who: Identity, part: str, number: int, revision: int) -> str:
    """A made-up id in place of the one that Xero would give to a record."""
    return f"new-{who.digest[:12]}-{part}-{number}-{revision}"


class Overlay:
    """The facts, and on top of them what the preview has decided so far. `load` loads facts; `draft` is a document that is not submitted
    yet and counts as if it were."""

    def __init__(self, load: Load, draft: Doc | None = None) -> None:
        self._load, self._loaded = load, Facts()
        self._draft = draft
        self._steps: dict[str, Step] = {}
        self._links: list[Link] = []
        self._renamed: dict[Identity, str] = {}
        self._read: dict[Place, dict[str, Any]] = {}

    @property
    def links(self) -> list[Link]:
        """The links of what counts as sent."""
        return list(self._links)

    def facts(self, asks: Callable[[Facts], Needs]) -> Facts:
        """The facts that `asks` names, as they would be by now."""
        for _wave in range(WAVES):
            needs = asks(self._over())
            if not self._loaded.missing(needs):
                break
            self._load(needs, self._loaded)
        return self._over()

    def steps(self, who: Identity) -> list[Step]:
        """The steps of a document as they would be by now, oldest first."""
        named = who.doctype, who.name
        return own_steps(self.facts(lambda known: STEPS.of([named])).get(STEPS, named), who)

    def put(self, step: Step) -> Step:
        """Keep a step in its new state: one of the outbox, or one that was added."""
        self._steps[step.name] = step
        return step

    def step(self, name: str) -> Step | None:
        """A step that was added or has moved, by name."""
        return self._steps.get(name)

    def ask(self, step: Step, ask: Ask) -> Step:
        """The step that `ask` adds: the existing one if there is one, else a new one with what it takes over from `step`."""
        who = ask.who or step.who
        revision = ask.revision or (step.revision if ask.who is None else 1)
        known = self.steps(who)
        if found := next((each for each in known if each.role.text == ask.role and each.revision == revision), None):
            return found
        own = ask.who is None and not ask.kind
        first = next((each for each in known if each.role.text == ask.waits_for and each.revision == revision and each.unfinished), None)
        return self.put(
            Step(
                f"new {who.digest[:12]} {ask.role} {revision}",
                who,
                role(ask.role),
                revision,
                "Pending",
                ask.posting_date or (step.posting_date if own else None),
                (step.amount if own else ZERO) if ask.amount is None else ask.amount,
                (step.currency if own else "") if ask.currency is None else ask.currency,
                ask.kind,
                blocked_on=first.name if first else "",
                released_by=step.released_by if own else "",
            )
        )

    def send(self, step: Step, plan: Plan, made: Translation) -> None:
        """Count a step as sent: its element is in Xero under a made-up id."""
        its = plan.kind.xero_object
        endpoint = plan.path.partition("?")[0] if plan.kind.nested else plan.kind.home
        status = str(made.body.get("Status") or ("ACTIVE" if its is CONTACTS else APPROVED))
        xero_id = made_up_id(step.who, step.role.part, step.role.number, step.revision)
        self._link(step, endpoint, xero_id, its.number(made.body), status, made.total or ZERO, made.marker)
        self._read[endpoint, xero_id] = made.body

    def number_free(self, step: Step, plan: Plan, made: Translation) -> tuple[Problem, ...]:
        """What is assumed about a number that Xero has seen already, from an earlier document of that name or an earlier revision."""
        number, named = plan.kind.xero_object.number(made.body), _named(step.who)
        others = [each for each in self._loaded.known(LINKS, named) or [] if (each.who, each.revision) != (step.who, step.revision)]
        if not any(each.xero_number == number for each in others):
            return ()
        return (
            Problem(
                "assumes-number-free",
                _("The number {number} is free in Xero again; where it is not, -R1 is added to it").format(number=number),
                NONE,
            ),
        )

    def adopt(self, step: Step, adopt: Adopt) -> None:
        """Link the document with a record that would be in Xero already."""
        known = next((each for each in self._links if (each.endpoint, each.xero_id) == (adopt.endpoint, adopt.xero_id)), None)
        status = adopt.status or (known.status if known else "")
        self._link(step, adopt.endpoint, adopt.xero_id, adopt.xero_number, status, decimal(adopt.total), adopt.marker)

    def follow(self, effect: Follow) -> None:
        """A party's contact is known under its new name."""
        self._renamed[effect.who] = effect.former_name

    def shown(self, plan: Plan) -> tuple[InXero, list[Problem]]:
        """What Xero would show of the records that a plan reads, and the assumptions made."""
        reads, assumed = plan.reads(), list[Problem]()
        settled = self.facts(lambda known: SETTLED_BY.of(reads.records - self._read.keys()))
        records = {place: self._record(place, settled, assumed) for place in sorted(reads.records)}
        contacts = {name: self._contacts(name, assumed) for name in sorted(reads.contacts)}
        for _contact, number in sorted(reads.numbers):
            what = _("Xero has no document {number} of this contact yet; where it has one with as much open, that one is linked").format(
                number=number
            )
            assumed.append(Problem("assumes-not-there", what, NONE))
        shown = InXero(records, contacts, numbers={place: Shown([]) for place in reads.numbers})
        places = plan.whose(shown)
        shown = replace(
            shown, owners={place: [Owner(each, True) for each in self._known_links() if _at(each) == place] for place in places}
        )
        needs = plan.needs(shown)
        return replace(shown, facts=self.facts(lambda known: needs)), assumed

    def _link(self, step: Step, endpoint: str, xero_id: str, number: str, status: str, total: Decimal, marker: dict[str, Any]) -> None:
        self._links.append(
            Link(
                f"new {xero_id}",
                step.who,
                step.role.part,
                step.role.number,
                step.revision,
                endpoint,
                xero_id,
                number,
                status,
                total,
                step.currency,
                marker,
            )
        )

    def _record(self, place: Place, settled: Facts, assumed: list[Problem]) -> dict[str, Any]:
        """A record's element, computed from its link and the links of what settles it."""
        link = next(each for each in self._known_links() if _at(each) == place)
        settling = list(self._links)
        if place not in self._read:
            settling = [*settled.get(SETTLED_BY, place), *settling]
        its, left = object_at(place[0]), link.total - sum((taken_off(each.endpoint, each.marker, place) for each in settling), ZERO)
        status = PAID if link.status == APPROVED and left == ZERO else link.status
        if place not in self._read:
            what = _("{name} is in Xero as it is known here: {status}, with {left} left").format(
                name=link.who.name, status=state(status) or _("of unknown status"), left=amount(left)
            )
            assumed.append(Problem("assumes-unchanged", what, NONE))
        below = f"{place[0]}/{place[1]}/"
        taken = [
            {"AllocationID": each.xero_id, "Amount": each.marker["Amount"], "Invoice": {"InvoiceID": each.marker["InvoiceID"]}}
            for each in settling
            if each.endpoint.startswith(below)
        ]
        return {its.id_field: place[1], "Status": status, "Total": link.total, "Allocations": taken} | (
            {its.left_field: left} if its.left_field else {}
        )

    def _contacts(self, name: str, assumed: list[Problem]) -> list[dict[str, Any]]:
        """The contacts made in this preview; that Xero has no other of that name is an assumption."""
        wanted = name.casefold()
        made = [
            {**self._read[_at(each)], "ContactID": each.xero_id, "ContactStatus": "ACTIVE"}
            for each in self._links
            if each.endpoint == CONTACTS.endpoint and each.xero_number.casefold() == wanted and _at(each) in self._read
        ]
        if not made:
            what = _("Xero has no contact called {name} yet; where it has one that is certainly the same, that one is used").format(
                name=name
            )
            assumed.append(Problem("assumes-no-contact", what, NONE))
        return made

    def _known_links(self) -> list[Link]:
        return [*self._links, *(each for links in self._loaded.each(LINKS).values() for each in links)]

    def _over(self) -> Facts:
        changed: dict[tuple[Fact[Any, Any], Any], Any] = {}
        for named, links in self._loaded.each(LINKS).items():
            changed[LINKS, named] = [*links, *(each for each in self._links if _named(each.who) == named)]
        for named, steps in self._loaded.each(STEPS).items():
            there = {each.name for each in steps}
            new = [each for each in self._steps.values() if _named(each.who) == named and each.name not in there]
            changed[STEPS, named] = [*(self._steps.get(each.name, each) for each in steps), *new]
        for named, contact in self._loaded.each(CONTACT).items():
            changed[CONTACT, named] = self._contact(contact)
        for account, contact in self._loaded.each(FEE_CONTACT).items():
            changed[FEE_CONTACT, account] = self._contact(contact)
        return self._loaded.over({**changed, **self._submitted()})

    def _contact(self, contact: Contact) -> Contact:
        """A party with the contact that was made for it."""
        if contact.who is None:
            return contact
        if contact.who in self._renamed:
            contact = replace(contact, former_name="")
        made = [each for each in self._links if each.who == contact.who and each.endpoint == CONTACTS.endpoint]
        return replace(contact, xero_id=made[-1].xero_id, former_name="") if made else contact

    def _submitted(self) -> dict[tuple[Fact[Any, Any], Any], Any]:
        """What changes when a draft is submitted: its status, and what is outstanding on that which a payment settles."""
        if self._draft is None:
            return {}
        own, changed = (self._draft["doctype"], self._draft["name"]), dict[tuple[Fact[Any, Any], Any], Any]()
        for fact in (DOCUMENT, HEAD):
            if doc := self._loaded.known(fact, own):
                changed[fact, own] = {**doc, "docstatus": 1}
        for part in parts(self._draft) if own[0] == "Payment Entry" else ():
            settled = part.doctype, part.name
            if (head := self._loaded.known(HEAD, settled)) and "outstanding_amount" in head:
                changed[HEAD, settled] = {**head, "outstanding_amount": decimal(head["outstanding_amount"]) - part.allocated}
        return changed


def recorded(step: Step) -> Step:
    """The step once its record is in Xero."""
    return replace(step, state=SYNCED, blocked_on="")


def _named(who: Identity) -> Named:
    return who.doctype, who.name


def _at(link: Link) -> Place:
    return link.endpoint, link.xero_id
