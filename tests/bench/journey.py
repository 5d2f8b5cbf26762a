"""`make test-journey BENCH=... SITE=...`: from a fresh install to live, and from there through rules, approvals, an import of history and its undo, in
headless Chromium, as people would go it.

The company has used ERPNext for a year (journey_data.py); the organisation is the simulator's. Everything is done with mouse and keyboard in the
Desk: no API call, no script in the page does anything. A listener in the page counts clicks and choices from drop-downs; more than 40 from the first
page to live fail. What follows is journey_by_leave.py and journey_of_the_year.py, checked against the simulator's books. Pictures go to docs/pictures (they are those of the
guides), the figures to docs/journey-record.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.xero.process import RunningXero, running  # noqa: E402
from tests.bench import journey_by_leave, journey_of_the_year  # noqa: E402
from tests.bench.run import CALLBACK, NEEDED, endpoints, snapshot  # noqa: E402
from tests.bench.screens import free_port, served  # noqa: E402
from tests.bench.site import Site, Unusable  # noqa: E402
from tests.bench.walking import Stuck, Telling, Walk, smaller  # noqa: E402

RECORD, PICTURES = ROOT / "docs" / "journey-record.json", ROOT / "docs" / "pictures"
MOST = 40
CLIENT_ID, SECRET = "sandbox-web", "sandbox-web-secret"
# What the company's accountant has made in Xero beside its default chart, and what he maps to what.
CHART = json.loads(Path(__file__).with_name("journey_chart.json").read_text("utf-8"))
# What the organisation has beside Xero's default chart: banks as people name them, and contacts of years ago.
BANKS = (("600", "Business Cheque Account"), ("601", "Savings Account"), ("602", "Visa Card"), ("603", "Wise Account"))
CONTACTS = (
    "Harbour Cafe Ltd",
    "Rimu Joinery Ltd",
    "Pohutukawa Lodge",
    "Tui Landscapes Limited",
    "Metro Print",
    "Spark Telecom",
    "Genesis Power",
    "Tower Insurers",
    "Somebody Else Ltd",
)


def walk(walk: Walk, data: dict[str, Any], organisation: str) -> str:
    """From the sign-in to live; the name of the connection."""
    page = walk.page
    with walk.step("Sign in"):
        walk.sign_in(data["installer"], data["password"])
    with walk.step("Open the app's home page"):
        walk.press(page.locator(".layout-side-section").get_by_text("PiCortex connector for Xero").first)
        page.locator(".xero-companies").first.wait_for()
        walk.picture("home-before")
    with walk.step("Enter the app's client ID and secret"):
        walk.press(page.locator(".xero-companies").get_by_text("Connect to Xero"))
        walk.press(page.locator("[data-fieldname=client_id] input").locator("visible=true"))
        walk.type_into("[data-fieldname=client_id] input", CLIENT_ID)
        page.keyboard.press("Tab")
        walk.type_into("[data-fieldname=new_client_secret] input", SECRET)
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
    with walk.step("Map accounts"):
        walk.press(page.locator(".xero-setup [data-next]"))
        page.locator(".xm-pick").first.wait_for()
        walk.picture("accounts-suggested")
        walk.press(page.locator("[data-do=accept_high]"))
        walk.press(page.locator("[data-do=tick_all]"))
        walk.press(page.locator("[data-do=accept_ticked]"))
        # Those that are not certain are named, and taken after a look.
        walk.press(page.locator(".modal.show .btn-modal-primary"))
        walk.press(page.locator("[data-filter=all]"))
        walk.by_hand = map_as_the_accountant_does(walk)
        walk.picture("accounts-mapped")
        walk.left = page.locator(".xero-mapping tbody tr", has_text="Choose ...").locator(".xm-name").all_inner_texts()
    with walk.step("Map taxes, and say that they were checked"):
        onwards(walk, "Taxes")
        page.locator(".xm-pick").first.wait_for()
        walk.press(page.locator("[data-do=tick_all]"))
        walk.press(page.locator("[data-do=accept_ticked]"))
        # Those that are not certain are named, and taken after a look.
        walk.press(page.locator(".modal.show .btn-modal-primary"))
        # What nothing was suggested for: the accountant's choice.
        while page.locator(".xero-mapping tr", has_text="Choose ...").count():
            map_by_hand(walk, "GST", "No GST")
        walk.press(page.locator("[data-do=sign_taxes]"))
        # What is signed is said, and confirmed.
        walk.press(page.locator(".modal.show .btn-modal-primary"))
        page.locator(".xero-mapping").get_by_text("Checked by").wait_for()
        walk.picture("taxes-checked")
        figures = page.locator(".xero-mapping tbody tr td.xm-figure:nth-child(3)").all_inner_texts()
        walk.taxes = sum(each.strip() != "0" for each in figures)
    with walk.step("Look at bank and payment accounts"):
        walk.press(page.locator(".xero-mapping .nav-link", has_text="Bank and payment accounts"))
        walk.picture("banks")
    with walk.step("Link the contacts that Xero has already"):
        onwards(walk, "Contacts")
        page.locator("[data-do=link_all]").wait_for(timeout=90_000)
        walk.picture("contacts")
        walk.press(page.locator("[data-do=link_all]"))
    with walk.step("Preview"):
        onwards(walk, "Preview")
        walk.press(walk.button("New Preview"))
        walk.press(walk.button("Preview", ".modal.show"))
        page.locator(".xero-preview-table tbody tr").first.wait_for(timeout=90_000)
        page.locator(".xero-preview").get_by_text(re.compile(r"^(\d+) of \1 documents looked at$")).wait_for(timeout=90_000)
        walk.picture("preview")
    with walk.step("Send test transactions"):
        onwards(walk, "Test")
        walk.press(walk.button("Send Test Transactions"))
        walk.picture("test-before")
        walk.press(walk.button("Send", ".modal.show"))
        page.locator(".xero-test").get_by_text(re.compile(r"Done\. \d+ checks as expected, 0 differ, 0 left in Xero")).wait_for(
            timeout=90_000
        )
        walk.picture("test-after")
    with walk.step("Go live"):
        onwards(walk, "Go Live")
        # What was drawn when the form was left stands there until the answer is.
        page.locator(".xero-setup [data-next]", has_text="Go Live").wait_for()
        walk.quiet()
        walk.picture("before-going-live")
        walk.press(page.locator(".xero-setup [data-next]"))
        walk.press(walk.button("Start Sending", ".modal.show"))
        page.locator(".page-head .indicator-pill", has_text="Live").locator("visible=true").wait_for()
    return page.url.rsplit("/", 1)[1]


def onwards(walk: Walk, label: str) -> None:
    """The button that leads on to the next step, which has to be this one."""
    walk.press(walk.button(f"Next: {label}"))


def map_as_the_accountant_does(walk: Walk) -> list[str]:
    """What nothing was suggested for, or what he would book elsewhere, by its drop-down; the accounts that took it."""
    rows = walk.page.locator(".xero-mapping tbody tr")
    found = []
    for name, used, shown, there in rows.evaluate_all(
        "rows => rows.map(row => ['.xm-name', '.xm-figure', '.xm-pick', '.xm-there'].map(each => row.querySelector(each).innerText.trim()))"
    ):
        # The screen says of some that nothing is to be chosen.
        if shown == "Not mapped" or "which Xero keeps itself" in there:
            continue
        right = CHART["right"].get(name.rsplit(" - ", 1)[0], [])
        if used != "0" and right and shown.split(" ", 1)[0] not in right:
            found.append(f"{name}: {shown}")
            at = rows.filter(has=walk.page.locator(".xm-name").get_by_text(name, exact=True))
            walk.press(at.locator(".xm-pick"))
            # Searched for by its code, as one does in a long chart.
            walk.type_into(".xm-input", right[0])
            walk.press(walk.page.locator(".xm-drop li", has_text=f"({right[0]})").first)
            at.locator(".xm-pick", has_text=re.compile(rf"^\s*{right[0]} ")).wait_for()
            walk.quiet()
    return found


def map_by_hand(walk: Walk, row: str, wanted: str) -> None:
    """One row of a mapping, by its drop-down."""
    at = walk.page.locator(".xero-mapping tr", has_text=row).filter(has_text="Choose ...").first
    walk.press(at.locator(".xm-pick"))
    walk.press(walk.page.locator(".xm-drop li", has_text=wanted).first)
    at.get_by_text("Choose ...").wait_for(state="detached")
    walk.quiet()


def first_invoice(walk: Walk, data: dict[str, Any]) -> None:
    """After it is live: the draft of today is submitted, and is seen to arrive."""
    page = walk.page
    with walk.step("Submit an invoice (after going live)"):
        page.goto(f"{walk.address}/app/sales-invoice/{data['draft']}")
        walk.quiet()
        # ERPNext's own form fills in what the draft lacks as it opens, and wants that saved.
        if not walk.button("Submit", ".page-head").count():
            walk.press(walk.button("Save", ".page-head"))
        walk.press(walk.button("Submit", ".page-head"))
        walk.press(walk.button("Yes", ".modal.show"))
        deadline = time.monotonic() + 120
        while not page.get_by_text("In Xero as a draft").locator("visible=true").count():
            if time.monotonic() > deadline:
                raise Stuck("the invoice does not say that it is in Xero as a draft")
            page.wait_for_timeout(3000)
            page.reload()
            walk.quiet()
        walk.picture("invoice-in-xero")
    with walk.step("See it on the app's home page"):
        page.goto(f"{walk.address}/app/picortex-connector-for-xero")
        page.locator(".xero-companies .xero-company").first.wait_for()
        walk.picture("home-live")


def person_in_xero(xero: RunningXero, organisation: str) -> None:
    """What people have made in the organisation before."""
    tenant = next(each["tenant"] for each in xero.organisations if each["name"] == organisation)
    for code, name in BANKS:
        xero.person(
            "add_account",
            tenant,
            Code=code,
            Name=name,
            Type="BANK",
            Class="ASSET",
            TaxType="NONE",
            CurrencyCode="NZD",
            BankAccountNumber=f"12-3141-0{code}000-00",
        )
    for code, name, kind, account_class in CHART["added"]:
        xero.person("add_account", tenant, Code=code, Name=name, Type=kind, Class=account_class, TaxType="NONE")
    for name in CONTACTS:
        xero.person("create_contact", tenant, Name=name, EmailAddress=f"accounts@{name.split()[0].lower()}.example")
    for each in xero.organisations:
        if each["name"] != organisation:
            xero.person("set_demo", each["tenant"], demo=True)


def arrived(site: Site, xero: RunningXero, data: dict[str, Any], before: list[tuple[str, ...]]) -> list[str]:
    """What is wrong with what is in Xero: the invoice of today alone is to be there, and nothing that was submitted before going live."""
    made = [each for each in xero.documents("Invoices") if not str(each.get("InvoiceNumber", "")).startswith("TEST-")]
    found = (
        []
        if [each["InvoiceNumber"] for each in made] == [data["draft"]]
        else [f"invoices in Xero: {[each.get('InvoiceNumber') for each in made]}"]
    )
    found += [f"{each['InvoiceNumber']} is {each['Status']}" for each in made if each["Status"] != "DRAFT"]
    for resource in ("Payments", "CreditNotes", "BankTransactions", "ManualJournals"):
        found += [f"{resource} in Xero: {each}" for each in xero.documents(resource) if "TEST-" not in str(each)]
    for each in json.loads(site.script("journey_data.py", "sent").splitlines()[-1]):
        # A customer that was linked has a step that was never sent: it bears no attempt.
        linked = each["role"] == "contact" and each["state"] == "Synced" and not each["attempt"]
        if each["reference_name"] != data["draft"] and not linked:
            found.append(f"a step of {each['reference_name']}: {each['role']}, {each['state']}, attempt {each['attempt']}")
    after = contacts(xero)
    return found + [f"the contact {each[0]} is not as it was" for each in before if each not in after]


def contacts(xero: RunningXero) -> list[tuple[str, ...]]:
    """Who is in the organisation: name, address and whether it is active."""
    return [
        tuple(str(each.get(key, "")) for key in ("Name", "EmailAddress", "ContactStatus", "ContactID"))
        for each in xero.documents("Contacts")
    ]


def journey(site: Site, folder: Path, stack: ExitStack) -> tuple[Walk, dict[str, Any], list[str]]:
    """All of it; the walk to live, what there was to set up and what each part has told, and what is wrong with what is in Xero."""
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
    before = contacts(xero)
    browser = at_work(site, xero, port, folder, stack)
    going = Walk(window(browser), host, Telling(folder))
    wrong: list[str] = []

    def first_hour() -> None:
        walk(going, data, organisation)
        steps = going.telling.steps
        data["presses_to_live"] = len(going.telling.pressed)
        data["seconds_to_live"], counted = round(sum(each["seconds"] for each in steps)), len(steps)
        first_invoice(going, data)
        for at, each in enumerate(steps):
            each["to_live"] = at < counted
        data["steps"] = [*steps]
        wrong.extend(arrived(site, xero, data, before))

    unless_stuck(going.telling, first_hour)
    if not wrong:
        wrong += by_leave(site, xero, browser, going, data)
    return going, data, wrong


def at_work(site: Site, xero: RunningXero, port: int, folder: Path, stack: ExitStack) -> Browser:
    """The site with the simulator as its Xero, served at this port, with worker and scheduler; and a browser."""
    stack.enter_context(site.settings(xero_endpoints=endpoints(xero.address), host_name=f"http://localhost:{port}"))
    stack.enter_context(site.worker(folder / "worker.log"))
    stack.enter_context(scheduled(site))
    stack.enter_context(served(site, port))
    browser = stack.enter_context(sync_playwright()).chromium.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-NZ"],
        env={**os.environ, "LANGUAGE": "en_NZ"},
    )
    stack.callback(browser.close)
    return browser


def window(browser: Browser) -> Page:
    """A window of a person's own."""
    return browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-NZ", timezone_id="Pacific/Auckland").new_page()


def unless_stuck(telling: Telling, go: Callable[[], None]) -> None:
    """Stuck, with a picture and the page's text of whoever acted last, where it cannot go on."""
    try:
        go()
    except Exception as problem:
        folder = telling.folder
        if telling.acting:
            telling.acting.page.screenshot(path=folder / "stuck.png")
            (folder / "stuck.txt").write_text(telling.acting.page.locator("body").inner_text())
        done = [each["step"] for each in telling.steps]
        raise Stuck(f"after {done}: {problem}\npicture: {folder}/stuck.png") from problem


def by_leave(site: Site, xero: RunningXero, browser: Browser, admin: Walk, data: dict[str, Any]) -> list[str]:
    """The second and third part, by the admin of the first and three others; what is wrong with what is in Xero after each stage."""
    data["leave"] = json.loads(site.script("journey_data.py", "leave").splitlines()[-1])
    admin.telling.steps = []
    admin.who = "Ines, Xero Admin"
    people = {"admin": admin}
    for name, who in journey_by_leave.PEOPLE.items():
        people[name] = Walk(window(browser), admin.address, admin.telling, who)
    figures: dict[str, dict[str, int]] = {}
    wrong: list[str] = []
    for part in (journey_by_leave.ByLeave, journey_of_the_year.OfTheYear):
        going = part(people, xero, data)
        unless_stuck(admin.telling, going.walk)
        figures |= going.figures
        wrong += going.wrong
    data["leave"] |= {"steps": admin.telling.steps, "in_xero": figures}
    return wrong


@contextmanager
def scheduled(site: Site) -> Iterator[None]:
    """The site's scheduler until the block ends."""
    command = [str(site.python), "-W", "ignore", str(Path(__file__).with_name("journey_schedule.py")), site.name]
    process = subprocess.Popen(command, cwd=site.sites, env=site.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def record(going: Walk, data: dict[str, Any], site: Site, traces: list[str]) -> dict[str, Any]:
    """What docs/journey-record.json says."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", "picortex_xero", "sandbox"], capture_output=True, text=True, check=True
    ).stdout
    return {
        "about": "The last run of `make test-journey`: from a fresh install to live on a real bench in a headless browser, against the Xero simulator in sandbox/xero.",
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": commit,
        "uncommitted_changes": bool(changed.strip()),
        "versions": snapshot(site, "versions"),
        "made_on": {"a_site_that_never_had_the_app": not traces},
        "counted": "clicks, and choices from drop-downs, by a listener in the page; typing and the Tab key are not counted",
        "most_allowed": MOST,
        "presses_to_live": data["presses_to_live"],
        "seconds_to_live": data["seconds_to_live"],
        "install_seconds": data.get("install_seconds"),
        "accounts_in_use": len(data["accounts_in_use"]),
        "accounts_mapped_by_hand": going.by_hand,
        "accounts_left_unmapped": going.left,
        "accounts_added_to_xeros_default_chart": [name for _, name, *_ in CHART["added"]],
        "taxes_in_use": going.taxes,
        "banks": data["banks"],
        "documents_before": data["documents"],
        "steps": data["steps"],
        "by_leave": told_of_the_second(data["leave"]),
    }


def told_of_the_second(leave: dict[str, Any]) -> dict[str, Any]:
    """Of rules, approvals, history and undo: who, how many clicks and seconds in all and by step, and what was in Xero after each stage."""
    return {
        "about": "What follows on the same site: rules, approvals, history of the year before and its undo, by four people in windows of their own.",
        "people": sorted({each["who"] for each in leave["steps"]}),
        "presses": sum(each["presses"] for each in leave["steps"]),
        "seconds": round(sum(each["seconds"] for each in leave["steps"])),
        "in_xero": leave["in_xero"],
        "steps": leave["steps"],
    }


def main() -> int:
    """Go, say the figures, keep them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--site", required=True)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="picortex-journey-"))
    try:
        site = Site(chosen.bench, chosen.site)
        traces = snapshot(site, "traces")
        with ExitStack() as stack:
            going, data, wrong = journey(site, folder, stack)
    except (Unusable, Stuck) as problem:
        print(f"make test-journey: {problem}", file=sys.stderr)
        return 2
    smaller(folder)
    if data["presses_to_live"] > MOST:
        wrong.append(f"{data['presses_to_live']} clicks and choices from install to live, at most {MOST} are allowed")
    print(
        f"{data['presses_to_live']} clicks and choices to live in {data['seconds_to_live']} s; {len(data['accounts_in_use'])} accounts in use, not mapped: {', '.join(going.left)}"
    )
    if data.get("leave", {}).get("steps"):
        told = told_of_the_second(data["leave"])
        print(f"{told['presses']} clicks and choices through rules, approvals, history and undo in {told['seconds']} s; {told['in_xero']}")
    if len(data["accounts_in_use"]) < 60 or going.taxes < 8 or len(data["banks"]) < 4:
        wrong.append(
            f"{len(data['accounts_in_use'])} accounts, {going.taxes} taxes and {len(data['banks'])} banks are in use: 60, 8 and 4 are wanted"
        )
    for each in wrong:
        print(f"WRONG  {each}")
    if traces:
        print(f"no record was written: {site.name} has held the app before. {NEEDED} Pictures: {folder}")
    elif not wrong:
        PICTURES.mkdir(exist_ok=True)
        for each in [*PICTURES.glob("*.png")]:
            each.unlink()
        for each in sorted(folder.glob("*.png")):
            (PICTURES / each.name).write_bytes(each.read_bytes())
        RECORD.write_text(json.dumps(record(going, data, site, traces), indent=1, default=str) + "\n", "utf-8")
        print(f"record: {RECORD.name}, pictures: {PICTURES}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
