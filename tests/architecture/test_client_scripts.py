"""Client scripts that hooks.py lists for several DocTypes register their handlers once per page load, however many forms are opened."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess

import pytest

from picortex_xero.documents.registry import SUBMITTED
from tests.architecture.source import APP, nodes_of

NODE = shutil.which("node")
# The Desk's part: the first form of a DocType runs its scripts as a function of their own (script_manager.js of Frappe 15 and 16).
DESK = """
const { boot, sources } = JSON.parse(require("fs").readFileSync(0));
const frappe = { boot, ui: { form: { on(doctype, events) {
    for (const event of Object.keys(events)) count[`${doctype}: ${event}`] = (count[`${doctype}: ${event}`] || 0) + 1;
} } }, provide(name) { global[name] = global[name] || {}; } };
const count = {};
global.frappe = frappe;
for (const source of sources) new Function(source)();
console.log(JSON.stringify(count));
"""


def listed(hook: str) -> dict[str, str]:
    """A hook's {DocType: file}."""
    tree = ast.parse((APP / "hooks.py").read_text("utf-8")).body
    found = next(node.value for node in tree if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == hook)
    return dict(ast.literal_eval(found))


def registered(sources: list[str]) -> dict[str, int]:
    """How many handlers each event of each DocType has after these scripts ran in one page."""
    assert NODE
    boot = {"xero_documents": SUBMITTED}
    done = subprocess.run(
        [NODE, "-e", DESK], input=json.dumps({"boot": boot, "sources": sources}), capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout))


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_every_form_has_each_handler_once() -> None:
    scripts = listed("doctype_js")
    found = registered([(APP / path).read_text("utf-8") for path in scripts.values()])
    assert {key.partition(":")[0] for key in found} == set(scripts)
    assert set(found.values()) == {1}, found


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
@pytest.mark.parametrize("path", sorted(set(listed("doctype_js").values())))
def test_a_script_that_registers_each_time_is_caught(path: str) -> None:
    source = (APP / path).read_text("utf-8")
    unguarded = re.sub(r"if \(!picortex_xero\.\w+( && [\w.]+)?\) \{", "{", source)
    assert unguarded != source
    assert set(registered([unguarded, unguarded]).values()) == {2}


# What a script says of a function that it calls: its whole path, or its name behind a path that the script says once.
WHOLE = re.compile(r"picortex_xero\.(api\.\w+\.\w+)\"")
BY_NAME = re.compile(r"add_button\(frm, __\([^)]*\), \"(\w+)\"|API \+ \"(\w+)\"|(?<!frappe\.)\bcall\(frm, \"(\w+)\"")
PREFIX = re.compile(r"picortex_xero\.(api\.\w+\.)(?:\$\{|\")")


def called(source: str) -> set[str]:
    """The functions of the app that a script calls, as "api.status.retry"."""
    prefixes = set(PREFIX.findall(source))
    named = {name for names in BY_NAME.findall(source) for name in names if name}
    assert not named or len(prefixes) == 1, (prefixes, named)
    return {*WHOLE.findall(source), *(prefix + name for prefix in prefixes for name in named)}


def missing(sources: dict[str, str]) -> list[str]:
    """Calls of what nobody may call: a function that is not there, or not whitelisted."""
    whitelisted = set()
    for file in (APP / "api").glob("*.py"):
        for node in nodes_of(file.read_text("utf-8")):
            if isinstance(node, ast.FunctionDef) and any("whitelist" in ast.unparse(each) for each in node.decorator_list):
                whitelisted.add(f"api.{file.stem}.{node.name}")
    return [f"{place}: {name}" for place, source in sources.items() for name in sorted(called(source) - whitelisted)]


def test_whatever_a_script_calls_may_be_called() -> None:
    sources = {file.relative_to(APP).as_posix(): file.read_text("utf-8") for file in APP.rglob("*.js")}
    assert missing(sources) == []
    found = {name for source in sources.values() for name in called(source)}
    buttons = {"retry", "send_again", "leave_out", "accept", "credit_in_open_period"}
    assert {f"api.status.{name}" for name in buttons} <= found and {"api.connect.start", "api.connect.unlinked_records"} <= found
    planted = 'frappe.call("picortex_xero.api.status.nothing")'
    assert missing({"planted.js": planted}) == ["planted.js: api.status.nothing"]
    assert missing({"planted.js": '`picortex_xero.api.status.${method}`; add_button(frm, __("X"), "nothing")'}) == [
        "planted.js: api.status.nothing"
    ]


BROWSERS_ZONE = re.compile(r"moment\.utc\([^)]*\)\.local\(\)")


def test_no_screen_takes_the_browsers_zone_for_the_sites() -> None:
    """The Desk moves what it is given from the site's zone to the user's: a time of the browser's own would be moved twice."""
    scripts = [path for path in APP.rglob("*.js") if "node_modules" not in path.parts]
    assert len(scripts) > 10 and BROWSERS_ZONE.search('moment.utc(at).local().format("HH:mm")')
    assert [path.name for path in scripts if BROWSERS_ZONE.search(path.read_text("utf-8"))] == []


# `.on("keydown", (event) => event.key === "Escape" && close())` answers false for every other key, and jQuery takes that for "do not type it".
ANSWERS = re.compile(r"""\.(?:on|one)\((?:"[^"]*",\s*)+(?:async\s+)?(?:\([^()]*\)|\w+) =>\s*(?!\{)[^\n]*""")
TRUTH = re.compile(r"&&|\|\||===|!==|=> !|\? ")


def answering(source: str) -> list[str]:
    """Handlers of events that answer with what a comparison gives: false stops the event."""
    called = (found.group(0) for found in ANSWERS.finditer(source))
    return [each for each in called if TRUTH.search(re.sub(r"setTimeout\(.*", "", each))]


@pytest.mark.parametrize("path", sorted(str(each.relative_to(APP)) for each in APP.rglob("*.js")))
def test_no_handler_answers_false_by_chance(path: str) -> None:
    assert answering((APP / path).read_text("utf-8")) == []


def test_a_handler_that_answers_false_is_caught() -> None:
    assert answering('input.on("keydown", (event) => event.key === "Escape" && close());')
    assert answering('page.on("change", ".xm-check", (event) => !tick(event));')
    assert not answering('page.on("click", "[data-do]", (event) => this.pressed(event));')


# A name that a script may have once in its scope: run anew, or beside another of that name, the Desk refuses the whole script, and its page stays empty.
ONCE = re.compile(r"^(?:const|let|class) (\w+)", re.MULTILINE)


def named_twice(scripts: dict[str, list[str]]) -> list[str]:
    """What the scripts of pages (by page, the Desk runs those of every page in one scope) name more than once."""
    seen: dict[str, str] = {}
    found = []
    for page, sources in scripts.items():
        for source in sources:
            for name in ONCE.findall(source):
                if name in seen:
                    found.append(f"{name}, for {seen[name]} and {page}")
                seen[name] = page
    return found


def scripts_of_pages() -> dict[str, list[str]]:
    """By page what the Desk runs for it: what hooks.py lists, and its own script."""
    from picortex_xero import hooks

    own = {path.stem.replace("_", "-"): [path.read_text("utf-8")] for path in sorted(APP.glob("picortex_xero/page/*/*.js"))}
    for page, listed_for in hooks.page_js.items():
        paths = [listed_for] if isinstance(listed_for, str) else listed_for
        own[page] = [(APP / path).read_text("utf-8") for path in paths] + own[page]
    return own


def test_any_page_opens_after_any_other() -> None:
    assert not named_twice(scripts_of_pages())


def test_a_name_that_two_pages_bring_is_caught() -> None:
    shared = "const OF_APPROVED = {};\nfunction again() {}\n(() => {\n\tconst own = 1;\n})();\n"
    assert named_twice({"xero-history": [shared], "xero-preview": [shared, "class XeroPreview {\n"]}) == [
        "OF_APPROVED, for xero-history and xero-preview"
    ]
