"""The measured process: runs the queue's dispatch job until nothing is on its way, and prints what it took as JSON.

`python -m benchmarks.worker --app CHECKOUT --site DIR --connection NAME`
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

from benchmarks import checkout
from sandbox.host.site import open_site

ON_THE_WAY = ("Pending", "Sending", "Unknown")
MOST_RUNS = 50


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    checkout.add_argument(parser)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--connection", required=True)
    given = parser.parse_args()
    checkout.use(given.app)
    with open_site(given.site) as frappe:
        dispatch = frappe.get_attr("picortex_xero.sync.jobs.dispatch")
        filters = {"connection": given.connection, "state": ("in", ON_THE_WAY)}
        before, left = 0, frappe.db.count("Xero Outbox Entry", filters)
        seconds = processor = 0.0
        runs = 0
        while left and left != before and runs < MOST_RUNS:
            began, worked = time.perf_counter(), time.process_time()
            dispatch(given.connection)
            seconds, processor, runs = seconds + time.perf_counter() - began, processor + time.process_time() - worked, runs + 1
            frappe.db.commit()
            before, left = left, frappe.db.count("Xero Outbox Entry", filters)
    print(json.dumps({"seconds": seconds, "processor": processor, "runs": runs, "left": left, "peak_mb": peak_megabytes()}))


def peak_megabytes() -> float:
    """The most memory this process ever held. Not `getrusage`: that begins with what the parent held when it started us."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if not found:
        raise RuntimeError("this system does not say in /proc/self/status how much memory a process held")
    return int(found.group(1)) / 1024


if __name__ == "__main__":
    main()
