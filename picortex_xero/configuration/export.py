"""Writing the file. Secrets have no place in it: it holds the columns that `tables` and `settings_rows` name, and nothing of Xero Settings or of a
sign-in but this site's id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe

from ..connection import settings
from ..connection.current import RETIRED
from ..engine import attempts, heartbeat, outbox
from ..engine.clock import now
from ..engine.screen_texts import shown
from . import bank_import, bank_rows, cash_rows, file, mapped, rules_rows, settings_rows, sync_settings_rows, tables
from .file import Row
from .mapped import Books

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
PAGE = 1000
UNDER_WAY = ("Sending", "Unknown")


def lines(connection: str, ties: bool) -> Iterator[bytes]:
    """The file, line by line; `ties`: with what ties documents to records in Xero, and this site's id. Read it within one transaction, so that all of
    it is of one moment. Throws before the first line where the connection's lists were never read."""
    doc = frappe.get_doc(CONNECTION, connection)
    books = Books(connection, doc.company)
    books.offered  # noqa: B018 - throws where there is nothing to export yet
    return file.written(_sections(books, doc, ties))


def _sections(books: Books, doc: Any, ties: bool) -> Iterator[tuple[str, Any]]:
    yield file.ABOUT, [_about(doc, ties)]
    yield file.SETTINGS, settings_rows.rows(books, doc)
    yield file.PEOPLE, settings_rows.people(doc)
    yield file.MAPPINGS, mapped.rows(books, ties)
    yield file.SYNC_SETTINGS, sync_settings_rows.rows(doc.name)
    yield file.RULES, rules_rows.rows(doc.name)
    yield file.RULE_CONDITIONS, rules_rows.condition_rows(books)
    yield file.CASH_CHOICES, cash_rows.rows(books)
    for section, doctype in bank_import.SECTIONS.items():
        yield section, bank_rows.rows(books, doctype)
    if not ties:
        return
    known = [doc.name, *frappe.get_all(CONNECTION, filters=_retired(doc), pluck="name", order_by="creation asc")]
    yield "connections", [_connection(name) for name in known]
    for table in tables.TABLES:
        yield table.section, _renames(doc.company) if table is tables.RENAMES else _rows(table, known)


def _retired(doc: Any) -> dict[str, Any]:
    return {"company": doc.company, "state": RETIRED, "name": ("!=", doc.name)}


def _about(doc: Any, ties: bool) -> Row:
    company = frappe.db.get_value("Company", doc.company, ["name", "abbr", "default_currency", "country"], as_dict=True)
    said: Row = {
        "exported_at": str(now())[:19],
        "time_zone": "UTC",
        "company": dict(company),
        "organisation": {
            "id": doc.tenant_id,
            "name": shown(doc.organisation_name),
            "currency": doc.base_currency,
            "country": doc.country_code,
        },
        "ties": ties,
    }
    if ties:
        said |= {"instance_id": settings.instance_id(), "site": settings.fingerprint(), "unclear_since": str(_unclear_since(doc.name))[:19]}
    return said


def _unclear_since(connection: str) -> Any:
    """From when on Xero may have records that the file does not know (UTC): of requests that are under way, and of those that a person chooses from."""
    times = [now(), *(each.since for each in attempts.not_closed(connection))]
    if known := heartbeat.compare_since(connection):
        times.append(known)
    if frappe.db.exists(outbox.DOCTYPE, {"connection": connection, "state": ("in", UNDER_WAY)}):
        times.append(now() - timedelta(hours=1))
    return min(times)


def _connection(name: str) -> Row:
    row = frappe.db.get_value(CONNECTION, name, list(tables.OF_CONNECTION), as_dict=True)
    state = frappe.db.get_value(STATE, name, list(tables.OF_STATE), as_dict=True) or {}
    return {field: value for field, value in {**row, **state}.items() if value not in (None, "")}


def _rows(table: tables.Table, known: list[str]) -> Iterator[Row]:
    """The rows of one table, page by page, in the order of their names, without what is empty; each says of which connection it is."""
    fields = list(table.columns)
    for of, connection in enumerate(known):
        last = ""
        while True:
            filters = {"connection": connection, **(table.only or {}), **({"name": (">", last)} if last else {})}
            page = frappe.get_all(table.doctype, filters=filters, fields=fields, order_by="name asc", limit=PAGE)
            for row in page:
                yield {**({"of": of} if of else {}), **{field: row[field] for field in fields if row[field] not in (None, "", 0)}}
            if len(page) < PAGE:
                break
            last = page[-1]["name"]


def _renames(company: str) -> Iterator[Row]:
    """Former names of what is this company's, and of its documents: the table names accounts of every company."""
    fields = list(tables.RENAMES.columns)
    rows = frappe.get_all(tables.RENAMES.doctype, fields=fields, order_by="creation desc, name desc")
    ours: dict[tuple[str, str], bool] = {}
    kept = []
    for row in rows:
        doctype, present = row["reference_doctype"], row["present_name"]
        # What was renamed again since is known by the later row.
        if (doctype, present) not in ours:
            of_a_company = frappe.get_meta(doctype).has_field("company")
            ours[doctype, present] = bool(frappe.db.exists(doctype, {"name": present, **({"company": company} if of_a_company else {})}))
        ours[doctype, row["former_name"]] = ours[doctype, present]
        if ours[doctype, present]:
            kept.append({field: row[field] for field in fields})
    return iter(reversed(kept))
