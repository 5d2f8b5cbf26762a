"""A small server in place of Xero's, for what a well-behaved one would never do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

CALLBACK = "http://localhost:9/callback"


@dataclass
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A server that answers as `reply(handler)` does; `most` is the largest number of requests in flight at once."""

    address: str
    heard: list[Heard] = field(default_factory=list)
    most: int = 0
    now: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[Any], None]], Server]]:
    """`serve(reply)` starts a server; all are stopped afterwards."""
    started: list[ThreadingHTTPServer] = []

    def start(reply: Callable[[Any], None]) -> Server:
        server = Server("")

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                with server.lock:
                    server.now += 1
                    server.most = max(server.most, server.now)
                    server.heard.append(Heard(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                try:
                    reply(self)
                finally:
                    with server.lock:
                        server.now -= 1

            do_GET = do_PUT = do_POST = do_DELETE = _any

            def log_message(self, format: str, *arguments: Any) -> None:
                """Quiet."""

        http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        http.daemon_threads = True
        # It is asked this often whether to end.
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        started.append(http)
        server.address = f"http://127.0.0.1:{http.server_address[1]}/api.xro/2.0/"
        return server

    yield start
    for http in started:
        http.shutdown()
        http.server_close()


def answer(body: bytes, status: int = 200, delay: float = 0.0, **headers: str) -> Callable[[Any], None]:
    """A reply with this body, after `delay` seconds."""

    def reply(handler: Any) -> None:
        time.sleep(delay)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply
