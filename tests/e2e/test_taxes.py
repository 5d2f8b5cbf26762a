"""Tax mappings as an admin makes them, and what becomes of documents when Xero's tax types change underneath; the certification checkpoints T21
and T22 (self-assessed) for New Zealand."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.host.storage import store
from sandbox.rig import Rig
from tests.scene import regions, tax_matrix
from tests.scene import rig as scene
from tests.scene.desk import refresh, retry
from tests.scene.telling import make_admin, notifications

GST, FIXED = "GST - TF @ 15", "GST - TF (fixed amount)"
PAIR = "GST - TF @ 15 + GST - TF @ -15"


def map_tax(rig: Rig, direction: str, tax: str, tax_type: str, **more: Any) -> str:
    """The admin saves a row under Taxes in Mapping; its name."""
    row = {"doctype": "Xero Tax Mapping", "connection": rig.connection, "direction": direction, "tax": tax, "tax_type": tax_type, **more}
    return str(scene.with_site(rig, lambda frappe: frappe.get_doc(row).insert(ignore_permissions=True).name))


def map_account(rig: Rig, account: str, code: str) -> None:
    row = {"doctype": "Xero Account Mapping", "connection": rig.connection, "account": account, "xero_account_code": code}
    scene.with_site(rig, lambda frappe: frappe.get_doc(row).insert(ignore_permissions=True))


def refused(rig: Rig, *row: str, **more: Any) -> str:
    """What the form says to a row that it does not take."""
    with rig.frappe() as frappe:
        error = frappe.ValidationError
    with pytest.raises(error) as shown:
        map_tax(rig, *row, **more)
    return str(shown.value)


def plain_bill(rig: Rig) -> scene.Record:
    """A bill whose every line has GST at the usual rate."""
    return next(
        each
        for each in scene.bills(rig, 60)
        if [row["charge_type"] for row in each["doc"]["taxes"]] == ["On Net Total"]
        and not any(row.get("item_tax_template") for row in each["doc"]["items"])
        and not each["doc"]["taxes"][0]["included_in_print_rate"]
        and not each["doc"].get("rounded_total")
    )


def with_row(record: scene.Record, **changes: Any) -> scene.Record:
    """The same bill with one more row like its first, and the grand total that ERPNext gives it."""
    doc = record["doc"]
    row = {**doc["taxes"][0], "idx": 2, "name": "", **changes}
    added = row["tax_amount"] * (-1 if row["add_deduct_tax"] == "Deduct" else 1)
    doc["taxes"].append({**row, "tax_amount_after_discount_amount": row["tax_amount"]})
    doc["grand_total"] = round(doc["grand_total"] + added, 2)
    return record


@pytest.mark.parametrize(
    ("row", "more", "says"),
    [
        (("Purchases", "Levy - TF @ 15", "OUTPUT2"), {}, "for sales"),
        (("Sales", "Levy - TF @ 15", "INPUT2"), {}, "for purchases"),
        (("Purchases", "Levy - TF @ 15", "NONE"), {}, "puts no tax on a document"),
        (("Purchases", "Levy - TF @ 12.5", "INPUT2"), {}, "same rate"),
        (("Purchases", "Levy - TF (fixed amount)", "INPUT2"), {}, "adds none"),
        (("Sales", GST, "OUTPUT2"), {"account_class": "Expense"}, "on expense accounts"),
        (("Purchases", GST, "INPUT2"), {}, "mapped already"),
    ],
)
def test_a_row_that_xero_would_refuse_is_refused_when_it_is_saved(
    rig: Rig, row: tuple[str, str, str], more: dict[str, str], says: str
) -> None:
    assert says in refused(rig, *row, **more)


def test_a_row_for_one_class_of_accounts_stands_beside_the_general_one(rig: Rig) -> None:
    record = plain_bill(rig)
    rig.xero.person("add_tax_rate", TaxType="CAPEXINPUT", Name="GST on Capital", EffectiveRate="15")
    rig.xero.person("add_account", Code="711C", Name="Plant", Type="FIXED", Class="ASSET", TaxType="CAPEXINPUT")
    refresh(rig)
    map_account(rig, "Plants and Machineries - TF", "711C")
    map_tax(rig, "Purchases", GST, "CAPEXINPUT", account_class="Fixed Asset")
    assert "mapped already" in refused(rig, "Purchases", GST, "CAPEXINPUT", account_class="Fixed Asset")
    record["doc"]["items"][0]["expense_account"] = "Plants and Machineries - TF"
    other = scene.copied(plain_bill(rig), "PINV-OTHER")
    rig.play([record, other])
    scene.settle(rig)
    scene.assert_once(rig, [record, other])
    types = {each["InvoiceID"]: [line["TaxType"] for line in each["lines"]] for each in scene.live(rig)}
    assert sorted(shown[0] for shown in types.values()) == ["CAPEXINPUT", "INPUT2"]


def test_t22_import_tax_and_its_agents_fee_are_one_bill(rig: Rig) -> None:
    record = with_row(plain_bill(rig), charge_type="Actual", rate=0.0, tax_amount=1234.5, description="At the border")
    rig.play([record])
    scene.settle(rig)
    (shown,) = scene.live(rig)
    assert shown["Total"] == scene.total(record)
    line = next(line for line in shown["lines"] if line["TaxType"] == "GSTONIMPORTS")
    assert (float(line["LineAmount"]), float(line["TaxAmount"])) == (1234.5, 0.0)


def test_a_reverse_charge_waits_in_new_zealand_and_goes_where_the_admin_mapped_it(rig: Rig) -> None:
    record = plain_bill(rig)
    with_row(record, add_deduct_tax="Deduct", tax_amount=record["doc"]["taxes"][0]["tax_amount"])
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "reverse-charge-by-hand") and PAIR in row["cure"]
    map_tax(rig, "Purchases", PAIR, "NONE")
    retry(rig, record)
    scene.settle(rig)
    (shown,) = scene.live(rig)
    assert (shown["Total"], float(shown["TotalTax"])) == (scene.total(record), 0.0)


def test_a_tax_type_that_was_removed_in_xero_is_told_and_retry_sends_after_its_return(rig: Rig) -> None:
    record = plain_bill(rig)
    rig.xero.person("edit_tax_rate", TaxType="INPUT2", Status="ARCHIVED")
    refresh(rig)
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "tax-type-gone") and record["name"] in row["reason"]
    assert not [call for call in scene.writes(rig, "Invoices")], "nothing was sent"
    rig.xero.person("edit_tax_rate", TaxType="INPUT2", Status="ACTIVE")
    refresh(rig)
    retry(rig, record)
    scene.settle(rig)
    scene.assert_once(rig, [record])


def test_the_form_offers_every_tax_of_the_companys_templates(rig: Rig) -> None:
    template = {
        "doctype": "Purchase Taxes and Charges Template",
        "title": "Reverse charge",
        "name": "Reverse charge - TF",
        "company": rig.company["name"],
    }
    rows = [("Add", 1), ("Deduct", 2)]

    def made(frappe: Any) -> list[str]:
        from picortex_xero.api import connect
        from sandbox.host import storage

        child = {"doctype": "Purchase Taxes and Charges", "charge_type": "On Net Total", "account_head": "GST - TF", "rate": 15.0}
        storage.store({**template, "taxes": [{**child, "add_deduct_tax": kind, "idx": at, "name": f"row-{at}"} for kind, at in rows]})
        frappe.set_user("Administrator")
        return [each["value"] for each in connect.choices(rig.connection)["host_taxes"]]

    offered = scene.with_site(rig, made)
    assert {GST, "GST - TF @ 0", "No tax", FIXED, PAIR, "GST - TF @ 0 + GST - TF @ -0"} <= set(offered)
    assert len(offered) == len(set(offered))


def test_the_form_says_which_types_show_no_tax_and_offers_none_that_cannot_be_sent(rig: Rig) -> None:
    rig.xero.person("add_tax_rate", TaxType="TAX009", Name="EU services", EffectiveRate="15", ReportTaxType="REVERSECHARGES")
    rig.xero.person("add_tax_rate", TaxType="AVALARA", Name="Auto Look Up", EffectiveRate="0")
    refresh(rig)

    def shown(frappe: Any) -> dict[str, str]:
        from picortex_xero.api import connect

        return {each["value"]: each["description"] for each in connect.choices(rig.connection)["tax_rates"]}

    offered = scene.with_site(rig, shown)
    assert "not shown on documents" in offered["TAX009"] and "not shown" not in offered["INPUT2"] and "AVALARA" not in offered
    map_tax(rig, "Purchases", PAIR, "TAX009")


def typed(record: scene.Record, amount: float) -> scene.Record:
    """The same bill with its GST typed as an amount instead of a rate, as people enter a supplier's invoice."""
    doc = record["doc"]
    doc["grand_total"] = round(doc["grand_total"] - doc["taxes"][0]["tax_amount"] + amount, 2)
    doc["taxes"] = [
        {
            **doc["taxes"][0],
            "charge_type": "Actual",
            "rate": 0.0,
            "tax_amount": amount,
            "tax_amount_after_discount_amount": amount,
        }
    ]
    return record


@pytest.mark.case("F02")
def test_gst_typed_as_an_amount_arrives_as_domestic_gst_on_bill_and_credit_note(rig: Rig) -> None:
    record = plain_bill(rig)
    tax = record["doc"]["taxes"][0]["tax_amount"]
    typed(record, tax)
    back = scene.returned(record, at_once=False)
    rig.play([record, back])
    scene.settle(rig)
    (shown,), (note,) = scene.live(rig), scene.live(rig, "CreditNotes")
    for element in (shown, note):
        assert {line["TaxType"] for line in element["lines"]} == {"INPUT2"}
        assert (element["Total"], float(element["TotalTax"])) == (scene.total(record), tax)


@pytest.mark.case("F02")
def test_gst_near_to_the_lines_is_held_and_never_becomes_tax_on_imports(rig: Rig) -> None:
    record = plain_bill(rig)
    typed(record, round(record["doc"]["taxes"][0]["tax_amount"] + 0.01 * len(record["doc"]["items"]) + 0.02, 2))
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "tax-typed") and not scene.writes(rig, "Invoices")


@pytest.mark.case("F03")
def test_a_template_at_zero_waits_for_a_row_of_its_own(rig: Rig) -> None:
    map_tax(rig, "Purchases", "GST - TF @ 0", "NONE")
    scene.with_site(rig, lambda frappe: store({"doctype": "Item Tax Template", "name": "Exempt - TF", "company": rig.company["name"]}))
    record = plain_bill(rig)
    doc = record["doc"]
    taxed = doc["taxes"][0]
    doc["grand_total"] = round(doc["grand_total"] - taxed["tax_amount"], 2)
    taxed["tax_amount"] = taxed["tax_amount_after_discount_amount"] = 0.0
    for line in doc["items"]:
        line.update(item_tax_template="Exempt - TF", item_tax_rate='{"GST - TF": 0.0}')
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert (row["state"], row["reason_code"]) == ("Needs Attention", "tax-unmapped") and '"Exempt - TF"' in row["cure"]
    rig.xero.person("add_tax_rate", TaxType="EXEMPTINPUT", Name="Exempt Expenses", EffectiveRate="0")
    refresh(rig)
    map_tax(rig, "Purchases", "GST - TF @ 0", "EXEMPTINPUT", item_tax_template="Exempt - TF")
    retry(rig, record)
    scene.settle(rig)
    (shown,) = scene.live(rig)
    assert {line["TaxType"] for line in shown["lines"]} == {"EXEMPTINPUT"} and shown["Total"] == scene.total(record)


@pytest.mark.case("F15")
def test_nine_hundred_problems_are_told_in_a_few_lines(rig: Rig) -> None:
    make_admin(rig)
    record = scene.copied(scene.invoices(rig)[0], "SINV-MANY")
    doc, first = record["doc"], record["doc"]["items"][0]
    name = "An income account with a rather long name that nobody has mapped yet"
    doc["items"] = [{**first, "idx": at, "name": f"row-{at}", "income_account": f"{name} {at:03} - TF"} for at in range(1, 901)]
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, "SINV-MANY")
    said = row["reason"].split("\n")
    assert row["state"] == "Needs Attention" and len(said) == 11 and len(row["reason"]) < 2500 and len(row["cure"]) < 2500
    assert said[5].endswith("has no account in Xero yet") and said[-1].startswith("And 89") and said[-1].endswith("more problems")
    scene.sweep(rig)
    (told,) = notifications(rig)
    assert len(told["subject"]) <= 210 and len(told["email_content"]) < 6000 and "more problems" in told["email_content"]


def in_currency(record: scene.Record, currency: str, net: float, tax: float, rate: float) -> scene.Record:
    """One line of `net` with `tax` on it, in another currency."""
    doc = record["doc"]
    doc["items"] = [{**doc["items"][0], "qty": 1.0, "rate": net, "net_rate": net, "amount": net, "net_amount": net, "item_tax_rate": "{}"}]
    doc["items"][0].pop("item_tax_template", None)
    doc["taxes"] = [
        {**doc["taxes"][0], "charge_type": "On Net Total", "rate": 15.0, "included_in_print_rate": 0, "account_head": "GST - TF"}
        | {"row_id": None, "tax_amount": tax, "tax_amount_after_discount_amount": tax}
    ]
    doc.update(currency=currency, conversion_rate=rate, grand_total=net + tax, base_grand_total=round((net + tax) * rate, 2))
    doc.update(rounded_total=0.0, rounding_adjustment=0.0, discount_amount=0.0, payment_schedule=[])
    return record


@pytest.mark.case("F10")
@pytest.mark.case("11")
def test_whole_yen_and_dinars(rig: Rig) -> None:
    rig.xero.person("set_currencies", currencies=["NZD", "JPY", "KWD"])
    refresh(rig)
    first = scene.invoices(rig)[0]
    yen = in_currency(scene.copied(first, "SINV-YEN"), "JPY", 1005.0, 151.0, 0.0112)
    fits = in_currency(scene.copied(first, "SINV-KWD-2"), "KWD", 10.2, 1.53, 5.4)
    dinar = in_currency(scene.copied(first, "SINV-KWD-3"), "KWD", 10.125, 1.519, 5.4)
    rig.play([yen, fits, dinar])
    scene.settle(rig)
    shown = {each["InvoiceNumber"]: (each["CurrencyCode"], float(each["TotalTax"]), float(each["Total"])) for each in scene.live(rig)}
    assert shown == {"SINV-YEN": ("JPY", 151.0, 1156.0), "SINV-KWD-2": ("KWD", 1.53, 11.73)}
    row = scene.step(rig, "SINV-KWD-3")
    assert (row["state"], row["reason_code"]) == ("Held", "too-many-decimals")
    assert "Xero keeps two" in row["reason"] and "by hand" in row["cure"] and "Precision" not in row["cure"]


def test_t21_the_screen_offers_and_saves_what_xero_posts(rig: Rig) -> None:
    assert tax_matrix.compared(rig) > 30


def test_t22_new_zealand_sales_and_purchases_have_the_hosts_tax_by_type(rig: Rig) -> None:
    assert regions.played(rig, regions.REGIONS["NZ"]) == []
