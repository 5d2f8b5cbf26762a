"""A headless Chromium, driven through chromedriver's own HTTP interface (W3C WebDriver): pages, scripts, pictures."""

from __future__ import annotations

import base64
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync --disable-dev-shm-usage --window-size=1400,1000"
).split()


class Browser:
    """One window. `wait` polls a script until it answers with something."""

    def __init__(self, session: str) -> None:
        self._session = session

    def _command(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(method, f"{self._session}{path}", json=body, timeout=180)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:1500])
        return answer.json()["value"]

    def go(self, address: str) -> None:
        """Open a page; returns when it has loaded, what it then fetches may still be on its way."""
        self._command("POST", "/url", {"url": address})

    def run(self, script: str, *arguments: Any) -> Any:
        """Run JavaScript in the page; what it returns."""
        return self._command("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script: str, *arguments: Any, seconds: float = 40) -> Any:
        """What the script returns once that is something; TimeoutError with the page's text otherwise."""
        deadline = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{script[:200]}\n{self.run('return document.body.innerText.slice(0, 1500)')}")
            time.sleep(0.1)
        return found

    def picture(self, path: Path) -> None:
        """What is on the screen, as a PNG."""
        path.write_bytes(base64.b64decode(self._command("GET", "/screenshot")))

    def forget(self) -> None:
        """Drop the cookies: nobody is signed in any more."""
        self._command("DELETE", "/cookie")

    def close(self) -> None:
        """End the browser."""
        self._command("DELETE", "")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own until the block ends. RuntimeError where chromium or chromedriver is missing."""
    driver, program = shutil.which("chromedriver"), shutil.which("chromium") or shutil.which("google-chrome")
    if not driver or not program:
        raise RuntimeError("chromium and chromedriver have to be installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="picortex-chromium-")
    process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        at = f"http://127.0.0.1:{port}"
        _wait_for(f"{at}/status")
        options = {"binary": program, "args": [*FLAGS, f"--user-data-dir={folder}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "unhandledPromptBehavior": "ignore"}}}
        answer = httpx.post(f"{at}/session", json=wanted, timeout=120)
        answer.raise_for_status()
        browser = Browser(f"{at}/session/{answer.json()['value']['sessionId']}")
        try:
            yield browser
        finally:
            browser.close()
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            if httpx.get(address, timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            pass  # not listening yet
        if time.monotonic() > deadline:
            raise TimeoutError(address)
        time.sleep(0.1)
