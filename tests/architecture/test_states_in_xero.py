"""The states of records in Xero, in lists and forms of the app's own DocTypes: in Xero's words, the same as everywhere else."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from picortex_xero.attention import wording
from tests.architecture.source import APP

NODE = shutil.which("node")
FIELDS = {
    "Xero Link": ["remote_status", "endpoint", "remote_amount_due", "xero_number"],
    "Xero Contact": ["status"],
    "Xero Unlinked Record": ["status", "endpoint"],
    "Xero Test Record": ["status", "endpoint"],
    "Xero Difference": ["kind", "there"],
}
DESK = """
const { script, fields, cells } = JSON.parse(require("fs").readFileSync(0));
global.frappe = { provide(name) { global[name] = {}; }, meta: { docfield_map: fields }, listview_settings: {} };
global.__ = (text, _values, context) => (context === "Xero" ? `${text}!` : text);
new Function(script)(); new Function(script)();
const drawn = cells.map(([doctype, field, value, doc]) => fields[doctype][field].formatter(value, fields[doctype][field], null, doc));
console.log(JSON.stringify({ drawn, added: Object.fromEntries(Object.entries(frappe.listview_settings).map(([name, each]) => [name, each.add_fields])) }));
"""


def run(cells: list[tuple[str, str, str, Any]]) -> dict[str, Any]:
    assert NODE
    fields = {
        doctype: {name: {"fieldname": name, "fieldtype": "Data", "label": name} for name in names} for doctype, names in FIELDS.items()
    }
    given = {"script": (APP / "public/js/xero_texts.js").read_text("utf-8"), "fields": fields, "cells": cells}
    done = subprocess.run([NODE, "-e", DESK], input=json.dumps(given), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_lists_and_forms_have_xeros_words_and_nothing_else_is_changed() -> None:
    statuses = [*wording.IN_XERO, *wording.OTHERS_IN_XERO, *wording.CONTACTS_IN_XERO]
    rows = [("Invoices", status, left) for status in wording.IN_XERO for left in (0, 5.5)]
    rows += [
        (endpoint, status, 5.5) for endpoint in ("Payments", "ManualJournals") for status in (*wording.OTHERS_IN_XERO, "AUTHORISED", "ODD")
    ]
    found = run([("Xero Link", "remote_status", status, {"endpoint": at, "remote_amount_due": left}) for at, status, left in rows])
    assert [each.rstrip("!") for each in found["drawn"]] == [str(wording.in_xero(*row)) for row in rows]
    assert found["added"]["Xero Link"] == ["endpoint", "remote_amount_due"] and found["added"]["Xero Difference"] == ["kind"]
    others = run(
        [
            ("Xero Link", "remote_status", "AUTHORISED", {}),
            ("Xero Link", "xero_number", "PAID", {"endpoint": "Invoices"}),
            ("Xero Contact", "status", "ARCHIVED", None),
            ("Xero Unlinked Record", "status", "AUTHORISED", {"endpoint": "CreditNotes"}),
            ("Xero Test Record", "status", "<b>", {"endpoint": "Invoices"}),
            ("Xero Difference", "there", "DELETED", {"kind": "Gone in Xero"}),
            ("Xero Difference", "there", "PAID", {"kind": "Contact"}),
        ]
    )["drawn"]
    assert others == ["Entered!", "PAID", "Archived!", "Awaiting payment!", "&lt;b>", "Deleted!", "PAID"]
    assert "Active!" in run([("Xero Contact", "status", each, {}) for each in statuses])["drawn"]
