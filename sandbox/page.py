"""The page of `KEEP=1 make demo`: both books side by side, and buttons that submit a recorded document, so that one sees it arrive.

One page without anything from elsewhere; it asks for the state once a second. Also a failure and its cure: the mapping of an income account is taken
away, the next invoice waits and says why, the account is mapped again, and it goes. For this machine only: it listens on 127.0.0.1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from sandbox.host import books
from sandbox.replay.timeline import Timeline
from sandbox.rig import Rig

# What the page submits, event by event: an invoice, a payment with a fee, a credit note, a bill that is cancelled and amended, a journal, a transfer.
CASES = ("discount-line", "merchant-fee", "return-unpaid-at-once", "amend-bill", "journal-plain", "transfer")
# The invoice that waits when its account is not mapped.
FAILING = "discount-whole"
HERE = ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")
THERE = (
    "Invoices",
    "CreditNotes",
    "Payments",
    "BatchPayments",
    "BankTransactions",
    "BankTransfers",
    "Overpayments",
    "Prepayments",
    "ManualJournals",
)
SHOWN = 14
AMOUNTS = ("grand_total", "paid_amount", "total_debit")
# Another site's page cannot set it: only this page's own script submits anything.
HEADER = "X-Demo"


@dataclass
class Demo:
    """What the page shows and does. `cases` are the recorded cases that are kept back for it, by name."""

    rig: Rig
    cases: dict[str, list[dict[str, Any]]]
    timeline: Timeline = field(default_factory=Timeline)
    played: dict[str, int] = field(default_factory=dict)
    submitted: list[tuple[str, str]] = field(default_factory=list)
    taken: dict[str, Any] | None = None

    def state(self) -> dict[str, Any]:
        """`here`: documents of the host with where they stand; `there`: Xero's records, the newest first; `next`: what can be submitted; `unmapped`: the
        account whose mapping was taken away ("" where none was)."""
        with self.rig.frappe() as frappe:
            from picortex_xero.attention import status

            here = []
            for doctype, name in self._shown(frappe):
                doc = frappe.get_doc(doctype, name)
                shown = status.of(doctype, name, with_details=True)
                amount = next((doc.get(each) for each in AMOUNTS if doc.get(each)), "")
                here.append(
                    {
                        "what": doctype + (" (cancelled)" if doc.docstatus == 2 else ""),
                        "name": name,
                        "party": str(doc.get("customer") or doc.get("supplier") or doc.get("party") or ""),
                        "amount": _money(amount),
                        "says": shown.get("message", ""),
                        "colour": shown.get("colour", "grey"),
                        "reason": shown.get("reason", "") if shown.get("colour") in ("red", "orange") else "",
                        "cure": shown.get("cure", "") if shown.get("colour") in ("red", "orange") else "",
                    }
                )
        return {
            "here": here,
            "there": self._there(),
            "next": [{"case": case, "says": self._says(case)} for case in self.cases if self._next(case)],
            "unmapped": self.taken["account"] if self.taken else "",
        }

    def submit(self, case: str) -> None:
        """The next recorded event of a case happens in the host now."""
        record = self._next(case)
        if record is None:
            raise LookupError(f"nothing is left of {case}")
        with self.rig.frappe() as frappe:
            books.play(self.timeline.at(record, frappe.utils.now_datetime()))
        self.played[case] = self.played.get(case, 0) + 1
        named = (record["doctype"], record["name"])
        if named[0] in HERE and named not in self.submitted:
            self.submitted.append(named)

    def unmap(self) -> None:
        """Take away the mapping of the account that the failing invoice is booked on."""
        account = self.cases[FAILING][0]["doc"]["items"][0]["income_account"]
        with self.rig.frappe() as frappe:
            found = frappe.get_all("Xero Account Mapping", filters={"connection": self.rig.connection, "account": account}, pluck="name")
            if not found:
                return
            doc = frappe.get_doc("Xero Account Mapping", found[0])
            self.taken = {each: doc.get(each) for each in ("connection", "account", "xero_account_code", "other_class")}
            doc.delete(ignore_permissions=True)
            frappe.db.commit()

    def map(self) -> None:
        """Map that account again, as an admin would; what waits for it goes by itself."""
        if not self.taken:
            return
        with self.rig.frappe() as frappe:
            frappe.get_doc({"doctype": "Xero Account Mapping", **self.taken}).insert(ignore_permissions=True)
            frappe.db.commit()
        self.taken = None

    def _next(self, case: str) -> dict[str, Any] | None:
        events = [each for each in self.cases.get(case, []) if each["event"] != "refused"]
        at = self.played.get(case, 0)
        return events[at] if at < len(events) else None

    def _says(self, case: str) -> str:
        record = self._next(case)
        assert record is not None
        verb = {"submit": "Submit", "cancel": "Cancel"}.get(record["event"], record["event"])
        returns = " (credit note)" if (record.get("doc") or {}).get("is_return") else ""
        return f"{verb} {record['doctype']} {record['name']}{returns}"

    def _shown(self, frappe: Any) -> list[tuple[str, str]]:
        newest = []
        for doctype in HERE:
            rows = frappe.get_all(
                doctype, filters={"docstatus": ("!=", 0)}, fields=["name", "modified"], order_by="modified desc", limit=SHOWN
            )
            newest += [(str(row["modified"]), doctype, row["name"]) for row in rows]
        others = [(doctype, name) for _, doctype, name in sorted(newest, reverse=True) if (doctype, name) not in self.submitted]
        return [*reversed(self.submitted), *others][:SHOWN]

    def _there(self) -> list[dict[str, str]]:
        last = {(each["resource"], each["id"]): each["seq"] for each in self.rig.xero.ledger(parts="changes")["changes"]}
        found = [(last.get((kind, each.get(f"{kind[:-1]}ID")), 0), kind, each) for kind in THERE for each in self.rig.xero.documents(kind)]
        newest = sorted(found, key=lambda row: row[0], reverse=True)[:SHOWN]
        return [
            {
                "what": kind[:-1],
                "name": str(
                    next((each[key] for key in ("InvoiceNumber", "CreditNoteNumber", "Reference", "Narration") if each.get(key)), "")
                ),
                "amount": _money(next((each[key] for key in ("Total", "Amount", "TotalAmount") if each.get(key) is not None), "")),
                "status": str(each.get("Status") or ""),
            }
            for _, kind, each in newest
        ]


def _money(amount: Any) -> str:
    return f"{float(amount):,.2f}" if amount not in ("", None) else ""


def server(demo: Demo, port: int = 0) -> HTTPServer:
    """The page's server on 127.0.0.1, one request at a time; port 0 takes any. Raises OSError where the port is taken."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                self._answer(200, PAGE, "text/html")
            elif self.path == "/state":
                self._answer(200, json.dumps(demo.state()), "application/json")
            else:
                self._answer(404, "There is no such page", "text/plain")

        def do_POST(self) -> None:
            given = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1000)).decode("utf-8", "replace")
            act = {"/submit": lambda: demo.submit(given), "/unmap": demo.unmap, "/map": demo.map}.get(self.path)
            if act is None or self.headers.get(HEADER) is None:
                self._answer(404, "There is no such thing to do", "text/plain")
                return
            try:
                act()
            except LookupError as problem:
                self._answer(400, str(problem), "text/plain")
                return
            self._answer(200, json.dumps(demo.state()), "application/json")

        def _answer(self, status: int, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Once a second is too often to be said."""

    return HTTPServer(("127.0.0.1", port), Answering)


# Every value is put in as text (textContent), never as HTML.
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>ERPNext and Xero, side by side</title><style>
body{font:15px system-ui,sans-serif;margin:1.5em;color:#222} h1{font-size:1.3em} h2{font-size:1.05em;margin:0 0 .4em}
.books{display:grid;grid-template-columns:3fr 2fr;gap:1.5em} .book{border:1px solid #ccc;border-radius:8px;padding:1em;overflow-x:auto}
table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.3em .6em;border-bottom:1px solid #eee;vertical-align:top}
td.amount{text-align:right} button{font:inherit;margin:.2em .4em .2em 0;padding:.35em .8em;cursor:pointer} small{color:#666;display:block}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.4em}
.blue{background:#2490ef}.green{background:#28a745}.orange{background:#e8900c}.red{background:#d0342c}.grey{background:#999}
#said{min-height:1.4em;color:#d0342c}
</style></head><body>
<h1>ERPNext and Xero, side by side</h1>
<p>Submit a document on the left and watch it arrive on the right, by itself, within seconds.</p>
<div id="buttons"></div>
<p><b>A failure and its cure:</b> <button id="unmap">1. Take the mapping of an income account away</button>
<button id="failing">2. Submit an invoice on it</button> <button id="map">3. Map the account again</button> <span id="unmapped"></span></p>
<div id="said"></div>
<div class="books"><div class="book"><h2>ERPNext</h2><table id="here"></table></div><div class="book"><h2>Xero</h2><table id="there"></table></div></div>
<script>
const FAILING = "%s", by = (id) => document.getElementById(id);
function cell(row, text, kind, extra) {
  const made = row.insertCell(); if (kind) made.className = kind;
  if (extra) { const dot = document.createElement("span"); dot.className = "dot " + extra; made.append(dot); }
  made.append(text); return made;
}
function small(into, text) { if (text) { const made = document.createElement("small"); made.textContent = text; into.append(made); } }
function heads(table, names) { table.textContent = ""; const row = table.insertRow(); for (const name of names) { const th = document.createElement("th"); th.textContent = name; row.append(th); } }
function show(state) {
  heads(by("here"), ["Document", "Party", "Amount", "Where it stands"]);
  for (const each of state.here) {
    const row = by("here").insertRow();
    small(cell(row, each.what), each.name); cell(row, each.party); cell(row, each.amount, "amount");
    const says = cell(row, each.says, "", each.colour); small(says, each.reason); small(says, each.cure);
  }
  heads(by("there"), ["Record", "Amount", "Status"]);
  for (const each of state.there) {
    const row = by("there").insertRow();
    small(cell(row, each.what), each.name); cell(row, each.amount, "amount"); cell(row, each.status);
  }
  const left = state.next.filter((each) => each.case !== FAILING);
  if (by("buttons").dataset.shown !== JSON.stringify(left)) {
    by("buttons").dataset.shown = JSON.stringify(left); by("buttons").textContent = "";
    for (const each of left) {
      const button = document.createElement("button"); button.textContent = each.says;
      button.onclick = () => act("/submit", each.case); by("buttons").append(button);
    }
  }
  by("unmap").disabled = Boolean(state.unmapped); by("map").disabled = !state.unmapped;
  by("failing").disabled = !state.next.some((each) => each.case === FAILING);
  by("unmapped").textContent = state.unmapped ? state.unmapped + " has no account in Xero now" : "";
}
async function ask(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(await answer.text());
  show(await answer.json()); by("said").textContent = "";
}
const told = (problem) => { by("said").textContent = String(problem.message || problem); };
function act(path, body) { return ask(path, { method: "POST", body: body || "", headers: { "%s": "1" } }).catch(told); }
by("unmap").onclick = () => act("/unmap"); by("map").onclick = () => act("/map"); by("failing").onclick = () => act("/submit", FAILING);
(async function poll() { await ask("/state").catch(told); setTimeout(poll, 1000); })();
</script></body></html>
""".replace("%s", FAILING, 1).replace("%s", HEADER, 1)
