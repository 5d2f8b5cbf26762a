"""Renamed ERPNext documents: the app's rows about them follow, whatever Frappe did with its own links.

Frappe moves dynamic links by SQL, but only of DocTypes in a map that it caches for 12 hours: it leaves out a customer whose first link is
younger (observed on Frappe 15 and 16). It knows neither the unique keys of these rows, which are hashes over names, nor names inside the
text of a tax mapping. So this module makes all of it right. It may run any number of times and never breaks a rename: a failure goes to the
Error Log, and the party's facts (documents/facts.py) still find the contact when it is needed next.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe

from ..accounting.tax import renamed_account
from ..accounting.texts import _
from ..compat import let_pass
from ..connection import xero_lists
from ..documents.identity import Identity, link_key, moment, remote_key, step_key
from ..xero.records.registry import CONTACT, object_at
from . import former_names, links, log, outbox

SAVEPOINT = "picortex_xero_rename"
ATTEMPT, LOG, TAX = "Xero Attempt", log.DOCTYPE, "Xero Tax Mapping"
# Rows about a document that nothing asks for by a key over its name: what was logged, is being undone, was agreed to, is counted.
KEEP_KEYS = (LOG, "Xero Undo Row", "Xero Approval", "Xero Cash Summary Row")
# By DocType: the mapping DocTypes with a field that names one of it.
MAPPED = {
    "Account": tuple((f"Xero {kind}", "account") for kind in ("Account Mapping", "Payment Mapping", "Deduction Mapping", "Cash Choice")),
    "Cost Center": (("Xero Tracking Mapping", "cost_center"),),
    "Item Tax Template": ((TAX, "item_tax_template"),),
}


def renamed(doctype: str, old: str, new: str, merge: bool) -> None:
    """`old` is called `new` from now on, or was merged into it. Part of the rename's transaction; a failure is logged and rolled back."""
    unsaid = f"Xero: what is known of {doctype} {old} could not be moved to {new}"
    frappe.db.savepoint(SAVEPOINT)
    try:
        _mappings(doctype, old, new)
        former_names.renamed(doctype, old, new)
        if merge:
            _merged(doctype, old, new)
        else:
            follow(Identity(doctype, new, moment(frappe.db.get_value(doctype, new, "creation"))), old)
    except Exception as error:
        let_pass(error)
        # After a deadlock the savepoint is gone: this raises, and the rename fails.
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=unsaid)


def follow(who: Identity, old: str) -> None:
    """Let all rows about the document that was called `old` be about `who`, with their keys. Rows of another document that once had one of
    the two names are left alone: an identity includes the time of creation."""
    names = tuple(dict.fromkeys((old, who.name)))
    _rekey(outbox.DOCTYPE, names, who, ("role", "generation"), _step_keys)
    _rekey(links.DOCTYPE, names, who, ("role", "sequence", "generation", "endpoint", "xero_id"), _link_keys)
    for doctype in KEEP_KEYS:
        for name in frappe.get_all(doctype, filters=_about(who, (old,)), pluck="name"):
            frappe.db.set_value(doctype, name, "reference_name", who.name, update_modified=False)
    _in_requests(who, old)


def now_called(who: Identity) -> Identity | None:
    """The document of this identity under its present name; None where it is gone or not certain which one it is."""
    found = frappe.get_all(who.doctype, filters={"creation": who.creation}, pluck="name", limit=2)
    certain = len(found) == 1 and not who.creation.endswith(".000000")
    return Identity(who.doctype, str(found[0]), who.creation) if certain else None


def _about(who: Identity, names: tuple[str, ...]) -> dict[str, Any]:
    return {"reference_doctype": who.doctype, "reference_name": ("in", names), "reference_creation": who.creation}


Keys = Callable[[str, Identity, dict[str, Any]], dict[str, str]]


def _rekey(doctype: str, names: tuple[str, ...], who: Identity, facts: tuple[str, ...], keys: Keys) -> None:
    """Rename row by row, by primary key. A key that another row already has stays as it is: that row was made under the new name, and both
    are found by their columns."""
    for row in frappe.get_all(doctype, filters=_about(who, names), fields=["name", "connection", *facts]):
        wanted = {
            field: key
            for field, key in keys(row["connection"], who, row).items()
            if frappe.db.get_value(doctype, {field: key}, "name") in (None, row["name"])
        }
        values = {"reference_name": who.name, "reference_creation": who.creation, **wanted}
        frappe.db.set_value(doctype, row["name"], values, update_modified=False)


def _step_keys(connection: str, who: Identity, row: dict[str, Any]) -> dict[str, str]:
    return {"step_key": step_key(connection, who, row["role"], int(row["generation"]))}


def _link_keys(connection: str, who: Identity, row: dict[str, Any]) -> dict[str, str]:
    owner = who if object_at(row["endpoint"]).shared else None
    return {
        "link_key": link_key(connection, who, row["role"], int(row["sequence"]), int(row["generation"])),
        "remote_key": remote_key(connection, row["endpoint"], row["xero_id"], owner),
    }


def _in_requests(who: Identity, old: str) -> None:
    """Rename the document in sealed requests too. One that was resolved meanwhile has no members any more."""
    for row in frappe.get_all(ATTEMPT, filters={"state": "Sealed"}, fields=["name", "members"]):
        members = json.loads(row["members"] or "[]")
        mine = [each for each in members if (each["doctype"], each["docname"], each["creation"]) == (who.doctype, old, who.creation)]
        for member in mine:
            member["docname"] = who.name
        if mine:
            frappe.db.sql(
                f"UPDATE `tab{ATTEMPT}` SET `members`=%(now)s WHERE `name`=%(name)s AND `members`=%(before)s",
                {"now": json.dumps(members, default=str), "name": row["name"], "before": row["members"]},
            )


def _merged(doctype: str, old: str, new: str) -> None:
    """Where only the merged party was a contact in Xero, that contact is the survivor's from now on; where both were, a person merges them
    there (`capture.merged`). Steps of the merged party find that it is gone."""
    gone = moment(frappe.db.get_value(doctype, old, "creation"))  # Frappe deletes the merged document only after this
    survivor = Identity(doctype, new, moment(frappe.db.get_value(doctype, new, "creation")))
    filters = {"endpoint": CONTACT.endpoint, **_about(Identity(doctype, new, gone), (old, new))}
    fields = ["name", "connection", "xero_id", "role", "sequence", "generation", "endpoint"]
    for row in frappe.get_all(links.DOCTYPE, filters=filters, fields=fields):
        values: dict[str, Any] = {"reference_name": new}
        if not links.of(row["connection"], survivor):
            values |= {"reference_creation": survivor.creation, **_link_keys(row["connection"], survivor, row)}
        frappe.db.set_value(links.DOCTYPE, row["name"], values, update_modified=False)


def _mappings(doctype: str, old: str, new: str) -> None:
    """Rename in mapping rows and their keys; where two rows are then for the same thing, the survivor's own stays."""
    for mapping, field in MAPPED.get(doctype, ()):
        for row in frappe.get_all(mapping, filters={field: ("in", (old, new))}, fields=["*"]):
            _mapped(mapping, row, {field: new})
    if doctype == "Account":
        for row in frappe.get_all(TAX, fields=["*"]):
            if (tax := renamed_account(row["tax"], old, new)) != row["tax"]:
                _mapped(TAX, row, {"tax": tax})


def _mapped(mapping: str, row: dict[str, Any], values: dict[str, Any]) -> None:
    key = xero_lists.host_key(mapping, row["connection"], *_parts(mapping, {**row, **values}))
    other = frappe.db.get_value(mapping, {"host_key": key}, "name")
    if other in (None, row["name"]):
        frappe.db.set_value(mapping, row["name"], {**values, "host_key": key}, update_modified=False)
        return
    frappe.db.delete(mapping, {"name": row["name"]})
    what = " / ".join(part for part in _parts(mapping, {**row, **values}) if part)
    log.write(
        row["connection"],
        row["company"],
        None,
        "Mapping",
        _("{what} was merged from two that were both mapped; its own mapping stays").format(what=what),
    )


def _parts(mapping: str, row: dict[str, Any]) -> list[str]:
    """What a mapping row is for: the same parts that its controller passes to `keep_unique` (connection/xero_lists)."""
    if mapping == TAX:
        narrowed = [row["account_class"]] if row["account_class"] else []
        return [row["direction"], row["tax"], row["item_tax_template"] or "", *narrowed]
    return [row["cost_center" if mapping == "Xero Tracking Mapping" else "account"]]
