"""Finding out from Xero's own lists what became of a request whose answer does not tell: what is there is linked, what is certainly not
there may be sent again, what is unclear is looked at again, later each time.

What the lists show is compared with what was sent (xero/records/matching). Nothing is created a second time on a guess."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import Text, _, joined, plain
from ..compat import let_pass
from ..documents.identity import Identity
from ..xero.records import document_names, matching, xero_element
from . import attempts, candidates, links, merged_contacts, outbox, reading, record_element
from .attempts import Attempt
from .clock import now
from .contexts import Context
from .leases import Lease
from .members import Member, give_back, not_of_others, refuse, row_of

INTERNAL_ERROR, REFUSES = 500, "xero-internal-error"
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


def look_in_lists(context: Context, lease: Lease, attempt: Attempt) -> None:
    """Read the list that shows what a request has made, and settle each of its members by what it shows. Commits. Raises
    reading.Interrupted, send.LeaseLost."""
    shown = reading.records_since(context, lease, attempt)
    merged_contacts.expect_kept(context, lease, attempt, [each for each in shown.elements if isinstance(each, dict)])
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
            record_element.found(context, attempt, member, own[0], own[1:])
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
    names = sorted(document_names.possible(xero_element.named(element)))
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
    count = outbox.failed_again(row_of(attempt, member), code)
    if count["failures"] < MOST_LOOKS:
        due_at = now() + timedelta(minutes=2 ** (count["failures"] - 1) - 1)
        give_back(attempt, member, _absent(attempt, member), due_at=due_at, **count)
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
    count = max((outbox.failed_again(row, REFUSES) for row in rows), key=lambda each: each["failures"], default={"failures": 1})
    # What failed otherwise before is no 500 (a former release did not say what it was). In the end a person is told all the same.
    before = any(int(row["failures"] or 0) and row["failing"] in (REFUSES, "", None) for row in rows)
    again = before or count["failures"] >= MOST_LOOKS
    if again and len(members) == 1:
        name = members[0]["docname"]
        problem = Problem(
            REFUSES,
            _("Xero fails with an internal error (500) each time {name} is sent, and does not say why").format(name=name),
            _(
                "Look for what is unusual in {name} (characters, a tracking option, an archived account), change it and press Retry; or enter it in Xero by hand"
            ).format(name=name),
        )
        refuse(attempt, members[0], problem)
        return
    half = (len(members) + 1) // 2 if again else len(members)
    for at, member in enumerate(members):
        group = f"{attempt.key}-{1 + at // half}"
        give_back(attempt, member, _absent(attempt, member), request_group=group, **count)


def _absent(attempt: Attempt, member: Member) -> str:
    """The move for "Xero does not have it": "release" for a step that never became Unknown."""
    row = row_of(attempt, member)
    return "absent" if row and row["state"] == "Unknown" else "release"
