"""Settings and rules at work: skipped with the rule's name, followed by what pays it, held for approval, with the batch; and a change changes only what is
not in Xero."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.rules import go, make


def api(rig: Rig, function: str, **given: Any) -> Any:
    from picortex_xero.api import rules

    return scene.with_site(rig, lambda frappe: getattr(rules, function)(**given))


def status(rig: Rig, doctype: str, name: str) -> Any:
    from picortex_xero.attention import status

    return scene.with_site(rig, lambda frappe: status.of(doctype, name, True))


def approve(rig: Rig, doctype: str, *names: str, **more: Any) -> list[str]:
    """Press Approve, or what `more` says, as the page does; of each document why it does not count."""
    from picortex_xero.api import approvals

    def press(frappe: Any) -> Any:
        seen = {row["name"]: row["seen"] for row in approvals.page(turn="all")["documents"]}
        documents = [{"doctype": doctype, "name": name, "seen": seen.get(name, "nothing")} for name in names]
        return approvals.decide(documents, **{"outcome": "Approved", **more})

    return [each["why"] for each in scene.with_site(rig, press)]


def setting(rig: Rig, kind: str, **chosen: Any) -> None:
    api(rig, "save_setting", **{"connection": rig.connection, "kind_of": kind, "enabled": 1, "send": "Real time", **chosen})


def test_rules_skip_hold_and_batch_and_what_pays_follows(rig: Rig) -> None:
    chains = scene.settlements(rig)[:4]
    (first, paid), (second, _), (third, _), (fourth, _) = [(chain[0], chain[-1]) for chain in chains]
    names = [each["name"] for each in (first, second, third, fourth)]
    customer = first["doc"]["customer"]
    sixth = scene.settlements(rig)[5][0]
    back = scene.returned(sixth)
    make(
        rig,
        "First one",
        "Skip",
        ("name", "in", f"{names[0]}\n{sixth['name']}"),
        ("customer", "in", f"{customer}\n{sixth['doc']['customer']}"),
    )
    make(rig, "Boss", "Hold for approval", ("name", "=", names[1]))
    make(rig, "Later", "Next batch", ("name", "=", names[2]))
    rig.play([record for chain in chains[:1] for record in chain] + [second, third, fourth, sixth, back])
    go(rig)

    def step(name: str, role: str = "invoice") -> Any:
        return scene.step(rig, name, role)

    def states() -> list[str]:
        return [step(each)["state"] for each in names]

    assert states() == ["Skipped", "Held", "Pending", "Synced"]
    assert [step(each)["rule"] or "" for each in names[:3]] == ["First one", "Boss", "Later"]
    follows = step(paid["name"], "payment")
    assert (follows["state"], follows["reason_code"], follows["rule"]) == ("Skipped", "follows-skipped", "First one")
    assert step(names[2])["not_before"] and not rig.xero.documents("Payments")
    shown = status(rig, first["doctype"], names[0])
    assert shown["message"] == "Not sent to Xero: rule First one"
    returned = step(back["name"], "credit")
    assert (returned["state"], returned["reason_code"], returned["rule"]) == ("Skipped", "follows-skipped", "First one")
    rig.play([scene.cancelling(back), scene.cancelling(sixth)])
    go(rig)
    taken = [row for each in (back, sixth) for row in rig.steps(reference_name=each["name"])]
    assert {row["state"] for row in taken} == {"Superseded"} and len(taken) == 4 and not scene.error_log(rig)

    # What a preview says of them now is what happened.
    said = api(rig, "preview", connection=rig.connection)
    told = {each["name"]: (each["says"], each["rule"]) for each in said["documents"]}
    if names[0] in told:
        assert told[names[0]] == ("Skip", "First one") and told[paid["name"]] == ("Skip", "First one")

    # Approved, and sent before its batch.
    assert status(rig, second["doctype"], names[1])["can_approve"] and status(rig, third["doctype"], names[2])["can_send_now"]
    assert approve(rig, second["doctype"], names[1]) == [""]
    assert api(rig, "send_now", doctype=third["doctype"], name=names[2]) == 1
    go(rig)
    assert states() == ["Skipped", "Synced", "Synced", "Synced"]
    assert step(names[1])["approved_by"] == "Administrator"

    # A cancel of what was skipped leaves nothing to do; a rule that changes leaves what is in Xero.
    before = len(rig.xero.documents("Invoices"))
    make(rig, "All", "Skip")
    go(rig)
    assert len(rig.xero.documents("Invoices")) == before and states()[1:] == ["Synced"] * 3
    found = scene.with_site(
        rig, lambda frappe: frappe.get_all("Xero Sync Rule", filters={"connection": rig.connection}, fields=["name", "title"])
    )
    rules = {row["title"]: row["name"] for row in found}
    for title in ("First one", "All"):
        api(rig, "switch", rule=rules[title], on=0)
    go(rig)
    go(rig)
    assert states() == ["Synced"] * 4 and step(paid["name"], "payment")["state"] == "Synced"
    assert len(rig.xero.documents("Payments")) == 1

    # A rule whose field is gone decides about nothing, and lets nothing go.
    fifth = scene.settlements(rig)[4][0]
    odd = make(rig, "Odd", "Sync", ("customer", "=", fifth["doc"]["customer"]))
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Sync Rule Condition", {"parent": odd}, "field_name", "gone"))
    rig.play([fifth])
    go(rig)
    assert (step(fifth["name"])["state"], step(fifth["name"])["reason_code"]) == ("Needs Attention", "rule-broken")
    assert "gone" in step(fifth["name"])["reason"]
    assert [each["broken"] for each in api(rig, "show", connection=rig.connection)["rules"] if each["title"] == "Odd"][0]

    # What cannot be applied is refused in words.
    for wrong in (
        {"title": "odd"},
        {"title": "<img src=x>"},
        {"title": "A", "conditions": [("no_such_field", "=", "1")]},
        {"title": "B", "conditions": [("amount", ">", "much")]},
        {"title": "C", "conditions": [("customer", "=", "Nobody at all")]},
        {"title": "D", "conditions": [("territory", "is or is below", "Nowhere")]},
        {"title": "E", "for_invoices": 0},
    ):
        rows = wrong.pop("conditions", [])
        with pytest.raises(Exception, match=".{15}"):
            make(rig, str(wrong.pop("title")), "Skip", *rows, **wrong)  # type: ignore[misc, arg-type]

    # A kind that is switched off; and on again.
    setting(rig, "Invoice", enabled=0)
    api(rig, "switch", rule=odd, on=0)
    go(rig)
    assert (step(fifth["name"])["state"], step(fifth["name"])["reason_code"]) == ("Skipped", "kind-off")
    setting(rig, "Invoice", send="Daily", send_at="17:30", target_status="DRAFT")
    go(rig)
    assert (step(fifth["name"])["state"], step(fifth["name"])["reason_code"]) == ("Pending", "waits-for-batch")
    assert api(rig, "show", connection=rig.connection)["waiting"] == 1
    rig.advance(25 * 3600)
    go(rig)
    (made,) = [each for each in rig.xero.documents("Invoices") if each["InvoiceNumber"] == fifth["name"]]
    assert made["Status"] == "DRAFT"
    history = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Sync Log", filters={"event": "Connection"}, pluck="message"))
    assert any("First one" in each and "switched off" in each for each in history)
