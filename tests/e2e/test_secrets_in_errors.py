"""Frappe 15 writes the variables of every frame into the Error Log (`log_error` with context): none of ours may show a secret.

It masks only variables called exactly password, secret, token, key and the like, so values hide themselves.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.connecting import secrets_of
from tests.scene.xero_server import Server, answer

Serve = Callable[[Callable[[Any], None]], Server]

OURS = ("picortex_xero",)

# A signed token (JWT): two parts in base64 that begin with a brace, and a dot between them. What is encrypted has no dot.
TOKEN = re.compile(r"eyJ[\w-]+\.eyJ")


class Defect(RuntimeError):
    """Something nobody thought of."""


def shown(traceback: TracebackType | None) -> list[tuple[str, str]]:
    """(function and variable, text) of every local variable of the app's frames, as Frappe's Error Log prints them."""
    found = []
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals.get("__name__", "").startswith(OURS):
            found += [(f"{frame.f_code.co_name}: {name}", repr(value)) for name, value in frame.f_locals.items()]
        traceback = traceback.tb_next
    return found


@pytest.mark.parametrize(
    "place",
    [
        "engine.run.decide",
        "engine.attempts.seal",
        "xero.client._exchange",
        "xero.client.answered",
        "connection.tokens.store_renewed",
        "xero.oauth._answered",
    ],
)
def test_a_defect_anywhere_shows_no_secret_in_the_error_log(rig: Rig, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    rig.play(scene.invoices(rig, 1))
    rig.advance(1900)  # the token has to be renewed first
    known = secrets_of(rig)
    module, _, function = place.rpartition(".")
    target = importlib.import_module(f"picortex_xero.{module}")
    frames: list[tuple[str, str]] = []

    def broken(*given: Any, **named: Any) -> Any:
        frames.extend((f"argument of {function}", repr(each)) for each in (*given, *named.values()))
        for each in given:
            if inspect.iscoroutine(each):
                each.close()
        raise Defect

    def log_error(**_: Any) -> None:
        frames.extend(shown(sys.exc_info()[2]))

    monkeypatch.setattr(target, function, broken)
    monkeypatch.setattr(importlib.import_module("picortex_xero.engine.outbox").frappe, "log_error", log_error)
    try:
        rig.dispatch()
    except Defect as defect:
        frames.extend(shown(defect.__traceback__))
    fresh = secrets_of(rig)
    assert len(frames) >= 4
    for where, text in frames:
        assert not [secret[:6] for secret in known | fresh if secret in text], where
    if place == "connection.tokens.store_renewed":
        assert any(TOKEN.search(secret) for secret in known), "this is what a token looks like"
        assert not [where for where, text in frames if TOKEN.search(text)], "the new token, which nobody has stored"


# What is typed


SECRET = "typed-secret-4711"


@pytest.mark.case("S6")
@pytest.mark.parametrize("function", ["custom_connection", "keep_secret", "callback"])
@pytest.mark.parametrize("place", ["connection.encryption.encrypted", "xero.oauth._token", "xero.oauth._client", "connection.tokens.store"])
def test_what_is_typed_is_in_no_log_whatever_breaks(rig: Rig, monkeypatch: pytest.MonkeyPatch, function: str, place: str) -> None:
    """By whatever defect: the frames that Frappe would log hold what was typed, so none gets as far as Frappe."""
    api = importlib.import_module("picortex_xero.api.connect")
    module, _, broken_function = place.rpartition(".")
    target = importlib.import_module(f"picortex_xero.{module}")
    frames: list[tuple[str, str]] = []

    def broken(*given: Any, **named: Any) -> Any:
        frames.extend((f"argument of {broken_function}", repr(each)) for each in (*given, *named.values()))
        raise Defect(broken_function)

    def log_error(**_: Any) -> None:
        frames.extend(shown(sys.exc_info()[2]))

    with rig.frappe() as frappe:
        given = {"client_id": "sandbox-custom", "secret": SECRET}
        if function == "callback":
            state = parse_qs(urlsplit(api.start()).query)["state"][0]
            frappe.db.commit()
            given = {"state": state, "code": SECRET}
        if function == "keep_secret":
            given = {"secret": SECRET}
        monkeypatch.setattr(target, broken_function, broken)
        monkeypatch.setattr(importlib.import_module("picortex_xero.api.arguments").frappe, "log_error", log_error)
        try:
            getattr(api, function)(**given)
        except frappe.ValidationError as error:
            refusal: BaseException | None = error
            assert SECRET not in str(error)
            while refusal is not None:
                frames.extend(shown(refusal.__traceback__))
                refusal = refusal.__cause__ or refusal.__context__
        stored = [row for row in frappe.get_all("Xero Authorisation", fields=["*"]) if SECRET in repr(row)]
    assert not stored
    for where, text in frames:
        assert SECRET not in text, where


@pytest.mark.case("S6")
@pytest.mark.odd_answers
@pytest.mark.parametrize(
    "body", [b"null", b"5", b"[]", b'"x"', b'{"access_token": "a", "expires_in": 1e30}', b"[" * 50_000, b"<html>", b"{}"], ids=repr
)
def test_nothing_is_stored_of_what_is_no_token(
    rig: Rig,
    serve: Serve,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    body: bytes,
) -> None:
    server = serve(answer(body))
    settings = importlib.import_module("picortex_xero.connection.settings")
    with rig.frappe() as frappe:
        api = importlib.import_module("picortex_xero.api.connect")
        odd = replace(settings.endpoints(), token=f"{server.address}token")
        monkeypatch.setattr(settings, "endpoints", lambda: odd)
        before = frappe.get_all("Xero Authorisation", fields=["name", "tokens_encrypted", "client_encrypted", "state"])
        with pytest.raises(frappe.ValidationError, match="does not accept this custom connection"):
            api.custom_connection("sandbox-custom", SECRET)
        assert not frappe.get_all("Error Log", pluck="name")
        frappe.db.rollback()
        rig.advance(1900)
        with pytest.raises(frappe.ValidationError, match="cannot be used"):
            api.organisations(before[0]["name"])
        assert frappe.get_all("Xero Authorisation", fields=list(before[0])) == before, "the sign-in stays as it was, and goes on later"
        monkeypatch.undo()
        assert "does not work at the moment" in frappe.db.get_value("Xero Authorisation", before[0]["name"], "reason")
        assert api.organisations(before[0]["name"])
        assert not frappe.db.get_value("Xero Authorisation", before[0]["name"], "reason")


@pytest.mark.case("S9")
@pytest.mark.parametrize(("asked", "hours"), [(10**9, 25), (3600, 1)])
def test_a_wait_without_end_is_cut_and_told(rig: Rig, asked: int, hours: int) -> None:
    rig.xero.fault("limit", problem="day", retry_after=asked, path="/Contacts|/Invoices")
    rig.play(scene.invoices(rig, 1))
    rig.dispatch()
    with rig.frappe() as frappe:
        clock = importlib.import_module("picortex_xero.engine.clock")
        until = frappe.db.get_value("Xero Connection State", rig.connection, "paused_until")
        due = max(row["due_at"] for row in rig.steps() if row["state"] == "Pending")
        for at in (until, due):
            assert at <= clock.now() + timedelta(hours=hours, minutes=1), at
        telling = importlib.import_module("picortex_xero.attention.notifications")
        assert [each["code"] for each in telling.standing(rig.connection)] == (["told-to-wait"] if hours == 25 else [])
    rig.advance(hours * 3600 + 60)
    scene.settle(rig)
    assert len(scene.live(rig)) == 1


@pytest.mark.case("S9")
@pytest.mark.parametrize("left", ["\u00b2", "9" * 5000, "-1", "4.5", "x", "1" * 30, ""])
def test_odd_figures_of_calls_left_stop_nothing(rig: Rig, left: str) -> None:
    with rig.frappe() as frappe:
        limits = importlib.import_module("picortex_xero.engine.limits")
        outcomes = importlib.import_module("picortex_xero.xero.answers")
        limits.note(rig.connection, [outcomes.Answer(200, {"x-daylimit-remaining": left, "x-minlimit-remaining": left})])
        kept = frappe.db.get_value("Xero Connection State", rig.connection, "day_calls_left")
        assert kept is None or 0 <= int(kept) < 2**31
