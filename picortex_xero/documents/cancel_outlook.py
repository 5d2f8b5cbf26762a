"""What would happen in Xero if a submitted document were cancelled now, record by record: said before a person cancels.

The decisions are those of a cancel (taking_back.py, removal.py), on what Xero showed last of each record instead of on a look at Xero. They are written
in the past ("was cancelled here, but ..."); what a person reads beforehand is said here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..accounting.money import ZERO
from ..accounting.texts import NONE, Text, _, day, joined, plain
from ..xero.records.bank_transaction import BankTransaction
from ..xero.records.credit_note import CreditNote
from ..xero.records.invoice import Invoice
from ..xero.records.registry import object_at, taken_off
from .base import InXero
from .decisions import Hold, Send
from .fingerprint import Fingerprint
from .removal import DRAFTS, Delete, LeftToPerson, RemoveAllocation, TakeBack, Void
from .role import REVERSAL, role, taken_back
from .step import PENDING, Link, Step
from .taking_back import in_order, removal_of

# How it ends: by itself, only after something else, or by a person.
BY_ITSELF, AFTERWARDS, BY_A_PERSON = "green", "orange", "red"
# What becomes of a record, for counting the records of many documents.
VOIDED, DELETED, TAKEN_OFF, LATER, STAYS, LOOKED_AT, NOTHING = "voided", "deleted", "taken off", "later", "stays", "looked at", "nothing"


@dataclass(frozen=True)
class Standing:
    """One record and what was known of it last: `left` is what is open of it (None: not known), `settled_by` the names of other documents here that
    pay it or are allocated to it, `changed` that somebody changed or removed it in Xero and nobody has decided about it yet."""

    link: Link
    left: Decimal | None = None
    settled_by: tuple[str, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Fate:
    """What becomes of one record: one of the words above, a sentence, what a person has to do ("" where nothing), and how it ends, as a colour."""

    link: Link
    end: str
    says: Text
    to_do: Text = NONE
    colour: str = BY_ITSELF


def outlook(standing: list[Standing], posting_date: date, locked_until: date | None, filed_until: date | None = None) -> list[Fate]:
    """The fate of each record that stands in Xero, in the order in which they are taken back. `locked_until` is Xero's lock, `filed_until` the last day for
    which tax is filed."""
    order = {link.name: at for at, link in enumerate(in_order([each.link for each in standing]))}
    rows = sorted((each for each in standing if each.link.live and each.link.part != REVERSAL), key=lambda each: order[each.link.name])
    closed = _Closed(posting_date, locked_until, filed_until)
    return [_fate(each, rows, closed) for each in rows]


@dataclass(frozen=True)
class _Closed:
    """The day of a document, and what is closed."""

    posting_date: date
    locked_until: date | None
    filed_until: date | None

    @property
    def locked(self) -> date | None:
        """Xero's lock, where it holds the document."""
        return self.locked_until if self.locked_until and self.posting_date <= self.locked_until else None

    @property
    def filed(self) -> date | None:
        """The last filed day, where that holds the document."""
        return self.filed_until if self.filed_until and self.posting_date <= self.filed_until else None


def _fate(one: Standing, rows: list[Standing], closed: _Closed) -> Fate:
    link, of = one.link, object_at(one.link.endpoint)
    if one.changed:
        return _person(
            link,
            LOOKED_AT,
            _("It was changed in Xero: it will be taken back only after somebody has looked at it"),
            _("Look at it in Xero first"),
        )
    # An advance stays whatever is locked.
    if (until := closed.locked or closed.filed) and not (of.nested or of.is_advance or link.status in DRAFTS):
        return _locked(link, until, by_xero=bool(closed.locked))
    step = Step(link.name, link.who, role(taken_back(link.part, link.number, cancelled=True)), link.revision, PENDING)
    plan = removal_of(step, {"docstatus": 2}, link, Fingerprint(lambda doc: "", {}), ())
    # What settles it and belongs to the document itself goes before it.
    place = (link.endpoint, link.xero_id)
    own = sum((taken_off(each.link.endpoint, each.link.marker, place) for each in rows if each.link is not link), ZERO)
    taken = ZERO if one.left is None else max(link.total - one.left - own, ZERO)
    if isinstance(plan, Void) and one.settled_by:
        what = _("It will be voided once it is no longer settled by {names}").format(
            names=joined(", ", [plain(each) for each in one.settled_by])
        )
        return Fate(link, LATER, what, _("Cancel these as well, or unreconcile them; it will then go by itself"), AFTERWARDS)
    element: dict[str, Any] = {of.id_field: link.xero_id, "Status": link.status, "Total": link.total}
    if isinstance(of, Invoice):
        element["AmountPaid"] = taken
    elif isinstance(of, CreditNote):
        element["RemainingCredit"] = link.total - taken
    elif of.left_field:
        element[of.left_field] = link.total if one.left is None else one.left
    # Settled in Xero by nobody's document here: nothing more is known, so a plan's own question about that is answered with nothing.
    decided = replace(plan, link=replace(link, picture={})).undo(InXero({place: element}))
    match decided.outcome:
        case Send(translation):
            return Fate(link, *_sent(plan, str(translation.body.get("Status") or "")))
        case Hold(problems):
            return _held(link, plan, problems[0].code)
    return Fate(link, NOTHING, _("Nothing will be left to do"))


def _sent(plan: TakeBack, status: str) -> tuple[str, Text]:
    if isinstance(plan, RemoveAllocation):
        return TAKEN_OFF, _("It will be taken off again")
    # Money that is matched with a bank statement is not removed.
    if isinstance(plan, Delete) or isinstance(plan.kind.xero_object, BankTransaction):
        return DELETED, _("It will be deleted, unless it is reconciled with the bank statement there")
    return (VOIDED, _("It will be voided")) if status == "VOIDED" else (DELETED, _("It will be deleted"))


def _held(link: Link, plan: object, code: str) -> Fate:
    number = link.xero_number or link.who.name
    if isinstance(plan, LeftToPerson):
        return _person(
            link,
            STAYS,
            _("It will stay in Xero, which lets no program remove it"),
            _("Remove or refund it in Xero after the cancel; this will then go on by itself"),
        )
    if code == "cancel-of-paid":
        return _person(
            link,
            LOOKED_AT,
            _("It cannot be voided: it has payments or credits in Xero"),
            _("Remove the payments of {number} in Xero first, or cancel what paid it here").format(number=number),
        )
    if code == "adopted-stays" and link.entered_by_people:
        return _person(
            link,
            STAYS,
            _("It will stay in Xero: somebody entered it there"),
            _(
                "If the money did not move so, delete it in Xero after the cancel; this will then go on by itself. If it is right as it is there, press Done by Hand"
            ),
        )
    if code == "adopted-stays":
        return _person(
            link,
            STAYS,
            _("It will stay in Xero: it was there before this document"),
            _("If it is not owed, void {number} in Xero").format(number=number),
        )
    return _person(
        link,
        LOOKED_AT,
        _("It will be taken back only after somebody has looked at it"),
        _("Look at {number} in Xero first").format(number=number),
    )


def _locked(link: Link, until: date, by_xero: bool) -> Fate:
    on = day(until.isoformat())
    if not by_xero:
        says = _("It will stay in Xero: tax is filed until {date}").format(date=on)
        if object_at(link.endpoint).__class__ is Invoice:
            return _person(link, STAYS, says, _("After the cancel a Xero Admin can press Credit in Open Period"))
        return _person(link, STAYS, says, _("Somebody has to enter the opposite in Xero in an open period"))
    says = _("It will stay in Xero: the books are locked there until {date}").format(date=on)
    if object_at(link.endpoint).__class__ is Invoice:
        to_do = _("After the cancel a Xero Admin can press Credit in Open Period, or move the lock in Xero; it will then go by itself")
    else:
        to_do = _("Where the lock is moved in Xero it will go by itself; else somebody has to enter the opposite in Xero in an open period")
    return _person(link, STAYS, says, to_do)


def _person(link: Link, end: str, says: Text, to_do: Text) -> Fate:
    return Fate(link, end, says, to_do, BY_A_PERSON)
