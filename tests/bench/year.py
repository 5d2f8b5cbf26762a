"""`make test-year BENCH=... SITE=... [COUNT=1000]`: a year of one company on a real bench, in Xero, and a tie-out of both books.

Installs the app afresh on a test site, lets `year_on_bench.py` type at least COUNT documents through ERPNext while two of the bench's
workers send them to the Xero simulator, then compares the host's ledgers with Xero's. Prints the statement and writes
docs/year-record.json. Exit status 1 where anything is unexplained, or more is refused than the limit says.
"""

from __future__ import annotations

import argparse
import json
import secrets
import string
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.replay.xero_side import XeroSide  # noqa: E402
from sandbox.xero.process import RunningXero, running  # noqa: E402
from tests.bench.run import CALLBACK, HOST_ADDRESS, endpoints, snapshot  # noqa: E402
from tests.bench.site import APP, Site, Unusable  # noqa: E402
from tests.bench.year_host import HostBooks  # noqa: E402
from tests.bench.year_statement import failed, statement, text  # noqa: E402
from tests.bench.year_tieout import TieOut  # noqa: E402
from tests.bench.year_xero import XeroBooks  # noqa: E402

RECORD = ROOT / "docs" / "year-record.json"
MAPPING: dict[str, Any] = json.loads((ROOT / "sandbox" / "mappings.json").read_text("utf-8"))["NZ"]
WORKERS, QUEUE_DATABASE = 2, 12  # of the queue server: not the one of test-bench, whose workers are for another site


def prepare_organisation(xero: RunningXero) -> None:
    """What the accountant has set up in Xero before; and no rate limits, which other tests are about."""
    xero.unlimited()
    xero.person("add_tracking", Name=MAPPING["tracking"][0], Options=MAPPING["tracking"][1])
    xero.person("set_currencies", currencies=MAPPING["currencies"])
    for account in MAPPING["added_accounts"]:
        xero.person("add_account", **account)
    for rate in MAPPING["added_rates"]:
        xero.person("add_tax_rate", **rate)


def run(site: Site, count: int, folder: Path) -> tuple[dict[str, Any], TieOut]:
    """Make the year; what the host's books say, and the comparison."""
    site.bring_app()
    if site.installed():
        site.uninstall()
    site.install()
    tag = "".join(secrets.choice(string.ascii_uppercase) for _ in range(3))
    company, out = f"Matai Yards {tag} Ltd", folder / "host.json"
    with ExitStack() as stack:
        xero = stack.enter_context(running([f"NZ:NZD:{company}"], redirect_uris=[HOST_ADDRESS + CALLBACK]))
        prepare_organisation(xero)
        stack.enter_context(site.settings(xero_endpoints=endpoints(xero.address), host_name=HOST_ADDRESS))
        logs = [folder / f"worker-{number}.log" for number in range(WORKERS)]
        for log in logs:
            stack.enter_context(site.worker(log))
        site.script("year_on_bench.py", company, f"Y{tag}", str(count), str(out), PICORTEX_BENCH_XERO=xero.address)
        site.wait_for_empty_queue()
        written = json.loads(out.read_text("utf-8"))
        side = XeroSide(SimpleNamespace(xero=xero), written["links"])  # type: ignore[arg-type]
        (folder / "xero.json").write_text(
            json.dumps({"ledger": xero.ledger(tenant=xero.tenant), "accounts": list(side.accounts.values())}, default=str), "utf-8"
        )
        written["calls"] = sum(call["path"].startswith("/api.xro/") for call in xero.calls())
    written["worker_errors"] = [
        line for log in logs for line in log.read_text("utf-8", "replace").splitlines() if "Error" in line or "Exception" in line
    ]
    return written, tie_out(written, side)


def tie_out(written: dict[str, Any], side: XeroSide) -> TieOut:
    """The comparison of what was written with what stands in Xero."""
    host = HostBooks(written, "NZD", lambda xero_id: side.code(_account_id(side, xero_id)), side.contact)
    return TieOut(host, XeroBooks(side, "NZD"))


def _account_id(side: XeroSide, known: str) -> str:
    return known if known in side.accounts else next(key for key, account in side.accounts.items() if account.get("Code") == known)


def main() -> int:
    """Run, print, record, and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="a folder for the host's figures and the workers' logs")
    chosen = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="picortex-year-") as folder:
        place = chosen.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        try:
            site = Site(chosen.bench, chosen.site, QUEUE_DATABASE)
            written, compared = run(site, chosen.count, place)
        except Unusable as problem:
            print(f"make test-year: {problem}", file=sys.stderr)
            return 2
    git = ["git", "-C", str(ROOT)]
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", APP, "sandbox", "tests/bench"], capture_output=True, text=True, check=True
    ).stdout
    result = {
        "about": "The last run of `make test-year`: a year of one company typed through ERPNext on a real bench, sent by the app's workers to "
        "the Xero simulator in sandbox/xero, and both books compared.",
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip(),
        "uncommitted_changes": bool(changed.strip()),
        "versions": snapshot(site, "versions"),
        "seconds_in_all": round(time.monotonic() - started),
        **statement(written, compared),
    }
    RECORD.write_text(json.dumps(result, indent=1, default=str) + "\n", "utf-8")
    print(text(result))
    print(f"\nrecord: {RECORD.relative_to(ROOT)}")
    return 1 if failed(result) else 0


if __name__ == "__main__":
    sys.exit(main())
