"""How long a forecast takes: `make bench-cash-flow`. Reads, decides and draws the curve for 1,000 and 10,000 open items on the stand-in, and counts the statements: they stay as many, and the time grows in line."""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import cash_flow_books as books
from sandbox import erp
from sandbox.host import books as recorded
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import create_site, open_site

TODAY = date(2026, 11, 29)
REPEATS = 3


def measure(site: Path, count: int) -> dict[str, Any]:
    """The best of some runs: seconds of the processor (the database is in this process) to read and decide and to draw, statements, lines."""
    with open_site(site) as frappe:
        company = str(frappe.get_all("Company", pluck="name", limit=1)[0])
        books.open_books(frappe, company, TODAY, count)
        frappe.db._connection.execute("analyze")
        gc.collect()
        gc.freeze()
        best: dict[str, Any] = {"seconds": float("inf")}
        for _ in range(REPEATS):
            best = min(best, _once(frappe, company), key=lambda each: each["seconds"])
    return {"open": count, **best}


def _once(frappe: Any, company: str) -> dict[str, Any]:
    from picortex_xero.cash_flow import curve, reading
    from picortex_xero.cash_flow.scenarios import Later

    statements, database = 0, frappe.local.db
    ask = database.sql

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal statements
        statements += 1
        return ask(*given, **more)

    database.sql = counted
    try:
        began = time.process_time()
        forecast = reading.of(company, TODAY)
        read = time.process_time()
        weeks = forecast.curve().buckets(curve.WEEK)
        forecast.under([Later(14)]).curve().lowest()
        done = time.process_time()
    finally:
        database.sql = ask
    return {
        "seconds": done - began,
        "read": read - began,
        "drawn": done - read,
        "statements": statements,
        "lines": len(forecast.lines),
        "weeks": len(weeks),
    }


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    counts = parser.parse_args().counts
    recording = erp.read(erp.RECORDED / "company-nz.json.gz")
    found = []
    with tempfile.TemporaryDirectory(prefix="picortex-") as folder, QueueServer(Path(folder) / "queue") as queue:
        for count in counts:
            site = create_site(Path(folder) / f"site-{count}", queue.url)
            with open_site(site):
                recorded.load(recording)
                books.install()
            found.append(measure(site, count))
            print(
                "{open:>7} open items: {seconds:.2f} s ({read:.2f} read and decided, {drawn:.2f} drawn), {statements} statements, {lines} lines".format(
                    **found[-1]
                )
            )
    for less, more in zip(found, found[1:]):
        times, growth = more["open"] / less["open"], more["seconds"] / less["seconds"]
        print(f"{times:.0f} times as many: {growth:.1f} times as long, {more['statements'] - less['statements']} statements more")


if __name__ == "__main__":
    main()
