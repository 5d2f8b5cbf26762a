"""Customers, suppliers, accounts and what else documents name: after a rename, contacts and mappings follow."""

from __future__ import annotations

from typing import Any

from ..engine import capture, contact_changes, renames, wake


def on_update(doc: Any, method: str) -> None:
    """A customer or supplier was saved: what waited for a correction of it goes, and its contact follows where that is wanted."""
    contact_changes.saved(doc)
    wake.after_saving_party(doc.doctype, doc.name)


def on_address(doc: Any, method: str) -> None:
    """An Address was saved: the contacts of whom it is follow where that is wanted."""
    contact_changes.address_saved(doc)


def after_rename(doc: Any, method: str, old: str, new: str, merge: bool = False) -> None:
    """Renamed, or merged into another. A contact stays with its customer or supplier, a mapping with its account."""
    renames.renamed(doc.doctype, old, new, merge)
    if merge:
        capture.merged(doc.doctype, new)
    else:
        contact_changes.renamed(doc.doctype, new)
