"""Test transactions: sent to Xero, read back, compared with what was expected, and taken back. In a Demo Company the whole chain with payments; elsewhere
drafts alone, on a contact that is there already.

Each request stands in its row with a key of its own before it leaves. Where a worker dies or Xero says nothing, the same bytes go again under the same
key while Xero remembers it, and later its lists tell. What could not be taken back is named, and a press removes it.
"""

from __future__ import annotations

import json
import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import frappe
import simplejson

from ..accounting.texts import Text, _
from ..connection import this_site, tokens, xero_lists
from ..questions.organisation import NotADemoCompany, NotAsked, Organisation, Wait, errors
from ..questions.organisation import said as words
from ..xero.client import encode
from ..xero.records.registry import object_at
from . import asking, direct, full_names, log, slices, try_account, try_contacts
from .chosen import mapping
from .clock import now, running
from .screen_texts import html, in_words, stored
from .standard_columns import standard
from .try_plan import CHAIN, DRAFTS, Basis, Try, expected, plan, seen, stays

RUN, RECORD, CONNECTION = "Xero Test Run", "Xero Test Record", "Xero Connection"
SEALED, SENT, THERE, REMOVED, REFUSED, NOT_NEEDED = "Sealed", "Sent", "In Xero", "Removed", "Refused", "Not Needed"
LEFT = (SENT, THERE)
# Xero remembers a key for some minutes; after that its lists tell.
KEY_LIVES = timedelta(minutes=5)
GONE = ("DELETED", "VOIDED", "ARCHIVED")


def before(connection: str) -> dict[str, Any]:
    """What would be sent, and what stays in Xero for good, before anything is: whether it is a `demo` company by Xero's own word now, `mode`, `records`
    and `stays`, and the `contacts` on which drafts may be made (try_contacts.py). Throws. Commits."""
    doc = _usable(connection)
    org = Organisation(direct.calls(doc), running())
    try:
        org.must_be_a_demo_company()
        mode = CHAIN
    except NotADemoCompany:
        mode = DRAFTS
    except (NotAsked, Wait) as why:
        frappe.throw(html(in_words(_("Xero does not answer at the moment ({said}); try again in a minute").format(said=str(why)[:200]))))
    contacts = {} if mode == CHAIN else _contacts(connection, org)
    return {
        "demo": mode == CHAIN,
        "mode": mode,
        "records": [in_words(each.what) for each in plan(mode)],
        "stays": [in_words(each) for each in stays(mode)],
        "contacts": contacts,
    }


def contacts(connection: str, words: str) -> try_contacts.Found:
    """Contacts for drafts, found by their names. Throws."""
    return _contacts(connection, Organisation(direct.calls(_usable(connection)), running()), words)


def _contacts(connection: str, org: Organisation, words: str = "") -> try_contacts.Found:
    try:
        return try_contacts.searched(org, words) if words else try_contacts.offered(connection, org)
    except (NotAsked, Wait) as why:
        frappe.throw(html(in_words(_("Xero does not answer at the moment ({said}); try again in a minute").format(said=str(why)[:200]))))
        raise


def _usable(connection: str) -> Any:
    doc = frappe.get_doc(CONNECTION, connection)
    if not doc.authorisation or not doc.tenant_id or doc.state == asking.RETIRED:
        frappe.throw(html(in_words(_("Connect the company to Xero first"))))
    this_site.must_be_free_to_write(connection)
    tokens.must_be_of_this_site(doc.authorisation)
    if not xero_lists.read_at(connection):
        frappe.throw(html(in_words(_("Press Refresh From Xero first"))))
    return doc


def start(connection: str, mode: str, contact: str, contact_name: str, supplier: str = "", supplier_name: str = "") -> str:
    """Begin a test run; its name. `contact` gets the sales invoice and `supplier` the bill, where it is another one. The whole chain is refused unless Xero says now that the organisation is a Demo Company. Commits."""
    doc = _usable(connection)
    if known := slices.running(RUN, connection):
        return known
    if mode == CHAIN:
        asking.demo_company(doc)
    elif not contact:
        frappe.throw(html(in_words(_("Choose a contact that is in Xero already: the drafts are made on it"))))
    values = {"connection": connection, "company": doc.company, "mode": mode, "organisation": doc.organisation_name or ""}
    values |= {
        "contact": stored(contact_name)[:255],
        "contact_id": contact,
        "supplier": stored(supplier_name or contact_name)[:255],
        "supplier_id": supplier or contact,
        "as_expected": 0,
        "differing": 0,
        "left_over": 0,
        "calls": 0,
        "cleaning": 0,
    }
    begun = slices.begin(RUN, values)
    log.of_connection(connection, _("{user} sends test transactions ({mode})").format(user=full_names.mine(), mode=mode))
    return slices.only_one(RUN, connection, begun)


def remove_left(run: str) -> None:
    """Take back what a run has left in Xero. Part of the caller's transaction."""
    if frappe.db.get_value(RUN, run, "state") == slices.RUNNING:
        return
    this_site.must_not_only_watch(str(frappe.db.get_value(RUN, run, "connection")))
    frappe.db.set_value(RUN, run, {"state": slices.RUNNING, "cleaning": 1, "due_at": now(), "finished_at": None}, update_modified=False)
    frappe.db.after_commit.add(lambda: slices.queue(RUN, run))


def go_on(run: str, stop: float) -> None:
    """Go on with a run, until `stop` (time.monotonic()). Commits."""
    if not slices.take(RUN, run):
        return
    row = dict(frappe.get_all(RUN, filters={"name": run}, fields=["*"])[0])
    doc = frappe.get_doc(CONNECTION, row["connection"])
    if not doc.authorisation or not doc.tenant_id or doc.state == asking.RETIRED:
        slices.end(
            RUN, run, slices.STOPPED, _("The company is not connected any more"), _("Connect it again, then press Remove What Is Left")
        )
        return
    work = _Work(row, doc, Organisation(direct.calls(doc), running()), stop)
    try:
        work.all()
    except NotADemoCompany as other:
        work.ends(slices.STOPPED, _("{organisation} is no Demo Company: nothing is sent there but drafts").format(organisation=other))
    except Wait as limit:
        slices.later(RUN, run, now() + timedelta(seconds=limit.seconds), _("Xero takes no more calls at the moment; it goes on by itself"))
    except NotAsked as why:
        work.no_answer(str(why))
    except tokens.Trouble as trouble:
        work.ends(slices.STOPPED, trouble.problem.message, trouble.problem.resolution)


class _Work:
    """One slice of a run."""

    def __init__(self, row: dict[str, Any], doc: Any, org: Organisation, stop: float) -> None:
        self._row, self._doc, self._org, self._stop = row, doc, org, stop
        self._run, self._mode = str(row["name"]), str(row["mode"])
        self._choices, self._lists = mapping(doc), xero_lists.stored(doc.name)

    def all(self) -> None:
        """Make, read back, take back."""
        if self._mode == CHAIN:
            self._org.must_be_a_demo_company()
        if not self._row["cleaning"]:
            for each in plan(self._mode):
                self._made(each)
                slices.alive(RUN, self._run, **self._figures())
        for each in reversed(plan(self._mode)):
            self._taken_back(each)
            slices.alive(RUN, self._run, **self._figures())
        left = [row["number"] for row in self._records() if row["state"] in LEFT]
        said = _("Still in Xero: {records}. Press Remove What Is Left").format(records=", ".join(left)) if left else None
        self.ends(slices.DONE, said)

    def ends(self, state: str, reason: Text | None = None, cure: Text | None = None) -> None:
        """The run is over. Commits."""
        slices.end(RUN, self._run, state, reason, cure, **self._figures())

    def no_answer(self, why: str) -> None:
        """Xero says nothing: tried again for an hour, then what is left is named. Commits."""
        if now() - self._row["started_at"] > timedelta(hours=1) and not self._row["cleaning"]:
            self.ends(slices.STOPPED, _("Xero does not answer ({said})").format(said=why[:200]), _("Press Remove What Is Left later"))
        else:
            slices.later(
                RUN, self._run, now() + timedelta(minutes=1), _("Xero does not answer ({said}); it is tried again").format(said=why[:200])
            )

    def _records(self) -> list[dict[str, Any]]:
        return [dict(row) for row in frappe.get_all(RECORD, filters={"run": self._run}, fields=["*"], order_by="place asc")]

    def _figures(self) -> dict[str, int]:
        rows = self._records()
        checks = [check for row in rows for check in json.loads(row["checks"] or "[]")]
        good = sum(check["ok"] for check in checks)
        left = sum(row["state"] in LEFT for row in rows)
        calls = int(self._row["calls"] or 0) + self._org.calls
        return {"as_expected": good, "differing": len(checks) - good, "left_over": left, "calls": calls}

    def _of(self, place: int) -> dict[str, Any] | None:
        return next((row for row in self._records() if row["place"] == place), None)

    def _made(self, each: Try) -> None:
        row = self._of(each.place) or self._sealed(each)
        if row["state"] in (SEALED, SENT):
            self._sent(each, row)
        row = self._of(each.place) or row
        if row["state"] == THERE and not json.loads(row["checks"] or "[]"):
            self._read_back(each, row)

    def _sealed(self, each: Try) -> dict[str, Any]:
        """The row of a record with its request, before anything of it leaves. Commits."""
        made = {row["place"]: row["xero_id"] for row in self._records() if row["state"] == THERE}
        basis = Basis(
            self._run[:6],
            self._org.day(),
            self._choices,
            self._lists,
            self._row["contact_id"] or "",
            made,
            *self._own_accounts(),
            supplier=self._row["supplier_id"] or "",
        )
        element = each.element(basis)
        values: dict[str, Any] = {
            "name": frappe.generate_hash(length=12),
            **standard(frappe.session.user),
            "connection": self._row["connection"],
            "company": self._row["company"],
            "run": self._run,
            "place": each.place,
            "what": str(each.what),
            "number": str((element or {}).get(each.numbered) or ""),
            "endpoint": each.endpoint,
            "state": SEALED if element else NOT_NEEDED,
            "said": "" if element else str(_("What it needs was not made, or is not mapped yet")),
            "request": encode({each.endpoint: [element]}).decode() if element else "",
            "request_key": secrets.token_hex(16),
        }
        frappe.db.bulk_insert(RECORD, list(values), [tuple(values.values())])
        frappe.db.commit()
        return {**values, "checks": "", "xero_id": "", "sent_at": None}

    def _own_accounts(self) -> tuple[dict[str, int], frozenset[str]]:
        company = str(self._row["company"])
        return try_account.used(company), frozenset(try_account.apart(company))

    def _sent(self, each: Try, row: dict[str, Any]) -> None:
        """Send a record, or find out what became of it. Commits."""
        if row["state"] == SENT and now() - row["sent_at"] > KEY_LIVES:
            found = self._looked_up(each, row)
            self._note(
                row, **({"state": THERE, "xero_id": found} if found else {"state": REFUSED, "said": str(_("Xero does not have it"))})
            )
            return
        if row["state"] == SEALED:
            self._note(row, state=SENT, sent_at=now())
        body = simplejson.loads(row["request"], use_decimal=True)
        answer = self._org.call("PUT", f"{each.endpoint}?summarizeErrors=false", body, key=row["request_key"])
        shown = answer.data.get(each.endpoint) if isinstance(answer.data, dict) and answer.status == 200 else None
        element = shown[0] if isinstance(shown, list) and shown and isinstance(shown[0], dict) else {}
        if refused := errors(element) or ([words(answer)] if answer.status != 200 else []):
            self._note(row, state=REFUSED, said=stored("; ".join(refused))[:500], checks=_check("Accepted", "yes", "no"))
        elif element.get(each.id_field):
            self._note(row, state=THERE, xero_id=str(element[each.id_field]))
        else:
            raise NotAsked(f"the answer shows no {each.id_field}")

    def _looked_up(self, each: Try, row: dict[str, Any]) -> str:
        """The id of a record by its number, from Xero's list; "" where it has none."""
        if not row["number"]:
            return ""
        where = quote(f'{each.numbered}=="{row["number"]}"', safe="")
        listed = self._org.get(f"{each.endpoint}?where={where}&page=1&pageSize=10").get(each.endpoint) or []
        return next((str(one[each.id_field]) for one in listed if one.get("Status") not in GONE), "")

    def _read_back(self, each: Try, row: dict[str, Any]) -> None:
        """Compare a record with what was expected. Commits."""
        record = self._org.one(each.endpoint, row["xero_id"])
        sent = simplejson.loads(row["request"], use_decimal=True)[each.endpoint][0]
        shows, wanted = seen(record), expected(sent, self._choices)
        checks = [
            {"what": name, "expected": value, "seen": shows.get(name, ""), "ok": shows.get(name, "") == value}
            for name, value in wanted.items()
        ]
        checks.append({"what": "Read back", "expected": "yes", "seen": "yes", "ok": True})
        self._note(row, checks=json.dumps(checks), status=shows["Status"])

    def _taken_back(self, each: Try) -> None:
        """Take a record back and see that it is gone. Commits."""
        row = self._of(each.place)
        if row is None or row["state"] not in (*LEFT, SEALED):
            return
        if row["state"] == SEALED:
            self._note(row, state=NOT_NEEDED)
            return
        if row["state"] == SENT:
            found = self._looked_up(each, row)
            if not found:
                self._note(row, state=REFUSED, said=str(_("Xero does not have it")))
                return
            self._note(row, state=THERE, xero_id=found)
            row["xero_id"] = found
        if self._status(each, row) not in GONE:
            named = {each.id_field: row["xero_id"], ("ContactStatus" if each.undone == "ARCHIVED" else "Status"): each.undone}
            # Xero's OpenAPI description requires some fields in any change.
            sent = simplejson.loads(row["request"], use_decimal=True)[each.endpoint][0]
            named |= {field: sent[field] for field in object_at(each.endpoint).kept_on_undo if field in sent}
            path = f"{each.endpoint}/{row['xero_id']}"
            answer = self._org.post(
                path, {"Status": each.undone} if each.undone == "DELETED" and each.numbered == "Reference" else {each.endpoint: [named]}
            )
            status = self._status(each, row)
            if status not in GONE:
                said = words(answer) if answer.status != 200 else "; ".join(_refusals(answer.data, each)) or status
                self._note(row, said=stored(said)[:500], status=status, checks=_with(row, "Removed", each.undone, status))
                return
        self._note(row, state=REMOVED, status=self._shown, checks=_with(row, "Removed", each.undone, self._shown))

    def _status(self, each: Try, row: dict[str, Any]) -> str:
        record = self._org.one(each.endpoint, row["xero_id"])
        self._shown = str(record.get("Status") or record.get("ContactStatus") or "")
        return self._shown

    def _note(self, row: dict[str, Any], **fields: Any) -> None:
        frappe.db.set_value(RECORD, row["name"], fields, update_modified=False)
        frappe.db.commit()
        if time.monotonic() > self._stop:
            raise Wait(1)


def _check(what: str, wanted: str, shown: str) -> str:
    return json.dumps([{"what": what, "expected": wanted, "seen": shown, "ok": wanted == shown}])


def _with(row: dict[str, Any], what: str, wanted: str, shown: str) -> str:
    """The checks of a record with one more, or that one anew."""
    before = [check for check in json.loads(row["checks"] or "[]") if check["what"] != what]
    return json.dumps([*before, {"what": what, "expected": wanted, "seen": shown, "ok": wanted == shown}])


def _refusals(data: Any, each: Try) -> list[str]:
    listed = data.get(each.endpoint) if isinstance(data, dict) else None
    return errors(listed[0]) if isinstance(listed, list) and listed and isinstance(listed[0], dict) else []


def shown(connection: str) -> dict[str, Any] | None:
    """The newest run of a connection with its records and their checks; None for none."""
    fields = (
        "name state mode organisation contact supplier started_at finished_at as_expected differing left_over calls reason cure".split()
    )
    runs = frappe.get_all(RUN, filters={"connection": connection}, fields=fields, order_by="started_at desc", limit=1)
    if not runs:
        return None
    columns = ["what", "number", "endpoint", "state", "status", "checks", "said"]
    rows = frappe.get_all(RECORD, filters={"run": runs[0]["name"]}, fields=columns, order_by="creation asc, place asc")
    return {**runs[0], "records": [{**row, "checks": json.loads(row["checks"] or "[]")} for row in rows]}
