"""Deferred revenue from invoice to release to cancel. Releases have no event: the hourly search finds them in the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.host import books
from sandbox.rig import Rig
from tests.e2e import scene
from tests.e2e.test_returns import shown

DEFERRED, DEFERRED_CODE = "Deferred Revenue", "835"
BOOKED_BY = "Process Deferred Accounting"


def deferred(rig: Rig) -> scene.Record:
    """A plain invoice whose first row is deferred, to an account that is mapped."""
    (record,) = scene.invoices(rig)
    made, account = scene.copied(record, f"{record['name']}-DEF"), f"{DEFERRED} - {rig.company['abbr']}"
    made["doc"]["items"][0].update(enable_deferred_revenue=1, deferred_revenue_account=account)

    def add(frappe: Any) -> None:
        books.store({"doctype": "Account", "name": account, "creation": record["doc"]["creation"], "company": rig.company["name"]})
        values = {"connection": rig.connection, "account": account, "xero_account_code": DEFERRED_CODE}
        frappe.get_doc({"doctype": "Xero Account Mapping", **values}).insert(ignore_permissions=True)

    scene.with_site(rig, add)
    return made


@pytest.fixture
def invoice(rig: Rig) -> scene.Record:
    return deferred(rig)


def book(rig: Rig, record: scene.Record, months: dict[str, float]) -> None:
    """What Process Deferred Accounting leaves in the ledger of the invoice, now."""
    abbr = rig.company["abbr"]
    rows: list[dict[str, Any]] = []
    for date, due in months.items():
        common = {"posting_date": date, "against_voucher_type": BOOKED_BY, "against_voucher": f"PDA-{date}", "is_cancelled": 0}
        rows.append({**common, "account": f"Deferred Revenue - {abbr}", "debit": due, "credit": 0.0})
        rows.append({**common, "account": f"Sales - {abbr}", "debit": 0.0, "credit": due})
    scene.with_site(rig, lambda frappe: _post(record, rows))


def _post(record: scene.Record, rows: list[dict[str, Any]]) -> None:
    from frappe.utils import now_datetime

    books.post(record["doctype"], record["name"], rows, str(now_datetime()))


def search(rig: Rig) -> int:
    """The hourly search, as the scheduler runs it; how many steps came of it."""
    from picortex_xero.sync import jobs

    before = len(rig.steps())
    scene.with_site(rig, lambda frappe: jobs.find_missed())
    return len(rig.steps()) - before


def journals(rig: Rig) -> dict[str, list[tuple[str, Decimal]]]:
    """Lines of every journal that stands in Xero, by its date."""
    codes = account_codes(rig)
    return {
        each["Date"]: sorted((codes[line["account"]], Decimal(line["LineAmount"])) for line in each["lines"])
        for each in scene.live(rig, "ManualJournals")
    }


def account_codes(rig: Rig) -> dict[str, str]:
    """Xero's account codes by id, as the organisation's lists were last read."""
    with rig.frappe():
        from picortex_xero.connection import lists as offers

        return {each["AccountID"]: each["Code"] for each in offers.stored(rig.connection)["accounts"]}


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
    scene.with_site(rig, lambda frappe: _leave_cancelled(frappe, rig, invoice))
    assert search(rig) == 1
    scene.settle(rig)
    assert not journals(rig) and scene.live(rig), "the invoice stays"


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
