"""Payments with an unallocated amount: one overpayment or prepayment in Xero, and its allocations to invoices.

The whole payment becomes one of them (step "payment"). Every invoice it settles, at once or later, is one allocation of it (steps
"allocation-n"). These steps are not tied to reference rows, which ERPNext splits, drops and adds by SQL: each allocates what ERPNext has
allocated and Xero has not. Unreconcile Payment and a cancelled invoice change the rows without an event of the Payment Entry; then a
"recheck" step of the payment finds it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...accounting.money import ZERO, decimal
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.base import GONE
from ...xero.records.registry import ALLOCATION, OVERPAYMENT, PREPAYMENT, object_at
from .. import base
from ..base import Books, Doc, InXero, Ready
from ..decisions import Adopt, Ask, Decision, Effect, LookAgain, Release, Send, done, hold, overtaken, refused, wait_for_step
from ..fact_types import CONTACT, HEAD, LINKS, STEPS, Named
from ..needs import Facts, Needs
from ..party.room import wait_for_contact
from ..step import HELD, Link, Step, own_links, own_steps
from ..still_in_xero import held_before_its_contact
from . import entered_too
from .allocation import Allocating, AllocationSide, allocated_at
from .awaited import awaited
from .breakdown import unallocated
from .contact_now import WithContactNow, needs_of_contacts, settled_documents, two_contacts, with_contact_now
from .document_in_xero import UNAPPROVED, DocumentInXero, find, left_out, wait_for, wait_for_approval, waits_for_cancels
from .not_for_xero import problems_before
from .overpayment import overpayment
from .payment_steps import needs_of_parts, targets_gone
from .prepayment import is_prepayment, prepayment
from .refunds import needs_of_advance, wakes
from .settlement import PAYMENT_ENTRY, SettledDocument, Settlement, settled
from .step_order import ALLOCATION_ROLE, PAYMENT_ROLE, begun, contact_id, named, needs_of_party
from .taken_off import Balance, balance, cannot_tell, taken_of_advance

Element = dict[str, Any]


def is_advance(settlement: Settlement) -> bool:
    """Whether a payment becomes an over- or prepayment."""
    return bool(settlement.forward and (is_prepayment(settlement) or unallocated(settlement)))


def is_or_was_advance(step: Step, settlement: Settlement, facts: Facts) -> bool:
    """Whether a payment is an over- or prepayment in Xero, or will be one."""
    if linked := begun(step, facts):
        return any(object_at(each.endpoint).is_advance for each in linked)
    return is_advance(settlement)


def needs_of_advances(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The party's contact, and the currencies and records of the invoices it settles."""
    found = needs_of_party(settlement) | HEAD.of((part.doctype, part.name) for part in settled(settlement))
    return found | needs_of_contacts(settled_documents(settlement))


def plan_advance(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Plan the over- or prepayment, once its party is in Xero. It waits for no invoice: the money has moved."""
    name = step.who.name
    if step.role.number > 1:
        return overtaken(_("It is part of the advance {name}").format(name=name))
    for other in own_steps(facts.get(STEPS, named(step)), step.who):
        if other.role.text.startswith(f"{PAYMENT_ROLE}-") and other.in_flight:
            return wait_for_step(other.name)
    if any(each.part == PAYMENT_ROLE for each in own_links(facts.get(LINKS, named(step)), step.who, step.revision)):
        return _enter_again(step)
    if waits := awaited(settlement, books):
        return hold(waits)
    parts = settled(settlement)
    currencies = {part.name: str((facts.get(HEAD, (part.doctype, part.name)) or {}).get("currency")) for part in parts}
    party = facts.get(CONTACT, settlement.named_party)
    xero_id = contact_id(party)
    its, translate = (PREPAYMENT, prepayment) if is_prepayment(settlement) else (OVERPAYMENT, overpayment)
    try:
        # Built before there is a contact, to find all problems: no contact is created for a payment that cannot be sent.
        made = translate(settlement, books.mapping, xero_id, books.site_url, books.instance, step.revision, currencies)
    except Refused as error:
        return refused(error)
    if not xero_id:
        return held_before_its_contact(books.mapping, made.body) or wait_for_contact(settlement.named_party, party)
    because = _waits_for_advance(name)
    asks = tuple(Ask(f"{ALLOCATION_ROLE}-{number}", waits_for=step.role.text, because=because) for number in range(1, len(parts) + 1))
    ready = Ready(step, doc, its.made_by, frozenset({step.who.digest, xero_id}), translation=made, asks=asks)
    return _perhaps_there(with_contact_now(ready, settled_documents(settlement), facts), settlement, facts, books)


def _perhaps_there(ready: Ready, settlement: Settlement, facts: Facts, books: Books) -> Ready:
    """The plan of an advance that also looks for the same money in Xero: on what it is allocated to, and as an advance."""
    found = [(target.place, part.allocated) for part in settled(settlement) if (target := find((part.doctype, part.name), facts))]
    if not books.payments_come_back and not (found and isinstance(ready, WithContactNow)):
        return ready
    known = {name: getattr(ready, name) for name in ready.__dataclass_fields__}
    return AdvanceMade(**known, pays=tuple(found), comes_back=books.payments_come_back)


@dataclass(frozen=True)
class AdvanceMade(WithContactNow):
    """An over- or prepayment that may be in Xero already: `pays` are what it is allocated to (endpoint, id) and how much. `comes_back`: payments that people
    enter in Xero become Payment Entries here."""

    pays: tuple[tuple[tuple[str, str], Decimal], ...] = ()
    comes_back: bool = False

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The payments that stand already on what it is allocated to (entered_too.py)."""
        asks = entered_too.asks(self, self.comes_back)
        return super().whose(shown) | (
            entered_too.whose(shown.records.get(place) or {} for place, _part in self.pays) if asks else frozenset()
        )

    @property
    def asks_bank(self) -> bool:
        """Whether Xero's bank transactions are read before it goes."""
        return entered_too.asks_bank(self, self.comes_back)

    def decide(self, shown: InXero) -> Decision:
        """Send it; not where somebody has entered it, or what is allocated, or all of the money, as a payment in Xero."""
        decision = super().decide(shown)
        if not isinstance(decision.outcome, Send):
            return decision
        made = decision.outcome.translation
        if waits := entered_too.advance(self, self.comes_back, made, shown.bank):
            return waits
        paid = [(shown.records.get(place) or {}, amount) for place, part in self.pays for amount in {part, decimal(made.total)}]
        wrong = entered_too.problem(self, self.comes_back, paid, made.body["Date"], shown.owners)
        return hold(wrong) if wrong else decision


@dataclass(frozen=True, kw_only=True)
class AdvanceTaken(Allocating):
    """Allocate an over- or prepayment to an invoice: `amount` is all that ERPNext has allocated to it, and that is not taken off in its opening balance. `known` are the ids of allocations
    that are linked with the payment already; `goes_with` are effects that are written down whatever is decided."""

    known: frozenset[str]
    goes_with: tuple[Effect, ...] = ()

    def decide(self, shown: InXero) -> Decision:
        """Allocate what is missing in Xero; link what a person has allocated there."""
        return self._decided(*self.sides(shown)).with_effects(*self.goes_with)

    def _decided(self, credit: Element, invoice: Element) -> Decision:
        if gone := self.gone(credit, invoice):
            return hold(targets_gone(gone)).with_effects(*self.raised(credit, invoice))
        if invoice["Status"] in UNAPPROVED:
            return wait_for_approval(self.invoice.place)
        if waits := self.other_amount(credit, invoice):
            return waits
        there = [each for each in credit.get("Allocations") or [] if (each.get("Invoice") or {}).get("InvoiceID") == self.invoice.place[1]]
        amount = self.amount - sum((decimal(each["Amount"]) for each in there), ZERO)
        if amount > ZERO and (problem := two_contacts((self.credit.name, credit), (self.invoice.name, invoice))):
            return hold(problem)
        return self.take(amount, credit, invoice) if amount > ZERO else done(*self._taken_over(there))

    def _taken_over(self, there: list[Element]) -> list[Effect]:
        """Link allocations that a person made in Xero, so that a cancel takes them back too."""
        mine = next((each for each in there if each["AllocationID"] not in self.known), None)
        if mine is None:
            return []
        endpoint, marker = self.path.partition("?")[0], {"InvoiceID": self.invoice.place[1], "Amount": str(mine["Amount"])}
        return [Adopt(ALLOCATION_ROLE, self.step.role.number, self.step.revision, endpoint, mine["AllocationID"], marker=marker)]


def needs_of_taken(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> Needs:
    """The facts about each document that is settled (see document_in_xero.py); of an advance also the refunds that pay it back."""
    found = needs_of_parts(settled(settlement), facts)
    for part in settlement.parts:
        found |= needs_of_advance((part.doctype, part.name)) if part.doctype == PAYMENT_ENTRY else frozenset()
    return found


def plan_advance_taken(step: Step, doc: Doc, settlement: Settlement, facts: Facts, books: Books) -> base.Plan | Decision:
    """Plan the allocation to the next invoice that the payment settles in ERPNext, but not yet in Xero."""
    woken = wakes(settlement, facts)
    decided = _advance_taken(step, doc, settlement, facts)
    if isinstance(decided, AdvanceTaken):
        return replace(decided, goes_with=(*woken, *decided.goes_with))
    return Decision(decided.outcome, (*woken, *decided.effects))


def _advance_taken(step: Step, doc: Doc, settlement: Settlement, facts: Facts) -> AdvanceTaken | Decision:
    name, steps = step.who.name, own_steps(facts.get(STEPS, named(step)), step.who)
    linked = own_links(facts.get(LINKS, named(step)), step.who)
    live = [each for each in linked if each.live]
    credit = next((each for each in live if each.part == PAYMENT_ROLE), None)
    if credit is None or not object_at(credit.endpoint).is_advance:
        return _without_advance(step, settlement, facts, steps, live)
    siblings = [other for other in steps if other.role.text.startswith(ALLOCATION_ROLE) and other.name != step.name]
    # An allocation has no marker in Xero: while the outcome of one is unknown, no other is sent.
    first = [other for other in steps if other.role.takes_back and other.unfinished] + [other for other in siblings if other.in_flight]
    if first:
        return wait_for_step(first[0].name)
    shares = _shares(step.who.doctype, settlement, facts)
    missing = [each for each in shares if each.is_missing(live)]
    if not missing:
        # Of an advance that an import brings, what an opening balance has taken off is left in Xero and used up here: a person is told, once.
        if step.history and (known := [problem for each in shares if (problem := each.in_balance(name))]):
            return hold(*known)
        problems = problems_before(settlement)
        return hold(*problems) if problems else overtaken(_("All that {name} settles is allocated in Xero").format(name=name))
    asks: tuple[Ask, ...] = ()
    if len(missing) > 1 and not any(other.unfinished for other in siblings):
        asks = (Ask(f"{ALLOCATION_ROLE}-{max(other.role.number for other in (step, *siblings)) + 1}"),)
    share = next((each for each in missing if each.found), missing[0])
    what, found = share.named, share.found
    if decision := left_out(what, facts, name):
        return decision.with_effects(*asks)
    if found is None:
        return wait_for(step, what, facts, name).with_effects(*asks)
    if share.in_record is None and (problem := share.in_balance(name)):
        return hold(problem).with_effects(*asks)
    if decision := waits_for_cancels(what, facts):
        return decision.with_effects(*asks)
    currency = settlement.bank_side.currency
    if found.currency != currency:
        return hold(_other_currency(name, currency, found)).with_effects(*asks)
    return AdvanceTaken(
        step=step,
        doc=doc,
        kind=ALLOCATION.made_by,
        chain=frozenset({step.who.digest, credit.xero_id, found.xero_id}),
        path=allocated_at(AllocationSide(name, (credit.endpoint, credit.xero_id))),
        credit=AllocationSide(name, (credit.endpoint, credit.xero_id), _maker(steps, credit)),
        invoice=AllocationSide.of(found),
        amount=share.wanted,
        date=max(settlement.posting_date, found.posting_date),
        known=frozenset(each.xero_id for each in linked),
        # The next allocation waits until the outcome of this one is known.
        goes_with=tuple(replace(ask, waits_for=step.role.text) for ask in asks),
    )


def _maker(steps: list[Step], link: Link) -> str:
    """The name of the step that made a record."""
    made = [each for each in steps if (each.role.text, each.revision) == (PAYMENT_ROLE, link.revision)]
    return made[0].name if made else ""


@dataclass(frozen=True)
class Share:
    """What an advance settles of one document: `allocated` in ERPNext, of which `in_record` is taken off in the document's opening record (None: the amounts do not tell),
    and the document where it is in Xero, with the balance that it was entered with."""

    named: Named
    allocated: Decimal
    found: DocumentInXero | None = None
    balance: Balance | None = None
    in_record: Decimal | None = ZERO

    @property
    def wanted(self) -> Decimal:
        """What is to be allocated in Xero."""
        return self.allocated - (self.in_record or ZERO)

    def is_missing(self, live: list[Link]) -> bool:
        """Whether these links have less of it."""
        return self.found is None or self.wanted > allocated_to(live).get(self.found.xero_id, ZERO)

    def in_balance(self, advance: str) -> Problem | None:
        """What is said where an opening record has taken it off, or nobody can tell."""
        if self.balance is None or self.in_record == ZERO:
            return None
        told = None if self.in_record is None else taken_of_advance(advance, self.named, self.balance, self.in_record)
        return told or cannot_tell(advance, self.named, self.balance)


def allocated_to(live: list[Link]) -> dict[str, Decimal]:
    """What these links allocate, by the id of the invoice in Xero."""
    there: dict[str, Decimal] = {}
    for link in live:
        if link.part == ALLOCATION_ROLE and link.status not in GONE:
            invoice = link.marker["InvoiceID"]
            there[invoice] = there.get(invoice, ZERO) + decimal(link.marker["Amount"])
    return there


def share_of(part: SettledDocument, settler: Named, facts: Facts) -> Share:
    """What `settler` settles of one document."""
    what = (part.doctype, part.name)
    if not (found := find(what, facts)):
        return Share(what, part.allocated)
    known = balance(facts.get(HEAD, what), found.link)
    return Share(what, part.allocated, found, known, known.of(settler) if known else ZERO)


def _shares(doctype: str, settlement: Settlement, facts: Facts) -> list[Share]:
    return [share_of(part, (doctype, settlement.name), facts) for part in settled(settlement)]


def _without_advance(step: Step, settlement: Settlement, facts: Facts, steps: list[Step], live: list[Link]) -> Decision:
    """No over- or prepayment is in Xero: it is still to be sent, or the payment was sent as payments of its invoices, or never."""
    name = step.who.name
    if coming := next((other for other in steps if other.role.text.startswith(PAYMENT_ROLE) and other.unfinished), None):
        # What it settles has changed since it was held: look again.
        looks_again = [Release(coming.name)] if coming.state == HELD else []
        return wait_for_step(coming.name, _waits_for_advance(name)).with_effects(*looks_again)
    parts = settled(settlement)
    wanted = [found for part in parts if (found := find((part.doctype, part.name), facts))]
    paid = [each for each in live if each.part == PAYMENT_ROLE]
    if paid:
        settled_there = {xero_id for each in paid for xero_id in object_at(each.endpoint).settled(each.marker)}
        all_paid = len(wanted) == len(parts) and all(found.xero_id in settled_there for found in wanted)
        return overtaken(_("It is part of the payment {name}").format(name=name)) if all_paid else _enter_again(step)
    if wanted or any(other.unfinished for part in parts for other in facts.get(STEPS, (part.doctype, part.name))):
        resolution = _("Allocate {name} in Xero by hand, where it was entered; nothing is left to do here").format(name=name)
        what = _("{name} was never sent to Xero, but settles an invoice that is there").format(name=name)
        return hold(Problem("advance-not-in-xero", what, resolution, held=True))
    return overtaken(_("Neither {name} nor what it settles was sent to Xero").format(name=name))


def _enter_again(step: Step) -> Decision:
    """The payment is in Xero as payments of other invoices than it settles now: they are taken back, and it is sent again."""
    return overtaken(_("{name} settles other invoices than before and is entered again").format(name=step.who.name), LookAgain(step.who))


def _waits_for_advance(name: str) -> Problem:
    return Problem("waits-for-payment", _("Waits until {name} is in Xero").format(name=name), _("See what stops {name}").format(name=name))


def _other_currency(name: str, currency: str, found: DocumentInXero) -> Problem:
    other = found.who.name
    return Problem(
        "overpayment-other-currency",
        _("{name} is an advance in {currency} in Xero, {other} is in {other_currency}").format(
            name=name, currency=currency, other=other, other_currency=found.currency
        ),
        _("In Xero, refund the advance to a clearing account and pay {other} from there, on this date and with these amounts").format(
            other=other
        ),
        held=True,
    )
