"""Overpayments: a payment with an unallocated part goes to Xero whole, as one overpayment; how it is found again in Xero's lists.

One is compared field by field with what an accountant worked out by hand (`../shared/golden_pairs.json`, where that file is there).
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping, PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.settlement.allocation import allocation
from picortex_xero.documents.settlement.breakdown import unallocated
from picortex_xero.documents.settlement.overpayment import overpayment
from picortex_xero.documents.settlement.settlement import Settlement
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.client import encode
from picortex_xero.xero.records.registry import KINDS
from tests.scene.documents import SITE, receipt, reference, settlement_of
from tests.scene.mapping import mapping
from tests.scene.xero_records import bears, doubtful, find

D = Decimal
GOLDEN = Path(__file__).resolve().parents[4] / "shared" / "golden_pairs.json"
KIND = KINDS["overpayment"]
BODY = "BankTransactions"


def made(settlement: Settlement, currencies: dict[str, str] | None = None) -> Translation:
    return overpayment(settlement, mapping(), "c1", SITE, "k1", 1, currencies)


def codes(settlement: Settlement, currencies: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Refused) as refused:
        made(settlement, currencies)
    return [problem.code for problem in refused.value.problems]


def spent(amount: float, **changes: Any) -> Settlement:
    """An advance to a supplier."""
    sides = {"paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
    return receipt([], amount, **{"payment_type": "Pay", "party_type": "Supplier", **sides, **changes})


def test_the_whole_receipt_is_one_overpayment() -> None:
    translation = made(receipt([reference("SINV-1", 100.0)], 150.5), {"SINV-1": "NZD"})
    url = translation.body.pop("Url")
    assert translation.body == {
        "Type": "RECEIVE-OVERPAYMENT",
        "Contact": {"ContactID": "c1"},
        "BankAccount": {"AccountID": "bank-nzd"},
        "Date": "2026-10-20",
        "LineAmountTypes": "NoTax",
        "LineItems": [{"Description": "PAY-1 DD 77", "LineAmount": D("150.5")}],
    }
    assert translation.total == D("150.5") and translation.marker["Url"] == url and "/app/payment-entry/PAY-1?" in url


def test_an_advance_to_a_supplier_is_spent() -> None:
    assert made(spent(80.0)).body["Type"] == "SPEND-OVERPAYMENT"


def test_in_a_foreign_banks_own_currency_it_carries_the_rate() -> None:
    usd = {"paid_from_account_currency": "USD", "paid_to_account_currency": "USD", "paid_to": "Bank USD - KS", "target_exchange_rate": 1.6}
    body = made(receipt([], 100.0, **usd), {}).body
    assert (body["CurrencyCode"], body["CurrencyRate"]) == ("USD", D("0.625"))
    assert "CurrencyCode" not in made(receipt([], 100.0)).body


@pytest.mark.parametrize(
    ("settlement", "left"),
    [
        (receipt([], 100.0), D(100)),
        (receipt([reference("SINV-1", 60.0), reference("SINV-1", 30.0)], 100.0), D(10)),
        (receipt([reference("SINV-1", 100.0)], 100.0, unallocated_amount=0.004), D(0)),
        (receipt([reference("SINV-1", 100.0)], 97.0), D(0)),
        (spent(80.0), D(80)),
        (receipt([], 100.0, payment_type="Internal Transfer"), D(0)),
    ],
)
def test_what_is_left_to_no_invoice(settlement: Settlement, left: Decimal) -> None:
    assert unallocated(settlement) == left


def test_all_that_stands_in_the_way_is_told() -> None:
    settlement = receipt(
        [reference("SINV-1", 50.001)], 100.0, received_amount=60.0, paid_to="Till USD - KS", paid_to_account_currency="USD"
    )
    assert codes(settlement, {"SINV-1": "NZD"}) == [
        "payment-account-unmapped",
        "overpayment-two-currencies",
        "overpayment-other-currency",
        "too-many-decimals",
    ]
    assert codes(receipt([reference("SINV-1", 50.0)], 100.0), {"SINV-1": "USD"}) == ["overpayment-other-currency"]


def test_an_advance_with_a_deduction_waits_and_one_with_an_exchange_difference_goes() -> None:
    """A payment with a fee becomes such an advance when it is unreconciled: the customer's credit is all that was paid, the bank has
    less."""
    fee = {"account": "Merchant Fees - TF", "amount": 15.0}
    assert codes(spent(100.0, deductions=[fee])) == ["deduction-and-advance"]
    assert made(spent(100.0, deductions=[{**fee, "is_exchange_gain_loss": 1}])).total == D("100")


def test_an_advance_that_nets_a_credit_waits() -> None:
    settlement = receipt([reference("SINV-1", 100.0), reference("SINV-2", -10.0)], 190.0)
    assert codes(settlement, {"SINV-1": "NZD", "SINV-2": "NZD"}) == ["netting-and-advance"]


# Found again


def shown(**changes: Any) -> dict[str, Any]:
    """The bank transaction as Xero answers it."""
    body = made(receipt([], 150.5)).body
    line = {"Description": "PAY-1 DD 77", "LineAmount": D("150.50")}
    answer = {**body, "LineItems": [line], "DateString": "2026-10-20T00:00:00", "Total": D("150.50"), "Status": "AUTHORISED"}
    return {**answer, "BankTransactionID": "b1", "OverpaymentID": "o1", **changes}


def test_it_is_found_by_its_address_or_where_xero_shows_none_by_everything_else() -> None:
    marker = json.loads(json.dumps(made(receipt([], 150.5)).marker, default=str))
    assert find(KIND, marker, [shown()]) and find(KIND, marker, [shown(Url=None)])
    assert find(KIND, marker, [shown(Url="https://elsewhere.example", Total=D("150.50"))]), "an address without our mark says nothing"
    for wrong in (
        {"Url": marker["Url"] + "9"},
        {"Type": "SPEND-OVERPAYMENT"},
        {"Url": None, "Contact": {"ContactID": "c2"}},
        {"Url": None, "BankAccount": {"AccountID": "bank-usd"}},
        {"Url": None, "DateString": "2026-10-21T00:00:00"},
        {"Url": None, "Total": D("150.51")},
        {"Url": None, "LineItems": [{"Description": "PAY-2 DD 77"}]},
        {"Url": None, "LineItems": []},
    ):
        assert not find(KIND, marker, [shown(**wrong)]), wrong
    assert doubtful(KIND, marker, [shown(Url=None, LineItems=[])]), "equal but for its token: a person"
    assert find(KIND, marker, [shown(Total=D("150.51"))]), "our mark proves it whatever a person has changed since"
    assert find(KIND, marker, [shown(Status="DELETED")]) == []
    assert bears(KIND, marker, {"LineItems": [{"Description": "PAY-1 DD 77"}]}), "an error element has no figures"


# The example that was worked out by hand


@pytest.fixture(scope="module")
def pair() -> dict[str, Any]:
    if not GOLDEN.exists():
        pytest.skip("../shared/golden_pairs.json is not there")
    return next(each for each in json.loads(GOLDEN.read_text()) if each["id"] == "09")


def wire(value: Any) -> Any:
    return json.loads(encode(value), parse_float=Decimal, parse_int=Decimal)


def step(pair: dict[str, Any], role: str) -> dict[str, Any]:
    return next(each for each in pair["xero"] if each["role"] == role)


def test_golden_overpayment(pair: dict[str, Any]) -> None:
    bank = pair["mapping"]["bank_accounts"]["bank NZD operating"]["AccountID"]
    chosen = Mapping("NZD", "AUTHORISED", payment_accounts={"Operating Bank NZD - KS": PaymentAccount(bank, "NZD")})
    wanted = step(pair, "overpayment")
    element = wire(wanted["body"])[BODY][0]
    settlement = settlement_of({"doctype": "Payment Entry", **pair["erpnext"]["document"]})
    assert unallocated(settlement) == D("116.67")
    translation = overpayment(settlement, chosen, element["Contact"]["ContactID"], "https://erp.kauri.example", "k1", 1)
    ours = wire(translation.body)
    assert bool(ours.pop("Url")) == bool(element.pop("Url")) and ours == element
    assert (KIND.method, "/" + KIND.path()) == (wanted["method"], wanted["path"])
    assert translation.marker["Description"] == wanted["marker"]["second"]["value"]


@pytest.mark.parametrize(("role", "invoice"), [("allocation_1", "ACC-SINV-2026-00017"), ("allocation_2", "ACC-SINV-2026-00018")])
def test_golden_allocations(pair: dict[str, Any], role: str, invoice: str) -> None:
    wanted = step(pair, role)
    element, before = wire(wanted["body"])["Allocations"][0], wire(wanted["marker"]["before"])
    doc = pair["erpnext"]["document"]
    sale = next(each["document"] for each in pair["erpnext"]["supporting"] if each["document"]["name"] == invoice)
    date = max(doc["posting_date"], sale["posting_date"])
    xero_id = pair["mapping"]["runtime_ids"][invoice]
    translation = allocation(element["Amount"], date, xero_id, before["RemainingCredit"], before["AmountDue"], (doc["name"], invoice))
    assert wire(translation.body) == element
    assert f"/Overpayments/{pair['mapping']['runtime_ids']['overpayment']}/{KINDS['allocation'].path()}" == wanted["path"]
