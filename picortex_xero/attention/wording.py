"""What each state of a step is called on screens: one word, one colour, one sentence for all users and one for the Xero roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..accounting import causes
from ..accounting.money import decimal, half_up
from ..accounting.texts import Text, _, amount, plain
from ..documents.approvals.words import APPROVAL, CHANGED, GIVEN_BACK
from ..documents.compare_linked import WARNINGS
from ..documents.removed import GONE_FROM_XERO
from ..documents.role import REVERSAL, role
from ..documents.rules.words import BATCH, BY_RULE, FOLLOWS, KIND_LATER, KIND_OFF
from ..engine import protocol
from ..xero.records.registry import is_extra, object_at

# What every user reads of a state; `everyone` says it more closely where more is known.
EVERYONE = {
    protocol.PENDING: (_("On its way to Xero"), "blue"),
    protocol.HELD: (_("Waiting for a decision by accounts"), "orange"),
    protocol.SENDING: (_("On its way to Xero"), "blue"),
    protocol.UNKNOWN: (_("On its way to Xero"), "blue"),
    protocol.SYNCED: (_("In Xero"), "green"),
    protocol.ATTENTION: (_("Not in Xero yet: accounts has been told"), "red"),
    protocol.SKIPPED: (_("Not sent to Xero"), "grey"),
    protocol.SUPERSEDED: (_("Not sent to Xero"), "grey"),
}
OPERATOR = {
    protocol.PENDING: _("Queued"),
    protocol.HELD: _("Waiting"),
    protocol.SENDING: _("Sending"),
    protocol.UNKNOWN: _("Checking with Xero"),
    protocol.SYNCED: _("In Xero"),
    protocol.ATTENTION: _("To fix"),
    protocol.SKIPPED: _("Not sent to Xero"),
    protocol.SUPERSEDED: _("Replaced"),
}
BY_HAND = _("To do by hand")
# Why a held document waits, for everyone, by the kind of its first cause: no names and no figures, which not everyone may know.
WAITS = {
    **dict.fromkeys(
        (causes.ACCOUNT, causes.TAX, causes.PAYMENT_ACCOUNT, causes.TRACKING, causes.DEDUCTION, causes.SETTING),
        _("Waiting: accounts has to choose how it goes to Xero"),
    ),
    **dict.fromkeys(
        (causes.XERO_ACCOUNT, causes.XERO_TAX, causes.CURRENCY, causes.LISTS, causes.PLAN, causes.IN_XERO),
        _("Waiting: accounts has to change something in Xero"),
    ),
    causes.LOCK: _("Waiting: the period is locked in Xero"),
    causes.PARTY: _("Waiting: the details of the customer or supplier have to be corrected"),
    causes.DOCUMENT: _("Waiting for another document"),
    causes.PERMISSION: _("Waiting: Xero has to give more permissions"),
    causes.MONEY: _("Waiting: accounts has to release the money"),
    causes.QUESTION: _("Waiting: accounts has to look at how Xero books it"),
    causes.RULES: _("Waiting: a rule keeps it back"),
    causes.FILED: _("Waiting: the tax of its period is filed"),
    causes.CONVERSION: _("Waiting: the books in Xero begin later"),
    causes.CODED: _("Waiting: accounts has to look whether Xero has it already"),
    causes.ENTERED_WHERE: _("Waiting: it is to be entered in Xero"),
}
WAITING_APPROVAL = _("Waiting for approval")
# Of what a rule keeps back until somebody agrees.
ASKED = {
    APPROVAL: WAITING_APPROVAL,
    CHANGED: _("Changed after it was approved: waiting for approval again"),
    GIVEN_BACK: _("Not approved: it was returned"),
}
# Why nothing is sent, for everyone.
NOTHING_TO_SEND = _("Not sent to Xero: there is nothing to account for")
KEPT_BY_XERO = _("Not sent to Xero: Xero works it out by itself")
NOT_SENT = {
    "before-go-live": _("Not sent to Xero: it is older than the connection"),
    "depreciation-kept": KEPT_BY_XERO,
    "done-by-hand": _("Entered in Xero by hand"),
    "exchange-engine": KEPT_BY_XERO,
    "internal-transfer": NOTHING_TO_SEND,
    "left-out": _("Not sent to Xero: accounts has left it out"),
    "undone-in-xero": _("Not in Xero any more: accounts had it undone"),
    "nothing": NOTHING_TO_SEND,
    "opening-settled": NOTHING_TO_SEND,
    "refund-matched": _("Not sent to Xero: what it matches is there already"),
    "zero-total": NOTHING_TO_SEND,
    **dict.fromkeys((KIND_OFF, KIND_LATER), _("Not sent to Xero: accounts has chosen so for such documents")),
    FOLLOWS: _("Not sent to Xero: what it is for is not sent either"),
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


# What only an organisation knows that the company has left.
FORMER = _("In a former Xero organisation")


def left_behind(sent: bool) -> tuple[Text, str]:
    """The sentence and the colour for a document that only such an organisation knows; `sent`: whether it got there."""
    return (FORMER if sent else EVERYONE[protocol.SUPERSEDED][0], "grey")


# Of a document that is noted while its connection only watches: for everyone.
WATCHED = (_("Not sent to Xero: what would go is only watched"), "grey")


# What is in Xero otherwise than it was sent, or was not shown by Xero as it was sent.
WARNED = (_("In Xero: accounts will look at it"), "orange")
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
AS_IT_STANDS = {"DRAFT": _("In Xero as a draft"), "SUBMITTED": _("In Xero, awaiting approval")}
OTHERS_IN_XERO = {"DELETED": _("Deleted"), "VOIDED": _("Voided"), "DRAFT": _("Draft"), "POSTED": _("Posted")}
CONTACTS_IN_XERO = {"ACTIVE": _("Active"), "ARCHIVED": _("Archived")}


def in_xero(endpoint: str, status: str, left: Any, reading_again: Any = None) -> Text:
    """What a record is in Xero now, in Xero's words; `left` is what is still to be paid of it, None where that is not known. What is unknown is shown as
    it is. `reading_again`: since when (UTC) something of ours has settled it and Xero has not shown it since, None where it has."""
    if reading_again:
        return _("Just settled: it is being read again (before: {state})").format(state=in_xero(endpoint, status, left))
    if not object_at(endpoint).approved:
        return (
            OTHERS_IN_XERO.get(status) or CONTACTS_IN_XERO.get(status) or (_("Entered") if status in ("AUTHORISED", "") else plain(status))
        )
    if status == "AUTHORISED" and left is not None and not decimal(left):
        return IN_XERO["PAID"]
    return IN_XERO.get(status) or plain(status)


def partly(state: Text, left: Any, total: Any, currency: str) -> Text:
    """The same with what is left of a record that was paid or used in part."""
    due, whole = decimal(left), abs(decimal(total))
    if not 0 < due < whole:
        return state
    return _("{state}, {amount} {currency} left").format(state=state, amount=amount(half_up(due)), currency=currency)


def warns(step: dict[str, Any] | None) -> bool:
    """Whether a step is done and people should look at its record all the same."""
    return bool(step and step["state"] == protocol.SYNCED and step.get("reason_code") in WARNINGS)


def by_hand(step: dict[str, Any]) -> bool:
    """Whether a held step waits for nothing that the app sees: a person follows the instructions in Xero."""
    return step["state"] == protocol.HELD and causes.is_recipe(step.get("reason_code") or "")


def operator(step: dict[str, Any]) -> Text:
    """What the Xero roles read of a step's state."""
    if by_hand(step):
        return BY_HAND
    return WARNED_OPERATOR if warns(step) else OPERATOR[step["state"]]


def speaker(steps: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The step whose state is shown for a document; None where there is none.

    Once a cancel has begun, only the steps that take back count. Notes and files never count.
    """
    steps = [step for step in steps if not is_extra(step["role"])]
    voids = [step for step in steps if role(step["role"]).cancels and step["state"] != protocol.SUPERSEDED]
    return min(voids or steps, key=lambda step: (GRAVITY.index(step["state"]), not warns(step)), default=None)


def everyone(step: dict[str, Any] | None, cancelled: bool, standing: str | None = None) -> tuple[Text, str]:
    """The sentence and the colour that every user sees of a document whose `speaker` is `step`.

    `standing` is the status in Xero of its own record (its first part) that is neither voided nor deleted; None where it has none.
    """
    if step is None:
        return EVERYONE[protocol.SUPERSEDED]
    state, code = step["state"], step.get("reason_code") or ""
    if state == protocol.ATTENTION or by_hand(step):
        return (_stopped(code, cancelled, standing), "red" if state == protocol.ATTENTION else "orange")
    if state == protocol.HELD:
        return (ASKED.get(code) or _waits(code), "orange")
    if state == protocol.PENDING and code == BATCH:
        return (_("Goes to Xero with the next batch"), "orange")
    if state == protocol.PENDING and code == "waiting-approval":
        return (WAITING_APPROVAL, "orange")
    if state == protocol.SYNCED:
        return _done(step, cancelled, standing)
    if state == protocol.SKIPPED:
        if code in (BY_RULE, FOLLOWS) and step.get("rule"):
            return (_("Not sent to Xero: rule {rule}").format(rule=plain(step["rule"])), "grey")
        return (NOT_SENT.get(code, EVERYONE[state][0]), "grey")
    return EVERYONE[state]


def _done(step: dict[str, Any], cancelled: bool, standing: str | None) -> tuple[Text, str]:
    if cancelled:
        return (_("Cancelled in Xero too"), "green")
    if warns(step):
        return WARNED
    return (AS_IT_STANDS.get(standing or "", EVERYONE[protocol.SYNCED][0]), "green")


def _stopped(code: str, cancelled: bool, standing: str | None) -> Text:
    """What waits for a person to see to it; where the document is in Xero all the same, that is said."""
    if cancelled:
        return _("Not cancelled in Xero yet: accounts has been told")
    if code == GONE_FROM_XERO:
        return _("No longer in Xero: accounts has been told")
    return EVERYONE[protocol.ATTENTION][0] if standing is None else _("In Xero, but not as it is here: accounts has been told")


def _waits(code: str) -> Text:
    kinds = [cause.kind for cause in causes.of(code)]
    return WAITS.get(kinds[0], EVERYONE[protocol.HELD][0])


def record(endpoint: str, doctype: str) -> Text:
    """What Xero calls the record at `endpoint` that a document of this doctype became."""
    return object_at(endpoint).called(doctype)


def deep_link(short_code: str, endpoint: str, doctype: str, xero_id: str) -> str:
    """The address of a record's page in Xero, by the organisation's short code; "" where there is no such page.

    `xero_id` is the record's id; for an over- or prepayment that of its bank transaction.
    """
    page = object_at(endpoint).page(doctype)
    return DEEP_LINK.format(code=short_code, page=page, id=xero_id) if short_code and page and xero_id else ""


# What each part of a document becomes, where nothing was made of it yet.
PARTS = {
    "contact": _("Contact"),
    "credit": _("Credit note"),
    "journal": _("Manual journal"),
    "payment": _("Payment"),
    "allocation": _("Credit applied"),
    "fee": _("Spend money"),
    "clearing": _("Money between two currencies"),
    "writeoff": _("Credit note over what is written off"),
    "release": _("Manual journal of a deferred amount"),
    REVERSAL: _("Credit note in the open period"),
    "merged": _("Contact after a merge"),
    "update": _("Changed contact"),
}


def of_role(text: str, doctype: str) -> Text:
    """What a step is about, in words: the record it would make of a document of this doctype, or what it looks after."""
    its = role(text)
    if its.takes_back:
        return _("Taking back what is in Xero")
    if its.looks_again or its.sends_again:
        return _("Looking at it in Xero")
    if its.is_extra:
        return extra(text)
    if its.part == "invoice":
        return _("Bill") if doctype == "Purchase Invoice" else _("Invoice")
    return PARTS.get(its.part) or _("Record")


def of_extra(step: dict[str, Any]) -> Text:
    """Where the step of a note or file stands. What is done is said of it, since all that stands beside it is in Xero, too."""
    if step["state"] != protocol.SYNCED:
        return OPERATOR[step["state"]]
    return _("Attached to the record") if step["role"].startswith("attachment") else _("Written into the history of the record")


def extra(role: str) -> Text:
    """What the step of a note or file adds, in words."""
    if role.startswith("attachment"):
        return _("PDF") if role == "attachment-print" else _("File")
    return _("Note that it was cancelled") if role.startswith("note-cancel") else _("Note")
