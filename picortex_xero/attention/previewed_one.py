"""One document previewed: ERPNext on the left, and on the right each record as Xero's screen would show it, with the very request."""

from __future__ import annotations

from typing import Any

import frappe
import simplejson

from ..accounting.mapping import Mapping
from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents import registry
from ..documents.fact_types import DOCUMENT
from ..documents.identity import INVOICE_DOCTYPES, is_opening, moment
from ..documents.invoice.booked import needs_of_ledger, with_ledger
from ..documents.invoice.tax_rows import tax_in
from ..documents.needs import Facts
from ..documents.preview import Preview, Previewed
from ..documents.translation import Reason
from ..engine import gather
from ..engine.contexts import books_of
from ..engine.preview import whole
from ..engine.screen_texts import in_words, shown
from ..xero.records.base import XeroObject
from ..xero.records.registry import KINDS, MANUAL_JOURNAL
from . import as_in_xero, wording
from .as_in_xero import Names
from .xero_names import XeroNames

CONNECTION = "Xero Connection"


def document(connection: str, doctype: str, name: str, may_read: bool, agreed: bool = False) -> dict[str, Any]:
    """What one document would become: `steps`, each as Xero's screen shows it (as_in_xero.py), with its payload, why, and what was assumed; `sides`:
    figures here and there, with what differs; `lines` here, in `currency`. Values are unformatted, with `as` beside them. `may_read`: whether the user may
    read the document itself; `agreed`: as if everybody had agreed whom a rule asks."""
    found = whole(connection, doctype, name, agreed)
    facts = Facts()
    books = books_of(frappe.get_doc(CONNECTION, connection))
    gather.load(books, DOCUMENT.of([(doctype, name)]), facts)
    doc = facts.get(DOCUMENT, (doctype, name)) or {}
    if doctype in INVOICE_DOCTYPES and is_opening(doc):
        gather.load(books, needs_of_ledger(doc), facts)
        doc = with_ledger(doc, facts)
    own = [each for each in found.steps if (each.who.doctype, each.who.name, each.who.creation) == (doctype, name, moment(doc["creation"]))]
    main = next((each for each in own if each.body), None)
    shows = _Shows(connection, doc, found, books.mapping.base_currency)
    return {
        "doctype": doctype,
        "name": name,
        "currency": registry.shown_worth(doc).currency or books.mapping.base_currency,
        "steps": [_step(each, shows) for each in found.steps],
        "sides": _sides(doc, main, shows, books.mapping) if may_read else [],
        "lines": _lines_here(doc) if may_read else [],
    }


class _Shows:
    """What stands behind Xero's codes and ids in one preview: its lists, what was sent before, and what this document would make first."""

    def __init__(self, connection: str, doc: dict[str, Any], found: Preview, base_currency: str) -> None:
        self.lists = XeroNames(connection)
        self._connection, self._base = connection, base_currency
        self._own = registry.shown_worth(doc).currency or base_currency
        self._made = {each.xero_id: each for each in found.links}
        self._kept: dict[str, dict[str, Any]] = {}

    def names(self, its: XeroObject, body: dict[str, Any]) -> Names:
        """The names for one record, with the currency of its amounts."""
        return Names(self.lists.account, self.lists.tax, self.record, self._currency(its, body), self.lists.rate)

    def record(self, xero_id: str) -> str:
        """How the record with this id is called: a contact's name, an invoice's number; the document's name where it has none."""
        if made := self._made.get(xero_id):
            return made.xero_number or made.who.name
        known = self._link(xero_id)
        return shown(known.get("xero_number") or known.get("reference_name") or "")

    def _currency(self, its: XeroObject, body: dict[str, Any]) -> str:
        if code := body.get("CurrencyCode"):
            return str(code)
        if its is MANUAL_JOURNAL:
            return self._base
        if as_in_xero.moves_a_bank(its) or as_in_xero.account_ids(body) and not as_in_xero.settled_ids(body):
            return next((code for each in as_in_xero.account_ids(body) if (code := self.lists.currency(each))), self._base)
        for xero_id in as_in_xero.settled_ids(body):
            if code := self._link(xero_id).get("currency"):
                return str(code)
        return self._own

    def _link(self, xero_id: str) -> dict[str, Any]:
        if xero_id not in self._kept:
            fields = ["xero_number", "reference_name", "currency"]
            row = frappe.db.get_value("Xero Link", {"connection": self._connection, "xero_id": xero_id}, fields, as_dict=True)
            self._kept[xero_id] = dict(row or {})
        return self._kept[xero_id]


def _step(step: Previewed, shows: _Shows) -> dict[str, Any]:
    kind = KINDS.get(step.kind)
    found: dict[str, Any] = {
        "document": step.who.name,
        "outcome": step.outcome,
        "what": in_words(wording.of_role(step.role, step.who.doctype)),
        "status": "",
        "fields": [],
        "lines": {"columns": [], "rows": []},
        "totals": [],
        "currency": "",
        "request": "",
        "json": "",
        "reasons": [_reason(each, shows) for each in step.reasons],
        "problems": _told(step.problems),
        "assumptions": _told(step.assumptions),
    }
    if not kind or step.body is None:
        return found
    its, body = kind.xero_object, step.body
    names = shows.names(its, body)
    return {
        **found,
        "what": in_words(as_in_xero.called(its, str(body.get("Type") or ""), step.who.doctype)),
        "status": in_words(as_in_xero.status(its, body)),
        "fields": _said(as_in_xero.fields(its, body, names)),
        "lines": _table(as_in_xero.lines(its, body, names)),
        "totals": _said(as_in_xero.totals(its, body, step.total, step.tax, names)),
        "currency": names.currency,
        "request": f"{kind.method} {step.path}",
        "json": simplejson.dumps(kind.body([body]), use_decimal=True, indent=1, ensure_ascii=False),
    }


def _said(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "label": in_words(each["label"]), "value": in_words(each["value"])} for each in found]


def _table(found: dict[str, Any]) -> dict[str, Any]:
    return {"columns": [{**each, "label": in_words(each["label"])} for each in found["columns"]], "rows": found["rows"]}


def _reason(reason: Reason, shows: _Shows) -> list[str]:
    account, tax = shows.lists.account(reason.account), shows.lists.tax(reason.tax_type)
    return [reason.line, account, in_words(reason.account_why), tax, in_words(reason.tax_why)]


def _told(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [{"message": in_words(each.message), "cure": in_words(each.resolution)} for each in problems]


def _lines_here(doc: dict[str, Any]) -> list[dict[str, str]]:
    rows = doc.get("items") or doc.get("accounts") or doc.get("references") or []
    found = []
    for row in rows:
        what = row.get("item_name") or row.get("user_remark") or row.get("reference_name") or row.get("account") or ""
        account = row.get("income_account") or row.get("expense_account") or row.get("account") or ""
        amount = row.get("net_amount", row.get("allocated_amount", decimal(row.get("debit")) - decimal(row.get("credit"))))
        found.append(
            {
                "description": str(what),
                "quantity": _value(row.get("qty"), as_in_xero.NUMBER),
                "amount": _number(amount),
                "account": str(account),
                "cost_center": str(row.get("cost_center") or ""),
            }
        )
    return found


def _number(value: Any) -> str:
    return "" if value is None else f"{decimal(value):f}"


def _sides(doc: dict[str, Any], main: Previewed | None, shows: _Shows, mapping: Mapping) -> list[dict[str, Any]]:
    """The figures of a document beside those of its own record: `label`, `here`, `there`, `as`, and whether they differ."""
    body = (main.body or {}) if main else {}
    worth = registry.shown_worth(doc)
    contact = shows.record(str((body.get("Contact") or {}).get("ContactID") or ""))
    rate = (
        doc.get("conversion_rate")
        if doc.get("currency") != frappe.db.get_value("Company", doc.get("company"), "default_currency")
        else None
    )
    its = KINDS[main.kind].xero_object if main else None
    status = as_in_xero.status(its, body) if its else ""
    total = main and (main.total if main.total is not None else body.get("Amount"))
    pairs = [
        (_("Contact"), doc.get("customer_name") or doc.get("supplier_name") or doc.get("party_name"), contact, as_in_xero.TEXT),
        # Of a bill Xero shows the supplier's number.
        (
            _("Number"),
            (doc["doctype"] == "Purchase Invoice" and doc.get("bill_no")) or doc.get("name"),
            its.number(body) if its else "",
            as_in_xero.TEXT,
        ),
        (_("Date"), doc.get("posting_date"), body.get("Date"), as_in_xero.DATE),
        (_("Due date"), doc.get("due_date"), body.get("DueDate"), as_in_xero.DATE),
        (_("Currency"), worth.currency, body.get("CurrencyCode"), as_in_xero.TEXT),
        (_("Exchange rate"), rate, body.get("CurrencyRate"), as_in_xero.NUMBER),
        (_("Tax"), tax_in(doc, mapping, main.tax if main else None), main.tax if main else None, as_in_xero.MONEY),
        (_("Total"), worth.amount, total, as_in_xero.MONEY),
        (_("Arrives as"), "", status and in_words(status), as_in_xero.TEXT),
    ]
    explained = set()
    if total is not None and (settled := decimal(doc.get("settled_before"))):
        # Only what is still open goes: the whole total here is no difference where the rest was paid before.
        still_open = decimal(worth.amount) - settled
        pairs.insert(-1, (_("Still open"), still_open, total, as_in_xero.MONEY))
        explained |= {"Total"} if abs(still_open) == abs(decimal(total)) else set()
    found = []
    for label, here, there, kind in pairs:
        one, other = _value(here, kind), _value(there, kind)
        # The rate of the document stands the other way round in Xero.
        differs = bool(one and other) and one != other and label not in ("Exchange rate", *explained)
        if one or other:
            found.append({"label": in_words(label), "here": one, "there": other, "as": kind, "differs": differs})
    return found


def _value(value: Any, kind: str) -> str:
    """A value of either side in one spelling, so that the same is the same; "" for none."""
    if value is None or value == "":
        return ""
    if kind in (as_in_xero.MONEY, as_in_xero.NUMBER):
        number = decimal(value).normalize()
        return f"{abs(number) if kind == as_in_xero.MONEY else number:f}"
    return str(value)[:10] if kind == as_in_xero.DATE else str(value)
