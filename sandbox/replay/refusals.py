"""Every reason for which a recorded document may wait for a person instead of going to Xero, in a sentence. Any other is a defect."""

from __future__ import annotations

REFUSALS = {
    "changed-after-submit": "Changed in the host after it had gone to Xero, where Xero lets nobody change it any more.",
    "construction-scheme": "UK Construction Industry Scheme: Xero's own deductions cannot be made by programs.",
    "deduction-of-untaxed": "A discount on an invoice without tax, on an account whose discounts take tax back.",
    "deduction-tax-differs": "A write-off with tax in it, where the choice for its account has none, or the other way round.",
    "journal-credit-used-elsewhere": "A journal moves a credit that Xero has applied elsewhere.",
    "journal-opening": "A journal of opening balances: those are in Xero's conversion balances.",
    "journal-party-to-party": "A journal moves what one party owes to another: Xero has no such booking without documents of both.",
    "journal-party-without-invoice": "A journal changes what a party owes without any invoice or bill: Xero's ledgers of parties hold documents only.",
    "overpayment-stays": "A cancelled advance: no program can remove an overpayment from Xero, a person does.",
    "overpayment-two-currencies": "An advance in another currency than its bank account or its invoices: Xero allocates in one currency only.",
    "payment-other-party": "A payment with an employee or a shareholder.",
    "refund-waits": "Money paid back, and the host does not say yet what for.",
    "reverse-charge-by-hand": "A reverse charge in an organisation that has no tax type for it.",
    "settles-no-invoice": "A payment of something that is no invoice or bill in Xero.",
}
