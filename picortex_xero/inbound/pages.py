"""What a page of records means that Xero shows as changed: for the documents they are linked with, for what waits for their approval, and where nothing is
linked with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..attention import notifications
from ..compat import let_pass
from ..documents.fact_types import PRIVATE, STEPS
from ..documents.needs import Facts
from ..documents.payroll import DOCTYPES as MAY_BE_PRIVATE
from ..documents.settlement.document_in_xero import UNAPPROVED
from ..documents.step import link
from ..engine import apply, changes, links, merged_contacts, outbox, reading
from ..engine.contexts import Context
from ..engine.gather import load
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..xero.records import reconciled, xero_element
from ..xero.records.base import XeroObject
from ..xero.records.odd_elements import odd_fields
from ..xero.records.registry import ALLOCATION, CONTACT, CREDITS, PAYMENT, object_at
from . import coming_back, incoming_drafts, judge, pace, people_entries, stayed, unjudged, unlinked, unpaid
from .cursors import Cursor
from .judge import Linked

Element = dict[str, Any]
SAVEPOINT = "picortex_xero_reader"


def judge_page(
    context: Context,
    lease: Lease,
    endpoint: str,
    elements: list[Element],
    cursor: Cursor,
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> dict[str, int]:
    """Write down what these records, as Xero shows them now, mean for the documents they are linked with; then let go on what waited for
    their approval. A failure over one record is logged and noted in the cursor, and the others go on. Reads a contact where a record has
    another one than before. Of people's own records only what was changed since its kind comes back does, where `since` says that (by setting); returns how many stay
    for that, by setting."""
    of = object_at(endpoint)
    known = _linked(context, endpoint, elements)
    ours: list[Element] = []
    others: list[Element] = []
    for element in elements:
        (ours if xero_element.linked_id(element, of.id_field).casefold() in known else others).append(element)
    if endpoint == CONTACT.endpoint and merged_contacts.follow_read(context, lease, ours):
        # Links that followed a merge name another contact now.
        known = _linked(context, endpoint, elements)
    below = _below(context, endpoint, elements)
    elements = _as_they_are(context, lease, endpoint, elements, known, below)
    page = _Page(context, lease)
    page.look(known, elements)
    for element in elements:
        xero_id = xero_element.linked_id(element, of.id_field)
        mine, credits = known.get(xero_id.casefold(), []), below.get(xero_id.casefold(), [])
        if mine or credits:
            _judge_apart(context, endpoint, element, mine, credits, page, cursor)
    _wake(context, endpoint, elements)
    links.keep_reconciled(context.connection, dict(state for each in elements for state in reconciled.shown(of, each).items()))
    elements, others = _readable(context, of, elements, known, cursor), [each for each in others if not odd_fields(each)]
    frappe.db.commit()
    for its, payment in unpaid.removed(context, lease, known, elements):
        judge_page(context, lease, its, [payment], Cursor("", ""))
    peoples = unlinked.judge_unlinked(context, lease, endpoint, others, cursor)
    payments, entries = since.get(stayed.PAYMENTS), since.get(stayed.setting(endpoint))
    people_entries.notice(context, lease, endpoint, _since(peoples, entries), elements)
    new = _since(peoples, payments)
    if endpoint == PAYMENT.endpoint:
        coming_back.notice(context, new, _since(others, payments))
        incoming_drafts.removed(context, elements)
    coming_back.notice_others(context, endpoint, elements, new, _since(elements, payments))
    frappe.db.commit()
    return stayed.payments(context, endpoint, _before(peoples, payments)) | stayed.entries(context, endpoint, _before(peoples, entries))


def _readable(context: Context, of: XeroObject, elements: list[Element], known: dict[str, list[Linked]], cursor: Cursor) -> list[Element]:
    """The elements without those with a figure that is none: each of these is told for itself, and read again in its turns. Part of the caller's transaction."""
    found = []
    for element in elements:
        xero_id = xero_element.linked_id(element, of.id_field)
        if not (odd := odd_fields(element)):
            if xero_id in cursor.failed and xero_id.casefold() not in known:
                cursor.failed.pop(xero_id)
                notifications.over(context.connection, f"reader:{xero_id}")
            found.append(element)
        elif xero_id:
            unjudged.note(context, cursor, xero_id, unjudged.unreadable(context, of.endpoint, xero_id, odd))
    return found


def _since(elements: list[Element], moment: datetime | None) -> list[Element]:
    return [each for each in elements if moment is None or (xero_element.updated(each) or moment) >= moment]


def _before(elements: list[Element], moment: datetime | None) -> list[Element]:
    return [each for each in elements if moment is not None and (xero_element.updated(each) or moment) < moment]


def _as_they_are(
    context: Context,
    lease: Lease,
    endpoint: str,
    elements: list[Element],
    known: dict[str, list[Linked]],
    below: dict[str, list[Linked]],
) -> list[Element]:
    """The records; those that would count as gone, or without an allocation of ours, as Xero shows them by their ids."""
    of = object_at(endpoint)

    def doubted(element: Element) -> bool:
        xero_id = xero_element.linked_id(element, of.id_field).casefold()
        stands = any(each.link.live and not each.being_changed for each in known.get(xero_id, []))
        return (stands and xero_element.gone(element)) or bool(judge.allocations(element, below.get(xero_id, [])))

    return reading.as_they_are(context, lease, endpoint, elements, doubted)


def _judge_apart(
    context: Context, endpoint: str, element: Element, mine: list[Linked], credits: list[Linked], page: _Page, cursor: Cursor
) -> None:
    xero_id = xero_element.linked_id(element, object_at(endpoint).id_field)
    frappe.db.savepoint(SAVEPOINT)
    try:
        for each in mine:
            effects = (
                judge.contact(each.link, element)
                if endpoint == CONTACT.endpoint
                else judge.judge(each, element, page.into, context.mapping.called)
            )
            apply.write(context.connection, context.company, effects)
        apply.write(context.connection, context.company, judge.allocations(element, credits))
        cursor.failed.pop(xero_id, None)
        if f"reader:{xero_id}" in page.told:
            notifications.over(context.connection, f"reader:{xero_id}")
        return
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
    frappe.log_error(title=f"Xero: what became of {endpoint} {xero_id} there could not be judged"[:140])
    names = ", ".join(sorted({each.link.who.name for each in (*mine, *credits)}))
    what = _("What was changed of {names} in Xero cannot be judged here").format(names=names)
    unjudged.note(context, cursor, xero_id, Problem("unexpected", what, _("Tell your administrator: the Error Log has the details")))


def _linked(context: Context, endpoint: str, elements: list[Element]) -> dict[str, list[Linked]]:
    """The links of these records with all steps of their documents, by id in lower case."""
    ids = [xero_element.linked_id(each, object_at(endpoint).id_field) for each in elements]
    rows = [row for row in links.by_records(context.connection, ids) if row["endpoint"] == endpoint]
    followed = people_entries.followed(context.connection, endpoint, ids)
    return _with_steps(context, rows, lambda row: str(row["xero_id"]), followed)


def _below(context: Context, endpoint: str, elements: list[Element]) -> dict[str, list[Linked]]:
    """The links of the allocations of these credits, by the credit's id in lower case."""
    if endpoint not in CREDITS:
        return {}
    ids = [xero_element.linked_id(each, object_at(endpoint).id_field) for each in elements]
    rows = links.below(context.connection, [f"{endpoint}/{xero_id}/{ALLOCATION.endpoint}" for xero_id in ids])
    return _with_steps(context, rows, lambda row: str(row["endpoint"]).split("/")[1])


def _with_steps(
    context: Context, rows: list[dict[str, Any]], key: Any, followed: frozenset[tuple[str, str]] = frozenset()
) -> dict[str, list[Linked]]:
    found: dict[str, list[Linked]] = {}
    named = sorted({(str(row["reference_doctype"]), str(row["reference_name"])) for row in rows})
    facts = Facts()
    load(context.books, STEPS.of(named) | PRIVATE.of(each for each in named if each[0] in MAY_BE_PRIVATE), facts)
    listed = changes.listed(context.connection, (name for _doctype, name in named)) if named else set()
    for row in rows:
        one = link(row)
        steps = facts.get(STEPS, (one.who.doctype, one.who.name))
        about = facts.known(PRIVATE, (one.who.doctype, one.who.name))
        found.setdefault(key(row).casefold(), []).append(
            Linked(one, tuple(steps), bool(about), one.name in listed, _named(row) in followed)
        )
    return found


def _named(row: dict[str, Any]) -> tuple[str, str]:
    return str(row["xero_id"]).casefold(), str(row["reference_name"])


def _wake(context: Context, endpoint: str, elements: list[Element]) -> None:
    """What waits for the approval of these records goes on, however many steps that are."""
    of = object_at(endpoint)
    if endpoint in pace.APPROVED:
        approved = [each for each in elements if str(each.get("Status") or "") not in UNAPPROVED]
        outbox.wake_awaiting(context.connection, [f"{endpoint}/{xero_element.linked_id(each, of.id_field)}" for each in approved])


class _Page:
    """What all records of a page share: which contacts were merged into which (those that records had before are read, where they have another
    one now), and which causes people were told of (`told`)."""

    def __init__(self, context: Context, lease: Lease) -> None:
        self.context, self.lease = context, lease
        self.known: dict[str, str] = {}
        self.unshown: set[str] = set()
        self.told = {each["code"] for each in notifications.standing(context.connection)}

    def look(self, known: dict[str, list[Linked]], elements: list[Element]) -> None:
        """Read the former contacts of these records. Raises reading.Interrupted, send.LeaseLost."""
        wanted: set[str] = set()
        for element in elements:
            now_on = xero_element.contact_id(element)
            ids = [value for name, value in element.items() if name.endswith("ID") and isinstance(value, str)]
            for linked in (each for xero_id in ids for each in known.get(xero_id.casefold(), [])):
                former = str(linked.link.picture.get("Contact") or "")
                if former and now_on and former != now_on:
                    wanted.add(former)
        for _step in range(reading.LONGEST_CHAIN):
            unknown = sorted(each for each in wanted if each not in self.known)
            if not unknown:
                return
            for xero_id in unknown:
                there, shown = read_alone(
                    self.context, self.lease, partial(reading.one, self.context, self.lease, CONTACT.endpoint, xero_id)
                )
                self.known[xero_id] = xero_element.named_id(shown or {}, "MergedToContactID")
                if not there:
                    self.unshown.add(xero_id)
            wanted = {self.known[each] for each in unknown if self.known[each]}

    def into(self, former: str, present: str) -> bool:
        """Whether the contact `former` was merged into `present`, perhaps by way of others. Raises LookupError where Xero does not show
        one of them: the record is then judged later."""
        for _step in range(reading.LONGEST_CHAIN):
            if former == present:
                return bool(former)
            if former in self.unshown:
                raise LookupError(f"Xero does not show the contact {former}")
            former = self.known.get(former, "")
        return False
