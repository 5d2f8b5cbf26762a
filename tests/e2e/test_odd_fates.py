"""Rare troubles, each found by trying to break the app: clocks, lists and answers that are wrong, a second copy that Xero shows late, one
error that hides others. In each, no record is there twice without a word, no step ends as done that is not, no document stops another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import again, create_openings, hours, search
from tests.scene.journals import fee
from tests.scene.ledger import created
from tests.scene.openings import GO_LIVE, as_opening, entered_in_xero
from tests.scene.parts import part
from tests.scene.payments import PURE, overpayment, recorded
from tests.scene.telling import make_admin, notifications
from tests.scene.unclear import MANY, behind, doubled_bill, linked


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    from picortex_xero.engine import clock

    clock._asked.clear()
    yield
    clock._asked.clear()


def probed_bill(rig: Rig) -> tuple[scene.Record, str]:
    """A bill whose answer was lost and which Xero's list has then shown (the list is still watched for a second copy), and its id."""
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([bill])
    rig.dispatch()
    rig.advance(400)
    scene.settle(rig)
    return bill, linked(rig, bill)[0]


def twin(rig: Rig) -> None:
    """Xero gets the very same bill once more."""
    sent = [each for call in scene.writes(rig, "Invoices") for each in call["request"]["Invoices"] if "LineItems" in each]
    rig.xero.person("create_invoice", **sent[-1])


def rows_of(rig: Rig, record: scene.Record) -> list[tuple[str, str, str]]:
    return [(row["role"], row["state"], row["reason_code"]) for row in rig.steps(reference_name=record["name"])]


@pytest.mark.case("S5")
@pytest.mark.parametrize("ahead", [400, 3600])
def test_database_clock_ahead_of_xeros(rig: Rig, monkeypatch: pytest.MonkeyPatch, ahead: int) -> None:
    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    behind(monkeypatch, -ahead)
    rig.xero.fault("error_after", method="PUT", path="/Invoices$", status=500)
    rig.play(records)
    for _ in range(20):
        rig.dispatch()
        rig.advance(100)
    search(rig)
    assert created(rig) == 2, rig.counts()


@pytest.mark.case("S1")
@pytest.mark.odd_answers
@pytest.mark.parametrize("junk", [
    '{"Invoices": [], "pagination": {"page": 1, "pageSize": 1000, "pageCount": 1, "itemCount": 2}}', '{"Status": "OK", "CorrelationID": "abc"}',
    '{"Warnings": [{"Message": "try later"}]}', '{"Problem": {"Message": "try later"}}', '{"Status": "ERROR", "Invoices": []}', '{"Invoices": {}}',
    '{"ErrorNumber": 17, "Type": "X", "Message": "failed", "Elements": []}', '{"Invoices": ["cut", null]}', '{"Invoices": [{}]}',
])  # fmt: skip
def test_a_list_that_is_none_proves_no_absence(rig: Rig, junk: str) -> None:
    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play(records)
    rig.dispatch()
    rig.xero.fault("instead", method="GET", path="/Invoices$", query=r"(^|&)page=1(&|$)", text=junk, times=MANY)
    rig.advance(400)
    for _ in range(8):
        rig.dispatch()
        rig.advance(100)
    rig.xero.clear_faults()
    scene.settle(rig, rounds=30)
    assert created(rig) == 2


@pytest.mark.odd_answers
@pytest.mark.parametrize("junk", [
    '{"Invoices": [], "pagination": {"page": 1, "pageSize": 1000, "pageCount": 1, "itemCount": 1}}',
    '{"Warnings": [{"Type": "ACCREC", "InvoiceNumber": "x", "Status": "Y"}]}', '{"Elements": []}',
])  # fmt: skip
def test_an_opening_bill_is_not_made_beside_the_one_that_is_there(rig: Rig, junk: str) -> None:
    make_admin(rig)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "go_live_date", GO_LIVE))
    record = as_opening(rig, scene.bills(rig)[0], 1150.0)
    entered_in_xero(rig, record, "1150.00", Type="ACCPAY", InvoiceNumber=record["doc"].get("bill_no") or record["name"])
    rig.play([record])
    create_openings(rig)
    search(rig)
    rig.xero.fault("instead", method="GET", path="/Invoices$", query="ContactIDs", text=junk, times=1)
    scene.settle(rig)
    search(rig)
    scene.sweep(rig)
    assert len(scene.live(rig)) == 1 or notifications(rig)


@pytest.mark.case("S1")
@pytest.mark.odd_answers
def test_a_list_longer_than_the_most_pages_proves_no_absence(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import reading

    monkeypatch.setattr(reading, "MOST_PAGES", 2)
    records = scene.bills(rig, 5)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.xero.fault("short", method="GET", path="/Invoices$", most=1, times=MANY)
    rig.play(records)
    rig.dispatch()
    rig.advance(400)
    for _ in range(10):
        rig.dispatch()
        rig.advance(120)
    assert created(rig) == 5


@pytest.mark.odd_answers
def test_a_status_that_is_not_shown_is_not_deleted(rig: Rig) -> None:
    bill, mine, other = doubled_bill(rig)
    rig.xero.person("void_invoice", InvoiceID=other)
    rig.xero.fault("echo", method="GET", path="/Invoices", where={"InvoiceID": mine}, field="Status", operation="missing", times=MANY)
    again(rig, scene.step(rig, bill["name"])["name"])
    scene.settle(rig)
    rig.xero.clear_faults()
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    assert not scene.live(rig), rows_of(rig, bill)


@pytest.mark.parametrize("how", ["cancelled here", "voided in Xero"])
def test_a_late_twin_of_what_is_voided_is_told(rig: Rig, how: str) -> None:
    bill, mine = probed_bill(rig)
    if how == "cancelled here":
        rig.play([scene.cancelling(bill)])
        scene.settle(rig)
    else:
        rig.xero.person("void_invoice", InvoiceID=mine)
    twin(rig)
    search(rig)
    assert any(row[1] == "Needs Attention" for row in rows_of(rig, bill)), rows_of(rig, bill)


def test_a_retry_does_not_close_what_is_cancelled_and_stands(rig: Rig) -> None:
    bill, _ = probed_bill(rig)
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    twin(rig)
    twin(rig)
    search(rig)
    step = scene.step(rig, bill["name"], "invoice")
    assert step["reason_code"] == "twice-in-xero"
    rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    again(rig, step["name"])
    scene.settle(rig)
    search(rig)
    scene.settle(rig)
    assert not scene.live(rig) or any(row[1] == "Needs Attention" for row in rows_of(rig, bill)), rows_of(rig, bill)


def test_a_twin_of_a_superseded_step_is_told(rig: Rig) -> None:
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.play([bill])
    rig.dispatch()
    rig.xero.fault("echo", method="GET", path="/Invoices$", field="Total", operation="changed", times=MANY)
    rig.advance(400)
    scene.settle(rig)
    assert scene.step(rig, bill["name"])["reason_code"] == "total-in-xero-differs"
    rig.xero.clear_faults()
    rig.play([scene.cancelling(bill)])
    scene.settle(rig)
    twin(rig)
    twin(rig)
    search(rig)
    assert any(row[1] == "Needs Attention" for row in rows_of(rig, bill)), rows_of(rig, bill)


@pytest.mark.case("S7")
@pytest.mark.odd_answers
def test_one_list_that_fails_stops_no_other_search_for_doubles(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="PUT", path="/Payments$")
    rig.play([receipt])
    rig.dispatch()
    rig.advance(400)
    scene.settle(rig)
    bill, _ = probed_bill(rig)
    twin(rig)
    rig.xero.fault("error_before", method="GET", path="/Payments$", status=500, times=MANY)
    search(rig)
    assert scene.step(rig, bill["name"])["reason_code"] == "twice-in-xero"


def test_a_double_is_told_however_long_nobody_could_look(rig: Rig) -> None:
    def state(value: str) -> None:
        scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "state", value))

    bill, _ = probed_bill(rig)
    twin(rig)
    state("Paused")
    for _ in range(26):
        search(rig)
        rig.advance(3600)
    state("Live")
    search(rig)
    assert scene.step(rig, bill["name"])["reason_code"] == "twice-in-xero"


@pytest.mark.case("S7")
@pytest.mark.odd_answers
@pytest.mark.parametrize("text", part(["{}", '{"Invoices": null}', '{"Invoices": []}', '{"Invoices": [{}]}'], 2, 1))
def test_one_unreadable_answer_holds_no_payment_for_ever(rig: Rig, text: str) -> None:
    make_admin(rig)
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    scene.settle(rig)
    rig.xero.fault("instead", method="GET", path="/Invoices$", text=text, times=1)
    rig.play([receipt])
    scene.settle(rig)
    hours(rig, 3)
    search(rig)
    hours(rig, 1)
    assert scene.live(rig, "Payments") or notifications(rig), rows_of(rig, receipt)


@pytest.mark.odd_answers
@pytest.mark.parametrize("text", [
    '{"CreditNotes": [{"CreditNoteID": "0b1c0000-0000-4000-8000-000000000001", "Status": "AUTHORISED", "Allocations": []}]}',
    '{"CreditNotes": [{"Allocations": []}]}', "cut",
])  # fmt: skip
def test_an_allocation_is_undone_only_when_its_own_credit_shows_it(rig: Rig, text: str) -> None:
    sale = scene.invoices(rig)[0]
    note = scene.returned(sale)
    rig.play([sale, note])
    scene.settle(rig)
    rig.xero.fault("error_before", method="DELETE", path="/Allocations/", status=404, times=MANY)
    if text == "cut":
        rig.xero.fault("echo", method="GET", path="/CreditNotes/", field="Allocations", operation="empty", times=MANY)
    else:
        rig.xero.fault("instead", method="GET", path="/CreditNotes/", text=text, times=MANY)
    rig.play([scene.cancelling(note)])
    hours(rig, 3)
    assert not created(rig, "Allocations", "deleted")
    assert ("void-allocation-1", "Synced", "") not in rows_of(rig, note), rows_of(rig, note)


@pytest.mark.case("24")
@pytest.mark.odd_answers
def test_an_allocation_is_not_made_twice(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    note = scene.returned(sale, at_once=False)
    rig.play([sale, note])
    scene.settle(rig)
    rig.xero.fault("error_after", method="PUT", path="/Allocations", status=500)
    rig.play([scene.reconciled(sale, note, (scene.total(sale) / 4).quantize(Decimal("0.01")))])
    rig.dispatch()
    other = {"CreditNoteID": "0b1c0000-0000-4000-8000-000000000001", "Status": "AUTHORISED", "Allocations": []}
    rig.xero.fault("instead", method="GET", path="/CreditNotes/", text=json.dumps({"CreditNotes": [other]}), times=MANY)
    for _ in range(8):
        rig.advance(100)
        rig.dispatch()
    rig.xero.clear_faults()
    scene.settle(rig, rounds=30)
    assert created(rig, "Allocations") == 1


@pytest.mark.odd_answers
@pytest.mark.parametrize("extra", [{"Payments": [{"Amount": 1}]}, {"Allocations": []}, {"Allocations": [], "Payments": []}])
def test_a_refund_that_is_not_shown_closes_no_overpayment(rig: Rig, extra: dict[str, Any]) -> None:
    receipt = recorded(rig, PURE)
    rig.play([receipt])
    scene.settle(rig)
    body = {"OverpaymentID": overpayment(rig)["OverpaymentID"], "Status": "PAID", "Total": 100, "RemainingCredit": 0, **extra}
    rig.xero.fault("instead", method="GET", path="/Overpayments/", text=json.dumps({"Overpayments": [body]}), times=MANY)
    rig.play([scene.cancelling(receipt)])
    scene.settle(rig, rounds=30)
    assert scene.step(rig, receipt["name"], "void")["state"] != "Synced"


@pytest.mark.odd_answers
def test_a_retry_closes_no_difference_of_money(rig: Rig) -> None:
    entry = fee(rig)
    rig.xero.fault("echo", method="PUT|GET", path="/BankTransactions", field="Total", operation="changed", times=MANY)
    rig.play([entry])
    scene.settle(rig)
    step = scene.step(rig, entry["name"])
    assert step["reason_code"] == "total-in-xero-differs"
    again(rig, step["name"])
    scene.settle(rig)
    assert any(row[1] == "Needs Attention" for row in rows_of(rig, entry)), rows_of(rig, entry)


@pytest.mark.odd_answers
def test_a_retry_closes_no_overpayment_that_was_removed(rig: Rig) -> None:
    receipt = recorded(rig, PURE)
    rig.xero.fault("echo", method="PUT", path="/BankTransactions$", field="Total", operation="changed")
    rig.play([receipt])
    scene.settle(rig)
    step = scene.step(rig, receipt["name"], "payment")
    rig.xero.person("remove_overpayment", BankTransactionID=scene.live(rig, "BankTransactions")[0]["BankTransactionID"])
    again(rig, step["name"])
    scene.settle(rig)
    assert any(row[1] == "Needs Attention" for row in rows_of(rig, receipt)), rows_of(rig, receipt)


@pytest.mark.case("S1")
@pytest.mark.odd_answers
def test_an_error_with_an_id_is_not_sent_again_unlooked(rig: Rig) -> None:
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    body = {"InvoiceID": "0b1c0000-0000-4000-8000-000000000001", "HasErrors": True, "ValidationErrors": [{"Message": "Odd"}]}
    rig.xero.fault("instead", method="PUT", path="/Invoices$", text=json.dumps({"Invoices": [body]}))
    rig.play([bill])
    scene.settle(rig)
    if (step := scene.step(rig, bill["name"]))["state"] == "Needs Attention":
        again(rig, step["name"])
        scene.settle(rig)
    assert created(rig) == 1


def test_a_renaming_before_the_sending_explains_no_change(rig: Rig) -> None:
    sale, receipt = scene.paid(rig)

    def renamed(frappe: Any) -> None:
        from picortex_xero.engine import former_names as unchanged

        # The account was renamed, and a new one of its former name was made since, which this payment is for.
        unchanged.renamed("Account", receipt["doc"]["paid_to"], "Other Bank - TF")

    def changed(frappe: Any) -> bool:
        from picortex_xero.documents.facts import renamings
        from picortex_xero.documents.identity import identity
        from picortex_xero.documents.needs import Facts
        from picortex_xero.documents.registry import fingerprint
        from picortex_xero.documents.step import link
        from picortex_xero.documents.unchanged import EVERY, RENAMINGS, still_says
        from picortex_xero.engine import links

        doc = dict(frappe.get_doc("Payment Entry", receipt["name"]).as_dict())
        facts = Facts({(RENAMINGS, EVERY): renamings(None, [EVERY])[EVERY]})
        live = [link(row) for row in links.live(rig.connection, identity(doc))]
        return still_says({**doc, "paid_to": "Other Bank - TF"}, live, facts, fingerprint) is None

    scene.with_site(rig, renamed)
    rig.play([sale, receipt])
    scene.settle(rig)
    assert scene.with_site(rig, changed)


@pytest.mark.case("E1")
def test_one_cause_that_cannot_be_told_keeps_no_other_untold(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.attention import messages as telling

    make_admin(rig)
    bill = scene.bills(rig)[0]
    rig.play([bill])
    scene.settle(rig)
    tell = telling.send

    def notify(connection: str, message: Any, *more: Any, **given: Any) -> int:
        if str(message) == "bad":
            raise ValueError("cannot be written")
        return tell(connection, message, *more, **given)

    def two(frappe: Any) -> None:
        for row, what, due in zip(rig.steps(), ("bad", "good"), ("2000-01-01", "2001-01-01")):
            values = {"state": "Needs Attention", "told": 0, "reason_code": what, "reason": what, "due_at": due}
            frappe.db.set_value("Xero Outbox Entry", row["name"], values)

    monkeypatch.setattr(telling, "send", notify)
    scene.with_site(rig, two)
    scene.sweep(rig)
    assert len(notifications(rig)) == 1


@pytest.mark.case("E1")
@pytest.mark.odd_answers
@pytest.mark.parametrize("status", [401, 403])
def test_one_record_that_is_refused_pauses_no_connection(rig: Rig, status: int) -> None:
    receipt = recorded(rig, PURE)
    rig.play([receipt])
    scene.settle(rig)
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    rig.xero.fault("error_before", method="GET", path="/Overpayments/", status=status, times=MANY)
    rig.play([scene.cancelling(receipt), bill])
    for _ in range(6):
        rig.dispatch()
        rig.advance(200)
    assert len(scene.live(rig)) == 1, scene.connection_state(rig)


def test_a_change_of_what_was_voided_in_xero_is_told(rig: Rig) -> None:
    sale = scene.invoices(rig)[0]
    rig.play([sale])
    scene.settle(rig)
    rig.xero.person("void_invoice", InvoiceID=linked(rig, sale)[0])

    def change(frappe: Any) -> None:
        from picortex_xero.documents.identity import identity
        from picortex_xero.engine import outbox
        from picortex_xero.engine.apply import look_again

        frappe.db.set_value("Sales Invoice", sale["name"], "due_date", "2027-01-31")
        who = identity(frappe.get_doc("Sales Invoice", sale["name"]).as_dict())
        look_again(rig.connection, rig.company["name"], who, outbox.steps_of(rig.connection, who)[0])

    scene.with_site(rig, change)
    scene.settle(rig)
    assert any(row[1] in ("Needs Attention", "Held") for row in rows_of(rig, sale)), rows_of(rig, sale)


@pytest.mark.case("S5")
def test_the_lease_of_a_dead_worker_whose_clock_was_a_day_ahead_stops_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import clock, leases

    make_admin(rig)
    bill = scene.bills(rig)[0]
    scene.make_contacts(rig, [bill])
    with monkeypatch.context() as ahead:
        behind(ahead, -86400)
        with rig.frappe():
            clock.synchronise()
            assert leases.acquire(rig.connection)
    clock._asked.clear()
    rig.play([bill])
    hours(rig, 4)
    assert scene.live(rig)


@pytest.mark.case("S5")
@pytest.mark.parametrize("days", [0.5, 10])
def test_a_clock_that_was_ahead_for_a_while_stops_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """A token is renewed, a document captured, a request left open, lists and changes read meanwhile."""
    from picortex_xero.engine import clock

    make_admin(rig)
    first, captured, lost, later = scene.bills(rig, 4)
    rig.play([first])
    scene.settle(rig)
    rig.advance(1900)
    with monkeypatch.context() as ahead:
        behind(ahead, -86400 * days)
        with rig.frappe():
            clock.synchronise()
        scene.sweep(rig)
        scene.make_contacts(rig, [lost])
        rig.xero.fault("drop_before", method="PUT", path="/Invoices$")
        rig.play([lost])
        rig.dispatch()
        assert scene.step(rig, lost["name"])["state"] == "Unknown"
        rig.play([captured])
    clock._asked.clear()
    rig.advance(60)
    scene.sweep(rig)
    rig.play([later])
    for _ in range(40):
        rig.advance(60)
        scene.sweep(rig)
        rig.dispatch()
    scene.assert_once(rig, [first, captured, lost, later])
    rig.advance(2000)
    scene.settle(rig)
    with rig.frappe() as frappe:
        (row,) = frappe.get_all("Xero Authorisation", fields=["refresh_until", "access_expires_at", "refreshed_at"])
        at = clock.now()
    assert all(each <= at + timedelta(hours=1) for each in row.values()) and not notifications(rig)


@pytest.mark.case("S5")
def test_what_was_captured_while_the_clock_was_ahead_for_a_moment_goes(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two signs of life, so that nothing else has noticed it."""
    from picortex_xero.engine import clock

    scene.sweep(rig)
    (bill,) = scene.bills(rig, 1)
    with monkeypatch.context() as ahead:
        behind(ahead, -13 * 3600)
        with rig.frappe():
            clock.synchronise()
        rig.play([bill])
    clock._asked.clear()
    rig.advance(60)
    scene.sweep(rig)
    scene.settle(rig)
    scene.assert_once(rig, [bill])
