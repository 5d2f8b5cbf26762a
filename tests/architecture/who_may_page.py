"""The table of who may what (picortex_xero/connection/who_may.py) against the package: the DocTypes' permissions, the whitelisted functions,
buttons, reports and pages, the roles that are fixtures, and docs/permissions.md.

`python -m tests.architecture.who_may_page` writes the DocTypes' permissions and the page's tables by it.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from picortex_xero.connection import buttons as buttons_table
from picortex_xero.connection import who_may
from tests.architecture.source import APP, ROOT, TESTS, nodes_of

PAGE = ROOT / "docs" / "permissions.md"
BEGIN, END = "<!-- begin: made by python -m tests.architecture.who_may_page -->", "<!-- end -->"
# A button in a script: added by the form, the page or its menu, or drawn in a table; with our context where the host has another German of the word.
ADDED = re.compile(
    r"\b(?:add_custom_button|add_inner_button|add_button|add_menu_item|add_actions_menu_item|set_primary_action|set_secondary_action)\((?:frm, )?__\(\"([^\"]+)\"(?:, null, \"Xero\")?\)"
    r"|<button[^`]*\$\{__\(\"([^\"]+)\"(?:, null, \"Xero\")?\)\}"
)
# What a person opens in the Desk and that has roles of its own (DocTypes of Frappe, as the package holds them). A print format has none: whoever may print its DocType gets it.
SCREENS = ("Report", "Page", "Workspace", "Dashboard", "Number Card", "Dashboard Chart", "Web Form")


def doctypes(app: Path) -> dict[str, Path]:
    """The files of the app's DocTypes."""
    return {json.loads(path.read_text("utf-8"))["name"]: path for path in sorted(app.glob("*/doctype/*/*.json"))}


def rows(name: str) -> list[dict[str, Any]]:
    """A DocType's permissions as its JSON has them."""
    written = (*who_may.RIGHTS, "email", "share")
    order = (*who_may.OURS, who_may.MANAGER)
    allowed = who_may.DOCTYPES[name]
    return [{"role": role, **{right: int(right in allowed[role]) for right in written}} for role in order if role in allowed]


def permissions(app: Path) -> list[str]:
    """Every DocType has a line in the table, and its JSON grants exactly that, on level 0."""
    found, known = [], doctypes(app)
    for name in sorted({*known, *who_may.DOCTYPES}):
        if name not in known or name not in who_may.DOCTYPES:
            found.append(f"{name}: only in the {'table' if name in who_may.DOCTYPES else 'package'}")
            continue
        given: set[tuple[str, str]] = set()
        for row in json.loads(known[name].read_text("utf-8"))["permissions"]:
            if row.get("if_owner") or row.get("permlevel"):
                found.append(f"{name}: {row['role']} has more than the table can say")
            given |= {(row["role"], right) for right in (*who_may.RIGHTS, *who_may.NEVER) if row.get(right)}
        wanted = {(role, right) for role, rights in who_may.DOCTYPES[name].items() for right in rights}
        found += [f"{name}: {role} may {right} by its JSON alone" for role, right in sorted(given - wanted)]
        found += [f"{name}: {role} may {right} by the table alone" for role, right in sorted(wanted - given)]
    return found


def whitelisted(app: Path) -> dict[str, str]:
    """The functions that may be called from outside, wherever they are, with the first sentence of their docstring."""
    found = {}
    for path in sorted(app.rglob("*.py")):
        place = path.relative_to(app)
        if place.parts[0] == TESTS:
            continue
        for node in nodes_of(path.read_text("utf-8")):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
                "whitelist" in ast.unparse(each) for each in node.decorator_list
            ):
                module = path.stem if place.parts[0] == "api" else ".".join(place.with_suffix("").parts)
                found[f"{module}.{node.name}"] = re.split(r"(?<=[.;:])\s|\.$", " ".join((ast.get_docstring(node) or "").split()))[0].rstrip(
                    ".;:"
                )
    return found


def endpoints(app: Path) -> list[str]:
    """Every whitelisted function has a line in the table, and every line is of one."""
    known = {name: said for name, said in whitelisted(app).items() if name not in who_may.SIGNED}
    found = [f"{name}: only in the package" for name in sorted(known.keys() - who_may.ENDPOINTS.keys())]
    found += [f"{name}: only in the table" for name in sorted(who_may.ENDPOINTS.keys() - known.keys())]
    allowed = {*who_may.ROLES, who_may.READER}
    return found + [f"{name}: {role} is no role" for name, roles in who_may.ENDPOINTS.items() for role in roles if role not in allowed]


# Scripts in public/js that are not of the forms of documents: what their buttons are on.
OF_OTHERS = {
    "xero_in_lists": "lists of documents",
    "xero_opening_balances": "xero-history",
}


def _scripts(app: Path) -> Iterator[tuple[str, str]]:
    """Each script's DocType or page ("documents", "lists of documents" where it serves those that are sent, "list of" a DocType of the app) and source. What is named after a
    page in public/js is of that page, and read as one with it."""
    pages = {path.name: path / f"{path.name}.js" for path in app.glob("*/page/*") if path.is_dir()}
    scripts = sorted(app.rglob("*.js"))
    of_pages = {path: page for path in scripts for page in pages if path.parent.name == "js" and path.stem.startswith(f"{page}_")}
    for path in scripts:
        if path in of_pages:
            continue
        definition = path.with_suffix(".json")
        of_none = OF_OTHERS.get(path.stem, "documents")
        of_list = path.with_name(f"{path.parent.name}.json")
        if path.stem == f"{path.parent.name}_list" and of_list.is_file():
            of_none = f"list of {json.loads(of_list.read_text('utf-8'))['name']}"
        further = [each.read_text("utf-8") for each, page in of_pages.items() if pages[page] == path]
        source = "\n".join([path.read_text("utf-8"), *further])
        yield (json.loads(definition.read_text("utf-8"))["name"] if definition.is_file() else of_none), source


def buttons(app: Path) -> list[str]:
    """Every button of a form has a line in the table, and calls what the table says."""
    shown: dict[tuple[str, str], str] = {}
    for where, source in _scripts(app):
        shown |= {(where, label or drawn): source for label, drawn in ADDED.findall(source)}
    found = [f"{where}: {label}: only in its script" for where, label in sorted(shown.keys() - buttons_table.BUTTONS.keys())]
    found += [f"{where}: {label}: only in the table" for where, label in sorted(buttons_table.BUTTONS.keys() - shown.keys())]
    for key, called in buttons_table.BUTTONS.items():
        found += [f"{key}: {each} is no function" for each in called if each not in who_may.ENDPOINTS]
        found += [f"{key}: does not call {each}" for each in called if key in shown and each.split(".")[1] not in shown[key]]
    return found


def screens(app: Path) -> list[str]:
    """Every report, page and the like has a line in the table, and is for exactly those roles. A number card has no roles: it is for whom its
    function is for."""
    found, known = [], {}
    for path in sorted(app.glob("*/*/*/*.json")):
        doc = json.loads(path.read_text("utf-8"))
        if isinstance(doc, dict) and doc.get("doctype") in SCREENS:
            asked = who_may.ENDPOINTS.get(str(doc.get("method", "")).removeprefix(f"{app.name}.api."), ())
            known[doc["name"]] = {*asked} if doc["doctype"] == "Number Card" else {row["role"] for row in doc.get("roles") or []}
    found += [f"{name}: only in the {'package' if name in known else 'table'}" for name in sorted(known.keys() ^ who_may.SCREENS.keys())]
    for name in sorted(known.keys() & who_may.SCREENS.keys()):
        if known[name] != {*who_may.SCREENS[name]}:
            found.append(f"{name}: is for {sorted(known[name])} by its JSON, for {sorted(who_may.SCREENS[name])} by the table")
    return found


def roles_are_fixtures(app: Path) -> list[str]:
    """The app's own roles are those that it brings, and those that hooks.py exports."""
    brought = {role["name"] for role in json.loads((app / "fixtures" / "role.json").read_text("utf-8"))}
    hooks = (app / "hooks.py").read_text("utf-8")
    found = [f"{role}: not the same in the table and in the fixtures" for role in sorted(brought ^ {*who_may.OURS})]
    return found + [f"{role}: hooks.py does not export it" for role in who_may.OURS if f'"{role}"' not in hooks]


# The page


def _table(heads: Iterable[str], lines: Iterable[Iterable[str]]) -> list[str]:
    heads = list(heads)
    return [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads), *(f"| {' | '.join(line)} |" for line in lines)]


def _rights(rights: tuple[str, ...]) -> str:
    return ", ".join(each for each in who_may.RIGHTS if each in rights)


def _yes(roles: tuple[str, ...], role: str) -> str:
    return "yes" if role in roles or who_may.READER in roles else ""


def tables(app: Path) -> str:
    """The page's tables, between their marks."""
    at: dict[str, list[str]] = {}
    for (where, label), called in buttons_table.BUTTONS.items():
        for each in called:
            at.setdefault(each, []).append(f"**{label}** ({where})")
    said = whitelisted(app)
    everybody = (*who_may.ROLES, "everybody else")
    calls = [
        [f"`{name}`", said.get(name, "").replace("|", "/"), ", ".join(at.get(name, [])), *(_yes(roles, role) for role in everybody)]
        for name, roles in who_may.ENDPOINTS.items()
    ]
    lines = ["### Lists, forms and reports on them", ""]
    lines += _table(
        ["DocType", *who_may.ROLES],
        ([name, *(_rights(by.get(role, ())) for role in who_may.ROLES)] for name, by in who_may.DOCTYPES.items()),
    )
    lines += ["", "### Buttons and calls", ""]
    lines += _table(["`picortex_xero.api.`", "what", "button", *everybody], calls)
    lines += ["", "### Without a login", ""]
    lines += _table(["`picortex_xero.api.`", "what"], ([f"`{name}`", said[name]] for name in who_may.SIGNED))
    if who_may.SCREENS:
        lines += ["", "### Reports and pages", ""]
        lines += _table(
            ["screen", *who_may.ROLES], ([name, *(_yes(roles, role) for role in who_may.ROLES)] for name, roles in who_may.SCREENS.items())
        )
    return "\n".join([BEGIN, *lines, END])


def page(app: Path, text: str) -> list[str]:
    """docs/permissions.md shows the table as it is."""
    return [] if tables(app) in text else ["docs/permissions.md is not by the table: python -m tests.architecture.who_may_page"]


def write(app: Path, file: Path) -> None:
    """Put permissions and page right. A DocType's `modified` is a person's to move on: Frappe reads a JSON file that is newer than the site's."""
    for name, path in doctypes(app).items():
        text = path.read_text("utf-8")
        doc = json.loads(text)
        if doc["permissions"] != rows(name):
            doc["permissions"] = rows(name)
            in_order = list(doc) == sorted(doc)
            path.write_text(json.dumps(doc, indent=1, sort_keys=in_order) + "\n", "utf-8")
    shown = file.read_text("utf-8")
    file.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: tables(app), shown, flags=re.S), "utf-8")


if __name__ == "__main__":
    write(APP, PAGE)
