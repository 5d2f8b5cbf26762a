"""What each state is called: one word everywhere, one colour, one sentence for clerks and one for the Xero roles (screens)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..engine import protocol
from ..xero.records.registry import is_extra, object_at

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
# Deep links go through the organisation's short code, or a person of two organisations lands in the wrong one (Xero's page on deep links, A).
# Which page shows an object, and how that is known, says its class in xero/records.
DEEP_LINK = "https://go.xero.com/organisationlogin/default.aspx?shortcode={code}&redirecturl=/{page}{id}"


def speaker(steps: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The step whose state is shown for a document; None where there is none.

    Once a cancel is under way, only its steps count: what was in Xero before is no news. Notes and files never speak for it.
    """
    steps = [step for step in steps if not is_extra(step["role"])]
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


def record(endpoint: str, doctype: str) -> str:
    """What Xero calls the record that a document of this doctype became at `endpoint`."""
    return object_at(endpoint).called(doctype)


def deep_link(short_code: str, endpoint: str, doctype: str, xero_id: str) -> str:
    """The address of a record in Xero for the organisation's short code; "" where there is no page for it.

    `xero_id` is the record's id; of an over- or prepayment that of its bank transaction.
    """
    page = object_at(endpoint).page(doctype)
    return DEEP_LINK.format(code=short_code, page=page, id=xero_id) if short_code and page and xero_id else ""


def extra(role: str) -> str:
    """What a note's or a file's step adds, in words."""
    if role.startswith("attachment"):
        return "PDF" if role == "attachment-print" else "File"
    return "Note that it was cancelled" if role.startswith("note-cancel") else "Note"
