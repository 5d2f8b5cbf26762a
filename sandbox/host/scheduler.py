"""The scheduler: enqueues the app's `scheduler_events` as Frappe's does, with a tick that tests can make short.

`python -m sandbox.host.scheduler --site DIR [--tick 60] [--no-dedupe]`. Every tick stands for a minute: `cron` and
`all` methods run each tick (cron expressions are not read), `hourly*` every 60th, `daily*` every 1440th. Like Frappe's,
a method that is queued or started is not queued again - so a job whose worker was SIGKILLed keeps its method from
running until RQ gives the job up, minutes later; `--no-dedupe` is for kill tests that cannot wait for that.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import redis
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus

from sandbox.host.site import open_site

EVERY_TICKS = {
    "all": 1,
    "hourly": 60,
    "hourly_long": 60,
    "hourly_maintenance": 60,
    "daily": 1440,
    "daily_long": 1440,
    "weekly": 10080,
}


def due_methods(events: dict[str, object], tick: int) -> list[tuple[str, str]]:
    """(method, queue) of everything due at this tick, the first tick being 1. ValueError for an unknown frequency."""
    due: list[tuple[str, str]] = []
    for frequency, methods in events.items():
        if frequency == "cron":
            due += [(method, "default") for listed in methods.values() for method in listed]  # type: ignore[attr-defined]
            continue
        if frequency not in EVERY_TICKS:
            raise ValueError(f"scheduler_events[{frequency!r}] is not known to the sandbox's scheduler")
        if tick % EVERY_TICKS[frequency] == 0:
            queue = "long" if frequency.endswith(("_long", "_maintenance")) else "default"
            due += [(method, queue) for method in methods]  # type: ignore[attr-defined]
    return due


def run_tick(site: Path, tick: int, dedupe: bool = True) -> int:
    """Enqueue what is due; the number of jobs pushed. A queue server that is down is left for the next tick."""
    with open_site(site) as frappe:
        from frappe._jobs import push

        pushed = 0
        connection = redis.Redis.from_url(frappe.conf.redis_queue)
        for method, queue in due_methods(frappe.get_hooks("scheduler_events") or {}, tick):
            job_id = f"{frappe.local.site}::scheduled_job::{method}" if dedupe else None
            try:
                if job_id and _waiting(job_id, connection):
                    continue
                push(method, queue=queue, job_id=job_id)
                pushed += 1
            except redis.exceptions.ConnectionError as error:
                print(f"tick {tick}: the queue server does not answer: {error}", flush=True)
        return pushed


def _waiting(job_id: str, connection: redis.Redis) -> bool:
    try:
        job = Job.fetch(job_id, connection=connection)
    except NoSuchJobError:
        return False
    if job.get_status() in (JobStatus.QUEUED, JobStatus.STARTED):
        return True
    job.delete()
    return False


def main() -> None:
    """Command line: tick until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, required=True)
    parser.add_argument("--tick", type=float, default=60.0, help="seconds between ticks")
    parser.add_argument("--no-dedupe", action="store_true")
    given = parser.parse_args()
    tick = 0
    while True:
        tick += 1
        run_tick(given.site, tick, dedupe=not given.no_dedupe)
        time.sleep(given.tick)


if __name__ == "__main__":
    main()
