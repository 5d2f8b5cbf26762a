"""A plain HTTP client of the simulator that knows nothing of the app."""

from __future__ import annotations

from typing import Any

import httpx

from sandbox.xero.process import RunningXero


class Client:
    """A plain HTTP client of one organisation."""

    def __init__(self, xero: RunningXero, tenant: str | None = None, **token: Any) -> None:
        self.xero, self.tenant = xero, tenant or xero.tenant
        access = xero.token(**token)["access_token"]
        self.http = httpx.Client(
            base_url=xero.address + "/api.xro/2.0",
            timeout=30,
            headers={"Authorization": f"Bearer {access}", "xero-tenant-id": self.tenant, "Accept": "application/json"},
        )

    def put(
        self, name: str, *elements: dict[str, Any], key: str | None = None, query: str = "summarizeErrors=false&unitdp=4"
    ) -> httpx.Response:
        if name.split("/")[-1] in ("Contacts", "Payments", "BatchPayments", "Allocations", "ManualJournals"):
            query = query.replace("&unitdp=4", "")
        return self.http.put(
            f"/{name}?{query}", json={name.split("/")[-1]: list(elements)}, headers={"Idempotency-Key": key} if key else {}
        )

    def post(self, path: str, body: Any, key: str | None = None) -> httpx.Response:
        return self.http.post(f"/{path}", json=body, headers={"Idempotency-Key": key} if key else {})

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(f"/{path}", headers=headers)

    def made(self, name: str, element: dict[str, Any]) -> dict[str, Any]:
        """One created element; fails when Xero refuses it."""
        answer = self.put(name, element)
        assert answer.status_code == 200, answer.text
        shown = answer.json()[name][0]
        assert shown.get("StatusAttributeString", "OK") == "OK" and "ValidationErrors" not in shown, shown
        return shown

    def errors(self, name: str, element: dict[str, Any]) -> list[str]:
        """The messages one element is refused with; fails when it is accepted."""
        shown = self.put(name, element).json()[name][0]
        assert shown.get("StatusAttributeString", "ERROR") == "ERROR", shown
        return [error["Message"] for error in shown["ValidationErrors"]]

    def contact(self, name: str = "Rata Builders", **fields: Any) -> str:
        return self.made("Contacts", {"Name": name, **fields})["ContactID"]

    def line(self, amount: float = 100, **fields: Any) -> dict[str, Any]:
        return {"Description": "Fence panel", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200", "TaxType": "OUTPUT2", **fields}

    def invoice(self, contact: str, number: str, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """An authorised sales invoice as an element (not sent)."""
        return {
            "Type": "ACCREC",
            "InvoiceNumber": number,
            "Contact": {"ContactID": contact},
            "Date": "2026-10-05",
            "DueDate": "2026-10-25",
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "LineItems": list(lines) or [self.line()],
            **fields,
        }

    def bill(self, contact: str, number: str, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        own = list(lines) or [self.line(AccountCode="310", TaxType="INPUT2")]
        return self.invoice(contact, number, *own, **{"Type": "ACCPAY", **fields})
