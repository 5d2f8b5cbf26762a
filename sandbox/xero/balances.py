"""What each account holds at the end of a day, from the organisation's own records: debit positive, credit negative, in its base currency.

Every record is booked as Xero books it: documents by line with their tax on the GST account against receivables or payables, payments at the document's
rate against the bank with what is left as realised gain or loss, advances on receivables or payables until they are allocated (A: Xero Central, "How
transactions affect accounts"). An amount in a foreign currency stays at the rate of its record: nothing is revalued (C).
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.xero import wire
from sandbox.xero.organisation import Organisation

_STANDS = ("AUTHORISED", "PAID", "POSTED")
_OF_CUSTOMERS = ("ACCREC", "ACCRECCREDIT")
Posting = tuple[str, Decimal]


def balances(org: Organisation, day: date) -> dict[str, Decimal]:
    """By account id what it holds at the end of ``day``, where that is not zero; sums to zero."""
    held: dict[str, Decimal] = {}
    for account, amount in postings(org, day):
        held[account] = held.get(account, wire.ZERO) + amount
    return {account: amount for account, amount in held.items() if amount}


def postings(org: Organisation, day: date, since: date | None = None) -> Iterator[Posting]:
    """What was booked on which account, dated after ``since`` (all where None) and not after ``day``."""

    def counts(record: dict[str, Any]) -> bool:
        return record["Status"] in _STANDS and record["Date"] <= day and (since is None or record["Date"] > since)

    if org.conversion and (since is None or org.conversion["Date"] > since) and org.conversion["Date"] <= day:
        yield from org.conversion["Balances"].items()
    for resource in ("Invoices", "CreditNotes"):
        for record in filter(counts, org.of(resource).values()):
            yield from _document(org, record)
    for record in filter(counts, org.of("BankTransactions").values()):
        yield from _bank_transaction(org, record)
    for record in filter(counts, org.of("Payments").values()):
        yield from _payment(org, record)
    for record in filter(counts, org.of("ManualJournals").values()):
        sign = {"Exclusive": 0, "Inclusive": 1}.get(record["LineAmountTypes"], 0)
        for line in record["lines"]:
            yield line["account"], line["LineAmount"] - sign * line["TaxAmount"]
            yield _system(org, "GST"), line["TaxAmount"]


def _document(org: Organisation, record: dict[str, Any]) -> Iterator[Posting]:
    customers, credits = record["Type"] in _OF_CUSTOMERS, record["Type"].endswith("CREDIT")
    yield from _lines(org, record, -1 if customers != credits else 1, _control(org, customers))


def _lines(org: Organisation, record: dict[str, Any], sign: int, against: str) -> Iterator[Posting]:
    """Each line and its tax (``sign`` 1: debit), and what stands against them."""
    whole = wire.ZERO
    for line in record["lines"]:
        own = line["LineAmount"] - (line["TaxAmount"] if record["LineAmountTypes"] == "Inclusive" else 0)
        net, tax = wire.money(own / record["CurrencyRate"]), wire.money(line["TaxAmount"] / record["CurrencyRate"])
        if net:
            yield line["account"], sign * net
        yield _system(org, "GST"), sign * tax
        whole += net + tax
    yield against, -sign * whole


def _bank_transaction(org: Organisation, record: dict[str, Any]) -> Iterator[Posting]:
    direction, _, kind = record["Type"].partition("-")
    sign = 1 if direction == "RECEIVE" else -1
    if kind == "TRANSFER":
        currency = org.accounts[record["account"]].get("CurrencyCode") or org.currency
        rate = Decimal(1) if currency == org.currency else org.day_rate(currency, record["Date"])
        yield record["account"], sign * wire.money(record["Total"] / rate)
        yield _system(org, "REALISEDCURRENCYGAIN"), -sign * wire.money(record["Total"] / rate)
    elif kind:
        # The advance stands on receivables or payables, whole (C for a prepayment's tax), and its allocation moves nothing.
        total = wire.money(record["Total"] / record["CurrencyRate"])
        yield record["account"], sign * total
        yield _control(org, direction == "RECEIVE"), -sign * total
    else:
        yield from _lines(org, record, -sign, record["account"])


def _payment(org: Organisation, payment: dict[str, Any]) -> Iterator[Posting]:
    resource = {"Invoice": "Invoices", "CreditNote": "CreditNotes", "Prepayment": "Prepayments", "Overpayment": "Overpayments"}
    document = org.of(resource[payment["field"]])[payment["target"]]
    account = org.accounts[payment["account"]]
    customers = document["Type"] in _OF_CUSTOMERS or document["Type"].startswith("RECEIVE")
    # Money comes in for a customer's invoice and a supplier's credit, and goes out for the others.
    comes_in = customers == (payment["field"] == "Invoice")
    sign = 1 if comes_in else -1
    own = (account.get("CurrencyCode") or org.currency) == org.currency
    moved = payment["BankAmount"] if own else wire.money(payment["Amount"] / payment["CurrencyRate"])
    settled = wire.money(payment["Amount"] / document["CurrencyRate"])
    yield payment["account"], sign * moved
    yield _control(org, customers), -sign * settled
    yield _system(org, "REALISEDCURRENCYGAIN"), sign * (settled - moved)


def _control(org: Organisation, customers: bool) -> str:
    return _system(org, "DEBTORS" if customers else "CREDITORS")


def _system(org: Organisation, name: str) -> str:
    return next(each["AccountID"] for each in org.accounts.values() if each.get("SystemAccount") == name)
