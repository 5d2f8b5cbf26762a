"""The home page counts as the screens do that it opens: since when something waits, how many documents, of which company first."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any

from sandbox.rig import Rig
from tests.scene import reading
from tests.scene import rig as scene


def api(module: str) -> Any:
    return importlib.import_module(f"picortex_xero.api.{module}")


def test_what_waits_longest_waits_since_it_waits(rig: Rig) -> None:
    """An invoice that was sent twenty days ago, and voided in Xero today, waits since today: on the card, the company's line, and under To Fix."""
    (invoice,) = scene.invoices(rig)
    rig.play([invoice])
    scene.settle(rig)
    reading.begin(rig)
    rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    reading.read(rig)
    step = scene.step(rig, invoice["name"], "invoice")
    assert step["state"] == "Needs Attention"
    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Outbox Entry", step["name"], "creation", step["creation"] - timedelta(days=20))
        for days in (0, 5):
            home, page = api("home"), api("to_fix").causes(connection="", start=0)
            assert [row["days"] for row in page["rows"]] == [days]
            assert (home.oldest_waiting()["value"], home.companies()[0]["oldest_days"]) == (days, days)
            for cause in frappe.get_all("Xero Step Cause", fields=["name", "since"]):
                frappe.db.set_value("Xero Step Cause", cause["name"], "since", cause["since"] - timedelta(days=5))
