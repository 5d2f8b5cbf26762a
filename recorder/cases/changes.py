"""Named chains of what people do afterwards: amend, cancel, unlink, unreconcile, rename, merge, repost, change, delete."""

from __future__ import annotations

from typing import Any

import frappe

from recorder.chains import Chain, case
from recorder.forms import DAY, LATER, bill, lines, payment, reconcile, sale


@case("amend-after-sync", "Invoice cancelled and amended with another quantity; then amended again")
def amend(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    chain.cancel(made)
    second = chain.amend(made, sale(chain, customer, [("PANEL", 3, 148.5), ("LABOUR", 3.5, 95.0)]))
    chain.cancel(second)
    chain.amend(second, sale(chain, customer, [("PANEL", 3, 145.0), ("LABOUR", 3.5, 95.0)]))


@case("amend-bill", "Bill cancelled and amended")
def amend_bill(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier, bill_no="INV-301"))
    chain.cancel(made)
    chain.amend(made, bill(chain, supplier, [("TIMBER", 100, 4.3)], bill_no="INV-301"))


@case("cancel-unpaid", "Unpaid invoice and bill cancelled")
def cancel_unpaid(chain: Chain) -> None:
    chain.cancel(chain.submit(sale(chain, chain.customer())))
    chain.cancel(chain.submit(bill(chain, chain.supplier())))


@case("cancel-paid-invoice", "A paid invoice is cancelled: ERPNext unlinks its payment by SQL; amended and reconciled again")
def cancel_paid(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    paid = chain.submit(payment(chain, "Receive", customer, made.outstanding_amount, [(made, made.outstanding_amount)]))
    chain.cancel(made)
    again = chain.amend(made, sale(chain, customer, [("PANEL", 3, 148.5)]))
    reconcile(chain, "Customer", customer, paid.name, again.name)


@case("cancel-one-of-several", "A payment for three invoices; one of them is cancelled")
def cancel_one(chain: Chain) -> None:
    customer = chain.customer()
    made = [chain.submit(sale(chain, customer, [("PANEL", n, 148.5)])) for n in (1, 2, 3)]
    refs = [(doc, doc.outstanding_amount) for doc in made]
    chain.submit(payment(chain, "Receive", customer, round(sum(share for _doc, share in refs), 2), refs))
    chain.cancel(made[1])


@case("cancel-paid-bill", "A paid bill is cancelled")
def cancel_paid_bill(chain: Chain) -> None:
    supplier = chain.supplier()
    made = chain.submit(bill(chain, supplier))
    chain.submit(payment(chain, "Pay", supplier, made.outstanding_amount, [(made, made.outstanding_amount)]))
    chain.cancel(made)


@case("cancel-paid-foreign", "A paid dollar invoice with an exchange journal is cancelled")
def cancel_paid_foreign(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    chain.submit(
        payment(
            chain,
            "Receive",
            customer,
            294.05,
            [(made, 294.05)],
            bank=chain.books.bank("USD"),
            source_exchange_rate=1.68,
            target_exchange_rate=1.68,
        )
    )
    chain.cancel(made)


@case("cancel-payment-reenter", "A payment on the wrong day is cancelled and entered again")
def reenter(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    due = made.outstanding_amount
    chain.cancel(chain.submit(payment(chain, "Receive", customer, due, [(made, due)])))
    chain.submit(payment(chain, "Receive", customer, due, [(made, due)], day="2026-10-21"))


@case("cancel-payment-foreign", "A dollar payment with an exchange journal is cancelled: the journal goes with it")
def cancel_foreign(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    chain.cancel(chain.submit(payment(chain, "Receive", customer, 294.05, [(made, 294.05)], bank=chain.books.bank("USD"),
                                      source_exchange_rate=1.68, target_exchange_rate=1.68)))  # fmt: skip


@case("reconcile-in-parts", "One advance allocated to two invoices by two reconciliations")
def reconcile_parts(chain: Chain) -> None:
    customer = chain.customer()
    paid = chain.submit(payment(chain, "Receive", customer, 500, day=DAY))
    for number in (1, 2):
        made = chain.submit(sale(chain, customer, [("PANEL", number, 148.5)], LATER))
        reconcile(chain, "Customer", customer, paid.name, made.name, 170.0 if number == 1 else None)


@case("reconcile-foreign", "A dollar advance allocated later to an invoice at another rate")
def reconcile_foreign(chain: Chain) -> None:
    customer, account = chain.customer("USD"), chain.books.of("Debtors USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    paid = chain.submit(payment(chain, "Receive", customer, 250, day=DAY, bank=chain.books.bank("USD"), account=account,
                                source_exchange_rate=1.68, target_exchange_rate=1.68))  # fmt: skip
    made = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], LATER, currency="USD", conversion_rate=1.6614))
    reconcile(chain, "Customer", customer, paid.name, made.name, account=account)


def _unreconcile(chain: Chain, doctype: str, name: str, invoices: list[str]) -> None:
    """Unreconcile Payment of these invoices, as the button on the payment makes and submits it."""

    def do() -> Any:
        doc = frappe.get_doc(doctype="Unreconcile Payment", company=chain.books.company, voucher_type=doctype, voucher_no=name)
        doc.add_references()
        doc.set("allocations", [row for row in doc.allocations if row.reference_name in invoices])
        doc.insert()
        doc.submit()
        return doc

    chain.event("submit", do, {"voucher_type": doctype, "voucher_no": name, "invoices": invoices})


@case("unreconcile", "A payment of two invoices is unreconciled from one, then from the other, then allocated anew")
def unreconcile(chain: Chain) -> None:
    customer = chain.customer()
    made = [chain.submit(sale(chain, customer, [("PANEL", n, 148.5)])) for n in (1, 2)]
    refs = [(doc, doc.outstanding_amount) for doc in made]
    paid = chain.submit(payment(chain, "Receive", customer, round(sum(share for _doc, share in refs), 2), refs))
    for doc in made:
        _unreconcile(chain, paid.doctype, paid.name, [doc.name])
    reconcile(chain, "Customer", customer, paid.name, made[1].name)


@case("unreconcile-foreign", "A dollar payment with an exchange journal is unreconciled")
def unreconcile_foreign(chain: Chain) -> None:
    customer = chain.customer("USD")
    zero = {"item_tax_template": chain.books.of("Zero-rated")}
    made = chain.submit(sale(chain, customer, [("GATE", 1, 294.05, zero)], currency="USD", conversion_rate=1.6614))
    paid = chain.submit(
        payment(
            chain,
            "Receive",
            customer,
            294.05,
            [(made, 294.05)],
            bank=chain.books.bank("USD"),
            source_exchange_rate=1.68,
            target_exchange_rate=1.68,
        )
    )
    _unreconcile(chain, paid.doctype, paid.name, [made.name])


@case("rename-customer", "A customer is renamed after an invoice; the next invoice has the new name")
def rename(chain: Chain) -> None:
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    new = customer + " (2026)"

    def do() -> Any:
        frappe.rename_doc("Customer", customer, new)
        return frappe.get_doc("Customer", new)

    chain.event("rename", do, {"old": customer, "new": new})
    chain.parties[0] = ("Customer", new)
    chain.submit(payment(chain, "Receive", new, made.outstanding_amount, [(made, made.outstanding_amount)]))
    chain.submit(sale(chain, new, day=LATER))


def _merge(chain: Chain, kind: str, keep: str, gone: str) -> None:
    def do() -> Any:
        frappe.rename_doc(kind, gone, keep, merge=True)
        return frappe.get_doc(kind, keep)

    chain.event("merge", do, {"old": gone, "new": keep})
    chain.parties.remove((kind, gone))


@case("merge-customers", "Two customers with open invoices are merged; the first then pays both")
def merge(chain: Chain) -> None:
    keep, gone = chain.customer(), chain.customer()
    made = [chain.submit(sale(chain, name)) for name in (keep, gone)]
    _merge(chain, "Customer", keep, gone)
    refs = [(doc, doc.outstanding_amount) for doc in made]
    chain.submit(payment(chain, "Receive", keep, round(sum(share for _doc, share in refs), 2), refs))


@case("merge-suppliers", "Two suppliers with the same bill number are merged")
def merge_suppliers(chain: Chain) -> None:
    keep, gone = chain.supplier(), chain.supplier()
    for name in (keep, gone):
        chain.submit(bill(chain, name, bill_no="INV-5"))
    _merge(chain, "Supplier", keep, gone)


def _allow_repost(doctype: str) -> None:
    settings = frappe.get_doc("Repost Accounting Ledger Settings")
    if not any(row.document_type == doctype for row in settings.allowed_types):
        settings.append("allowed_types", {"document_type": doctype, "allowed": 1})
        settings.save()


@case("repost-ledger", "The income account of a submitted invoice is changed: ERPNext reposts its ledger")
def repost(chain: Chain) -> None:
    _allow_repost("Sales Invoice")
    made = chain.submit(sale(chain, chain.customer()))
    chain.update(made, {}, {"income_account": chain.books.of("Service")})


@case("repost-ledger-tool", "Repost Accounting Ledger by hand, with nothing changed")
def repost_tool(chain: Chain) -> None:
    made = chain.submit(sale(chain, chain.customer()))
    chain.submit({"doctype": "Repost Accounting Ledger", "company": chain.books.company, "delete_cancelled_entries": 0,
                  "vouchers": [{"voucher_type": "Sales Invoice", "voucher_no": made.name}]})  # fmt: skip


@case(
    "changed-after-submit",
    "Order number, title, remarks and cost centre changed on a submitted invoice; due date and bill number refused; a bill put on hold",
)
def changed(chain: Chain) -> None:
    made = chain.submit(sale(chain, chain.customer(), po_no="PO-1"))
    chain.update(made, {"po_no": "PO-1 corrected", "po_date": "2026-10-02"})
    chain.update(made, {}, {"cost_center": chain.books.of("North")})
    chain.update(made, {"cost_center": chain.books.of("South")})
    chain.refused_change(made, {"remarks": "other words"})
    chain.refused_change(made, {"due_date": "2026-12-20"})
    owed = chain.submit(bill(chain, chain.supplier()))
    chain.refused_change(owed, {"due_date": "2026-12-20"})
    chain.refused_change(owed, {"bill_no": "CORRECTED-1"})
    _allow_repost("Purchase Invoice")
    chain.update(owed, {"cost_center": chain.books.of("North")})

    def hold() -> dict[str, str]:
        frappe.get_doc("Purchase Invoice", owed.name).block_invoice("goods not complete")
        return {"doctype": "Purchase Invoice", "name": owed.name}

    chain.event("tool", hold, {"on_hold": 1, "hold_comment": "goods not complete"})


@case("changed-payment", "A submitted payment's cost centre and title changed")
def changed_payment(chain: Chain) -> None:
    customer = chain.customer()
    paid = chain.submit(payment(chain, "Receive", customer, 100))
    chain.update(paid, {"party_name": customer + " trading as Pine"})
    chain.refused_change(paid, {"cost_center": chain.books.of("North")})
    _allow_repost("Payment Entry")
    chain.update(paid, {"cost_center": chain.books.of("North")})
    chain.refused_change(paid, {"reference_no": "other"})


@case("deleted-name-reused", "The newest invoice is cancelled and deleted; the next one gets its name")
def name_reused(chain: Chain) -> None:
    frappe.db.set_single_value("Accounts Settings", "delete_linked_ledger_entries", 1)
    customer = chain.customer()
    made = chain.submit(sale(chain, customer))
    chain.cancel(made)

    def delete() -> dict[str, str]:
        frappe.delete_doc("Sales Invoice", made.name)
        return {"doctype": "Sales Invoice", "name": made.name}

    chain.event("delete", delete, {})
    chain.submit(sale(chain, customer, items=lines([("GATE", 1, 489)])))
    frappe.db.set_single_value("Accounts Settings", "delete_linked_ledger_entries", 0)
