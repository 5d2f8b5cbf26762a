"""The names of what is kept: the company's choices, one row for each bank line, one for each thing that was done, its rules, what is known of its payees."""

from __future__ import annotations

SETTING, PROPOSAL, ACT = "Xero Bank Setting", "Xero Bank Proposal", "Xero Bank Act"
RULE, MEMORY = "Xero Bank Rule", "Xero Bank Memory"
LINE, PAYMENT, JOURNAL = "Bank Transaction", "Payment Entry", "Journal Entry"
SALE, BILL = "Sales Invoice", "Purchase Invoice"
INVOICES = (SALE, BILL)

# A bank line's row. PROPOSED: its best reading is sure enough to be read first; ABSTAINED: nothing fits, or several things do; ACCEPTED by a person, AUTOMATIC: without one; UNDONE: a person took
# that back, so nothing of it is automatic any more; DRAFT: a payment of it waits to be submitted.
PROPOSED, ABSTAINED, ACCEPTED, AUTOMATIC, UNDONE, DRAFT = "Proposed", "Abstained", "Accepted", "Automatic", "Undone", "Draft"
STATES = (PROPOSED, ABSTAINED, DRAFT, ACCEPTED, AUTOMATIC, UNDONE)
OPEN = (PROPOSED, ABSTAINED, UNDONE)

# An act. WAITING: it made drafts, and goes on once they are submitted.
DONE, WAITING, TAKEN_BACK = "Done", "Waiting for Drafts", "Undone"

# How far a company lets lines be matched without a person.
OFF, ENTERED, PAYING = "Off", "With What Is Entered", "And Enter Payments"
