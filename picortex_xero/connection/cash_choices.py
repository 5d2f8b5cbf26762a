"""What becomes of the cash that Xero's bank shows without a document, as people choose it for each bank or cash account: checked against Xero's lists before it is kept, and
noted in the history of the connection."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.texts import Text, _, joined
from ..documents.cash_summary.summary import booking
from ..engine import chosen, full_names, log
from ..engine.cash_summaries import CHOICE, SUMMARISE
from ..engine.screen_texts import html, in_words
from . import xero_lists

CODE_IN_XERO = "Code in Xero"
CHOICES = (CODE_IN_XERO, SUMMARISE)
BOOKED = ("from_date", "received_account", "received_tax_type", "paid_account", "paid_tax_type")
# Kept by the app (engine/cash_summaries.py).
OURS = ("summarised_until", "looked_at")


def check(doc: Any) -> None:
    """Complete a Xero Cash Choice. Throws where money could not be posted so: no day, an account or tax that is missing, is not in Xero, or does not fit the other."""
    xero_lists.keep_unique(doc, doc.account)
    before = doc.get_doc_before_save()
    for field in OURS:
        doc.set(field, before.get(field) if before else None)
    for field in ("received_account", "paid_account"):
        if doc.get(field) and frappe.db.get_value("Account", doc.get(field), "company") != doc.company:
            _refuse(_("{account} is no account of {company}").format(account=doc.get(field), company=doc.company))
    if doc.choice != SUMMARISE:
        for field in BOOKED:
            doc.set(field, None)
        return
    _check_day(doc)
    if before is None or before.choice != SUMMARISE or str(before.from_date) != str(doc.from_date):
        for field in OURS:
            doc.set(field, None)
    mapping = chosen.mapping(frappe.get_doc("Xero Connection", doc.connection))
    for way, missing in (
        ("received", _("Choose the account that money received on {account} goes to")),
        ("paid", _("Choose the account that money paid from {account} goes to")),
    ):
        account, tax = doc.get(f"{way}_account"), doc.get(f"{way}_tax_type")
        if not account:
            _refuse(missing.format(account=doc.account))
        problems = booking(mapping, doc.account, account, tax or "")[3]
        if problems:
            _refuse(joined(". ", [problems[0].message, problems[0].resolution]))


def _check_day(doc: Any) -> None:
    if not doc.from_date:
        _refuse(_("Choose the first day that is summarised"))
    began = frappe.db.get_value("Xero Connection", doc.connection, "go_live_date")
    if began and getdate(doc.from_date) < getdate(began):
        _refuse(_("Documents go to Xero from {date} on: choose that day or a later one").format(date=str(began)))


def _refuse(why: Text) -> None:
    frappe.throw(html(in_words(why)))


def changed(doc: Any) -> None:
    """A choice was saved: whoever reads the history sees who has chosen what."""
    log.of_connection(
        doc.connection, _("{user} chose for cash of {account} without a document: {what}").format(
            user=full_names.mine(), account=doc.account, what=said(doc)
        )
    )  # fmt: skip


def removed(doc: Any) -> None:
    """A choice is deleted: the account is coded in Xero again."""
    log.of_connection(
        doc.connection, _("{user} removed the choice for cash of {account} without a document: it is coded in Xero").format(
            user=full_names.mine(), account=doc.account
        )
    )  # fmt: skip


def said(doc: Any) -> Text:
    """A choice in words."""
    if doc.choice != SUMMARISE:
        return _("it is coded in Xero; what was summarised stays there")
    received, paid = (_goes_to(doc.get(f"{way}_account"), doc.get(f"{way}_tax_type")) for way in ("received", "paid"))
    return _("summarised daily from {date} on, received to {received}, paid to {paid}").format(
        date=str(doc.from_date), received=received, paid=paid
    )


def _goes_to(account: str, tax_type: str | None) -> Text:
    if not tax_type:
        return _("{account} without tax").format(account=account)
    return _("{account} with the tax {tax}").format(account=account, tax=tax_type)


def shown(connection: str) -> list[dict[str, Any]]:
    """What was chosen, by account."""
    fields = ["account", "choice", *BOOKED, "summarised_until"]
    rows = frappe.get_all(CHOICE, filters={"connection": connection}, fields=fields, order_by="account asc")
    return [{field: str(row[field] or "") for field in fields} for row in rows]


def save(connection: str, account: str, chosen: dict[str, Any]) -> str:
    """Keep what was chosen for an account; its row. Throws as `check`. Part of the caller's transaction."""
    name = frappe.db.get_value(CHOICE, {"connection": connection, "account": account}, "name")
    doc = frappe.get_doc(CHOICE, name) if name else frappe.get_doc({"doctype": CHOICE, "connection": connection, "account": account})
    for field, value in chosen.items():
        doc.set(field, value or None)
    doc.save()
    return str(doc.name)
