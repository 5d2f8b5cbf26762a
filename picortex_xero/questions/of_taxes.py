"""Experiments on what the app relies on of Xero's tax types."""

from __future__ import annotations

from decimal import Decimal

from ..accounting.money import ZERO, decimal
from ..accounting.questions import BOTH_SIDES
from .experiments import experiment
from .organisation import NotAsked, Organisation, errors, expect


@experiment("accounting/tax_types.json: shows_zero, C; simulator: reverse charge rates show no tax on the document")
def a_reverse_charge_shows_no_tax_though_its_rate_is_not_zero(org: Organisation) -> str:
    """A bill with such a type totals its net amount; wants an organisation of the United Kingdom."""
    listed = {each["TaxType"]: each for each in org.tax_rates()}
    tried = [code for code in BOTH_SIDES if listed.get(code, {}).get("Status") == "ACTIVE"]
    if not tried:
        raise NotAsked("the organisation has no such tax type")
    for code in tried:
        shown = org.invoice(False, org.line(100, sales=False, TaxType=code), asked=True)
        expect((decimal(shown["TotalTax"]), decimal(shown["Total"])) == (ZERO, Decimal(100)), f"{code}: {shown['TotalTax']} tax")
    return "no tax shown with " + ", ".join(f"{code} ({listed[code]['EffectiveRate']} %)" for code in tried)


@experiment("docs/invoices.md: import GST; simulator: the GST account is open for import types, C")
def tax_on_imports_is_a_line_on_the_tax_account(org: Organisation) -> str:
    """A bill line on the account with SystemAccount GST takes GSTONIMPORTS and shows no tax; the no-tax type is refused there."""
    account = next((each for each in org.all_accounts() if each.get("SystemAccount") == "GST"), None)
    if account is None:
        raise NotAsked("the organisation has no tax account of Xero's own")
    amount = Decimal("1234.50")
    line = {"Description": "Tax on imports", "Quantity": 1, "UnitAmount": amount, "AccountCode": account["Code"]}
    shown = org.invoice(False, {**line, "TaxType": "GSTONIMPORTS"}, asked=True)
    expect((decimal(shown["TotalTax"]), decimal(shown["Total"])) == (ZERO, amount), f"TotalTax {shown['TotalTax']}, Total {shown['Total']}")
    untaxed = org.untaxed()
    other = errors(org.put("Invoices", org.element(False, {**line, "TaxType": untaxed}))[0])
    return f"{account['Code']} takes GSTONIMPORTS; {untaxed} is {'refused: ' + other[0] if other else 'taken, too'}"


@experiment("errors E057, B: a tax type on an account of another class")
def a_sales_type_is_refused_on_an_expense_account(org: Organisation) -> str:
    """CanApplyTo is enforced on sales and bills alike."""
    only_sales = [
        each["TaxType"]
        for each in org.tax_rates()
        if each["Status"] == "ACTIVE" and each.get("CanApplyToRevenue") and not each.get("CanApplyToExpenses") and each.get("EffectiveRate")
    ]
    if not only_sales:
        raise NotAsked("the organisation has no tax type for sales only")
    told = []
    for sales in (True, False):
        line = org.line(100, sales=False, TaxType=only_sales[0], Description="A sales tax type")
        found = errors(org.put("Invoices", org.element(sales, line))[0])
        expect(found, f"{'an invoice' if sales else 'a bill'} took {only_sales[0]} on an expense account")
        told.append(found[0])
    return "; ".join(dict.fromkeys(told))
