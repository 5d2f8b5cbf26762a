"""Rows (Xero Incoming Record) of what people enter in Xero that pays nothing: manual journals, money spent and received, invoices and bills."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..engine.clock import now
from ..engine.contexts import Context
from ..engine.peoples_own import CANCELLED
from ..engine.screen_texts import stored
from ..engine.standard_columns import standard
from ..incoming.journal import Draft, Waits
from ..incoming.perhaps_here import CERTAIN
from ..xero.records import xero_element
from .incoming_rows import (
    BY_HAND,
    CHANGED,
    DOCTYPE,
    DRAFT,
    ENTERED,
    GONE,
    LEFT_OUT,
    NOTHING_SAID,
    OPEN,
    REMOVED,
    TO_DECIDE,
    WAITING,
    Row,
    held,
    say,
)

Element = dict[str, Any]
# Kept as the code of a document's row that is submitted by now, until what was paid of it in Xero before is read.
UNREAD = "payments-to-read"
LONGEST = 140
SINCE_BY_HAND = "changed-since-by-hand"


class Entered(Protocol):
    """What every such record says of itself."""

    @property
    def endpoint(self) -> str: ...
    @property
    def xero_id(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def stands(self) -> bool: ...
    @property
    def total(self) -> Any: ...
    @property
    def currency(self) -> str: ...
    @property
    def contact_name(self) -> str: ...


@dataclass(frozen=True)
class Kind:
    """One kind of records: the field of the Xero Connection that says what becomes of them, how an element is read and kept, what it is called, and what becomes of one."""

    setting: str
    endpoints: tuple[str, ...]
    read: Callable[[str, Element], Any]
    kept: Callable[[Element], str]
    named: Callable[[Any], Text]
    decide: Callable[[Context, Any, bool], Draft | Waits]
    # Why what ERPNext has made of it does not stand for it, if so.
    differs: Callable[[Any, Any], Problem | None] | None = None
    # What differs between what is here and a record, in words; with True also on which accounts it is booked. Last the day here that a person has agreed to, "" for none.
    otherwise: Callable[[Context, Any, Any, bool, str], tuple[Text, ...]] = lambda context, entered, doc, accounts, agreed: ()


def key(connection: str, endpoint: str, xero_id: str) -> str:
    """The name of a record's row, as incoming_rows.key has it for payments."""
    return hashlib.sha256("\x1f".join((connection, endpoint, xero_id)).encode()).hexdigest()[:40]


def note(context: Context, kind: Kind, entered: Entered, element: Element) -> None:
    """Note a record that is nobody's here yet. Part of the caller's transaction."""
    called = stored(kind.named(entered))[:LONGEST]
    values = {
        "name": key(context.connection, entered.endpoint, entered.xero_id),
        **standard(),
        "connection": context.connection,
        "company": context.company,
        "state": TO_DECIDE,
        "what": called,
        "about": stored(entered.contact_name)[:LONGEST] or called,
        "currency": entered.currency or context.mapping.base_currency,
        "found_at": now(),
        "endpoint": entered.endpoint,
        "xero_id": entered.xero_id,
        **NOTHING_SAID,
        **_shown(kind, entered, element),
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)


def _shown(kind: Kind, entered: Entered, element: Element) -> Row:
    return {
        "record": kind.kept(element),
        "remote_updated": xero_element.updated(element),
        "date": entered.date,
        "amount": entered.total,
    }


def seen_again(kind: Kind, row: Row, entered: Entered, element: Element) -> None:
    """Xero shows a record anew that has a row: what waits is decided anew, what is here already is told. Part of the caller's transaction."""
    if kind.read(entered.endpoint, json.loads(row["record"])) == entered:
        return
    # Somebody may have pressed a button of it since it was listed.
    row, shown = {**row, **held(row["name"])}, _shown(kind, entered, element)
    if row["state"] in OPEN and not row["reference_name"] and row["reason_code"] != SINCE_BY_HAND:
        frappe.db.set_value(
            DOCTYPE, row["name"], {**shown, "state": TO_DECIDE if entered.stands else GONE, **NOTHING_SAID}, update_modified=False
        )
    elif not row["reference_name"]:
        if row["reason_code"] in (BY_HAND, SINCE_BY_HAND):
            say(row["name"], WAITING, _since_by_hand(kind.named(entered), entered.stands), **shown)
    elif row["state"] == LEFT_OUT and frappe.db.get_value(row["reference_doctype"], row["reference_name"], "docstatus") not in (0, 1):
        # Nobody wanted what was made of it, which is deleted or cancelled.
        frappe.db.set_value(DOCTYPE, row["name"], shown, update_modified=False)
    elif row["reference_name"] and row["state"] in (DRAFT, ENTERED, WAITING, LEFT_OUT):
        if row.get("reason_code") == CANCELLED:
            # What was made of it is cancelled here: nothing is left to decide where it is gone there too.
            _cancelled_here(row, entered, shown)
            return
        problem = otherwise(kind.named(entered), str(row["reference_name"]), entered.stands)
        say(row["name"], WAITING, problem, **shown)


def _since_by_hand(what: Text, stands: bool) -> Problem:
    """What a person has entered here by hand, or has left, is otherwise in Xero since."""
    said = (
        _("{what} was changed in Xero since somebody did it by hand")
        if stands
        else _("{what} was removed in Xero since somebody did it by hand")
    )
    return Problem(
        SINCE_BY_HAND,
        said.format(what=what),
        _(
            "Where it was entered here by hand, change that too, and press Done by Hand. Where nothing was, press Done by Hand, or Retry to have it entered"
        ),
        held=True,
    )


def _cancelled_here(row: Row, entered: Entered, shown: Row) -> None:
    if entered.stands:
        frappe.db.set_value(DOCTYPE, row["name"], shown, update_modified=False)
    else:
        say(row["name"], GONE, **shown)


def otherwise(what: Text, name: str, stands: bool) -> Problem:
    """The problem of a document that was made of what has changed in Xero since, or is gone there."""
    if stands:
        return Problem(
            CHANGED,
            _("{what} was changed in Xero; {name} was made of what it was").format(what=what, name=name),
            _(
                "Delete {name}, or cancel it where it is submitted, and press Retry: it is entered anew. Or change {name} yourself, and press Done by Hand"
            ).format(name=name),
            held=True,
        )
    return Problem(
        REMOVED,
        _("{what} was removed in Xero; {name} was made of it").format(what=what, name=name),
        _("Delete {name}, or cancel it where it is submitted, and press Retry; or leave it, and press Done by Hand").format(name=name),
        held=True,
    )


def of_record(kind: Kind, row: Row) -> Any:
    """The record of a row, as Xero showed it last."""
    return kind.read(row["endpoint"], json.loads(row["record"]))


def another_one(name: str) -> None:
    """A person says that it is none of the documents that look like it. Part of the caller's transaction."""
    record = {**json.loads(frappe.db.get_value(DOCTYPE, name, "record") or "{}"), CERTAIN: True}
    say(name, TO_DECIDE, record=json.dumps(record))


def as_host(value: Any) -> Any:
    """Amounts as the host's documents hold them."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {name: as_host(each) for name, each in value.items()}
    return [as_host(each) for each in value] if isinstance(value, list) else value
