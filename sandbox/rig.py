"""A whole try-out in one place: queue server, Xero simulator, host stand-in, worker, scheduler, and the admin's afternoon of set-up.

The demo and the end-to-end tests stand on this. The app is used as it is installed; everything it is given comes through its own
functions and DocTypes.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from sandbox import erp, passing_time
from sandbox.host import books
from sandbox.host.processes import SiteProcess, start_scheduler, start_worker
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import create_site, open_site
from sandbox.xero.process import RunningXero, running

MAPPINGS = json.loads((Path(__file__).parent / "mappings.json").read_text())
HOST_ADDRESS = "http://localhost:8123"
CALLBACK = "/api/method/picortex_xero.api.connect.callback"
COUNTRIES = {"NZ": ("company-nz", "NZD"), "AU": ("company-au", "AUD"), "UK": ("company-uk", "GBP"), "US": ("company-us", "USD")}


@dataclass
class Rig:
    """What is running, and short ways to use it. `recording` is the recorded company's file, `company` its company."""

    folder: Path
    site: Path
    queue: QueueServer
    xero: RunningXero
    recording: dict[str, Any]
    clock_file: Path
    country: str
    connection: str = ""
    processes: list[SiteProcess] = field(default_factory=list)

    @property
    def company(self) -> dict[str, Any]:
        """The recorded company with its masters and documents."""
        return self.recording["companies"][0]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Everything that happened in the recorded company, in order."""
        return self.company["documents"]

    def frappe(self) -> Any:
        """`with rig.frappe() as frappe:` - this process connected to the site."""
        return open_site(self.site)

    def play(self, records: list[dict[str, Any]]) -> None:
        """Submit and cancel recorded documents in the host."""
        with self.frappe():
            for record in records:
                books.play(record)

    def worker(self, *arguments: str, **options: Any) -> SiteProcess:
        """Start one more worker; arguments and options as for `start_worker`."""
        process = start_worker(self.site, *arguments, **options)
        self.processes.append(process)
        return process

    def scheduler(self, tick: float = 1.0) -> SiteProcess:
        """Start the scheduler; a tick stands for a minute."""
        process = start_scheduler(self.site, "--tick", str(tick), "--no-dedupe")
        self.processes.append(process)
        return process

    def dispatch(self) -> None:
        """One dispatch in this process, without queue or worker."""
        with self.frappe():
            from picortex_xero.sync import jobs

            jobs.dispatch(self.connection)

    def steps(self, **filters: Any) -> list[dict[str, Any]]:
        """Outbox rows."""
        with self.frappe() as frappe:
            return frappe.get_all(
                "Xero Outbox Entry", filters={"connection": self.connection, **filters}, fields=["*"], order_by="creation asc"
            )

    def counts(self) -> dict[str, int]:
        """Outbox rows per state."""
        found: dict[str, int] = {}
        for step in self.steps():
            found[step["state"]] = found.get(step["state"], 0) + 1
        return found

    def advance(self, seconds: float) -> None:
        """Let time pass for app and simulator alike."""
        passing_time.put(self.clock_file, float(self.clock_file.read_text() or 0) + seconds)

    def wait(self, done: Callable[[], bool], seconds: float = 60.0, what: str = "") -> None:
        """Wait in real time until `done()`. TimeoutError with the state of the outbox otherwise."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what or 'it'} did not come about in {seconds} s: {self.counts()}")
            time.sleep(0.1)

    def drained(self) -> bool:
        """Whether nothing is on its way any more (what is held or needs a person does not count)."""
        counts = self.counts()
        return bool(counts) and not any(counts.get(state) for state in ("Pending", "Sending", "Unknown"))


@contextmanager
def standing(
    country: str = "NZ",
    *,
    target_status: str = "AUTHORISED",
    connected: bool = True,
    folder: Path | None = None,
    host_address: str = HOST_ADDRESS,
    xero_port: int = 0,
    limits: bool = True,
    recording: dict[str, Any] | None = None,
    clock: float = 0,
    **choices: Any,
) -> Iterator[Rig]:
    """Everything up: site with the recorded masters, simulator with an organisation for the company, connected, mapped and live.

    `recording` is another one of that country than its month; the organisation is its first company's. `clock`: seconds that app and
    simulator are ahead of real time. `choices` are further fields of the Xero Connection.
    """
    name, currency = COUNTRIES[country]
    recording = recording or erp.read(erp.RECORDED / f"{name}.json.gz")
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="picortex-")))
        clock_file = folder / "clock"
        passing_time.put(clock_file, clock)
        patch_environment(stack, "PICORTEX_SANDBOX_CLOCK", str(clock_file))
        queue = stack.enter_context(QueueServer(folder / "queue"))
        company = recording["companies"][0]
        xero = stack.enter_context(
            running([f"{country}:{currency}:{company['name']}"], clock_file, [host_address + CALLBACK], port=xero_port)
        )
        if not limits:
            xero.unlimited()
        site = create_site(
            folder / "site", queue.url, host_name=host_address, time_zone="Pacific/Auckland", xero_endpoints=endpoints(xero.address)
        )
        rig = Rig(folder, site, queue, xero, recording, clock_file, country)
        stack.callback(lambda: [process.kill() for process in rig.processes])
        company["masters"]["Company"] = [{name: value for name, value in company.items() if not isinstance(value, (list, dict))}]
        with rig.frappe():
            books.load(recording)
        prepare_organisation(rig)
        if connected:
            connect(rig)
            map_everything(rig)
            go_live(rig, target_status, **choices)
        yield rig


def patch_environment(stack: ExitStack, name: str, value: str) -> None:
    """Set an environment variable until the stack unwinds."""
    import os

    before = os.environ.get(name)
    os.environ[name] = value
    stack.callback(lambda: os.environ.pop(name, None) if before is None else os.environ.__setitem__(name, before))


def endpoints(address: str) -> dict[str, str]:
    """Xero's addresses at the simulator, as they go into site_config.json."""
    return {
        "authorize": f"{address}/identity/connect/authorize",
        "token": f"{address}/connect/token",
        "revoke": f"{address}/connect/revocation",
        "connections": f"{address}/connections",
        "api": f"{address}/api.xro/2.0/",
    }


def prepare_organisation(rig: Rig, tenant: str | None = None) -> None:
    """What the accountant has set up in Xero before: tracking, currencies, and accounts and tax rates that its default chart lacks."""
    wanted = MAPPINGS[rig.country]
    rig.xero.person("add_tracking", tenant, Name=wanted["tracking"][0], Options=wanted["tracking"][1])
    rig.xero.person("set_currencies", tenant, currencies=wanted["currencies"])
    for account in wanted["added_accounts"]:
        rig.xero.person("add_account", tenant, **account)
    for rate in wanted["added_rates"]:
        rig.xero.person("add_tax_rate", tenant, **rate)


def enter_app_credentials(rig: Rig) -> None:
    """What the admin copies from the app registered at Xero."""
    with rig.frappe() as frappe:
        settings = frappe.get_doc("Xero Settings")
        settings.client_id, settings.new_client_secret = "sandbox-web", "sandbox-web-secret"
        settings.save(ignore_permissions=True)
        frappe.db.commit()


def connect(rig: Rig) -> None:
    """The admin's first steps: app credentials, consent at Xero through its real redirects, choosing the organisation."""
    enter_app_credentials(rig)
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as api

        address = api.start()
        frappe.db.commit()
        consent = httpx.post(address, follow_redirects=False, verify=False)
        given = parse_qs(urlsplit(consent.headers["location"]).query)
        api.callback(state=given["state"][0], code=given["code"][0])
        authorisation = parse_qs(urlsplit(frappe.local.response["location"]).query)["authorisation"][0]
        offered = {each["tenantName"]: each["tenantId"] for each in api.organisations(authorisation)}
        rig.connection = api.choose_organisation(authorisation, offered[rig.company["name"]], rig.company["name"])


def map_everything(rig: Rig) -> None:
    """The admin's mapping, row by row through the DocTypes' own checks."""
    wanted, suffix = MAPPINGS[rig.country], f" - {rig.company['abbr']}"
    with rig.frappe() as frappe:
        host_accounts = {doc["name"] for doc in rig.company["masters"]["Account"]}
        for account, code in wanted["accounts"].items():
            if account + suffix in host_accounts:
                choice = {"account": account + suffix, "xero_account_code": code, "other_class": int(account in wanted["other_class"])}
                _insert(frappe, "Account", connection=rig.connection, **choice)
        for direction, tax, template, tax_type in wanted["taxes"]:
            key = {"tax": tax.replace("{}", suffix), "item_tax_template": template.replace("{}", suffix)}
            _insert(frappe, "Tax", connection=rig.connection, direction=direction, tax_type=tax_type, **key)
        for account, code in wanted["payments"].items():
            if account + suffix in host_accounts:
                _insert(frappe, "Payment", connection=rig.connection, account=account + suffix, xero_account_id=code)
        for account, treatment, tax_type, contact in wanted["deductions"]:
            fee = {"clearing_account": wanted["fees_through"], "contact_name": contact} if treatment == "Fee" else {}
            if account + suffix in host_accounts:
                choice = {"account": account + suffix, "treatment": treatment, "tax_type": tax_type, **fee}
                _insert(frappe, "Deduction", connection=rig.connection, **choice)
        connection = frappe.get_doc("Xero Connection", rig.connection)
        connection.clearing_account = wanted["clearing"]
        connection.advance_account_sales, connection.advance_account_purchases = wanted["advances"]
        connection.save(ignore_permissions=True)
        category, options = wanted["tracking"]
        for option in options:
            _insert(
                frappe,
                "Tracking",
                connection=rig.connection,
                cost_center=option + suffix,
                tracking_category=category,
                tracking_option=option,
            )
        frappe.db.commit()


def _insert(frappe: Any, kind: str, **values: Any) -> None:
    frappe.get_doc({"doctype": f"Xero {kind} Mapping", **values}).insert(ignore_permissions=True)


def go_live(rig: Rig, target_status: str, date: str = "2020-01-01", compared: bool = True, **choices: Any) -> None:
    """Choose how documents arrive, and start. `compared`: as after the comparison with an organisation into which nothing was ever sent.
    `choices` are further fields of the Xero Connection; history notes are off unless chosen,
    so that what is counted is documents; money goes without being released; of the recorded cost centres only some are tracked."""
    with rig.frappe() as frappe:
        from picortex_xero.api import connect as api

        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.target_status, doc.no_tax_type = target_status, MAPPINGS[rig.country]["no_tax_type"]
        doc.update({"history_notes": "Off", "missing_tracking": "Send Without", "money": "Send", **choices})
        doc.save(ignore_permissions=True)
        _sign_taxes(rig.connection)
        api.go_live(rig.connection, date)
        if compared:
            frappe.db.set_value("Xero Connection State", rig.connection, {"compare_since": None, "comparison": ""})
        frappe.db.commit()


def _sign_taxes(connection: str) -> None:
    """The accountant has looked through the taxes; a version of the app from before asks nobody."""
    if importlib.util.find_spec("picortex_xero.api.mapping"):
        importlib.import_module("picortex_xero.api.mapping").sign_taxes(connection)
