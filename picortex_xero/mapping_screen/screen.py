"""What the page is told, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention.people import admins as holders_of_admin
from ..connection import tax_sign_off, xero_lists
from ..engine.clock import now
from ..engine.screen_texts import in_words, shown
from ..suggestions.values import Suggestion
from . import changes, saving, usage
from .drawn import people, shown_row
from .kinds import ACCOUNTS, CONNECTION, FEES, KINDS, TAXES, TRACKING, Key, Values
from .rows import Row, Screen
from .saving import Entry, Refused, Saved

OUTBOX = "Xero Outbox Entry"
ANOTHER = _("Something else is suggested by now; it is shown as it is now")
ASK_FIRST = _("This is suggested with a confidence of {confidence} only: accept it by itself, or choose")


def show(connection: str, kind: str) -> dict[str, Any]:
    """One kind's `rows` and `choices` (drop-downs by name); of every kind in `tabs` how many rows are open, changed in Xero and suggested with high
    confidence; in `creates` whether accounts and tracking options may be created in Xero; `may_write`, and where not, in `admins` who may; `presses` that may be undone; how the taxes' sign-off stands; when Xero's lists were read (UTC)."""
    screen = Screen.of(connection)
    found = {name: screen.rows(name) for name in KINDS}
    origins, presses, signed = changes.origins(connection), changes.presses(connection), tax_sign_off.of(connection)
    saved_by = [row.stored.modified_by for row in found[kind] if row.stored]
    # What moved on an account is in the books: whoever only sets up sees how many documents use it.
    reads_books = bool(frappe.has_permission(OUTBOX, "read"))
    may_write = bool(frappe.has_permission(CONNECTION, "write", doc=screen.doc))
    # Whom to ask, for whoever may not change a mapping.
    admins = [] if may_write else holders_of_admin(screen.doc.company)
    shared = _shared(found[kind])
    names = people(*saved_by, *(each["changed_by"] for each in origins.values()), *(each["by"] for each in presses), signed.by, *admins)
    return {
        "kind": kind,
        "may_write": may_write,
        "admins": [names.get(each, each) for each in admins],
        "company": screen.doc.company,
        "organisation": shown(screen.doc.organisation_name),
        "state": screen.doc.state,
        "currency": frappe.get_cached_value("Company", screen.doc.company, "default_currency"),
        "rows": [{**shown_row(row, screen, origins, names, reads_books), "shared": row.key in shared} for row in found[kind]],
        "fees": screen.choices.of_fees() if kind == FEES else None,
        "choices": screen.choices.named,
        # Whether what is missing in Xero may be created from here.
        "creates": {ACCOUNTS: bool(screen.doc.create_accounts), TRACKING: bool(screen.doc.create_tracking)},
        "tabs": {name: _counts(rows) for name, rows in found.items()},
        "presses": [{**each, "by": names.get(each["by"], each["by"])} for each in presses],
        "signed": {
            "state": signed.state,
            "by": names.get(signed.by, signed.by),
            "at": str(signed.at or "")[:16],
            "seen": tax_sign_off.fingerprint(connection),
            # What would be signed: how many taxes are mapped as they were read now.
            "taxes": sum(bool(row.stored) for row in found[TAXES]),
            "now": str(now())[:16],
            "may_withdraw": tax_sign_off.may_withdraw(connection),
        },
        # When what documents use was counted.
        "counted_at": usage.counted_at(screen.doc.company),
        "read_at": str(xero_lists.read_at(connection) or "")[:16],
    }


def _shared(rows: list[Row]) -> set[Key]:
    """The rows that stand with others for one thing of Xero's, so that one of them has to take what comes back. A tax that is mapped for several classes of accounts is one."""
    by: dict[tuple[str, ...], dict[Key, list[Key]]] = {}
    for row in rows:
        if row.stored and row.kind.mark:
            direction, here = (row.key[0], row.key[1:3]) if row.kind.name == TAXES else ("", row.key)
            named = tuple(str(value) for field, value in sorted(row.stored.values.items()) if field not in ("other_class", row.kind.mark))
            by.setdefault((direction, *named), {}).setdefault(here, []).append(row.key)
    return {key for alike in by.values() if len(alike) > 1 for keys in alike.values() for key in keys}


def _counts(rows: list[Row]) -> dict[str, int]:
    return {
        "open": sum(row.open for row in rows),
        "changed": sum(bool(row.changed) for row in rows),
        "high": sum(row.high for row in rows),
        "rows": len(rows),
    }


def accept(connection: str, kind: str, keys: list[Key] | None, seen: list[Values] | None = None, unsure: bool = False) -> Saved:
    """Accept the suggestions for these rows of a kind; without keys all of high confidence, of every kind where `kind` is "". What is not of high
    confidence is refused unless the person was asked about it (`unsure`). `seen` says what was suggested for each of the keys when the person looked: another suggestion of now is not taken. One press. Part
    of the caller's transaction."""
    screen = Screen.of(connection)
    looked_at = dict(zip(keys or (), seen or ()))
    entries, refused = [], []
    for name in [kind] if kind else list(KINDS):
        for row in screen.rows(name):
            suggestion = row.answer
            wanted = row.high if keys is None else row.key in keys and row.suggested
            if wanted and isinstance(suggestion, Suggestion):
                entry = Entry(row.kind, row.key, row.values, None, suggestion.points, suggestion.reason)
                if looked_at.get(row.key, row.values) != row.values:
                    refused.append(Refused(entry, in_words(ANOTHER)))
                elif not (row.high or unsure):
                    refused.append(Refused(entry, in_words(ASK_FIRST.format(confidence=f"{suggestion.confidence:.2f}"))))
                else:
                    entries.append(entry)
    saved = saving.save(connection, entries, changes.SUGGESTED)
    return replace(saved, refused=[*refused, *saved.refused])


def sign_taxes(connection: str, seen: str = "") -> None:
    """The user has checked the taxes as they are mapped now; see `tax_sign_off.sign`."""
    tax_sign_off.sign(connection, seen)
