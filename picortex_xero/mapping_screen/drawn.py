"""A row of the screen as the page draws it, in the reader's language: every text is plain."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..accounting import bank_feeds
from ..accounting.texts import _, term
from ..engine.screen_texts import in_words, said, shown
from ..suggestions.values import Nothing
from . import changes
from .kinds import DEFAULTS, FIELDS, TAXES, Key
from .rows import Row, Screen


def shown_row(
    row: Row, screen: Screen, origins: dict[tuple[str, Key], dict[str, Any]], names: dict[str, str], amounts: bool
) -> dict[str, Any]:
    """A row as the page draws it; every text is plain. Its amount is None for whoever reads no books (not `amounts`)."""
    suggestion, stored = row.suggested, row.stored
    return {
        "key": list(row.key),
        "label": in_words(FIELDS[row.key[0]][0]) if row.kind.name == DEFAULTS else _label(row),
        "detail": row.detail,
        "documents": row.used.documents,
        "amount": row.used.amount if amounts else None,
        "needed": row.needed,
        "open": row.open,
        "values": stored.values if stored else None,
        "shown": screen.choices.said(stored.values) if stored else "",
        "default": in_words(row.default),
        "origin": _origin(row, origins.get((row.kind.name, row.key)), names) if stored else "",
        "last_checked": str(stored.last_checked or "")[:16] if stored else "",
        "suggestion": {
            "values": row.values,
            "shown": screen.choices.said(row.values or {}),
            "confidence": f"{suggestion.confidence:.2f}",
            "band": suggestion.band,
            "reason": in_words(suggestion.reason),
        }
        if suggestion
        else None,
        "nothing": in_words(row.answer.reason) if isinstance(row.answer, Nothing) and not stored else "",
        "feed_says": in_words(bank_feeds.SAYS[stored.values["bank_feed"]]) if stored and stored.values.get("bank_feed") else "",
        "changed": [in_words(each) for each in row.changed],
        "choices": row.choices,
        "every": row.every,
    }


def _label(row: Row) -> str:
    if row.kind.name != TAXES:
        return row.key[0]
    direction, tax, template, account_class = row.key
    return " · ".join(
        each for each in (in_words(term(direction)), tax, template, in_words(term(account_class)) if account_class else "") if each
    )


def _origin(row: Row, change: dict[str, Any] | None, names: dict[str, str]) -> str:
    """Where a mapping came from, in the reader's language."""
    stored = row.stored
    assert stored is not None
    if not change or json.loads(change["after"]) != changes.kept(stored):
        if row.kind.name == DEFAULTS:
            # Who saved the connection last may have changed another field.
            return ""
        return in_words(_("Chosen by {user}").format(user=names.get(stored.modified_by, stored.modified_by)))
    user = names.get(change["changed_by"], change["changed_by"])
    if change["how"] == changes.SUGGESTED:
        reason = said(change["reason"], change["reason_parts"], "reason")
        confidence = f"{change['points'] // 100}.{change['points'] % 100:02d}"
        return in_words(_("Suggested {confidence}: {reason}; accepted by {user}").format(confidence=confidence, reason=reason, user=user))
    if change["how"] == changes.IMPORTED:
        return in_words(_("From a spreadsheet of {user}").format(user=user))
    if change["how"] == changes.UNDONE:
        return in_words(_("Put back by {user}").format(user=user))
    return in_words(_("Chosen by {user}").format(user=user))


def people(*users: str) -> dict[str, str]:
    """Full names by user."""
    wanted = sorted({each for each in users if each})
    rows = frappe.get_all("User", filters={"name": ("in", wanted)}, fields=["name", "full_name"]) if wanted else []
    return {row["name"]: shown(row["full_name"]) or row["name"] for row in rows}
