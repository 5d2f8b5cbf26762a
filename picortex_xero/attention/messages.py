"""One message to everybody who is told: an entry among the notifications of the Desk, in the reader's language, and an e-mail where he wants one.

E-mails are queued, and sent by the host's own job: one that cannot be queued is logged and keeps nothing else from being told.
"""

from __future__ import annotations

import frappe
from frappe.translate import get_user_lang
from frappe.utils import get_url

from ..accounting.texts import Text
from ..compat import let_pass
from ..engine import outbox
from ..engine.screen_texts import html, in_words
from . import people

SAVEPOINT = "picortex_xero_mail"
TO_FIX = "/app/xero-to-fix"


def send(connection: str, message: Text, resolution: Text, step: str = "", page: str = "") -> int:
    """Tell everybody who is told of this connection; returns how many. `step` is what it is about, else the connection; `page` is where the Desk goes
    from there. These texts are shown as HTML, so values from outside are escaped. Part of the caller's transaction."""
    told = people.told(connection)
    for user, by_email in told.items():
        send_to(connection, user, message, resolution, step, page, by_email)
    return len(told)


def send_to(connection: str, user: str, message: Text, resolution: Text, step: str = "", page: str = "", by_email: bool = False) -> None:
    """The same for one user, whoever is told otherwise. Part of the caller's transaction."""
    lang = get_user_lang(user)
    first, *further = in_words(message, lang).split("\n")
    lines = [part for part in (first, *further, *([in_words(resolution, lang)] if resolution else [])) if part]
    body = "<br>".join(html(part) for part in lines)
    entry = {
        "doctype": "Notification Log",
        "for_user": user,
        "from_user": "Administrator",
        "type": "Alert",
        "subject": _subject(first),
        "email_content": body,
        "document_type": outbox.DOCTYPE if step else people.CONNECTION,
        "document_name": step or connection,
        "link": page,
    }
    frappe.get_doc(entry).insert(ignore_permissions=True)
    if by_email:
        place = html(get_url(page or TO_FIX))
        _mail(user, f"Xero: {first[:200]}", f'{body}<br><br><a href="{place}">{place}</a>')


def unread(connection: str, user: str, message: Text) -> bool:
    """Whether this user was told of a connection in these words, and has not read it yet."""
    subject = _subject(in_words(message, get_user_lang(user)).split("\n")[0])
    return bool(frappe.db.exists("Notification Log", {"for_user": user, "document_name": connection, "subject": subject, "read": 0}))


def _subject(first_line: str) -> str:
    return f"Xero: {html(first_line[:200])}"


def _mail(user: str, subject: str, body: str) -> None:
    frappe.db.savepoint(SAVEPOINT)
    try:
        address = frappe.db.get_value("User", user, "email") or user
        frappe.sendmail(recipients=[address], subject=subject, message=body)
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title="Xero: an e-mail could not be queued; the Desk has the notification"[:140])
