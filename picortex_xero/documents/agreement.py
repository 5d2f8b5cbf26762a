"""Does the record that a step made still agree with what was sent? Asked by Retry of a step whose record is linked: nothing is sent.

What Xero does not show proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..xero.records import elements
from ..xero.records.registry import KINDS, object_at
from .base import InXero, Plan, Reads
from .decisions import Decision, Done, Hold, Seen
from .step import Link, Step

Doc = dict[str, Any]


@dataclass(frozen=True)
class Compare(Plan):
    """Look at a linked record as Xero shows it now. `expected`: what it must amount to; None where nothing says so."""

    expected: Decimal | None = None

    @property
    def _place(self) -> tuple[str, str]:
        """The record to read; what hangs on a credit is shown by that."""
        assert self.link is not None
        home, _, rest = self.link.endpoint.partition("/")
        return (home, rest.partition("/")[0]) if rest else (home, self.link.xero_id)

    def reads(self) -> Reads:
        """The record, or the credit that it hangs on."""
        return Reads(records=frozenset([self._place]))

    def decide(self, shown: InXero) -> Decision:
        """Done where it stands and amounts to what was sent; else a person's."""
        assert self.link is not None
        element = shown.record(*self._place)
        if self.link.object != self.link.endpoint:
            rows = [each for each in (element or {}).get(self.link.object) or [] if isinstance(each, dict)]
            element = next((each for each in rows if elements.linked_id(each, self.kind.id_field) == self.link.xero_id), None)
        return compared_with(self.doc["name"], self.link, element, self.expected)


def compare_again(step: Step, doc: Doc, link: Link) -> Compare:
    """The plan of looking at a record again: it must amount to what was sent, which its marker says."""
    sent = link.marker.get("Amount") or link.marker.get("Total")
    kind = object_at(link.endpoint).made_by
    chain = frozenset({step.who.digest, link.xero_id})
    return Compare(step, doc, kind, chain, xero_id=link.xero_id, link=link, expected=decimal(sent) if sent else None)


def compare_document(step: Step, doc: Doc, link: Link, kind: str) -> Compare:
    """The same of an invoice or credit note, which must amount to what its step says."""
    return Compare(step, doc, KINDS[kind], frozenset({step.who.digest}), xero_id=link.xero_id, link=link, expected=step.amount)


def compared_with(name: str, link: Link, element: dict[str, Any] | None, expected: Decimal | None) -> Decision:
    """What a linked record as Xero shows it now (None where it has none) makes of its step."""
    if element is None:
        return Decision(Hold((not_in_xero(name),)))
    total = elements.money(elements.worth(element))
    seen = Seen(
        link.name, element.get("Status") or None, decimal(total), decimal(element["AmountDue"]) if element.get("AmountDue") else None
    )
    if elements.gone(element):
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
