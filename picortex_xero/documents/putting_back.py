"""Sending an invoice or credit note again as it is here, over what somebody has changed of it in Xero: only where a person wants just that.

What is paid or credited there Xero changes no more but in reference and due date; then it is said, and nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem, Refused
from ..accounting.texts import Text, _, joined
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, MANUAL_JOURNAL, object_at
from .base import Books, InXero, Plan, Reads
from .credit_note.credit_note import credit_note
from .decisions import Decision, Seen, Send, done, hold, refused
from .details import DETAILS, other_details
from .invoice.comparison import differences
from .invoice.invoice import invoice
from .picture import as_kept, picture, stored
from .picture import differences as differences_of_pictures
from .removed import gone_from_xero
from .step import Link, Step
from .translation import Translation

Doc = dict[str, Any]
Element = dict[str, Any]
# These Xero still changes of what is paid.
ALWAYS = ("Reference", "DueDate")
HEADER = ("Date", "CurrencyRate")
# What Xero lets a program remove and not change (manual journals: B, this API's rules; money: so that its lines are ours again) is put back by removing it and entering it anew.
REMOVED_FIRST = (MANUAL_JOURNAL.endpoint, BANK_TRANSACTION.endpoint)


def put_back(step: Step, doc: Doc, link: Link, books: Books, agreed: Seen) -> Plan | Decision:
    """The plan that makes the record of `link` what its document is; `agreed`: what is noted of the link once it is."""
    kind = object_at(link.endpoint).updated_by
    assert kind is not None
    contact = str(link.picture.get("Contact") or "")
    try:
        if doc.get("is_return"):
            made = credit_note(doc, books.mapping, contact)
        else:
            made = invoice(doc, books.mapping, contact, books.site_url, books.instance, link.revision)
    except Refused as error:
        return refused(error)
    wanted = [*object_at(link.endpoint).changeable, *HEADER]
    body = {kind.id_field: link.xero_id, **{name: made.body[name] for name in wanted if name in made.body}}
    if contact:
        body["Contact"] = {"ContactID": contact}
    translation = Translation(body, {kind.id_field: link.xero_id}, made.total, made.tax)
    return PutBack(step, doc, kind, frozenset({step.who.digest}), "", link.xero_id, link, wanted=translation, agreed=agreed)


@dataclass(frozen=True)
class PutBack(Plan):
    """Make a record what its document is. `wanted`: the element."""

    wanted: Translation = field(default_factory=lambda: Translation({}, {}))
    agreed: Seen = Seen("")

    def reads(self) -> Reads:
        """The record itself."""
        return Reads(records=frozenset([(self.kind.endpoint, self.xero_id)]))

    def decide(self, shown: InXero) -> Decision:
        """Sent where it differs and Xero changes it; what is paid there is left to a person."""
        assert self.link is not None
        element = shown.record(self.kind.endpoint, self.xero_id) or {}
        name = self.doc["name"]
        if xero_element.gone(element):
            return hold(gone_from_xero(name, element["Status"])).with_effects(Seen(self.link.name, status=element["Status"]))
        of = object_at(self.link.endpoint)
        was, now = as_kept(of, self.link), picture(of, element)
        money = differences_of_pictures(was, now, shown.called)
        found = [*differences(self.wanted.body, element, True, shown.called), *money, *other_details(was, now)]
        if not found:
            return done(replace(self.agreed, status=element.get("Status", ""), picture=stored(now)))
        body = dict(self.wanted.body)
        number = _number(self.link, element)
        if number:
            body[number] = self.link.xero_number
        reference = str((was.get(DETAILS) or {}).get("Reference") or "")
        if "Reference" not in body and xero_element.fold(element.get("Reference")) != xero_element.fold(reference):
            # What the document does not say goes back to what it was.
            body["Reference"] = reference
        if not used(element):
            return Decision(Send(replace(self.wanted, body=body)))
        lines = [each for each in differences(self.wanted.body, element, True, shown.called) if each.startswith(("line", "there are"))]
        if money or lines:
            return hold(paid_there(name, money or lines))
        body = {name: value for name, value in body.items() if name in (*ALWAYS, self.kind.id_field)}
        return Decision(Send(replace(self.wanted, body=body)))


def used(element: Element) -> bool:
    """Whether something was paid of a record in Xero, credited to it, or taken off it."""
    return any(decimal(element.get(part)) for part in ("AmountPaid", "AmountCredited")) or bool(element.get("Allocations"))


def _number(link: Link, element: Element) -> str:
    """The field of the number, where somebody has given the record another one."""
    name = "CreditNoteNumber" if link.part == "credit" else "InvoiceNumber"
    shown = element.get(name)
    return name if shown is not None and link.xero_number and shown != link.xero_number else ""


def paid_there(name: str, found: list[Text]) -> Problem:
    """Xero changes nothing of it any more that moves money."""
    return Problem(
        "paid-there",
        _("{name} is paid or credited in Xero, which then changes neither its lines nor its contact, date and rate: {found}").format(
            name=name, found=joined("; ", found)
        ),
        _("Remove in Xero what was paid or credited of it there, and choose again; or leave it as it is there"),
        held=True,
    )
