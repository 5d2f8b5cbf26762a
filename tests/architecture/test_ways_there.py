"""Everything of the app that a person may open is two clicks from the home page: the workspace links it, or a page or form does that the workspace
links."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from picortex_xero.connection import who_may
from tests.architecture.source import APP
from tests.architecture.who_may_page import doctypes

(WORKSPACE,) = APP.glob("*/workspace/*/*.json")
LIST = re.compile(r"\"List\", \"(Xero [A-Za-z ]+)\"")
PAGE = re.compile(r"set_route\(\"(xero-[a-z-]+)\"|\[\"(xero-[a-z-]+)\", ")


def openable(app: Path) -> set[str]:
    """DocTypes with a list or form of their own that some role reads, reports and pages."""
    lists = {name for name, path in doctypes(app).items() if not json.loads(path.read_text("utf-8")).get("istable")}
    screens = {json.loads(path.read_text("utf-8"))["name"] for kind in ("page", "report") for path in app.glob(f"*/{kind}/*/*.json")}
    return {name for name in lists if any("read" in rights for rights in who_may.DOCTYPES[name].values())} | screens


def linked(app: Path, workspace: dict[str, Any]) -> set[str]:
    """What the workspace links, and what the scripts of those pages and forms open."""
    found = {each["link_to"] for each in (*workspace["links"], *workspace["shortcuts"]) if each.get("link_to")}
    further: set[str] = set()
    for name in found:
        folder = name.lower().replace(" ", "_").replace("-", "_")
        for script in app.glob(f"*/*/{folder}/{folder}.js"):
            source = script.read_text("utf-8")
            further |= {*LIST.findall(source), *(name for names in PAGE.findall(source) for name in names if name)}
    return found | further


def lonely(app: Path, workspace: dict[str, Any]) -> list[str]:
    return sorted(openable(app) - linked(app, workspace))


def test_everything_is_two_clicks_from_the_home() -> None:
    workspace = json.loads(WORKSPACE.read_text("utf-8"))
    assert len(openable(APP)) > 30 and lonely(APP, workspace) == []


def untidy(workspace: dict[str, Any]) -> list[str]:
    """Groups of links that Frappe would draw twice, empty or cut off, and what is drawn without being there or the other way round."""
    groups: list[tuple[dict[str, Any], list[str]]] = []
    for each in workspace["links"]:
        if each["type"] == "Card Break":
            groups.append((each, []))
        else:
            groups[-1][1].append(each["label"])
    names = [card["label"] for card, _ in groups]
    found = [f"twice: {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    found += [f"links counted: {card['label']}" for card, links in groups if not links or card["link_count"] != len(links)]
    there = {"card_name": names}
    for kind, table in (("shortcut_name", "shortcuts"), ("number_card_name", "number_cards"), ("chart_name", "charts")):
        there[kind] = [each["label"] for each in workspace[table]]
    for kind, labels in there.items():
        drawn = [block["data"][kind] for block in json.loads(workspace["content"]) if kind in block["data"]]
        found += [f"drawn and listed: {name}" for name in sorted({*drawn, *labels}) if drawn.count(name) != 1 or name not in labels]
    return found


def test_the_home_page_is_tidy() -> None:
    assert untidy(json.loads(WORKSPACE.read_text("utf-8"))) == []


def test_a_group_that_is_there_twice_and_a_card_of_another_name_are_seen() -> None:
    workspace = json.loads(WORKSPACE.read_text("utf-8"))
    (bank,) = (each for each in workspace["links"] if each["label"] == "Bank")
    workspace["links"].insert(workspace["links"].index(bank), {**bank, "link_count": 0})
    workspace["number_cards"][0]["label"] = "Former"
    assert untidy(workspace) == ["twice: Bank", "links counted: Bank", "drawn and listed: Former", "drawn and listed: On its way to Xero"]


def test_one_without_a_way_there_is_seen() -> None:
    workspace = json.loads(WORKSPACE.read_text("utf-8"))
    for name in ("Xero Plan", "Xero Test Run", "Xero Sync Report"):
        workspace["links"] = [each for each in workspace["links"] if each.get("link_to") != name]
        workspace["shortcuts"] = [each for each in workspace["shortcuts"] if each.get("link_to") != name]
    assert lonely(APP, workspace) == ["Xero Plan", "Xero Sync Report", "Xero Test Run"]


def test_every_form_of_a_document_leads_to_its_preview() -> None:
    script = (APP / "public" / "js" / "accounts_indicator.js").read_text("utf-8")
    assert 'frappe.set_route("xero-preview", known[company], frm.doctype, name)' in script
    page = (APP / "picortex_xero" / "page" / "xero_preview" / "xero_preview.js").read_text("utf-8")
    assert "const [, connection, doctype, name] = frappe.get_route();" in page
