"""The last look at an element before it is sent, by Xero's lists."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting import causes
from picortex_xero.accounting.mapping import HOLD, WITHOUT, Mapping, PaymentAccount
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.accounting.xero_now import OtherParts, RateChange, XeroNow
from picortex_xero.documents.still_in_xero import objections

NOW = XeroNow(
    True,
    {"200": ("A-1", "ACTIVE"), "260": ("A-2", "ARCHIVED")},
    {"A-1": "ACTIVE", "A-2": "ARCHIVED", "B-1": "ACTIVE", "P-1": "ACTIVE", "N-1": "ACTIVE"},
    {("Branch", "North"): "o-1"},
    banks=frozenset({"B-1"}),
    paid=frozenset({"P-1"}),
)
CHOSEN = Mapping(
    "NZD",
    "AUTHORISED",
    accounts={"Sales - KS": "200", "Service - KS": "260"},
    tax_types={"OUTPUT2": TaxType("OUTPUT2", Decimal(15)), "GONE": TaxType("GONE", Decimal(15), active=False)}
    | {"ZERORATED": TaxType("ZERORATED", Decimal(0), classes=frozenset({"LIABILITY", "REVENUE"}))},
    xero_classes={"200": "ASSET"},
    tracking={"North - KS": ("Branch", "North"), "South - KS": ("Branch", "South")},
    payment_accounts={"Bank - KS": PaymentAccount("B-9", "NZD")},
    now=NOW,
)


def element(**line: Any) -> dict[str, Any]:
    return {"LineAmountTypes": "Exclusive", "LineItems": [{"AccountCode": "200", "TaxType": "OUTPUT2", "UnitAmount": 1, **line}]}


def codes(body: dict[str, Any], mapping: Mapping = CHOSEN) -> list[str]:
    return [each.code for each in objections(body, mapping)]


@pytest.mark.case("05")
def test_accounts_types_and_options_that_are_there_pass() -> None:
    assert codes(element(Tracking=[{"Name": "Branch", "Option": "North"}])) == []
    assert codes({"BankAccount": {"AccountID": "B-1"}, **element()}) == []
    assert codes({"Account": {"AccountID": "B-1"}}) == codes({"Account": {"AccountID": "P-1"}}) == []


@pytest.mark.case("05")
@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (element(AccountCode="260"), "account-archived", "260"),
        (element(AccountCode="299"), "account-gone", "299"),
        (element(TaxType="GONE"), "tax-type-gone", "GONE"),
        (element(TaxType="NEVER"), "tax-type-gone", "NEVER"),
        (element(TaxType="ZERORATED"), "tax-type-not-for-account", "200"),
        ({"JournalLines": [{"AccountCode": "200", "TaxType": "ZERORATED", "LineAmount": 1}]}, "tax-type-not-for-account", "asset"),
        (element(Tracking=[{"Name": "Branch", "Option": "South"}]), "tracking-gone", "South - KS"),
        ({"JournalLines": [{"AccountCode": "299", "LineAmount": 1}]}, "account-gone", "299"),
        ({"Account": {"AccountID": "B-9"}, "Amount": 5}, "bank-account-gone", "Bank - KS"),
        ({"BankAccount": {"AccountID": "A-2"}}, "bank-account-gone", "default"),
        ({"Account": {"AccountID": "N-1"}}, "payment-account-invalid", "default"),
        ({"ToBankAccount": {"AccountID": "P-1"}}, "payment-account-invalid", "no bank account"),
    ],
)
def test_what_is_gone_is_named(body: dict[str, Any], code: str, says: str) -> None:
    (found,) = objections(body, CHOSEN)
    assert found.code == code and says in found.message and found.resolution


@pytest.mark.case("05")
def test_the_cure_names_what_is_mapped_to_the_account() -> None:
    assert "Service - KS" in objections(element(AccountCode="260"), CHOSEN)[0].resolution
    for code in ("260", "299"):
        (found,) = objections(element(AccountCode=code), CHOSEN)
        assert causes.of(found.code, found.causes) == (causes.xero_account(code), causes.Cause(causes.ACCOUNT)), "To Fix shows which one"


def test_lists_that_were_never_read_object_to_nothing() -> None:
    assert codes(element(AccountCode="299", TaxType="NEVER"), replace(CHOSEN, now=XeroNow())) == []


@pytest.mark.case("14")
def test_a_changed_rate_a_stop_and_other_parts_hold_the_type_unless_there_is_no_tax() -> None:
    changed = replace(NOW, changed={"OUTPUT2": RateChange("GST - KS @ 15", Decimal(15), Decimal("15.5"))})
    stopped = replace(NOW, stopped={"OUTPUT2": "SINV-7"})
    parts = replace(NOW, changed={"OUTPUT2": OtherParts("A @ 6 + B @ 2", (Decimal(2), Decimal(6)), (Decimal(3), Decimal(5)))})
    assert codes(element(), replace(CHOSEN, now=changed)) == ["tax-rate-changed"]
    (held,) = objections(element(), replace(CHOSEN, now=stopped))
    assert (held.code, held.held) == ("tax-type-stopped", True) and "SINV-7" in held.message and "OUTPUT2" in held.message
    assert codes(element(), replace(CHOSEN, now=parts)) == ["tax-parts-differ"]
    assert codes({**element(), "LineAmountTypes": "NoTax"}, replace(CHOSEN, now=changed)) == []
    found = replace(CHOSEN, now=changed, taxes={("Sales", "GST - KS @ 15", ""): TaxType("OUTPUT2", Decimal("15.5"))}).tax(
        "Sales", "GST - KS @ 15", ""
    )
    assert getattr(found, "code", "") == "tax-rate-changed"


@pytest.mark.case("04")
def test_a_cost_centre_without_tracking_is_held_or_said() -> None:
    centers = ["North - KS", "East - KS", None, "", "East - KS"]
    holding, going = replace(CHOSEN, missing_tracking=HOLD), replace(CHOSEN, missing_tracking=WITHOUT)
    (problem,) = holding.untracked(centers)
    assert problem.code == "tracking-unmapped" and "East - KS" in problem.message and not holding.said_of_tracking(centers)
    (said,) = going.said_of_tracking(centers)
    assert "East - KS" in said and "North" not in said and not going.untracked(centers)
    # A company that tracks nothing is asked nothing.
    nobody = replace(holding, tracking={})
    assert not nobody.untracked(centers) and not replace(going, tracking={}).said_of_tracking(centers)
