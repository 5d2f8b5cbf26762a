"""Before going live a list says what is right, what somebody should know, and what has to be put right first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.rig import Rig, go_live, map_everything
from tests.scene import rig as scene

pytestmark = pytest.mark.case("B5")


def shown(rig: Rig) -> dict[str, list[dict[str, Any]]]:
    """The list, by key."""

    def work(frappe: Any) -> dict[str, list[dict[str, Any]]]:
        from picortex_xero.api import connect

        found: dict[str, list[dict[str, Any]]] = {}
        for each in connect.before_going_live(rig.connection):
            found.setdefault(each["key"], []).append(each)
        return found

    return dict(scene.with_site(rig, work))


def unmapped(rig: Rig) -> None:
    def work(frappe: Any) -> None:
        for kind in ("Account", "Tax", "Payment", "Deduction", "Tracking"):
            frappe.db.delete(f"Xero {kind} Mapping", {"connection": rig.connection})
        frappe.db.set_value("Xero Connection", rig.connection, {"state": "Setting Up", "go_live_date": None})

    scene.with_site(rig, work)


def today(rig: Rig, days_ago: int = 0) -> str:
    return str(scene.with_site(rig, lambda frappe: (frappe.utils.now_datetime() - timedelta(days=days_ago)).date()))


def lately(rig: Rig, count: int = 6, days_ago: int = 0) -> list[scene.Record]:
    """Documents that were submitted lately, while nobody was connected."""
    from picortex_xero.mapping_screen import usage

    date = today(rig, days_ago)
    made = [*scene.invoices(rig, count), *scene.bills(rig, 2)]
    for each in made:
        each["doc"]["posting_date"] = date
        for row in each["gl"]:
            row["posting_date"] = date
    rig.play(made)
    # As after the minutes for which figures are kept.
    scene.with_site(rig, lambda _: usage.forget(rig.company["name"]))
    return made


def nothing_to_do(rig: Rig) -> None:
    """A document of today that has nothing to do in Xero."""
    rig.play([scene.journal(rig, ("Office Rent", 0.0), ("Stock In Hand", 0.0), name="JV-NOTHING", posting_date=today(rig))])


def pressed(rig: Rig, what: str, *given: Any) -> None:
    """A button of the set-up, in the app itself."""

    def work(frappe: Any) -> None:
        from picortex_xero.api import connect, mapping

        {"sign": mapping.sign_taxes, "go live": connect.go_live}[what](rig.connection, *given)
        frappe.db.commit()

    scene.with_site(rig, work)


def test_with_nothing_mapped_going_live_is_refused_and_says_what_is_missing(rig: Rig) -> None:
    unmapped(rig)
    lately(rig)
    nothing_to_do(rig)
    found = shown(rig)
    assert {each["state"] for each in found["accounts"]} == {"red"} and {each["state"] for each in found["taxes"]} == {"red"}
    sold = next(each for each in found["accounts"] if "Sales" in each["message"])
    assert sold["waiting"] == 6 and "6 of the 8 newest documents" in sold["message"] and "under Accounts in Mapping" in sold["cure"]
    with pytest.raises(Exception, match="No tax that documents use is mapped yet"):
        pressed(rig, "sign")
    with pytest.raises(Exception, match="has to be right before going live") as refused:
        pressed(rig, "go live", "2020-01-01")
    assert "Sales" in str(refused.value) and "Map" in str(refused.value)
    assert scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "state")) == "Setting Up"
    map_everything(rig)
    # A journal that goes makes up for nothing: no tax is mapped.
    rig.play([scene.journal(rig, ("Office Rent", 10.0), ("Travel Expenses", -10.0), name="JV-GOES", posting_date=today(rig))])
    taxes = scene.with_site(rig, lambda frappe: frappe.get_all("Xero Tax Mapping", filters={"connection": rig.connection}, fields=["*"]))
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Tax Mapping", {"connection": rig.connection}))
    found = shown(rig)
    assert {each["state"] for each in found["taxes"]} == {"red"} and {each["state"] for each in found["accounts"]} == {"green"}
    assert "of the 9 newest documents" in found["taxes"][0]["message"]
    with pytest.raises(Exception, match="has to be right before going live"):
        pressed(rig, "go live", "2020-01-01")
    scene.with_site(rig, lambda frappe: [frappe.get_doc({**each, "doctype": "Xero Tax Mapping"}).insert() for each in taxes])
    found = shown(rig)
    assert {each["state"] for key in ("accounts", "taxes", "payments", "lists", "organisation") for each in found[key]} == {"green"}
    go_live(rig, "AUTHORISED")
    assert scene.with_site(rig, lambda frappe: frappe.db.get_value("Xero Connection", rig.connection, "state")) == "Live"


def test_what_only_older_documents_use_is_red_where_nothing_of_it_is_mapped(rig: Rig) -> None:
    unmapped(rig)
    lately(rig, days_ago=200)
    nothing_to_do(rig)
    found = shown(rig)
    assert found["documents"][0]["state"] == "amber"
    assert {key: {each["state"] for each in found[key]} for key in ("accounts", "taxes")} == {"accounts": {"red"}, "taxes": {"red"}}


def test_while_it_is_counted_an_empty_mapping_is_red(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.mapping_screen import usage

    monkeypatch.setattr(usage, "ready", lambda company: False)
    counted = [each for each in shown(rig)["accounts"] if "counted" in each["message"]]
    assert [each["state"] for each in counted] == ["amber"]
    unmapped(rig)
    counted = [each for each in shown(rig)["accounts"] if "counted" in each["message"]]
    assert [each["state"] for each in counted] == ["red"]


def test_one_account_without_a_mapping_is_told_and_stops_nobody(rig: Rig) -> None:
    unmapped(rig)
    map_everything(rig)
    made = lately(rig)
    bought = made[-1]["doc"]["items"][0]["expense_account"]
    scene.with_site(rig, lambda frappe: frappe.db.delete("Xero Account Mapping", {"connection": rig.connection, "account": bought}))
    (told,) = shown(rig)["accounts"]
    assert told["state"] == "amber" and bought in told["message"]
    go_live(rig, "AUTHORISED")


def test_without_documents_the_list_says_that_nothing_was_checked(rig: Rig) -> None:
    unmapped(rig)
    assert shown(rig)["documents"][0]["state"] == "amber"


def test_the_list_writes_nothing_and_calls_nobody(rig: Rig) -> None:
    lately(rig)
    before = rig.xero.call_count()
    rows = [row["name"] for row in rig.steps()]
    shown(rig)
    assert rig.xero.call_count() == before and [row["name"] for row in rig.steps()] == rows


def test_a_document_that_cannot_be_judged_hides_no_other(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    from picortex_xero.engine import outlook

    unmapped(rig)
    made = lately(rig)
    judged = outlook._of

    def fails(doc: Any, books: Any) -> Any:
        if doc["name"] == made[0]["name"]:
            raise RuntimeError("odd")
        return judged(doc, books)

    monkeypatch.setattr(outlook, "_of", fails)
    found = shown(rig)
    assert found["unclear"][0]["waiting"] == 1 and found["accounts"]


def test_the_question_before_going_live_says_what_is_sent_and_what_is_not(rig: Rig) -> None:
    unmapped(rig)
    made = lately(rig)
    day = today(rig)

    def asked(date: str) -> dict[str, Any]:
        from picortex_xero.api import connect

        return dict(scene.with_site(rig, lambda _: connect.before_sending(rig.connection, date)))

    red = [each for each in connect_red(rig) if each["state"] == "red"]
    assert red and [each["message"] for each in asked(day)["red"]] == [each["message"] for each in red], (
        "what the button says is what refuses"
    )
    map_everything(rig)
    found = asked(day)
    assert (found["later"], found["earlier"], found["red"]) == (8, 0, [])
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", made[0]["name"], "posting_date", "2020-01-01"))
    scene.with_site(
        rig, lambda frappe: frappe.db.set_value("Sales Invoice", made[1]["name"], {"posting_date": "2020-01-01", "is_opening": "Yes"})
    )
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Sales Invoice", made[1]["name"], "outstanding_amount", 0))
    found = asked(day)
    assert (found["later"], found["earlier"], found["open"], found["opening"]) == (6, 2, 1, 0)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "opening_documents", "Create"))
    assert asked(day)["opening"] == 1 and asked("2020-01-01")["later"] == 8

    # What is kept back, and what Xero books itself, is not among what is sent at once.
    entries = [scene.journal(rig, ("Office Rent", 10.0), ("Stock In Hand", -10.0), name=name) for name in ("JV-OPEN", "JV-RATE")]
    rig.play(entries)
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Journal Entry", "JV-OPEN", {"posting_date": day, "is_opening": "Yes"}))
    rate = {"posting_date": day, "voucher_type": "Exchange Rate Revaluation"}
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Journal Entry", "JV-RATE", rate))
    found = asked("2020-01-01")
    assert (found["later"], found["kept_back"], found["exchange"]) == (8, 1, 1), found
    scene.with_site(rig, lambda frappe: frappe.db.set_value("Xero Connection", rig.connection, "opening_documents", "Hold"))
    found = asked("2020-01-01")
    assert (found["later"], found["kept_back"], found["exchange"], found["opening"]) == (7, 2, 1, 0), found


def connect_red(rig: Rig) -> list[dict[str, Any]]:
    return [each for items in shown(rig).values() for each in items]
