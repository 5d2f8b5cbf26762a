"""What is said of a document that an import of history has taken up, or given back. The codes are stored."""

from __future__ import annotations

from ...accounting.problems import Problem
from ...accounting.texts import Text, _, day

WITHDRAWN = "history-stopped"
# What an import takes up anew though it was left out before.
BEFORE_GO_LIVE = "before-go-live"
# Held: a deferred amount of an invoice that is not in Xero was released (documents/invoice/release).
WITHOUT_INVOICE = "release-without-invoice"
HISTORY, OPENING = "History", "Opening Balances"
MODES = (HISTORY, OPENING)


def called(mode: str, from_date: str, to_date: str) -> Text:
    """What people call an import: what it takes."""
    if mode == OPENING:
        return _("opening balances as at {day}").format(day=day(to_date))
    return _("history from {first} to {last}").format(first=day(from_date), last=day(to_date))


def withdrawn(name: Text) -> Problem:
    """Skipped: somebody stopped the import before this document was sent."""
    return Problem(
        WITHDRAWN,
        _("Not sent: the import of {what} was stopped before it").format(what=name),
        _(
            "Where it belongs in Xero: start an import of history for its date; or, where the company has gone live before that date by now, press Retry"
        ),
    )
