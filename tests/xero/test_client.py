"""The client sends exact bytes, never raises for what the network does, and tells "never sent" from "sent, no answer"."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.xero import answers, client, oauth
from picortex_xero.xero.answers import judge
from picortex_xero.xero.client import Organisation, Request, encode, send
from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.registry import KINDS
from sandbox.xero.process import RunningXero
from tests.scene.xero_server import Server, answer

# Real seconds that an answer is held back: many more than the deadlines set here, so that a slow machine is no lost deadline.
HELD = 40
Serve = Callable[[Callable[[Any], None]], Server]


def organisation(xero: RunningXero) -> Organisation:
    return Organisation(f"{xero.address}/api.xro/2.0/", xero.tenant, xero.token()["access_token"])


def one(where: Organisation, request: Request) -> Any:
    return send(where, [request])[0]


def bill(number: str, **changes: Any) -> dict[str, Any]:
    line = {"Description": "Posts", "Quantity": Decimal("3"), "UnitAmount": Decimal("0.3333"), "AccountCode": "310", "TaxType": "INPUT2"}
    return {
        "Type": "ACCPAY",
        "InvoiceNumber": number,
        "Contact": {"Name": "Kaimai Sawmills"},
        "Date": "2026-10-05",
        "DueDate": "2026-10-25",
        "LineAmountTypes": "Exclusive",
        "LineItems": [line],
        **changes,
    }


def put(number: str = "B-1", key: str = "key-1", **changes: Any) -> Request:
    return Request("PUT", "Invoices?summarizeErrors=false&unitdp=4", encode({"Invoices": [bill(number, **changes)]}), key)


def test_a_created_document_comes_back_with_exact_decimals(xero: RunningXero) -> None:
    xero.person("create_contact", Name="Kaimai Sawmills")
    got = one(organisation(xero), put())
    element = got.data["Invoices"][0]
    assert got.status == 200 and judge(got).kind == answers.ELEMENTS and xero_element.saved(KINDS["invoice"], element)
    line = element["LineItems"][0]
    assert isinstance(line["UnitAmount"], Decimal) and line["UnitAmount"] == Decimal("0.3333") and element["Total"] == Decimal("1.15")


def test_the_same_key_makes_one_document(xero: RunningXero) -> None:
    xero.person("create_contact", Name="Kaimai Sawmills")
    where = organisation(xero)
    first, again = one(where, put()), one(where, put())
    assert first.data["Invoices"][0]["InvoiceID"] == again.data["Invoices"][0]["InvoiceID"]
    assert len(xero.documents("Invoices")) == 1
    other = one(where, put(Date="2026-10-06"))
    assert judge(other).kind == answers.PROBE, "another body under the same key"


@pytest.mark.case("E2")
@pytest.mark.parametrize("looks", [[2], [0, 2]], ids=["before the headers", "in the call that hands over the body"])
def test_a_process_that_was_stopped_before_sending_a_write_does_not_send_it_on_waking(xero: RunningXero, looks: list[int]) -> None:
    """The last look at the clock is made where the body is handed over; what has only headers is no request to Xero."""
    xero.person("create_contact", Name="Kaimai Sawmills")
    times = iter(looks)
    late = one(organisation(xero), replace(put(), fence=(lambda: next(times), 1)))
    assert (late.status, late.failure) == (0, "unsent") and next(times, None) is None
    assert not xero.documents("Invoices")
    assert one(organisation(xero), replace(put(), fence=(lambda: 0, 1))).status == 200


@pytest.mark.parametrize(("fault", "booked"), [("drop_before", 0), ("drop_after", 1), ("truncated", 1)])
def test_sent_without_a_whole_answer_is_lost_whatever_xero_did(xero: RunningXero, fault: str, booked: int) -> None:
    xero.person("create_contact", Name="Kaimai Sawmills")
    xero.fault(fault, path="/Invoices$")
    got = one(organisation(xero), put())
    assert (got.status, got.failure, got.data) == (0, "lost", None) and judge(got).kind == answers.REPLAY
    assert len(xero.documents("Invoices")) == booked
    assert one(organisation(xero), put()).status == 200 and len(xero.documents("Invoices")) == 1


def test_no_connection_is_unsent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    got = one(Organisation(f"http://127.0.0.1:{port}/api.xro/2.0/", "t", "x"), put())
    assert (got.status, got.failure) == (0, "unsent") and judge(got).kind == answers.RELEASE


def test_an_unknown_host_is_unsent() -> None:
    assert one(Organisation("http://nowhere.invalid/api.xro/2.0/", "t", "x"), put()).failure == "unsent"


def test_a_held_answer_is_lost_at_the_total_deadline(xero: RunningXero, monkeypatch: pytest.MonkeyPatch) -> None:
    xero.person("create_contact", Name="Kaimai Sawmills")
    monkeypatch.setattr(client, "TOTAL_DEADLINE", 2)
    xero.fault("hold_after", path="/Invoices$", seconds=HELD)
    started = time.monotonic()
    got = one(organisation(xero), put())
    assert got.failure == "lost" and 1.9 < time.monotonic() - started < HELD
    assert len(xero.documents("Invoices")) == 1, "which is why it is not called unsent"


def test_an_answer_that_trickles_ends_at_the_total_deadline_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte comes inside the read timeout; only the deadline over the whole exchange ends it."""

    def trickle(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(10 * HELD):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    monkeypatch.setattr(client, "TOTAL_DEADLINE", 0.6)
    started = time.monotonic()
    got = one(Organisation(serve(trickle).address, "t", "x"), put())
    assert got.failure == "lost" and time.monotonic() - started < HELD


def test_limits_are_on_the_client_and_leave_room_for_each_other() -> None:
    phases = client.PHASES
    assert None not in (phases.connect, phases.read, phases.write, phases.pool)
    assert max(phases.connect, phases.read, phases.write) < client.TOTAL_DEADLINE <= 60  # type: ignore[type-var]


def test_what_is_on_the_wire(serve: Serve) -> None:
    server = serve(answer(b'{"Invoices":[]}'))
    request = Request("PUT", "Invoices?unitdp=4", '{"a":"ä"}'.encode(), "key-7")
    one(Organisation(server.address, "tenant-1", "secret-token"), request)
    heard = server.heard[0]
    assert (heard.method, heard.path, heard.body) == ("PUT", "/api.xro/2.0/Invoices?unitdp=4", '{"a":"ä"}'.encode())
    assert heard.headers["authorization"] == "Bearer secret-token" and heard.headers["xero-tenant-id"] == "tenant-1"
    assert heard.headers["idempotency-key"] == "key-7" and heard.headers["content-type"] == "application/json"
    assert heard.headers["accept"] == "application/json" and heard.headers["user-agent"].startswith("PiCortex")
    assert "if-modified-since" not in heard.headers


def test_a_file_goes_as_it_is_under_its_own_type(serve: Serve) -> None:
    server = serve(answer(b'{"Attachments":[]}'))
    content = bytes(range(256)) * 4096
    one(
        Organisation(server.address, "t", "x"),
        Request("PUT", "Invoices/i/Attachments/a.pdf", content, "key-8", content_type="application/pdf"),
    )
    heard = server.heard[0]
    assert heard.body == content and heard.headers["content-type"] == "application/pdf" and heard.headers["idempotency-key"] == "key-8"


def test_a_read_has_no_key_and_a_custom_connection_no_tenant(serve: Serve) -> None:
    server = serve(answer(b"{}"))
    one(Organisation(server.address, "", "x"), Request("GET", "Invoices?page=1", modified_since="2026-10-05T09:00:00"))
    headers = server.heard[0].headers
    assert headers["if-modified-since"] == "2026-10-05T09:00:00"
    assert not {"idempotency-key", "content-type", "xero-tenant-id"} & set(headers) and server.heard[0].body == b""


def test_answers_come_in_the_order_of_the_requests_with_at_most_four_in_flight(serve: Serve) -> None:
    def reply(handler: Any) -> None:
        number = int(handler.path.rsplit("=", 1)[1])
        answer(b'{"n":%d}' % number, delay=0.15 if number % 3 else 0.05)(handler)

    server = serve(reply)
    got = send(Organisation(server.address, "t", "x"), [Request("GET", f"Invoices?page={n}") for n in range(12)])
    assert [each.data["n"] for each in got] == list(range(12))
    assert server.most == client.IN_FLIGHT == 4


def test_one_lost_answer_takes_no_other_with_it(xero: RunningXero) -> None:
    xero.fault("drop_before", path="/Accounts$")
    got = send(organisation(xero), [Request("GET", path) for path in ("Organisation", "Accounts", "TaxRates")])
    assert [each.status for each in got] == [200, 0, 200]


@pytest.mark.parametrize(
    ("body", "data", "text"),
    [
        (b"", {}, ""),
        (b'{"a":1.10}', {"a": Decimal("1.10")}, ""),
        (b"<html>busy</html>", None, "<html>busy</html>"),
        (b'{"a":', None, '{"a":'),
    ],
)
def test_bodies_that_are_no_json_are_kept_as_text(serve: Serve, body: bytes, data: Any, text: str) -> None:
    got = one(Organisation(serve(answer(body)).address, "t", "x"), Request("GET", "Invoices"))
    assert (got.data, got.text) == (data, text)


def test_an_answer_that_cannot_be_unpacked_is_lost(serve: Serve) -> None:
    broken = gzip.compress(b'{"Invoices":[]}')[:-9] + b"\x00" * 9
    got = one(Organisation(serve(answer(broken, Content_Encoding="gzip")).address, "t", "x"), put())
    assert got.failure == "lost"


def test_headers_are_read_in_any_case(xero: RunningXero) -> None:
    got = one(organisation(xero), Request("GET", "Organisation"))
    assert got.header("X-DayLimit-Remaining").isdigit() and got.header("x-minlimit-remaining").isdigit()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "limit", "problem": "minute", "retry_after": 20}, answers.PARK),
        ({"kind": "limit", "problem": "concurrent"}, answers.PARK),
        ({"kind": "error_before", "status": 503}, answers.REPLAY),
        ({"kind": "error_after", "status": 502}, answers.REPLAY),
        ({"kind": "error_before", "status": 500}, answers.PROBE),
        ({"kind": "batch_400"}, answers.SPLIT),
    ],
)
def test_what_the_simulator_does_wrong_is_judged_as_designed(xero: RunningXero, fault: dict[str, Any], kind: str) -> None:
    xero.person("create_contact", Name="Kaimai Sawmills")
    xero.fault(path="/Invoices$", **fault)
    assert judge(one(organisation(xero), put())).kind == kind


def test_a_token_that_is_none_has_expired_and_a_foreign_tenant_is_shut(xero: RunningXero) -> None:
    where = organisation(xero)
    assert judge(one(Organisation(where.api_url, where.tenant_id, "nonsense"), Request("GET", "Organisation"))).kind == answers.EXPIRED
    stranger = Organisation(where.api_url, "11111111-1111-1111-1111-111111111111", where.token)
    assert judge(one(stranger, Request("GET", "Organisation"))).kind == answers.SHUT


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("0.1"), b"0.1"),
        (Decimal("33.3333"), b"33.3333"),
        (Decimal("1234567890.12"), b"1234567890.12"),
        (Decimal("0.07"), b"0.07"),
        (Decimal("-115.00"), b"-115.00"),
        ({"Name": "Māhia & Söhne"}, '{"Name":"Māhia & Söhne"}'.encode()),
        ([{"a": Decimal("1.10"), "b": None, "c": True}], b'[{"a":1.10,"b":null,"c":true}]'),
    ],
)
def test_encoding_is_exact_and_compact(value: Any, sent: bytes) -> None:
    assert encode(value) == sent


def test_every_cent_survives_the_way_out_and_back(serve: Serve) -> None:
    """All cents of a few magnitudes, whose floats are famous for their noise."""
    amounts = [Decimal(n).scaleb(-2) for n in (*range(0, 1000), *range(99_999_900, 100_000_000), *range(10**11, 10**11 + 100))]
    server = serve(lambda handler: answer(server.heard[-1].body)(handler))
    got = one(Organisation(server.address, "t", "x"), Request("PUT", "Echo", encode({"Amounts": amounts})))
    assert got.data["Amounts"] == amounts and b"e" not in server.heard[0].body[12:].lower()


def test_xero_is_spoken_to_over_checked_tls_alone() -> None:
    """Certificates and names are checked, and nothing older than TLS 1.2 is spoken; Xero's own addresses are https."""
    trusted = client.certificates()
    assert trusted.verify_mode is ssl.CERT_REQUIRED and trusted.check_hostname
    assert trusted.minimum_version >= ssl.TLSVersion.TLSv1_2
    addresses = [value for value in asdict(oauth.Endpoints()).values() if isinstance(value, str)]
    assert addresses and all(address.startswith("https://") for address in addresses)
