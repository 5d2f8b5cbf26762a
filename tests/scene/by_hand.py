"""What a person enters in Xero by hand."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def by_hand(rig: Rig, bill: scene.Record, **changes: Any) -> str:
    """Somebody enters the bill in Xero, in one line; its id."""
    doc, net = bill["doc"], scene.total(bill) - scene.tax(bill)
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": str(net), "TaxAmount": str(scene.tax(bill)), "TaxType": "INPUT2"}
    whole: dict[str, Any] = {
        "Type": "ACCPAY",
        "Contact": {"Name": doc["supplier"]},
        "InvoiceNumber": doc.get("bill_no") or bill["name"],
        "Date": str(doc["posting_date"]),
        "DueDate": str(doc["due_date"]),
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [{**line, "AccountCode": "310"}],
        **changes,
    }
    return str(rig.xero.person("create_invoice", **whole)["InvoiceID"])
