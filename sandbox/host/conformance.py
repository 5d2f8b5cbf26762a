"""Runs the host conformance suite on a fresh stand-in site and compares with the record of a bench run.

`python -m sandbox.host.conformance` prints the differences; `record` writes what a bench run left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

from sandbox.host.processes import start_worker
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import close_process, create_site, open_process

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "picortex_xero" / "tests"
MANIFEST = Path(__file__).with_name("manifest.json")
BENCH_RECORDS = (ROOT / "docs" / "bench-record.json", Path(__file__).with_name("bench_record.json"))  # the first there is


def run_on_stand_in(record: Path) -> unittest.TestResult:
    """The suite, here; outcomes by test name go to the `record` file."""
    os.environ["PICORTEX_CONFORMANCE_RECORD"] = str(record)
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder, QueueServer() as server:
        site = create_site(Path(folder) / "conformance.local", server.url)
        worker = start_worker(site)
        open_process(site)
        try:
            tests = unittest.TestLoader().discover(str(TESTS), "test_host_conformance*.py", str(ROOT))
            return unittest.TextTestRunner(stream=sys.stderr, verbosity=0).run(tests)
        finally:
            close_process()
            worker.stop()


def manifest_hash() -> str:
    """What a bench record is valid for."""
    return hashlib.sha256(MANIFEST.read_bytes()).hexdigest()


def bench_record() -> dict[str, Any] | None:
    """The last committed bench run: `make test-bench` writes the first file, `--keep` the second."""
    found = next((path for path in BENCH_RECORDS if path.exists()), None)
    record: dict[str, Any] | None = json.loads(found.read_text("utf-8")) if found else None
    return record


def differences(here: dict[str, str], bench: dict[str, str]) -> list[str]:
    """One line per test that ran on both and did not end alike."""
    return [
        f"{name}: stand-in {here[name]}, bench {bench[name]}" for name in sorted(here.keys() & bench.keys()) if here[name] != bench[name]
    ]


def stale(here: dict[str, str], bench: dict[str, Any]) -> list[str]:
    """Why the record no longer speaks for this source; empty while it does."""
    found = ["the manifest changed since"] if bench["manifest_sha256"] != manifest_hash() else []
    missing = sorted(here.keys() - bench["tests"].keys())
    return found + ([f"{len(missing)} tests have not run on a bench: {', '.join(missing[:5])}"] if missing else [])


def keep_bench_record(outcomes: Path, versions: dict[str, str], commit: str, date: str) -> None:
    """Turn the outcomes a bench run wrote into the committed record."""
    record = {
        "about": "Last run of the host conformance suite on a real bench, by test name.",
        "date": date,
        "commit": commit,
        "versions": versions,
        "manifest_sha256": manifest_hash(),
        "tests": json.loads(outcomes.read_text("utf-8")),
    }
    BENCH_RECORDS[1].write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", "utf-8")


def main() -> int:
    """Command line; exit status 1 where a test failed or differs from the bench's record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="OUTCOMES", help="store a bench run's outcomes as the committed record")
    parser.add_argument("--versions", type=json.loads, default={}, help='JSON, such as {"frappe": "15.72.4"}')
    parser.add_argument("--commit", default="")
    parser.add_argument("--date", default="")
    given = parser.parse_args()
    if given.keep:
        keep_bench_record(given.keep, given.versions, given.commit, given.date)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "here.json"
        result = run_on_stand_in(record)
        here = json.loads(record.read_text("utf-8"))
    bench = bench_record()
    if bench is None:
        print("no bench run is on record")
        return int(not result.wasSuccessful())
    problems = differences(here, bench["tests"])
    print(f"{len(here)} tests here; bench run of {bench['date']} on {bench['versions']}")
    for line in problems + [f"the bench record is stale: {why}" for why in stale(here, bench)]:
        print(line)
    return int(bool(problems) or not result.wasSuccessful())


if __name__ == "__main__":
    sys.exit(main())
