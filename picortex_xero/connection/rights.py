"""What the Xero user who signed in may do in the organisation, as far as Xero shows it.

Xero shows the role (GET Users), and whether one may post before the period lock date (GET Organisation/Actions). It does not show whether
a Standard user may see reports; but since 29 June 2026 it lets only those read or enter manual journals who may (Xero's changelog), so one
is asked for. What Xero does not say is unknown here, never assumed. Kept on the connection's state row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import frappe

from ..accounting.texts import Text, _
from ..compat import let_pass
from ..engine.clock import now
from ..xero.answers import Answer
from . import organisation

STATE, AUTHORISATION = "Xero Connection State", "Xero Authorisation"
USERS, ACTIONS, JOURNALS = "Users", "Organisation/Actions", "ManualJournals?page=1&pageSize=1"
BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
# Of the roles in Xero's description of the API: those that enter nothing, and those that enter only some of what is sent.
ENTERS_NOTHING, ENTERS_SOME = ("READONLY", "REMOVED"), ("INVOICEONLY", "CASHBOOKCLIENT")
ADVISER = "FINANCIALADVISER"
YES, NO, UNKNOWN = "yes", "no", ""


def observe(authorisation: str, tenant_id: str) -> dict[str, str]:
    """What Xero shows now: `role` (Xero's name, "" unknown), `user` (the e-mail address there), `reports` and `before_lock` ("yes", "no", ""
    unknown). Where Xero says nothing all is unknown. Commits."""
    try:
        users, actions, journals = organisation.observed(authorisation, tenant_id, [USERS, ACTIONS, JOURNALS])
    except Exception as error:
        let_pass(error)
        frappe.db.rollback()
        return {"role": "", "user": "", "reports": UNKNOWN, "before_lock": UNKNOWN}
    who = _who(authorisation, _listed(users, "Users"))
    role = str(who.get("OrganisationRole") or "")
    return {
        "role": role,
        "user": str(who.get("EmailAddress") or ""),
        "reports": _may_see_reports(users, journals),
        "before_lock": _before_lock(_listed(actions, "Actions"), role),
    }


def note(connection: str, seen: dict[str, str]) -> None:
    """Keep what was seen. Part of the caller's transaction."""
    frappe.db.set_value(STATE, connection, "rights", json.dumps({**seen, "at": str(now())}), update_modified=False)


def known(connection: str) -> dict[str, str]:
    """What was seen last; {} before anything was."""
    return dict(json.loads(frappe.db.get_value(STATE, connection, "rights") or "{}"))


def findings(seen: dict[str, str]) -> Iterator[tuple[str, str, Text, Text]]:
    """What is to be said of it: (key, "green", "amber" or "red", the sentence, what to do)."""
    who = seen.get("user") or _("whoever signed in at Xero")
    yield _of_role(seen.get("role") or "", who)
    yield _of_reports(seen.get("reports") or UNKNOWN, who)
    yield _of_lock(seen.get("before_lock") or UNKNOWN, who)


AGAIN = _("Press Refresh From Xero")


def _of_role(role: str, who: Text | str) -> tuple[str, str, Text, Text]:
    if role in ENTERS_NOTHING:
        return (
            "role",
            "red",
            _("{user} may enter nothing in this organisation (Xero calls the role {role})").format(user=who, role=role),
            _(
                "Give that user the role Standard with reports in Xero (Settings, Users), or press Reconnect (in the menu Connection) and sign in as somebody who has it; then press Refresh From Xero"
            ),
        )
    if role in ENTERS_SOME:
        return (
            "role",
            "amber",
            _("{user} may enter only some of what is sent (Xero calls the role {role})").format(user=who, role=role),
            _(
                "Give that user the role Standard with reports in Xero (Settings, Users), or press Reconnect (in the menu Connection) and sign in as somebody who has it; then press Refresh From Xero"
            ),
        )
    if role:
        return "role", "green", _("{user} may enter documents in Xero").format(user=who), Text("")
    return "role", "green", _("A custom connection acts for no single user"), Text("")


def _of_reports(reports: str, who: Text | str) -> tuple[str, str, Text, Text]:
    if reports == YES:
        return "reports", "green", _("Xero takes manual journals from {user}").format(user=who), Text("")
    if reports == NO:
        return (
            "reports",
            "red",
            _("Xero takes no manual journals from {user}: that user may not see reports").format(user=who),
            _(
                "Tick Reports for that user in Xero (Settings, Users), or press Reconnect (in the menu Connection) and sign in as somebody who may; then press Refresh From Xero"
            ),
        )
    return "reports", "amber", _("Xero did not say whether it takes manual journals from {user}").format(user=who), AGAIN


def _of_lock(before_lock: str, who: Text | str) -> tuple[str, str, Text, Text]:
    if before_lock == NO:
        return "before_lock", "green", _("{user} cannot post into a period that is locked in Xero").format(user=who), Text("")
    if before_lock == YES:
        return (
            "before_lock",
            "amber",
            _("{user} is an adviser in Xero, who may post before the lock date for all others: documents dated there would go").format(
                user=who
            ),
            _(
                "Press Reconnect (in the menu Connection) and sign in as a Standard user with reports; or set in Xero the lock date that stops advisers too (Accounting, Advanced, Financial settings)"
            ),
        )
    return "before_lock", "amber", _("Xero did not say whether {user} may post before its lock date").format(user=who), AGAIN


def _who(authorisation: str, users: list[dict[str, Any]]) -> dict[str, Any]:
    """Of the organisation's users the one who signed in; {} for a custom connection, and where none is known to be."""
    subject = str(frappe.db.get_value(AUTHORISATION, authorisation, "subject_key") or "")
    if organisation.is_custom(authorisation):
        return {}
    same = [each for each in users if str(each.get("UserID") or "").casefold() == subject.casefold()]
    return same[0] if same else {}


def _listed(answer: Answer, name: str) -> list[dict[str, Any]]:
    found = answer.data.get(name) if answer.status == 200 and isinstance(answer.data, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _may_see_reports(users: Answer, journals: Answer) -> str:
    if journals.status == 200:
        return YES
    # A missing permission of the app is no right of the user; and only where the same token opens something else does a refusal tell.
    scope = "insufficient_scope" in journals.header("www-authenticate")
    return NO if journals.status in (401, 403) and not scope and users.status == 200 else UNKNOWN


def _before_lock(actions: list[dict[str, Any]], role: str) -> str:
    stated = {str(each.get("Name")): each.get("Status") for each in actions}.get(BEFORE_LOCK)
    if stated:
        return YES if stated == "ALLOWED" else NO
    return YES if role == ADVISER else NO if role else UNKNOWN
