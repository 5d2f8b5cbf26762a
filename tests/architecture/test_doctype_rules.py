"""The DocTypes keep their rules, and every rule catches what is planted against it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.architecture import doctype_rules, type_blocks
from tests.architecture.source import APP

Rule = Callable[[Path], list[str]]
RULES: list[Rule] = [
    doctype_rules.secrets_out_of_reach,
    doctype_rules.machine_tables_are_read_only,
    doctype_rules.of_a_company,
    doctype_rules.kept_when_transactions_are_cleared,
    doctype_rules.only_our_roles,
    doctype_rules.controllers_exist,
    doctype_rules.lists_say_it_once,
    doctype_rules.uniqueness,
    doctype_rules.columns_exist,
    doctype_rules.field_lists_exist,
    doctype_rules.validate_writes_nothing,
    type_blocks.stale,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_app_keeps_the_rule(rule: Rule) -> None:
    assert rule(APP) == []


def test_the_check_of_columns_is_not_blind() -> None:
    assert doctype_rules.counted_columns(APP) > 200


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The app, to be broken."""
    return Path(shutil.copytree(APP, tmp_path / "picortex_xero", ignore=shutil.ignore_patterns("__pycache__", "tests", "public")))


def change(app: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    folder = name.lower().replace(" ", "_")
    path = app / "picortex_xero" / "doctype" / folder / f"{folder}.json"
    doc = json.loads(path.read_text())
    edit(doc)
    path.write_text(json.dumps(doc))


def field(doc: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in doc["fields"] if each["fieldname"] == name)


def drop(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda doc: doc["fields"].remove(field(doc, name))


EDITS: list[tuple[Rule, str, Callable[[dict[str, Any]], object]]] = [
    (doctype_rules.of_a_company, "Xero Attempt", drop("company")),
    (
        doctype_rules.kept_when_transactions_are_cleared,
        "Xero Settings",
        lambda d: d["fields"].append({"fieldname": "company", "fieldtype": "Link", "options": "Company"}),
    ),
    (doctype_rules.secrets_out_of_reach, "Xero Settings", lambda d: field(d, "client_secret_encrypted").update(fieldtype="Password")),
    (doctype_rules.secrets_out_of_reach, "Xero Authorisation", lambda d: field(d, "tokens_encrypted").update(permlevel=0)),
    (doctype_rules.secrets_out_of_reach, "Xero Authorisation", lambda d: field(d, "tokens_encrypted").update(hidden=0)),
    (doctype_rules.secrets_out_of_reach, "Xero Authorisation", lambda d: field(d, "tokens_encrypted").update(in_list_view=1)),
    (
        doctype_rules.secrets_out_of_reach,
        "Xero Authorisation",
        lambda d: d["fields"].append({"fieldname": "access_token", "fieldtype": "Data"}),
    ),
    (
        doctype_rules.secrets_out_of_reach,
        "Xero Authorisation",
        lambda d: d["permissions"].append({"role": "Xero Admin", "permlevel": 1, "read": 1}),
    ),
    (doctype_rules.secrets_out_of_reach, "Xero Authorisation", lambda d: d.update(track_changes=1)),
    (doctype_rules.machine_tables_are_read_only, "Xero Link", lambda d: d["permissions"][0].update(delete=1)),
    (doctype_rules.machine_tables_are_read_only, "Xero Outbox Entry", lambda d: d["permissions"][0].update(write=1)),
    (doctype_rules.only_our_roles, "Xero Link", lambda d: d["permissions"].append({"role": "All", "read": 1})),
    (doctype_rules.controllers_exist, "Xero Link", lambda d: d.update(name="Xero Chain")),
    (doctype_rules.lists_say_it_once, "Xero Bank Setting", lambda d: field(d, "enabled").update(in_list_view=1)),
    (doctype_rules.lists_say_it_once, "Xero Outbox Entry", lambda d: field(d, "state").update(in_list_view=1)),
    (doctype_rules.uniqueness, "Xero Outbox Entry", lambda d: field(d, "step_key").update(unique=0)),
    (doctype_rules.uniqueness, "Xero Link", drop("remote_key")),
    (doctype_rules.uniqueness, "Xero Connection", lambda d: field(d, "active_company").update(unique=0)),
    (doctype_rules.uniqueness, "Xero Connection", lambda d: field(d, "active_tenant").update(unique=0)),
    (doctype_rules.columns_exist, "Xero Outbox Entry", drop("blocked_on")),
    (doctype_rules.columns_exist, "Xero Outbox Entry", drop("step_key")),
    (doctype_rules.columns_exist, "Xero Outbox Entry", drop("number_suffix")),
    (doctype_rules.columns_exist, "Xero Attempt", drop("next_at")),
    (doctype_rules.columns_exist, "Xero Link", drop("remote_amount_due")),
    (doctype_rules.columns_exist, "Xero Sync Log", drop("detail")),
    (doctype_rules.columns_exist, "Xero Connection State", drop("lease_epoch")),
    (doctype_rules.columns_exist, "Xero Connection", drop("go_live_date")),
    (doctype_rules.columns_exist, "Xero Connection", lambda d: field(d, "reason").update(fieldtype="HTML")),
    (doctype_rules.field_lists_exist, "Xero Outbox Entry", drop("cure")),
    (doctype_rules.field_lists_exist, "Xero Link", drop("xero_number")),
    (type_blocks.stale, "Xero Link", drop("adopted")),
    (type_blocks.stale, "Xero Link", lambda d: field(d, "xero_id").update(reqd=1)),
    (type_blocks.stale, "Xero Outbox Entry", lambda d: field(d, "state").update(options="Pending\nHeld")),
]


@pytest.mark.parametrize(("rule", "name", "edit"), EDITS, ids=[f"{rule.__name__}-{n}" for n, (rule, *_) in enumerate(EDITS)])
def test_a_planted_violation_is_caught(rule: Rule, name: str, edit: Callable[[dict[str, Any]], object], copy: Path) -> None:
    change(copy, name, edit)
    assert rule(copy), f"{rule.__name__} does not see it"


def test_a_column_that_only_the_code_knows_is_caught(copy: Path) -> None:
    (copy / "sync" / "planted.py").write_text(
        'DOCTYPE = "Xero Link"\nimport frappe\nfrappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `colour`=1")\n'
        'frappe.db.set_value(DOCTYPE, "n", {"taste": 1})\nfrappe.get_all(DOCTYPE, filters={"smell": 1}, fields=["sound"], pluck="touch")\n'
    )
    assert [line.split()[-1] for line in doctype_rules.columns_exist(copy)] == ["colour", "taste", "smell", "sound", "touch"]


VALIDATES = (
    "frappe.db.set_value('Xero Connection State', self.name, 'swept_until', None)",
    "frappe.get_doc('Xero Settings').save()",
    "self.other.db_set('a', 1)",
    "frappe.db.sql('UPDATE `tabXero Link` SET `adopted`=1')",
)


@pytest.mark.parametrize("planted", VALIDATES)
@pytest.mark.parametrize("event", ["validate", "before_save", "_helper_of_validate"])
def test_a_controller_that_writes_before_it_is_saved_is_caught(planted: str, event: str, copy: Path) -> None:
    controller = copy / "picortex_xero" / "doctype" / "xero_settings" / "xero_settings.py"
    controller.write_text(controller.read_text() + f"\n    def {event}(self) -> None:\n        {planted}\n")
    assert len(doctype_rules.validate_writes_nothing(copy)) == 1


def test_types_that_were_written_by_hand_or_lost_are_put_right(copy: Path) -> None:
    controller = copy / "picortex_xero" / "doctype" / "xero_link" / "xero_link.py"
    before = controller.read_text()
    block = before[before.index(type_blocks.BEGIN) - 4 : before.index(type_blocks.END) + len(type_blocks.END) + 1]
    for spoilt in (before.replace("adopted: DF.Check", "adopted: DF.Data"), before.replace("\n" + block, "")):
        controller.write_text(spoilt)
        assert len(type_blocks.stale(copy)) == 1
        type_blocks.write(copy)
        assert controller.read_text() == before and type_blocks.stale(copy) == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.__name__ for rule, *_ in EDITS} | {"validate_writes_nothing"} == {rule.__name__ for rule in RULES}
