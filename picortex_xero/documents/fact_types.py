"""The facts that a decision can ask for: of ERPNext documents, of steps and of links. Loaded by documents/facts.py and the rooms' own
facts.py."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .identity import Identity
from .needs import Fact
from .step import Link, Step

Named = tuple[str, str]  # DocType and name
Doc = dict[str, Any]

# The whole document with the tables that matter to Xero, as a dict; None where it is gone.
DOCUMENT: Fact[Named, Doc | None] = Fact("document")
# The fields of a document that other documents' steps read: creation, docstatus, posting date, currency, rate, outstanding; None if gone.
HEAD: Fact[Named, Doc | None] = Fact("head")
# All links, and all steps, of all documents that ever had this name, oldest first; step.py's `own_links` and `own_steps` pick one's.
LINKS: Fact[Named, list[Link]] = Fact("links")
STEPS: Fact[Named, list[Step]] = Fact("steps")
# The documents that settle an invoice or bill, take something off it or return it, by what their rows say (cancelled ones too).
SETTLING_DOCUMENTS: Fact[Named, list[Named]] = Fact("settling")
# Whether a document is about payroll or an employee: `payroll.PAYROLL`, `payroll.PERSONAL` or "".
PRIVATE: Fact[Named, str] = Fact("private")


@dataclass(frozen=True)
class Contact:
    """A customer, a supplier, or what else has a contact in Xero (the company, a row of Xero Deduction Mapping). `who` is None where it is
    gone; `xero_id` is its ContactID, "" while it is not in Xero; `former_name`: its contact is linked under a name from before a
    renaming."""

    who: Identity | None
    name: str = ""
    xero_id: str = ""
    former_name: str = ""
    steps: tuple[Step, ...] = ()


CONTACT: Fact[Named, Contact] = Fact("contact")
# The standing ledger rows of a voucher in the order in which they were booked, amounts in company currency.
LEDGER: Fact[Named, list[Doc]] = Fact("ledger")
# What other vouchers took off a document before the go-live date, in the party account's currency, positive.
SETTLED_BEFORE: Fact[Named, Decimal] = Fact("settled before the go-live date")
# What of a document was open at the end of a day (yyyy-mm-dd), in the party account's currency, positive where anything was owed: by
# (DocType, name, day).
OPEN_AT: Fact[tuple[str, str, str], Decimal] = Fact("open at a day")
# How many counter sales (POS Invoices) a consolidated invoice joins.
COUNTER_SALES: Fact[Named, int] = Fact("counter sales")
# The full name of a user, for people to read.
USER_NAME: Fact[str, str] = Fact("name of a user")
# Name, address and size of an attached file; None where it is gone.
FILE: Fact[str, Doc | None] = Fact("file")
# The advances that a refund pays back: rows of Payment Entry Reference that name the refund (`parent` is the advance; `allocated_amount`).
# ERPNext's Payment Reconciliation writes them on the advance only (observed on ERPNext 15.71).
PAYS_BACK: Fact[Named, list[Doc]] = Fact("what it pays back")
# Whether ERPNext books discounts of documents of this DocType on accounts of their own (Selling Settings; a key is a DocType).
DISCOUNT_ACCOUNTING: Fact[str, bool] = Fact("discount accounting")
# The contact that is paid the fees on an account of deductions: a row of Xero Deduction Mapping names it.
FEE_CONTACT: Fact[str, Contact] = Fact("contact of a fee")
# The documents whose payments, still standing in Xero, pay back the over- or prepayment with this id.
PAYING_BACK: Fact[str, list[Identity]] = Fact("paying back")
# The links whose records, still standing in Xero, settle a record (endpoint, id) or are allocated from it. A preview computes what is left.
SETTLED_BY: Fact[tuple[str, str], list[Link]] = Fact("settled by")
