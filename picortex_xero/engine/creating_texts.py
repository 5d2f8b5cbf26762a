"""What is said of an account or a tracking option that Xero was asked to create."""

from __future__ import annotations

from ..accounting.texts import Text, _

LATER = _("Xero's limit of calls is used up: try again later")
NO_ANSWER = _("Xero did not answer; nothing was sent")


def limit(named: str) -> Text:
    """Why nothing is sent for a while; `named`: what Xero calls the limit."""
    return _("Xero's limit of calls ({limit}) is used up").format(limit=named[:40] or _("unnamed"))
