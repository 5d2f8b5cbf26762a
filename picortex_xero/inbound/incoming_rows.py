"""Rows of what people enter in Xero (Xero Incoming Record): one for each record, with what it was when it was seen last, and what became of it here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.problems import Problem
from ..accounting.texts import Text, _
from ..attention import notifications
from ..compat import let_pass
from ..engine import outbox
from ..engine.clock import now
from ..engine.contexts import Context
from ..engine.standard_columns import standard
from ..incoming.advance import IncomingAdvance
from ..incoming.allocation import IncomingAllocation
from ..incoming.decide import CHOICES
from ..incoming.payment import IncomingPayment, Part
from ..xero.records.registry import BATCH_PAYMENT, OVERPAYMENT, PAYMENT, PREPAYMENT

Incoming = IncomingPayment | IncomingAllocation | IncomingAdvance

DOCTYPE = "Xero Incoming Record"
SAVEPOINT = "picortex_xero_coming_back"
TO_DECIDE, WAITING, DRAFT, ENTERED, MATCHED, LEFT_OUT, GONE = (
    "To Decide",
    "Waiting",
    "Draft Here",
    "Entered Here",
    "Matched",
    "Left Out",
    "Gone",
)
# States in which a person or the next run has still to say what becomes of it.
OPEN = (TO_DECIDE, WAITING)
NOTHING_SAID = {"reason": "", "cure": "", "reason_code": "", "reason_parts": ""}
# A person does not want a draft that is here: submitted all the same, it is compared with what Xero has.
UNWANTED = "draft-not-wanted"
# A person has done it, or leaves it.
BY_HAND = "done-by-hand"
# A person has not said which payment here it is.
NOT_CHOSEN = {"chosen": "", "chosen_by": ""}
# The kind of reason of a row that a person has decided: it is entered, whatever it waited for.
ENTER_HERE = "enter-here"
ADVANCES = (OVERPAYMENT.endpoint, PREPAYMENT.endpoint)
PAYMENTS = (PAYMENT.endpoint, BATCH_PAYMENT.endpoint)
# Why a row waits whose record was changed, or removed, in Xero since a document was made of it.
CHANGED, REMOVED = "changed-in-xero-back", "removed-in-xero-back"
# So many are looked at in one run; the next one goes on.
MOST = 200
Row = dict[str, Any]
Element = dict[str, Any]


def key(connection: str, endpoint: str, xero_id: str) -> str:
    """The name of the row of a record in Xero."""
    return hashlib.sha256("\x1f".join((connection, endpoint, xero_id)).encode()).hexdigest()[:40]


def kept(shown: Incoming) -> str:
    """A payment, an advance or an allocation as its row keeps it."""
    return json.dumps(asdict(shown), default=str)


def list_it(context: Context, shown: Incoming, *, what: str, about: str, currency: str) -> None:
    """Write the row of something that was entered in Xero, or what it is like now while nobody has decided. Part of the caller's transaction."""
    name = key(context.connection, shown.endpoint, shown.xero_id)
    known = frappe.db.get_value(DOCTYPE, name, ["state", "record", "reason_code"], as_dict=True)
    seen = {"record": kept(shown), "remote_updated": shown.updated, "date": shown.date, "amount": shown.amount}
    if known:
        if _seen_anew(known, seen, shown.stands) and (now_on := _seen_anew(held(name), seen, shown.stands)):
            frappe.db.set_value(DOCTYPE, name, now_on, update_modified=False)
        return
    if not shown.stands:
        return
    values = {
        "name": name,
        **standard(),
        "connection": context.connection,
        "company": context.company,
        "state": TO_DECIDE,
        "what": what,
        "about": about,
        "currency": currency,
        "found_at": now(),
        "endpoint": shown.endpoint,
        "xero_id": shown.xero_id,
        **NOTHING_SAID,
        **seen,
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)


def _seen_anew(known: Row, seen: Row, stands: bool) -> Row:
    """What is written of a row whose record Xero shows again, as `seen`; {} for nothing."""
    if known["state"] in OPEN and _otherwise(known["record"], seen["record"]):
        return {**seen, "state": TO_DECIDE if stands else GONE, **NOTHING_SAID, **NOT_CHOSEN}
    if known["state"] == LEFT_OUT and not known["reason_code"] and stands:
        # Nobody has said so: what it pays was not here then, and is by now.
        return {**seen, "state": TO_DECIDE, **NOT_CHOSEN}
    return {}


def held(name: str) -> Row:
    """What a row says now, whoever has pressed a button of it since this transaction began; nobody else decides about it until this one ends."""
    fields = ["state", "record", "reason_code", "reference_name"]
    return dict(frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True) or dict.fromkeys(fields, ""))


def undecided(row: Row, pays: Iterable[str]) -> tuple[IncomingPayment, ...]:
    """The payments besides this one that pay one of these documents (by name), of which neither a person nor a run has decided yet, and that wait for nothing else."""
    mine = {"connection": row["connection"], "endpoint": ("in", PAYMENTS), "state": ("in", OPEN), "name": ("!=", row["name"])}
    about = [["about", "like", f"%{name}%"] for name in sorted(set(pays))[:MOST]]
    fields = ["record", "chosen", "reason_code"]
    rows = frappe.get_all(DOCTYPE, filters=mine, or_filters=about, fields=fields, order_by="name asc", limit=MOST) if about else []
    return tuple(payment_of(each["record"]) for each in rows if not each["chosen"] and (each["reason_code"] or "") in ("", *CHOICES))


def _otherwise(was: str, now_on: Any) -> bool:
    """Whether Xero shows it otherwise than before in more than its time."""
    return {**json.loads(was), "updated": ""} != {**json.loads(now_on), "updated": ""}


def in_turn(filters: dict[str, Any], fields: list[str]) -> list[Row]:
    """The rows with these filters whose turn it is, MOST at most: where there are more, the next run goes on with the others, and then begins anew. Part of the caller's
    transaction."""
    rows = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="modified asc, found_at asc, name asc", limit=MOST)
    if len(rows) == MOST:
        for row in rows:
            frappe.db.set_value(DOCTYPE, row["name"], "modified", now_datetime(), update_modified=False)
    return [dict(row) for row in rows]


def decided_by_people(
    connection: str,
    doctype: str,
    fields: Sequence[str],
    *,
    without: Sequence[str] = (),
    ended: Sequence[int] = (1, 2),
    changed: bool = False,
) -> list[Row]:
    """The rows of drafts of this DocType that are drafts no more: deleted, submitted or cancelled (their docstatus among `ended`); with `changed` also of those
    that wait since they were changed in Xero while they were drafts; and those that nobody wanted and that were submitted all the same. However many wait unchanged, these are found. `without`: lists whose rows are not looked at."""
    columns = ", ".join(f"`row`.`{each}` AS `{each}`" for each in fields)
    rows = frappe.db.sql(
        f"SELECT {columns} FROM `tab{DOCTYPE}` `row` LEFT JOIN `tab{doctype}` `made` ON `made`.`name`=`row`.`reference_name` "
        "WHERE `row`.`connection`=%(connection)s AND `row`.`reference_doctype`=%(doctype)s AND `row`.`endpoint` NOT IN %(without)s "
        "AND (`row`.`state`=%(draft)s OR (`row`.`state`=%(waiting)s AND `row`.`reason_code`=%(changed)s)) "
        "AND (`made`.`name` IS NULL OR `made`.`docstatus` IN %(ended)s) "
        # Each by its own index.
        f"UNION ALL SELECT {columns} FROM `tab{DOCTYPE}` `row` JOIN `tab{doctype}` `made` ON `made`.`name`=`row`.`reference_name` "
        "WHERE `row`.`connection`=%(connection)s AND `row`.`reference_doctype`=%(doctype)s AND `row`.`endpoint` NOT IN %(without)s "
        "AND `row`.`state`=%(left_out)s AND `row`.`reason_code`=%(unwanted)s AND `made`.`docstatus`=1 ORDER BY `name` LIMIT %(most)s",
        {
            "connection": connection,
            "doctype": doctype,
            "without": tuple(without) or ("",),
            "draft": DRAFT,
            "waiting": WAITING,
            "changed": CHANGED if changed else "",
            "ended": tuple(ended),
            "left_out": LEFT_OUT,
            "unwanted": UNWANTED,
            "most": MOST,
        },
        as_dict=True,
    )
    return [dict(row) for row in rows]


def allocation_of(text: str) -> IncomingAllocation:
    """The allocation that `kept` gave."""
    return IncomingAllocation(**_read(text, "amount"))


def advance_of(text: str) -> IncomingAdvance:
    """The advance that `kept` gave."""
    return IncomingAdvance(**_read(text, "amount", "tax", "rate"))


def _read(text: str, *figures: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(text)
    said["updated"] = datetime.fromisoformat(said["updated"]) if said["updated"] else None
    return said | {name: Decimal(said[name]) for name in figures}


def payment_of(text: str) -> IncomingPayment:
    """The payment that `kept` gave."""
    said = _read(text, "bank_amount", "rate")
    said["parts"] = tuple(
        Part(each["payment_id"], (each["target"][0], each["target"][1]), Decimal(each["amount"])) for each in said["parts"]
    )
    return IncomingPayment(**said)


def say(name: str, state: str, problem: Problem | None = None, **more: Any) -> None:
    """Write what becomes of one, and why it waits. Part of the caller's transaction."""
    said = NOTHING_SAID if problem is None else outbox.said(problem)
    frappe.db.set_value(DOCTYPE, name, {"state": state, **said, **more}, update_modified=False)


def tell(connection: str, code: str, endpoints: tuple[str, Sequence[str]], one: Text, several: Text) -> None:
    """People are told once that rows of these lists (a filter of their endpoints) wait, and again when none did and one does. `several` has a {count}."""
    waiting = frappe.db.count(DOCTYPE, {"connection": connection, "state": WAITING, "endpoint": endpoints})
    if not waiting:
        notifications.over(connection, code)
        return
    what = one if waiting == 1 else several.format(count=waiting)
    notifications.tell_once(connection, code, what, _("Open Entered in Xero on the workspace: each says why, and what to do"))


def refused(what: Text, why: str) -> Problem:
    """ERPNext does not take what was entered in Xero, in its own words."""
    return Problem(
        "refused-here",
        _("ERPNext does not take {what} that was entered in Xero: {why}").format(what=what, why=why[:300]),
        _("Put right what it says, and press Retry; or enter it here by hand, and press Done by Hand"),
        held=True,
    )


def apart(row: Row, work: Callable[[], None], unexpected: Callable[[], Problem] | None) -> None:
    """Do the work for one row, from SAVEPOINT on, unless somebody has decided about it since it was listed; what fails over it is logged, and a person's (without `unexpected` it stays as it
    is). Commits."""
    frappe.db.commit()
    if _moved_on(row):
        return
    frappe.db.savepoint(SAVEPOINT)
    try:
        work()
    except Exception as error:
        let_pass(error)
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Xero: what became of what was entered in Xero ({row['name']}) could not be written"[:140])
        if unexpected:
            say(row["name"], WAITING, unexpected())
    frappe.db.commit()


def _moved_on(row: Row) -> bool:
    """Whether somebody has pressed a button of the row since it was listed: a run may be at the rows before it for minutes. From now on whoever presses one waits (api/incoming.py)."""
    now_on = held(row["name"])
    return any((row[name] or "") != (now_on[name] or "") for name in ("state", "reason_code") if name in row)
