"""A measurement of hours that goes on where it was: the site, the simulator and what was counted so far, kept in a folder now and then.

What is kept is of one moment between two simulated minutes, so whoever goes on from it finds what a machine finds that was switched off for a while: the simulated time in
between did not pass.
"""

from __future__ import annotations

import json
import pickle
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import index_statistics
from sandbox import erp, passing_time
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import migrate
from sandbox.rig import CALLBACK, COUNTRIES, HOST_ADDRESS, Rig, endpoints, patch_environment
from sandbox.xero.process import running

SITE, CLOCK, XERO, VALUES = "site", "clock", "xero.json", "values"
EVERY_SECONDS = 600.0


def keep(rig: Rig, folder: Path, values: dict[str, Any]) -> None:
    """Keep both sides and these values in the folder, in the place of what was kept there. Nothing may be connected to the site, and no call on its way."""
    made = folder.with_name(folder.name + ".new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    shutil.copytree(rig.site, made / SITE)
    (made / XERO).write_text(rig.xero.state(), "utf-8")
    ahead = float(rig.clock_file.read_text() or 0)
    (made / CLOCK).write_text(json.dumps({"ahead": ahead, "kept": time.time()}))
    (made / VALUES).write_bytes(pickle.dumps({**values, "country": rig.country, "connection": rig.connection}))
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


@contextmanager
def standing_again(kept: Path) -> Iterator[tuple[Rig, dict[str, Any]]]:
    """Both sides as they were kept, on copies, with the values of then."""
    values: dict[str, Any] = pickle.loads((kept / VALUES).read_bytes())
    country = values["country"]
    name, currency = COUNTRIES[country]
    recording = erp.read(erp.RECORDED / f"{name}.json.gz")
    folder = kept.with_name(kept.name + ".now")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        moment = json.loads((kept / CLOCK).read_text())
        clock_file = folder / CLOCK
        passing_time.put(clock_file, moment["ahead"] - (time.time() - moment["kept"]))
        patch_environment(stack, "PICORTEX_SANDBOX_CLOCK", str(clock_file))
        queue = stack.enter_context(QueueServer(folder / "queue"))
        company = recording["companies"][0]["name"]
        xero = stack.enter_context(running([f"{country}:{currency}:{company}"], clock_file, [HOST_ADDRESS + CALLBACK]))
        xero.put_state((kept / XERO).read_text("utf-8"))
        site = Path(shutil.copytree(kept / SITE, folder / SITE))
        config = json.loads((site / "site_config.json").read_text())
        config |= {"redis_queue": queue.url, "redis_cache": queue.url, "xero_endpoints": endpoints(xero.address)}
        (site / "site_config.json").write_text(json.dumps(config))
        rig = Rig(folder, site, queue, xero, recording, clock_file, country, values["connection"])
        # An earlier version may have kept it.
        migrate(site)
        with rig.frappe() as frappe:
            index_statistics.tell(frappe)
        yield rig, values
