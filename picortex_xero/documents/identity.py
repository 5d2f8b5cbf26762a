"""Which ERPNext document a step or link belongs to, for ever, and the keys, addresses and marks made from that.

Frappe gives the name of a deleted newest document to the next one (`frappe.model.naming.revert_series_if_last`), so a document is known by
DocType, name and creation time. A step (a row of Xero Outbox Entry) is known by its document, its role and its revision: how often the
document was sent anew on purpose (stored as `generation`). Hashes of these are the unique keys of Xero Outbox Entry and Xero Link.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from ..accounting.money import decimal
from .as_opening import AS_AT

INVOICE_DOCTYPES = ("Sales Invoice", "Purchase Invoice")
DIRECTIONS = {"Sales Invoice": "Sales", "Purchase Invoice": "Purchases"}
PARTY_FIELD = {"Sales Invoice": ("Customer", "customer"), "Purchase Invoice": ("Supplier", "supplier")}
NUMBER_HASH = 40


@dataclass(frozen=True)
class Identity:
    """One ERPNext document, told from others that had the same name before or after it."""

    doctype: str
    name: str
    creation: str

    @property
    def digest(self) -> str:
        """40 hex digits that stand for this document."""
        return _digest(self.doctype, self.name, self.creation)


def identity(doc: dict[str, Any]) -> Identity:
    """The identity of a document given as a dict, or as a Frappe Document, which answers to the same keys."""
    return Identity(doc["doctype"], doc["name"], moment(doc["creation"]))


def moment(creation: Any) -> str:
    """A creation time as text with exactly six decimals: a new document carries text, a loaded one a datetime that drops zeros."""
    whole, _, fraction = str(creation).partition(".")
    return f"{whole}.{fraction[:6]:0<6}"


def step_key(connection: str, who: Identity, role: str, revision: int) -> str:
    """The unique key of a step in Xero Outbox Entry: there is one row at most for it, ever."""
    return _digest(connection, who.digest, role, str(revision))


def link_key(connection: str, who: Identity, part: str, number: int, revision: int = 1) -> str:
    """The unique key of a link by its ERPNext document and the part and number of its role."""
    return _digest("link", connection, who.digest, part, str(number), *([str(revision)] if revision > 1 else []))


def cash_key(*parts: object) -> str:
    """The unique key of a cash summary, or of what one document counts for in one."""
    return _digest("cash", *(str(part) for part in parts))


def remote_key(connection: str, endpoint: str, xero_id: str, owner: Identity | None = None) -> str:
    """The unique key of a link by its record in Xero. Contacts pass `owner`: a customer and a supplier may share one contact."""
    return _digest("remote", connection, endpoint, xero_id, owner.digest if owner else "")


def contact_number(instance: str, who: Identity) -> str:
    """The ContactNumber that finds a contact again: "PC-" and 40 hex digits, inside Xero's limit of 50."""
    return "PC-" + _digest(instance, who.digest)[:NUMBER_HASH]


def document_url(site_url: str, instance: str, who: Identity, revision: int, more: str = "") -> str:
    """The address behind "Go to PiCortex" in Xero, which is also the marker that finds a bill again (`mark`); "" where Xero would refuse it.

    Xero refuses an address that is not absolute ("Url must be a valid absolute url"). Developers report that it also refuses one with the
    word xero in it; Xero does not document that.
    """
    address = form_address(site_url, who)
    marked = f"{address}?sync={instance}-{mark(who, revision, more)}"
    return "" if not address or "xero" in marked.lower() else marked


def mark(who: Identity, revision: int, more: str = "") -> str:
    """What the mark in a Url says after the site's id: the document, how often it was sent anew, and which of its further records it is
    (`more`, as `Role.in_mark`)."""
    return "-".join([who.digest[:16], str(revision), *([more] if more else [])])


def form_address(site_url: str, who: Identity) -> str:
    """Where a person opens the document; "" where the site has no absolute address."""
    parts = urlsplit(site_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return f"{site_url.rstrip('/')}/app/{quote(who.doctype.lower().replace(' ', '-'))}/{quote(who.name, safe='')}"


def note_mark(instance: str, who: Identity, role: str, revision: int) -> str:
    """A mark in the text of a history note, by which our own note is found again."""
    return "PC-" + _digest(instance, who.digest, role, str(revision))[:12]


def party_of(doc: dict[str, Any]) -> tuple[str, str]:
    """DocType and name of an invoice's or return's customer or supplier."""
    doctype, field = PARTY_FIELD[doc["doctype"]]
    return doctype, doc[field]


def amount_due(doc: dict[str, Any]) -> Any:
    """What the party owes on an invoice in document currency: `rounded_total`, or `grand_total` where
    rounding is off, as in ERPNext's `taxes_and_totals.calculate_outstanding_amount`."""
    return decimal(doc.get("rounded_total")) or decimal(doc.get("grand_total"))


def is_opening(doc: dict[str, Any]) -> bool:
    """Whether a document is an opening entry (`is_opening`): it brings a balance from before into ERPNext."""
    return doc.get("is_opening") == "Yes"


def brings_balance(doc: dict[str, Any], opening_documents: str) -> bool:
    """Whether an opening invoice or bill goes to Xero whatever its date: `opening_documents` is the connection's choice, which an import of
    what was open at a date does not need (as_opening.py)."""
    chosen = opening_documents == "Create" or bool(doc.get(AS_AT))
    return doc["doctype"] in INVOICE_DOCTYPES and is_opening(doc) and chosen


def within_one_company(doc: dict[str, Any]) -> bool:
    """Whether an invoice or bill only moves goods inside its own company: the internal customer or supplier stands for the company
    itself, so ERPNext books no debt (`AccountsController.is_internal_transfer`)."""
    internal = doc.get("is_internal_customer") or doc.get("is_internal_supplier")
    return bool(internal) and doc.get("represents_company") == doc.get("company")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:NUMBER_HASH]
