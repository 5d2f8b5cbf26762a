"""The cash that Xero's bank shows without a document: chosen by account, summarised by day, and never there twice."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.rules import go, make


def test_first(rig: Rig) -> None:
    chains = scene.settlements(rig)[:4]
    (first, paid), (second, paid2) = [(chain[0], chain[-1]) for chain in chains[:2]]
    make(rig, "Till", "Skip", ("name", "in", f"{first['name']}\n{second['name']}"))
    print([(p["doc"]["posting_date"], p["doc"]["paid_to"], p["doc"]["received_amount"], p["doc"]["payment_type"]) for p in (paid, paid2)])
    rig.play([first, paid, second, paid2])
    go(rig)
    print([(s["reference_name"], s["role"], s["state"], s["reason_code"]) for s in rig.steps()])
    bank = paid["doc"]["paid_to"]

    def work(frappe: Any) -> Any:
        from picortex_xero.engine import cash_summaries
        accounts = frappe.get_all("Xero Account Mapping", filters={"connection": rig.connection}, fields=["account", "xero_account_code"])
        print(accounts[:10])
        against = next(a["account"] for a in accounts if "Sales" in a["account"])
        frappe.get_doc({"doctype": "Xero Cash Choice", "connection": rig.connection, "account": bank, "choice": "Summarise Daily", "from_date": "2020-01-01", "received_account": against, "paid_account": against}).insert()
        n = cash_summaries.find(rig.connection)
        return n, [d.as_dict() for d in map(lambda x: frappe.get_doc("Xero Cash Summary", x), frappe.get_all("Xero Cash Summary", pluck="name"))]

    print(scene.with_site(rig, work))
    go(rig)
    go(rig)
    print([(s["reference_doctype"], s["reference_name"], s["role"], s["state"], s["reason"]) for s in rig.steps()][-5:])
    print(rig.xero.documents("BankTransactions"))
    print(scene.error_log(rig))
    assert 0
