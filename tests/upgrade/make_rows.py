"""Makes the frozen rows of this folder, and what going on from them comes to. Run with the code at commit 1c28bc5 (version 0.1.0), before
the code was arranged by documents; with any later code it would freeze something else, and prove nothing.

`python -m tests.upgrade.make_rows` from the repository's root. The instance id, the names, creations and contents of documents and the
site's key are fixed; names of rows, keys of requests and ids in Xero are random and fixed by being in the files.
"""

from __future__ import annotations

import copy
import subprocess
import sys
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

from sandbox import erp
from sandbox.host.processes import wait_for
from sandbox.replay.player import Player
from sandbox.replay.timeline import Timeline, seconds_from
from tests.e2e import scene
from tests.echo.stage import Stage
from tests.upgrade import frozen, story, words
from tests.upgrade.frozen import Moment
from tests.upgrade.going_on import everything
from tests.upgrade.moments import MOMENTS
from tests.upgrade.stage import RECORDING, gone_on_from, standing_at

COMMIT = "1c28bc5"
# Where the run is stopped, and which writes never arrive at Xero.
STOPS: dict[str, tuple[str, str]] = {
    "claimed": ("picortex_xero.sync.dispatch:claim:after:1", ""),
    "sealed": ("picortex_xero.sync.build:build:after:1", ""),
    "sent": ("picortex_xero.sync.recover:settled:before:1", r"/CreditNotes|/BatchPayments"),
    "sent-later": ("picortex_xero.sync.recover:settled:before:6", r"/ManualJournals|/Allocations|/BankTransfers"),
}


def main() -> None:
    """Play, stop, freeze, go on."""
    check_commit()
    recording = erp.read(RECORDING)
    clock = seconds_from(recording["recorded_at"], datetime.now(timezone.utc))
    with standing_at(clock) as rig:
        story.begin(rig)
        with rig.frappe() as frappe:
            times, host = Timeline(), frappe
        player = Player(rig, host, times)
        story.history(rig, player)
        story.troubles(rig, player)
        stage = Stage(rig)
        stage.keep("before")
        moments = [_stopped(stage, Player(rig, host, copy.deepcopy(times)), name) for name in STOPS]
    assert list(STOPS) == list(MOMENTS)
    found, expected = words.Words(), {}
    for moment in moments:
        name = moment.name
        found.note(moment.tables)
        with gone_on_from(moment, MOMENTS[name]) as rig:
            expected[name] = everything(rig, moment)
            found.note(frozen.tables(rig.site / "site.db"))
        print(name, {part: len(rows) for part, rows in expected[name]["decided"].items()}, flush=True)
    frozen.write(moments, expected)
    found.write()


def _stopped(stage: Stage, player: Player, name: str) -> Moment:
    """Play what is on its way, and kill the worker where it is to be stopped."""
    stage.put_back("before")
    rig = stage.rig
    place, lost = STOPS[name]
    if lost:
        rig.xero.fault("drop_before", method="PUT|POST|DELETE", path=lost, times=100)
    story.on_its_way(rig, player)
    reached = rig.folder / f"reached-{uuid.uuid4().hex}"
    worker = rig.worker(breakpoint_at=place, signal_file=reached)
    scene.sweep(rig)
    wait_for(reached, 60)
    worker.kill()
    rig.xero.clear_faults()
    at = time.time() + float(rig.clock_file.read_text())
    files = {str(path.relative_to(rig.site)): path.read_bytes() for path in rig.site.glob("p*/files/*") if path.is_file()}
    moment = Moment(name, at, rig.connection, frozen.tables(rig.site / "site.db"), rig.xero.state(), files)
    attempts = [row for row in moment.tables["tabXero Attempt"] if row["state"] == "Sealed"]
    print(
        name, [(row["kind"], row.get("outcome"), bool(row.get("send_deadline")), bool(row.get("kept"))) for row in attempts], rig.counts()
    )
    return moment


def check_commit() -> None:
    """SystemExit where the app's code is not that of the commit."""
    root = Path(__file__).resolve().parents[2]
    changed = subprocess.run(
        ["git", "diff", "--stat", COMMIT, "--", "picortex_xero"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    if changed:
        sys.exit(f"picortex_xero is not as it was at {COMMIT}:\n{changed}")


if __name__ == "__main__":
    main()
