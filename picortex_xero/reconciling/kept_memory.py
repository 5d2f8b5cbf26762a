"""What a person says of a payee (a row of Xero Bank Memory): fixed, forgotten, or added."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import _
from ..banking.memory import ALWAYS, FORGOTTEN, LEARNED
from ..banking.payees import same, telling
from ..banking.values import Coding
from ..engine.screen_texts import html, in_words
from . import codings
from .kept_rules import IN, OUT, look_again
from .plan import CannotBeDone
from .rows import MEMORY


def complete(doc: Any) -> None:
    """Make the payee what lines are compared with, and a coding that a person has changed his own. Throws where it could not be followed, or stands there already."""
    before = doc.get_doc_before_save()
    coding = codings.of_row(doc.as_dict())
    for name, value in codings.as_row(coding).items():
        doc.set(name, value)
    if before is not None and codings.of_row(before.as_dict()) != coding and doc.state == LEARNED:
        doc.state = ALWAYS
    doc.state = doc.state or ALWAYS
    try:
        doc.payee = telling(str(doc.payee or ""))
        if not doc.payee:
            raise CannotBeDone(_("A payee has words of three letters at least, besides those that banks print with every line"))
        if doc.direction not in (IN, OUT):
            raise CannotBeDone(_("Say whether it is money in or money out"))
        if doc.state != FORGOTTEN:
            codings.check(coding, str(doc.company))
        if any(name != doc.name and known == coding for name, known in _others(doc).items()):
            raise CannotBeDone(_("{payee} stands there so already: change that row").format(payee=doc.payee))
    except CannotBeDone as error:
        frappe.throw(html(in_words(error.said)))
    if before is None:
        doc.times, doc.last_day, doc.seen_in = 0, None, ""


def changed(doc: Any) -> None:
    """One row of a payee is always so; the others are counted again. What is proposed is not made of what is so now."""
    if doc.state == ALWAYS:
        for name in _others(doc):
            if name != doc.name and frappe.db.get_value(MEMORY, name, "state") == ALWAYS:
                frappe.db.set_value(MEMORY, name, "state", LEARNED)
    look_again(str(doc.company))


def _others(doc: Any) -> dict[str, Coding]:
    """The rows of the payee, by name."""
    mine = {"company": doc.company, "direction": doc.direction}
    rows = frappe.get_all(MEMORY, filters=mine, fields=["name", "payee", *codings.FIELDS])
    return {str(row["name"]): codings.of_row(row) for row in rows if same(str(row["payee"])) == same(str(doc.payee))}


def remember(company: str, payee: str, comes_in: bool, coding: Coding) -> None:
    """A person says: always so. Part of the caller's transaction."""
    if not telling(payee):
        return
    values = {"company": company, "payee": payee, "direction": IN if comes_in else OUT, **codings.as_row(coding)}
    doc = frappe.get_doc({"doctype": MEMORY, "state": ALWAYS, **values})
    found = next((name for name, known in _others(doc).items() if known == coding), None)
    if found:
        doc = frappe.get_doc(MEMORY, found)
        doc.state = ALWAYS
        doc.save()
    else:
        doc.insert()
