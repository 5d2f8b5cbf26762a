"""Compares everything that this company has in Xero with what its documents would become today, and lists the differences by kind with what to
do (Xero Comparison, Xero Difference). It changes nothing here or in Xero.

So what a former release or a wrong choice has sent wrong is found. Xero's lists are read page by page, oldest change first; what they do not show
is read by its id at the end. A comparison goes on in slices, each under the lease and within the calls that documents leave (`limits.to_spare`).
While it cannot go on it says why and what to do, and where Xero cannot be read for a day it stops; starting it again begins anew.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, dump
from ..attention import notifications, wording
from ..compat import let_pass
from ..connection.tokens import Trouble
from ..documents.anew import Finding, Kind, anew, cancelled, compared, cure, in_names
from ..documents.base import Doc
from ..documents.fact_types import DOCUMENT, LINKS
from ..documents.identity import Identity, is_opening, moment
from ..documents.needs import Facts
from ..documents.step import ASIDE, Link, link, own_links
from ..engine import contexts, full_names, leases, links, reading, send
from ..engine.clock import now
from ..engine.contexts import Context
from ..engine.gather import load
from ..engine.isolation import read_alone
from ..engine.leases import Lease
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from ..xero.records import xero_element
from ..xero.records.registry import ALLOCATION, CONTACT, object_at
from . import pace, standstill
from .standstill import COMPARISON, RUNNING

DIFFERENCE, DONE = "Xero Difference", "Done"
SUBMITTED = 1
# Records that no list has shown are read one by one, so many to a slice.
SINGLES = 20
LONGEST = 500
NOT_SHOWN = Problem(
    "xero-cannot-show",
    _("Xero does not show this record"),
    _("Open it in Xero and compare it by hand, or press Compare With Xero again later"),
)
Element = dict[str, Any]
Pair = tuple[Link, Element | None]


@dataclass
class Position:
    """Where a comparison is: the endpoint, since when and which page; past the last endpoint come the records that no list has shown, but
    for those that Xero does not show by their ids either (`unshown`, names of links)."""

    endpoint: int = 0
    since: str = ""
    page: int = 1
    unshown: list[str] = field(default_factory=list)


def start(connection: str, company: str) -> str:
    """Begin a comparison, unless one is running that gets on; its name. Throws, with what to do, where the connection cannot send. Part of
    the caller's transaction."""
    standstill.must_be_able(connection)
    running = _running(connection)
    if running and not running["failing_since"]:
        return str(running["name"])
    if running:
        said = _("{user} began it anew").format(user=full_names.mine())
        standstill.say(running["name"], said, Text(""), state=standstill.STOPPED, finished_at=now())
    values = {"connection": connection, "company": company, "state": RUNNING, "started_at": now(), "started_by": frappe.session.user}
    return _inserted(COMPARISON, values | {"position": "{}", "compared": 0, "differing": 0, "calls": 0})


def go_on(connection: str, stop: float) -> bool:
    """Go on with the comparison that is running, until `stop` (time.monotonic()); whether none is running any more. Commits."""
    while (row := _running(connection)) and time.monotonic() < stop:
        if standstill.waits(connection, row):
            frappe.db.commit()
            break
        context = contexts.load(connection)
        lease = leases.acquire(connection) if context else None
        if context is None or lease is None:
            return False
        try:
            context.renew_token()
            _slice(context, lease, row)
        except send.LeaseLost:
            frappe.db.rollback()
            return False
        except (reading.Interrupted, Trouble) as trouble:
            # Xero cannot be read now: the next hour goes on from the last page.
            frappe.db.rollback()
            standstill.could_not_read(connection, row, trouble)
            frappe.db.commit()
            break
        finally:
            frappe.db.rollback()
            lease.release()
    return not _running(connection)


def _running(connection: str) -> dict[str, Any] | None:
    # `creation` is in the site's time zone, as that of the links is.
    fields = ["name", "company", "creation", "started_at", "position", "compared", "differing", "calls", "failing_since"]
    rows = frappe.get_all(COMPARISON, filters={"connection": connection, "state": RUNNING}, fields=fields, limit=1)
    if not rows:
        return None
    row = dict(rows[0])
    if row["started_at"] > (at := now()):
        # Written while the database's clock was ahead: no record would ever count as seen since.
        frappe.db.set_value(COMPARISON, row["name"], "started_at", at, update_modified=False)
        row["started_at"] = at
    return row


def _slice(context: Context, lease: Lease, row: dict[str, Any]) -> None:
    """One page of one list, or some of the records that no list has shown. Commits."""
    at = Position(**json.loads(row["position"] or "{}"))
    endpoints = _endpoints(context.connection)
    if at.endpoint >= len(endpoints):
        _singles(context, lease, row, endpoints)
        return
    endpoint = endpoints[at.endpoint]
    elements, last = reading.changes(context, lease, endpoint, at.since, at.page)
    pairs = _pairs(context, endpoint, elements)
    if wrong := [each for one, each in pairs if each is not None and one.live and one.endpoint == endpoint and xero_element.gone(each)]:
        shown = {id(each): found for each, found in zip(wrong, reading.as_they_are(context, lease, endpoint, wrong))}
        pairs = [(one, shown.get(id(each), each)) for one, each in pairs]
    found = _compare(context, row, pairs)
    if last:
        at = Position(at.endpoint + 1)
    else:
        at = Position(at.endpoint, *reading.next_page(elements, at.since, at.page))
    _note(row, len(pairs), found, 1, position=json.dumps(at.__dict__))


def _endpoints(connection: str) -> list[str]:
    """The lists to read: of everything that documents became, but for contacts, which have no figures."""
    used = links.used(connection, [each for each in pace.PACE if each != CONTACT.endpoint])
    return [each for each in pace.PACE if each in used]


def _pairs(context: Context, endpoint: str, elements: list[Element]) -> list[Pair]:
    """The links of these records, each with its element; of a credit also those of its allocations."""
    of = object_at(endpoint)
    shown = {xero_element.linked_id(each, of.id_field).casefold(): each for each in elements}
    rows = [
        row for row in links.by_records(context.connection, list(shown)) if row["endpoint"] == endpoint and int(row["sequence"]) < ASIDE
    ]
    pairs: list[Pair] = [(link(row), shown[row["xero_id"].casefold()]) for row in rows if row["xero_id"].casefold() in shown]
    below = links.below(context.connection, [f"{endpoint}/{row['xero_id']}/{ALLOCATION.endpoint}" for row in rows])
    for row in below:
        allocated = shown[row["endpoint"].split("/")[1].casefold()].get(ALLOCATION.endpoint) or []
        mine = [each for each in allocated if isinstance(each, dict)]
        own = next((each for each in mine if xero_element.linked_id(each, ALLOCATION.id_field) == row["xero_id"]), None)
        pairs.append((link(row), own))
    return pairs


def _singles(context: Context, lease: Lease, row: dict[str, Any], endpoints: list[str]) -> None:
    """Read by their ids what no list has shown since the comparison began; where nothing is left, it is done. Commits."""
    # What is kept for the history only is no longer what its document is to be in Xero.
    unseen: dict[str, Any] = {"connection": context.connection, "endpoint": ("in", endpoints), "creation": ("<", row["creation"])}
    unseen["sequence"] = ("<", ASIDE)
    at = Position(**json.loads(row["position"] or "{}"))
    if at.unshown:
        unseen["name"] = ("not in", at.unshown)
    found = frappe.get_all(
        links.DOCTYPE,
        filters=unseen,
        or_filters=[["last_checked", "<", row["started_at"]], ["last_checked", "is", "not set"]],
        fields=[*links.FIELDS, "company"],
        order_by="name asc",
        limit=SINGLES,
    )
    if not found:
        notifications.over(context.connection, "comparison")
        _note(row, 0, 0, 0, state=DONE, finished_at=now())
        return
    pairs: list[Pair] = []
    unreadable: list[Link] = []
    for one in (link(dict(each)) for each in found):
        there, element = read_alone(context, lease, partial(reading.one, context, lease, one.endpoint, one.xero_id))
        if there:
            pairs.append((one, element))
        else:
            unreadable.append(one)
    for one in unreadable:
        _keep(context, row, one.who, Finding(Kind.NOT_COMPARED, one.part, one.number, why=NOT_SHOWN), [(one, None)])
    at.unshown += [each.name for each in unreadable]
    differing = _compare(context, row, pairs) + len(unreadable)
    _note(row, len(found), differing, len(found), position=json.dumps(at.__dict__))


def _compare(context: Context, row: dict[str, Any], pairs: list[Pair]) -> int:
    """Compare these records, document by document, and keep what differs; returns how many differences there are. One document whose
    comparison fails is listed as not compared, with the details in the Error Log. Part of the caller's transaction."""
    by_document: dict[Identity, list[Pair]] = {}
    for pair in pairs:
        by_document.setdefault(pair[0].who, []).append(pair)
    count = 0
    for who, mine in by_document.items():
        frappe.db.savepoint("picortex_xero_comparison")
        try:
            found = _of_document(context, who, mine)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point="picortex_xero_comparison")
            frappe.log_error(title=f"Xero: {who.doctype} {who.name} could not be compared"[:140])
            found = [Finding(Kind.NOT_COMPARED, one.part, one.number) for one, _element in mine]
        for finding in found:
            _keep(context, row, who, finding, mine)
        count += len(found)
    seen = [one.name for one, _element in pairs]
    if seen:
        frappe.db.sql(
            f"UPDATE `tab{links.DOCTYPE}` SET `last_checked`=%(at)s WHERE `name` IN %(names)s", {"at": now(), "names": tuple(seen)}
        )
    return count


def _of_document(context: Context, who: Identity, mine: list[Pair]) -> list[Finding]:
    named, facts = (who.doctype, who.name), Facts()
    load(context.books, DOCUMENT.of([named]) | LINKS.of([named]), facts)
    doc: Doc | None = facts.get(DOCUMENT, named)
    if doc is None or moment(doc["creation"]) != who.creation or doc["docstatus"] != SUBMITTED:
        return cancelled(mine)
    everything = own_links(facts.get(LINKS, named), who)
    newest = max(each.revision for each in everything)
    decided = anew(doc, context.books, lambda needs, known: load(context.books, needs, known))
    there = {(each.part, each.number) for each in everything if each.live and each.revision == newest}
    first = min(everything, key=lambda each: (each.revision != newest, each.number, each.name))
    found = compared(who, decided, [(one, element) for one, element in mine if one.revision == newest], everything, is_opening(doc))
    # What is missing is said once for each document: with its first record.
    with_first = any(one.name == first.name for one, _ in mine)
    shown = {(one.part, one.number): element for one, element in mine}
    return [
        in_names(each, doc, shown.get((each.part, each.number)), context.mapping.called)
        for each in found
        if each.kind is not Kind.MISSING or (with_first and (each.part, each.number) not in there)
    ]


def _keep(context: Context, row: dict[str, Any], who: Identity, finding: Finding, mine: list[Pair]) -> None:
    one, element = next(((one, element) for one, element in mine if (one.part, one.number) == (finding.part, finding.number)), mine[0])
    why = finding.why.message if finding.why else None
    to_do = cure(finding, who.name, settled=_settled(element or {}))
    _inserted(
        DIFFERENCE,
        {
            "connection": context.connection,
            "company": context.company,
            "comparison": row["name"],
            "kind": finding.kind.value,
            "reference_doctype": who.doctype,
            "reference_name": who.name,
            "record": stored(one.xero_number or one.xero_id)[:140],
            "link": wording.deep_link(_short_code(context.connection), one.endpoint, who.doctype, one.xero_id),
            "here": stored(finding.here)[:LONGEST],
            "there": stored(finding.there)[:LONGEST],
            "why": stored(why),
            "cure": stored(to_do),
            "texts": dump(**({"why": why} if why else {}), cure=to_do),
        },
    )


def _settled(element: Element) -> bool:
    return any(xero_element.money(element.get(name)) not in ("", "0.00") for name in ("AmountPaid", "AmountCredited"))


def _short_code(connection: str) -> str:
    return str(frappe.get_cached_value("Xero Connection", connection, "short_code") or "")


def _note(row: dict[str, Any], records: int, differences: int, calls: int, **fields: Any) -> None:
    """Note how far a comparison is. Commits."""
    figures = {"compared": row["compared"] + records, "differing": row["differing"] + differences, "calls": row["calls"] + calls}
    frappe.db.set_value(COMPARISON, row["name"], {**figures, **standstill.NOTHING_SAID, **fields}, update_modified=False)
    frappe.db.commit()


def _inserted(doctype: str, values: dict[str, Any]) -> str:
    row = {"name": frappe.generate_hash(length=12), **standard(frappe.session.user), **values}
    frappe.db.bulk_insert(doctype, list(row), [tuple(row.values())])
    return str(row["name"])
