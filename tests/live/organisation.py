"""One organisation to experiment on: the simulator's, or a Xero Demo Company that the environment names.

Nothing but a Demo Company is ever written to: Xero itself says which organisation is one (`IsDemoCompany`).
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

API = "https://api.xero.com/api.xro/2.0/"
TOKEN = "https://identity.xero.com/connect/token"
# Connections made since 29 April 2026 know granular scopes only (developer.xero.com/faq/granular-scopes, A).
SCOPES = (
    "accounting.invoices accounting.payments accounting.banktransactions accounting.manualjournals "
    "accounting.contacts accounting.settings accounting.attachments"
)
MINUTE = 61


class Unavailable(Exception):
    """No organisation to experiment on; the message says what to set."""


@dataclass
class Organisation:
    """`run` makes names of this run unlike those of any other: a Demo Company keeps what earlier runs left."""

    http: httpx.Client
    run: str = field(default_factory=lambda: uuid.uuid4().hex[:6])
    accounts: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One call; waits out Xero's minute limit (429 says how long)."""
        answer = self.http.request(method, path, json=body, headers=headers)
        while answer.status_code == 429 and "day" not in answer.headers.get("x-rate-limit-problem", "").lower():
            time.sleep(int(answer.headers.get("retry-after", MINUTE)))
            answer = self.http.request(method, path, json=body, headers=headers)
        return answer

    def put(self, endpoint: str, *elements: dict[str, Any], query: str = "summarizeErrors=false") -> list[dict[str, Any]]:
        """PUT elements; returns the answer's elements, errors included."""
        name = endpoint.rpartition("/")[2]
        answer = self.call("PUT", f"{endpoint}?{query}", {name: list(elements)})
        assert answer.status_code == 200, f"{endpoint}: HTTP {answer.status_code} {answer.text[:500]}"
        return list(answer.json()[name])

    def made(self, endpoint: str, element: dict[str, Any], query: str = "summarizeErrors=false") -> dict[str, Any]:
        """One created element. AssertionError with Xero's words where it was refused."""
        shown = self.put(endpoint, element, query=query)[0]
        assert not errors(shown), f"{endpoint}: {errors(shown)}"
        return shown

    def get(self, path: str, **headers: str) -> dict[str, Any]:
        """The JSON of a GET."""
        answer = self.call("GET", path, None, **headers)
        assert answer.status_code == 200, f"{path}: HTTP {answer.status_code} {answer.text[:500]}"
        return dict(answer.json())

    def one(self, endpoint: str, record_id: str) -> dict[str, Any]:
        """A record as it is now."""
        return dict(self.get(f"{endpoint}/{record_id}")[endpoint][0])

    def name(self, what: str) -> str:
        """A name of this run."""
        return f"{what} {self.run}"

    def account(self, **wanted: Any) -> dict[str, Any]:
        """The first active account with these fields that is none of Xero's own."""
        self.accounts = self.accounts or self.get("Accounts")["Accounts"]
        free = [each for each in self.accounts if each["Status"] == "ACTIVE" and not each.get("SystemAccount")]
        found = [each for each in free if all(each.get(key) == value for key, value in wanted.items())]
        assert found, f"the organisation has no account with {wanted}"
        return dict(found[0])

    def tax(self, sales: bool = True) -> tuple[str, Decimal]:
        """A tax type with a rate that applies to income (or expenses), and the rate."""
        side = "CanApplyToRevenue" if sales else "CanApplyToExpenses"
        for rate in self.get("TaxRates")["TaxRates"]:
            if (
                rate["Status"] == "ACTIVE"
                and rate.get(side)
                and Decimal(str(rate.get("EffectiveRate") or 0)) > 0
                and "ECACQ" not in rate["TaxType"]
            ):
                return rate["TaxType"], Decimal(str(rate["EffectiveRate"]))
        raise AssertionError("the organisation has no tax rate above zero")

    def contact(self, what: str = "Probe") -> str:
        """A new contact."""
        return str(self.made("Contacts", {"Name": self.name(f"{what} {uuid.uuid4().hex[:10]}")})["ContactID"])

    def line(self, amount: Any = 100, sales: bool = True, **fields: Any) -> dict[str, Any]:
        """A taxed line on an income or expense account."""
        account = self.account(Class="REVENUE", Type="REVENUE") if sales else self.account(Class="EXPENSE")
        return {
            "Description": "Probe",
            "Quantity": 1,
            "UnitAmount": float(amount),
            "AccountCode": account["Code"],
            "TaxType": self.tax(sales)[0],
            **fields,
        }

    def invoice(self, sales: bool = True, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """An authorised invoice or bill, created."""
        today = time.strftime("%Y-%m-%d")
        element = {
            "Type": "ACCREC" if sales else "ACCPAY",
            "InvoiceNumber": self.name(uuid.uuid4().hex[:6]),
            "Date": today,
            "DueDate": today,
        }
        element |= {
            "Contact": {"ContactID": fields.pop("contact", None) or self.contact()},
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
        }
        element |= {"LineItems": list(lines) or [self.line(sales=sales)], **fields}
        return self.made("Invoices", element, "summarizeErrors=false&unitdp=4")


def errors(element: dict[str, Any]) -> list[str]:
    """What Xero says is wrong with an element."""
    found = [each["Message"] for each in element.get("ValidationErrors") or []]
    return found or (["HasErrors"] if element.get("StatusAttributeString") == "ERROR" else [])


def demo_company() -> Organisation:
    """The Demo Company that the environment names. Raises Unavailable."""
    token, tenant = os.environ.get("XERO_ACCESS_TOKEN", ""), os.environ.get("XERO_TENANT_ID", "")
    if not token and os.environ.get("XERO_CLIENT_ID"):
        fields = {"grant_type": "client_credentials", "scope": SCOPES}
        answer = httpx.post(TOKEN, data=fields, auth=(os.environ["XERO_CLIENT_ID"], os.environ["XERO_CLIENT_SECRET"]), timeout=30)
        answer.raise_for_status()
        token = answer.json()["access_token"]
    if not token:
        raise Unavailable(
            "set XERO_CLIENT_ID and XERO_CLIENT_SECRET of a custom connection to a Demo Company, or XERO_ACCESS_TOKEN and XERO_TENANT_ID"
        )
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", **({"Xero-Tenant-Id": tenant} if tenant else {})}
    found = Organisation(httpx.Client(base_url=API, headers=headers, timeout=60))
    about = found.get("Organisation")["Organisations"][0]
    if not about.get("IsDemoCompany"):
        raise Unavailable(f"{about.get('Name')} is not a Demo Company, and nothing else is ever written to")
    return found
