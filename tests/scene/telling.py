"""Users whom the app notifies, and the notifications they got."""

from __future__ import annotations

from typing import Any

from sandbox.rig import Rig
from tests.scene import rig as scene

ADMIN = "admin@books.example"


def make_admin(rig: Rig, user: str = ADMIN, company: str = "") -> None:
    """A Xero Admin; with `company` one who may see only that one."""

    def work(frappe: Any) -> None:
        doc = {"doctype": "User", "email": user, "first_name": "Admin", "enabled": 1, "roles": [{"role": "Xero Admin"}]}
        frappe.get_doc(doc).insert(ignore_permissions=True)
        if company:
            limit = {"doctype": "User Permission", "user": user, "allow": "Company", "for_value": company}
            frappe.get_doc(limit).insert(ignore_permissions=True)

    scene.with_site(rig, work)


def notifications(rig: Rig) -> list[dict[str, Any]]:
    """All entries, oldest first."""
    with rig.frappe() as frappe:
        return list(frappe.get_all("Notification Log", fields=["*"], order_by="creation asc"))


def notified(rig: Rig) -> list[str]:
    """Whom the entries are for, oldest first."""
    return [entry["for_user"] for entry in notifications(rig)]
