"""Starts the simulator as its own process and talks to its control side; standard library only."""
from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]


class ControlError(Exception):
    """The control side refused: the message says what."""


class RunningXero:
    """A running simulator. ``address`` is the one base address; tenants are GUIDs."""

    def __init__(self, address: str, organisations: list[dict[str, str]], process: subprocess.Popen[bytes]) -> None:
        self.address, self.organisations, self.process = address, organisations, process

    @property
    def tenant(self) -> str:
        """The tenant of the first organisation."""
        return self.organisations[0]["tenant"]

    def control(self, method: str, path: str, body: Any = None, /, **query: Any) -> Any:
        """One control call; numbers with a point come back as Decimal. Raises ControlError."""
        target = f"/_control/{path}" + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body, default=str).encode()
        # Tests ask all the time: without the layers of urllib.request.
        with closing(http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)) as connection:
            connection.request(method, target, data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        if answer.status >= 400:
            raise ControlError(text.decode())
        return json.loads(text, parse_float=Decimal)

    def ledger(self, **query: Any) -> dict[str, Any]:
        """``changes``, ``documents`` per tenant and resource, ``totals``; see ``control._ledger``."""
        return self.control("GET", "ledger", **query)

    def documents(self, resource: str, tenant: str | None = None, fields: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Every record of a resource ("Invoices", "Payments", ...) in order of creation; with ``fields`` these alone, where there are many."""
        tenant = tenant or self.tenant
        query = {"tenant": tenant, "parts": "documents", "resource": resource} | ({"fields": ",".join(fields)} if fields else {})
        return self.ledger(**query)["documents"][tenant].get(resource, [])

    def calls(self, since: int = 0, path: str = "", methods: str = "") -> list[dict[str, Any]]:
        """Every exchange with number > ``since`` whose path contains ``path``; of these methods alone ("PUT,POST"), where they are named."""
        return self.control("GET", "calls", since=since, path=path, methods=methods)["calls"]

    def call_count(self) -> int:
        """How many exchanges there were, without what was said in them."""
        return int(self.control("GET", "calls", methods="none")["last"])

    def brief_calls(self, since: int = 0) -> list[dict[str, Any]]:
        """The same with number, moment, method, path and status alone; what was sent and answered is forgotten."""
        return self.control("GET", "calls", since=since, brief=1)["calls"]

    def fault(self, kind: str, **details: Any) -> dict[str, Any]:
        """Switches a fault on; see ``faults`` for kinds. Returns it with its id."""
        return self.control("POST", "faults", {"kind": kind, **details})

    def faults(self) -> list[dict[str, Any]]:
        return self.control("GET", "faults")["faults"]

    def wait_until_held(self, fault_id: str, timeout: float = 120) -> None:
        """Returns once a call is held by this fault (hold_after: processed, answer kept back). TimeoutError else."""
        deadline = time.monotonic() + timeout
        while not any(fault["id"] == fault_id and fault["waiting"] for fault in self.faults()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no call was held by fault {fault_id} within {timeout} s")
            time.sleep(0.01)

    def release(self, fault_id: str | None = None) -> None:
        """Lets held answers go."""
        self.control("POST", "release", {"id": fault_id})

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def reset(self, **options: Any) -> None:
        self.control("POST", "reset", options)

    def snapshot(self, name: str) -> dict[str, Any]:
        """Remembers everything but faults and keys; ``at`` (the simulator's time), ``last`` of ledger, ``calls`` so far."""
        return self.control("POST", "snapshot", {"name": name})

    def restore(self, name: str) -> None:
        """Puts a remembered state back in milliseconds; the clock file is the caller's to put back."""
        self.control("POST", "restore", {"name": name})

    def state(self) -> str:
        """Everything but calls, ledger and faults as JSON text, for a file; see ``keeping``."""
        return str(self.control("GET", "state")["state"])

    def put_state(self, text: str) -> None:
        """Puts that back, in another process too, whose organisations it replaces."""
        self.control("POST", "state", {"state": text})
        self.organisations = self.control("GET", "organisations")["organisations"]

    def person(self, action: str, tenant: str | None = None, **details: Any) -> Any:
        """An edit as a person in Xero makes it; see ``people.ACTIONS``."""
        return self.control("POST", f"organisation/{tenant or self.tenant}/{action}", details)

    def client(self, client_id: str, **details: Any) -> dict[str, Any]:
        """Registers or replaces an app; see ``sign_in.register``."""
        return self.control("POST", "clients", {"client_id": client_id, **details})

    def settings(self, **settings: Any) -> dict[str, Any]:
        return self.control("POST", "settings", settings)

    def unlimited(self, tenant: str | None = None) -> None:
        """Lifts the minute and day limits of an organisation (not the 5 in flight) and the app's own."""
        self.person("set_limits", tenant, minute=10 ** 9, day=10 ** 9)
        self.settings(app_minute=10 ** 9)

    def webhooks(self, key: str, since: int = 0, **query: Any) -> dict[str, Any]:
        """``deliveries`` (``body``, ``signature``) of the changes after ``since``, and ``last``; see ``webhooks.serve``."""
        return self.control("GET", "webhooks", key=key, since=since, **query)

    def deliver(self, address: str, key: str, since: int = 0, **query: Any) -> tuple[list[int], int]:
        """Posts the changes after ``since`` to a webhook as Xero does; returns the statuses of the answers, and what to begin with the next time."""
        found = self.webhooks(key, since, **query)
        return [post(address, each["body"].encode(), each["signature"])[0] for each in found["deliveries"]], found["last"]

    def token(self, client_id: str = "sandbox-web", **details: Any) -> dict[str, Any]:
        """A token set without redirects: ``access_token`` and so on; scope, tenants, user may be given."""
        return self.control("POST", "connect", {"client_id": client_id, **details})


def post(address: str, body: bytes, signature: str) -> tuple[int, bytes, dict[str, list[str]]]:
    """One delivery to a webhook; status, body and headers of its answer. Xero waits five seconds (xero_api.md 6, A)."""
    headers = {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": signature}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data=body, method="POST", headers=headers), timeout=5) as answer:
            return answer.status, answer.read(), _headers(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read(), _headers(refused)


def _headers(answer: Any) -> dict[str, list[str]]:
    return {name.lower(): answer.headers.get_all(name) for name in answer.headers}


@contextmanager
def running(orgs: list[str] | None = None, clock_file: str | os.PathLike[str] | None = None,
            redirect_uris: list[str] | None = None, port: int = 0) -> Iterator[RunningXero]:
    """The simulator as a process of its own until the block ends.

    ``orgs`` like ["NZ:NZD:Kauri Supplies"]; ``clock_file`` is shared with the app through PICORTEX_SANDBOX_CLOCK, real time without one;
    ``redirect_uris`` belong to the app "sandbox-web" (secret "sandbox-web-secret"); the app "sandbox-custom" (secret
    "sandbox-custom-secret") is a custom connection to the first organisation.
    """
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.json"
        command = [sys.executable, "-m", "sandbox.xero", "--port", str(port), "--state-file", str(state)]
        for org in orgs or ["NZ:NZD:Kauri Supplies"]:
            command += ["--org", org]
        for uri in redirect_uris or []:
            command += ["--redirect-uri", uri]
        # Without a clock of its own it goes by real time, whatever clock this process has been given.
        environment = {name: value for name, value in os.environ.items() if name != "PICORTEX_SANDBOX_CLOCK"}
        if clock_file is not None:
            environment["PICORTEX_SANDBOX_CLOCK"] = str(clock_file)
        log = (Path(folder) / "log").open("wb")
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 120
            while not state.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the Xero simulator did not start: {(Path(folder) / 'log').read_text()}")
                time.sleep(0.02)
            known = json.loads(state.read_text())
            yield RunningXero(known["address"], known["organisations"], process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()
