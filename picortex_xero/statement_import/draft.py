"""A statement's import before it is begun: whenever somebody saves it the file is read, its columns are guessed or taken as they were chosen, and its lines are shown.

Nothing of the file goes into ERPNext before somebody presses Import. What cannot be read is refused with a sentence; a CSV stays, so that its columns can be chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.bank_feeds import warns
from ..accounting.texts import NONE, Text, _, dump
from ..accounting.texts import lines as each_on_a_line
from ..engine.screen_texts import html, in_words, stored
from ..statements import reading, spreadsheet
from ..statements.columns import Columns
from ..statements.values import Statement, Unreadable
from . import balances, chosen_columns, facts, lines, same_account
from .facts import DOCTYPE, LINE, TRANSACTION

DRAFT, TAKEN_BACK = "Draft", "Taken Back"
ZERO = Decimal(0)
SAID = 2000
UNCHOSEN = {**dict.fromkeys(chosen_columns.FORM_FIELDS, ""), "first_line": 1, "decimal_comma": 0, "money_out_positive": 0}


def complete(doc: Any) -> None:
    """Read the file of an import that is saved, and fill in all that the app says of it. Throws, with a sentence, where there is nothing that could be imported."""
    before = doc.get_doc_before_save()
    if before is not None and before.get("state") != DRAFT:
        frappe.throw(html(in_words(_("It is begun, so nothing of it can be changed: make a new one for another file"))))
    try:
        account = _account(doc)
        content = facts.content(str(doc.statement_file or ""))
        form = reading.form_of(content)
        digest = hashlib.sha256(content).hexdigest()
        same = before is not None and before.get("content_hash") == digest and before.get("bank_account") == doc.bank_account
        doc.set("content_hash", digest)
        doc.set("file_format", form)
        earlier = facts.imported_before(account.name)
        statement, problem = _of_a_sheet(doc, content, same, earlier) if form == reading.CSV else (_alone(content), None)
        confirmed = next((str(row["account_in_file"] or "") for row in earlier if row["is_this_account"]), "")
        one = _chosen(account, statement, confirmed, form) if statement else None
    except Unreadable as unreadable:
        frappe.throw(html(in_words(unreadable.why)))
        raise
    if isinstance(one, Unreadable):
        problem, one = one.why, None
    _fill(doc, account, one, problem)
    _ask(doc, account, one, confirmed)
    doc.statement_read = (account, one)


def _account(doc: Any) -> facts.Account:
    """The bank account, which the user may see, and of which he may make Bank Transactions."""
    frappe.has_permission("Bank Account", "read", doc=doc.bank_account, throw=True)
    account = facts.account(str(doc.bank_account))
    may_make(account)
    doc.set("company", account.company)
    doc.set("currency", account.currency)
    return account


def may_make(account: facts.Account, *rights: str) -> None:
    """Throws unless the user may make (or `rights`) Bank Transactions of this bank account."""
    line = frappe.get_doc({"doctype": TRANSACTION, "company": account.company, "bank_account": account.name})
    for right in rights or ("create", "submit"):
        frappe.has_permission(TRANSACTION, right, throw=True)
        frappe.has_permission(TRANSACTION, right, doc=line, throw=True)


def _alone(content: bytes) -> Sequence[Statement]:
    return reading.read(content)


def _of_a_sheet(doc: Any, content: bytes, same: bool, earlier: list[dict[str, Any]]) -> tuple[Sequence[Statement], Text | None]:
    """The statements of a CSV, and what keeps it from being read. `same`: the person has seen this file's columns, so the form's count."""
    rows = spreadsheet.table(content)
    known, named = chosen_columns.loaded(doc.get("sheet")) if same else (None, [])
    try:
        if same:
            columns = chosen_columns.of_the_form(doc.as_dict(), max(len(row) for row in rows), known)
            named = chosen_columns.headings(rows, columns.first_row)
        else:
            for field, value in UNCHOSEN.items():
                doc.set(field, value)
            columns = _remembered(rows, earlier) or spreadsheet.suggest(rows)
            named = chosen_columns.headings(rows, columns.first_row)
            _show(doc, columns, named)
        columns = spreadsheet.settled(rows, columns)
        _show(doc, columns, named)
        return reading.read(content, columns), None
    except Unreadable as unreadable:
        if not doc.get("sheet") or not same:
            doc.set("sheet", chosen_columns.kept(known, named or chosen_columns.headings(rows, 0)))
        return (), unreadable.why


def _show(doc: Any, columns: Columns, named: Sequence[str]) -> None:
    for field, value in chosen_columns.on_the_form(columns, named).items():
        doc.set(field, value)
    doc.set("sheet", chosen_columns.kept(columns, named))


def _remembered(rows: Sequence[Sequence[str]], earlier: list[dict[str, Any]]) -> Columns | None:
    """The columns of the account's last file with the same headings."""
    for row in earlier:
        columns, named = chosen_columns.loaded(row["sheet"])
        if columns is not None and chosen_columns.fits(columns, named, rows):
            return columns
    return None


def _chosen(account: facts.Account, statements: Sequence[Statement], confirmed: str, form: str) -> Statement | Unreadable:
    """The account's own statement; of a CSV what is wrong with it, since other columns may be right."""
    try:
        one = same_account.chosen(statements, account.numbers, confirmed)
        balances.currency(one, account.currency)
        return one
    except Unreadable as unreadable:
        if form != reading.CSV:
            raise
        return unreadable


def _fill(doc: Any, account: facts.Account, statement: Statement | None, problem: Text | None) -> None:
    """Everything that the app says, whatever was sent."""
    found = statement.lines if statement else ()
    days = [line.date for line in found]
    if statement is not None and not found:
        problem = _("The file holds no line")
    cure = _("Choose the columns below, and save") if problem is not None and doc.file_format == reading.CSV else NONE
    values: dict[str, Any] = {
        "state": DRAFT,
        "phase": "",
        "account_in_file": stored(statement.account)[: lines.LONGEST] if statement else "",
        "from_date": min(days, default=None),
        "to_date": max(days, default=None),
        "lines": len(found),
        "opening_balance": (statement.opening if statement else None) or ZERO,
        "closing_balance": (statement.closing if statement else None) or ZERO,
        "has_opening": int(statement is not None and statement.opening is not None),
        "has_closing": int(statement is not None and statement.closing is not None),
        "total": sum((line.amount for line in found), ZERO),
        **dict.fromkeys(("started_at", "started_by", "finished_at", "due_at")),
        **dict.fromkeys(("compared", "compared_parts"), ""),
        **said("reason", problem or NONE),
        "cure": stored(cure),
        "reason_parts": dump(reason=problem or NONE, cure=cure),
    }
    if doc.file_format != reading.CSV:
        values |= {**UNCHOSEN, "sheet": ""}
    findings = [*(statement.remarks if statement else ()), *((balances.of_the_file(statement),) if found and statement else ())]
    feed = facts.feed(account.ledger)
    warning = warns(account.ledger, feed) if feed is not None else None
    values |= said("findings", each_on_a_line([*((warning,) if warning else ()), *findings]) if warning or findings else NONE)
    for field, value in values.items():
        doc.set(field, value)


def _ask(doc: Any, account: facts.Account, statement: Statement | None, confirmed: str) -> None:
    """Where it is not sure whose statement it is, a person says it."""
    doubt = same_account.doubt(statement, account.numbers, confirmed) if statement else None
    for field, value in said("account_doubt", doubt or NONE).items():
        doc.set(field, value)
    if statement is not None and confirmed and same_account.same(statement.account, confirmed):
        doc.set("is_this_account", 1)
    elif doubt is None:
        doc.set("is_this_account", 0)


def said(field: str, text: Text) -> dict[str, str]:
    """A text as a row keeps it, with what it is made of."""
    return {field: stored(text[:SAID]), f"{field}_parts": dump(**{field: text})}


def write_lines(doc: Any) -> None:
    """After it is saved: its lines, and how many of them are there already. Part of the caller's transaction."""
    account, statement = doc.statement_read
    if statement is None:
        frappe.db.delete(LINE, {"statement_import": doc.name})
        figures = dict.fromkeys(lines.FIGURES.values(), 0)
    else:
        figures = lines.write(doc.name, account, statement)
    frappe.db.set_value(DOCTYPE, doc.name, figures, update_modified=False)
    for field, value in figures.items():
        doc.set(field, value)


def before_delete(doc: Any) -> None:
    """Throws where Bank Transactions stand that it has made, or where it runs; its lines go with it."""
    if doc.state == "Running":
        frappe.throw(html(in_words(_("It is running: stop it first"))))
    if frappe.db.exists(LINE, {"statement_import": doc.name, "state": ("in", (lines.MADE, lines.STAYS))}):
        frappe.throw(html(in_words(_("Bank Transactions stand that it has made: press Take Back first"))))
    frappe.db.delete(LINE, {"statement_import": doc.name})


def offer(doc: Any) -> None:
    """The columns that can be chosen, for the form."""
    _columns, named = chosen_columns.loaded(doc.get("sheet"))
    doc.set_onload("columns", [f"{at}: {name}".rstrip(": ") for at, name in enumerate(named, start=1)])
