"""Experiments on what the app relies on of Xero's tax types; see `probes`."""

from __future__ import annotations

from decimal import Decimal

from tests.live.organisation import Organisation, errors
from tests.live.probes import probe, today

BOTH_SIDES = ("REVERSECHARGES", "ECACQUISITIONS", "DRCHARGESUPPLY20")


@probe("accounting/tax_types.json: shows_zero, C; simulator: reverse charge rates show no tax on the document")
def a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero(org: Organisation) -> str:
    """A bill with such a type totals its net amount; wants an organisation of the United Kingdom."""
    listed = {each["TaxType"]: each for each in org.get("TaxRates")["TaxRates"]}
    tried = [code for code in BOTH_SIDES if listed.get(code, {}).get("Status") == "ACTIVE"]
    for code in tried:
        shown = org.invoice(False, org.line(100, sales=False, TaxType=code))
        assert (Decimal(str(shown["TotalTax"])), Decimal(str(shown["Total"]))) == (0, 100), f"{code}: {shown['TotalTax']} tax"
    rates = ", ".join(f"{code} ({listed[code]['EffectiveRate']} %)" for code in tried)
    return f"no tax shown with {rates}" if tried else "nothing tried: the organisation has no such type"


@probe("docs/invoices.md: import GST; simulator: the GST account is open for import types, C")
def tax_on_imports_is_a_line_on_the_tax_account(org: Organisation) -> str:
    """A bill line on the account with SystemAccount GST takes GSTONIMPORTS and shows no tax; the no-tax type is refused there."""
    account = next(each for each in org.get("Accounts")["Accounts"] if each.get("SystemAccount") == "GST")
    line = {"Description": "Tax on imports", "Quantity": 1, "UnitAmount": 1234.5, "AccountCode": account["Code"]}
    shown = org.invoice(False, {**line, "TaxType": "GSTONIMPORTS"})
    assert (Decimal(str(shown["TotalTax"])), Decimal(str(shown["Total"]))) == (0, Decimal("1234.5"))
    header = {"Type": "ACCPAY", "Contact": {"ContactID": org.contact()}, "InvoiceNumber": org.name("GST"), "Status": "AUTHORISED"}
    header |= {"Date": today(), "DueDate": today(), "LineAmountTypes": "Exclusive"}
    other = org.put("Invoices", {**header, "LineItems": [{**line, "TaxType": "NONE"}]})[0]
    return f"{account['Code']} takes GSTONIMPORTS; NONE is {'refused: ' + errors(other)[0] if errors(other) else 'taken, too'}"


@probe("errors E057, B: a tax type on an account of another class")
def a_sales_type_is_refused_on_an_expense_account(org: Organisation) -> str:
    """CanApplyTo is enforced on sales and bills alike."""
    rates = org.get("TaxRates")["TaxRates"]
    code = next(
        each["TaxType"]
        for each in rates
        if each["Status"] == "ACTIVE" and each.get("CanApplyToRevenue") and not each.get("CanApplyToExpenses") and each.get("EffectiveRate")
    )
    said = []
    for kind in ("ACCREC", "ACCPAY"):
        line = org.line(100, sales=False, TaxType=code)
        header = {"Type": kind, "Contact": {"ContactID": org.contact()}, "InvoiceNumber": org.name(kind), "Status": "AUTHORISED"}
        header |= {"Date": today(), "DueDate": today(), "LineAmountTypes": "Exclusive", "LineItems": [line]}
        shown = org.put("Invoices", header)[0]
        assert errors(shown), f"{kind} took {code} on an expense account"
        said.append(errors(shown)[0])
    return "; ".join(dict.fromkeys(said))
