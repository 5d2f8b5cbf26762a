"""What an answer from Xero means: for the whole request, and for each element in it.

A write whose error is not known here is never sent again blindly. Sources: Xero's documentation ("Limits", "Idempotency", "Response
codes"). The known error texts and what each leads to are in errors.json; what a person does about them is in resolutions.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.problems import LONGEST_SHOWN, MOST_SHOWN, Problem
from ..accounting.texts import Text, _, joined, plain, shortened
from .resolutions import RESOLUTIONS

# Seconds: Xero's longest limit is that of a day (Xero's documentation, "Limits"), plus an hour for clocks that differ. An answer
# that asks for a longer wait is not believed.
LONGEST_WAIT = 25 * 3600

# Verdicts on a whole request
ELEMENTS = "elements"  # look at each element
SPLIT = "split"  # nothing was written: send the members in smaller batches
RELEASE = "release"  # nothing was written: send again later
PARK = "park"  # nothing was written: a limit of calls is used up for a while
EXPIRED = "expired"  # nothing was written: refresh the token once
SHUT = "shut"  # nothing was written: the connection itself is refused
REPLAY = "replay"  # may be written: sending the same bytes under the same key tells
PROBE = "probe"  # may be written, and the key cannot tell: Xero's lists are read


@dataclass(frozen=True)
class Answer:
    """What came back for one request. `status` is the HTTP status, or 0 without an answer; `failure` is then "unsent" or "lost"."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    data: Any = None
    text: str = ""
    failure: str = ""

    def header(self, name: str) -> str:
        """The value of a header, in whatever case its name is given; "" where there is none."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True)
class Verdict:
    """What a whole answer means; `wait` is in seconds, where Xero names a time or its limits do; `limit` is what Xero calls the limit of calls
    that is used up."""

    kind: str
    wait: int = 0
    problem: Problem | None = None
    limit: str = ""


def judge(answer: Answer) -> Verdict:
    """What an answer to a write means for the whole request."""
    status = answer.status
    if status == 0:
        return Verdict(RELEASE, 60) if answer.failure == "unsent" else Verdict(REPLAY)
    if status in (200, 201, 204):
        return Verdict(ELEMENTS) if isinstance(answer.data, dict) else Verdict(REPLAY)
    if status == 400:
        return _judge_400(answer)
    if status == 401:
        return _judge_401(answer)
    if status == 403:
        return Verdict(SHUT, problem=access_withdrawn() if _no_access(answer) else organisation_refused(said(answer)))
    if status == 404:
        return Verdict(
            SPLIT,
            problem=Problem(
                "not-in-xero",
                _("Xero no longer has this record"),
                _("Look for it in Xero; if it was removed there on purpose, nothing is left to do"),
            ),
        )
    if status in (413, 414):
        return Verdict(SPLIT, problem=Problem("too-large", _("The document is too large for Xero"), _("Split it into smaller documents")))
    if status == 429:
        return Verdict(PARK, _limit_wait(answer), limit=answer.header("x-rate-limit-problem"))
    if status in (502, 503, 504):
        return Verdict(REPLAY)
    if status >= 500:
        # Xero stores an internal error under the key and would only repeat it (Xero's documentation, "Idempotency").
        return Verdict(PROBE)
    if 400 <= status < 500 and status not in (408, 499):
        return Verdict(SPLIT, problem=_unknown(answer))
    # Any other status (a time-out, a redirect, 202) does not prove that nothing was written.
    return Verdict(PROBE)


def _judge_400(answer: Answer) -> Verdict:
    text = said(answer)
    if "is used with a different request" in text:
        return Verdict(PROBE)
    if isinstance(answer.data, dict) and answer.data.get("Elements"):
        return Verdict(ELEMENTS)
    return Verdict(SPLIT, problem=_unknown(answer))


def _judge_401(answer: Answer) -> Verdict:
    if "insufficient_scope" in answer.header("www-authenticate"):
        return Verdict(
            SHUT,
            problem=Problem(
                "scope-missing",
                _("Xero says the connection lacks a permission"),
                _("Press Reconnect on the Xero Connection and give the missing permission at Xero; what waits then goes out by itself"),
            ),
        )
    return Verdict(EXPIRED)


def access_withdrawn() -> Problem:
    """Xero does not let this app into the organisation any more: it was disconnected there, or the organisation is gone."""
    return Problem(
        "access-withdrawn",
        _("Xero no longer lets this app into the organisation: it was disconnected in Xero, or whoever signed in has no access any more"),
        _(
            "Press Reconnect on the Xero Connection and sign in at Xero as somebody with access to the organisation; what waits then goes out by itself. Where Xero has reset a demo company, or the books moved, choose the new organisation there"
        ),
    )


def organisation_refused(words: str) -> Problem:
    """Xero refuses the organisation for a reason of its own."""
    return Problem(
        "organisation-refused",
        _("Xero refuses this organisation: {answer}").format(answer=words),
        _(
            "Check in Xero that the organisation is active and that whoever signed in may use it, then press Reconnect on the Xero Connection"
        ),
    )


def only_this_call(answer: Answer) -> bool:
    """Whether a refusal (SHUT) is only about this call (a missing permission, or a user's role that is too low), not about the
    organisation.

    A missing or disconnected organisation gives "AuthenticationUnsuccessful" (Xero's documentation); a missing permission gives 401, and a
    role that is too low 403 with other words (error E087 in sandbox/xero/data/errors.json).
    """
    return answer.status == 401 or (answer.status == 403 and not _no_access(answer))


def _no_access(answer: Answer) -> bool:
    """Whether Xero says that the organisation is not connected to the app (any more)."""
    return "AuthenticationUnsuccessful" in said(answer)


def _limit_wait(answer: Answer) -> int:
    """Seconds to wait after a 429. Xero sends Retry-After with its minute and day limits only, in whole seconds. HTTP also allows a date
    there, which counts from the answer's own Date."""
    given = answer.header("retry-after").strip()
    seconds = whole_number(given.partition(".")[0]) if given else None
    if seconds is None:
        seconds = _seconds_until(given, answer.header("date"))
    if seconds is not None:
        return min(seconds + 1, LONGEST_WAIT)
    limit = answer.header("x-rate-limit-problem").lower()
    # Without a time, the day's limit is asked about four times an hour.
    return 5 if "concurrent" in limit else 900 if "day" in limit else 60


def said_at(answer: Answer) -> datetime | None:
    """When Xero says that it answered (the Date header, UTC without time zone); None where it does not say, or the date is impossible."""
    try:
        said_then = parsedate_to_datetime(answer.header("date"))
        return said_then.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, TypeError, OverflowError):
        return None


def whole_number(text: str) -> int | None:
    """A header's number in plain digits, of any length; None for anything else."""
    text = text.strip()
    return min(int(text.lstrip("0")[:12] or "0"), 10**9) if text.isascii() and text.isdigit() else None


def _seconds_until(then: str, date: str) -> int | None:
    try:
        wait = parsedate_to_datetime(then) - parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(int(wait.total_seconds()), 0)


def said(answer: Answer) -> str:
    """Xero's own words in an answer, as short as possible."""
    if isinstance(answer.data, dict):
        for key in ("Detail", "Message", "error_description", "error", "Title"):
            if answer.data.get(key):
                return str(answer.data[key])[:500]
    return (answer.text or answer.failure or f"HTTP {answer.status}")[:500]


def _unknown(answer: Answer) -> Problem:
    return Problem(
        "xero-refused",
        _("Xero did not accept this: {answer}").format(answer=said(answer)),
        _("Read what Xero says, correct the document or the mapping, then press Retry"),
    )


def element_errors(element: dict[str, Any]) -> list[str]:
    """Every validation message of one element and of what it contains."""
    said = element.get("ValidationErrors") or []
    messages = [_message(error) for error in (said if isinstance(said, list) else [said])]
    for value in element.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                messages += element_errors(child)
    return list(dict.fromkeys(message for message in messages if message))


def _message(error: Any) -> str:
    """The words of one validation error, in whatever shape it comes."""
    words = error.get("Message") if isinstance(error, dict) else error
    return words if isinstance(words, str) else ""


@dataclass(frozen=True)
class Refusal:
    """Why Xero refused one element: the move of its step ("refused", "hold", "release" or "exists") and the problem."""

    event: str
    problem: Problem


GRAVITY = ("refused", "hold", "exists", "release")


def refusal(messages: list[str]) -> Refusal:
    """The gravest meaning of an element's messages. An unknown message is grave, and all of Xero's words are stored."""
    words = _words(messages)
    known = [_known(message) for message in messages] or [None]
    why = tuple(dict.fromkeys(cause for entry, message in zip(known, messages) if entry for cause in _causes(entry, message)))
    if None in known:
        # What nobody knows is a person's, whatever else is said: a write is never sent again on a guess.
        why = (Cause(causes.RECIPE),)
    events = ["refused" if entry is None else entry["event"] for entry in known]
    event = min(events, key=GRAVITY.index)
    entry = known[events.index(event)]
    if entry is None:
        return Refusal(
            "refused",
            Problem(
                "xero-refused",
                _("Xero did not accept this: {words}").format(words=words),
                _("Read what Xero says, correct the document or the mapping, then press Retry"),
            ),
        )
    resolution = RESOLUTIONS.get(entry["code"], Text(""))
    return Refusal(event, Problem(entry["code"], _("Xero says: {words}").format(words=words), resolution, held=event == "hold", causes=why))


def _words(messages: list[str]) -> Text:
    """Xero's messages as one text: the first ones, with the number of the others."""
    shown = [shortened(plain(message), LONGEST_SHOWN) for message in messages[:MOST_SHOWN]]
    more = len(messages) - MOST_SHOWN
    return joined(" / ", [*shown, *([_("{count} more").format(count=more)] if more > 0 else [])]) if shown else _("no reason given")


def _causes(entry: dict[str, Any], message: str) -> list[Cause]:
    """What has to change before Xero takes it: the kinds of the error's code, and where Xero names the account, tax type or currency, that
    one alone."""
    named = [Cause(kind, found.group(1)) for kind, pattern in entry.get("keys", ()) if (found := re.search(pattern, message))]
    return named or list(causes.KINDS.get(entry["code"], ()))


def _known(message: str) -> dict[str, Any] | None:
    folded = _fold(message)
    return next((entry for entry in _table() if _fold(entry["part"]) in folded), None)


def _fold(text: str) -> str:
    return text.casefold().replace("’", "'").replace("“", '"').replace("”", '"').strip(" .!")


@lru_cache
def _table() -> list[dict[str, Any]]:
    return list(json.loads(files(__package__).joinpath("errors.json").read_text()))
