"""A forecast that begins with what Xero's banks hold: by the mapping, as of when, and with what moved them counted in one place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from benchmarks import cash_flow_books as books
from sandbox.rig import Rig

TODAY = date(2026, 11, 29)
MAIN, SAVINGS, DOLLARS, STRANGE = "aa-main", "bb-savings", "cc-dollars", "dd-strange"
OPENING, CLOSING = "Opening Balance", "Closing Balance"


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def frappe(unconnected: Rig) -> Iterator[Any]:
    with unconnected.frappe() as host:
        books.install()
        yield host


@pytest.fixture
def company(unconnected: Rig) -> str:
    return str(unconnected.company["name"])


def account(rig: Rig, name: str) -> str:
    return f"{name} - {rig.company['abbr']}"


def connect(frappe: Any, rig: Rig, *mapped: tuple[str, str]) -> None:
    """The company's connection with Xero's lists, and which bank account here is which there."""
    name = str(rig.company["name"])
    listed = [
        {"AccountID": xero_id, "Code": "", "Name": xero_id, "Type": "BANK", "Class": "ASSET", "SystemAccount": "", "CurrencyCode": currency}
        for xero_id, currency in ((MAIN, "NZD"), (SAVINGS, "NZD"), (DOLLARS, "USD"), (STRANGE, "NZD"))
    ]
    lists = json.dumps({"accounts": listed, "tracking": [], "organisation": []})
    common = {"company": name, "connection": "con"}
    books.write(frappe, "Xero Connection", [{"name": "con", "company": name, "state": "Live", "base_currency": "NZD"}])
    books.write(frappe, "Xero Connection State", [{"name": "con", **common, "xero_lists": lists, "lists_read_at": "2026-11-01 00:00:00"}])
    rows = [
        {"name": f"map-{at}", **common, "account": account(rig, here), "xero_account_id": there} for at, (here, there) in enumerate(mapped)
    ]
    books.write(frappe, "Xero Payment Mapping", rows)


def read(company: str, last: date, **closing: str) -> None:
    """Xero's Bank Summary, read for that day."""
    from picortex_xero.reporting import snapshots
    from picortex_xero.reports import reading
    from picortex_xero.reports.asked import Asked
    from picortex_xero.reports.kinds import BANK_SUMMARY
    from picortex_xero.reports.reading import Line, Statement
    from picortex_xero.xero.report_rows import ACCOUNT

    columns = (reading.OPENING, reading.RECEIVED, reading.SPENT, reading.CLOSING)
    ids = {"main": MAIN, "savings": SAVINGS, "dollars": DOLLARS, "strange": STRANGE}
    lines = tuple(
        Line(ACCOUNT, "", name, ids[name], dict(zip(columns, (Decimal(0), Decimal(0), Decimal(0), Decimal(held)))))
        for name, held in closing.items()
    )
    snapshots.write_statement("con", company, "NZD", Asked(BANK_SUMMARY, last.replace(day=1), last), Statement(columns, lines))


def opening(company: str, chosen: bool = True) -> tuple[dict[str, float], str, str]:
    """By account without the company's letters what it holds; the book; what is said."""
    from picortex_xero.cash_flow import reading, settings

    found = reading.of(company, TODAY, settings.Chosen(by_xeros_banks=chosen)).opening
    held = {each.account.rpartition(" - ")[0]: float(each.amount) for each in found.balances if each.amount}
    return held, found.book, " | ".join(found.said)


def ours(frappe: Any, rig: Rig, **held: int) -> None:
    names = {"trading": "Trading Account", "savings": "Savings Account", "petty": "Petty Cash"}
    known = {each["name"] for each in frappe.get_all("Account", fields=["name"])}
    new = [
        {
            "name": account(rig, names[each]),
            "company": rig.company["name"],
            "account_type": "Bank",
            "is_group": 0,
            "account_currency": "NZD",
        }
        for each in held
    ]
    books.write(frappe, "Account", [each for each in new if each["name"] not in known])
    books.write(
        frappe,
        "GL Entry",
        [{**books.ledger(each, account(rig, names[each]), held[each], day(-3)), "company": rig.company["name"]} for each in held],
    )


def test_by_the_mapping_and_as_of_when(frappe: Any, company: str, unconnected: Rig) -> None:
    ours(frappe, unconnected, trading=100, savings=50, petty=7)
    connect(frappe, unconnected, ("Trading Account", MAIN), ("Savings Account", SAVINGS))
    read(company, TODAY, main="130.50", savings="0", strange="900", dollars="5")
    held, book, said = opening(company)
    assert held == {"Trading Account": 130.5, "Petty Cash": 7} and book == "Xero", "0 is what Xero has of the savings"
    assert "What banks hold is Xero's, at the end of 2026-11-29, read at" in said and "(UTC)" in said
    assert f"Not counted: {STRANGE} with 900" in said and "Petty Cash" in said and "mapped to no bank account in Xero" in said
    assert opening(company, chosen=False) == ({"Trading Account": 100, "Savings Account": 50, "Petty Cash": 7}, "ERPNext", "")
    # Two accounts here that are one there: its money once.
    frappe.db.set_value("Xero Payment Mapping", "map-1", "xero_account_id", MAIN)
    assert opening(company)[0] == {"Trading Account": 130.5, "Petty Cash": 7} or opening(company)[0] == {
        "Savings Account": 130.5,
        "Petty Cash": 7,
    }
    # In which currency Xero shows it is not known for certain.
    frappe.db.set_value("Xero Payment Mapping", "map-1", "xero_account_id", DOLLARS)
    held, _book, said = opening(company)
    assert held["Savings Account"] == 50 and "it is in another currency" in said


def test_erpnexts_with_the_reason_where_xeros_is_not_known(frappe: Any, company: str, unconnected: Rig) -> None:
    ours(frappe, unconnected, trading=100)
    instead = ({"Trading Account": 100.0}, "ERPNext")

    def said(why: str) -> None:
        held, book, words = opening(company)
        assert (held, book) == instead and words.startswith("What banks hold is ERPNext's, not Xero's: ") and why in words, words

    said("not connected")
    connect(frappe, unconnected)
    said("was not read")
    read(company, day(5), main="1")
    said("was not read")  # of a day that is still to come
    read(company, day(-2), main="1")
    said("last read for 2026-11-27")
    read(company, day(-1), main="1")
    said("is mapped to a bank account here")
    connection = {
        "name": "m",
        "connection": "con",
        "company": company,
        "account": account(unconnected, "Trading Account"),
        "xero_account_id": MAIN,
    }
    books.write(frappe, "Xero Payment Mapping", [connection])
    assert opening(company)[:2] == ({"Trading Account": 1.0}, "Xero"), "what the day began with"
    frappe.db.set_value("Xero Connection", "con", "state", "Retired")
    said("not connected")


def test_documents_paid_in_one_book_alone_move_money_once(frappe: Any, company: str, unconnected: Rig) -> None:
    from picortex_xero.cash_flow import in_xero, reading, settings
    from picortex_xero.xero.records.open_items import Item

    ours(frappe, unconnected, trading=100)
    connect(frappe, unconnected, ("Trading Account", MAIN))
    read(company, TODAY, main="130")
    sales = [
        ("SI-both", 80, 80),
        ("SI-part", 80, 80),
        ("SI-paid-there", 70, 70),
        ("SI-paid-here", 60, 0),
        ("SI-new", 50, 50),
        ("SI-cancelled", 40, 0),
    ]
    for name, total, left in sales:
        row = {**books.invoice(name, True, "Fern", total, day(-20), day(5), left), "company": company}
        books.write(frappe, "Sales Invoice", [row | ({"docstatus": 2} if name == "SI-cancelled" else {})])
    books.write(frappe, "Purchase Invoice", [{**books.invoice("PI-paid-here", False, "Moa", 30, day(-20), day(5), 0), "company": company}])
    read_at = datetime(2026, 11, 29, 6)
    of = {"connection": "con", "company": company, "endpoint": "Invoices"}
    linked = [(name, "Sales Invoice", "AUTHORISED", read_at - timedelta(hours=9)) for name, _total, _left in sales if name != "SI-new"]
    linked += [("SI-new", "Sales Invoice", "AUTHORISED", read_at + timedelta(minutes=5))]
    linked += [("PI-paid-here", "Purchase Invoice", "AUTHORISED", read_at - timedelta(hours=9))]
    rows = [
        {
            "name": name,
            "xero_id": name.lower(),
            "reference_doctype": doctype,
            "reference_name": name,
            "remote_status": status,
            "remote_updated": at,
            **of,
        }
        for name, doctype, status, at in linked
    ]
    books.write(frappe, "Xero Link", [{**row, "link_key": row["name"], "remote_key": row["name"]} for row in rows])

    def open_there(name: str, customers: bool, left: str) -> Item:
        days = (day(-20).isoformat(), day(5).isoformat())
        return Item(name, "Invoices", customers, name, "c", "Fern", *days, "NZD", Decimal(left), Decimal(left), "")

    found = [
        open_there("si-both", True, "80"),
        open_there("si-part", True, "30"),
        open_there("si-paid-here", True, "60"),
        open_there("si-cancelled", True, "40"),
        open_there("pi-paid-here", False, "30"),
        open_there("only-there", True, "9"),
    ]
    there = in_xero.Seen(tuple(in_xero.items("con", found)), in_xero.links("con", found), read_at)

    def lines(by_xero: bool) -> list[tuple[str, float, int]]:
        forecast = reading.of(company, TODAY, settings.Chosen(by_xeros_banks=by_xero), there=there)
        assert [each.name for each in forecast.left_out] == (
            ["si-cancelled"] if by_xero else ["si-paid-here", "si-cancelled", "pi-paid-here"]
        )
        assert forecast.opening.total() == (130 if by_xero else 100)
        return sorted(
            (each.item.name, float(each.amount), (each.expected - TODAY).days if each.expected else -1) for each in forecast.lines
        )

    here = [("SI-both", 80.0, 5), ("SI-new", 50.0, 5), ("SI-paid-there", 70.0, 5), ("SI-part", 80.0, 5), ("only-there", 9.0, 5)]
    assert lines(False) == here, "ERPNext's bank has what is paid here, and waits for what is paid there"
    assert lines(True) == [
        ("SI-both", 80.0, 5),
        ("SI-new", 50.0, 5),
        ("SI-part", 30.0, 5),
        ("only-there", 9.0, 5),
        ("pi-paid-here", -30.0, 0),
        ("si-paid-here", 60.0, 0),
    ]


def test_instalments_keep_their_days(frappe: Any) -> None:
    from picortex_xero.cash_flow.once import Both, settled_as_in_xero
    from picortex_xero.cash_flow.values import CUSTOMER, INVOICE, Item

    def part(number: int, left: int) -> Item:
        return Item(INVOICE, "Sales Invoice", "SI", Decimal(left), "NZD", day(-9), day(number), part=f"{number}", party_type=CUSTOMER)

    there = [Item(INVOICE, "Invoices", "si", Decimal(70), "NZD", day(-9), party_type=CUSTOMER)]
    for left, expected in ((70, [20, 50]), (100, [50, 50]), (120, [70, 50]), (10, [10])):
        item = [Item(each.kind, each.doctype, each.name, Decimal(left), each.currency, each.day, party_type=CUSTOMER) for each in there]
        both = settled_as_in_xero(Both((part(2, 50), part(1, 50)), ()), item, {"si": ("Sales Invoice", "SI")}, set(), set(), TODAY)
        assert [float(each.left) for each in both.items] == expected
