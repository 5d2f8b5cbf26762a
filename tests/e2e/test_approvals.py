"""Approvals at work: steps in order by different people, a deputy, a return, a change after the approval, two at once; nothing goes without the leave its rule wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.by_hand import by_hand
from tests.scene.reading import begin, read
from tests.scene.rules import go, make

ANN, BOB, BOSS, CLERK = "ann@example.com", "bob@example.com", "boss@example.com", "clerk@example.com"


def as_user(rig: Rig, user: str, work: Callable[[Any, Any], Any]) -> Any:
    """What `work` (of frappe and api.approvals) answers to this user."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import approvals

        answer = work(frappe, approvals)
        frappe.db.commit()
        return answer


def shown(rig: Rig, user: str) -> dict[str, Any]:
    return {row["name"]: row for row in as_user(rig, user, lambda frappe, api: api.page(turn="all"))["documents"]}


def press(rig: Rig, user: str, rows: list[dict[str, Any]], outcome: str = "Approved", note: str = "") -> list[bool]:
    documents = [{part: row[part] for part in ("doctype", "name", "seen")} for row in rows]
    return [each["done"] for each in as_user(rig, user, lambda frappe, api: api.decide(documents, outcome, note))]


def test_nothing_goes_without_the_leave_that_its_rule_wants(rig: Rig) -> None:
    for user in (ANN, BOB, BOSS):
        add_user(rig.site, user, ["Xero Approver", "Accounts User"])
    add_user(rig.site, CLERK, ["Accounts User"])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "history_notes", "Every document"))
    first, second = scene.of_different_customers(rig, 2)
    names = [first["name"], second["name"]]
    steps = [{"approver_role": "Xero Approver", "people": ""}, {"approver_role": "", "people": BOSS, "least": 1}]
    # The Desk adds an empty row where the last cell is left by the Tab key: no step comes of it.
    made = make(
        rig, "Big", "Hold for approval", approval_steps=[*steps, {"approver_role": "", "people": "", "least": 0}], no_self_approval=1
    )
    assert scene.with_site(rig, lambda frappe: frappe.db.count("Xero Approval Step", {"parent": made})) == 2
    rig.play([first, second])
    go(rig)

    def states() -> list[tuple[str, str]]:
        return [(row["state"], row["reason_code"]) for row in (scene.step(rig, each, "invoice") for each in names)]

    def sent() -> int:
        return len(rig.xero.documents("Invoices"))

    assert states() == [("Held", "rule-approval")] * 2
    # The row of the outbox is no way around it.
    scene.with_site(
        rig,
        lambda frappe: frappe.db.set_value(
            "Xero Outbox Entry", scene.step(rig, names[0], "invoice")["name"], {"approved_by": ANN, "state": "Pending", "reason_code": ""}
        ),
    )
    go(rig)
    assert states() == [("Held", "rule-approval")] * 2 and sent() == 0
    with pytest.raises(Exception, match="Xero Approver"):
        shown(rig, CLERK)

    def daily(frappe: Any) -> dict[str, str]:
        from picortex_xero.engine import jobs

        jobs.digest()
        found = frappe.get_all("Notification Log", filters={"subject": ("like", "%your approval%")}, fields=["for_user", "subject"])
        return {row["for_user"]: row["subject"] for row in found}

    asked = "2 documents wait for your approval before they go to Xero"
    told = scene.with_site(rig, daily)
    assert {user: asked in told[user] for user in (ANN, BOB, BOSS)} == dict.fromkeys((ANN, BOB, BOSS), True) and CLERK not in told

    previewed = as_user(rig, BOSS, lambda frappe, api: api.preview(first["doctype"], names[0]))
    made = next(each for each in previewed if each["lines"]["rows"])
    assert not made["problems"] and made["totals"] and "json" not in made and sent() == 0

    # Step 1, both at once; who looked before that presses for nothing.
    before = shown(rig, BOB)
    assert [before[each]["may"] for each in names] == [True, True] and not shown(rig, BOSS)[names[0]]["agreed"]
    with open_site(rig.site, BOB) as frappe:
        from picortex_xero.attention import approving
        from picortex_xero.connection import approvers
        from picortex_xero.engine import approvals

        one = approving._waiting([(first["doctype"], names[0])])[0]
        assert press(rig, ANN, list(before.values())) == [True, True]
        # Bob has read everything before Ann has pressed, and presses now.
        why = approvals.vote(one, before[names[0]]["seen"], "Approved", "", approvers.me(), [], approvers.today())
        assert "It has changed, or moved on" in why
        frappe.db.commit()
    assert len(scene.with_site(rig, lambda frappe: frappe.get_all("Xero Approval", pluck="name"))) == 2
    assert press(rig, BOB, list(before.values())) == [False, False]
    go(rig)
    after = shown(rig, BOB)
    assert sent() == 0 and states() == [("Held", "rule-approval")] * 2
    assert [(row["step"], row["steps"], row["may"]) for row in after.values()] == [(2, 2, False)] * 2
    assert press(rig, BOB, list(after.values())) == [False, False]

    # The boss is away: his deputy agrees to one, and the other is given back.
    today = scene.with_site(rig, lambda frappe: frappe.utils.nowdate())
    away = {"doctype": "Xero Deputy", "person": BOSS, "deputy": BOB, "first_day": today, "last_day": today}
    with pytest.raises(Exception, match="somebody else"):
        as_user(rig, BOB, lambda frappe, api: frappe.get_doc(away).insert())
    as_user(rig, BOSS, lambda frappe, api: frappe.get_doc(away).insert().name)
    mine = shown(rig, BOB)
    assert press(rig, BOB, [mine[names[0]]]) == [True]
    assert press(rig, BOSS, [mine[names[1]]], "Returned", "wrong <b>period</b>") == [True]
    go(rig)
    assert states() == [("Synced", ""), ("Held", "approval-returned")] and sent() == 1
    owner = scene.with_site(rig, lambda frappe: frappe.db.get_value("Sales Invoice", names[1], "owner"))
    told = scene.with_site(
        rig, lambda frappe: frappe.get_all("Notification Log", filters={"for_user": owner}, fields=["subject", "email_content"])
    )
    (note,) = [each for each in told if names[1] in each["subject"]]
    assert "wrong &lt;b&gt;period" in note["email_content"]
    record = scene.with_site(
        rig,
        lambda frappe: frappe.get_all(
            "Xero Approval",
            filters={"reference_name": names[0]},
            fields=["person", "on_behalf_of", "step_number", "steps", "outcome", "rule"],
            order_by="number asc",
        ),
    )
    assert [tuple(row.values()) for row in record] == [(ANN, "", 1, 2, "Approved", "Big"), (BOB, BOSS, 2, 2, "Approved", "Big")]

    # Given back, it begins anew; and a change after the last approval is seen before anything goes.
    scene.with_site(rig, lambda frappe: frappe.get_doc("Xero Deputy", {"person": BOSS}).delete())
    assert press(rig, ANN, [shown(rig, ANN)[names[1]]]) == [True]
    go(rig)
    assert press(rig, BOSS, [shown(rig, BOSS)[names[1]]]) == [True]
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", names[1], "po_no", "changed"))
    go(rig)
    assert states()[1] == ("Held", "changed-after-approval") and sent() == 1
    again = shown(rig, ANN)[names[1]]
    assert (again["changed"], again["step"], again["may"]) == (True, 1, True)
    # Changed back, it says what was agreed to.
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", names[1], "po_no", second["doc"].get("po_no")))
    scene.with_site(
        rig,
        lambda frappe: frappe.db.set_value(
            "Xero Outbox Entry", scene.step(rig, names[1], "invoice")["name"], {"state": "Pending", "reason_code": ""}
        ),
    )
    go(rig)
    assert states()[1] == ("Synced", "") and sent() == 2

    # Xero's own history says who agreed.
    scene.settle(rig)
    said = [kept["Details"] for each in rig.xero.documents("Invoices") for kept in each.get("history", [])]
    assert len(said) == 2 and f"approved by ann on {today}, bob on behalf of boss on {today}" in said[0], said
    assert "approved by ann on" in said[1] and not scene.error_log(rig)

    # What changes after it went to Xero is not changed there before somebody has agreed again.
    from picortex_xero.engine import capture

    def change(frappe: Any) -> None:
        frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero")
        frappe.db.set_value("Sales Invoice", names[0], "po_no", "PO-77")
        capture.look_again(frappe.get_doc("Sales Invoice", names[0]), {"name": rig.connection})

    scene.with_site(rig, change)
    go(rig)
    look = scene.step(rig, names[0], "recheck-1")
    assert (look["state"], look["reason_code"]) == ("Held", "changed-after-approval")
    assert "PO-77" not in str(rig.xero.documents("Invoices"))
    for user in (ANN, BOSS):
        assert press(rig, user, [shown(rig, user)[names[0]]]) == [True]
        go(rig)
    assert scene.step(rig, names[0], "recheck-1")["state"] == "Synced" and "PO-77" in str(rig.xero.documents("Invoices"))

    # An amended document is another one, and nobody writes the record by hand.
    amended = scene.copied(second, "AMENDED-1", amended_from=names[1])
    rig.play([scene.cancelling(second), amended])
    go(rig)
    go(rig)
    waits = scene.step(rig, "AMENDED-1", "invoice")
    assert (waits["state"], waits["reason_code"]) == ("Held", "rule-approval") and len(scene.live(rig)) == 1
    row = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Approval", filters={"reference_name": names[1]}, fields=["*"])[0])
    forged = {**row, "doctype": "Xero Approval", "name": None, "reference_name": "AMENDED-1", "approval_key": "forged"}
    for user in (ANN, "Administrator"):
        with pytest.raises(Exception, match="Xero Approval"):
            as_user(rig, user, lambda frappe, api: frappe.get_doc(forged).insert())
        with pytest.raises(Exception, match="Xero Approval"):
            as_user(rig, user, lambda frappe, api: frappe.get_doc("Xero Approval", row["name"]).delete())
    go(rig)
    assert scene.step(rig, "AMENDED-1", "invoice")["state"] == "Held"


def test_a_rule_may_wait_for_a_state_of_the_hosts_workflow(rig: Rig) -> None:
    (first,) = scene.invoices(rig, 1)
    make(rig, "Not checked yet", "Skip", ("remarks", "!=", "checked"))
    rig.play([first])
    go(rig)
    assert scene.step(rig, first["name"], "invoice")["reason_code"] == "rule-skipped"

    def move_on(frappe: Any) -> None:
        # A Workflow saves the submitted document with its next state; here a field that no room sends stands for that.
        from picortex_xero.engine import capture

        before = frappe.get_doc(first["doctype"], first["name"])
        frappe.db.set_value(first["doctype"], first["name"], "remarks", "checked")
        doc = frappe.get_doc(first["doctype"], first["name"])
        doc.get_doc_before_save = lambda: before
        capture.saved_again(doc)

    scene.with_site(rig, move_on)
    go(rig)
    assert scene.step(rig, first["name"], "invoice")["state"] == "Synced" and not scene.error_log(rig)


def test_what_is_entered_and_approved_in_xero_past_our_approval_is_told(rig: Rig) -> None:
    (gone_before, sale), (bill, before) = scene.invoices(rig, 2), scene.bills(rig, 2)
    credit = scene.returned(before, "DN-1")
    credit["doc"]["bill_no"] = "SUPPLIER-CN-9"
    rig.play([gone_before, before, scene.returned(gone_before)])
    begin(rig)
    steps = [{"people": ANN}, {"people": BOSS, "least": 1}]
    for user in (ANN, BOSS):
        add_user(rig.site, user, ["Xero Approver", "Accounts User"])
    make(rig, "Boss", "Hold for approval", for_bills=1, for_supplier_credit_notes=1, approval_steps=steps)
    rig.play([sale, bill, credit])
    go(rig)
    documents = [sale, bill, credit]
    assert [scene.step(rig, each["name"])["reason_code"] for each in documents] == ["rule-approval"] * 3
    line = {"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}
    rig.xero.person(
        "create_invoice",
        Type="ACCREC",
        Contact={"Name": "Any"},
        InvoiceNumber=sale["name"],
        DueDate="2027-01-01",
        Status="AUTHORISED",
        LineItems=[line],
    )
    by_hand(rig, bill, Status="AUTHORISED")
    amount = {**line, "UnitAmount": str(abs(scene.total(credit))), "TaxType": "NONE"}
    contact = {"Name": credit["doc"]["supplier"]}
    theirs = {
        "CreditNoteNumber": "SUPPLIER-CN-9",
        "Contact": contact,
        "Status": "AUTHORISED",
        "LineItems": [{**amount, "AccountCode": "310"}],
    }
    rig.xero.person("create_credit_note", Type="ACCPAYCREDIT", **theirs)
    read(rig)
    for each in documents:
        row = scene.step(rig, each["name"])
        assert (row["state"], row["reason_code"]) == ("Needs Attention", "approved-past-us"), each["name"]

    # It ends by itself, once the last one has agreed here.
    def told() -> list[bool]:
        go(rig)
        roles = {credit["name"]: "credit"}
        steps = [scene.step(rig, each["name"], roles.get(each["name"], "invoice")) for each in documents]
        return [step["reason_code"] == "approved-past-us" for step in steps]

    def page(user: str, **given: Any) -> dict[str, Any]:
        found = as_user(rig, user, lambda frappe, api: api.page(**given))
        return {part: found[part] for part in ("mine", "others", "total", "blind", "kinds")} | {"shown": len(found["documents"])}

    kinds = ["Purchase Invoice", "Sales Invoice"]
    assert page(ANN) == {"mine": 3, "others": 0, "total": 3, "blind": False, "kinds": kinds, "shown": 3}
    assert page(BOSS) == {"mine": 0, "others": 3, "total": 0, "blind": False, "kinds": kinds, "shown": 0}
    assert page(BOSS, turn="others", doctype="Purchase Invoice", start=500)["shown"] == 2
    assert page(ANN, company=rig.company["name"])["total"] == 3
    with pytest.raises(Exception, match="Another"):
        page(ANN, company="Another")
    add_user(rig.site, BOB, ["Xero Approver"])
    assert page(BOB) == {"mine": 0, "others": 0, "total": 0, "blind": True, "kinds": [], "shown": 0}
    assert [as_user(rig, user, lambda frappe, api: api.mine())["value"] for user in (ANN, BOSS, BOB)] == [3, 0, 0]
    with pytest.raises(Exception, match="one of those that the page offers"):
        page(ANN, turn="whose")
    first = shown(rig, ANN)
    assert all(row["past_us"] and row["may"] for row in first.values()) and len(first) == 3
    assert press(rig, ANN, list(first.values())) == [True] * 3 and told() == [True] * 3
    assert press(rig, BOSS, list(shown(rig, BOSS).values())) == [True] * 3 and told() == [False] * 3
    assert not scene.error_log(rig)


def test_who_loses_a_race_in_the_database_begins_anew(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import approvals

    add_user(rig.site, ANN, ["Xero Approver", "Accounts User"])
    (first,) = scene.invoices(rig, 1)
    make(rig, "One", "Hold for approval")
    rig.play([first])
    go(rig)

    def submitted_by(frappe: Any) -> frozenset[str]:
        from picortex_xero.documents.fact_types import STEPS
        from picortex_xero.documents.facts import steps
        from picortex_xero.documents.needs import Facts
        from picortex_xero.documents.rules.before_sending import submitters
        from picortex_xero.engine import contexts, outbox

        row = outbox.get(name=scene.step(rig, first["name"], "invoice")["name"])
        assert row is not None
        outbox.add_sibling(row, "recheck-1", state="Superseded")
        # Retried, it is due after what was added later.
        frappe.db.set_value("Xero Outbox Entry", row["name"], {"owner": BOB, "due_at": row["due_at"] + timedelta(days=1)})
        facts, key = Facts(), (first["doctype"], first["name"])
        facts.add(STEPS, steps(contexts.books_of(frappe.get_doc("Xero Connection", rig.connection)), [key]))
        assert [each.role.text for each in facts.get(STEPS, key)] == ["recheck-1", "invoice"]
        found = submitters({**frappe.get_doc(*key).as_dict(), "owner": CLERK}, facts)
        frappe.db.rollback()
        return found

    assert scene.with_site(rig, submitted_by) == {BOB, CLERK}
    whole, lost = approvals.vote, []

    def raced(*args: Any) -> Any:
        import frappe

        answer = whole(*args)
        if not lost:
            lost.append(answer)
            raise frappe.QueryDeadlockError
        return answer

    monkeypatch.setattr(approvals, "vote", raced)
    assert press(rig, ANN, list(shown(rig, ANN).values())) == [True] and len(lost) == 1
    assert len(scene.with_site(rig, lambda frappe: frappe.get_all("Xero Approval", pluck="name"))) == 1
    go(rig)
    assert scene.step(rig, first["name"], "invoice")["state"] == "Synced"

    # A reinstall brings back who agreed as the steps say it, and no votes: a change is not sent without somebody's leave all the same.
    def change(frappe: Any) -> None:
        from picortex_xero.engine import capture

        frappe.db.delete("Xero Approval", {"reference_name": first["name"]})
        frappe.db.set_value("Xero Connection", rig.connection, "changed_documents", "Update in Xero")
        frappe.db.set_value("Sales Invoice", first["name"], "po_no", "PO-77")
        capture.look_again(frappe.get_doc("Sales Invoice", first["name"]), {"name": rig.connection})

    scene.with_site(rig, change)
    go(rig)
    assert scene.step(rig, first["name"], "recheck-1")["reason_code"] == "changed-after-approval"
    assert "PO-77" not in str(rig.xero.documents("Invoices")) and shown(rig, ANN)[first["name"]]["changed"]
    assert press(rig, ANN, list(shown(rig, ANN).values())) == [True]
    go(rig)
    assert scene.step(rig, first["name"], "recheck-1")["state"] == "Synced" and "PO-77" in str(rig.xero.documents("Invoices"))
