"""One message to everybody who is told: an entry among the notifications of the Desk, in the reader's language, and an e-mail where he wants one.

E-mails are queued, and sent by the host's own job: one that cannot be queued is logged and keeps nothing else from being told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import frappe
from frappe.translate import get_user_lang
from frappe.utils import get_url

from ..accounting.texts import Text
from ..compat import let_pass
from ..connection import who_may
from ..engine import outbox
from ..engine.screen_texts import html, in_words
from . import people, shared_causes

SAVEPOINT = "picortex_xero_mail"
TO_FIX = "/app/xero-to-fix"


def send(connection: str, message: Text, resolution: Text, step: str = "", page: str = "", roles: Iterable[str] = (who_may.ADMIN,)) -> int:
    """Tell everybody who is told of this connection; returns how many. `step` is what it is about, else the connection; `page` is where the Desk goes
    from there; `roles`: whom it concerns. These texts are shown as HTML, so values from outside are escaped. Part of the caller's transaction."""
    told = people.told(connection, roles)
    for user, by_email in told.items():
        send_to(connection, user, message, resolution, step, page, by_email)
    return len(told)


def send_together(connections: Sequence[str], message: Text, resolution: Text, but_not: set[str]) -> int:
    """Tell everybody once of something that these connections share, naming the companies that he is told of; `but_not`: who knows already. By e-mail
    where he wants that of one of them. Returns how many were told. Part of the caller's transaction."""
    found = shared_causes.whom(connections, but_not)
    for user, mine in found.items():
        by_email = any(people.told(each)[user] for each in mine)
        send_to(mine[0], user, shared_causes.naming(message, mine), resolution, by_email=by_email)
    return len(found)


def send_to(connection: str, user: str, message: Text, resolution: Text, step: str = "", page: str = "", by_email: bool = False) -> None:
    """The same for one user, whoever is told otherwise. Part of the caller's transaction."""
    first, body = _written(user, message, resolution)
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
        mail_to(user, message, resolution, page)


def mail_to(user: str, message: Text, resolution: Text, page: str = "") -> None:
    """The same as an e-mail alone. Part of the caller's transaction."""
    first, body = _written(user, message, resolution)
    place = html(get_url(page or TO_FIX))
    _mail(user, f"Xero: {first[:200]}", f'{body}<br><br><a href="{place}">{place}</a>')


def _written(user: str, message: Text, resolution: Text) -> tuple[str, str]:
    """The first line of a message in this user's language, and all of it as HTML."""
    lang = get_user_lang(user)
    first, *further = in_words(message, lang).split("\n")
    said = [part for part in (first, *further, *([in_words(resolution, lang)] if resolution else [])) if part]
    return first, "<br>".join(html(part) for part in said)


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
