"""What people do in Xero to what they have entered there themselves, or while an answer to us is open, is noticed, and told in one place."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.payments_back import bank, choose, pay, received, rows
from tests.scene.reading import TURN, begin, pass_alive, read

pytestmark = pytest.mark.case("12")
LISTED = "Xero Changed Record"


def journal(rig: Rig, text: str) -> dict[str, Any]:
    lines = [{"AccountCode": code, "LineAmount": amount, "TaxType": "NONE"} for code, amount in (("469", "50.00"), ("445", "-50.00"))]
    return dict(rig.xero.person("create_journal", Narration=text, Date="2026-11-20", JournalLines=lines, LineAmountTypes="NoTax"))


def with_drafts(rig: Rig) -> None:
    (sale,) = scene.invoices(rig, 1)
    rig.play([sale])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "entries_from_xero", "Become Drafts"))
    begin(rig)


def submit(rig: Rig, name: str) -> None:
    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Journal Entry", name)
        doc.total_debit = 50  # ERPNext has worked it out
        doc.submit()

    scene.with_site(rig, work)


def listed(rig: Rig) -> list[str]:
    return list(scene.with_site(rig, lambda frappe: frappe.get_all(LISTED, pluck="reference_name")))


@pytest.mark.odd_answers
def test_a_payment_like_one_of_ours_whose_answer_was_lost_comes_back_once_ours_is_known(rig: Rig) -> None:
    choose(rig, "Are Submitted")
    sale, receipt = scene.paid(rig)
    rig.play([sale])
    begin(rig)
    rig.xero.fault("error_before", method="PUT", path="/Payments", status=503, times=3)
    rig.play([received(receipt, "PAY-OURS", 10, 10)])
    rig.dispatch()
    theirs = pay(rig, next(each for each in scene.live(rig) if each["InvoiceNumber"] == sale["name"]), "10.00", Date="2026-10-07")
    # The list is read while it is open what became of ours.
    pass_alive(rig, TURN)
    rig.dispatch()
    rig.xero.clear_faults()
    for _each in range(4):
        read(rig)
    paid = [each for each in scene.live(rig, "Payments") if each["Status"] != "DELETED"]
    known = {row["xero_id"]: row["state"] for row in rows(rig)}
    assert known.get(theirs["PaymentID"]) in ("Matched", "Entered Here", "Waiting"), (known, [each["Reference"] for each in paid])


def test_what_was_entered_in_xero_and_is_removed_there_is_told_once_and_over_when_it_is_gone_here(rig: Rig) -> None:
    with_drafts(rig)
    made = {text: journal(rig, text) for text in ("Draft", "Submitted", "Submitted late")}
    read(rig)
    found = {row["what"].removeprefix("Manual journal "): row["reference_name"] for row in rows(rig)}
    assert set(found) == set(made) and bank(rig)
    submit(rig, found["Submitted"])
    read(rig)
    submit(rig, found["Submitted late"])
    for text in made:
        rig.xero.person("void_journal", ManualJournalID=made[text]["ManualJournalID"])
    read(rig)
    read(rig)
    assert {row["reason_code"] for row in rows(rig)} == {"removed-in-xero-back"} and len(rows(rig)) == 3
    assert listed(rig) == [], "Entered in Xero tells it"

    def decide(frappe: Any) -> None:
        frappe.get_doc("Journal Entry", found["Draft"]).delete()

    scene.with_site(rig, decide)
    read(rig)
    assert {row["what"].removeprefix("Manual journal "): row["state"] for row in rows(rig)} == {
        "Draft": "Gone", "Submitted": "Waiting", "Submitted late": "Waiting"
    }  # fmt: skip
