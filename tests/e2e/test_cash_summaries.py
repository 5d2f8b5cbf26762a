"""The cash that Xero's bank shows without a document: chosen by account, summarised by day, and never there twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import configuration as files
from tests.scene import desk, restoring
from tests.scene import rig as scene
from tests.scene.cash import cash, choose, counted_of, find, in_xero, spent, standing, summaries, summed
from tests.scene.counter import counter_sale, refunded
from tests.scene.rules import go, make


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
    one = f"Cash-TF-{day}-1"
    assert standing(rig) == {one: sorted(names[:2])} and summed(rig) == cash(rig)
    assert in_xero(rig) == {f"{one} · 2 receipts": pytest.approx(sum(amounts[:2]))}
    [made] = rig.xero.documents("BankTransactions")
    assert (made["Type"], made["Date"], made["LineAmountTypes"]) == ("RECEIVE", day, "NoTax")
    assert [line["Description"] for line in made["lines"]] == ["Till: 2 receipts"]
    assert not rig.xero.documents("Payments")

    # What comes later for that day is another summary: the first may be matched with the bank already.
    rig.play(chains[2])
    go(rig)
    assert find(rig) == 1
    two = f"Cash-TF-{day}-2"
    assert standing(rig) == {one: sorted(names[:2]), two: [names[2]]} and len(in_xero(rig)) == 2

    # A rule that is saved decides all anew that it skipped: what stays skipped stays counted.
    scene.with_site(rig, lambda frappe: frappe.get_doc("Xero Sync Rule", rule).save())
    go(rig)
    assert find(rig) == 0 and len(standing(rig)) == len(in_xero(rig)) == 2

    # A payment that is cancelled later: its summary is taken back, and made anew without it.
    rig.play([scene.cancelling(payments[0])])
    go(rig)
    rig.advance(70)
    go(rig)
    three = f"{one}-1"
    assert standing(rig) == {two: [names[2]], three: [names[1]]}
    assert in_xero(rig) == {f"{two} · 1 receipt": amounts[2], f"{three} · 1 receipt": amounts[1]}
    assert scene.step(rig, names[0], "void")["state"] == "Superseded"
    assert {each["name"]: each["amended_from"] for each in summaries(rig)} == {one: None, two: None, three: one}

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
        assert not paid & counted_of(rig)
    assert standing(rig) == {} and in_xero(rig) == {}
    assert {scene.step(rig, each, "payment")["state"] for each in names[1:]} == {"Synced"}
    assert not scene.error_log(rig)


def test_both_ways_on_every_account_and_what_keeps_it_back(rig: Rig) -> None:
    sold, second = scene.of_different_customers(rig, 2)
    abbr, day = rig.company["abbr"], str(sold["doc"]["posting_date"])
    till, bank = f"Cash - {abbr}", f"Trading Account - {abbr}"
    sale = counter_sale(rig, sold, [("Cash", Decimal(20)), ("Trading Account", scene.total(sold) - 15)], Decimal(5))
    other = counter_sale(rig, second, [("Cash", scene.total(second))])
    back = refunded(other, Decimal(0))
    back["doc"]["posting_date"] = day
    paid_out = spent(rig, 30.0, "OUT-1", day)
    make(rig, "Till", "Skip", for_credit_notes=1, for_journals=1)
    choose(rig, bank)
    choose(rig, till, received_tax_type="OUTPUT2", paid_tax_type="INPUT2")
    rig.play([sale, other, back, paid_out])
    go(rig)
    assert {each["state"] for each in rig.steps()} == {"Skipped"}
    desk.choose(rig, tax_filed_until="2026-11-27")
    expected = cash(rig)
    assert expected[till, "Received"] == float(15 + scene.total(second)) and expected[till, "Paid"] == float(scene.total(second) + 30)

    # Nothing is made while the connection only watches.
    state = {"state": "Watch Only", "watched_from": "2020-01-01"}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, state))
    desk.search(rig)
    assert summaries(rig) == []
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, {"state": "Live", "watched_from": None}))
    # The hourly job, the lists of Xero, and a period that is filed: made here, held there.
    desk.search(rig)
    go(rig)
    assert summed(rig) == expected and len(summaries(rig)) == 3 + (str(second["doc"]["posting_date"]) != day)
    held = rig.steps(reference_doctype="Xero Cash Summary")
    assert {(each["state"], each["reason_code"]) for each in held} == {("Held", "tax-filed")} and not in_xero(rig)
    desk.choose(rig, tax_filed_until=None)
    # An answer that is lost: it is found by the name in its reference, and never sent twice.
    rig.xero.fault("drop_after", method="PUT", path="/BankTransactions$")
    go(rig)
    desk.hours(rig, 0.3)
    assert sum(in_xero(rig).values()) == pytest.approx(sum(expected.values()))
    assert len(rig.xero.documents("BankTransactions")) == len(held)
    kinds = {
        each["Type"]: each["LineAmountTypes"] for each in rig.xero.documents("BankTransactions") if each["LineAmountTypes"] == "Inclusive"
    }
    assert set(kinds) == {"RECEIVE", "SPEND"}, "the till's have the tax that was chosen"

    # Back to Code in Xero: what was summarised stays, and nothing more comes.
    before = in_xero(rig)
    choose(rig, till, choice="Code in Xero")
    choose(rig, bank, choice="Code in Xero")
    rig.play([spent(rig, 9.0, "OUT-2", day)])
    go(rig)
    assert find(rig) == 0 and in_xero(rig) == before
    said = scene.with_site(
        rig,
        lambda frappe: frappe.get_all(
            "Xero Sync Log", {"event": "Connection", "message": ("like", "%without a document%")}, pluck="message"
        ),
    )
    assert len(said) == 4 and sum("it is coded in Xero" in each for each in said) == 2 and all("Administrator" in each for each in said)
    # On again from a day: what came meanwhile for a day from then on is summarised, and nothing twice.
    choose(rig, till)
    assert find(rig) == 1 and summed(rig) == cash(rig)
    assert not scene.error_log(rig)


def test_after_a_reinstall_nothing_is_summarised_twice(rig: Rig) -> None:
    chains = scene.settlements(rig)[:2]
    payments = [chain[-1] for chain in chains]
    make(rig, "Till", "Skip")
    rig.play([record for chain in chains for record in chain])
    go(rig)
    bank = payments[0]["doc"]["paid_to"]
    choose(rig, bank, received_tax_type="OUTPUT2")
    assert find(rig) == 1
    before, there, content = summaries(rig), in_xero(rig), files.exported(rig)
    assert files.compared(rig, content)["differences"] == []
    choose(rig, bank, choice="Code in Xero")
    (line,) = files.compared(rig, content)["differences"]
    assert (line["what"], line["said"]) == (bank, "Differs") and "coded in Xero" in line["here"] and "OUTPUT2" in line["there"]

    files.reinstalled(rig)
    rig.advance(3600)
    files.connected_again(rig)
    said = files.imported(rig, content)
    assert (said["state"], said["left_out"]) == ("Done", []), said
    kept = ("name", "account", "posting_date", "direction", "number", "total", "docstatus", "summary_key", "tax_type")
    assert [[each[field] for field in kept[:-2]] for each in summaries(rig)] == [[each[field] for field in kept[:-2]] for each in before]
    assert [[row["reference_name"] for row in each["rows"]] for each in summaries(rig)] == [
        [row["reference_name"] for row in each["rows"]] for each in before
    ]
    restoring.confirm(rig)
    for _round in range(3):
        scene.settle(rig)
        desk.search(rig)
    assert find(rig) == 0 and in_xero(rig) == there and files.compared(rig, content)["differences"] == []
    # What it counts is known: a payment that is cancelled takes it back.
    rig.play([scene.cancelling(payments[0])])
    for _round in range(3):
        go(rig)
        rig.advance(70)
    assert [*standing(rig).values()] == [[payments[1]["name"]]] and len(in_xero(rig)) == 1
    assert not scene.error_log(rig)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_date": ""}, "first day"),
        ({"from_date": "2019-12-31"}, "Documents go to Xero from"),
        ({"received_account": ""}, "Choose the account that money received"),
        ({"paid_account": ""}, "Choose the account that money paid"),
        ({"received_account": "Trading Account - TF"}, "Trading Account"),
        ({"received_tax_type": "NOSUCH"}, "does not take the tax type"),
        ({"paid_tax_type": "OUTPUT2"}, "on its account 445"),
        ({"paid_tax_type": "<b>x</b>"}, "&lt;b&gt;x&lt;/b&gt;"),
        ({"choice": "Perhaps"}, ""),
    ],
)
def test_a_choice_that_could_not_be_posted_is_refused_at_once(stage: Any, rig: Rig, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said or ".{10}"):
        choose(rig, "Trading Account - TF", **wrong)
    assert summaries(rig) == []
