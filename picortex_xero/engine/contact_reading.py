"""Reading an organisation's contacts into the cache (engine/contact_cache.py): a job of its own, page by page, within the calls that documents leave.

It goes on where it stopped, whatever stopped it: how far it is stands on one row (Xero Contact Reading), written together with each page. One job
reads at a time: it owns the row for two minutes, and whoever owns it no more writes nothing. It is no run of the sender's: contacts are matched before
anything is sent, and Xero's fifth call at a time is free for it.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import NONE, Text, _, dump
from ..compat import affected_rows
from ..connection import organisation, this_site, tokens
from ..connection.current import RETIRED
from ..xero import answers
from ..xero.records import xero_element
from ..xero.records.registry import CONTACT
from . import contact_cache, limits, reading
from .clock import now
from .screen_texts import stored
from .standard_columns import standard

DOCTYPE, CONNECTION = "Xero Contact Reading", "Xero Connection"
READING, DONE, STOPPED = "Reading", "Done", "Stopped"
FIELDS = [
    "name",
    "company",
    "state",
    "why",
    "why_parts",
    "found",
    "total",
    "calls",
    "started_at",
    "finished_at",
    "whole",
    "since",
    "page",
    "complete_until",
]
OWNED = timedelta(seconds=120)
# What changed within so long before the last reading is read again: Xero's clock and the database's differ.
OVERLAP = timedelta(hours=1)
# After so long all contacts are read again, not only what changed.
OLD = timedelta(days=14)
GONE = _("The connection was given back meanwhile")


def of(connection: str) -> dict[str, Any] | None:
    """How far the reading is; None where contacts were never read."""
    row = frappe.db.get_value(DOCTYPE, connection, FIELDS, as_dict=True)
    return dict(row) if row else None


def start(connection: str) -> None:
    """Have the contacts read, unless they are being read: all of them the first time and every two weeks, else what changed. Where it had stopped it
    goes on from there. Throws where this site does not send for the connection. Commits."""
    this_site.must_be_this_site(connection)
    known = of(connection)
    if known is None:
        values = {
            **standard(frappe.session.user),
            "name": connection,
            "connection": connection,
            "company": frappe.db.get_value(CONNECTION, connection, "company"),
            "state": DONE,
        }
        frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
        known = of(connection) or {}
    if known.get("state") == STOPPED:
        _changed(connection, STOPPED, state=READING, why="", why_parts="")
    elif known.get("state") == DONE:
        since = _since(known)
        begun = {"found": 0, "total": 0, "calls": 0, "started_at": now(), "started_by": frappe.session.user, "finished_at": None}
        at = {"whole": int(not since), "since": since, "page": 1, "why": "", "why_parts": ""}
        _changed(connection, DONE, state=READING, **begun, **at)
    frappe.db.commit()


def _since(known: dict[str, Any]) -> str:
    """Since when changes are to be read; "" for all contacts."""
    last, read_whole = known.get("complete_until") or "", known.get("finished_at")
    fresh = read_whole and now() - OLD < read_whole <= now()
    return last if last and fresh else ""


def unfinished(connection: str) -> bool:
    """Whether a reading was begun that nobody goes on with right now."""
    row = frappe.db.get_value(DOCTYPE, connection, ["state", "worker_until"], as_dict=True)
    return bool(row and row["state"] == READING and not (row["worker_until"] and now() < row["worker_until"] <= now() + OWNED))


def go_on(connection: str, stop: float) -> None:
    """Read pages until `stop` (time.monotonic()), all are read, or no calls are to spare; then the next minute goes on. Commits."""
    worker = _taken(connection)
    if not worker:
        return
    try:
        while time.monotonic() < stop and _may_read(connection):
            if not _page(connection, worker):
                return
    except frappe.ValidationError as refusal:
        # Xero, or the sign-in, said why; the person who began it reads that and goes on.
        frappe.db.rollback()
        _stopped(connection, worker, Text(str(refusal)))
    except tokens.Trouble as trouble:
        frappe.db.rollback()
        _stopped(connection, worker, trouble.problem.message)
    finally:
        frappe.db.rollback()
        _owned(connection, worker, worker="", worker_until=None)
        frappe.db.commit()


def _may_read(connection: str) -> bool:
    """Whether calls are to spare. Before the first call nobody knows, and one tells."""
    if limits.resting(connection):
        return False
    return limits.to_spare(connection) or not frappe.db.get_value("Xero Connection State", connection, "last_good_call")


def _taken(connection: str) -> str:
    """A name for this worker, which owns the reading from now on; "" where another one does, or nothing is to be read. Commits."""
    worker, at = secrets.token_hex(8), now()
    frappe.db.commit()
    frappe.db.sql(
        f"UPDATE `tab{DOCTYPE}` SET `worker`=%(worker)s, `worker_until`=%(until)s WHERE `name`=%(name)s AND `state`='Reading' "
        "AND (`worker_until` IS NULL OR `worker_until`<=%(now)s OR `worker_until`>%(until)s)",
        {"worker": worker, "until": at + OWNED, "now": at, "name": connection},
    )
    taken = affected_rows() == 1
    frappe.db.commit()
    return worker if taken else ""


def _page(connection: str, worker: str) -> bool:
    """Read one page and keep it; whether another one follows. Throws what Xero or the sign-in says. Commits."""
    row, doc = (
        of(connection),
        frappe.db.get_value(CONNECTION, connection, ["state", "authorisation", "tenant_id", "company", "country_code"], as_dict=True),
    )
    if not row or not doc or doc["state"] in (RETIRED, "Disconnected") or not doc["authorisation"]:
        _stopped(connection, worker, GONE)
        return False
    if not int(row["calls"] or 0):
        # A custom connection's token may open another organisation by now.
        organisation.facts(doc["authorisation"], doc["tenant_id"])
    answer = organisation.answered(doc["authorisation"], doc["tenant_id"], _path(row), row["since"] or "")
    limits.note(connection, [answer])
    listed = _listed(connection, answer)
    if listed is None:
        return False
    said = answer.data if isinstance(answer.data, dict) else {}
    last = answer.status == 304 or reading.is_last(said, listed, int(row["page"]))
    since, page = reading.next_page(listed, row["since"] or "", int(row["page"]))
    found = contact_cache.keep(connection, doc["company"], doc["country_code"] or "", listed)
    fields: dict[str, Any] = {"found": int(row["found"] or 0) + found, "calls": int(row["calls"] or 0) + 1, "since": since, "page": page}
    fields |= {"total": int(row["total"] or 0) or reading.number_of(said, "itemCount") or 0}
    if last:
        if int(row["whole"] or 0):
            contact_cache.forget_older(connection, row["started_at"])
        until = (row["started_at"] - OVERLAP).strftime(reading.ISO)
        fields |= {"state": DONE, "finished_at": now(), "complete_until": until, "why": "", "why_parts": ""}
    if not _owned(connection, worker, **fields, worker_until=now() + OWNED):
        # Another worker has taken over: it reads this page itself.
        frappe.db.rollback()
        return False
    frappe.db.commit()
    return not last


def _path(row: dict[str, Any]) -> str:
    order = f"order={quote('UpdatedDateUTC ASC')}"
    return f"{CONTACT.endpoint}?includeArchived=true&{order}&page={int(row['page'])}&pageSize={reading.PAGE}"


def _listed(connection: str, answer: answers.Answer) -> list[dict[str, Any]] | None:
    """The contacts that an answer lists; None where Xero is to be asked later (a minute's job goes on). Throws where it shows none."""
    if answer.status == 304:
        return []
    verdict = answers.judge(answer)
    if verdict.kind == answers.PARK:
        limits.rest(
            connection, verdict.wait, _("Xero's limit of calls ({limit}) is used up").format(limit=verdict.limit[:40] or _("unnamed"))
        )
        frappe.db.commit()
        return None
    if verdict.kind in (answers.RELEASE, answers.REPLAY, answers.PROBE) and answer.status != 200:
        limits.rest_longer(connection, verdict.wait, _("Xero does not answer properly; trying again soon"))
        frappe.db.commit()
        return None
    found = xero_element.listed_under(CONTACT, answer.data) if answer.status == 200 and isinstance(answer.data, dict) else None
    if found is None:
        raise _Unreadable(verdict.problem or _not_shown(answer))
    return [each for each in found if isinstance(each, dict)]


class _Unreadable(tokens.Trouble):
    """Xero does not show its contacts."""


def _not_shown(answer: answers.Answer) -> Problem:
    message = _("Xero does not show its contacts: {answer}").format(answer=answers.said(answer))
    return Problem("contacts-unreadable", message, _("Press Read contacts again in a minute; it goes on where it stopped"))


def _stopped(connection: str, worker: str, why: Text) -> None:
    _owned(connection, worker, state=STOPPED, why=stored(why), why_parts=dump(why=why) if why is not NONE else "")
    frappe.db.commit()


def _owned(connection: str, owner: str, **fields: Any) -> bool:
    """Change the row while this worker owns it; whether it does."""
    return _update(connection, fields, "`worker`=%(_worker)s", _worker=owner)


def _changed(connection: str, seen: str, **fields: Any) -> bool:
    """Change the row while it is in the state that was seen; whether it was."""
    return _update(connection, fields, "`state`=%(_seen)s", _seen=seen)


def _update(connection: str, fields: dict[str, Any], where: str, **values: Any) -> bool:
    assignments = ", ".join(f"`{field}`=%({field})s" for field in fields)
    frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET {assignments} WHERE `name`=%(_name)s AND {where}", {**fields, **values, "_name": connection})
    return affected_rows() == 1
