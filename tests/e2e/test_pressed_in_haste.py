"""What careless people do on the pages: they press what they looked at long ago, import whatever file they have, and disconnect in the middle."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from sandbox.host import storage
from sandbox.host.site import add_user
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.counter import counter_sale
from tests.scene.desk import choose
from tests.scene.journals import fee
from tests.scene.mapping_screen import lately, press, shown, unmap
from tests.scene.payments import across, advance
from tests.scene.xero_client import Client

HOLD = "Hold until released"


def call(rig: Rig, module: str, function: str, **given: Any) -> Any:
    import importlib

    return scene.with_site(rig, lambda frappe: getattr(importlib.import_module(f"picortex_xero.api.{module}"), function)(**given))


def live(rig: Rig, endpoint: str) -> int:
    return len([each for each in rig.xero.documents(endpoint) if each["Status"] not in ("DELETED", "VOIDED")])


def test_only_the_money_that_a_person_has_seen_is_released(rig: Rig) -> None:
    first, second = scene.settlements(rig)[:2]
    choose(rig, money=HOLD)
    rig.play(first)
    scene.settle(rig)
    page = call(rig, "to_fix", "causes", connection=rig.connection)
    assert page["rows"][0]["documents"] == 1
    rig.advance(60)
    rig.play(second)
    scene.settle(rig)
    done = call(rig, "to_fix", "release_all", connection=rig.connection, as_of=page["as_of"])
    assert done == {"released": 1, "waiting": 1}
    scene.settle(rig)
    assert live(rig, "Payments") == 1 and scene.step(rig, second[-1]["name"], "payment")["state"] == "Held"
    # Pressed twice, and with a page from tomorrow: no more than what waits now.
    assert call(rig, "to_fix", "release_all", connection=rig.connection, as_of=page["as_of"])["released"] == 0
    assert call(rig, "to_fix", "release_all", connection=rig.connection, as_of="2999-01-01 00:00:00")["released"] == 1
    for wrong in ("yesterday", "2026-01-01T00:00:00+00:00", "x" * 200, 5, {}):
        with pytest.raises(Exception, match="must be a time"):
            call(rig, "to_fix", "release_all", connection=rig.connection, as_of=wrong)


def test_no_button_but_release_lets_held_money_go(rig: Rig) -> None:
    """Retry, Retry All, Skip and back, a restart of the worker, hours of sweeps, a pause: none of them is a release."""
    chain = scene.settlements(rig)[0]
    payment = chain[-1]
    choose(rig, money=HOLD)
    rig.play(chain)
    scene.settle(rig)
    step = scene.step(rig, payment["name"], "payment")
    named = {"doctype": payment["doctype"], "name": payment["name"]}
    pressed = [
        lambda: call(rig, "status", "retry", **named),
        lambda: call(rig, "status", "retry_step", name=step["name"]),
        lambda: call(rig, "status", "retry_cause", connection=rig.connection, kind="money", cause_key=""),
        lambda: call(rig, "status", "retry_cause", connection=rig.connection, kind="money", cause_key="", code="money-held"),
        lambda: call(rig, "status", "send_again", **named),
        lambda: call(rig, "status", "accept", **named),
        lambda: call(rig, "connect", "refresh", connection=rig.connection),
        lambda: (call(rig, "connect", "pause", connection=rig.connection), call(rig, "connect", "resume", connection=rig.connection)),
        lambda: (call(rig, "to_fix", "skip", **named, reason="Not now"), call(rig, "status", "retry", **named)),
        lambda: choose(rig, target_status="DRAFT"),
        lambda: choose(rig, target_status="AUTHORISED"),
    ]
    for each in pressed:
        each()
        rig.dispatch()
        assert not live(rig, "Payments")
    rig.advance(7200)
    scene.sweep(rig)
    scene.settle(rig)
    assert not live(rig, "Payments") and scene.step(rig, payment["name"], "payment")["state"] == "Held"
    assert call(rig, "to_fix", "release", **named) == 1
    scene.settle(rig)
    assert live(rig, "Payments") == 1


def test_whatever_moves_money_waits_also_what_was_on_its_way_when_holding_was_chosen(rig: Rig) -> None:
    """A payment, an advance, a transfer, a counter sale's own payments, a bank fee in a journal."""
    chain = scene.settlements(rig)[0]
    other = next(each for each in scene.invoices(rig, 60) if each["name"] not in {record["name"] for record in chain})
    sale = counter_sale(rig, other, [("Cash", Decimal(50))])
    choose(rig, money="Send")
    call(rig, "connect", "pause", connection=rig.connection)
    paid_ahead, _invoices = advance(rig)
    rig.play([*chain, sale, fee(rig), across(rig), paid_ahead])
    choose(rig, money=HOLD)
    call(rig, "connect", "resume", connection=rig.connection)
    scene.settle(rig)
    held = {step["reference_name"]: step["reason_code"] for step in rig.steps() if step["state"] == "Held"}
    assert held == dict.fromkeys((chain[-1]["name"], sale["name"], "JV-9", "MOVE-1", paid_ahead["name"]), "money-held"), rig.steps()
    for endpoint in ("Payments", "BankTransactions", "BatchPayments"):
        assert not live(rig, endpoint), endpoint
    assert not rig.xero.documents("BankTransfers")
    assert live(rig, "Invoices") == len(chain), "what is paid goes by itself"


def test_a_suggestion_that_nobody_saw_is_not_accepted(rig: Rig) -> None:
    unmap(rig)
    lately(rig, [record for record in rig.documents if record["event"] == "submit"][:20])
    row = next(row for row in shown(rig, "accounts")["rows"].values() if row["suggestion"])
    key, seen = json.dumps([row["key"]]), row["suggestion"]["values"]
    other = {**seen, "xero_account_code": "999"}
    done = press(rig, "accept", mapping="accounts", keys=key, suggested=json.dumps([other]))
    assert done["saved"] == 0 and "Something else is suggested by now" in done["refused"][0]["message"]
    assert press(rig, "accept", mapping="accounts", keys="[]") == {"batch": "", "saved": 0, "refused": []}, "no row is not every row"
    assert press(rig, "accept", mapping="accounts", keys=[])["saved"] == 0
    assert press(rig, "accept", mapping="accounts", keys=key, suggested=json.dumps([seen]))["saved"] == 1


def test_only_the_taxes_that_were_seen_are_signed_off(rig: Rig) -> None:
    add_user(rig.site, "accountant@example.com", ["Xero Accountant"])
    page = shown(rig, "taxes", "accountant@example.com")
    row = next(row for row in page["rows"].values() if row["values"])
    press(rig, "save", mapping="taxes", rows=json.dumps([{"key": row["key"], "values": None, "was": row["values"]}]))
    with pytest.raises(Exception, match="changed meanwhile"):
        press(rig, "sign_taxes", "accountant@example.com", seen=page["signed"]["seen"])
    now = shown(rig, "taxes", "accountant@example.com")["signed"]
    assert now["state"] != "checked"
    press(rig, "sign_taxes", "accountant@example.com", seen=now["seen"])
    assert shown(rig, "taxes")["signed"]["state"] == "checked"


def test_a_stray_cell_at_the_end_of_a_sheet_is_said_before_it_is_read(rig: Rig) -> None:
    def refusal(cell: str) -> str:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cell}</sheetData></worksheet>")
        with pytest.raises(Exception) as refused:
            press(rig, "preview_sheet", mapping="accounts", filename="a.xlsx", content=base64.b64encode(made.getvalue()).decode())
        return str(refused.value)

    for cell in (
        '<row r="1048576"><c/></row>',
        '<row><c s="1" r="XFD2"/></row>',
        '<row r="3"><c r="BA3"/></row>',
        '<x:row ht="2" r="900000"/>',
    ):
        assert "far below or beside" in refusal(cell)
    assert "far below" not in refusal('<row r="6000"><c r="AZ6000"/></row>')
    many = base64.b64encode(b"a\n" * 1_400_000).decode()
    with pytest.raises(Exception, match="more than 5000 rows"):
        press(rig, "preview_sheet", mapping="accounts", filename="a.csv", content=many)


def test_nothing_of_another_company_is_previewed_or_mapped(rig: Rig) -> None:
    """Who may see both companies, and mixes them up."""
    invoice = scene.invoices(rig)[0]
    rig.play([invoice])
    scene.settle(rig)

    def moved(frappe: Any) -> None:
        company = frappe.get_doc("Company", rig.company["name"]).as_dict()
        storage.store({**company, "name": "Other Ltd", "company_name": "Other Ltd"})
        frappe.db.set_value("Sales Invoice", invoice["name"], "company", "Other Ltd")
        frappe.db.set_value("Account", account, "company", "Other Ltd")

    account = f"Sales - {rig.company['abbr']}"
    scene.with_site(rig, moved)
    named = {"connection": rig.connection, "doctype": "Sales Invoice", "name": invoice["name"]}
    for function, given in (("document", named), ("start", {**named, "what": "A Document"}), ("before", {**named, "what": "A Document"})):
        with pytest.raises(Exception, match=f"has no Sales Invoice {invoice['name']}"):
            call(rig, "preview", function, **given)
    done = press(rig, "save", mapping="accounts", rows=json.dumps([{"key": [account], "values": {"xero_account_code": "260"}}]))
    assert done["saved"] == 0 and done["refused"]
    for function in ("proposed_account", "create_account"):
        given = {"code": "1", "account_name": "A", "account_type": "EXPENSE", "tax_type": "NONE"} if function == "create_account" else {}
        with pytest.raises(Exception, match="no posting account"):
            call(rig, "creating", function, connection=rig.connection, account=account, **given)


def test_disconnecting_ends_what_was_begun(rig: Rig) -> None:
    """A test run stops in words, once; each page still opens; what was begun twice in one moment is one."""
    who = Client(rig.xero).contact("An existing customer")
    begun = call(rig, "trying", "start", connection=rig.connection, mode="Drafts Only", contact=who)
    assert call(rig, "trying", "start", connection=rig.connection, mode="Drafts Only", contact=who) == begun

    def at_the_same_moment(frappe: Any) -> None:
        from picortex_xero.engine import slices

        row = {"connection": rig.connection, "company": rig.company["name"]}
        second = slices.begin("Xero Test Run", row)
        assert slices.only_one("Xero Test Run", rig.connection, second) == begun
        assert frappe.get_all("Xero Test Run", pluck="name") == [begun]

    scene.with_site(rig, at_the_same_moment)
    call(rig, "connect", "disconnect", connection=rig.connection)

    def work(frappe: Any) -> dict[str, Any]:
        from picortex_xero.engine import jobs

        jobs.go_on("Xero Test Run", begun)
        return dict(frappe.get_all("Xero Test Run", filters={"name": begun}, fields=["state", "reason"])[0])

    run = scene.with_site(rig, work)
    assert run["state"] == "Stopped" and "not connected" in run["reason"]
    for module, function, given in (
        ("trying", "shown", {}),
        ("mapping", "show", {"mapping": "accounts"}),
        ("contacts", "state", {}),
        ("contacts", "rows", {}),
        ("preview", "newest", {}),
        ("to_fix", "causes", {}),
        ("connect", "setup", {}),
        ("connect", "before_going_live", {}),
    ):
        call(rig, module, function, connection=rig.connection, **given)
    assert call(rig, "home", "companies")[0]["connection"] == rig.connection
    for module, function, given in (
        ("trying", "before", {}),
        ("trying", "start", {"mode": "Drafts Only", "contact": who}),
        ("trying", "ask_demo_company", {}),
    ):
        with pytest.raises(Exception, match="Connect the company"):
            call(rig, module, function, connection=rig.connection, **given)
    preview = call(rig, "preview", "start", connection=rig.connection, what="Everything Waiting")

    def looked(frappe: Any) -> str:
        from picortex_xero.engine import jobs

        jobs.go_on("Xero Preview Run", preview)
        return str(frappe.db.get_value("Xero Preview Run", preview, "state"))

    assert scene.with_site(rig, looked) == "Done"
    assert not scene.error_log(rig)
