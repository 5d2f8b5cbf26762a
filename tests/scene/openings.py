"""Opening balances: documents turned into them, and what somebody entered in Xero long ago."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

GO_LIVE, BEFORE = "2026-10-20", "2026-04-01"


def as_opening(rig: Rig, record: scene.Record, amount: float) -> scene.Record:
    """The document as an opening balance: one untaxed row on the temporary opening account."""
    made = scene.copied(record, f"{record['name']}-OPEN", posting_date=BEFORE, due_date="2026-05-01", is_opening="Yes", taxes=[])
    doc, account = made["doc"], f"Temporary Opening - {rig.company['abbr']}"
    doc["items"] = doc["items"][:1]
    figures = dict.fromkeys(("rate", "net_rate", "amount", "net_amount", "base_amount", "base_net_amount"), amount)
    doc["items"][0].update(qty=1.0, income_account=account, expense_account=account, item_tax_rate="{}", item_tax_template="", **figures)
    totals = ("total", "net_total", "grand_total", "base_grand_total", "base_net_total", "outstanding_amount")
    doc.update(dict.fromkeys(totals, amount), rounded_total=0.0, base_rounded_total=0.0, discount_amount=0.0, rounding_adjustment=0.0)
    return made


def entered_in_xero(rig: Rig, record: scene.Record, total: str, **changes: Any) -> dict[str, Any]:
    """The same invoice, entered in Xero by a person long ago."""
    party = record["doc"]["customer" if record["doctype"] == "Sales Invoice" else "supplier"]
    made = {"Type": "ACCREC", "InvoiceNumber": record["name"], "Contact": {"Name": party}, "Date": BEFORE, "DueDate": "2026-05-01"}
    made |= {"Status": "AUTHORISED", "LineAmountTypes": "NoTax", **changes}
    made["LineItems"] = [{"Description": "Fence", "Quantity": "1", "UnitAmount": total, "AccountCode": "200"}]
    return dict(rig.xero.person("create_invoice", **made))


def in_the_report(rig: Rig, record: scene.Record, live_from: str = GO_LIVE) -> tuple[Decimal, Decimal]:
    """(difference, what is here) of a document in the sync report."""

    def look(_frappe: Any) -> tuple[Decimal, Decimal]:
        from picortex_xero.attention import sync_report

        asked = sync_report.Asked(
            rig.connection, rig.company["name"], "NZD", live_from, "2020-01-01", "2030-12-31", (record["doctype"],), False
        )
        (one,) = [each for each in sync_report.documents(asked) if each.doc["name"] == record["name"]]
        assert one.difference is not None and one.here is not None
        return one.difference, one.here

    return scene.with_site(rig, look)
