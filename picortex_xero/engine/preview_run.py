"""A preview of many documents: what each would become in Xero, decided as it will be (documents/preview), in slices of a job; the table is kept.

ERPNext is read and nothing there is written; Xero is asked for approvals where the plan limits them, and for numbers where the user chose so, after being told
how many calls that takes.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..compat import let_pass
from ..connection import periods, plans, tokens, xero_lists
from ..documents.base import Books, Doc
from ..documents.fact_types import DOCUMENT
from ..documents.needs import Facts
from ..documents.preview import Preview
from ..documents.preview_together import Costs, Together, added, costs, kept, kept_skips
from ..extras.note_texts import OFF
from . import openings, preview_asks, preview_in_xero, preview_rows, slices
from .clock import now
from .contexts import books_of
from .gather import load
from .preview_asks import Asked, Place
from .preview_documents import documents
from .preview_rows import Known
from .standard_columns import standard

PREVIEW, ROW, CONNECTION, OUTBOX = "Xero Preview Run", "Xero Preview Row", "Xero Connection", "Xero Outbox Entry"
# What a connection that only watches has seen: looked at again and again, and kept (engine/watch, watch_look).
WATCH = "Watch Only"
# The state of such a preview between two looks.
WATCHING = "Watching"
# Documents whose fields are loaded together, and after which the table is written.
PAGE = 50
# Previews of a connection that are kept.
KEPT = 5
Named = tuple[str, str]


def start(
    connection: str,
    what: str,
    from_date: str,
    to_date: str,
    doctype: str,
    name: str,
    look_in_xero: bool,
    may_ask: bool,
    history: tuple[str, ...] = (),
    open_at: str = "",
) -> str:
    """Begin a preview; its name. `history`: of an import of history of these kinds, for which the go-live date makes no difference, with `open_at` of what was owed at the end of that day. Where whoever begins it may have Xero asked (`may_ask`), what people approved there is counted there. One that is running at this connection is given up for it. Part of the caller's transaction."""
    count = len(documents(connection, what, from_date, to_date, doctype, name, history, open_at))
    running = {"connection": connection, "state": slices.RUNNING, "what": ("!=", WATCH)}
    if before := frappe.db.get_value(PREVIEW, running, "name"):
        frappe.db.set_value(PREVIEW, before, {"state": slices.STOPPED, "finished_at": now()}, update_modified=False)
    _forget_old(connection)
    values: dict[str, Any] = {
        "connection": connection,
        "company": frappe.db.get_value(CONNECTION, connection, "company"),
        "what": what,
        "from_date": from_date or None,
        "to_date": to_date or None,
        "reference_doctype": doctype,
        "reference_name": name,
        "look_in_xero": int(look_in_xero),
        "counts_in_xero": int(may_ask),
        "history": int(bool(history)),
        "kinds": "\n".join(history),
        "open_at": open_at or None,
        "documents": count,
        "looked_at": 0,
        "problems": 0,
        "calls": 0,
        "costs": "{}",
    }
    return slices.begin(PREVIEW, values)


def go_on(preview: str, stop: float, looks: dict[str, type[Look]] | None = None) -> None:
    """Look at the documents that were not looked at yet, until `stop` (time.monotonic()); by `looks` for what these are named by. Commits."""
    if not slices.take(PREVIEW, preview):
        return
    row = dict(frappe.get_all(PREVIEW, filters={"name": preview}, fields=["*"])[0])
    look = (looks or {}).get(str(row["what"]), Look)
    try:
        look(row).go_on(stop)
    except tokens.Trouble as trouble:
        look.troubled(preview, trouble.problem)
    except preview_in_xero.NoAnswer as said:
        slices.later(
            PREVIEW,
            preview,
            now() + timedelta(minutes=2),
            _("Xero does not answer ({said}); it is tried again").format(said=str(said)[:200]),
        )


class Look:
    """One slice of a preview."""

    @staticmethod
    def troubled(preview: str, problem: Problem) -> None:
        """There is no token, which it needs. Commits."""
        slices.end(PREVIEW, preview, slices.STOPPED, problem.message, problem.resolution)

    def __init__(self, row: dict[str, Any]) -> None:
        self._row, self._name, self._connection = row, str(row["name"]), str(row["connection"])
        doc = frappe.get_doc(CONNECTION, self._connection)
        self._books = self._books_of(doc)
        self._doc, self._notes = doc, self._books.notes != OFF
        self._together = Together(self._books, lambda needs, facts: load(self._books, needs, facts), self._recall)
        self._costs: Costs = json.loads(row["costs"] or "{}")
        self._known = self._speaks_against()

    def go_on(self, stop: float) -> None:
        """See `preview_run.go_on`."""
        every = documents(
            self._connection, self._row["what"], str(self._row["from_date"] or ""), str(self._row["to_date"] or ""),
            self._row["reference_doctype"] or "", self._row["reference_name"] or "", tuple((self._row["kinds"] or "").splitlines()), str(self._row["open_at"] or ""),
        )  # fmt: skip
        done = self._remember()
        left = [each for each in every if each not in done]
        if not self.pages(left, len(every) - len(left), stop):
            return
        if self._row["look_in_xero"]:
            self._look_in_xero()
        slices.end(PREVIEW, self._name)

    def _books_of(self, doc: Any) -> Books:
        books = books_of(doc)
        books = books if doc.go_live_date and not self._row["history"] else replace(books, go_live_date="")
        if self._row["history"]:
            books = replace(books, rules=books.rules.without_batches())
        if not self._row["open_at"]:
            return books
        planned = openings.planned(doc.company, str(self._row["open_at"]), periods.of(doc).first_open_day)
        return replace(books, openings=(*books.openings, planned))

    def pages(self, left: list[Named], looked: int, stop: float) -> bool:
        """Look at what is `left`, page by page, after so many that were looked at; whether all was. Commits."""
        for at in range(0, len(left), PAGE):
            if time.monotonic() > stop:
                slices.later(PREVIEW, self._name, now(), _("It goes on by itself"))
                return False
            if not self.still_wanted():
                return False
            page = left[at : at + PAGE]
            self._keep(page, looked + at + len(page), looked + len(left))
        return True

    def still_wanted(self) -> bool:
        """Whether nobody has begun another one meanwhile."""
        return bool(frappe.db.get_value(PREVIEW, self._name, "state") == slices.RUNNING)

    def _remember(self) -> set[Named]:
        """What an earlier slice has looked at; counted as made."""
        done: set[Named] = set()
        last = ""
        while rows := frappe.get_all(
            ROW,
            filters={"preview": self._name, "name": (">", last)},
            fields=["name", "reference_doctype", "reference_name", "made"],
            order_by="name asc",
            limit=500,
        ):
            for row in rows:
                done.add((row["reference_doctype"], row["reference_name"]))
                made = json.loads(row["made"] or "[]")
                self._together.add(kept(made))
                self._together.skip(kept_skips(made))
            last = rows[-1]["name"]
        return done

    def _keep(self, page: list[Named], looked_at: int, documents: int) -> None:
        """Look at some documents and write their lines. Commits."""
        facts = Facts()
        load(self._books, DOCUMENT.of(page), facts)
        docs = [doc for named in page if (doc := facts.get(DOCUMENT, named))]
        self.prepare(docs)
        self.write([line for doc in docs if (line := self._line(doc))])
        problems = frappe.db.count(ROW, {"preview": self._name, "rank": ("<", preview_rows.RANK[preview_rows.PART])})
        approved = json.dumps([[month, what, count] for (month, what), count in self._known.approved.items()])
        figures = {"looked_at": looked_at, "documents": documents, "problems": problems, "costs": json.dumps(self._costs)}
        slices.alive(PREVIEW, self._name, **figures, counted=approved)

    # What a look at a connection that only watches does otherwise (engine/watch_look)

    def _recall(self, named: Named) -> None:
        """Bring what an earlier slice has made of a document; here all of it is remembered."""

    def prepare(self, docs: list[Doc]) -> None:
        """Get ready to look at these documents."""

    def write(self, lines: list[dict[str, Any]]) -> None:
        """Insert lines, all with the same columns."""
        if lines:
            frappe.db.bulk_insert(ROW, list(lines[0]), [tuple(line.values()) for line in lines], ignore_duplicates=True)

    def previewed(self, doc: Doc) -> Preview:
        """What becomes of a document."""
        return self._together.preview(doc)

    def counted(self, doc: Doc, its: Costs) -> None:
        """Count what sending a document takes."""
        self._costs = added(self._costs, its)

    def finished(self, doc: Doc, made: dict[str, Any], its: Costs) -> dict[str, Any]:
        """A line with all its columns."""
        return made

    def nothing(self, doc: Doc) -> dict[str, Any] | None:
        """The columns of a document for which nothing is left to do; None for no line."""
        return None

    def _line(self, doc: Doc) -> dict[str, Any] | None:
        """The line of one document; None where nothing is left to do for it. One that cannot be judged keeps nobody from seeing the others."""
        its: Costs = {}
        try:
            found = self.previewed(doc)
            its = costs(found.steps, found.reads, self._notes) if found.steps else {}
            made = preview_rows.row(doc, found, self._known, sum(its.values()), self._together.called) if found.steps else self.nothing(doc)
            if made is None:
                return None
            self.counted(doc, its)
        except (tokens.Trouble, preview_in_xero.NoAnswer):
            # Nothing of the document: the preview goes on later.
            raise
        except Exception as error:
            let_pass(error)
            frappe.log_error(title=f"Xero: what {doc['name']} would become could not be told"[:140])
            made = preview_rows.untold(doc)
            its = {}
            self.counted(doc, its)
        own = {"name": frappe.generate_hash(length=14), **standard(), "preview": self._name}
        return {**own, "connection": self._connection, "company": self._row["company"], **self.finished(doc, made, its)}

    def _speaks_against(self) -> Known:
        lists = xero_lists.stored(self._connection) if xero_lists.read_at(self._connection) else {}
        locks = [value for each in lists.get("locks", ()) for value in each.values() if value]
        names = {
            key: f"{each['Code']} {each['Name']}".strip()
            for each in lists.get("accounts", ())
            for key in (each["Code"], each["AccountID"])
            if key
        }
        return Known(
            lock=max((preview_in_xero.day(value) for value in locks), default=""),
            accounts=names,
            plan=plans.of(self._connection),
            # What was counted, and what an earlier slice added to it.
            approved={(month, what): count for month, what, count in json.loads(self._row["counted"] or "[]")},
            numbers={},
            counted=self._approved,
            mapping=self._books.mapping,
        )

    def _approved(self, month: str, what: str) -> int:
        """What is approved of a month, by whomever: in Xero; as far as it is known here where nobody may ask there, or Xero cannot be asked and nobody
        chose that."""
        if self._row["counts_in_xero"]:
            try:
                return preview_in_xero.approved(self._doc, month, what, self._counts)
            except (tokens.Trouble, preview_in_xero.NoAnswer) as error:
                if self._row["look_in_xero"]:
                    raise
                let_pass(error)
                self._row["counts_in_xero"] = 0
                frappe.db.set_value(PREVIEW, self._name, "counts_in_xero", 0, update_modified=False)
        return preview_in_xero.known_approved(self._connection, month, what)

    def _counts(self, calls: int) -> None:
        self._row["calls"] = int(self._row["calls"] or 0) + calls
        frappe.db.set_value(PREVIEW, self._name, "calls", self._row["calls"], update_modified=False)

    def _look_in_xero(self) -> None:
        """What of the numbers of what would go is in Xero already, and speaks against it. Commits."""
        goes = {"preview": self._name, "state": ("in", (preview_rows.GO, preview_rows.PART))}
        rows = frappe.get_all(ROW, filters=goes, fields=["name", "asks", "reference_name"])
        waiting: dict[Place, list[tuple[dict[str, Any], Asked]]] = {}
        for row in rows:
            for one in preview_asks.kept(row["asks"]):
                waiting.setdefault(one.place, []).append((row, one))
        for places in preview_asks.calls(waiting):
            slices.alive(PREVIEW, self._name)
            there = preview_in_xero.numbered(self._doc, places, self._counts)
            for row, one in (each for place in places for each in waiting[place]):
                if problem := preview_asks.speaks_against(one, row["reference_name"], there):
                    frappe.db.set_value(ROW, row["name"], preview_in_xero.held(problem), update_modified=False)
        problems = frappe.db.count(ROW, {"preview": self._name, "rank": ("<", preview_rows.RANK[preview_rows.PART])})
        slices.alive(PREVIEW, self._name, problems=problems)


def _forget_old(connection: str) -> None:
    rows = frappe.get_all(PREVIEW, filters={"connection": connection, "what": ("!=", WATCH)}, pluck="name", order_by="started_at desc")
    for old in rows[KEPT - 1 :]:
        frappe.db.delete(ROW, {"preview": old})
        frappe.db.delete(PREVIEW, {"name": old})
