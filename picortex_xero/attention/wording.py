"""What each state is called: one word everywhere, one colour, one sentence for clerks and one for the Xero roles (screens)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..accounting.texts import Text, _
from ..engine import protocol
from ..xero.records.registry import is_extra, object_at

CLERK = {
    protocol.PENDING: (_("On its way to accounts"), "blue"),
    protocol.HELD: (_("Waiting for accounts"), "orange"),
    protocol.SENDING: (_("On its way to accounts"), "blue"),
    protocol.UNKNOWN: (_("On its way to accounts"), "blue"),
    protocol.SYNCED: (_("Accounts has this"), "green"),
    protocol.ATTENTION: (_("Accounts will sort this out"), "red"),
    protocol.SKIPPED: (_("Not sent to accounts"), "grey"),
}
OPERATOR = {
    protocol.PENDING: _("Queued"),
    protocol.HELD: _("Held"),
    protocol.SENDING: _("Sending"),
    protocol.UNKNOWN: _("Checking with Xero"),
    protocol.SYNCED: _("In Xero"),
    protocol.ATTENTION: _("Needs Attention"),
    protocol.SKIPPED: _("Skipped"),
    protocol.SUPERSEDED: _("Replaced"),
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


def clerk(step: dict[str, Any] | None, cancelled: bool) -> tuple[Text, str]:
    """Sentence and colour for everyone."""
    if step is None or step["state"] == protocol.SUPERSEDED:
        return (_("Not sent to accounts"), "grey")
    if cancelled and step["state"] == protocol.SYNCED:
        return (_("Accounts knows it is cancelled"), "green")
    if step["state"] == protocol.PENDING and step.get("reason_code") == "waiting-approval":
        return (_("Waiting for approval"), "orange")
    return CLERK[step["state"]]


def record(endpoint: str, doctype: str) -> Text:
    """What Xero calls the record that a document of this doctype became at `endpoint`."""
    return object_at(endpoint).called(doctype)


def deep_link(short_code: str, endpoint: str, doctype: str, xero_id: str) -> str:
    """The address of a record in Xero for the organisation's short code; "" where there is no page for it.

    `xero_id` is the record's id; of an over- or prepayment that of its bank transaction.
    """
    page = object_at(endpoint).page(doctype)
    return DEEP_LINK.format(code=short_code, page=page, id=xero_id) if short_code and page and xero_id else ""


def extra(role: str) -> Text:
    """What a note's or a file's step adds, in words."""
    if role.startswith("attachment"):
        return _("PDF") if role == "attachment-print" else _("File")
    return _("Note that it was cancelled") if role.startswith("note-cancel") else _("Note")
