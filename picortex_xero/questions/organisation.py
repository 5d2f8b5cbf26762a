"""One organisation to experiment on. Nothing but a Demo Company is ever written to: Xero itself says which organisation is one.

What Xero answers otherwise than the app relies on is `Differs`; what keeps a question from being asked at all is `NotAsked`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ..accounting.money import decimal
from ..xero import answers
from ..xero.answers import Answer
from ..xero.client import Request, encode

MINUTE = 60
ISO = "%Y-%m-%dT%H:%M:%S"
Element = dict[str, Any]


class Differs(Exception):
    """Xero does otherwise than the app relies on; the text says what was seen."""


class NotAsked(Exception):
    """The question could not be asked, or Xero has not answered it; the text says why."""


class Wait(Exception):
    """The organisation has no calls left for so many seconds; the question is asked anew after that."""

    def __init__(self, seconds: int, limit: str = "") -> None:
        super().__init__(f"{seconds} seconds")
        self.seconds, self.limit = seconds, limit


class NotADemoCompany(Exception):
    """Xero does not call the organisation a Demo Company; the text is its name."""


@dataclass
class Organisation:
    """`send` makes one call; `now` tells the time in UTC. `run` makes names of this run unlike those of any other: a Demo Company keeps what
    earlier runs left. `calls` counts."""

    send: Callable[[Request], Answer]
    now: Callable[[], datetime]
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    calls: int = 0
    accounts: list[Element] = field(default_factory=list)
    rates: list[Element] = field(default_factory=list)
    base_currency: str = ""

    def call(self, method: str, path: str, body: Any = None, key: str = "", since: str = "", raw: bytes = b"", kind: str = "") -> Answer:
        """One call. Raises Wait, and NotAsked where Xero gives no whole answer."""
        content = raw or (encode(body) if body is not None else b"")
        self.calls += 1
        request = Request(method, path, content, key, since, kind or "application/json")
        answer = self.send(request)
        verdict = answers.judge(answer)
        if answer.status == 429:
            raise Wait(verdict.wait or MINUTE, verdict.limit)
        if answer.status in (0, 401, 403) or answer.status >= 500 or answer.data is None:
            raise NotAsked(f"{method} {path.partition('?')[0]}: {answer.status or answer.failure} {answer.text[:200]}".strip())
        return answer

    def must_be_a_demo_company(self) -> None:
        """Raises NotADemoCompany unless Xero says now that it is one."""
        about = self._listed("Organisation", "Organisations")
        if len(about) != 1 or about[0].get("IsDemoCompany") is not True:
            raise NotADemoCompany(str((about or [{}])[0].get("Name") or ""))
        self.base_currency = str(about[0].get("BaseCurrency") or "")

    def put(self, endpoint: str, *elements: Element, query: str = "summarizeErrors=false") -> list[Element]:
        """PUT elements; the answer's elements, errors included. One that is refused as a whole is an element with Xero's words."""
        name = endpoint.rpartition("/")[2]
        answer = self.call("PUT", f"{endpoint}?{query}", {name: list(elements)})
        if answer.status != 200:
            return [{"ValidationErrors": [{"Message": said(answer)}]} for _each in elements]
        shown = answer.data.get(name) if isinstance(answer.data, dict) else None
        if not isinstance(shown, list) or len(shown) != len(elements) or not all(isinstance(each, dict) for each in shown):
            raise NotAsked(f"PUT {endpoint}: the answer shows no {name}")
        return shown

    def post(self, path: str, body: Any) -> Answer:
        """POST, whatever Xero answers."""
        return self.call("POST", path, body)

    def made(self, endpoint: str, element: Element, query: str = "summarizeErrors=false") -> Element:
        """One created element, which is what is asked about. Raises Differs with Xero's words where it was refused."""
        shown = self.put(endpoint, element, query=query)[0]
        if refused := errors(shown):
            raise Differs(f"{endpoint}: {'; '.join(refused)}")
        return shown

    def given(self, endpoint: str, element: Element, query: str = "summarizeErrors=false") -> Element:
        """One created element that the question only stands on. Raises NotAsked where it was refused."""
        try:
            return self.made(endpoint, element, query)
        except Differs as refused:
            raise NotAsked(str(refused)) from refused

    def get(self, path: str, since: str = "") -> Element:
        """The JSON of a GET. Raises NotAsked."""
        answer = self.call("GET", path, since=since)
        if answer.status != 200 or not isinstance(answer.data, dict):
            raise NotAsked(f"GET {path.partition('?')[0]}: HTTP {answer.status} {said(answer)}")
        return answer.data

    def _listed(self, path: str, name: str = "") -> list[Element]:
        found = self.get(path).get(name or path)
        if not isinstance(found, list):
            raise NotAsked(f"GET {path}: the answer has no list")
        return [each for each in found if isinstance(each, dict)]

    def one(self, endpoint: str, record_id: str) -> Element:
        """A record as it is now. Raises NotAsked."""
        found = self.get(f"{endpoint}/{record_id}").get(endpoint)
        if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
            raise NotAsked(f"GET {endpoint}: Xero does not show the record")
        return found[0]

    def name(self, what: str) -> str:
        """A name of this run."""
        return f"{what} {self.run}"

    def day(self, days_ago: int = 0) -> str:
        """A date, yyyy-mm-dd."""
        return (self.now() - timedelta(days=days_ago)).strftime("%Y-%m-%d")

    def account(self, **wanted: Any) -> Element:
        """The first active account with these fields that is none of Xero's own. Raises NotAsked."""
        free = [each for each in self.all_accounts() if each.get("Status") == "ACTIVE" and not each.get("SystemAccount")]
        found = [each for each in free if all(each.get(key) == value for key, value in wanted.items())]
        if not found:
            raise NotAsked(f"the organisation has no account with {wanted}")
        return found[0]

    def all_accounts(self) -> list[Element]:
        """The chart of accounts."""
        self.accounts = self.accounts or self._listed("Accounts")
        return self.accounts

    def tax_rates(self) -> list[Element]:
        """The tax rates."""
        self.rates = self.rates or self._listed("TaxRates")
        return self.rates

    def bank(self) -> Element:
        """A bank account, in the organisation's currency once that is known: payments of its invoices are on no other."""
        return self.account(Type="BANK", **({"CurrencyCode": self.base_currency} if self.base_currency else {}))

    def untaxed(self) -> str:
        """The tax type of what is outside every return: Australia has one of its own in the place of NONE."""
        return next((each["TaxType"] for each in self.tax_rates() if each["TaxType"] == "BASEXCLUDED"), "NONE")

    def tax(self, sales: bool = True) -> tuple[str, Decimal]:
        """A tax type with a rate that applies to income (or expenses), and the rate. Raises NotAsked."""
        side = "CanApplyToRevenue" if sales else "CanApplyToExpenses"
        for rate in self.tax_rates():
            fits = rate.get("Status") == "ACTIVE" and rate.get(side) and decimal(rate.get("EffectiveRate")) > 0
            if fits and "ECACQ" not in rate["TaxType"]:
                return rate["TaxType"], decimal(rate["EffectiveRate"])
        raise NotAsked("the organisation has no tax rate above zero")

    def contact(self, what: str = "Probe") -> str:
        """A new contact."""
        return str(self.given("Contacts", {"Name": self.name(f"{what} {secrets.token_hex(5)}")})["ContactID"])

    def line(self, amount: Any = 100, sales: bool = True, **fields: Any) -> Element:
        """A taxed line on an income or expense account."""
        account = self.account(Class="REVENUE", Type="REVENUE") if sales else self.account(Class="EXPENSE")
        its = {"Description": "Probe", "Quantity": 1, "UnitAmount": amount, "AccountCode": account["Code"], "TaxType": self.tax(sales)[0]}
        return {**its, **fields}

    def element(self, sales: bool = True, *lines: Element, **fields: Any) -> Element:
        """An authorised invoice or bill of today, as it is sent."""
        own: Element = {
            "Type": "ACCREC" if sales else "ACCPAY",
            "InvoiceNumber": self.name(secrets.token_hex(3)),
            "Date": self.day(),
            "DueDate": self.day(),
        }
        own |= {
            "Contact": {"ContactID": fields.pop("contact", None) or self.contact()},
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
        }
        return {**own, "LineItems": list(lines) or [self.line(sales=sales)], **fields}

    def invoice(self, sales: bool = True, *lines: Element, asked: bool = False, **fields: Any) -> Element:
        """An authorised invoice or bill, created; `asked` where it is what the question is about."""
        make = self.made if asked else self.given
        return make("Invoices", self.element(sales, *lines, **fields), "summarizeErrors=false&unitdp=4")

    def payment(self, invoice: str, amount: Any, **fields: Any) -> Element:
        """A payment of an invoice or bill of today, as it is sent."""
        account = fields.pop("account", None) or self.bank()["AccountID"]
        return {"Invoice": {"InvoiceID": invoice}, "Account": {"AccountID": account}, "Date": self.day(), "Amount": amount, **fields}


def errors(element: Element) -> list[str]:
    """What Xero says is wrong with an element."""
    found = [str(each.get("Message")) for each in element.get("ValidationErrors") or []]
    return found or (["HasErrors"] if element.get("StatusAttributeString") == "ERROR" else [])


def said(answer: Answer) -> str:
    """Xero's words in an answer that refuses."""
    data = answer.data if isinstance(answer.data, dict) else {}
    found = [message for each in data.get("Elements") or [] if isinstance(each, dict) for message in errors(each)]
    return "; ".join(found) or str(data.get("Message") or data.get("Detail") or answer.text[:200] or f"HTTP {answer.status}")


def expect(holds: Any, seen: Any) -> None:
    """Raises Differs with what was seen instead unless it `holds`."""
    if not holds:
        raise Differs(str(seen))
