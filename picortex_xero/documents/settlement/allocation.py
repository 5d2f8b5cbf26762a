"""Taking credit off an invoice -> Allocation: of a return's credit note, of what is written off, of a credit that a journal uses, of an
advance.

An allocation has no field that could mark it as ours. So what is left of the credit and due on the invoice is read just before, only one
request per credit is sent at a time, and afterwards the credit's own list of allocations tells what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...accounting.money import CENT, ZERO, decimal, half_up, plain
from ...accounting.problems import Problem, Refused
from ...accounting.texts import _
from ...xero.records.base import GONE
from ...xero.records.registry import ALLOCATION
from ..base import Doc, InXero, Plan, Reads
from ..decisions import Adopt, Decision, Effect, Send, done, hold, refused
from ..fact_types import LINKS, Named
from ..needs import Facts, Needs
from ..step import Step, own_links
from ..translation import Translation
from .contact_now import two_contacts
from .document_in_xero import (
    UNAPPROVED,
    DocumentInXero,
    find,
    left_out,
    needs_of_target,
    wait_for,
    wait_for_amount,
    wait_for_approval,
    waits_for_cancels,
    was_removed,
)
from .taken_off import in_its_balance

Element = dict[str, Any]


@dataclass(frozen=True)
class AllocationSide:
    """The credit or the invoice: its name in ERPNext, its endpoint and id in Xero, and the step that made it there. `found` is an invoice or
    return with all that is known of it."""

    name: str
    place: tuple[str, str]
    step: str = ""
    found: DocumentInXero | None = None

    @classmethod
    def of(cls, found: DocumentInXero) -> AllocationSide:
        """An invoice or return that is in Xero."""
        return cls(found.who.name, found.place, found.step, found)


NOBODY = AllocationSide("", ("", ""))


@dataclass(frozen=True)
class Allocating(Plan):
    """Take `amount` (in the invoice's currency) of a credit off an invoice on `date`. The subclasses decide what to do where Xero shows
    something else than expected."""

    credit: AllocationSide = NOBODY
    invoice: AllocationSide = NOBODY
    amount: Decimal = ZERO
    date: str = ""

    def reads(self) -> Reads:
        """Both sides."""
        return Reads(records=frozenset([self.credit.place, self.invoice.place]))

    def sides(self, shown: InXero) -> tuple[Element, Element]:
        """The credit and the invoice as Xero shows them; empty where it has none."""
        return shown.record(*self.credit.place) or {}, shown.record(*self.invoice.place) or {}

    def gone(self, credit: Element, invoice: Element) -> list[str]:
        """The names of those of them that were voided or deleted in Xero."""
        shown = ((self.credit.name, credit), (self.invoice.name, invoice))
        return [name for name, each in shown if each.get("Status", "") in (*GONE, "")]

    def raised(self, credit: Element, invoice: Element) -> tuple[Effect, ...]:
        """The steps of those become a person's."""
        sides = ((self.credit, credit), (self.invoice, invoice))
        return tuple(effect for side, shown in sides for effect in was_removed(side.step, side.name, shown.get("Status", "")))

    def unapproved(self, credit: Element, invoice: Element) -> tuple[str, str] | None:
        """Which of them nobody has approved in Xero yet."""
        sides = ((self.credit, credit), (self.invoice, invoice))
        return next((side.place for side, shown in sides if shown.get("Status") in UNAPPROVED), None)

    def other_amount(self, credit: Element, invoice: Element) -> Decision | None:
        """A wait where one of them has another total in Xero than here."""
        sides = ((self.credit, credit), (self.invoice, invoice))
        return next((waits for side, shown in sides if side.found and (waits := wait_for_amount(side.found, shown))), None)

    def take(self, amount: Decimal, credit: Element, invoice: Element) -> Decision:
        """Send the allocation of `amount`; a hold where either side has less left."""
        left, due = what_is_left(credit, invoice)
        try:
            made = allocation(amount, self.date, self.invoice.place[1], left, due, (self.credit.name, self.invoice.name))
        except Refused as error:
            return refused(error)
        return Decision(Send(made, remaining=left))


@dataclass(frozen=True)
class CreditTaken(Allocating):
    """A credit note taken off an invoice, as in ERPNext. `settles`: the amount was converted, and nothing is left of one of the two in
    ERPNext."""

    settles: bool = False

    def whose(self, shown: InXero) -> frozenset[tuple[str, str]]:
        """The allocations of the same amount that are there already: perhaps a person has made this one in Xero."""
        return frozenset(place for place, _element in self._alike(self.sides(shown)[0]))

    def _alike(self, credit: Element) -> list[tuple[tuple[str, str], Element]]:
        endpoint, invoice = self.path.partition("?")[0], self.invoice.place[1].casefold()
        return [
            ((endpoint, str(each["AllocationID"])), each)
            for each in credit.get("Allocations") or []
            if each.get("AllocationID")
            and str((each.get("Invoice") or {}).get("InvoiceID")).casefold() == invoice
            and decimal(each.get("Amount")) == self.amount
        ]

    def _taken_over(self, credit: Element, shown: InXero) -> Decision | None:
        """Link the one that a person has made in Xero, so that it is not made twice and a cancel takes it back too."""
        for (endpoint, xero_id), each in self._alike(credit):
            if not shown.owners.get((endpoint, xero_id)):
                role, marker = self.step.role, {"InvoiceID": self.invoice.place[1], "Amount": str(each["Amount"])}
                return done(Adopt(role.part, role.number, self.step.revision, endpoint, xero_id, marker=marker))
        return None

    def decide(self, shown: InXero) -> Decision:
        """Send what ERPNext allocated, once both are approved in Xero."""
        credit, invoice = self.sides(shown)
        if taken := self._taken_over(credit, shown):
            return taken
        if gone := self.gone(credit, invoice):
            name = self.credit.name
            what = _("{name} belongs on {invoice}, but {gone} was voided or deleted in Xero").format(
                name=name,
                invoice=self.invoice.name,
                gone=gone[0] if len(gone) == 1 else _("{first} and {second}").format(first=gone[0], second=gone[1]),
            )
            return hold(
                Problem(
                    "credit-gone",
                    what,
                    _(
                        "See who removed it there. Then press Send again on it, and this follows by itself; or cancel this, or Leave it out too"
                    ),
                    held=True,
                )
            ).with_effects(*self.raised(credit, invoice))
        if place := self.unapproved(credit, invoice):
            return wait_for_approval(place)
        if waits := self.other_amount(credit, invoice):
            return waits
        if problem := two_contacts((self.credit.name, credit), (self.invoice.name, invoice)):
            return hold(problem)
        return self.take(to_the_cent(self.amount, *what_is_left(credit, invoice), self.settles), credit, invoice)


def credit_taken(
    step: Step, doc: Doc, credit: AllocationSide, invoice: AllocationSide, amount: Decimal, settles: bool = False
) -> CreditTaken:
    """The plan of taking `amount` of a credit note off an invoice on the day of the document `doc` that says so."""
    return CreditTaken(
        step,
        doc,
        ALLOCATION.made_by,
        frozenset({step.who.digest, credit.place[1], invoice.place[1]}),
        path=allocated_at(credit),
        credit=credit,
        invoice=invoice,
        amount=amount,
        date=str(doc["posting_date"]),
        settles=settles,
    )


def allocated_at(credit: AllocationSide) -> str:
    """The path at which allocations of a credit are made."""
    return ALLOCATION.made_by.path_below(f"{credit.place[0]}/{credit.place[1]}")


def needs_of_allocation(step: Step, credit: Named, invoice: Named, facts: Facts) -> Needs:
    """The facts that `allocate_credit` reads."""
    return LINKS.of([_named(step)]) | needs_of_target(credit, facts) | needs_of_target(invoice, facts)


def allocate_credit(
    step: Step, doc: Doc, credit: Named, invoice: Named, amount: Decimal, facts: Facts, currency: str = ""
) -> Plan | Decision:
    """Plan the allocation of `amount` of a return to an invoice of the same DocType, once both are in Xero. `amount` is in the document's
    currency or in the party account's; the latter is converted at the invoice's own rate."""
    if any(link.object == ALLOCATION.endpoint for link in own_links(facts.get(LINKS, _named(step)), step.who, step.revision)):
        return done()
    credited, invoiced = find(credit, facts), find(invoice, facts)
    if decision := left_out(credit, facts) or left_out(invoice, facts, credit[1] if credited else ""):
        return decision
    if credited is None or invoiced is None:
        return wait_for(step, invoice, facts, credit[1]) if credited else wait_for(step, credit, facts)
    if (
        waits := in_its_balance(step, invoice, invoiced.link, facts)
        or waits_for_cancels(credit, facts)
        or waits_for_cancels(invoice, facts)
    ):
        return waits
    if invoiced.currency != credited.currency:
        return hold(_two_currencies(credited, invoiced))
    converted = invoiced.currency != (currency or invoiced.account_currency)
    if converted:
        amount = half_up(amount / invoiced.rate)
    settles = converted and ZERO in (invoiced.outstanding, credited.outstanding)
    return credit_taken(step, doc, AllocationSide.of(credited), AllocationSide.of(invoiced), amount, settles)


def what_is_left(credit: Element, invoice: Element) -> tuple[Decimal, Decimal]:
    """The amounts that Xero shows as left of a credit and due on an invoice."""
    return decimal(credit.get("RemainingCredit")), decimal(invoice.get("AmountDue"))


def to_the_cent(amount: Decimal, credit_left: Decimal, invoice_due: Decimal, settles: bool) -> Decimal:
    """What to allocate where `amount` was converted from a base-currency receivable: where that `settles` one of the two in ERPNext, all
    that Xero has left of the smaller one, up to five cents away."""
    rest = min(credit_left, invoice_due)
    return rest if settles and abs(rest - amount) <= 5 * CENT else amount


def allocation(
    amount: Decimal, date: str, invoice_id: str, credit_left: Decimal, invoice_due: Decimal, names: tuple[str, str]
) -> Translation:
    """The Allocation element of `amount` from a credit to an invoice. `credit_left` and `invoice_due` are what Xero shows right now;
    `names` are credit and invoice as ERPNext calls them. Raises Refused where either has less."""
    problems = []
    for left, name in ((credit_left, names[0]), (invoice_due, names[1])):
        if amount > left:
            problems.append(
                Problem(
                    "allocation-exceeds",
                    _("{amount} of {credit} belongs on {invoice}, but {name} has only {left} left in Xero").format(
                        amount=amount, credit=names[0], invoice=names[1], name=name, left=left
                    ),
                    _("See in Xero what else was applied to {name}; remove it there, then press Retry").format(name=name),
                )
            )
    if amount <= ZERO:
        problems.append(
            Problem(
                "allocation-nothing",
                _("Nothing of {credit} belongs on {invoice}").format(credit=names[0], invoice=names[1]),
                _("Check the two documents"),
            )
        )
    if problems:
        raise Refused(problems)
    body = {"Amount": plain(amount), "Date": date, "Invoice": {"InvoiceID": invoice_id}}
    return Translation(body, {"InvoiceID": invoice_id, "Amount": amount}, amount)


def _named(step: Step) -> Named:
    return step.who.doctype, step.who.name


def _two_currencies(credit: DocumentInXero, invoice: DocumentInXero) -> Problem:
    name, other = credit.who.name, invoice.who.name
    return Problem(
        "allocation-currency",
        _("{name} in {currency} was taken off {other} in {other_currency}, which Xero's credits cannot do").format(
            name=name, currency=credit.currency, other=other, other_currency=invoice.currency
        ),
        _("In Xero, refund {name} to a clearing account and pay {other} from there, on this date and with these amounts").format(
            name=name, other=other
        ),
        held=True,
    )
