"""Once a day: what waits for a person, in one message. Silent where nothing does."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import nowdate

from ..accounting.causes import Cause
from ..accounting.money import half_up
from ..accounting.texts import NONE, Text, _, lines, plain
from . import cure_buttons, messages, standing, to_fix

STATE = "Xero Connection State"
# So many causes are named, those first for which most documents wait.
NAMED = 10


def send(connection: str) -> bool:
    """Tell people what waits, unless that was done today (by the site's date) or nothing does; whether they were told. Commits."""
    if str(frappe.db.get_value(STATE, connection, "digest_on") or "") == nowdate():
        return False
    rows = to_fix.rows(connection)
    if not rows:
        return False
    frappe.db.set_value(STATE, connection, "digest_on", nowdate(), update_modified=False)
    messages.send(connection, _said(connection, rows), NONE, page=messages.TO_FIX)
    frappe.db.commit()
    return True


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
