"""Xero's tax types: for each default type of four countries the tax Xero shows, on which lines it may stand, which ERPNext tax may map to
it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.accounting.rounding import line_tax
from picortex_xero.accounting.tax_types import CLASSES, TaxType, direction, listed, objection, usable
from sandbox.xero import lines
from sandbox.xero.organisation import Organisation, add_tax_rate, found
from sandbox.xero.resources.settings import show_tax_rate

LISTS = Path(__file__).parents[3] / "shared" / "xero-data" / "xero_tax_rates.json"
REVERSE = "C: accounted for on both sides of the return; that the document shows none is accounting practice"
PLAIN = "A: official TaxRates page"
DOMESTIC = "B: the customer accounts for both sides (product page, A); no VAT on the document (published guides)"
IMPORT = "A: the GST subtotal shows 0.00, the line is the tax, on the GST account (Xero help, Account for GST on imports)"
# What one line of 100.00 before tax shows as tax: {country: {type: (tax, grade and source)}}.
SHOWN: dict[str, dict[str, tuple[str, str]]] = {
    "AU": {
        **dict.fromkeys(["OUTPUT", "INPUT", "CAPEXINPUT"], ("10", PLAIN)),
        **dict.fromkeys(["BASEXCLUDED", "EXEMPTCAPITAL", "EXEMPTEXPENSES", "EXEMPTEXPORT", "EXEMPTOUTPUT", "INPUTTAXED"], ("0", PLAIN)),
        **dict.fromkeys(["GSTONIMPORTS", "GSTONCAPIMPORTS"], ("0", IMPORT)),
    },
    "NZ": {
        **dict.fromkeys(["OUTPUT2", "INPUT2"], ("15", PLAIN)),
        **dict.fromkeys(["OUTPUT", "INPUT"], ("12.5", PLAIN)),
        **dict.fromkeys(["NONE", "ZERORATED"], ("0", PLAIN)),
        "GSTONIMPORTS": ("0", IMPORT),
    },
    "UK": {
        **dict.fromkeys(["OUTPUT2", "INPUT2", "CAPEXINPUT2", "CAPEXOUTPUT2"], ("20", PLAIN)),
        **dict.fromkeys(["OUTPUT", "INPUT", "CAPEXINPUT", "CAPEXOUTPUT"], ("17.5", PLAIN)),
        **dict.fromkeys(["SROUTPUT", "SRINPUT", "CAPEXSRINPUT", "CAPEXSROUTPUT"], ("15", PLAIN)),
        **dict.fromkeys(["RROUTPUT", "RRINPUT"], ("5", PLAIN)),
        **dict.fromkeys(["ZERORATEDOUTPUT", "ZERORATEDINPUT", "EXEMPTOUTPUT", "EXEMPTINPUT", "NONE"], ("0", PLAIN)),
        **dict.fromkeys(["ECZROUTPUT", "ECZROUTPUTSERVICES", "ECZRINPUT"], ("0", PLAIN)),
        **dict.fromkeys(["ECACQUISITIONS", "ECZRACQUISITIONS", "REVERSECHARGES"], ("0", REVERSE)),
        **dict.fromkeys(["DRCHARGESUPPLY20", "DRCHARGESUPPLY5", "DRCHARGE20", "DRCHARGE5"], ("0", DOMESTIC)),
        "GSTONIMPORTS": ("0", IMPORT),
    },
    "US": {
        **dict.fromkeys(["NONE", "OUTPUT", "INPUT"], ("0", "A: 0 until the organisation sets its own rate")),
        "GSTONIMPORTS": ("0", IMPORT),
        "AVALARA": ("0", "A: do not use"),
    },
}  # fmt: skip
PURCHASES_ONLY = {
    "AU": "INPUT CAPEXINPUT EXEMPTEXPENSES EXEMPTCAPITAL GSTONIMPORTS GSTONCAPIMPORTS",
    "NZ": "INPUT2 GSTONIMPORTS",
    "UK": "INPUT2 INPUT RRINPUT SRINPUT ZERORATEDINPUT EXEMPTINPUT CAPEXINPUT CAPEXINPUT2 CAPEXSRINPUT ECACQUISITIONS ECZRACQUISITIONS "
    "ECZRINPUT REVERSECHARGES DRCHARGESUPPLY20 DRCHARGESUPPLY5 GSTONIMPORTS",
    "US": "GSTONIMPORTS",
}
SALES_ONLY = {
    "AU": "OUTPUT EXEMPTOUTPUT EXEMPTEXPORT",
    "NZ": "OUTPUT2 OUTPUT ZERORATED",
    "UK": "OUTPUT2 OUTPUT RROUTPUT SROUTPUT ZERORATEDOUTPUT EXEMPTOUTPUT CAPEXOUTPUT CAPEXOUTPUT2 CAPEXSROUTPUT ECZROUTPUT "
    "ECZROUTPUTSERVICES DRCHARGE20 DRCHARGE5",
    "US": "",
}


def official(country: str) -> dict[str, dict[str, Any]]:
    """Each type of the country in the recorded official list, legacy ones included."""
    if not LISTS.exists():
        pytest.skip("../shared/xero-data/xero_tax_rates.json is not here")
    rates = json.loads(LISTS.read_text(), parse_float=Decimal)["countries"][country]["rates"]
    return {rate["TaxType"]: rate for rate in rates}


def simulated(organisation: Organisation, code: str, amount: str, amount_types: str) -> Decimal:
    """The tax that the simulator puts on one line of this type, on an account that takes it."""
    rate = organisation.tax_rates[code]
    account = next(
        each
        for each in organisation.accounts.values()
        if CLASSES[each["Class"]] in rate["CanApplyTo"]
        and each["Type"] != "BANK"
        and (each.get("SystemAccount") == "GST") == ("IMPORTS" in code)
        and each.get("SystemAccount") not in lines.CLOSED_ACCOUNTS
    )
    line = {"Description": "x", "UnitAmount": amount, "TaxType": code, "AccountCode": account["Code"]}
    context = lines.LineContext(organisation, "PURCHASE", amount_types, True, True)
    return Decimal(lines.work_out(context, [line], [], {})[0]["TaxAmount"])


@pytest.mark.parametrize("country", sorted(SHOWN))
def test_every_default_type_is_in_the_table_and_shows_what_the_table_says(country: str) -> None:
    rates = official(country)
    assert set(rates) == set(SHOWN[country])
    for code, rate in rates.items():
        assert listed(rate).shown == Decimal(SHOWN[country][code][0]), code


@pytest.mark.parametrize("country", sorted(SHOWN))
def test_the_simulator_and_the_prediction_agree_on_every_type_it_has(country: str) -> None:
    organisation = found(country, None, f"Types {country}")
    legacy = {code: rate for code, rate in official(country).items() if code not in organisation.tax_rates}
    for rate in legacy.values():
        classes = [each for each in ("Assets", "Equity", "Expenses", "Liabilities", "Revenue") if rate[f"CanApplyTo{each}"]]
        add_tax_rate(organisation, {**{key: rate[key] for key in ("TaxType", "Name", "EffectiveRate")}, "CanApplyTo": classes})
    compared = 0
    for code, rate in organisation.tax_rates.items():
        if code == "AVALARA":
            continue  # never sent
        predicted = listed(show_tax_rate(rate)).shown
        assert predicted is not None
        for amount in ("100.00", "33.33", "-0.05", "19999.99"):
            for amount_types in ("Exclusive", "Inclusive"):
                shown = line_tax(Decimal(amount), predicted, amount_types == "Inclusive")
                assert simulated(organisation, code, amount, amount_types) == shown, (code, amount, amount_types)
        compared += 1
    assert compared >= len(SHOWN[country]) - 1


@pytest.mark.parametrize("country", sorted(SHOWN))
def test_which_types_are_for_purchases_and_which_for_sales(country: str) -> None:
    rates = official(country)
    assert {code for code in rates if direction(rates[code]) == "Purchases"} == set(PURCHASES_ONLY[country].split())
    assert {code for code in rates if direction(rates[code]) == "Sales"} == set(SALES_ONLY[country].split())


def element(code: str, rate: str, *classes: str, **more: Any) -> dict[str, Any]:
    return {
        "TaxType": code,
        "Name": f"Name of {code}",
        "Status": "ACTIVE",
        "EffectiveRate": Decimal(rate),
        **{f"CanApplyTo{each}": True for each in classes},
        **more,
    }


INPUT = element("INPUT", "10", "Assets", "Expenses", "Liabilities")
OUTPUT = element("OUTPUT", "10", "Revenue", "Liabilities")
REVERSECHARGES = element("REVERSECHARGES", "20", "Expenses", "Assets", ReportTaxType="REVERSECHARGES")
GSTONIMPORTS = element("GSTONIMPORTS", "0", "Liabilities")
NONE = element("NONE", "0", "Assets", "Expenses", "Liabilities", "Revenue", "Equity")
OWN = element("TAX001", "8.1631", "Assets", "Expenses", "Liabilities", "Revenue", "Equity")


@pytest.mark.parametrize(
    ("rate", "wanted", "key", "account_class", "says"),
    [
        (INPUT, "Purchases", "GST - ST @ 10", "", ""),
        (INPUT, "Sales", "GST - ST @ 10", "", "for purchases"),
        (OUTPUT, "Purchases", "GST - ST @ 10", "", "for sales"),
        # A recharged cost: a sale on an expense account takes the purchase type, so the class decides.
        (INPUT, "Sales", "GST - ST @ 10", "Expense", ""),
        (OUTPUT, "Sales", "GST - ST @ 10", "Expense", "on expense accounts"),
        (INPUT, "Purchases", "GST - ST @ 10", "Fixed Asset", ""),
        (GSTONIMPORTS, "Purchases", "GST - ST (fixed amount)", "", ""),
        (INPUT, "Purchases", "GST - ST (fixed amount)", "", "10 %"),
        # For an amount of tax, the class is that of what was imported.
        (element("GSTONCAPIMPORTS", "0", "Liabilities"), "Purchases", "GST - ST (fixed amount)", "Fixed Asset", ""),
        (element("GSTONCAPIMPORTS", "0", "Liabilities"), "Sales", "GST - ST (fixed amount)", "Fixed Asset", "for purchases"),
        (GSTONIMPORTS, "Purchases", "No tax", "Fixed Asset", "on fixed asset accounts"),
        (REVERSECHARGES, "Purchases", "VAT - MI @ 20 + VAT - MI @ -20", "", ""),
        (element("INPUT2", "20", "Expenses"), "Purchases", "VAT - MI @ 20 + VAT - MI @ -20", "", "adds none"),
        (REVERSECHARGES, "Purchases", "VAT - MI @ 20", "", "puts no tax on a document"),
        (REVERSECHARGES, "Purchases", "VAT - MI @ 0", "", ""),
        (NONE, "Sales", "No tax", "", ""),
        (NONE, "Sales", "State - SM @ 6.25", "", "own rate"),
        (OWN, "Sales", "State - SM @ 6.25 + County - SM @ 1.375 + District - SM @ 0.5", "", ""),
        (OWN, "Sales", "State - SM @ 6.25", "", "same rate"),
        (INPUT, "Purchases", "No tax", "", "same rate"),
        (INPUT, "Purchases", "GST - ST @ 0", "", "same rate"),
        (element("AVALARA", "0", "Revenue", "Expenses"), "Sales", "No tax", "", "does not take"),
        (element("2f9c1e1c", "7", "Revenue", "Expenses", ReportTaxType="USSALESTAX"), "Sales", "A @ 7", "", "does not take"),
        (element("INPUT", "10", "Expenses", Status="ARCHIVED"), "Purchases", "GST @ 10", "", "does not take"),
    ],
)
def test_what_speaks_against_a_mapping(rate: dict[str, Any], wanted: str, key: str, account_class: str, says: str) -> None:
    found_objection = objection(rate, wanted, key, account_class)
    assert (says in found_objection and rate["TaxType"] in found_objection) if says else found_objection == ""


def test_a_list_that_says_nothing_of_accounts_forbids_none() -> None:
    assert listed({"TaxType": "X", "Status": "ACTIVE", "EffectiveRate": 5.0}) == TaxType("X", Decimal("5.0"))
    assert not usable({"TaxType": "X", "Status": "DELETED"}) and listed({"TaxType": "X"}).active is False
