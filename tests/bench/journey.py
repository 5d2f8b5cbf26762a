"""`make test-journey BENCH=... SITE=...`: from a fresh install to live, in headless Chromium, as a person would go it.

The company has used ERPNext for a year (journey_data.py); the organisation is the simulator's. Everything is done with mouse and keyboard in the
Desk: no API call, no script in the page does anything. A listener in the page counts clicks and choices from drop-downs; more than 40 from the first
page to live fail. Pictures go to docs/pictures (they are those of docs/first-hour.md), the figures to docs/journey-record.json.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.xero.process import RunningXero, running  # noqa: E402
from tests.bench.run import CALLBACK, NEEDED, endpoints, snapshot  # noqa: E402
from tests.bench.screens import free_port, served  # noqa: E402
from tests.bench.site import Site, Unusable  # noqa: E402

RECORD, PICTURES = ROOT / "docs" / "journey-record.json", ROOT / "docs" / "pictures"
MOST = 40
CLIENT_ID, SECRET = "sandbox-web", "sandbox-web-secret"
# What the organisation has beside Xero's default chart: banks as people name them, and contacts of years ago.
BANKS = (("600", "Business Cheque Account"), ("601", "Savings Account"), ("602", "Visa Card"), ("603", "Wise Account"))
CONTACTS = ("Harbour Cafe Ltd", "Rimu Joinery Ltd", "Pohutukawa Lodge", "Tui Landscapes Limited", "Metro Print", "Spark Telecom", "Genesis Power", "Tower Insurers", "Somebody Else Ltd")
# Counted is what a person does: a click, or a press of Enter or Space that does what a click does, and a choice from a drop-down by the keyboard.
LISTENER = """
(() => {
    if (window.__counting) return;
    window.__counting = true;
    let last = "";
    const named = (at) => ((at.closest && at.closest("button, a, li, label, td, select, input")) || at);
    const text = (at) => (named(at).innerText || named(at).value || named(at).placeholder || named(at).name || named(at).tagName || "").trim().slice(0, 60);
    const say = (kind, at) => window.journeyPress && window.journeyPress(JSON.stringify([kind, text(at)]));
    for (const each of ["mousedown", "keydown"]) addEventListener(each, (event) => { if (event.isTrusted) last = each; }, true);
    addEventListener("click", (event) => { if (event.isTrusted) say("click", event.composedPath()[0]); }, true);
    addEventListener("change", (event) => { if (event.isTrusted && event.target.tagName === "SELECT") say("choice", event.target); }, true);
    addEventListener("awesomplete-select", (event) => { if (last === "keydown") say("choice", event.target); }, true);
})();
"""
QUIET = """
() => !document.querySelector("#freeze, .freeze-message-container:not(.hide)") && window.frappe && frappe.request && !frappe.request.ajax_count
    && document.body.innerText.length > 50
"""


class Stuck(Exception):
    """The journey cannot go on; the message says where."""


class Walk:
    """One person at the Desk. `steps` are (title, clicks and choices, seconds) so far; `pressed` says what each was."""

    def __init__(self, page: Page, address: str, folder: Path) -> None:
        self.page, self.address, self.folder = page, address, folder
        self.steps: list[dict[str, Any]] = []
        self.pressed: list[list[str]] = []
        self.pictures = 0
        page.context.expose_binding("journeyPress", lambda _source, said: self.pressed.append(json.loads(said)))
        page.context.add_init_script(LISTENER)
        page.set_default_timeout(45_000)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """What is done in the block is one step of the record."""
        before, started = len(self.pressed), time.monotonic()
        try:
            yield
        finally:
            self.page.wait_for_timeout(200)
            done = self.pressed[before:]
            self.steps.append({"step": title, "presses": len(done), "seconds": round(time.monotonic() - started, 1), "pressed": [": ".join(each) for each in done]})
            print(f"{len(done):3} presses {self.steps[-1]['seconds']:6.1f} s  {title}", flush=True)

    def quiet(self) -> None:
        """Nothing is on its way any more."""
        for _ in range(3):
            self.page.wait_for_function(QUIET, timeout=90_000)
            self.page.wait_for_timeout(300)

    def press(self, at: Locator) -> None:
        """Click with the mouse what can be seen."""
        at.scroll_into_view_if_needed()
        at.click()
        self.quiet()

    def button(self, name: str | re.Pattern[str], within: str = "body") -> Locator:
        """The one button in sight of that name."""
        return self.page.locator(within).get_by_role("button", name=name, exact=isinstance(name, str)).locator("visible=true").first

    def choose(self, select: Locator, label: str) -> None:
        """From a drop-down of the browser, with the keyboard, as the picture of its list cannot be clicked without a screen."""
        select.focus()
        wanted = select.locator("option").all_inner_texts().index(label)
        for _ in range(wanted - int(select.evaluate("(each) => each.selectedIndex"))):
            self.page.keyboard.press("ArrowDown")
        self.quiet()

    def picture(self, name: str) -> None:
        """What is on the screen, for the guide."""
        self.quiet()
        # A toast of something done before does not belong to this screen.
        self.page.wait_for_timeout(400)
        self.pictures += 1
        self.page.screenshot(path=self.folder / f"{self.pictures:02d}-{name}.png")


def walk(walk: Walk, data: dict[str, Any], xero: RunningXero, organisation: str) -> str:
    """From the sign-in to live; the name of the connection."""
    page = walk.page
    with walk.step("Sign in"):
        page.goto(f"{walk.address}/login")
        page.locator("#login_email").fill(data["installer"])
        page.locator("#login_password").fill(data["password"])
        page.locator(".for-login .btn-login").click()
        page.wait_for_url("**/app**")
        walk.quiet()
    with walk.step("Open the app's home page"):
        walk.press(page.locator(".layout-side-section").get_by_text("PiCortex connector for Xero").first)
        page.locator(".xero-companies").first.wait_for()
        walk.picture("home-before")
    with walk.step("Enter the app's client ID and secret"):
        walk.press(page.locator(".xero-companies").get_by_text("Connect to Xero"))
        page.locator("[data-fieldname=client_id] input").fill(CLIENT_ID)
        page.locator("[data-fieldname=new_client_secret] input").fill(SECRET)
        # The Desk draws Save anew when a field is left; a click that is on its way then is lost on every form.
        page.keyboard.press("Tab")
        walk.quiet()
        walk.press(walk.button("Save", ".page-head"))
        walk.button("Connect to Xero").wait_for()
        walk.picture("settings")
    with walk.step("Give consent at Xero"):
        walk.button("Connect to Xero").click()
        page.get_by_role("button", name="Allow access").wait_for()
        page.get_by_role("button", name="Allow access").click()
        page.wait_for_url("**/app/xero-settings**")
        walk.quiet()
    with walk.step("Choose company and organisation"):
        dialog = page.locator(".modal.show")
        walk.choose(dialog.locator("select"), organisation)
        walk.picture("choose-organisation")
        walk.press(walk.button("Connect", ".modal.show"))
        page.locator(".xero-setup [data-step]").first.wait_for()
        walk.quiet()
        walk.picture("connection")
    return page.url.rsplit("/", 1)[1]


def person_in_xero(xero: RunningXero, organisation: str) -> None:
    """What people have made in the organisation before."""
    tenant = next(each["tenant"] for each in xero.organisations if each["name"] == organisation)
    for code, name in BANKS:
        xero.person("add_account", tenant, Code=code, Name=name, Type="BANK", Class="ASSET", TaxType="NONE", CurrencyCode="NZD", BankAccountNumber=f"12-3141-0{code}000-00")
    for name in CONTACTS:
        xero.person("create_contact", tenant, Name=name, EmailAddress=f"accounts@{name.split()[0].lower()}.example")
    for each in xero.organisations:
        if each["name"] != organisation:
            xero.person("set_demo", each["tenant"], demo=True)


def journey(site: Site, folder: Path, fresh: bool, stack: ExitStack, resume: Path | None) -> tuple[Walk, dict[str, Any]]:
    """All of it; the walk and what the record says of the data."""
    site.bring_app()
    data = json.loads(site.script("journey_data.py", "books").splitlines()[-1])
    if not site.installed():
        data["install_seconds"] = site.install()
    site.script("journey_data.py", "people")
    organisation = data["company"]
    port = free_port()
    host = f"http://localhost:{port}"
    xero = stack.enter_context(running([f"NZ:NZD:{organisation}", "NZ:NZD:Demo Company (NZ)"], redirect_uris=[host + CALLBACK]))
    person_in_xero(xero, organisation)
    stack.enter_context(site.settings(xero_endpoints=endpoints(xero.address), host_name=host))
    stack.enter_context(site.worker(folder / "worker.log", "short,default,long"))
    stack.enter_context(scheduled(site))
    stack.enter_context(served(site, port))
    browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
    stack.callback(browser.close)
    page = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-NZ", timezone_id="Pacific/Auckland").new_page()
    going = Walk(page, host, folder)
    try:
        walk(going, data, xero, organisation)
    except Exception as problem:
        page.screenshot(path=folder / "stuck.png")
        (folder / "stuck.txt").write_text(page.locator("body").inner_text())
        raise Stuck(f"after {[each['step'] for each in going.steps]}: {problem}\npicture: {folder}/stuck.png") from problem
    return going, data
