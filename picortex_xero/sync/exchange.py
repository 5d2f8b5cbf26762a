"""Sending for one connection: the lease is proven first, an expired token is renewed once, limits are noted.

No transaction is open while a request is on the wire.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import frappe

from ..core import outcomes
from ..core.outcomes import Answer
from ..xero import client
from ..xero.client import Request
from . import limits
from .context import Context
from .lease import Lease

IDS_PER_CALL = 40
PAGE = 1000


class LeaseLost(Exception):
    """Someone else is the sender now; nothing was sent."""


class Interrupted(Exception):
    """A read did not come through: the run ends here and its steps wait. `verdict` says why."""

    def __init__(self, verdict: outcomes.Verdict):
        super().__init__(verdict.kind)
        self.verdict = verdict


def send(context: Context, lease: Lease, requests: list[Request]) -> list[Answer]:
    """Send all, at most four at once; a request refused for its token is sent once more with a new one. Commits. Raises LeaseLost."""
    if not requests:
        return []
    if not lease.extend():
        raise LeaseLost(context.connection)
    answers = client.send(context.organisation(), requests)
    expired = [at for at, answer in enumerate(answers) if outcomes.judge(answer).kind == outcomes.EXPIRED]
    if expired:
        context.renew_token(refused=context.token)
        if not lease.extend():
            raise LeaseLost(context.connection)
        for at, answer in zip(expired, client.send(context.organisation(), [requests[at] for at in expired])):
            answers[at] = answer
    limits.note(context.connection, answers)
    return answers


def read(context: Context, lease: Lease, paths: list[str], modified_since: str = "", missing_ok: bool = False) -> list[dict[str, Any]]:
    """The JSON of several GETs, in order ({} for a 404 where `missing_ok`). Raises Interrupted, LeaseLost."""
    frappe.db.commit()
    found: list[dict[str, Any]] = []
    for answer in send(context, lease, [Request("GET", path, modified_since=modified_since) for path in paths]):
        if answer.status == 404 and missing_ok:
            found.append({})
        elif answer.status in (200, 304):
            found.append(answer.data or {})
        else:
            raise Interrupted(outcomes.judge(answer))
    return found


def invoices(context: Context, lease: Lease, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Invoices as they stand in Xero now, by id; forty to a call."""
    unique = list(dict.fromkeys(ids))
    paths = [
        f"Invoices?IDs={','.join(unique[at : at + IDS_PER_CALL])}&page=1&pageSize={PAGE}&unitdp=4"
        for at in range(0, len(unique), IDS_PER_CALL)
    ]
    return {element["InvoiceID"]: element for answer in read(context, lease, paths) for element in answer.get("Invoices") or []}


def contacts_like(context: Context, lease: Lease, names: list[str]) -> list[list[dict[str, Any]]]:
    """For each name the contacts that may be it, archived ones too: by one search a name, or by reading all contacts where that
    takes fewer calls. Case and spaces are for the caller to compare."""
    if len(names) > 1:
        query = f"Contacts?includeArchived=true&pageSize={PAGE}&page="
        first = read(context, lease, [f"{query}1"])[0]
        pages = _page_count(first)
        if pages <= len(names):
            further = read(context, lease, [f"{query}{page}" for page in range(2, pages + 1)])
            everyone = [contact for answer in (first, *further) for contact in answer.get("Contacts") or []]
            return [everyone] * len(names)
    paths = [f"Contacts?searchTerm={quote(name, safe='')}&includeArchived=true&page=1&pageSize={PAGE}" for name in names]
    return [answer.get("Contacts") or [] for answer in read(context, lease, paths)]


def listing(context: Context, lease: Lease, endpoint: str, query: str, paged: bool, modified_since: str) -> list[dict[str, Any]]:
    """Everything of an endpoint changed since a UTC time "yyyy-mm-ddThh:mm:ss", all pages."""
    elements: list[dict[str, Any]] = []
    page = 1
    while True:
        parts = [query] if query else []
        if paged:
            parts += [f"page={page}", f"pageSize={PAGE}"]
        answer = read(context, lease, [f"{endpoint}?{'&'.join(parts)}" if parts else endpoint], modified_since)[0]
        elements += answer.get(endpoint) or []
        if not paged or page >= _page_count(answer):
            return elements
        page += 1


def _page_count(answer: dict[str, Any]) -> int:
    return int((answer.get("pagination") or {}).get("pageCount") or 1)
