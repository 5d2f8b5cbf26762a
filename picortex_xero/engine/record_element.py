"""Writing down what one element that Xero shows means for its step: a record was made, changed or taken back, or has got a note or file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
import simplejson

from ..accounting.money import decimal
from ..accounting.problems import Problem
from ..accounting.terms import inside
from ..accounting.texts import NONE, Text, _, joined, load, render
from ..compat import let_pass
from ..documents.compare_linked import chosen_differs
from ..documents.identity import Identity
from ..documents.picture import picture
from ..documents.picture import stored as stored_picture
from ..documents.role import role
from ..extras import files, notes
from ..extras.file_rules import altered
from ..xero.records import xero_element
from ..xero.records.base import XeroObject
from . import candidates, duplicates, links, log, outbox, settled
from .apply import hold
from .attempts import Attempt
from .close import LINES_NOT_SHOWN, close
from .compare_answer import OTHER_CONTACT, compared
from .contexts import Context, Unshown
from .members import Member, identity_of, link_role, row_of
from .screen_texts import stored

SAVEPOINT = "picortex_xero_member"
FIGURES = {"Total": _("a total of {there} there, {here} here"), "TotalTax": _("{there} of tax there, {here} here")}


def found(
    context: Context,
    attempt: Attempt,
    member: Member,
    element: dict[str, Any],
    others: list[dict[str, Any]] | None = None,
    adopted: bool = False,
) -> None:
    """Xero has this member's record (`element`): write the link, close the step, compare the figures. With `others`, further records of the
    same member, the step is left to a person. Where the link cannot be written, the record's id is kept and the step goes to a person. Part
    of the caller's transaction."""

    def work() -> None:
        record_element(context, attempt, member, element, row_of(attempt, member), adopted)
        if others:
            duplicates.say(context, attempt, member, others)

    _apart(attempt, member, [element], work)


def _apart(attempt: Attempt, member: Member, elements: list[dict[str, Any]], work: Callable[[], None]) -> None:
    frappe.db.savepoint(SAVEPOINT)
    try:
        work()
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        name = member["docname"]
        frappe.log_error(title=f"Xero: what Xero answered for {name} could not be recorded"[:140])
        problem = Problem(
            "unexpected",
            _("{name} is in Xero, but what Xero answered could not be recorded").format(name=name),
            _("Tell your administrator: the Error Log has the details; then press Retry, which reads it again and sends nothing"),
        )
        candidates.keep(attempt, member, elements, problem)


def record_element(
    context: Context,
    attempt: Attempt,
    member: Member,
    element: dict[str, Any],
    row: outbox.Row | None,
    adopted: bool = False,
) -> None:
    """Write what `element` means for `member`, whose step is `row` (None: closed meanwhile). Part of the caller's transaction."""
    who = outbox.identity(row) if row else identity_of(member)
    if attempt.kind.undo:
        _taken_back(context, member, who, element, row)
    elif attempt.kind.raw and (other := altered(who.name, json.loads(attempt.body), element)):
        write_history(context, member, who, "Refused", other.message, element)
        if row:
            hold(row, [other])
    elif attempt.kind.extra:
        _added(context, attempt, member, who, element, row)
    elif attempt.kind.revises:
        _changed(context, attempt, member, who, element, row)
    else:
        _made(context, attempt, member, who, element, row, adopted)


def adopt(context: Context, attempt: Attempt, member: Member, element: dict[str, Any], row: outbox.Row) -> None:
    """Link a record that somebody else has entered in Xero, which a person says is the member's document: its lines were never ours, and are
    not compared (`Link.was_there_before`). Part of the caller's transaction."""
    who = outbox.identity(row)
    xero_number = _text(attempt.kind.xero_object.number(element))
    if not _link(context, attempt, member, who, element, marker="", adopted=True):
        candidates.keep(attempt, member, [element], candidates.another_documents(who.name))
        return
    number = xero_number or xero_element.linked_id(element, attempt.kind.id_field)
    said = _("Linked to {number}, which somebody else had entered in Xero: nothing was sent").format(number=number)
    write_history(context, member, who, "Linked", said, element)
    found = [
        what.format(there=there, here=here)
        for field, what in FIGURES.items()
        if (there := xero_element.money(element.get(field)))
        and (here := xero_element.money(member["total" if field == "Total" else "tax"]))
        and there != here
    ]
    problem = chosen_differs(who.name, joined("; ", found)) if found else None
    if problem:
        write_history(context, member, who, "Warning", problem.message, element)
    outbox.move(row, "recorded", problem, kept_by="")


def _taken_back(context: Context, member: Member, who: Identity, element: dict[str, Any], row: outbox.Row | None) -> None:
    links.seen(member["link"], remote_status=_text(element.get("Status")), remote_amount_due=0)
    settled.taken_back(context.connection, member["link"], element)
    if row:
        outbox.move(row, "recorded")
    status = inside(_text(element.get("Status")))
    write_history(context, member, who, "Undone", _("{name} is {status} in Xero").format(name=who.name, status=status), element)
    if role(member["role"]).cancels:
        notes.cancelled(context, who, member["link"])


def _added(context: Context, attempt: Attempt, member: Member, who: Identity, element: dict[str, Any], row: outbox.Row | None) -> None:
    """A note or a file stands beside the document's record."""
    added = attempt.kind.xero_object.added_to(who.name, element)
    write_history(context, member, who, "Added", _("{added} is in Xero").format(added=added), element)
    if row:
        outbox.move(row, "recorded")


def _changed(context: Context, attempt: Attempt, member: Member, who: Identity, element: dict[str, Any], row: outbox.Row | None) -> None:
    at = {"content_version": _formula(member), **({"content_at": member["content_at"]} if member.get("content_at") else {})}
    total = decimal(xero_element.money(element.get("Total")))
    now = {} if compared(member, element) else {"remote_picture": stored_picture(picture(attempt.kind.xero_object, element))}
    if member["name"] and (renamed := attempt.kind.xero_object.number(element)):
        now["xero_number"] = stored(_text(renamed))
    links.seen(member["link"], content=member["content"], **at, remote_total=total, **now)
    said = _further(member) or _("{name} was changed in Xero as it was here").format(name=who.name)
    write_history(context, member, who, "Changed", said, element)
    if row:
        # What a person wanted of it has come about.
        _close(context, attempt, row, member, element, mark="")


def _made(
    context: Context, attempt: Attempt, member: Member, who: Identity, element: dict[str, Any], row: outbox.Row | None, adopted: bool
) -> None:
    """Link the record. One that is linked to another document already is kept instead, and a person decides, since what was made for this
    one is still to be found."""
    its = attempt.kind.xero_object
    xero_id, xero_number = xero_element.linked_id(element, attempt.kind.id_field), _text(its.number(element))
    # An overpayment is linked by its own id; the id of the bank transaction it was made as is kept in the marker.
    made_as = {its.made_as_id: element[its.made_as_id]} if element.get(its.made_as_id) else {}
    part, number, revision = link_role(member)
    ours = _link(
        context,
        attempt,
        member,
        who,
        element,
        marker=simplejson.dumps({**member["marker"], **made_as}),
        adopted=adopted,
        # One whose figures are not what was sent is no picture of how it has to be.
        picture="" if compared(member, element) else stored_picture(picture(its, element)),
    )
    if ours:
        settled.note(context.connection, attempt.endpoint, member["marker"], element)
        named = xero_number or xero_id
        write_history(context, member, who, "In Xero", _("{name} is in Xero as {named}").format(name=who.name, named=named), element)
        if further := _further(member):
            log.write(context.connection, member["company"], who, "In Xero", further)
        notes.entered(context, who, part, number, attempt.endpoint, revision)
        files.follow(context, who, part, attempt.endpoint, revision)
        if row:
            _close(context, attempt, row, member, element, kept_by="")
            if row["reason_code"] == OTHER_CONTACT:
                attempt.elsewhere.append((member, element))
    elif row:
        candidates.keep(attempt, member, [element], candidates.another_documents(who.name))
    else:
        # A late answer to a request that was settled without it: the document was sent twice (engine/duplicates).
        duplicates.say(context, attempt, member, [element])


def _link(context: Context, attempt: Attempt, member: Member, who: Identity, element: dict[str, Any], **more: Any) -> bool:
    """Link the record with the member's document; False where it is linked to another one. `more` goes to `links.add`."""
    part, number, revision = link_role(member)
    return links.add(
        context.connection,
        member["company"],
        who,
        part,
        number,
        attempt.endpoint,
        xero_element.linked_id(element, attempt.kind.id_field),
        revision=revision,
        xero_number=_text(attempt.kind.xero_object.number(element)),
        fingerprint=member.get("content", ""),
        fingerprint_version=_formula(member),
        fingerprint_at=member.get("content_at"),
        status=_text(element.get("Status") or element.get("ContactStatus")),
        currency=member["currency"],
        total=xero_element.worth(element),
        amount_due=_left(attempt.kind.xero_object, element),
        **more,
    )


def _close(context: Context, attempt: Attempt, row: outbox.Row, member: Member, element: dict[str, Any], **fields: Any) -> None:
    """In Xero; a person is told where its figures or lines are not what was sent."""
    problem = close(context, row, member, element, **fields)
    if problem and problem.code == LINES_NOT_SHOWN:
        xero_id = xero_element.linked_id(element, attempt.kind.id_field)
        context.unshown.append(Unshown(attempt.endpoint, xero_id, member))


def write_history(context: Context, member: Member, who: Identity, event: str, message: Text, element: dict[str, Any]) -> None:
    log.write(context.connection, member["company"], who, event, message, _said(element))


def _further(member: Member) -> Text:
    """What the history says besides (`Translation.noted`)."""
    form = load(member.get("said")).get("said")
    return Text(render(form), form) if form else NONE


def _left(of: XeroObject, element: dict[str, Any]) -> Any:
    """What is open of a new record: all of it where the answer does not say; None where nothing of that kind is ever open."""
    if not of.left_field:
        return None
    said = element.get(of.left_field)
    return xero_element.worth(element) if said is None else xero_element.money(said)


def _formula(member: Member) -> int:
    """Which version of the fingerprint a member was sealed with; members sealed by a former release do not say."""
    return int(member.get("content_version") or 1)


def _text(value: Any) -> str:
    return value[:140] if isinstance(value, str) else ""


def _said(element: dict[str, Any]) -> str:
    return simplejson.dumps(element, use_decimal=True, default=str)
