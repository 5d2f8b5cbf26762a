"""Returns, from submit to cancel: kept open or taken off their invoice, as the host did; answers that are lost on the way.

Each return has the figures of a recorded invoice, turned round. Judged from the simulator's own ledger.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import retry
from tests.scene.returns import Choose, allocations, assert_applied, notes, pair, shown


@pytest.mark.parametrize("choose", [scene.invoices, scene.bills])
def test_a_return_that_the_host_keeps_open_stays_open(rig: Rig, choose: Choose) -> None:
    (record,) = choose(rig, 1)
    note = scene.returned(record, at_once=False)
    rig.play([record, note])
    scene.settle(rig)
    (credit,) = notes(rig)
    assert (credit["Total"], credit["TotalTax"]) == (scene.total(record), scene.tax(record))
    assert scene.due(credit) == credit["Total"] and scene.due(shown(rig, record)) == scene.total(record)
    assert not allocations(rig) and [row["role"] for row in rig.steps(reference_name=note["name"])] == ["credit"]
    if choose is scene.invoices:
        assert credit["Reference"] == record["name"]


@pytest.mark.parametrize("choose", [scene.invoices, scene.bills])
def test_a_full_return_applied_at_once_settles_both(rig: Rig, choose: Choose) -> None:
    (record,) = choose(rig, 1)
    note = scene.returned(record)
    rig.play([record, note])
    scene.settle(rig)
    assert_applied(rig, record, note)
    assert shown(rig, record)["Status"] == "PAID"
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_a_partial_return_takes_its_part_off_what_is_due(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    assert_applied(rig, invoice, note)
    assert 0 < scene.due(shown(rig, invoice)) < scene.total(invoice)


def test_returns_in_a_foreign_currency_are_taken_off_in_it(rig: Rig) -> None:
    record = next(
        each
        for each in rig.documents
        if each["doctype"] == "Sales Invoice" and each["event"] == "submit" and each["doc"]["currency"] != "NZD"
        and each["doc"]["party_account_currency"] == each["doc"]["currency"] and each["name"] not in scene.cancelled_names(rig)
    )  # fmt: skip
    note = scene.returned(record)
    rig.play([record, note])
    scene.settle(rig)
    assert_applied(rig, record, note)
    assert notes(rig)[0]["CurrencyRate"] == shown(rig, record)["CurrencyRate"] != 1


def on_base_receivable(rig: Rig) -> scene.Record:
    """A foreign invoice that the host keeps on its NZD receivable."""
    record = next(
        each
        for each in rig.documents
        if each["doctype"] == "Sales Invoice" and each["event"] == "submit" and each["doc"]["currency"] != "NZD"
        and not each["doc"].get("is_return") and each["name"] not in scene.cancelled_names(rig)
    )  # fmt: skip
    doc = record["doc"]
    worth = round(float(scene.total(record)) * doc["conversion_rate"], 2)
    doc.update(party_account_currency="NZD", debit_to=f"Debtors - {rig.company['abbr']}", outstanding_amount=worth)
    return scene.copied(record, record["name"])


def test_a_foreign_return_on_a_base_receivable_is_taken_off_whole(rig: Rig) -> None:
    record = on_base_receivable(rig)
    note = scene.returned(record)
    rig.play([record, note])
    scene.settle(rig)
    assert scene.due(shown(rig, record)) == 0 and scene.due(notes(rig)[0]) == 0


@pytest.mark.parametrize("cents", [0, 2, -2])
def test_reconciled_later_in_base_currency_no_cent_stays_open(rig: Rig, cents: int) -> None:
    """The host's amount is in NZD: converted at the invoice's own rate, and where it settles, what Xero has left."""
    record = on_base_receivable(rig)
    note = scene.returned(record, at_once=False)
    worth = Decimal(str(record["doc"]["outstanding_amount"]))
    journal = scene.reconciled(record, note, worth + Decimal(cents) / 100)
    journal["after"] = [{"doctype": "Sales Invoice", "name": each["name"], "outstanding_amount": 0.0} for each in (record, note)]
    rig.play([record, note, journal])
    scene.settle(rig)
    assert scene.due(shown(rig, record)) == 0 and scene.due(notes(rig)[0]) == 0


def test_a_part_reconciled_in_base_currency_is_converted(rig: Rig) -> None:
    record = on_base_receivable(rig)
    note = scene.returned(record, at_once=False)
    rig.play([record, note, scene.reconciled(record, note, Decimal(50))])
    scene.settle(rig)
    taken = round(50 / Decimal(str(record["doc"]["conversion_rate"])), 2)
    assert abs(scene.total(record) - scene.due(shown(rig, record)) - taken) <= Decimal("0.01")


def test_cancelling_an_applied_return_opens_the_invoice_again(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    rig.play([scene.cancelling(note)])
    scene.settle(rig)
    assert not notes(rig) and {each["Status"] for each in rig.xero.documents("CreditNotes")} == {"VOIDED"}
    assert scene.due(shown(rig, invoice)) == scene.total(invoice)
    order = [
        (each["resource"], each["action"])
        for each in rig.xero.ledger(parts="changes")["changes"]
        if (each["resource"], each["action"]) == ("Allocations", "deleted") or each["resource"] == "CreditNotes"
    ]
    assert order.index(("Allocations", "deleted")) < len(order) - 1 and order[-1][0] == "CreditNotes", "the credit note goes last"
    assert {row["role"] for row in rig.steps(reference_name=note["name"])} == {"credit", "allocation-1", "void", "void-allocation-1"}
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_a_return_and_its_invoice_cancelled_together_need_nobody(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    rig.play([scene.cancelling(note), scene.cancelling(invoice)])
    scene.settle(rig)
    assert not notes(rig) and not scene.live(rig)
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_an_invoice_cancelled_under_its_applied_return_comes_to_rest(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """ERPNext's form refuses it, a script that ignores links does not. The allocation carries no hash of the return: the return was looked at without an end."""
    from picortex_xero.engine import run

    monkeypatch.setattr(run, "RUN_SECONDS", 3)
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    rig.play([scene.cancelling(invoice)])
    rig.dispatch()
    row = scene.step(rig, invoice["name"], "void")
    assert (row["state"], row["reason_code"]) == ("Held", "cancel-of-paid") and not rig.steps(role="recheck-1")
    rig.play([scene.cancelling(note)])
    scene.settle(rig)
    retry(rig, invoice)
    scene.settle(rig)
    assert not notes(rig) and not scene.live(rig)


def test_a_return_cancelled_before_it_was_sent_leaves_no_trace(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note, scene.cancelling(note)])
    scene.settle(rig)
    assert not rig.xero.documents("CreditNotes") and scene.due(shown(rig, invoice)) == scene.total(invoice)


def test_a_return_amended_after_it_was_applied_is_taken_off_once(rig: Rig) -> None:
    invoice, note = pair(rig)
    rig.play([invoice, note])
    scene.settle(rig)
    amended = scene.copied(note, note["name"] + "-1", amended_from=note["name"])
    rig.play([scene.cancelling(note), amended])
    scene.settle(rig)
    assert_applied(rig, invoice, amended)
    assert notes(rig)[0]["CreditNoteNumber"] == amended["name"]


def test_a_return_cancelled_and_entered_again_waits_for_the_old_ones_cancel(rig: Rig) -> None:
    (record,) = scene.invoices(rig, 1)
    note = scene.returned(record)
    rig.play([record, note])
    scene.settle(rig)
    again = scene.copied(note, note["name"] + "-AGAIN")
    rig.play([scene.cancelling(note), again])
    scene.settle(rig)
    assert_applied(rig, record, again)
    assert {row["state"] for row in rig.steps()} == {"Synced"}


def test_a_return_cancelled_and_a_payment_instead_leave_nothing_open(rig: Rig) -> None:
    *_, payment = group = scene.paid(rig)
    note = scene.returned(group[0])
    rig.play([group[0], note])
    scene.settle(rig)
    rig.play([scene.cancelling(note), payment])
    scene.settle(rig)
    scene.assert_once(rig, group)
    assert not notes(rig)


def test_drafts_are_not_applied_before_somebody_approved_both(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    invoice, note = pair(rig)
    rig.play([invoice, note])
    rig.dispatch()
    assert [each["Status"] for each in notes(rig)] == ["DRAFT"]
    for resource, action, field in (("Invoices", "approve_invoice", "InvoiceID"), ("CreditNotes", "approve_credit_note", "CreditNoteID")):
        row = scene.step(rig, note["name"], "allocation-1")
        assert row["state"] == "Pending" and row["reason_code"] == "waiting-approval" and row["cure"]
        assert not allocations(rig)
        rig.xero.person(action, **{field: scene.live(rig, resource)[0][field]})
        rig.advance(16 * 60)
        rig.dispatch()
    assert_applied(rig, invoice, note)


def test_a_draft_return_is_deleted_on_cancel(unconnected: Rig) -> None:
    rig = unconnected
    scene.set_up(rig, "DRAFT")
    invoice, note = pair(rig)
    rig.play([invoice, note])
    rig.dispatch()
    rig.play([scene.cancelling(note)])
    scene.settle(rig)
    assert {each["Status"] for each in rig.xero.documents("CreditNotes")} == {"DELETED"}
    assert scene.step(rig, note["name"], "allocation-1")["state"] == "Superseded"


def in_dollars(record: scene.Record) -> scene.Record:
    """The same invoice in Australian dollars on the company's own receivable: what is open on it is in New Zealand dollars."""
    rate, doc = 1.0876, record["doc"]
    for row in (doc, *doc["items"], *doc["taxes"]):
        row.update({name: round(row[name[5:]] * rate, 2) for name in row if name.startswith("base_") and name[5:] in row})
    doc.update(
        currency="AUD", conversion_rate=rate, party_account_currency="NZD", outstanding_amount=round(float(scene.total(record)) * rate, 2)
    )
    return record


@pytest.mark.parametrize("at_once", [True, False])
def test_a_foreign_credit_on_the_companys_own_receivable_leaves_no_cent(rig: Rig, at_once: bool) -> None:
    """What the host applies is in base currency then; Xero allocates in the invoice's."""
    sale = in_dollars(scene.copied(scene.invoices(rig)[0], "SI-AUD"))
    note = scene.returned(sale, "SI-AUD-RET", at_once=at_once)
    note["doc"]["outstanding_amount"] = 0 if at_once else -sale["doc"]["outstanding_amount"]
    journal = scene.reconciled(sale, note, Decimal(str(sale["doc"]["outstanding_amount"])))
    for record in (note, journal):
        record["after"] = (
            [{"doctype": "Sales Invoice", "name": "SI-AUD", "outstanding_amount": 0.0}] if record is journal or at_once else []
        )
    rig.play([sale, note])
    scene.settle(rig)
    if not at_once:
        rig.play([journal])
        scene.settle(rig)
    (credit,) = notes(rig)
    assert credit["CurrencyCode"] == "AUD" and scene.due(credit) == scene.due(shown(rig, sale)) == 0
