"""Why a report could not be read, in words that say what to do; and whether that passes by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..accounting.texts import Text, _
from ..xero import answers
from ..xero.answers import Answer

OFF, NOT_CONNECTED, SCOPE, RIGHTS, LIMITED, USED_UP, FEW_LEFT = "off", "not-connected", "scope", "rights", "limited", "used-up", "few-left"
DOWN, REFUSED, WITHDRAWN, UNREADABLE, SIGN_IN = "down", "refused", "withdrawn", "unreadable", "sign-in"
# These are asked about again once a day: before that only a person changes something.
BY_A_PERSON = (RIGHTS, REFUSED, WITHDRAWN, UNREADABLE)
BY_ITSELF = _("Nothing is to be done: it is read again by itself")


@dataclass(frozen=True)
class Failure:
    """`code`: one of those above; `why`: what is wrong; `cure`: what to do."""

    code: str
    why: Text
    cure: Text

    @property
    def by_a_person(self) -> bool:
        """Whether only a person changes it."""
        return self.code in BY_A_PERSON


def off() -> Failure:
    """The company has not chosen that reports are read."""
    return Failure(
        OFF,
        _("Xero's reports are not read for this company"),
        _("A Xero Admin ticks Read Xero's Reports on the Xero Connection, then presses Give More Permissions"),
    )


def not_connected() -> Failure:
    """The connection is paused or was ended."""
    return Failure(
        NOT_CONNECTED, _("The connection to Xero is stopped"), _("A Xero Admin opens the Xero Connection and does what it says there")
    )


def scope(report: Text) -> Failure:
    """The consent lacks the permission of this report."""
    return Failure(
        SCOPE,
        _("Xero was not asked yet whether {report} may be read").format(report=report),
        _("A Xero Admin presses Give More Permissions on the Xero Connection and allows it at Xero"),
    )


def limited(why: Text) -> Failure:
    """Xero takes no requests for a while; `why`: what it says."""
    return Failure(LIMITED, why or _("Xero takes no more requests for a while"), BY_ITSELF)


def used_up(spent: int, a_day: int) -> Failure:
    """The day's share of requests for reports is used up."""
    return Failure(
        USED_UP,
        _("The requests to Xero that reports may make in a day are used up ({spent} of {most})").format(spent=str(spent), most=str(a_day)),
        _("They come back during the next 24 hours; it is read again by itself then"),
    )


def few_left() -> Failure:
    """Xero has so few requests left that documents go first."""
    return Failure(FEW_LEFT, _("Xero takes few more requests today, and documents go first"), BY_ITSELF)


def unreadable(said: str) -> Failure:
    """The answer is no report as Xero publishes it."""
    return Failure(
        UNREADABLE,
        _("What Xero answered cannot be read as this report ({said})").format(said=said[:200]),
        _("Try it again; if it stays so, write to whoever supports this app"),
    )


def sign_in(why: Text, cure: Text) -> Failure:
    """There is no token."""
    return Failure(SIGN_IN, why, cure)


def of(answer: Answer, report: Text) -> Failure | None:
    """What an answer that is no 200 means; None for a 200."""
    if answer.status == 200:
        return None
    verdict = answers.judge(answer)
    if verdict.kind == answers.PARK:
        return limited(_("Xero takes no more requests for a while: its limit is reached"))
    if verdict.kind == answers.SHUT and verdict.problem:
        if not answers.only_this_call(answer):
            return Failure(WITHDRAWN, verdict.problem.message, verdict.problem.resolution)
        if answer.status == 401:
            return scope(report)
    if answer.status in (401, 403):
        return Failure(
            RIGHTS,
            _("Xero does not show reports to the user who signed in"),
            _(
                "Tick Reports for that user in Xero (Settings, Users), or press Reconnect (in the menu Connection) and sign in as somebody who may see them"
            ),
        )
    if answer.status == 0 or answer.status >= 500 or answer.status in (408, 499):
        return Failure(DOWN, _("Xero does not answer ({said})").format(said=str(answer.status or answer.failure)), BY_ITSELF)
    return Failure(
        REFUSED,
        _("Xero did not make this report: {said}").format(said=answers.said(answer)),
        _("Try it again; if it stays so, write to whoever supports this app"),
    )
