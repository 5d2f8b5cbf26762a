"""Creating accounts and tracking options in Xero: offered, never forced (certification checkpoint T18), each behind its own switch, and never twice."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from tests.scene import rig as scene
from tests.scene.connecting import consent
from tests.scene.mapping_screen import press

HOST, CODE = "Travel Expenses", "4955"


def api(rig: Rig, function: str, user: str = "Administrator", **arguments: Any) -> Any:
    """What the screen's call answers, or the sentence with which it refuses."""
    with open_site(rig.site, user) as frappe:
        from picortex_xero.api import creating

        try:
            found = getattr(creating, function)(connection=rig.connection, **arguments)
        except (frappe.ValidationError, frappe.PermissionError) as refusal:
            frappe.db.rollback()
            found = str(refusal)
        frappe.db.commit()
        return found


def host(rig: Rig, name: str = HOST) -> str:
    return f"{name} - {rig.company['abbr']}"


def wanted(rig: Rig, **other: str) -> dict[str, str]:
    return {"account": host(rig), "code": CODE, "account_name": HOST, "account_type": "EXPENSE", "tax_type": "INPUT2", **other}


def switch(rig: Rig, *on: str, with_consent: bool = True) -> None:
    """The admin turns the switches on, and signs in at Xero once more, which then asks for the permission."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.update(dict.fromkeys(on, 1))
        doc.save(ignore_permissions=True)

    scene.with_site(rig, work)
    if with_consent:
        with rig.frappe() as frappe:
            from picortex_xero.api import connect

            address = connect.start()
            frappe.db.commit()
            asked = parse_qs(urlsplit(address).query)["scope"][0].split()
            assert ("accounting.settings" in asked) == bool(on)
            given = consent(address)
            connect.callback(state=given["state"], code=given["code"])
            frappe.db.commit()


def in_xero(rig: Rig, code: str = CODE) -> list[dict[str, Any]]:
    return [each for each in rig.xero.ledger(parts="changes")["changes"] if each["resource"] == "Accounts" and each.get("code") == code]


def unmap(rig: Rig, doctype: str = "Xero Account Mapping", **of: str) -> None:
    scene.with_site(rig, lambda frappe: frappe.db.delete(doctype, {"connection": rig.connection, **(of or {"account": host(rig)})}))


def mapped(rig: Rig) -> str:
    return str(
        scene.with_site(
            rig,
            lambda frappe: frappe.db.get_value(
                "Xero Account Mapping", {"connection": rig.connection, "account": host(rig)}, "xero_account_code"
            ),
        )
    )


def creations(rig: Rig) -> list[dict[str, Any]]:
    return list(scene.with_site(rig, lambda frappe: frappe.get_all("Xero Creation", fields=["*"], order_by="creation asc")))


def writes(rig: Rig) -> list[dict[str, Any]]:
    return [call for call in rig.xero.calls(path="/api.xro/2.0/") if call["method"] != "GET"]


@pytest.mark.case("T18")
def test_t18_an_account_may_be_created_from_the_mapping_and_is_never_forced(rig: Rig) -> None:
    unmap(rig)
    shown = api(rig, "proposed_account", account=host(rig))
    assert (shown["on"], shown["why_not"], shown["name"], shown["type"]) == (False, "", HOST, "EXPENSE") and shown["code"].isdigit()
    assert (
        shown["tax_type"] == "INPUT2" and "OVERHEADS" in shown["types"] and any("EXPENSE" in each["types"] for each in shown["tax_types"])
    )
    assert press(rig, "show", mapping="accounts")["creates"] == {"accounts": False, "tracking": False}
    # Never forced: off by default nothing is created, the mapping takes any other account, and documents of before wait for a choice and nothing else.
    assert "switched off" in api(rig, "create_account", **wanted(rig)) and not writes(rig)
    switch(rig, "create_accounts", with_consent=False)
    assert "permission that Xero has not given yet" in api(rig, "create_account", **wanted(rig)) and not writes(rig)
    switch(rig, "create_accounts")
    assert press(rig, "show", mapping="accounts")["creates"] == {"accounts": True, "tracking": False}
    made = api(rig, "create_account", **wanted(rig, code=f" {CODE} "))
    assert made == {"code": CODE, "name": HOST, "was_there": False, "hint": ""}
    (account,) = in_xero(rig)
    assert account["name"] == HOST and mapped(rig) == CODE and len(writes(rig)) == 1
    (row,) = creations(rig)
    assert (row["state"], row["asked_by"], row["tries"], row["path"]) == ("Created", "Administrator", 1, "Accounts") and row["xero_id"]
    # Pressed again, and asked for by another name: nothing is made twice.
    assert api(rig, "create_account", **wanted(rig))["code"] == CODE and len(writes(rig)) == 1
    assert "already" in api(rig, "create_account", **wanted(rig, account_name="Else"))
    assert "already" in api(rig, "create_account", **wanted(rig, code="4956"))
    assert len(writes(rig)) == 1 and len(in_xero(rig)) == 1


def test_what_xero_would_not_take_is_refused_before_or_said_in_its_words(rig: Rig) -> None:
    switch(rig, "create_accounts")
    for wrong in (
        {"account_type": "BANK"},
        {"account_type": "REVENUE"},
        {"code": "1" * 11},
        {"tax_type": "OUTPUT2"},
        {"account": host(rig, "Nobody")},
    ):
        assert isinstance(api(rig, "create_account", **wanted(rig, **wrong)), str)
    assert "mapped among the bank" in api(rig, "proposed_account", account=host(rig, "Cash"))["why_not"]
    assert not writes(rig)
    rig.xero.fault("batch_400", method="PUT", path="/Accounts$", text="The <b>moon</b> is wrong")
    said = api(rig, "create_account", **wanted(rig))
    assert "was not created" in said and "&lt;b&gt;moon" in said and creations(rig)[-1]["state"] == "Not Created" and not in_xero(rig)
    assert api(rig, "create_account", **wanted(rig))["code"] == CODE and creations(rig)[-1]["tries"] == 2


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "error_after"])
def test_a_lost_answer_never_leads_to_a_second_account(rig: Rig, fault: str) -> None:
    unmap(rig)
    switch(rig, "create_accounts")
    rig.xero.fault(fault, method="PUT", path="/Accounts$")
    said = api(rig, "create_account", **wanted(rig))
    if fault == "drop_before":
        assert "answer is not here yet" in said and not in_xero(rig) and creations(rig)[0]["state"] == "Unknown"
        # Under the same key as long as Xero knows it.
        assert api(rig, "create_account", **wanted(rig))["code"] == CODE
        first, again = (call["headers"]["idempotency-key"] for call in writes(rig))
        assert first == again
    else:
        assert said["code"] == CODE and len(writes(rig)) == 1, "Xero's list shows it"
    assert len(in_xero(rig)) == 1 and mapped(rig) == CODE and creations(rig)[0]["state"] == "Created"


def test_an_answer_that_stays_out_is_waited_for_and_then_looked_for(rig: Rig) -> None:
    switch(rig, "create_accounts")
    rig.xero.fault("drop_before", method="PUT", path="/Accounts$")
    api(rig, "create_account", **wanted(rig))
    assert "answer is not here yet" in api(rig, "create_account", **wanted(rig, account_type="OVERHEADS")), (
        "other bytes, while the first may arrive"
    )
    rig.advance(350)
    assert "answer is not here yet" in api(rig, "create_account", **wanted(rig)), (
        "Xero no longer knows the key, and may still take the first"
    )
    rig.advance(200)
    assert api(rig, "create_account", **wanted(rig))["code"] == CODE and len(in_xero(rig)) == 1


def test_two_people_who_press_at_once_make_one(rig: Rig) -> None:
    switch(rig, "create_accounts")
    held = rig.xero.fault("hold_before", method="PUT", path="/Accounts$")
    said: list[Any] = []
    first = threading.Thread(target=lambda: said.append(api(rig, "create_account", **wanted(rig))))
    first.start()
    rig.xero.wait_until_held(held["id"])
    second = api(rig, "create_account", **wanted(rig))
    rig.xero.release()
    first.join(30)
    assert "answer is not here yet" in second and said[0]["code"] == CODE
    assert len(writes(rig)) == 1 and len(in_xero(rig)) == 1


def test_only_an_admin_creates(rig: Rig) -> None:
    switch(rig, "create_accounts", "create_tracking")
    for user, role in (
        ("accountant@example.com", "Xero Accountant"),
        ("auditor@example.com", "Xero Auditor"),
        ("manager@example.com", "System Manager"),
    ):
        add_user(rig.site, user, [role])
        assert "Xero Admin" in api(rig, "create_account", user, **wanted(rig))
        assert "Xero Admin" in api(rig, "create_option", user, cost_center=host(rig, "Main"), category="Branch", option="New")
    assert not writes(rig)


def test_an_option_is_created_and_a_full_category_is_said_beforehand(rig: Rig) -> None:
    shown = api(rig, "proposed_option", cost_center=host(rig, "Main"))
    (category,) = shown["categories"]
    assert not shown["on"] and shown["name"] == "Main" and not category["full"] and "at most 2 active tracking categories" in shown["hint"]
    given = {"cost_center": host(rig, "Main"), "category": category["name"]}
    assert "switched off" in api(rig, "create_option", **given, option="Kaitaia")
    switch(rig, "create_tracking")
    assert "switched off" in api(rig, "create_account", **wanted(rig)), "each has its own switch"
    made = api(rig, "create_option", **given, option="Kaitaia")
    assert made == {"category": category["name"], "option": "Kaitaia", "was_there": False, "hint": ""}
    row = scene.with_site(
        rig,
        lambda frappe: frappe.db.get_value(
            "Xero Tracking Mapping", {"connection": rig.connection, "cost_center": given["cost_center"]}, "tracking_option"
        ),
    )
    assert row == "Kaitaia" and len(writes(rig)) == 1
    before = len(writes(rig))

    def fill(frappe: Any) -> None:
        import json

        state = frappe.get_doc("Xero Connection State", rig.connection)
        lists = json.loads(state.xero_lists)
        lists["tracking"][0]["Options"] += [f"Option {number}" for number in range(100)]
        frappe.db.set_value("Xero Connection State", rig.connection, "xero_lists", json.dumps(lists))

    for number in range(100 - category["options"] - 1):
        api(rig, "create_option", **given, option=f"Option {number}") if number < 2 else None
    assert len(writes(rig)) == before + 2
    scene.with_site(rig, fill)
    full = api(rig, "proposed_option", cost_center=given["cost_center"])
    assert full["categories"][0]["full"] and "is full" in full["why_not"]
