"""Which OAuth scopes to ask for: only those of what is switched on, by Xero's granular names (Xero's documentation, "Scopes")."""

from __future__ import annotations

from collections.abc import Iterable

SIGN_IN = ("openid", "profile", "email", "offline_access")
# Accounts, tax rates, tracking categories and the organisation are only read.
ALWAYS = ("accounting.settings.read", "accounting.contacts")
FILES = "accounting.attachments"


def scopes_for(records: Iterable[str], with_user: bool = True, files: bool = False) -> list[str]:
    """All scopes to ask for, each once. `records` are the scopes of what is sent. A custom connection (`with_user` false) has no sign-in
    scopes. `files`: attachments are switched on for some connection."""
    return list(dict.fromkeys([*(SIGN_IN if with_user else ()), *ALWAYS, *records, *([FILES] if files else [])]))
