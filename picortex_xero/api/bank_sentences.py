"""What cannot be done with a bank line ends as a sentence, for whichever page called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe

from ..engine.screen_texts import html, in_words
from ..reconciling.plan import CannotBeDone


def in_a_sentence(function: Callable[[], Any]) -> Any:
    """Call; what cannot be done ends as a sentence, with nothing done."""
    try:
        return function()
    except CannotBeDone as error:
        frappe.db.rollback()
        said = html(in_words(error.said))
    # Outside the handler: what is shown is the sentence alone.
    frappe.throw(said)
