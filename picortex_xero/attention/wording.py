"""What each state of a step is called on screens: one word, one colour, one sentence for all users and one for the Xero roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..accounting.money import decimal
from ..accounting.texts import Text, _, plain
from ..documents.compare_linked import WARNINGS
from ..documents.role import role
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
# The gravest first: of several steps the one that comes first here is shown for the document.
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
# Without the organisation's short code a user of several organisations may see the wrong one (Xero's documentation, "Deep linking to Xero").
# The classes in xero/records name the page of each object.
DEEP_LINK = "https://go.xero.com/organisationlogin/default.aspx?shortcode={code}&redirecturl=/{page}{id}"


# What is in Xero otherwise than it was sent, or was not shown by Xero as it was sent.
WARNED_CLERK = (_("Accounts has this and will look at it"), "orange")
WARNED_OPERATOR = _("In Xero, with a warning")


# What people read in Xero: its words for the states of invoices, bills and credit notes.
IN_XERO = {
    "DRAFT": _("Draft"),
    "SUBMITTED": _("Awaiting approval"),
    "AUTHORISED": _("Awaiting payment"),
    "PAID": _("Paid"),
    "VOIDED": _("Voided"),
    "DELETED": _("Deleted"),
}
OTHERS_IN_XERO = {"DELETED": _("Deleted"), "VOIDED": _("Voided"), "DRAFT": _("Draft"), "POSTED": _("Posted"), "ARCHIVED": _("Archived")}


def in_xero(endpoint: str, status: str, left: Any) -> Text:
    """What a record is in Xero now, in Xero's words; `left` is what is still to be paid of it, None where that is not known. What is unknown is shown as
    it is."""
    if not object_at(endpoint).approved:
        return OTHERS_IN_XERO.get(status) or (_("Entered") if status in ("AUTHORISED", "") else plain(status))
    if status == "AUTHORISED" and left is not None and not decimal(left):
        return IN_XERO["PAID"]
    return IN_XERO.get(status) or plain(status)


def warns(step: dict[str, Any] | None) -> bool:
    """Whether a step is done and people should look at its record all the same."""
    return bool(step and step["state"] == protocol.SYNCED and step.get("reason_code") in WARNINGS)


def operator(step: dict[str, Any]) -> Text:
    """What the Xero roles read of a step's state."""
    return WARNED_OPERATOR if warns(step) else OPERATOR[step["state"]]


def speaker(steps: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The step whose state is shown for a document; None where there is none.

    Once a cancel has begun, only the steps that take back count. Notes and files never count.
    """
    steps = [step for step in steps if not is_extra(step["role"])]
    voids = [step for step in steps if role(step["role"]).cancels and step["state"] != protocol.SUPERSEDED]
    return min(voids or steps, key=lambda step: (GRAVITY.index(step["state"]), not warns(step)), default=None)


def clerk(step: dict[str, Any] | None, cancelled: bool) -> tuple[Text, str]:
    """The sentence and the colour that every user sees."""
    if step is None or step["state"] == protocol.SUPERSEDED:
        return (_("Not sent to accounts"), "grey")
    if cancelled and step["state"] == protocol.SYNCED:
        return (_("Accounts knows it is cancelled"), "green")
    if step["state"] == protocol.PENDING and step.get("reason_code") == "waiting-approval":
        return (_("Waiting for approval"), "orange")
    return WARNED_CLERK if warns(step) else CLERK[step["state"]]


def record(endpoint: str, doctype: str) -> Text:
    """What Xero calls the record at `endpoint` that a document of this doctype became."""
    return object_at(endpoint).called(doctype)


def deep_link(short_code: str, endpoint: str, doctype: str, xero_id: str) -> str:
    """The address of a record's page in Xero, by the organisation's short code; "" where there is no such page.

    `xero_id` is the record's id; for an over- or prepayment that of its bank transaction.
    """
    page = object_at(endpoint).page(doctype)
    return DEEP_LINK.format(code=short_code, page=page, id=xero_id) if short_code and page and xero_id else ""


def extra(role: str) -> Text:
    """What the step of a note or file adds, in words."""
    if role.startswith("attachment"):
        return _("PDF") if role == "attachment-print" else _("File")
    return _("Note that it was cancelled") if role.startswith("note-cancel") else _("Note")
