"""Records in Xero that may be the document's: nothing is sent again, a person chooses the right one, or voids those that are too many."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.desk import again
from tests.scene.telling import make_admin, notifications, notified
from tests.scene.unclear import NOTE, chosen_from, kept, linked, unmatched


def choose(rig: Rig, record: scene.Record, xero_id: str) -> None:
    """A person presses This is it."""

    def press(frappe: Any) -> None:
        from picortex_xero.api import status

        status.choose_record(chosen_from(rig, record), xero_id)

    scene.with_site(rig, press)


@pytest.mark.odd_answers
@pytest.mark.case("S1")
def test_two_that_nothing_tells_apart_are_offered_and_the_chosen_ones_linked(rig: Rig) -> None:
    make_admin(rig)
    first, second = unmatched(rig)
    assert len(scene.live(rig)) == 2 and len(scene.writes(rig, "Invoices")) == 1
    assert len(notified(rig)) == 1, "one cause, one entry"
    ids = [each["id"] for each in kept(rig, first)]
    assert sorted(ids) == sorted(each["InvoiceID"] for each in scene.live(rig)) == sorted(each["id"] for each in kept(rig, second))
    for record in (first, second):
        again(rig, scene.step(rig, record["name"])["name"])
    scene.settle(rig)
    assert scene.step(rig, first["name"])["reason_code"] == NOTE and len(scene.live(rig)) == 2, "Retry alone decides nothing"
    choose(rig, first, ids[0])
    scene.settle(rig)
    assert linked(rig, first) == [ids[0]] and scene.step(rig, first["name"])["state"] == "Synced"
    again(rig, scene.step(rig, second["name"])["name"])
    scene.settle(rig)
    assert linked(rig, second) == [ids[1]], "the one that is left"
    assert len(scene.live(rig)) == 2 and len(scene.writes(rig, "Invoices")) == 1


@pytest.mark.odd_answers
def test_what_a_person_voids_is_struck_off_and_the_rest_goes_on(rig: Rig) -> None:
    first, second = unmatched(rig)
    ids = [each["id"] for each in kept(rig, first)]
    rig.xero.person("void_invoice", InvoiceID=ids[1])
    rig.xero.clear_faults()
    for record in (first, second):
        again(rig, scene.step(rig, record["name"])["name"])
    scene.settle(rig)
    assert {scene.step(rig, record["name"])["state"] for record in (first, second)} == {"Synced"}
    assert len(scene.live(rig)) == 2 and sorted(linked(rig, first) + linked(rig, second)) == sorted(
        each["InvoiceID"] for each in scene.live(rig)
    )


@pytest.mark.odd_answers
def test_a_cancel_waits_until_it_is_known_what_to_void(rig: Rig) -> None:
    first, second = unmatched(rig)
    ids = [each["id"] for each in kept(rig, first)]
    rig.play([scene.cancelling(first)])
    scene.settle(rig)
    void = scene.step(rig, first["name"], "void")
    assert void["state"] == "Pending" and void["reason_code"] == "waits-for-choice" and len(scene.live(rig)) == 2
    choose(rig, first, ids[0])
    scene.settle(rig)
    assert [each["InvoiceID"] for each in scene.live(rig)] == [ids[1]]
    assert scene.step(rig, first["name"], "void")["state"] == "Synced"
    assert scene.step(rig, second["name"])["state"] == "Needs Attention", "the other still waits for a choice"


@pytest.mark.odd_answers
def test_a_choice_that_is_not_offered_is_refused(rig: Rig) -> None:
    first, _ = unmatched(rig)
    with pytest.raises(Exception, match="none of the records"):
        choose(rig, first, "00000000-1111-2222-3333-444444444444")
    assert scene.step(rig, first["name"])["state"] == "Needs Attention"


@pytest.mark.case("27")
@pytest.mark.parametrize("lost", [False, True])
def test_a_record_found_without_its_token_is_a_persons_to_recognise(rig: Rig, lost: bool) -> None:
    """Somebody has typed another reference over a transfer whose answer was lost."""
    transfer = scene.transfer(rig, 75.0, "Cash")
    rig.xero.fault("drop_after", method="PUT", path="/BankTransfers$")
    rig.xero.fault("echo", method="GET", path="/BankTransfers", where="all", field="Reference", operation="changed", times=100_000)
    rig.play([transfer])
    rig.dispatch()
    rig.advance(400)
    scene.settle(rig)
    step = scene.step(rig, transfer["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero") and len(scene.live(rig, "BankTransfers")) == 1
    (offered,) = kept(rig, transfer)
    if lost:
        rig.xero.person("delete_transfer", BankTransferID=offered["id"])
        again(rig, step["name"])
    else:
        choose(rig, transfer, offered["id"])
    scene.settle(rig)
    assert scene.step(rig, transfer["name"])["state"] == "Synced" and len(scene.live(rig, "BankTransfers")) == 1
    assert len(scene.writes(rig, "BankTransfers")) == 1 + lost, "sent again only after it was read as gone"


def test_one_cause_is_told_once_to_those_who_may_see_the_company(rig: Rig) -> None:
    make_admin(rig, "here@books.example", rig.company["name"])
    make_admin(rig, "elsewhere@books.example", "Another Ltd")
    make_admin(rig, "everywhere@books.example")
    records = scene.bills(rig, 3)
    scene.make_contacts(rig, records)
    rig.xero.fault("element_error", method="PUT", path="/Invoices$", index=0, text="A <b>new</b> & unknown refusal", times=100)
    for record in records:
        rig.play([record])
        scene.settle(rig)
        scene.sweep(rig)
    assert {scene.step(rig, record["name"])["state"] for record in records} == {"Needs Attention"}
    assert sorted(notified(rig)) == ["everywhere@books.example", "here@books.example"], "one cause, one entry each"
    entry = notifications(rig)[0]
    assert "<b>" not in entry["subject"] + entry["email_content"] and "&lt;b&gt;new" in entry["subject"], "shown as the text it is"
    assert entry["document_type"] == "Xero Outbox Entry" and entry["document_name"] == scene.step(rig, records[0]["name"])["name"]
    rig.xero.clear_faults()
    for record in records:
        again(rig, scene.step(rig, record["name"])["name"])
    scene.settle(rig)
    rig.xero.fault("element_error", method="PUT", path="/Invoices$", index=0, text="A <b>new</b> & unknown refusal")
    rig.play([scene.copied(records[0], "LATER-1")])
    scene.settle(rig)
    assert len(notified(rig)) == 4, "a cause that comes back is told anew"


def test_the_connections_in_figures(rig: Rig) -> None:
    records = scene.bills(rig, 2)
    scene.make_contacts(rig, records)
    rig.xero.fault("element_error", method="PUT", path="/Invoices$", index=0, text="No")
    rig.play(records)
    scene.settle(rig)

    def read(frappe: Any) -> Any:
        from picortex_xero.api import status

        return status.overview()

    (shown,) = scene.with_site(rig, read)
    assert (shown["company"], shown["state"], shown["unclear_for_an_hour"]) == (rig.company["name"], "Live", 0)
    assert shown["steps"]["Needs Attention"] == 1 and shown["steps"]["Synced"] >= 2 and shown["last_worker"] and shown["oldest_due"] == ""


@pytest.mark.odd_answers
@pytest.mark.case("S1")
@pytest.mark.parametrize("button", ["choose_record", "none_of_these"])
def test_who_presses_after_somebody_has_chosen_reads_a_sentence(rig: Rig, button: str) -> None:
    from picortex_xero.api import status

    first, _second = unmatched(rig)
    ids = [each["id"] for each in kept(rig, first)]
    choose(rig, first, ids[0])
    step = scene.step(rig, first["name"])["name"]
    for xero_id in ids:
        with rig.frappe() as frappe, pytest.raises(frappe.ValidationError, match="load the page again"):
            getattr(status, button)(step, *([xero_id] if button == "choose_record" else []))
    scene.settle(rig)
    assert linked(rig, first) == [ids[0]] and not scene.error_log(rig)
