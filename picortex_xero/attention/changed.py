"""What the form of a document that somebody has changed or removed in Xero shows (Xero Changed Record)."""

from __future__ import annotations

from typing import Any

from ..accounting.texts import NONE, Text
from ..engine import changes, outbox
from ..engine.screen_texts import in_words, said
from . import change_choices, wording
from .changed_sides import Sides


def show(name: str, may_read: bool) -> dict[str, Any]:
    """`records`, each with both sides (changed_sides.py); `choices`, each with `choice`, whether it `may` be chosen, `says` what it does and `why` not;
    `progress` where it is being put back. `may_read`: whether the user may read the document itself, else both are empty."""
    row = changes.get(name)
    sides = Sides(row) if may_read else None
    return {
        "records": sides.records() if sides else [],
        "choices": change_choices.of(sides) if sides and row["state"] in changes.UNDECIDED else [],
        "progress": _progress(row),
    }


def _progress(row: changes.Row) -> str:
    step = outbox.get(name=row["watched"]) if row["state"] == changes.BEING_PUT_BACK and row["watched"] else None
    if step is None:
        return ""
    if step["reason"]:
        return said(step["reason"], step["reason_parts"], "reason")
    words: Text = wording.everyone(step, False)[0] or NONE
    return in_words(words)
