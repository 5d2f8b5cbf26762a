"""Answers of Xero that leave fields out or show them otherwise: a record that came back with an id is matched with what was sent, or kept
for a person to choose; never lost."""

from __future__ import annotations

import copy
from decimal import Decimal as D
from typing import Any

import pytest

from picortex_xero.xero import answers
from picortex_xero.xero.records import matching as echo
from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.payment import TARGET_IDS
from picortex_xero.xero.records.registry import KINDS
from picortex_xero.xero.records.xero_element import worth
from tests.scene.xero_records import member

BILL, PAYMENT, TRANSFER, MONEY, JOURNAL = (
    KINDS[name] for name in ("invoice", "payment", "bank-transfer", "bank-transaction", "manual-journal")
)
URL = "https://books.example/app/purchase-invoice/PINV-{0}?sync=abc-{0}{0}-1"


def bill(number: int, total: str = "115.00", contact: str = "c1") -> dict[str, Any]:
    """The member of one bill."""
    facts = {"Type": "accpay", "Contact": contact, "Total": total, "Date": "2026-10-20"}
    return member({"Type": "ACCPAY", "ContactID": contact, "Total": total, "Url": URL.format(number)}, f"PINV-{number}", facts)


def saved_bill(number: int, total: str = "115.00", contact: str = "c1", **changes: Any) -> dict[str, Any]:
    """Xero's answer to it."""
    shown = {"InvoiceID": f"x{number}", "Type": "ACCPAY", "Contact": {"ContactID": contact}, "Total": D(total), "Status": "AUTHORISED"}
    return {**shown, "Date": "/Date(1792454400000+0000)/", "Url": URL.format(number), "HasErrors": False, **changes}


def payment(name: str = "PE-1", part: int = 1, amount: str = "40.00", target: str = "i1") -> dict[str, Any]:
    """The member of one payment."""
    facts = {"Target": [target], "Amount": amount, "Account": "bank", "Date": "2026-10-20"}
    return member({"Reference": f"{name}/{part} CHQ 77", "InvoiceID": target, "Amount": amount}, name, facts)


def saved_payment(reference: Any = "PE-1/1 CHQ 77", amount: str = "40.00", target: str = "i1", **changes: Any) -> dict[str, Any]:
    """Xero's answer to it."""
    shown = {"PaymentID": "p1", "Reference": reference, "Amount": D(amount), "Invoice": {"InvoiceID": target}, "Status": "AUTHORISED"}
    return {**shown, "Account": {"AccountID": "bank"}, "Date": "/Date(1792454400000+0000)/", **changes}


def pairs(found: echo.Matched) -> list[tuple[str, str]]:
    """Names and ids that were matched."""
    return [(each["docname"], element.get("InvoiceID") or element.get("PaymentID") or "") for each, element, _ in found.found]


@pytest.mark.case("24")
@pytest.mark.parametrize(
    "reference",
    [
        "PE-1/1 CHQ 77 0042", "  PE-1/1\tCHQ  77\t0042 \n", "pe-1/1 chq 77", "CHQ 77 PE-1/1", "PE-1/1", "PE&#45;1/1", "PE-1%2F1 CHQ", "ＰＥ-1/1",
        "PE-1/1\u200b", "(PE-1/1)",
    ],
)  # fmt: skip
def test_a_reference_is_recognised_by_our_name_however_it_was_tidied(reference: str) -> None:
    seen = echo.sight(PAYMENT, payment(), saved_payment(reference))
    assert seen.ours is True and seen.certain


def test_a_document_that_was_renamed_since_is_known_by_the_name_it_was_sent_with() -> None:
    renamed = {**payment(), "sent_as": "PE-1", "docname": "RECEIPT-9"}
    assert echo.sight(PAYMENT, renamed, saved_payment("pe-1/1 chq")).certain


@pytest.mark.parametrize("reference", ["PE-1/2", "PE-11/1", "XPE-1/1", "PE-1/11", "PE-1-1/1", "CHQ 77", "", None, 5, {}, []])
def test_and_no_other_name_or_part_is_taken_for_it(reference: Any) -> None:
    assert echo.sight(PAYMENT, payment(), saved_payment(reference)).ours is not True


@pytest.mark.case("S1")
@pytest.mark.parametrize(
    "url",
    [None, "", 5, "https://books.example/", URL.format(1).upper(), URL.format(1) + "/?", URL.format(1).replace("?", "%3F"), "garbage"],
)
def test_a_bill_that_came_back_with_an_id_is_matched_whatever_its_address_looks_like(url: Any) -> None:
    found = echo.match(BILL, [bill(1)], [saved_bill(1, Url=url)])
    assert pairs(found) == [("PINV-1", "x1")] and not (found.unmatched or found.silent)


def test_of_several_bills_those_that_only_one_record_fits_are_matched() -> None:
    members = [bill(1), bill(2, "230.00"), bill(3, contact="c2")]
    shown = [saved_bill(3, contact="c2", Url=None), saved_bill(1, Url=None), saved_bill(2, "230.00", Url=None)]
    assert sorted(pairs(echo.match(BILL, members, shown))) == [("PINV-1", "x1"), ("PINV-2", "x2"), ("PINV-3", "x3")]


def test_two_that_cannot_be_told_apart_are_kept_and_never_sent_again() -> None:
    members = [bill(1), bill(2), bill(3, "99.00")]
    found = echo.match(BILL, members, [saved_bill(1, Url=None), saved_bill(2, Url=None), saved_bill(3, "99.00")])
    assert pairs(found) == [("PINV-3", "x3")]
    assert [each["docname"] for each in found.unmatched] == ["PINV-1", "PINV-2"]
    assert [each["InvoiceID"] for each in found.left] == ["x1", "x2"] and not found.silent


@pytest.mark.parametrize("changes", [{"Total": D("114.99")}, {"Contact": {"ContactID": "c9"}}, {"Type": "ACCREC"}])
def test_one_that_contradicts_what_was_sent_is_a_persons(changes: dict[str, Any]) -> None:
    found = echo.match(BILL, [bill(1)], [saved_bill(1, Url=None, **changes)])
    assert not found.found and found.unmatched and found.left


def test_what_an_answer_or_a_list_says_twice_is_one_record() -> None:
    twice = [saved_bill(1), saved_bill(1, InvoiceID="X1")]
    assert [others for _, _, others in echo.match(BILL, [bill(1)], twice).found] == [[]]
    assert echo.listed(BILL, bill(1), twice)[0] == twice[:1]


def test_an_error_is_the_member_that_it_names_or_the_only_one_left() -> None:
    refused = {"InvoiceID": xero_element.EMPTY_ID, "Url": URL.format(2), "HasErrors": True, "ValidationErrors": [{"Message": "no"}]}
    found = echo.match(BILL, [bill(1), bill(2)], [saved_bill(1), refused])
    assert pairs(found) == [("PINV-1", "x1")] and [each["docname"] for each, _ in found.refused] == ["PINV-2"]
    bare = {"ValidationErrors": [{"Message": "no"}]}
    assert [each["docname"] for each, _ in echo.match(BILL, [bill(1), bill(2)], [saved_bill(1), bare]).refused] == ["PINV-2"]


def test_what_shows_neither_id_nor_error_says_nothing() -> None:
    found = echo.match(BILL, [bill(1)], [saved_bill(1, InvoiceID=None)])
    assert [each["docname"] for each in found.silent] == ["PINV-1"]


@pytest.mark.case("36")
@pytest.mark.parametrize("wrapper", ["CreditNote", "Invoice", "Overpayment", "Prepayment"])
def test_the_target_is_found_wherever_xero_shows_it(wrapper: str) -> None:
    refund = payment(target="cn1")
    shown = saved_payment()
    shown.pop("Invoice")
    shown[wrapper] = {"CreditNoteID" if wrapper == "CreditNote" else "InvoiceID": "CN1"}
    assert echo.sight(PAYMENT, refund, shown).certain


@pytest.mark.parametrize("wrapped", ["Payments", "Elements", "Items", "bare", "list"])
def test_elements_are_found_wherever_the_answer_holds_them(wrapped: str) -> None:
    one = saved_payment()
    data = one if wrapped == "bare" else [one] if wrapped == "list" else {"Status": "OK", wrapped: [one]}
    assert xero_element.elements(PAYMENT, data) == [one]


def test_both_legs_of_a_transfer_are_told_apart_by_their_type_alone() -> None:
    marker = {"Type": "SPEND", "Account": "a", "Date": "2026-10-20", "Total": "10.00", "Reference": "PE-1", "Url": URL.format(1)}
    facts = {"Type": "spend", "Account": "a", "Total": "10.00", "Date": "2026-10-20"}
    other = {"BankTransactionID": "b2", "Type": "RECEIVE", "BankAccount": {"AccountID": "b"}, "Total": 10, "Url": URL.format(1)}
    own, near = echo.listed(MONEY, member(marker, "PE-1", facts), [other])
    assert not own and near == [other], "the other leg is linked to its own step; one that is not is a person's"


@pytest.mark.case("27")
@pytest.mark.parametrize(
    ("kind", "marker", "facts", "shown"),
    [
        (
            TRANSFER, {"Reference": "PE-1 M  1\t2", "From": "a", "To": "b", "Amount": "75.00", "Date": "2026-10-20"},
            {"From": "a", "To": "b", "Amount": "75.00", "Date": "2026-10-20"},
            {"BankTransferID": "t1", "Reference": "PE-1 M 1 2", "FromBankAccount": {"AccountID": "A"}, "ToBankAccount": {"AccountID": "b"},
             "Amount": "75", "DateString": "2026-10-20T00:00:00"},
        ),
        (
            KINDS["overpayment"], {"Type": "RECEIVE-OVERPAYMENT", "Account": "a", "Total": "50.00", "Description": "PE-1 CHQ  9"},
            {"Type": "receive-overpayment", "Account": "a", "Total": "50.00"},
            {"BankTransactionID": "b1", "OverpaymentID": "o1", "Type": "RECEIVE-OVERPAYMENT", "BankAccount": {"AccountID": "a"},
             "Total": 50.0, "LineItems": [{"Description": "PE-1 CHQ 9"}]},
        ),
        (
            MONEY, {"Type": "SPEND", "Account": "a", "Total": "12.50", "Reference": "JV-1 DD  77\t1"},
            {"Type": "spend", "Account": "a", "Total": "12.50"},
            {"BankTransactionID": "b1", "Type": "SPEND", "BankAccount": {"AccountID": "a"}, "Total": "12.5", "Reference": "jv-1 dd 77 1"},
        ),
        (
            JOURNAL, {"Narration": "JV-1  accrual", "Date": "2026-10-20"}, {"Date": "2026-10-20", "Lines": ["-5.00", "5.00"]},
            {"ManualJournalID": "m1", "Narration": "JV-1 accrual", "Date": "2026-10-20T00:00:00",
             "JournalLines": [{"LineAmount": 5}, {"LineAmount": -5}]},
        ),
    ],
)  # fmt: skip
def test_records_without_an_address_are_recognised_by_our_name(kind: Any, marker: Any, facts: Any, shown: Any) -> None:
    one = member(marker, marker.get("Reference", marker.get("Description", marker.get("Narration"))).split(" ")[0], facts)
    assert echo.listed(kind, one, [shown]) == ([shown], [])
    text = next(name for name in ("Reference", "Narration", "LineItems") if name in shown)
    nameless = {**shown, text: None}
    assert echo.listed(kind, one, [nameless]) == ([], [nameless]), "equal but for its token: a person"


@pytest.mark.case("S7")
@pytest.mark.parametrize("odd", [None, 5, "x", [], {}, {"Invoice": 5}, {"Payments": {"a": 1}}, {"Contact": "c"}, {"Date": 7, "Total": {}},
                                 {"Url": 9, "Amount": "NaN"}, {"Amount": "1E+999999"}, {"Date": "/Date(99999999999999999999)/"},
                                 {"LineItems": "x", "JournalLines": 3, "Status": []}])  # fmt: skip
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.nested], ids=lambda kind: kind.name)
def test_no_record_of_a_list_stops_the_look_at_the_others(kind: Any, odd: Any) -> None:
    marker = {kind.id_field: "x1"} if kind.undo or kind.revises else {"Reference": "PE-1/1", "Url": URL.format(1), "ContactNumber": "PC-1"}
    one = member(marker, "PE-1", {})
    good = {kind.id_field: "x1", **{name: value for name, value in marker.items()}}
    own, _ = echo.listed(kind, one, [odd, good, odd])
    assert own == [good]


def test_facts_survive_being_reordered_and_written_otherwise() -> None:
    one = bill(1)
    shown = saved_bill(1, Url=None)
    turned = dict(reversed(list(copy.deepcopy(shown).items())))
    turned |= {"Total": "115", "Date": "2026-10-20T00:00:00", "Contact": {"ContactID": "C1"}, "Type": "accpay"}
    assert echo.match(BILL, [one], [turned]).found


HOSTILE: list[Any] = [
    None, True, 5, D("1E+30"), D("-0"), "", " ", "x" * 5000, "\ufffd", "\x00", "/Date(99999999999999)/", "/Date(-99999999999999)/", "/Date(-1)/",
    "/Date(x)/", "2026-13-45", [], {}, [[]], [None], [5], ["x"], {"x": {}}, [{"InvoiceID": 5}], {"InvoiceID": ["x"]}, "%", "%ff%00", "&#0;", "&#xFFFFFFFF;", "sync=",
]  # fmt: skip


@pytest.mark.case("S7")
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.undo], ids=lambda kind: kind.name)
def test_no_record_however_odd_keeps_the_others_from_being_told_apart(kind: Any) -> None:
    """Every field of every kind of record, each with every odd value, in one list with a good one."""
    marker = (
        {kind.id_field: "good"}
        if kind.revises
        else {"Reference": "PE-1/1", "Url": URL.format(1), "ContactNumber": "PC-1", "Mark": "mark", "InvoiceNumber": "N-1"}
    )
    wanted = member(
        marker,
        "PE-1",
        {
            "Contact": "c1",
            "Total": "1.00",
            "Date": "2026-10-20",
            "Target": ["i1"],
            "Amount": "1.00",
            "Lines": ["1.00"],
            "Members": [["i1", "1.00"]],
        },
    )
    fields = {
        *xero_element.NUMBERS, *xero_element.TEXTS, *TARGET_IDS, kind.id_field, "Url", "Type", "Total", "Amount", "Date", "DateString", "Status", "Contact", "Invoice", "CreditNote", "Account",
        "BankAccount", "FromBankAccount", "ToBankAccount", "Payments", "JournalLines", "LineItems", "Allocations", "HasErrors", "ValidationErrors", "StatusAttributeString", "Name", "AmountDue",
    }  # fmt: skip
    odd = [{name: value} for name in fields for value in HOSTILE] + [dict.fromkeys(fields, value) for value in HOSTILE]
    good = {**marker, kind.id_field: "good", "Details": "mark", "FileName": "x"}
    own, _ = echo.listed(kind, wanted, [*odd, good, *odd])
    assert [each for each in own if each is good or each == good], "it is found among them"
    for each in odd:
        echo.match(kind, [wanted], [copy.deepcopy(each)])
        echo.match(kind, [wanted, wanted], [copy.deepcopy(each), good])
        assert isinstance(xero_element.record_id(kind, each), str) and isinstance(xero_element.calendar_date(each), str)
        assert isinstance(answers.element_errors(each), list) and xero_element.compared_fields(kind, each) is not None
        worth(each)
