"""Lines, tax and totals to the cent, with the worked examples of Xero's guides and the recorded documents."""
from __future__ import annotations

from decimal import Decimal

import pytest
import simplejson

from tests.scene.xero_client import Client


@pytest.fixture
def who(api: Client) -> str:
    return api.contact()


def totals(api: Client, element: dict) -> tuple[str, str, str]:
    made = simplejson.loads(api.put("Invoices", element).text, use_decimal=True)["Invoices"][0]
    assert made["StatusAttributeString"] == "OK", made
    return str(made["SubTotal"]), str(made["TotalTax"]), str(made["Total"])


def test_tax_is_rounded_per_line_then_added(api: Client, who: str) -> None:
    """Xero's rounding guide: 25.06, 25.61, 25.63 at 15 % give 11.44, not 11.45."""
    lines = [api.line(amount) for amount in (25.06, 25.61, 25.63)]
    assert totals(api, api.invoice(who, "T-1", *lines)) == ("76.30", "11.44", "87.74")


def test_inclusive_tax_is_gross_less_rounded_net(api: Client, who: str) -> None:
    """Xero's own tax, without a TaxAmount sent: 45.43, 79.10 and 105.47 inclusive of 15 % hold 30.01 of tax."""
    lines = [api.line(amount) for amount in (45.43, 79.1, 105.47)]
    assert totals(api, api.invoice(who, "T-1", *lines, LineAmountTypes="Inclusive")) == ("199.99", "30.01", "230.00")
    lines[0]["TaxAmount"] = 5.92
    assert totals(api, api.invoice(who, "T-2", *lines, LineAmountTypes="Inclusive")) == ("200.00", "30.00", "230.00")


def test_awkward_quantities_and_overrides(api: Client, who: str) -> None:
    """An invoice of ERPNext's with 134.08 of tax, where Xero alone finds 134.06: two lines need a TaxAmount."""
    rows = [(7, 22.87, None), (3.333, 36.63, None), (1, 64.03, 9.61), (2.75, 99.08, None), (12, 22.93, 41.28)]
    plain = [api.line(unit, Quantity=quantity) for quantity, unit, _ in rows]
    assert totals(api, api.invoice(who, "T-1", *plain))[1:] == ("134.06", "1027.90")
    forced = [api.line(unit, Quantity=quantity, **({"TaxAmount": tax} if tax else {})) for quantity, unit, tax in rows]
    assert totals(api, api.invoice(who, "T-2", *forced))[1:] == ("134.08", "1027.92")


def test_unit_price_keeps_four_decimals_only_with_unitdp(api: Client, who: str) -> None:
    element = api.invoice(who, "T-1", api.line(8.0986, Quantity=7))
    assert totals(api, element)[0] == "56.69"
    cut = api.put("Invoices", {**element, "InvoiceNumber": "T-2"}, query="summarizeErrors=false").json()["Invoices"][0]
    assert (cut["LineItems"][0]["UnitAmount"], cut["SubTotal"]) == (8.1, 56.7)
    ids = api.get("Invoices/T-1").json()["Invoices"][0]["LineItems"][0]["UnitAmount"]
    assert ids == 8.1 and api.get("Invoices/T-1?unitdp=4").json()["Invoices"][0]["LineItems"][0]["UnitAmount"] == 8.0986


def test_more_than_four_decimals_are_refused_misleadingly(api: Client, who: str) -> None:
    assert api.errors("Invoices", api.invoice(who, "T-1", api.line(1.23456))) == [
        "Account must be valid.", "Tax rate must be valid."]


def test_half_a_cent_rounds_up(api: Client, who: str) -> None:
    assert totals(api, api.invoice(who, "T-1", api.line(0.0055, Quantity=1)))[0] == "0.01"
    assert totals(api, api.invoice(who, "T-2", api.line(1.005, Quantity=1, TaxType="NONE")))[0] == "1.01"


def test_line_amount_must_agree(api: Client, who: str) -> None:
    assert api.errors("Invoices", api.invoice(who, "T-1", api.line(10, Quantity=3, LineAmount=30.01))) == [
        "The line total 30.01 does not match the expected line total 30.00"]
    assert totals(api, api.invoice(who, "T-1", api.line(10, Quantity=3, LineAmount=30)))[0] == "30.00"


def test_tax_override_has_its_bounds(api: Client, who: str) -> None:
    too_much = ["The tax amount cannot be greater than the line amount!"]
    assert api.errors("Invoices", api.invoice(who, "T-1", api.line(10, TaxAmount=10.01))) == too_much
    assert api.errors("Invoices", api.invoice(who, "T-1", api.line(10, TaxAmount=-1.5))) == too_much
    assert totals(api, api.invoice(who, "T-2", api.line(10, TaxType="ZERORATED", TaxAmount=1.5)))[1] == "0.00"
    assert totals(api, api.invoice(who, "T-3", api.line(10), LineAmountTypes="NoTax"))[1:] == ("0.00", "10.00")


def test_total_may_not_be_negative_but_a_line_may(api: Client, who: str) -> None:
    assert totals(api, api.invoice(who, "T-1", api.line(10), api.line(-3)))[2] == "8.05"
    assert api.errors("Invoices", api.invoice(who, "T-2", api.line(10), api.line(-11))) == [
        "The Total for this document must be greater than or equal to zero."]


def test_discounts(api: Client, who: str) -> None:
    assert totals(api, api.invoice(who, "T-1", api.line(100, DiscountRate=12.5)))[0] == "87.50"
    assert totals(api, api.invoice(who, "T-2", api.line(100, DiscountAmount=27.826)))[0] == "72.17"
    assert totals(api, api.invoice(who, "T-3", api.line(100, DiscountRate=10, DiscountAmount=50)))[0] == "90.00"
    assert "Discounts may not be applied to ACCPAY invoices." in api.errors("Invoices", api.bill(
        who, "T-4", api.line(100, DiscountRate=5, AccountCode="310", TaxType="INPUT2")))
    for wrong in (api.line(-100, DiscountRate=0), api.line(100, DiscountAmount=101)):
        assert "Discount must not be greater than the line total." in api.errors(
            "Invoices", api.invoice(who, "T-5", api.line(900), wrong))[0]


def test_accounts_on_lines(api: Client, who: str) -> None:
    def refused(**line) -> str:
        return api.errors("Invoices", api.invoice(who, "T-1", api.line(**line)))[0]
    for code in ("610", "800", "090", "960", "820", "9999"):
        assert refused(AccountCode=code, TaxType="NONE") == f"Account code '{code}' is not a valid code for this document"
    api.xero.person("archive_account", Code="260")
    assert refused(AccountCode="260") == ("Account code '260' has been archived, or has been deleted. Each line item "
                                          "must reference a valid account.")
    line = api.line()
    del line["AccountCode"]
    assert api.errors("Invoices", api.invoice(who, "T-1", line)) == ["Account code or ID must be specified"]
    assert totals(api, api.invoice(who, "T-2", api.line(0.01, AccountCode="860", TaxType="NONE")))[2] == "0.01"
    gst = api.line(15, AccountCode="820", TaxType="GSTONIMPORTS")
    assert totals(api, api.bill(who, "T-3", gst))[1:] == ("0.00", "15.00")


def test_a_draft_loses_an_unknown_account_with_a_warning(api: Client, who: str) -> None:
    shown = api.put("Invoices", api.invoice(who, "T-1", api.line(AccountCode="9999"), Status="DRAFT"))
    shown = shown.json()["Invoices"][0]
    assert shown["StatusAttributeString"] == "WARNING" and "AccountCode" not in shown["LineItems"][0]
    assert shown["Warnings"][0]["Message"].startswith("Account code '9999' has been removed")


def test_tax_types(api: Client, who: str) -> None:
    def refused(**line) -> str:
        return api.errors("Invoices", api.invoice(who, "T-1", api.line(**line)))[0]
    assert refused(TaxType="INPUT2") == "The TaxType code 'INPUT2' cannot be used with account code '200'."
    assert refused(TaxType="RROUTPUT") == ("The TaxType code RROUTPUT does not exist or cannot be used for this type "
                                           "of transaction.")
    line = api.line(100)
    del line["TaxType"]
    assert totals(api, api.invoice(who, "T-2", line))[1] == "15.00", "the account's default"
    api.xero.person("edit_tax_rate", TaxType="ZERORATED", Status="ARCHIVED")
    assert "ZERORATED does not exist" in refused(TaxType="ZERORATED")


def test_descriptions(api: Client, who: str) -> None:
    line = api.line()
    del line["Description"]
    assert api.errors("Invoices", api.invoice(who, "T-1", line)) == [
        "The description field is mandatory for each line item."]
    assert "4000" in api.errors("Invoices", api.invoice(who, "T-1", api.line(Description="x" * 4001)))[0]
    assert totals(api, api.invoice(who, "T-1", {"Description": "only words"}, api.line(1)))[0] == "1.00"


def test_tracking_must_exist(api: Client, who: str) -> None:
    api.xero.person("add_tracking", Name="Branch", Options=["Main", "South"])
    tag = [{"Name": "Branch", "Option": "Main"}]
    made = api.made("Invoices", api.invoice(who, "T-1", api.line(Tracking=tag)))
    assert made["LineItems"][0]["Tracking"][0]["TrackingCategoryID"]
    for wrong in ({"Name": "Branch", "Option": "North"}, {"Name": "Shop", "Option": "Main"}):
        assert api.errors("Invoices", api.invoice(who, "T-2", api.line(Tracking=[wrong])))[0].startswith(
            "Unknown tracking details.")


@pytest.mark.parametrize("org, account, tax, expected", [
    (1, "200", "RROUTPUT", "0.50"), (1, "200", "OUTPUT2", "2.00"), (2, "400", "TAX001", "0.89"),
    (3, "200", "OUTPUT", "1.00")])
def test_the_rates_of_the_other_editions(xero, org: int, account: str, tax: str, expected: str) -> None:
    api = Client(xero, xero.organisations[org]["tenant"])
    accounts = {a["Code"]: a for a in api.get("Accounts").json()["Accounts"]}
    if org == 2:
        account = next(code for code, a in accounts.items() if a["Class"] == "REVENUE")
    element = api.invoice(api.contact(), "T-1", api.line(10, AccountCode=account, TaxType=tax))
    assert totals(api, element)[1] == expected


def test_uk_reverse_charge_shows_no_tax(xero) -> None:
    api = Client(xero, xero.organisations[1]["tenant"])
    rate = next(r for r in api.get("TaxRates").json()["TaxRates"] if r["TaxType"] == "REVERSECHARGES")
    code = next(a["Code"] for a in api.get("Accounts").json()["Accounts"] if a["Class"] == "EXPENSE"
                and a["Type"] == "OVERHEADS")
    assert rate["EffectiveRate"] == 20
    element = api.bill(api.contact(), "B-1", api.line(100, AccountCode=code, TaxType="REVERSECHARGES"))
    assert totals(api, element)[1:] == ("0.00", "100.00")


def test_currency_rate_is_document_currency_per_base_unit(api: Client, who: str) -> None:
    """Worked example: base NZD, AUD 100.00 at 0.937053 is NZD 106.72."""
    element = api.invoice(who, "T-1", api.line(100, TaxType="NONE"), CurrencyCode="AUD", CurrencyRate=0.937053)
    assert api.made("Invoices", element)["CurrencyRate"] == 0.937053
    assert api.xero.ledger()["changes"][-1]["base_total"] == Decimal("106.72")
    own = api.made("Invoices", api.invoice(who, "T-2", CurrencyCode="NZD", CurrencyRate=3))
    assert own["CurrencyRate"] == 1
    first = api.made("Invoices", api.invoice(who, "T-3", CurrencyCode="AUD"))["CurrencyRate"]
    again = api.made("Invoices", api.invoice(who, "T-4", CurrencyCode="AUD"))["CurrencyRate"]
    assert first == again and 0.8 < first < 1
    assert api.errors("Invoices", api.invoice(who, "T-5", CurrencyCode="SGD")) == [
        "Organisation is not subscribed to currency SGD"]
