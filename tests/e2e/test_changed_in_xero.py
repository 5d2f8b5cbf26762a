"""What changes in Xero of what was chosen here: seen as soon as the lists are read, told once for each thing, said beside the row, and over once it is put
right."""

from __future__ import annotations

import json
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import refresh
from tests.scene.mapping_screen import press, shown
from tests.scene.telling import make_admin, notifications


def subjects(rig: Rig) -> list[str]:
    return [entry["subject"] for entry in notifications(rig)]


def changed(rig: Rig, mapping: str) -> dict[str, list[str]]:
    return {label: row["changed"] for label, row in shown(rig, mapping)["rows"].items() if row["changed"]}


def test_each_thing_that_changed_is_told_once_and_is_over_when_it_is_right_again(rig: Rig) -> None:
    make_admin(rig)
    suffix = rig.company["abbr"]
    refresh(rig)
    assert subjects(rig) == [] and not any(changed(rig, kind) for kind in ("accounts", "taxes", "banks", "tracking", "defaults", "fees"))
    rig.xero.person("edit_account", Code="469", Status="ARCHIVED")
    refresh(rig)
    refresh(rig)
    (told,) = subjects(rig)
    assert "account 469 Rent is archived" in told
    assert changed(rig, "accounts") == {f"Office Rent - {suffix}": ["Xero's account 469 Rent is archived"]}
    # Another choice ends it at once; the same thing later is told anew.
    rent = f"Office Rent - {suffix}"
    press(rig, "save", mapping="accounts", rows=json.dumps([{"key": [rent], "values": {"xero_account_code": "429"}}]))
    assert changed(rig, "accounts") == {} and not _standing(rig)
    press(rig, "save", mapping="accounts", rows=json.dumps([{"key": [rent], "values": {"xero_account_code": "493"}}]))
    rig.xero.person("edit_account", Code="493", Status="ARCHIVED")
    refresh(rig)
    assert "account 493" in subjects(rig)[1] and len(subjects(rig)) == 2


def test_a_rate_a_payment_account_and_a_default_that_changed_are_said_too(rig: Rig) -> None:
    make_admin(rig)
    suffix = rig.company["abbr"]
    rig.xero.person("edit_account", Code="860", Status="ARCHIVED")
    rig.xero.person("edit_tax_rate", TaxType="OUTPUT2", EffectiveRate=16)
    refresh(rig)
    assert changed(rig, "defaults") == {"Rounding Account": ["Xero's account 860 Rounding is archived"]}
    rates = changed(rig, "taxes")
    assert rates == {f"Sales · GST - {suffix} @ 15": ["Xero's tax type 15% GST on Income (OUTPUT2) is 16 % now; it was 15 %"]}
    assert len(subjects(rig)) == 2


def test_many_at_once_are_one_notification(rig: Rig) -> None:
    make_admin(rig)
    for code in ("200", "260", "310", "469", "493"):
        rig.xero.person("edit_account", Code=code, Status="ARCHIVED")
    refresh(rig)
    refresh(rig)
    (told,) = subjects(rig)
    assert "In Xero 5 things have changed" in told
    for code in ("200", "260", "310", "469", "493"):
        rig.xero.person("edit_account", Code=code, Status="ACTIVE")
    refresh(rig)
    assert not _standing(rig)


def _standing(rig: Rig) -> list[Any]:
    def work(_frappe: Any) -> list[Any]:
        from picortex_xero.attention import notifications as told

        return told.standing(rig.connection)

    return list(scene.with_site(rig, work))
