"""Discounts, loyalty points and weak currencies from submit to cancel: what the books of Xero hold in the end, and what a person reads.

Judged from the simulator's own ledger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.counter import counter_sale, payments, refunded
from tests.scene.deductions import DISCOUNT, account_id, map_deduction
from tests.scene.desk import choose, retry
from tests.scene.payments import invoice, states
from tests.scene.returns import notes, shown

D = Decimal
OWED = "895"
# Discounts that are accounted for stand on this account of the recorded company, 260 in Xero.
ON = "Service"


def account(rig: Rig, name: str) -> str:
    return f"{name} - {rig.company['abbr']}"


def sold(rig: Rig, *lines: tuple[float, dict[str, Any]], **changes: Any) -> scene.Record:
    """A recorded sale with these lines instead (net amount, and what else the row says), 15 % GST on all that is not exported."""
    (record,) = scene.invoices(rig)
    made = scene.copied(record, "SI-DISCOUNT")
    doc, gst = made["doc"], account(rig, "GST")
    first = {name: value for name, value in doc["items"][0].items() if name != "discount_amount"}
    doc["items"] = [
        {**first, "idx": at, "qty": 1.0, "item_tax_rate": "{}", "item_tax_template": "", **figures(net), **more}
        for at, (net, more) in enumerate(lines, 1)
    ]
    tax = float(round(D("0.15") * sum((D(str(net)) for net, more in lines if "item_tax_template" not in more), D(0)), 2))
    row = next(row for row in doc["taxes"] if row["account_head"] == gst)
    doc["taxes"] = [{**row, "idx": 1, "charge_type": "On Net Total", "row_id": "", "rate": 15.0, "included_in_print_rate": 0}]
    doc["taxes"][0].update(dict.fromkeys(("tax_amount", "tax_amount_after_discount_amount", "base_tax_amount_after_discount_amount"), tax))
    total = round(sum(net for net, _more in lines) + tax, 2)
    doc.update(rounded_total=0.0, rounding_adjustment=0.0, discount_amount=0.0, grand_total=total, base_grand_total=total)
    doc.update(outstanding_amount=total, **changes)
    return made


def figures(net: float) -> dict[str, Any]:
    return dict.fromkeys(("rate", "amount", "net_rate", "net_amount", "base_rate", "base_amount", "base_net_rate", "base_net_amount"), net)


def exported(rig: Rig) -> dict[str, Any]:
    return {"item_tax_rate": json.dumps({account(rig, "GST"): 0.0}), "item_tax_template": account(rig, "Zero-rated")}


def receipt(rig: Rig, sale: scene.Record, kept: float, of: str = DISCOUNT) -> scene.Record:
    """A receipt that settles a sale, `kept` of it deducted."""
    made, total = scene.copied(scene.paid(rig)[-1], "PAY-DISCOUNT"), float(scene.total(sale))
    doc, row = made["doc"], {"doctype": "Payment Entry Deduction", "idx": 1, "docstatus": 1, "name": "d1", "cost_center": ""}
    doc["references"] = [{**doc["references"][0], "reference_name": sale["name"], "allocated_amount": total}]
    doc.update(dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), total - kept))
    doc.update(party=sale["doc"]["customer"], deductions=[{**row, "account": account(rig, of), "amount": kept, "is_exchange_gain_loss": 0}])
    return made


def by_account(rig: Rig, element: dict[str, Any]) -> dict[str, Decimal]:
    """What the lines come to on each account, without tax."""
    codes = {account_id(rig, code): code for code in ("200", "260")}
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in element["lines"]:
        found[codes[line["account"]]] += D(line["LineAmount"])
    return dict(found)


def ledger(rig: Rig, *rows: tuple[str, float, float]) -> list[dict[str, Any]]:
    return [
        {"account": account(rig, name), "debit": debit, "credit": credit, "posting_date": "2026-10-01", "is_cancelled": 0}
        for name, debit, credit in rows
    ]


def log(rig: Rig, record: scene.Record) -> list[str]:
    with rig.frappe() as frappe:
        return [
            f"{row['event']}: {row['message']}"
            for row in frappe.get_all("Xero Sync Log", filters={"reference_name": record["name"]}, fields=["event", "message"])
        ]


@pytest.mark.case("F05")
def test_a_discount_takes_back_the_invoices_own_tax_and_its_cancel_gives_it_back(rig: Rig) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale = sold(rig, (100.0, {}), (1000.0, exported(rig)))
    payment = receipt(rig, sale, 500.0)
    rig.play([sale, payment])
    rig.xero.fault("drop_after", method="PUT", path="/CreditNotes$")
    scene.settle(rig, rounds=20)
    (note,) = notes(rig)
    assert (note["Total"], note["TotalTax"], note["Status"]) == (500, D("6.73"), "PAID")
    assert {(line["TaxType"], D(line["LineAmount"])) for line in note["lines"]} == {("OUTPUT2", D("51.57")), ("ZERORATED", D("448.43"))}
    assert scene.due(invoice(rig, sale)) == 0 and set(states(rig, payment).values()) == {"Synced"}
    rig.play([scene.cancelling(payment)])
    scene.settle(rig)
    assert not notes(rig) and scene.due(invoice(rig, sale)) == scene.total(sale) == 1115


@pytest.mark.case("F05")
def test_a_return_of_the_taxed_line_leaves_no_tax_to_take_back(rig: Rig) -> None:
    map_deduction(rig, DISCOUNT, "Credit note", "OUTPUT2")
    sale = sold(rig, (100.0, {}), (1000.0, exported(rig)))
    back = scene.returned(scene.copied(sold(rig, (100.0, {})), "SI-BACK"), against=sale)
    payment = receipt(rig, sale, 500.0)
    left = {"allocated_amount": 1000.0}
    payment["doc"]["references"][0].update(left)
    payment["doc"].update(dict.fromkeys(("paid_amount", "received_amount", "base_paid_amount", "base_received_amount"), 500.0))
    rig.play([sale, back, payment])
    scene.settle(rig)
    row = scene.step(rig, payment["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "deduction-of-untaxed") and not scene.live(rig, "Payments")


@pytest.mark.case("F06")
def test_discount_accounting_goes_as_the_ledger_has_it(rig: Rig) -> None:
    row = {"discount_amount": 40.0, "discount_account": account(rig, ON), "income_account": account(rig, "Sales")}
    sale = sold(rig, (160.0, row))
    sale["gl"] = ledger(rig, ("Debtors", 184.0, 0), ("GST", 0, 24.0), ("Sales", 0, 200.0), (ON, 40.0, 0))
    rig.play([sale])
    scene.settle(rig)
    element = shown(rig, sale)
    assert by_account(rig, element) == {"200": 200, "260": -40} and (element["Total"], element["TotalTax"]) == (184, 24)
    back = scene.returned(sale, "SI-BACK", at_once=False)
    back["gl"] = ledger(rig, ("Debtors", 0, 184.0), ("GST", 24.0, 0), ("Sales", 200.0, 0), (ON, 0, 40.0))
    rig.play([back])
    scene.settle(rig)
    (note,) = notes(rig)
    assert by_account(rig, note) == {"200": 200, "260": -40} and note["TotalTax"] == 24


@pytest.mark.case("F06")
def test_without_discount_accounting_the_same_document_goes_net(rig: Rig) -> None:
    row = {"discount_amount": 40.0, "discount_account": account(rig, ON), "income_account": account(rig, "Sales")}
    sale = sold(rig, (160.0, row))
    sale["gl"] = ledger(rig, ("Debtors", 184.0, 0), ("GST", 0, 24.0), ("Sales", 0, 160.0))
    rig.play([sale])
    scene.settle(rig)
    assert by_account(rig, shown(rig, sale)) == {"200": 160}


@pytest.mark.case("F06")
def test_a_draft_is_previewed_by_the_setting(rig: Rig) -> None:
    row = {"discount_amount": 40.0, "discount_account": account(rig, ON), "income_account": account(rig, "Sales")}
    sale = sold(rig, (160.0, row))

    def accounts(enabled: int) -> dict[str, Decimal]:
        def work(frappe: Any) -> Any:
            from picortex_xero.documents.fact_types import DISCOUNT_ACCOUNTING, LEDGER
            from picortex_xero.documents.invoice.booked import with_ledger
            from picortex_xero.documents.invoice.facts import discount_accounting
            from picortex_xero.documents.invoice.invoice import invoice as made
            from picortex_xero.documents.needs import Facts
            from picortex_xero.engine import contexts

            settings = frappe.get_doc("Selling Settings")
            settings.enable_discount_accounting = enabled
            settings.save(ignore_permissions=True)
            context = contexts.load(rig.connection)
            assert context is not None
            facts = Facts()
            facts.add(LEDGER, {(sale["doctype"], sale["name"]): []})
            facts.add(DISCOUNT_ACCOUNTING, discount_accounting(context.books, ["Sales Invoice"]))
            return made(with_ledger(sale["doc"], facts), context.mapping, "c1", "https://erp.example", "k", 1).body

        body = scene.with_site(rig, work)
        found: dict[str, Decimal] = defaultdict(Decimal)
        for line in body["LineItems"]:
            found[line["AccountCode"]] += line["Quantity"] * line["UnitAmount"]
        return dict(found)

    assert accounts(0) == {"200": 160} and accounts(1) == {"200": 200, "260": -40}


@pytest.mark.case("F09")
def test_a_cash_discount_is_on_its_account_and_leaves_the_tax(rig: Rig) -> None:
    cash = {
        "apply_discount_on": "Grand Total",
        "is_cash_or_non_trade_discount": 1,
        "additional_discount_account": account(rig, ON),
    }
    sale = sold(rig, (200.0, {"income_account": account(rig, "Sales")}), **cash)
    sale["doc"].update(discount_amount=10.0, grand_total=220.0, base_grand_total=220.0, outstanding_amount=220.0)
    rig.play([sale])
    scene.settle(rig)
    element = shown(rig, sale)
    assert by_account(rig, element) == {"200": 200, "260": -10} and (element["Total"], element["TotalTax"]) == (220, 30)


@pytest.mark.case("F01")
def test_loyalty_points_on_an_ordinary_invoice_wait_until_their_account_is_chosen(rig: Rig) -> None:
    points = {"redeem_loyalty_points": 1, "loyalty_points": 10, "loyalty_amount": 10.0}
    sale = sold(rig, (100.0, {}), loyalty_redemption_account=account(rig, "Marketing Expenses"), **points)
    sale["doc"].update(outstanding_amount=105.0, paid_amount=10.0)
    rig.play([sale])
    scene.settle(rig)
    row = scene.step(rig, sale["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "pos-loyalty") and not scene.live(rig)
    assert "credit note of 10" in row["cure"] and "Bank and payment accounts" in row["cure"]

    def choose_account(frappe: Any) -> None:
        values = {"connection": rig.connection, "account": account(rig, "Marketing Expenses"), "xero_account_id": account_id(rig, OWED)}
        frappe.get_doc({"doctype": "Xero Payment Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, choose_account)
    retry(rig, sale)
    scene.settle(rig)
    assert scene.due(shown(rig, sale)) == 105 and payments(rig) == [(D(10), sale["name"], "AUTHORISED")]
    (paid,) = scene.live(rig, "Payments")
    assert paid["account"] == account_id(rig, OWED)
    rig.play([scene.cancelling(sale)])
    scene.settle(rig)
    assert not scene.live(rig) and [status for _amount, _reference, status in payments(rig)] == ["DELETED"]


@pytest.mark.case("F01")
def test_a_payment_from_an_expense_account_is_never_made_of_points(rig: Rig) -> None:
    sale = sold(
        rig, (100.0, {}), redeem_loyalty_points=1, loyalty_amount=10.0, loyalty_redemption_account=account(rig, "Marketing Expenses")
    )

    def choose_account(frappe: Any) -> None:
        values = {"connection": rig.connection, "account": account(rig, "Marketing Expenses"), "xero_account_id": account_id(rig, "478")}
        frappe.get_doc({"doctype": "Xero Payment Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, choose_account)
    rig.play([sale])
    scene.settle(rig)
    assert scene.step(rig, sale["name"])["reason_code"] == "pos-loyalty" and not scene.live(rig)


@pytest.mark.case("F04")
def test_a_rate_that_six_decimals_cannot_keep_waits_until_it_is_accepted_and_is_named(rig: Rig) -> None:
    """A weak base currency: 16,250 of it are one dollar."""
    sale = sold(rig, (10000.0, exported(rig)), currency="USD", conversion_rate=16250.0, base_grand_total=162500000.0)
    rig.play([sale])
    scene.settle(rig)
    row = scene.step(rig, sale["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "rate-inexact") and not scene.live(rig)
    assert "162500000.00 NZD" in row["reason"] and "161290322.58" in row["reason"] and "Accept Xero's Exchange Rates" in row["cure"]
    choose(rig, accept_rates=1)
    retry(rig, sale)
    scene.settle(rig)
    element = shown(rig, sale)
    assert (element["Total"], D(str(element["CurrencyRate"]))) == (10000, D("0.000062"))
    assert len([each for each in log(rig, sale) if each.startswith("Warning: ") and "1209677.42 apart" in each]) == 1


@pytest.mark.case("F16")
def test_a_counter_return_that_left_its_invoice_alone_is_finished(rig: Rig) -> None:
    """Paid back at the counter with Update Outstanding for Self off: ERPNext has nothing open, and nothing is left to allocate."""
    (record,) = scene.invoices(rig)
    sale = counter_sale(rig, record, [("Cash", scene.total(record))])
    back = refunded(sale)
    back["doc"]["update_outstanding_for_self"] = 0
    rig.play([sale, back])
    scene.settle(rig)
    assert states(rig, back) == {"credit": "Synced", "payment-1": "Synced"}
    (note,) = notes(rig)
    assert note["Status"] == "PAID" and not note["allocations"] and shown(rig, sale)["Status"] == "PAID"


@pytest.mark.case("F16")
def test_a_return_paid_back_in_part_takes_the_rest_off_its_invoice(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    sale = counter_sale(rig, record, [("Cash", scene.total(record) - 50)])
    back = refunded(sale)
    back["doc"]["update_outstanding_for_self"] = 0
    assert sum(row["amount"] for row in back["doc"]["payments"]) == float(50 - scene.total(record))
    rig.play([sale, back])
    scene.settle(rig)
    assert states(rig, back) == {"credit": "Synced", "payment-1": "Synced", "allocation-1": "Synced"}
    (note,) = notes(rig)
    assert [D(each["Amount"]) for each in note["allocations"]] == [50] and note["Status"] == "PAID"
    assert scene.due(shown(rig, sale)) == 0


@pytest.mark.case("F16")
def test_a_sale_overpaid_by_card_is_held_whole_and_called_an_overpayment(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    sale = counter_sale(rig, record, [("Trading Account", scene.total(record) + 5)])
    rig.play([sale])
    scene.settle(rig)
    row = scene.step(rig, sale["name"])
    assert (row["state"], row["reason_code"]) == ("Held", "paid-too-much") and not scene.live(rig) and not payments(rig)
    assert "5.00 more" in row["reason"] and "overpayment" in row["cure"]
