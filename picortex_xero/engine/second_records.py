"""Records without a mark of which Xero has a second one exactly as this site writes it: a copy of the site, alive beside it, has sent it, too.

Payments, batch payments, transfers and credit notes have no Url for our mark. Their Reference or number names the document. A person may
well enter a second equal payment; it will not bear our whole text. So a record counts as a second one only where it belongs to nothing here,
bears the number or Reference of a linked record to the letter, and agrees with it in everything that was sent: amount, target, date. It is
told at that document, with both records; two of them in one list prove that a copy sends, and the connection pauses.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import frappe

from ..accounting.texts import _, joined
from ..connection import pauses
from ..documents.identity import Identity
from ..documents.step import ENDED
from ..xero.records import document_names, matching, xero_element
from ..xero.records.base import Element, XeroObject
from ..xero.records.registry import MADE_AT
from . import duplicates, limits, links, never_sent, outbox
from .attempts import SENT_BEFORE
from .contexts import Context
from .leases import Lease
from .members import Member
from .outbox import Row
from .screen_texts import stored
from .unlinked import Unlinked

AT_ONCE = 500
# So many of one list are no oversight of a person.
ENOUGH, NAMES_SAID = 2, 5
Linked = dict[str, Any]


def tell(context: Context, lease: Lease, found: Unlinked) -> tuple[Unlinked, bool]:
    """Tell of second records among what `unlinked.among` found; (what is left of it, whether the connection was paused). Commits."""
    seconds = [
        (each, linked, step)
        for each, linked in _pairs(context.connection, found.endpoint, [*(named.element for named in found.named), *found.others])
        if (step := _maker(context.connection, linked)) and _agrees(found.endpoint, step, linked, each)
    ]
    names = [str(linked["reference_name"]) for each, linked, step in seconds if _say(context, lease, found.endpoint, each, linked, step)]
    frappe.db.commit()
    taken = {id(each) for each, _linked, _step in seconds}
    left = replace(
        found,
        named=[each for each in found.named if id(each.element) not in taken],
        others=[each for each in found.others if id(each) not in taken],
    )
    if len(names) < ENOUGH:
        return left, False
    said = _("Xero has {count} records a second time, exactly as this site writes them ({names})")
    limits.pause(context.connection, said.format(count=len(names), names=joined(", ", names[:NAMES_SAID])), _CURE, pauses.PUT_BACK)
    return left, True


_CURE = _(
    "A copy of this site sends as well: stop that one. Each of these documents says which of its records in Xero is linked here; delete the other one there. On the site that is to go on, press Resume"
)


def _pairs(connection: str, endpoint: str, elements: list[Element]) -> list[tuple[Element, Linked]]:
    """Records with the linked record whose number or Reference they bear; bulk reads."""
    objects = [each for each in MADE_AT[endpoint] if each.number_fields and not each.is_advance]
    shown = [(its, each) for its in objects for each in elements if its.number(each) and not xero_element.gone(each)]
    wanted = sorted({name for its, each in shown for name in document_names.leading(its.number(each))})
    rows: dict[tuple[str, str], list[Linked]] = {}
    for at in range(0, len(wanted), AT_ONCE):
        filters = {
            "connection": connection,
            "reference_name": ("in", wanted[at : at + AT_ONCE]),
            "endpoint": ("in", [its.endpoint for its in objects]),
            "remote_status": ("not in", ENDED),
        }
        for row in frappe.get_all(links.DOCTYPE, filters=filters, fields=[*links.FIELDS, "company"]):
            rows.setdefault((row["endpoint"], xero_element.fold(row["xero_number"])), []).append(dict(row))
    return [
        (each, linked) for its, each in shown for linked in rows.get((its.endpoint, xero_element.fold(stored(its.number(each))[:140])), [])
    ]


def _maker(connection: str, linked: Linked) -> Row | None:
    """The step that made a linked record."""
    who = Identity(*(str(linked[field]) for field in links.REFERENCE))
    roles = (linked["role"], f"{linked['role']}-{linked['sequence']}")
    mine = [each for each in outbox.steps_of(connection, who) if each["role"] in roles and each["generation"] == linked["generation"]]
    return mine[0] if mine else None


def _agrees(endpoint: str, step: Row, linked: Linked, element: Element) -> bool:
    """Whether a record is in everything what was sent for a linked one."""
    kind = _object(endpoint, linked).made_by
    seen = matching.sight(kind, _member(step, linked), element)
    same_day = str(step["posting_date"] or "")[:10] == xero_element.calendar_date(element)
    return seen.ours is True and not seen.clashes and bool(seen.agrees & {"Total", "Amount", "Members"}) and same_day


def _say(context: Context, lease: Lease, endpoint: str, element: Element, linked: Linked, step: Row) -> int:
    """Leave the document's step to a person; 1 where that is news."""
    kind, member = _object(endpoint, linked).made_by, _member(step, linked)
    attempt = never_sent.seal(context, lease, kind, member)
    said = duplicates.say(context, attempt, member, [element])
    attempt.resolve(SENT_BEFORE)
    return said


def _object(endpoint: str, linked: Linked) -> XeroObject:
    return next(each for each in MADE_AT[endpoint] if each.endpoint == linked["endpoint"])


def _member(step: Row, linked: Linked) -> Member:
    """The member of a request that is never sent, by what is linked."""
    return never_sent.member(step, currency=linked["currency"] or "", marker=json.loads(linked["marker"] or "{}"))
