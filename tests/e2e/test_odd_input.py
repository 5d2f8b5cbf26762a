"""What people really type: emoji, huge amounts, one name for two customers, one number for two bills, two payments at once."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def of_amount(record: scene.Record, name: str, amount: float, **changes: Any) -> scene.Record:
    """The document with one untaxed line of this amount."""
    row = copy.deepcopy(record["doc"]["items"][0])
    row.update(qty=1, item_tax_rate="{}", item_tax_template="")
    for field in ("rate", "net_rate", "amount", "net_amount", "base_net_amount"):
        row[field] = amount
    row.update(changes.pop("row", {}))
    totals = {field: amount for field in ("grand_total", "base_grand_total", "outstanding_amount", "net_total", "total")}
    return scene.copied(record, name, items=[row], taxes=[], rounded_total=0, discount_amount=0, **totals, **changes)


def test_ten_thousand_million_less_a_cent_arrives_to_the_cent(rig: Rig) -> None:
    huge = of_amount(scene.invoices(rig)[0], "HUGE-1", 9_999_999_999.99)
    rig.play([huge])
    scene.settle(rig)
    assert [each["Total"] for each in scene.live(rig)] == [Decimal("9999999999.99")]


def test_emoji_quotes_and_line_breaks_survive_and_are_found_again(rig: Rig) -> None:
    record = scene.invoices(rig)[0]
    customer = record["doc"]["customer"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Customer", customer, "customer_name", 'Ünal & Søn 🚜 "Ltd", 50% + 1\'s'))
    odd = of_amount(record, "ODD/1 #é🚜", 10.0, row={"item_name": 'Zaun 🚧 «neu»\n\\ " </x>'}, po_no="PO 🚜 & 'x'")
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([odd])
    scene.settle(rig)
    assert rig.xero.faults()[0]["hits"] == 1
    assert [each["InvoiceNumber"] for each in scene.live(rig)] == ["ODD/1 #é🚜"]
    assert [each["Name"] for each in rig.xero.documents("Contacts")] == ['Ünal & Søn 🚜 "Ltd", 50% + 1\'s']


def test_two_customers_of_one_name_are_never_mixed_up(rig: Rig) -> None:
    first = scene.invoices(rig)[0]
    second = next(each for each in scene.invoices(rig, 60) if each["doc"]["customer"] != first["doc"]["customer"])
    for record in (first, second):
        scene.with_site(
            rig, lambda frappe, customer=record["doc"]["customer"]: frappe.db.set_value("Customer", customer, "customer_name", "Smith Ltd")
        )
    rig.play([first, second])
    scene.settle(rig)
    assert len(scene.live(rig)) == 1 and len(rig.xero.documents("Contacts")) == 1
    contacts = [row for row in rig.steps(role="contact") if row["state"] != "Synced"]
    assert [row["reason_code"] for row in contacts] == ["contact-name-shared"] and contacts[0]["cure"]


def test_two_bills_of_one_number_are_two_bills_even_when_the_answer_is_lost(rig: Rig) -> None:
    bill = scene.bills(rig)[0]
    first, second = (of_amount(bill, name, 55.0, bill_no="A-77") for name in ("TWIN-1", "TWIN-2"))
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([first, second])
    rig.dispatch()
    rig.advance(360)
    scene.settle(rig)
    assert [each["InvoiceNumber"] for each in scene.live(rig)] == ["A-77", "A-77"]
    with rig.frappe() as frappe:
        assert len(set(frappe.get_all("Xero Link", filters={"role": "invoice"}, pluck="xero_id"))) == 2
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_two_payments_of_one_invoice_in_one_second_both_arrive(rig: Rig) -> None:
    *invoices, payment = scene.paid(rig)
    whole = payment["doc"]["references"][0]["allocated_amount"]
    amounts, halves = [100.0, round(whole - 100, 2)], []
    for name, amount in zip(("HALF-1", "HALF-2"), amounts):
        made = scene.copied(payment, name, paid_amount=amount, received_amount=amount, reference_no="")
        made["doc"]["references"][0]["allocated_amount"] = amount
        halves.append(made)
    rig.play([*invoices, *halves])
    scene.settle(rig)
    assert sorted(Decimal(each["Amount"]) for each in scene.live(rig, "Payments")) == sorted(Decimal(str(amount)) for amount in amounts)
    assert scene.due(scene.live(rig)[0]) == 0


def test_retry_pressed_twice_sends_once(rig: Rig) -> None:
    from picortex_xero.api import status

    record = scene.invoices(rig)[0]
    rig.xero.person("archive_account", Code="200")
    rig.play([record])
    scene.settle(rig)
    rig.xero.person("edit_account", Code="200", Status="ACTIVE")
    pressed = [scene.with_site(rig, lambda _: status.retry("Sales Invoice", record["name"])) for _ in range(2)]
    assert pressed == [1, 0]
    scene.settle(rig)
    scene.assert_once(rig, [record])
    assert scene.with_site(rig, lambda _: status.retry("Sales Invoice", record["name"])) == 0
