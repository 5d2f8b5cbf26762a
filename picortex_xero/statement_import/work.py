"""The import itself: Bank Transactions are made of a statement's lines, or taken away again, in slices (engine/slices.py), as the person who pressed.

A Bank Transaction posts nothing to the ledger, so ERPNext takes one on a day that is closed, and so does this; a closed period keeps only what is entered for it.
"""

from __future__ import annotations

import re
import time
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import Text, _, dump, plain
from ..compat import affected_rows, let_pass
from ..engine import slices
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, stored
from ..statements.values import Unreadable
from . import balances, facts, lines
from .draft import DRAFT, TAKEN_BACK, may_make, said
from .facts import DOCTYPE, LINE, TRANSACTION
from .lines import LEFT_OUT, MADE, NEW, PERHAPS, REFUSED, STAYS, TAKEN_AWAY, THERE

IMPORTING, TAKING_BACK = "Importing", "Taking Back"
BATCH, SAVEPOINT = 50, "picortex_xero_statement_line"
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")


def start(name: str) -> bool:
    """A person has seen the lines and wants them; False where it is running already, or nothing is left to do. Part of the caller's transaction."""
    row = _row(name)
    if row["state"] not in (DRAFT, slices.STOPPED, slices.DONE) or (row["state"] == slices.DONE and not row["fresh"]):
        return False
    if row["state"] == DRAFT and row["reason"]:
        _refuse(_("The file cannot be imported as it is; what is wrong stands above its lines"))
    if not row["lines"]:
        _refuse(_("The file holds no line"))
    if row["account_doubt"] and not row["is_this_account"]:
        _refuse(_("Tick It Is This Bank Account and save, or choose the right bank account or file"))
    may_make(_account(row))
    return _begin(name, row["state"], IMPORTING)


def stop(name: str) -> bool:
    """Nothing more of it for now; what is made stays. False where it does not run. Part of the caller's transaction."""
    return _moved(name, slices.RUNNING, slices.STOPPED, finished_at=now())


def decide(name: str, which: list[str], wanted: bool) -> int:
    """A person has looked at lines that are perhaps there already: import them (`wanted`), or leave them out. `which`: names of lines, [] for all of them. How many. Part of
    the caller's transaction."""
    row = _row(name)
    if row["state"] == TAKEN_BACK or row["phase"] == TAKING_BACK:
        return 0
    filters = {"statement_import": name, "state": PERHAPS, **({"name": ("in", which)} if which else {})}
    found = frappe.get_all(LINE, filters=filters, pluck="name")
    if found:
        may_make(_account(row))
    for line in found:
        lines.says(line, NEW if wanted else LEFT_OUT, wanted=int(wanted))
    frappe.db.set_value(DOCTYPE, name, lines.figures(name), update_modified=False)
    if found and wanted and row["state"] == slices.DONE:
        _begin(name, slices.DONE, IMPORTING)
    return len(found)


def take_back(name: str) -> bool:
    """Cancel and delete the Bank Transactions that it has made and that nobody has reconciled; False where it runs, or nothing is left. Part of the caller's transaction."""
    row = _row(name)
    if row["state"] not in (slices.DONE, slices.STOPPED) or not (row["made"] or row["kept"]):
        return False
    may_make(_account(row), "cancel", "delete")
    for line in frappe.get_all(LINE, filters={"statement_import": name, "state": STAYS}, pluck="name"):
        lines.says(line, MADE, reason="", reason_parts="")
    return _begin(name, row["state"], TAKING_BACK)


def go_on(name: str, stop_at: float) -> None:
    """Make Bank Transactions, or take them away, until `stop_at` (time.monotonic()). Commits."""
    if not slices.take(DOCTYPE, name):
        return
    row = _row(name)
    frappe.set_user(str(row["started_by"]))
    try:
        _go_on(row, stop_at)
    except frappe.PermissionError:
        frappe.db.rollback()
        lacks = _("{user} may not do this with Bank Transactions any more").format(user=row["started_by"])
        slices.end(DOCTYPE, name, slices.STOPPED, lacks, _("Let somebody go on who may"), **lines.figures(name))
    finally:
        frappe.set_user("Administrator")


def _go_on(row: dict[str, Any], stop_at: float) -> None:
    name, importing = str(row["name"]), row["phase"] == IMPORTING
    may_make(_account(row), *(() if importing else ("cancel", "delete")))
    if importing:
        lines.place_again(name, str(row["bank_account"]))
        slices.alive(DOCTYPE, name, **lines.figures(name))
    while batch := lines.page(name, NEW if importing else MADE, 0, BATCH):
        if time.monotonic() > stop_at:
            frappe.db.set_value(DOCTYPE, name, "due_at", now(), update_modified=False)
            frappe.db.commit()
            return
        for line in batch:
            _one(_make if importing else _take_away, row, line)
        # Of nobody who listens: what ERPNext says of single lines.
        frappe.clear_messages()
        if frappe.db.get_value(DOCTYPE, name, "state") != slices.RUNNING:
            frappe.db.set_value(DOCTYPE, name, lines.figures(name), update_modified=False)
            frappe.db.commit()
            return
        slices.alive(DOCTYPE, name, **lines.figures(name))
    _over(row)


def _one(work: Any, row: dict[str, Any], line: dict[str, Any]) -> None:
    """One line; what ERPNext refuses is said of that line, and the others go on."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        work(row, line)
    except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
        # Another import was faster with the same line; or another worker with this one, after it was taken from one that stood still: then it is made, and can be taken back.
        frappe.db.rollback(save_point=SAVEPOINT)
        if frappe.db.get_value(LINE, line["name"], "state", for_update=True) != MADE:
            lines.says(line["name"], THERE, bank_transaction=_of_id(line["transaction_id"]))
    except frappe.PermissionError:
        raise
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        why = _("ERPNext does not take it: {error}").format(error=plain(re.sub(r"<[^>]*>", "", str(error))[:300]))
        lines.says(line["name"], REFUSED if work is _make else STAYS, reason=stored(why), reason_parts=dump(reason=why))


def _make(row: dict[str, Any], line: dict[str, Any]) -> None:
    amount, number = facts.money(line["amount"]), re.sub(r"\s", "", str(line["party_number"] or ""))
    made = frappe.get_doc(
        {
            "doctype": TRANSACTION,
            "date": getdate(line["date"]),
            "bank_account": row["bank_account"],
            "company": row["company"],
            "currency": row["currency"],
            "deposit": max(amount, balances.ZERO),
            "withdrawal": max(-amount, balances.ZERO),
            "description": line["description"] or "",
            "reference_number": line["reference"] or "",
            "transaction_type": line["transaction_type"] or "",
            "transaction_id": line["transaction_id"],
            "bank_party_name": line["party_name"] or "",
            "bank_party_iban" if IBAN.fullmatch(number) else "bank_party_account_number": number,
        }
    ).submit()
    lines.says(line["name"], MADE, bank_transaction=made.name)


def _take_away(row: dict[str, Any], line: dict[str, Any]) -> None:
    name = str(line["bank_transaction"] or "")
    if not frappe.db.exists(TRANSACTION, {"name": name, "transaction_id": line["transaction_id"]}):
        lines.says(line["name"], TAKEN_AWAY)
        return
    # Where somebody reconciles it from here on, ERPNext refuses to cancel what has changed since it was read.
    transaction = frappe.get_doc(TRANSACTION, name)
    if transaction.docstatus == 1 and (facts.money(transaction.get("allocated_amount")) or transaction.get("payment_entries")):
        why = _("{name} is reconciled").format(name=name)
        lines.says(line["name"], STAYS, reason=stored(why), reason_parts=dump(reason=why))
        return
    if transaction.docstatus == 1:
        transaction.cancel()
    transaction.delete()
    lines.says(line["name"], TAKEN_AWAY)


def _over(row: dict[str, Any]) -> None:
    """Nothing is left to do: say what became of it."""
    name, counted = str(row["name"]), lines.figures(str(row["name"]))
    within, until = facts.sums(str(row["bank_account"]), row["from_date"], row["to_date"])
    closing = facts.money(row["closing_balance"]) if row["has_closing"] else None
    compared = balances.of_erpnext(facts.money(row["total"]), within, until, closing, row["from_date"], row["to_date"])
    importing = row["phase"] == IMPORTING
    state = slices.DONE if importing or counted["kept"] else TAKEN_BACK
    reason, cure = _result(counted) if importing else (None, None)
    values: dict[str, Any] = {**counted, **said("compared", compared if importing else Text(""))}
    slices.end(DOCTYPE, name, state, reason, cure, **values)


def _result(counted: dict[str, int]) -> tuple[Text, Text]:
    told = _("{made} Bank Transactions are made, {there} were there already").format(made=counted["made"], there=counted["there"])
    if counted["perhaps"]:
        waits = _(
            "{count} lines are perhaps there already under another id: look at them below, and press Import These Too or Leave These Out"
        )
        return told, waits.format(count=counted["perhaps"])
    if counted["refused"]:
        return told, _("{count} lines were not taken by ERPNext: each says why").format(count=counted["refused"])
    return told, Text("")


def _of_id(transaction_id: str) -> str:
    """The Bank Transaction with this id as it is now: one that came meanwhile is in no former look of this transaction."""
    return str(frappe.db.get_value(TRANSACTION, {"transaction_id": transaction_id}, "name", for_update=True) or "")


def _account(row: dict[str, Any]) -> facts.Account:
    try:
        return facts.account(str(row["bank_account"]))
    except Unreadable as unreadable:
        _refuse(unreadable.why)
        raise


def _row(name: str) -> dict[str, Any]:
    return dict(frappe.get_all(DOCTYPE, filters={"name": name}, fields=["*"])[0])


def _begin(name: str, state: str, phase: str) -> bool:
    said_nothing = {"reason": "", "cure": "", "reason_parts": ""}
    begun = {"phase": phase, "started_at": now(), "started_by": frappe.session.user, "finished_at": None, "due_at": now(), **said_nothing}
    if not _moved(name, state, slices.RUNNING, **begun):
        return False
    frappe.db.after_commit.add(lambda: slices.queue(DOCTYPE, name))
    return True


def _moved(name: str, state: str, to: str, **fields: Any) -> bool:
    changes = {"state": to, **fields}
    assignments = ", ".join(f"`{field}`=%({field})s" for field in changes)
    # Of two who press at the same moment one does it.
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(name)s AND `state`=%(was)s", {**changes, "name": name, "was": state}
    )
    return affected_rows() == 1


def _refuse(why: Text) -> None:
    frappe.throw(html(in_words(why)))
