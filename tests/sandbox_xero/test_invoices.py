"""Invoices and bills: creation, numbers, statuses, edits, lock dates, lists, summarised errors."""
from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

GONE = "Invoice not of valid status for modification"


@pytest.fixture
def who(api: Client) -> str:
    return api.contact()


def status(api: Client, invoice_id: str, now: str) -> list[str] | str:
    """Posts a status; the new status or the messages."""
    answer = api.post(f"Invoices/{invoice_id}", {"Invoices": [{"InvoiceID": invoice_id, "Status": now}]})
    if answer.status_code == 200:
        return answer.json()["Invoices"][0]["Status"]
    body = answer.json()
    assert (answer.status_code, body["ErrorNumber"], body["Type"]) == (400, 10, "ValidationException")
    return [error["Message"] for error in body["Elements"][0]["ValidationErrors"]]


def test_put_creates_only_and_post_upserts_by_number(api: Client, who: str) -> None:
    element = api.invoice(who, "A-1", Status="DRAFT")
    made = api.made("Invoices", element)
    assert api.errors("Invoices", element) == ["Invoice # must be unique."]
    posted = api.post("Invoices?summarizeErrors=false", {"Invoices": [{**element, "Reference": "PO 7"}]}).json()
    assert posted["Invoices"][0]["InvoiceID"] == made["InvoiceID"] and posted["Invoices"][0]["Reference"] == "PO 7"
    assert len(api.xero.documents("Invoices")) == 1
    assert api.errors("Invoices", {**element, "InvoiceNumber": "a-1"}) == ["Invoice # must be unique."]


def test_bills_may_share_a_number_and_lose_their_reference(api: Client, who: str) -> None:
    first, second = (api.made("Invoices", api.bill(who, "TC-118", Reference="x")) for _ in range(2))
    assert first["InvoiceID"] != second["InvoiceID"] and first["Reference"] == ""


def test_a_missing_number_is_made(api: Client, who: str) -> None:
    element = api.invoice(who, "INV-0002")
    api.made("Invoices", element)
    del element["InvoiceNumber"]
    assert [api.made("Invoices", element)["InvoiceNumber"] for _ in range(2)] == ["INV-0001", "INV-0003"]


@pytest.mark.parametrize("first, last", [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_a_dead_invoice_keeps_its_number(api: Client, who: str, first: str, last: str) -> None:
    element = api.invoice(who, "A-1", Status=first)
    made = api.made("Invoices", element)
    assert status(api, made["InvoiceID"], last) == last
    assert api.errors("Invoices", element) == [GONE]
    again = api.post("Invoices?summarizeErrors=false", {"Invoices": [element]}).json()["Invoices"][0]
    assert again["ValidationErrors"] == [{"Message": GONE}]
    assert api.made("Invoices", {**element, "InvoiceNumber": "A-1-1"})


@pytest.mark.parametrize("was, now, ok", [
    ("DRAFT", "SUBMITTED", True), ("DRAFT", "AUTHORISED", True), ("SUBMITTED", "DRAFT", True),
    ("SUBMITTED", "DELETED", True), ("DRAFT", "VOIDED", False), ("AUTHORISED", "DELETED", False),
    ("AUTHORISED", "DRAFT", False), ("AUTHORISED", "SUBMITTED", False), ("AUTHORISED", "PAID", False)])
def test_status_changes(api: Client, who: str, was: str, now: str, ok: bool) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1", Status=was))
    assert status(api, made["InvoiceID"], now) == (now if ok else [GONE])


def test_dead_ones_stay_dead(api: Client, who: str) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1"))
    assert status(api, made["InvoiceID"], "VOIDED") == "VOIDED"
    for now in ("VOIDED", "AUTHORISED", "DRAFT"):
        assert status(api, made["InvoiceID"], now) == [GONE]
    assert api.get("Invoices/A-1").json()["Invoices"][0]["AmountDue"] == 0


@pytest.mark.parametrize("wrong", ["PAID", "VOIDED", "DELETED"])
def test_creation_takes_three_statuses(api: Client, who: str, wrong: str) -> None:
    assert api.errors("Invoices", api.invoice(who, "A-1", Status=wrong)) == [
        "Invoice not of valid status for creation"]


@pytest.mark.wrong_requests
def test_what_a_document_needs(api: Client, who: str) -> None:
    def without(*names: str, **changes) -> list[str]:
        element = {**api.invoice(who, "A-1"), **changes}
        return api.errors("Invoices", {key: value for key, value in element.items() if key not in names})
    assert without("Type") == ["Invoice not of valid type for creation"]
    assert without("Contact") == ["A Contact must be specified for this type of transaction"]
    assert without("LineItems") == ["One or more line items must be specified"]
    assert without("DueDate") == ["The document DueDate field must be specified"]
    assert without(Url="/app/sales-invoice/1") == ["Url must be a valid absolute url"]
    assert without(Url="https://erp.example/app/xero-invoice/1") == ["Url must be a valid absolute url"]
    assert without("DueDate", "LineItems") == ["The document DueDate field must be specified",
                                               "One or more line items must be specified"], "all problems at once"
    assert "255" in without(InvoiceNumber="x" * 256)[0]
    draft = {k: v for k, v in api.invoice(who, "A-2", Status="DRAFT").items() if k != "DueDate"}
    assert "DueDate" not in api.made("Invoices", draft)


def test_archived_contacts_take_no_invoices(api: Client, who: str) -> None:
    api.xero.person("edit_contact", ContactID=who, ContactStatus="ARCHIVED")
    assert api.errors("Invoices", api.invoice(who, "A-1"))[0].startswith(
        "The contact with the specified contact details has been archived.")


def test_url_is_answered(api: Client, who: str) -> None:
    url = "https://erp.example/app/sales-invoice/A-1?sync=k1-9f&gen=1"
    made = api.made("Invoices", api.invoice(who, "A-1", Url=url))
    assert made["Url"] == url and api.get("Invoices?page=1").json()["Invoices"][0]["Url"] == url


def test_lines_without_id_are_made_anew_and_go_to_the_top(api: Client, who: str) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1", api.line(1, Description="a"), api.line(2, Description="b")))
    a, b = made["LineItems"]
    changed = api.post(f"Invoices/{made['InvoiceID']}", {"Invoices": [{"LineItems": [
        {**api.line(2, Description="b"), "LineItemID": b["LineItemID"]}, api.line(3, Description="c")]}]})
    lines = changed.json()["Invoices"][0]["LineItems"]
    assert [line["Description"] for line in lines] == ["c", "b"] and lines[1]["LineItemID"] == b["LineItemID"]
    assert a["LineItemID"] not in str(lines)


def test_lock_dates_hold_approved_documents_only(api: Client, who: str) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1", Date="2026-09-30"))
    api.xero.person("set_lock_dates", period="2026-09-30", year_end="2026-03-31")
    period = "The document date cannot be before the period lock date, currently set at 30-Sep-2026"
    year = "The document date cannot be before the end of year lock date, currently set at 31-Mar-2026"
    assert api.errors("Invoices", api.invoice(who, "A-2", Date="2026-09-30")) == [period]
    assert api.errors("Invoices", api.invoice(who, "A-2", Date="2026-03-31")) == [year]
    assert status(api, made["InvoiceID"], "VOIDED") == [period]
    draft = api.made("Invoices", api.invoice(who, "A-3", Date="2026-09-30", Status="DRAFT"))
    assert status(api, draft["InvoiceID"], "AUTHORISED") == [period]
    assert api.made("Invoices", api.invoice(who, "A-4", Date="2026-10-01"))
    shown = api.get("Organisation").json()["Organisations"][0]
    assert shown["PeriodLockDate"].startswith("/Date(") and shown["ShortCode"].startswith("!")


def test_summarised_errors_save_the_valid_elements(api: Client, who: str) -> None:
    good, bad = api.invoice(who, "A-1"), api.invoice(who, "A-2", Status="PAID")
    answer = api.put("Invoices", good, bad, query="unitdp=4")
    body = answer.json()
    assert answer.status_code == 400 and body["ErrorNumber"] == 10
    assert body["Message"] == "A validation exception occurred" and len(body["Elements"]) == 1
    assert [i["InvoiceNumber"] for i in api.xero.documents("Invoices")] == ["A-1"], "saved although the answer is 400"
    mixed = api.put("Invoices", {**good, "InvoiceNumber": "A-3"}, bad)
    assert mixed.status_code == 200
    flags = [(e["StatusAttributeString"], e["HasErrors"]) for e in mixed.json()["Invoices"]]
    assert flags == [("OK", False), ("ERROR", True)]


@pytest.mark.wrong_requests
def test_bodies_that_cannot_be_read(api: Client, who: str) -> None:
    unknown = api.put("Invoices", {**api.invoice(who, "A-1"), "InvoiceNo": "A-1"})
    assert unknown.json()["Type"] == "PostDataInvalidException"
    assert unknown.json()["Message"].startswith("The element 'InvoiceNo' was not recognised.")
    nested = api.put("Invoices", api.invoice(who, "A-1", api.line(Acount="200")))
    assert nested.status_code == 400
    broken = api.http.put("/Invoices", content=b"{", headers={"Content-Type": "application/json"})
    assert broken.json()["Message"] == "JSON request body could not be read"
    large = api.put("Invoices", api.invoice(who, "A-1", Reference="x" * 3_600_000))
    assert (large.status_code, large.json()["Detail"]) == (413, "PayloadTooLarge")
    assert api.xero.documents("Invoices") == []


def test_unknown_path_and_verb(api: Client) -> None:
    missing = api.get("Invoices/2f0f6d0e-0000-4000-8000-000000000000")
    assert missing.status_code == 404 and missing.text == "The resource you're looking for cannot be found"
    assert api.http.get("/Invoicez").status_code == 404


def test_json_dates(api: Client, who: str) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1"))
    assert made["Date"] == "/Date(1791158400000+0000)/" and made["DateString"] == "2026-10-05T00:00:00"
    assert made["UpdatedDateUTC"].startswith("/Date(") and made["UpdatedDateUTCString"].endswith("Z")


def test_a_look_for_numbers_or_ids_finds_what_bears_them_now(api: Client, who: str) -> None:
    sale = api.made("Invoices", api.invoice(who, "N-1", Status="DRAFT"))
    bills = [api.made("Invoices", api.bill(who, "N-2"))["InvoiceID"] for _ in range(2)]
    api.post(f"Invoices/{sale['InvoiceID']}", {"Invoices": [{"InvoiceID": sale["InvoiceID"], "InvoiceNumber": "N-3"}]})

    def found(**query: str) -> list[str]:
        shown = api.get("Invoices?" + "&".join(f"{name}={value}" for name, value in query.items())).json()["Invoices"]
        return [each["InvoiceID"] for each in shown]

    assert found(InvoiceNumbers="n-3") == [sale["InvoiceID"]] and not found(InvoiceNumbers="N-1,N-9")
    assert sorted(found(InvoiceNumbers="N-2")) == sorted(bills)
    assert found(IDs=f"{bills[1]},{sale['InvoiceID']}", InvoiceNumbers="N-2") == [bills[1]]
    assert api.xero.documents("Invoices", fields=("InvoiceNumber", "Type")) == [
        {"InvoiceNumber": number, "Type": kind} for number, kind in (("N-3", "ACCREC"), ("N-2", "ACCPAY"), ("N-2", "ACCPAY"))
    ]
