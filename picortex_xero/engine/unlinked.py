"""Which records of a list of Xero's bear this site's mark, or name one of its documents, and belong to nothing that is known here.

Such a record was sent by a copy of this site, or by this site before it was put back from a backup. One with our mark proves that; a bare
name may have been typed by a person. Nothing is written here, and Xero is not asked: whoever has read a list (after a gap, or to see what
has changed) asks about all of its records at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlsplit

import frappe

from ..accounting.money import CENT, decimal
from ..documents.role import role
from ..xero.records import document_names, matching, xero_element
from ..xero.records.base import Element, Kind, XeroObject
from ..xero.records.registry import BATCH_PAYMENT, MADE_AT, OBJECTS, PAYMENT
from . import attempts, causes, links, outbox, protocol
from .attempts import Attempt
from .members import Member, identity_of, link_role

AT_ONCE = 500
# Made as bank transactions, linked by ids of their own.
ADVANCES = tuple(each.endpoint for each in OBJECTS if each.is_advance)
# What is on its way has a request of its own (attempts.not_closed), unless that was never sent.
WAITING = (protocol.PENDING, *causes.WAITING)


@dataclass(frozen=True)
class Named:
    """A record without our mark that names a document (`document`, in ERPNext) of which a step waits to be sent. `alike`: it could be what
    that step would make, by date and amount."""

    element: Element
    document: str
    alike: bool


@dataclass(frozen=True)
class Unlinked:
    """The records of one endpoint that belong to nothing known here: `marked` bear this site's mark, `named` are the rest that name a
    document waiting to be sent, `others` bear neither. `unsure` are not among them: a request of ours whose outcome is open, still watched or a person's may have made them."""

    endpoint: str
    marked: list[Element] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    others: list[Element] = field(default_factory=list)
    unsure: list[Element] = field(default_factory=list)


def among(connection: str, instance: str, endpoint: str, elements: Iterable[Element]) -> Unlinked:
    """Those of the records listed at `endpoint` that belong to no link (of any connection of this site), no request whose outcome is open
    or still watched, no record that a person chooses from, and none that a person has confirmed (engine/restored). `instance` is the
    site's id, as its marks begin; endpoints are those of MADE_AT. Bulk reads; only one where all records are known. The caller holds the
    lease, or has begun a new transaction after it read the list: else what is being sent right now looks unknown."""
    objects = MADE_AT[endpoint]
    found = [each for each in elements if isinstance(each, dict) and ids_of(objects, each) and not _of_a_batch(objects, each)]
    found = _not_linked(objects, found)
    if not found:
        return Unlinked(endpoint)
    open_requests = attempts.not_closed(connection)
    # Once more: what was settled meanwhile is no open request any more, but has its link.
    found = _not_linked(objects, found)
    may_have_made = _may_have_made(connection, endpoint, open_requests)
    kept = {each["id"].casefold() for attempt in open_requests for records in attempt.kept.values() for each in records if each.get("id")}
    advances = _advances_by_mark(found)
    found = [each for each in found if xero_element.mark(each.get("Url")) not in advances]
    unsure = [each for each in found if ids_of(objects, each) & kept or _of_a_request(may_have_made, each)]
    not_yet = {id(each) for each in unsure}
    found = [each for each in found if id(each) not in not_yet]
    marked: list[Element] = []
    rest: list[Element] = []
    for each in found:
        ours = bool(instance) and xero_element.mark(each.get("Url")).startswith(f"{instance}-")
        (marked if ours else rest).append(each)
    unsent = [attempt.key for attempt in open_requests if attempt.never_sent]
    named = list(_named(connection, unsent, rest))
    # By identity: comparing every record with every other one takes long where a list has thousands.
    by_name = {id(each.element) for each in named}
    return Unlinked(endpoint, marked, named, [each for each in rest if id(each) not in by_name], unsure)


def ids_of(objects: Iterable[XeroObject], element: Element) -> set[str]:
    """Every id under which a link may name a record, in lower case: an overpayment has one of its own besides its bank transaction's."""
    names = {name for its in objects for name in its.made_by.id_fields}
    return {found.casefold() for name in names if (found := xero_element.linked_id(element, name))}


def _of_a_batch(objects: tuple[XeroObject, ...], element: Element) -> bool:
    """Whether a payment is one of a batch payment: that one is what is made, and has a list of its own."""
    name = BATCH_PAYMENT.id_field
    return PAYMENT in objects and bool(xero_element.linked_id(element, name) or element.get(name.removesuffix("ID")))


def document_of(element: Element) -> str:
    """The name of the document that the mark in a record's Url stands for, as the Url spells it; "" where there is none."""
    url = element.get("Url")
    return unquote(urlsplit(url).path.rpartition("/")[2]) if isinstance(url, str) and xero_element.mark(url) else ""


def linked_to_nothing(endpoint: str, elements: Iterable[Element]) -> list[Element]:
    """Those of the records listed at `endpoint` that no link of this site names, and of which nobody has said whose they are."""
    return _not_linked(MADE_AT[endpoint], list(elements))


def _not_linked(objects: tuple[XeroObject, ...], elements: list[Element]) -> list[Element]:
    known = _linked({xero_id for each in elements for xero_id in ids_of(objects, each)})
    return [each for each in elements if not ids_of(objects, each) & known]


def _linked(ids: set[str]) -> set[str]:
    """Those ids that are linked, or that a person was shown as belonging to documents of this site."""
    wanted, found = sorted(ids), set[str]()
    for at in range(0, len(wanted), AT_ONCE):
        some = {"xero_id": ("in", wanted[at : at + AT_ONCE])}
        found |= {str(each).casefold() for each in frappe.get_all(links.DOCTYPE, filters=some, pluck="xero_id")}
        confirmed = {**some, "state": ("!=", "Found")}
        found |= {str(each).casefold() for each in frappe.get_all("Xero Unlinked Record", filters=confirmed, pluck="xero_id")}
    return found


def _advances_by_mark(found: list[Element]) -> set[str]:
    """The marks of linked documents whose record shows only the id of the bank transaction that it was made as (an over- or prepayment):
    links name its own id. Other second records with the mark of a linked one are nobody's."""
    names = sorted({name for each in found if (name := document_of(each)) and not _shows_own_id(each)})
    marks = set()
    for at in range(0, len(names), AT_ONCE):
        filters = {"reference_name": ("in", names[at : at + AT_ONCE]), "endpoint": ("in", ADVANCES)}
        for marker in frappe.get_all(links.DOCTYPE, filters=filters, pluck="marker"):
            marks.add(xero_element.mark(_url_in(marker)))
    return marks - {""}


def _shows_own_id(element: Element) -> bool:
    return not str(element.get("Type") or "").endswith("PAYMENT") or bool(element.get("OverpaymentID") or element.get("PrepaymentID"))


def _url_in(marker: str | None) -> str:
    found = re.search(r'"Url": "([^"]*)"', marker or "")
    return found[1] if found else ""


def _may_have_made(connection: str, endpoint: str, open_requests: list[Attempt]) -> list[tuple[Kind, list[Member], bool]]:
    """The requests that may have made records of which nothing here knows yet, each with those of its members, and whether it is settled. One that was never sent has
    made nothing: its step still waits, and what is like it in Xero was sent by a copy, or before the site was put back. The same goes for
    a settled one whose late arrival is still watched for, where its member is linked to nothing and is not on its way again."""
    found = []
    for attempt in open_requests:
        kind = attempt.kind
        if kind.endpoint != endpoint or kind.undo or kind.revises or kind.extra or attempt.never_sent:
            continue
        members = attempt.members
        if attempt.watch_until and members:
            steps = {step["name"]: step for step in outbox.named([member["entry"] for member in members])}
            members = [member for member in members if _is_accounted_for(connection, member, steps.get(member["entry"]))]
        found.append((kind, members, bool(attempt.watch_until)))
    return found


def _is_accounted_for(connection: str, member: Member, step: outbox.Row | None) -> bool:
    """Whether a member of a settled request is linked or on its way: a second record of it is told by engine/duplicate_search."""
    state = step["state"] if step else ""
    return state in (protocol.SYNCED, *protocol.IN_FLIGHT) or bool(links.standing(connection, identity_of(member), *link_role(member)))


def _of_a_request(may_have_made: list[tuple[Kind, list[Member], bool]], element: Element) -> bool:
    """Whether a record may be what an open request makes: that one is looked up by itself (engine/probe). A mark tells at once. What a settled one has made bears its
    number or reference: of what is only alike a person has made the other one."""
    own = xero_element.mark(element.get("Url"))
    for kind, members, settled in may_have_made:
        for member in members:
            theirs = xero_element.mark(member["marker"].get("Url"))
            if own and theirs:
                if own == theirs:
                    return True
                continue
            certain, near = matching.listed(kind, member, [element])
            if certain or (near and not settled):
                return True
    return False


def _named(connection: str, unsent: list[str], elements: list[Element]) -> Iterator[Named]:
    """Those that stand in Xero and name a document of which something waits to be made there; `unsent` are requests that were never
    sent."""
    live = [each for each in elements if not xero_element.gone(each)]
    waiting = _waiting(connection, unsent) if live else {}
    names, taken = document_names.Names(waiting), dict[str, Decimal]()
    for element in live if waiting else []:
        steps = [step for name in names.within(xero_element.named(element)) for step in waiting[name]]
        if not steps:
            continue
        name = str(steps[0]["reference_name"])
        taken[name] = taken.get(name, Decimal(0)) + abs(decimal(xero_element.worth(element)))
        yield Named(element, name, any(_alike(step, element, taken[name]) for step in steps))


def _waiting(connection: str, unsent: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The steps that wait to make a record, by the name of their document."""
    found: dict[str, list[dict[str, Any]]] = {}
    fields = ["reference_name", "role", "posting_date", "amount", "state", "history_run"]
    rows = frappe.get_all(outbox.DOCTYPE, filters={"connection": connection, "state": ("in", WAITING)}, fields=fields)
    if unsent:
        rows += frappe.get_all(outbox.DOCTYPE, filters={"attempt": ("in", unsent), "state": ("in", protocol.IN_FLIGHT)}, fields=fields)
    for row in rows:
        if role(row["role"]).makes:
            found.setdefault(str(row["reference_name"]), []).append(dict(row))
    return found


# Roles of records that an import of history looks for in Xero before it sends them.
ASKED_FOR_FIRST = ("invoice", "credit")


def _alike(step: dict[str, Any], element: Element, taken: Decimal) -> bool:
    """Whether a record could be what a waiting step makes: of its date, and together with others that name the document no more than
    that is worth. What waits for a person, a person may well have entered there under its name."""
    if step["state"] in causes.WAITING:
        return False
    if step["history_run"] and role(step["role"]).part in ASKED_FOR_FIRST:
        # Xero is expected to have what an import of history brings: its number is asked for before it is sent, and a person links what is there.
        return False
    worth = abs(decimal(step["amount"]))
    same_day = str(step["posting_date"] or "")[:10] == xero_element.calendar_date(element)
    return same_day and (not worth or taken <= worth + CENT)
