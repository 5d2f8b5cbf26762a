"""The forms' scripts, run for each role: a user sees the buttons whose calls the table (connection/who_may.py) allows him, and no other.

What a document's form is told by the server is the table's here; tests/e2e/test_who_may_table.py asks the server.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from picortex_xero.connection import buttons as buttons_table
from picortex_xero.connection import who_may
from picortex_xero.documents.registry import SUBMITTED
from tests.architecture.source import APP
from tests.scene.document_buttons import FLAGS

NODE = shutil.which("node")
RECORD = {"id": "1", "number": "1", "total": "1", "date": "", "status": "", "link": "", "may_be_none": True}
# Script, what it is shown in which states, and whether what its calls answer depends on the role.
FORMS: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("Xero Settings", "xero_settings/xero_settings.js", [{"client_id": "id", "secret_is_set": 1}]),
    (
        "Xero Connection",
        "xero_connection/xero_connection.js",
        [
            {"state": state, "name": "c", "reason_code": code}
            for state in ("Setting Up", "Watch Only", "Live", "Paused", "Disconnected", "Retired")
            for code in ("", "other-organisation-meanwhile")
        ],
    ),
    (
        "Xero Outbox Entry",
        "xero_outbox_entry/xero_outbox_entry.js",
        [{"state": "Held", "kept_by": "a", "name": "s", "reference_name": "X"}],
    ),
    ("documents", "../../public/js/accounts_indicator.js", [{"docstatus": 1, "name": "X"}]),
]
DESK = """
const given = JSON.parse(require("fs").readFileSync(0));
const seen = new Set(), called = new Set(), handlers = {};
global.window = {};
global.localStorage = { removeItem() {} };
global.document = { addEventListener() {} };
global.__ = (text, values) => text;
global.moment = { utc: () => ({ local: () => ({ format: () => "" }) }) };
const node = () => ({ find: node, closest: node, remove() {}, on() {} });
global.picortex_xero = { shown: (x) => x, said: (x) => x, connection_colours: {} };
global.frappe = {
    boot: { xero_documents: given.documents, xero_presses: given.presses },
    provide() {},
    ui: { form: { on(doctype, events) { handlers[doctype] = events; } } },
    utils: { escape_html: (x) => String(x), get_url_arg: () => "" },
    perm: { has_perm: (doctype, level, right) => (given.rights[doctype] || []).includes(right) },
    model: {
        can_create: (doctype) => (given.rights[doctype] || []).includes("create"),
        can_read: (doctype) => (given.rights[doctype] || []).includes("read"),
        // As Frappe's boot has it: who may create is counted among who may write.
        can_write: (doctype) => ["create", "write"].some((right) => (given.rights[doctype] || []).includes(right)),
    },
    datetime: { get_today: () => "", str_to_user: () => "" },
    db: { get_list: () => Promise.resolve([]) },
    call(what) {
        const method = typeof what === "string" ? what : what.method;
        called.add(method.replace("picortex_xero.api.", ""));
        return Promise.resolve({ message: given.answers[method.split(".").pop()] });
    },
};
new Function(given.source)();
const doctype = given.doctype === "documents" ? given.documents[0] : given.doctype;
(async () => {
    for (const doc of given.docs) {
        const frm = {
            doctype, doc, is_new: () => false, is_dirty: () => false, set_intro() {}, refresh_field() {}, get_docfield: () => ({}),
            page: { set_indicator() {} }, layout: { message: node() },
            dashboard: {
                parent: node(), set_headline() {}, show() {},
                add_section(html) { for (const found of html.matchAll(/<button[^>]*>([^<]+)</g)) seen.add(found[1]); },
            },
            remove_custom_button() {},
            add_custom_button(label, action, group) { if (group !== "View") seen.add(label); return { addClass() {} }; },
        };
        await handlers[doctype].refresh(frm);
        await new Promise((go) => setTimeout(go, 20));
    }
    console.log(JSON.stringify({ seen: [...seen].sort(), called: [...called].sort() }));
    // What a form would look at again later is no part of what it shows now.
    process.exit(0);
})();
"""


def shown(role: str, doctype: str, source: str, docs: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Labels of the buttons that a user of this role sees on a form, and the functions that the form calls by itself."""
    assert NODE
    reads = role in who_may.READS
    status = {
        "message": "m",
        "colour": "blue",
        **{flag: (reads or role == who_may.APPROVER) and role in who_may.ENDPOINTS[call] for flag, call in FLAGS.items()},
    }
    answers = {
        "document_status": status,
        "connection_status": {"code": "", "reason": "", "cure": ""},
        "records_to_choose": [RECORD],
        "unlinked_records": [],
        "setup": {
            "company": "c",
            "organisation": "o",
            "state": "Live",
            "last_good_call": "",
            "steps": [],
            "lacks": ["accounting.attachments"],
            "next": {},
        },
        "checks_before_connecting": {"checks": [], "steps": [], "connections": []},
    }
    given = {
        "doctype": doctype, "source": source, "docs": docs, "documents": SUBMITTED, "presses": who_may.presses([role]),
        "rights": {name: by.get(role, ()) for name, by in who_may.DOCTYPES.items()}, "answers": answers,
    }  # fmt: skip
    done = subprocess.run([NODE, "-e", DESK], input=json.dumps(given), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def allowed(role: str, endpoint: str) -> bool:
    return role in who_may.ENDPOINTS[endpoint] or who_may.READER in who_may.ENDPOINTS[endpoint]


def wanted(role: str, doctype: str) -> set[str]:
    return {
        label for (where, label), calls in buttons_table.BUTTONS.items() if where == doctype and all(allowed(role, each) for each in calls)
    }


def source_of(script: str) -> str:
    return Path(APP / "picortex_xero" / "doctype" / script).read_text("utf-8")
