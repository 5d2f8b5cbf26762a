"""Spend and receive money: figures, tax inside them, currency, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.exchange import converted
from picortex_xero.accounting.mapping import PaymentAccount, TaxType
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.settlement.bank_transaction import BankLine, bank_transaction

BANK = PaymentAccount("bank-1", "NZD")
GST = TaxType("INPUT2", Decimal(15))
NONE = TaxType("NONE", Decimal(0))


def made(*lines: BankLine, **more):
    settings = {"amount_types": "Inclusive", **more}
    if (rate := settings.get("rate")) is not None:
        amount = abs(sum(line.amount for line in lines))
        settings["rate"] = converted("PAY-1", amount, amount * rate, rate, "NZD", accepted=False)
    return bank_transaction("SPEND", "contact-1", BANK, "2026-10-22", "PAY-1 fee", list(lines), **settings)


def test_the_total_is_the_gross_sum_and_the_tax_is_inside_it():
    translation = made(BankLine("Fee", Decimal("7.05"), "404", GST), BankLine("Levy", Decimal("1.00"), "405", NONE))
    assert (translation.total, translation.tax) == (Decimal("8.05"), Decimal("0.92"))
    assert translation.body["LineItems"][0] == {
        "Description": "Fee",
        "Quantity": 1,
        "UnitAmount": Decimal("7.05"),
        "AccountCode": "404",
        "TaxType": "INPUT2",
    }


def test_without_tax_there_is_none_whatever_the_type_says():
    assert made(BankLine("Transfer", Decimal("1685"), "855", GST), amount_types="NoTax").tax == 0


def test_tax_is_not_compared_while_the_rate_was_never_read():
    assert made(BankLine("Fee", Decimal("7.05"), "404", TaxType("INPUT2", None))).tax is None


def test_the_marker_has_what_finds_it_again():
    marker = made(BankLine("Fee", Decimal("7.05"), "404", GST), url="https://erp.example/app/payment-entry/PAY-1?sync=1").marker
    assert marker == {
        "Type": "SPEND",
        "Account": "bank-1",
        "Date": "2026-10-22",
        "Total": Decimal("7.05"),
        "Reference": "PAY-1 fee",
        "Url": "https://erp.example/app/payment-entry/PAY-1?sync=1",
    }
    assert "Url" not in made(BankLine("Fee", Decimal("7.05"), "404", GST)).body


def test_a_foreign_account_takes_the_rate_as_units_per_base():
    assert made(BankLine("Transfer", Decimal(1000), "855", NONE), rate=Decimal("1.685")).body["CurrencyRate"] == Decimal("0.593472")


def test_tracking_follows_the_line():
    item = made(BankLine("Fee", Decimal(1), "404", NONE, ("Region", "North"))).body["LineItems"][0]
    assert item["Tracking"] == [{"Name": "Region", "Option": "North"}]


@pytest.mark.parametrize(
    ("amount", "rate", "code"),
    [
        ("7.055", None, "too-many-decimals"),
        ("0", None, "bank-amount-not-positive"),
        ("-1", None, "bank-amount-not-positive"),
        ("1", Decimal(0), "rate-unusable"),
        ("1", Decimal(10) ** 7, "rate-unusable"),
    ],
)
def test_what_xero_could_not_keep_is_refused(amount, rate, code):
    with pytest.raises(Refused) as refused:
        made(BankLine("Fee", Decimal(amount), "404", NONE), rate=rate)
    assert [problem.code for problem in refused.value.problems] == [code]
