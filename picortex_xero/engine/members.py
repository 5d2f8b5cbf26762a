"""Members of a sealed request, one per step inside it: their documents, their steps, and giving them back. All part of the caller's
transaction."""

from __future__ import annotations

from typing import Any

from ..accounting.problems import Problem
from ..documents.identity import Identity
from ..xero.records import xero_element
from . import links, outbox
from .apply import hold
from .attempts import Attempt

Member = dict[str, Any]


def identity_of(member: Member) -> Identity:
    """The ERPNext document of a member, as its step names it now: it may have been renamed since the request was sealed."""
    if step := outbox.get(name=member["entry"]):
        return outbox.identity(step)
    return Identity(member["doctype"], member["docname"], member["creation"])


def link_role(member: Member) -> tuple[str, int, int]:
    """Part, number and revision of a member's link: "payment-2" is the second payment."""
    part, _, number = member["role"].partition("-")
    return part, int(number or 1), int(member["generation"])


def not_of_others(connection: str, attempt: Attempt, member: Member, elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of Xero's elements that are linked neither to another document nor to this one in another role. An element without an id is
    linked to nothing."""
    id_field = attempt.kind.id_field
    ids = [found for each in elements if (found := xero_element.linked_id(each, id_field))]
    if not ids:
        return elements
    taken = links.of_others(connection, attempt.endpoint, ids, identity_of(member), link_role(member))
    return [each for each in elements if xero_element.linked_id(each, id_field) not in taken]


def row_of(attempt: Attempt, member: Member) -> outbox.Row | None:
    """The member's step while this attempt is its current one; None once another attempt or a person has taken over."""
    row = outbox.get(name=member["entry"])
    return row if row and row["attempt"] == attempt.key and row["state"] in ("Sending", "Unknown") else None


def refuse(attempt: Attempt, member: Member, problem: Problem) -> None:
    """Leave a member's step to a person (or on hold)."""
    if row := row_of(attempt, member):
        hold(row, [problem])


def give_back(attempt: Attempt, member: Member, event: str = "release", problem: Problem | None = None, **fields: Any) -> None:
    """Let a member's step be sent again under a new key; only where Xero certainly does not have it."""
    if row := row_of(attempt, member):
        outbox.move(row, event, problem, attempt="", **fields)
