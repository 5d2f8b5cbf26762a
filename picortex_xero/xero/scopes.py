"""Which permissions to ask for: only those of what is switched on, by their granular names (fact sheet 1.3)."""

from __future__ import annotations

from collections.abc import Iterable

SIGN_IN = ("openid", "profile", "email", "offline_access")
# Accounts, tax rates, tracking and the organisation are read, never created.
ALWAYS = ("accounting.settings.read", "accounting.contacts")
FILES = "accounting.attachments"


def scopes_for(records: Iterable[str], with_user: bool = True, files: bool = False) -> list[str]:
    """All scopes to ask for, each once: `records` are those of what is sent; a custom connection (no user) has no sign-in scopes. `files`:
    attachments are switched on somewhere."""
    return list(dict.fromkeys([*(SIGN_IN if with_user else ()), *ALWAYS, *records, *([FILES] if files else [])]))
