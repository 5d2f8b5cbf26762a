"""Taxes of one country only, from submit to Xero: Australia's capital purchases, sales tax that a service worked out in the United States."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.rig import Rig, standing
from tests.scene import rig as scene
from tests.scene.desk import account_codes, retry


@pytest.fixture
def abroad(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with standing(request.param, limits=False) as rig:
        yield rig


def first(rig: Rig, doctype: str) -> scene.Record:
    """The first document of the kind in the company's own currency, as somebody entered it."""
    return copy.deepcopy(
        next(
            each
            for each in rig.documents
            if (each["event"], each["doctype"]) == ("submit", doctype)
            and each["doc"]["currency"] == rig.company["default_currency"]
            and not each["doc"].get("is_return")
            and not each["doc"].get("discount_amount")
            and not any(row["included_in_print_rate"] or row["charge_type"] == "Actual" for row in each["doc"]["taxes"])
            and not any(row.get("item_tax_template") for row in each["doc"]["items"])
        )
    )


def map_row(rig: Rig, kind: str, **values: Any) -> None:
    row = {"doctype": f"Xero {kind} Mapping", "connection": rig.connection, **values}
    scene.with_site(rig, lambda frappe: frappe.get_doc(row).insert(ignore_permissions=True))


@pytest.mark.case("F11")
@pytest.mark.parametrize("abroad", ["AU"], indirect=True)
def test_a_capital_purchase_is_asked_for_once_and_goes_as_capital_with_its_credit_note(abroad: Rig) -> None:
    suffix = f" - {abroad.company['abbr']}"
    record = first(abroad, "Purchase Invoice")
    for item in record["doc"]["items"]:
        item["expense_account"] = f"Office Equipments{suffix}"
    second = scene.copied(record, "PINV-SECOND", bill_no="B-2")
    abroad.play([record, second])
    scene.settle(abroad)
    for each in (record, second):
        row = scene.step(abroad, each["name"])
        assert (row["state"], row["reason_code"]) == ("Needs Attention", "tax-unmapped") and "Fixed Asset" in row["cure"]
    map_row(abroad, "Tax", direction="Purchases", tax=f"GST{suffix} @ 10", tax_type="CAPEXINPUT", account_class="Fixed Asset")
    for each in (record, second):
        retry(abroad, each)
    back = scene.returned(record, at_once=False)
    abroad.play([back])
    scene.settle(abroad)
    elements = [*scene.live(abroad), *scene.live(abroad, "CreditNotes")]
    assert len(elements) == 3
    for element in elements:
        # A line that rounds has no tax.
        assert {line["TaxType"] for line in element["lines"]} - {"BASEXCLUDED"} == {"CAPEXINPUT"} and element["Total"] == scene.total(
            record
        )


@pytest.mark.case("F14")
@pytest.mark.parametrize("abroad", ["US"], indirect=True)
def test_a_services_tax_is_owed_on_the_liability_and_no_tax_of_xeros(abroad: Rig) -> None:
    account = f"State Tax - {abroad.company['abbr']}"
    record = first(abroad, "Sales Invoice")
    doc = record["doc"]
    net = sum(item["net_amount"] for item in doc["items"])
    tax = round(net * 0.0837, 2)
    doc["taxes"] = [
        {**doc["taxes"][0], "account_head": account, "charge_type": "Actual", "rate": 0.0, "description": "Sales Tax"}
        | {"tax_amount": tax, "tax_amount_after_discount_amount": tax}
    ]
    doc.update(grand_total=round(net + tax, 2), rounded_total=0.0, rounding_adjustment=0.0)
    abroad.play([record])
    scene.settle(abroad)
    row = scene.step(abroad, record["name"])
    assert (row["reason_code"], row["cure"]) == ("account-unmapped", f"Map {account} under Xero Account Mapping")
    abroad.xero.person("add_account", Code="225", Name="Sales Tax Owed", Type="CURRLIAB", Class="LIABILITY", TaxType="NONE")
    from picortex_xero.connection import connecting

    scene.with_site(abroad, lambda frappe: connecting.refresh(abroad.connection))
    map_row(abroad, "Account", account=account, xero_account_code="225")
    retry(abroad, record)
    scene.settle(abroad)
    (shown,) = scene.live(abroad)
    assert shown["Total"] == scene.total(record) and float(shown["TotalTax"]) == 0
    assert {line["TaxType"] for line in shown["lines"]} == {"NONE"}
    (owed,) = [line for line in shown["lines"] if line["Description"] == "Sales Tax"]
    assert (account_codes(abroad)[owed["account"]], float(owed["LineAmount"])) == ("225", tax)
