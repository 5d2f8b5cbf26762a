"""Reading Xero's trial balance of a day outside a run: the balances by account, or in words why not. Calls of engine/direct; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..accounting.texts import Text, _, day
from ..connection import permissions
from ..xero import answers, scopes, trial_balance
from ..xero.answers import Answer
from ..xero.client import Request
from . import day_calls


@dataclass(frozen=True)
class NotRead:
    """Why it was not read, and what to do. `asks`: only the permission at Xero is missing; `passes`: nothing is missing, and it may be tried again."""

    why: Text
    cure: Text
    asks: bool = False
    passes: bool = False


def may_read(doc: Any) -> NotRead | None:
    """Why it is not even asked for: nobody has allowed it yet. None where it is."""
    if scopes.TRIAL_BALANCE in permissions.lacks(doc.name) or not doc.read_trial_balance:
        return NotRead(
            _("Xero was not asked yet whether the trial balance may be read"),
            _("Press Allow Trial Balance, and allow it at Xero; then press Check Again"),
            True,
        )
    return None


def read(doc: Any, calls: Callable[[Request], Answer], at: str) -> trial_balance.Balances | NotRead:
    """The balances at the end of a day (yyyy-mm-dd) of a Xero Connection. Commits. Raises tokens.Trouble."""
    answer = calls(Request("GET", f"{trial_balance.PATH}?date={at}"))
    day_calls.REPORTING.spend(doc.name, 1)
    verdict = answers.judge(answer)
    if verdict.kind == answers.SHUT and verdict.problem and not answers.only_this_call(answer):
        return NotRead(verdict.problem.message, verdict.problem.resolution)
    if answer.status == 401 and verdict.kind == answers.SHUT:
        return NotRead(
            _("Xero was not asked yet whether the trial balance may be read"),
            _("Press Allow Trial Balance, and allow it at Xero; then press Check Again"),
            True,
        )
    if answer.status in (401, 403):
        return NotRead(
            _("Xero does not show reports to the user who signed in"),
            _(
                "Tick Reports for that user in Xero (Settings, Users), or press Reconnect (in the menu Connection) and sign in as somebody who may see them"
            ),
        )
    if answer.status != 200:
        return NotRead(
            _("Xero does not answer ({said})").format(said=str(answer.status or answer.failure)),
            _("Nothing was changed. Press Check Again in a moment"),
            passes=True,
        )
    try:
        return trial_balance.balances(answer.data)
    except trial_balance.NotReadable as error:
        return NotRead(
            _("Xero's trial balance of {day} cannot be read ({said})").format(day=day(at), said=str(error)[:200]),
            _("Try it again; if it stays so, write to whoever supports this app"),
        )
