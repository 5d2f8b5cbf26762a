"""The accountant's sign-off of the tax mapping: who has checked it, when, and whether it is still what he checked.

What was checked is kept as one hash of every tax mapping and of the tax type for lines without tax, so that any later change shows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe import _

from ..accounting.texts import _ as text
from ..accounting.texts import day
from ..engine import full_names, log
from ..engine.clock import now
from ..engine.screen_texts import html, in_words
from ..mapping_screen import in_use
from . import xero_lists

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
NEVER, CHECKED, CHANGED = "never", "checked", "changed since"
# So many taxes are named.
NAMED = 5
FIELDS = ["direction", "tax", "item_tax_template", "account_class", "tax_type", "xero_rate"]


@dataclass(frozen=True)
class SignOff:
    """`state` is NEVER, CHECKED or CHANGED; `by` is the user, `at` when (UTC)."""

    state: str
    by: str = ""
    at: datetime | None = None


def of(connection: str) -> SignOff:
    """How the tax mapping of a connection stands."""
    row = frappe.db.get_value(STATE, connection, ["taxes_checked", "taxes_checked_by", "taxes_checked_at"], as_dict=True)
    if not row or not row["taxes_checked"]:
        return SignOff(NEVER)
    return SignOff(
        CHECKED if row["taxes_checked"] == fingerprint(connection) else CHANGED, row["taxes_checked_by"] or "", row["taxes_checked_at"]
    )


def sign(connection: str, seen: str = "") -> None:
    """The user of now has checked the tax mapping as it is; `seen` is the `fingerprint` of what he looked at. Throws where that is another one by now,
    Xero's tax rates were never read, or documents use taxes of which none is mapped. Part of the caller's transaction."""
    if not xero_lists.read_at(connection):
        frappe.throw(_("The organisation's taxes were not read yet: press Refresh From Xero on the Xero Connection"))
    checked = fingerprint(connection)
    if seen and seen != checked:
        frappe.throw(_("The taxes were changed meanwhile: load the page again, and check them as they are now"))
    _refuse_nothing(connection)
    values = {"taxes_checked": checked, "taxes_checked_by": frappe.session.user, "taxes_checked_at": now()}
    frappe.db.set_value(STATE, connection, values, update_modified=False)
    log.of_connection(connection, text("The tax mapping was checked by {user}").format(user=full_names.mine()))


def may_withdraw(connection: str) -> bool:
    """Whether the user of now may take the check back: whoever checked, and an admin of this connection."""
    by = of(connection).by
    return bool(by) and (by == frappe.session.user or bool(frappe.has_permission(CONNECTION, "write", doc=connection)))


def withdraw(connection: str) -> None:
    """Take the check back, as if nobody had checked the taxes. Nothing that is sent changes by it; a company that is not live yet does not go live without
    one. Throws where nobody has checked them, or this user may not. Part of the caller's transaction."""
    checked = of(connection)
    if checked.state == NEVER:
        frappe.throw(_("Nobody has checked the taxes, or it was taken back already"))
    if not may_withdraw(connection):
        frappe.throw(_("Only whoever checked the taxes, or a Xero Admin, takes it back"), exc=frappe.PermissionError)
    frappe.db.set_value(STATE, connection, {"taxes_checked": "", "taxes_checked_by": None, "taxes_checked_at": None}, update_modified=False)
    said = text("{user} took back that the tax mapping was checked by {by} on {date}")
    by = full_names.of([checked.by]).get(checked.by, checked.by)
    log.of_connection(connection, said.format(user=full_names.mine(), by=by, date=day(str(checked.at or "")[:10])))


def _refuse_nothing(connection: str) -> None:
    """Throws where there is nothing to check although documents use taxes."""
    used = in_use.taxes_now(connection)
    if used.nothing_stands:
        names = ", ".join(list(used.open.values())[:NAMED])
        said = text("No tax that documents use is mapped yet, so that there is nothing to check: map them first ({names})").format(
            names=names
        )
        frappe.throw(html(in_words(said)))


def fingerprint(connection: str) -> str:
    """One hash of what is chosen for taxes."""
    rows = frappe.get_all("Xero Tax Mapping", filters={"connection": connection}, fields=FIELDS)
    said = sorted([str(row[field] if row[field] is not None else "") for field in FIELDS] for row in rows)
    untaxed = frappe.db.get_value(CONNECTION, connection, "no_tax_type") or ""
    return hashlib.sha256(json.dumps([said, untaxed]).encode()).hexdigest()[:40]
