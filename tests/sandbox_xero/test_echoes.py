"""The fault ``echo``: every operation shows a field otherwise, counts it, and leaves what is stored alone."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.xero import echoes, wire
from sandbox.xero.process import ControlError
from tests.scene.xero_client import Client

pytestmark = pytest.mark.case("S1")
URL = "https://erp.example/app/purchase-invoice/PINV-1?sync=ab12"


def shown(element: dict[str, Any], field: str, operation: str, where: Any = "all", collection: str = "Invoices") -> tuple[int, Any]:
    answer = {"Status": "OK", collection: [wire.loads(wire.dumps(element)), {"Other": 1}]}
    count = echoes.apply(answer, {"field": field, "operation": operation, "where": where})
    return count, answer[collection][0]


@pytest.mark.parametrize(("operation", "before", "after"), [
    ("null", "x", None), ("empty", "x", ""), ("empty", [1], []), ("empty", Decimal("1.50"), 0), ("empty", {"A": 1}, {}),
    ("trimmed", " CHQ  7\x00\t1\n", "CHQ 7 1"), ("case", "Chq 7", "cHQ 7"), ("entities", "A & B", "A &amp; B"),
    ("entities", "P/1", "P&#x2F;1"), ("percent", URL, "https%3A%2F%2Ferp.example%2Fapp%2Fpurchase-invoice%2FPINV-1%3Fsync%3Dab12"),
    ("decomposed", "Caf\u00e9", "Cafe\u0301"), ("slashed", URL, URL.replace("?", "/?")), ("as_text", Decimal("12.50"), "12.50"),
    ("more_zeros", Decimal("12.5"), Decimal("12.500")), ("other_date", "/Date(1760572800000+0000)/", "2025-10-16T00:00:00"),
    ("other_date", "2025-10-16T00:00:00", "/Date(1760572800000+0000)/"), ("changed", Decimal("12.50"), Decimal("13.50")),
    ("changed", "AUTHORISED", "VOIDED"), ("changed", True, False), ("changed", "Too much", "Something else"),
    ("changed", "2025-10-16T00:00:00", "2025-10-17T00:00:00"), ("reordered", [1, 2], [2, 1]), ("bare", [{"A": 1}], {"A": 1})])
def test_each_operation_shows_a_value_otherwise(operation: str, before: Any, after: Any) -> None:
    assert shown({"Field": before}, "Field", operation) == (1, {"Field": after})


def test_numbers_are_written_with_an_exponent() -> None:
    for value, text in ((Decimal("12.50"), "1.250E+1"), (Decimal("250"), "2.5E+2"), (7, "7E+0")):
        count, element = shown({"Total": value}, "Total", "exponent")
        assert (count, wire.dumps(element)) == (1, f'{{"Total":{text}}}') and wire.loads(wire.dumps(element))["Total"] == value


def test_what_does_not_apply_changes_and_counts_nothing() -> None:
    element = {"Reference": "P-1", "Lines": [1], "Total": Decimal("5.00"), "Sent": False}
    for field, operation in (("Reference", "trimmed"), ("Reference", "percent"), ("Lines", "reordered"), ("Total", "case"),
                             ("Sent", "as_text"), ("Missing", "missing"), ("Reference", "other_date"), ("Lines.7", "null")):
        assert shown(element, field, operation) == (0, element)


def test_nested_fields_and_chosen_elements() -> None:
    element = {"Contact": {"ContactID": "a"}, "Lines": [{"D": "x"}, {"D": "y"}]}
    assert shown(element, "Contact.ContactID", "missing")[1]["Contact"] == {}
    assert shown(element, "Lines.1.D", "empty")[1]["Lines"] == [{"D": "x"}, {"D": ""}]
    assert shown(element, "Lines.*.D", "null") == (2, {**element, "Lines": [{"D": None}, {"D": None}]})
    assert shown(element, "Contact", "null", where=1)[0] == 0 and shown(element, "Contact", "null", where=0)[0] == 1
    assert shown(element, "Contact", "null", where={"Contact.ContactID": "a"})[0] == 1
    assert shown(element, "Contact", "null", where={"Contact.ContactID": "b"})[0] == 0


def test_moved_elsewhere() -> None:
    note = {"PaymentID": "p", "CreditNote": {"CreditNoteID": "c", "CreditNoteNumber": "CN-1", "Type": "ACCRECCREDIT"}}
    moved = shown(note, "CreditNote", "moved", collection="Payments")[1]
    assert moved == {"PaymentID": "p", "Invoice": {"InvoiceID": "c", "InvoiceNumber": "CN-1", "Type": "ACCRECCREDIT"}}
    transfer = {"FromBankAccount": {"AccountID": 1}, "ToBankAccount": {"AccountID": 2}}
    assert shown(transfer, "FromBankAccount", "moved")[1] == {"FromBankAccount": {"AccountID": 2}, "ToBankAccount": {"AccountID": 1}}
    assert shown({"Contact": {"ContactID": "a"}}, "Contact.ContactID", "moved")[1] == {"Contact": {}, "ContactID": "a"}
    assert shown({"Reference": "r"}, "Reference", "moved", collection="Payments")[1] == {"Payment": {"Reference": "r"}}


def test_the_answer_itself() -> None:
    answer = {"Id": "1", "pagination": {"pageCount": 1}, "Payments": [{"PaymentID": "p"}]}
    for field, operation, expected in (("Payments", "moved", {"Elements": [{"PaymentID": "p"}]}),
                                       ("Payments", "bare", {"Payments": {"PaymentID": "p"}}),
                                       ("pagination.pageCount", "changed", {"pagination": {"pageCount": 2}})):
        copy = wire.loads(wire.dumps(answer))
        assert echoes.apply(copy, {"field": field, "operation": operation, "where": "envelope"}) == 1
        assert expected.items() <= copy.items()


def test_only_what_is_shown_changes_and_it_is_counted(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1", Url=URL)
    written = api.xero.fault("echo", method="PUT", path="/Invoices$", field="Url", operation="missing")
    read = api.xero.fault("echo", method="GET", path="/Invoices", field="Total", operation="changed", times=2, after=written["id"])
    assert "Url" not in api.put("Invoices", bill, bill).json()["Invoices"][1]
    assert [e["Total"] for e in api.get("Invoices?page=1").json()["Invoices"]] == [116, 116]
    one = api.xero.documents("Invoices")[0]
    assert (one["Url"], one["Total"]) == (URL, 115)
    assert api.get(f"Invoices/{one['InvoiceID']}").json()["Invoices"][0]["Total"] == 116
    assert api.get(f"Invoices/{one['InvoiceID']}").json()["Invoices"][0]["Total"] == 115, "no times left"
    counted = {fault["id"]: (fault["hits"], fault["changed"]) for fault in api.xero.faults()}
    assert counted == {written["id"]: (1, 2), read["id"]: (2, 3)}


def test_one_that_waits_for_another_fault(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1")
    lost = api.xero.fault("error_after", method="PUT", path="/Invoices$", status=503)
    api.xero.fault("echo", method="GET", path="/Invoices", field="InvoiceNumber", operation="null", after=lost["id"])
    assert api.get("Invoices").json()["Invoices"] == []
    assert api.put("Invoices", bill).status_code == 503
    assert [e["InvoiceNumber"] for e in api.get("Invoices").json()["Invoices"]] == [None]


def test_an_echo_under_a_key_is_shown_again_as_it_is(api: Client) -> None:
    bill = api.bill(api.contact(), "B-1")
    api.xero.fault("echo", method="PUT", path="/Invoices$", field="InvoiceID", operation="missing")
    assert "InvoiceID" not in api.put("Invoices", bill, key="k").json()["Invoices"][0]
    assert api.put("Invoices", bill, key="k").json()["Invoices"][0]["InvoiceID"] == api.xero.documents("Invoices")[0]["InvoiceID"]


def test_a_wrong_echo_is_refused(api: Client) -> None:
    with pytest.raises(ControlError, match="unknown operation 'melted'"):
        api.xero.fault("echo", field="Url", operation="melted")
    with pytest.raises(ControlError, match="needs a field"):
        api.xero.fault("echo", operation="missing")
