"""The webhook's key, and Xero's events as they are posted to it."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse

from sandbox.host.web import Front
from sandbox.rig import Rig
from tests.scene import rig as scene

KEY = "k3y-of-the-webhook"
ADDRESS = "/api/method/picortex_xero.api.webhook.receive"


def choose_key(rig: Rig) -> None:
    def work(frappe: Any) -> None:
        from picortex_xero.api import connect

        connect.keep_webhook_key(secret=f" {KEY} ")

    scene.with_site(rig, work)


def post(rig: Rig, body: bytes, signed: str | None) -> TestResponse:
    headers = {} if signed is None else {"x-xero-signature": signed}
    return Client(Front(rig.site)).post(ADDRESS, data=body, headers=headers, content_type="application/json")


def deliver(rig: Rig, since: int = 0, **query: Any) -> list[int]:
    found = rig.xero.webhooks(KEY, since, **query)["deliveries"]
    return [post(rig, each["body"].encode(), each["signature"]).status_code for each in found]


def last(rig: Rig) -> int:
    return int(rig.xero.ledger(parts="changes")["last"])
