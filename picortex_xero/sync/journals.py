"""Journal entries (step "journal"), and looking at and undoing what is neither invoice nor payment."""

from __future__ import annotations

from typing import Any

import frappe

from ..core.documents import identity
from ..core.kinds import GONE, KINDS
from ..core.problems import Problem, Refused
from ..core.translate import Translation
from ..core.translate.journal import CREDIT_APPLIED, journal, skipped
from . import exchange, links, outbox
from .context import Context
from .credits import ready_applied_by_journal
from .lease import Lease
from .outbox import Row
from .undo import finish_undo
from .work import Work, settle

Made = list[tuple[Work, Translation]]


def ready_journal(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """A journal entry, translated; exchange differences are closed without a trace in Xero."""
    who = identity(doc)
    if links.of(context.connection, who, row["generation"]):
        outbox.move(row, "recorded")
        return None
    if reason := skipped(doc):
        outbox.move(row, "supersede", reason)
        return None
    if doc.get("is_system_generated") and doc.get("voucher_type") in CREDIT_APPLIED:
        return ready_applied_by_journal(context, row, doc)
    doc = {**doc, "accounts": _with_types(doc.get("accounts") or [])}
    try:
        translation = journal(doc, context.mapping, context.site_url, context.instance, row["generation"])
    except Refused as refused:
        settle(row, refused.problems)
        return None
    return Work(row, doc, KINDS["manual-journal"], {who.digest}, translation)


def as_translated(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Nothing in Xero has to be looked at first."""
    return [(work, work.translation) for work in batch if work.translation]


def look_void_journals(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Posted ones are voided, drafts deleted."""
    return _undo(context, lease, batch, {"POSTED": "VOIDED", "DRAFT": "DELETED"})


def look_delete_transfers(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Transfers cannot be edited, only deleted."""
    return _undo(context, lease, batch, {"AUTHORISED": "DELETED"})


def look_delete_bank_transactions(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """Money spent or received directly is deleted, unless it is reconciled with the bank statement."""
    return _undo(context, lease, batch, {"AUTHORISED": "DELETED"})


def _undo(context: Context, lease: Lease, batch: list[Work], statuses: dict[str, str]) -> Made:
    """Take each from the status that Xero shows to the one that undoes it; what a person has removed there is closed."""
    made: Made = []
    paths = [f"{work.kind.endpoint}/{work.xero_id}" for work in batch]
    for work, answer in zip(batch, exchange.read(context, lease, paths, missing_ok=True)):
        element = (answer.get(work.kind.endpoint) or [{}])[0]
        status = element.get("Status", "")
        if status in GONE:
            finish_undo(context, work.row, work.doc, str((work.linked or {})["name"]), status)
        elif element.get("IsReconciled"):
            problem = f"{work.doc['name']} was cancelled here, but in Xero it is reconciled with the bank statement"
            settle(work.row, [Problem("reconciled-in-xero", problem, "Unreconcile it in Xero if it is to go, then press Retry", held=True)])
        elif status in statuses:
            id_field = work.kind.id_field
            # Xero's description demands a journal's narration even where only its status changes.
            kept = {name: element[name] for name in ("Narration",) if name in element}
            made.append((work, Translation({id_field: work.xero_id, **kept, "Status": statuses[status]}, {id_field: work.xero_id})))
        else:
            problem = f"{work.doc['name']} cannot be undone in Xero, which shows it as {status or 'unknown'}"
            settle(work.row, [Problem("not-undone", problem, "Look for it in Xero; remove it there by hand, then press Retry")])
    return made


def _with_types(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their accounts' types, which a journal that a program made does not carry itself."""
    names = sorted({row["account"] for row in accounts})
    found = frappe.get_all("Account", filters={"name": ("in", names)}, fields=["name", "account_type"])
    types = {each["name"]: each["account_type"] for each in found}
    return [{**row, "account_type": types.get(row["account"]) or row.get("account_type")} for row in accounts]
