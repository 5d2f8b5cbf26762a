"""How long Aged Receivables and Payables take: `make bench-ageing`. Both reports on the stand-in, with every document below its contact and the one here that it was made of, for 1,000 and 10,000 open items of Xero's; statements are
counted. The time grows in line."""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import cash_flow_books as books
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import create_site, open_site

TODAY = date(2026, 11, 29)
COMPANY, CONNECTION = "Ageing Ltd", "con"
REPEATS = 3


def write(frappe: Any, count: int) -> None:
    """So many open documents of four hundred contacts, of which each second was sent from here."""
    from picortex_xero.reporting import snapshots
    from picortex_xero.reports.asked import Asked
    from picortex_xero.reports.kinds import OPEN_ITEMS
    from picortex_xero.xero.records.open_items import Item

    chance, items, links = Random(count), [], []
    for number in range(count):
        customers, contact = number % 3 > 0, chance.randrange(400)
        issued = TODAY - timedelta(days=chance.randrange(200))
        left = Decimal(chance.randrange(100, 900_000)) / 100 * (-1 if number % 23 == 0 else 1)
        days = (issued.isoformat(), (issued + timedelta(days=30)).isoformat())
        xero_id = f"00000000-0000-0000-0000-{number:012d}"
        items.append(
            Item(xero_id, "Invoices", customers, f"N-{number}", f"c-{contact}", f"Contact {contact}", *days, "NZD", left, left, "")
        )
        if number % 2:
            doctype = "Sales Invoice" if customers else "Purchase Invoice"
            keys = {"name": xero_id, "link_key": xero_id, "remote_key": xero_id, "xero_id": xero_id}
            of = {"connection": CONNECTION, "company": COMPANY, "endpoint": "Invoices"}
            links.append({**keys, **of, "reference_doctype": doctype, "reference_name": f"D-{number}"})
    connection = {"name": CONNECTION, "company": COMPANY, "state": "Live", "base_currency": "NZD", "read_reports": 1, "authorisation": "x"}
    books.write(frappe, "Xero Connection", [connection])
    books.write(frappe, "Xero Connection State", [{"name": CONNECTION, "connection": CONNECTION, "company": COMPANY}])
    books.write(frappe, "Xero Link", links)
    snapshots.write_items(CONNECTION, COMPANY, "NZD", Asked(OPEN_ITEMS, TODAY, TODAY), items)
    frappe.db.commit()
    # As MariaDB does by itself: which index leads to few rows.
    frappe.db._connection.execute("analyze")


def measure(frappe: Any) -> dict[str, Any]:
    """The best of some runs: seconds of the processor (the database is in this process), statements and rows of both reports."""
    gc.collect()
    gc.freeze()
    runs = [_once(frappe) for _ in range(REPEATS)]
    return min(runs, key=lambda each: float(each["seconds"]))


def _once(frappe: Any) -> dict[str, Any]:
    from picortex_xero.reporting import reports

    statements, database, rows = 0, frappe.local.db, 0
    ask = database.sql

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal statements
        statements += 1
        return ask(*given, **more)

    database.sql = counted
    try:
        began = time.process_time()
        for report in ("Xero Aged Receivables", "Xero Aged Payables"):
            _columns, found, _said, _chart = reports.execute(report, {"company": COMPANY, "to_date": TODAY.isoformat(), "documents": 1})
            rows += len(found)
        done = time.process_time()
    finally:
        database.sql = ask
    return {"seconds": done - began, "statements": statements, "rows": rows}


def compared(counts: list[int]) -> list[dict[str, Any]]:
    """One measurement for each count, each on a site of its own."""
    found = []
    with tempfile.TemporaryDirectory(prefix="picortex-") as folder, QueueServer(Path(folder) / "queue") as queue:
        for count in counts:
            site = create_site(Path(folder) / f"site-{count}", queue.url)
            with open_site(site) as frappe:
                write(frappe, count)
                found.append({"open": count, **measure(frappe)})
    return found


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    found = compared(parser.parse_args().counts)
    for each in found:
        print("{open:>7} open items: {seconds:.2f} s for both reports, {statements} statements, {rows} rows".format(**each))
    for less, more in zip(found, found[1:]):
        times, growth = more["open"] / less["open"], more["seconds"] / less["seconds"]
        print(f"{times:.0f} times as many: {growth:.1f} times as long, {more['statements'] - less['statements']} statements more")


if __name__ == "__main__":
    main()
