"""`make demo`: a month of a real company's documents goes from the host to Xero by itself, and both sides are compared.

KEEP=1 leaves everything running; `python -m sandbox.demo next` then submits the next document of the month.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from sandbox import comparison
from sandbox.host.processes import start_web
from sandbox.host.site import open_site
from sandbox.rig import Rig, enter_app_credentials, go_live, map_everything, standing

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".demo" / "state.json"
KEPT_BACK = 12
PATIENCE_SECONDS = 210
HOST_PORT = int(os.environ.get("DEMO_PORT", "8123"))


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
    with standing("NZ", connected=False, host_address=f"http://localhost:{HOST_PORT}", xero_port=0) as rig:
        say(f"Connecting {rig.company['name']} through Xero's consent page, choosing the organisation, mapping accounts and taxes")
        try:
            rig.processes.append(start_web(rig.site, HOST_PORT))
        except OSError as problem:
            say(f"Port {HOST_PORT} cannot be used ({problem.strerror or problem}): choose another one with DEMO_PORT=...")
            return 2
        connect_as_a_browser(rig)
        map_everything(rig)
        go_live(rig, "AUTHORISED")
        rig.worker()
        rig.scheduler(tick=2)
        documents = rig.documents[:-KEPT_BACK] if keep else rig.documents
        calls_before = len(api_calls(rig))
        say(f"Submitting {len(documents)} recorded events of one month in the host; the worker sends them on its own")
        play(rig, documents)
        watch(rig)
        ok = report(rig, calls_before, time.monotonic() - began)
        if keep:
            stay(rig, len(documents))
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
        rig.connection = call("choose_organisation", authorisation=authorisation, tenant_id=offered[rig.company["name"]], company=rig.company["name"])


def play(rig: Rig, documents: list[dict]) -> None:
    """Submit in portions, so that the progress shows both sides at work."""
    for start in range(0, len(documents), 48):
        rig.play(documents[start : start + 48])
        progress(rig, submitted=min(start + 48, len(documents)))


def watch(rig: Rig) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not rig.drained():
        if time.monotonic() > deadline:
            say(f"Not everything arrived in {PATIENCE_SECONDS} s")
            return
        time.sleep(1)
        progress(rig)


def progress(rig: Rig, submitted: int | None = None) -> None:
    counts = rig.counts()
    moving = sum(counts.get(state, 0) for state in ("Pending", "Sending", "Unknown"))
    waiting = counts.get("Held", 0) + counts.get("Needs Attention", 0)
    text = f"  on its way {moving:>4}   in Xero {counts.get('Synced', 0):>4}   waiting for a person {waiting:>3}"
    say(text + (f"   ({submitted} events submitted)" if submitted else ""))


def api_calls(rig: Rig) -> list[dict]:
    return [call for call in rig.xero.calls() if call["path"].startswith("/api.xro/")]


def report(rig: Rig, calls_before: int, seconds: float) -> bool:
    found = comparison.compare(rig)
    made = len(api_calls(rig)) - calls_before
    documents = sum(host.count for host, _ in found.rows.values())
    contacts = len(rig.xero.documents("Contacts"))
    print("\nHost against Xero, what is submitted there and live here:\n")
    print(comparison.table(found))
    print(
        f"\nXero calls: {made}; one call per document would have been {documents + contacts} ({documents} documents, {contacts} contacts)."
    )
    print(f"\nWaiting for a person ({len(found.attention)}), each with its cure:")
    for step in found.attention:
        print(f"  {step['reference_doctype']} {step['reference_name']}: {step['reason']}\n      -> {step['cure']}")
    # What is held is a kind of a later release; nothing of this month may need a person's repair.
    unexplained = [step for step in found.attention if not step["reason"] or not step["cure"] or step["state"] == "Needs Attention"]
    stuck = not rig.drained()
    print(f"\nDifferences: {len(found.differences)}" + "".join(f"\n  {line}" for line in found.differences[:20]))
    print(f"Took {seconds:.0f} s after installation.")
    return not found.differences and not unexplained and not stuck


def stay(rig: Rig, played: int) -> None:
    """Keep everything up until Ctrl-C, and let `next` find it."""
    STATE.parent.mkdir(exist_ok=True)
    STATE.write_text(json.dumps({"site": str(rig.site), "played": played, "clock": str(rig.clock_file)}))
    print(
        f"\nStill running. Look at the host on http://localhost:{HOST_PORT}/app and at the simulator's ledger on {rig.xero.address}/_control/ledger"
        f"\nSubmit the next document and watch it arrive:\n  make demo-next\nCtrl-C ends it."
    )
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        STATE.unlink(missing_ok=True)


def submit_next() -> int:
    """The next recorded document, submitted in the running demo; waits until it has arrived."""
    if not STATE.exists():
        print("No demo is running: start one with KEEP=1 make demo")
        return 1
    from sandbox import erp
    from sandbox.host import books
    from sandbox.rig import COUNTRIES

    state = json.loads(STATE.read_text())
    os.environ["PICORTEX_SANDBOX_CLOCK"] = state["clock"]
    documents = erp.read(erp.RECORDED / f"{COUNTRIES['NZ'][0]}.json.gz")["companies"][0]["documents"]
    if state["played"] >= len(documents):
        print("The month is over: every document was submitted")
        return 0
    record = documents[state["played"]]
    with open_site(state["site"]):
        books.play(record)
    STATE.write_text(json.dumps({**state, "played": state["played"] + 1}))
    print(f"{record['event']} {record['doctype']} {record['name']}", flush=True)
    for _ in range(60):
        with open_site(state["site"]):
            from picortex_xero.sync import status

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
