"""Once a day: what waits for a person, in one message about all companies that he is told of. Silent where nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import frappe
from frappe.utils import nowdate

from ..accounting.causes import Cause
from ..accounting.money import half_up
from ..accounting.texts import NONE, Text, _, lines, plain
from ..compat import let_pass
from . import cure_buttons, messages, people, shared_causes, standing, to_fix

STATE = "Xero Connection State"
# So many causes are named, those first for which most documents wait.
NAMED = 10
SAVEPOINT = "picortex_xero_digest"


def send(connections: Sequence[str]) -> int:
    """Tell each person once what waits in the companies of these connections that he is told of, unless that was done today (by the site's date) or
    nothing waits; how many were told. Commits."""
    waiting = {each: rows for each in connections if (rows := _waiting(each))}
    for each in waiting:
        frappe.db.set_value(STATE, each, "digest_on", nowdate(), update_modified=False)
    found = shared_causes.whom(list(waiting), set())
    for user, mine in found.items():
        frappe.db.savepoint(SAVEPOINT)
        try:
            _tell(user, mine, waiting)
        except Exception as error:
            let_pass(error)
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Xero: the daily message could not be given to {user}"[:140])
    frappe.db.commit()
    return len(found)


def _waiting(connection: str) -> list[dict[str, Any]]:
    if str(frappe.db.get_value(STATE, connection, "digest_on") or "") == nowdate():
        return []
    try:
        return list(to_fix.rows(connection))
    except Exception as error:
        # What one company has broken keeps no other from being told.
        let_pass(error)
        frappe.db.rollback()
        frappe.log_error(title=f"Xero: what waits in {connection} could not be said in the daily message"[:140])
        return []


def _tell(user: str, mine: list[str], waiting: dict[str, list[dict[str, Any]]]) -> None:
    """One entry in the Desk about all of them, and one e-mail about those of which he wants one."""
    messages.send_to(mine[0], user, _together(mine, waiting), NONE, page=messages.TO_FIX)
    if by_email := [each for each in mine if people.told(each)[user]]:
        messages.mail_to(user, _together(by_email, waiting), NONE, messages.TO_FIX)


def _together(mine: list[str], waiting: dict[str, list[dict[str, Any]]]) -> Text:
    """A section for each company, after a sentence about all of them where there are several."""
    sections = [_said(each, waiting[each]) for each in mine]
    if len(sections) == 1:
        return sections[0]
    documents = sum(row["documents"] for each in mine for row in waiting[each])
    head = _("In {companies} companies {count} documents wait for a person before they go to Xero")
    return lines([head.format(companies=len(mine), count=documents), *sections])


def _said(connection: str, rows: list[dict[str, Any]]) -> Text:
    documents = sum(row["documents"] for row in rows)
    company = frappe.db.get_value(to_fix.CONNECTION, connection, "company")
    head = _("{company}: {count} documents wait for a person before they go to Xero").format(company=company, count=documents)
    if documents == 1:
        head = _("{company}: one document waits for a person before it goes to Xero").format(company=company)
    up = standing.of(connection)
    said = [head, *([up.problem.message, up.problem.resolution] if up else [])]
    one = _("{title}: {count} ({amount} {currency})")
    for row in rows[:NAMED]:
        cause = Cause(row["kind"], row["key"])
        title = cure_buttons.title(cause, to_fix.label(cause))
        said.append(one.format(title=title, count=row["documents"], amount=half_up(row["amount"]), currency=row["currency"]))
    if (more := len(rows) - NAMED) > 0:
        said.append(_("And one more cause") if more == 1 else _("And {count} more causes").format(count=more))
    return lines([each for each in said if each != plain("")])
