"""Does a document still say to Xero what was sent? A renaming of what it names (an account, a template, an invoice) is no change.

Frappe writes the new name into submitted documents by SQL, so that their hashes (documents/fingerprint) differ from those of what was sent. Each
renaming is noted (`renamed`), and the hashes under former names are tried before a document counts as changed. A link that holds the hash of a
former formula is compared by that one.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

from ..documents import fingerprint, fingerprint_1
from ..documents.fingerprint import CONTENT, NAMED, VERSION, content
from ..documents.identity import moment
from . import links

DOCTYPE = "Xero Former Name"
MOST = 1000


def renamed(doctype: str, old: str, new: str) -> None:
    """Note that `old` is called `new` from now on, or was merged into it. Part of the caller's transaction."""
    if doctype not in NAMED and doctype not in CONTENT:
        return
    made = now_datetime()
    values = {
        "name": frappe.generate_hash(length=12),
        "owner": "Administrator",
        "creation": made,
        "modified": made,
        "modified_by": "Administrator",
        "reference_doctype": doctype,
        "former_name": old,
        "present_name": new,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())])


def unchanged(doc: dict[str, Any], linked: list[dict[str, Any]]) -> bool:
    """Whether a submitted document says what each of these links was sent with; a link from before a renaming, or with the hash of a former
    formula, has today's hash afterwards. Part of the caller's transaction."""
    now = content(doc)
    others = [link for link in linked if not (_version(link) == VERSION and link["content"] == now)]
    renamings: list[tuple[str, tuple[str, str, str]]] | None = None
    for link in others:
        formula = fingerprint if _version(link) == VERSION else fingerprint_1
        if link["content"] == formula.content(doc):
            continue
        renamings = _renamings() if renamings is None else renamings
        # What was renamed before that explains nothing: the document was read under the new name then.
        since = moment(link["content_at"] or link["creation"])
        later = [renaming for at, renaming in renamings if at > since]
        if link["content"] not in formula.contents_before(doc, later):
            return False
    for link in others:
        links.says(link["name"], now)
    return True


def _version(link: dict[str, Any]) -> int:
    return int(link["content_version"] or 1)


def _renamings() -> list[tuple[str, tuple[str, str, str]]]:
    fields = ["creation", "reference_doctype", "former_name", "present_name"]
    rows = frappe.get_all(DOCTYPE, fields=fields, order_by="creation desc", limit=MOST)
    return [(moment(row["creation"]), (row["reference_doctype"], row["former_name"], row["present_name"])) for row in rows]
