"""`make webhook-load BENCH=... SITE=...`: 100 requests a second, one event each, for a minute, to the webhook of a site that gunicorn serves as in production;
then the database is restarted while requests come (`RESTART="service mariadb restart"`), and whoever got no 200 sends again as Xero does. Prints how long
answers took (p50, p99, longest), their statuses, and rows for events.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shlex
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.xero.webhooks import delivery  # noqa: E402
from tests.bench.site import Site, Unusable  # noqa: E402

KEY = "key-of-the-load"
PATH = "/api/method/picortex_xero.api.webhook.receive"
# Xero gives up waiting for an answer after so many seconds.
PATIENCE = 5
CONNECTIONS = 32
LIMIT_MS = 500


class Sender:
    """Sends one event after the other at a steady rate; each thread keeps its connection, as Xero's senders do."""

    def __init__(self, port: int, site: str, tenant: str) -> None:
        self.port, self.site, self.tenant = port, site, tenant
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self._own = threading.local()

    def event(self, number: int) -> dict[str, str]:
        """A delivery with one event that is like no other."""
        at = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=number)
        return delivery(
            KEY,
            [
                {
                    "resourceUrl": "", "resourceId": str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))), "tenantId": self.tenant,
                    "tenantType": "ORGANISATION", "eventCategory": "INVOICE", "eventType": "UPDATE",
                    "eventDateUtc": at.replace(tzinfo=None).isoformat(timespec="milliseconds"),
                }
            ],
            [number + 1],
        )  # fmt: skip

    def post(self, sent: dict[str, str], due: float) -> int:
        """One request; the time counts from when it should have gone. 0: no answer."""
        headers = {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": sent["signature"], "Host": self.site}
        try:
            line = self._line()
            line.request("POST", PATH, sent["body"], headers)
            answer = line.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            self._own.line = None
            status = 0
        self.times.append((time.monotonic() - due) * 1000)
        self.statuses[status] += 1
        return status

    def _line(self) -> http.client.HTTPConnection:
        line = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return line

    def steady(self, first: int, rate: int, seconds: int) -> list[int]:
        """`rate` requests a second; the numbers of those that were not accepted."""
        begun = time.monotonic()
        refused: list[int] = []

        def one(number: int) -> None:
            if self.post(self.event(number), begun + (number - first) / rate) != 200:
                refused.append(number)

        with ThreadPoolExecutor(CONNECTIONS) as threads:
            for number in range(first, first + rate * seconds):
                time.sleep(max(0.0, begun + (number - first) / rate - time.monotonic()))
                threads.submit(one, number)
        return refused


@contextmanager
def served(site: Site, workers: int) -> Iterator[int]:
    """The site behind gunicorn, as a bench serves it in production; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(site.python), "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", str(workers), "-k", "gthread", "--threads", "4", "-t", "120",
        "frappe.app:application", "--preload", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=site.sites, env=site.environment())
    try:
        for _each in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def part(times: list[float], hundredths: int) -> float:
    """The time in milliseconds that so many of a hundred answers did not exceed."""
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)], 1)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--restart", default="")
    given = parser.parse_args()
    try:
        site = Site(given.bench, given.site)
        if not site.installed():
            site.bring_app()
            site.install()
    except Unusable as problem:
        raise SystemExit(str(problem)) from None
    tenant = str(uuid.uuid4())
    site.script("webhook_site.py", "prepare", KEY, tenant)
    with served(site, given.workers) as port:
        sender = Sender(port, given.site, tenant)
        for number in range(10 * CONNECTIONS):
            sender.post(sender.event(-1 - number), time.monotonic())
        warm = sender.statuses[200]
        sender.times.clear()
        sender.statuses.clear()
        again = sender.steady(0, given.rate, given.seconds)
        # Xero sends at once what got no 200: a kept connection may have been closed just then.
        refused = [number for number in again if sender.post(sender.event(number), time.monotonic()) != 200]
        found = {
            "requests": sum(sender.statuses.values()), "a_second": given.rate, "statuses": dict(sender.statuses), "p50_ms": part(sender.times, 50),
            "p99_ms": part(sender.times, 99), "longest_ms": round(max(sender.times), 1), "sent_again": len(again),
            "refused": len(refused),
            "rows_for_events": [int(site.script("webhook_site.py", "count", tenant).split()[-1]), warm + given.rate * given.seconds],
        }  # fmt: skip
        if given.restart:
            found["restart"] = restarted(site, sender, tenant, given, found["rows_for_events"][0])
    print(json.dumps(found, indent=1))
    if found["p99_ms"] > LIMIT_MS or refused or found["rows_for_events"][0] != found["rows_for_events"][1]:
        raise SystemExit("a target was missed")


def restarted(site: Site, sender: Sender, tenant: str, given: argparse.Namespace, before: int) -> dict[str, object]:
    """Requests while the database restarts; what was not accepted is sent again until it is."""
    sender.statuses.clear()
    first, seconds = 10**6, 20
    timer = threading.Timer(5, lambda: subprocess.run(shlex.split(given.restart), check=True, capture_output=True))
    timer.start()
    refused = sender.steady(first, given.rate, seconds)
    timer.join()
    at_first, rounds = len(refused), 0
    while refused and rounds < 20:
        rounds += 1
        time.sleep(2)
        refused = [number for number in refused if sender.post(sender.event(number), time.monotonic()) != 200]
    rows = int(site.script("webhook_site.py", "count", tenant).split()[-1]) - before
    return {
        "events": given.rate * seconds,
        "not_accepted_at_first": at_first,
        "statuses": dict(sender.statuses),
        "rounds": rounds,
        "left": len(refused),
        "rows": rows,
    }


if __name__ == "__main__":
    main()
