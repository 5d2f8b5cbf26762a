"""Records in Xero that may be a step's own, though that is not certain: their ids are kept, nothing is sent again, and a person decides.

They come from answers that saved something without saying for which document, and from lists that show a record which differs or has lost
its marker. The ids are stored on the attempt (`Attempt.keep_candidates`), which the step names (`kept_by`). "Retry" reads the records anew: what is
gone is struck off; one that is certain, chosen or the only one left is linked; only when none is left may the step be sent again
(engine/recheck_candidates).
"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, amount, day, joined
from ..documents.identity import INVOICE_DOCTYPES
from ..xero.records import xero_element
from ..xero.records.registry import KINDS
from . import attempts, outbox, protocol, unlinked_records
from .attempts import Attempt
from .members import Member, row_of
from .outbox import Row
from .planned_step import PlannedStep

Candidate = dict[str, Any]


def keep(attempt: Attempt, member: Member, elements: list[dict[str, Any]], problem: Problem, theirs: bool = False) -> None:
    """Keep records that may be a member's, and leave its step to a person; `theirs`: somebody else entered them in Xero. Part of the caller's
    transaction."""
    attempt.keep_candidates({member["entry"]: kept(attempt, elements, theirs)})
    if row := row_of(attempt, member):
        outbox.move(row, "refused", problem, kept_by=attempt.key)


def kept(attempt: Attempt, elements: list[dict[str, Any]], theirs: bool = False) -> list[Candidate]:
    """Records as they are kept for a person to choose from; `theirs` as above."""
    return [{**candidate_of(attempt, each), **({"theirs": True} if theirs else {})} for each in elements]


def candidate_of(attempt: Attempt, element: dict[str, Any], double: bool = False) -> Candidate:
    """What a person needs to tell records apart. `double`: a further record besides the linked one."""
    seen = xero_element.compared_fields(attempt.kind, element)
    number = next((element[name] for name in (*xero_element.NUMBERS, "Reference", "Name") if isinstance(element.get(name), str)), "")
    own = xero_element.linked_id(element, attempt.kind.id_field)
    return {
        "id": own or xero_element.record_id(attempt.kind, element),
        # An overpayment is read as such where its own id is known, else as the bank transaction that it was made as.
        "endpoint": attempt.kind.home if own else attempt.kind.endpoint,
        "number": number[:140],
        "total": seen.get("Total") or seen.get("Amount") or "",
        "date": seen.get("Date") or "",
        "status": str(element.get("Status") or "")[:40],
        "contact": str((element.get("Contact") or {}).get("Name") or "")[:140],
        "contact_id": xero_element.contact_id(element),
        "currency": str(element.get("CurrencyCode") or "")[:3],
        "double": double,
    }


def answered_unmatched(name: str, count: int) -> Problem:
    """The problem that an answer saved `count` records and does not show which of them is this document's."""
    if count > 1:
        message = _("Xero has saved {count} records in answer to {name} and others, and does not show which of them is {name}")
    else:
        message = _("Xero has saved {count} record in answer to {name} and others, and does not show which of them is {name}")
    return Problem(
        "answer-unmatched",
        message.format(count=count, name=name),
        _(
            "Open the sync item, look at the records named there in Xero and choose the right one; or void those that are not wanted in Xero, then press Retry"
        ),
    )


def found_before(name: str, count: int) -> Problem:
    """The problem that a document was not sent, since `count` records that were in Xero before may be it (engine/sent_before)."""
    if count > 1:
        message = _("{name} was not sent: Xero has {count} records that may be it, from while this site was off or before it was put back")
    else:
        message = _("{name} was not sent: Xero has {count} record that may be it, from while this site was off or before it was put back")
    return Problem(
        "perhaps-in-xero",
        message.format(name=name, count=count),
        _(
            "Open the sync item and look at the records named there in Xero: choose the one that is this document; if it is none of them, press None of These, and it is sent"
        ),
    )


def found_of_cancelled(name: str, count: int) -> Problem:
    """The problem that a document was cancelled before it was sent, as far as is known here, and Xero has `count` records that name it."""
    if count > 1:
        message = _("{name} was cancelled here, and Xero has {count} records that may be it, from before this site was put back")
    else:
        message = _("{name} was cancelled here, and Xero has {count} record that may be it, from before this site was put back")
    return Problem(
        "perhaps-in-xero",
        message.format(name=name, count=count),
        _(
            "Open the sync item and look at the records named there in Xero: choose the one that is this document, and it is taken back there; if it is none of them, press None of These"
        ),
    )


def entered_by_others(name: str, found: list[Candidate]) -> Problem:
    """The problem that a bill or a supplier's credit note was not sent, since somebody else has entered in Xero what may be it."""
    return Problem(
        "perhaps-in-xero",
        _("{name} was not sent: somebody else has entered its number for this supplier in Xero already: {found}").format(
            name=name, found=_shown(found)
        ),
        _(
            "Open the sync item and look at what is named there in Xero. If it is this one, choose it: it is linked as it is, and nothing is sent (where its date or total is wrong, correct it first). If it is another one, press None of These, and this one is sent"
        ),
    )


def under_its_number(name: str, found: list[Candidate]) -> Problem:
    """The problem that an invoice or a credit note is not taken, since somebody else has entered in Xero what looks like it: numbers of sales are
    given once there."""
    return Problem(
        "perhaps-in-xero",
        _("{name} was not sent: somebody else has entered it in Xero already: {found}").format(name=name, found=_shown(found)),
        _(
            "Open the sync item and look at what is named there in Xero. If it is this one, choose it: it is linked as it is, and nothing is sent. If it is another one, renumber the one in Xero, then press Retry"
        ),
    )


def of_theirs(member: Member, found: list[Candidate], never_sent: bool) -> Problem:
    """The problem that somebody else has entered in Xero what may be a member's document, by whose number it is known; `never_sent`: it was looked for before anything was
    sent."""
    said = under_its_number if by_its_own_number(member, never_sent) else entered_by_others
    return said(member["docname"], found)


def by_its_own_number(member: Member, never_sent: bool) -> bool:
    """Whether what others entered is in the way by the document's own number, of which Xero takes one: of sales, and of what Xero has refused for it. A
    supplier's number may stand twice."""
    return not never_sent or member["doctype"] == INVOICE_DOCTYPES[0]


def _shown(found: list[Candidate]) -> Text:
    return joined(
        "; ",
        [
            _("{number} of {date}, {total}").format(number=each["number"], date=day(each["date"]), total=amount(each["total"]))
            for each in found
        ],
    )


def looks_like_ours(name: str, shown: Text) -> Problem:
    """The problem that Xero shows a record that may be the document's own; `shown` says in what it differs."""
    return Problem(
        "perhaps-in-xero",
        _("{name} was sent to Xero without an answer. Xero shows a record that may be it, though {shown}").format(name=name, shown=shown),
        _(
            "Open the sync item, look at the record named there in Xero and choose it if it is this document; or void it in Xero, then press Retry"
        ),
    )


def another_documents(name: str) -> Problem:
    """The problem that the answer names a record that is linked to another document, so that the one made for this document is not
    known."""
    return Problem(
        "link-conflict",
        _("Xero's answer for {name} shows a record that belongs to another document here").format(name=name),
        _("Press Retry: Xero is asked whether it has {name}; it is linked if it is there, and sent again only if it is not").format(
            name=name
        ),
    )


def ready(row: Row, doc: dict[str, Any] | None) -> PlannedStep:
    """A step of which only the candidates in Xero are read, whatever has become of its document."""
    who = outbox.identity(row)
    stub = {"doctype": who.doctype, "name": who.name, "creation": who.creation, "docstatus": 2}
    return PlannedStep(row, doc or stub, KINDS[row["kind"]], {who.digest})


def choices(step: str) -> list[Candidate]:
    """The records that a person chooses from for a step: id, number, total, date, status as they were when last read."""
    key = frappe.db.get_value(outbox.DOCTYPE, step, "kept_by")
    return list(attempts.candidates_of(key).get(step) or []) if key else []


def may_be_none(step: str) -> bool:
    """Whether a person may say that none of the records is the step's: only where nothing of it was ever sent from here."""
    key = frappe.db.get_value(outbox.DOCTYPE, step, "kept_by")
    attempt = attempts.named(key) if key else None
    return bool(attempt and attempt.outcome == attempts.SENT_BEFORE)


def none_is_it(step: str) -> None:
    """A person says that none of the records is the step's, nor any other document's of this site; it is sent. Throws."""
    row = outbox.get(name=step)
    attempt = attempts.named(row["kept_by"]) if row and row["kept_by"] else None
    _must_still_wait(row)
    if row is None or attempt is None or not may_be_none(step):
        raise frappe.ValidationError(frappe._("This sync item has nothing to choose from; load the page again"))
    unlinked_records.are_not_ours(row["connection"], row["company"], choices(step))
    attempt.keep_candidates({step: []})
    if not outbox.move(row, "retry", kept_by="", attempt=""):
        raise frappe.ValidationError(frappe._("This sync item has moved on meanwhile; load the page again"))


def choose(step: str, xero_id: str) -> None:
    """A person names the record (`xero_id`) that is the step's; the step goes on with it, and no other step offers it any more. Throws."""
    row = outbox.get(name=step)
    key = row["kept_by"] if row else ""
    known = attempts.candidates_of(key) if key else {}
    mine = next((each for each in known.get(step) or [] if each["id"] == xero_id and each["id"] and not each.get("double")), None)
    attempt = attempts.named(key) if key else None
    _must_still_wait(row)
    if row is None or mine is None or attempt is None:
        raise frappe.ValidationError(frappe._("That is none of the records this sync item has to choose from; load the page again"))
    others = {entry: [each for each in found if each["id"] != xero_id] for entry, found in known.items() if entry != step}
    attempt.keep_candidates({**others, step: [{**mine, "chosen": True}]})
    if not outbox.move(row, "retry"):
        raise frappe.ValidationError(frappe._("This sync item has moved on meanwhile; load the page again"))


def _must_still_wait(row: Row | None) -> None:
    """Throws where the step waits for nobody any more: somebody has chosen already, or pressed Retry."""
    if row and row["state"] != protocol.ATTENTION:
        raise frappe.ValidationError(frappe._("This sync item has moved on meanwhile; load the page again"))
