"""`make test-screens BENCH=... SITE=...`: hostile texts on every screen of the app, in a real Desk in headless Chromium.

Every name in Xero, every refusal, number and reason holds HTML that would set `window.__hit` (screens_data.py). Each screen is opened
as an admin and as an accountant who may only read; nothing may run, and the text has to stand there as it is. Pictures go to a folder.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sandbox.xero.process import running  # noqa: E402
from tests.bench.browser import Browser, chromium  # noqa: E402
from tests.bench.run import CALLBACK, endpoints  # noqa: E402
from tests.bench.site import Site, Unusable  # noqa: E402

# The text that has to be read on a screen: "<img" as it is, beside the word that says where it came from.
LITERAL = "return document.body.innerText.includes(arguments[0])"
QUIET = """
    return !document.querySelector("#freeze, .freeze-message-container:not(.hide)") && window.frappe && frappe.request
        && !frappe.request.ajax_count && document.body.innerText.length > 50
"""
FORM_FIELDS = {
    "Xero Connection": ["default_sales_account", "rounding_account", "default_payment_account", "clearing_account"],
    "Xero Account Mapping": ["xero_account_code"],
    "Xero Tax Mapping": ["tax_type"],
    "Xero Tracking Mapping": ["tracking_category", "tracking_option"],
    "Xero Deduction Mapping": ["tax_type"],
}
USER = 'Zo\u00eb & "O\'Brien" USER'
# (DocType, view): what has to be legible there.
READS = {
    ("Xero Connection", "form"): ["<img src=x onerror=window.__hit='ORGANISATION'> & ORGANISATION", "'PAUSED'"],
    ("Xero Connection", "list"): ["<img src=x onerror=window.__hit='ORGANISATION'>"],
    ("Xero Connection", "report"): ["<img src=x onerror=window.__hit='ORGANISATION'>"],
    ("Xero Connection State", "form"): ["'RESTS'"],
    ("Xero Account Mapping", "form"): ["<img src=x onerror=window.__hit='ACCOUNT'> & ACCOUNT"],
    ("Xero Account Mapping", "list"): ["<img src=x onerror=window.__hit='ACCOUNT'>", 'Smith & Sons\' "Fences"'],
    ("Xero Account Mapping", "report"): ["<img src=x onerror=window.__hit='ACCOUNT'>", 'Smith & Sons\' "Fences"'],
    ("Xero Outbox Entry", "form"): ["'XERO SAYS'", "<img src=x onerror=window.__hit='CHOICE'> & CHOICE", "'STANDS'"],
    ("Xero Outbox Entry", "list"): ["'XERO SAYS'"],
    ("Xero Outbox Entry", "report"): ["'XERO SAYS'"],
    ("Xero Link", "form"): ["<img src=x onerror=window.__hit='NUMBER'> & NUMBER", "'STATUS'"],
    ("Xero Link", "list"): ["<img src=x onerror=window.__hit='NUMBER'>"],
    ("Xero Link", "report"): ["<img src=x onerror=window.__hit='NUMBER'>"],
    ("Xero Sync Log", "form"): ["'MESSAGE'", "'DETAIL'"],
    ("Xero Sync Log", "report"): ["'MESSAGE'"],
}


class Screens:
    """One person's walk through the screens; `problems` is what was wrong."""

    def __init__(self, browser: Browser, address: str, data: dict[str, Any], folder: Path) -> None:
        self.browser, self.address, self.data, self.folder = browser, address, data, folder
        self.problems: list[str] = []
        self.seen = 0
        self.who = ""

    def sign_in(self, who: str) -> None:
        """Be this person from now on."""
        self.who = who
        self.browser.go(f"{self.address}/login")
        self.browser.forget()
        self.browser.go(f"{self.address}/login")
        self.browser.run(
            """
            window.__done = "";
            fetch("/api/method/login", {method: "POST", headers: {"Content-Type": "application/json", "Accept": "application/json"},
                body: JSON.stringify({usr: arguments[0], pwd: arguments[1]})}).then((answer) => { window.__done = answer.status; });
            """,
            self.data["users"][who],
            self.data["password"],
        )
        status = self.browser.wait("return window.__done")
        assert status == 200, f"{who} cannot sign in: {status}"

    def look(self, name: str, *legible: str) -> None:
        """Judge what is on the screen, and keep a picture of it."""
        name = f"{self.who} {name}"
        for text in legible:
            try:
                self.browser.wait(LITERAL, text, seconds=8)
            except TimeoutError:
                self.problems.append(f"{name}: {text!r} is not legible")
        time.sleep(0.4)  # an image that does not load says so a moment later
        self.seen += 1
        self.browser.picture(self.folder / f"{self.seen:02d} {name.replace('/', ' ')}.png")
        self.judge(name)

    def judge(self, name: str) -> None:
        """Nothing ran, no element of a hostile text is there, no entity is in sight."""
        hit = self.browser.run("const hit = window.__hit; delete window.__hit; return hit || ''")
        if hit:
            self.problems.append(f"{name}: a script of {hit} ran")
        planted = "return [...document.querySelectorAll('img[src=x], svg[onload], [onerror]')].map((each) => each.outerHTML.slice(0, 200))"
        self.problems += [f"{name}: {each} is an element" for each in self.browser.run(planted)]
        shown = self.browser.run(
            "return document.body.innerText + [...document.querySelectorAll('input, textarea')].map((each) => each.value).join(' ')"
        )
        self.problems += [f"{name}: {entity} is legible" for entity in ("&lt;", "&amp;", "&quot;", "&apos;") if entity in shown]

    def open(self, path: str) -> None:
        """A page of the Desk, once nothing is on its way any more."""
        self.browser.go(f"{self.address}{path}")
        self.browser.wait(QUIET)
        time.sleep(0.5)
        self.browser.wait(QUIET)

    def doctype(self, doctype: str) -> None:
        """Its list, its report with every column that holds text, and one form."""
        slug = doctype.lower().replace(" ", "-")
        document = self.data["documents"][doctype]
        self.open(f"/app/{slug}")
        self.look(f"{doctype} list", *READS.get((doctype, "list"), ()))
        self.open(f"/app/{slug}/view/report")
        self.browser.wait("return !!(window.cur_list && cur_list.datatable)")
        self.all_columns()
        self.look(f"{doctype} report", *READS.get((doctype, "report"), ()))
        self.open(f"/app/{slug}/{quote(document)}")
        self.browser.wait("return !!(window.cur_frm && cur_frm.doc && cur_frm.doc.name === arguments[0])", document)
        self.browser.run("for (const each of document.querySelectorAll('.section-head.collapsed')) each.click()")
        self.look(f"{doctype} form", *READS.get((doctype, "form"), ()))

    def all_columns(self) -> None:
        self.browser.run(
            """
            const kept = ["Data", "Small Text", "Text", "Code", "Autocomplete", "Select", "Link", "Dynamic Link"];
            for (const df of frappe.meta.get_docfields(cur_list.doctype)) {
                if (kept.includes(df.fieldtype) && !df.hidden && !cur_list.fields.some((each) => each[0] === df.fieldname)) {
                    cur_list.add_column_to_datatable(df.fieldname, cur_list.doctype, 1);
                }
            }
            """
        )
        time.sleep(1.5)
        self.browser.wait(QUIET)

    def drop_downs(self, doctype: str) -> None:
        """Every field of a form that offers what Xero has, opened."""
        slug, document = doctype.lower().replace(" ", "-"), self.data["documents"][doctype]
        self.open(f"/app/{slug}/{quote(document)}")
        self.browser.wait("return !!(window.cur_frm && cur_frm.choices)", seconds=30)
        for field in FORM_FIELDS[doctype]:
            if field == "tracking_option":
                self.browser.run(
                    "cur_frm.set_value('tracking_category', Object.keys(cur_frm.choices.options).find((each) => each.includes('CATEGORY')))"
                )
                time.sleep(0.5)
            self.browser.run(
                """
                const field = cur_frm.fields_dict[arguments[0]];
                cur_frm.scroll_to_field(arguments[0]);
                field.$input.val(""); field.$input.trigger("focus"); field.awesomplete.list = field.get_data(); field.awesomplete.evaluate(); field.awesomplete.open();
                """,
                field,
            )
            offered = self.browser.run("return cur_frm.fields_dict[arguments[0]].$input.parent().find('ul li').text()", field)
            if not offered:
                self.problems.append(f"{doctype}.{field}: nothing is offered")
            hostile = {"Xero Account Mapping": "'ACCOUNT'> & ACCOUNT", "Xero Tax Mapping": "'TAX'> & TAX", "tracking_category": "'CATEGORY'> & CATEGORY", "tracking_option": "'OPTION'> & OPTION"}  # fmt: skip
            wanted = hostile.get(field) or hostile.get(doctype)
            if wanted and wanted not in offered:
                self.problems.append(f"{doctype}.{field}: {wanted} is not legible in {offered[:300]}")
            self.look(f"{doctype} {field} open")
            self.browser.run("cur_frm.fields_dict[arguments[0]].awesomplete.close()", field)
        self.browser.run("cur_frm.reload_doc && (cur_frm.doc.__unsaved = 0)")

    def message(self, name: str, doc: dict[str, Any], *legible: str) -> None:
        """What a refusal looks like: the message that the Desk draws."""
        self.open("/app/xero-account-mapping")
        self.browser.run("frappe.call({method: 'frappe.client.insert', args: {doc: arguments[0]}})", doc)
        self.browser.wait("return !!document.querySelector('.msgprint-dialog.show, .modal.show .msgprint')")
        self.look(f"message {name}", *legible)

    def walk(self) -> None:
        """Everything, as who is signed in."""
        documents = self.data["documents"]
        for doctype in documents:
            if self.who == "accountant" and doctype == "Xero Authorisation":
                continue
            self.doctype(doctype)
        self.choosing()
        for name in (self.data["refused"], self.data["sent"]):
            self.open(f"/app/sales-invoice/{quote(name)}")
            self.browser.wait("return !!document.querySelector('.form-message:not(.hidden)')")
            self.look(f"Sales Invoice {name}", "'XERO SAYS'" if name == self.data["refused"] else "'PAUSED'")
            if name == self.data["refused"]:
                continue
            self.browser.run(
                "[...document.querySelectorAll('.form-tabs .nav-link')].find((each) => each.innerText.trim() === 'Connections').click();"
                "for (const each of document.querySelectorAll('.form-dashboard .section-head.collapsed')) each.click()"
            )
            legible = ("<img src=x onerror=window.__hit='NUMBER'> & NUMBER", "'REASON'", "'CURE'")
            self.look(f"Sales Invoice {name} connections", *legible)
        for doctype in ("Xero Outbox Entry", "Xero Link", "Xero Sync Log", "Xero Connection"):
            if self.who == "accountant":
                self.browser.go(
                    f"{self.address}/printview?doctype={quote(doctype)}&name={quote(documents[doctype])}&format=Standard&no_letterhead=1"
                )
                self.look(f"{doctype} print")

    def pages(self) -> None:
        """The home page, the pages beside it and what opens on them, the report, the dialogs of a form, the lists of documents."""
        connection = self.data["documents"]["Xero Connection"]
        self.open("/app/picortex-connector-for-xero")
        self.browser.wait("return [...document.querySelectorAll('*')].some((each) => each.shadowRoot?.querySelector('.xero-companies'))")
        self.browser.wait("return ![...document.querySelectorAll('.number-widget-box')].some((each) => each.innerText.includes('Loading'))")
        self.look("home")
        self.shadow("home", "'PAUSED'")
        for kind, *legible in (
            ("accounts", "<img src=x onerror=window.__hit='ACCOUNT'> & ACCOUNT", USER),
            ("taxes",),
            ("banks",),
            ("tracking",),
            ("fees",),
            ("defaults",),
        ):
            self.open(f"/app/xero-mapping/{connection}/{kind}")
            self.browser.wait("return !!document.querySelector('.xero-mapping .nav-tabs')")
            self.browser.run("document.querySelector('.xero-mapping [data-filter=all]').click()")
            self.look(f"mapping {kind}", "<img src=x onerror=window.__hit='ORGANISATION'> & ORGANISATION", *legible)
            if self.who == "admin" and kind in ("accounts", "tracking"):
                self.browser.run("document.querySelector('.xm-pick').click()")
                self.browser.wait("return !!document.querySelector('.xm-drop li')")
                self.look(f"mapping {kind} drop-down", *(() if kind == "accounts" else ("'OPTION'> & OPTION",)))
            if self.who == "admin" and kind == "accounts":
                self.browser.run("document.querySelector('[data-do=undo_list]').click()")
                self.browser.wait("return !!document.querySelector('.modal.show [data-batch]')")
                self.look("mapping undo", USER)
        self.open(f"/app/xero-contacts/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-contacts [data-filter=all]')")
        self.browser.run("document.querySelector('.xero-contacts [data-filter=all]').click()")
        self.browser.wait(QUIET)
        self.look(
            "contacts", "<img src=x onerror=window.__hit='CUSTOMER'> & CUSTOMER", "<img src=x onerror=window.__hit='TAX ID'> & TAX ID"
        )
        if self.who == "admin" and self.browser.run("return !!document.querySelector('[data-do=choose]')"):
            self.browser.run("document.querySelector('[data-do=choose]').click()")
            self.browser.wait("return !!document.querySelector('.modal.show input')")
            self.browser.run(
                "const i = document.querySelector('.modal.show input'); i.value = 'img'; i.dispatchEvent(new Event('input', {bubbles: true}))"
            )
            time.sleep(1)
            self.look("contacts choose another", "<img src=x onerror=window.__hit='CONTACT'> & CONTACT")
        self.open(f"/app/xero-preview/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-preview-table tbody tr')")
        self.look("preview", "<img src=x onerror=window.__hit='CONTACT'> & CONTACT", "'PROBLEM'")
        self.browser.run("[...document.querySelectorAll('.xero-preview-table tbody tr')].pop().click()")
        self.browser.wait("return !!document.querySelector('.modal.show .xero-preview-record')")
        self.browser.run("for (const each of document.querySelectorAll('.modal.show details')) each.open = true")
        self.look("preview of one document")
        self.by_leave()
        self.open(f"/app/xero-test/{connection}")
        self.browser.wait("return document.querySelectorAll('.xero-test table').length > 1")
        self.look(
            "test",
            "<img src=x onerror=window.__hit='TEST NUMBER'> & TEST NUMBER",
            "'TEST SAID'",
            "'TEST SEEN'",
            "'TEST REASON'",
            "'ANSWER'",
        )
        self.open(f"/app/xero-to-fix/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-causes')")
        self.browser.run("for (const each of document.querySelectorAll('[data-act=open-cause]')) each.click()")
        self.browser.wait("return !!document.querySelector('[data-act=said-one]')")
        self.look("to fix", "'XERO SAYS'", "'PAUSED'")
        self.browser.run("document.querySelector('[data-act=said-one]').click()")
        self.browser.wait("return !!document.querySelector('.modal.show .msgprint')")
        self.look("to fix what Xero said")
        for documents in (0, 1):
            self.open(f"/app/query-report/Xero%20Sync%20Report?company={quote(self.data['company'])}&documents={documents}")
            self.browser.wait("return !!document.querySelector('.datatable .dt-row, .report-wrapper .msg-box')")
            self.look(f"sync report {documents}")
        self.open("/app/sales-invoice")
        self.browser.wait("return !!document.querySelector('.xero-state')")
        self.look("list of sales invoices")
        for name in (self.data["refused"], self.data["sent"]):
            self.open(f"/app/sales-invoice/{quote(name)}")
            self.browser.wait("return !!document.querySelector('.form-message:not(.hidden)')")
            if self.browser.run(
                "const b = [...document.querySelectorAll('.inner-group-button a, .dropdown-item, button')].find((e) => e.innerText.includes('Why this account') || e.textContent.includes('Why this account')); if (b) b.click(); return !!b"
            ):
                self.browser.wait("return !!document.querySelector('.modal.show')")
                self.browser.wait(QUIET)
                self.look(f"why {name}")
        if self.who == "admin":
            self.before_cancel(self.data["refused"])
            self.before_cancel(self.data["sent"], "<img src=x onerror=window.__hit='NUMBER'> & NUMBER")
        self.open(f"/app/xero-connection/{connection}")
        self.browser.wait("return !!(window.cur_frm && cur_frm.doc)")
        self.look("connection with its strip", "<img src=x onerror=window.__hit='ORGANISATION'> & ORGANISATION")
        self.open("/app/todo")
        self.look("to do")
        self.browser.run("document.querySelector('.notifications-icon, .dropdown-notifications .nav-link')?.click()")
        time.sleep(1)
        self.look("notifications")

    def by_leave(self) -> None:
        """Rules with their preview, approvals, an import of history with what was there and opening balances, an undo, and what was seen by watching."""
        connection = self.data["documents"]["Xero Connection"]
        self.open(f"/app/xero-rules/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-rules [data-rule]')")
        self.look("rules", "<img src=x onerror=window.__hit='RULE'> & RULE")
        self.browser.run(
            "[...document.querySelectorAll('.page-actions button')].find((each) => each.innerText.trim() === 'Preview').click()"
        )
        self.browser.wait("return !!document.querySelector('.xero-rules-preview [data-act=caught]')")
        self.browser.run("document.querySelector('.xero-rules-preview [data-act=caught]').click()")
        self.look("rules preview", "<img src=x onerror=window.__hit='RULE'> & RULE")
        self.approvals()
        self.open(f"/app/xero-history/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-history-former')")
        self.browser.run("document.querySelector('[data-act=forecast]').click()")
        self.browser.wait("return !!document.querySelector('.xero-history-forecast b')")
        self.look("history", USER)
        self.browser.run("document.querySelector('.xero-history-former [data-act=there]').click()")
        self.browser.wait("return !!document.querySelector('.xero-history-there table')")
        self.look("history what was there", 'There & Sons\' "Fences"')
        self.browser.run("document.querySelector('[data-mode=opening]').click()")
        self.browser.wait("return !!document.querySelector('.xero-history-opening')")
        if self.who == "admin":
            self.browser.run("document.querySelector('[data-act=opening-check]').click()")
            self.browser.wait("return !!document.querySelector('.xero-opening-refused')")
        self.look("opening balances")
        self.open(f"/app/xero-undo/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-undo table')")
        self.look("undo", USER, "'UNDO WHY'", "'UNDO SAID'", "'UNDO CURE'")
        if self.browser.run("return !!document.querySelector('.xero-undo [data-act=let_stay]')") != (self.who == "admin"):
            self.problems.append(f"{self.who} undo: Let It Stay is there for an admin, and for nobody else")
        self.open(f"/app/xero-preview/{connection}")
        self.browser.wait("return !!document.querySelector('.xero-preview-table')")
        self.browser.run(
            "[...document.querySelectorAll('.page-head .menu-btn-group .dropdown-item')].find((each) => each.textContent.includes('Watched')).click()"
        )
        self.browser.wait("return document.querySelector('.xero-preview h5').innerText.includes('Watch')")
        self.look("watched", "'WATCHED'")

    def approvals(self) -> None:
        """What waits for approval, opened; the dialog of giving back, for whoever is asked."""
        self.open("/app/xero-approvals")
        self.browser.wait("return !!document.querySelector('[data-turn=all]')")
        self.browser.run("document.querySelector('[data-turn=all]').click()")
        self.browser.wait("return !!document.querySelector('.xa-list')")
        self.browser.run("for (const each of document.querySelectorAll('.xa-list details')) each.open = true")
        self.look("approvals", "<img src=x onerror=window.__hit='RULE'> & RULE", USER)
        self.browser.run("document.querySelector('.xa-list [data-act=preview]').click()")
        self.browser.wait("return !!document.querySelector('.modal.show h5')")
        self.look("approvals as in Xero")
        self.browser.run("cur_dialog.hide()")
        if not self.browser.run("return !!document.querySelector('.xa-one:not(:disabled)')"):
            if self.who == "approver":
                self.problems.append("approver: nothing can be approved")
            return
        self.browser.run("document.querySelector('.xa-one:not(:disabled)').click(); document.querySelector('[data-act=return]').click()")
        self.browser.wait("return !!document.querySelector('.modal.show textarea')")
        self.look("approvals return")
        self.browser.run("cur_dialog.hide()")

    def before_cancel(self, name: str, *legible: str) -> None:
        """What is said in front of a cancel: by pressing the form's own Cancel, which the app's dialog precedes. Nothing is cancelled."""
        self.open(f"/app/sales-invoice/{quote(name)}")
        self.browser.wait("return !!(window.cur_frm && cur_frm.doc && cur_frm.doc.name === arguments[0] && cur_frm.xero_asks)", name)
        self.browser.wait(
            "return [...document.querySelectorAll('.page-actions .btn-secondary')].some((each) => each.innerText.trim() === 'Cancel')"
        )
        self.browser.run(
            "[...document.querySelectorAll('.page-actions .btn-secondary')].find((each) => each.innerText.trim() === 'Cancel').click()"
        )
        self.browser.wait("return !!document.querySelector('.modal.show .xero-cancel')")
        self.look(f"before cancelling {name}", "Go on to cancel", *legible)
        self.browser.run("cur_dialog.hide()")

    def shadow(self, name: str, *legible: str) -> None:
        """The same of what stands in a block of its own (a shadow root), which neither the page's text nor its elements hold."""
        read = """
            const roots = [...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean);
            const planted = roots.flatMap((root) => [...root.querySelectorAll("img[src=x], svg[onload], [onerror]")]).map((each) => each.outerHTML.slice(0, 200));
            return {text: roots.map((root) => [...root.children].map((each) => each.innerText || "").join(" ")).join(" "), planted};
        """
        deadline = time.monotonic() + 8
        while not all(text in self.browser.run(read)["text"] for text in legible) and time.monotonic() < deadline:
            time.sleep(0.2)
        found = self.browser.run(read)
        self.problems += [
            f"{self.who} {name}: {text!r} is not legible in {found['text'][:300]!r}" for text in legible if text not in found["text"]
        ]
        self.problems += [f"{self.who} {name}: {each} is an element" for each in found["planted"]]
        self.problems += [f"{self.who} {name}: {each} is legible" for each in ("&lt;", "&amp;") if each in found["text"]]

    def choosing(self) -> None:
        """Saying which record in Xero is a step's: two can be chosen, the one beside them cannot; then the question before it is done."""
        self.open(f"/app/xero-outbox-entry/{quote(self.data['documents']['Xero Outbox Entry'])}")
        self.browser.wait("return document.querySelectorAll('.xero-choices tbody tr').length === 3")
        buttons = self.browser.run("return document.querySelectorAll('.xero-choices button').length")
        if buttons != 2:
            self.problems.append(f"{self.who} choosing: {buttons} records can be chosen, not 2")
        self.browser.run("document.querySelector('.xero-choices button').click()")
        self.browser.wait("return !!document.querySelector('.modal.show')")
        self.look("choosing a record", "<img src=x onerror=window.__hit='CHOICE'> & CHOICE")

    def admin_only(self) -> None:
        """What asks an admin to choose."""
        for doctype in FORM_FIELDS:
            self.drop_downs(doctype)
        connection = self.data["documents"]["Xero Connection"]
        self.message(
            "account takes no payments",
            {"doctype": "Xero Payment Mapping", "connection": connection, "account": self.data["spare"], "xero_account_id": "481"},
            "<img src=x onerror=window.__hit='ACCOUNT'> & ACCOUNT",
        )
        option = "<img src=x onerror=window.__hit='OPTION'> & OPTION"
        category = option.replace("OPTION", "CATEGORY")
        self.message(
            "tracking option that is HTML",
            {"doctype": "Xero Tracking Mapping", "connection": connection, "cost_center": self.data["centre"], "tracking_category": category, "tracking_option": option},
            "'CATEGORY'> & CATEGORY",
        )  # fmt: skip
        self.open(f"/app/xero-settings?authorisation={self.data['documents']['Xero Authorisation']}")
        self.browser.wait("return !!document.querySelector('.modal.show select')")
        offered = self.browser.run("return [...document.querySelectorAll('.modal.show select option')].map((each) => each.text).join('|')")
        if "'ORGANISATION'> & ORGANISATION" not in offered:
            self.problems.append(f"connect dialog: the organisation is not legible in {offered}")
        self.look("connect dialog")
        self.browser.go(f"{self.address}{CALLBACK}?error={quote(chr(60))}img src=x onerror=window.__hit=1{quote(chr(62))}")
        self.look("callback with words of somebody else")
        for path in ("/app/error-log", "/app/xero-outbox-entry/view/report"):
            self.open(path)
            self.look(path[5:])


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """The site's address while the block runs; at this port, or at any that is free."""
    port = port or free_port()
    command = [str(site.python), "-W", "ignore", str(Path(__file__).with_name("serve_site.py")), site.name, str(port)]
    process = subprocess.Popen(command, cwd=site.sites, env=site.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                if httpx.get(f"{address}/api/method/ping", timeout=30).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
            if time.monotonic() > deadline or process.poll() is not None:
                raise Unusable(f"the site {site.name} cannot be served")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def main() -> int:
    """Fill, look, say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", type=Path, required=True)
    parser.add_argument("--site", required=True)
    parser.add_argument("--pictures", type=Path, help="a folder for the pictures; a temporary one otherwise")
    parser.add_argument("--pages", action="store_true", help="only the home page, the pages, the report and the dialogs")
    chosen = parser.parse_args()
    folder = chosen.pictures or Path(tempfile.mkdtemp(prefix="picortex-screens-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        site = Site(chosen.bench, chosen.site)
        site.bring_app()
        if not site.installed():
            site.install()
        problems, seen = look_at(site, folder, chosen.pages)
    except Unusable as problem:
        print(f"make test-screens: {problem}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"PROBLEM  {problem}")
    print(f"{seen} screens, {len(problems)} problems; pictures: {folder}")
    return 1 if problems or seen < (64 if chosen.pages else 94) else 0


def look_at(site: Site, folder: Path, only_pages: bool = False) -> tuple[list[str], int]:
    """Problems, and how many screens were looked at: all of them, or the pages alone."""
    # Xero takes http only for localhost, and nothing needs to come back there: consent is given to the simulator itself.
    host = "http://localhost:8000"
    with running(["NZ:NZD:Not Chosen Ltd"], redirect_uris=[host + CALLBACK]) as xero:
        with site.settings(xero_endpoints=endpoints(xero.address), host_name=host):
            data = json.loads(site.script("screens_data.py", PICORTEX_BENCH_XERO=xero.address).splitlines()[-1])
            with served(site) as address, chromium() as browser:
                screens = Screens(browser, address, data, folder)
                screens.sign_in("admin")
                if not only_pages:
                    screens.walk()
                    screens.admin_only()
                screens.pages()
                screens.sign_in("accountant")
                if not only_pages:
                    screens.walk()
                screens.pages()
                screens.sign_in("approver")
                screens.approvals()
                return screens.problems, screens.seen


if __name__ == "__main__":
    sys.exit(main())
