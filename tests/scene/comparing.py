"""Compare With Xero, as tests press it."""

from __future__ import annotations

import time
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def compare(rig: Rig) -> list[tuple[str, str, str, str]]:
    """Somebody presses Compare With Xero, and the job runs; (kind, document, here, in Xero) of each difference."""

    def work(frappe: Any) -> list[tuple[str, str, str, str]]:
        from picortex_xero.api import compare as buttons
        from picortex_xero.inbound import comparison

        begun = buttons.start(rig.connection)
        frappe.db.commit()
        assert buttons.start(rig.connection) == begun, "one at a time"
        frappe.db.commit()
        assert comparison.go_on(rig.connection, time.monotonic() + 600)
        row = frappe.db.get_value("Xero Comparison", begun, ["state", "compared", "differing"], as_dict=True)
        rows = frappe.get_all("Xero Difference", filters={"comparison": begun}, fields=["*"], order_by="reference_name asc, kind asc")
        assert row["state"] == "Done" and row["compared"] > 0 and row["differing"] == len(rows)
        assert all(each["cure"] for each in rows)
        return [(each["kind"], each["reference_name"], each["here"] or "", each["there"] or "") for each in rows]

    return list(scene.with_site(rig, work))
