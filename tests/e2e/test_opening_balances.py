"""Opening Balances of an import of history: what was open at a date goes in one line without tax, and only where nothing in Xero stands for it already."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import configuration, connecting, history, restoring
from tests.scene import rig as scene
from tests.scene.desk import account_codes, choose, refresh, retry, search
from tests.scene.openings import in_the_report
from tests.scene.payments import advance, match
from tests.scene.returns import shown

D = Decimal
AS_AT, GO_LIVE, DATED, DUE = "2026-09-30", "2026-10-20", "2026-08-03", "2026-09-03"


def begun(rig: Rig) -> dict[str, Any]:
    """The admin imports opening balances; the row once it is through."""
    from picortex_xero.engine import opening_balances

    run = scene.with_site(rig, lambda _frappe: opening_balances.begin(rig.connection, AS_AT))
    return history.through(rig, str(run))


@pytest.fixture
def before(rig: Rig) -> scene.Record:
    """A sale with tax, dated long before the go-live date."""
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    return scene.copied(scene.invoices(rig)[0], "OLD-1", posting_date=DATED, due_date=DUE)


def settled(rig: Rig, record: scene.Record, amount: float, day: str, name: str) -> None:
    """Something took an amount off it."""
    row = {"against_voucher_type": record["doctype"], "against_voucher": record["name"], "is_cancelled": 0, "posting_date": day}
    row |= {"account": record["doc"]["debit_to"], "credit_in_account_currency": amount, "credit": amount}
    scene.with_site(rig, lambda frappe: storage.post("Payment Entry", name, [row], day))


def matched(rig: Rig, payment: scene.Record, *amounts: tuple[scene.Record, float]) -> None:
    """ERPNext writes all rows of a payment anew, dated as the payment, whenever some of it is matched."""

    def work(frappe: Any) -> None:
        taken = [
            {
                **{"against_voucher_type": sale["doctype"], "against_voucher": sale["name"], "is_cancelled": 0},
                **{"account": sale["doc"]["debit_to"], "credit_in_account_currency": amount, "credit": amount},
                "posting_date": payment["doc"]["posting_date"],
            }
            for sale, amount in amounts
        ]
        storage.post("Payment Entry", payment["name"], taken, frappe.utils.now())

    scene.with_site(rig, work)


def unreconciled(rig: Rig, payment: scene.Record, sale: scene.Record) -> None:
    """Unreconcile Payment: the first row goes by SQL, and the ledger is written anew."""

    def work(frappe: Any) -> None:
        from picortex_xero.overrides import unreconcile_payment

        frappe.db.delete("Payment Entry Reference", {"name": "ROW-1"})
        allocation = SimpleNamespace(reference_doctype=sale["doctype"], reference_name=sale["name"])
        doc = {"doctype": "Unreconcile Payment", "name": "U-1", "voucher_type": payment["doctype"], "voucher_no": payment["name"]}
        unreconcile_payment.on_submit(SimpleNamespace(company=rig.company["name"], allocations=[allocation], **doc))

    matched(rig, payment, (sale, 30.0))
    scene.with_site(rig, work)


def own_row(rig: Rig, record: scene.Record) -> Decimal:
    """Its ledger row on receivables, dated as it is; its total."""
    total = scene.total(record)
    row = {"against_voucher_type": record["doctype"], "against_voucher": record["name"], "is_cancelled": 0, "posting_date": DATED}
    row |= {"account": record["doc"]["debit_to"], "debit_in_account_currency": float(total), "debit": float(total)}
    scene.with_site(rig, lambda frappe: storage.post(record["doctype"], record["name"], [row], DATED))
    return total


def test_what_was_open_goes_in_one_line_without_tax(rig: Rig, before: scene.Record) -> None:
    rig.play([before])
    total = own_row(rig, before)
    settled(rig, before, 15.5, AS_AT, "PAY-1")
    settled(rig, before, 20, "2026-10-01", "PAY-2")
    assert search(rig) == 0 and scene.tax(before), "what is older than the go-live date is no matter by itself"
    allowed(rig)
    assert begun(rig)["state"] == "Done"
    element = shown(rig, before)
    assert (element["Total"], element["TotalTax"], element["InvoiceNumber"]) == (total - D("15.5"), 0, "OLD-1")
    assert (element["Date"], element["DueDate"]) == (DATED, DUE), "it is as old there as here"
    assert [account_codes(rig)[line["account"]] for line in element["lines"]] == ["850"]
    assert in_the_report(rig, before, live_from=GO_LIVE) == (0, total - D("15.5"))
    # It is no changed document, to nobody who looks at it again.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", "OLD-1", "modified", "2026-11-25 00:00:00"))
    assert search(rig) == 0 and retry(rig, before) == 0
    rig.play([scene.cancelling(before)])
    scene.settle(rig)
    assert not scene.live(rig)


def test_a_closed_day_is_never_written_to_and_nothing_open_is_left_out(rig: Rig, before: scene.Record) -> None:
    paid = scene.copied(before, "OLD-2")
    rig.play([before, paid])
    for record in (before, paid):
        own_row(rig, record)
    settled(rig, paid, float(scene.total(paid)), "2026-09-01", "PAY-1")
    allowed(rig)
    rig.xero.person("set_lock_dates", period="2026-09-29")
    refresh(rig)
    assert begun(rig)["added"] == 1
    element = shown(rig, before)
    assert (element["Date"], element["DueDate"]) == (AS_AT, AS_AT)
    assert len(scene.live(rig)) == 1 and not rig.steps(reference_name="OLD-2")


def allowed(rig: Rig) -> None:
    """The admin switches the report on, and allows it at Xero."""
    from picortex_xero.connection import connecting as consents
    from picortex_xero.connection import widening

    choose(rig, read_trial_balance=1)

    def work(frappe: Any) -> None:
        address = widening.more_permissions("Administrator", rig.connection)
        assert "accounting.reports.trialbalance.read" in parse_qs(urlsplit(address).query)["scope"][0].split()
        given = connecting.consent(address)
        consents.finish("Administrator", given["state"], given["code"])

    scene.with_site(rig, work)


def found(rig: Rig, at: str = AS_AT) -> Any:
    from picortex_xero.engine import opening_check

    return scene.with_site(rig, lambda _frappe: opening_check.check(rig.connection, at))


def test_an_amount_that_no_open_document_explains_refuses_it(rig: Rig, before: scene.Record) -> None:
    account = f"Temporary Opening - {rig.company['abbr']}"
    row = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Account Mapping", {"account": account}, pluck="name")[0])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Account Mapping", row, "account", "Sales"))
    unmapped = found(rig)
    assert account in unmapped.refused and "Historical Adjustment" in unmapped.cure
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Account Mapping", row, "account", account))
    refused = found(rig)
    assert refused.asks and "may be read" in refused.refused and "Allow Trial Balance" in refused.cure
    allowed(rig)
    assert (found(rig).refused, found(rig).balances) == ("", ())
    element = {"Type": "ACCREC", "InvoiceNumber": "X-1", "Contact": {"Name": "Kea Ltd"}, "Date": "2026-09-01", "DueDate": "2026-09-20"}
    element |= {"Status": "AUTHORISED", "LineAmountTypes": "NoTax"}
    element["LineItems"] = [{"Description": "x", "Quantity": "1", "UnitAmount": "230.00", "AccountCode": "200"}]
    sold = rig.xero.person("create_invoice", **element)
    rig.xero.person("pay_invoice", InvoiceID=sold["InvoiceID"], Amount="30.00", Account={"Code": "090"}, Date="2026-09-25")
    rig.xero.person("pay_invoice", InvoiceID=sold["InvoiceID"], Amount="200.00", Account={"Code": "090"}, Date="2026-10-05")
    explained = found(rig)
    assert (explained.refused, explained.receivables) == ("", 200), "it was open then, whatever was paid since"
    rig.xero.person("set_conversion", Date="2026-06-30", Balances={"610": "1000.00", "800": "-70.00"})
    lump = found(rig)
    assert "holds NZD 1200.00" in lump.refused and "explain 200.00: 1000.00 is left" in lump.refused and "Conversion balances" in lump.cure
    rig.xero.person("set_conversion", Date="2026-06-30", Balances={"800": "-70.00"})
    bills = found(rig)
    assert "Accounts Payable" in bills.refused and bills.payables == 70
    rig.xero.person("set_conversion", Date="2026-06-30", Balances={"090": "5000.00"})
    there = next(each for each, code in account_codes(rig).items() if code == "090")
    bank = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Payment Mapping", {"xero_account_id": there}, pluck="account")[0])
    row = {"account": bank, "posting_date": "2026-09-01", "debit": 4000.0, "debit_in_account_currency": 4000.0, "is_cancelled": 0}
    scene.with_site(rig, lambda frappe: storage.post("Journal Entry", "JV-1", [row], DATED))
    clear = found(rig)
    assert clear.refused == "" and [(each.account, each.here) for each in clear.balances] == [(bank, 4000)]
    (listed,) = clear.balances
    assert (listed.code, listed.there) == ("090", 5000 + 30), "beside what is there that day"


def test_why_it_cannot_be_compared(rig: Rig, before: scene.Record) -> None:
    allowed(rig)
    rig.xero.person("set_user", reports=False)
    refused = found(rig)
    assert "does not show reports" in refused.refused and "Tick Reports" in refused.cure
    rig.xero.person("set_user", reports=True)
    rig.xero.fault("error_before", path="/Reports/TrialBalance", status=503)
    assert "does not answer" in found(rig).refused
    rig.xero.person("set_lock_dates", period="2026-09-30")
    refresh(rig)
    closed = found(rig)
    assert "books are closed until" in closed.refused and found(rig, "2026-10-01").refused == ""
    rig.xero.person("disconnect")
    assert "no longer lets this app into the organisation" in found(rig, "2026-10-01").refused


def test_an_import_takes_what_was_owed_and_nothing_twice(rig: Rig, before: scene.Record) -> None:
    paid, later = scene.copied(before, "OLD-2"), scene.copied(before, "NEW-1", posting_date=GO_LIVE)
    bill = scene.copied(scene.bills(rig)[0], "OLD-BILL", posting_date=DATED, due_date=DUE, bill_no="B-7")
    rig.play([before, paid, later, bill])
    for record in (before, paid):
        own_row(rig, record)
    settled(rig, paid, float(scene.total(paid)), "2026-09-01", "PAY-1")
    owed = {"against_voucher_type": "Purchase Invoice", "against_voucher": "OLD-BILL", "is_cancelled": 0, "posting_date": DATED}
    owed |= {"account": bill["doc"]["credit_to"], "credit_in_account_currency": 57.5, "credit": 57.5}
    scene.with_site(rig, lambda frappe: storage.post("Purchase Invoice", "OLD-BILL", [owed], DATED))
    with pytest.raises(Exception, match="may be read"):
        begun(rig)
    allowed(rig)
    row = begun(rig)
    assert (row["state"], row["forecast_documents"], row["added"], row["in_xero"]) == ("Done", 2, 2, 2)
    made = {each["InvoiceNumber"]: (each["Total"], each["TotalTax"]) for each in scene.live(rig)}
    assert made == {"NEW-1": made["NEW-1"], "OLD-1": (scene.total(before), 0), "B-7": (D("57.5"), 0)}
    again = begun(rig)
    assert (again["added"], again["known"]) == (0, 2) and len(scene.live(rig)) == 3, "what went explains what Xero holds"


def test_what_went_so_is_known_after_a_reinstall_and_an_import_that_was_running_is_paused(rig: Rig, before: scene.Record) -> None:
    rig.play([before])
    own_row(rig, before)
    allowed(rig)
    run = begun(rig)["name"]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero History Run", run, "state", "Running"))
    content = configuration.exported(rig)
    configuration.reinstalled(rig)
    configuration.connected_again(rig)
    assert configuration.imported(rig, content)["imports"] == 1
    assert history.shown(rig, run)["state"] == "Paused"
    restoring.confirm(rig)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", "OLD-1", "modified", "2026-11-25 00:00:00"))
    assert search(rig) == 0, "it is no changed document"
    assert history.press(rig, "resume", run) and history.through(rig, run)["state"] == "Done"
    assert len(scene.live(rig)) == 1


def test_what_amends_an_imported_document_goes_like_it_and_another_of_its_name_does_not(rig: Rig, before: scene.Record) -> None:
    rig.play([before])
    own_row(rig, before)
    allowed(rig)
    begun(rig)
    amended = scene.copied(before, "OLD-1-1", amended_from="OLD-1")
    rig.play([scene.cancelling(before), amended])
    own_row(rig, amended)
    scene.settle(rig)
    (there,) = scene.live(rig)
    assert (there["InvoiceNumber"], there["TotalTax"], there["Total"]) == ("OLD-1-1", 0, scene.total(before))
    # ERPNext gives the name of a deleted document to the next one.
    rig.play([scene.cancelling(amended), scene.copied(before, "OLD-1", posting_date="2026-11-21", due_date="2026-11-30")])
    scene.settle(rig)
    (there,) = scene.live(rig)
    assert there["InvoiceNumber"].startswith("OLD-1") and there["TotalTax"] == scene.tax(before)


def test_an_advance_from_before_the_day_is_taken_off_only_as_far_as_the_balance_has_not(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    ahead, (first, second) = advance(rig)
    for sale in (first, second):
        sale["doc"].update(posting_date=DATED, due_date=DUE)
        sale["gl"] = []
    ahead["doc"].update(posting_date="2026-09-10", unallocated_amount=ahead["doc"]["paid_amount"] - 50.0)
    ahead["gl"], total = [], scene.total(first)
    row = {
        "doctype": "Payment Entry Reference",
        "parent": ahead["name"],
        "parenttype": "Payment Entry",
        "parentfield": "references",
        "idx": 1,
    }
    row |= {
        "name": "ROW-1",
        "docstatus": 1,
        "reference_doctype": first["doctype"],
        "reference_name": first["name"],
        "allocated_amount": 50.0,
    }
    ahead["doc"]["references"] = [{**row, "total_amount": float(total), "outstanding_amount": float(total)}]
    rig.play([first, second, ahead])
    for sale in (first, second):
        own_row(rig, sale)
    settled(rig, first, 50.0, "2026-09-10", ahead["name"])
    allowed(rig)
    begun(rig)
    assert shown(rig, first)["Total"] == total - 50 and shown(rig, second)["Total"] == scene.total(second)

    # An import of history brings the advance as a whole: what of it is in the balance is not taken off a second time.
    history.through(rig, history.begin(rig, kinds=("Payment",), first="2026-08-01", last="2026-10-19"))
    scene.settle(rig)
    held = scene.step(rig, ahead["name"], "allocation-1")
    assert (held["state"], held["reason_code"]) == ("Held", "in-opening-balance") and held["reason"].startswith(
        f"50.00 of {ahead['name']} settled"
    )
    assert "are left in Xero that are used up here" in held["cure"] and shown(rig, first)["credited"] == 0

    # Matched afterwards, it is taken off: of the other one, and what comes on top of the first.
    match(rig, ahead, second, D(60))
    matched(rig, ahead, (first, 50.0), (second, 60.0))
    scene.settle(rig)
    assert (shown(rig, first)["credited"], shown(rig, second)["credited"]) == (0, 60)
    match(rig, ahead, first, D(30))
    matched(rig, ahead, (first, 80.0), (second, 60.0))
    scene.settle(rig)
    assert (shown(rig, first)["credited"], shown(rig, second)["credited"]) == (30, 60)

    # What had settled it before the day is unreconciled: that is owed again, and what came on top stays.
    unreconciled(rig, ahead, first)
    scene.settle(rig)
    (look,) = rig.steps(reference_name=first["name"])[-1:]
    assert (look["role"], look["state"], look["reason_code"], look["amount"]) == ("recheck-1", "Held", "owed-again", 50)
    assert (shown(rig, first)["credited"], shown(rig, second)["credited"]) == (30, 60)
    assert not scene.error_log(rig)


def test_what_settled_an_opening_document_and_is_cancelled_is_told_until_a_person_has_seen_to_it(rig: Rig) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    sold, paid = scene.paid(rig)
    sold["doc"].update(posting_date=DATED, due_date=DUE)
    paid["doc"].update(posting_date="2026-09-10", **dict.fromkeys(("paid_amount", "received_amount"), 100.0))
    paid["doc"]["references"][0]["allocated_amount"] = 100.0
    sold["gl"], paid["gl"] = [], []
    rig.play([sold, paid])
    total = own_row(rig, sold)
    settled(rig, sold, 100.0, "2026-09-10", paid["name"])
    allowed(rig)
    begun(rig)
    assert shown(rig, sold)["Total"] == total - 100 and search(rig) == 0

    rig.play([scene.cancelling(paid)])
    scene.with_site(rig, lambda frappe: storage.post("Payment Entry", paid["name"], [], DATED))
    scene.settle(rig)
    (look,) = rig.steps(reference_name=sold["name"], role="recheck-1")
    assert (look["state"], look["reason_code"], look["amount"]) == ("Held", "owed-again", 100)
    assert look["reason"].startswith(f"100.00 of {sold['name']} are owed again") and "Enter 100.00 more for" in look["cure"]
    assert not rig.steps(reference_name=paid["name"]), "it was never sent"
    # Looked at again for another reason, it is no Retry.
    looked_at(rig, sold)
    scene.settle(rig)
    assert rig.steps(reference_name=sold["name"], role="recheck-1")[0]["state"] == "Held"
    assert retry(rig, sold) == 1
    scene.settle(rig)
    assert rig.steps(reference_name=sold["name"], role="recheck-1")[0]["state"] == "Synced"
    modified(rig, sold)
    assert search(rig) == 0, "a person has seen to it"

    # It is settled again by SQL, and the hourly search comes by.
    settled(rig, sold, 100.0, "2026-09-10", "PAY-2")
    modified(rig, sold)
    assert search(rig) == 1
    scene.settle(rig)
    (again,) = rig.steps(reference_name=sold["name"], role="recheck-2")
    assert (again["state"], again["amount"]) == ("Held", -100) and "Take back in Xero by hand" in again["cure"]
    assert retry(rig, sold) == 1
    scene.settle(rig)
    modified(rig, sold)
    assert search(rig) == 0 and not scene.error_log(rig)


def looked_at(rig: Rig, record: scene.Record) -> None:
    """Something else wants it looked at."""

    def work(frappe: Any) -> None:
        from picortex_xero.engine import apply, outbox

        step = outbox.get(name=rig.steps(reference_name=record["name"])[0]["name"])
        apply.look_again(rig.connection, rig.company["name"], outbox.identity(step), step)

    scene.with_site(rig, work)


def modified(rig: Rig, record: scene.Record) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.set_value(record["doctype"], record["name"], "modified", frappe.utils.now()))
