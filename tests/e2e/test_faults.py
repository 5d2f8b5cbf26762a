"""Answers that are lost, wrong or odd: nothing may get lost, doubled or retried blindly. Dispatched in this process."""

from __future__ import annotations

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene

KINDS = ["contact", "invoice", "bill", "payment", "batch payment"]
WRITES = {"contact": "Contacts", "invoice": "Invoices", "bill": "Invoices", "payment": "Payments", "batch payment": "BatchPayments"}


def records_of(rig: Rig, kind: str) -> list[scene.Record]:
    """Documents that make a write of this kind happen."""
    if kind == "payment":
        return scene.paid(rig)
    if kind == "batch payment":
        return scene.paid(rig, 2)
    return scene.bills(rig, 2) if kind == "bill" else scene.invoices(rig, 2)


def keys(rig: Rig, resource: str) -> list[str]:
    """Idempotency keys of the writes to a resource, in order."""
    return [call["headers"]["idempotency-key"] for call in scene.writes(rig, resource)]


@pytest.mark.parametrize(("fault", "kind"), [*(("drop_after", kind) for kind in KINDS), ("truncated", "invoice")])
def test_a_lost_answer_is_replayed_with_the_same_bytes_and_key(rig: Rig, kind: str, fault: str) -> None:
    rig.xero.fault(fault, method="PUT", path=f"/{WRITES[kind]}$")
    records = records_of(rig, kind)
    rig.play(records)
    scene.settle(rig, seconds=30)
    scene.assert_once(rig, records)
    first, again = scene.writes(rig, WRITES[kind])[:2]
    assert first["request"] == again["request"] and len(set(keys(rig, WRITES[kind])[:2])) == 1


@pytest.mark.parametrize(
    ("kind", "wait"),
    [*((kind, 301) for kind in KINDS), ("invoice", 480), ("bill", 480), ("contact", 900), ("bill", 900), ("batch payment", 900)],
)
def test_beyond_the_replay_window_a_probe_finds_what_was_written(rig: Rig, kind: str, wait: int) -> None:
    rig.xero.fault("drop_after", method="PUT", path=f"/{WRITES[kind]}$")
    records = records_of(rig, kind)
    rig.play(records)
    rig.dispatch()
    rig.advance(wait)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert len(scene.writes(rig, WRITES[kind])) == 1, "what is there needs no second write"


@pytest.mark.parametrize("kind", KINDS)
def test_what_never_arrived_is_sent_under_a_new_key_only_once_its_absence_counts(rig: Rig, kind: str) -> None:
    rig.xero.fault("drop_before", method="PUT", path=f"/{WRITES[kind]}$")
    records = records_of(rig, kind)
    rig.play(records)
    rig.dispatch()
    rig.advance(310)
    rig.dispatch()
    assert len(scene.writes(rig, WRITES[kind])) == 1, "too early: a late request might still be on its way"
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert len(set(keys(rig, WRITES[kind])[:2])) == 2


@pytest.mark.parametrize("fault", ["error_before", "error_after"])
def test_a_500_kept_under_the_key_is_never_replayed(rig: Rig, fault: str) -> None:
    rig.xero.fault(fault, method="PUT", path="/Invoices$", status=500)
    records = scene.bills(rig, 3)
    rig.play(records)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert len(keys(rig, "Invoices")) == len(set(keys(rig, "Invoices"))) == (2 if fault == "error_before" else 1)


@pytest.mark.parametrize(("fault", "status"), [("error_before", 503), ("error_after", 502), ("error_after", 504)])
def test_a_gateway_error_is_replayed_under_its_key(rig: Rig, fault: str, status: int) -> None:
    rig.xero.fault(fault, method="PUT", path="/Invoices$", status=status)
    records = scene.bills(rig, 2)
    rig.play(records)
    scene.settle(rig, seconds=20)
    scene.assert_once(rig, records)
    assert len(set(keys(rig, "Invoices"))) == 1


@pytest.mark.parametrize(("problem", "wait"), [("minute", 40), ("day", 4000), ("concurrent", None)])
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_limit_parks_the_organisation_and_nothing_is_lost(rig: Rig, problem: str, wait: int | None, method: str) -> None:
    rig.xero.fault("limit", method=method, problem=problem, retry_after=wait)
    records = scene.invoices(rig, 3)
    rig.play(records)
    rig.dispatch()
    used = rig.xero.call_count()
    rig.dispatch()
    assert rig.xero.call_count() == used, "it rests"
    assert rig.counts().get("Pending") and not rig.counts().get("Unknown")
    rig.advance((wait or 5) + 2)
    scene.settle(rig, rounds=3)
    scene.assert_once(rig, records)
    assert scene.connection_state(rig) == "Live"


def test_a_short_rest_does_not_end_the_days_rest(rig: Rig) -> None:
    from picortex_xero.engine import limits

    def rests(_: object) -> bool:
        limits.rest(rig.connection, 40_000, "the day's limit")
        limits.rest(rig.connection, 30, "no connection")
        return limits.resting(rig.connection)

    assert scene.with_site(rig, rests)
    rig.advance(60)
    assert scene.with_site(rig, lambda _: limits.resting(rig.connection))
    rig.advance(40_000)
    assert not scene.with_site(rig, lambda _: limits.resting(rig.connection))


def test_the_minute_limit_itself_is_kept_by_resting(rig: Rig) -> None:
    rig.xero.person("set_limits", minute=12)
    records = scene.invoices(rig, 30)
    rig.play(records)
    scene.settle(rig, rounds=30, seconds=61)
    scene.assert_once(rig, records)
    assert not [call for call in rig.xero.calls() if call["status"] == 429], "it stops before Xero says so"


def test_one_refused_element_does_not_touch_the_others(rig: Rig) -> None:
    rig.xero.fault(
        "element_error", method="PUT", path="/Invoices$", index=1, text="Account code '999' is not a valid code for this document."
    )
    records = scene.bills(rig, 4)
    rig.play(records)
    scene.settle(rig)
    refused = [row for row in rig.steps(role="invoice") if row["state"] == "Needs Attention"]
    assert len(refused) == 1 and "not a valid code" in refused[0]["reason"] and "Mapping" in refused[0]["cure"]
    scene.assert_once(rig, [record for record in records if record["name"] != refused[0]["reference_name"]])


def test_an_unknown_error_is_never_retried(rig: Rig) -> None:
    rig.xero.fault("element_error", method="PUT", path="/Invoices$", index=0, text="The moon is in the wrong house")
    record = scene.bills(rig)[0]
    rig.play([record])
    scene.settle(rig)
    row = scene.step(rig, record["name"])
    assert row["state"] == "Needs Attention" and "The moon is in the wrong house" in row["reason"]
    for _ in range(4):
        rig.advance(3600)
        rig.dispatch()
    assert len(scene.writes(rig, "Invoices")) == 1


def test_a_refused_batch_is_halved_until_the_culprit_stands_alone(rig: Rig) -> None:
    records = scene.bills(rig, 9)
    culprit = records[4]["name"]
    rig.xero.fault("batch_400", method="PUT", path="/Invoices$", body=culprit, times=99, text="Something in here cannot be read")
    rig.play(records)
    scene.settle(rig)
    row = scene.step(rig, culprit)
    assert row["state"] == "Needs Attention" and "cannot be read" in row["reason"]
    scene.assert_once(rig, [record for record in records if record["name"] != culprit])
    assert len(scene.writes(rig, "Invoices")) <= 12


@pytest.mark.parametrize("kind", KINDS)
def test_elements_in_another_order_are_told_apart_by_their_marker(rig: Rig, kind: str) -> None:
    rig.xero.fault("reorder", method="PUT", path=f"/{WRITES[kind]}$", times=9)
    records = records_of(rig, kind)
    rig.play(records)
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.odd_answers
@pytest.mark.parametrize("taken", [True, False])
def test_a_payment_answered_without_id_and_without_message_is_looked_for(rig: Rig, taken: bool) -> None:
    """Reported of payments that Xero did not take (E106); whether it did, only its list says."""
    records = scene.paid(rig)
    rig.play(records[:-1])
    scene.settle(rig)
    rig.xero.fault("null_payment_id", method="PUT", path="/Payments$", index=0)
    rig.play(records[-1:])
    rig.dispatch()
    if not taken:
        (made,) = scene.live(rig, "Payments")
        rig.xero.person("forget_payment", PaymentID=made["PaymentID"])
    scene.settle(rig)
    row = scene.step(rig, records[-1]["name"])
    assert len(scene.writes(rig, "Payments")) == 1, "nothing is sent again by itself"
    if taken:
        scene.assert_once(rig, records)
    else:
        assert (row["state"], row["reason_code"]) == ("Needs Attention", "xero-refused") and row["reason"] and row["cure"]


def test_a_refused_organisation_is_disconnected_with_one_alert_and_is_not_hammered(rig: Rig) -> None:
    rig.play(scene.invoices(rig, 2))
    rig.xero.person("disconnect")
    before = rig.xero.call_count()
    rig.dispatch()
    rig.dispatch()
    assert scene.connection_state(rig) == "Disconnected"
    assert len(scene.error_log(rig)) == 1
    assert rig.xero.call_count() - before <= 2


def test_a_write_refused_for_the_organisation_disconnects_at_once(rig: Rig) -> None:
    """No read comes before it: the run itself must stop, not send until its time is up."""
    first, second = scene.of_one_customer(rig, 2)
    rig.play([first])
    rig.dispatch()
    before = len(scene.writes(rig))
    rig.xero.person("disconnect")
    rig.play([second])
    rig.dispatch()
    assert scene.connection_state(rig) == "Disconnected"
    assert len(scene.writes(rig)) == before + 1
    assert scene.step(rig, second["name"])["state"] == "Pending"


def test_a_bill_changed_in_xero_while_its_answer_was_lost_is_not_sent_twice(rig: Rig) -> None:
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    record = scene.bills(rig)[0]
    rig.play([record])
    rig.dispatch()
    line = {"Description": "Changed by hand", "Quantity": 1, "UnitAmount": 7, "AccountCode": "310", "TaxType": "NONE"}
    rig.xero.person("edit_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"], LineItems=[line])
    rig.advance(900)
    scene.settle(rig)
    assert len(scene.live(rig)) == 1
    row = scene.step(rig, record["name"])
    assert row["state"] == "Needs Attention" and row["reason_code"] == "total-in-xero-differs"


@pytest.mark.case("S1")
@pytest.mark.parametrize(("count", "status"), [(2, 409), (2, 413), (1, 404), (1, 400), (2, 422)])
def test_a_replay_that_is_turned_away_says_nothing_of_the_first_sending(rig: Rig, count: int, status: int) -> None:
    """The answer to the first sending was lost; the same bytes are refused as a whole when they come again."""
    records = scene.bills(rig, count)
    scene.make_contacts(rig, records)
    rig.xero.fault("drop_after", method="PUT", path="/Invoices$")
    rig.xero.fault("error_before", method="PUT", path="/Invoices$", status=status)
    rig.play(records)
    rig.dispatch()
    rig.advance(60)
    scene.settle(rig)
    scene.assert_once(rig, records)


@pytest.mark.case("S1")
@pytest.mark.parametrize("kind", ["bill", "payment"])
def test_a_replay_that_is_refused_is_looked_for_first(rig: Rig, kind: str) -> None:
    records = records_of(rig, kind)
    rig.play(records[:-1])
    scene.settle(rig)
    rig.xero.fault("drop_after", method="PUT", path=f"/{WRITES[kind]}$")
    rig.play(records[-1:])
    rig.dispatch()
    rig.xero.fault("element_error", method="PUT", path=f"/{WRITES[kind]}$", index=0, text="Something is not right")
    rig.advance(60)
    scene.settle(rig)
    scene.assert_once(rig, records)
