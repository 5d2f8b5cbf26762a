"""Documents that were sent, forgotten by a restore (engine/restored), and cancelled or deleted here before what waits was compared.

Their steps would be closed as never sent, and their records would stand in Xero for ever. So whatever would be closed is compared with the
records that were found. What bears the document's own mark is linked, and its cancel takes it back; where only a name speaks for a record, a
person decides, as about every other one (engine/candidates).
"""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.texts import _
from ..attention import notifications
from ..documents.decisions import Decision, Overtake, Overtaken, Wait
from ..documents.identity import mark
from ..documents.role import role
from ..xero.records import xero_element
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
from . import attempts, candidates, log, never_sent, outbox, protocol, unlinked_records
from .apply import apply
from .attempts import SENT_BEFORE
from .contexts import Context
from .leases import Lease
from .members import Member
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
MORE, MOST_SAID = "more-of-cancelled", 5


def kept_instead(context: Context, lease: Lease, row: Row, decision: Decision | None) -> bool:
    """Whether Xero may have what `decision` about the step `row` would close as never sent (None: the document is gone). Then its steps are
    kept, and this one waits. Part of the caller's transaction."""
    if decision is None:
        closing = [row["name"]] if role(row["role"]).makes else []
    else:
        closing = [each.step for each in decision.effects if isinstance(each, Overtake)]
        closing += [row["name"]] if isinstance(decision.outcome, Overtaken) and role(row["role"]).makes else []
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
    """Records of these documents that none of their steps has made: those of steps that the restore has lost. People are told, once, with the
    last of a document's steps: what the others have made is still to be found by these."""
    found = unlinked_records.with_elements(context.connection, CONFIRMED, ASK)
    closing = [step["name"] for step in steps]
    kept = {each["id"].casefold() for step in steps for each in candidates.choices(step["name"])}
    for who, step in {outbox.identity(each): each for each in steps}.items():
        if any(_may_be_kept(each) and each["name"] not in closing for each in outbox.steps_of(context.connection, who)):
            continue
        mine = [each for each in found if unlinked_records.names(each, each["element"], who.name)]
        rest = [each for each in mine if each["xero_id"] not in kept and not xero_element.gone(each["element"])]
        if not rest:
            continue
        name = who.name
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
    theirs = [each for each in found if _may_be_kept(step) and each["endpoint"] in AT.get(role(step["role"]).part, ())]
    theirs = [each for each in theirs if not xero_element.gone(each["element"])]
    sure = [each for each in theirs if _marked(each) == _mark_of(step)]
    # Two of one mark are the two sides of a transfer, of which the second one's step is lost.
    mine = sure[:1] or _by_name(step, theirs)
    if not mine or _was_asked(step):
        return False
    kind = _kind_of(mine[0])
    mine = [each for each in mine if _kind_of(each) is kind]
    member = _member(step, kind, mine[0]["element"], only_named=not sure)
    attempt = never_sent.seal(context, lease, kind, member)
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


def _may_be_kept(step: Row) -> bool:
    """Whether a step would make a record, and nothing is known of that."""
    return step["state"] in protocol.UNSENT and not step["kept_by"] and role(step["role"]).makes


def _by_name(step: Row, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that name the step's document, without those that bear the mark of another one of its steps."""
    who = outbox.identity(step)
    named = [each for each in rows if unlinked_records.names(each, each["element"], who.name)]
    marks = {_mark_of(each) for each in outbox.steps_of(step["connection"], who) if role(each["role"]).makes} if named else set()
    return [each for each in named if _marked(each) not in marks]


def _again(step: Row, fields: dict[str, Any]) -> bool:
    """Let a step go on, whatever it waits for."""
    if step["state"] == protocol.PENDING:
        return outbox.set_columns(step, **fields, blocked_on="", awaits="")
    event = "release" if step["state"] == protocol.HELD else "retry"
    return outbox.move(step, event, **fields)


def _mark_of(step: Row) -> str:
    """What the mark of a step's record says, whichever site has sent it."""
    its = role(step["role"])
    return mark(outbox.identity(step), 1 if its.part == "release" else int(step["generation"]), its.in_mark)


def _marked(row: dict[str, Any]) -> str:
    return xero_element.mark(row["element"].get("Url")).partition("-")[2]


def _was_asked(step: Row) -> bool:
    """Whether a person has said already what to do about the records of this step."""
    said = {"connection": step["connection"], "outcome": SENT_BEFORE, "members": ("like", f'%"{step["name"]}"%')}
    return bool(frappe.db.exists(attempts.DOCTYPE, said))


def _kind_of(row: dict[str, Any]) -> Kind:
    """The kind of request that has made a record."""
    of_it, said = MADE_AT[row["endpoint"]], str(row["element"].get("Type") or "")
    advance = next((each for each in of_it if each.is_advance and said.endswith(f"-{each.noun.upper()}")), None)
    return (advance or of_it[0]).made_by


def _paid(payment: Element) -> str:
    """The id of what a payment pays. Xero may show the credits of its invoice as well."""
    return xero_element.named_id(payment, "Invoice", "InvoiceID") or next(iter(xero_element.ids_within(payment, TARGET_IDS)), "")


def _member(step: Row, kind: Kind, element: Element, only_named: bool) -> Member:
    """The member of a request that is never sent, by what Xero shows."""
    worth = xero_element.worth(element)
    facts = xero_element.compared_fields(kind, element)
    named = {
        "ContactID": xero_element.contact_id(element),
        "InvoiceID": _paid(element) if kind is PAYMENT.made_by else "",
        **{name: element.get(name) for name in ("Url", "Reference", "Narration", "InvoiceNumber", "CreditNoteNumber")},
        **{name: facts.get(name) for name in ("Type", "Account", "From", "To", "Date", "Total", "Amount", "Members")},
    }
    fields = (*kind.xero_object.marker_fields, "InvoiceNumber")
    return never_sent.member(
        step,
        sent_as=str(step["reference_name"]),
        # The two sides of a transfer share their mark and differ in this.
        facts={name: facts[name] for name in ("Type",) if facts.get(name)},
        marker={name: value for name, value in named.items() if value and name in fields},
        total=None if worth is None else str(worth),
        remaining="",
        name="",
        tax_number="",
        contact=xero_element.contact_id(element),
        # Nothing but its name speaks for a record: only a person can say that it is the document's.
        only_named=only_named,
    )
