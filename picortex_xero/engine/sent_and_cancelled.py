"""Documents that were sent, forgotten by a restore (engine/restored), and cancelled or deleted here before what waits was compared.

Their steps would be closed as never sent, and their records would stand in Xero for ever. So whatever would be closed is compared with the
records that were found. What bears the document's own mark is linked, and its cancel takes it back; where only a name speaks for a record, a
person decides, as about every other one (engine/candidates).
"""

from __future__ import annotations

import secrets
from typing import Any

import frappe

from ..accounting.texts import _
from ..attention import notifications
from ..documents.decisions import Decision, Overtake, Overtaken, Wait
from ..documents.role import Purpose, role
from ..xero.records import document_names, xero_element
from ..xero.records.base import Element, Kind
from ..xero.records.payment import TARGET_IDS
from ..xero.records.registry import (
    BANK_TRANSACTION,
    BANK_TRANSFER,
    BATCH_PAYMENT,
    CREDIT_NOTE,
    INVOICE,
    MADE_AT,
    MANUAL_JOURNAL,
    PAYMENT,
)
from . import attempts, candidates, log, outbox, protocol, unlinked_records
from .apply import apply
from .attempts import SENT_BEFORE
from .contexts import Context
from .leases import Lease
from .outbox import Row
from .unlinked_records import ASK, CONFIRMED, LINKED

# Where the records of a step stand, by its part.
AT = {
    "invoice": (INVOICE.endpoint,),
    "credit": (CREDIT_NOTE.endpoint,),
    "reversal": (CREDIT_NOTE.endpoint,),
    "writeoff": (CREDIT_NOTE.endpoint, INVOICE.endpoint),
    "payment": (PAYMENT.endpoint, BATCH_PAYMENT.endpoint, BANK_TRANSFER.endpoint, BANK_TRANSACTION.endpoint),
    "fee": (BANK_TRANSACTION.endpoint,),
    "clearing": (BANK_TRANSACTION.endpoint,),
    "journal": (MANUAL_JOURNAL.endpoint, BANK_TRANSACTION.endpoint),
    "release": (MANUAL_JOURNAL.endpoint,),
}
MAKE = (Purpose.CREATE, Purpose.REVERSE)
MORE, MOST_SAID = "more-of-cancelled", 5


def kept_instead(context: Context, lease: Lease, row: Row, decision: Decision | None) -> bool:
    """Whether Xero may have what `decision` about the step `row` would close as never sent (None: the document is gone). Then its steps are
    kept, and this one waits. Part of the caller's transaction."""
    if decision is None:
        closing = [row["name"]] if role(row["role"]).purpose in MAKE else []
    else:
        closing = [each.step for each in decision.effects if isinstance(each, Overtake)]
        closing += [row["name"]] if isinstance(decision.outcome, Overtaken) and role(row["role"]).purpose in MAKE else []
    found = unlinked_records.with_elements(context.connection, CONFIRMED, ASK) if closing else []
    steps = outbox.named(closing)
    # A step may have been kept since the facts of this decision were read.
    kept = [step["name"] for step in steps if step["kept_by"] or _kept(context, lease, step, found)]
    if found:
        _tell_of_the_rest(context, steps)
    if row["name"] in kept:
        row.update(outbox.get(name=row["name"]) or {})
    elif kept:
        apply(row, Decision(Wait(on=kept[0])))
    return bool(kept)


def _tell_of_the_rest(context: Context, steps: list[Row]) -> None:
    """Records of these documents that none of their steps has made: those of steps that the restore has lost. People are told, once."""
    for step in steps:
        mine = [each for each in unlinked_records.with_elements(context.connection, CONFIRMED, ASK) if _names(step, each)]
        kept = {each["id"].casefold() for each in candidates.choices(step["name"])}
        rest = [each for each in mine if each["xero_id"] not in kept and not xero_element.gone(each["element"])]
        if not rest:
            continue
        name, who = str(step["reference_name"]), outbox.identity(step)
        listed = ", ".join(f"{each['what']} {each['number'] or each['xero_id']}" for each in rest[:MOST_SAID])
        what = _("{name} was cancelled here, and Xero has more of it from before this site was put back: {records}")
        said = what.format(name=name, records=listed)
        notifications.tell_once(
            context.connection, MORE, said, _("Look at it in Xero, and void or delete there what belongs to {name}").format(name=name)
        )
        # It is over for the app with that: nothing here will ever know.
        notifications.over(context.connection, MORE)
        log.write(context.connection, step["company"], who, "Warning", said)
        unlinked_records.move(rest, LINKED)


def _kept(context: Context, lease: Lease, step: Row, found: list[dict[str, Any]]) -> bool:
    """Keep what may be a step's own of these records."""
    may_be = step["state"] in protocol.UNSENT and not step["kept_by"] and role(step["role"]).purpose in MAKE
    theirs = [each for each in found if may_be and each["endpoint"] in AT.get(role(step["role"]).part, ())]
    sure = [each for each in theirs if _bears_its_mark(step, each["element"]) and not xero_element.gone(each["element"])]
    # Two of one mark are the two sides of a transfer, of which the second one's step is lost.
    mine = sure[:1] or [each for each in theirs if _names(step, each) and not xero_element.gone(each["element"])]
    if not mine or _was_asked(step):
        return False
    kind = _kind_of(mine[0])
    mine = [each for each in mine if _kind_of(each) is kind]
    member = _member(step, kind, mine[0]["element"], only_named=not sure)
    attempt = attempts.seal(context.connection, context.company, lease.epoch, kind, kind.path(), b"", [member], secrets.token_hex(16))
    attempt.keep_candidates({step["name"]: [candidates.candidate_of(attempt, each["element"]) for each in mine]})
    attempt.resolve(SENT_BEFORE)
    on_it: dict[str, Any] = {"kept_by": attempt.key, "attempt": attempt.key, "kind": kind.name}
    if sure:
        # Its record is read once more and linked.
        unlinked_records.move(mine, LINKED)
        moved = _again(step, on_it)
    else:
        problem = candidates.found_of_cancelled(str(step["reference_name"]), len(mine))
        moved = _again(step, {}) and outbox.move(step, "problem", problem, **on_it)
    return moved


def _again(step: Row, fields: dict[str, Any]) -> bool:
    """Let a step go on, whatever it waits for."""
    if step["state"] == protocol.PENDING:
        return outbox.set_columns(step, **fields, blocked_on="", awaits="")
    event = "release" if step["state"] == protocol.HELD else "retry"
    return outbox.move(step, event, **fields)


def _bears_its_mark(step: Row, element: Element) -> bool:
    """Whether a record has the mark of this document and revision; a mark of something else of the document has more behind it."""
    mark = xero_element.mark(element.get("Url")).split("-")
    digest, its = outbox.identity(step).digest[:16], role(step["role"])
    revision, more = (1, its.text) if its.part == "release" else (step["generation"], "writeoff" if its.part == "writeoff" else "")
    return mark[1:3] == [digest, str(revision)] and "-".join(mark[3:]) == more


def _names(step: Row, row: dict[str, Any]) -> bool:
    name = str(step["reference_name"])
    of_its_mark = xero_element.fold(row["document"]) == xero_element.fold(name)
    return of_its_mark or bool(document_names.Names([name]).within(xero_element.named(row["element"])))


def _was_asked(step: Row) -> bool:
    """Whether a person has said already what to do about the records of this step."""
    said = {"connection": step["connection"], "outcome": SENT_BEFORE, "members": ("like", f'%"{step["name"]}"%')}
    return bool(frappe.db.exists(attempts.DOCTYPE, said))


def _kind_of(row: dict[str, Any]) -> Kind:
    """The kind of request that has made a record."""
    of_it, said = MADE_AT[row["endpoint"]], str(row["element"].get("Type") or "")
    advance = next((each for each in of_it if each.is_advance and said.endswith(f"-{each.noun.upper()}")), None)
    return (advance or of_it[0]).made_by


def _member(step: Row, kind: Kind, element: Element, only_named: bool) -> dict[str, Any]:
    """The member of a request that is never sent, by what Xero shows."""
    who, worth = outbox.identity(step), xero_element.worth(element)
    facts = xero_element.compared_fields(kind, element)
    named = {
        "ContactID": xero_element.contact_id(element),
        "InvoiceID": next(iter(xero_element.ids_within(element, TARGET_IDS)), "") if kind is PAYMENT.made_by else "",
        **{name: element.get(name) for name in ("Url", "Reference", "Narration", "InvoiceNumber", "CreditNoteNumber")},
        **{name: facts.get(name) for name in ("Type", "Account", "From", "To", "Date", "Total", "Amount", "Members")},
    }
    fields = (*kind.xero_object.marker_fields, "InvoiceNumber")
    return {
        "entry": step["name"],
        "doctype": who.doctype,
        "docname": who.name,
        "sent_as": who.name,
        "creation": who.creation,
        "role": step["role"],
        "generation": step["generation"],
        "company": step["company"],
        "currency": step["currency"] or "",
        "content": "",
        # The two sides of a transfer share their mark and differ in this.
        "facts": {name: facts[name] for name in ("Type",) if facts.get(name)},
        "marker": {name: value for name, value in named.items() if value and name in fields},
        "total": None if worth is None else str(worth),
        "tax": None,
        "remaining": "",
        "link": "",
        "name": "",
        "tax_number": "",
        "contact": xero_element.contact_id(element),
        "said": "",
        # Nothing but its name speaks for a record: only a person can say that it is the document's.
        "only_named": only_named,
    }
