"""Reads what changed in Xero since the last time, and lets it have its effect here: what waits for an approval goes on, what was voided,
deleted or changed by a person is told.

One call (more only where more than a page has changed) for each endpoint that documents here became records of, in its turn (pace.py). It is
part of a run (engine/run.py), under the run's lease: no request of ours is on its way meanwhile, what former runs left open was settled just
before, and what is woken goes in the same run. While calls are scarce (`limits.to_spare`) nothing is read: documents go first. Webhooks
will call `judge_page` with what they name.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
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
from ..engine import apply, limits, links, merged_contacts, outbox, reading, settled
from ..engine.clock import now
from ..engine.contexts import Context
from ..engine.gather import load
from ..engine.isolation import is_of_the_connection, read_alone
from ..engine.leases import Lease
from ..xero.records import xero_element
from ..xero.records.registry import ALLOCATION, CONTACT, CREDIT_NOTE, OVERPAYMENT, PREPAYMENT, object_at
from . import cursors, judge, pace, unlinked
from .cursors import Cursor
from .judge import Linked

Element = dict[str, Any]
# The next read begins so long before the last one, by Xero's clock; and the first one so long before now.
OVERLAP, FIRST = timedelta(minutes=5), timedelta(days=1)
# So long one run reads at most; the next one goes on.
SECONDS = 60
SAVEPOINT = "picortex_xero_reader"
# Turns after which a record that cannot be judged or read, or a list, is told; such a record is then read only every so many turns; so many
# of an endpoint are kept.
MOST_TRIES, SELDOM, MOST_FAILED = 3, 24, 20
CREDITS = (CREDIT_NOTE.endpoint, OVERPAYMENT.endpoint, PREPAYMENT.endpoint)


def due(connection: str) -> bool:
    """Whether a run is wanted to read something."""
    return limits.to_spare(connection) and any(_turns(connection, cursors.load(connection)))


def _turns(connection: str, known: dict[str, Cursor]) -> tuple[list[str], list[str]]:
    """The endpoints to read now, and those of which reading begins now: the changes from now on will be read in their turn."""
    again = settled.to_read(connection)
    awaited = [endpoint for endpoint in pace.APPROVED if endpoint in again or outbox.awaits_any(connection, endpoint)]
    turns = pace.due(cursors.last_reads(known), awaited, now())
    new = [endpoint for endpoint in pace.PACE if endpoint not in known and endpoint not in turns]
    used = links.used(connection, [*turns, *new])
    return [each for each in turns if each in used], [each for each in new if each in used]


def read(context: Context, lease: Lease) -> None:
    """Read every endpoint whose turn it is. A failure over one endpoint does not keep the others from theirs. Raises what concerns the whole
    connection: reading.Interrupted, send.LeaseLost, tokens.NotNow, tokens.ReconnectNeeded. Commits."""
    stop = time.monotonic() + SECONDS
    known = cursors.load(context.connection)
    turns, new = _turns(context.connection, known)
    for endpoint in new:
        cursors.keep(context.connection, endpoint, _first(context))
    frappe.db.commit()
    for endpoint in turns:
        if time.monotonic() > stop or not limits.to_spare(context.connection):
            return
        _apart(context, lease, endpoint, known.get(endpoint) or _first(context), stop)


def _first(context: Context) -> Cursor:
    return Cursor((now() + (context.xero_ahead or timedelta()) - FIRST).strftime(reading.ISO), now().isoformat())


def _apart(context: Context, lease: Lease, endpoint: str, cursor: Cursor, stop: float) -> None:
    cursor.read = now().isoformat()
    try:
        _read(context, lease, endpoint, cursor, stop)
        notifications.over(context.connection, f"reader:{endpoint}")
        frappe.db.commit()
        return
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, interrupted):
            raise
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
    frappe.log_error(title=f"Xero: what changed in its {endpoint} could not be read"[:140])
    cursor.misses += 1
    if cursor.misses == MOST_TRIES:
        what = _("Xero does not show what changed in its {endpoint}: what people approve, void or change there is not noticed here")
        cure = _(
            "Nothing to do at once: it is asked again in each turn. If this lasts for a day, look at the Error Log and ask Xero's support"
        )
        notifications.tell_once(context.connection, f"reader:{endpoint}", what.format(endpoint=endpoint), cure)
    # Its next turn goes on from the last page; not every minute, since each try costs a call.
    cursors.keep(context.connection, endpoint, cursor)
    frappe.db.commit()


def _read(context: Context, lease: Lease, endpoint: str, cursor: Cursor, stop: float) -> None:
    """Read the pages of one endpoint, each judged and committed with the cursor behind it."""
    began, page = now(), 1
    _read_failed(context, lease, endpoint, cursor)
    if cursor.since > (began + (context.xero_ahead or timedelta())).strftime(reading.ISO):
        # Written while a clock was ahead.
        cursor.since = _first(context).since
    while True:
        elements, last = reading.changes(context, lease, endpoint, cursor.since, page)
        judge_page(context, lease, endpoint, elements, cursor)
        if last:
            ahead = context.xero_ahead
            reached = began + ahead - OVERLAP if ahead is not None else began - FIRST
            cursor.since = max(cursor.since, reached.strftime(reading.ISO))
            settled.were_read(context.connection, endpoint, began)
        else:
            cursor.since, page = reading.next_page(elements, cursor.since, page)
        if not last and (time.monotonic() > stop or not limits.to_spare(context.connection)):
            # The next run goes on here, in a minute.
            cursor.read = (now() - pace.DAY).isoformat()
            last = True
        cursor.misses = 0
        cursors.keep(context.connection, endpoint, cursor)
        frappe.db.commit()
        if last:
            return


def _read_failed(context: Context, lease: Lease, endpoint: str, cursor: Cursor) -> None:
    """Read again, one by one, what could not be judged before: one that Xero does not show keeps nobody waiting."""
    for xero_id in list(cursor.failed):
        turns = cursor.failed[xero_id]
        if turns >= MOST_TRIES and turns % SELDOM:
            cursor.failed[xero_id] = turns + 1
            continue
        there, found = read_alone(context, lease, partial(reading.one, context, lease, endpoint, xero_id))
        if not there:
            rows = [row for row in links.by_records(context.connection, [xero_id]) if row["endpoint"] == endpoint]
            names = sorted({str(row["reference_name"]) for row in rows}) or [xero_id]
            what = _("Xero does not show what became of {names} there").format(names=", ".join(names))
            cure = _("Look at it in Xero, and compare it with what was sent; Xero is asked again now and then")
            _failed(context, cursor, xero_id, Problem("xero-cannot-show", what, cure))
        elif found is None:
            cursor.failed.pop(xero_id, None)
            notifications.over(context.connection, f"reader:{xero_id}")
        else:
            judge_page(context, lease, endpoint, [found], cursor)


def _failed(context: Context, cursor: Cursor, xero_id: str, problem: Problem) -> None:
    """Note that a record could not be judged or read; people are told once, and it is tried again, seldom in the end."""
    turns, kept = cursor.failed.get(xero_id, 0) + 1, xero_id in cursor.failed or len(cursor.failed) < MOST_FAILED
    if kept:
        cursor.failed[xero_id] = turns
    if turns >= MOST_TRIES or not kept:
        notifications.tell_once(context.connection, f"reader:{xero_id}", problem.message, problem.resolution)


def judge_page(context: Context, lease: Lease, endpoint: str, elements: list[Element], cursor: Cursor) -> None:
    """Write down what these records, as Xero shows them now, mean for the documents they are linked with; then let go on what waited for
    their approval. A failure over one record is logged and noted in the cursor, and the others go on. Reads a contact where a record has
    another one than before."""
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
    frappe.db.commit()
    unlinked.judge_unlinked(context, lease, endpoint, others)


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
    _failed(context, cursor, xero_id, Problem("unexpected", what, _("Tell your administrator: the Error Log has the details")))


def _linked(context: Context, endpoint: str, elements: list[Element]) -> dict[str, list[Linked]]:
    """The links of these records with all steps of their documents, by id in lower case."""
    ids = [xero_element.linked_id(each, object_at(endpoint).id_field) for each in elements]
    rows = [row for row in links.by_records(context.connection, ids) if row["endpoint"] == endpoint]
    return _with_steps(context, rows, lambda row: str(row["xero_id"]))


def _below(context: Context, endpoint: str, elements: list[Element]) -> dict[str, list[Linked]]:
    """The links of the allocations of these credits, by the credit's id in lower case."""
    if endpoint not in CREDITS:
        return {}
    ids = [xero_element.linked_id(each, object_at(endpoint).id_field) for each in elements]
    rows = links.below(context.connection, [f"{endpoint}/{xero_id}/{ALLOCATION.endpoint}" for xero_id in ids])
    return _with_steps(context, rows, lambda row: str(row["endpoint"]).split("/")[1])


def _with_steps(context: Context, rows: list[dict[str, Any]], key: Any) -> dict[str, list[Linked]]:
    found: dict[str, list[Linked]] = {}
    named = sorted({(str(row["reference_doctype"]), str(row["reference_name"])) for row in rows})
    facts = Facts()
    load(context.books, STEPS.of(named) | PRIVATE.of(each for each in named if each[0] in MAY_BE_PRIVATE), facts)
    for row in rows:
        one = link(row)
        steps = facts.get(STEPS, (one.who.doctype, one.who.name))
        about = facts.known(PRIVATE, (one.who.doctype, one.who.name))
        found.setdefault(key(row).casefold(), []).append(Linked(one, tuple(steps), bool(about)))
    return found


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
