"""From ready works to sealed requests: what Xero shows right now is read, elements are made, bytes are sealed."""

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
from . import attempts, choosing, outbox, reading, recover, send
from .apply import apply, hold
from .attempts import Attempt
from .clock import now
from .context import Context
from .lease import Lease
from .looking import look
from .work import Work, unexpected

Made = list[tuple[Work, Translation]]
# How often Xero may fail to show what a document needs, with waits that double, before a person is told: half an hour.
MOST_UNSHOWN = 5


def build(context: Context, lease: Lease, batches: list[list[Work]]) -> list[Attempt]:
    """Seal one attempt per batch. Works that turn out to need nothing, or to be impossible, are settled on the way. Commits.

    All that Xero shows is looked at before anything is sealed, so that no sealed request waits for another's looks. Raises
    reading.Interrupted and send.LeaseLost; what goes wrong with one document is settled as that document's.
    """
    made = [(batch[0].kind, each) for batch in batches if (each := _looked(context, lease, batch))]
    return [attempt for kind, works in made for attempt in _sealed(context, lease, kind, works)]


def _looked(context: Context, lease: Lease, batch: list[Work]) -> Made:
    """What the works of one batch become, as far as they can go. Commits. A work whose look fails is found by halving, so that fifty
    others cost a few more looks and no one a failed run."""
    frappe.db.commit()
    interrupted = None
    try:
        choosing.look(context, lease, [work for work in batch if work.kept])
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
    """What plans become once Xero has shown what they read: what goes is returned, everything else written down."""
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
    """Read the rows of works anew after a rollback; those that are settled already, or anybody else's, are returned."""
    gone = []
    for work in works:
        row = outbox.get(name=work.row["name"])
        work.row.update(row or {"state": ""})
        if work.row["state"] != "Sending" or work.row["attempt"] or int(work.row["epoch"] or 0) != lease.epoch:
            gone.append(work)
    return gone


def _cannot_be_shown(work: Work, shown: str) -> None:
    """Xero answers, but not when it is asked for what this document needs: it waits, later each time, and is a person's in the end."""
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
    """The sealed request over these works; where one of them cannot be written down, the others go without it. Commits."""
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
    """What its record in Xero must show, as answers and lists are compared with it."""
    found = records.facts(work.kind, made.body)
    if made.total is not None and work.kind.xero_object.has_total:
        found["Total"] = records.money(made.total)
    return found


def _says_all(work: Work) -> bool:
    """Whether what is sent changes when the document does. Of an invoice only the invoice itself: what was paid inside it, taken off or
    released of it is compared by nobody."""
    if work.kind.undo:
        return False
    return work.doc["doctype"] not in INVOICE_DOCTYPES or work.row["role"] == first_role(work.doc)
