"""Plays a recording of a real ERPNext site into a stand-in site: masters first, then each event.

A document is stored exactly as the host stored it (no figure is computed here); around it the app's `doc_events` fire
in Frappe's order, in one transaction, and the commit runs the after-commit callbacks. Recording format: `sandbox.erp`.

Where the recording says which events fired (`fired`), `sandbox.host.firing` fires exactly those. Older ones and the corpus do not:
then they are what Frappe does for a submit and a cancel, and for what ERPNext is known to do inside one.
"""

from __future__ import annotations

from typing import Any

from sandbox.host import firing, tables
from sandbox.host.recorded_types import company_of, definitions
from sandbox.host.storage import change, post, put, store

CANCELLING = ("before_cancel", "on_cancel", "on_change")
CHANGING = ("before_update_after_submit", "on_update_after_submit", "on_change")


def load(recording: dict[str, Any]) -> list[dict[str, Any]]:
    """Create the recording's DocTypes and masters on the connected site and commit; returns the companies."""
    from frappe._context import local

    for definition in definitions(recording):
        tables.install(definition)
    for company in recording["companies"]:
        put(company_of(company))
        for docs in company["masters"].values():
            for doc in docs:
                put(doc)
    local.db.commit()
    return recording["companies"]


def play(record: dict[str, Any]) -> Any:
    """One event of a recording, in one transaction, committed; returns its document, None where it has none (left).

    `refused`: ERPNext turned it down, nothing happened. A handler that raises undoes all of it.
    """
    import frappe

    kind = record.get("event", "submit")
    if kind == "refused":
        return None
    try:
        document = firing.fire(record) if "fired" in record else UNNOTED[kind](record)
    except Exception:
        frappe.db.rollback()
        raise
    frappe.db.commit()  # outside the try: what an after-commit callback raises comes after the data is safe
    return document


def submit(record: dict[str, Any]) -> Any:
    """Submit a recorded document in one transaction and commit. A handler that raises undoes all of it."""
    return play({**record, "event": "submit"})


def _unnoted_submit(record: dict[str, Any]) -> Any:
    return _around(record, 1, ("before_validate", "validate", "before_submit", "on_update"), ("on_submit", "on_change"))


def _unnoted_cancel(record: dict[str, Any]) -> Any:
    return _around(record, 2, ("before_cancel", "on_change"), ("on_cancel", "on_change"))


def _unnoted_tool(record: dict[str, Any]) -> None:
    """Payment Reconciliation: journals it makes come first, then the payments it saves again (cases recorded with `fired` say so)."""
    _post(record)
    for other in sorted(record.get("after", []), key=lambda each: each["doctype"] != "Journal Entry"):
        _other(other, saved=True)


UNNOTED = {"submit": _unnoted_submit, "cancel": _unnoted_cancel, "tool": _unnoted_tool}


def _around(record: dict[str, Any], docstatus: int, before: tuple[str, ...], after: tuple[str, ...]) -> Any:
    """Store the document between the events before and after it. The host's controller writes ledger rows before the app's handlers."""
    document = store({**record["doc"], "docstatus": docstatus})
    run(document, before)
    _post(record)
    for other in record.get("after", []):
        _other(other)
    run(document, after)
    return document


def run(document: Any, events: tuple[str, ...]) -> None:
    """Fire these events of a document."""
    for event in events:
        document.run_method(event)


def _post(record: dict[str, Any]) -> None:
    if record.get("gl"):
        post(record["doctype"], record["name"], record["gl"], record["doc"]["creation"])
    for voucher in record.get("ledger", []):
        post(voucher["voucher_type"], voucher["voucher_no"], voucher["rows"])


def _other(other: dict[str, Any], saved: bool = False) -> None:
    """What the host changed on another document: a state (by SQL, then on_change) or a whole document. `saved`: payments that stand
    were saved by the host's own code, not changed by SQL."""
    import frappe

    doctype, name = other["doctype"], other["name"]
    if "creation" not in other:
        change(doctype, name, {key: value for key, value in other.items() if key not in ("doctype", "name")})
        frappe.get_doc(doctype, name).run_method("on_change")
        return
    former = frappe.get_doc(doctype, name) if frappe.db.exists(doctype, name) else None
    document = store(other)
    document._before_save = former
    if former is None and document.docstatus == 1:  # made by the host inside this event, an exchange difference for instance
        run(document, ("on_submit", "on_change"))
    elif former is not None and former.docstatus == 1 and document.docstatus == 2:  # ... or cancelled with it
        run(document, CANCELLING)
    elif saved and doctype == "Payment Entry":
        run(document, CHANGING)
