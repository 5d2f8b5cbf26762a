"""GET lists: detail only with a page, filters, order, If-Modified-Since; settings."""
from __future__ import annotations

import itertools

import pytest

from tests.scene.pace import loops, processor_time_of
from tests.scene.xero_client import Client


@pytest.fixture
def three(api: Client) -> Client:
    who = api.contact()
    for number, day in (("A-1", "2026-10-01"), ("A-2", "2026-10-02"), ("A-3", "2026-10-03")):
        api.made("Invoices", api.invoice(who, number, Date=day, Status="DRAFT" if number == "A-3" else "AUTHORISED"))
    return api


def numbers(api: Client, query: str, **headers: str) -> list[str]:
    answer = api.get(f"Invoices?{query}", **headers)
    assert answer.status_code == 200, answer.text
    return [invoice["InvoiceNumber"] for invoice in answer.json()["Invoices"]]


def test_xeros_own_order_is_that_of_the_field(three: Client, move) -> None:
    """It is made from what is stored, any other from what is answered: "asc" is asked for as any other."""
    for number in ("A-2", "A-1"):
        move(60)
        assert three.post("Invoices", {"Invoices": [{"InvoiceNumber": number, "Reference": "again"}]}).status_code == 200
    for more in ("", "&page=1", "&page=2&pageSize=2", "&summaryOnly=true"):
        own, field = (three.get(f"Invoices?order=UpdatedDateUTC {direction}{more}").json() for direction in ("ASC", "asc"))
        assert own["Invoices"] and own["Invoices"] == field["Invoices"] and own.get("pagination") == field.get("pagination")
    assert numbers(three, "page=1") == numbers(three, "") == ["A-3", "A-2", "A-1"]


def test_lines_and_payments_only_with_a_page(three: Client) -> None:
    bare, paged = three.get("Invoices").json(), three.get("Invoices?page=1&pageSize=2").json()
    assert [i["LineItems"] for i in bare["Invoices"]] == [[], [], []] and "Payments" not in bare["Invoices"][0]
    assert len(paged["Invoices"]) == 2 and len(paged["Invoices"][0]["LineItems"]) == 1
    assert paged["pagination"] == {"page": 1, "pageSize": 2, "pageCount": 2, "itemCount": 3}
    assert "pagination" not in bare and len(three.get("Invoices/A-1").json()["Invoices"][0]["LineItems"]) == 1
    summary = three.get("Invoices?page=1&summaryOnly=true").json()["Invoices"][0]
    assert "LineItems" not in summary and summary["Total"] == 115


def test_filters(three: Client) -> None:
    ids = [i["InvoiceID"] for i in three.xero.documents("Invoices")]
    assert numbers(three, f"IDs={ids[0]},{ids[2]}") == ["A-1", "A-3"]
    assert numbers(three, "InvoiceNumbers=A-2,A-3") == ["A-2", "A-3"]
    assert numbers(three, "Statuses=DRAFT,VOIDED") == ["A-3"]
    assert numbers(three, "createdByMyApp=true&page=1&order=InvoiceNumber DESC") == ["A-3", "A-2", "A-1"]
    assert numbers(three, 'where=Date>=DateTime(2026,10,02) AND Status=="AUTHORISED"') == ["A-2"]
    assert numbers(three, 'where=InvoiceNumber=="A-1" OR InvoiceNumber.Contains("3")') == ["A-1", "A-3"]
    assert numbers(three, f'where=InvoiceID==Guid("{ids[1]}")') == ["A-2"]


@pytest.mark.parametrize("where, message", [
    ("InvoiceNo==\"A-1\"", "No property or field 'InvoiceNo' exists in type 'Invoice'"),
    ("InvoiceNumber=='A-1'", "Character literal must contain exactly one character"),
    ("Date>\"2026-10-01\"", "Operator '>' incompatible with operand types 'DateTime?' and 'String'")])
def test_wrong_filters(three: Client, where: str, message: str) -> None:
    answer = three.get(f"Invoices?where={where}")
    assert (answer.status_code, answer.json()["ErrorNumber"], answer.json()["Message"]) == (400, 16, message)


def test_if_modified_since_is_a_header_and_includes_the_voided(three: Client, move) -> None:
    import datetime
    move(600)
    since = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=590)).strftime("%Y-%m-%dT%H:%M:%S")
    assert numbers(three, "page=1", **{"If-Modified-Since": since}) == []
    three.xero.person("void_invoice", InvoiceNumber="A-1")
    assert numbers(three, "page=1", **{"If-Modified-Since": since}) == ["A-1"]


def test_accounts_tax_rates_currencies_tracking(api: Client) -> None:
    accounts = api.get("Accounts").json()["Accounts"]
    banks = {a["Code"]: a["CurrencyCode"] for a in accounts if a["Type"] == "BANK"}
    assert banks == {"090": "NZD", "091": "USD", "092": "AUD", "093": "NZD"}
    assert {a["SystemAccount"] for a in accounts if a.get("SystemAccount")} >= {"DEBTORS", "CREDITORS", "GST", "ROUNDING"}
    assert any(a["EnablePaymentsToAccount"] for a in accounts)
    found = api.get('Accounts?where=Type=="BANK" AND Status=="ACTIVE"').json()["Accounts"]
    assert len(found) == 4 and len(api.get(f"Accounts/{found[0]['AccountID']}").json()["Accounts"]) == 1
    rates = {r["TaxType"]: r for r in api.get("TaxRates").json()["TaxRates"]}
    assert rates["OUTPUT2"]["EffectiveRate"] == 15 and rates["OUTPUT2"]["CanApplyToRevenue"]
    assert not rates["INPUT2"]["CanApplyToRevenue"]
    assert "NZD" in [c["Code"] for c in api.get("Currencies").json()["Currencies"]]
    api.xero.person("add_tracking", Name="Branch", Options=["Main"])
    assert api.get("TrackingCategories").json()["TrackingCategories"][0]["Options"][0]["Name"] == "Main"
    api.xero.person("add_tax_rate", Name="Levy", EffectiveRate=2.5)
    assert "TAX001" in {r["TaxType"] for r in api.get("TaxRates").json()["TaxRates"]}


def test_json_only_when_asked_for(api: Client) -> None:
    answer = api.get("Currencies", Accept="*/*")
    assert answer.headers["content-type"].startswith("text/xml") and answer.text.startswith("<Response>")


def test_it_is_fast_enough_for_thousands(api: Client) -> None:
    """600 invoices of three lines in batches of 50 take the simulator a second or so, and no later batch more than the first ones."""
    who, made = api.contact(), itertools.count()

    def batches() -> None:
        for batch in itertools.islice(made, 12):
            answer = api.put("Invoices", *(api.invoice(who, f"S-{batch}-{n}", api.line(1), api.line(2), api.line(3))
                                           for n in range(50)))
            assert answer.text.count('"StatusAttributeString":"OK"') == 50

    taken = processor_time_of(api.xero.process.pid)
    first = loops(batches, 150, taken)
    later = loops(batches, 150, taken)
    api.xero.control("POST", "reset", {})  # judging 600 invoices against the description would take longer than making them
    assert first < 150 and later < 150, f"{first:.0f} and {later:.0f} loops"
