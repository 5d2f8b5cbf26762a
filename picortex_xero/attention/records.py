"""What a document became in Xero, as lines of its form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal, half_up
from ..accounting.texts import _
from ..accounting.texts import amount as figure
from ..connection import current
from ..documents.identity import Identity
from ..documents.picture import PAID
from ..documents.registry import own_parts
from ..documents.step import ASIDE, ENDED
from ..engine import links, screen_texts
from ..xero.records.registry import object_at
from . import wording


def paid_before(link: dict[str, Any], total: Decimal) -> bool:
    """Whether what the record of an opening document has more than `total`, which was open here, is paid or credited there."""
    return decimal(link["remote_amount_due"]) <= total <= decimal(link["remote_total"])


def standing_status(connection: str, who: Identity) -> str | None:
    """The status in Xero of the document's own record that is neither voided nor deleted; None where it has none."""
    return standing_status_of(who.doctype, links.of(connection, who))


def standing_status_of(doctype: str, linked: Iterable[dict[str, Any]]) -> str | None:
    """The same from a document's links."""
    own = own_parts(doctype)
    found = (link["remote_status"] or "" for link in linked if link["role"] in own and link["sequence"] < ASIDE)
    return next((status for status in found if status not in ENDED), None)


def line(connection: dict[str, Any], who: Identity, link: dict[str, Any]) -> dict[str, Any]:
    """One record in Xero as a line of the form: `what`, `number`, `amount` (text, "" where Xero shows none), `currency`, `status`, `seen`
    (when it was last read, UTC) and `link`."""
    amount = decimal(link["remote_total"])
    return {
        "what": what(connection, who, link),
        "number": screen_texts.shown(link["xero_number"]),
        "amount": str(half_up(amount)) if amount else "",
        "currency": link["currency"] or "",
        "status": state(link),
        "seen": str(link["last_checked"] or "")[:19],
        "link": address(connection, who, link),
    }


def what(connection: dict[str, Any], who: Identity, link: dict[str, Any]) -> str:
    """What a record is called in Xero, and in which organisation it is where the company has left that."""
    called = wording.record(link["endpoint"], who.doctype)
    if connection["state"] == current.RETIRED:
        called = _("{record} in {organisation}, which the company has left").format(
            record=called, organisation=screen_texts.shown(connection["organisation_name"])
        )
    return screen_texts.in_words(called)


def state(link: dict[str, Any]) -> str:
    """What a record is in Xero now, in words."""
    status = screen_texts.shown(link["remote_status"])
    said = wording.in_xero(link["endpoint"], status, link["remote_amount_due"], link["reading_again"])
    if object_at(link["endpoint"]).approved and status == "AUTHORISED" and not link["reading_again"]:
        said = wording.partly(said, link["remote_amount_due"], link["remote_total"], link["currency"] or "")
    return screen_texts.in_words(said)


def address(connection: dict[str, Any], who: Identity, link: dict[str, Any]) -> str:
    xero_id = object_at(link["endpoint"]).page_id(link["xero_id"], json.loads(link["marker"] or "{}"))
    return wording.deep_link(connection["short_code"] or "", link["endpoint"], who.doctype, xero_id)


def paid_by_others(connection: str, linked: list[dict[str, Any]]) -> list[str]:
    """What people have paid in Xero of an invoice, or used of a credit note: it is known to no document here."""
    of_it = [(link, json.loads(link["remote_picture"] or "{}").get(PAID) or []) for link in linked if link["remote_status"] not in ENDED]
    ids = [xero_id for _link, rows in of_it for xero_id, _amount in rows]
    ours = {str(row["xero_id"]).casefold() for row in links.by_records(connection, ids)}
    # A credit note or an advance of ours that is used for it has its own link, whoever applied it.
    found = []
    for link, rows in of_it:
        if amount := sum((decimal(amount) for xero_id, amount in rows if xero_id.casefold() not in ours), decimal(0)):
            said = _("Paid in Xero by somebody: {amount} {currency}").format(
                amount=figure(half_up(amount)), currency=link["currency"] or ""
            )
            found.append(screen_texts.in_words(said))
    return found
