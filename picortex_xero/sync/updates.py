"""An invoice or credit note whose accounts, cost centres or references were changed here after it had gone to Xero.

Nothing in Xero is changed unless the connection says so ("Update in Xero"); otherwise a person makes the change there and presses Retry, and
both are compared again. Steps "recheck-n" of invoices; kinds "update-...", which may be repeated without harm: each look compares first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..accounting.money import decimal
from ..accounting.problems import Problem, Refused
from ..documents.credit_note.credit_note import credit_note
from ..documents.fingerprint import content
from ..documents.identity import identity
from ..documents.invoice.comparison import differences
from ..documents.invoice.invoice import invoice
from ..documents.translation import Translation
from ..engine import links, outbox, reading
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..xero.records import elements as records
from ..xero.records.registry import CREDIT_NOTE, object_at
from . import parties
from .ledger import with_ledger
from .openings import was_there_before
from .work import Work, gone_from_xero, settle

Made = list[tuple[Work, Translation]]


def ready_update(context: Context, row: Row, doc: dict[str, Any], link: dict[str, Any]) -> Work | None:
    """The work of comparing a changed invoice with Xero, and changing it there where that is switched on."""
    if was_there_before(link):
        # It came from Xero: its lines are Xero's own, only what is open was ever compared.
        links.seen(link["name"], content=content(doc))
        outbox.move(row, "recorded")
        return None
    contact_id, _ = parties.contact_of(context, parties.invoiced(doc))
    doc = with_ledger(context, doc)
    try:
        if link["endpoint"] == CREDIT_NOTE.endpoint:
            made = credit_note(doc, context.mapping, contact_id)
        else:
            made = invoice(doc, context.mapping, contact_id, context.site_url, context.instance, link["generation"])
    except Refused as refused:
        settle(row, refused.problems)
        return None
    kind = object_at(link["endpoint"]).updated_by
    if kind is None:
        raise RuntimeError(f"Nothing changes what is at {link['endpoint']}")
    body = {kind.id_field: link["xero_id"], **{name: made.body[name] for name in kind.xero_object.changeable if name in made.body}}
    wanted = Translation(body, {kind.id_field: link["xero_id"]}, made.total, made.tax)
    return Work(row, doc, kind, {identity(doc).digest}, wanted, xero_id=link["xero_id"], linked=link)


def look_updates(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Compare each with what Xero shows now: equal ones are done, others are sent or left to a person."""
    made: Made = []
    endpoint = batch[0].kind.endpoint
    shown = reading.each(context, lease, endpoint, [work.xero_id for work in batch], "?unitdp=4")
    for work, element in zip(batch, shown):
        assert work.translation is not None and work.linked is not None
        element = element or {}
        found = differences(work.translation.body, element)
        used = any(decimal(element.get(field)) for field in ("AmountPaid", "AmountCredited")) or bool(element.get("Allocations"))
        if records.gone(element):
            links.seen(work.linked["name"], remote_status=element["Status"])
            settle(work.row, [gone_from_xero(work.doc["name"])])
        elif not found:
            links.seen(work.linked["name"], content=content(work.doc), remote_status=element.get("Status", ""))
            outbox.move(work.row, "recorded")
        elif context.update_changed and not used:
            made.append((work, work.translation))
        elif context.update_changed and not any(each.startswith(("line", "there are")) for each in found):
            # What is paid takes other fields, as long as no line comes with them (fact sheet 5).
            body = {name: value for name, value in work.translation.body.items() if not name.startswith("Line")}
            made.append((work, replace(work.translation, body=body)))
        else:
            settle(work.row, [_changed(work.doc["name"], found, used and context.update_changed)])
    return made


def _changed(name: str, found: list[str], used: bool) -> Problem:
    why = "; Xero changes no lines of what is paid or applied" if used else ""
    return Problem(
        "changed-after-submit",
        f"{name} was changed here after it had gone to Xero: {'; '.join(found)}{why}",
        f"Make the change in Xero, or undo it here; then press Retry on {name}, and both are compared again",
        held=True,
    )
