"""Hooks that Frappe still has in its cache from before release 0.2: a submit that meets them goes on as by today's (until release 0.3). And what
the Desk is told when it starts."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene

EVENTS = ("on_submit", "on_cancel", "on_update_after_submit", "after_rename")
DOCUMENTS = ("sales_invoice", "purchase_invoice", "payment_entry", "journal_entry")
MASTERS = ("customer", "supplier", "company", "account", "cost_center", "item_tax_template")
# doc_events of commit 1c28bc5.
FORMER = [f"{name}.{event}" for name in DOCUMENTS for event in EVENTS] + [f"{name}.after_rename" for name in MASTERS]


@pytest.mark.parametrize("path", FORMER)
def test_a_former_path_leads_to_the_same_function(rig: Rig, path: str) -> None:
    def found(frappe: Any) -> tuple[Any, Any]:
        module = "documents" if path.partition(".")[0] in DOCUMENTS else "masters"
        event = path.rpartition(".")[2]
        return frappe.get_attr(f"picortex_xero.overrides.{path}"), frappe.get_attr(f"picortex_xero.overrides.{module}.{event}")

    former, now = scene.with_site(rig, found)
    assert former is now


def test_a_defect_never_stops_the_desk(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(frappe: Any) -> list[str] | None:
        boot = SimpleNamespace()
        (path,) = frappe.get_hooks("extend_bootinfo", app_name="picortex_xero")
        frappe.get_attr(path)(bootinfo=boot)
        return getattr(boot, "xero_documents", None)

    assert scene.with_site(rig, told) == ["Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Xero Cash Summary"]

    def broken(frappe: Any) -> list[str] | None:
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "picortex_xero.engine.capture", None)  # its import fails
            return told(frappe)

    assert scene.with_site(rig, broken) is None
    logged = scene.with_site(rig, lambda frappe: frappe.get_all("Error Log", pluck="method"))
    assert "Xero: the Desk was not told which documents are sent" in logged
