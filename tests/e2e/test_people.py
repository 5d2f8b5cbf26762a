"""Payroll and employees: nothing of them reaches Xero, and nothing we write ourselves names a person or a wage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rig import Rig, go_live
from tests.scene import rig as scene
from tests.scene.desk import retry
from tests.scene.files import ALL, attach
from tests.scene.journals import entry

pytestmark = pytest.mark.case("P1")
NAME, NUMBER, WAGE = "Aroha Ngata", "HR-EMP-00007", 48765432.09
PERSON = {"party_type": "Employee", "party": NUMBER}
SLIP = {"reference_type": "Payroll Entry", "reference_name": "HR-PRUN-00001"}
OURS = ("Xero Outbox Entry", "Xero Sync Log", "Xero Link", "Xero Attempt", "Error Log")


def payroll(rig: Rig, name: str = "JV-PAY", **changes: Any) -> scene.Record:
    """The accrual of a payroll of one, as HRMS writes it per employee; its accounts are mapped, so that all of it could go."""
    rows = (("Administrative Expenses", WAGE, {**SLIP}), ("Payroll Payable", -WAGE, {**SLIP, **PERSON}))
    return entry(rig, *rows, name=name, user_remark=f"Salary of {NAME}", **changes)


def nothing_of_it(rig: Rig) -> None:
    """Neither in any request nor in any row of ours."""
    secrets = (NAME, NUMBER, f"{WAGE:.0f}", "Ngata")
    sent = json.dumps([[call.get("body"), call["path"]] for call in rig.xero.calls()], default=str)
    with rig.frappe() as frappe:
        kept = json.dumps({doctype: frappe.get_all(doctype, fields=["*"]) for doctype in OURS}, default=str)
    assert not [secret for secret in secrets if secret in sent], "sent to Xero"
    assert not [secret for secret in secrets if secret in kept], "kept in rows of ours"
    assert not [each for each in rig.xero.documents("Contacts") if NAME in each["Name"] or NUMBER in each["Name"]]


def held(rig: Rig, name: str, code: str, **where: Any) -> None:
    scene.settle(rig)
    steps = rig.steps(reference_name=name, **where)
    assert steps and {(step["state"], step["reason_code"]) for step in steps} == {("Held", code)}, steps
    assert all(step["cure"] and not step["amount"] for step in steps)
    nothing_of_it(rig)


@pytest.mark.parametrize(
    "rows",
    [
        (("Administrative Expenses", WAGE, {}), ("Payroll Payable", -WAGE, SLIP)),
        (("Administrative Expenses", WAGE, SLIP), ("Payroll Payable", -WAGE, PERSON)),
        (("Payroll Payable", WAGE, {**SLIP, **PERSON}), ("Trading Account", -WAGE, {})),
        (("Office Rent", 100.0, {}), ("Administrative Expenses", WAGE, SLIP), ("Payroll Payable", -WAGE - 100, {})),
    ],
    ids=["totals", "per-employee", "bank-entry", "among-others"],
)
def test_a_payroll_journal_is_held_whole(rig: Rig, rows: Any) -> None:
    record = entry(rig, *rows, name="JV-PAY", user_remark=f"Salary of {NAME}", pay_to_recd_from=NAME)
    rig.play([record])
    held(rig, "JV-PAY", "journal-payroll")
    assert retry(rig, record)
    held(rig, "JV-PAY", "journal-payroll")
    assert scene.writes(rig) == []


def test_a_reversal_and_a_settling_of_a_payroll_journal_are_held_with_it(rig: Rig) -> None:
    """ERPNext's reversal copies neither references nor, in the form without single employees, any party."""
    plain = (("Payroll Payable", WAGE, {}), ("Administrative Expenses", -WAGE, {}))
    later = (("Payroll Payable", WAGE, {"reference_type": "Journal Entry", "reference_name": "JV-REV"}), ("Trading Account", -WAGE, {}))
    rig.play([payroll(rig), entry(rig, *plain, name="JV-REV", reversal_of="JV-PAY"), entry(rig, *later, name="JV-BANK")])
    for name in ("JV-PAY", "JV-REV", "JV-BANK"):
        held_or_amount(rig, name)
    assert scene.writes(rig) == []


def held_or_amount(rig: Rig, name: str) -> None:
    scene.settle(rig)
    assert {(step["state"], step["reason_code"], float(step["amount"])) for step in rig.steps(reference_name=name)} == {
        ("Held", "journal-payroll", 0.0)
    }
    nothing_of_it(rig)


@pytest.mark.parametrize("party", [PERSON, {"reference_type": "Employee Advance", "reference_name": "HR-EAD-1"}])
def test_a_journal_with_an_employee_is_held(rig: Rig, party: dict[str, str]) -> None:
    rig.play([entry(rig, ("Payroll Payable", WAGE, party), ("Trading Account", -WAGE, {}), name="JV-EMP", pay_to_recd_from=NAME)])
    held(rig, "JV-EMP", "journal-employee")


def test_a_payment_to_an_employee_is_held_and_says_no_name(rig: Rig) -> None:
    made = scene.copied(scene.paid(rig)[-1], "PAY-EMP", payment_type="Pay", references=[], party_name=NAME, reference_no=NAME, **PERSON)
    made["doc"].update(paid_amount=WAGE, received_amount=WAGE, base_paid_amount=WAGE, base_received_amount=WAGE)
    rig.play([made])
    held(rig, "PAY-EMP", "payment-other-party")


def test_neither_a_file_nor_a_note_of_it_goes(rig: Rig) -> None:
    go_live(rig, "AUTHORISED", history_notes="Every document", **ALL)
    record = payroll(rig)
    # Files go only after a call was answered, so one innocent journal goes along.
    rig.play([record, entry(rig, ("Office Rent", 5.0, {}), ("Travel Expenses", -5.0, {}), name="JV-ELSE")])
    attach(rig, record, f"Payslip {NAME}.pdf")
    scene.settle(rig)
    states = {step["role"].split("-")[0]: (step["state"], step["reason_code"]) for step in rig.steps(reference_name="JV-PAY")}
    assert states == {"journal": ("Held", "journal-payroll"), "attachment": ("Skipped", "journal-payroll")}
    sent = scene.writes(rig)
    assert {call["path"].rpartition("/")[2] for call in sent} <= {"ManualJournals", "History"} and "JV-PAY" not in str(sent)
    nothing_of_it(rig)
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert {step["state"] for step in rig.steps(reference_name="JV-PAY")} == {"Superseded"} and scene.writes(rig) == sent


def test_one_that_is_in_xero_from_before_stays_and_its_cancel_takes_it_back(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payroll journal that an earlier version sent stays in Xero until a person cancels it here; the log keeps none of its rows."""
    from picortex_xero.documents import payroll as people

    record = payroll(rig)
    with monkeypatch.context() as before:
        before.setattr(people, "of_rows", lambda rows: "")
        before.setattr("picortex_xero.documents.journal_entry.facts._own", lambda docs, of_others=False: dict.fromkeys(docs, ""))
        rig.play([record])
        scene.settle(rig)
    assert len(scene.live(rig, "ManualJournals")) == 1
    writes = len(scene.writes(rig))
    scene.settle(rig)
    assert len(scene.writes(rig)) == writes
    with rig.frappe() as frappe:
        before_log = set(frappe.get_all("Xero Sync Log", pluck="name"))
    rig.play([scene.cancelling(record)])
    scene.settle(rig)
    assert scene.live(rig, "ManualJournals") == []
    with rig.frappe() as frappe:
        later = [row for row in frappe.get_all("Xero Sync Log", fields=["*"]) if row["name"] not in before_log]
    assert later and not [row for row in later if NUMBER in str(row) or f"{WAGE:.0f}" in str(row) or "Ngata" in str(row)]


def test_wages_without_any_person_go_as_before(rig: Rig) -> None:
    """A journal over totals that a bookkeeper types refers to no payroll and to nobody."""
    rig.play([entry(rig, ("Administrative Expenses", 500.0, {}), ("Payroll Payable", -500.0, {}), name="JV-TOTAL")])
    scene.settle(rig)
    assert scene.step(rig, "JV-TOTAL")["state"] == "Synced" and len(scene.live(rig, "ManualJournals")) == 1


def test_the_reversal_of_a_wage_that_was_held_by_its_account_is_held_too(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """ERPNext's own reversal carries no references of its rows."""
    from picortex_xero.documents.journal_entry import facts

    payable = f"Payroll Payable - {rig.company['abbr']}"
    monkeypatch.setattr(facts, "_payroll_accounts", lambda company: {payable})
    settled = {"reference_type": "Journal Entry", "reference_name": "JV-0"}
    rig.play([entry(rig, ("Administrative Expenses", 9000.0, {}), ("Payroll Payable", -9000.0, {}), name="JV-0")])
    scene.settle(rig)
    rig.play([entry(rig, ("Payroll Payable", WAGE, settled), ("Trading Account", -WAGE, {}), name="JV-A")])
    rig.play([entry(rig, ("Payroll Payable", -WAGE, {}), ("Trading Account", WAGE, {}), name="JV-B", reversal_of="JV-A")])
    assert not [step for step in rig.steps() if step["reference_name"] in ("JV-A", "JV-B") and step["amount"]], "nor before it is looked at"
    for name in ("JV-A", "JV-B"):
        held(rig, name, "journal-payroll")


def test_money_typed_as_paid_to_an_employee_by_name_is_held(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.documents.journal_entry import facts

    asked: list[str] = []

    def employees(docs: dict[Any, Any]) -> set[str]:
        said = {name for doc in docs.values() if (name := facts._paid_to(doc))}
        asked.extend(name for name in said if name not in asked)
        return said & {NAME}

    monkeypatch.setattr(facts, "_employees", employees)
    rig.play([entry(rig, ("Administrative Expenses", 12.0, {}), ("Trading Account", -12.0, {}), name="JV-WHO", pay_to_recd_from=NAME)])
    scene.settle(rig)
    assert scene.step(rig, "JV-WHO")["reason_code"] == "journal-employee" and asked == [NAME]
    nothing_of_it(rig)
