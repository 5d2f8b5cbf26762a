"""What a preview says of a document is what is sent later, byte for byte but for ids that Xero gives; it writes nothing and makes no call.

A fixed part of the recorded cases; `make replay-previews` plays all of them.
"""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.replay import run
from sandbox.rig import Rig
from tests.scene import previews
from tests.scene.parts import part

# Of New Zealand one or more of every way that a document goes; all cases of the others.
SAMPLE = {
    "AU": (),
    "NZ": (
        "deleted-name-reused", "reverse-charge-nz", "is-paid-bill", "opening-invoices", "journal-plain", "journal-contra",
        "journal-pays-invoice", "journal-advance", "journal-set-off", "same-name-customer-supplier", "payment-nets-credit-note",
        "advance-refunded", "foreign-invoice-base-receivable", "payment-several-references", "receipt-part-unallocated", "advance-with-tax",
        "write-off-deduction", "bank-fee-twice", "cross-currency-payment", "transfer-two-currencies", "return-paid-at-once",
        "return-allocated-later", "pos-day", "fixed-asset", "inter-company",
    ),
    "UK": (),
    "US": (),
}  # fmt: skip

# What else is sent in the same event: a number that Xero turned out not to free, and what a look at a changed journal made of it.
LATER = ["KO-SI-00023 invoice: with -R1, as was said", "KO-JV-00010 allocation-1: preview-asks-xero"]


@pytest.mark.parametrize("country", part(run.COUNTRIES, 2, 1))
def test_what_is_sent_is_what_was_previewed(country: str) -> None:
    found = previews.cases(country, SAMPLE[country])
    assert not found.differences
    assert found.outcomes["Send"] == found.same + found.adopted + sum("-R1" in each for each in found.later)
    if country == "NZ":
        assert found.later == LATER and found.documents > 60 and found.adopted == 1
        assert {"Send", "Hold", "Skip", "Overtaken"} <= set(found.outcomes)
    else:
        assert not found.later and found.documents >= 5


def test_a_difference_and_a_written_row_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.documents.invoice import room
    from picortex_xero.engine import preview

    original, walk = room.invoice, preview.whole_preview

    def otherwise(*given: Any) -> Any:
        monkeypatch.setattr(room, "invoice", lambda doc, *rest: original({**doc, "due_date": "2030-01-01"}, *rest))
        import frappe

        frappe.db.sql("update `tabCompany` set `modified` = `creation`")
        try:
            return walk(*given)
        finally:
            monkeypatch.setattr(room, "invoice", original)

    monkeypatch.setattr(preview, "whole_preview", otherwise)
    differences = "\n".join(previews.cases("US", ["us-exempt"]).differences)
    assert "was not only looking" in differences and '"DueDate":"2030-01-01"' in differences


def test_a_draft_becomes_what_it_becomes_once_it_is_submitted(rig: Rig) -> None:
    from picortex_xero.engine.preview import preview

    records = [
        each for each in rig.documents if each.get("event", "submit") == "submit" and each["doctype"] in ("Sales Invoice", "Journal Entry")
    ]
    with rig.frappe() as frappe:
        from sandbox.host.storage import store

        seen = set()
        for record in records[:12]:
            store({**record["doc"], "docstatus": 0})
            frappe.db.commit()
            before = previews.rows(frappe)
            draft = preview(rig.connection, record["doctype"], record["name"])
            assert previews.rows(frappe) == before and not frappe.get_all("Xero Outbox Entry", fields=["name"])
            frappe.db.sql(f"update `tab{record['doctype']}` set `docstatus` = 1 where `name` = %s", (record["name"],))
            assert draft and draft == preview(rig.connection, record["doctype"], record["name"])
            seen.add(draft[-1].kind)
        assert {"invoice"} <= seen
        with pytest.raises(frappe.DoesNotExistError, match="has no Sales Invoice NONE-1"):
            preview(rig.connection, "Sales Invoice", "NONE-1")
    assert rig.xero.documents("Invoices") == []


def test_before_the_go_live_a_preview_is_taken_from_any_date(rig: Rig) -> None:
    from picortex_xero.engine.preview import preview

    record = next(each for each in rig.documents if each["doctype"] == "Sales Invoice")
    with rig.frappe() as frappe:
        from sandbox.host.storage import store

        store({**record["doc"], "docstatus": 1})
        frappe.db.set_value("Xero Connection", rig.connection, {"go_live_date": None, "state": "Mapping"})
        assert [each.outcome for each in preview(rig.connection, "Sales Invoice", record["name"])] == ["Send", "Send"]
        frappe.db.rollback()
