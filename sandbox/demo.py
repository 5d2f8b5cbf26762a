"""`make demo`: every kind of document and chain of a recorded company goes from the host to Xero by itself, and both sides are compared; then money comes back.

KEEP=1 leaves everything running and serves a page with both books side by side (page.py); `python -m sandbox.demo next` then submits the next document of the month.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from sandbox import comparison, erp, money_back, page
from sandbox.host import books
from sandbox.host.processes import start_web
from sandbox.host.site import open_site
from sandbox.replay.player import CHOICES, Player
from sandbox.replay.refusals import REFUSALS
from sandbox.replay.timeline import Timeline, seconds_from
from sandbox.rig import Rig, enter_app_credentials, go_live, map_everything, standing

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".demo" / "state.json"
KEPT_BACK = 12
PATIENCE_SECONDS = 210
HOST_PORT = int(os.environ.get("DEMO_PORT", "8123"))
PAGE_PORT = int(os.environ.get("DEMO_PAGE_PORT", "8124"))


def main() -> int:
    """Run the demo, or submit the next document to one that was kept running. Exit status 0 only where nothing differs."""
    # A closed terminal or a `kill` ends it like Ctrl-C: nothing that was started is left running.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "next"), default="run")
    return submit_next() if parser.parse_args().command == "next" else run()


def run() -> int:
    keep = os.environ.get("KEEP") == "1"
    began = time.monotonic()
    say("Starting a queue server, the Xero simulator and the host stand-in")
    recording, cases, kept_back = month()
    clock = seconds_from(recording["recorded_at"], datetime.now(timezone.utc))
    with standing("NZ", connected=False, host_address=f"http://localhost:{HOST_PORT}", recording=recording, clock=clock) as rig:
        say(f"Connecting {rig.company['name']} through Xero's consent page, choosing the organisation, mapping accounts and taxes")
        try:
            rig.processes.append(start_web(rig.site, HOST_PORT))
        except OSError as problem:
            say(f"Port {HOST_PORT} cannot be used ({problem.strerror or problem}): choose another one with DEMO_PORT=...")
            return 2
        connect_as_a_browser(rig)
        map_everything(rig)
        go_live(rig, **CHOICES)
        rig.worker()
        rig.scheduler(tick=2)
        shown = {case["case"]: case["events"] for case in cases if case["case"] in (*page.CASES, page.FAILING)} if keep else {}
        cases = [case for case in cases if not keep or (case not in kept_back and case["case"] not in shown)]
        calls_before = len(api_calls(rig))
        say(f"Submitting {sum(len(case['events']) for case in cases)} recorded events in the host; the worker sends them on its own")
        play(rig, cases)
        ok = report(rig, cases, calls_before, time.monotonic() - began)
        ok = money_back.show(rig, say) and ok
        if keep:
            stay(rig, shown)
    return 0 if ok else 1


def connect_as_a_browser(rig: Rig) -> None:
    """The admin's connection over HTTP: Connect, consent at Xero, back through its redirect, choosing the organisation."""
    enter_app_credentials(rig)
    with httpx.Client(base_url=f"http://localhost:{HOST_PORT}", headers={"X-Sandbox-User": "Administrator"}, timeout=30) as browser:

        def call(method: str, **arguments: str) -> Any:
            answer = browser.post(f"/api/method/picortex_xero.api.connect.{method}", json=arguments)
            return answer.raise_for_status().json()["message"]

        consent = httpx.post(call("start"), follow_redirects=False)
        back = browser.get(consent.headers["location"], follow_redirects=False)
        authorisation = parse_qs(urlsplit(back.headers["location"]).query)["authorisation"][0]
        offered = {each["tenantName"]: each["tenantId"] for each in call("organisations", authorisation=authorisation)}
        rig.connection = call(
            "choose_organisation", authorisation=authorisation, tenant_id=offered[rig.company["name"]], company=rig.company["name"]
        )


def month() -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The recorded company, its named cases, and those of one single submit that are kept back for `next`."""
    recording = erp.read(erp.RECORDED / "cases" / "cases-nz.json.gz")
    own = recording["companies"][0]["code"]
    cases = [case for case in recording["cases"] if case["company"] == own]
    single = [case for case in cases if [event["event"] for event in case["events"]] == ["submit"]]
    return recording, cases, single[:KEPT_BACK]


def days(cases: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """What happens on each day: the first event of every case, then the second of those that have one, and so on. So what is changed,
    cancelled or matched later has been in Xero before."""
    for events in zip_longest(*(case["events"] for case in cases)):
        yield [event for event in events if event]


def play(rig: Rig, cases: list[dict[str, Any]]) -> None:
    """Day by day, the worker sending on its own; the clock is put forward where everything waits for it (Xero's minute limit, polls)."""
    timeline = Timeline()
    for number, events in enumerate(days(cases), start=1):
        with rig.frappe() as frappe:
            player = Player(rig, frappe, timeline)
            for event in events:
                player.play(event)
        say(f"Day {number}: {len(events)} events")
        watch(rig)
    say("The hourly search")
    with rig.frappe():
        from picortex_xero.sync import jobs

        jobs.find_missed()
    watch(rig)


def watch(rig: Rig) -> None:
    """Wait until nothing moves any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with rig.frappe() as frappe:
            player = Player(rig, frappe)
            moving = player.moving()
            if moving:
                player.wait_for(moving)
        progress(rig)
        if not moving:
            return
        time.sleep(1)
    say(f"Not everything arrived in {PATIENCE_SECONDS} s")


def progress(rig: Rig) -> None:
    counts = rig.counts()
    moving = sum(counts.get(state, 0) for state in ("Pending", "Sending", "Unknown"))
    waiting = counts.get("Held", 0) + counts.get("Needs Attention", 0)
    say(f"  on its way {moving:>4}   in Xero {counts.get('Synced', 0):>4}   waiting for a person {waiting:>3}")


def api_calls(rig: Rig) -> list[dict]:
    return [call for call in rig.xero.calls() if call["path"].startswith("/api.xro/")]


def report(rig: Rig, cases: list[dict[str, Any]], calls_before: int, seconds: float) -> bool:
    found = comparison.compare(
        rig, [event for case in cases for event in case["events"]], [party for case in cases for party in case["parties"]]
    )
    made = len(api_calls(rig)) - calls_before
    documents = sum(host.count for host, _ in found.rows.values())
    print(f"\nHost against Xero, what is submitted there and live here ({len(cases)} cases and chains of one company):\n")
    print(comparison.table(found))
    print(f"\nXero calls: {made} for {documents} documents and all that was changed, cancelled and matched on the way.")
    held = found.verdict.held
    print(f"\nWaiting for a person ({len(found.attention)} steps of {len(held)} documents), each with its cure:")
    for step in found.attention:
        print(f"  {step['reference_doctype']} {step['reference_name']}: {step['reason']}\n      -> {step['cure']}")
    # What waits for a person must be one of the reasons that there may be, and say what to do.
    unexplained = [step for step in found.attention if not step["reason"] or not step["cure"]]
    unlisted = sorted(set(held.values()) - set(REFUSALS))
    print(f"\nDifferences: {len(found.differences)}" + "".join(f"\n  {line}" for line in found.differences[:20]))
    if unlisted:
        print(f"Held for reasons that are not listed: {', '.join(unlisted)}")
    print(f"Took {seconds:.0f} s after installation.")
    return not found.differences and not unexplained and not unlisted


def stay(rig: Rig, shown: dict[str, list[dict[str, Any]]]) -> None:
    """Keep everything up until Ctrl-C, serve the page of both books meanwhile, and let `next` find it."""
    try:
        front = page.server(page.Demo(rig, shown), PAGE_PORT)
    except OSError as problem:
        say(f"Port {PAGE_PORT} cannot be used ({problem.strerror or problem}): choose another one with DEMO_PAGE_PORT=...")
        return
    STATE.parent.mkdir(exist_ok=True)
    STATE.write_text(json.dumps({"site": str(rig.site), "played": 0, "clock": str(rig.clock_file)}))
    print(
        f"\nStill running. Both books side by side, with documents to submit: http://localhost:{front.server_port}/"
        f"\nLook at the host on http://localhost:{HOST_PORT}/app and at the simulator's ledger on {rig.xero.address}/_control/ledger"
        f"\nSubmit the next document and watch it arrive:\n  make demo-next\nCtrl-C ends it."
    )
    try:
        front.serve_forever()
    except KeyboardInterrupt:
        say("Ended")
    finally:
        front.server_close()
        STATE.unlink(missing_ok=True)


def submit_next() -> int:
    """The next recorded document, submitted in the running demo; waits until it has arrived."""
    if not STATE.exists():
        print("No demo is running: start one with KEEP=1 make demo")
        return 1
    state = json.loads(STATE.read_text())
    os.environ["PICORTEX_SANDBOX_CLOCK"] = state["clock"]
    kept_back = month()[2]
    if state["played"] >= len(kept_back):
        print("The month is over: every document was submitted")
        return 0
    (record,) = kept_back[state["played"]]["events"]
    with open_site(state["site"]) as frappe:
        books.play(Timeline().at(record, frappe.utils.now_datetime()))
    STATE.write_text(json.dumps({**state, "played": state["played"] + 1}))
    print(f"{record['event']} {record['doctype']} {record['name']}", flush=True)
    for _ in range(60):
        with open_site(state["site"]):
            from picortex_xero.attention import status

            shown = status.of(record["doctype"], record["name"], with_details=True)
        print(f"  {shown.get('message')} [{shown.get('state')}] {shown.get('number') or shown.get('reason') or ''}", flush=True)
        if shown.get("state") not in ("Queued", "Sending", "Checking with Xero"):
            return 0
        time.sleep(1)
    return 1


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
