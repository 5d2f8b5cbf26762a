"""Compares a record in Xero with what was sent: does it still stand, with the same total, and as it was (picture.py)?

This is what Retry does with a step whose record is linked already; nothing is sent. A figure that Xero does not show counts as no
difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records import xero_element
from ..xero.records.registry import CONTACT, KINDS, object_at
from .base import InXero, Plan, Reads
from .decisions import Decision, Done, Hold, Seen
from .picture import Picture, differences, only_coding, picture
from .picture import stored as stored_picture
from .removed import edited, gone_from_xero, not_in_xero
from .step import Link, Step

Doc = dict[str, Any]


@dataclass(frozen=True)
class Compare(Plan):
    """Compare a linked record with Xero. `expected`: the total it must have, in its own currency; None where it is not known."""

    expected: Decimal | None = None

    @property
    def _former_contact(self) -> tuple[str, str] | None:
        """The contact that the record had, where Xero has shown another one on it since: it may have been merged into that."""
        assert self.link is not None
        former, now = self.link.picture.get("Contact", ""), self.link.contact.casefold()
        return (CONTACT.endpoint, former) if former and now and former != now else None

    def reads(self) -> Reads:
        """The record, or the credit note or advance that the allocation belongs to."""
        assert self.link is not None
        return Reads(records=frozenset([place_of(self.link), *([self._former_contact] if self._former_contact else [])]))

    def decide(self, shown: InXero) -> Decision:
        """Done where the record stands with the expected total; else a person has to look."""
        assert self.link is not None
        element = element_of(self.link, shown.record(*place_of(self.link)))
        was = dict(self.link.picture)
        former = shown.record(*self._former_contact) if self._former_contact else None
        if self._former_contact is None or (element and merged_into(former, xero_element.contact_id(element))):
            # Whose contact it is was compared when it was sent; a merge changes nothing.
            was.pop("Contact", None)
        return compared_with(self.doc["name"], self.link, element, self.expected, was)


def place_of(link: Link) -> tuple[str, str]:
    """Endpoint and id of the record to read; of an allocation, those of its credit note or advance."""
    home, _, rest = link.endpoint.partition("/")
    return (home, rest.partition("/")[0]) if rest else (home, link.xero_id)


def element_of(link: Link, shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """The element of a link, of an allocation among what its credit shows (`shown`, at `place_of`); None where Xero has none."""
    if link.object == link.endpoint:
        return shown
    rows = [each for each in (shown or {}).get(link.object) or [] if isinstance(each, dict)]
    id_field = object_at(link.endpoint).id_field
    return next((each for each in rows if xero_element.linked_id(each, id_field).casefold() == link.xero_id.casefold()), None)


def merged_into(contact: dict[str, Any] | None, xero_id: str) -> bool:
    """Whether Xero shows a contact as merged into the one with this id."""
    return bool(contact) and xero_element.named_id(contact or {}, "MergedToContactID") == xero_id


def compare_again(step: Step, doc: Doc, link: Link) -> Compare:
    """The plan of comparing a record; the expected total is the one kept in the link's marker."""
    sent = link.marker.get("Amount") or link.marker.get("Total")
    kind = object_at(link.endpoint).made_by
    chain = frozenset({step.who.digest, link.xero_id})
    return Compare(step, doc, kind, chain, xero_id=link.xero_id, link=link, expected=decimal(sent) if sent else None)


def compare_document(step: Step, doc: Doc, link: Link, kind: str) -> Compare:
    """The same for an invoice or credit note; the expected total is the step's amount."""
    return Compare(step, doc, KINDS[kind], frozenset({step.who.digest}), xero_id=link.xero_id, link=link, expected=step.amount)


def compared_with(name: str, link: Link, element: dict[str, Any] | None, expected: Decimal | None, was: Picture) -> Decision:
    """What becomes of the step of a linked record, given `element` as Xero shows it now (None: Xero has no such record); `was` is what it
    has to be like."""
    if element is None:
        return Decision(Hold((not_in_xero(name),)))
    total, of = xero_element.money(xero_element.worth(element)), object_at(link.endpoint)
    seen = Seen(
        link.name, element.get("Status") or None, decimal(total), decimal(element["AmountDue"]) if element.get("AmountDue") else None
    )
    if xero_element.gone(element):
        return Decision(Hold((gone_from_xero(name, element["Status"]),)), (seen,))
    if expected is None or (total and decimal(total) == expected):
        now = picture(of, element)
        if found := differences(was, now):
            return Decision(Hold((edited(name, found, only_coding(was, now)),)), (seen,))
        return Decision(Done(), (replace(seen, picture=stored_picture({**was, **now})),))
    if not total:
        what = Problem(
            "total-not-shown", _("Xero shows {name} without its total").format(name=name), _("Compare it in Xero; press Retry in an hour")
        )
        return Decision(Hold((what,)), (seen,))
    return Decision(Hold((different_total(name, expected, total),)), (seen,))


def different_total(name: str, expected: Any, total: Any) -> Problem:
    """The document is in Xero, with another total than here."""
    return Problem(
        "total-in-xero-differs",
        _("{name} is {expected} here, but {total} in Xero").format(name=name, expected=expected, total=total),
        _("Correct it in Xero to the amount here, then press Retry"),
    )
