"""A document with a row about payroll or an employee is held as a whole, and what the app says of it names nobody."""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.documents import payroll
from picortex_xero.documents.identity import identity
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.cases import HELD, case_of, problem_of
from picortex_xero.documents.settlement.not_for_xero import problems_before
from tests.scene.documents import receipt
from tests.scene.mapping import mapping

pytestmark = pytest.mark.case("P1")
WAGES = {"account": "Wages - KS", "debit": 3000.0, "credit": 0.0, "root_type": "Expense"}
RENT = {"account": "Rent - KS", "debit": 100.0, "credit": 0.0, "root_type": "Expense"}


def owed(amount: float, **changes: Any) -> dict[str, Any]:
    return {"account": "Payroll Payable - KS", "account_type": "Payable", "debit": 0.0, "credit": amount, **changes}


def journal(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    head = {"doctype": "Journal Entry", "name": "JV-1", "creation": "2026-10-01 00:00:00", "posting_date": "2026-10-01"}
    return {**head, "voucher_type": "Journal Entry", "title": "Payroll Payable - KS", "accounts": list(rows), **changes}


def refers(doctype: str) -> dict[str, Any]:
    return {"reference_type": doctype, "reference_name": "R-1"}


PERSON = {"party_type": "Employee", "party": "HR-EMP-00001"}


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (journal(WAGES, owed(3000.0, **refers("Payroll Entry"))), "payroll"),
        (journal({**WAGES, **refers("Payroll Entry")}, owed(1000.0, **PERSON), owed(2000.0, **PERSON)), "payroll"),
        (journal(RENT, {**WAGES, **refers("Payroll Entry")}, owed(3100.0)), "payroll"),
        (journal(WAGES, owed(3000.0, **refers("Salary Slip"))), "payroll"),
        (journal(WAGES, owed(3000.0, **PERSON, **refers("Full and Final Statement"))), "payroll"),
        (journal(WAGES, owed(3000.0, **PERSON)), "employee"),
        (journal(RENT, owed(100.0), {"account": "Old - KS", "debit": 0.0, "credit": 0.0, **PERSON}), "employee"),
        (journal(RENT, owed(100.0, **refers("Employee Advance"))), "employee"),
        (journal(RENT, owed(100.0, **refers("Expense Claim"))), "employee"),
        (journal(RENT, owed(100.0, party_type="Supplier", party="Kaimai")), ""),
        (journal(WAGES, owed(3000.0)), ""),
        (journal(RENT, owed(100.0, party_type="Shareholder", party="ACC-SH-1")), ""),
    ],
)
def test_a_journal_is_told_by_any_of_its_rows(doc: dict[str, Any], expected: str) -> None:
    assert payroll.about(doc) == expected
    # Mapped, each of these would be an ordinary manual journal.
    accounts = {row["account"]: "477" for row in doc["accounts"]}
    entry = journal_legs.read(doc, mapping(accounts=accounts))
    case = case_of(entry)
    assert (case.becomes == HELD and case.name == expected) if expected else case.name in ("plain", "party-without-invoice")
    if expected:
        assert problem_of(entry, case) == payroll.held(identity(doc), expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"party_type": "Employee", "party": "HR-EMP-00001", "party_name": "Aroha Ngata"}, ["payment-other-party"]),
        ({"references": [{"reference_doctype": "Payroll Entry", "reference_name": "R-1", "allocated_amount": 5.0}]}, ["payment-payroll"]),
        (
            {"references": [{"reference_doctype": "Expense Claim", "reference_name": "R-1", "allocated_amount": 5.0}]},
            ["payment-other-party"],
        ),
    ],
)
def test_a_payment_is_told_by_its_party_and_by_what_it_pays(changes: dict[str, Any], expected: list[str]) -> None:
    found = problems_before(receipt(**{"references": [], "paid": 4321.0, **changes}))
    assert [problem.code for problem in found] == expected and all(problem.held for problem in found)
    said = " ".join(problem.message + problem.resolution for problem in found)
    assert not any(secret in said for secret in ("HR-EMP", "Aroha", "4321", "4,321"))


def test_an_accounting_dimension_of_an_employee_makes_it_personal() -> None:
    assert payroll.about(journal({**WAGES, "employee": "HR-EMP-7"}, owed(3000.0))) == payroll.PERSONAL


def test_what_another_journal_may_decide_is_noted_without_an_amount() -> None:
    assert payroll.may_be(journal(WAGES, owed(3000.0), reversal_of="JV-0")) and payroll.may_be(
        journal(WAGES, owed(1.0, **refers("Journal Entry")))
    )
    assert not payroll.may_be(journal(WAGES, owed(3000.0)))
