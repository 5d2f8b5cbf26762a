"""Named cases of journal entries: plain, with tax, on receivables, payables and bank, and those a later entry reverses."""

from __future__ import annotations

import frappe

from recorder.chains import Chain, case
from recorder.forms import DAY, bill, journal, on_party, payment, reconcile, sale


@case("journal-plain", "Accrual between an expense and a current liability, with cost centres")
def plain(chain: Chain) -> None:
    north = {"cost_center": chain.books.of("North")}
    chain.submit(journal(chain, [("Utility Expenses", 300, 0, north), ("Utility Expenses", 112.4, 0), ("Clearing", 0, 412.4)]))


@case("journal-tax", "Expense with GST against a current liability")
def with_tax(chain: Chain) -> None:
    chain.submit(journal(chain, [("Office Rent", 1000, 0), ("GST", 150, 0), ("Clearing", 0, 1150)]))


@case("journal-bank-spend", "Bank fee straight from the bank account")
def bank_spend(chain: Chain) -> None:
    chain.submit(journal(chain, [("Bank Fees", 12.5, 0), (chain.books.bank(), 0, 12.5)], "Bank Entry"))


@case("journal-bank-receive", "Interest received on the bank account, tax withheld")
def bank_receive(chain: Chain) -> None:
    chain.submit(journal(chain, [(chain.books.bank(), 67, 0), ("Withholding Tax", 33, 0), ("Interest Received", 0, 100)], "Bank Entry"))


@case("journal-bank-tax", "Purchase with GST paid straight from the bank")
def bank_tax(chain: Chain) -> None:
    chain.submit(journal(chain, [("Administrative Expenses", 200, 0), ("GST", 30, 0), (chain.books.bank(), 0, 230)], "Bank Entry"))


@case("journal-contra", "Contra entry: cash to bank")
def contra(chain: Chain) -> None:
    chain.submit(journal(chain, [(chain.books.bank(), 700, 0), ("Cash", 0, 700)], "Contra Entry"))


@case("journal-receivable", "Charge on a customer's account without an invoice")
def receivable(chain: Chain) -> None:
    chain.submit(journal(chain, [("Debtors", 45, 0, on_party("Customer", chain.customer())), ("Interest Received", 0, 45)]))


@case("journal-payable", "Expense owed to a supplier, without a bill")
def payable(chain: Chain) -> None:
    chain.submit(journal(chain, [("Office Rent", 500, 0), ("Creditors", 0, 500, on_party("Supplier", chain.supplier()))]))


@case("journal-pays-invoice", "Customer's payment booked as a bank journal against the invoice")
def pays_invoice(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    rows = [(chain.books.bank(), 200, 0), ("Debtors", 0, 200, on_party("Customer", customer, made))]
    chain.submit(journal(chain, rows, "Bank Entry"))


@case("journal-advance", "Advance booked as a journal, allocated later by Payment Reconciliation")
def journal_advance(chain: Chain) -> None:
    customer = chain.customer()
    rows = [(chain.books.bank(), 300, 0), ("Debtors", 0, 300, on_party("Customer", customer, is_advance="Yes"))]
    paid = chain.submit(journal(chain, rows, "Bank Entry", DAY))
    made = chain.submit(sale(chain, customer))
    reconcile(chain, "Customer", customer, paid.name, made.name)


@case("journal-set-off", "A customer who is also a supplier: invoice and bill set off against each other")
def set_off(chain: Chain) -> None:
    customer, supplier = chain.customer(), chain.supplier()
    made, owed = chain.submit(sale(chain, customer)), chain.submit(bill(chain, supplier))
    amount = 250.0
    chain.submit(
        journal(
            chain,
            [("Creditors", amount, 0, on_party("Supplier", supplier, owed)), ("Debtors", 0, amount, on_party("Customer", customer, made))],
        )
    )


@case("journal-write-off", "Bad debt: the rest of an invoice written off by a journal")
def write_off(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    paid = round(made.outstanding_amount - 100, 2)
    chain.submit(payment(chain, "Receive", customer, paid, [(made, paid)]))
    chain.submit(
        journal(
            chain,
            [("Bad Debts", 86.96, 0), ("GST", 13.04, 0), ("Debtors", 0, 100, on_party("Customer", customer, made))],
            "Write Off Entry",
        )
    )


@case("journal-multi-currency", "Dollars from the dollar account for an expense, in two currencies")
def multi_currency(chain: Chain) -> None:
    usd = {"account_currency": "USD", "exchange_rate": 1.6682}
    chain.submit(journal(chain, [("Administrative Expenses", 166.82, 0), (chain.books.bank("USD"), 0, 100, usd)], multi_currency=1))


@case("journal-multi-currency-party", "A dollar customer's balance corrected by a journal against the invoice")
def multi_party(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    usd = on_party("Customer", customer, made, account_currency="USD", exchange_rate=1.6614)
    chain.submit(journal(chain, [("Bad Debts", 16.61, 0), ("Debtors USD", 0, 10, usd)], multi_currency=1))


@case("journal-opening", "Opening balances by a journal")
def opening(chain: Chain) -> None:
    rows = [("Cash", 500, 0), ("Debtors", 230, 0, on_party("Customer", chain.customer())), ("Temporary Opening", 0, 730)]
    chain.submit(journal(chain, rows, "Opening Entry", "2026-04-01", is_opening="Yes"))


@case("journal-depreciation", "Depreciation typed by hand")
def depreciation(chain: Chain) -> None:
    chain.submit(journal(chain, [("Depreciation", 250, 0), ("Accumulated Depreciation", 0, 250)], "Depreciation Entry", "2026-10-31"))


@case("journal-reversing", "An accrual at the month's end, reversed on the first of the next by ERPNext's own reverse journal")
def reversing(chain: Chain) -> None:
    from erpnext.accounts.doctype.journal_entry.journal_entry import make_reverse_journal_entry

    made = chain.submit(journal(chain, [("Utility Expenses", 180, 0), ("Clearing", 0, 180)], day="2026-10-31"))

    def reverse() -> object:
        doc = make_reverse_journal_entry(made.name)
        doc.update({"posting_date": "2026-11-01", "naming_series": "KO-JV-.#####"})
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", reverse, {"reversal_of": made.name})


@case("journal-cancelled", "A plain journal cancelled, and entered again as an amendment")
def cancelled(chain: Chain) -> None:
    typed = journal(chain, [("Utility Expenses", 90, 0), ("Clearing", 0, 90)])
    made = chain.submit(typed)
    chain.cancel(made)
    chain.amend(made, journal(chain, [("Utility Expenses", 99, 0), ("Clearing", 0, 99)]))


@case("journal-supplier-to-supplier", "A bill moved to another supplier by a journal")
def supplier_to_supplier(chain: Chain) -> None:
    first, second = chain.supplier(), chain.supplier()
    owed = chain.submit(bill(chain, first))
    due = frappe.db.get_value("Purchase Invoice", owed.name, "outstanding_amount")
    chain.submit(
        journal(chain, [("Creditors", due, 0, on_party("Supplier", first, owed)), ("Creditors", 0, due, on_party("Supplier", second))])
    )


@case("journal-au", "Expense with GST and a bank leg", "AU")
def australian(chain: Chain) -> None:
    chain.submit(journal(chain, [("Office Rent", 1000, 0), ("GST", 100, 0), (chain.books.bank(), 0, 1100)], "Bank Entry"))
