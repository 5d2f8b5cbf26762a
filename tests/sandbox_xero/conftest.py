"""One simulator process for all these tests; every exchange of every test is judged by ``exchange_check``."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.xero.process import RunningXero, running
from tests.sandbox_xero import exchange_check

NZ, UK, US, AU = "NZ:NZD:Kauri Supplies", "UK:GBP:Harrow Tools", "US:USD:Mesa Outdoor", "AU:AUD:Banksia Trading"


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clock") / "offset"
    path.write_text("0")
    return path


@pytest.fixture(scope="session")
def process(clock_file: Path) -> Iterator[RunningXero]:
    with running([NZ, UK, US, AU], clock_file=clock_file,
                 redirect_uris=["http://localhost:9/callback", "https://app.example/cb"]) as xero:
        yield xero


@pytest.fixture
def xero(process: RunningXero, clock_file: Path, request: pytest.FixtureRequest) -> Iterator[RunningXero]:
    """The simulator, fresh and without minute and day limits. Afterwards its exchanges are judged.

    ``@pytest.mark.wrong_requests`` leaves out the judging of requests, for tests that send wrong ones on purpose.
    """
    clock_file.write_text("0")
    process.reset()
    process.settings(app_minute=10 ** 9, auto_consent=False)
    for org in process.organisations:
        process.person("set_limits", org["tenant"], minute=10 ** 9, day=10 ** 9)
    yield process
    process.release()
    calls = process.calls()
    crashes = [call["crash"] for call in calls if call.get("crash")]
    assert not crashes, crashes[0]
    if exchange_check.available():
        judge = request.node.get_closest_marker("wrong_requests") is None
        complaints = [text for call in calls for text in exchange_check.complaints(call, request=judge)]
        assert not complaints, "\n".join(complaints[:20])


class Client:
    """A plain HTTP client of one organisation."""

    def __init__(self, xero: RunningXero, tenant: str | None = None, **token: Any) -> None:
        self.xero, self.tenant = xero, tenant or xero.tenant
        access = xero.token(**token)["access_token"]
        self.http = httpx.Client(base_url=xero.address + "/api.xro/2.0", timeout=30, headers={
            "Authorization": f"Bearer {access}", "xero-tenant-id": self.tenant, "Accept": "application/json"})

    def put(self, name: str, *elements: dict[str, Any], key: str | None = None,
            query: str = "summarizeErrors=false&unitdp=4") -> httpx.Response:
        if name.split("/")[-1] in ("Contacts", "Payments", "BatchPayments", "Allocations", "ManualJournals"):
            query = query.replace("&unitdp=4", "")
        return self.http.put(f"/{name}?{query}", json={name.split("/")[-1]: list(elements)},
                             headers={"Idempotency-Key": key} if key else {})

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
        return {"Description": "Fence panel", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200",
                "TaxType": "OUTPUT2", **fields}

    def invoice(self, contact: str, number: str, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """An authorised sales invoice as an element (not sent)."""
        return {"Type": "ACCREC", "InvoiceNumber": number, "Contact": {"ContactID": contact}, "Date": "2026-10-05",
                "DueDate": "2026-10-25", "LineAmountTypes": "Exclusive", "Status": "AUTHORISED",
                "LineItems": list(lines) or [self.line()], **fields}

    def bill(self, contact: str, number: str, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        own = list(lines) or [self.line(AccountCode="310", TaxType="INPUT2")]
        return self.invoice(contact, number, *own, **{"Type": "ACCPAY", **fields})


@pytest.fixture
def api(xero: RunningXero) -> Client:
    return Client(xero)


@pytest.fixture
def move(clock_file: Path) -> Any:
    """move(seconds): sets the clock of the simulator that far ahead of real time."""
    return lambda seconds: clock_file.write_text(str(seconds))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wrong_requests: sends requests that Xero's description forbids, on purpose")
