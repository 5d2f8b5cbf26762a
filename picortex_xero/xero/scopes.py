"""Which OAuth scopes to ask for: only those of what is switched on, by Xero's granular names (Xero's documentation, "Scopes")."""

from __future__ import annotations

from collections.abc import Iterable

SIGN_IN = ("openid", "profile", "email", "offline_access")
# Accounts, tax rates, tracking categories and the organisation are only read ...
ALWAYS = ("accounting.settings.read", "accounting.contacts")
# ... but for accounts and tracking options that a person has created, where the switch for that is on.
SETTINGS = "accounting.settings"
FILES = "accounting.attachments"
# Each report has a scope of its own.
TRIAL_BALANCE = "accounting.reports.trialbalance.read"


def scopes_for(
    records: Iterable[str], with_user: bool = True, files: bool = False, creating: bool = False, reports: Iterable[str] = ()
) -> list[str]:
    """All scopes to ask for, each once. `records` are the scopes of what is sent. A custom connection (`with_user` false) has no sign-in
    scopes. `files`: attachments are switched on for some connection; `creating`: creating accounts or tracking options is;
    `reports`: the scopes of those that are read."""
    more = [*([SETTINGS] if creating else []), *([FILES] if files else []), *reports]
    return list(dict.fromkeys([*(SIGN_IN if with_user else ()), *ALWAYS, *records, *more]))


def missing(wanted: Iterable[str], granted: str | None) -> list[str]:
    """What of `wanted` a consent (`granted`, as Xero writes it) does not give yet. Who may write may read."""
    held = set((granted or "").split())
    return [each for each in wanted if each not in SIGN_IN and not {each, each.removesuffix(".read")} & held]


def additional(wanted: Iterable[str], granted: str | None) -> list[str]:
    """What to ask for so that a consent gives all that is wanted: only what it lacks, since scopes add up at Xero (Xero's FAQ on granular
    scopes), and what every sign-in needs."""
    return [*SIGN_IN, *missing(wanted, granted)]
