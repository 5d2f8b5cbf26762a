"""Loads what only payments and refunds need: what pays back an advance, and what settles a record in Xero. Reads only."""

from __future__ import annotations

import frappe

from ...xero.records.registry import ALLOCATION, PAYMENT
from ..base import Books
from ..fact_types import PAYING_BACK, SETTLED_BY
from ..facts import LINK_FIELDS, Loaders
from ..identity import Identity
from ..step import ENDED, Link, link


def paying_back(books: Books, keys: list[str]) -> dict[str, list[Identity]]:
    """The documents whose payments of these credits (refunds) still stand in Xero."""
    found: dict[str, list[Identity]] = {key: [] for key in keys}
    targets = {"connection": books.connection, "xero_id": ("in", keys)}
    settled: dict[str, list[str]] = {}
    for row in frappe.get_all("Xero Link Target", filters=targets, fields=["link", "xero_id"]):
        settled.setdefault(row["link"], []).append(row["xero_id"])
    filters = {"name": ("in", list(settled)), "endpoint": PAYMENT.endpoint, "remote_status": ("not in", ENDED)}
    for row in frappe.get_all("Xero Link", filters=filters, fields=LINK_FIELDS) if settled else []:
        who = link(dict(row)).who
        for key in settled[row["name"]]:
            if who not in found[key]:
                found[key].append(who)
    return found


def settled_by(books: Books, keys: list[tuple[str, str]]) -> dict[tuple[str, str], list[Link]]:
    """The links that settle these records, and those of their allocations."""
    found: dict[tuple[str, str], list[Link]] = {key: [] for key in keys}
    targets = {"connection": books.connection, "xero_id": ("in", [xero_id for _, xero_id in keys])}
    noted = [(row["link"], row["xero_id"]) for row in frappe.get_all("Xero Link Target", filters=targets, fields=["link", "xero_id"])]
    below = {f"{endpoint}/{xero_id}/{ALLOCATION.endpoint}": (endpoint, xero_id) for endpoint, xero_id in keys}
    standing = {"connection": books.connection, "remote_status": ("not in", ENDED)}
    rows = frappe.get_all("Xero Link", filters={**standing, "endpoint": ("in", list(below))}, fields=LINK_FIELDS)
    for row in rows:
        found[below[row["endpoint"]]].append(link(dict(row)))
    names = sorted({name for name, _ in noted})
    rows = frappe.get_all("Xero Link", filters={**standing, "name": ("in", names)}, fields=LINK_FIELDS) if names else []
    links = {row["name"]: link(dict(row)) for row in rows}
    for key in keys:
        found[key] += [links[name] for name, xero_id in noted if xero_id == key[1] and name in links]
    return found


LOADERS: Loaders = {PAYING_BACK: paying_back, SETTLED_BY: settled_by}
