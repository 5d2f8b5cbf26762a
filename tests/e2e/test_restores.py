"""A backup that is put back, and a copy of the site: what Xero has is never made twice, and a person is asked only where that is needed."""

from __future__ import annotations

from collections import Counter

import pytest

from sandbox.rig import Rig
from tests.scene import restoring
from tests.scene import rig as scene

pytestmark = pytest.mark.case("S2")
OFF = 600


def kinds(rig: Rig) -> list[scene.Record]:
    """A few documents of several kinds, none of them in Xero yet."""
    return [*scene.invoices(rig, 3), *scene.bills(rig, 3)]


def test_restored_in_place_nothing_is_sent_twice_and_the_rest_goes_once(rig: Rig) -> None:
    records = kinds(rig)
    rig.play(records)
    backup = restoring.back_up(rig)
    scene.settle(rig)
    assert len(scene.live(rig)) == 6
    rig.advance(OFF)
    restoring.put_back(rig, backup)
    before = len(rig.xero.calls())
    rig.dispatch()
    assert scene.connection_state(rig) == "Paused"
    assert "put back from a backup" in restoring.reason(rig)
    assert len(restoring.comparisons(rig, before)) == 7
    assert not [call for call in rig.xero.calls()[before:] if call["method"] != "GET" and "/api.xro/" in call["path"]]
    assert Counter(row["document"] for row in restoring.unlinked(rig)) == Counter(record["name"] for record in records)
    restoring.confirm(rig)
    scene.settle(rig)
    scene.assert_once(rig, records)
    assert rig.counts() == {"Synced": len(rig.steps())}
