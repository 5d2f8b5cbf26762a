"""From claimed steps to sealed requests: read what Xero shows right now, decide, make the request bodies, write the exact bytes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.plain_text import one_line
from ..accounting.problems import Problem
from ..accounting.texts import _, dump
from ..compat import let_pass
from ..documents.base import InXero
from ..documents.decisions import Send, Unclear
from ..documents.fingerprint import VERSION
from ..documents.identity import INVOICE_DOCTYPES, identity
from ..documents.party.contact import ESSENTIAL
from ..documents.party.room import NewContact
from ..documents.registry import fingerprint, first_role
from ..documents.still_in_xero import checked
from ..documents.translation import Translation
from ..xero.client import encode
from ..xero.records import xero_element
from ..xero.records.base import Kind
from ..xero.records.lines import Known, sent_lines
from . import attempts, outbox, reading, recheck_candidates, sent_and_cancelled, sent_before
from .apply import apply, hold
from .attempts import Attempt
from .clock import now
from .contexts import Context
from .isolation import is_of_the_connection
from .leases import Lease
from .look_at_xero import look
from .planned_step import PlannedStep, unexpected

Made = list[tuple[PlannedStep, Translation]]
# After so many tries in which Xero does not show what a document needs a person is told: with waits that double, half an hour.
MOST_UNSHOWN = 5


def build(context: Context, lease: Lease, batches: list[list[PlannedStep]]) -> list[Attempt]:
    """Seal one attempt per batch and return them. Steps that need nothing, or cannot go, are closed on the way. Commits.

    Everything is read from Xero before anything is sealed, so that no sealed request waits for reads. Raises reading.Interrupted and
    send.LeaseLost; a failure over one document is settled as that document's.
    """
    made = [(batch[0].kind, each) for batch in batches if (each := _looked(context, lease, batch))]
    if context.put_back:
        # Until a person has looked at it nothing goes, whatever was decided before that was seen.
        for claimed in (claimed for _kind, each in made for claimed, _made in each):
            outbox.move(claimed.row, "release")
        frappe.db.commit()
        return []
    return [attempt for kind, all_claimed in made for attempt in _sealed(context, lease, kind, all_claimed)]


def _looked(context: Context, lease: Lease, batch: list[PlannedStep]) -> Made:
    """The steps of one batch that go, with their elements. Commits. A step whose reads fail is found by halving, so that the others
    still go."""
    frappe.db.commit()
    if batch[0].plan and _not_yet(context, batch):
        return []
    interrupted = None
    try:
        recheck_candidates.look(context, lease, [claimed for claimed in batch if claimed.only_candidates])
        made = _decided(context, lease, [claimed for claimed in batch if claimed.plan])
        frappe.db.commit()
        return made
    except reading.Interrupted as found:
        frappe.db.rollback()
        if is_of_the_connection(context, lease, found):
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
    still = [claimed for claimed in batch if claimed not in _not_mine(lease, batch)]
    if len(still) == 1 and interrupted:
        _cannot_be_shown(still[0], interrupted.path.partition("?")[0])
        frappe.db.commit()
        return []
    middle = (len(still) + 1) // 2
    halves = [half for half in (still[:middle], still[middle:]) if half]
    return [each for half in halves for each in _looked(context, lease, half)]


def _not_yet(context: Context, batch: list[PlannedStep]) -> bool:
    """Whether nothing of this kind may be made yet, since Xero does not show what it has already (engine/restored): the steps wait."""
    kind = batch[0].kind
    if kind.endpoint not in context.unread or kind.undo or kind.revises or kind.extra:
        return False
    for claimed in batch:
        _cannot_be_shown(claimed, kind.endpoint)
    frappe.db.commit()
    return True


def _decided(context: Context, lease: Lease, all_claimed: list[PlannedStep]) -> Made:
    """Decide all plans by what Xero shows: what goes is returned, every other decision is written down."""
    plans = [claimed.plan for claimed in all_claimed if claimed.plan]
    shown = look(context, lease, plans) if plans else InXero()
    # Nothing is sealed by dates that somebody has moved since this run began.
    context.look_at_periods()
    made: Made = []
    being_made: set[str] = set()
    before = sent_before.Before(context, lease, all_claimed, shown)
    for claimed, plan in zip(all_claimed, plans):
        if context.put_back:
            outbox.move(claimed.row, "release")
            continue
        if match := before.of(claimed, plan, partial(_member, context)):
            apply(claimed.row, match.decision)
            sent_before.record(context, _seal(context, lease, claimed.kind, [(claimed, match.translation)]), match)
            continue
        decision = checked(plan, plan.decide(shown), context.books, shown)
        if sent_and_cancelled.kept_instead(context, lease, claimed.row, decision):
            continue
        match decision.outcome:
            case Send(_, _, makes) if makes in being_made:
                outbox.move(claimed.row, "release")
                continue
            case Send(translation, remaining, makes):
                being_made |= {makes} if makes else set()
                claimed.remaining = remaining
                made.append((claimed, translation))
        apply(claimed.row, decision)
        if isinstance(decision.outcome, Unclear):
            _cannot_be_shown(claimed, decision.outcome.what)
    return made


def _not_mine(lease: Lease, all_claimed: list[PlannedStep]) -> list[PlannedStep]:
    """Read the rows of steps anew after a rollback; returned are those that are settled already or belong to another run."""
    gone = []
    for claimed in all_claimed:
        row = outbox.get(name=claimed.row["name"])
        claimed.row.update(row or {"state": ""})
        if claimed.row["state"] != "Sending" or claimed.row["attempt"] or int(claimed.row["epoch"] or 0) != lease.epoch:
            gone.append(claimed)
    return gone


def _cannot_be_shown(claimed: PlannedStep, shown: str) -> None:
    """Xero answers, but does not show what this document needs (`shown`): the step waits, later each time, and in the end goes to a
    person."""
    name, count = claimed.row["reference_name"], outbox.failed_again(claimed.row, "xero-cannot-show")
    what = Problem(
        "xero-cannot-show",
        _("Xero does not show what {name} needs ({shown})").format(name=name, shown=shown),
        _("Open in Xero what {name} settles or refers to; if Xero shows it there, press Retry in an hour").format(name=name),
    )
    if count["failures"] >= MOST_UNSHOWN:
        hold(claimed.row, [what])
    else:
        outbox.move(claimed.row, "release", what, due_at=now() + timedelta(minutes=2 ** count["failures"]), **count)


def _sealed(context: Context, lease: Lease, kind: Kind, made: Made) -> list[Attempt]:
    """The sealed request of these steps; where one of them cannot be written, the others go without it. Commits."""
    try:
        sealed = _seal(context, lease, kind, made)
        frappe.db.commit()
        return [sealed]
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        _not_mine(lease, [claimed for claimed, _ in made])
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
        [_member(context, claimed, translation) for claimed, translation in made],
        secrets.token_hex(16),
        made[0][1].content,
    )
    for claimed, _made in made:
        outbox.set_columns(claimed.row, attempt=attempt.key)
    return attempt


def _member(context: Context, claimed: PlannedStep, made: Translation) -> dict[str, Any]:
    who = identity(claimed.doc)
    return {
        "entry": claimed.row["name"],
        "doctype": who.doctype,
        "docname": who.name,
        "sent_as": one_line(who.name),
        "creation": who.creation,
        "role": claimed.row["role"],
        "generation": claimed.row["generation"],
        "company": claimed.row["company"],
        "currency": claimed.doc.get("currency") or claimed.row["currency"] or "",
        "content": fingerprint(claimed.doc) if _says_all(claimed) else "",
        "content_version": VERSION,
        "content_at": str(now_datetime()),
        "facts": _facts(claimed, made),
        **_lines(context, claimed.kind, made.body),
        "marker": {name: str(value) if name in ("Total", "Amount") else value for name, value in made.marker.items()},
        "total": None if made.total is None else str(made.total),
        "tax": None if made.tax is None else str(made.tax),
        "remaining": xero_element.money(claimed.remaining),
        "link": claimed.link,
        "name": made.body.get("Name", ""),
        "tax_number": made.body.get("TaxNumber", ""),
        "contact": made.body.get("Contact", {}).get("ContactID", ""),
        **_of_contact(claimed, made),
        "said": dump(said=made.noted),
    }


def _of_contact(claimed: PlannedStep, made: Translation) -> dict[str, Any]:
    """Of a contact: what tells whether one that Xero has already is the same, and which details go with it."""
    if not isinstance(claimed.plan, NewContact):
        return {}
    return {"known": claimed.plan.known.stored(), "details": [field for field in made.body if field not in ESSENTIAL]}


def _facts(claimed: PlannedStep, made: Translation) -> dict[str, Any]:
    """What the record in Xero must show; answers and lists are compared with it."""
    found = xero_element.compared_fields(claimed.kind, made.body)
    if made.total is not None and claimed.kind.xero_object.has_total:
        found["Total"] = xero_element.money(made.total)
    return found


def _lines(context: Context, kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    """The lines as they are sent, for kinds that make or change records with lines; Xero's answer is compared with them."""
    listed = context.mapping.now
    known = Known({code: xero_id for code, (xero_id, _status) in listed.accounts.items()}, listed.options)
    sent = [] if kind.undo else sent_lines(body, known)
    return {"lines": sent, "amount_types": body.get("LineAmountTypes", ""), "status": body.get("Status", "")} if sent else {}


def _says_all(claimed: PlannedStep) -> bool:
    """Whether the fingerprint of the document covers what is sent. Of an invoice that is so only for the invoice itself, not for payments
    inside it, write-offs or releases of it."""
    if claimed.kind.undo:
        return False
    return claimed.doc["doctype"] not in INVOICE_DOCTYPES or claimed.row["role"] == first_role(claimed.doc)
