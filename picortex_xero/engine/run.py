"""One run for one organisation: claim steps, build requests, seal, send and record them, until nothing is due or the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _, term
from ..attention import notifications
from ..compat import let_pass, lost_race, out_of_time
from ..connection import pauses, settings
from ..connection.tokens import NotNow, ReconnectNeeded
from ..documents.base import Plan
from ..documents.needs import Facts
from ..inbound import reader
from . import (
    attempts,
    candidates,
    clock,
    contexts,
    cures,
    fresh_lists,
    heartbeat,
    history,
    history_budget,
    history_claim,
    leases,
    limits,
    outbox,
    reading,
    record,
    recover,
    release,
    renames,
    restored,
    seal,
    send,
    sent_and_cancelled,
    tax_stops,
)
from .answered import record_and_follow_up
from .apply import apply, supersede
from .clock import now
from .contexts import Context
from .gather import DueStep, decide, gather
from .leases import Lease
from .planned_step import PlannedStep, planned, unexpected
from .round_batches import BATCHES, by_and_by, fits, is_full
from .wake import wake

RUN_SECONDS = 180
CANDIDATES = 400
EXTRA_CANDIDATES = 20
SAVEPOINT = "picortex_xero_claim"
RACES = 3


def run(connection: str) -> None:
    """Send everything that is due for one connection. Safe to call at any time, from any number of workers: a lost race (deadlock) or the
    queue's time limit ends the run and is no error."""
    try:
        if not _run(connection):
            return
    except Exception as error:
        if not lost_race(error) and not out_of_time(error):
            raise
        # Another worker was faster, or the time is up: the next run does what is still due.
        frappe.db.rollback()
    if limits.may_send(connection) and _due(connection):
        # Steps were committed after the last look, or there was more than one run can do.
        wake(connection)


def _run(connection: str) -> bool:
    """One run under the lease; False where there is nothing to run or another worker holds the lease."""
    clock.synchronise()
    heartbeat.beat(connection)
    if not limits.may_send(connection):
        return False
    # What a person has just chosen releases what waited for it, and goes in this run.
    release.release(connection)
    with cures.before(connection):
        return _with_lease(connection)


def _with_lease(connection: str) -> bool:
    context = contexts.load(connection)
    if context is None:
        return False
    lease = leases.acquire(connection)
    if lease is None:
        return False
    try:
        _rounds(context, lease)
    except send.LeaseLost:
        # Another worker is the sender now.
        frappe.db.rollback()
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        record.stop(context, interrupted.verdict)
    except NotNow as error:
        frappe.db.rollback()
        _without_token(connection, error.problem)
        frappe.db.commit()
    except ReconnectNeeded as error:
        frappe.db.rollback()
        _pause(connection, error.problem)
    finally:
        frappe.db.rollback()
        _in_spite_of_races(lambda: recover.orphans(lease, ending=True))
        _in_spite_of_races(lease.release)
        _in_spite_of_races(lambda: notifications.tell(connection))
    return True


def _in_spite_of_races(ending: Callable[[], None]) -> None:
    """Try a few times what ends a run. Where it fails each time, the lease runs out by itself and the next holder cleans up."""
    for _again in range(RACES):
        try:
            return ending()
        except Exception as error:
            frappe.db.rollback()
            if not lost_race(error):
                raise


def _rounds(context: Context, lease: Lease) -> None:
    if not _same_site(context.connection):
        return
    stop = time.monotonic() + RUN_SECONDS
    recover.orphans(lease)
    context.renew_token()
    if not restored.may_create(context, lease):
        return
    recover.unresolved(context, lease)
    tax_stops.tell(context.connection)
    reader.read(context, lease)
    while time.monotonic() < stop and limits.may_send(context.connection):
        if not fresh_lists.before_the_round(context, lease):
            return
        batches = claim(context, lease)
        if not batches:
            return
        with limits.counting() as made:
            _deliver(context, lease, batches)
        rows = [each.row for batch in batches for each in batch]
        if history_claim.all_below(rows):
            history_budget.spend(context.connection, made.calls)
            if runs := [row["history_run"] for row in rows if row["history_run"]]:
                history.count_calls(min(runs), made.calls)
            frappe.db.commit()


def _deliver(context: Context, lease: Lease, batches: list[list[PlannedStep]]) -> None:
    """Look at Xero for what was claimed, seal and send it, and write down what is answered. Commits."""
    context.renew_token()
    if not fresh_lists.before_sending(context, lease, batches):
        return
    sealed = seal.build(context, lease, batches)
    # What was read for these has taken calls of this minute, too.
    room = limits.minute_room(context.connection, len(sealed))
    for attempt in sealed[room:]:
        recover.give_up(attempt)
    sealed = sealed[:room]
    record_and_follow_up(context, lease, zip(sealed, send.deliver(context, lease, sealed)))
    tax_stops.tell(context.connection)


def claim(context: Context, lease: Lease) -> list[list[PlannedStep]]:
    """Up to four batches, each of one kind of request, of which no two touch the same documents. Steps are claimed row by row by primary
    key; notes and files only where nothing else can go, and what an import of history brings or an undo takes back only after these. Commits."""
    frappe.db.commit()
    batches: list[list[PlannedStep]] = []
    taken: set[str] = set()
    seen: set[str] = set()
    # Twice: deciding about an invoice may have added the step of its contact, which can go at once.
    for _again in range(2):
        rows = [row for row in history_claim.of_live(context.connection, CANDIDATES) if row["name"] not in seen]
        seen |= {row["name"] for row in rows}
        for some in by_and_by(rows):
            if not _full(batches):
                _claim_ready(context, lease, some, batches, taken)
    if not batches and limits.to_spare(context.connection):
        _claim_ready(context, lease, outbox.due(context.connection, now(), EXTRA_CANDIDATES, extra=True), batches, taken)
    if not batches:
        found = history_claim.batches(context.connection, lambda rows: _ready(context, lease, rows))
        batches = [[each for each in batch if _claimed(lease, each)] for batch in found]
    frappe.db.commit()
    return [batch for batch in batches if batch]


def _full(batches: list[list[PlannedStep]]) -> bool:
    return len(batches) == BATCHES and all(is_full(batch) for batch in batches)


def _claim_ready(context: Context, lease: Lease, rows: list[outbox.Row], batches: list[list[PlannedStep]], taken: set[str]) -> None:
    """Claim those of these steps that are ready."""
    for case, facts in _gathered(context, rows):
        _add_to_batch(context, lease, case, facts, batches, taken)


def _ready(context: Context, lease: Lease, rows: list[outbox.Row]) -> list[PlannedStep]:
    """Those of these steps that are ready, none of them claimed yet."""
    found = [_claimable(context, lease, case, facts) for case, facts in _gathered(context, rows)]
    return [each for each in found if each]


def _gathered(context: Context, rows: list[outbox.Row]) -> Iterator[tuple[DueStep, Facts]]:
    """These steps with their facts. One whose facts cannot be gathered is found by halving and goes to a person; the others go on."""
    if not rows:
        return
    facts = Facts()
    try:
        cases = gather(context.books, rows, facts)
    except Exception as error:
        let_pass(error)
        if len(rows) == 1:
            unexpected(rows[0])
            return
        middle = len(rows) // 2
        yield from _gathered(context, rows[:middle])
        yield from _gathered(context, rows[middle:])
        return
    yield from ((case, facts) for case in cases)


def _add_to_batch(context: Context, lease: Lease, case: DueStep, facts: Facts, batches: list[list[PlannedStep]], taken: set[str]) -> None:
    """Claim one due step into a batch with room, if it is ready and no other request of this round touches its documents."""
    if _full(batches):
        return
    claimed = _claimable(context, lease, case, facts)
    if claimed is None or claimed.chain & taken:
        return
    batch = next((batch for batch in batches if fits(batch, claimed)), None)
    if batch is None:
        if len(batches) == BATCHES:
            return
        batch = []
        batches.append(batch)
    if _claimed(lease, claimed):
        batch.append(claimed)
        taken.update(claimed.chain)


def _claimed(lease: Lease, claimed: PlannedStep) -> bool:
    """Claim a step; False where somebody else moved it."""
    row = claimed.row
    return outbox.move(row, "claim", epoch=lease.epoch, attempt="", kind=claimed.kind.name, tries=int(row["tries"] or 0) + 1)


def _claimable(context: Context, lease: Lease, case: DueStep, facts: Facts) -> PlannedStep | None:
    """The step as it can be claimed, or None after its decision was written. A step whose decision fails goes to a person, with the details in the
    Error Log; the others go on."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        if case.step.kept_by:
            # Xero may have a record of it: that is settled first, whatever has become of the document.
            return candidates.ready(case.row, case.doc)
        if case.doc is None:
            if not sent_and_cancelled.kept_instead(context, lease, case.row, None):
                _gone(case)
            return None
        decided = decide(case, facts, context.books)
        if isinstance(decided, Plan):
            return planned(case.row, decided)
        if not sent_and_cancelled.kept_instead(context, lease, case.row, decided):
            apply(case.row, decided)
        return None
    except Exception as error:
        # A deadlock has undone this whole round with its claims: `let_pass` raises, so that nothing of it is sealed.
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        case.row.update(outbox.get(name=case.row["name"]) or {})
        unexpected(case.row)
        return None


def _gone(case: DueStep) -> None:
    """There is no such document under this name. The step of a renamed party goes on under the new name; any other step has nothing left to
    do."""
    who = case.step.who
    if case.step.role.of_party and (renamed := renames.now_called(who)):
        renames.follow(renamed, who.name)
    else:
        supersede(case.row, _("{doctype} {name} no longer exists").format(doctype=term(who.doctype), name=who.name))


def _same_site(connection: str) -> bool:
    """Whether this site is the one that went live; else pause. A restored backup or a copy of the site must not send: what it knows of Xero
    may be old."""
    if settings.is_this_site(connection):
        return True
    _pause(connection, pauses.other_site())
    return False


def _pause(connection: str, problem: Problem) -> None:
    limits.pause(connection, problem.message, problem.resolution, problem.code)


def _without_token(connection: str, problem: Problem) -> None:
    """Rest while Xero's sign-in gives no token: longer each time, unless it is only a matter of a moment."""
    if problem.code in (pauses.BUSY, pauses.REFUSED):
        limits.rest(connection, limits.FIRST_REST, problem.message)
    else:
        limits.rest_longer(connection, limits.FIRST_REST, problem.message)


def _due(connection: str) -> bool:
    """Whether a step can go now; notes and files count only while there are calls to spare for them, and what imports of history bring and undos take back only while
    calls are left for these."""
    live = outbox.due(connection, now(), 1) or (limits.to_spare(connection) and outbox.due(connection, now(), 1, extra=True))
    return bool(live) or history_claim.is_due(connection)


def next_due(connection: str) -> bool:
    """Whether a connection needs a worker now: a step is due, an attempt is to be looked at, a worker died with claimed steps, or it is time
    to read what changed in Xero."""
    look = attempts.next_look(connection)
    waits = _due(connection) or bool(look and look <= now()) or (outbox.unsealed(connection) and not leases.held(connection))
    return waits or reader.due(connection)
