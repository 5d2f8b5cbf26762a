"""Organisations of the simulator in this process, without HTTP: their routes called as they are, and random books made through them."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sandbox.xero import api, organisation, settings, wire
from sandbox.xero.organisation import Organisation
from sandbox.xero.world import Call, World


class Books:
    """One organisation, and the calls on it."""

    def __init__(self, edition: str = "UK", currency: str = "GBP", name: str = "Harrow Tools") -> None:
        self.world = World()
        self.org: Organisation = organisation.found(edition, currency, name)
        self.world.organisations[self.org.tenant] = self.org

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """The answer of a route as a client reads it. Raises what the route raises."""
        path, _, query = path.partition("?")
        asked = dict(each.split("=", 1) for each in query.split("&") if each)
        call = Call(self.world, self.org, method, f"{api.PREFIX}/{path}", asked, {}, json.dumps(body).encode() if body is not None else b"")
        for verb, pattern, _scope, handler in api.ROUTES:
            match = pattern.fullmatch(f"/{path}")
            if match and verb == method:
                return json.loads(wire.dumps(handler(call, *match.groups())))
        raise LookupError(path)

    def made(self, name: str, element: dict[str, Any]) -> dict[str, Any]:
        """One created element. Fails where Xero would refuse it."""
        shown: dict[str, Any] = self.ask(f"{name}?summarizeErrors=false", "PUT", {name.split("/")[-1]: [element]})[name.split("/")[-1]][0]
        assert not shown.get("ValidationErrors"), shown
        return shown

    def person(self, action: str, **body: Any) -> Any:
        """What a person does in the organisation's own settings."""
        return settings.ACTIONS[action](Call(self.world, self.org, "POST", "", {}, {}, b""), body)


def random_books(seed: int) -> Books:
    """Books of two years: another year's start, tracking, archived accounts, foreign currency, every kind of record; deterministic by seed."""
    chance = random.Random(seed)
    books = Books(chance.choice(["UK", "UK", "NZ", "AU"]), chance.choice(["GBP", "NZD"]), f"Random {seed}")
    month, day = chance.choice([(3, 31), (12, 31), (6, 30), (9, 30), (2, 28)])
    books.person("set_financial_year", month=month, day=day)
    for name in ("Region", "Department")[: chance.randrange(3)]:
        books.person("add_tracking", Name=name, Options=["North", "South"])
    if chance.random() < 0.5:
        books.person("set_conversion", Date="2025-01-31", Balances={"090": "5000.00", "610": "120.00", "200": "-300.00"})
    sales = [each for each in books.org.accounts.values() if each["Type"] in ("REVENUE", "SALES", "OTHERINCOME")]
    costs = [
        each
        for each in books.org.accounts.values()
        if each["Type"] in ("DIRECTCOSTS", "OVERHEADS", "EXPENSE") and not each.get("SystemAccount")
    ]
    contact = books.made("Contacts", {"Name": "Somebody"})["ContactID"]
    for number in range(chance.randrange(12, 40)):
        _record(books, chance, contact, number, sales, costs)
    for account in chance.sample(sales + costs, 3):
        account["Status"] = "ARCHIVED"
    return books


def _day(chance: random.Random) -> str:
    return str(date(2025, 1, 1) + timedelta(days=chance.randrange(730)))


def _line(books: Books, chance: random.Random, account: dict[str, Any]) -> dict[str, Any]:
    tracking = [
        {"TrackingCategoryID": each["TrackingCategoryID"], "TrackingOptionID": chance.choice(each["Options"])["TrackingOptionID"]}
        for each in books.org.tracking.values()
        if chance.random() < 0.7
    ]
    amount = float(Decimal(chance.randrange(1, 90000)) / 100)
    line = {"Description": "x", "Quantity": 1, "UnitAmount": amount, "AccountCode": account["Code"], "Tracking": tracking}
    return line


def _record(
    books: Books, chance: random.Random, contact: str, number: int, sales: list[dict[str, Any]], costs: list[dict[str, Any]]
) -> None:
    customers, day, kind = chance.random() < 0.6, _day(chance), chance.random()
    lines = [_line(books, chance, chance.choice(sales if customers else costs)) for _ in range(chance.randrange(1, 4))]
    common = {
        "Contact": {"ContactID": contact},
        "Date": day,
        "LineItems": lines,
        "LineAmountTypes": chance.choice(["Exclusive", "Inclusive"]),
    }
    if kind < 0.55:
        currency = {"CurrencyCode": "USD", "CurrencyRate": 1.3} if chance.random() < 0.2 else {}
        status = "AUTHORISED" if chance.random() < 0.9 else "DRAFT"
        made = books.made(
            "Invoices",
            {
                **common,
                **currency,
                "Type": "ACCREC" if customers else "ACCPAY",
                "InvoiceNumber": f"N{number}",
                "DueDate": day,
                "Status": status,
            },
        )
        if status == "AUTHORISED" and chance.random() < 0.7:
            _settle(books, chance, {**common, **currency, "InvoiceNumber": f"N{number}"}, made, customers)
    elif kind < 0.6:
        # Money that nobody has asked for yet.
        whole = [{"Description": "x", "Quantity": 1, "UnitAmount": lines[0]["UnitAmount"]}]
        type_ = "RECEIVE-OVERPAYMENT" if customers else "SPEND-OVERPAYMENT"
        books.made("BankTransactions", {**common, "Type": type_, "BankAccount": {"Code": "090"}, "LineItems": whole})
    elif kind < 0.8:
        books.made("BankTransactions", {**common, "Type": "RECEIVE" if customers else "SPEND", "BankAccount": {"Code": "090"}})
    elif kind < 0.9:
        books.made("BankTransfers", {"FromBankAccount": {"Code": "090"}, "ToBankAccount": {"Code": "093"}, "Amount": 12.34, "Date": day})
    else:
        first, amount = _line(books, chance, chance.choice(costs)), 10 + number
        own = {"Description": "x", "AccountCode": first["AccountCode"], "LineAmount": amount, "Tracking": first["Tracking"]}
        journal = {
            "Narration": "n",
            "Date": day,
            "Status": "POSTED",
            "ShowOnCashBasisReports": chance.random() < 0.5,
            "LineAmountTypes": "NoTax",
        }
        books.made("ManualJournals", {**journal, "JournalLines": [own, {**own, "LineAmount": -amount, "AccountCode": sales[0]["Code"]}]})


def _settle(books: Books, chance: random.Random, common: dict[str, Any], made: dict[str, Any], customers: bool) -> None:
    """Pays an invoice whole or in part, or credits it."""
    due, later = Decimal(str(made["AmountDue"])), str(date.fromisoformat(common["Date"]) + timedelta(days=chance.randrange(90)))
    if due and chance.random() < 0.75:
        parts = [due] if due < 1 or chance.random() < 0.5 else [wire.money(due / 3), wire.money(due / 4)]
        for part in parts:
            payment = {"Invoice": {"InvoiceID": made["InvoiceID"]}, "Account": {"Code": "090"}, "Date": later, "Amount": float(part)}
            books.made("Payments", payment)
    elif due:
        note = {key: value for key, value in common.items() if key != "InvoiceNumber"}
        credit = books.made(
            "CreditNotes",
            {
                **note,
                "Type": "ACCRECCREDIT" if customers else "ACCPAYCREDIT",
                "CreditNoteNumber": "C" + common["InvoiceNumber"],
                "Date": later,
                "Status": "AUTHORISED",
            },
        )
        amount = float(min(due, Decimal(str(credit["RemainingCredit"]))))
        books.made(f"CreditNotes/{credit['CreditNoteID']}/Allocations", {"Amount": amount, "Invoice": {"InvoiceID": made["InvoiceID"]}})
