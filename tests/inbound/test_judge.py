"""What is made of one record that changed in Xero, on values alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.problems import Problem
from picortex_xero.documents.decisions import Agrees, Differs, Raise, Release, Say, Seen
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.picture import differences, only_coding, picture
from picortex_xero.documents.role import role
from picortex_xero.documents.step import ATTENTION, HELD, PENDING, SENDING, SKIPPED, SUPERSEDED, SYNCED, UNKNOWN, Link, Step
from picortex_xero.inbound.judge import Linked, allocations, contact, judge
from picortex_xero.xero.records.registry import CREDIT_NOTE, INVOICE, PAYMENT

pytestmark = pytest.mark.case("19")
SALE = Identity("Sales Invoice", "SINV-1", "2026-11-01 09:00:00.000000")
PAY = Identity("Payment Entry", "PE-1", "2026-11-01 09:00:00.000000")


def line(amount: str = "100.00", tax: str = "15.00", account: str = "200", tax_type: str = "OUTPUT2", **more: Any) -> dict[str, Any]:
    return {
        "LineAmount": amount,
        "TaxAmount": tax,
        "AccountCode": account,
        "AccountID": f"a-{account}",
        "TaxType": tax_type,
        "Tracking": [],
        **more,
    }


def shown(*lines: dict[str, Any], at: int = 2, **more: Any) -> dict[str, Any]:
    rows = list(lines) or [line()]
    total = sum((Decimal(each["LineAmount"]) + Decimal(each["TaxAmount"]) for each in rows), Decimal(0))
    tax = sum((Decimal(each["TaxAmount"]) for each in rows), Decimal(0))
    return {
        "InvoiceID": "i-1",
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": "c-1"},
        "DateString": "2026-11-01T00:00:00",
        "CurrencyCode": "NZD",
        "LineAmountTypes": "Exclusive",
        "LineItems": rows,
        "Total": str(total),
        "TotalTax": str(tax),
        "AmountDue": str(total),
        "UpdatedDateUTC": f"/Date({1795000000000 + at}+0000)/",
        **more,
    }


def link(**more: Any) -> Link:
    known = picture(INVOICE, shown(at=1))
    return Link(
        "l-1", SALE, "invoice", 1, 1, "Invoices", "i-1", **{"status": "AUTHORISED", "total": Decimal(115), "picture": known, **more}
    )


def step(text: str = "invoice", state: str = SYNCED, who: Identity = SALE, **more: Any) -> Step:
    return Step(f"s-{text}", who, role(text), 1, state, **more)


def judged(element: dict[str, Any], *steps: Step, of: Link | None = None, merged: bool = False) -> list[Any]:
    return list(judge(Linked(of or link(), steps or (step(),)), element, lambda former, present: merged))


def raised(effects: list[Any]) -> Problem:
    (found,) = [each for each in effects if isinstance(each, Raise)]
    return found.problem


def test_what_is_shown_goes_onto_the_link() -> None:
    (seen,) = judged(shown(AmountDue="15.00", Status="PAID"))
    assert isinstance(seen, Seen)
    assert (seen.status, seen.total, seen.amount_due, seen.contact) == ("PAID", Decimal(115), Decimal(15), "c-1")
    assert seen.updated and seen.updated.year == 2026 and seen.picture


def test_the_version_that_is_known_is_no_news() -> None:
    known = datetime(2026, 11, 18, 11, 6, 40, 2000)
    assert judged(shown(at=2), of=link(updated=known)) == []


@pytest.mark.parametrize(
    ("was", "now", "code", "told"),
    [
        ("DRAFT", "AUTHORISED", "changed-after-approval", True),
        ("SUBMITTED", "PAID", "rule-approval", True),
        ("DRAFT", "SUBMITTED", "rule-approval", False),
        ("AUTHORISED", "PAID", "rule-approval", False),
        ("DRAFT", "AUTHORISED", "changed-after-submit", False),
    ],
)
def test_what_is_approved_in_xero_past_our_approval_is_told(was: str, now: str, code: str, told: bool) -> None:
    effects = judged(shown(Status=now), step(), step("recheck-1", HELD, reason_code=code, rule="Boss"), of=link(status=was))
    assert (
        isinstance(effects[0], Seen) and [each.problem.code for each in effects if isinstance(each, Raise)] == ["approved-past-us"] * told
    )
    assert not told or "Boss" in raised(effects).message


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_gone_is_raised_once_and_by_name(status: str) -> None:
    effects = judged(shown(Status=status))
    problem = raised(effects)
    assert (problem.code, problem.held) == ("gone-from-xero", False) and problem.message == f"SINV-1 was {status.lower()} in Xero"
    assert "SINV-1" not in problem.resolution, "people are told once for all that were removed"
    assert judged(shown(Status=status, at=3), of=link(status=status)) == []


@pytest.mark.parametrize("state", [SENDING, UNKNOWN])
def test_what_we_are_taking_back_right_now_is_left_alone(state: str) -> None:
    assert judged(shown(Status="VOIDED"), step(), step("void", state)) == []
    assert judged(shown(line("90.00")), step(), step("recheck-1", state)) == []


def test_what_was_to_go_wakes_the_cancel_that_waits_for_a_person() -> None:
    effects = judged(shown(Status="VOIDED"), step(), step("void", HELD))
    assert [each for each in effects if not isinstance(each, Seen)] == [Release("s-void")]
    assert all(isinstance(each, Seen) for each in judged(shown(Status="VOIDED"), step(), step("void", PENDING)))
    assert raised(judged(shown(Status="VOIDED"), step(), step("void", SUPERSEDED))), "a cancel that was given up"


@pytest.mark.parametrize("state", [SKIPPED, SUPERSEDED, PENDING])
def test_what_is_left_out_or_on_its_way_is_not_raised(state: str) -> None:
    assert not [each for each in judged(shown(Status="VOIDED"), step(state=state)) if isinstance(each, Raise)]


def test_a_step_with_records_to_choose_from_is_left_to_that_choice() -> None:
    effects = judged(shown(Status="VOIDED"), step(state=ATTENTION, kept_by="a-1"))
    assert not [each for each in effects if isinstance(each, (Raise, Release))] and any(isinstance(each, Say) for each in effects)


@pytest.mark.parametrize(
    ("element", "code", "words"),
    [
        (shown(line("90.00", "13.50")), "edited-in-xero", "the total was 115.00 and is 103.50 now"),
        (
            shown(line(account="260")),
            "recoded-in-xero",
            "account 260, tax type OUTPUT2: nothing was sent, 100.00 with tax of 15.00 is there now",
        ),
        (shown(line(tax="0.00", tax_type="NONE")), "edited-in-xero", "the tax was 15.00 and is 0.00 now"),
        (shown(line(Tracking=[{"Name": "Region", "Option": "North"}])), "recoded-in-xero", "Region: North"),
        (shown(Contact={"ContactID": "c-2"}), "edited-in-xero", "it has another contact"),
        (shown(DateString="2026-10-31T00:00:00"), "edited-in-xero", "the date was 2026-11-01 and is 2026-10-31 now"),
        (shown(CurrencyCode="AUD"), "edited-in-xero", "the currency was NZD and is AUD now"),
    ],
)
def test_what_moves_money_is_raised_with_words(element: dict[str, Any], code: str, words: str) -> None:
    problem = raised(judged(element))
    assert problem.code == code and words in problem.message and problem.message.startswith("SINV-1 was changed in Xero: ")
    seen = next(each for each in judged(element) if isinstance(each, Seen))
    again = judged({**element, "UpdatedDateUTC": "/Date(1795000009999+0000)/"}, of=link(picture=json.loads(seen.picture or "")))
    assert raised(again).code == code, "what it has to be like stays what it was"


@pytest.mark.parametrize(
    "element",
    [
        shown(DueDateString="2027-01-01T00:00:00", Reference="by phone", SentToContact=True, Url="https://elsewhere.example"),
        shown(line("40.00", "6.00"), line("60.00", "9.00", Description="split")),
        shown(line("115.00", "15.00"), LineAmountTypes="Inclusive", Total="115.00"),
        shown(Payments=[{"PaymentID": "p-9", "Amount": "20.00"}], AmountDue="95.00"),
        {name: value for name, value in shown().items() if name not in ("LineItems", "TotalTax", "CurrencyCode")},
        shown({**line(), "AccountID": ""}),
    ],
    ids=["other fields", "split", "shown with tax", "paid", "not shown", "without ids"],
)
def test_what_does_no_harm_is_not_raised(element: dict[str, Any]) -> None:
    assert all(isinstance(each, (Seen, Differs)) for each in judged(element))


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (shown(DueDateString="2027-01-01T00:00:00"), []),
        (shown(Reference="by phone"), ["the reference was PO-1 and is by phone now"]),
        (shown(Reference=""), ["the reference was PO-1 and is empty now"]),
        (shown(line(Description="otherwise")), ["its lines say something else, or are split otherwise"]),
        (shown(line("115.00"), LineAmountTypes="Inclusive", Total="115.00"), []),
        (shown(Payments=[{"PaymentID": "p-9", "Amount": "20.00"}], AmountDue="95.00"), []),
    ],
    ids=["due date not shown before", "reference", "no reference", "description", "shown with tax", "paid"],
)
def test_what_moves_no_money_is_listed_only(element: dict[str, Any], words: list[str]) -> None:
    of = link(picture=picture(INVOICE, shown(at=1, Reference="PO-1")))
    effects = judged(element, of=of)
    assert [str(text) for each in effects if isinstance(each, Differs) for text in each.found] == words
    seen = next(each for each in effects if isinstance(each, Seen))
    again = judged(
        {**shown(Reference="PO-1"), "UpdatedDateUTC": "/Date(1795000009999+0000)/"}, of=link(picture=json.loads(seen.picture or ""))
    )
    assert not [each for each in again if isinstance(each, Differs)], "changed back, it is what it was"


def test_what_is_listed_is_over_once_it_agrees() -> None:
    listed = Linked(link(), (step(),), listed=True)
    assert Agrees("l-1") in judge(listed, shown(), lambda former, present: False)
    assert Agrees("l-1") not in judge(listed, shown(line("90.00")), lambda former, present: False)


def test_nothing_more_is_kept_of_what_is_about_people() -> None:
    (seen,) = judge(Linked(link(), (step(),), private=True), shown(line("90.00")), lambda former, present: False)
    assert isinstance(seen, Seen) and seen.status == "AUTHORISED" and seen.updated
    assert (seen.picture, seen.total, seen.amount_due, seen.contact) == (None, None, None, None)
    assert raised(list(judge(Linked(link(), (step(),), private=True), shown(Status="VOIDED"), lambda former, present: False)))


def test_a_merge_is_no_change_of_the_contact() -> None:
    element = shown(Contact={"ContactID": "c-2"})
    assert raised(judged(element)) and all(isinstance(each, Seen) for each in judged(element, merged=True))


def test_one_that_differed_is_compared_again_when_it_changes() -> None:
    wrong = step(state=ATTENTION, reason_code="total-in-xero-differs")
    assert Release("s-invoice") in judged(shown(), wrong, of=link(picture={}, total=Decimal(90)))
    recoded = step(state=ATTENTION, reason_code="recoded-in-xero")
    assert Release("s-invoice") in judged(shown(), recoded), "somebody has changed it back"


def test_one_that_was_in_xero_before_is_not_compared() -> None:
    before = link(adopted=True, marker={}, picture={})
    assert all(isinstance(each, Seen) for each in judged(shown(line("1.00")), of=before))
    assert raised(judged(shown(Status="VOIDED"), of=before)).code == "gone-from-xero"


def test_a_link_from_before_there_were_pictures_knows_its_total() -> None:
    assert raised(judged(shown(line("90.00")), of=link(picture={}))).code == "edited-in-xero"
    assert all(isinstance(each, Seen) for each in judged(shown(line(account="260")), of=link(picture={})))


def test_a_part_of_a_document_is_named() -> None:
    part = replace(link(), part="payment", endpoint="Payments", xero_id="p-1", picture={})
    effects = judged({"PaymentID": "p-1", "Status": "DELETED", "Amount": "5.00"}, step("payment-1"), of=part)
    assert raised(effects).message == "The payment of SINV-1 was deleted in Xero"


def test_an_allocation_that_its_credit_no_longer_shows() -> None:
    of_it = Link("l-9", PAY, "allocation", 1, 1, "CreditNotes/n-1/Allocations", "x-1")
    linked = Linked(of_it, (step("allocation-1", who=PAY),))
    assert allocations({"Allocations": [{"AllocationID": "X-1"}]}, [linked]) == () == allocations({}, [linked]), "not shown proves nothing"
    effects = allocations({"Allocations": []}, [linked])
    assert raised(list(effects)).message == "The allocation of PE-1 was deleted in Xero"
    coming = Linked(of_it, (step("allocation-1", who=PAY), step("undo-allocation-1", SENDING, PAY)))
    assert allocations({"Allocations": []}, [coming]) == ()


def test_contacts_that_were_archived_or_merged_are_said_once() -> None:
    party = Link("l-2", Identity("Customer", "Ann", "2026"), "contact", 1, 1, "Contacts", "c-1", status="ACTIVE")
    seen, said = contact(party, {"ContactStatus": "ARCHIVED", "MergedToContactID": "c-2"})
    assert (
        isinstance(seen, Seen) and seen.status == "ARCHIVED" and isinstance(said, Say) and "c-2" in said.message and said.who == party.who
    )
    assert contact(replace(party, status="ARCHIVED"), {"ContactStatus": "ARCHIVED"}) == ()


def test_pictures_of_what_cannot_be_read_say_nothing() -> None:
    for odd in ({}, {"LineItems": "x", "TotalTax": {}, "Contact": []}, {"LineItems": [1]}, {"JournalLines": [{"LineAmount": "x"}]}):
        assert differences(picture(INVOICE, shown()), picture(INVOICE, odd)) == [] and only_coding({}, picture(CREDIT_NOTE, odd))


def test_a_payment_pays_what_it_paid_though_xero_shows_the_credits_of_its_invoice_too() -> None:
    was = picture(PAYMENT, {"Amount": 50, "Invoice": {"InvoiceID": "i-1"}})
    more = picture(PAYMENT, {"Amount": 50, "Invoice": {"InvoiceID": "i-1", "CreditNotes": [{"CreditNoteID": "n-1", "AppliedAmount": 5}]}})
    other = picture(PAYMENT, {"Amount": 50, "Invoice": {"InvoiceID": "i-2", "CreditNotes": [{"CreditNoteID": "n-1"}]}})
    assert differences(was, more) == differences(more, was) == [] and only_coding(was, more)
    assert [str(each) for each in differences(was, other)] == ["it pays another document"] and not only_coding(was, other)
