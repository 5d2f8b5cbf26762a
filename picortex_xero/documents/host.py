"""Which facts of the host, the outbox and the links a decision can ask for; `documents/facts.py` and the rooms' own facts.py load them."""

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
# The fields of a document that others ask for: creation, docstatus, posting date, currency and rate, what is outstanding; None where it is gone.
HEAD: Fact[Named, Doc | None] = Fact("head")
# All links of whatever documents ever had this name, and all steps, oldest first: `step.own_links` and `step.own_steps` tell them apart.
LINKS: Fact[Named, list[Link]] = Fact("links")
STEPS: Fact[Named, list[Step]] = Fact("steps")
# The documents that settle an invoice or bill, take something off it or return it, by what their rows say (cancelled ones too).
SETTLING: Fact[Named, list[Named]] = Fact("settling")
# "payroll", "employee" or "" for a document by name.
PRIVATE: Fact[Named, str] = Fact("private")


@dataclass(frozen=True)
class Contact:
    """What is known of a customer, a supplier, or what else has a contact (the company, a fee's mapping row): `who` is None where it is gone.
    `xero_id` is "" while it is not in Xero; `former_name`: its contact is linked under a name that it had before it was renamed."""

    who: Identity | None
    name: str = ""
    xero_id: str = ""
    former_name: str = ""
    steps: tuple[Step, ...] = ()


CONTACT: Fact[Named, Contact] = Fact("contact")
# The standing ledger rows of a voucher in the order in which they were booked, amounts in company currency.
LEDGER: Fact[Named, list[Doc]] = Fact("ledger")
# What other vouchers took off a document before the go-live date, in the party account's currency, credits positive.
SETTLED_BEFORE: Fact[Named, Decimal] = Fact("settled before the go-live date")
# How many counter sales an invoice joins.
COUNTER_SALES: Fact[Named, int] = Fact("counter sales")
# The full name of a user, for people to read.
USER_NAME: Fact[str, str] = Fact("name of a user")
# Name, address and size of an attached file; None where it is gone.
FILE: Fact[str, Doc | None] = Fact("file")
# What advances a refund pays back: rows of Payment Entry Reference that name it (`parent`, `allocated_amount`), by the advance's name. ERPNext's
# Payment Reconciliation notes it on the advance alone (observed on ERPNext 15).
PAYS_BACK: Fact[Named, list[Doc]] = Fact("advances that it pays back")
# Whether an invoice or bill carries any tax here.
TAXED: Fact[Named, bool] = Fact("taxed")
# With whom the fees on an account of deductions are: the row of Xero Deduction Mapping that says what that account is.
FEE_CONTACT: Fact[str, Contact] = Fact("contact of a fee")
# The documents whose payments pay back an over- or prepayment of this id in Xero, and still stand there.
PAYING_BACK: Fact[str, list[Identity]] = Fact("paying back")
# The links whose records settle a record in Xero (endpoint, id), or are taken off it, and still stand there: what is left of it tells a preview.
SETTLED_BY: Fact[tuple[str, str], list[Link]] = Fact("settled by")
