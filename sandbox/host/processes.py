"""Starts and kills the sandbox's worker and scheduler as processes of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class SiteProcess:
    """`python -m <module> --site DIR ...`, its output in DIR/logs. Only ever signals the processes it started."""

    def __init__(self, module: str, site: Path | str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.site = Path(site).resolve()
        self.log = self.site / "logs" / f"{module.rpartition('.')[2]}.log"
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, "--site", str(self.site), *arguments],
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def stop(self) -> None:
        """Ask it to end (SIGTERM) and wait; a busy worker finishes its job first."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """SIGKILL the process and its work-horses, the parent first so that it cannot note the death of its child."""
        children = _children(self.process.pid)
        for pid in [self.process.pid, *children]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def start_worker(
    site: Path | str,
    *arguments: str,
    breakpoint_at: str | None = None,
    signal_file: Path | None = None,
    freeze: bool = False,
    skew: float = 0,
) -> SiteProcess:
    """A worker process; `breakpoint_at`, `signal_file` and `freeze` as in `sandbox.host.breakpoints`, `skew` as in `sandbox.host.skew`."""
    environment = {}
    if breakpoint_at:
        environment = {"SANDBOX_BREAKPOINT": breakpoint_at, "SANDBOX_BREAKPOINT_FILE": str(signal_file)}
    if freeze:
        environment["SANDBOX_BREAKPOINT_FREEZE"] = "1"
    if skew:
        environment["SANDBOX_CLOCK_SKEW"] = str(skew)
    return SiteProcess("sandbox.host.worker", site, *arguments, environment=environment)


def start_scheduler(site: Path | str, *arguments: str) -> SiteProcess:
    """A scheduler process; arguments as in `sandbox.host.scheduler`."""
    return SiteProcess("sandbox.host.scheduler", site, *arguments)


def start_web(site: Path | str, port: int) -> SiteProcess:
    """The HTTP front on 127.0.0.1; returns when it answers. TimeoutError where it does not, OSError where somebody else has the port."""
    with socket.socket() as probe:
        # As the front itself binds: without this a stranger on the port would answer in its place.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    front = SiteProcess("sandbox.host.web", site, "--port", str(port))
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return front
        except OSError:
            time.sleep(0.05)
    front.kill()
    raise TimeoutError(f"nothing listens on port {port}: see {front.log}")


def wait_for(path: Path, seconds: float = 30.0) -> None:
    """Wait until a file exists. TimeoutError otherwise."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} did not appear within {seconds} s")
        time.sleep(0.02)
