"""Finding out what Xero has after a crash, a time-out, or an answer that does not tell; only then is anything sent again.

In the first five minutes the same bytes are sent under the same Idempotency-Key. Later Xero's own lists are read and compared with what was
sent (xero/records/matching). Nothing is created a second time on a guess, and no unclear request keeps others from being settled.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import frappe

from ..accounting.problems import Problem, Refused
from ..accounting.texts import Text, _, joined, plain
from ..compat import let_pass
from ..documents.identity import Identity
from ..documents.party.contact import namesake, other_party, shared_by_two
from ..documents.translation import Translation
from ..xero import answers, client
from ..xero.records import matching, xero_element
from ..xero.records.registry import CONTACT
from . import attempts, candidates, limits, links, outbox, reading, record, send
from .attempts import Attempt
from .clock import now
from .contexts import Context
from .leases import Lease
from .look_at_xero import owners_of
from .members import Member, give_back, identity_of, not_of_others, refuse, row_of

INTERNAL_ERROR = 500
# After so many looks without a confirmation of a change a person is told: with waits that double, half an hour.
MOST_LOOKS = 6
# How a difference is named to a person, by the field in which it is.
CLASHES = {
    "Contact": _("contact"),
    "Target": _("invoice"),
    "Lines": _("lines"),
    "Members": _("payments"),
    "From": _("account"),
    "To": _("account"),
    "Total": _("total"),
    "Amount": _("amount"),
    "Date": _("date"),
    "Currency": _("currency"),
}


def orphans(lease: Lease, ending: bool = False) -> None:
    """Make due again what was claimed but never sealed, and so never sent: at the start of a run by former holders of the lease, at its end
    (`ending`) also by this one. Commits."""
    newest = lease.epoch if ending else lease.epoch - 1
    for row in outbox.in_flight(lease.connection):
        if row["state"] == "Sending" and not row["attempt"] and int(row["epoch"] or 0) <= newest:
            outbox.move(row, "release")
    frappe.db.commit()


def unresolved(context: Context, lease: Lease) -> None:
    """Settle the attempts of which it is not known what became of them. Commits. Raises reading.Interrupted, send.LeaseLost."""
    waiting = attempts.unresolved(context.connection)
    # No more at once than are sent at the same time: the lease that `deliver` renews must outlast every one of them.
    for start in range(0, len(waiting), client.IN_FLIGHT):
        if not limits.may_send(context.connection):
            return
        some = waiting[start : start + client.IN_FLIGHT]
        for attempt in some:
            if attempt.never_sent:
                _never_sent(attempt)
        sent = [attempt for attempt in some if not attempt.never_sent]
        replays = [attempt for attempt in sent if attempt.may_replay]
        for attempt, answer in zip(replays, send.deliver(context, lease, replays)):
            settled(context, lease, attempt, answer)
        for attempt in sent:
            if attempt not in replays:
                apart(context, lease, attempt, lambda attempt=attempt: _probe(context, lease, attempt))


def settled(context: Context, lease: Lease, attempt: Attempt, answer: answers.Answer) -> None:
    """Record one answer, then look up the records that Xero says exist already. Commits."""
    exists = record.record(context, attempt, answer)
    if exists:
        apart(context, lease, attempt, lambda: look_up(context, lease, attempt, exists))
    if record.taken_off(attempt, answer):
        apart(context, lease, attempt, lambda: _probe(context, lease, attempt))


def apart(context: Context, lease: Lease, attempt: Attempt, look: Any) -> None:
    """Look at one attempt. If that fails, only this attempt waits, later each time. Raises what concerns the whole connection."""
    if not alone(context, lease, attempt, look):
        attempt.wait_for_probe()
        frappe.db.commit()


def alone(context: Context, lease: Lease, attempt: Attempt, look: Any) -> bool:
    """Whether a look at one attempt succeeded. A failure is logged, or the look is repeated later. Raises what concerns the whole
    connection."""
    try:
        look()
        return True
    except reading.Interrupted as interrupted:
        frappe.db.rollback()
        if of_the_connection(context, lease, interrupted):
            raise
    except send.LeaseLost:
        raise
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: what became of {attempt.key} could not be looked up"[:140])
    return False


def of_the_connection(context: Context, lease: Lease, interrupted: reading.Interrupted) -> bool:
    """Whether a read failed because nothing goes through: a limit, or Xero answers nothing else either. A single record or list that Xero
    cannot or will not show does not count."""
    return interrupted.verdict.kind == answers.PARK or not reading.answers_at_all(context, lease)


def _never_sent(attempt: Attempt) -> None:
    """Its worker died, or lost the lease, before anything could leave: its members are due again."""
    for member in attempt.members:
        give_back(attempt, member)
    attempt.resolve("unsent")
    frappe.db.commit()


def _probe(context: Context, lease: Lease, attempt: Attempt) -> None:
    shown = reading.records_since(context, lease, attempt)
    open_members, absent = [], []
    for member in attempt.members:
        try:
            own, near = _of(context, attempt, member, shown.elements)
        except Exception as error:
            # This look has written nothing; a failure over one member must not keep the others from being settled.
            let_pass(error)
            frappe.log_error(title=f"Xero: whether Xero has {member['docname']} could not be told"[:140])
            open_members.append(member)
            continue
        if attempt.kind.revises:
            # The next look tells whether it went through: it compares before it sends anything.
            _look_again(attempt, member, "change-not-shown", _("{name} was changed here; Xero takes the change and does not show it"))
        elif own:
            # Of several the first is linked all the same, so that a retry makes no further one and a cancel takes it back.
            record.found(context, attempt, member, own[0], own[1:])
        elif near:
            candidates.keep(attempt, member, near, candidates.looks_like_ours(member["docname"], _unlike(attempt, member, near[0])))
        elif attempt.absence_counts and shown.complete and not member.get("moved"):
            absent.append(member)
        else:
            open_members.append(member)
    _not_there(attempt, absent)
    attempt.members = open_members
    if open_members:
        attempt.remember()
        attempt.wait_for_probe()
    else:
        attempt.resolve(attempts.PROBED)
    frappe.db.commit()


def _of(
    context: Context, attempt: Attempt, member: Member, elements: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Xero's records of a member that no other step owns: (those that are certainly its own, those that a person has to look at)."""
    kind = attempt.kind
    own, near = matching.listed(kind, member, elements)
    if kind.undo:
        return [element for element in own if xero_element.gone(element)], []
    if kind.xero_object.told_by_token_only:
        return own, []
    free = not_of_others(context.connection, attempt, member, own)
    linkable = [each for each in free if xero_element.linked_id(each, kind.id_field)]
    if linkable:
        return linkable, []
    others = [
        each
        for each in not_of_others(context.connection, attempt, member, near)
        if matching.sight(kind, member, each).ours is True or not _names_another(context, attempt, member, each)
    ]
    return [], [*free, *others]


def _names_another(context: Context, attempt: Attempt, member: Member, element: dict[str, Any]) -> bool:
    """Whether a record names another document that was to go to Xero and has no known record yet, and does not name this one. Then it is
    the other one's, however alike they are. A record that names both (any text may name a document) is looked at."""
    said = " ".join(xero_element.fold(text) for text in xero_element.named(element))
    if any(name and name in said for name in (xero_element.fold(member["docname"]), xero_element.fold(member.get("sent_as")))):
        return False
    names = sorted(xero_element.words(element))
    filters = {"connection": context.connection, "reference_name": ("in", names)}
    rows = frappe.get_all(outbox.DOCTYPE, filters=filters, fields=list(links.REFERENCE), limit=100) if names else []
    others = {Identity(*(str(row[field]) for field in links.REFERENCE)) for row in rows}
    return any(all(link["endpoint"] != attempt.endpoint for link in links.of(context.connection, who)) for who in others)


def _unlike(attempt: Attempt, member: Member, element: dict[str, Any]) -> Text:
    """In words, where a record differs from what was sent."""
    seen = matching.sight(attempt.kind, member, element)
    if not xero_element.linked_id(element, attempt.kind.id_field):
        return _("it shows no id")
    if xero_element.gone(element):
        return _("it was voided or deleted there")
    if seen.clashes:
        differing = {str(words): words for words in (CLASHES.get(name) or plain(name.lower()) for name in seen.clashes)}
        return _("it differs in {what}").format(what=joined(", ", [differing[words] for words in sorted(differing)]))
    return _("nothing in it says so")


def _not_there(attempt: Attempt, absent: list[Member]) -> None:
    """Xero certainly does not have these members: they may be sent again; where the answer had said otherwise, a person looks first."""
    again = []
    for member in absent:
        if member.get("refused"):
            refuse(attempt, member, Problem.of(member["refused"]))
        elif member.get("saved"):
            shown = {attempt.kind.id_fields[-1]: member["saved"]}
            candidates.keep(attempt, member, [shown], candidates.looks_like_ours(member["docname"], _("its lists do not show it")))
        elif member.get("mute"):
            problem = Problem(
                "xero-refused",
                _("Xero did not take {name} and gave no reason").format(name=member["docname"]),
                _("Enter it in Xero by hand and see what Xero says there; correct the document or the mapping, then press Retry"),
            )
            refuse(attempt, member, problem)
        else:
            again.append(member)
    if again and attempt.http_status == INTERNAL_ERROR:
        _after_internal_error(attempt, again)
        return
    for member in again:
        if attempt.kind.undo:
            _look_again(attempt, member, "undo-not-shown", _("{name} was taken back here, and Xero still shows it"))
        else:
            give_back(attempt, member, _absent(attempt, member))


def _look_again(attempt: Attempt, member: Member, code: str, what: Text) -> None:
    """Look again, later each time, at a change that Xero does not confirm; in the end leave it to a person. `what` says why."""
    failures = 1 + int((row_of(attempt, member) or {}).get("failures") or 0)
    if failures < MOST_LOOKS:
        due_at = now() + timedelta(minutes=2 ** (failures - 1) - 1)
        give_back(attempt, member, _absent(attempt, member), failures=failures, due_at=due_at)
        return
    name = member["docname"]
    refuse(
        attempt,
        member,
        Problem(
            code,
            what.format(name=name),
            _("Compare {name} with Xero and correct it there, then press Retry").format(name=name),
        ),
    )


def _after_internal_error(attempt: Attempt, members: list[Member]) -> None:
    """Xero answered 500 (internal error) and has none of these members, while it answers other calls. They are sent once more by
    themselves, then in halves, one halving per wait. One that stands alone without another answer is left to a person."""
    rows = [row for member in members if (row := row_of(attempt, member))]
    failures = 1 + max((int(row["failures"] or 0) for row in rows), default=0)
    if failures > 1 and len(members) == 1:
        name = members[0]["docname"]
        problem = Problem(
            "xero-internal-error",
            _("Xero fails with an internal error (500) each time {name} is sent, and does not say why").format(name=name),
            _(
                "Look for what is unusual in {name} (characters, a tracking option, an archived account), change it and press Retry; or enter it in Xero by hand"
            ).format(name=name),
        )
        refuse(attempt, members[0], problem)
        return
    half = (len(members) + 1) // 2 if failures > 1 else len(members)
    for at, member in enumerate(members):
        group = f"{attempt.key}-{1 + at // half}"
        give_back(attempt, member, _absent(attempt, member), failures=failures, request_group=group)


def _absent(attempt: Attempt, member: Member) -> str:
    """The move for "Xero does not have it": "release" for a step that never became Unknown."""
    row = row_of(attempt, member)
    return "absent" if row and row["state"] == "Unknown" else "release"


def look_up(context: Context, lease: Lease, attempt: Attempt, members: list[Member]) -> None:
    """Look up members that Xero says exist already: a record that the app made is linked, a number that Xero has used up gets a suffix,
    anything else is left to a person. Commits."""
    for member in members:
        if attempt.kind.xero_object is CONTACT:
            _look_up_contact(context, lease, attempt, member)
        else:
            _look_up_number(context, lease, attempt, member)
    if members:
        attempt.members = [member for member in attempt.members if member not in members]
        if not attempt.members:
            attempt.resolve("looked up")
        frappe.db.commit()


def _look_up_contact(context: Context, lease: Lease, attempt: Attempt, member: Member) -> None:
    number = member["marker"]["ContactNumber"]
    by_number = xero_element.elements(attempt.kind, reading.read(context, lease, [f"{attempt.kind.endpoint}/{number}"], missing_ok=True)[0])
    alike = by_number or reading.contacts_like(context, lease, [member["name"]])[0]
    wanted = Translation({"Name": member["name"], "ContactNumber": number, "TaxNumber": member["tax_number"]}, member["marker"])
    try:
        existing = namesake(alike, wanted)
    except Refused as refused:
        refuse(attempt, member, refused.problems[0])
        return
    who = identity_of(member)
    if existing and (other := other_party(who, owners_of(context, CONTACT.endpoint, existing["ContactID"]))):
        refuse(attempt, member, shared_by_two(who.name, other, existing["Name"]))
    elif existing:
        record.found(context, attempt, member, existing, adopted=True)
    else:
        refuse(
            attempt,
            member,
            Problem(
                "contact-name-taken",
                _('Xero says the name "{name}" is taken, but shows no such contact').format(name=member["name"]),
                _("Search for the contact in Xero; rename one of the two, then press Retry"),
            ),
        )


def _look_up_number(context: Context, lease: Lease, attempt: Attempt, member: Member) -> None:
    endpoint = attempt.kind.endpoint
    number = next(member["marker"][name] for name in attempt.kind.xero_object.looked_up_by)
    path = f"{endpoint}/{quote(number, safe='')}?unitdp=4"
    same_number = xero_element.elements(attempt.kind, reading.read(context, lease, [path], missing_ok=True)[0])
    ours = [each for each in matching.listed(attempt.kind, member, same_number)[0] if xero_element.linked_id(each, attempt.kind.id_field)]
    if len(ours) == 1:
        record.found(context, attempt, member, ours[0], adopted=True)
    elif same_number and all(xero_element.gone(element) for element in same_number):
        row = row_of(attempt, member)
        give_back(attempt, member, number_suffix=int((row or {}).get("number_suffix") or 0) + 1)
    else:
        refuse(
            attempt,
            member,
            Problem(
                "number-taken",
                _("Xero already has another {noun} with the number {number}").format(noun=attempt.kind.xero_object.noun, number=number),
                _("Renumber the one in Xero, or amend this document under a new name"),
            ),
        )
