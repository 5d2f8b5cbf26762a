"""The home page counts as the screens do that it opens: since when something waits, how many documents, of which company first."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from typing import Any

from sandbox.rig import Rig
from tests.architecture.source import APP
from tests.scene import reading
from tests.scene import rig as scene
from tests.scene.busy import busy
from tests.scene.stuck import many, without_account


def api(module: str) -> Any:
    return importlib.import_module(f"picortex_xero.api.{module}")


def test_what_waits_longest_waits_since_it_waits(rig: Rig) -> None:
    """An invoice that was sent twenty days ago, and voided in Xero today, waits since today: on the card, the company's line, and under To Fix."""
    (invoice,) = scene.invoices(rig)
    rig.play([invoice])
    scene.settle(rig)
    reading.begin(rig)
    rig.xero.person("void_invoice", InvoiceID=scene.live(rig)[0]["InvoiceID"])
    reading.read(rig)
    step = scene.step(rig, invoice["name"], "invoice")
    assert step["state"] == "Needs Attention"
    with rig.frappe() as frappe:
        frappe.db.set_value("Xero Outbox Entry", step["name"], "creation", step["creation"] - timedelta(days=20))
        for days in (0, 5):
            home, page = api("home"), api("to_fix").causes(connection="", start=0)
            assert [row["days"] for row in page["rows"]] == [days]
            assert (home.oldest_waiting()["value"], home.companies()[0]["oldest_days"]) == (days, days)
            for cause in frappe.get_all("Xero Step Cause", fields=["name", "since"]):
                frappe.db.set_value("Xero Step Cause", cause["name"], "since", cause["since"] - timedelta(days=5))


def test_a_document_is_counted_once_and_left_out_on_the_day_when_it_was(rig: Rig) -> None:
    """An invoice that came 35 days ago and has three steps is one document: on its way, to fix, and left out this month when it is skipped today."""
    (invoice,) = many(rig, 1)
    without_account(rig)
    rig.play([invoice])
    scene.settle(rig)
    step = scene.step(rig, invoice["name"], "invoice")
    assert step["state"] in ("Held", "Needs Attention")
    with rig.frappe() as frappe:
        from picortex_xero.engine import outbox
        from picortex_xero.patches.v0_2 import note_days_left_out

        frappe.db.set_value("Xero Outbox Entry", step["name"], "creation", step["creation"] - timedelta(days=35))
        for role in ("payment-2", "payment-3"):
            outbox.add_sibling(step, role)
        home = api("home")
        assert home.on_its_way()["value"] == home.to_fix()["value"] == 1 and home.by_reason() == {}
        assert api("to_fix").skip(invoice["doctype"], invoice["name"], "Not ours") == 3

        def left_out() -> dict[str, tuple[int, ...]]:
            chart = home.by_reason()
            return dict(zip(chart["labels"], zip(*(each["values"] for each in chart["datasets"]))))

        assert left_out() == {"Skipped by accounts": (0, 1)}
        # Rows from before that day was noted.
        frappe.db.set_value("Xero Outbox Entry", {"state": "Skipped"}, "left_out_on", None, update_modified=False)
        assert home.by_reason() == {}
        note_days_left_out.execute()
        assert left_out() == {"Skipped by accounts": (0, 1)}
        frappe.db.set_value("Xero Outbox Entry", {"state": "Skipped"}, "left_out_on", "2019-01-31")
        note_days_left_out.execute()
        assert home.by_reason() == {}, "in another month, and not noted anew"


def listed(frappe: Any, card: dict[str, Any]) -> int:
    """How many documents the screen shows that a card opens."""
    route, options = card["route"], card["route_options"]
    if route == ["xero-to-fix"]:
        return int(api("to_fix").causes(connection="", start=0, by_hand=options.get("xero_by_hand", 0))["documents"])
    assert route[0] == route[2] == "List"
    rows = frappe.get_list(route[1], filters=options, fields=["connection", "reference_doctype", "reference_name"], limit=0)
    return len({tuple(row.values()) for row in rows})


def test_every_card_counts_what_it_opens(rig: Rig) -> None:
    names = busy(rig)
    with rig.frappe() as frappe:
        from picortex_xero.documents.registry import own_parts
        from picortex_xero.engine import outbox

        # A note and a file of what is in Xero, a second step of what is on its way, and a payment that waits for an approval.
        there, new = scene.step(rig, names["invoice"], "invoice"), scene.step(rig, "NEW-1", "invoice")
        outbox.add_sibling(there, "note-invoice-1", kind="history-note")
        outbox.add_sibling(there, "attachment-print", kind="attachment", state="Skipped")
        outbox.add_sibling(there, "void", state="Skipped")
        outbox.add_sibling(new, "payment-2")
        outbox.postpone(outbox.add_sibling(scene.step(rig, names["payment"], "payment"), "payment-2"), awaits="Invoices/1")
        home = api("home")
        methods = [json.loads(path.read_text("utf-8"))["method"] for path in (APP / "picortex_xero" / "number_card").glob("*/*.json")]
        # What waits for the user's approval is a card of its own page (tests/e2e/test_approvals.py).
        cards = {each.rpartition(".")[2] for each in methods if ".api.home." in each}
        # What is ready to match is listed by a report (tests/e2e/test_ready_to_match.py).
        counting = cards - {"oldest_waiting", "requests_left", "ready_to_match"}
        found = {each: getattr(home, each)() for each in counting}
        assert {each: card["value"] for each, card in found.items()} == {each: listed(frappe, card) for each, card in found.items()}
        assert all(found[each]["value"] for each in counting), "none of them is empty here"
        line = home.companies()[0]
        for figure, card in (("on_its_way", found["on_its_way"]), ("approval", found["waiting"])):
            assert line["lists"][figure] == {"connection": rig.connection, **card["route_options"]} and line[figure] == card["value"]

        waits = ["in", ["Pending", "Held", "Sending", "Unknown", "Needs Attention", "Skipped"]]
        of = {"reference_doctype": "Sales Invoice", "state": waits, "role": ["in", sorted(own_parts("Sales Invoice"))]}
        waiting = frappe.get_list("Xero Outbox Entry", filters=of, fields=["reference_name"])
        assert [row["reference_name"] for row in waiting] == ["NEW-1"], "what is in Xero does not stand there for its note"
        # A company that was left counts no more, on the card as in the list.
        frappe.db.set_value("Xero Connection", rig.connection, "state", "Retired")
        assert {home.on_its_way()["value"], listed(frappe, home.on_its_way())} == {0}
        assert {home.in_xero_today()["value"], listed(frappe, home.in_xero_today())} == {0}
    script = (APP / "picortex_xero" / "page" / "xero_to_fix" / "xero_to_fix.js").read_text("utf-8")
    assert "(frappe.route_options || {}).xero_by_hand" in script


def test_of_two_companies_the_one_comes_first_that_needs_a_person_most(rig: Rig) -> None:
    first, second = rig.connection, "second"
    company = str(rig.company["name"])
    with rig.frappe() as frappe:
        from picortex_xero.accounting.problems import Problem
        from picortex_xero.accounting.texts import plain
        from picortex_xero.documents.identity import Identity
        from picortex_xero.engine import outbox
        from sandbox.host import storage

        storage.store({**frappe.get_doc("Company", company).as_dict(), "name": "A Second Ltd", "company_name": "A Second Ltd"})
        storage.store(
            {
                **frappe.get_doc("Xero Connection", first).as_dict(),
                "name": second,
                "company": "A Second Ltd",
                "active_tenant": "t",
                "active_company": "A Second Ltd",
            }
        )
        home = api("home")

        def stop(connection: str, name: str, code: str, state: str = "Needs Attention") -> None:
            problem = Problem(code, plain("Why"), plain("What to do"))
            who = Identity("Sales Invoice", name, "2026-11-01 09:00:00.000000")
            outbox.add(connection, company, who, "invoice", room="invoice", state=state, problem=problem if state != "Pending" else None)

        def lines() -> list[tuple[str, str, int, int]]:
            return [(each["connection"], each["colour"], each["to_fix"], each["on_its_way"]) for each in home.companies()]

        assert lines() == [(second, "green", 0, 0), (first, "green", 0, 0)], "both are well: by name"
        stop(first, "SI-1", "", "Pending")
        assert lines() == [(second, "green", 0, 0), (first, "blue", 0, 1)], "what is on its way needs nobody"
        stop(first, "SI-2", "account-unmapped", "Held")
        assert lines() == [(first, "orange", 1, 1), (second, "green", 0, 0)], "what is held comes before what is well"
        for at in range(2):
            stop(second, f"SI-{at}", "account-unmapped", "Held")
        assert [each[:3] for each in lines()] == [(second, "orange", 2), (first, "orange", 1)], "of two alike that where more waits"
        stop(first, "SI-3", "xero-refused")
        assert [each[:3] for each in lines()] == [(first, "red", 2), (second, "orange", 2)], "what is wrong comes before what is held"
        stop(second, "SI-4", "xero-refused")
        frappe.db.sql(
            "DELETE FROM `tabXero Step Cause` WHERE `step` IN (SELECT `name` FROM `tabXero Outbox Entry` WHERE `reference_name`='SI-0')"
        )
        (oldest,) = frappe.get_all("Xero Step Cause", filters={"connection": first, "code": "xero-refused"}, fields=["name", "since"])
        frappe.db.set_value("Xero Step Cause", oldest["name"], "since", oldest["since"] - timedelta(days=3))
        assert [each[:3] for each in lines()] == [(first, "red", 2), (second, "red", 2)], "of two alike that where something waits longer"
        frappe.db.set_value("Xero Connection", second, {"state": "Paused", "reason": "x", "cure": "Do it"})
        assert [each[:2] for each in lines()] == [(second, "red"), (first, "red")], "one that stands still comes before all"
        both = {"on_its_way": 1, "to_fix": 4, "by_hand": 2, "oldest_waiting": 3}
        assert {card: getattr(home, card)()["value"] for card in both} == both, "the cards are of both together"
        assert api("to_fix").causes(connection="", start=0)["documents"] == 4
