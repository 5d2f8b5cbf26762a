"""An import of history: documents from before the go-live date, below live traffic, once."""

from __future__ import annotations

from sandbox.rig import Rig
from tests.scene import history
from tests.scene import rig as scene


def test_a_whole_month_goes_once_and_a_second_import_adds_nothing(rig: Rig) -> None:
    records = [each for chain in scene.settlements(rig)[:6] for each in chain] + scene.bills(rig, 5)
    history.before_going_live(rig, records)
    run = history.begin(rig)
    row = history.through(rig, run)
    assert row["state"] == "Done"
    scene.assert_once(rig, records)
    print({k: v for k, v in row.items() if v})
    print(len(scene.writes(rig)), rig.counts())


def test_what_xero_has_already_waits_until_a_person_confirms(rig: Rig) -> None:
    (record,) = scene.invoices(rig)
    history.before_going_live(rig, [record])
    doc = record["doc"]
    line = {"Description": "By hand", "Quantity": "1", "UnitAmount": str(scene.total(record) - scene.tax(record)), "TaxType": "OUTPUT2", "AccountCode": "200"}
    there = rig.xero.person(
        "create_invoice", Type="ACCREC", Contact={"Name": doc["customer"]}, InvoiceNumber=record["name"].lower(), Date=str(doc["posting_date"]),
        DueDate=str(doc["due_date"]), Status="AUTHORISED", LineAmountTypes="Exclusive", LineItems=[line],
    )  # fmt: skip
    run = history.begin(rig)
    row = history.through(rig, run)
    step = scene.step(rig, record["name"])
    assert (step["state"], step["reason_code"]) == ("Needs Attention", "perhaps-in-xero") and not scene.writes(rig, "Invoices")
    assert (row["state"], row["was_there"], row["held"]) == ("Done", 1, 1)
    print(step["reason"], step["cure"])
    from picortex_xero.api import status

    scene.with_site(rig, lambda _frappe: status.choose_record(step["name"], there["InvoiceID"]))
    scene.settle(rig)
    assert scene.step(rig, record["name"])["state"] == "Synced" and not scene.writes(rig, "Invoices")
