"""Bills without a supplier's number and manual journals of an import of history: what somebody entered in Xero before is asked about, and nothing else."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import history
from tests.scene import rig as scene
from tests.scene.by_hand import by_hand
from tests.scene.journals import entry
from tests.scene.reading import status
from tests.scene.xero_client import Client


def journal_there(rig: Rig, date: str, amount: float, narration: str) -> dict[str, Any]:
    """Somebody has posted a manual journal in Xero."""
    client = Client(rig.xero, scope="accounting.manualjournals")
    lines = [{"LineAmount": sign * amount, "AccountCode": code, "TaxType": "NONE"} for sign, code in ((1, "404"), (-1, "429"))]
    return client.made(
        "ManualJournals", {"Narration": narration, "Date": date, "Status": "POSTED", "LineAmountTypes": "NoTax", "JournalLines": lines}
    )


def test_what_has_no_number_waits_where_xero_has_one_of_its_day_and_amount(rig: Rig) -> None:
    bills = scene.bills(rig, 4)
    for bill in bills[:3]:
        bill["doc"]["bill_no"] = ""
    there, nothing_like, sent_anyway = bills[0], bills[1], bills[2]
    by_hand(rig, there, InvoiceNumber="TYPED-1")
    by_hand(rig, sent_anyway, InvoiceNumber="")
    # Another total, or a far day, is another bill.
    by_hand(rig, nothing_like, InvoiceNumber="TYPED-2", Date="2020-02-02", DueDate="2020-02-20")
    made = [
        entry(rig, ("Office Rent", amount, {}), ("Travel Expenses", -amount, {}), name=f"JV-{at}")
        for at, amount in enumerate((11.0, 12.0, 13.0))
    ]
    day = str(made[0]["doc"]["posting_date"])
    journal_there(rig, day, 11.0, "Rent, moved")
    journal_there(rig, day, 99.0, "jv-1")
    journal_there(rig, "2020-02-02", 13.0, "Rent, moved")
    history.before_going_live(rig, [*bills, *made])
    before = len(scene.live(rig)), len(scene.live(rig, "ManualJournals"))
    history.through(rig, history.begin(rig))

    states = {each["name"]: scene.step(rig, each["name"]) for each in [*bills, *made]}
    held = {name for name, row in states.items() if (row["state"], row["reason_code"]) == ("Held", "perhaps-entered")}
    assert held == {there["name"], sent_anyway["name"], "JV-0", "JV-1"}, {
        name: (row["state"], row["reason"]) for name, row in states.items()
    }
    assert {row["state"] for name, row in states.items() if name not in held} == {"Synced"}
    assert (len(scene.live(rig)), len(scene.live(rig, "ManualJournals"))) == (before[0] + 2, before[1] + 1)
    assert "is perhaps in Xero already" in states["JV-0"]["reason"] and "Rent, moved" in states["JV-0"]["reason"]

    # A person decides: one goes all the same, the other is left out. What went is none of somebody else's for the next one.
    def press(frappe: Any) -> tuple[int, int]:
        from picortex_xero.api import to_fix

        sent = int(to_fix.send_late(sent_anyway["doctype"], sent_anyway["name"]))
        return sent, int(to_fix.skip("Journal Entry", "JV-0", "It is there"))

    assert status(rig, sent_anyway)["can_send_late"] == "bank"
    assert scene.with_site(rig, press) == (1, 1)
    scene.settle(rig)
    assert scene.step(rig, sent_anyway["name"])["state"] == "Synced" and scene.step(rig, "JV-0")["state"] == "Skipped"
    assert len(scene.live(rig, "ManualJournals")) == before[1] + 1 and not scene.error_log(rig)
