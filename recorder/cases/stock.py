"""Named cases of goods, counter sales and assets: stock bills and deliveries, POS with its closing, deferred amounts, fixed assets, sister
companies."""

from __future__ import annotations

from typing import Any

import frappe

from recorder.chains import Chain, case
from recorder.forms import DAY, LATER, bill, goods_return, lines, payment, sale, tax


def _buying(chain: Chain, doctype: str, party: str, rows: Any, **more: Any) -> dict[str, Any]:
    """A purchase receipt, from the bill a person would type."""
    typed = bill(chain, party, rows, **more)
    series = {"Purchase Receipt": "PR"}[doctype]
    typed = {name: value for name, value in typed.items() if name not in ("bill_no", "bill_date", "due_date")}
    return typed | {"doctype": doctype, "naming_series": f"{chain.books.place['abbr']}-{series}-.#####"}


@case("stock-bill-update-stock", "Bill that takes the goods in itself; the ledger says Stock In Hand")
def bill_update_stock(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier, [("KETTLE", 12, 31.25), ("FUEL", 10, 1.84)], update_stock=1))
    chain.submit(goods_return(chain, made, 1, 0.5))


@case("stock-bill-after-receipt", "Goods received first, billed later: Stock Received But Not Billed")
def bill_after_receipt(chain: Chain) -> None:
    from erpnext.stock.doctype.purchase_receipt.purchase_receipt import make_purchase_invoice

    receipt = chain.submit(_buying(chain, "Purchase Receipt", chain.supplier(), [("KETTLE", 20, 31.25)]))

    def billed() -> Any:
        doc = make_purchase_invoice(receipt.name)
        doc.update({"posting_date": LATER, "set_posting_time": 1, "due_date": "2026-11-20", "bill_no": "PR-1", "naming_series": "KO-PI-.#####",
                    "disable_rounded_total": 1})  # fmt: skip
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", billed, {"made_from": receipt.name})


@case("stock-bill-plain", "Bill of a stock item without receipt or update_stock: Stock Received But Not Billed all the same")
def bill_plain(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier(), [("TENT", 3, 210)]))


@case("delivery-invoice", "Invoice that delivers the goods: cost of goods in the invoice's own ledger")
def delivery(chain: Chain) -> None:
    chain.submit(bill(chain, chain.supplier(), [("TENT", 10, 205)], update_stock=1))
    made = chain.submit(sale(chain, chain.customer(), [("TENT", 2, 399), ("LABOUR", 1, 95)], day=LATER, update_stock=1))
    chain.submit(goods_return(chain, made, 0, 0.5, first_only=True))


@case("delivery-note-invoice", "Delivery note, then its invoice")
def delivery_note(chain: Chain) -> None:
    from erpnext.stock.doctype.delivery_note.delivery_note import make_sales_invoice

    chain.submit(bill(chain, chain.supplier(), [("TENT", 5, 207)], update_stock=1))
    typed = sale(chain, chain.customer(), [("TENT", 1, 399)], day=LATER)
    typed = {name: value for name, value in typed.items() if name != "due_date"}
    note = chain.submit(typed | {"doctype": "Delivery Note", "naming_series": "KO-DN-.#####"})

    def invoiced() -> Any:
        doc = make_sales_invoice(note.name)
        doc.update(
            {
                "posting_date": LATER,
                "set_posting_time": 1,
                "due_date": "2026-11-20",
                "naming_series": "KO-SI-.#####",
                "disable_rounded_total": 1,
            }
        )
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", invoiced, {"made_from": note.name})


def profile(chain: Chain) -> str:
    """The company's POS profile, made at its first use."""
    name: str = chain.books.of("Counter")
    if not frappe.db.exists("POS Profile", name):
        books = chain.books
        frappe.get_doc(doctype="POS Profile", __newname=name, company=books.company, currency=books.currency, warehouse=books.of("Stores"),
                       selling_price_list=f"Selling {books.currency}", write_off_account=books.of("Write Off"), write_off_cost_center=books.of("Main"),
                       write_off_limit=1, income_account=books.of("Sales"), cost_center=books.of("Main"), ignore_pricing_rule=1, disable_rounded_total=1,
                       account_for_change_amount=books.of("Cash"),
                       payments=[{"mode_of_payment": "Cash", "default": 1}, {"mode_of_payment": "Credit Card"}]).insert()  # fmt: skip
    chain.own("POS Profile", name)
    return name


def _pos(chain: Chain, customer: str, name: str, rows: Any, paid: dict[str, float], **more: Any) -> dict[str, Any]:
    typed = sale(chain, customer, rows, "2026-11-20", "2026-11-20", included=True, posting_time="10:00:00")
    return {**typed, "doctype": "POS Invoice", "naming_series": "KO-POS-.#####", "is_pos": 1, "pos_profile": name, "update_stock": 0,
            "payments": [{"mode_of_payment": mode, "amount": amount} for mode, amount in paid.items()], **more}  # fmt: skip


def _counter_day(chain: Chain) -> Any:
    from erpnext.accounts.doctype.pos_closing_entry.pos_closing_entry import make_closing_entry_from_opening
    from erpnext.accounts.doctype.pos_invoice.pos_invoice import make_sales_return

    name, customer = profile(chain), chain.customer()
    opened = chain.submit({"doctype": "POS Opening Entry", "company": chain.books.company, "pos_profile": name, "user": "Administrator",
                           "period_start_date": "2026-11-20 08:00:00", "posting_date": "2026-11-20",
                           "balance_details": [{"mode_of_payment": "Cash", "opening_amount": 50}, {"mode_of_payment": "Credit Card"}]})  # fmt: skip
    change = {"change_amount": 20.5, "account_for_change_amount": chain.books.of("Cash")}
    bought = chain.submit(_pos(chain, customer, name, [("PANEL", 1, 229.5)], {"Cash": 250}, **change))
    chain.submit(_pos(chain, customer, name, [("HINGE", 3, 14.4), ("STAIN", 0.5, 42)], {"Credit Card": 64.2}))
    chain.submit(_pos(chain, chain.customer(), name, [("GATE", 1, 562.4)], {"Cash": 62.4, "Credit Card": 500}))

    def returned() -> Any:
        doc = make_sales_return(bought.name)
        doc.update({"posting_date": "2026-11-20", "set_posting_time": 1, "posting_time": "11:00:00", "naming_series": "KO-POS-.#####"})
        # ERPNext offers the 250 that was handed over and refuses it; the till gives back the price.
        doc.update({"paid_amount": -229.5, "base_paid_amount": -229.5})
        doc.set("payments", [])
        doc.append("payments", {"mode_of_payment": "Cash", "amount": -229.5})
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", returned, {"made_from": bought.name})

    def close() -> Any:
        doc = make_closing_entry_from_opening(frappe.get_doc("POS Opening Entry", opened.name))
        for row in doc.payment_reconciliation:
            row.closing_amount = row.expected_amount
        doc.insert()
        doc.submit()
        return doc

    return chain.event("submit", close, {"made_from": opened.name})


@case("pos-day", "A day at the counter: three POS invoices (change given), a return, and the closing that consolidates them")
def pos_day(chain: Chain) -> None:
    _counter_day(chain)


@case("pos-day-cancelled", "The same, and the closing is cancelled")
def pos_day_cancelled(chain: Chain) -> None:
    chain.cancel(_counter_day(chain))


def _release(chain: Chain, kind: str, account: str) -> None:
    months = (("2026-10-01", "2026-10-31"), ("2026-11-01", "2026-11-30"))
    for start, end in months:
        chain.submit({"doctype": "Process Deferred Accounting", "company": chain.books.company, "type": kind, "posting_date": end,
                      "start_date": start, "end_date": end, "account": chain.books.of(account)})  # fmt: skip


SERVICE = {"service_start_date": "2026-10-01", "service_end_date": "2026-12-31"}


@case("deferred-revenue", "Three months' support invoiced at once; two monthly releases, under the invoice's own voucher")
def deferred_revenue(chain: Chain) -> None:
    deferred = {"enable_deferred_revenue": 1, "deferred_revenue_account": chain.books.of("Deferred Revenue"), **SERVICE}
    chain.submit(sale(chain, chain.customer(), [("SUPPORT", 1, 1200, deferred)], day="2026-10-01"))
    _release(chain, "Income", "Deferred Revenue")


@case("deferred-revenue-journal", "The same with releases by journal entry (Accounts Settings)")
def deferred_journal(chain: Chain) -> None:
    frappe.db.set_single_value("Accounts Settings", {"book_deferred_entries_via_journal_entry": 1, "submit_journal_entries": 1})
    deferred_revenue(chain)
    frappe.db.set_single_value("Accounts Settings", {"book_deferred_entries_via_journal_entry": 0, "submit_journal_entries": 0})


@case("deferred-expense", "Prepaid support, released monthly")
def deferred_expense(chain: Chain) -> None:
    deferred = {"enable_deferred_expense": 1, "deferred_expense_account": chain.books.of("Prepayments"), **SERVICE}
    chain.submit(bill(chain, chain.supplier(), [("SUPPORT", 1, 900, deferred)], day="2026-10-01"))
    _release(chain, "Expense", "Prepayments")


@case("fixed-asset", "A lathe is bought, capitalised, depreciated for a month and sold")
def fixed_asset(chain: Chain) -> None:
    from erpnext.assets.doctype.asset.depreciation import make_depreciation_entry

    line = {"asset_location": "Workshop", "expense_account": chain.books.of("Office Equipments")}
    bought = chain.submit(bill(chain, chain.supplier(), [("LATHE", 1, 6000, line)], update_stock=1))
    named = frappe.get_all("Asset", {"purchase_invoice": bought.name}, pluck="name")[0]

    def commission() -> Any:
        asset = frappe.get_doc("Asset", named)
        asset.update({"calculate_depreciation": 1, "available_for_use_date": DAY})
        asset.set("finance_books", [])
        asset.append("finance_books", {"depreciation_method": "Straight Line", "total_number_of_depreciations": 24, "frequency_of_depreciation": 1,
                                       "depreciation_start_date": "2026-10-31"})  # fmt: skip
        asset.save()
        asset.submit()
        return asset

    chain.event("submit", commission, {"depreciation": "Straight Line, 24 months from 2026-10-31"})
    schedule = frappe.get_all("Asset Depreciation Schedule", {"asset": named, "docstatus": 1}, pluck="name")[0]

    def depreciate() -> Any:
        make_depreciation_entry(schedule, "2026-10-31")
        return {"doctype": "Asset Depreciation Schedule", "name": schedule}

    chain.event("tool", depreciate, {"until": "2026-10-31"})
    sold = {"asset": named, "income_account": chain.books.of("Gain/Loss on Asset Disposal"), "is_fixed_asset": 1}
    chain.submit(sale(chain, chain.customer(), [("LATHE", 1, 5000, sold)], day="2026-11-01"))


@case("inter-company", "Sale to the sister company, which books its bill from it")
def inter_company(chain: Chain) -> None:
    from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_inter_company_purchase_invoice

    from recorder.case_books import CaseBooks

    sister = CaseBooks("HIRE")
    customer, supplier = chain.customer(), chain.supplier()
    for kind, name, represents, allowed in (
        ("Customer", customer, sister.company, chain.books.company),
        ("Supplier", supplier, chain.books.company, sister.company),
    ):
        party = frappe.get_doc(kind, name)
        party.update({f"is_internal_{kind.lower()}": 1, "represents_company": represents})
        party.append("companies", {"company": allowed})
        party.save()
        chain.own(kind, name)
    frappe.get_doc("Price List", "Selling NZD").db_set("buying", 1)
    made = chain.submit(sale(chain, customer, [("PANEL", 2, 120)]))

    def billed() -> Any:
        doc = make_inter_company_purchase_invoice(made.name)
        doc.update({"naming_series": "KH-PI-.#####", "posting_date": DAY, "set_posting_time": 1, "due_date": "2026-11-20", "bill_no": made.name,
                    "disable_rounded_total": 1, "taxes": [], "contact_person": None, "supplier_address": None, "shipping_address": None})  # fmt: skip
        for row in doc.items:
            row.update({"expense_account": sister.of("Cost of Goods Sold"), "cost_center": sister.of("Main"), "warehouse": None})
        for row in [{**tax(chain, 15), "account_head": sister.of("GST"), "category": "Total", "add_deduct_tax": "Add"}]:
            doc.append("taxes", row)
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", billed, {"made_from": made.name})
    chain.submit(payment(chain, "Receive", customer, made.outstanding_amount, [(made, made.outstanding_amount)]))
    frappe.get_doc("Price List", "Selling NZD").db_set("buying", 0)


@case("landed-cost", "Freight added to received goods afterwards: the receipt's ledger is rewritten")
def landed_cost(chain: Chain) -> None:
    receipt = chain.submit(_buying(chain, "Purchase Receipt", chain.supplier(), [("KETTLE", 10, 30)]))
    voucher = frappe.new_doc("Landed Cost Voucher")
    voucher.update({"company": chain.books.company, "posting_date": LATER, "distribute_charges_based_on": "Amount"})
    voucher.append("purchase_receipts", {"receipt_document_type": "Purchase Receipt", "receipt_document": receipt.name, "supplier": receipt.supplier,
                                         "grand_total": receipt.base_grand_total, "posting_date": DAY})  # fmt: skip
    voucher.append("taxes", {"expense_account": chain.books.of("Expenses Included In Valuation"), "description": "Freight", "amount": 45})

    def land() -> Any:
        voucher.get_items_from_purchase_receipts()
        voucher.insert()
        voucher.submit()
        return voucher

    chain.event("submit", land, {"receipt": receipt.name, "amount": 45, "lines": lines([])})
