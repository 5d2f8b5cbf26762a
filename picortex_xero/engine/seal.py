"""From claimed steps to sealed requests: read what Xero shows right now, decide, make the request bodies, write the exact bytes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..compat import let_pass
from ..documents.base import InXero
from ..documents.decisions import Send, Unclear
from ..documents.fingerprint import VERSION
from ..documents.identity import INVOICE_DOCTYPES, identity
from ..documents.registry import fingerprint, first_role
from ..documents.translation import Translation
from ..xero.client import encode
from ..xero.records import elements as records
from ..xero.records.base import Kind
from . import attempts, outbox, reading, recheck_candidates, recover, send
from .apply import apply, hold
from .attempts import Attempt
from .claimed_step import Work, unexpected
from .clock import now
from .context import Context
from .lease import Lease
from .look_at_xero import look

Made = list[tuple[Work, Translation]]
# After so many tries in which Xero does not show what a document needs a person is told: with waits that double, half an hour.
MOST_UNSHOWN = 5


def build(context: Context, lease: Lease, batches: list[list[Work]]) -> list[Attempt]:
    """Seal one attempt per batch and return them. Works that need nothing, or cannot go, are settled on the way. Commits.

    Everything is read from Xero before anything is sealed, so that no sealed request waits for reads. Raises reading.Interrupted and
    send.LeaseLost; a failure over one document is settled as that document's.
    """
    made = [(batch[0].kind, each) for batch in batches if (each := _looked(context, lease, batch))]
    return [attempt for kind, works in made for attempt in _sealed(context, lease, kind, works)]


def _looked(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """The works of one batch that go, with their request bodies. Commits. A work whose reads fail is found by halving, so that the others
    still go."""
    frappe.db.commit()
    interrupted = None
    try:
        recheck_candidates.look(context, lease, [work for work in batch if work.kept])
        made = _decided(context, lease, [work for work in batch if work.plan])
        frappe.db.commit()
        return made
    except send.LeaseLost:
        raise
    except reading.Interrupted as found:
        frappe.db.rollback()
        if recover.of_the_connection(context, lease, found):
            raise
        interrupted = found
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        if len(batch) == 1:
            _not_mine(lease, batch)
            unexpected(batch[0].row)
            frappe.db.commit()
            return []
    still = [work for work in batch if work not in _not_mine(lease, batch)]
    if len(still) == 1 and interrupted:
        _cannot_be_shown(still[0], interrupted.path.partition("?")[0])
        frappe.db.commit()
        return []
    middle = (len(still) + 1) // 2
    halves = [half for half in (still[:middle], still[middle:]) if half]
    return [each for half in halves for each in _looked(context, lease, half)]


def _decided(context: Context, lease: Lease, works: list[Work]) -> Made:
    """Decide all plans by what Xero shows: what goes is returned, every other decision is written down."""
    plans = [work.plan for work in works if work.plan]
    shown = look(context, lease, plans) if plans else InXero()
    made: Made = []
    being_made: set[str] = set()
    for work, plan in zip(works, plans):
        decision = plan.decide(shown)
        match decision.outcome:
            case Send(_, _, makes) if makes in being_made:
                outbox.move(work.row, "release")
                continue
            case Send(translation, remaining, makes):
                being_made |= {makes} if makes else set()
                work.remaining = remaining
                made.append((work, translation))
        apply(work.row, decision)
        if isinstance(decision.outcome, Unclear):
            _cannot_be_shown(work, decision.outcome.what)
    return made


def _not_mine(lease: Lease, works: list[Work]) -> list[Work]:
    """Read the rows of works anew after a rollback; returned are those that are settled already or belong to another run."""
    gone = []
    for work in works:
        row = outbox.get(name=work.row["name"])
        work.row.update(row or {"state": ""})
        if work.row["state"] != "Sending" or work.row["attempt"] or int(work.row["epoch"] or 0) != lease.epoch:
            gone.append(work)
    return gone


def _cannot_be_shown(work: Work, shown: str) -> None:
    """Xero answers, but does not show what this document needs (`shown`): the step waits, later each time, and in the end goes to a
    person."""
    name, failures = work.row["reference_name"], int(work.row["failures"] or 0) + 1
    what = Problem(
        "xero-cannot-show",
        _("Xero does not show what {name} needs ({shown})").format(name=name, shown=shown),
        _("Open in Xero what {name} settles or refers to; if Xero shows it there, press Retry in an hour").format(name=name),
    )
    if failures >= MOST_UNSHOWN:
        hold(work.row, [what])
    else:
        outbox.move(work.row, "release", what, failures=failures, due_at=now() + timedelta(minutes=2**failures))


def _sealed(context: Context, lease: Lease, kind: Kind, made: Made) -> list[Attempt]:
    """The sealed request of these works; where one of them cannot be written, the others go without it. Commits."""
    try:
        sealed = _seal(context, lease, kind, made)
        frappe.db.commit()
        return [sealed]
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        _not_mine(lease, [work for work, _ in made])
        if len(made) == 1:
            unexpected(made[0][0].row)
            frappe.db.commit()
            return []
    middle = (len(made) + 1) // 2
    return [each for half in (made[:middle], made[middle:]) for each in _sealed(context, lease, kind, half)]


def _seal(context: Context, lease: Lease, kind: Kind, made: Made) -> Attempt:
    attempt = attempts.seal(
        context.connection,
        context.company,
        lease.epoch,
        kind,
        made[0][0].path or kind.path(made[0][0].xero_id),
        encode(kind.body([translation.body for _, translation in made])),
        [_member(work, translation) for work, translation in made],
        secrets.token_hex(16),
        made[0][1].content,
    )
    for work, _made in made:
        outbox.note(work.row, attempt=attempt.key)
    return attempt


def _member(work: Work, made: Translation) -> dict[str, Any]:
    who = identity(work.doc)
    return {
        "entry": work.row["name"],
        "doctype": who.doctype,
        "docname": who.name,
        "sent_as": who.name,
        "creation": who.creation,
        "role": work.row["role"],
        "generation": work.row["generation"],
        "company": work.row["company"],
        "currency": work.doc.get("currency") or work.row["currency"] or "",
        "content": fingerprint(work.doc) if _says_all(work) else "",
        "content_version": VERSION,
        "content_at": str(now_datetime()),
        "facts": _facts(work, made),
        "marker": {name: str(value) if name in ("Total", "Amount") else value for name, value in made.marker.items()},
        "total": None if made.total is None else str(made.total),
        "tax": None if made.tax is None else str(made.tax),
        "remaining": records.money(work.remaining),
        "link": work.link,
        "name": made.body.get("Name", ""),
        "tax_number": made.body.get("TaxNumber", ""),
    }


def _facts(work: Work, made: Translation) -> dict[str, Any]:
    """What the record in Xero must show; answers and lists are compared with it."""
    found = records.facts(work.kind, made.body)
    if made.total is not None and work.kind.xero_object.has_total:
        found["Total"] = records.money(made.total)
    return found


def _says_all(work: Work) -> bool:
    """Whether the fingerprint of the document covers what is sent. Of an invoice that is so only for the invoice itself, not for payments
    inside it, write-offs or releases of it."""
    if work.kind.undo:
        return False
    return work.doc["doctype"] not in INVOICE_DOCTYPES or work.row["role"] == first_role(work.doc)
