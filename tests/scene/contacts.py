"""Match contacts, as its page calls it and its job reads."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene


def api(rig: Rig, function: str, **arguments: Any) -> Any:
    """What the page's call answers, or the sentence with which it refuses."""

    def work(frappe: Any) -> Any:
        from picortex_xero.api import contacts

        try:
            return getattr(contacts, function)(connection=rig.connection, **arguments)
        except frappe.ValidationError as refusal:
            frappe.db.rollback()
            return str(refusal)

    return scene.with_site(rig, work)


def read(rig: Rig) -> None:
    """As far as one job comes."""

    def work(frappe: Any) -> None:
        from picortex_xero.engine import jobs

        jobs.read_contacts(rig.connection)

    scene.with_site(rig, work)


def save(rig: Rig, name: str, doctype: str = "Customer", **fields: Any) -> None:
    """As the Desk saves it: the row, then the hook, which knows the party as it was before."""

    def work(frappe: Any) -> None:
        before = frappe.get_doc(doctype, name)
        frappe.db.set_value(doctype, name, fields)
        doc = frappe.get_doc(doctype, name)
        doc._before_save = before
        frappe.get_attr(frappe.get_hooks("doc_events")[doctype]["on_update"][0])(doc, "on_update")

    scene.with_site(rig, work)
