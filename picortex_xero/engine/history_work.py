"""The work of an import of history, in slices of a job: adding steps as the queue has room, and giving back what was not sent where somebody has stopped it.

Whatever a worker does is one transaction with how far it is, and asks that the import still goes on: pausing, stopping and a dead worker leave nothing half
done, and two workers add nothing twice.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.texts import NONE, Text, _
from ..compat import affected_rows, let_pass
from ..connection.current import RETIRED
from ..documents import registry
from ..documents.fact_types import DOCUMENT, LEDGER
from ..documents.history import words
from ..documents.history.pool import Pool
from ..documents.history.taking_up import taken_up
from ..documents.identity import INVOICE_DOCTYPES, Identity, identity, moment
from ..documents.invoice.deferred import follow
from ..documents.needs import Facts
from ..documents.role import Purpose, role
from ..documents.step import ENDED, own_steps, step
from . import causes, history_budget, history_steps, history_walk, links, log, outbox, protocol, slices
from .apply import write
from .clock import now
from .contexts import books_of
from .gather import load
from .history import CONNECTION, DOCTYPE, DONE, RUNNING, STOPPED, called, day_before, moved
from .history_counts import FIRST, counts, on_their_way
from .history_walk import Place, Range
from .planned_step import unprepared
from .wake import wake

# Documents whose steps are added, and steps that are given back, in one transaction.
PAGE, AT_ONCE = 100, 100
MINUTE = timedelta(minutes=1)
SAVEPOINT = "picortex_xero_history"


def stopping() -> list[str]:
    """Imports that were stopped, and of which not all is given back yet."""
    return list(frappe.get_all(DOCTYPE, filters={"state": STOPPED, "due_at": ("<=", now())}, pluck="name", limit=20))


def go_on(run: str, stop_at: float) -> None:
    """Add what the queue has room for, or give back what was not sent, until `stop_at` (time.monotonic()). Commits."""
    state = frappe.db.get_value(DOCTYPE, run, "state")
    if state == STOPPED and _taken_to_stop(run):
        _give_back(run, stop_at)
    elif state == RUNNING and slices.take(DOCTYPE, run):
        _Walk(run).go_on(stop_at)


class _Walk:
    """One slice of an import."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._row = dict(frappe.get_all(DOCTYPE, filters={"name": run}, fields=["*"])[0])
        self._connection = str(self._row["connection"])
        self._doc = frappe.get_doc(CONNECTION, self._connection)
        self._at = history_walk.kept(self._row["position"])
        kinds = tuple((self._row["kinds"] or "").splitlines())
        # Where the go-live date was moved meanwhile, what is live traffic now is not history's.
        last = min(str(self._row["to_date"]), day_before(str(self._doc.go_live_date)))
        at = str(self._row["to_date"]) if self._row["mode"] == words.OPENING else ""
        self._range = Range(str(self._row["company"]), str(self._row["from_date"]), last, kinds, at)

    def go_on(self, stop_at: float) -> None:
        if self._doc.state == RETIRED:
            slices.end(DOCTYPE, self._run, STOPPED, _("Another Xero organisation has taken the place of this one"), due_at=now())
            return
        if self._doc.state != "Live":
            self._later(5 * MINUTE, _("It goes on once the connection sends again"))
            return
        ahead: list[Place] = []
        while not self._row["walked"]:
            pool = Pool(*history_steps.pool(self._run))
            if pool.is_full or time.monotonic() > stop_at:
                break
            # What there is room for is read at once: ERPNext has no index of the days of payments, so that each page reads all of them.
            ahead = ahead or history_walk.page(self._range, self._at, pool.room)
            found, ahead = ahead[:PAGE], ahead[PAGE:]
            if not self._take(found):
                return
        wake(self._connection)
        self._count()

    def _take(self, found: list[Place]) -> bool:
        """Add the steps of these documents, and note that they were looked at, as one; False where somebody has paused or stopped it, or the worker that
        works on it is another one now. Commits."""
        last = found[-1] if found else self._at
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `position`=%(position)s, `walked`=%(walked)s, `due_at`=%(until)s WHERE `name`=%(run)s AND `state`=%(running)s "
            "AND COALESCE(`position`, '')=%(before)s",
            {
                "position": last.stored(),
                "walked": int(not found),
                "until": now() + slices.ALIVE,
                "run": self._run,
                "running": RUNNING,
                "before": self._at.stored(),
            },
        )
        if affected_rows() != 1:
            frappe.db.rollback()
            return False
        added, known = self._taken_up(found)
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `looked_at`=`looked_at`+%(looked)s, `added`=`added`+%(added)s, `known`=`known`+%(known)s WHERE `name`=%(run)s",
            {"looked": len(found), "added": added, "known": known, "run": self._run},
        )
        frappe.db.commit()
        self._at, self._row["walked"] = last, int(not found)
        return True

    def _taken_up(self, found: list[Place]) -> tuple[int, int]:
        """How many of these documents were put in the queue, and were known before."""
        added = known = 0
        facts, books = Facts(), books_of(self._doc)
        found = history_walk.owed(books, self._range, found)
        load(books, DOCUMENT.of([(each.doctype, each.name) for each in found]), facts)
        if self._row["mode"] == words.HISTORY:
            load(
                books, LEDGER.of([each for each in [(one.doctype, one.name) for one in found] if _defers(facts.get(DOCUMENT, each))]), facts
            )
        rows, linked = self._steps(found), self._linked(found)
        for place in found:
            doc = facts.get(DOCUMENT, (place.doctype, place.name))
            if not doc or doc["docstatus"] != 1:
                continue
            took = self._one(doc, rows.get((place.doctype, place.name), []), linked, facts.known(LEDGER, (place.doctype, place.name)) or [])
            added += took
            known += not took
        return added, known

    def _one(self, doc: dict[str, Any], mine: list[outbox.Row], linked: set[Identity], ledger: list[dict[str, Any]]) -> bool:
        """Whether a document was put in the queue, with what its `ledger` shows as released of it since the first day of the import. One that fails waits
        for a person, and the others go on."""
        who = identity(doc)
        frappe.db.savepoint(SAVEPOINT)
        try:
            steps = own_steps([step(row) for row in mine], who)
            taken = taken_up(who, steps, who in linked)
            if taken.adds:
                self._add(doc, who, taken.revision, mine)
                since = [each for each in ledger if str(each["posting_date"]) >= self._range.first]
                changes = follow(who, since, steps, self._doc.base_currency)
                write(self._connection, self._range.company, changes, self._run)
            for row in mine:
                if row["name"] in taken.anew:
                    outbox.decide_anew(row, history_run=self._run)
            return bool(taken.adds or taken.anew)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: {who.doctype} {who.name} could not be taken up by an import"[:140])
            return self._to_a_person(doc, who, mine)

    def _to_a_person(self, doc: dict[str, Any], who: Identity, mine: list[outbox.Row]) -> bool:
        """Add the first step of a document that could not be taken up, as one that needs attention, unless it has steps."""
        if mine:
            return False
        outbox.add(
            self._connection,
            self._range.company,
            who,
            registry.first_role(doc),
            room=registry.room_name(doc),
            state=protocol.ATTENTION,
            problem=unprepared(who.name),
            posting_date=doc["posting_date"],
            history_run=self._run,
        )
        return True

    def _add(self, doc: dict[str, Any], who: Identity, revision: int, former: list[outbox.Row]) -> None:
        for row in former if revision > 1 else ():
            # An undo took it back: what it says of that is over, and stays in the history.
            if row["state"] == protocol.SKIPPED and outbox.identity(row) == who:
                outbox.move(row, "supersede")
        room, worth = registry.room_with(doc), registry.shown_worth(doc)
        nothing = room.nothing(doc)
        outbox.add(
            self._connection,
            self._range.company,
            who,
            room.first(doc),
            room=room.name,
            revision=revision,
            state=protocol.SKIPPED if nothing else protocol.PENDING,
            problem=nothing,
            posting_date=doc["posting_date"],
            amount=worth.amount,
            currency=worth.currency,
            history_run=self._run,
        )

    def _steps(self, found: list[Place]) -> dict[tuple[str, str], list[outbox.Row]]:
        by_name: dict[tuple[str, str], list[outbox.Row]] = {}
        for doctype in {each.doctype for each in found}:
            for row in outbox.of_documents(self._connection, doctype, [each.name for each in found if each.doctype == doctype]):
                by_name.setdefault((doctype, row["reference_name"]), []).append(row)
        return by_name

    def _linked(self, found: list[Place]) -> set[Identity]:
        linked: set[Identity] = set()
        for doctype in {each.doctype for each in found}:
            names = [each.name for each in found if each.doctype == doctype]
            linked |= standing_links(self._connection, doctype, names)
        return linked

    def _count(self) -> None:
        """Note how far it is, and end it where nothing is on its way any more. Commits."""
        over = self._row["walked"] and not on_their_way(self._run)
        figures = counts(self._run, int(self._row["was_there"] or 0), whole=bool(over))
        if over:
            if moved(self._run, RUNNING, DONE, finished_at=now(), reason="", cure="", reason_parts="", **figures):
                log.of_connection(self._connection, _("The import of {what} is through").format(what=called(self._row)))
            frappe.db.commit()
            return
        frappe.db.set_value(DOCTYPE, self._run, figures, update_modified=False)
        free = history_budget.free_at(self._connection)
        self._later(MINUTE, _("The calls of today that are not kept for live traffic are used up; it goes on by itself") if free else NONE)

    def _later(self, wait: timedelta, reason: Text) -> None:
        frappe.db.commit()
        if frappe.db.get_value(DOCTYPE, self._run, "state") == RUNNING:
            slices.later(DOCTYPE, self._run, now() + wait, reason)


def _defers(doc: dict[str, Any] | None) -> bool:
    """Whether an invoice or bill has lines that ERPNext books as income or cost in later months."""
    rows = doc.get("items") or [] if doc and doc["doctype"] in INVOICE_DOCTYPES else []
    return any(row.get("enable_deferred_revenue") or row.get("enable_deferred_expense") for row in rows)


def standing_links(connection: str, doctype: str, names: list[str]) -> set[Identity]:
    """Which documents of these names have a record that stands in Xero, as far as is known."""
    rows = links.of_documents(connection, doctype, names) if names else []
    return {
        Identity(doctype, row["reference_name"], moment(row["reference_creation"]))
        for row in rows
        if (row["remote_status"] or "") not in ENDED
    }


# Giving back what was not sent


def _taken_to_stop(run: str) -> bool:
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `due_at`=%(until)s WHERE `name`=%(run)s AND `state`=%(stopped)s AND `due_at`<=%(soon)s",
        {"until": now() + slices.ALIVE, "run": run, "stopped": STOPPED, "soon": now() + slices.SAME_MOMENT},
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return taken


def _give_back(run: str, stop_at: float) -> None:
    """Withdraw every step of which nothing was sent, of documents of which nothing is in Xero. Commits page by page."""
    row = dict(frappe.get_all(DOCTYPE, filters={"name": run}, fields=["*"])[0])
    why, last = words.withdrawn(called(row)), ""
    while rows := history_steps.of_history(run, (protocol.PENDING, *causes.WAITING), last, AT_ONCE):
        last = rows[-1]["name"]
        withdrawn = 0
        there = {
            doctype: standing_links(
                row["connection"], doctype, [each["reference_name"] for each in rows if each["reference_doctype"] == doctype]
            )
            for doctype in {each["reference_doctype"] for each in rows}
        }
        for each in rows:
            if _is_left(each, there[each["reference_doctype"]]):
                continue
            pending = each["state"] == protocol.PENDING
            if role(each["role"]).of_party:
                # Live traffic may need the contact, too.
                outbox.set_columns(each, history_run="")
            elif outbox.move(each, "skip" if pending else "leave out", why, history_run=""):
                withdrawn += each["role"] in FIRST
        frappe.db.sql(
            f"UPDATE `tab{DOCTYPE}` SET `withdrawn`=`withdrawn`+%(more)s, `due_at`=%(until)s WHERE `name`=%(run)s",
            {"more": withdrawn, "until": now() + slices.ALIVE, "run": run},
        )
        frappe.db.commit()
        if time.monotonic() > stop_at:
            _give_back_later(run, timedelta())
            return
    figures = counts(run, whole=True)
    if history_steps.of_history(run, protocol.IN_FLIGHT, "", 1):
        # Whether Xero has taken these is known in a moment.
        _give_back_later(run, MINUTE, **figures)
        return
    frappe.db.set_value(DOCTYPE, run, {"due_at": None, "finished_at": now(), **figures}, update_modified=False)
    frappe.db.commit()
    wake(str(row["connection"]))


def _is_left(row: outbox.Row, there: set[Identity]) -> bool:
    """Whether a step goes on all the same: its document is in Xero in part, or Xero may have it."""
    its = role(row["role"])
    who = Identity(row["reference_doctype"], row["reference_name"], moment(row["reference_creation"]))
    return bool(row["kept_by"]) or (its.purpose is not Purpose.CREATE) or (not its.of_party and who in there)


def _give_back_later(run: str, wait: timedelta, **figures: int) -> None:
    frappe.db.set_value(DOCTYPE, run, {"due_at": now() + wait, **figures}, update_modified=False)
    frappe.db.commit()
