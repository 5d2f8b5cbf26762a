"""Undo: a person has documents taken back in Xero that stand here, those of an import, of a selection, or of what was sent between two times. First each is marked
(engine/undo_marks.py) and nothing is done; then a person presses Undo, may pause and stop, and the work goes on in slices (engine/undo_work.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from ..accounting.texts import Text, _
from ..compat import affected_rows
from ..documents.removed import UNDONE
from ..documents.removed import let_stay as stays
from . import full_names, log, outbox, protocol, slices, undo_marks, undo_rows, undo_work
from .clock import now
from .screen_texts import html, in_words
from .undo_marks import READY
from .undo_rows import BETWEEN, GOING, IMPORT, PERSON, ROW, RUN, SELECTED
from .wake import wake

MARKING, TAKING_BACK, PAUSED = "Marking", "Taking Back", "Paused"
OPEN = (slices.RUNNING, PAUSED)
FIGURES = (
    *("documents", "undoable", "unless_locked", "stays", "by_credit", "by_hand", "approved", "extras"),
    *("undone", "with_person", "left_over"),
)
CAUGHT_UP = 5


def look(
    connection: str,
    what: str,
    history_run: str = "",
    from_time: datetime | None = None,
    to_time: datetime | None = None,
    steps: tuple[str, ...] = (),
) -> str:
    """Mark the documents of an import, those sent between two times (of the site), or those of these sync items; its name. Nothing is taken back before somebody
    presses Undo. Throws. Part of the caller's transaction."""
    _may_begin(connection, what, history_run, from_time, to_time)
    values: dict[str, Any] = {
        "connection": connection,
        "company": frappe.db.get_value("Xero Connection", connection, "company"),
        "what": what,
        "history_run": history_run,
        "from_time": from_time,
        "to_time": to_time,
        "phase": MARKING,
        "position": "",
        **dict.fromkeys(FIGURES, 0),
    }
    name = slices.begin(RUN, values)
    if what == SELECTED:
        chosen = [each for each in outbox.named(list(steps)) if each["connection"] == connection]
        undo_rows.add({**values, "name": name}, chosen)
        if not undo_rows.count(name):
            _refuse(_("None of these is a document that is sent to Xero"))
    return name


def _may_begin(connection: str, what: str, history_run: str, from_time: datetime | None, to_time: datetime | None) -> None:
    if frappe.db.exists(RUN, {"connection": connection, "state": ("in", OPEN), "phase": TAKING_BACK}):
        _refuse(_("An undo is under way already: let it end, or stop it first"))
    if what == BETWEEN and not (from_time and to_time and from_time <= to_time):
        _refuse(_("Choose from which time to which time; the first is not after the last"))
    if what == IMPORT:
        state = frappe.db.get_value("Xero History Run", {"name": history_run, "connection": connection}, "state")
        if not state:
            _refuse(_("Choose an import of history of this company"))
        if state in OPEN:
            _refuse(_("Stop this import first, then undo it"))


def start(run: str) -> bool:
    """A person has seen what becomes of the documents, and wants it; False where it is not ready any more. Part of the caller's transaction."""
    row = frappe.db.get_value(RUN, run, ["connection", "documents", "state"], as_dict=True)
    if row["state"] != READY:
        return False
    _may_begin(str(row["connection"]), SELECTED, "", None, None)
    said = {"phase": TAKING_BACK, "confirmed_at": now(), "confirmed_by": frappe.session.user, "finished_at": None, "due_at": now()}
    if not _moved(run, READY, slices.RUNNING, **said):
        return False
    _noted(run, _("{user} started an undo in Xero of {count} documents").format(user=full_names.mine(), count=row["documents"]))
    return True


def pause(run: str) -> bool:
    """Begin with no further document until somebody goes on; what is on its way ends. False where it is not running. Part of the caller's transaction."""
    paused = frappe.db.get_value(RUN, run, "phase") == TAKING_BACK and _moved(run, slices.RUNNING, PAUSED)
    if paused:
        _noted(run, _("{user} paused the undo").format(user=full_names.mine()), queue=False)
    return paused


def resume(run: str) -> bool:
    """Go on with a paused one; False where it is not paused. Part of the caller's transaction."""
    gone_on = _moved(run, PAUSED, slices.RUNNING, due_at=now())
    if gone_on:
        _noted(run, _("{user} went on with the undo").format(user=full_names.mine()))
    return gone_on


def at_once(run: str) -> bool:
    """A person does not want it to wait for the calls of imports of history: it is taken back along with live traffic. False where it is over, or goes so already. Part of the
    caller's transaction."""
    row = frappe.db.get_value(RUN, run, ["state", "phase", "at_once"], as_dict=True)
    if row["phase"] != TAKING_BACK or row["at_once"] or not undo_rows.is_open(run):
        return False
    frappe.db.set_value(RUN, run, {"at_once": 1, **({"due_at": now()} if row["state"] == slices.RUNNING else {})}, update_modified=False)
    _noted(run, _("{user} pressed Take Back Now: the undo goes along with live traffic").format(user=full_names.mine()))
    connection = str(frappe.db.get_value(RUN, run, "connection"))
    frappe.db.after_commit.add(lambda: wake(connection))
    return True


def stop(run: str) -> bool:
    """End it: what is not begun stays in Xero. False where it is over already. Part of the caller's transaction."""
    before = frappe.db.get_value(RUN, run, "state")
    if before not in (*OPEN, READY) or not _moved(run, before, slices.STOPPED, finished_at=now()):
        return False
    _noted(run, _("{user} stopped the undo").format(user=full_names.mine()), queue=False)
    return True


def let_stay(run: str, document: str) -> bool:
    """A person has changed his mind about one document that waits for one (`document`: the name of its row): what is left of it stays in Xero, and what was left out of it
    goes after all. False where it waits for nobody, or is on its way. Part of the caller's transaction."""
    row = frappe.db.get_value(ROW, {"name": document, "undo_run": run, "state": PERSON}, "*", as_dict=True)
    steps = outbox.steps_of(str(row["connection"]), undo_rows.identity(row)) if row else []
    mine = [each for each in steps if each["undo_run"] == run and not each["kept_by"]]
    if not row or any(each["state"] in protocol.IN_FLIGHT for each in mine):
        return False
    why = stays(full_names.mine())
    for each in mine:
        if each["role"].startswith("undo-") and each["state"] in protocol.UNFINISHED:
            pending = each["state"] == protocol.PENDING
            outbox.move(each, "skip" if pending else "leave out", why)
        elif each["state"] == protocol.SKIPPED and each["reason_code"] == UNDONE:
            outbox.decide_anew(each, undo_run="")
    undo_rows.says(dict(row), undo_rows.STAYS, undo_rows.LET_STAY_SAYS)
    frappe.db.set_value(RUN, run, undo_work.figures(run), update_modified=False)
    log.write(str(row["connection"]), str(row["company"]), undo_rows.identity(row), "Chosen", why.message)
    frappe.db.after_commit.add(lambda: wake(str(row["connection"])))
    return True


def go_on(run: str, stop_at: float) -> None:
    """Mark, or take back, until `stop_at` (time.monotonic()). Commits."""
    if not slices.take(RUN, run):
        return
    row = dict(frappe.get_all(RUN, filters={"name": run}, fields=["*"])[0])
    (undo_marks if row["phase"] == MARKING else undo_work).go_on(row, stop_at)


def sent(connection: str) -> None:
    """A run of this connection is over: an undo that waits for what it has sent goes on at once, and not only with the next minute. Commits."""
    # Whoever works on it has moved `due_at` further on than that.
    waits = {"connection": connection, "state": slices.RUNNING, "phase": TAKING_BACK, "due_at": ("<=", now() + undo_work.SOON)}
    run = str(frappe.db.get_value(RUN, waits, "name") or "")
    if run and undo_rows.count(run, state=GOING):
        frappe.db.set_value(RUN, run, "due_at", now(), update_modified=False)
        frappe.db.commit()
        slices.queue(RUN, run)


def catch_up(connection: str, stop_at: float) -> None:
    """See what has become of the documents of undos that are over, paused or stopped, of which something is left: on its way, or with a person. Nothing more is begun
    for them. Commits."""
    filters = {"connection": connection, "state": ("in", (slices.DONE, slices.STOPPED, PAUSED)), "phase": TAKING_BACK}
    runs = frappe.get_all(RUN, filters=filters, fields=["*"], order_by="started_at desc", limit=CAUGHT_UP)
    for row in runs:
        for state in (GOING, PERSON):
            if undo_rows.count(row["name"], state=state):
                undo_work.look(dict(row), state, stop_at)
        frappe.db.set_value(RUN, row["name"], undo_work.figures(row["name"]), update_modified=False)
        frappe.db.commit()


def _moved(run: str, state: str, to: str, **fields: Any) -> bool:
    changes = {"state": to, **fields}
    assignments = ", ".join(f"`{field}`=%({field})s" for field in changes)
    # Of two who press at the same moment one does it.
    frappe.db.sql(f"UPDATE `tab{RUN}` SET {assignments} WHERE `name`=%(run)s AND `state`=%(was)s", {**changes, "run": run, "was": state})
    return affected_rows() == 1


def _noted(run: str, said: Text, queue: bool = True) -> None:
    log.of_connection(str(frappe.db.get_value(RUN, run, "connection")), said)
    if queue:
        frappe.db.after_commit.add(lambda: slices.queue(RUN, run))


def _refuse(said: Text) -> None:
    frappe.throw(html(in_words(said)))
