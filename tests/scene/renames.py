"""Renaming what submitted documents name, and the hourly search that comes after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.host import storage
from sandbox.rig import Rig
from tests.scene import rig as scene


def tell(frappe: Any, doctype: str, old: str, new: str, merge: bool = False) -> None:
    """The event after a rename or a merge, as Frappe calls it: by hooks.py, with the document under its new name."""
    frappe.get_attr(frappe.get_hooks("doc_events")[doctype]["after_rename"][0])(
        frappe.get_doc(doctype, new), "after_rename", old, new, merge
    )


def rename_in_documents(rig: Rig, doctype: str, old: str, new: str, *documents: scene.Record) -> None:
    """As Frappe renames what submitted documents name: the new name goes into them by SQL; then each is touched (a clearance date)."""

    def work(frappe: Any) -> None:
        frappe.db.sql(f"UPDATE `tab{doctype}` SET `name`=%(new)s WHERE `name`=%(old)s", {"new": new, "old": old})
        for mapping, field in (
            ("Xero Payment Mapping", "account"),
            ("Xero Account Mapping", "account"),
            ("Xero Tracking Mapping", "cost_center"),
        ):
            for name in frappe.get_all(mapping, filters={field: old}, pluck="name"):
                frappe.db.set_value(mapping, name, field, new, update_modified=False)
        tell(frappe, doctype, old, new)
        for record in documents:
            doc = frappe.get_doc(record["doctype"], record["name"]).as_dict()
            changed = {key: _renamed(value, old, new) for key, value in doc.items()}
            assert changed != doc, "it names what is renamed"
            storage.store(changed)
            frappe.db.set_value(
                record["doctype"], record["name"], "modified", frappe.utils.now_datetime() + timedelta(seconds=5), update_modified=False
            )

    scene.with_site(rig, work)


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [{field: new if each == old else each for field, each in row.items()} for row in value]
    return new if value == old else value


def hourly(rig: Rig) -> None:
    """The hourly search, and what comes of it."""

    def search(frappe: Any) -> None:
        from picortex_xero.sync import jobs

        jobs.find_missed()

    rig.advance(3600)
    scene.with_site(rig, search)
    scene.settle(rig)
