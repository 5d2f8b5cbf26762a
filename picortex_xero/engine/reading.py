"""What Xero shows right now: single records, lists, and what a sealed request may have made. Nothing is changed there.

What cannot be read says nothing, least of all that there is nothing: it raises Interrupted, and what asked for it waits.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import frappe

from ..documents.base import Shown
from ..xero import answers as outcomes
from ..xero.client import Request
from ..xero.records import elements as records
from ..xero.records.base import XeroObject
from ..xero.records.registry import CONTACT, INVOICE, object_at
from . import send
from .attempts import Attempt
from .clock import now
from .context import Context
from .lease import Lease

# How long before its first possible send a record is looked for, where Xero's time of that is known, and where it is not.
LOOK_BACK, LOOK_FURTHER_BACK = timedelta(minutes=5), timedelta(days=1)
IDS_PER_CALL = 40
PAGE = 1000
MOST_PAGES = 1000


class Interrupted(Exception):
    """A read did not come through: what asked for it waits. `verdict` says why, `path` what was read."""

    def __init__(self, verdict: outcomes.Verdict, path: str = ""):
        super().__init__(verdict.kind, path)
        self.verdict, self.path = verdict, path


def read(context: Context, lease: Lease, paths: list[str], modified_since: str = "", missing_ok: bool = False) -> list[dict[str, Any]]:
    """The JSON objects of several GETs, in order (records.NOT_FOUND for a 404 where `missing_ok`). Raises Interrupted,
    send.LeaseLost."""
    frappe.db.commit()
    found: list[dict[str, Any]] = []
    for path, answer in zip(paths, send.ask(context, lease, [Request("GET", path, modified_since=modified_since) for path in paths])):
        if answer.status == 404 and missing_ok:
            found.append(dict(records.NOT_FOUND))
        elif answer.status == 304:
            found.append(dict(records.NOT_MODIFIED))
        elif answer.status == 200 and isinstance(answer.data, dict):
            found.append(answer.data)
        else:
            # What cannot be read says nothing, least of all that there is nothing.
            raise Interrupted(outcomes.judge(answer), path)
    return found


def each(context: Context, lease: Lease, endpoint: str, ids: list[str], query: str = "") -> list[dict[str, Any] | None]:
    """Single records as Xero shows them now, in order; None where Xero says that it has none of that id. An answer that shows another
    record, or none, says nothing: raises Interrupted. Raises send.LeaseLost."""
    wanted, paths = object_at(endpoint), [f"{endpoint}/{quote(xero_id, safe='')}{query}" for xero_id in ids]
    answers = read(context, lease, paths, missing_ok=True)
    return [_single(wanted, xero_id, path, answer) for xero_id, path, answer in zip(ids, paths, answers)]


def _single(wanted: XeroObject, xero_id: str, path: str, answer: dict[str, Any]) -> dict[str, Any] | None:
    if answer == records.NOT_FOUND:
        return None
    shown = [one for one in records.listed_under(wanted, answer) or [] if isinstance(one, dict)]
    own = next((one for one in shown if records.linked_id(one, wanted.id_field).casefold() == xero_id.casefold()), None)
    if own is None:
        raise Interrupted(outcomes.Verdict(outcomes.PROBE), path)
    return own


def credit_behind(context: Context, lease: Lease, path: str) -> dict[str, Any]:
    """The credit note, overpayment or prepayment that a path starts with ("CreditNotes/<id>/Allocations") as Xero shows it now; {} where
    Xero says that it has none of that id. Raises Interrupted, send.LeaseLost."""
    endpoint, xero_id = path.partition("?")[0].strip("/").split("/")[:2]
    return each(context, lease, endpoint, [xero_id])[0] or {}


def answers_at_all(context: Context, lease: Lease) -> bool:
    """Whether Xero answers anything for this organisation right now: what was asked before is then at fault, not the connection. Raises
    LeaseLost."""
    return send.ask(context, lease, [Request("GET", "Organisation")])[0].status == 200


def invoices(context: Context, lease: Lease, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Invoices as they stand in Xero now, by the ids they were asked for; forty to a call. One that is not listed is asked for by itself, and
    is not there only where Xero says so (404). Raises Interrupted where an answer says nothing."""
    asked = {xero_id.casefold(): xero_id for xero_id in ids}
    unique = list(asked.values())
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(unique), IDS_PER_CALL):
        for element in listing(
            context, lease, INVOICE.endpoint, f"IDs={','.join(unique[at : at + IDS_PER_CALL])}&unitdp=4", True, ""
        ).elements:
            shown = records.linked_id(element, INVOICE.id_field).casefold()
            if shown in asked:
                found[asked[shown]] = element
    missing = [xero_id for xero_id in unique if xero_id not in found]
    singles = each(context, lease, INVOICE.endpoint, missing, "?unitdp=4") if missing else []
    return found | {xero_id: element for xero_id, element in zip(missing, singles) if element is not None}


def contacts_like(context: Context, lease: Lease, names: list[str]) -> list[list[dict[str, Any]]]:
    """For each name the contacts that may be it, archived ones too: by one search a name, or by reading all contacts where that
    takes fewer calls. Case and spaces are for the caller to compare. Raises Interrupted where an answer holds no list."""
    if len(names) > 1:
        query = f"Contacts?includeArchived=true&pageSize={PAGE}&page="
        first = read(context, lease, [f"{query}1"])[0]
        pages = _number_of(first, "pageCount") or 1
        if pages <= len(names):
            paths = [f"{query}{page}" for page in range(2, pages + 1)]
            answers = [first, *read(context, lease, paths)]
            everyone = [contact for path, answer in zip([f"{query}1", *paths], answers) for contact in _contacts(path, answer)]
            return [everyone] * len(names)
    paths = [f"Contacts?searchTerm={quote(name, safe='')}&includeArchived=true&page=1&pageSize={PAGE}" for name in names]
    return [_contacts(path, answer) for path, answer in zip(paths, read(context, lease, paths))]


def _contacts(path: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The contacts of a list that can be compared: those that show an id and a name."""
    found = [each for each in _listed(CONTACT, path, answer) if isinstance(each, dict)]
    return [each for each in found if records.linked_id(each, CONTACT.id_field) and isinstance(each.get("Name"), str)]


def _listed(wanted: XeroObject, path: str, answer: dict[str, Any]) -> list[Any]:
    """What a list holds. An empty one says that there is nothing; an answer without a list says nothing: raises Interrupted."""
    found = records.listed_under(wanted, answer)
    if found is None:
        raise Interrupted(outcomes.Verdict(outcomes.PROBE), path)
    return found


def listing(context: Context, lease: Lease, endpoint: str, query: str, paged: bool, modified_since: str) -> Shown:
    """Everything of an endpoint changed since a UTC time "yyyy-mm-ddThh:mm:ss" of Xero's, all pages. It is complete where every record of it
    shows its id, and as many came as are said to be there. Raises Interrupted, LeaseLost."""
    elements: dict[str, dict[str, Any]] = {}
    wanted, page, readable = object_at(endpoint), 1, True
    while True:
        parts = [query] if query else []
        if paged:
            parts += [f"page={page}", f"pageSize={PAGE}"]
        path = f"{endpoint}?{'&'.join(parts)}" if parts else endpoint
        answer = read(context, lease, [path], modified_since)[0]
        found = _listed(wanted, path, answer)
        before = len(elements)
        for one in found:
            shown = records.linked_id(one, wanted.id_field) if isinstance(one, dict) else ""
            readable = readable and bool(shown)
            if isinstance(one, dict):
                elements.setdefault(shown.casefold() or repr(one), one)
        # A full page, and one of which it is not said whether others follow, may be followed by another one: then one without anything new ends it.
        ends = len(elements) == before or (len(found) < PAGE and _is_last(answer, page, len(elements)))
        if not paged or ends or page >= MOST_PAGES:
            whole = not paged or (ends and len(elements) >= (_number_of(answer, "itemCount") or 0))
            if not readable:
                frappe.log_error(title=f"Xero: records in its list of {endpoint} cannot be read and were passed over"[:140])
            return Shown(list(elements.values()), readable and whole)
        page += 1


def _is_last(answer: dict[str, Any], page: int, seen: int) -> bool:
    """Whether an answer says that its page is the last one: the number of pages, and that of all records where it is told, are reached."""
    pages, records_ = (_number_of(answer, name) for name in ("pageCount", "itemCount"))
    return answer == records.NOT_MODIFIED or (pages is not None and page >= pages and (records_ is None or seen >= records_))


def _number_of(answer: dict[str, Any], name: str) -> int | None:
    """A whole number that an answer says of its pages; None where it says none."""
    pagination = answer.get("pagination")
    said = pagination.get(name) if isinstance(pagination, dict) else None
    if not isinstance(said, (int, Decimal)) or isinstance(said, bool) or said != said:
        return None
    return int(said) if -(10**9) < said < 10**9 else None


def records_since(context: Context, lease: Lease, attempt: Attempt) -> Shown:
    """What Xero shows of the records that an attempt may have made, changed or removed, by its own lists. Raises Interrupted, LeaseLost."""
    kind = attempt.kind
    if kind.nested and not kind.extra:
        return Shown(_nested(context, lease, attempt))
    if kind.extra:
        # Invoices/<id>/Attachments/<name> is listed by Invoices/<id>/Attachments, a history by the path its notes are put to.
        listed = "/".join(attempt.path.split("/")[:3])
        return Shown(records.elements(kind, read(context, lease, [listed], missing_ok=True)[0]))
    if kind.revises:
        # Whether it went through, the next look sees: it compares before it sends anything.
        return Shown([])
    if kind.undo:
        return _own_records(context, lease, attempt)
    since = _xeros_time(context, attempt)
    shown = listing(context, lease, kind.endpoint, kind.listing, kind.paged, since)
    known = _xeros_time(context, attempt)
    # Only now Xero has said what time it is.
    return shown if known >= since else listing(context, lease, kind.endpoint, kind.listing, kind.paged, known)


def _xeros_time(context: Context, attempt: Attempt) -> str:
    """Since when records of an attempt may be in Xero, by Xero's own clock and a little earlier: the database's may have been set meanwhile,
    or be any time off. Where Xero or the machine that sent it does not say how long ago that was, a day earlier."""
    ago = attempt.running_since_first_send()
    if context.xero_ahead is not None and ago is not None:
        since = now() + context.xero_ahead - timedelta(seconds=ago) - LOOK_BACK
    else:
        since = attempt.since + min(context.xero_ahead or timedelta(), timedelta()) - LOOK_FURTHER_BACK
    return since.strftime("%Y-%m-%dT%H:%M:%S")


def _own_records(context: Context, lease: Lease, attempt: Attempt) -> Shown:
    """The records that an attempt takes back, known by their ids. One of which the answer says nothing leaves the others to be settled."""
    kind, ids = attempt.kind, [str(member["marker"][attempt.kind.id_field]) for member in attempt.members]
    if kind.xero_object.listed_by_ids:
        return Shown(list(invoices(context, lease, ids).values()))
    paths = [f"{kind.endpoint}/{xero_id}" for xero_id in ids]
    found, complete = [], True
    for xero_id, path, answer in zip(ids, paths, read(context, lease, paths, missing_ok=True)):
        try:
            element = _single(kind.xero_object, xero_id, path, answer)
        except Interrupted:
            complete = False
            continue
        found += [element] if element else []
    return Shown(found, complete)


def _nested(context: Context, lease: Lease, attempt: Attempt) -> list[dict[str, Any]]:
    """What a record holds below it (allocations have no list of their own); a deleted one that is no longer there counts as gone.

    Where the record does not say what it holds, nothing is known. Where a credit has less left than just before ours was sent, that is noted on
    the member (`moved`): something was taken off it, and ours is not absent."""
    parent, _, rest = attempt.path.partition("?")[0].partition(f"/{attempt.kind.endpoint}")
    found = credit_behind(context, lease, parent)
    held = found.get(attempt.kind.endpoint)
    gone = rest.strip("/")
    left, whole = records.money(found.get("RemainingCredit")), records.money(found.get("Total"))
    for member in attempt.members:
        before = member.get("remaining")
        member["moved"] = bool(before) and left not in ("", before)
        if member["moved"] and not any(isinstance(each, dict) for each in held or []):
            held = None
        elif held is None and left and left == (whole if gone else before):
            # Nothing was taken off it: then it need not say so.
            held = []
    if not isinstance(held, list) or (gone and not held and not _unused(found)):
        raise Interrupted(outcomes.Verdict(outcomes.PROBE), parent)
    if gone and all(
        records.linked_id(each, attempt.kind.id_field).casefold() != gone.casefold() for each in held if isinstance(each, dict)
    ):
        return [{attempt.kind.id_field: gone, "Status": "DELETED"}]
    return held


def _unused(credit: dict[str, Any]) -> bool:
    """Whether a credit that shows no allocation has none: what is left of it and what was paid back are all of it."""
    paid, left, whole = records.paid_back(credit), records.money(credit.get("RemainingCredit")), records.money(credit.get("Total"))
    return bool(left and whole) and paid is not None and paid + Decimal(left) == Decimal(whole)
