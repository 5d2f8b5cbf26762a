"""What Xero has booked itself in a month, offered as one journal: a row of Entered in Xero with a table. A person makes it a draft; nothing is posted by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting.texts import Text
from ..engine import month_books
from ..engine.clock import now
from ..engine.screen_texts import in_words, shown, stored
from ..engine.standard_columns import standard
from ..engine.trial_balance_read import NotRead
from ..incoming import way_back_facts
from ..incoming.journal import JOURNAL_ENTRY, Draft, Waits
from ..incoming.month import ENDPOINT, NOT_OFFERED, OFFERED, Difference, Month, before_go_live, compare, days, journal, offered
from . import booked_months, cursors, dimensions, people_entries
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, LEFT_OUT, NOTHING_SAID, WAITING, say
from .people_rows import as_host, key

CONNECTION = "Xero Connection"
# Lists that were read so long ago show what the trial balance shows; what comes later finds the journal of its month (booked_months.py).
RECENT = timedelta(minutes=15)
# So many months are looked at.
MONTHS = 12


def propose(connection: str, month: str) -> str:
    """Compare a month (yyyy-mm) on both sides and note what is left; the name of its row. Nothing is compared while a journal that was made of the month stands. Throws in words
    where the trial balance may not be read. Raises tokens.Trouble, ValueError. Commits."""
    _before, first, last = days(month)
    live = str(frappe.db.get_value(CONNECTION, connection, "go_live_date") or "")
    if not live or first < live:
        raise Refused(*before_go_live(live))
    name = key(connection, ENDPOINT, month)
    if booked_months.standing(str(frappe.db.get_value(DOCTYPE, name, "reference_name") or "")):
        return name
    company = str(frappe.db.get_value(CONNECTION, connection, "company"))
    found = month_books.read(connection, month)
    if isinstance(found, NotRead):
        raise Refused(found.why, found.cure, found.passes)
    back = way_back_facts.way_back(connection, company)
    one = compare(
        last,
        found.there,
        found.here,
        found.accounts,
        back,
        found.waiting,
        way_back_facts.of_parties(company),
        found.apart,
        booked_months.undecided(connection, first, last),
        unread(connection, last),
    )
    shown_as = {"date": last, "amount": sum((each.left for each in one.differences if each.left > 0), Decimal(0))}
    values = {
        "name": name,
        **standard(),
        "connection": connection,
        "company": company,
        "state": WAITING,
        "what": stored(f"Trial Balance {month}"),
        "about": stored(f"Trial Balance {month}"),
        "currency": str(frappe.db.get_value(CONNECTION, connection, "base_currency") or ""),
        "found_at": now(),
        "endpoint": ENDPOINT,
        "xero_id": month,
        **NOTHING_SAID,
        **shown_as,
        "record": _kept(one),
    }
    frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    frappe.db.commit()
    row = _locked(name)
    made = str(row["reference_name"] or "")
    if not booked_months.standing(made):
        former = [*_former(row["record"]), *([made] if made and frappe.db.exists(JOURNAL_ENTRY, made) else [])]
        state = WAITING if one.differences else LEFT_OUT
        say(name, state, offered(one), reference_doctype=None, reference_name=None, record=_kept(one, former), **shown_as)
    frappe.db.commit()
    return name


def _locked(name: str) -> Any:
    """The row as it is now; whoever else decides about it waits until this transaction ends. To be asked as the first of a transaction."""
    at = {"at": now_datetime(), "by": frappe.session.user, "name": name}
    frappe.db.sql(f"UPDATE `tab{DOCTYPE}` SET `modified`=%(at)s, `modified_by`=%(by)s WHERE `name`=%(name)s", at)
    fields = ["connection", "company", "record", "state", "reason_code", "reference_name"]
    return frappe.db.get_value(DOCTYPE, name, fields, as_dict=True)


def unread(connection: str, last: str) -> tuple[str, ...]:
    """Lists of which records come back and that are not read to the end of a month, or not just now: what they do not show yet would be in the journal as well."""
    read, recent = cursors.load(connection), (now() - RECENT).isoformat()
    wanted = sorted(people_entries.lists(connection, people_entries.ENDPOINTS))
    return tuple(each for each in wanted if each not in read or read[each].since[:10] <= last or read[each].read < recent)


def read_soon(connection: str, last: Mapping[str, datetime]) -> set[str]:
    """The lists that a month waits for since it was compared; `last`: when each was read last."""
    mine = {"connection": connection, "endpoint": ENDPOINT, "state": WAITING, "reason_code": NOT_OFFERED}
    found: set[str] = set()
    for record in frappe.get_all(DOCTYPE, filters=mine, pluck="record", order_by="date desc", limit=MONTHS):
        said = json.loads(record or "{}")
        asked = str(said.get("asked") or "")
        found |= {each for each in said.get("unread") or [] if asked and (each not in last or last[each].isoformat() < asked)}
    return found


class Refused(Exception):
    """The month cannot be compared: why, and what to do. `passes`: nothing is missing, and it may be tried again."""

    def __init__(self, why: Text, cure: Text, passes: bool = False) -> None:
        super().__init__(why)
        self.why, self.cure, self.passes = why, cure, passes


def table(name: str) -> list[dict[str, str]]:
    """The accounts of a month that differ, as the form draws them: plain texts, amounts with two decimals."""
    month = _month(str(frappe.db.get_value(DOCTYPE, name, "record") or "{}"))
    return [
        {
            "account": " ".join(filter(None, (each.code, each.name))),
            "there": f"{each.there:.2f}",
            "here": f"{each.here:.2f}",
            "left": f"{each.left:.2f}",
            "becomes": each.account or shown(str(each.why)),
        }
        for each in month.differences
    ]


def make_draft(name: str) -> str:
    """Compare a month anew and make its journal a draft; its name, or "" where it cannot be made, or where the figures are others than the row has shown: it shows them then.
    Of two presses at once one makes it. Raises as propose does. Commits before it makes anything."""
    shown = frappe.db.get_value(DOCTYPE, name, ["connection", "xero_id", "record", "state", "reason_code"], as_dict=True)
    if shown["state"] != WAITING or shown["reason_code"] != OFFERED:
        return ""
    propose(shown["connection"], shown["xero_id"])
    row = _locked(name)
    month, company = _month(row["record"]), row["company"]
    if row["state"] != WAITING or row["reason_code"] != OFFERED or _figures(month) != _figures(_month(shown["record"])):
        return ""
    base = str(frappe.db.get_value(CONNECTION, row["connection"], "base_currency") or "")
    hosts = way_back_facts.accounts(company, base, [each.account for each in month.differences])
    made = journal(month, company, way_back_facts.way_back(row["connection"], company), hosts)
    if isinstance(made, Waits):
        say(name, WAITING, made.problem)
        return ""
    assert isinstance(made, Draft)
    doc = frappe.get_doc(as_host(dimensions.filled(dict(made.voucher))))
    doc.insert()
    say(name, DRAFT, reference_doctype=doc.doctype, reference_name=doc.name)
    return str(doc.name)


def _figures(month: Month) -> list[tuple[Any, ...]]:
    return [(each.code, each.name, each.left, each.account) for each in month.differences]


def follow(connection: str) -> None:
    """What became of the drafts: deleted, and offered again; or submitted. Part of the caller's transaction."""
    mine = {"connection": connection, "endpoint": ENDPOINT, "state": DRAFT}
    for row in frappe.get_all(DOCTYPE, filters=mine, fields=["name", "record", "reference_name"], order_by="name asc"):
        state = frappe.db.get_value(JOURNAL_ENTRY, row["reference_name"], "docstatus")
        if state is None:
            say(row["name"], WAITING, offered(_month(row["record"])), reference_doctype=None, reference_name=None)
        elif int(state):
            say(row["name"], ENTERED)


def _kept(month: Month, former: list[str] | None = None) -> str:
    """What the row keeps. `former`: journals that were made of the month before, and cancelled: what amends one of them is Xero's own, too."""
    rows = [
        [each.code, each.name, str(each.there), str(each.here), each.account, in_words(each.why) if each.why else ""]
        for each in month.differences
    ]
    kept = {"last": month.last, "waiting": month.waiting, "differences": rows, "undecided": month.undecided, "unread": month.unread}
    kept["asked"] = now().isoformat()
    return json.dumps(kept | ({"former": former} if former else {}))


def _former(record: str) -> list[str]:
    return list(json.loads(record).get("former") or [])


def _month(record: str) -> Month:
    said: dict[str, Any] = json.loads(record)
    rows = [
        Difference(code, name, Decimal(there), Decimal(here), account, why)
        for code, name, there, here, account, why in said.get("differences", [])
    ]
    more = int(said.get("undecided") or 0), tuple(said.get("unread") or ())
    return Month(said.get("last", ""), tuple(rows), int(said.get("waiting") or 0), *more)
