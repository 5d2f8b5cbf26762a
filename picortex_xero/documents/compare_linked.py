"""Compares a record in Xero with what was sent: does it still stand, and with the same total?

This is what Retry does with a step whose record is linked already; nothing is sent. A figure that Xero does not show counts as no
difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records import xero_element
from ..xero.records.registry import KINDS, object_at
from .base import InXero, Plan, Reads
from .decisions import Decision, Done, Hold, Seen
from .step import Link, Step

Doc = dict[str, Any]


@dataclass(frozen=True)
class Compare(Plan):
    """Compare a linked record with Xero. `expected`: the total it must have, in its own currency; None where it is not known."""

    expected: Decimal | None = None

    @property
    def _place(self) -> tuple[str, str]:
        """Endpoint and id of the record to read; of an allocation, those of its credit note or advance."""
        assert self.link is not None
        home, _, rest = self.link.endpoint.partition("/")
        return (home, rest.partition("/")[0]) if rest else (home, self.link.xero_id)

    def reads(self) -> Reads:
        """The record, or the credit note or advance that the allocation belongs to."""
        return Reads(records=frozenset([self._place]))

    def decide(self, shown: InXero) -> Decision:
        """Done where the record stands with the expected total; else a person has to look."""
        assert self.link is not None
        element = shown.record(*self._place)
        if self.link.object != self.link.endpoint:
            rows = [each for each in (element or {}).get(self.link.object) or [] if isinstance(each, dict)]
            element = next((each for each in rows if xero_element.linked_id(each, self.kind.id_field) == self.link.xero_id), None)
        return compared_with(self.doc["name"], self.link, element, self.expected)


def compare_again(step: Step, doc: Doc, link: Link) -> Compare:
    """The plan of comparing a record; the expected total is the one kept in the link's marker."""
    sent = link.marker.get("Amount") or link.marker.get("Total")
    kind = object_at(link.endpoint).made_by
    chain = frozenset({step.who.digest, link.xero_id})
    return Compare(step, doc, kind, chain, xero_id=link.xero_id, link=link, expected=decimal(sent) if sent else None)


def compare_document(step: Step, doc: Doc, link: Link, kind: str) -> Compare:
    """The same for an invoice or credit note; the expected total is the step's amount."""
    return Compare(step, doc, KINDS[kind], frozenset({step.who.digest}), xero_id=link.xero_id, link=link, expected=step.amount)


def compared_with(name: str, link: Link, element: dict[str, Any] | None, expected: Decimal | None) -> Decision:
    """What becomes of the step of a linked record, given `element` as Xero shows it now (None: Xero has no such record)."""
    if element is None:
        return Decision(Hold((not_in_xero(name),)))
    total = xero_element.money(xero_element.worth(element))
    seen = Seen(
        link.name, element.get("Status") or None, decimal(total), decimal(element["AmountDue"]) if element.get("AmountDue") else None
    )
    if xero_element.gone(element):
        return Decision(Hold((gone_from_xero(name),)), (seen,))
    if expected is None or (total and decimal(total) == expected):
        return Decision(Done(), (seen,))
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


def not_in_xero(name: str) -> Problem:
    """It was in Xero, and Xero says that it has no such record (404)."""
    return Problem(
        "not-in-xero",
        _("Xero no longer shows {name}").format(name=name),
        _("Look for it in Xero; if it was removed there, nothing is left to do"),
    )


def gone_from_xero(name: str) -> Problem:
    """It was in Xero, and was voided or deleted there by somebody."""
    return Problem(
        "gone-from-xero",
        _("{name} was voided or deleted in Xero").format(name=name),
        _("See who removed it there; cancel it here, or enter it again in Xero by hand"),
    )
