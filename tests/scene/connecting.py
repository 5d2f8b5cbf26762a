"""Signing in to Xero in the browser, who may, and what must never be readable."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from picortex_xero.connection.who_may import SIGNED
from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene

ADMIN, CLERK = "admin@example.com", "clerk@example.com"
API = Path(__file__).resolve().parents[2] / "picortex_xero" / "api"


@pytest.fixture
def people(unconnected: Rig) -> Rig:
    """An app registered at Xero, an admin with the role and a clerk without any."""
    add_user(unconnected.site, ADMIN, ["Xero Admin"])
    add_user(unconnected.site, CLERK, [])

    def register(frappe: Any) -> None:
        settings = frappe.get_doc("Xero Settings")
        settings.client_id, settings.new_client_secret = "sandbox-web", "sandbox-web-secret"
        settings.save(ignore_permissions=True)

    scene.with_site(unconnected, register)
    return unconnected


def begin(rig: Rig, user: str = ADMIN) -> str:
    """The address at Xero that the button opens."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import connect as api

        address = api.start()
        frappe.db.commit()
        return str(address)


def consent(address: str) -> dict[str, str]:
    """A person allows access; what Xero sends back to the callback."""
    answer = httpx.post(address, follow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def come_back(rig: Rig, given: dict[str, str], user: str = ADMIN) -> str:
    """The callback in the user's session; the authorisation."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import connect as api

        api.callback(**{name: given[name] for name in ("state", "code", "error") if name in given})
        frappe.db.commit()
        return parse_qs(urlsplit(frappe.local.response["location"]).query)["authorisation"][0]


def secrets_of(rig: Rig) -> set[str]:
    """Everything that must never be readable: tokens, verifier and client secrets, as they are now."""

    def read(frappe: Any) -> set[str]:
        from picortex_xero.connection import encryption

        found = {"sandbox-web-secret"}
        for row in frappe.get_all("Xero Authorisation", fields=["*"]):
            for field in ("tokens_encrypted", "pending_encrypted", "client_encrypted"):
                found |= {
                    str(value) for name, value in encryption.decrypted(row[field]).items() if name not in ("scope", "client_id") and value
                }
        return found

    return set(scene.with_site(rig, read))


def whitelisted() -> list[tuple[str, str, list[str]]]:
    """(module, function, parameters) of every whitelisted function in api/ that asks who calls."""
    found = []
    for path in sorted(API.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and any("whitelist" in ast.unparse(each) for each in node.decorator_list):
                if f"{path.stem}.{node.name}" not in SIGNED:
                    found.append((path.stem, node.name, [each.arg for each in node.args.args]))
    return found
