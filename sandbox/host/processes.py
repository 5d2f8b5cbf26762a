"""Starts and kills the sandbox's worker and scheduler as processes of their own."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


# Workers are forked from a process that has loaded everything and does nothing else; each is a process of its own all the same.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["sandbox.host.preload"])


class SiteProcess:
    """`python -m <module> --site DIR ...`, its output in DIR/logs. Only ever signals the processes it started."""

    def __init__(self, module: str, site: Path | str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.site = Path(site).resolve()
        self.log = self.site / "logs" / f"{module.rpartition('.')[2]}.log"
        self.log.parent.mkdir(exist_ok=True)
        self.process = self._start(module, ["--site", str(self.site), *arguments], {**os.environ, **(environment or {})})

    def _start(self, module: str, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes] | Forked:
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=environment,
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
        if self.process.poll() is not None:
            return  # Its number may be another process's by now.
        children = _children(self.process.pid)
        for pid in [self.process.pid, *children]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


class ForkedProcess(SiteProcess):
    """The same, forked: it starts in a tenth of the time."""

    def _start(self, module: str, arguments: list[str], environment: dict[str, str]) -> Forked:
        return Forked(module, arguments, environment, self.log)


class Forked:
    """A forked process with what is used of a Popen."""

    def __init__(self, module: str, arguments: list[str], environment: dict[str, str], log: Path) -> None:
        self._process = _FORKS.Process(target=_run, args=(module, arguments, environment, str(log)), daemon=True)
        self._process.start()
        self.pid: int = self._process.pid or 0

    def poll(self) -> int | None:
        """The exit code; a negative one is the signal that ended it. None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. subprocess.TimeoutExpired."""
        self._process.join(timeout)
        ended = self.poll()
        if ended is None:
            raise subprocess.TimeoutExpired("a worker", timeout or 0)
        return ended

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


def _run(module: str, arguments: list[str], environment: dict[str, str], log: str) -> None:
    """In the forked process: be `python -m <module> ...`."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(output, stream)
    sys.argv = [module, *arguments]
    importlib.import_module(module).main()


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
    if skew:  # it has to be there before anything is loaded
        environment["SANDBOX_CLOCK_SKEW"] = str(skew)
    return (SiteProcess if skew else ForkedProcess)("sandbox.host.worker", site, *arguments, environment=environment)


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
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return front
        except OSError:
            time.sleep(0.05)
    front.kill()
    raise TimeoutError(f"nothing listens on port {port}: see {front.log}")


def wait_for(path: Path, seconds: float = 120.0) -> None:
    """Wait until a file exists. TimeoutError otherwise."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} did not appear within {seconds} s")
        time.sleep(0.02)
