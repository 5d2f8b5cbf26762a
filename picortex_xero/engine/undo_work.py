"""Taking back the documents of an undo, in slices: what settles first, then the rest. Of each document what is not sent yet is left out, and a step is added for
each of its records that stands in Xero; runs send these like any other (documents/taking_back.py). Once nothing of it stands there any more the document is left
out for good.

Whatever is done is decided from what is stored, so a killed worker leaves nothing half done, and two workers do nothing twice.
"""

from __future__ import annotations

import time
from datetime import timedelta

import frappe

from ..accounting.texts import NONE, _
from ..compat import let_pass
from ..documents.removed import LET_STAY, undone
from ..documents.role import taken_back
from ..documents.send_again import made_by
from ..documents.step import Link, Step
from ..documents.step import link as as_link
from ..documents.step import step as as_step
from ..documents.undoing import closed_first, is_on_its_way, left_out_at_last, stands, undecided_yet, undone_by
from . import causes, full_names, history_budget, links, log, outbox, protocol, slices, undo_rows
from .clock import now
from .screen_texts import shown
from .undo_rows import GOING, PERSON, RUN, STAYS, UNDONE, WAITING, Row
from .wake import wake

# So many documents are on their way at once: pausing lets these end, and live traffic goes between them.
AT_ONCE, PAGE = 300, 100
SOON, MINUTE = timedelta(seconds=20), timedelta(minutes=1)
# What waits for a person is looked at again after so long: there may be thousands of these, and people take their time.
PERSONS_TURN = timedelta(minutes=5)
# A document is read, what settles it is taken off, and it is voided: most take fewer, since Xero takes many in one request.
CALLS_EACH = 3
USED_UP = _(
    "The calls that imports of history and undos may use within 24 hours are used up. It goes on by itself; press Take Back Now where it shall not wait"
)
USED_UP_TODAY = _("The calls of today that are not kept for live traffic are used up; it goes on by itself")
LEFT = _("It was taken back once before and stands in Xero again")
NEWER = _("Something of it stands in Xero that this undo has not taken back")
NEWER_CURE = _("Undo it once more, or press Let It Stay")
FAILED = _("It could not be undone")
FAILED_CURE = _("Tell your administrator: the Error Log has the details. Then undo it once more")
SAVEPOINT = "picortex_xero_undo"
DONE_SAYS, UNSENT_SAYS = _("Nothing of it stands in Xero any more"), _("It was not in Xero, and is not sent")


def go_on(run: Row, stop: float) -> None:
    """Take back as many as may be on their way, and see what has become of those before, until `stop` (time.monotonic()). Commits."""
    name, connection = str(run["name"]), str(run["connection"])
    if frappe.db.get_value("Xero Connection", connection, "state") != "Live":
        slices.later(RUN, name, now() + timedelta(minutes=5), _("It goes on once the connection sends again"))
        return
    history_budget.count_live(connection)
    look(run, GOING, stop)
    look(run, PERSON, stop, PERSONS_TURN)
    began = 0
    while time.monotonic() < stop and (room := _at_once(run) - undo_rows.count(name, state=GOING)) > 0:
        if frappe.db.get_value(RUN, name, "state") != slices.RUNNING:
            return
        rows = undo_rows.page(name, min(PAGE, room), state=WAITING)
        if not rows:
            break
        _each(run, rows)
        began += len(rows)
        slices.alive(RUN, name)
    if began:
        wake(connection)
    counted = figures(name)
    if not counted["left_over"] and not undo_rows.count(name, state=GOING):
        slices.end(RUN, name, slices.DONE, None, None, **counted)
        log.of_connection(connection, _("The undo is through: {count} documents").format(count=counted["undone"]))
        frappe.db.commit()
        return
    frappe.db.set_value(RUN, name, counted, update_modified=False)
    if frappe.db.get_value(RUN, name, "state") == slices.RUNNING:
        waits = counted["left_over"] and not _at_once(run)
        why = USED_UP if _spare(connection) else USED_UP_TODAY
        slices.later(RUN, name, now() + (MINUTE if waits else SOON), why if waits else NONE)


def _at_once(run: Row) -> int:
    """How many documents may be on their way together: never more than the calls suffice for that are left for imports of history and undos; where a person wants it at
    once, than those of today that live traffic is not kept."""
    connection = str(run["connection"])
    spare = _spare(connection)
    if run["at_once"]:
        return spare
    return 0 if history_budget.free_at(connection) else min(spare, history_budget.left(connection) // CALLS_EACH)


def _spare(connection: str) -> int:
    """For how many documents the calls of today suffice that live traffic is not kept."""
    spare = history_budget.spare_today(connection)
    return AT_ONCE if spare is None else max(0, min(AT_ONCE, spare // CALLS_EACH))


def figures(run: str) -> dict[str, int]:
    """How many documents are undone, with a person, and not begun: counted once a slice, from an index."""
    rows = frappe.db.sql(f"SELECT `state`, COUNT(*) FROM `tab{undo_rows.ROW}` WHERE `undo_run`=%(run)s GROUP BY `state`", {"run": run})
    counted = {str(row[0]): int(row[1]) for row in rows}
    return {column: counted.get(state, 0) for column, state in (("undone", UNDONE), ("with_person", PERSON), ("left_over", WAITING))}


def look(run: Row, state: str, stop: float, since: timedelta | None = None) -> None:
    """See what has become of the documents in one state, those first that were looked at longest ago; where `since` is given, only those that were not looked at for so
    long. Commits."""
    where = {"looked_at": ("<=", now() - since)} if since else {}
    for _page in range(AT_ONCE // PAGE):
        rows = undo_rows.page(str(run["name"]), PAGE, state=state, **where)
        # Of most of them only a request is waited for: these are not worth a look.
        going = _only_wait(run, rows) if state == GOING else []
        undo_rows.looked_at(going)
        _each(run, [row for row in rows if row not in going])
        frappe.db.commit()
        if len(rows) < PAGE or time.monotonic() > stop:
            return


def _only_wait(run: Row, rows: list[Row]) -> list[Row]:
    """Those of which nothing is unfinished but steps of this undo that can go, or are with Xero."""
    steps: dict[tuple[str, str, str], list[bool]] = {}
    for step in undo_rows.unfinished_steps(run, rows):
        goes = step["state"] not in causes.WAITING and not step["blocked_on"] and not step["kept_by"] and step["undo_run"] == run["name"]
        who = (step["reference_doctype"], step["reference_name"], str(step["reference_creation"]))
        steps.setdefault(who, []).append(goes and step["role"].startswith(protocol.TAKES_BACK))
    return [
        row for row in rows if all(steps.get((row["reference_doctype"], row["reference_name"], str(row["reference_creation"])), [False]))
    ]


def _each(run: Row, rows: list[Row]) -> None:
    for doctype, its in undo_rows.by_doctype(rows).items():
        names = [row["reference_name"] for row in its]
        steps = outbox.of_documents(str(run["connection"]), doctype, names)
        linked = links.whole_of_documents(str(run["connection"]), doctype, names)
        for row in its:
            _guarded(run, row, *([each for each in of if each["reference_name"] == row["reference_name"]] for of in (steps, linked)))


def _guarded(run: Row, row: Row, steps: list[outbox.Row], linked: list[outbox.Row]) -> None:
    """Do what is next for one document, of whose name these are. A failure is logged once and rolled back, and the document goes to a person: the others go on."""
    failed_before = shown(row["said"]) == FAILED
    frappe.db.savepoint(SAVEPOINT)
    try:
        who = undo_rows.identity(row)
        mine = [each for each in steps if outbox.identity(each) == who]
        _one(run, row, mine, [link for each in linked if (link := as_link(each)).who == who])
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        if not failed_before:
            frappe.log_error(title=f"Xero: {row['reference_doctype']} {row['reference_name']} could not be undone"[:140])
        undo_rows.says(row, PERSON, FAILED, FAILED_CURE)


def _one(run: Row, row: Row, rows: list[outbox.Row], linked: list[Link]) -> None:
    """Do what is next for one document: leave out what is not sent, ask for its records to be taken back, see how far that is. An undo that is over, paused or
    stopped only sees how far it is: what has become of the document since is not its to undo."""
    steps, by_name = [as_step(each) for each in rows], {each["name"]: each for each in rows}
    why = undone(_who(run), str(run["confirmed_at"] or run["started_at"])[:10])
    works = run["state"] == slices.RUNNING
    if works:
        for each in closed_first(steps):
            outbox.move(by_name[each.name], "skip" if each.state == protocol.PENDING else "leave out", why, undo_run=run["name"])
        for undecided in undecided_yet(steps):
            # Once it is known which record in Xero is its own, that goes too, however late.
            outbox.set_columns(by_name[undecided.name], undo_run=run["name"])
        for undoing in (each for each in rows if each["role"].startswith("undo-")):
            _take_over(run, row, undoing)
        steps = [as_step(each) for each in rows]
    standing = [each for each in linked if stands(each) and not (each.was_there_before or each.entered_by_people)]
    wanted = [each for each in standing if undone_by(steps, each) is None and (works or _was_begun(run, steps, each))]
    for link in wanted:
        _ask(run, row, link)
    if wanted:
        said = _("{user} has it undone in Xero").format(user=_who(run))
        log.write(str(run["connection"]), str(run["company"]), undo_rows.identity(row), "Chosen", said)
        return undo_rows.write(row, state=GOING)
    if any((found := undone_by(steps, each)) and found.reason_code == LET_STAY for each in standing):
        return undo_rows.says(row, STAYS, undo_rows.LET_STAY_SAYS)
    if any((found := undone_by(steps, each)) and not found.unfinished for each in standing):
        # Its step is through, and the record stands all the same.
        return undo_rows.says(row, PERSON, LEFT, _("Look at it in Xero and void or delete it there by hand"))
    if stopped := next((each for each in rows if _waits_for_a_person(each)), None):
        return undo_rows.says(row, PERSON, *(undo_rows.text_of(stopped, name, "reason_parts") for name in ("reason", "cure")))
    now_are = {each["name"]: each for each in outbox.named(list(by_name))}
    steps = [as_step(each) for each in now_are.values()]
    if is_on_its_way(steps) or any((found := undone_by(steps, each)) and found.unfinished for each in standing):
        return undo_rows.write(row, state=GOING)
    if standing:
        return undo_rows.says(row, PERSON, NEWER, NEWER_CURE)
    was_there = [outbox.move(now_are[each.name], "undone", why, undo_run=run["name"]) for each in left_out_at_last(steps)]
    return undo_rows.says(row, UNDONE, DONE_SAYS if any(was_there) else UNSENT_SAYS)


def _was_begun(run: Row, steps: list[Step], link: Link) -> bool:
    """Whether a record is one of which it was not known yet whether Xero has it, when an undo that is through by now came to its document."""
    return run["state"] == slices.DONE and any(made_by(each, link) and each.undo_run == run["name"] for each in steps)


def _take_over(run: Row, row: Row, undoing: outbox.Row) -> None:
    """What is being taken back already, because it changed here or by an undo before, is this one's now; what waits for a person is tried once more."""
    if undoing["state"] == protocol.SKIPPED and undoing["reason_code"] == LET_STAY and row["state"] == WAITING:
        # Somebody has let it stay then, and wants it undone now.
        outbox.decide_anew(undoing, undo_run=run["name"])
    if undoing["state"] not in protocol.UNFINISHED or undoing["undo_run"] == run["name"]:
        return
    if row["state"] == WAITING and undoing["state"] in causes.WAITING:
        outbox.decide_anew(undoing, undo_run=run["name"])
    else:
        outbox.set_columns(undoing, undo_run=run["name"])


def _ask(run: Row, row: Row, link: Link) -> None:
    outbox.add(
        str(run["connection"]),
        str(run["company"]),
        undo_rows.identity(row),
        taken_back(link.part, link.number, cancelled=False),
        revision=link.revision,
        posting_date=row["posting_date"],
        amount=row["amount"],
        currency=row["currency"] or "",
        undo_run=run["name"],
    )


def _waits_for_a_person(row: outbox.Row) -> bool:
    """Whether a step waits for a person, or for one that does."""
    if row["kept_by"] and row["state"] in causes.WAITING:
        return True
    if not row["role"].startswith(protocol.TAKES_BACK):
        return False
    blocker = outbox.get(name=row["blocked_on"]) if row["blocked_on"] else None
    return row["state"] in causes.WAITING or bool(blocker and blocker["state"] in causes.WAITING)


def _who(run: Row) -> str:
    user = run["confirmed_by"] or run["started_by"]
    return str(full_names.of([user]).get(user, user))
