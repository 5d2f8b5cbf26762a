"""The queue's worker: a real RQ Worker that forks a work-horse per job, as Frappe's does.

`python -m sandbox.host.worker --site DIR [--queues default,short,long] [--burst]`. Breakpoints for kill tests are set
by environment variables: see `sandbox.host.breakpoints`; a wrong clock too: see `sandbox.host.skew`.
"""

from __future__ import annotations

from sandbox.host import skew

skew.install_from_environment()  # first: what is imported below takes its `datetime` from the module

import argparse  # noqa: E402
from pathlib import Path  # noqa: E402

from rq import Queue, Worker  # noqa: E402

from sandbox.host import breakpoints  # noqa: E402
from sandbox.host.site import close_process, open_process  # noqa: E402


def work(site: Path, queues: list[str], burst: bool = False) -> None:
    """Work until told to stop (or, with `burst`, until the queues are empty)."""
    frappe = open_process(site)
    from frappe._jobs import queue_connection, queue_name

    connection = queue_connection(frappe.conf.redis_queue)
    names = [queue_name(queue) for queue in queues]
    close_process()  # a connection must not cross the fork; each job opens its own
    breakpoints.install_from_environment()
    worker = Worker([Queue(name, connection=connection) for name in names], connection=connection)
    worker.work(burst=burst, logging_level="WARNING")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--queues", default="short,default,long")
    parser.add_argument("--burst", action="store_true")
    given = parser.parse_args()
    work(given.site, given.queues.split(","), given.burst)


if __name__ == "__main__":
    main()
