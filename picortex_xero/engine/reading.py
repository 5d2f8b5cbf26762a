"""Reading from Xero: single records, lists, and the records that a sealed request may have made. Changes nothing there.

An answer that cannot be read proves nothing, least of all that a record is absent: Interrupted is raised, and the step waits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import frappe

from ..documents.base import Shown
from ..documents.party.evidence import is_merged
from ..xero import answers
from ..xero.client import Request
from ..xero.records import xero_element
from ..xero.records.base import EXACT, XeroObject
from ..xero.records.registry import CONTACT, INVOICE, object_at
from . import send
from .attempts import Attempt
from .clock import now
from .contexts import Context
from .leases import Lease

# Records are looked for from so long before the first sending: where Xero's time of that is known, and where it is not.
LOOK_BACK, LOOK_FURTHER_BACK = timedelta(minutes=5), timedelta(days=1)
# As If-Modified-Since is written, by Xero's clock (UTC).
ISO = "%Y-%m-%dT%H:%M:%S"
IDS_PER_CALL = 40
PAGE = 1000
MOST_PAGES = 1000
# A contact that was merged into another, which was merged into another ... : so many times at most.
LONGEST_CHAIN = 20
# So many records that one list shows as gone are read by their ids.
MOST_CONFIRMED = 40


class Interrupted(Exception):
    """A read failed, and what needed it waits. `verdict` says why, `path` what was read."""

    def __init__(self, verdict: answers.Verdict, path: str = ""):
        super().__init__(verdict.kind, path)
        self.verdict, self.path = verdict, path


def read(context: Context, lease: Lease, paths: list[str], modified_since: str = "", missing_ok: bool = False) -> list[dict[str, Any]]:
    """The JSON objects that several GETs return, in order (records.NOT_FOUND for a 404 where `missing_ok`). Raises Interrupted,
    send.LeaseLost."""
    frappe.db.commit()
    found: list[dict[str, Any]] = []
    for path, answer in zip(paths, send.ask(context, lease, [Request("GET", path, modified_since=modified_since) for path in paths])):
        if answer.status == 404 and missing_ok:
            found.append(dict(xero_element.NOT_FOUND))
        elif answer.status == 304:
            found.append(dict(xero_element.NOT_MODIFIED))
        elif answer.status == 200 and isinstance(answer.data, dict):
            found.append(answer.data)
        else:
            # An answer that cannot be read does not prove that the record is absent.
            raise Interrupted(answers.judge(answer), path)
    return found


def each(context: Context, lease: Lease, endpoint: str, ids: list[str], query: str = "") -> list[dict[str, Any] | None]:
    """Single records as Xero shows them now, in the order of `ids`; None where Xero has none with that id (404). Raises Interrupted where
    an answer shows another record or none; raises send.LeaseLost."""
    wanted, paths = object_at(endpoint), [f"{endpoint}/{quote(xero_id, safe='')}{query}" for xero_id in ids]
    received = read(context, lease, paths, missing_ok=True)
    return [_single(wanted, xero_id, path, answer) for xero_id, path, answer in zip(ids, paths, received)]


def one(context: Context, lease: Lease, endpoint: str, xero_id: str, query: str = "") -> dict[str, Any] | None:
    """One record, as `each` reads it."""
    return each(context, lease, endpoint, [xero_id], query)[0]


def _single(wanted: XeroObject, xero_id: str, path: str, answer: dict[str, Any]) -> dict[str, Any] | None:
    if answer == xero_element.NOT_FOUND:
        return None
    shown = [one for one in xero_element.listed_under(wanted, answer) or [] if isinstance(one, dict)]
    own = next((one for one in shown if xero_element.linked_id(one, wanted.id_field).casefold() == xero_id.casefold()), None)
    if own is None:
        raise Interrupted(answers.Verdict(answers.PROBE), path)
    return own


def as_they_are(
    context: Context,
    lease: Lease,
    endpoint: str,
    elements: list[dict[str, Any]],
    doubted: Callable[[dict[str, Any]], bool] = xero_element.gone,
) -> list[dict[str, Any]]:
    """These records of a list; one that it shows as voided or deleted (`doubted`) is read by its id, which is Xero's last word: what counts as
    gone is closed, left out or sent again. Lists have shown single records so that stand (XeroAPI/Xero-Java issue 130); where there are more
    than MOST_CONFIRMED, somebody has removed them. Raises Interrupted, send.LeaseLost."""
    id_field = object_at(endpoint).id_field
    gone = [xero_element.linked_id(one, id_field) for one in elements if doubted(one)]
    if not gone or len(gone) > MOST_CONFIRMED:
        return elements
    shown = dict(zip(gone, each(context, lease, endpoint, gone, f"?{EXACT}" if object_at(endpoint).read_exactly else "")))
    return [shown.get(xero_element.linked_id(one, id_field)) or one for one in elements]


def kept_contact(context: Context, lease: Lease, xero_id: str) -> dict[str, Any] | None:
    """The contact in which a chain of merges ends; None where Xero does not show one (a circle, a contact that is gone). Raises
    Interrupted, send.LeaseLost."""
    seen = set[str]()
    while xero_id.casefold() not in seen and len(seen) < LONGEST_CHAIN:
        seen.add(xero_id.casefold())
        (found,) = each(context, lease, CONTACT.endpoint, [xero_id])
        if found is None or not is_merged(found):
            return found
        xero_id = str(found["MergedToContactID"])
    return None


def credit_behind(context: Context, lease: Lease, path: str) -> dict[str, Any]:
    """The credit note, overpayment or prepayment that `path` starts with ("CreditNotes/<id>/Allocations") as Xero shows it now; {} where
    Xero has none with that id. Raises Interrupted, send.LeaseLost."""
    endpoint, xero_id = path.partition("?")[0].strip("/").split("/")[:2]
    return each(context, lease, endpoint, [xero_id])[0] or {}


def answers_at_all(context: Context, lease: Lease) -> bool:
    """Whether Xero answers anything for this organisation right now; then a failed read was about what was read, not about the connection.
    Raises LeaseLost."""
    return send.ask(context, lease, [Request("GET", "Organisation")])[0].status == 200


def invoices(context: Context, lease: Lease, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Invoices as they stand in Xero now, by id; forty to a call. One that the list lacks is read by itself, and is absent only where Xero
    answers 404. Raises Interrupted."""
    asked = {xero_id.casefold(): xero_id for xero_id in ids}
    unique = list(asked.values())
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(unique), IDS_PER_CALL):
        listed = listing(context, lease, INVOICE.endpoint, f"IDs={','.join(unique[at : at + IDS_PER_CALL])}&unitdp=4", True, "")
        for element in as_they_are(context, lease, INVOICE.endpoint, listed.elements):
            shown = xero_element.linked_id(element, INVOICE.id_field).casefold()
            if shown in asked:
                found[asked[shown]] = element
    missing = [xero_id for xero_id in unique if xero_id not in found]
    singles = each(context, lease, INVOICE.endpoint, missing, "?unitdp=4") if missing else []
    return found | {xero_id: element for xero_id, element in zip(missing, singles) if element is not None}


def contacts_like(context: Context, lease: Lease, names: list[str]) -> list[list[dict[str, Any]]]:
    """For each name the contacts that may be it, archived ones too: by one search for each name, or by reading all contacts where that
    takes fewer calls. The caller compares case and spaces. Raises Interrupted where an answer holds no list."""
    if len(names) > 1:
        query = f"Contacts?includeArchived=true&pageSize={PAGE}&page="
        first = read(context, lease, [f"{query}1"])[0]
        pages = number_of(first, "pageCount") or 1
        if pages <= len(names):
            paths = [f"{query}{page}" for page in range(2, pages + 1)]
            received = [first, *read(context, lease, paths)]
            everyone = [contact for path, answer in zip([f"{query}1", *paths], received) for contact in _contacts(path, answer)]
            return [everyone] * len(names)
    paths = [f"Contacts?searchTerm={quote(name, safe='')}&includeArchived=true&page=1&pageSize={PAGE}" for name in names]
    return [_contacts(path, answer) for path, answer in zip(paths, read(context, lease, paths))]


def _contacts(path: str, answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The contacts of an answer that show an id and a name, so that they can be compared."""
    found = [each for each in _listed(CONTACT, path, answer) if isinstance(each, dict)]
    return [each for each in found if xero_element.linked_id(each, CONTACT.id_field) and isinstance(each.get("Name"), str)]


def _listed(wanted: XeroObject, path: str, answer: dict[str, Any]) -> list[Any]:
    """The elements of a list. An empty list says that there are none; an answer without a list raises Interrupted."""
    found = xero_element.listed_under(wanted, answer)
    if found is None:
        raise Interrupted(answers.Verdict(answers.PROBE), path)
    return found


def listing(context: Context, lease: Lease, endpoint: str, query: str, paged: bool, modified_since: str) -> Shown:
    """All records of an endpoint that were changed since "yyyy-mm-ddThh:mm:ss" (UTC, Xero's clock), all pages. The result is complete where
    every record shows its id and as many came as Xero says there are. Raises Interrupted, LeaseLost."""
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
            shown = xero_element.linked_id(one, wanted.id_field) if isinstance(one, dict) else ""
            readable = readable and bool(shown)
            if isinstance(one, dict):
                elements.setdefault(shown.casefold() or repr(one), one)
        # After a full page, or one that does not say whether others follow, read the next; a page without anything new is the end.
        ends = len(elements) == before or (len(found) < PAGE and _is_last(answer, page, len(elements)))
        if not paged or ends or page >= MOST_PAGES:
            whole = not paged or (ends and len(elements) >= (number_of(answer, "itemCount") or 0))
            if not readable:
                frappe.log_error(title=f"Xero: records in its list of {endpoint} cannot be read and were passed over"[:140])
            return Shown(list(elements.values()), readable and whole)
        page += 1


def changes(context: Context, lease: Lease, endpoint: str, since: str, page: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of the records of an endpoint that were changed since "yyyy-mm-ddThh:mm:ss" (UTC, Xero's clock), those changed longest ago
    first, and whether it is the last one. Voided, deleted and archived ones are among them. Raises Interrupted, LeaseLost."""
    wanted = object_at(endpoint)
    parts = [wanted.changes or (wanted.made_by.listing if wanted.made_by.endpoint == endpoint else "")]
    if wanted.paged:
        parts += [f"order={quote('UpdatedDateUTC ASC')}", f"page={page}", f"pageSize={PAGE}"]
    query = "&".join(part for part in parts if part)
    path = f"{endpoint}?{query}" if query else endpoint
    answer = read(context, lease, [path], since)[0]
    found = [one for one in _listed(wanted, path, answer) if isinstance(one, dict)]
    last = not wanted.paged or is_last(answer, found, page)
    return [one for one in found if xero_element.linked_id(one, wanted.id_field)], last


def next_page(elements: list[dict[str, Any]], since: str, page: int) -> tuple[str, int]:
    """Where `changes` goes on behind a page of these records that was read with `since` and `page`: from the last change, not by the page's
    number. A record that changes meanwhile moves to the end, and another one would slip over the edge of a page."""
    newest = max((at for each in elements if (at := xero_element.updated(each))), default=None)
    further = newest.strftime(ISO) if newest else ""
    return (further, 1) if further > since else (since, page + 1)


def is_last(answer: dict[str, Any], found: list[dict[str, Any]], page: int) -> bool:
    """Whether no page follows the one that lists these records."""
    return not found or (len(found) < PAGE and _is_last(answer, page, len(found) + PAGE * (page - 1)))


def _is_last(answer: dict[str, Any], page: int, seen: int) -> bool:
    """Whether an answer says that its page is the last one: the number of pages and, where it is given, the number of records are
    reached."""
    pages, records_ = (number_of(answer, name) for name in ("pageCount", "itemCount"))
    return answer == xero_element.NOT_MODIFIED or (pages is not None and page >= pages and (records_ is None or seen >= records_))


def number_of(answer: dict[str, Any], name: str) -> int | None:
    """A whole number from the pagination of an answer; None where it has none."""
    pagination = answer.get("pagination")
    said = pagination.get(name) if isinstance(pagination, dict) else None
    if not isinstance(said, (int, Decimal)) or isinstance(said, bool) or said != said:
        return None
    return int(said) if -(10**9) < said < 10**9 else None


def records_since(context: Context, lease: Lease, attempt: Attempt) -> Shown:
    """The records that an attempt may have made, changed or removed, from Xero's lists. Raises Interrupted, LeaseLost."""
    kind = attempt.kind
    if kind.nested and not kind.extra:
        return Shown(_nested(context, lease, attempt))
    if kind.extra:
        # Invoices/<id>/Attachments lists Invoices/<id>/Attachments/<name>; notes are listed by the path they are sent to.
        listed = "/".join(attempt.path.split("/")[:3])
        return Shown(xero_element.elements(kind, read(context, lease, [listed], missing_ok=True)[0]))
    if kind.revises:
        # The next try tells whether the change went through: it compares before it sends anything.
        return Shown([])
    if kind.undo:
        return _own_records(context, lease, attempt)
    since = _xeros_time(context, attempt)
    shown = listing(context, lease, kind.endpoint, kind.listing, kind.paged, since)
    known = _xeros_time(context, attempt)
    # Perhaps only this answer told Xero's time: where the list began too late, read it again.
    return shown if known >= since else listing(context, lease, kind.endpoint, kind.listing, kind.paged, known)


def _xeros_time(context: Context, attempt: Attempt) -> str:
    """Since when records of an attempt may be in Xero, by Xero's clock less a few minutes: the database's clock may be wrong or have been
    set meanwhile. A day earlier where Xero's time, or how long ago the attempt was sent, is not known."""
    ago = attempt.running_since_first_send()
    if context.xero_ahead is not None and ago is not None:
        since = now() + context.xero_ahead - timedelta(seconds=ago) - LOOK_BACK
    else:
        since = attempt.since + min(context.xero_ahead or timedelta(), timedelta()) - LOOK_FURTHER_BACK
    return since.strftime(ISO)


def _own_records(context: Context, lease: Lease, attempt: Attempt) -> Shown:
    """The records that an attempt takes back, read by their ids. One that cannot be read leaves the result incomplete, and the others are
    settled."""
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
    """The elements below a record, such as the allocations of a credit note, which have no list of their own. A removed one that is no
    longer there is returned as DELETED.

    Raises Interrupted where the record does not show what it holds. Where a credit has less left than just before the request was sent, the
    member is marked `moved`: something was allocated, and the member's allocation does not count as absent. A credit that was voided or deleted, or that Xero
    does not have, holds nothing, whatever it shows as left: Xero voids none that is allocated.
    """
    parent, _, rest = attempt.path.partition("?")[0].partition(f"/{attempt.kind.endpoint}")
    found = credit_behind(context, lease, parent)
    held = found.get(attempt.kind.endpoint)
    gone = rest.strip("/")
    if not found or xero_element.gone(found):
        for member in attempt.members:
            member["moved"] = False
        return [{attempt.kind.id_field: gone, "Status": "DELETED"}] if gone else []
    left, whole = xero_element.money(found.get("RemainingCredit")), xero_element.money(found.get("Total"))
    for member in attempt.members:
        before = member.get("remaining")
        member["moved"] = bool(before) and left not in ("", before)
        if member["moved"] and not any(isinstance(each, dict) for each in held or []):
            held = None
        elif held is None and left and left == (whole if gone else before):
            # As much is left of it as before, so that it holds nothing even where it does not show an empty list.
            held = []
    if not isinstance(held, list) or (gone and not held and not _unused(found)):
        raise Interrupted(answers.Verdict(answers.PROBE), parent)
    if gone and all(
        xero_element.linked_id(each, attempt.kind.id_field).casefold() != gone.casefold() for each in held if isinstance(each, dict)
    ):
        return [{attempt.kind.id_field: gone, "Status": "DELETED"}]
    return held


def _unused(credit: dict[str, Any]) -> bool:
    """Whether a credit that shows no allocation certainly has none: what is left of it and what was paid back add up to its total."""
    paid, left, whole = (
        xero_element.paid_back(credit),
        xero_element.money(credit.get("RemainingCredit")),
        xero_element.money(credit.get("Total")),
    )
    return bool(left and whole) and paid is not None and paid + Decimal(left) == Decimal(whole)
