"""Named cases about parties: one name for a customer and a supplier, US sales tax, credit set off within a payment, advances used or paid
back."""

from __future__ import annotations

import frappe

from recorder.chains import Chain, case
from recorder.forms import DAY, LATER, bill, goods_return, journal, on_party, payment, reconcile, sale


@case("same-name-customer-supplier", "A customer and a supplier of the same name and tax number, with an invoice and a bill")
def same_name(chain: Chain) -> None:
    name = "Rangiora Timber & Sons Ltd"
    for kind in ("Customer", "Supplier"):
        chain.named(kind, name)
        frappe.db.set_value(kind, name, "tax_id", "119-348-777")
        chain.own(kind, name)
    chain.submit(sale(chain, name))
    chain.submit(bill(chain, name))


@case("same-name-in-other-case", "Two customers whose names differ in case and spaces only")
def near_names(chain: Chain) -> None:
    for name in ("Ōtaki Lime Works", "OTAKI  LIME WORKS LTD"):
        chain.submit(sale(chain, chain.named("Customer", name)))


@case("us-sales-tax", "State and county tax on one invoice, a district tax compounded on both, and a reduced line", "US")
def us_sales_tax(chain: Chain) -> None:
    rows = [("PANEL", 3, 91.07), ("STAIN", 0.75, 22.71, {"item_tax_template": chain.books.of("Groceries")})]
    chain.submit(sale(chain, chain.customer(), rows, taxes=chain.books.tax_rows("Sales Invoice", compound=True)))


@case("us-exempt", "A resale customer: every line exempt; and a line taxed by the state only", "US")
def us_exempt(chain: Chain) -> None:
    exempt, state = ({"item_tax_template": chain.books.of(name)} for name in ("Exempt", "State only"))
    chain.submit(sale(chain, chain.customer(), [("PANEL", 10, 88.0, exempt)]))
    chain.submit(sale(chain, chain.customer(), [("PANEL", 1, 88.0, exempt), ("GATE", 1, 301.3, state)]))


@case("us-bill-use-tax", "A bill without tax from another state, paid short by an agreed 5.00", "US")
def us_bill(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier, [("TIMBER", 40, 2.68)], taxes=[]))
    chain.submit(payment(chain, "Pay", supplier, made.outstanding_amount, [(made, made.outstanding_amount)]))


@case("payment-nets-credit-note", "One receipt for an invoice less a credit note: a negative reference")
def nets_credit(chain: Chain) -> None:
    customer = chain.customer()
    first, second = chain.submit(sale(chain, customer)), chain.submit(sale(chain, customer, [("GATE", 1, 489)]))
    note = chain.submit(goods_return(chain, first, 1, 0.5))
    came = round(first.outstanding_amount + second.outstanding_amount + note.outstanding_amount, 2)
    refs = [(first, first.outstanding_amount), (second, second.outstanding_amount), (note, note.outstanding_amount)]
    chain.submit(payment(chain, "Receive", customer, came, refs))


@case("bill-payment-nets-debit-note", "One payment of a bill less a supplier credit")
def nets_debit(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier))
    note = chain.submit(goods_return(chain, made, 1, 0.25))
    paid = round(made.outstanding_amount + note.outstanding_amount, 2)
    chain.submit(payment(chain, "Pay", supplier, paid, [(made, made.outstanding_amount), (note, note.outstanding_amount)]))


@case("journal-payable-paid", "Expense owed by a journal, then paid by a payment that refers to the journal")
def journal_paid(chain: Chain) -> None:
    supplier = chain.supplier()
    owed = chain.submit(journal(chain, [("Office Rent", 500, 0), ("Creditors", 0, 500, on_party("Supplier", supplier))], day=DAY))
    chain.submit(payment(chain, "Pay", supplier, 500, [(owed, 500)]))


@case("advance-foreign-then-invoice", "Dollar deposit, used by a dollar invoice at another rate through its advances table")
def advance_foreign(chain: Chain) -> None:
    customer, bank = chain.customer("USD"), chain.books.bank("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    paid = chain.submit(payment(chain, "Receive", customer, 200, day=DAY, bank=bank, account=chain.books.of("Debtors USD"),
                                source_exchange_rate=1.68, target_exchange_rate=1.68))  # fmt: skip
    used = {
        "reference_type": "Payment Entry",
        "reference_name": paid.name,
        "advance_amount": 200,
        "allocated_amount": 200,
        "ref_exchange_rate": 1.68,
    }
    chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], LATER, currency="USD", conversion_rate=1.6614, advances=[used]))


@case("advance-refunded", "An advance is paid back; receipt and refund are set against each other by Payment Reconciliation")
def advance_refunded(chain: Chain) -> None:
    customer = chain.customer()
    paid = chain.submit(payment(chain, "Receive", customer, 300, day=DAY))
    back = chain.submit(payment(chain, "Pay", customer, 300, party_type="Customer"))
    reconcile(chain, "Customer", customer, paid.name, back.name)
