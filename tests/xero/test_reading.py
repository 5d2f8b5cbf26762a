"""How much of an answer is read, how deep, and as what; and what a token endpoint may answer."""

from __future__ import annotations

import gzip
import json
import resource
import struct
import zlib
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from picortex_xero.xero import answers, client, oauth, safe_json, token_answer
from picortex_xero.xero.client import Organisation, Request
from picortex_xero.xero.oauth import App, Denied, Endpoints, Unreachable
from picortex_xero.xero.safe_json import Unreadable
from tests.scene.xero_server import Server, answer

Serve = Callable[[Callable[[Any], None]], Server]
WRITE = Request("PUT", "Invoices", b"{}", "key")
GOOD = {"access_token": "a.b.c", "refresh_token": "r", "expires_in": 1800, "token_type": "Bearer", "scope": "accounting"}


@cache
def bomb(size: int) -> bytes:
    """`size` bytes of JSON in a thousandth of them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)

    def packed(text: bytes) -> bytes:
        # Up to a point from which what follows can be read without what came before.
        return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)

    first, block, last = b'{"Invoices": "', b"0" * 16 * safe_json.MIB, b'"}'
    number = size // len(block)
    checked = zlib.crc32(first)
    for _ in range(number):
        checked = zlib.crc32(block, checked)
    end = struct.pack("<II", zlib.crc32(last, checked), len(first) + number * len(block) + len(last))
    return b"\x1f\x8b\x08" + bytes(7) + packed(first) + packed(block) * number + packer.compress(last) + packer.flush() + end


def asked(serve: Serve, body: bytes, request: Request = WRITE, status: int = 200, **headers: str) -> answers.Answer:
    server = serve(answer(body, status, Content_Type="application/json", **headers))
    return client.send(Organisation(server.address, "t", "token"), [request])[0]


@pytest.mark.case("S9")
@pytest.mark.parametrize("request_", [WRITE, Request("GET", "Invoices")], ids=["write", "read"])
def test_a_gzip_bomb_is_let_go_of(serve: Serve, request_: Request) -> None:
    packed = bomb(1024 * safe_json.MIB)
    assert len(packed) < 2 * safe_json.MIB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    got = asked(serve, packed, request_, Content_Encoding="gzip")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (got.status, got.failure) == (0, "lost") and "larger than" in got.text
    assert answers.judge(got).kind == answers.REPLAY, "it may have been written: the key tells"
    assert grown < 300, f"{grown} MiB"


@pytest.mark.case("S9")
def test_what_is_large_without_packing_is_let_go_of_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_json, "DATA", safe_json.MIB)
    assert asked(serve, b" " * (safe_json.MIB + 1)).failure == "lost"
    assert asked(serve, b'{"a": "' + b"x" * (safe_json.MIB - 20) + b'"}').status == 200


@pytest.mark.case("S9")
@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate, gzip", "zstd", "gzip;q=1"])
def test_only_what_was_asked_for_is_unpacked(serve: Serve, encoding: str) -> None:
    assert asked(serve, gzip.compress(gzip.compress(b"{}")), Content_Encoding=encoding).failure == "lost"


@pytest.mark.case("S9")
def test_a_packed_answer_of_ordinary_size_is_read_whole(serve: Serve) -> None:
    rows = [{"Number": f"INV-{at}", "Total": Decimal("1.10"), "Text": "x" * 300} for at in range(20_000)]
    body = gzip.compress(client.encode({"Invoices": rows}))
    got = asked(serve, body, Content_Encoding="gzip")
    assert got.data["Invoices"] == rows


@pytest.mark.case("S9")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 200 + b"]" * 200,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999999999}',
        b'{"a": 1e-999999999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"InvoiceID": "1", "InvoiceID": "2"}',
        b'{"a": "\xff\xfe"}',
        b"<html>Down for maintenance</html>",
        b'{"a": 1',
        b"\x1f\x8b not unpacked",
    ],
    ids=lambda body: body[:20].decode("ascii", "replace"),
)
def test_what_is_no_trustworthy_json_is_no_answer(serve: Serve, body: bytes) -> None:
    got = asked(serve, body)
    assert got.status == 200 and got.data is None and len(got.text) <= 2000
    assert answers.judge(got).kind == answers.REPLAY
    refused = asked(serve, body, status=400)
    assert answers.judge(refused).problem is not None


@pytest.mark.case("S9")
@pytest.mark.parametrize("body", [b"null", b"5", b"[]", b'"x"', b"true"])
def test_what_is_no_object_is_no_answer_to_a_write(serve: Serve, body: bytes) -> None:
    assert answers.judge(asked(serve, body)).kind == answers.REPLAY


@pytest.mark.case("S9")
def test_ordinary_numbers_stay_exact() -> None:
    assert safe_json.parsed(b'\xef\xbb\xbf{"a": 0.3333, "b": 12, "c": -1.5E+3, "d": 0.0000}') == {
        "a": Decimal("0.3333"), "b": 12, "c": Decimal("-1500"), "d": Decimal("0.0000"),
    }  # fmt: skip


# Waits


def too_many(**headers: str) -> answers.Verdict:
    return answers.judge(answers.Answer(429, {name.lower().replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.case("S9")
@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("30", 31),
        ("86399", 86400),
        ("1000000000", answers.LONGEST_WAIT),
        ("9" * 5000, answers.LONGEST_WAIT),
        ("0", 1),
        ("12.5", 13),
        ("-5", 60),
        ("\u00b2", 60),
        ("\u0661\u0662", 60),
        ("NaN", 60),
        ("1e9", 60),
        ("soon", 60),
        ("", 60),
    ],
)
def test_retry_after_is_seconds_and_never_longer_than_a_limit_of_xero(given: str, seconds: int) -> None:
    assert too_many(Retry_After=given).wait == seconds


@pytest.mark.case("S9")
@pytest.mark.parametrize(
    ("then", "seconds"),
    [
        ("Thu, 26 Nov 2026 10:02:00 GMT", 121),
        ("Thu, 26 Nov 2026 09:00:00 GMT", 1),
        ("Thu, 26 Nov 9999 09:00:00 GMT", answers.LONGEST_WAIT),
        ("Thu, 99 Nov 2026 09:00:00 GMT", 60),
    ],
)
def test_retry_after_as_a_date_is_measured_by_the_answers_own_date(then: str, seconds: int) -> None:
    assert too_many(Retry_After=then, Date="Thu, 26 Nov 2026 10:00:00 GMT").wait == seconds
    assert too_many(Retry_After="Thu, 26 Nov 2026 10:02:00 GMT").wait == 60, "without a date of its own nothing is known"


# Signing in


BAD_TOKENS: list[Any] = [
    None, 5, [], [GOOD], "x", True, {}, {"access_token": None}, {"access_token": 5}, {"access_token": ["a"]}, {"access_token": ""},
    {"access_token": "a b"}, {"access_token": "a\nb"}, {"access_token": "\u00e9"}, {"access_token": "a" * 100_000},
    *({**GOOD, "expires_in": life} for life in (10**30, 10**9, -1, 0, "1800", "x", 1800.5, None, [], {}, True)),
    *({**GOOD, "refresh_token": token} for token in (5, [], {}, "", "a b", "\x00")),
    *({**GOOD, "scope": scope} for scope in (["accounting"], 5, {"a": 1}, "\u00e9", "x" * 5000)),
    {"error": 5}, {"error": None}, {"error": {"a": 1}}, {"error": "<img src=x>"}, {"error": "invalid_grant", "error_description": [5]},
]  # fmt: skip
BAD_BYTES = [
    b"", b"<html>sign in</html>", b"{", b"[" * 100_000, b'{"a":' * 100_000, b'{"access_token": "a", "expires_in": NaN}',
    b'{"access_token": "a", "access_token": "b"}', b'{"access_token": "\xff"}', b'{"access_token": "a", "expires_in": ' + b"9" * 9000 + b"}",
    b" " * (safe_json.SIGN_IN + 1),
]  # fmt: skip
ALL_BAD = [*(json.dumps(each).encode() for each in BAD_TOKENS), *BAD_BYTES]


@pytest.mark.case("S6")
@pytest.mark.parametrize("body", ALL_BAD, ids=lambda body: body[:60].decode("ascii", "replace"))
def test_no_token_is_taken_from_what_is_no_answer(serve: Serve, body: bytes) -> None:
    server = serve(answer(body, Content_Type="application/json"))
    at = Endpoints(token=f"{server.address}token")
    for ask in (
        lambda: oauth.refresh(at, App("id", "the-secret"), "the-refresh-token"),
        lambda: oauth.exchange_code(at, App("id", "the-secret", "http://x"), "the-code", "v" * 64),
        lambda: oauth.client_credentials(at, App("id", "the-secret"), ["accounting"]),
    ):
        with pytest.raises(Unreachable) as caught:
            ask()
        assert not [each for each in ("the-secret", "the-refresh-token", "the-code") if each in str(caught.value)]
        assert caught.value.__cause__ is None and caught.value.__context__ is None


@pytest.mark.case("S6")
def test_what_is_an_answer_still_is(serve: Serve) -> None:
    server = serve(answer(json.dumps({**GOOD, "id_token": "x.y.z"}).encode()))
    at = Endpoints(token=f"{server.address}token")
    assert oauth.refresh(at, App("id", "secret"), "r")["access_token"] == "a.b.c"
    for missing in ("refresh_token", "expires_in", "scope", "token_type"):
        assert token_answer.checked(json.dumps({**GOOD, missing: GOOD[missing]} | {}).encode())
    server = serve(answer(b'{"error": "invalid_grant", "error_description": "gone"}', 400))
    with pytest.raises(Denied, match="gone"):
        oauth.refresh(Endpoints(token=f"{server.address}token"), App("id", "secret"), "r")


@pytest.mark.case("S9")
def test_a_bomb_from_the_sign_in_is_let_go_of(serve: Serve) -> None:
    server = serve(answer(bomb(64 * safe_json.MIB), Content_Encoding="gzip"))
    with pytest.raises(Unreachable):
        oauth.refresh(Endpoints(token=f"{server.address}token"), App("id", "secret"), "r")
    with pytest.raises(Unreachable):
        oauth.connections(Endpoints(connections=f"{server.address}connections"), "token")


ORGANISATION = {"id": "1-a", "tenantId": "2-b", "tenantName": "Kauri & Sons", "tenantType": "ORGANISATION"}


@pytest.mark.case("S6")
@pytest.mark.parametrize(
    "listed",
    [None, 5, "x", {}, [5], [None], [[ORGANISATION]], *([{**ORGANISATION, key: value}] for key in ("id", "tenantId") for value in (None, 5, "", "a/b", "\u00e9", "x" * 99)), [{**ORGANISATION, "tenantName": None}]],
)  # fmt: skip
def test_organisations_without_what_names_them_are_not_offered(serve: Serve, listed: Any) -> None:
    server = serve(answer(json.dumps(listed).encode()))
    with pytest.raises(Unreachable):
        oauth.connections(Endpoints(connections=f"{server.address}connections"), "token")


@pytest.mark.case("S6")
def test_practices_are_no_organisations(serve: Serve) -> None:
    server = serve(answer(json.dumps([ORGANISATION, {"tenantType": "PRACTICE"}]).encode()))
    assert oauth.connections(Endpoints(connections=f"{server.address}connections"), "token") == [ORGANISATION]


@pytest.mark.case("S6")
def test_what_is_raised_brings_no_frame_that_knows_a_secret(serve: Serve) -> None:
    """Frappe's Error Log prints the variables of every frame, those of libraries too."""

    def broken() -> Any:
        body = "refresh_token=the-refresh-token"

        async def inner() -> None:
            raise RuntimeError(len(body))

        return inner()

    with pytest.raises(RuntimeError) as caught:
        client.run(broken())
    frame, names = caught.value.__traceback__, []
    while frame:
        names.append(frame.tb_frame.f_code.co_name)
        frame = frame.tb_next
    assert names[-1] == "run" and "inner" not in names


def test_halves_of_characters_are_replaced_whole_ones_stay() -> None:
    """A text cut inside an emoji: JSON can write the half, no database can keep it."""
    read = safe_json.parsed(
        b'{"na\\ud83dme": ["half \\ud83d", "whole \\ud83d\\ude00", "\\uDE00 other half", 1.50, null, {"deep": "\\udfff"}]}'
    )
    assert read == {"na\ufffdme": ["half \ufffd", "whole \U0001f600", "\ufffd other half", Decimal("1.50"), None, {"deep": "\ufffd"}]}
    assert json.dumps(read["na\ufffdme"][:3], ensure_ascii=False).encode()


def test_unreadable_is_a_kind_of_value_error() -> None:
    with pytest.raises(Unreadable):
        safe_json.parsed(b"{")
