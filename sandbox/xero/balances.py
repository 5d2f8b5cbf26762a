"""What each account holds at the end of a day, from the organisation's own records: debit positive, credit negative, in its base currency.

Every record is booked as Xero books it: documents by line with their tax on the GST account against receivables or payables, payments at the document's
rate against the bank with what is left as realised gain or loss, advances on receivables or payables until they are allocated (A: Xero Central, "How
transactions affect accounts"). An amount in a foreign currency stays at the rate of its record: nothing is revalued (C).

On the cash basis an invoice or a credit note counts as far as it is settled, on the days on which it is (A: Xero Central, "Cash basis reports"); each
settlement takes its share of every line, rounded so that the whole document adds up (C); a journal counts where it is shown on cash basis reports (A).
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sandbox.xero import wire
from sandbox.xero.organisation import Organisation

_STANDS = ("AUTHORISED", "PAID", "POSTED")
_OF_CUSTOMERS = ("ACCREC", "ACCRECCREDIT")


class Posting(NamedTuple):
    """One row of the ledger. ``account`` is an AccountID, ``amount`` in base currency, debit positive; ``options`` are the TrackingOptionIDs of its line."""

    account: str
    amount: Decimal
    day: date
    options: tuple[str, ...] = ()


def balances(org: Organisation, day: date) -> dict[str, Decimal]:
    """By account id what it holds at the end of ``day``, where that is not zero; sums to zero."""
    held: dict[str, Decimal] = {}
    for posting in postings(org, day):
        held[posting.account] = held.get(posting.account, wire.ZERO) + posting.amount
    return {account: amount for account, amount in held.items() if amount}


def postings(org: Organisation, day: date, since: date | None = None, cash: bool = False) -> Iterator[Posting]:
    """What was booked on which account, dated after ``since`` (all where None) and not after ``day``; ``cash``: on the cash basis."""
    for posting in _all(org, cash):
        if posting.day <= day and (since is None or posting.day > since):
            yield posting


def _all(org: Organisation, cash: bool) -> Iterator[Posting]:

    def standing(resource: str) -> Iterator[dict[str, Any]]:
        return (record for record in org.of(resource).values() if record["Status"] in _STANDS)

    if org.conversion:
        for account, amount in org.conversion["Balances"].items():
            yield Posting(account, amount, org.conversion["Date"])
    for resource in ("Invoices", "CreditNotes"):
        for record in standing(resource):
            yield from _settled(org, record) if cash else _document(org, record)
    for record in standing("BankTransactions"):
        yield from _bank_transaction(org, record)
    for record in standing("Payments"):
        yield from _payment(org, record)
    for record in standing("ManualJournals"):
        sign = {"Exclusive": 0, "Inclusive": 1}.get(record["LineAmountTypes"], 0)
        for line in record["lines"] if record["cash"] or not cash else ():
            options = _options(line)
            yield Posting(line["account"], line["LineAmount"] - sign * line["TaxAmount"], record["Date"], options)
            yield Posting(_system(org, "GST"), line["TaxAmount"], record["Date"], options)


def _options(line: dict[str, Any]) -> tuple[str, ...]:
    return tuple(tag["TrackingOptionID"] for tag in line.get("Tracking") or ())


def _settled(org: Organisation, record: dict[str, Any]) -> Iterator[Posting]:
    """The rows of a document on the cash basis: of each settlement its share of every row."""
    whole = list(_document(org, record))
    if not record["Total"]:
        yield from whole
        return
    paid = [(org.of("Payments")[each]["Date"], org.of("Payments")[each]["Amount"]) for each in record["payments"]]
    settled, given = wire.ZERO, [wire.ZERO] * len(whole)
    for day, amount in sorted([*paid, *((each["Date"], each["Amount"]) for each in record["allocations"])]):
        settled += amount
        # The last row stands against the others and takes what rounding leaves.
        until = [wire.money(row.amount * settled / record["Total"]) for row in whole[:-1]]
        until.append(-sum(until, wire.ZERO))
        for row, now, before in zip(whole, until, given):
            yield row._replace(amount=now - before, day=day)
        given = until


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
            yield Posting(line["account"], sign * net, record["Date"], _options(line))
        yield Posting(_system(org, "GST"), sign * tax, record["Date"], _options(line))
        whole += net + tax
    yield Posting(against, -sign * whole, record["Date"])


def _bank_transaction(org: Organisation, record: dict[str, Any]) -> Iterator[Posting]:
    direction, _, kind = record["Type"].partition("-")
    sign = 1 if direction == "RECEIVE" else -1
    if kind == "TRANSFER":
        currency = org.accounts[record["account"]].get("CurrencyCode") or org.currency
        rate = Decimal(1) if currency == org.currency else org.day_rate(currency, record["Date"])
        yield Posting(record["account"], sign * wire.money(record["Total"] / rate), record["Date"])
        yield Posting(_system(org, "REALISEDCURRENCYGAIN"), -sign * wire.money(record["Total"] / rate), record["Date"])
    elif kind:
        # The advance stands on receivables or payables, whole (C for a prepayment's tax), and its allocation moves nothing.
        total = wire.money(record["Total"] / record["CurrencyRate"])
        yield Posting(record["account"], sign * total, record["Date"])
        yield Posting(_control(org, direction == "RECEIVE"), -sign * total, record["Date"])
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
    yield Posting(payment["account"], sign * moved, payment["Date"])
    yield Posting(_control(org, customers), -sign * settled, payment["Date"])
    yield Posting(_system(org, "REALISEDCURRENCYGAIN"), sign * (settled - moved), payment["Date"])


def _control(org: Organisation, customers: bool) -> str:
    return _system(org, "DEBTORS" if customers else "CREDITORS")


def _system(org: Organisation, name: str) -> str:
    return next(each["AccountID"] for each in org.accounts.values() if each.get("SystemAccount") == name)
