"""A bench and one of its sites: commands, settings for the length of a run, installing and removing the app, a worker."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis

ROOT = Path(__file__).resolve().parents[2]
APP = "picortex_xero"
# A Redis server has 16 databases; benches use 0 to 2. The suite's jobs go to this one of the bench's own queue server, so that
# workers that were started before the app came to the bench do not take them.
QUEUE_DATABASE = 11


class Unusable(Exception):
    """The bench or the site cannot be used; the message says what to do."""


class Site:
    """`bench` is the bench's folder, `name` a site on it. Commands run with the bench's own Python."""

    def __init__(self, bench: Path, name: str, queue_database: int = QUEUE_DATABASE) -> None:
        self.bench, self.name, self.queue_database = bench.resolve(), name, queue_database
        self.sites = self.bench / "sites"
        self.python = self.bench / "env" / "bin" / "python"
        self.config_file = self.sites / name / "site_config.json"
        self._check()

    def _check(self) -> None:
        if not self.python.exists():
            raise Unusable(f"{self.bench} is no bench: env/bin/python is missing")
        if not self.config_file.exists():
            raise Unusable(f"the bench has no site {self.name}: sites/{self.name}/site_config.json is missing")
        if not self.config().get("allow_tests"):
            raise Unusable(
                f"{self.name} does not allow tests. The suite makes companies and documents on it, removes the app and installs it again: "
                f"use a site for tests only, and say so with: bench --site {self.name} set-config allow_tests true"
            )
        apps = self.frappe("list-apps", quiet=True)
        if "erpnext" not in apps:
            raise Unusable(f"ERPNext is not installed on {self.name}")

    def config(self) -> dict[str, Any]:
        """The site's own settings together with the bench's."""
        common = json.loads((self.sites / "common_site_config.json").read_text("utf-8"))
        return {**common, **json.loads(self.config_file.read_text("utf-8"))}

    @property
    def queue_address(self) -> str:
        """The bench's queue server, in the suite's own database of it."""
        address = urlsplit(os.environ.get("FRAPPE_REDIS_QUEUE") or self.config()["redis_queue"])
        return address._replace(path=f"/{self.queue_database}").geturl()

    def environment(self, **more: str) -> dict[str, str]:
        """What every process of the run sees."""
        return {**os.environ, "FRAPPE_REDIS_QUEUE": self.queue_address, **more}

    def frappe(self, *arguments: str, quiet: bool = False, may_fail: bool = False, **environment: str) -> str:
        """Run one bench command for the site; its output. Raises Unusable with the output's end where it fails."""
        command = [str(self.python), "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe", "--site", self.name, *arguments]
        return self._run(command, quiet, may_fail, environment)

    def script(self, file: str, *arguments: str, **environment: str) -> str:
        """Run one of the files beside this one with the bench's Python; what it prints."""
        return self._run(
            [str(self.python), "-W", "ignore", str(Path(__file__).with_name(file)), self.name, *arguments], True, False, environment
        )

    def _run(self, command: list[str], quiet: bool, may_fail: bool, environment: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.sites,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode and not may_fail:
            raise Unusable(f"{' '.join(command[4:])} failed:\n{done.stdout[-4000:]}")
        if not quiet:
            print(done.stdout, flush=True)
        return done.stdout

    def installed(self) -> bool:
        """Whether the app is installed on the site."""
        return any(line.split()[:1] == [APP] for line in self.frappe("list-apps", quiet=True).splitlines())

    def bring_app(self) -> None:
        """Make the app of this checkout known to the bench, as `bench get-app` does."""
        where = subprocess.run(
            [str(self.python), "-c", f"import {APP}; print({APP}.__file__)"], cwd=self.sites, capture_output=True, text=True, check=False
        ).stdout.strip()
        if not where or Path(where).resolve() != ROOT / APP / "__init__.py":
            install = [str(self.python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-e", str(ROOT)]
            subprocess.run(install, cwd=self.sites, check=True)
        link = self.bench / "apps" / APP
        if not link.exists():
            link.symlink_to(ROOT)
        listed = self.sites / "apps.txt"
        if APP not in (names := listed.read_text("utf-8").split()):
            listed.write_text("\n".join([*names, APP]) + "\n", "utf-8")
        self.frappe("clear-cache", quiet=True)

    def install(self) -> float:
        """Install the app on the site; seconds it took."""
        started = time.monotonic()
        self.frappe("install-app", APP, quiet=True)
        return round(time.monotonic() - started, 1)

    def uninstall(self) -> float:
        """Remove the app from the site; seconds it took."""
        started = time.monotonic()
        self.frappe("uninstall-app", APP, "--yes", "--no-backup", quiet=True)
        self.frappe("clear-cache", quiet=True)
        return round(time.monotonic() - started, 1)

    def wait_for_empty_queue(self, seconds: float = 60) -> None:
        """Wait until the worker has taken every job: what is queued while the app is removed could only fail. `seconds`: how long it may take for one."""
        connection = redis.from_url(self.queue_address)
        fewest, since = None, time.monotonic()
        while waiting := sum(connection.llen(queue) for queue in connection.keys("rq:queue:*")):
            if fewest is None or waiting < fewest:
                fewest, since = waiting, time.monotonic()
            elif time.monotonic() > since + seconds:
                raise Unusable(f"the worker took none of {waiting} jobs in {seconds} s")
            time.sleep(0.2)
        time.sleep(2)  # the job it took last

    @contextmanager
    def settings(self, **values: Any) -> Iterator[None]:
        """Settings in the site's configuration until the block ends."""
        before = self.config_file.read_text("utf-8")
        self.config_file.write_text(json.dumps({**json.loads(before), **values}, indent=1), "utf-8")
        try:
            yield
        finally:
            self.config_file.write_text(before, "utf-8")

    @contextmanager
    def worker(self, log: Path, queues: str = "short,default,long") -> Iterator[None]:
        """One real worker of the bench, on the suite's queue, until the block ends."""
        command = [str(self.python), "-W", "ignore", "-m", "frappe.utils.bench_helper", "frappe", "worker", "--queue", queues]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=self.sites, env=self.environment(), stdout=output, stderr=output)
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
