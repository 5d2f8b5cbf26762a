"""Which vouchers were made of what Xero has. Nothing is learned from them: Xero's terms let no model be made from its data, and people did not enter them here."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

# What a person has entered here and was found to be the same as something in Xero.
MATCHED = "Matched"
PAYMENT = "payment"
LONGEST_CHAIN = 20


def made_of_it(doctype: str, names: Iterable[str]) -> set[str]:
    """Those of these vouchers that the app made of a record in Xero, and their amendments, however often amended."""
    wanted = set(names)
    # What a voucher amends, and what that amends.
    frontier = {name: name for name in wanted}
    former: dict[str, set[str]] = {name: {name} for name in wanted}
    for _step in range(LONGEST_CHAIN):
        rows = (
            frappe.get_all(
                doctype, filters={"name": ("in", sorted(frontier)), "amended_from": ("is", "set")}, fields=["name", "amended_from"]
            )
            if frontier
            else []
        )
        following: dict[str, str] = {}
        for row in rows:
            first = frontier[row["name"]]
            former[first].add(str(row["amended_from"]))
            following[str(row["amended_from"])] = first
        frontier = following
    every = {name for mine in former.values() for name in mine}
    there = _of_rows(doctype, every) | _of_links(doctype, every)
    return {name for name, mine in former.items() if mine & there}


def _of_rows(doctype: str, names: set[str]) -> set[str]:
    if not names:
        return set()
    mine = {"reference_doctype": doctype, "reference_name": ("in", sorted(names)), "state": ("!=", MATCHED)}
    return {str(each) for each in frappe.get_all("Xero Incoming Record", filters=mine, pluck="reference_name")}


def _of_links(doctype: str, names: set[str]) -> set[str]:
    """By the links, which outlive the rows: nothing was compared when it was linked (engine/peoples_own.py), or a payment that no row calls the same as one of ours."""
    if not names:
        return set()
    linked = {"reference_doctype": doctype, "reference_name": ("in", sorted(names)), "adopted": 1}
    rows = frappe.get_all("Xero Link", filters=linked, fields=["reference_name", "role", "marker", "content"])
    found = {str(each["reference_name"]) for each in rows if not each["content"] and (each["marker"] or "{}") == "{}"}
    paid = {str(each["reference_name"]) for each in rows if each["role"] == PAYMENT}
    if paid:
        same = {"reference_doctype": doctype, "reference_name": ("in", sorted(paid)), "state": MATCHED}
        paid -= {str(each) for each in frappe.get_all("Xero Incoming Record", filters=same, pluck="reference_name")}
    return found | paid
