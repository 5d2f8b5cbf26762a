"""Journal Entries recorded from ERPNext, read as the app reads them, with every ordinary account mapped to a code that is its own name."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from picortex_xero.accounting.mapping import ClearingAccount, Mapping, PaymentAccount
from picortex_xero.accounting.money import decimal
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.journal_entry import rows as journal_legs
from picortex_xero.documents.journal_entry.rows import Journal
from sandbox import erp

RATES = {"NZ": ("15", "OUTPUT2", "INPUT2", "NONE"), "AU": ("10", "OUTPUT", "INPUT", "BASEXCLUDED")}
CLEARING = ClearingAccount("clearing-id", "855")
SPECIAL = ("Receivable", "Payable", "Bank", "Cash")


@cache
def _cases() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """(company, case) by the case's name."""
    found = {}
    for recording, case in erp.cases():
        companies = {company["code"]: company for company in recording["companies"]}
        found[case["case"]] = (companies[case["company"]], case)
    return found


@cache
def corpus() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(company, document) of every journal entry of the corpus, those that ERPNext made by itself included."""
    found = []
    for recording in erp.corpus():
        for company in recording["companies"]:
            for event in company["documents"]:
                docs = [event["doc"], *(each for each in event["after"] if "accounts" in each)]
                found += [(company, doc) for doc in docs if doc["doctype"] == "Journal Entry"]
    return found


def of_case(name: str, at: int = 0) -> tuple[dict[str, Any], dict[str, Any]]:
    """(company, document) of a case's journal entry, as its own event left it."""
    company, case = _cases()[name]
    docs = []
    for event in case["events"]:
        own = [event["doc"]] if event.get("doc") and event["event"] == "submit" else []
        docs += [doc for doc in (*own, *event.get("after", [])) if doc["doctype"] == "Journal Entry" and "accounts" in doc]
    return company, docs[at]


def mapping_of(company: dict[str, Any], **choices: Any) -> Mapping:
    """What the admin of a recorded company has chosen: all banks, all ordinary accounts, the country's GST."""
    accounts = [account for account in company["masters"]["Account"] if not account.get("is_group")]
    rate, sold, bought, none = RATES[company["code"]]
    gst = f"GST - {company['abbr']} @ {rate}"
    made = Mapping(
        company["default_currency"],
        "AUTHORISED",
        accounts={
            each["name"]: plain_name(each["name"])
            for each in accounts
            if each.get("account_type") not in SPECIAL and "GST" not in each["name"]
        },
        taxes={("Sales", gst, ""): TaxType(sold, decimal(rate)), ("Purchases", gst, ""): TaxType(bought, decimal(rate))},
        payment_accounts={
            each["name"]: PaymentAccount(plain_name(each["name"]), each["account_currency"] or company["default_currency"])
            for each in accounts
            if each.get("account_type") in ("Bank", "Cash")
        },
        tracking={f"North - {company['abbr']}": ("Branch", "North")},
        no_tax_type=none,
        journal_contact=company["name"],
    )
    return replace(made, **choices)


def told_apart(company: dict[str, Any], doc: dict[str, Any], **choices: Any) -> Journal:
    """The journal as the app reads it: with what ERPNext's masters and invoices say of its rows."""
    types = {each["name"]: each for each in company["masters"]["Account"]}
    returns = {event["name"] for event in company["documents"] if event["doc"].get("is_return")}
    rows = [
        {
            **row,
            "account_type": types[row["account"]].get("account_type"),
            "root_type": types[row["account"]].get("root_type"),
            "reference_is_return": row.get("reference_name") in returns,
            "is_exchange_account": row["account"] == company.get("exchange_gain_loss_account"),
        }
        for row in doc["accounts"]
    ]
    return journal_legs.read({**doc, "accounts": rows}, mapping_of(company, **choices))


def journal_of(case: str, at: int = 0, **choices: Any) -> Journal:
    """A case's journal, as the app reads it."""
    return told_apart(*of_case(case, at), **choices)


def plain_name(account: str) -> str:
    """An account without its company."""
    return account.rpartition(" - ")[0]
