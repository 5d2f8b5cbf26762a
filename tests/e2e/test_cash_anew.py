"""What becomes of a cash summary of which a counted document is cancelled: where a person has said that it does not go, and where the go-live date is later meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import desk, restoring, undoing
from tests.scene import rig as scene
from tests.scene.cash import choose, find, in_xero, standing, summaries
from tests.scene.rules import go, make


def two_receipts(rig: Rig) -> tuple[str, list[scene.Record]]:
    """The rule that keeps two invoices out, and their receipts of one day, whose bank is summarised."""
    chains = [list(chain) for chain in scene.settlements(rig)[:2]]
    rule = make(rig, "Till", "Skip", ("name", "in", "\n".join(chain[0]["name"] for chain in chains)))
    rig.play([record for chain in chains for record in chain])
    go(rig)
    choose(rig, chains[0][-1]["doc"]["paid_to"])
    return rule, [chain[-1] for chain in chains]


def rounds(rig: Rig, count: int = 3) -> None:
    for _round in range(count):
        go(rig)
        rig.advance(70)


def done_by_hand(rig: Rig) -> None:
    from picortex_xero.api import status

    (name,) = standing(rig)
    scene.with_site(rig, lambda _frappe: status.done_by_hand("Xero Cash Summary", name))
    desk.choose(rig, tax_filed_until=None)


def undone(rig: Rig) -> None:
    run = undoing.marked(rig, **undoing.all_sent(rig))
    undoing.press(rig, "start", run)
    assert undoing.through(rig, run)["state"] == "Done"


@pytest.mark.parametrize("said", [done_by_hand, undone])
def test_what_a_person_said_holds_for_the_rest(rig: Rig, said: Callable[[Rig], None]) -> None:
    from picortex_xero.api import status

    desk.choose(rig, tax_filed_until="2026-11-27" if said is done_by_hand else None)
    rule, payments = two_receipts(rig)
    assert find(rig) == 1
    said(rig)
    go(rig)
    before = standing(rig)
    rig.play([scene.cancelling(payments[0])])
    rounds(rig)
    # The payment's own way is free, and nothing is summarised again: neither by the hour nor where all is decided anew.
    assert scene.step(rig, payments[0]["name"], "void")["state"] == "Superseded"
    assert find(rig) == 0
    scene.with_site(rig, lambda frappe: frappe.get_doc("Xero Sync Rule", rule).save())
    go(rig)
    assert find(rig) == 0 and standing(rig) == before and in_xero(rig) == {}
    keys = {row["reference_name"]: bool(row["counted_key"]) for each in summaries(rig) for row in each["rows"]}
    assert keys == {payments[0]["name"]: False, payments[1]["name"]: True}
    if said is done_by_hand:
        return
    # Also after a reinstall; what a person then sends again is made anew without the cancelled one.
    content = files.exported(rig)
    files.reinstalled(rig)
    rig.advance(3600)
    files.connected_again(rig)
    assert files.imported(rig, content)["state"] == "Done"
    restoring.confirm(rig)
    rounds(rig)
    assert find(rig) == 0 and standing(rig) == before and in_xero(rig) == {}
    (name,) = before
    assert scene.with_site(rig, lambda _frappe: status.send_again("Xero Cash Summary", name)) == 1
    rounds(rig)
    assert [*standing(rig).values()] == [[payments[1]["name"]]] and [*in_xero(rig).values()] == [payments[1]["doc"]["received_amount"]]
    assert not scene.error_log(rig)


def test_a_summary_made_anew_goes_whatever_the_go_live_date_is_by_then(rig: Rig) -> None:
    _rule, payments = two_receipts(rig)
    assert find(rig) == 1
    later = {"go_live_date": "2026-11-01"}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, later))
    rig.play([scene.cancelling(payments[0])])
    rounds(rig)
    assert [*in_xero(rig).values()] == [payments[1]["doc"]["received_amount"]]
    assert not scene.error_log(rig)
