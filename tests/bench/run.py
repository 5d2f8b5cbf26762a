"""`make test-bench BENCH=... SITE=...`: the app on a real bench, against the Xero simulator. Writes docs/bench-record.json.

Installs and removes the app (checking that nothing is left behind), runs the app's own tests with a real worker, removes and installs it
once more, and checks that nothing from before the new go-live date is sent. Leaves the app installed.

Whether it leaves a site as it was can only be seen on a site that never had it: on any other what an earlier removal left behind is there
before and after. There those checks are skipped by name, and no record is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.xero.process import RunningXero, running  # noqa: E402
from tests.bench.site import APP, Site, Unusable  # noqa: E402

RECORD = ROOT / "docs" / "bench-record.json"
MANIFEST = ROOT / "sandbox" / "host" / "manifest.json"
HOST_ADDRESS = "http://localhost:8000"  # Xero accepts http only for localhost; nothing listens there for the suite
CALLBACK = "/api/method/picortex_xero.api.connect.callback"
# Frappe itself writes these when any app is installed or removed: they say what happened, not what is there.
FRAPPE_WRITES = {
    "tabDeleted Document", "tabPatch Log", "tabError Log", "tabScheduled Job Log", "tabActivity Log", "tabVersion", "tabInstalled Application",
    "tabSingles", "tabDefaultValue", "tabLogs To Clear", "tabSeries", "tabPortal Menu Item",
}  # fmt: skip


UNUSED, ROWS, USED = (
    "uninstall of an unused app leaves the site as it was",
    "install and uninstall change no row of other apps",
    "uninstall of a used app leaves the site as it was",
)
NEEDED = (
    "These checks and the record need a site that never had the app: make a new one (bench new-site, install erpnext, allow_tests true) and "
    "run the suite there."
)
# Frappe fills in its own on the way, whoever is installed: how long each of its logs is kept. Of these only a line about us is ours.
FRAPPE_ADDS, OURS = ("Logs To Clear",), "Xero "


class Run:
    """One run: outcomes and figures as they come in. `traces` say by what it shows that the site has held the app before."""

    def __init__(self, site: Site, folder: Path, traces: list[str]) -> None:
        self.site, self.folder, self.traces = site, folder, traces
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.measured: dict[str, Any] = {}

    def check(self, name: str, problems: list[str]) -> None:
        """Note a check of this driver's own as one more test."""
        self.outcomes[name] = {
            "outcome": "failed" if problems else "passed",
            **({"reason": "; ".join(problems)[:2000]} if problems else {}),
        }
        print(f"{'FAILED' if problems else 'passed'}  {name}" + "".join(f"\n        {problem}" for problem in problems), flush=True)

    def leaves_nothing(self, name: str, compare: Callable[[], list[str]]) -> None:
        """A check that says something only of a site that never had the app; skipped by name on any other."""
        if not self.traces:
            self.check(name, compare())
            return
        self.outcomes[name] = {"outcome": "skipped", "reason": f"the site has held the app before ({self.traces[0]})"[:500]}
        print(f"skipped  {name}: {self.outcomes[name]['reason']}", flush=True)

    def tests(self, xero: RunningXero, stage: str, *which: str) -> None:
        """Run the app's tests on the bench; their outcomes by name."""
        record, figures = self.folder / f"{stage}.json", self.folder / "measured.json"
        output = self.site.frappe(
            "run-tests", *(which or ("--app", APP)), "--skip-before-tests", may_fail=True, CI="1", PICORTEX_BENCH_XERO=xero.address,
            PICORTEX_BENCH_STAGE=stage, PICORTEX_BENCH_RECORD=str(record), PICORTEX_BENCH_MEASURED=str(figures),
        )  # fmt: skip
        found = json.loads(record.read_text("utf-8")) if record.exists() else {}
        self.outcomes |= {name: outcome for name, outcome in found.items() if stage == "first" or outcome["outcome"] != "skipped"}
        self.measured |= json.loads(figures.read_text("utf-8")) if figures.exists() else {}
        summary = re.search(r"^(OK|FAILED)\b.*$", output, re.MULTILINE)
        failed = sorted(name for name, outcome in found.items() if outcome["outcome"] == "failed")
        problems = failed or ([] if summary and summary[1] == "OK" else ["the test run itself failed; see its output above"])
        self.check(f"{stage}: the app's tests on the bench", problems)


def leftovers(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs in structure between two snapshots."""
    found = []
    for kind, lines in before["structure"].items():
        there = set(after["structure"].get(kind, ()))
        if kind in FRAPPE_ADDS:
            there = {line for line in there if line in lines or OURS in line}
        found += [f"{kind}: left behind {line}" for line in sorted(there - set(lines))]
        found += [f"{kind}: missing {line}" for line in sorted(set(lines) - there)]
    return found


def changed_tables(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Tables whose rows differ between two snapshots, other than those that Frappe itself writes."""
    rows = before["rows"]
    tables = sorted(set(rows) | set(after["rows"]))
    return [f"{table}: {rows.get(table)} -> {after['rows'].get(table)}" for table in tables if rows.get(table) != after["rows"].get(table)]


def snapshot(site: Site, *what: str) -> Any:
    """A snapshot of the site, its versions, or its traces of the app."""
    return json.loads(site.script("snapshot.py", *what).splitlines()[-1])


def suite(run: Run) -> None:
    """Everything, in order."""
    site = run.site
    site.bring_app()
    if site.installed():
        site.uninstall()
    before = snapshot(site)
    run.measured["install_seconds"] = site.install()
    run.measured["uninstall_seconds"] = site.uninstall()
    after = snapshot(site)
    run.leaves_nothing(UNUSED, lambda: leftovers(before, after))
    others = [line for line in changed_tables(before, after) if line.split(":")[0] not in FRAPPE_WRITES]
    run.leaves_nothing(ROWS, lambda: others)
    site.install()
    with running(["NZ:NZD:Not Chosen Ltd"], redirect_uris=[HOST_ADDRESS + CALLBACK]) as xero:
        settings = {"xero_endpoints": endpoints(xero.address), "host_name": HOST_ADDRESS}
        with site.settings(**settings), site.worker(run.folder / "worker.log"):
            run.tests(xero, "first")
            site.wait_for_empty_queue()
            site.uninstall()
            run.leaves_nothing(USED, lambda: leftovers(before, snapshot(site)))
            site.install()
            run.tests(xero, "reinstalled", "--module", f"{APP}.tests.bench.test_reinstall")
    log = (run.folder / "worker.log").read_text("utf-8", errors="replace")
    run.check(
        "the worker ran without an exception", sorted(set(re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception)\b.*$", log, re.MULTILINE)))[:5]
    )


def endpoints(address: str) -> dict[str, str]:
    """Xero's addresses at the simulator."""
    identity, api = f"{address}/identity/connect/authorize", f"{address}/api.xro/2.0/"
    return {
        "authorize": identity, "token": f"{address}/connect/token", "revoke": f"{address}/connect/revocation",
        "connections": f"{address}/connections", "api": api,
    }  # fmt: skip


def record(run: Run, seconds: float) -> dict[str, Any]:
    """What docs/bench-record.json says."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain", "--", APP, "sandbox"], capture_output=True, text=True, check=True).stdout
    counts: dict[str, int] = {}
    for outcome in run.outcomes.values():
        counts[outcome["outcome"]] = counts.get(outcome["outcome"], 0) + 1
    manifest = MANIFEST.read_bytes()
    return {
        "about": "The last run of `make test-bench`: the app's tests on a real bench, against the Xero simulator in sandbox/xero.",
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "commit": commit,
        "uncommitted_changes": bool(changed.strip()),
        "versions": snapshot(run.site, "versions"),
        "made_on": {"a_site_that_never_had_the_app": not run.traces, "site": "for tests only (allow_tests)"},
        "manifest_sha256": hashlib.sha256(manifest).hexdigest(),
        "manifest_symbols": sorted(symbols(json.loads(manifest))),
        "counts": counts,
        "skipped": {name: outcome.get("reason", "") for name, outcome in sorted(run.outcomes.items()) if outcome["outcome"] == "skipped"},
        "failed": {name: outcome.get("reason", "") for name, outcome in sorted(run.outcomes.items()) if outcome["outcome"] == "failed"},
        "tests": {name: outcome["outcome"] for name, outcome in sorted(run.outcomes.items())},
        "measured": run.measured,
    }


def keep(run: Run, result: dict[str, Any]) -> str:
    """Write the record, where the site is fit for one; what to say of it."""
    if run.traces:
        return f"no record was written: {run.site.name} has held the app before. {NEEDED}"
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(result, indent=1, default=str) + "\n", "utf-8")
    return f"record: {RECORD.name}"


def symbols(manifest: dict[str, Any]) -> set[str]:
    """Every symbol and every keyword that the manifest lists."""
    found = set(manifest["names"]) | set(manifest["open_values"])
    for name, keywords in manifest["functions"].items():
        found |= {f"{name}()", *(f"{name}({keyword}=)" for keyword in keywords)}
    return found


def main() -> int:
    """Run, record, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--site", required=True)
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="picortex-bench-") as folder:
        try:
            site = Site(chosen.bench, chosen.site)
            run = Run(site, Path(folder), snapshot(site, "traces"))
            if run.traces:
                print(f"{site.name} has held the app before: {'; '.join(run.traces)}\n{NEEDED}", flush=True)
            suite(run)
        except Unusable as problem:
            print(f"make test-bench: {problem}", file=sys.stderr)
            return 2
        result = record(run, time.monotonic() - started)
    kept = keep(run, result)
    print(f"\n{'outcome':10} test")
    for name, outcome in result["tests"].items():
        print(f"{outcome:10} {name}")
    print(f"\n{result['counts']} in {result['seconds']} s on {result['versions']}\n{kept}")
    return 1 if result["failed"] or not result["counts"].get("passed") else 0


if __name__ == "__main__":
    sys.exit(main())
