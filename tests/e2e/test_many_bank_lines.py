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
