"""Assigning what waits to somebody, and writing about it, with the host's own ToDo and Comment.

A cause is no record; both stand with the step of it that waits longest, where whoever opens it reads the reason and what to do. The page To Fix shows
them with the cause. A ToDo is over when its step no longer waits.
"""

from __future__ import annotations

import frappe
from frappe.translate import get_user_lang
from frappe.utils import nowdate

from ..accounting.texts import _
from ..connection import who_may
from ..engine import causes, full_names, outbox
from ..engine.screen_texts import html, in_words, said
from . import messages, people

STEP = outbox.DOCTYPE
# So many ToDos are looked at together.
AT_ONCE = 200


def possible(connection: str) -> list[dict[str, str]]:
    """Who may be given something: `user`, `name`."""
    company = frappe.db.get_value(people.CONNECTION, connection, "company")
    users = people.holders(who_may.PRESSES, company)
    rows = frappe.get_all("User", filters={"name": ("in", users)}, fields=["name", "full_name"], order_by="full_name asc") if users else []
    return [{"user": row["name"], "name": row["full_name"] or row["name"]} for row in rows]


def assign(step: outbox.Row, user: str, note: str) -> bool:
    """Give a step to somebody who has the role and may see its company; False where he has it already. Throws. Part of the caller's transaction."""
    reason = said(step["reason"], step["reason_parts"], "reason", get_user_lang(user))
    return give(step["connection"], step["company"], (STEP, step["name"]), step["reference_name"], reason, user, note)


def give(connection: str, company: str, about: tuple[str, str], document: str, reason: str, user: str, note: str) -> bool:
    """The same for any record that waits for a decision (`about`: its DocType and name) over a document, for a `reason` in words. `user` is told."""
    if user not in [each["user"] for each in possible(connection)]:
        said_to = _("{user} has no role that cures this, or may not see {company}").format(user=user, company=company)
        frappe.throw(html(in_words(said_to)))
    doctype, name = about
    if frappe.db.exists("ToDo", {"reference_type": doctype, "reference_name": name, "allocated_to": user, "status": "Open"}):
        return False
    lang = get_user_lang(user)
    what = "<br>".join(html(part) for part in (f"{document}: {reason}", note) if part)
    todo = {
        "doctype": "ToDo",
        "allocated_to": user,
        "assigned_by": frappe.session.user,
        "reference_type": doctype,
        "reference_name": name,
        "description": what,
        "status": "Open",
        "priority": "Medium",
        "date": nowdate(),
    }
    frappe.get_doc(todo).insert(ignore_permissions=True)
    given = _("{user} gave you {name} to look at").format(user=full_names.mine(), name=document)
    if user != frappe.session.user:
        entry = {
            "doctype": "Notification Log",
            "for_user": user,
            "from_user": frappe.session.user,
            "type": "Assignment",
            "subject": f"Xero: {html(in_words(given, lang))}",
            "email_content": what,
            "document_type": doctype,
            "document_name": name,
            "link": messages.TO_FIX if doctype == STEP else "",
        }
        frappe.get_doc(entry).insert(ignore_permissions=True)
    return True


def comment(step: outbox.Row, text: str) -> None:
    """Write something about a step. Part of the caller's transaction."""
    user = frappe.session.user
    values = {
        "doctype": "Comment",
        "comment_type": "Comment",
        "reference_doctype": STEP,
        "reference_name": step["name"],
        "comment_email": user,
        "comment_by": frappe.db.get_value("User", user, "full_name") or user,
        "content": html(text).replace("\n", "<br>"),
    }
    frappe.get_doc(values).insert(ignore_permissions=True)


def end_of_cured(connection: str) -> int:
    """Close the ToDos whose steps no longer wait for a person; returns how many. Part of the caller's transaction."""
    todos = frappe.get_all(
        "ToDo",
        filters={"reference_type": STEP, "status": "Open"},
        fields=["name", "reference_name"],
        order_by="creation asc",
        limit=AT_ONCE,
    )
    steps = {step["name"]: step for step in outbox.named([row["reference_name"] for row in todos])}
    over = [row["name"] for row in todos if row["reference_name"] in steps and _is_over(steps[row["reference_name"]], connection)]
    for name in over:
        todo = frappe.get_doc("ToDo", name)
        todo.status = "Closed"
        todo.save(ignore_permissions=True)
    return len(over)


def _is_over(step: outbox.Row, connection: str) -> bool:
    return bool(step["connection"] == connection and step["state"] not in causes.WAITING)
