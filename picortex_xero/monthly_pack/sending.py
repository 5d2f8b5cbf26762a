"""Each pack is a row (Xero Monthly Pack): made once a month, sent once by whichever worker is first, tried again where that failed, and kept with who got it.

The host prints it (its PDF generator, its letter head) and sends it (Email Queue). That it was sent is written in the transaction that queues its e-mails: both stand, or neither.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import frappe
from frappe.translate import get_user_lang
from frappe.utils import getdate, nowdate

from ..accounting.texts import Text, _, dump
from ..attention import messages
from ..compat import affected_rows, let_pass, printed
from ..connection import current
from ..engine import log
from ..engine.clock import now
from ..engine.screen_texts import html, in_words, stored
from ..engine.write_protection import own_writes
from . import chosen, content, whom
from .chosen import Chosen

DOCTYPE = "Xero Monthly Pack"
WAITING, SENT, NOT_SENT, PREVIEW = "Waiting", "Sent", "Not Sent", "Preview"
# One that prints and mails is done by then, or was stopped.
LONGEST = timedelta(minutes=15)
AGAIN = timedelta(hours=1)
# Three days of hours; then a person presses Send Now.
MOST_TRIES = 72
PAGE = "/app/xero-monthly-pack/{}"


class NotNow(Exception):
    """Why a pack could not be sent, and what to do."""

    def __init__(self, reason: Text, cure: Text) -> None:
        super().__init__(reason)
        self.reason, self.cure = reason, cure


def plan(connection: str, today: date) -> None:
    """Note the pack that is due today, once, whoever comes first. Commits."""
    of = chosen.of(connection)
    month = chosen.month_due(today, of.day) if of.on else None
    if month and not frappe.db.exists(DOCTYPE, {"pack_key": _key(connection, month)}):
        try:
            _new(of, month, WAITING, _key(connection, month))
            frappe.db.commit()
        except (frappe.UniqueValidationError, frappe.DuplicateEntryError):  # another worker was faster
            frappe.db.rollback()


def press(connection: str) -> str:
    """A person wants the pack of the month that was over last sent now: that of its turn where it has not gone, else one more. Returns the row. Part of the caller's transaction."""
    of, month = chosen.of(connection), chosen.month_before(getdate(nowdate()))
    waiting = frappe.db.get_value(DOCTYPE, {"connection": connection, "month": month, "state": ("in", (WAITING, NOT_SENT))}, "name")
    if waiting:
        again = {"state": WAITING, "due_at": now(), "tries": 0}
        frappe.db.set_value(DOCTYPE, waiting, again, update_modified=False)
        return str(waiting)
    key = _key(connection, month)
    if frappe.db.exists(DOCTYPE, {"pack_key": key}):
        key = _key(connection, month, frappe.generate_hash(length=12))
    return _new(of, month, WAITING, key)


def preview(connection: str) -> str:
    """The pack as it would be sent now, for whoever opens it; in place of the preview of before. Returns the row. Part of the caller's transaction."""
    of, today = chosen.of(connection), getdate(nowdate())
    month = chosen.month_before(today)
    key = _key(connection, month, PREVIEW)
    name = frappe.db.get_value(DOCTYPE, {"pack_key": key}, "name") or _new(of, month, PREVIEW, key)
    body, made = content.made(of, month, today)
    frappe.db.set_value(DOCTYPE, name, {"content": body, "read_at": made.read_at, "made_at": now()}, update_modified=False)
    return str(name)


def connections() -> list[str]:
    """Those that send packs, or have one that waits."""
    filters = {"state": ("!=", current.RETIRED)}
    switched_on = frappe.get_all(chosen.CONNECTION, filters={**filters, "pack": 1}, pluck="name")
    waiting = frappe.get_all(DOCTYPE, filters={"state": WAITING, "due_at": ("<=", now())}, pluck="connection")
    return sorted({*switched_on, *waiting})


def due(connection: str) -> list[str]:
    """The packs whose turn it is."""
    filters = {"connection": connection, "state": WAITING, "due_at": ("<=", now())}
    return list(frappe.get_all(DOCTYPE, filters=filters, pluck="name", order_by="month asc"))


def go_on(connection: str) -> None:
    """Note what is due today, and send what waits. Commits."""
    if frappe.db.get_value(chosen.CONNECTION, connection, "state") == current.RETIRED:
        return
    plan(connection, getdate(nowdate()))
    for name in due(connection):
        if tries := _take(name):
            _try(connection, name, tries)


def _take(name: str) -> int:
    """The number of this try where this worker is the one that sends now; else 0. Commits."""
    values = {"name": name, "waiting": WAITING, "now": now(), "until": now() + LONGEST}
    frappe.db.sql(
        "UPDATE `tabXero Monthly Pack` SET `due_at`=%(until)s, `tries`=`tries`+1 WHERE `name`=%(name)s AND `state`=%(waiting)s AND `due_at`<=%(now)s",
        values,
    )
    mine = affected_rows() == 1
    tries = int(frappe.db.get_value(DOCTYPE, name, "tries") or 0) if mine else 0
    frappe.db.commit()
    return tries


def _try(connection: str, name: str, tries: int) -> None:
    try:
        _send(connection, name, tries)
        frappe.db.commit()
    except NotNow as trouble:
        frappe.db.rollback()
        _failed(connection, name, tries, trouble.reason, trouble.cure)
        frappe.db.commit()


def _send(connection: str, name: str, tries: int) -> None:
    """Raises NotNow. Commits what is printed; what is sent is part of the caller's transaction."""
    of, pack = chosen.of(connection), frappe.get_doc(DOCTYPE, name)
    people, left_out = whom.may(connection, of.company, name, chosen.people(connection))
    if not people:
        raise NotNow(
            _("Nobody who was chosen for the monthly pack may see this company's reports"),
            _("A Xero Admin chooses on the Xero Connection who gets it: users with a role that reads reports, whom no User Permission keeps from the company"),
        )  # fmt: skip
    body, made = content.made(of, pack.month, getdate(nowdate()))
    if not made.figures:
        raise NotNow(
            _("There are no figures for the monthly pack: nothing was read of Xero's reports"),
            _("A Xero Admin ticks Read Xero's Reports on the Xero Connection, and looks at the page Xero Reports for what is wrong"),
        )
    frappe.db.set_value(DOCTYPE, name, {"content": body, "read_at": made.read_at, "made_at": now()}, update_modified=False)
    frappe.db.commit()
    pdf = _printed(name)
    said = {"state": SENT, "sent_at": now(), "sent_to": stored(", ".join(people)), "left_out": stored(", ".join(left_out))}
    # A worker that stood still for so long that another one took over sends nothing.
    filters = {"name": name, "state": WAITING, "tries": tries}
    if not frappe.db.get_value(DOCTYPE, filters, "name", for_update=True):
        return
    frappe.db.set_value(DOCTYPE, name, {**said, "reason": "", "cure": "", "reason_parts": ""}, update_modified=False)
    for user in people:
        _mail(of, pack.month, name, made, user, pdf)
    _note(connection, of, pack.month, people, left_out, made)


def _printed(name: str) -> bytes:
    try:
        return printed(DOCTYPE, name)
    except Exception as error:
        let_pass(error)
        frappe.log_error(title="Xero: the monthly pack could not be printed")
        raise NotNow(
            _("The PDF of the monthly pack could not be made here: {said}").format(said=_short(error)),
            _("Whoever runs the server installs wkhtmltopdf, or chooses another PDF generator in Print Settings; it is tried again by itself every hour"),
        ) from error  # fmt: skip


def _mail(of: Chosen, month: date, name: str, made: content.Content, user: str, pdf: bytes) -> None:
    lang = get_user_lang(user)
    said = html(in_words(content.message(made), lang)).replace("\n", "<br>")
    address = frappe.db.get_value("User", user, "email") or user
    file = {"fname": f"{of.company} {month.strftime(content.MONTH)}.pdf".replace("/", "-"), "fcontent": pdf}
    try:
        frappe.sendmail(
            recipients=[address],
            subject=in_words(content.subject(of, month), lang),
            message=said,
            attachments=[file],
            reference_doctype=DOCTYPE,
            reference_name=name,
        )
    except Exception as error:
        let_pass(error)
        raise NotNow(
            _("The e-mails of the monthly pack could not be queued here: {said}").format(said=_short(error)),
            _("Whoever manages this site sets up an outgoing Email Account; it is tried again by itself every hour"),
        ) from error


def _short(error: BaseException) -> str:
    """The first line says who speaks, the last one why (wkhtmltopdf has warnings between)."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return " ".join(dict.fromkeys((lines[0][:100], lines[-1][:100])))


def _note(connection: str, of: Chosen, month: date, people: list[str], left_out: list[str], made: content.Content) -> None:
    """The line of the history, and who is told that somebody was left out."""
    without = _("nobody was left out") if not left_out else _("left out: {people}").format(people=", ".join(left_out))
    as_of = made.read_at.strftime("%Y-%m-%d %H:%M") if made.read_at else "-"
    log.of_connection(
        connection,
        _("Monthly pack of {month} sent to {people}, figures as of {time} (UTC); {without}").format(
            month=month.strftime(content.MONTH), people=", ".join(people), time=as_of, without=without
        ),
    )
    if left_out:
        messages.send(
            connection,
            _("{company}: {people} did not get the monthly pack: they may not see this company's reports").format(
                company=of.company, people=", ".join(left_out)
            ),
            _("A Xero Admin takes them out of its people on the Xero Connection, or whoever manages the users of this site gives them a role that reads reports"),
        )  # fmt: skip


def _failed(connection: str, name: str, tries: int, reason: Text, cure: Text) -> None:
    """It is tried again in an hour, and given up after three days; people are told of the first failure and of the end."""
    over = tries >= MOST_TRIES
    values = {
        "state": NOT_SENT if over else WAITING,
        "due_at": now() + AGAIN,
        "reason": stored(reason),
        "cure": stored(cure),
        "reason_parts": dump(reason=reason, cure=cure),
    }
    frappe.db.set_value(DOCTYPE, name, values, update_modified=False)
    if tries == 1 or over:
        log.of_connection(connection, _("Monthly pack not sent: {reason}").format(reason=reason))
        said = _("{company}: the monthly pack was not sent. {reason}").format(company=chosen.of(connection).company, reason=reason)
        messages.send(connection, said, cure, page=PAGE.format(name))


def _key(connection: str, month: date, more: str = "") -> str:
    return hashlib.sha256(f"{connection}|{month}|{more}".encode()).hexdigest()[:32]


def _new(of: Chosen, month: date, state: str, key: str) -> str:
    values: dict[str, Any] = {"connection": of.connection, "company": of.company, "month": month, "state": state, "pack_key": key}
    doc = frappe.get_doc({"doctype": DOCTYPE, **values, "due_at": now(), "tries": 0})
    with own_writes():
        doc.insert(ignore_permissions=True)
    return str(doc.name)
