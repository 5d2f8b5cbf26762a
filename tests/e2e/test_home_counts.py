"""The home page counts as the screens do that it opens: since when something waits, how many documents, of which company first."""

from __future__ import annotations

import importlib
from datetime import timedelta
from typing import Any

from sandbox.rig import Rig
from tests.scene import reading
from tests.scene import rig as scene
from tests.scene.stuck import many, without_account


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


def test_a_document_is_counted_once_and_left_out_on_the_day_when_it_was(rig: Rig) -> None:
    """An invoice that came 35 days ago and has three steps is one document: on its way, to fix, and left out this month when it is skipped today."""
    (invoice,) = many(rig, 1)
    without_account(rig)
    rig.play([invoice])
    scene.settle(rig)
    step = scene.step(rig, invoice["name"], "invoice")
    assert step["state"] in ("Held", "Needs Attention")
    with rig.frappe() as frappe:
        from picortex_xero.engine import outbox
        from picortex_xero.patches.v0_2 import note_days_left_out

        frappe.db.set_value("Xero Outbox Entry", step["name"], "creation", step["creation"] - timedelta(days=35))
        for role in ("payment-2", "payment-3"):
            outbox.add_sibling(step, role)
        home = api("home")
        assert home.on_its_way()["value"] == home.to_fix()["value"] == 1 and home.by_reason() == {}
        assert api("to_fix").skip(invoice["doctype"], invoice["name"], "Not ours") == 3

        def left_out() -> dict[str, tuple[int, ...]]:
            chart = home.by_reason()
            return dict(zip(chart["labels"], zip(*(each["values"] for each in chart["datasets"]))))

        assert left_out() == {"Skipped by accounts": (0, 1)}
        # Rows from before that day was noted.
        frappe.db.set_value("Xero Outbox Entry", {"state": "Skipped"}, "left_out_on", None, update_modified=False)
        assert home.by_reason() == {}
        note_days_left_out.execute()
        assert left_out() == {"Skipped by accounts": (0, 1)}
        frappe.db.set_value("Xero Outbox Entry", {"state": "Skipped"}, "left_out_on", "2019-01-31")
        note_days_left_out.execute()
        assert home.by_reason() == {}, "in another month, and not noted anew"
