"""Taxes of one country, from submit to Xero: Australia's capital purchases, sales tax that a service worked out in the United States; and the
certification checkpoint T22 (self-assessed) for Australia, the United Kingdom and the United States. New Zealand's are in test_taxes.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.rig import Rig, standing
from tests.scene import regions
from tests.scene import rig as scene
from tests.scene.desk import account_codes, refresh, retry


@pytest.fixture(scope="module")
def abroad(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with standing(request.param, limits=False) as rig:
        yield rig


def map_row(rig: Rig, kind: str, **values: Any) -> None:
    row = {"doctype": f"Xero {kind} Mapping", "connection": rig.connection, **values}
    scene.with_site(rig, lambda frappe: frappe.get_doc(row).insert(ignore_permissions=True))


@pytest.mark.case("F11")
@pytest.mark.parametrize("abroad", ["AU"], indirect=True)
def test_t22_a_capital_purchase_is_asked_for_once_and_goes_as_capital_with_its_credit_note(abroad: Rig) -> None:
    suffix = f" - {abroad.company['abbr']}"
    record = regions.plain(abroad, "Purchase Invoice")
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
    numbers = {"B-2", record["doc"]["bill_no"]}
    elements = [each for each in scene.live(abroad) if each["InvoiceNumber"] in numbers] + scene.live(abroad, "CreditNotes")
    assert len(elements) == 3
    for element in elements:
        # A line that rounds has no tax.
        assert {line["TaxType"] for line in element["lines"]} - {"BASEXCLUDED"} == {"CAPEXINPUT"} and element["Total"] == scene.total(
            record
        )


@pytest.mark.case("F14")
@pytest.mark.parametrize("abroad", ["US"], indirect=True)
def test_t22_a_services_tax_is_owed_on_the_liability_and_no_tax_of_xeros(abroad: Rig) -> None:
    account = f"State Tax - {abroad.company['abbr']}"
    record = regions.plain(abroad, "Sales Invoice")
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
    assert (row["reason_code"], row["cure"]) == ("account-unmapped", f"Map {account} under Accounts in Mapping")
    abroad.xero.person("add_account", Code="225", Name="Sales Tax Owed", Type="CURRLIAB", Class="LIABILITY", TaxType="NONE")
    from picortex_xero.connection import connecting

    scene.with_site(abroad, lambda frappe: connecting.refresh(abroad.connection))
    map_row(abroad, "Account", account=account, xero_account_code="225")
    retry(abroad, record)
    scene.settle(abroad)
    (shown,) = [each for each in scene.live(abroad) if each["InvoiceNumber"] == record["name"]]
    assert shown["Total"] == scene.total(record) and float(shown["TotalTax"]) == 0
    assert {line["TaxType"] for line in shown["lines"]} == {"NONE"}
    (owed,) = [line for line in shown["lines"] if line["Description"] == "Sales Tax"]
    assert (account_codes(abroad)[owed["account"]], float(owed["LineAmount"])) == ("225", tax)


@pytest.mark.parametrize("abroad", ["AU", "UK"], indirect=True)
def test_t22_sales_and_purchases_have_the_hosts_tax_by_type(abroad: Rig) -> None:
    region = regions.REGIONS[abroad.country]
    assert regions.played(abroad, region) == []


@pytest.mark.parametrize("abroad", ["US"], indirect=True)
def test_t22_united_states_sales_tax_is_the_hosts_by_type_and_by_component(abroad: Rig) -> None:
    region, suffix = regions.REGIONS["US"], f" - {abroad.company['abbr']}"
    # An accountant has typed the parts of one rate wrongly: its sum is right, and each authority would be told another tax.
    wrong = {"State Tax": "2", "County Tax": "0.375"}
    for tax_type, parts in {**region.components, "TAX104": wrong}.items():
        regions.set_components(abroad, tax_type, parts)
    refresh(abroad)
    records = {trade.name: regions.entered(abroad, trade) for trade in region.trades}
    abroad.play(list(records.values()))
    scene.settle(abroad)
    assert {scene.step(abroad, name)["reason_code"] for name in records} == {"tax-parts-differ"} and not any(
        name == each["InvoiceNumber"] for each in scene.live(abroad) for name in records
    )
    regions.set_components(abroad, "TAX104", region.components["TAX104"])
    refresh(abroad)
    for record in records.values():
        retry(abroad, record)
    scene.settle(abroad)
    for trade in region.trades:
        record = records[trade.name]
        assert regions.differences(abroad, region, trade, record) == []
        rows = {row["account_head"].removesuffix(suffix): row["tax_amount"] for row in record["doc"]["taxes"]}
        assert {name: float(amount) for name, amount in regions.by_component(abroad, trade).items()} == rows
