"""Words of ERPNext and Xero as they stand inside a sentence: in lower case, and translated with it."""

from __future__ import annotations

from .texts import Text, _, plain

INSIDE = {
    # Directions of a tax mapping
    "Sales": _("sales"),
    "Purchases": _("purchases"),
    # Classes of accounts, ERPNext's and Xero's
    "Fixed Asset": _("fixed asset"),
    "Asset": _("asset"),
    "Liability": _("liability"),
    "Equity": _("equity"),
    "Income": _("income"),
    "Revenue": _("revenue"),
    "Expense": _("expense"),
    # Kinds of parties
    "Customer": _("customer"),
    "Supplier": _("supplier"),
    "Employee": _("employee"),
    "Shareholder": _("shareholder"),
    # What becomes of a record in Xero
    "VOIDED": _("voided"),
    "DELETED": _("deleted"),
    "ARCHIVED": _("archived"),
    "Refunded": _("refunded"),
}


def inside(word: str) -> Text:
    """The word as it stands inside a sentence. A word that is not listed here stays as it is, untranslated."""
    known = INSIDE.get(word) or INSIDE.get(word.capitalize())
    return known if known is not None and str(known) == word.lower() else plain(word.lower())


# Xero's states of a record, as they stand inside a sentence.
STATES = {
    "DRAFT": _("a draft"),
    "SUBMITTED": _("awaiting approval"),
    "AUTHORISED": _("approved"),
    "PAID": _("paid"),
    "POSTED": _("posted"),
    "VOIDED": _("voided"),
    "DELETED": _("deleted"),
    "ARCHIVED": _("archived"),
}


def state(status: str) -> Text:
    """A state as Xero names it for its API, in words; one that is not listed here stays as it is."""
    return STATES.get(status) or plain(status)
