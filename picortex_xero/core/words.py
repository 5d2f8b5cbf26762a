"""What each state is called: one word everywhere, one colour, one sentence for clerks and one for the Xero roles (screens)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import outbox as protocol

CLERK = {
    protocol.PENDING: ("On its way to accounts", "blue"),
    protocol.HELD: ("Waiting for accounts", "orange"),
    protocol.SENDING: ("On its way to accounts", "blue"),
    protocol.UNKNOWN: ("On its way to accounts", "blue"),
    protocol.SYNCED: ("Accounts has this", "green"),
    protocol.ATTENTION: ("Accounts will sort this out", "red"),
    protocol.SKIPPED: ("Not sent to accounts", "grey"),
}
OPERATOR = {
    protocol.PENDING: "Queued",
    protocol.HELD: "Held",
    protocol.SENDING: "Sending",
    protocol.UNKNOWN: "Checking with Xero",
    protocol.SYNCED: "In Xero",
    protocol.ATTENTION: "Needs Attention",
    protocol.SKIPPED: "Skipped",
    protocol.SUPERSEDED: "Replaced",
}
# Of several steps the one that matters most to a person speaks for the document.
GRAVITY = (
    protocol.ATTENTION,
    protocol.HELD,
    protocol.UNKNOWN,
    protocol.SENDING,
    protocol.PENDING,
    protocol.SYNCED,
    protocol.SKIPPED,
    protocol.SUPERSEDED,
)
# The documented deep links (short code + redirect); Xero documents none for a single payment.
DEEP_LINK = "https://go.xero.com/organisationlogin/default.aspx?shortcode={code}&redirecturl=/{page}?InvoiceID={id}"
PAGES = {"Sales Invoice": "AccountsReceivable/View.aspx", "Purchase Invoice": "AccountsPayable/View.aspx"}


def speaker(steps: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The step whose state is shown for a document; None where there is none.

    Once a cancel is under way, only its steps count: what was in Xero before is no news.
    """
    voids = [step for step in steps if step["role"].startswith("void") and step["state"] != protocol.SUPERSEDED]
    return min(voids or steps, key=lambda step: GRAVITY.index(step["state"]), default=None)


def clerk(step: dict[str, Any] | None, cancelled: bool) -> tuple[str, str]:
    """Sentence and colour for everyone."""
    if step is None or step["state"] == protocol.SUPERSEDED:
        return ("Not sent to accounts", "grey")
    if cancelled and step["state"] == protocol.SYNCED:
        return ("Accounts knows it is cancelled", "green")
    if step["state"] == protocol.PENDING and step.get("reason_code") == "waiting-approval":
        return ("Waiting for approval", "orange")
    return CLERK[step["state"]]


def deep_link(short_code: str, doctype: str, xero_id: str) -> str:
    """The address of an invoice or bill in Xero for the organisation's short code; "" where there is no page for it."""
    if not short_code or doctype not in PAGES:
        return ""
    return DEEP_LINK.format(code=short_code, page=PAGES[doctype], id=xero_id)
