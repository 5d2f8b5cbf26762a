"""A journal, or money spent, that went from here and was edited in Xero: what is there is taken over as a draft that amends it; what cannot be changed back from here says why, and what
to do instead."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.journals import BANK, entry
from tests.scene.reading import begin, read
from tests.scene.two_ways_host import worked_out

pytestmark = pytest.mark.case("12")
LISTED = "Xero Changed Record"


def call(rig: Rig, what: str, name: str) -> Any:
    from picortex_xero.api import changes

    def work(frappe: Any) -> Any:
        row = frappe.get_all(LISTED, filters={"reference_name": name}, pluck="name", order_by="found_at desc", limit=1)[0]
        return getattr(changes, what)(row)

    return scene.with_site(rig, work)


def choices(rig: Rig, name: str) -> dict[str, dict[str, Any]]:
    return {each["choice"]: each for each in call(rig, "show", name)["choices"]}


def test_what_is_in_xero_becomes_a_draft_that_is_its_record(rig: Rig) -> None:
    suffix = f" - {rig.company['abbr']}"
    sale, receipt = scene.paid(rig)
    pays = entry(rig, (BANK, 5.0, {}), ("Debtors", -5.0, {"party_type": "Customer", "party": sale["doc"]["customer"],
                 "reference_type": "Sales Invoice", "reference_name": sale["name"]}), name="JV-PAYS", posting_date="2026-11-20")  # fmt: skip
    booked = scene.journal(rig, ("Office Rent", 22.5), ("Utility Expenses", -22.5), name="JV-BOOKED", posting_date="2026-11-20")
    spent = entry(rig, ("Office Rent", 12.5, {}), (BANK, -12.5, {}), name="JV-SPENT", posting_date="2026-11-20")
    rig.play([sale, booked, spent, pays])
    begin(rig)
    (there,) = scene.live(rig, "ManualJournals")
    (money,) = [each for each in scene.live(rig, "BankTransactions") if each["Reference"].startswith("JV-SPENT")]
    lines = [{"AccountCode": code, "LineAmount": amount, "TaxType": "NONE"} for code, amount in (("469", "30.00"), ("489", "-30.00"))]
    rig.xero.person("edit_journal", ManualJournalID=there["ManualJournalID"], Date="2026-11-18", JournalLines=lines)
    rig.xero.person("edit_bank_transaction", BankTransactionID=money["BankTransactionID"], Date="2026-11-19")
    read(rig)

    shown = choices(rig, "JV-BOOKED")
    assert (
        shown["take_over"]["may"] and shown["put_back"]["may"] and "is removed, and JV-BOOKED is entered anew" in shown["put_back"]["says"]
    )
    sent = len(scene.writes(rig))
    with worked_out():
        draft = call(rig, "take_over", "JV-BOOKED")
        money_draft = call(rig, "take_over", "JV-SPENT")
        read(rig)

        def submit(frappe: Any) -> list[Any]:
            docs = [frappe.get_doc("Journal Entry", each["name"]) for each in (draft, money_draft)]
            assert all(doc.docstatus == 0 for doc in docs)
            return [doc.submit().as_dict() for doc in docs]

        made, spent_here = scene.with_site(rig, submit)
    assert made["amended_from"] == "JV-BOOKED" and str(made["posting_date"]) == "2026-11-18"
    assert {row["account"]: row["debit"] - row["credit"] for row in made["accounts"]} == {
        f"Office Rent{suffix}": 30.0,
        f"Telephone Expenses{suffix}": -30.0,
    }
    assert str(spent_here["posting_date"]) == "2026-11-19" and spent_here["voucher_type"] == spent["doc"]["voucher_type"]
    read(rig)
    read(rig)
    assert len(scene.writes(rig)) == sent, "Xero's record stays, and is the draft's"
    for name in (draft["name"], money_draft["name"]):
        steps = [(step["role"], step["state"], step["reason"]) for step in rig.steps(reference_name=name)]
        assert [state for _role, state, _why in steps] == ["Synced"], steps
    states = scene.with_site(rig, lambda frappe: frappe.get_all(LISTED, fields=["reference_name", "state"]))
    assert {row["reference_name"]: row["state"] for row in states} == {"JV-BOOKED": "Taken Over", "JV-SPENT": "Taken Over"}


def test_a_journal_and_money_are_put_back_by_removing_them_and_entering_them_anew(rig: Rig) -> None:
    booked = scene.journal(rig, ("Office Rent", 22.5), ("Utility Expenses", -22.5), name="JV-BOOKED", posting_date="2026-11-20")
    spent = entry(rig, ("Office Rent", 12.5, {}), (BANK, -12.5, {}), name="JV-SPENT", posting_date="2026-11-20")
    at_bank = entry(rig, ("Office Rent", 13.5, {}), (BANK, -13.5, {}), name="JV-AT-BANK", posting_date="2026-11-20")
    rig.play([booked, spent, at_bank])
    begin(rig)
    (there,) = scene.live(rig, "ManualJournals")
    money = {each["Reference"].split()[0]: each["BankTransactionID"] for each in scene.live(rig, "BankTransactions")}
    rig.xero.person("edit_journal", ManualJournalID=there["ManualJournalID"], Date="2026-11-18")
    for name in ("JV-SPENT", "JV-AT-BANK"):
        rig.xero.person("edit_bank_transaction", BankTransactionID=money[name], Date="2026-11-19")
    rig.xero.person("reconcile_bank_transaction", BankTransactionID=money["JV-AT-BANK"])
    read(rig)
    assert "reconciled with the bank" in choices(rig, "JV-AT-BANK")["put_back"]["why"]
    for name in ("JV-BOOKED", "JV-SPENT"):
        call(rig, "put_back", name)
    rig.dispatch()
    scene.settle(rig)
    read(rig)
    read(rig)
    states = scene.with_site(rig, lambda frappe: frappe.get_all(LISTED, fields=["reference_name", "state"]))
    assert {row["reference_name"]: row["state"] for row in states} == {
        "JV-BOOKED": "Put Back",
        "JV-SPENT": "Put Back",
        "JV-AT-BANK": "Open",
    }, [(each["reference_name"], each["role"], each["state"], each["reason"]) for each in rig.steps()]
    (again,) = scene.live(rig, "ManualJournals")
    assert again["Date"] == "2026-11-20" and again["ManualJournalID"] != there["ManualJournalID"]
    live = {each["Reference"].split()[0]: each["Date"] for each in scene.live(rig, "BankTransactions")}
    assert live == {"JV-SPENT": "2026-11-20", "JV-AT-BANK": "2026-11-19"}
