"""An invoice or bill that was cancelled when its period was closed in Xero already: credited in the open period. Steps "reversal-1" (a credit
note with the lines of the invoice as Xero shows it) and "reversal-2" (taken off the invoice).

Xero voids nothing dated on or before a lock date (Xero help, "Set up and work with lock dates"), and a period that was filed is not opened again
for a cancel. What an accountant enters then is a credit note on an open day. The app does it only when a Xero Admin asks for it; for every other
kind of record a person gets the instructions.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal, half_up, plain
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, day
from ..xero.records import document_names, xero_element
from ..xero.records.invoice import Invoice
from ..xero.records.registry import ALLOCATION, CREDIT_NOTE, INVOICE, object_at
from .base import Action, Books, InXero, Plan, Reads
from .decisions import Ask, Decision, Effect, Say, Seen, Send, Wait, done, hold, overtaken, wait_for_step
from .fact_types import LINKS, STEPS
from .needs import Facts
from .periods import filed_cause
from .role import REVERSAL
from .settlement.allocation import Allocating, AllocationSide, allocated_at
from .settlement.payment_elements import REFERENCE_LIMIT
from .step import Link, Step, own_links, own_steps
from .translation import Translation

Doc = dict[str, Any]
Element = dict[str, Any]
# What Xero's refusal of a date is called (xero/errors.json), a cancel that it stops, and one that a filed tax return does.
LOCKED, CANCEL_LOCKED, CANCEL_FILED = "locked", "cancel-locked", "cancel-filed"
CLOSED = (CANCEL_LOCKED, CANCEL_FILED)
NOTE, TAKEN_OFF = 1, 2
# The status of a link whose record was credited in full by its own reversal; no word of Xero's.
CREDITED = "Credited"


def stays(name: str, endpoint: str, said: Text, cancelled: bool, undone: bool = False) -> Problem:
    """Why a record that is to be taken back stays in Xero: it is dated in a locked period, as Xero says (`said`). It is `cancelled`, `undone`
    (undoing.py), or was changed and goes again."""
    where = {"name": name, "said": said}
    if undone:
        message = _("{name} is to be undone, but in Xero it is in a locked period and stays there ({said})").format(**where)
    elif cancelled:
        message = _("{name} was cancelled here, but in Xero it is in a locked period and stays there ({said})").format(**where)
    else:
        message = _("{name} was changed here, but in Xero it is in a locked period and stays as it was ({said})").format(**where)
    return Problem(CANCEL_LOCKED, message, _what_to_do(endpoint, cancelled or undone), held=True)


def filed(name: str, endpoint: str, until: str, cancelled: bool, undone: bool = False) -> Problem:
    """The same of a record of a period for which tax is filed (up to `until`, yyyy-mm-dd): Xero would take it back, and change a return that was filed."""
    where = {"name": name, "until": day(until)}
    if undone:
        message = _("{name} is to be undone, but tax is filed until {until}: it stays in Xero").format(**where)
    elif cancelled:
        message = _("{name} was cancelled here, but tax is filed until {until}: it stays in Xero").format(**where)
    else:
        message = _("{name} was changed here, but tax is filed until {until}: it stays in Xero as it was").format(**where)
    return Problem(CANCEL_FILED, message, _what_to_do(endpoint, cancelled or undone), held=True, causes=(filed_cause(until),))


def _what_to_do(endpoint: str, cancelled: bool) -> Text:
    if endpoint == INVOICE.endpoint and cancelled:
        return _(
            "A Xero Admin presses Credit in Open Period: a credit note with the same lines, dated today, is entered in Xero and taken off it"
        )
    if object_at(endpoint).settles and not cancelled:
        # The money has moved, here and there; only what it was used for has changed.
        return _(
            "Leave the money in Xero as it is. What it no longer pays here is still paid there: enter a credit note over that in Xero, in an open period, and leave it as credit with the contact, or allocate it to what this pays now"
        )
    return object_at(endpoint).reversed_by_hand


def reversals(steps: list[Step]) -> list[Step]:
    """The steps of a document that credit it in the open period."""
    return [each for each in steps if each.role.reverses]


def waits_for(steps: list[Step], name: str) -> Decision | None:
    """The cancel of a document waits while its credit note in the open period is on its way."""
    coming = [each for each in reversals(steps) if each.unfinished]
    if not coming:
        return None
    why = Problem(
        "waits-for-credit", _("Waits until {name} is credited in Xero").format(name=name), _("See what stops {name}").format(name=name)
    )
    return wait_for_step(coming[-1].name, why)


def own_record(links: list[Link]) -> Link | None:
    """The invoice or bill in Xero that is credited."""
    live = [each for each in links if each.live and each.part != REVERSAL and each.endpoint == INVOICE.endpoint]
    return max(live, key=lambda each: each.revision, default=None)


def credited(link: Link) -> tuple[Effect, ...]:
    """The invoice was credited in full: nothing of it is owed any more."""
    said = Say("Undone", _("{name} is credited in Xero by a credit note in the open period").format(name=link.who.name))
    return Seen(link.name, status=CREDITED, amount_due=Decimal(0)), said


@dataclass(frozen=True)
class Credit(Plan):
    """The credit note: the lines of the invoice as Xero shows it now, whatever a person has changed there, for the contact that it has now."""

    suffix: int = 0

    def reads(self) -> Reads:
        """The invoice."""
        return Reads(records=frozenset([(INVOICE.endpoint, self.xero_id)]))

    def decide(self, shown: InXero) -> Decision:
        """Credit all of it; a hold where something was paid of it or credited to it meanwhile."""
        element = shown.record(INVOICE.endpoint, self.xero_id)
        if element is None or xero_element.gone(element):
            return overtaken(_("{name} is gone from Xero").format(name=self.step.who.name))
        if Invoice.used(element):
            return hold(_used(self.step.who.name))
        lines = [each for each in element.get("LineItems") or [] if isinstance(each, dict)]
        if not lines or not element.get("Type"):
            return hold(_not_shown(self.step.who.name))
        return Decision(Send(self._note(element, lines)), (Ask(f"{REVERSAL}-{TAKEN_OFF}", waits_for=self.step.role.text),))

    def _note(self, element: Element, lines: list[Element]) -> Translation:
        number = document_names.numbered(self.step.who.name, self.suffix, document_names.CREDITED)
        contact = xero_element.linked_id(element.get("Contact") or {}, "ContactID")
        total, sales = decimal(element.get("Total")), element["Type"] == "ACCREC"
        body: Element = {"Type": f"{element['Type']}CREDIT", "CreditNoteNumber": number}
        if sales:
            body["Reference"] = f"Cancels {element.get('InvoiceNumber') or self.step.who.name}"[:REFERENCE_LIMIT]
        body |= {"Contact": {"ContactID": contact}, "Date": str(self.step.posting_date), "CurrencyCode": element.get("CurrencyCode")}
        if rate := decimal(element.get("CurrencyRate")):
            body["CurrencyRate"] = plain(rate)
        # Approved, as the invoice was: only then can it be taken off it.
        body |= {"Status": "AUTHORISED", "LineAmountTypes": element.get("LineAmountTypes"), "LineItems": [_line(each) for each in lines]}
        marker = {"Type": body["Type"], "CreditNoteNumber": number, "ContactID": contact, "Total": total}
        return Translation(body, marker, total, decimal(element.get("TotalTax")))


def _line(shown: Element) -> Element:
    """A line of the credit note as the invoice's line in Xero has it."""
    amount, quantity, price = (decimal(shown.get(name)) for name in ("LineAmount", "Quantity", "UnitAmount"))
    if half_up(quantity * price) != amount:
        # A discount in per cent, or a price of more decimals than Xero shows.
        quantity, price = Decimal(1), amount
    line: Element = {"Description": shown.get("Description") or "", "Quantity": plain(quantity), "UnitAmount": plain(price)}
    line |= {name: shown[name] for name in ("AccountCode", "TaxType") if shown.get(name)}
    if "AccountCode" not in line and shown.get("AccountID"):
        line["AccountID"] = shown["AccountID"]
    if shown.get("TaxAmount") is not None:
        line["TaxAmount"] = plain(decimal(shown["TaxAmount"]))
    tracking = [each for each in shown.get("Tracking") or [] if isinstance(each, dict)]
    if tracking:
        line["Tracking"] = [{name: each[name] for name in ("Name", "Option") if each.get(name)} for each in tracking]
    return line


@dataclass(frozen=True)
class TakenOff(Allocating):
    """The credit note, all of it, taken off the invoice."""

    def decide(self, shown: InXero) -> Decision:
        """Send it once both stand in Xero."""
        credit, invoice = self.sides(shown)
        if self.gone(credit, invoice):
            return hold(_not_shown(self.step.who.name))
        return self.take(self.amount, credit, invoice)


def plan(step: Step, doc: Doc, facts: Facts, books: Books) -> Plan | Decision:
    """The credit note, or taking it off the invoice."""
    own = (step.who.doctype, step.who.name)
    links = own_links(facts.get(LINKS, own), step.who)
    made = {each.number: each for each in links if each.part == REVERSAL}
    if step.role.number in made:
        return done()
    invoice = own_record(links)
    if invoice is None:
        return overtaken(_("{name} is gone from Xero").format(name=step.who.name))
    chain = frozenset({step.who.digest, invoice.xero_id})
    if step.role.number == NOTE:
        return Credit(step, doc, CREDIT_NOTE.made_by, chain, xero_id=invoice.xero_id, link=invoice, suffix=step.number_suffix)
    note = made.get(NOTE)
    if note is None:
        first = next((each for each in reversals(own_steps(facts.get(STEPS, own), step.who)) if each.role.number == NOTE), None)
        if first and first.unfinished:
            return Decision(Wait(None, on=first.name))
        return overtaken(_("{name} was not credited").format(name=step.who.name))
    credit = AllocationSide(note.xero_number or step.who.name, (note.endpoint, note.xero_id))
    return TakenOff(
        step,
        doc,
        ALLOCATION.made_by,
        chain | {note.xero_id},
        path=allocated_at(credit),
        credit=credit,
        invoice=AllocationSide(step.who.name, (invoice.endpoint, invoice.xero_id)),
        amount=note.total or decimal(note.marker.get("Total")),
        date=str(step.posting_date),
    )


def _used(name: str) -> Problem:
    return Problem(
        "cancel-of-paid",
        _("{name} was cancelled here, but it has payments or credits in Xero").format(name=name),
        _("Remove them in Xero (or cancel their Payment Entries here), then press Retry"),
        held=True,
    )


def _not_shown(name: str) -> Problem:
    return Problem(
        "reversal-not-shown",
        _("Xero does not show {name} with its lines, or its credit note was removed there").format(name=name),
        _("Look at {name} in Xero and enter the credit note there by hand, dated in the open period").format(name=name),
    )


REVERSE = Action(plan, compares_itself=True)
