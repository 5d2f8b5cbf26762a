"""Every reason for which a recorded document may wait for a person instead of going to Xero, in a sentence. Any other is a defect."""

from __future__ import annotations

REFUSALS = {
    "transfer-two-currencies": "A transfer between accounts in two currencies: Xero takes one amount only and its own rate of the day.",
    "overpayment-two-currencies": "An advance in another currency than its invoices: Xero allocates in one currency only.",
    "payment-third-currency": "Paid from an account in neither the invoice's nor the base currency.",
    "overpayment-stays": "A cancelled advance: no program can remove an overpayment from Xero, a person does.",
    "cancel-of-paid": "Cancelled in the host while Xero shows payments or credits on it.",
    "waits-for-cancel": "Hangs on one whose cancel waits for a person.",
    "later-advance-tax": "An advance with tax on it.",
    "later-deductions": "A payment with fees, write-offs or discounts among its deductions.",
    "later-deferred": "Revenue or expense that is released month by month.",
    "later-inter-company": "Between two companies of the same group.",
    "later-journal-control": "A journal on receivables, payables, a bank or a tax account.",
    "later-opening": "From before the go-live: it stands in Xero's opening balances.",
    "later-order-advance": "An advance against an order.",
    "later-paid-bill": "A bill that was paid when it was entered.",
    "later-party": "A payment to an employee, or without a party.",
    "later-pos": "A counter sale with payments inside the invoice.",
    "later-refund": "Money given back on a credit note.",
    "later-system-journal": "A journal that ERPNext made by itself.",
}
