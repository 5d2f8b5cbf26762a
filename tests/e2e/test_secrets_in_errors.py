"""Frappe 15 writes the variables of every frame into the Error Log (`log_error` with context): none of ours may show a secret.

It masks only variables called exactly password, secret, token, key and the like, so values hide themselves.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from types import TracebackType
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.e2e import scene
from tests.e2e.test_connecting import secrets_of

OURS = ("picortex_xero",)


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
        "sync.prepare.ready",
        "sync.attempts.seal",
        "xero.client._exchange",
        "xero.client.answered",
        "sync.tokens.store",
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
    monkeypatch.setattr(importlib.import_module("picortex_xero.sync.work").frappe, "log_error", log_error)
    try:
        rig.dispatch()
    except Defect as defect:
        frames.extend(shown(defect.__traceback__))
    fresh = secrets_of(rig)
    assert len(frames) >= 4
    for where, text in frames:
        assert not [secret[:6] for secret in known | fresh if secret in text], where
    if place == "sync.tokens.store":
        assert not [where for where, text in frames if "eyJ" in text], "the new token, which nobody has stored"
