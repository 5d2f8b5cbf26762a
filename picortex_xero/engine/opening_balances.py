"""Beginning an import of what was open at a date: not while the check against Xero's trial balance speaks against it."""

from __future__ import annotations

import frappe

from ..connection import periods
from ..documents.history import words
from ..documents.rules.kinds import BILL, DOCTYPES, INVOICE
from . import history, opening_check, openings
from .screen_texts import html, in_words

CONNECTION = "Xero Connection"
KINDS = (INVOICE, BILL)


def begin(connection: str, at: str) -> str:
    """Check once more, and begin; its name. `at`: the day at whose end documents are open (yyyy-mm-dd). Throws the reason where it is refused. Commits."""
    doc = frappe.get_doc(CONNECTION, connection)
    first = first_day(doc.company, at)
    history.range_of(connection, first, at, KINDS, words.OPENING)
    account = openings.account_of(doc.company)
    found = opening_check.check(connection, at)
    if found.refused:
        frappe.throw(html(f"{in_words(found.refused)}. {in_words(found.cure)}"))
    return history.start(
        connection, words.OPENING, first, at, KINDS, opening_account=account, first_open_day=periods.of(doc).first_open_day or None
    )


def first_day(company: str, at: str) -> str:
    """The day of the oldest invoice or bill, or `at` where there is none before."""
    days = [
        frappe.db.sql(
            f"SELECT MIN(`posting_date`) FROM `tab{DOCTYPES[kind]}` WHERE `company`=%(company)s AND `docstatus`=1", {"company": company}
        )[0][0]
        for kind in KINDS
    ]
    return min([str(each) for each in days if each] + [at])
