"""Named cases of single invoices and bills: taxes, charges, discounts, rounding, and what is unusual about one document."""

from __future__ import annotations

from typing import Any

import frappe

from recorder.chains import Chain, case
from recorder.forms import BILL_LINES, DAY, bill, charge, lines, payment, sale, tax

ADD = {"category": "Total", "add_deduct_tax": "Add"}
DEDUCT = {"category": "Total", "add_deduct_tax": "Deduct"}


@case("reverse-charge-bill", "Services from abroad: VAT added and deducted in paired rows", "UK")
def reverse_charge(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier("EUR"), [("SOFTWARE", 3, 89.9)], currency="EUR", conversion_rate=0.8724,
                      taxes=[tax(chain, 20, **ADD), tax(chain, 20, **DEDUCT)]))  # fmt: skip


@case("reverse-charge-domestic", "Domestic reverse charge (building work): paired rows in base currency, two lines", "UK")
def reverse_charge_domestic(chain: Chain) -> None:
    chain.submit(
        bill(
            chain,
            chain.supplier(),
            [("TIMBER", 33, 4.31), ("SOFTWARE", 1, 101.01)],
            taxes=[tax(chain, 20, **ADD), tax(chain, 20, **DEDUCT)],
        )
    )


@case("reverse-charge-nz", "Imported services of a partly exempt buyer: GST added and deducted", "NZ")
def reverse_charge_nz(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier("USD"), [("SOFTWARE", 1, 240)], currency="USD", conversion_rate=1.6614,
                      taxes=[tax(chain, 15, **ADD), tax(chain, 15, **DEDUCT)]))  # fmt: skip


def _import(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier(), [("CUSTOMS", 1, 55)], taxes=[tax(chain, next(iter(chain.books.place["taxes"].values())), **ADD),
                 {**tax(chain, 0, "Actual", **ADD), "tax_amount": 1234.5, "description": "GST on the goods at the border"}]))  # fmt: skip


case("import-gst-bill", "Customs agent's bill: fee with GST, and the goods' import GST as a fixed amount", "NZ")(_import)
case("import-gst-bill-au", "The same in Australia", "AU")(_import)


@case("import-gst-line", "Import GST typed as a line on the GST account, without tax", "NZ")
def import_line(chain: Chain) -> None:
    account = {"expense_account": chain.books.of("GST"), "item_tax_template": chain.books.of("Zero-rated")}
    chain.submit(bill(chain, chain.supplier(), [("CUSTOMS", 1, 1234.5, account)]))


@case("charge-taxed", "Freight as an Actual row before the tax row: it is taxed")
def charge_taxed(chain: Chain) -> None:
    chain.submit(
        sale(
            chain, chain.customer(), taxes=[charge(chain, "Freight Recovered", 27.45), tax(chain, 15, "On Previous Row Total", row_id="1")]
        )
    )


@case("charge-untaxed", "Freight as an Actual row after the tax row: it is not taxed")
def charge_untaxed(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), taxes=[tax(chain, 15), charge(chain, "Freight Recovered", 27.45)]))


@case("charge-mixed", "Two Actual rows, the first taxed, the second not; lines at two rates")
def charge_mixed(chain: Chain) -> None:
    rows = [("PANEL", 1, 148.5), ("POST", 7, 22.8725), ("LABOUR", 2, 95, {"item_tax_template": chain.books.of("Zero-rated")})]
    chain.submit(sale(chain, chain.customer(), rows, taxes=[charge(chain, "Freight Recovered", 27.45), tax(chain, 15, "On Previous Row Total", row_id="1"),
                                                            charge(chain, "Interest Received", 3.3)]))  # fmt: skip


@case("charge-on-bill", "A bill with freight as Actual rows, taxed and untaxed, and a deducted amount")
def charge_on_bill(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier(), taxes=[charge(chain, "Freight and Forwarding Charges", 40, **ADD), tax(chain, 15, "On Previous Row Total", row_id="1", **ADD),
                                                      charge(chain, "Discounts Taken", 12.5, **DEDUCT)]))  # fmt: skip


@case("valuation-rows", "Stock bill with a Valuation row and a Valuation and Total row")
def valuation_rows(chain: Chain) -> None:
    freight = "Expenses Included In Valuation"
    chain.submit(bill(chain, chain.supplier(), [("KETTLE", 10, 31.25)], update_stock=1, taxes=[
        tax(chain, 15, **ADD), charge(chain, freight, 18, category="Valuation", add_deduct_tax="Add"),
        charge(chain, "Freight and Forwarding Charges", 22, category="Valuation and Total", add_deduct_tax="Add")]))  # fmt: skip


DISCOUNTED = [("PANEL", 3, 148.5), ("HINGE", 7, 12.495), ("ADVICE", 1.25, 140)]


@case("discount-net-total", "Document discount of 7.5 % on the net total")
def discount_net(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), DISCOUNTED, apply_discount_on="Net Total", additional_discount_percentage=7.5))


@case("discount-grand-total", "Document discount of 25.00 on the grand total")
def discount_grand(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), DISCOUNTED, apply_discount_on="Grand Total", discount_amount=25))


@case("discount-grand-total-inclusive", "Discount on the grand total of an invoice with tax included")
def discount_inclusive(chain: Chain) -> None:
    chain.submit(
        sale(chain, chain.customer(), DISCOUNTED, included=True, apply_discount_on="Grand Total", additional_discount_percentage=5)
    )


@case("discount-with-freight", "Discount on the grand total beside an Actual row, which it leaves out")
def discount_freight(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), DISCOUNTED, apply_discount_on="Grand Total", discount_amount=25,
                      taxes=[charge(chain, "Freight Recovered", 27.45), tax(chain, 15, "On Previous Row Total", row_id="1")]))  # fmt: skip


@case("discount-line", "Line discounts in percent, prices of four decimals")
def discount_line(chain: Chain) -> None:
    row = {"item_code": "POST", "qty": 13, "price_list_rate": 22.8725, "discount_percentage": 12.5}
    chain.submit(sale(chain, chain.customer(), items=[row, *lines([("SCREW", 1250, 0.0385)])]))


@case("discount-whole", "Everything given away: 100 % discount, nothing in the ledger")
def discount_whole(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), apply_discount_on="Net Total", additional_discount_percentage=100))


@case("rounding-adjustment", "Cash rounding to ten cents: rounded total is due", "NZ")
def rounding_nz(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), [("POST", 3, 22.8725), ("SCREW", 333, 0.0385)], disable_rounded_total=0))
    chain.submit(bill(chain, chain.supplier(), [("TIMBER", 7, 4.3175)], disable_rounded_total=0))


@case("rounding-adjustment-au", "Cash rounding to five cents", "AU")
def rounding_au(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), [("POST", 3, 22.87), ("HINGE", 1, 12.49)], disable_rounded_total=0))


@case("drift-inclusive", "Tax included: net and tax add up to a cent less than the grand total", "UK")
def drift(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), [("PANEL", 1, 99.99), ("LABOUR", 1, 10.01)], included=True))


@case("drift-discount", "Exclusive with a grand-total discount over three rates: net and tax differ from the total", "UK")
def drift_discount(chain: Chain) -> None:
    rows = [("PANEL", 1, 33.33), ("POST", 3, 11.11, {"item_tax_template": chain.books.of("Reduced")}),
            ("LABOUR", 1, 9.99, {"item_tax_template": chain.books.of("Zero-rated")}), ("HINGE", 7, 1.23)]  # fmt: skip
    for amount in (3.33, 7.77, 0.05):
        chain.submit(sale(chain, chain.customer(), rows, apply_discount_on="Grand Total", discount_amount=amount))


@case("mixed-rates-same-item", "The same item on two lines at two rates", "UK")
def mixed_rates(chain: Chain) -> None:
    chain.submit(sale(chain, chain.customer(), [("ADVICE", 1, 100), ("ADVICE", 1, 50, {"item_tax_template": chain.books.of("Reduced")})]))


@case("withholding-bill", "Tax withheld (10 %) by the supplier's withholding category", "NZ")
def withholding(chain: Chain) -> None:
    supplier = chain.supplier()
    frappe.db.set_value("Supplier", supplier, "tax_withholding_category", chain.books.of("Withholding 10%"))
    first = chain.submit(
        bill(chain, supplier, [("SOFTWARE", 1, 1000)], apply_tds=1, tax_withholding_category=chain.books.of("Withholding 10%"))
    )
    chain.submit(payment(chain, "Pay", supplier, first.outstanding_amount, [(first, first.outstanding_amount)]))


@case("withholding-manual", "Subcontractor: 20 % of the labour deducted in an Actual row, typed by hand", "UK")
def withholding_cis(chain: Chain) -> None:
    chain.submit(
        bill(
            chain, chain.supplier(), [("SOFTWARE", 1, 800)], taxes=[tax(chain, 20, **ADD), charge(chain, "Withholding Tax", 160, **DEDUCT)]
        )
    )


@case("withholding-no-abn", "No ABN quoted: 47 % withheld, no GST", "AU")
def withholding_au(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier(), [("SOFTWARE", 1, 300)], taxes=[charge(chain, "Withholding Tax", 141, **DEDUCT)]))


@case("is-paid-bill", "Bill entered as already paid from the bank, then one paid in part")
def is_paid(chain: Chain) -> None:
    supplier = chain.supplier()
    paid = {"is_paid": 1, "mode_of_payment": "Wire Transfer", "cash_bank_account": chain.books.bank()}
    chain.submit(bill(chain, supplier, included=True, paid_amount=589.6, **paid))
    chain.submit(bill(chain, supplier, [("RENT", 1, 3450)], paid_amount=3967.5, **paid))
    chain.submit(bill(chain, supplier, [("POWER", 1, 412.37)], paid_amount=200, **paid))


@case("is-pos-invoice", "Counter sales invoice with payments inside: exact, with change, with a write-off, part paid")
def is_pos(chain: Chain) -> None:
    from recorder.cases.stock import profile

    name = profile(chain)
    for amounts, more in (({"Cash": 515.2}, {}), ({"Cash": 300, "Credit Card": 250}, {}),
                          ({"Cash": 515}, {"write_off_amount": 0.2, "write_off_account": chain.books.of("Write Off"),
                                           "write_off_cost_center": chain.books.of("Main")}), ({"Credit Card": 100}, {})):  # fmt: skip
        paid = [{"mode_of_payment": mode, "amount": amount} for mode, amount in amounts.items()]
        rows = [("PANEL", 2, 148.5), ("LABOUR", 1, 151)]
        chain.submit(sale(chain, chain.customer(), rows, is_pos=1, pos_profile=name, payments=paid,
                          **({"change_amount": 34.8, "account_for_change_amount": chain.books.of("Cash")} if len(amounts) > 1 else {}), **more))  # fmt: skip


@case("opening-invoices", "Opening balances: an old invoice and an old bill")
def opening(chain: Chain) -> None:
    temporary = chain.books.of("Temporary Opening")
    old: dict[str, Any] = {"is_opening": "Yes", "taxes": []}
    invoice = chain.submit(
        sale(chain, chain.customer(), [("PANEL", 1, 1150, {"income_account": temporary})], "2026-04-01", "2026-04-20", **old)
    )
    chain.submit(bill(chain, chain.supplier(), [("TIMBER", 1, 690, {"expense_account": temporary})], "2026-04-01", "2026-04-20", **old))
    chain.submit(payment(chain, "Receive", invoice.customer, 1150, [(invoice, 1150)]))


@case("foreign-invoice", "Export in US dollars on a dollar receivable, paid at another rate")
def foreign(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    invoice = chain.submit(sale(chain, customer, [("GATE", 2, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    chain.submit(
        payment(
            chain,
            "Receive",
            customer,
            588.1,
            [(invoice, 588.1)],
            bank=chain.books.bank("USD"),
            source_exchange_rate=1.68,
            target_exchange_rate=1.68,
        )
    )


@case("same-bill-number", "The same supplier bill number typed twice (ERPNext lets it pass)")
def same_bill_number(chain: Chain) -> None:
    supplier = chain.supplier()
    chain.submit(bill(chain, supplier, bill_no="INV-7781"))
    chain.submit(bill(chain, supplier, bill_no="INV-7781"))
    chain.submit(bill(chain, chain.supplier(), bill_no="INV-7781"))


@case("bill-in-foreign-currency", "A dollar bill with a discount, paid from the base-currency bank")
def foreign_bill(chain: Chain) -> None:
    supplier = chain.supplier("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(bill(chain, supplier, [(c, q, r, zero) for c, q, r in BILL_LINES], DAY, currency="USD", conversion_rate=1.6614,
                             apply_discount_on="Net Total", additional_discount_percentage=5))  # fmt: skip
    due = made.outstanding_amount
    chain.submit(
        payment(chain, "Pay", supplier, due, [(made, due)], received=round(due * 1.67, 2), target_exchange_rate=round(due * 1.67, 2) / due)
    )
