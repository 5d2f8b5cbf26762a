"""One look of a connection that only watches (engine/watch): the documents noted since the last one, and every hour what would have been stopped, anew.

A look takes as long as what is new to it, however long the watch lasts: of the lines that stand already it reads those of the documents that its own name,
and of what settles these; and the contacts that were made.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents import registry
from ..documents.base import Books, Doc, Reads
from ..documents.fact_types import Named
from ..documents.preview import Preview
from ..documents.preview_together import Costs, added, kept, kept_skips, less, settled_by
from ..xero.records.registry import CONTACT as CONTACTS
from ..xero.records.registry import INVOICE
from . import missed_search, preview_documents, preview_rows, preview_run, protocol, slices
from .clock import now
from .contexts import books_of
from .preview_rows import APPROVED
from .preview_run import OUTBOX, PREVIEW, ROW

AGAIN_AFTER = timedelta(hours=1)
# A submit may take so long from its note to its commit; the hourly look finds what took longer.
LATE = timedelta(hours=1)
NO_TOKEN_FOR = timedelta(minutes=10)
# What is decided anew now and then, since a person may have cured what stopped it.
STOPPED = (preview_rows.HELD, preview_rows.UNTOLD, preview_rows.PART, preview_rows.WAITS, preview_rows.IN_XERO)
# Of a line that is decided anew, what is kept.
FORMER = "name reference_doctype reference_name posting_date target stopped_at stopped_by texts settled_by costs".split()
AT_ONCE = 500
CANCELLED = 2


def go_on(preview: str, stop: float) -> None:
    """See `preview_run.go_on`; of a connection that only watches, one look of it."""
    preview_run.go_on(preview, stop, {preview_run.WATCH: WatchLook})


def due_again(position: str | None) -> bool:
    """Whether a watch decides anew what would have been stopped: an hour after the last time, or where somebody asks for it (`position` is empty)."""
    last = json.loads(position or "{}").get("again")
    return not last or not datetime.fromisoformat(last) <= now() < datetime.fromisoformat(last) + AGAIN_AFTER


def noted(connection: str) -> int:
    """How many steps wait at a connection; another number means that a watch has something new to look at."""
    return int(frappe.db.count(OUTBOX, {"connection": connection, "state": protocol.PENDING}))


class WatchLook(preview_run.Look):
    """One slice of a look. `position` of its row: "again", when the stopped were last decided anew; "anew", since when they are, while that is under way;
    "until", when the last look began; "noted", how many steps waited then. Times are UTC."""

    def __init__(self, row: dict[str, Any]) -> None:
        # Documents whose lines are decided anew in this slice, and what is kept of those of the page.
        self._again: set[Named] = set()
        self._former: dict[Named, dict[str, Any]] = {}
        self._recalled: set[Named] = set()
        self._position = str(row["position"] or "")
        super().__init__(row)

    @staticmethod
    def troubled(preview: str, problem: Problem) -> None:
        """It goes on once there is a token again. Commits."""
        slices.later(PREVIEW, preview, now() + NO_TOKEN_FOR, problem.message)

    def go_on(self, stop: float) -> None:
        """See `go_on` above."""
        if not missed_search.first(self._connection, stop):
            slices.later(PREVIEW, self._name, now(), _("It goes on by itself"))
            return
        begun = {"noted": noted(self._connection), "until": str(now())}
        place = json.loads(self._position or "{}")
        if due_again(self._position) and "anew" not in place:
            place = {"anew": begun["until"]}
            self._position = json.dumps(place)
            frappe.db.set_value(PREVIEW, self._name, "position", self._position, update_modified=False)
            frappe.db.commit()
        anew = str(place.get("anew", ""))
        left = preview_documents.in_order([*self._new("" if anew else str(place.get("until", ""))), *(self._stopped(anew) if anew else ())])
        if left:
            self._recall_contacts()
        if not self.pages(left, frappe.db.count(ROW, {"preview": self._name}) - len(self._again), stop) or not self.still_wanted():
            return
        if frappe.db.get_value(PREVIEW, self._name, "position") != self._position:
            # Somebody has asked meanwhile for what was stopped.
            slices.later(PREVIEW, self._name, now(), _("It goes on by itself"))
            return
        slices.end(PREVIEW, self._name, preview_run.WATCHING, position=json.dumps({**begun, "again": anew or place["again"]}))

    def _books_of(self, doc: Any) -> Books:
        return books_of(doc)

    def _new(self, since: str) -> list[preview_documents.Ordered]:
        """What was noted since a time ("" for all) and has no line."""
        states = (protocol.PENDING, protocol.HELD, protocol.ATTENTION)
        values = {"preview": self._name, "connection": self._connection, "states": states, "doctypes": tuple(registry.SUBMITTED)}
        late = "AND s.`due_at`>=%(since)s" if since else ""
        rows = frappe.db.sql(
            f"SELECT s.`reference_doctype`, s.`reference_name`, s.`posting_date`, s.`creation`, s.`role` FROM `tab{OUTBOX}` s LEFT JOIN `tab{ROW}` l "
            "ON l.`preview`=%(preview)s AND l.`reference_name`=s.`reference_name` AND l.`reference_doctype`=s.`reference_doctype` "
            "AND l.`reference_creation`=s.`reference_creation` "
            "WHERE s.`connection`=%(connection)s AND s.`state` IN %(states)s AND s.`reference_doctype` IN %(doctypes)s AND l.`name` IS NULL "
            f"{late}",
            values | ({"since": datetime.fromisoformat(since) - LATE} if since else {}),
            as_dict=True,
        )
        return preview_documents.to_send(rows)

    def _stopped(self, anew: str) -> list[preview_documents.Ordered]:
        """What would have been stopped and was last decided before a time."""
        found = []
        for row in frappe.get_all(
            ROW,
            filters={"preview": self._name, "rank": ("<", preview_rows.RANK[preview_rows.NOT_SENT])},
            fields=["reference_doctype", "reference_name", "posting_date", "creation", "decided_at"],
        ):
            if str(row["decided_at"] or "") < anew:
                named = row["reference_doctype"], row["reference_name"]
                self._again.add(named)
                found.append((str(row["posting_date"] or ""), registry.SUBMITTED.index(named[0]), str(row["creation"]), *named))
        return found

    # What earlier looks have made

    def _recall(self, named: Named) -> None:
        self._recall_all([named])

    def _recall_all(self, names: list[Named]) -> None:
        """Add what was made of these documents, and of what settles them, where that was not added yet."""
        while wanted := {each for each in names if each[0] in registry.SUBMITTED} - self._recalled:
            self._recalled |= wanted
            names = []
            for row in self._lines(sorted(wanted), ["reference_doctype", "reference_name", "made", "settled_by"]):
                if (row["reference_doctype"], row["reference_name"]) not in self._again:
                    self._add(row["made"])
                names += [(doctype, name) for doctype, name in json.loads(row["settled_by"] or "[]")]

    def _recall_contacts(self) -> None:
        """Add the contacts that were made, each with the document for which that was."""
        rows = frappe.get_all(
            ROW, filters={"preview": self._name, "makes_contact": 1}, fields=["reference_doctype", "reference_name", "made"]
        )
        for row in rows:
            if (row["reference_doctype"], row["reference_name"]) not in self._again:
                self._together.add([each for each in kept(json.loads(row["made"] or "[]")) if each.endpoint == CONTACTS.endpoint])

    def _add(self, made: str | None) -> None:
        found = json.loads(made or "[]")
        self._together.add(kept(found))
        self._together.skip(kept_skips(found))

    def _lines(self, names: list[Named], fields: list[str]) -> list[dict[str, Any]]:
        """The lines of these documents."""
        found = []
        for at in range(0, len(names), AT_ONCE):
            page = set(names[at : at + AT_ONCE])
            rows = frappe.get_all(
                ROW, filters={"preview": self._name, "reference_name": ("in", sorted({each[1] for each in page}))}, fields=fields
            )
            found += [row for row in rows if (row["reference_doctype"], row["reference_name"]) in page]
        return found

    # Lines

    def prepare(self, docs: list[Doc]) -> None:
        """Bring what earlier looks made of the documents that these name; and what is kept of lines that are decided anew."""
        page = [(str(doc["doctype"]), str(doc["name"])) for doc in docs]
        self._recall_all([*page, *(each for doc in docs for each in settled_by(doc))])
        rows = self._lines([each for each in page if each in self._again], FORMER)
        self._former = {(row["reference_doctype"], row["reference_name"]): row for row in rows}
        for row in rows:
            self._count_no_more(row)

    def _count_no_more(self, row: dict[str, Any]) -> None:
        """A line that is decided anew has counted as approved in its month once already."""
        for target in (row["target"] or "").split(","):
            kind, status, type_ = [*target.split(":"), "", ""][:3]
            place = (str(row["posting_date"])[:7], "bills" if type_ == "ACCPAY" else "invoices")
            if kind == INVOICE.made_by.name and status == APPROVED and place in self._known.approved:
                self._known.approved[place] -= 1

    def write(self, lines: list[dict[str, Any]]) -> None:
        """Lines take the place of those that were decided anew; and what settles something stands on the line of that."""
        if self._former:
            frappe.db.delete(ROW, {"name": ("in", [row["name"] for row in self._former.values()])})
        super().write(lines)
        settling: dict[Named, set[Named]] = {}
        for owner, by in self._together.settling(each for line in lines for each in kept(json.loads(line["made"] or "[]"))):
            settling.setdefault(owner, set()).add(by)
        for row in self._lines(sorted(settling), ["name", "reference_doctype", "reference_name", "settled_by"]):
            before = {(doctype, name) for doctype, name in json.loads(row["settled_by"] or "[]")}
            all_of_them = sorted(before | settling[row["reference_doctype"], row["reference_name"]])
            frappe.db.set_value(ROW, row["name"], "settled_by", json.dumps(all_of_them), update_modified=False)

    def previewed(self, doc: Doc) -> Preview:
        """As of any other; what was cancelled before it would have gone never goes."""
        return Preview([], [], Reads()) if int(doc["docstatus"] or 0) == CANCELLED else super().previewed(doc)

    def counted(self, doc: Doc, its: Costs) -> None:
        """What it took before is counted no more."""
        before = self._former.get((doc["doctype"], doc["name"]), {}).get("costs")
        self._costs = added(less(self._costs, json.loads(before or "{}")), its)

    def nothing(self, doc: Doc) -> dict[str, Any]:
        """It has a line, or each look would come back to it."""
        return preview_rows.nothing(doc)

    def finished(self, doc: Doc, made: dict[str, Any], its: Costs) -> dict[str, Any]:
        """With when and why it would have been stopped first, and since when it would go."""
        former, at, stopped = self._former.get((doc["doctype"], doc["name"]), {}), now(), made["state"] in STOPPED
        before, texts = json.loads(former.get("texts") or "{}"), json.loads(made["texts"] or "{}")
        since = former.get("stopped_at") or (at if stopped else None)
        why = former.get("stopped_by") or (made["problems"] if stopped else "")
        form = before.get("stopped_by") or (texts.get("problems") if stopped else None)
        return {
            **made,
            "texts": json.dumps({**texts, **({"stopped_by": form} if form else {})}),
            "stopped_at": since,
            "stopped_until": at if since and not stopped else None,
            "stopped_by": why,
            "decided_at": at,
            "settled_by": former.get("settled_by") or "[]",
            "makes_contact": int(any(each.endpoint == CONTACTS.endpoint for each in kept(json.loads(made["made"] or "[]")))),
            "costs": json.dumps(its),
        }
