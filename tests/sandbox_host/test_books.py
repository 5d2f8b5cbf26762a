"""Recorded documents play into a site as the host stored them, with the app's events around each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

import sandbox.erp
from sandbox.host import books

NZ = sandbox.erp.RECORDED / "company-nz.json.gz"


@pytest.fixture(scope="module")
def recording():
    return sandbox.erp.read(NZ)


@pytest.fixture
def company(frappe, recording):
    return books.load(recording)[0]


def submits(company, doctype="Sales Invoice"):
    return (r for r in company["documents"] if r["event"] == "submit" and r["doctype"] == doctype)


def plain(value):
    """As JSON has it."""
    if isinstance(value, (date, datetime, timedelta)):
        return str(value)
    if isinstance(value, list):
        return [plain(row) for row in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_masters_are_there(frappe, company):
    assert frappe.db.get_value("Company", company["name"], "default_currency") == "NZD"
    assert frappe.db.count("Account") == len(company["masters"]["Account"])
    assert frappe.get_cached_value("Currency", "NZD", "name") == "NZD"


def test_a_document_reads_back_as_recorded(frappe, company):
    record = next(r for r in submits(company) if len(r["doc"]["items"]) > 1)
    books.submit(record)
    read = plain(frappe.get_doc("Sales Invoice", record["name"]).as_dict())
    for field, value in record["doc"].items():
        if isinstance(value, list):
            assert len(read[field]) == len(value), field
            for mine, theirs in zip(read[field], value, strict=True):
                assert {k: mine.get(k) for k in theirs} == theirs, field
        else:
            assert read[field] == value, field
    assert read["advances"] == []


def test_events_fire_inside_the_transaction_and_callbacks_after_it(frappe, company):
    import toy.work

    toy.work.seen.clear()
    record = next(submits(company))
    books.submit(record)
    assert frappe.get_all("Toy Parcel", pluck="body") == [f"on_submit {record['name']} {record['doc']['grand_total']}"]
    assert toy.work.seen == [1]


def test_a_handler_that_raises_undoes_the_submit(frappe, company):
    record = dict(next(submits(company)), name="REFUSED")
    record["doc"] = dict(record["doc"], name="REFUSED")
    with pytest.raises(frappe.ValidationError, match="refused"):
        books.submit(record)
    assert not frappe.db.exists("Sales Invoice", "REFUSED")
    assert frappe.db.count("GL Entry") == 0


def test_the_whole_month_ends_as_the_host_ended(frappe, company):
    for record in company["documents"]:
        books.play(record)
    differing = [
        (doctype, name, field, expected, frappe.db.get_value(doctype, name, field))
        for doctype, names in company["final"].items()
        for name, state in names.items()
        for field, expected in state.items()
        if frappe.db.get_value(doctype, name, field) != expected
    ]
    assert differing == []
    cancelled = [r for r in company["documents"] if r["event"] == "cancel" and r["doctype"] == "Sales Invoice"]
    assert cancelled and frappe.db.get_value("Sales Invoice", cancelled[0]["name"], "docstatus") == 2
    assert frappe.db.count("GL Entry") == sum(len(record.get("gl", [])) for record in company["documents"])
