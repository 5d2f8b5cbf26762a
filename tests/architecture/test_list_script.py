"""The script of the lists of documents, run as the Desk runs it: after the DocType's own list script, whose settings stay as they are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from picortex_xero import hooks
from picortex_xero.documents.registry import SUBMITTED
from tests.architecture.source import APP

NODE = shutil.which("node")
SOURCE = (APP / "public/js/xero_in_lists.js").read_text("utf-8")
DESK = """
const given = JSON.parse(require("fs").readFileSync(0));
const calls = [], told = [], menu = [], routes = [];
global.__ = (text) => text;
const pills = {};
const name = { parent: () => name, addClass: () => name, css: () => name };
const heard = {};
let tick, seen = true;
global.window = global;
global.addEventListener = (what, act) => (heard[what] = act);
global.setInterval = (act) => (tick = act);
const dialogs = [], cancels = [];
const link = {
    own: [], before: [],
    addEventListener: (_what, act, capture) => link[capture ? "before" : "own"].push(act),
    click() { let on = true; for (const act of link.before) act({ preventDefault() {}, stopImmediatePropagation() { on = false; } }); if (on) cancels.push("own"); },
};
global.format_number = (value) => String(value);
global.$ = (box) => ({ text: () => "Cancel", closest: () => ({ find: () => name, append: (pill) => (pills[box.dataset.name] = pill) }) });
global.document = { createElement: () => ({ style: {} }), hidden: false };
global.frappe = {
    provide() { global.picortex_xero = global.picortex_xero || {}; },
    boot: { xero_documents: given.documents, xero_own_roles: { "Sales Invoice": ["credit", "invoice"] } },
    listview_settings: {},
    utils: { escape_html: (text) => text.replaceAll("<", "&lt;") },
    ui: { Dialog: class { constructor(of) { dialogs.push(this); Object.assign(this, of); } show() {} hide() {} } },
    model: { can_read: () => given.reads },
    set_route: (...route) => routes.push(route),
    call(what) {
        if (what.method.endsWith("before_bulk_cancel")) { told.push(what.args.names.length); return given.fails ? Promise.reject("no") : Promise.resolve({ message: given.cancels }); }
        calls.push({ doctype: what.args.doctype, names: what.args.names, silent: what.silent });
        if (given.fails) { what.error(); return; }
        what.callback({ message: given.answer });
    },
};
const run = () => new Function(given.source)();
run();
const own = () => ({ get_indicator: () => "own", onload: () => told.push("own") });
frappe.listview_settings["Sales Invoice"] = own();  // another list was opened first: the DocType's own script comes later
run(); run();
const rows = given.rows;
const list = {
    doctype: "Sales Invoice", data: rows, get_checked_items: () => rows.map((row) => row.name),
    page: { add_menu_item: (label, act) => menu.push([label, act]), actions: { find: () => ({ filter: (keep) => [link].filter((each) => keep(0, each)) }) } },
    render_list() { told.push("rendered"); },
    $result: { is: () => seen, find: (what) => what === ".xero-state" ? { remove() { for (const name of Object.keys(pills)) delete pills[name]; } }
        : { each: (draw) => rows.forEach((row, at) => draw(at, { dataset: { name: row.name } })) } },
};
const settings = frappe.listview_settings["Sales Invoice"];
settings.onload(list); settings.onload(list);
list.render_list();
menu.forEach(([, act]) => act());
list.render_list();
const wait = () => new Promise((go) => setTimeout(go, 5));
(async () => {
told.length = 3;
const drawn = Object.entries(pills).map(([name, pill]) => [name, [pill.textContent, pill.title, pill.className]]);
const first = calls.length, looks = [];
tick(); looks.push(calls.length - first);  // nothing is on its way
given.answer["SI-1"] = { message: "On its way to Xero", colour: "blue" };
heard.focus(); looks.push(calls.length - first);
tick(); looks.push(calls.length - first);
for (let at = 0; at < 30; at++) tick();
looks.push(calls.length - first);
seen = false; tick(); heard.focus(); looks.push(calls.length - first);
calls.length = first;
told.length = 3;
link.click(); await wait();
const asked = dialogs.map((each) => each.fields[0].options), before = [...cancels];
dialogs.forEach((each) => each.primary_action()); await wait();
console.log(JSON.stringify({ looks, indicator: settings.get_indicator(), told, calls, menu: menu.map(([label]) => label), routes,
    pills: Object.fromEntries(drawn), listeners: link.before.length, asked, before, cancels, of: told.splice(3) }));
})();
"""
HOSTILE = "<img src=x onerror=1>"
ANSWER = {
    "SI-1": {"message": "Not in Xero yet: accounts has been told", "colour": "red"},
    HOSTILE: {"message": "In Xero", "colour": "green"},
}
ROWS = [{"name": "SI-1", "docstatus": 1}, {"name": HOSTILE, "docstatus": 2}, {"name": "DRAFT", "docstatus": 0}]


def run(**changes: Any) -> dict[str, Any]:
    assert NODE
    given = {
        "source": SOURCE,
        "documents": SUBMITTED,
        "rows": ROWS,
        "answer": ANSWER,
        "reads": True,
        "fails": False,
        "cancels": [],
        **changes,
    }
    done = subprocess.run([NODE, "-e", DESK], input=json.dumps(given), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_every_document_that_is_sent_has_it_in_its_list() -> None:
    assert {doctype for doctype, path in hooks.doctype_list_js.items() if path == "public/js/xero_in_lists.js"} == {*SUBMITTED}


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_a_page_is_one_call_and_the_lists_own_settings_stay() -> None:
    found = run()
    assert found["indicator"] == "own" and found["told"] == ["own", "own", "rendered"]
    assert found["calls"] == [{"doctype": "Sales Invoice", "names": ["SI-1", HOSTILE], "silent": True}] * 2, (
        "one call each time it is drawn; drafts are not asked for"
    )
    assert found["pills"] == {
        "SI-1": ["Not in Xero yet", "Not in Xero yet: accounts has been told", "xero-state indicator-pill no-indicator-dot red ellipsis"],
        HOSTILE: ["In Xero", "In Xero", "xero-state indicator-pill no-indicator-dot green ellipsis"],
    }
    assert found["menu"] == ["To fix in Xero", "Not in Xero"]
    assert found["looks"] == [0, 1, 2, 11, 11], (
        "on coming back, and for some minutes while something is on its way; not for a list that nobody sees"
    )
    assert [route[3]["reference_doctype"] for route in found["routes"]] == ["Sales Invoice"] * 2
    assert found["routes"][1][3]["role"] == ["in", ["credit", "invoice"]], "no notes, files or takings-back of what is there"


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_where_the_call_fails_the_list_is_as_it_was() -> None:
    found = run(fails=True)
    assert found["pills"] == {} and found["told"] == ["own", "own", "rendered"]


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_who_reads_no_items_gets_no_way_to_them_and_500_names_are_asked_for_by_each_call() -> None:
    many = [{"name": f"SI-{at}", "docstatus": 1} for at in range(700)]
    found = run(reads=False, rows=many)
    assert found["menu"] == [] and [len(call["names"]) for call in found["calls"]] == [500, 200] * 2, "each time the list is drawn"


FATES = {
    "company": "A",
    "lines": [{"says": "Will be voided", "count": 2, "colour": "green"}, {"says": "Will stay in Xero", "count": 1, "colour": "red"}],
    "by_hand": [HOSTILE],
    "note": "",
}


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_a_cancel_of_many_says_first_and_then_goes_on_as_ever() -> None:
    found = run(cancels=[FATES])
    assert found["listeners"] == 1, "however often the list is drawn"
    (said,) = found["asked"]
    assert "Will be voided: <b>2</b>" in said and "Will stay in Xero: <b>1</b>" in said and HOSTILE not in said
    assert found["of"] == [3] and found["before"] == [] and found["cancels"] == ["own"], (
        "one call for all; the list's own Cancel follows, once"
    )
    # Where there is nothing to say, or it cannot be asked, it is as ever.
    for changes in ({}, {"fails": True}):
        found = run(**changes)
        assert found["asked"] == [] and found["before"] == ["own"]


def not_fetched(app: Path) -> list[str]:
    """What the scripts of lists read of a row and the Desk does not fetch: it would be shown as "undefined"."""
    found = []
    for script in sorted(app.glob("*/doctype/*/*_list.js")):
        text = script.read_text("utf-8")
        doctype = json.loads(script.with_name(script.name.replace("_list.js", ".json")).read_text("utf-8"))
        listed = {each["fieldname"] for each in doctype["fields"] if each.get("in_list_view")} | {"name", "docstatus", "doctype"}
        added = set(re.findall(r'"(\w+)"', " ".join(re.findall(r"add_fields: \[([^\]]*)\]", text))))
        read = set(re.findall(r"\bdoc\.(\w+)", text))
        found += [f"{script.name}: {each}" for each in sorted(read - listed - added)]
    return found


def test_what_a_list_shows_is_fetched() -> None:
    assert not_fetched(APP) == []
