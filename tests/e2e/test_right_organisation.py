"""A custom connection that is authorised at Xero for another organisation: id and secret stay, and calls do not name the organisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.rig import Rig, go_live, map_everything
from tests.scene import rig as scene
from tests.scene.desk import search
from tests.scene.organisations import connection, found, press
from tests.scene.restoring import confirm, reason

pytestmark = pytest.mark.case("17")
ID, SECRET = "sandbox-custom", "sandbox-custom-secret"


def authorise(rig: Rig, tenant: str) -> None:
    """What somebody does at Xero: the custom connection is for this organisation from now on."""
    rig.xero.client(ID, client_secret=SECRET, grant="custom", tenant=tenant)


def enter(rig: Rig, tenant: str) -> str:
    """Enter the custom connection here and choose the organisation; the connection."""
    from picortex_xero.api import connect as buttons

    def work(_frappe: Any) -> str:
        name = buttons.custom_connection(ID, SECRET)
        assert [each["tenantId"] for each in buttons.organisations(name)] == [tenant]
        return str(buttons.choose_organisation(name, tenant, rig.company["name"]))

    return str(scene.with_site(rig, work))


@pytest.fixture
def custom(unconnected: Rig) -> Iterator[Rig]:
    rig = unconnected
    rig.connection = enter(rig, rig.xero.tenant)
    map_everything(rig)
    go_live(rig, "AUTHORISED")
    yield rig
    authorise(rig, rig.xero.tenant)


def organisation_reads(rig: Rig) -> int:
    return sum(call["path"].endswith("/Organisation") for call in rig.xero.calls())


def test_nothing_reaches_another_organisation(custom: Rig) -> None:
    rig = custom
    first, second, third = scene.bills(rig, 3)
    rig.play([first])
    scene.settle(rig)
    authorise(rig, other := found(rig, "The Real One Ltd"))
    rig.advance(1900)
    rig.play([second])
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused" and connection(rig)["reason_code"] == "another-organisation"
    said = reason(rig)
    assert "The Real One Ltd" in said and connection(rig)["organisation_name"] in said and "Resume" in said
    assert not scene.live(rig, "Invoices", other) and not rig.xero.documents("Contacts", other)
    # Resume asks Xero again, and does not believe a person who has not put it right.
    with pytest.raises(Exception, match="The Real One Ltd"):
        confirm(rig)
    authorise(rig, rig.xero.tenant)
    confirm(rig)
    rig.play([third])
    scene.settle(rig)
    scene.assert_once(rig, [first, second, third])
    assert not scene.live(rig, "Invoices", other)


def test_entering_it_again_for_the_right_one_is_enough(custom: Rig) -> None:
    rig = custom
    (bill,) = scene.bills(rig)
    authorise(rig, found(rig, "The Real One Ltd"))
    rig.advance(1900)
    rig.play([bill])
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    authorise(rig, rig.xero.tenant)
    assert enter(rig, rig.xero.tenant) == rig.connection and scene.connection_state(rig) == "Live"
    scene.settle(rig)
    scene.assert_once(rig, [bill])


def test_the_other_one_may_be_chosen_and_the_former_is_retired(custom: Rig) -> None:
    rig = custom
    first, second = scene.bills(rig, 2)
    rig.play([first])
    scene.settle(rig)
    former = rig.connection
    authorise(rig, other := found(rig, "The Real One Ltd"))
    rig.advance(1900)
    rig.play([second])
    rig.dispatch()
    press(rig, "disconnect")
    rig.connection = enter(rig, other)
    assert rig.connection != former and connection(rig, former)["state"] == "Retired"
    map_everything(rig)
    go_live(rig, "AUTHORISED")
    for _ in range(2):
        search(rig)
        scene.settle(rig)
    assert len(scene.live(rig)) == 1 and len(scene.live(rig, "Invoices", other)) == 2


def test_xero_is_asked_once_for_each_token(custom: Rig) -> None:
    rig = custom
    bills = scene.bills(rig, 4)
    rig.play(bills[:1])
    scene.settle(rig)
    before = organisation_reads(rig)
    for bill in bills[1:3]:
        rig.play([bill])
        scene.settle(rig)
    assert organisation_reads(rig) == before, "the token is the same"
    rig.advance(1900)
    rig.play(bills[3:])
    scene.settle(rig)
    assert organisation_reads(rig) == before + 1
    scene.assert_once(rig, bills)


@pytest.mark.parametrize("kind", ["429", "503", "null"])
def test_while_xero_does_not_say_nothing_is_sent_and_nothing_is_a_documents(custom: Rig, kind: str) -> None:
    rig = custom
    first, second = scene.bills(rig, 2)
    rig.play([first])
    scene.settle(rig)
    rig.advance(1900)
    rig.play([second])
    if kind == "null":
        rig.xero.fault("instead", method="GET", path="/Organisation$", text="null", times=9)
    else:
        rig.xero.fault("error_before", method="GET", path="/Organisation$", status=int(kind), times=9)
    since = rig.xero.call_count()
    for _ in range(2):
        rig.dispatch()
    assert {call["path"] for call in rig.xero.calls(since, "/api.xro/")} == {"/api.xro/2.0/Organisation"}
    assert {row["state"] for row in rig.steps()} <= {"Pending", "Synced"} and scene.connection_state(rig) == "Live"
    rig.xero.clear_faults()
    rig.advance(1000)
    scene.settle(rig)
    scene.assert_once(rig, [first, second])
