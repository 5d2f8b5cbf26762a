"""However many bank lines are open, each is looked at: block by block where they are more than are matched together."""

from __future__ import annotations

import importlib
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene


def lines(rig: Rig, days: list[str]) -> None:
    """Open lines of these days."""

    def work(frappe: Any) -> None:
        company = rig.company["name"]
        account = f"Trading Account - {rig.company['abbr']}"
        storage.store({"doctype": "Bank Account", "name": "BA-1", "account": account, "company": company, "is_company_account": 1})
        for at, day in enumerate(days):
            line = {
                "company": company,
                "bank_account": "BA-1",
                "date": day,
                "deposit": 10 + at,
                "unallocated_amount": 10 + at,
                "docstatus": 1,
            }
            storage.store({"doctype": "Bank Transaction", "name": f"BT-{at}", "description": f"Line {at}", **line})
        frappe.db.commit()

    scene.with_site(rig, work)


@pytest.mark.parametrize("together", [2, 3, 100])
def test_no_line_is_left_out_for_its_age(rig: Rig, monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    lines(rig, [f"2026-10-{day:02}" for day in range(1, 8)])
    books, making = (importlib.import_module(f"picortex_xero.reconciling.{each}") for each in ("books", "making"))
    chosen = importlib.import_module("picortex_xero.banking.values").Settings(90, Decimal("0.10"))
    monkeypatch.setattr(books, "MOST_LINES", together)
    monkeypatch.setattr(books, "SEEN_AGAIN", 1)
    # Which other vouchers a line may be linked with says ERPNext's own function: that is for the bench.
    monkeypatch.setattr(importlib.import_module("picortex_xero.reconciling.other_vouchers"), "linkable", list)
    # The stand-in has no employees.
    monkeypatch.setattr(books, "_parties", lambda _vouchers: ())
    monkeypatch.setattr(making.settings, "of_matching", lambda _row: chosen)

    def work(_frappe: Any) -> list[str]:
        found = []
        for block, proposals in making._blocks(SimpleNamespace(company=rig.company["name"])):
            assert {each.name for each in block} <= set(proposals)
            found += [each.name for each in block]
        return found

    assert scene.with_site(rig, work) == [f"BT-{at}" for at in reversed(range(7))], "the newest first, each once"


def kept(frappe: Any) -> dict[str, str]:
    """The state of each line's row."""
    rows = frappe.get_all("Xero Bank Proposal", fields=["bank_transaction", "state"])
    return {str(each["bank_transaction"]): str(each["state"]) for each in rows}


def looked_at(making: Any, found: dict[str, Any], frappe: Any) -> None:
    """All lines, as one block in which this is found for them."""
    from picortex_xero.banking.values import Line

    rows = frappe.get_all("Bank Transaction", fields=["name", "date", "deposit"], order_by="name asc")
    open_lines = [Line(each["name"], "BA-1", each["date"], Decimal(each["deposit"]), "NZD", "") for each in rows]
    making._write(
        frappe.get_all("Bank Transaction", limit=1, pluck="company")[0],
        open_lines,
        {each.name: found.get(each.name, ()) for each in open_lines},
    )


def test_what_a_person_decides_while_lines_are_looked_at_stands(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """He takes a match back while a long look is at the page: the look does not offer it to the night's run again, and the run does not take it from an older list either."""
    lines(rig, ["2026-10-01", "2026-10-02"])
    making, acting, plan = (importlib.import_module(f"picortex_xero.reconciling.{each}") for each in ("making", "acting", "plan"))
    readings = importlib.import_module("picortex_xero.reconciling.readings")
    values = importlib.import_module("picortex_xero.banking.values")
    sure = values.Proposal("BT-0", values.RETURNED, (), 100, (), other_line="BT-1", automatic=True)

    def work(frappe: Any) -> None:
        looked_at(making, {}, frappe)
        asked = making._values

        def taken_back(line: Any, found: Any, row: Any) -> Any:
            if line.name == "BT-0":
                acting.mark("BT-0", "Undone")
            return asked(line, found, row)

        monkeypatch.setattr(making, "_values", taken_back)
        looked_at(making, {"BT-0": (sure,)}, frappe)
        assert kept(frappe) == {"BT-0": "Undone", "BT-1": "Abstained"}
        looked_at(making, {"BT-0": (sure,)}, frappe)
        assert kept(frappe)["BT-0"] == "Undone", "its readings are kept, its state is the person's"
        frappe.db.commit()
        monkeypatch.setattr(acting, "_setting", lambda _company: SimpleNamespace(automatic="And Enter Payments"))
        with pytest.raises(plan.CannotBeDone):
            acting.accept("BT-0", readings.key(sure, Decimal(10)), automatic=True)
        with pytest.raises(plan.CannotBeDone):
            making._remove(rig.company["name"], {"BT-0"})
            acting.accept("BT-0", readings.key(sure, Decimal(10)), automatic=True)
        assert kept(frappe) == {"BT-0": "Undone"}, "BT-1 is not open any more"

    scene.with_site(rig, work)
