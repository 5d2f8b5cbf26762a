"""What a preview asks Xero about the numbers of what would go, as it is asked when they go: whether a sales invoice's or a customer's credit note's
number is used up, whether somebody has entered a supplier's bill already (documents/suppliers_own), and whether an opening document is there.

The same number of records of every kind is read at once; which of them count is told by type, contact, total and date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from ..accounting.money import decimal, half_up
from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, joined, plain
from ..attention import wording
from ..documents.invoice.room import opening_problem
from ..documents.preview import Previewed
from ..documents.suppliers_own import SuppliersOwn
from ..documents.translation import Translation
from ..xero.records import xero_element
from ..xero.records.base import Element
from ..xero.records.registry import INVOICE, KINDS, object_at
from . import unlinked

# Numbers that are asked for in one call, and so many characters of an address.
AT_ONCE, ADDRESS = 40, 1500
SALES = ("ACCREC", "ACCRECCREDIT")
# Where records of a number are, and the number.
Place = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """What Xero is asked about one record: the `number` at an `endpoint`, and by what the record is told from others. `contact` is the ContactID, and
    `called` its name where the contact would be made first. `days`: those of a supplier's paper; none of a sale. `opening`: an opening document."""

    endpoint: str
    number: str
    type: str
    contact: str
    called: str
    currency: str
    total: str
    mark: str = ""
    days: tuple[str, ...] = ()
    opening: bool = False

    @property
    def place(self) -> Place:
        """Where it is asked for."""
        return self.endpoint, self.number


def asked(step: Previewed, called: str) -> Asked | None:
    """What Xero is asked before this is sent; None for what has no such number. `called`: what the contact is called that would be made first."""
    body, own = step.body or {}, step.known_as
    its = KINDS[step.kind].xero_object if step.kind in KINDS else None
    if its is None or not its.looked_up_by or not (number := str(body.get(its.looked_up_by[0]) or "")):
        return None
    if not own and not step.opens and body.get("Type") not in SALES:
        return None
    found = Asked(
        its.endpoint,
        own.number if own else number,
        str(body["Type"]),
        str((body.get("Contact") or {}).get("ContactID") or ""),
        called,
        str(body.get("CurrencyCode") or ""),
        str(step.total if step.total is not None else ""),
        xero_element.mark(body.get("Url")),
    )
    return replace(found, days=tuple(sorted(own.days)) if own else (), opening=step.opens)


def stored(every: Iterable[Asked]) -> str:
    """As it is kept on a line."""
    return json.dumps([asdict(each) for each in every])


def kept(text: str | None) -> list[Asked]:
    """What `stored` gave."""
    return [Asked(**{**each, "days": tuple(each["days"])}) for each in json.loads(text or "[]")]


def calls(places: Iterable[Place]) -> list[list[Place]]:
    """The places that are asked about in one call each: fewer places never take more calls."""
    found: list[list[Place]] = []
    room = 0
    for place in sorted(set(places)):
        its = object_at(place[0])
        length = len(its.numbered(place[1]))
        last = found[-1] if found else []
        if not last or length > room or len(last) >= AT_ONCE or last[0][0] != place[0] or not its.together(last[-1][1], place[1]):
            found.append([])
            room = ADDRESS
        found[-1].append(place)
        room -= length
    return found


def speaks_against(one: Asked, name: str, elements: Iterable[Element]) -> Problem | None:
    """Why the document `name` would wait, given the records of its number that Xero shows; None where it goes."""
    field = object_at(one.endpoint).looked_up_by[0]
    same = [each for each in elements if _is(each, "Type", one.type) and _is(each, field, one.number) and not xero_element.gone(each)]
    if one.opening:
        theirs = unlinked.linked_to_nothing(one.endpoint, [each for each in same if xero_element.contact_id(each) in _contacts(one, same)])
        return opening_problem(name, one.number, decimal(one.total), theirs)
    if one.days:
        theirs = unlinked.linked_to_nothing(one.endpoint, _like(one, same))
        return _perhaps(one.number, theirs[0]) if theirs else None
    if not same or any(one.mark and xero_element.mark(each.get("Url")) == one.mark for each in same):
        # What was voided gives its number up to a suffix, and what bears the document's own mark is linked.
        return None
    return taken(one.number, _shown(one.endpoint, same[0]))


def taken(number: str, what: Text | str) -> Problem:
    """The problem that Xero has a number already that it lets stand once."""
    return Problem(
        "number-taken",
        _("Xero has the number {number} already: {what}").format(number=number, what=what),
        _("Look at both: where it is the same, press Done by Hand on the document; else give one of them another number"),
    )


def _perhaps(number: str, element: Element) -> Problem:
    return Problem(
        "perhaps-in-xero",
        _("Somebody has entered {number} for this supplier in Xero already: {what}").format(
            number=number, what=_shown(INVOICE.endpoint, element)
        ),
        _(
            "It is not sent: it waits under To fix until somebody says whether it is this one (it is linked) or another one (this one is sent)"
        ),
    )


def _contacts(one: Asked, elements: list[Element]) -> set[str]:
    """The contacts it may be with: one that would be made first may be there, under its name."""
    if not one.called:
        return {one.contact.casefold()}
    return {
        xero_element.contact_id(each)
        for each in elements
        if xero_element.fold((each.get("Contact") or {}).get("Name")) == xero_element.fold(one.called)
    }


def _like(one: Asked, elements: list[Element]) -> list[Element]:
    own = SuppliersOwn(one.endpoint, one.number, frozenset(one.days))
    number = "InvoiceNumber" if one.endpoint == INVOICE.endpoint else "CreditNoteNumber"
    found: list[Element] = []
    for contact in sorted(_contacts(one, elements)):
        body = {"Type": one.type, number: one.number, "Contact": {"ContactID": contact}, "CurrencyCode": one.currency}
        found += own.like(Translation(body, {}, decimal(one.total)), elements)
    return found


def _is(element: Element, field: str, wanted: str) -> bool:
    return xero_element.fold(element.get(field)) == xero_element.fold(wanted)


def _shown(endpoint: str, element: Element) -> Text:
    contact: dict[str, Any] = element.get("Contact") or {}
    total, status = half_up(decimal(element.get("Total"))), str(element.get("Status") or "")
    return joined(", ", [plain(str(contact.get("Name") or "")), amount(total), wording.in_xero(endpoint, status, None)])
