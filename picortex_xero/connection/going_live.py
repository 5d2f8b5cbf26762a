"""Going live: from a date on, what is submitted goes to Xero, from this site alone."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..documents import registry
from ..documents.identity import INVOICE_DOCTYPES
from ..documents.journal_entry.rows import EXCHANGE_TYPES
from ..engine import heartbeat, restored, watch
from ..engine.screen_texts import html, in_words
from ..engine.search_walk import RESTART
from . import checklist, current, history, organisation, resuming, settings, tokens

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
JOURNAL_ENTRY = "Journal Entry"
OPENING = {"is_opening": "Yes"}


def consequences(connection: str, date: str) -> dict[str, Any]:
    """What going live from `date` (yyyy-mm-dd) on would mean, to be said before: `red` (what has to be right first, each with `message` and `cure` in the
    reader's language), and of the company's submitted documents dated from then on how many are opening ones that are kept back (`kept_back`) and journals
    of exchange differences (`exchange`), and how many there are without these (`later`); of those dated before how many there are (`earlier`), how many
    of these are invoices and bills that are not wholly paid (`open`), and how many opening ones go all the same (`opening`). Writes nothing, makes no
    call."""
    doc = frappe.get_doc(CONNECTION, connection)
    creates = doc.opening_documents == "Create"
    found = {"later": 0, "kept_back": 0, "exchange": 0, "earlier": 0, "open": 0, "opening": 0}
    for doctype in registry.SUBMITTED:
        submitted = {"company": doc.company, "docstatus": 1}
        before, after = {**submitted, "posting_date": ("<", date)}, {**submitted, "posting_date": (">=", date)}
        kept_back, exchange = _kept_back(doctype, after, creates), _exchange(doctype, after)
        found["later"] += frappe.db.count(doctype, after) - kept_back - exchange
        found["kept_back"] += kept_back
        found["exchange"] += exchange
        found["earlier"] += frappe.db.count(doctype, before)
        if doctype in INVOICE_DOCTYPES:
            found["open"] += frappe.db.count(doctype, {**before, "outstanding_amount": ("!=", 0)})
            found["opening"] += frappe.db.count(doctype, {**before, **OPENING, "is_return": 0}) if creates else 0
    return {**found, "red": red_in_words(doc)}


def _kept_back(doctype: str, filters: dict[str, Any], creates: bool) -> int:
    """How many documents are opening ones that wait for a person: every journal and every credit, and without Create invoices and bills as well."""
    if doctype == JOURNAL_ENTRY:
        opening = {**filters, **OPENING}
        return int(frappe.db.count(doctype, opening)) - _exchange(doctype, opening)
    if doctype in INVOICE_DOCTYPES:
        return int(frappe.db.count(doctype, {**filters, **OPENING, **({"is_return": 1} if creates else {})}))
    return 0


def _exchange(doctype: str, filters: dict[str, Any]) -> int:
    """How many are journals by which ERPNext books exchange differences, which Xero books itself."""
    return int(frappe.db.count(doctype, {**filters, "voucher_type": ("in", EXCHANGE_TYPES)})) if doctype == JOURNAL_ENTRY else 0


def go_live(connection: str, date: str) -> None:
    """Send from now on every document dated `date` or later. Only this site may send from then on. Part of the caller's transaction."""
    doc = frappe.get_doc(CONNECTION, connection)
    refuse_unless_ready(doc)
    if doc.state in ("Setting Up", current.WATCH_ONLY):
        tokens.must_be_of_this_site(doc.authorisation)
    tokens.use_here(doc.authorisation)
    if doc.state in ("Paused", "Disconnected"):
        organisation.must_be_reached(doc.authorisation, doc.tenant_id)
    heartbeat.note(connection)
    frappe.db.set_value(STATE, connection, {"fingerprint": settings.fingerprint(), **RESTART})
    if not doc.go_live_date:
        restored.at_first_go_live(connection, date)
    history.went_live(connection, date)
    # Else Xero's lists were read for the choices that were just made, or it was sending all the time: what is old is read again anyway.
    stood_still = doc.state not in ("Setting Up", "Live")
    # What was noted while it watched is due now; what is dated before this day is then skipped, with that reason.
    resuming.go_on(connection, {"go_live_date": date, "watched_from": None, "state": "Live", **resuming.NOTHING_SAID}, stood_still)
    watch.end(connection)


def refuse_unless_ready(doc: Any) -> None:
    """Throws, naming what has to be right before a connection (its document) goes live or watches."""
    if not doc.authorisation:
        frappe.throw(_("Connect to Xero first"))
    _refuse(_red(doc))


def red_in_words(doc: Any) -> list[dict[str, str]]:
    """What has to be right first, each with `message` and `cure` in the reader's language."""
    return [{"message": in_words(each.message), "cure": in_words(each.cure)} for each in _red(doc)]


def _red(doc: Any) -> list[checklist.Item]:
    """What has to be right first."""
    # A date that is only moved is no going live: of what that takes, only what nothing could go without is asked again.
    items = checklist.needed(doc) if doc.go_live_date else checklist.checklist(str(doc.name))
    return [each for each in items if each.state == checklist.RED]


def _refuse(red: list[checklist.Item]) -> None:
    """Throws, naming what has to be right first."""
    if red:
        said = "; ".join(f"{in_words(each.message)}. {in_words(each.cure)}" for each in red)
        frappe.throw(_("This has to be right before going live: {0}").format(html(said)))
