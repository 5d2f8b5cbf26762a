"""Releasing what waited for something that has changed since: every minute, and at the beginning of every run, which saving a choice starts.

What is released is asked of the database, whoever changed it and by whatever way: the looks of the causes (engine/cures.py) are compared
with those that were seen when they were written. Rows are read in pages and moved one by one by primary key, each page committed, so any
number of documents and workers may be at it. A released step is decided anew; what still stands in its way is written with the look it has
now, so that nothing goes round in circles.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import frappe

from ..accounting import causes as kinds_of
from ..accounting.causes import Cause
from ..accounting.texts import Text, _, joined
from ..compat import let_pass
from ..documents.entered_there import CODE as LISTED_THERE_TOO
from ..documents.history.coded import CODE as PERHAPS_CODED
from ..documents.history.entered import CODE as PERHAPS_ENTERED
from ..documents.money import MONEY_HELD
from ..documents.periods import BEFORE_CONVERSION, TAX_FILED
from ..documents.settlement.entered_too import CODE as ENTERED_THERE_TOO
from ..documents.step import HELD, PENDING, SKIPPED
from ..documents.typed_there import CODE as TYPED_THERE_TOO
from . import causes, full_names, log, outbox, trials
from .clock import now
from .cures import Cures

# Steps in one transaction; keys that are compared together, and how often a minute for each kind.
PAGE, KEYS, KEY_PAGES = 100, 500, 10
SECONDS = 15
SAVEPOINT = "picortex_xero_release"
MONEY = Cause(kinds_of.MONEY)
# Why a person was asked.
LATE = {
    TAX_FILED: _("tax is filed for its period, so Xero puts it into a later return as a late claim"),
    BEFORE_CONVERSION: _("it is dated before the books in Xero begin"),
    PERHAPS_CODED: _("it is other money than what Xero has from the bank feed"),
    PERHAPS_ENTERED: _("it is another one than what Xero has of its day and amount"),
    ENTERED_THERE_TOO: _("it is other money than what was entered in Xero"),
    LISTED_THERE_TOO: _("it is another one than what was entered in Xero"),
    TYPED_THERE_TOO: _("it is another one than what was entered in Xero"),
}
# In spite of what Xero may have already.
PERHAPS_THERE = frozenset({PERHAPS_CODED, PERHAPS_ENTERED, ENTERED_THERE_TOO, LISTED_THERE_TOO, TYPED_THERE_TOO})
CHANGED = _("What it waited for has changed: it is decided anew")
TRIED = _("Xero may take it now: it is tried again")


def release(connection: str, seconds: float = SECONDS) -> int:
    """Release what waits for causes that are cured, for so many seconds at most; returns how many steps. A failure is logged and keeps
    nothing from being sent. Commits."""
    try:
        return _release(connection, time.monotonic() + seconds)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: what waits at {connection} could not be looked at; the next minute tries again"[:140])
        frappe.db.commit()
        return 0


def _release(connection: str, stop: float) -> int:
    open_kinds = [kind for kind in causes.kinds(connection) if kind != kinds_of.RECIPE]
    tried, after = trials.known(connection)
    still: dict[str, trials.Trial] = {}
    freed = 0
    if open_kinds:
        # A new transaction: what is compared is as new as can be.
        frappe.db.commit()
        known = Cures(connection)
        for kind in open_kinds:
            freed += _of_kind(connection, kind, known, after, stop)
            if kind in kinds_of.TRIED:
                freed += _try(connection, kind, tried, still, stop)
    trials.keep(connection, still, {kind: key for kind, key in after.items() if kind in open_kinds})
    frappe.db.commit()
    return freed


def of_cause(connection: str, cause: Cause, code: str = "", seconds: float = SECONDS) -> int:
    """A person says that one cause is cured: release all steps that wait for it now (with this problem, where `code` is given). Returns how
    many; those for which the time did not suffice still wait. Commits."""
    said = _("{user} pressed Retry").format(user=full_names.mine())
    return _free(connection, cause, time.monotonic() + seconds, said, until=str(now()), code=code, by_hand=True)


def money(connection: str, as_of: datetime | None = None, seconds: float = SECONDS) -> int:
    """A person says that all money may go that waits now (documents/money), or that waited when he read it (`as_of`, UTC): what came after that he has
    not seen. Returns how many steps; those for which the time did not suffice still wait. Commits."""
    stop = time.monotonic() + seconds
    return _free(
        connection, MONEY, stop, released_text(), until=str(min(as_of or now(), now())), code=MONEY_HELD, by_hand=True, fields=released()
    )


def money_of(steps: list[outbox.Row]) -> int:
    """The same of these steps of one document. Part of the caller's transaction."""
    moved = [each for each in steps if waits_for_release(each) and outbox.decide_anew(each, **released())]
    for each in moved:
        log.write(each["connection"], each["company"], outbox.identity(each), "Chosen", released_text())
    return len(moved)


def waits_for_release(step: outbox.Row) -> bool:
    """Whether a step waits until a person lets its money go."""
    return bool(step["state"] == HELD and step["reason_code"] == MONEY_HELD)


def late_of(steps: list[outbox.Row], makes: Callable[[outbox.Row], bool]) -> int:
    """A person sends all the same what is dated in a closed period (documents/periods), or may be in Xero already (documents/history/coded, entered): these steps of one document, those that wait for that and, so that
    they are not asked about one by one, its others that are to be made (`makes`). Returns how many waited. Part of the caller's transaction."""
    waiting = [each for each in steps if waits_for_period(each)]
    codes = {code for each in waiting for code in periods_of(each)}
    said = _("{user} sends it all the same: {why}").format(
        user=full_names.mine(), why=joined("; ", [why for code, why in LATE.items() if code in codes])
    )
    moved = 0
    for each in waiting:
        if outbox.decide_anew(each, **late(codes | set((each["late_for"] or "").split()))):
            log.write(each["connection"], each["company"], outbox.identity(each), "Chosen", said)
            moved += 1
    for each in steps if moved else ():
        if each["state"] == PENDING and makes(each):
            outbox.set_columns(each, **late(codes | set((each["late_for"] or "").split())))
    return moved


def waits_for_period(step: outbox.Row) -> bool:
    """Whether a step waits until a person sends it all the same, or leaves it out."""
    return bool(step["state"] == HELD and periods_of(step))


def late_question(steps: Iterable[outbox.Row]) -> str:
    """What a person is asked before these steps go all the same: "period", or "bank" where Xero may have them, and that is all; "" where none waits for it."""
    codes = {code for each in steps for code in periods_of(each)}
    return "" if not codes else "bank" if codes <= PERHAPS_THERE else "period"


def periods_of(step: outbox.Row) -> list[str]:
    """Why a person was asked whether to send a step all the same, as codes of LATE: it may be several."""
    if step["state"] != HELD or step["reason_code"] not in LATE:
        return []
    return [code for code in LATE if code in {row["code"] for row in causes.of_steps([step["name"]])}]


def late(codes: Iterable[str]) -> dict[str, Any]:
    """The columns that say who sends a step all the same, when (UTC), and in spite of what."""
    return {"late_by": frappe.session.user, "late_at": now(), "late_for": " ".join(sorted(codes))}


def released() -> dict[str, Any]:
    """The columns that say who lets the money of a step go, and when (UTC)."""
    return {"released_by": frappe.session.user, "released_at": now()}


def released_text() -> Text:
    """The same as a line of the history."""
    return _("{user} released it: its money may go to Xero").format(user=full_names.mine())


def _of_kind(connection: str, kind: str, known: Cures, after: dict[str, str], stop: float) -> int:
    """Compare the looks of all keys of a kind, from where the last search ended."""
    freed, last = 0, after.pop(kind, None)
    for _page in range(KEY_PAGES):
        rows = causes.looks(connection, kind, last, KEYS)
        if len(rows) == KEYS and rows[0]["cause_key"] != rows[-1]["cause_key"]:
            # The last key may have further looks: it comes first in the next page.
            rows = [row for row in rows if row["cause_key"] != rows[-1]["cause_key"]]
            whole = False
        else:
            whole = True
        looks = known.looks(Cause(kind, row["cause_key"]) for row in rows)
        for row in rows:
            cause = Cause(kind, row["cause_key"])
            if row["look"] != looks[cause]:
                # What waited for a batch by a rule waits for the next one, if any, by what is ruled now.
                anew = {"not_before": None} if kind == kinds_of.RULES else None
                freed += _free(connection, cause, stop, CHANGED, look=row["look"], newest=looks[cause], fields=anew, chosen=False)
            if time.monotonic() > stop:
                # This key may not be done: the next search begins with it.
                after.update({} if last is None else {kind: last})
                return freed
            last = row["cause_key"]
        if whole:
            return freed
        after[kind] = last or ""
    return freed


def _free(
    connection: str,
    cause: Cause,
    stop: float,
    said: Text,
    look: str | None = None,
    newest: str = "",
    until: str = "",
    code: str = "",
    by_hand: bool = False,
    fields: dict[str, Any] | None = None,
    chosen: bool = True,
) -> int:
    """Release the steps of one cause, page by page: those with this `look`, or those that wait since before `until`; `fields` are columns that they
    get; `chosen`: since a person said so. Commits."""
    freed, last, limit = 0, "", trials.moment(until) if until else None
    while time.monotonic() <= stop:
        rows = causes.page(connection, cause, PAGE, look, limit, code, last)
        steps = {step["name"]: step for step in outbox.named([row["step"] for row in rows])}
        gone, stay = [], []
        for row in rows:
            step = steps.get(row["step"])
            if step is None or step["state"] not in (*causes.WAITING, SKIPPED):
                gone.append(row["name"])
            elif step["kept_by"] and not by_hand:
                # Xero may have a record of it: only a person has it looked at again.
                stay.append(row["name"])
            else:
                freed += _one(connection, step, said, stay, row["name"], fields or {}, "Chosen" if fields and chosen else "Retry")
        causes.remove(gone)
        if look is not None:
            causes.saw(stay, newest)
        frappe.db.commit()
        if len(rows) < PAGE:
            break
        last = rows[-1]["name"]
    return freed


def _one(connection: str, step: outbox.Row, said: Text, stay: list[str], name: str, fields: dict[str, Any], event: str) -> int:
    """Release one step; one whose release fails stays, and the others go on."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        if not outbox.decide_anew(step, **fields):
            return 0
        log.write(connection, step["company"], outbox.identity(step), event, said)
        return 1
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: {step['reference_name']} could not be released: Retry decides it anew"[:140])
        stay.append(name)
        return 0


def _try(connection: str, kind: str, tried: dict[str, trials.Trial], still: dict[str, trials.Trial], stop: float) -> int:
    """Go on with the trials of one kind; `still` collects those that go on."""
    freed = 0
    for key in dict.fromkeys(row["cause_key"] for row in causes.looks(connection, kind, None, KEYS * KEY_PAGES)):
        cause = Cause(kind, key)
        trial = tried.get(trials.name(cause)) or trials.first(connection, cause)
        trials.follow(trial, cause)
        if trial.passed:
            freed += _free(connection, cause, stop, CHANGED, until=trial.passed)
            if time.monotonic() <= stop:
                # All are released; what has been refused since then waits for a trial of its own.
                continue
        elif row := trials.start(connection, trial, cause):
            freed += 1
            log.write(connection, row["company"], outbox.identity(row), "Retry", TRIED)
        still[trials.name(cause)] = trial
    frappe.db.commit()
    return freed
