"""The simulator as the bench tests see it: its control side, an organisation, and what a reader of Xero would see."""

from __future__ import annotations

import functools
import json
import unittest
import uuid
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import frappe
import httpx

from picortex_xero.tests.bench.case import XERO_ADDRESS

CLIENT = {"client_id": "sandbox-web", "client_secret": "sandbox-web-secret"}


def control(method: str, path: str, body: Any = None, **query: Any) -> Any:
    """One control call. Numbers with a point come back as Decimal."""
    answer = httpx.request(method, f"{XERO_ADDRESS}/_control/{path}", json=body, params=query, timeout=60)
    answer.raise_for_status()
    return json.loads(answer.text, parse_float=Decimal)


class Organisation:
    """A New Zealand organisation in the simulator, founded for this run."""

    def __init__(self, name: str, tracking: tuple[str, list[str]] | None = None) -> None:
        self.tenant: str = control("POST", "organisations", {"edition": "NZ", "currency": "NZD", "name": name})["tenant"]
        self.person("set_limits", minute=10**9, day=10**9)
        control("POST", "settings", {"app_minute": 10**9})
        self.person("set_currencies", currencies=["AUD", "USD"])
        if tracking:
            self.person("add_tracking", Name=tracking[0], Options=tracking[1])
        grant = {"client_id": CLIENT["client_id"], "tenants": [self.tenant], "user": str(uuid.uuid4())}
        self.token: str = control("POST", "connect", grant)["access_token"]

    def person(self, action: str, **details: Any) -> Any:
        """An edit as a person in Xero makes it."""
        return control("POST", f"organisation/{self.tenant}/{action}", details)

    def history(self, resource: str, record_id: str) -> list[str]:
        """The notes on a record, as another app would read them."""
        headers = {"Authorization": f"Bearer {self.token}", "Xero-Tenant-Id": self.tenant, "Accept": "application/json"}
        answer = httpx.get(f"{XERO_ADDRESS}/api.xro/2.0/{resource}/{record_id}/History", headers=headers, timeout=60)
        answer.raise_for_status()
        return [each["Details"] for each in answer.json()["HistoryRecords"]]

    def read(self, resource: str) -> list[dict[str, Any]]:
        """Everything of one resource, through Xero's API as any other app would read it."""
        headers = {"Authorization": f"Bearer {self.token}", "Xero-Tenant-Id": self.tenant, "Accept": "application/json"}
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            query = {"page": page, "pageSize": 500} if resource != "BatchPayments" else {}
            answer = httpx.get(f"{XERO_ADDRESS}/api.xro/2.0/{resource}", params=query, headers=headers, timeout=60)
            answer.raise_for_status()
            rows = json.loads(answer.text, parse_float=Decimal)[resource]
            found += rows
            if len(rows) < 500 or not query:
                return found
            page += 1


def consent() -> str:
    """Consent at Xero through its redirect; returns the authorisation."""
    from picortex_xero.api import connect as api

    address = api.start()
    frappe.db.commit()
    answer = httpx.post(address, follow_redirects=False, timeout=60)
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    api.callback(state=given["state"][0], code=given["code"][0])
    authorisation = parse_qs(urlsplit(frappe.local.response.pop("location")).query)["authorisation"][0]
    frappe.local.response.pop("type")
    return authorisation


def follow_files(case: type[unittest.TestCase], connection: str, *switches: str) -> None:
    """Switch these switches of the connection on for one class of tests alone, with the scope that files need."""

    def switch(on: int) -> None:
        frappe.db.set_value("Xero Connection", connection, dict.fromkeys(switches, on))
        frappe.db.commit()

    switch(1)
    consent()
    # Cleanups run last in, first out: what a failed test left undone is given up before.
    case.addClassCleanup(switch, 0)
    case.addClassCleanup(frappe.db.rollback)


def connect(company: str, organisation: Organisation) -> str:
    """The admin's way: credentials, consent, choosing the organisation. Returns the connection."""
    from picortex_xero.api import connect as api

    settings = frappe.get_doc("Xero Settings")
    settings.client_id, settings.new_client_secret = CLIENT["client_id"], CLIENT["client_secret"]
    settings.save()
    frappe.db.commit()
    authorisation = consent()
    offered = [each["tenantId"] for each in api.organisations(authorisation)]
    assert organisation.tenant in offered, offered
    return api.choose_organisation(authorisation, organisation.tenant, company)


def map_books(connection: str, books: Any) -> None:
    """The admin's mapping, row by row through the DocTypes' own checks."""
    for account, code in books.XERO_ACCOUNTS.items():
        _map("Account", connection, account=books.of(account), xero_account_code=code)
    for direction, tax, template, tax_type in books.XERO_TAXES:
        name = "No tax" if tax == "No tax" else f"{books.of('GST')} @ {tax}"
        _map("Tax", connection, direction=direction, tax=name, item_tax_template=template and books.of(template), tax_type=tax_type)
    for account, code in books.XERO_BANKS.items():
        _map("Payment", connection, account=books.of(account), xero_account_id=code)
    # Deductions on this account wait for a person, as they would without the row.
    _map("Deduction", connection, account=books.of(next(iter(books.XERO_ACCOUNTS))), treatment="Hold")
    for option in books.CENTRES:
        _map("Tracking", connection, cost_center=books.of(option), tracking_category="Branch", tracking_option=option)
    frappe.db.commit()


def _map(kind: str, connection: str, **values: Any) -> None:
    frappe.get_doc({"doctype": f"Xero {kind} Mapping", "connection": connection, **values}).insert()


def go_live(connection: str, date: str) -> None:
    """Documents arrive authorised, from `date` on; the books' main cost centre is no branch and goes untracked."""
    from picortex_xero.api import connect as api
    from picortex_xero.api import mapping

    doc = frappe.get_doc("Xero Connection", connection)
    doc.target_status, doc.no_tax_type, doc.missing_tracking = "AUTHORISED", "NONE", "Send Without"
    doc.money = "Send"
    doc.save()
    mapping.sign_taxes(connection)
    api.go_live(connection, date)
    frappe.db.commit()


def lists_of(case: type[unittest.TestCase], connection: str, books: Any) -> None:
    """A row of each list that fills only when something is amiss: who sees it is asked of every DocType. What waits is cancelled after `case`."""
    from picortex_xero.engine.write_protection import own_writes
    from picortex_xero.tests.bench.books import submit
    from picortex_xero.tests.bench.calls import a_bank_rule, a_statement, income_account

    common = {"connection": connection, "company": frappe.db.get_value("Xero Connection", connection, "company")}
    with own_writes():
        comparison = frappe.get_doc({"doctype": "Xero Comparison", "state": "Done", **common}).insert()
        frappe.get_doc({"doctype": "Xero Difference", "comparison": comparison.name, "kind": "Contact", **common}).insert()
        frappe.get_doc({"doctype": "Xero Unlinked Record", "state": "Not Ours", **common}).insert()
        frappe.get_doc({"doctype": "Xero Inbound Event", "state": "Not Needed", **common}).insert()
        frappe.get_doc({"doctype": "Xero Incoming Record", "state": "Gone", **common}).insert()
        frappe.get_doc({"doctype": "Xero Changed Record", "state": "Over", "kind": "Changed", **common}).insert()
        line = _bank_line(str(common["company"]))
        frappe.get_doc(
            {"doctype": "Xero Bank Proposal", "company": common["company"], "bank_transaction": line, "state": "Abstained"}
        ).insert()
        frappe.get_doc({"doctype": "Xero Bank Act", "company": common["company"], "bank_transaction": line, "state": "Undone"}).insert()
        a_bank_rule(common["company"])
        memory = {"payee": "POWERCO", "direction": "Money Out", "account": income_account(common["company"])}
        # Other tests of the company have one perhaps.
        if not frappe.db.exists("Xero Bank Memory", {"company": common["company"], "payee": memory["payee"]}):
            frappe.get_doc({"doctype": "Xero Bank Memory", "company": common["company"], **memory}).insert()
        statement = a_statement(common["company"])
        frappe.get_doc(
            {"doctype": "Xero Statement Line", "statement_import": statement, "company": common["company"], "state": "New"}
        ).insert()
        frappe.get_doc({"doctype": "Xero Report Snapshot", "report": "Trial Balance", "basis": "Accrual", **common}).insert()
        key = frappe.generate_hash(length=10)
        frappe.get_doc({"doctype": "Xero Forecast", "company": common["company"], "forecast_key": key}).insert()
        frappe.get_doc({"doctype": "Xero Monthly Pack", "state": "Sent", "month": "2026-10-01", "pack_key": key, **common}).insert()
    frappe.db.commit()
    # Its account is not mapped: it waits, and a Xero Step Cause says for what.
    waiting = submit(books.invoice(False, [("PANEL", 1, 62, None, {"expense_account": books.of("Marketing Expenses")})]))
    case.addClassCleanup(frappe.db.commit)
    case.addClassCleanup(lambda: frappe.get_doc(waiting.doctype, waiting.name).cancel())


def _bank_line(company: str) -> str:
    """A bank transaction of a company, without an account."""
    from picortex_xero.engine.standard_columns import standard

    row = {"name": frappe.generate_hash(length=12), **standard(), "company": company, "docstatus": 1, "status": "Unreconciled"}
    frappe.db.bulk_insert("Bank Transaction", list(row), [tuple(row.values())])
    return str(row["name"])


def of_its_own() -> tuple[Any, Organisation, str]:
    """A new company, its organisation and its live connection."""
    from picortex_xero.tests.bench.books import Books

    books = Books.create()
    organisation = Organisation(books.company, ("Branch", list(books.CENTRES)))
    connection = connect(books.company, organisation)
    map_books(connection, books)
    go_live(connection, books.first_day)
    return books, organisation, connection


@functools.cache
def shared() -> tuple[Any, Organisation, str]:
    """The same, one for all tests of this run."""
    return of_its_own()
