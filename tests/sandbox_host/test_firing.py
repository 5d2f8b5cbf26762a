"""Every recorded case plays into a site: the app hears exactly the events that Frappe sent, and the site ends as ERPNext ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox.erp
from sandbox.host import books, storage
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import close_process, create_site, open_process

EVENTS = """before_insert before_validate validate before_save after_insert on_update before_submit on_submit before_cancel on_cancel
    before_update_after_submit on_update_after_submit on_change before_rename after_rename on_trash after_delete""".split()


@pytest.fixture(scope="module")
def frappe(tmp_path_factory: pytest.TempPathFactory, queue_server: QueueServer, toy_app: Path) -> Iterator[Any]:
    yield open_process(create_site(tmp_path_factory.mktemp("firing") / "toy.local", queue_server.url, apps=("toy",)))
    close_process()


@pytest.fixture(scope="module")
def nz(frappe: Any) -> dict[str, Any]:
    recording = sandbox.erp.read(sandbox.erp.RECORDED / "cases" / "cases-nz.json.gz")
    books.load(recording)
    return recording


@pytest.fixture
def listen(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., None]], None]:
    """Have a function called for every event of every document, as an app's "*" handler is."""

    def start(handler: Callable[..., None]) -> None:
        import toy.work

        monkeypatch.setattr(toy.work, "everything", handler, raising=False)
        frappe.get_hooks()["doc_events"]["*"] = {event: ["toy.work.everything"] for event in EVENTS}

    yield start
    frappe.get_hooks()["doc_events"].pop("*", None)


def event_of(recording: dict[str, Any], case: str, at: int) -> dict[str, Any]:
    return next(each for each in recording["cases"] if each["case"] == case)["events"][at]


def test_cases_fire_what_was_recorded_and_end_as_erpnext_ended(frappe: Any, nz: dict[str, Any], listen: Any) -> None:
    heard: list[tuple[str, str | None, str]] = []
    listen(lambda doc, method, *renamed: heard.append((doc.doctype, doc.name, method)) if doc.doctype != "Toy Parcel" else None)
    fired = 0
    for case in nz["cases"]:
        for event in case["events"]:
            heard.clear()
            books.play(event)
            wanted = [(doctype, name, each) for doctype, name, events in event.get("fired", []) for each in events]
            wanted = [each for each in wanted if frappe.db.exists("DocType", each[0])]
            assert heard == wanted, (case["case"], event["event"])
            fired += len(heard)
        for doctype, names in case["final"].items():
            for name, state in names.items():
                for field, value in state.items():
                    assert frappe.db.get_value(doctype, name, field) == value, (case["case"], name, field)
    assert fired > 4000


def test_documents_are_seen_as_frappe_shows_them(frappe: Any, nz: dict[str, Any], listen: Any) -> None:
    """Played once more from a clean name: a draft before it is submitted, the former state beside a changed one, both names of a rename."""
    seen: list[tuple[str, Any]] = []

    def note(doc: Any, method: str, *renamed: Any) -> None:
        if doc.doctype == "Toy Parcel":
            return
        stored = frappe.db.get_value(doc.doctype, doc.name, "docstatus") if doc.name else None
        before = doc.get_doc_before_save()
        seen.append((method, (doc.docstatus, stored, before and before.get("po_no"), doc.get("po_no"), renamed)))

    listen(note)
    submit, change = event_of(nz, "changed-after-submit", 0), event_of(nz, "changed-after-submit", 1)
    storage.remove("Sales Invoice", submit["name"])
    books.play(submit)
    shown = [(method, facts[:2]) for method, facts in seen]
    assert shown[0] == ("before_insert", (0, None)) and ("after_insert", (0, 0)) in shown
    assert ("before_submit", (1, 0)) in shown and ("on_submit", (1, 1)) in shown
    seen.clear()
    books.play(change)
    assert [facts[2:4] for method, facts in seen if method == "on_update_after_submit"] == [("PO-1", "PO-1 corrected")]
    assert frappe.db.get_value("Sales Invoice", submit["name"], "modified").isoformat(" ") == change["doc"]["modified"]


def test_the_ledger_is_replaced_and_sql_changes_leave_modified_alone(frappe: Any, nz: dict[str, Any], listen: Any) -> None:
    renamed = event_of(nz, "rename-customer", 1)
    old, new = renamed["input"]["old"], renamed["input"]["new"]
    invoice = event_of(nz, "rename-customer", 0)
    assert not frappe.db.exists("Customer", old) and frappe.db.exists("Customer", new)
    storage.store(invoice["doc"])
    storage.store({**renamed["doc"], "name": old})
    storage.remove("Customer", new)
    told: list[tuple[Any, ...]] = []
    listen(lambda doc, method, *names: told.append((method, doc.name, *names)) if "rename" in method else None)
    books.play(renamed)
    assert told == [("before_rename", old, old, new, False), ("after_rename", new, old, new, False)]
    assert not frappe.db.exists("Customer", old)
    assert frappe.db.get_value("Sales Invoice", invoice["name"], "customer") == new
    assert frappe.db.get_value("Sales Invoice", invoice["name"], "modified").isoformat(" ") == invoice["doc"]["modified"]
    rows = frappe.get_all("GL Entry", filters={"voucher_no": invoice["name"]}, fields=["account", "party"])
    assert len(rows) == len(renamed["ledger"][0]["rows"]) and {row["party"] for row in rows if row["party"]} == {new}
