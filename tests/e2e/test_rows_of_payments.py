"""Rows of payments and advances from Xero are written anew after a reinstall; and one with a figure that is none keeps no other from coming in."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import ROW, choose, delete, entries, pay, rows
from tests.scene.reading import begin, read, weekly_look


def sent(rig: Rig, how: str) -> dict[str, Any]:
    choose(rig, how)
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    begin(rig)
    read(rig)
    (shown,) = scene.live(rig)
    return shown


def forget(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.delete(ROW, {"connection": rig.connection}))


def states(rig: Rig) -> dict[float, tuple[str, str]]:
    return {row["amount"]: (row["state"], row["reference_name"] or "") for row in rows(rig)}


def test_rows_are_written_anew_and_a_draft_that_is_deleted_comes_again(rig: Rig) -> None:
    shown = sent(rig, "Are Submitted")
    pay(rig, shown, "5.00", Date="2026-11-20")
    read(rig)
    choose(rig, "Become Drafts")
    for amount in ("6.00", "7.00"):
        pay(rig, shown, amount, Date="2026-11-20")
    read(rig)
    made = {each["paid_amount"]: each["name"] for each in entries(rig)}
    forget(rig)
    # Deleted before its row is back, and after.
    delete(rig, made[6.0])
    weekly_look(rig)
    found = states(rig)
    assert (found[5.0], found[7.0]) == (("Entered Here", made[5.0]), ("Draft Here", made[7.0]))
    assert found[6.0][0] == "Draft Here" and found[6.0][1] not in ("", made[6.0])
    delete(rig, made[7.0])
    read(rig)
    assert states(rig)[7.0][0] == "Draft Here" and states(rig)[7.0][1] != made[7.0]
    assert sorted(each["paid_amount"] for each in entries(rig)) == [5.0, 6.0, 7.0] and len(scene.live(rig, "Payments")) == 3
    assert not scene.error_log(rig)


def told(rig: Rig) -> list[str]:
    from picortex_xero.attention import notifications

    return [
        each["code"] for each in scene.with_site(rig, lambda _frappe: notifications.standing(rig.connection)) if "reader" in each["code"]
    ]


@pytest.mark.parametrize(("field", "value"), [("Amount", "abc"), ("BankAmount", [1]), ("CurrencyRate", "NaN"), ("Amount", {"of": 1})])
def test_a_payment_with_a_figure_that_is_none_is_told_for_itself(rig: Rig, monkeypatch: pytest.MonkeyPatch, field: str, value: Any) -> None:
    from picortex_xero.engine import reading

    shown = sent(rig, "Are Submitted")
    odd = pay(rig, shown, "5.00", Date="2026-11-20")
    changes, one = reading.changes, reading.one
    wrong = {"is": True}

    def as_shown(element: dict[str, Any]) -> dict[str, Any]:
        return {**element, field: value} if wrong["is"] and element.get("PaymentID") == odd["PaymentID"] else element

    def listed(*arguments: Any) -> Any:
        elements, last = changes(*arguments)
        return [as_shown(each) for each in elements], last

    monkeypatch.setattr(reading, "changes", listed)
    monkeypatch.setattr(
        reading, "one", lambda *arguments, **more: found and as_shown(found) if (found := one(*arguments, **more)) else found
    )
    pay(rig, shown, "6.00", Date="2026-11-20")
    read(rig)
    assert list(states(rig)) == [6.0], "the other one has come in"
    for _turn in range(3):
        read(rig)
    assert told(rig) == [f"reader:{odd['PaymentID']}"]
    # Shown as it is, it comes in, and is told no more.
    wrong["is"] = False
    for _turn in range(30):
        read(rig)
        if len(rows(rig)) == 2:
            break
    assert sorted(states(rig)) == [5.0, 6.0] and told(rig) == []
