"""What the cure of each cause looks like now (accounting/causes.py names the kinds), as one short hash, its **look**.

A cause is written with the look that its cure had (engine/causes.py); where the look is another one later, what waits for it is decided
anew (engine/release.py). Looks are compared and never ordered: whether a row was saved, imported or written by SQL, by which clock, and
when that was committed, makes no difference.

Mappings, settings and lists are read once, before a run reads its own copy of them (`before`): a choice that is made while the run goes on
is another look then, and not one that the held document has seen. A party or document is read when it is asked for; one that was changed
within the last minutes looks unsettled, so that what was decided on an older state of it is decided once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import cached_property
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting import causes
from ..accounting.causes import Cause
from . import policies, question_holds, write_protection

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
# By kind: the mapping and its field with the host's name; the fields of the connection that stand in for a row.
ROWS = {
    causes.ACCOUNT: ("Account", "account", ("default_sales_account", "default_purchase_account")),
    causes.PAYMENT_ACCOUNT: ("Payment", "account", ("default_payment_account",)),
    causes.TRACKING: ("Tracking", "cost_center", ()),
    causes.DEDUCTION: ("Deduction", "account", ()),
}
# By kind: the date on the connection.
PERIODS = {causes.FILED: "tax_filed_until", causes.CONVERSION: "conversion_date"}
MAPPINGS = ("Account", "Tax", "Payment", "Deduction", "Tracking")
# Fields of mappings and of the connection that name an account or a tax type of Xero.
NAMES_ACCOUNT = ("xero_account_code", "xero_account_id", "clearing_account")
SETTINGS_ACCOUNT = (
    "default_sales_account",
    "default_purchase_account",
    "rounding_account",
    "advance_account_sales",
    "advance_account_purchases",
    "default_payment_account",
    "clearing_account",
)
# A change is unsettled for so long: whoever decides has read it within this time, and clocks of machines differ by less.
UNSETTLED = timedelta(minutes=10)
UNKNOWN_SOON = "~"
Row = dict[str, Any]
_before: ContextVar[Cures | None] = ContextVar("picortex_xero_cures", default=None)


@contextmanager
def before(connection: str) -> Iterator[None]:
    """Context manager: causes written inside it have seen choices and lists as they are now, or newer ones."""
    known = Cures(connection)
    known.read()
    token = _before.set(known)
    try:
        yield
    finally:
        _before.reset(token)


def seen(connection: str) -> Cures:
    """What a cause that is written now has seen."""
    known = _before.get()
    return known if known and known.connection == connection else Cures(connection)


class Cures:
    """The looks of one connection; choices and lists are read once."""

    def __init__(self, connection: str) -> None:
        self.connection = connection

    def read(self) -> None:
        """Read the choices and what is known of the lists."""
        _ = (self._mappings, self._settings, self._state, self._rules)

    @cached_property
    def _mappings(self) -> dict[str, list[Row]]:
        return {
            kind: frappe.get_all(f"Xero {kind} Mapping", filters={"connection": self.connection}, fields=["*"], order_by="name asc")
            for kind in MAPPINGS
        }

    @cached_property
    def _settings(self) -> Row:
        rows = frappe.get_all(CONNECTION, filters={"name": self.connection}, fields=["*"])
        return dict(rows[0]) if rows else {}

    @cached_property
    def _state(self) -> Row:
        fields = ["xero_lists", "lists_refreshed_at"]
        return dict(frappe.db.get_value(STATE, self.connection, fields, as_dict=True) or dict.fromkeys(fields))

    @cached_property
    def _rules(self) -> list[list[Row]]:
        return policies.rows(self.connection)

    @cached_property
    def _lists(self) -> dict[str, Any]:
        return dict(json.loads(self._state["xero_lists"] or "{}"))

    def looks(self, wanted: Iterable[Cause]) -> dict[Cause, str]:
        """The looks of these causes."""
        wanted = list(dict.fromkeys(wanted))
        hosts = [cause for cause in wanted if cause.kind in (causes.PARTY, causes.DOCUMENT)]
        known = self._of_hosts(hosts)
        return {cause: known[cause] if cause in known else self._look(cause) for cause in wanted}

    def _look(self, cause: Cause) -> str:
        kind, key = cause
        if kind in ROWS:
            mapping, field, stands_in = ROWS[kind]
            rows = [row for row in self._mappings[mapping] if key in ("", row[field])]
            refreshed = [self._refreshed] if kind == causes.TRACKING else []
            return _hash(_said(rows), self._chosen(stands_in), *refreshed)
        if kind == causes.TAX:
            direction, tax = causes.parts(cause)
            return _hash(_said(row for row in self._mappings["Tax"] if not key or (row["direction"], row["tax"]) == (direction, tax)))
        if kind == causes.SETTING:
            own = [
                name for name in self._settings if name not in write_protection.OF_CONNECTION and name not in ("modified", "modified_by")
            ]
            return _hash(self._chosen(key.split(",") if key else own))
        if kind == causes.MONEY:
            return _hash(self._chosen(("money",)))
        if kind in PERIODS:
            return _hash(self._chosen((PERIODS[kind],)))
        if kind == causes.XERO_ACCOUNT:
            return self._of_xero("accounts", ("Code", "AccountID"), key, NAMES_ACCOUNT, SETTINGS_ACCOUNT)
        if kind == causes.XERO_TAX:
            return self._of_xero("tax_rates", ("TaxType",), key, ("tax_type",), ("no_tax_type",))
        if kind == causes.CURRENCY:
            return _hash([each for each in self._lists.get("currencies", ()) if key in ("", each)], self._refreshed)
        if kind == causes.LISTS:
            return _hash({name: listed for name, listed in self._lists.items() if name not in ("locks", "organisation")}, self._refreshed)
        if kind == causes.LOCK:
            return _hash(self._lists.get("locks"), self._refreshed)
        if kind in (causes.PLAN, causes.IN_XERO):
            return _hash(self._refreshed)
        if kind == causes.PERMISSION:
            authorisation = self._settings.get("authorisation") or ""
            return _hash(
                authorisation, frappe.db.get_value("Xero Authorisation", authorisation, "scopes") if authorisation else "", self._refreshed
            )
        if kind == causes.QUESTION:
            return _hash(question_holds.look(self.connection, key))
        if kind == causes.ENTERED_WHERE:
            return _hash([[row["account"], row["payments_entered"] or ""] for row in self._mappings["Payment"]])
        if kind == causes.RULES:
            return _hash(self._rules)
        return ""  # a recipe: only a person's Retry

    @property
    def _refreshed(self) -> str:
        """When a person last asked for Xero's lists: who does so says that something was put right there."""
        return str(self._state["lists_refreshed_at"] or "")

    def _chosen(self, fields: Iterable[str]) -> list[str]:
        return [f"{name}={self._settings.get(name) or ''}" for name in sorted(fields)]

    def _of_xero(self, listed: str, named_by: tuple[str, ...], key: str, fields: tuple[str, ...], settings: tuple[str, ...]) -> str:
        """What Xero's list says of one account or tax type, and the choices that name it."""
        entries = [each for each in self._lists.get(listed, ()) if not key or key in [each.get(name) for name in named_by]]
        names = {key} | {str(each.get(name) or "") for each in entries for name in named_by}
        rows = [
            row
            for kind in MAPPINGS
            for row in self._mappings[kind]
            if (not key and any(name in row for name in fields)) or any((row.get(name) or "\x00") in names for name in fields)
        ]
        chosen = [name for name in settings if not key or (self._settings.get(name) or "\x00") in names]
        return _hash(entries, _said(rows), self._chosen(chosen), self._refreshed)

    def _of_hosts(self, wanted: list[Cause]) -> dict[Cause, str]:
        """Looks of parties and documents, read in bulk: the newest change of each, and the records that Xero has of a document."""
        named: dict[str, set[str]] = {}
        for cause in wanted:
            doctype, name = causes.parts(cause)
            if name:
                named.setdefault(doctype, set()).add(name)
        changed: dict[tuple[str, str], list[str]] = {}
        for doctype, names in named.items():
            if not frappe.db.exists("DocType", doctype):
                continue
            for row in frappe.get_all(doctype, filters={"name": ("in", sorted(names))}, fields=["name", "modified"]):
                changed.setdefault((doctype, row["name"]), []).append(str(row["modified"]))
        _add_addresses(named, changed)
        linked = self._linked(named, [cause for cause in wanted if cause.kind == causes.DOCUMENT])
        unsettled = str(now_datetime() - UNSETTLED)
        found = {}
        for cause in wanted:
            of = causes.parts(cause)
            moments = sorted(changed.get(of, ()))
            soon = UNKNOWN_SOON if any(moment > unsettled for moment in moments) else ""
            found[cause] = _hash(moments, linked.get(of, ()) if cause.kind == causes.DOCUMENT else ()) + soon
        return found

    def _linked(self, named: dict[str, set[str]], wanted: list[Cause]) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for doctype in {causes.parts(cause)[0] for cause in wanted} & set(named):
            filters = {"connection": self.connection, "reference_doctype": doctype, "reference_name": ("in", sorted(named[doctype]))}
            for row in frappe.get_all("Xero Link", filters=filters, fields=["reference_name", "xero_id"], order_by="name asc"):
                found.setdefault((doctype, row["reference_name"]), []).append(row["xero_id"])
        return found


def _add_addresses(named: dict[str, set[str]], changed: dict[tuple[str, str], list[str]]) -> None:
    """The changes of the addresses and contact persons of parties."""
    for kind in ("Address", "Contact") if frappe.db.exists("DocType", "Dynamic Link") else ():
        for doctype in set(named) & {"Customer", "Supplier"}:
            filters = {"parenttype": kind, "link_doctype": doctype, "link_name": ("in", sorted(named[doctype]))}
            rows = frappe.get_all("Dynamic Link", filters=filters, fields=["parent", "link_name"])
            of = {row["parent"] for row in rows}
            own = frappe.get_all(kind, filters={"name": ("in", sorted(of))}, fields=["name", "modified"]) if of else []
            moments = {row["name"]: str(row["modified"]) for row in own}
            for row in rows:
                changed.setdefault((doctype, row["link_name"]), []).append(moments.get(row["parent"], ""))


def _said(rows: Iterable[Row]) -> list[list[str]]:
    """What people chose in these rows, and when; not what a look at Xero's lists notes there."""
    noted = ("last_checked", "xero_account_name", "xero_tax_name", "xero_rate")
    return [[f"{name}={value}" for name, value in sorted(row.items()) if name not in noted and value not in (None, "")] for row in rows]


def _hash(*of: Any) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()[:20]
