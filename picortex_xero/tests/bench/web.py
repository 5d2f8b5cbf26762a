"""The site served over HTTP for one test class, and people who call it with their own keys."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe
import httpx
from frappe.utils.password import remove_encrypted_password

# Frappe's own WSGI application, for this one site whatever the address says, with the files of the Desk.
SERVE = """
import os, sys
import frappe.app
from werkzeug.serving import run_simple
frappe.app._site, frappe.app._sites_path = sys.argv[1], os.getcwd()
run_simple("127.0.0.1", int(sys.argv[2]), frappe.app.application_with_statics(), threaded=True)
"""


@contextmanager
def served(site: str, sites: str) -> Iterator[str]:
    """The site's address while the block runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-c", SERVE, site, str(port)]
    process = subprocess.Popen(command, cwd=sites, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the site's server ended by itself")
        try:
            if httpx.get(f"{address}/api/method/ping", timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


@dataclass
class Caller:
    """One person as a program of theirs calls: `user` "" is nobody."""

    address: str
    user: str = ""
    keys: str = ""

    @classmethod
    def of(cls, address: str, user: str) -> Caller:
        """With new keys; committed."""
        doc, secret = frappe.get_doc("User", user), frappe.generate_hash(length=15)
        doc.api_key, doc.api_secret = frappe.generate_hash(length=15), secret
        doc.save(ignore_permissions=True)
        frappe.db.commit()
        return cls(address, user, f"token {doc.api_key}:{secret}")

    def send(self, method: str, path: str, **how: Any) -> httpx.Response:
        """One request; `json`, `data` and `params` as httpx has them."""
        headers = {"Accept": "application/json", **({"Authorization": self.keys} if self.keys else {})}
        return httpx.request(method, self.address + path, headers=headers, timeout=120, **how)

    def call(self, function: str, how: str, /, **arguments: Any) -> httpx.Response:
        """A whitelisted function by its dotted path; `how` is "json", "form" or "query"."""
        path = f"/api/method/{function}"
        if how == "query":
            return self.send("GET", path, params=arguments)
        return self.send("POST", path, **({"json": arguments} if how == "json" else {"data": arguments}))


def forget_keys(user: str) -> None:
    """Take the keys of `Caller.of` away again; committed."""
    remove_encrypted_password("User", user, "api_secret")
    frappe.db.set_value("User", user, {"api_key": None, "api_secret": None})
    frappe.db.commit()
