"""The table of who may what is what the package grants, and every check catches what is planted against it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.connection import buttons as buttons_table
from picortex_xero.connection import who_may
from tests.architecture import who_may_page
from tests.architecture.source import APP

CHECKS: list[Callable[[Path], list[str]]] = [
    who_may_page.permissions,
    who_may_page.endpoints,
    who_may_page.buttons,
    who_may_page.screens,
    who_may_page.roles_are_fixtures,
]
CONNECTION = "picortex_xero/doctype/xero_connection/xero_connection"
ROW: dict[str, Any] = {"role": "Xero Auditor", "write": 1}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_package_is_by_the_table(check: Callable[[Path], list[str]]) -> None:
    assert check(APP) == []


def test_the_page_shows_the_table() -> None:
    text = who_may_page.PAGE.read_text("utf-8")
    assert who_may_page.page(APP, text) == []
    assert who_may_page.page(APP, text.replace("| Xero Settings | read,", "| Xero Settings | write,"))


def test_the_auditor_reads_what_the_accountant_reads_and_presses_nothing() -> None:
    for name, by in who_may.DOCTYPES.items():
        # Statements are imported, and rules for bank lines and lines of a forecast kept, by whoever does the books; of everything else an accountant changes nothing either.
        keeps = {
            "Xero Bank Memory": ("write", "create"),
            **dict.fromkeys(("Xero Statement Import", "Xero Bank Rule", "Xero Forecast Line"), ("write", "create", "delete")),
        }
        assert [*by.get(who_may.AUDITOR, ()), *keeps.get(name, ())] == [*by.get(who_may.ACCOUNTANT, ())], name
        assert not {"write", "create", "delete"} & {*by.get(who_may.AUDITOR, ())}, name
    # What a button only shows, he may see.
    shows = {"why.lines", "to_fix.said_by_xero", "preview.document", "preview.table", "contacts.search", "contacts.rows"}
    shows |= {"creating.proposed_account", "creating.proposed_option", "rules.preview"}
    shows |= {"mapping.show", "mapping.count_again", "mapping.export", "contacts.export", "trying.shown", "to_fix.causes"}
    shows |= {"preview.before", "preview.start", "preview.head", "preview.watched"}
    shows |= {"history.forecast", "history.preview", "history.preview_opening"}
    shows |= {"undoing.shown", "undoing.documents", "statement_import.lines"}
    shows |= {
        "bank_matching.about",
        "bank_matching.lines",
        "bank_matching.acts",
        "bank_matching.coding_rows",
        "bank_rules.preview",
        "bank_rules.caught",
        "cash_flow.forecast",
        "cash_flow.compared",
    }
    # Who reads reports has them read anew: it changes nothing in either book.
    shows |= {"monthly_pack.preview", "reports.companies", "reports.tiles", "reports.refresh", "reports.refresh_all", "reports.read_days"}
    pressed = {each for called in buttons_table.BUTTONS.values() for each in called} - shows
    assert not [each for each in pressed if who_may.AUDITOR in who_may.ENDPOINTS[each]]


def test_the_admin_may_whatever_any_other_role_may() -> None:
    for name, by in who_may.DOCTYPES.items():
        assert all({*rights} <= {*by[who_may.ADMIN]} for rights in by.values()), name
    assert all({who_may.ADMIN, who_may.READER} & {*roles} for roles in who_may.ENDPOINTS.values())


def plant_permission(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Path], None]:
    def plant(app: Path) -> None:
        path = app / f"{CONNECTION}.json"
        doc = json.loads(path.read_text("utf-8"))
        change(doc["permissions"])
        path.write_text(json.dumps(doc), "utf-8")

    return plant


def plant_text(place: str, former: str, new: str) -> Callable[[Path], None]:
    def plant(app: Path) -> None:
        path = app / place
        text = path.read_text("utf-8") if path.exists() else ""
        assert former in text
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(former, new) if former else text + new, "utf-8")

    return plant


REPORT = json.dumps({"doctype": "Report", "name": "Planted", "roles": [{"role": "Xero Admin"}]})
PLANTED: list[tuple[Callable[[Path], list[str]], Callable[[Path], None]]] = [
    (who_may_page.permissions, plant_permission(lambda rows: rows[0].update(delete=1))),
    (who_may_page.permissions, plant_permission(lambda rows: rows[0].update(share=1))),
    (who_may_page.permissions, plant_permission(lambda rows: rows[-1].update(create=0))),
    (who_may_page.permissions, plant_permission(lambda rows: rows.append({"role": "All", "read": 1}))),
    (who_may_page.permissions, plant_permission(lambda rows: rows.append({**ROW, "permlevel": 1}))),
    (who_may_page.permissions, plant_permission(lambda rows: rows.append({"role": "Xero Auditor", "read": 1, "if_owner": 1}))),
    (who_may_page.permissions, plant_text("picortex_xero/doctype/xero_new/xero_new.json", "", '{"name": "Xero New", "permissions": []}')),
    (who_may_page.endpoints, plant_text("api/compare.py", "", "\n\n@frappe.whitelist()\ndef planted():\n    pass\n")),
    (who_may_page.endpoints, plant_text("engine/planted.py", "", "@frappe.whitelist()\ndef start():\n    pass\n")),
    (who_may_page.endpoints, plant_text("api/compare.py", "def start", "def begin")),
    (who_may_page.buttons, plant_text(f"{CONNECTION}.js", '__("Go Live"), ()', '__("Go On"), ()')),
    (who_may_page.buttons, plant_text(f"{CONNECTION}.js", "before_disconnecting", "nothing")),
    (who_may_page.buttons, plant_text("public/js/planted.js", "", 'frm.add_custom_button(__("Planted"), () => {});')),
    (who_may_page.screens, plant_text("picortex_xero/report/planted/planted.json", "", REPORT)),
    (who_may_page.screens, plant_text("picortex_xero/number_card/xero_to_fix/xero_to_fix.json", "home.to_fix", "status.retry")),
    (who_may_page.roles_are_fixtures, plant_text("fixtures/role.json", "Xero Auditor", "Xero Checker")),
    (who_may_page.roles_are_fixtures, plant_text("hooks.py", ', "Xero Auditor"', "")),
]


@pytest.mark.parametrize(("check", "plant"), PLANTED, ids=[f"{check.__name__}-{n}" for n, (check, _) in enumerate(PLANTED)])
def test_a_planted_deviation_is_caught(check: Callable[[Path], list[str]], plant: Callable[[Path], None], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(APP, tmp_path / "picortex_xero", ignore=shutil.ignore_patterns("__pycache__", "tests")))
    plant(copy)
    assert check(copy), f"{check.__name__} does not see it"


def test_a_report_for_other_roles_than_the_table_says_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "picortex_xero/report/planted/planted.json"
    path.parent.mkdir(parents=True)
    path.write_text(REPORT)
    monkeypatch.setattr(who_may, "SCREENS", {"Planted": who_may.READS})
    assert len(who_may_page.screens(tmp_path)) == 1
    monkeypatch.setattr(who_may, "SCREENS", {"Planted": who_may.DECIDES})
    assert who_may_page.screens(tmp_path) == []


def test_writing_puts_permissions_and_page_right(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(APP, tmp_path / "picortex_xero", ignore=shutil.ignore_patterns("__pycache__", "tests")))
    before = (copy / f"{CONNECTION}.json").read_text("utf-8")
    plant_permission(lambda rows: rows.pop())(copy)
    page = tmp_path / "permissions.md"
    page.write_text(f"a\n{who_may_page.BEGIN}\nold\n{who_may_page.END}\nz")
    who_may_page.write(copy, page)
    assert (copy / f"{CONNECTION}.json").read_text("utf-8") == before
    assert who_may_page.page(copy, page.read_text()) == [] and page.read_text().startswith("a\n") and page.read_text().endswith("\nz")
