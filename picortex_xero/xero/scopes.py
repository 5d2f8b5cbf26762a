"""Which permissions to ask for: only those of what is switched on, by their granular names (fact sheet 1.3)."""

from __future__ import annotations

from collections.abc import Iterable

SIGN_IN = ("openid", "profile", "email", "offline_access")
# Accounts, tax rates, tracking and the organisation are read, never created.
ALWAYS = ("accounting.settings.read", "accounting.contacts")
BY_KIND = {
    "Sales Invoice": ("accounting.invoices",),
    "Purchase Invoice": ("accounting.invoices",),
    # Transfers and overpayments are bank transactions to Xero.
    "Payment Entry": ("accounting.payments", "accounting.banktransactions"),
    "Journal Entry": ("accounting.manualjournals",),
}
FILES = "accounting.attachments"


def scopes_for(doctypes: Iterable[str], with_user: bool = True, files: bool = False) -> list[str]:
    """The scopes for the host document kinds that are sent; a custom connection (no user) has no sign-in scopes. `files`: attachments
    are switched on somewhere."""
    wanted = [scope for doctype in doctypes for scope in BY_KIND[doctype]] + ([FILES] if files else [])
    return list(dict.fromkeys([*(SIGN_IN if with_user else ()), *ALWAYS, *wanted]))
