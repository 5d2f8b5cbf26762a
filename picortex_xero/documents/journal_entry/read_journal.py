"""Adds to a Journal Entry's rows what they do not carry: the types of their accounts, and which references are returns."""

from __future__ import annotations

from typing import Any

from ..base import Books
from ..fact_types import HEAD
from ..identity import INVOICE_DOCTYPES
from ..needs import Fact, Facts, Needs
from .rows import Journal, read

Doc = dict[str, Any]
# The `account_type` and `root_type` of an account; {} where it is gone.
ACCOUNT: Fact[str, Doc] = Fact("account")
# A company's account for exchange gains and losses, or "".
EXCHANGE_ACCOUNT: Fact[str, str] = Fact("exchange account")

# Whether a journal, or what it amends, was made of what Xero has booked itself (inbound/month_proposal.py).
XEROS_OWN: Fact[str, bool] = Fact("xero's own")


def needs_of_journal(doc: Doc) -> Needs:
    """The facts that `told_apart` reads."""
    rows = doc.get("accounts") or []
    settled = {(row["reference_type"], row["reference_name"]) for row in rows if row.get("reference_type") in INVOICE_DOCTYPES}
    return ACCOUNT.of({row["account"] for row in rows}) | HEAD.of(settled) | EXCHANGE_ACCOUNT.of([doc["company"]])


def told_apart(doc: Doc, facts: Facts, books: Books) -> Journal:
    """The journal with each row classified as bank, party, tax or plain."""
    exchange = facts.get(EXCHANGE_ACCOUNT, doc["company"])
    told = []
    for row in doc.get("accounts") or []:
        account = facts.get(ACCOUNT, row["account"])
        settled = row.get("reference_type") in INVOICE_DOCTYPES
        head = facts.get(HEAD, (row["reference_type"], row["reference_name"])) if settled else None
        told.append(
            {
                **row,
                # A journal made by a program, not in the form, has no account types in its rows.
                "account_type": account.get("account_type") or row.get("account_type"),
                "root_type": account.get("root_type"),
                "reference_is_return": bool(head and head.get("is_return")),
                "is_exchange_account": row["account"] == exchange,
            }
        )
    return read({**doc, "accounts": told}, books.mapping)
