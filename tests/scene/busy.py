"""A site on which every figure of the home page has something to count."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def payroll(rig: Rig) -> scene.Record:
    made = scene.journal(rig, ("Salary", 77.0), ("Trading Account", -77.0), name="JV-PAY")
    made["doc"]["accounts"][0].update(party_type="Employee", party="HR-EMP-1")
    return made


def busy(rig: Rig) -> dict[str, str]:
    """A receipt and its invoice are in Xero, a journal of nothing is left out, one of payroll is done by hand, a bill lacks its accounts, an invoice is
    on its way, and one is from before the company went live. By what it is for: its name."""
    settled = scene.paid(rig)
    bill = scene.bills(rig)[0]
    rig.play(settled)
    scene.settle(rig)

    def unmap(frappe: Any) -> None:
        frappe.db.delete("Xero Account Mapping", {"connection": rig.connection})
        for field in ("default_sales_account", "default_purchase_account"):
            frappe.db.set_value("Xero Connection", rig.connection, field, "")

    scene.with_site(rig, unmap)
    rig.play([bill, payroll(rig), scene.journal(rig, name="JV-ZERO")])
    scene.settle(rig)
    new = scene.copied(settled[0], "NEW-1")
    old = scene.copied(settled[0], "OLD-1", posting_date="2019-12-02")
    rig.play([new, old])
    return {"invoice": settled[0]["name"], "payment": settled[-1]["name"], "bill": bill["name"]}
