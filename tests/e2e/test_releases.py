"""Deferred revenue from the invoice over its monthly releases to the cancel. ERPNext's Process Deferred Accounting sends apps no event of
the invoice: the hourly search finds the releases in the ledger."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.comparing import compare
from tests.scene.deferrals import BOOKED_BY, DEFERRED, DEFERRED_CODE, _post, book, deferred
from tests.scene.desk import account_codes, search
from tests.scene.returns import shown


@pytest.fixture
def invoice(rig: Rig) -> scene.Record:
    return deferred(rig)


def journals(rig: Rig) -> dict[str, list[tuple[str, Decimal]]]:
    """Lines of every journal that stands in Xero, by its date."""
    codes = account_codes(rig)
    return {
        each["Date"]: sorted((codes[line["account"]], Decimal(line["LineAmount"])) for line in each["lines"])
        for each in scene.live(rig, "ManualJournals")
    }


def test_releases_are_found_sent_once_and_voided_with_their_invoice(rig: Rig, invoice: scene.Record) -> None:
    rig.play([invoice])
    scene.settle(rig)
    codes = account_codes(rig)
    assert DEFERRED_CODE in {codes[line["account"]] for line in shown(rig, invoice)["lines"]}
    assert search(rig) == 0
    book(rig, invoice, {"2026-10-31": 40.35})
    assert search(rig) == 1
    scene.settle(rig)
    book(rig, invoice, {"2026-10-31": 40.35, "2026-11-30": 39.13})
    assert search(rig) == 1 and search(rig) == 0
    scene.settle(rig)
    assert journals(rig) == {
        "2026-10-31": [("200", Decimal("-40.35")), (DEFERRED_CODE, Decimal("40.35"))],
        "2026-11-30": [("200", Decimal("-39.13")), (DEFERRED_CODE, Decimal("39.13"))],
    }
    rig.play([scene.cancelling(invoice)])
    scene.settle(rig)
    assert not journals(rig) and not scene.live(rig)
    assert {row["state"] for row in rig.steps(reference_name=invoice["name"])} == {"Synced"}


def test_a_release_taken_back_is_voided_and_entered_again_with_its_new_amount(rig: Rig, invoice: scene.Record) -> None:
    rig.play([invoice])
    book(rig, invoice, {"2026-10-31": 40.35})
    search(rig)
    scene.settle(rig)
    book(rig, invoice, {"2026-10-31": 44.00})
    assert search(rig) == 2
    scene.settle(rig)
    assert journals(rig) == {"2026-10-31": [("200", Decimal("-44.00")), (DEFERRED_CODE, Decimal("44.00"))]}
    for first in ("Invoices", "ManualJournals"):
        # What is missing is said with the document's first record, by the links' names, which are random.
        scene.with_site(rig, partial(_named_first, endpoint=first))
        assert compare(rig) == [], "what was taken back stands for nothing any more"
    scene.with_site(rig, lambda frappe: _leave_cancelled(frappe, rig, invoice))
    assert search(rig) == 1
    scene.settle(rig)
    assert not journals(rig) and scene.live(rig), "the invoice stays"
    assert compare(rig) == []


def _named_first(frappe: Any, endpoint: str) -> None:
    for number, row in enumerate(frappe.get_all("Xero Link", fields=["name", "endpoint"], order_by="name asc")):
        renamed = f"{int(row['endpoint'] != endpoint)}-{number}-{row['endpoint']}"
        frappe.db.sql("UPDATE `tabXero Link` SET `name`=%s WHERE `name`=%s", (renamed, row["name"]))


def _leave_cancelled(frappe: Any, rig: Rig, record: scene.Record) -> None:
    """Cancelled ledger rows stay in the host's table."""
    row = {"name": "GLE-CANCELLED", "posting_date": "2026-10-31", "against_voucher_type": BOOKED_BY, "is_cancelled": 1, "debit": 44.0}
    _post(record, [{**row, "account": f"{DEFERRED} - {rig.company['abbr']}"}])


def test_a_release_waits_for_its_invoice_and_a_lost_answer_enters_it_once(rig: Rig, invoice: scene.Record) -> None:
    rig.play([invoice])
    book(rig, invoice, {"2026-10-31": 40.35, "2026-11-30": 39.13})
    search(rig)
    rig.xero.fault("drop_after", method="PUT", path="/ManualJournals$")
    scene.settle(rig, rounds=16)
    assert sorted(journals(rig)) == ["2026-10-31", "2026-11-30"] and len(rig.xero.documents("ManualJournals")) == 2


def test_a_release_of_what_was_never_sent_is_held_with_its_recipe(rig: Rig, invoice: scene.Record) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", "2026-10-20"))
    invoice["doc"]["posting_date"] = "2026-10-01"
    rig.play([invoice])
    book(rig, invoice, {"2026-10-01": 5.00, "2026-10-31": 40.35})
    assert search(rig) == 1, "what was released before the go-live date is no matter"
    scene.settle(rig)
    row = scene.step(rig, invoice["name"])
    assert (row["role"], row["state"], row["reason_code"]) == ("release-1", "Held", "release-without-invoice")
    assert "40.35" in row["cure"] and not journals(rig)
