"""The caps of Xero's smallest plan: so many sales invoices and bills may be approved in a month."""

from __future__ import annotations

import pytest

from tests.scene.xero_client import Client

REFUSED = "You have reached the limit of invoices you can approve"


@pytest.fixture
def who(api: Client) -> str:
    api.xero.person("set_plan", invoices=2, bills=1)
    return api.contact()


def test_invoices_and_bills_are_counted_apart_and_drafts_pass(api: Client, who: str) -> None:
    for at in range(2):
        api.made("Invoices", api.invoice(who, f"A-{at}", Status="AUTHORISED"))
    assert api.errors("Invoices", api.invoice(who, "A-3", Status="AUTHORISED")) == [REFUSED]
    draft = api.made("Invoices", api.invoice(who, "A-3", Status="DRAFT"))
    answer = api.post(f"Invoices/{draft['InvoiceID']}", {"Invoices": [{"InvoiceID": draft["InvoiceID"], "Status": "AUTHORISED"}]})
    assert [error["Message"] for error in answer.json()["Elements"][0]["ValidationErrors"]] == [REFUSED]
    assert api.made("Invoices", api.bill(who, "B-1", Status="AUTHORISED"))
    assert api.errors("Invoices", api.bill(who, "B-2", Status="AUTHORISED")) == [REFUSED]


def test_a_draft_that_is_approved_counts_and_an_edit_does_not(api: Client, who: str) -> None:
    made = api.made("Invoices", api.invoice(who, "A-1", Status="DRAFT"))
    for change in ({"Status": "AUTHORISED"}, {"Reference": "again"}):
        assert api.post(f"Invoices/{made['InvoiceID']}", {"Invoices": [{"InvoiceID": made["InvoiceID"], **change}]}).status_code == 200
    api.made("Invoices", api.invoice(who, "A-2", Status="AUTHORISED"))
    assert api.errors("Invoices", api.invoice(who, "A-3", Status="AUTHORISED")) == [REFUSED]


def test_a_raised_plan_lets_the_next_one_pass(api: Client, who: str) -> None:
    for at in range(2):
        api.made("Invoices", api.invoice(who, f"A-{at}", Status="AUTHORISED"))
    api.xero.person("set_plan")
    api.made("Invoices", api.invoice(who, "A-3", Status="AUTHORISED"))
