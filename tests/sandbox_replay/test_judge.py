"""`sandbox/replay/judge.py` notices differences between both books: each test changes one figure in Xero's and must be told of it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from sandbox import erp
from sandbox.replay import host_side, run
from sandbox.replay.judge import Judge, Verdict
from sandbox.replay.player import playing
from sandbox.replay.xero_side import XeroSide

CASES = ("cancel-unpaid", "payment-several-references", "receipt-part-unallocated", "return-unpaid-at-once", "transfer", "journal-plain",
         "foreign-invoice-base-receivable")  # fmt: skip


class Books:
    """Both sides of a few cases, to be changed and judged again."""

    def __init__(self) -> None:
        recording = erp.read(erp.RECORDED / "cases" / "cases-nz.json.gz")
        self.cases = [case for case in recording["cases"] if case["case"] in CASES]
        with playing("NZ", recording) as player:
            for case in self.cases:
                for event in case["events"]:
                    player.play(event)
                    player.drain()
            self.company = player.rig.company
            self.xero, self.steps = run.both_sides(player)

    def judged(self) -> Verdict:
        """All cases in one verdict, and what no document explains."""
        judge = Judge("NZ", self.company, self.xero, self.steps)
        whole = Verdict(different=run.loose(self.xero))
        for case in self.cases:
            found = host_side.vouchers(case["events"], self.company["name"])
            host_side.note_open(found, case["parties"])
            verdict = judge.judge(found)
            whole.different += verdict.different
            whole.held |= verdict.held
        return whole

    def first(self, resource: str, **facts: Any) -> dict[str, Any]:
        """The first live record of a resource with these fields."""
        return next(
            record
            for key, record in self.xero.records.items()
            if key[0] == resource and self.xero.live(key) and all(record.get(name) == value for name, value in facts.items())
        )


@pytest.fixture(scope="module")
def played() -> Books:
    return Books()


@pytest.fixture
def books(played: Books) -> Iterator[Books]:
    """Fresh books for each test."""
    kept: XeroSide = copy.deepcopy(played.xero)
    steps = copy.deepcopy(played.steps)
    yield played
    played.xero, played.steps = kept, steps


def told(books: Books) -> str:
    return "\n".join(books.judged().different)


def test_nothing_differs_as_it_stands(books: Books) -> None:
    verdict = books.judged()
    assert verdict.different == [] and verdict.held == {}


def test_a_total_a_cent_off(books: Books) -> None:
    invoice = books.first("Invoices", Type="ACCREC")
    invoice["Total"] += Decimal("0.01")
    assert f"{invoice['InvoiceNumber']}: total is" in told(books)


def test_tax_a_cent_off(books: Books) -> None:
    invoice = books.first("Invoices", Type="ACCREC", CurrencyCode="NZD")
    invoice["TotalTax"] -= Decimal("0.01")
    assert f"{invoice['InvoiceNumber']}: tax is" in told(books)


def test_a_line_of_another_tax_type_or_account(books: Books) -> None:
    line = next(line for line in books.first("Invoices", Type="ACCREC", CurrencyCode="NZD")["lines"] if line["TaxType"] == "OUTPUT2")
    line["TaxType"] = "ZERORATED"
    assert "tax of type OUTPUT2" in told(books) and "type ZERORATED is on 0.00 in the host" in told(books)
    line["TaxType"] = "OUTPUT2"
    line["account"] = next(key for key, account in books.xero.accounts.items() if account.get("Code") == "400")
    assert "400 is 0 in the host's ledger" in told(books)


def test_an_amount_due_that_is_not_the_hosts(books: Books) -> None:
    invoice = books.first("Invoices", Type="ACCREC", Status="PAID")
    invoice["settled"] -= Decimal("0.01")
    assert "open is 0 in the host, 0.01 in Xero" in told(books)


def test_money_on_another_bank_account_or_another_amount(books: Books) -> None:
    payment = books.first("Payments", CurrencyRate=1)
    payment["BankAmount"] += 1
    assert "the host's bank accounts moved by" in told(books)
    payment["BankAmount"] -= 1
    payment["account"] = next(key for key, account in books.xero.accounts.items() if account.get("Code") == "094")
    assert "on 094" in told(books)


def test_a_journal_line_and_a_transfer(books: Books) -> None:
    books.first("ManualJournals")["lines"][0]["LineAmount"] += Decimal("0.05")
    books.first("BankTransactions", Type="SPEND-TRANSFER")["Total"] += 1
    assert "in the host's ledger" in told(books) and "bank accounts moved by" in told(books)


def test_what_is_missing_double_or_stray(books: Books) -> None:
    invoice = books.first("Invoices", Type="ACCREC")
    invoice["Status"] = "VOIDED"
    assert f"{invoice['InvoiceNumber']} is submitted in the host and not in Xero" in told(books)
    invoice["Status"] = "AUTHORISED"
    books.xero.records["Payments", "stray"] = copy.deepcopy(books.first("Payments"))
    assert "Xero has Payments stray, which no document of the host became" in told(books)


def test_what_was_cancelled_and_still_stands(books: Books) -> None:
    cancelled = next(record for key, record in books.xero.records.items() if key[0] == "Invoices" and not books.xero.live(key))
    cancelled["Status"] = "AUTHORISED"
    assert "is cancelled in the host and stands in Xero" in told(books)


def test_what_is_held_is_taken_out_of_what_it_settles(books: Books) -> None:
    """The payment of three invoices held: its batch is gone, the invoices are open, and that is all explained, unless by another sum."""
    payment = next(case for case in books.cases if case["case"] == "payment-several-references")["events"][-1]
    step = next(step for step in books.steps if step["reference_name"] == payment["name"])
    step.update(state="Held", reason_code="for-a-test")
    batch = books.first("BatchPayments")
    batch["Status"] = "DELETED"
    for each in batch["payments"]:
        part = books.xero.records["Payments", each]
        part["Status"] = "DELETED"
        books.xero.records["Invoices", part["target"]]["settled"] -= part["Amount"]
    verdict = books.judged()
    assert verdict.different == [] and verdict.held == {payment["name"]: "for-a-test"} and verdict.outcome == "held (for-a-test)"
    part["Status"] = "AUTHORISED"
    assert "is held, and part of it moved money in Xero" in told(books)
    books.xero.records["Invoices", part["target"]]["settled"] -= Decimal("0.01")
    assert "of it settled by what is held" in told(books)


def test_a_foreign_invoice_on_a_base_receivable_that_is_settled_has_nothing_open(books: Books) -> None:
    case = next(case for case in books.cases if case["case"] == "foreign-invoice-base-receivable")
    assert not [row for party in case["parties"] for row in party["open"]]
    invoice = books.first("Invoices", InvoiceNumber=case["events"][0]["name"])
    invoice["settled"] -= Decimal("0.01")
    assert f"{invoice['InvoiceNumber']}: open is 0 in the host, 0.01 in Xero" in told(books)
