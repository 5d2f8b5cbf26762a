"""A company's rules for bank lines as they are kept (Xero Bank Rule)."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import _
from ..banking.rules import Rule
from ..engine.screen_texts import html, in_words
from . import codings
from .plan import CannotBeDone
from .rows import RULE, SETTING

IN, OUT, BOTH = "Money In", "Money Out", "Money In and Out"
SHORTEST = 2


def of(company: str, off_too: bool = False) -> list[Rule]:
    """The rules of a company that are switched on, in their order; `off_too`: all of them."""
    fields = [
        "name",
        "title",
        "bank_account",
        "direction",
        "text_contains",
        "payee_contains",
        "least_amount",
        "most_amount",
        *codings.FIELDS,
    ]
    rows = frappe.get_all(
        RULE,
        filters={"company": company, **({} if off_too else {"enabled": 1})},
        fields=fields,
        order_by="place asc, creation asc, name asc",
    )
    return [rule(row) for row in rows]


def rule(row: Any) -> Rule:
    """A row as the matching takes it."""
    return Rule(
        str(row["name"]),
        str(row["title"] or ""),
        codings.of_row(row),
        str(row["bank_account"] or ""),
        None if row["direction"] not in (IN, OUT) else row["direction"] == IN,
        _lines(row["text_contains"]),
        _lines(row["payee_contains"]),
        decimal(row["least_amount"]) or None,
        decimal(row["most_amount"]) or None,
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (each.strip() for each in (text or "").splitlines()))))


def complete(doc: Any) -> None:
    """Give a rule its place. Throws where it could not be followed, or would catch everything."""
    doc.title = str(doc.title or "").strip()
    doc.direction = doc.direction or BOTH
    made = rule({**dict.fromkeys(("bank_account",)), **doc.as_dict(), "name": doc.name or ""})
    try:
        _conditions(doc, made)
        codings.check(made.coding, str(doc.company))
    except CannotBeDone as error:
        frappe.throw(html(in_words(error.said)))
    if not int(doc.place or 0):
        last = frappe.get_all(RULE, filters={"company": doc.company}, pluck="place", order_by="place desc", limit=1)
        doc.place = int(last[0] or 0) + 10 if last else 10


def _conditions(doc: Any, made: Rule) -> None:
    if not (made.texts or made.payees or made.least or made.most):
        raise CannotBeDone(_("A rule wants a text, a payee or an amount: without any it would catch every line"))
    if any(len(each) < SHORTEST for each in (*made.texts, *made.payees)):
        raise CannotBeDone(_("A text of a rule has two characters at least"))
    if (made.least or ZERO) < ZERO or (made.most or ZERO) < ZERO or (made.least and made.most and made.least > made.most):
        raise CannotBeDone(_("The amounts of a rule are without sign, the lower one first"))
    if made.bank_account and frappe.db.get_value("Bank Account", made.bank_account, "company") != doc.company:
        raise CannotBeDone(_("{name} is not of {company}").format(name=made.bank_account, company=doc.company))


def changed(doc: Any) -> None:
    """What is proposed in the company is not made of what is so now."""
    look_again(str(doc.company))


def look_again(company: str) -> None:
    """The next look at the company's lines is not put off."""
    for name in frappe.get_all(SETTING, filters={"company": company}, pluck="name"):
        frappe.db.set_value(SETTING, name, "looked_at_stamp", "", update_modified=False)
