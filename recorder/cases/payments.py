"""Named cases of payments: parts, advances, too much, too little, fees, currencies, transfers, and their later allocation."""

from __future__ import annotations

import frappe

from recorder.chains import Chain, case
from recorder.forms import DAY, LATER, bill, deduction, journal, order, payment, reconcile, sale, transfer


@case("foreign-invoice-base-receivable", "Australian-dollar invoice on the NZD receivable; part payments and the settling cent")
def foreign_on_base(chain: Chain) -> None:
    frappe.db.set_single_value("Accounts Settings", "allow_multi_currency_invoices_against_single_party_account", 1)
    customer = chain.customer()
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    invoice = chain.submit(
        sale(chain, customer, [("GATE", 1, 447.33, zero)], currency="AUD", conversion_rate=1.0932, debit_to=chain.books.of("Debtors"))
    )
    for share in (163.01, 163.01):
        chain.submit(payment(chain, "Receive", customer, share, [(invoice, share)]))
    rest = frappe.db.get_value("Sales Invoice", invoice.name, "outstanding_amount")
    chain.submit(payment(chain, "Receive", customer, round(rest - 0.01, 2), [(invoice, round(rest - 0.01, 2))]))
    chain.submit(payment(chain, "Receive", customer, 0.01, [(invoice, 0.01)]))


@case("payment-in-parts", "One invoice paid in three parts, the last one cent")
def parts(chain: Chain) -> None:
    customer = chain.customer()
    invoice = chain.submit(sale(chain, customer))
    total = invoice.outstanding_amount
    for share in (200.0, round(total - 200.01, 2), 0.01):
        chain.submit(payment(chain, "Receive", customer, share, [(invoice, share)]))


@case("payment-several-references", "One receipt for three invoices, the last in part")
def several(chain: Chain) -> None:
    customer = chain.customer()
    made = [chain.submit(sale(chain, customer, [("PANEL", n, 148.5)])) for n in (1, 2, 3)]
    shares = [made[0].outstanding_amount, made[1].outstanding_amount, 100.0]
    chain.submit(payment(chain, "Receive", customer, round(sum(shares), 2), list(zip(made, shares))))


@case("receipt-part-unallocated", "Receipt for one invoice and 300.00 more, allocated later by Payment Reconciliation")
def part_unallocated(chain: Chain) -> None:
    customer = chain.customer()
    first = chain.submit(sale(chain, customer))
    paid = chain.submit(payment(chain, "Receive", customer, first.outstanding_amount + 300, [(first, first.outstanding_amount)]))
    second = chain.submit(sale(chain, customer, [("GATE", 1, 489)], LATER))
    reconcile(chain, "Customer", customer, paid.name, second.name)


@case("advance-then-invoice", "Receipt on account; the next invoice uses it through its advances table")
def advance(chain: Chain) -> None:
    customer = chain.customer()
    paid = chain.submit(payment(chain, "Receive", customer, 400, day=DAY))
    used = {"reference_type": "Payment Entry", "reference_name": paid.name, "advance_amount": 400, "allocated_amount": 400,
            "remarks": paid.remarks, "ref_exchange_rate": 1}  # fmt: skip
    chain.submit(sale(chain, customer, day=LATER, advances=[used]))


@case("advance-to-supplier", "Payment on account to a supplier; the bill takes part of it")
def advance_supplier(chain: Chain) -> None:
    supplier = chain.supplier()
    paid = chain.submit(payment(chain, "Pay", supplier, 1000, day=DAY))
    used = {
        "reference_type": "Payment Entry",
        "reference_name": paid.name,
        "advance_amount": 1000,
        "allocated_amount": 600,
        "ref_exchange_rate": 1,
    }
    chain.submit(bill(chain, supplier, [("RENT", 1, 3450)], LATER, advances=[used]))


@case("advance-sales-order", "Deposit against a sales order, used when the order is invoiced")
def advance_order(chain: Chain) -> None:
    from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

    customer = chain.customer()
    ordered = chain.submit(order(chain, customer))
    chain.submit(payment(chain, "Receive", customer, 250, [(ordered, 250)], day=DAY))

    def invoice() -> object:
        doc = make_sales_invoice(ordered.name)
        doc.update(
            {
                "posting_date": LATER,
                "set_posting_time": 1,
                "due_date": "2026-11-20",
                "naming_series": "KO-SI-.#####",
                "disable_rounded_total": 1,
            }
        )
        doc.set_advances()
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", invoice, {"made_from": ordered.name})


@case("advance-purchase-order", "Deposit against a purchase order, used by the bill")
def advance_purchase_order(chain: Chain) -> None:
    from erpnext.buying.doctype.purchase_order.purchase_order import make_purchase_invoice

    supplier = chain.supplier()
    ordered = chain.submit(order(chain, supplier, [("TIMBER", 100, 4.3)], buying=True))
    chain.submit(payment(chain, "Pay", supplier, 150, [(ordered, 150)], day=DAY))

    def billed() -> object:
        doc = make_purchase_invoice(ordered.name)
        doc.update({"posting_date": LATER, "set_posting_time": 1, "due_date": "2026-11-20", "naming_series": "KO-PI-.#####", "bill_no": "PO-1",
                    "disable_rounded_total": 1})  # fmt: skip
        doc.set_advances()
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", billed, {"made_from": ordered.name})


@case("advance-with-tax", "Deposit received with its GST in the payment's own tax rows")
def advance_with_tax(chain: Chain) -> None:
    customer = chain.customer()
    row = {"charge_type": "On Paid Amount", "account_head": chain.books.of("GST"), "description": "GST 15%", "rate": 15,
           "included_in_paid_amount": 1, "tax_amount": 150, "base_tax_amount": 150, "add_deduct_tax": "Add", "cost_center": chain.books.of("Main")}  # fmt: skip
    chain.submit(payment(chain, "Receive", customer, 1150, day=DAY, taxes=[row]))


@case("advance-separate-account", "Advances booked in an account of their own; the invoice moves them under the payment's voucher")
def separate_account(chain: Chain) -> None:
    company = chain.books.company
    customer = chain.customer()
    on = {"book_advance_payments_in_separate_party_account": 1, "default_advance_received_account": chain.books.of("Customer Advances"),
          "default_advance_paid_account": chain.books.of("Supplier Advances")}  # fmt: skip
    frappe.db.set_value("Company", company, on)
    frappe.clear_document_cache("Company", company)
    paid = chain.submit(payment(chain, "Receive", customer, 400, day=DAY, account=chain.books.of("Customer Advances")))
    invoice = chain.submit(sale(chain, customer, day=LATER))
    used = {
        "reference_type": "Payment Entry",
        "reference_name": paid.name,
        "advance_amount": 400,
        "allocated_amount": 150,
        "ref_exchange_rate": 1,
    }
    chain.submit(sale(chain, customer, day=LATER, advances=[used]))
    chain.submit(payment(chain, "Receive", customer, 100, [(invoice, 100)]))
    frappe.db.set_value("Company", company, {name: 0 if name.startswith("book") else None for name in on})
    frappe.clear_document_cache("Company", company)


@case("overpayment", "Customer pays 50.00 too much and gets it back")
def overpaid(chain: Chain) -> None:
    customer = chain.customer()
    invoice = chain.submit(sale(chain, customer))
    chain.submit(payment(chain, "Receive", customer, invoice.outstanding_amount + 50, [(invoice, invoice.outstanding_amount)]))
    chain.submit(payment(chain, "Pay", customer, 50, party_type="Customer"))


def _short(chain: Chain, symbol: str, kept: float) -> None:
    customer = chain.customer()
    invoice = chain.submit(sale(chain, customer))
    came = round(invoice.outstanding_amount - kept, 2)
    chain.submit(
        payment(chain, "Receive", customer, came, [(invoice, invoice.outstanding_amount)], deductions=[deduction(chain, symbol, kept)])
    )


case("write-off-deduction", "Customer pays 4.85 short; the rest is written off in the payment")(
    lambda chain: _short(chain, "Bad Debts", 4.85)
)
case("bank-fee", "The bank keeps 15.00 of a receipt")(lambda chain: _short(chain, "Bank Fees", 15.0))
case("merchant-fee", "The card company pays out net of 2.7 %")(lambda chain: _short(chain, "Merchant Fees", 19.66))
case("bank-fee-au", "The bank keeps 15.00 of a receipt", "AU")(lambda chain: _short(chain, "Bank Fees", 15.0))


@case("bank-fee-foreign", "Dollar receipt into the NZD bank, about 12.00 NZD kept by the bank, at another rate")
def fee_foreign(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    invoice = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    paid = payment(chain, "Receive", customer, 286.9, [(invoice, 294.05)], received=482.0, source_exchange_rate=482 / 286.9)
    chain.submit({**paid, "deductions": [deduction(chain, "Bank Fees", 12.01)]})


@case("bank-fee-twice", "The fee is deducted although the whole 294.05 is typed as paid: an advance of 7.14 dollars appears")
def fee_twice(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    invoice = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    paid = payment(chain, "Receive", customer, 294.05, [(invoice, 294.05)], received=482.0, source_exchange_rate=1.68)
    chain.submit({**paid, "deductions": [deduction(chain, "Bank Fees", 12.0)]})


@case("supplier-deduction", "Bill paid 3.20 short, the supplier agreed")
def supplier_short(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier))
    due = made.outstanding_amount
    chain.submit(
        payment(chain, "Pay", supplier, round(due - 3.2, 2), [(made, due)], deductions=[deduction(chain, "Discounts Taken", -3.2)])
    )


@case("settlement-discount", "2 % for paying within ten days (payment terms), taken by ERPNext's own payment")
def settlement(chain: Chain) -> None:
    from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry

    books = chain.books
    frappe.db.set_value("Company", books.company, "default_discount_account", books.of("Discounts Allowed"))
    customer = chain.customer()
    for tax_too in (0, 1):
        frappe.db.set_single_value("Accounts Settings", "book_tax_discount_loss", tax_too)
        invoice = chain.submit(sale(chain, customer, payment_terms_template="Prompt payer", due="2026-11-04"))

        def pay(name: str = invoice.name) -> object:
            doc = get_payment_entry("Sales Invoice", name, reference_date="2026-10-10")
            doc.update({"posting_date": "2026-10-10", "reference_no": "early", "reference_date": "2026-10-10", "paid_to": books.bank(),
                        "naming_series": "KO-PAY-.#####"})  # fmt: skip
            doc.insert()
            doc.submit()
            return doc

        chain.event("submit", pay, {"made_from": invoice.name, "posting_date": "2026-10-10"})
    frappe.db.set_single_value("Accounts Settings", "book_tax_discount_loss", 0)


@case("cross-currency-payment", "Dollar invoice paid into the Australian-dollar account", "NZ")
def cross(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    invoice = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    came = round(294.05 * 1.67 / 1.09, 2)
    chain.submit(payment(chain, "Receive", customer, 294.05, [(invoice, 294.05)], received=came, bank=chain.books.bank("AUD"),
                         source_exchange_rate=1.67, target_exchange_rate=294.05 * 1.67 / came))  # fmt: skip


@case("exchange-revaluation", "Month-end revaluation of an open dollar invoice: the host's draft journal, submitted")
def revaluation(chain: Chain) -> None:
    from erpnext.accounts.doctype.exchange_rate_revaluation.exchange_rate_revaluation import ExchangeRateRevaluation  # noqa: F401

    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    frappe.db.set_value("Company", chain.books.company, "unrealized_exchange_gain_loss_account", chain.books.of("Exchange Gain/Loss"))
    made: list[str] = []

    def revalue() -> object:
        doc = frappe.new_doc("Exchange Rate Revaluation")
        doc.update({"company": chain.books.company, "posting_date": "2026-10-31", "rounding_loss_allowance": 0.05})
        rows = [row for row in doc.get_accounts_data() if row.get("party") == customer]
        for row in rows:
            doc.append("accounts", row)
        doc.insert()
        doc.submit()
        made.append(doc.name)
        return doc

    chain.event("submit", revalue, {"posting_date": "2026-10-31"})

    def book() -> object:
        named = frappe.get_doc("Exchange Rate Revaluation", made[0]).make_jv_entries()
        doc = frappe.get_doc("Journal Entry", named["revaluation_jv"])
        doc.submit()
        return doc

    chain.event("submit", book, {"made_from": made[0]})


@case("transfer", "Cash paid into the bank: internal transfer, one currency")
def transfer_one(chain: Chain) -> None:
    chain.submit(transfer(chain, chain.books.of("Cash"), chain.books.bank(), 1234.5))


@case("transfer-two-currencies", "Dollars moved from the dollar account to the NZD account")
def transfer_two(chain: Chain) -> None:
    chain.submit(transfer(chain, chain.books.bank("USD"), chain.books.bank(), 1000, 1668.2, (1.6682, 1)))


@case("transfer-foreign-both", "Between two foreign accounts", "NZ")
def transfer_both(chain: Chain) -> None:
    chain.submit(transfer(chain, chain.books.bank("USD"), chain.books.bank("AUD"), 1000, 1520.0, (1.6682, 1668.2 / 1520)))


@case("payment-employee", "Advance paid to an employee")
def employee(chain: Chain) -> None:
    named = frappe.get_doc(doctype="Employee", first_name="Aroha", last_name="Ngata", gender="Female", date_of_birth="1990-02-03",
                           date_of_joining="2024-05-06", company=chain.books.company, status="Active").insert()  # fmt: skip
    chain.own("Employee", named.name)
    frappe.db.set_value("Account", chain.books.of("Payroll Payable"), "account_type", "Payable")
    chain.submit(payment(chain, "Pay", named.name, 320, account=chain.books.of("Payroll Payable"), party_type="Employee"))


@case("payment-without-party", "A Payment Entry without a party (ERPNext refuses it), and the journal people use instead")
def without_party(chain: Chain) -> None:
    typed = payment(chain, "Pay", "", 88.5, account=chain.books.of("Bank Fees"))
    typed.pop("party"), typed.pop("party_type")
    chain.refused(typed)
    chain.submit(journal(chain, [("Bank Fees", 88.5, 0), (chain.books.bank(), 0, 88.5)], "Bank Entry"))
