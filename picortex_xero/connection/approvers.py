"""Who approves, as people save it: the steps of a rule's approval, and deputies. Whoever is named has to be able to approve, or documents would wait for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate, nowdate

from ..accounting.money import ZERO, decimal
from ..accounting.texts import Text, _, amount, joined
from ..documents.approvals.flow import Absence, Person
from ..documents.approvals.words import whom
from ..documents.rules.rule import HOLD
from ..engine import policies
from ..engine.screen_texts import html, in_words
from . import who_may

DEPUTY = "Xero Deputy"
MOST_STEPS, MOST_PEOPLE = 10, 50
# What every signed-in user, or nobody in particular, has: no approval would be asked of anyone.
FOR_EVERYBODY = ("All", "Guest", "Desk User")


def check_steps(doc: Any) -> None:
    """Complete the steps of the approval that a Xero Sync Rule wants. Throws where one names nobody who can approve."""
    if doc.outcome != HOLD:
        doc.approval_steps, doc.no_self_approval = [], 0
        return
    _without_empty_end(doc)
    if len(doc.get("approval_steps") or []) > MOST_STEPS:
        _refuse(_("An approval has {count} steps at most").format(count=MOST_STEPS))
    for row in doc.get("approval_steps") or []:
        named = policies.people(row.people)
        row.people = "\n".join(named)
        if row.idx == 1:
            row.least = 0
        if decimal(row.least) < ZERO:
            _refuse(_("Step {number}: the amount cannot be less than 0").format(number=row.idx))
        if not row.approver_role and not named:
            _refuse(_("Step {number}: choose a role, or name the people who approve").format(number=row.idx))
        if row.approver_role in FOR_EVERYBODY:
            _refuse(_("Step {number}: everybody has the role {role}, so it asks nobody").format(number=row.idx, role=row.approver_role))
        if len(named) > MOST_PEOPLE:
            _refuse(_("Step {number}: name {count} people at most").format(number=row.idx, count=MOST_PEOPLE))
        # A rule that is switched off may keep somebody who has left.
        for user in named if doc.enabled else []:
            if wrong := cannot_approve(user):
                _refuse(_("Step {number}: {what}").format(number=row.idx, what=wrong))


def _without_empty_end(doc: Any) -> None:
    """Drop what stands empty below the last step: the Desk adds a row where the last cell is left by the Tab key. A first row that is empty stays, and is refused."""
    rows = list(doc.get("approval_steps") or [])
    while len(rows) > 1 and not (rows[-1].approver_role or policies.people(rows[-1].people) or decimal(rows[-1].least)):
        rows.pop()
    if len(rows) < len(doc.get("approval_steps") or []):
        doc.set("approval_steps", rows)


def in_words_of(doc: Any) -> Text:
    """The steps of a rule's approval in words, in their order."""
    steps = []
    for row in doc.get("approval_steps") or []:
        who = whom(row.approver_role or "", policies.people(row.people))
        least = decimal(row.least)
        steps.append(_("{whom} (from {amount} on)").format(whom=who, amount=amount(least)) if least else who)
    said = joined(" > ", steps or [whom("", [])])
    return (
        _("approved by {steps}, nobody for himself").format(steps=said)
        if doc.no_self_approval
        else _("approved by {steps}").format(steps=said)
    )


def nobody_left(doc: Any) -> Text | None:
    """The first step of a rule that asks nobody who can approve (any more), in words; None where each asks somebody."""
    for row in doc.get("approval_steps") or []:
        named = policies.people(row.people)
        if (named or row.approver_role) and not _somebody(row.approver_role or "", named):
            return _("Step {number} asks nobody who can approve any more: name somebody else, or what it holds back waits").format(
                number=row.idx
            )
    return None


def _somebody(role: str, named: list[str]) -> bool:
    users = {user for user in named if cannot_approve(user) is None}
    if role and not users:
        having = [_with(each) for each in ({role}, {*who_may.APPROVES})]
        users = set(frappe.get_all("User", filters={"name": ("in", sorted(having[0] & having[1])), "enabled": 1}, pluck="name"))
    return bool(users)


def _with(roles: set[str]) -> set[str]:
    return set(frappe.get_all("Has Role", filters={"role": ("in", sorted(roles)), "parenttype": "User"}, pluck="parent"))


def renamed(old: str, new: str) -> None:
    """A user has another name: the steps that name him do too. Part of the caller's transaction."""
    for row in frappe.get_all(policies.STEP, filters={"people": ("like", f"%{old}%")}, fields=["name", "people"]):
        people = [new if each == old else each for each in policies.people(row["people"])]
        frappe.db.set_value(policies.STEP, row["name"], "people", "\n".join(dict.fromkeys(people)))


def check_deputy(doc: Any) -> None:
    """Throws where an absence cannot be kept: of somebody else, to oneself, or to somebody who cannot approve."""
    before = doc.get_doc_before_save()
    people = {doc.person, before.person if before else doc.person}
    if who_may.ADMIN not in frappe.get_roles() and people != {frappe.session.user}:
        frappe.throw(html(in_words(_("Only a Xero Admin names the deputy of somebody else"))), exc=frappe.PermissionError)
    if doc.person == doc.deputy:
        _refuse(_("Nobody is his own deputy"))
    if getdate(doc.last_day) < getdate(doc.first_day):
        _refuse(_("The last day is before the first"))
    for user in (doc.person, doc.deputy):
        if wrong := cannot_approve(user):
            _refuse(wrong)


def cannot_approve(user: str) -> Text | None:
    """Why somebody cannot approve; None where he can."""
    if frappe.db.get_value("User", {"name": user, "enabled": 1}, "name") != user:
        return _("there is no enabled user {user}").format(user=user)
    if not {*who_may.APPROVES} & {*frappe.get_roles(user)}:
        return _("{user} needs the role {role} to approve").format(user=user, role=who_may.APPROVER)
    return None


def me() -> Person:
    """The user of now."""
    return Person(frappe.session.user, frozenset(frappe.get_roles()))


def today() -> date:
    """The day on this site, by which people are away."""
    found: date = getdate(nowdate())
    return found


def absences_for(user: str) -> list[Absence]:
    """Whose deputy somebody is today; nobody speaks for a user who was disabled."""
    day = nowdate()
    wanted = {"deputy": user, "first_day": ("<=", day), "last_day": (">=", day)}
    rows = frappe.get_all(DEPUTY, filters=wanted, fields=["person", "deputy", "first_day", "last_day"], order_by="creation asc")
    enabled = (
        set(frappe.get_all("User", filters={"name": ("in", [row["person"] for row in rows]), "enabled": 1}, pluck="name"))
        if rows
        else set()
    )
    return [
        Absence(
            Person(row["person"], frozenset(frappe.get_roles(row["person"]))),
            row["deputy"],
            getdate(row["first_day"]),
            getdate(row["last_day"]),
        )
        for row in rows
        if row["person"] in enabled
    ]


def _refuse(why: Text) -> None:
    frappe.throw(html(in_words(why)))
