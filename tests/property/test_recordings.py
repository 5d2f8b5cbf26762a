"""The recordings are whole, consistent with themselves, and as large and as varied as promised."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from sandbox.erp import RECORDED, recordings

INVOICES = ("Sales Invoice", "Purchase Invoice")


@pytest.fixture(scope="module")
def companies() -> dict[str, dict[str, Any]]:
    found = [company for recording in recordings() for company in recording["companies"]]
    if not found:
        pytest.skip("no recorded companies are there")
    return {company["code"]: company for company in found}


def cents(value: Any) -> Decimal:
    return round(Decimal(repr(value or 0)), 2)


def submitted(company: dict[str, Any], *doctypes: str) -> list[dict[str, Any]]:
    return [r for r in company["documents"] if r["event"] == "submit" and r["doctype"] in doctypes]


def test_counts(companies):
    assert set(companies) == {"NZ", "AU", "UK", "US"}
    kinds = (*INVOICES, "Payment Entry")
    assert sum(len(submitted(company, *kinds)) for company in companies.values()) >= 320
    month = companies["NZ"]
    assert [len(submitted(month, kind)) >= least for kind, least in zip(kinds, (110, 60, 70))] == [True] * 3
    assert len(submitted(month, *kinds)) >= 240
    assert {record["doc"]["posting_date"][:7] for record in month["documents"]} == {"2026-10"}
    assert all(len(submitted(company, *kinds)) >= 30 for company in companies.values())
    marked = [record for company in companies.values() for record in company["documents"] if "attention" in record]
    assert 1 <= len(marked) <= 6
    assert sum(path.stat().st_size for path in RECORDED.glob("*.gz")) < 2_500_000


def test_variety_of_the_month(companies):
    month = companies["NZ"]
    docs = [record["doc"] for record in submitted(month, *INVOICES)]
    items = [item for doc in docs for item in doc["items"]]
    assert sum(any(tax["included_in_print_rate"] for tax in doc["taxes"]) for doc in docs) >= 20
    assert sum(doc["currency"] != "NZD" for doc in docs) >= 10
    assert sum(bool(doc["rounded_total"]) for doc in docs) >= 20
    assert sum(bool(doc["discount_amount"]) for doc in docs) >= 5
    assert sum(any(tax["charge_type"] == "Actual" for tax in doc["taxes"]) for doc in docs) >= 5
    assert sum(bool(doc.get("amended_from")) for doc in docs) >= 3
    assert sum(bool(item["discount_percentage"]) for item in items) >= 10
    assert sum(cents(item["rate"]) != Decimal(repr(item["rate"])) for item in items) >= 20
    assert sum(bool(item.get("item_tax_template")) for item in items) >= 10
    assert len({item["cost_center"] for item in items}) == 3
    payments = [record["doc"] for record in submitted(month, "Payment Entry")]
    currencies = Counter((doc["paid_from_account_currency"], doc["paid_to_account_currency"]) for doc in payments)
    assert sum(count for (left, right), count in currencies.items() if left != right) >= 3
    assert sum(count for (left, right), count in currencies.items() if left == right != "NZD") >= 2
    assert sum(len(doc["references"]) > 1 for doc in payments if "references" in doc) >= 10
    assert sum(r["event"] == "cancel" and r["doctype"] == "Payment Entry" for r in month["documents"]) >= 2


def test_ledger_of_every_document_balances_and_names_known_accounts(companies):
    """ERPNext books its own rounding difference from a cent on, in floats: a foreign document can stay a cent apart."""
    apart = []
    for company in companies.values():
        accounts = {account["name"] for account in company["masters"]["Account"]}
        for record in company["documents"]:
            rows = record.get("gl", [])
            assert rows or record["event"] == "cancel", record["name"]
            assert {row["account"] for row in rows} <= accounts
            difference = sum(cents(row.get("debit")) - cents(row.get("credit")) for row in rows)
            if difference:
                assert record["doc"]["currency"] != company["default_currency"], record["name"]
                apart.append(abs(difference))
    assert len(apart) <= 1 and sum(apart) <= Decimal("0.01")


def test_parties_items_and_templates_are_among_the_masters(companies):
    for company in companies.values():
        names = {doctype: {doc["name"] for doc in docs} for doctype, docs in company["masters"].items()}
        for record in submitted(company, *INVOICES):
            doc = record["doc"]
            assert doc.get("customer") in names["Customer"] or doc.get("supplier") in names["Supplier"]
            for item in doc["items"]:
                assert item["item_code"] in names["Item"]
                assert item["cost_center"] in names["Cost Center"]
                assert item.get("item_tax_template") is None or item["item_tax_template"] in names["Item Tax Template"]
                assert (item["parent"], item["parenttype"], item["docstatus"]) == (doc["name"], doc["doctype"], 1)


def test_replaying_the_events_ends_in_the_recorded_final_state(companies):
    """Outstanding amounts follow from each event's own record: nothing happened that was not recorded."""
    for company in companies.values():
        outstanding: dict[str, Decimal] = {}
        for record in company["documents"]:
            if record["doctype"] in INVOICES:
                outstanding[record["name"]] = cents(record["doc"]["outstanding_amount"])
            for other in record["after"]:
                if other["doctype"] in INVOICES:
                    outstanding[other["name"]] = cents(other["outstanding_amount"])
        for doctype in INVOICES:
            for name, state in company["final"][doctype].items():
                assert outstanding[name] == cents(state["outstanding_amount"]), name


def test_every_payment_comes_after_the_invoices_it_pays(companies):
    for company in companies.values():
        alive: set[str] = set()
        for record in company["documents"]:
            if record["doctype"] in INVOICES:
                (alive.add if record["event"] == "submit" else alive.discard)(record["name"])
            elif record["event"] == "submit":
                assert {row["reference_name"] for row in record["doc"].get("references", [])} <= alive
