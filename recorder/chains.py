"""Records named chains of events through ERPNext: what was typed, and everything that each event changed.

A `Chain` watches its own documents: before and after each event it reads every one of them, their ledger rows
and (through a real `doc_events` handler) which events Frappe sent to apps. It computes no figure.
"""

from __future__ import annotations

import copy
import sys
import types
from collections.abc import Callable
from typing import Any

import frappe

from recorder.documents import GL_FIELDS
from recorder.packing import OF_PARENT, pack

Case = Callable[["Chain"], None]
CASES: list[tuple[str, str, str, Case]] = []  # (country code, case, title, what happens), in the order of recording

WATCHED = (
    "Sales Order", "Purchase Order", "Purchase Receipt", "Delivery Note", "Sales Invoice", "Purchase Invoice",
    "Payment Entry", "Journal Entry", "POS Opening Entry", "POS Invoice", "POS Closing Entry", "POS Invoice Merge Log",
    "Stock Entry", "Asset", "Asset Depreciation Schedule", "Process Deferred Accounting", "Unreconcile Payment",
    "Repost Accounting Ledger", "Exchange Rate Revaluation", "Landed Cost Voucher", "Bank Transaction",
)  # fmt: skip
EVENTS = (
    "before_insert", "after_insert", "before_validate", "validate", "before_submit", "on_update", "on_submit",
    "before_cancel", "on_cancel", "before_update_after_submit", "on_update_after_submit", "on_change",
    "before_rename", "after_rename", "on_trash", "after_delete",
)  # fmt: skip
SILENT = {  # rows that ERPNext writes through documents for itself; no app syncs them
    "GL Entry", "Payment Ledger Entry", "Stock Ledger Entry", "Bin", "Version", "Comment", "Activity Log", "Error Log",
    "Deleted Document", "Repost Item Valuation", "Series", "Access Log", "Serial and Batch Bundle", "Property Setter",
}  # fmt: skip
ROW_FIELDS = ["name", "voucher_type", "voucher_no", "is_cancelled", "is_opening", "creation", *GL_FIELDS]
_SPY = "erpnext.event_spy"  # Frappe looks handlers up in installed apps only: the spy lives in a module of that name


def case(name: str, title: str, country: str = "NZ") -> Callable[[Case], Case]:
    """Registers a function that makes the events of one named case."""

    def keep(make: Case) -> Case:
        CASES.append((country, name, title, make))
        return make

    return keep


def as_a_new_request() -> None:
    """Drop what Frappe keeps for one web request and never clears in a process that goes on: the map of dynamic links
    (newer parties would be missing) and the documents being saved (after a refusal, `modified` would stay as it was)."""
    frappe.local.dynamic_link_map = None
    frappe.flags.currently_saving = []


class _Spy:
    """The doc_events that Frappe sent to apps since the last `take`, in order, runs of one document joined."""

    def __init__(self) -> None:
        self.fired: list[list[Any]] = []
        module = types.ModuleType(_SPY)
        module.note = self.note  # type: ignore[attr-defined]
        sys.modules[_SPY] = module

    def arm(self) -> None:
        """Add the handler to those of the site's apps, as `doc_events = {"*": ...}` of a hooks.py would."""
        everywhere = frappe.get_doc_hooks().setdefault("*", {})
        for event in EVENTS:
            handlers = everywhere.setdefault(event, [])
            if f"{_SPY}.note" not in handlers:
                handlers.append(f"{_SPY}.note")

    def note(self, doc: Any, event: str, *_args: Any) -> None:
        if doc.doctype in SILENT or doc.meta.istable:
            return
        if not self.fired or self.fired[-1][:2] != [doc.doctype, doc.name]:
            self.fired.append([doc.doctype, doc.name, []])
        self.fired[-1][2].append(event)

    def take(self) -> list[list[Any]]:
        self.fired, taken = [], self.fired
        return taken


SPY = _Spy()


class Chain:
    """One case of one company: events in order, each with all that it changed."""

    def __init__(self, books: Any, name: str, title: str) -> None:
        self.books, self.name, self.title = books, name, title
        self.events: list[dict[str, Any]] = []
        self.parties: list[tuple[str, str]] = []
        self.masters: dict[str, list[dict[str, Any]]] = {}
        self._before = {doctype: set(frappe.get_all(doctype, pluck="name")) for doctype in WATCHED}
        self._docs: dict[tuple[str, str], dict[str, Any]] = {}
        self._rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._read()

    def customer(self, currency: str | None = None, account: str | None = None) -> str:
        """A new customer of this case; see `CaseBooks.party`."""
        return self._party("Customer", currency, account)

    def named(self, kind: str, name: str) -> str:
        """A new customer or supplier of that very name."""
        return self._party(kind, None, None, name)

    def supplier(self, currency: str | None = None, account: str | None = None) -> str:
        return self._party("Supplier", currency, account)

    def _party(self, kind: str, currency: str | None, account: str | None, called: str | None = None) -> str:
        name: str = self.books.party(kind, currency, account, called)
        self.parties.append((kind, name))
        self.own(kind, name)
        return name

    def own(self, doctype: str, name: str) -> None:
        """Keep a master made for this case, as it is now, among the case's masters."""
        self.masters.setdefault(doctype, []).append(pack(frappe.get_doc(doctype, name)))

    def submit(self, typed: dict[str, Any]) -> Any:
        """Insert and submit what was typed; returns the host's document."""

        def do() -> Any:
            doc = frappe.get_doc(copy.deepcopy(typed))  # the host writes into what it is given
            doc.insert()
            doc.submit()
            return doc

        return self.event("submit", do, typed)

    def refused(self, typed: dict[str, Any]) -> None:
        """Type what ERPNext refuses, and record its words."""
        self.refused_doing(typed, typed, lambda: frappe.get_doc(copy.deepcopy(typed)).insert())

    def refused_change(self, doc: Any, changes: dict[str, Any]) -> None:
        """Change what a submitted document does not allow, and record ERPNext's words."""
        fresh = frappe.get_doc(doc.doctype, doc.name)
        fresh.update(changes)
        self.refused_doing({"doctype": doc.doctype, "name": doc.name}, changes, fresh.save)

    def refused_doing(self, of: dict[str, Any], typed: dict[str, Any], do: Callable[[], Any]) -> None:
        """Do what ERPNext refuses to the document `of`, and record its words; nothing of it stays."""
        frappe.db.commit()
        try:
            do()
        except frappe.ValidationError as error:
            frappe.db.rollback()
            record = {"event": "refused", "doctype": of["doctype"], "name": of.get("name"), "input": typed}
            self.events.append({**record, "error": f"{type(error).__name__}: {frappe.utils.strip_html_tags(str(error))}"})
        else:
            raise AssertionError(f"{self.name}: ERPNext accepted what it was said to refuse: {typed}")

    def save(self, typed: dict[str, Any]) -> Any:
        """Insert a document that has no submit, or leave it a draft."""
        return self.event("save", lambda: frappe.get_doc(copy.deepcopy(typed)).insert(), typed)

    def cancel(self, doc: Any) -> Any:
        def do() -> Any:
            fresh = frappe.get_doc(doc.doctype, doc.name)
            fresh.cancel()
            return fresh

        return self.event("cancel", do, {})

    def amend(self, doc: Any, typed: dict[str, Any]) -> Any:
        """Submit what was typed as the amendment of a cancelled document."""
        return self.submit({**typed, "amended_from": doc.name})

    def update(self, doc: Any, changes: dict[str, Any], line: dict[str, Any] | None = None) -> Any:
        """Change a submitted document where the host allows it; `line` changes its first item."""

        def do() -> Any:
            fresh = frappe.get_doc(doc.doctype, doc.name)
            fresh.update(changes)
            if line:
                fresh.get("items")[0].update(line)
            fresh.save()
            return fresh

        return self.event("update", do, {**changes, **({"items": [line]} if line else {})})

    def event(self, kind: str, do: Callable[[], Any], typed: dict[str, Any]) -> Any:
        """Run `do`, which returns the document that was acted on, commit, and record all that changed.

        For a `tool` (a form that is not stored) `do` returns {"doctype", "name"} and `typed` says what was chosen.
        """
        as_a_new_request()
        SPY.arm()
        SPY.take()
        docs, rows = self._docs, self._rows
        done = do()
        fired = SPY.take()
        frappe.db.commit()
        frappe.clear_messages()
        self._read()
        key = (done["doctype"] if isinstance(done, dict) else done.doctype, done["name"] if isinstance(done, dict) else done.name)
        record = {"event": kind, "doctype": key[0], "name": key[1], "input": typed, "fired": fired}
        if not isinstance(done, dict):
            done.reload()
            record["doc"] = pack(done)
        ledger = {voucher: found for voucher, found in self._rows.items() if found != rows.get(voucher)}
        if kind == "submit":
            record["gl"] = ledger.pop(key, [])
        record["ledger"] = [{"voucher_type": v[0], "voucher_no": v[1], "rows": found} for v, found in ledger.items()]
        record["after"] = [change for other in self._docs if other != key for change in self._change(other, docs)]
        record["gone"] = [list(other) for other in docs if other not in self._docs]
        self.events.append(record)
        return done

    def _read(self) -> None:
        """Every document of this case and every ledger row of them, as they stand now."""
        docs: dict[tuple[str, str], dict[str, Any]] = {}
        for doctype in WATCHED:
            names = frappe.get_all(doctype, pluck="name", order_by="creation, name")
            for name in names:
                if name not in self._before[doctype]:
                    docs[doctype, name] = frappe.get_doc(doctype, name).as_dict(convert_dates_to_str=True)
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        vouchers = [name for _doctype, name in docs]
        for row in frappe.get_all("GL Entry", {"voucher_no": ["in", vouchers or [""]]}, ROW_FIELDS, order_by="creation, name"):
            rows.setdefault((row.pop("voucher_type"), row.pop("voucher_no")), []).append(pack(dict(row)))
        self._docs, self._rows = docs, rows

    def _change(self, key: tuple[str, str], before: dict[tuple[str, str], dict[str, Any]]) -> list[dict[str, Any]]:
        """What happened to another document: whole where it is new or its rows changed, else its changed fields."""
        now, was = self._docs[key], before.get(key)
        if was is None:
            return [pack(now)]
        changed = {name: value for name, value in now.items() if _plain(value) != _plain(was.get(name))}
        changed |= {name: None for name in was if name not in now}
        if not changed:
            return []
        if any(isinstance(value, list) for value in changed.values()):
            return [pack(now)]
        return [{"doctype": key[0], "name": key[1], **changed}]

    def result(self) -> dict[str, Any]:
        """The case as recorded, with the state in which it left its documents and parties."""
        states = ("docstatus", "status", "outstanding_amount", "unallocated_amount", "total_amount_paid", "advance_paid")
        final: dict[str, dict[str, Any]] = {}
        for (doctype, name), doc in self._docs.items():
            final.setdefault(doctype, {})[name] = {field: doc[field] for field in states if field in doc}
        return {"case": self.name, "title": self.title, "events": self.events, "final": final,
                "parties": [_owed(*party) for party in self.parties], "masters": self.masters}  # fmt: skip


def _plain(value: Any) -> Any:
    """A field's value, or its rows without what they repeat of their parent (which any save changes)."""
    if isinstance(value, list):
        return [{k: v for k, v in row.items() if k not in OF_PARENT} if isinstance(row, dict) else row for row in value]
    return value


def _owed(kind: str, party: str) -> dict[str, Any]:
    """A party's open vouchers by the Payment Ledger, in its account's currency and in the company's."""
    rows = frappe.db.sql(
        """select account, account_currency, against_voucher_type, against_voucher_no,
        sum(amount_in_account_currency) as amount, sum(amount) as base from `tabPayment Ledger Entry`
        where party_type=%s and party=%s and delinked=0
        group by account, account_currency, against_voucher_type, against_voucher_no order by min(creation), against_voucher_no""",
        (kind, party), as_dict=True,
    )  # fmt: skip
    return {"party_type": kind, "party": party, "open": [dict(row) for row in rows if row.amount or row.base]}
