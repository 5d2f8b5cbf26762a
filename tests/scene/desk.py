"""What people press and choose in the Desk, and what the scheduler does on its own."""

from __future__ import annotations

from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene


def choose(rig: Rig, **settings: Any) -> None:
    """Change the admin's settings on the connection."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.update(settings)
        doc.save(ignore_permissions=True)

    scene.with_site(rig, work)


def retry(rig: Rig, record: scene.Record) -> int:
    """Somebody presses Retry."""
    from picortex_xero.api import status

    return int(scene.with_site(rig, lambda frappe: status.retry(record["doctype"], record["name"])))


def refresh(rig: Rig) -> None:
    """The admin presses Refresh From Xero."""
    from picortex_xero.connection import connecting

    scene.with_site(rig, lambda frappe: connecting.refresh(rig.connection))


def hours(rig: Rig, count: float) -> None:
    """The scheduler's minutes, in steps of nearly three: after a longer gap the app looks for what happened meanwhile, each time anew."""
    for _ in range(round(count * 20)):
        scene.sweep(rig)
        rig.dispatch()
        rig.advance(180 - 1)
    rig.advance(round(count * 20))


def again(rig: Rig, step: str) -> None:
    """A person presses Retry."""

    def press(frappe: object) -> None:
        from picortex_xero.attention import status

        assert status.retry_step(step) == 1

    scene.with_site(rig, press)


def change(rig: Rig, sale: scene.Record, **fields: Any) -> None:
    """A person changes a submitted invoice where ERPNext allows it."""

    def work(frappe: Any) -> None:
        doc = frappe.get_doc("Sales Invoice", sale["name"])
        doc._before_save = frappe.get_doc("Sales Invoice", sale["name"])
        for name, value in fields.items():
            if name == "cost_center":
                doc.items[0].cost_center = value
            else:
                doc.set(name, value)
        storage.store(doc.as_dict())
        doc.run_method("on_update_after_submit")

    scene.with_site(rig, work)


def clearing(rig: Rig, account: str) -> str:
    """Choose the clearing account; returns the former."""

    def choose(frappe: Any) -> str:
        doc = frappe.get_doc("Xero Connection", rig.connection)
        former, doc.clearing_account = doc.clearing_account, account
        doc.save(ignore_permissions=True)
        return str(former)

    return str(scene.with_site(rig, choose))


def create_openings(rig: Rig) -> None:
    """The admin's choice on the form."""

    def choose(frappe: Any) -> None:
        doc = frappe.get_doc("Xero Connection", rig.connection)
        doc.opening_documents = "Create"
        doc.save(ignore_permissions=True)

    scene.with_site(rig, choose)


def search(rig: Rig) -> int:
    """The hourly search, as the scheduler runs it; how many steps came of it."""
    from picortex_xero.sync import jobs

    before = len(rig.steps())
    scene.with_site(rig, lambda frappe: jobs.find_missed())
    return len(rig.steps()) - before


def account_codes(rig: Rig) -> dict[str, str]:
    """Xero's account codes by id, as the organisation's lists were last read."""
    with rig.frappe():
        from picortex_xero.connection import xero_lists

        return {each["AccountID"]: each["Code"] for each in xero_lists.stored(rig.connection)["accounts"]}


def log(rig: Rig, name: str) -> list[str]:
    """What the history says of a document or a party, oldest first."""
    with rig.frappe() as frappe:
        rows = frappe.get_all("Xero Sync Log", filters={"reference_name": name}, fields=["message"], order_by="at asc")
    return [row["message"] for row in rows]


def delete(rig: Rig, record: scene.Record) -> None:
    """A person deletes a cancelled document, rows and all."""

    def work(frappe: Any) -> None:
        frappe.db.delete(record["doctype"], {"name": record["name"]})
        for rows in record["doc"].values():
            if isinstance(rows, list) and rows:
                frappe.db.delete(rows[0]["doctype"], {"parent": record["name"]})

    scene.with_site(rig, work)
