"""The cash that Xero's bank shows without a document: chosen by account, summarised by day, and never there twice."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.rules import go, make


def choose(rig: Rig, account: str, **chosen: Any) -> str:
    from picortex_xero.connection import cash_choices

    sales, cost = "Sales - TF", "Utility Expenses - TF"
    values = {"choice": "Summarise Daily", "from_date": "2020-01-01", "received_account": sales, "paid_account": cost, **chosen}
    return str(scene.with_site(rig, lambda frappe: cash_choices.save(rig.connection, account, values)))


def find(rig: Rig) -> int:
    from picortex_xero.engine import cash_summaries

    made = scene.with_site(rig, lambda frappe: cash_summaries.find(rig.connection))
    go(rig)
    return int(made)


def summaries(rig: Rig) -> list[Any]:
    def read(frappe: Any) -> list[Any]:
        names = frappe.get_all("Xero Cash Summary", pluck="name", order_by="name asc")
        return [frappe.get_doc("Xero Cash Summary", name).as_dict() for name in names]

    return list(scene.with_site(rig, read))


def standing(rig: Rig) -> dict[str, list[str]]:
    """By summary that stands the documents that it counts."""
    return {each["name"]: sorted(row["document"] for row in each["rows"]) for each in summaries(rig) if each["docstatus"] == 1}


def in_xero(rig: Rig) -> dict[str, float]:
    """By reference the money that stands in Xero."""
    return {each["Reference"]: float(each["Total"]) for each in rig.xero.documents("BankTransactions") if each["Status"] == "AUTHORISED"}


def test_cash_is_summarised_by_day_and_stays_right(rig: Rig) -> None:
    chains = [list(chain) for chain in scene.settlements(rig)[:3]]
    chains[2][-1] = {**chains[2][-1], "doc": {**chains[2][-1]["doc"], "posting_date": chains[0][-1]["doc"]["posting_date"]}}
    invoices, payments = [chain[0] for chain in chains], [chain[-1] for chain in chains]
    names, amounts = [each["name"] for each in payments], [each["doc"]["received_amount"] for each in payments]
    day, bank = payments[0]["doc"]["posting_date"], payments[0]["doc"]["paid_to"]
    assert {each["doc"]["posting_date"] for each in payments} == {day} and {each["doc"]["paid_to"] for each in payments} == {bank}
    rule = make(rig, "Till", "Skip", ("name", "in", "\n".join(each["name"] for each in invoices)))
    rig.play([record for chain in chains[:2] for record in chain])
    go(rig)
    assert find(rig) == 0, "code in Xero is the default"
    choose(rig, bank)
    assert find(rig) == 1 and find(rig) == 0
    one = f"Cash {day}-1"
    assert standing(rig) == {one: sorted(names[:2])}
    assert in_xero(rig) == {f"{one} · 2 receipts": pytest.approx(sum(amounts[:2]))}
    [made] = rig.xero.documents("BankTransactions")
    assert (made["Type"], made["Date"], made["LineAmountTypes"]) == ("RECEIVE", day, "NoTax")
    assert [line["Description"] for line in made["lines"]] == ["Till: 2 receipts"]
    assert not rig.xero.documents("Payments")

    # What comes later for that day is another summary: the first may be matched with the bank already.
    rig.play(chains[2])
    go(rig)
    assert find(rig) == 1
    two = f"Cash {day}-2"
    assert standing(rig) == {one: sorted(names[:2]), two: [names[2]]} and len(in_xero(rig)) == 2

    # A payment that is cancelled later: its summary is taken back, and made anew without it.
    rig.play([scene.cancelling(payments[0])])
    go(rig)
    rig.advance(70)
    go(rig)
    three = f"Cash {day}-3"
    assert standing(rig) == {two: [names[2]], three: [names[1]]}
    assert in_xero(rig) == {f"{two} · 1 receipt": amounts[2], f"{three} · 1 receipt": amounts[1]}
    assert scene.step(rig, names[0], "void")["state"] == "Superseded"
    assert [each["amended_from"] for each in summaries(rig)] == [None, None, one]

    # A rule that changes, so that they go themselves: no moment in which Xero has both.
    def switch_off(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Sync Rule", rule)
        doc.enabled = 0
        doc.save()

    scene.with_site(rig, switch_off)
    for _round in range(5):
        go(rig)
        rig.advance(70)
        paid = {each["Reference"].split()[0] for each in rig.xero.documents("Payments") if each["Status"] == "AUTHORISED"}
        counted = {name for each in standing(rig).values() for name in each}
        assert not (paid & counted) or not in_xero(rig), (paid, counted)
    assert standing(rig) == {} and in_xero(rig) == {}
    assert {scene.step(rig, each, "payment")["state"] for each in names[1:]} == {"Synced"}
    assert not scene.error_log(rig)
