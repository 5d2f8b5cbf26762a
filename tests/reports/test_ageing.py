"""Open items of any day come to what the ledger has on receivables and payables, and to what Xero's report of a contact shows; they age by their due dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.reports.ageing import aged, part_of
from picortex_xero.xero.records.open_items import Item, open_items
from sandbox.xero import balances
from tests.scene.books_in_process import Books, random_books

DAYS = ("2025-07-31", "2026-03-15", "2026-12-31")


def lists(books: Books) -> dict[str, list[dict[str, Any]]]:
    return {each: books.ask(f"{each}?page=1&pageSize=1000")[each] for each in ("Invoices", "CreditNotes", "Overpayments", "Prepayments")}


def held(books: Books, system: str, day: str) -> D:
    """What the ledger has on receivables (payables), without what was converted into the books as a whole."""
    account = next(key for key, each in books.org.accounts.items() if each.get("SystemAccount") == system)
    converted = books.org.conversion["Balances"].get(account, D(0)) if books.org.conversion else D(0)
    return sum((row.amount for row in balances.postings(books.org, date.fromisoformat(day)) if row.account == account), D(0)) - converted


@pytest.mark.parametrize("seed", range(30))
def test_open_items_are_what_the_ledger_holds(seed: int) -> None:
    books = random_books(seed)
    for day in DAYS:
        items = open_items(lists(books), day, books.org.currency)
        for customers, system, sign in ((True, "DEBTORS", 1), (False, "CREDITORS", -1)):
            lines = aged(items, customers, day)
            mine = [each for each in items if each.customers == customers]
            assert sum((line.total for line in lines), D(0)) == sum((each.base for each in mine), D(0))
            assert sorted(each.id for line in lines for each in line.items) == sorted(each.id for each in mine)
            # What was settled of a converted document is rounded apart: a cent for each of its payments.
            foreign = 4 * sum(
                1 for each in books.ask("Invoices?page=1&pageSize=1000")["Invoices"] if each["CurrencyCode"] != books.org.currency
            )
            assert abs(sum((line.total for line in lines), D(0)) - sign * held(books, system, day)) <= D("0.01") * foreign


@pytest.mark.parametrize("seed", range(12))
def test_open_items_are_those_of_the_contacts_own_report(seed: int) -> None:
    books = random_books(seed)
    contact = next(iter(books.org.of("Contacts")))
    for day in DAYS:
        items = [each for each in open_items(lists(books), day, books.org.currency) if each.endpoint in ("Invoices", "CreditNotes")]
        for name, customers in (("AgedReceivablesByContact", True), ("AgedPayablesByContact", False)):
            rows = books.ask(f"Reports/{name}?contactId={contact}&date={day}")["Reports"][0]["Rows"][2]["Rows"][:-1]
            shown = {row["Cells"][0]["Attributes"][0]["Value"]: D(row["Cells"][-1]["Value"]) for row in rows}
            assert {each.id: each.left for each in items if each.customers == customers} == shown


def item(due: str, day: str = "2026-01-01") -> Item:
    return Item("i", "Invoices", True, "1", "c", "C", day, due, "GBP", D(5), D(5))


@pytest.mark.parametrize(("due", "part"), [("2026-03-31", 0), ("2026-04-20", 0), ("2026-03-30", 1), ("2026-03-01", 1), ("2026-02-28", 2), ("2026-01-30", 2), ("2026-01-29", 3), ("2025-12-31", 3), ("2025-12-30", 4), ("", 3)])  # fmt: skip
def test_how_long_something_is_overdue(due: str, part: int) -> None:
    assert part_of(item(due), "2026-03-31") == part
    assert part_of(item(due), "2026-03-31", by_due_date=False) == 3


def test_a_line_for_each_contact_by_name() -> None:
    other = Item("j", "CreditNotes", True, "2", "b", "beta", "2026-01-01", "", "GBP", D(-2), D(-2))
    theirs = Item("k", "Invoices", False, "3", "c", "C", "2026-01-01", "", "GBP", D(9), D(9))
    found = aged([item("2026-03-31"), other, theirs], True, "2026-03-31")
    assert [(each.contact_name, each.parts) for each in found] == [("beta", (0, 0, 0, -2, 0)), ("C", (5, 0, 0, 0, 0))]
    assert [each.total for each in aged([theirs], False, "2026-03-31")] == [9] and aged([], True, "2026-03-31") == []
