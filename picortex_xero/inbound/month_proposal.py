"""What Xero has booked itself in a month, offered as one journal: a row of Entered in Xero with a table. A person makes it a draft; nothing is posted by itself."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.texts import Text
from ..engine import month_books
from ..engine.clock import now
from ..engine.screen_texts import in_words, shown, stored
from ..engine.standard_columns import standard
from ..engine.trial_balance_read import NotRead
from ..incoming import way_back_facts
from ..incoming.journal import Draft, Waits
from ..incoming.month import ENDPOINT, OFFERED, Difference, Month, compare, days, journal, offered
from .incoming_rows import DOCTYPE, DRAFT, ENTERED, LEFT_OUT, NOTHING_SAID, WAITING, say
from .people_rows import as_host, key

CONNECTION = "Xero Connection"


def propose(connection: str, month: str) -> str:
    """Compare a month (yyyy-mm) on both sides and note what is left; the name of its row. Throws in words where the trial balance may not be read, and where a journal of that
    month was made. Raises tokens.Trouble, ValueError. Commits."""
    _before, _first, last = days(month)
    name = key(connection, ENDPOINT, month)
    known = frappe.db.get_value(DOCTYPE, name, ["state", "reference_name"], as_dict=True)
    if known and known["reference_name"] and frappe.db.exists("Journal Entry", known["reference_name"]):
        return name
    company = str(frappe.db.get_value(CONNECTION, connection, "company"))
    found = month_books.read(connection, month)
    if isinstance(found, NotRead):
        raise Refused(found.why, found.cure)
    base = str(frappe.db.get_value(CONNECTION, connection, "base_currency") or "")
    back = way_back_facts.way_back(connection, company)
    one = compare(last, found.there, found.here, found.accounts, back, found.waiting, way_back_facts.of_parties(company))
    problem = offered(one)
    shown_as = {
        "record": _kept(one),
        "date": last,
        "amount": sum((each.left for each in one.differences if each.left > 0), Decimal(0)),
    }
    if not known:
        values = {
            "name": name,
            **standard(),
            "connection": connection,
            "company": company,
            "state": WAITING,
            "what": stored(f"Trial Balance {month}"),
            "about": stored(f"Trial Balance {month}"),
            "currency": base,
            "found_at": now(),
            "endpoint": ENDPOINT,
            "xero_id": month,
            **NOTHING_SAID,
            **shown_as,
        }
        frappe.db.bulk_insert(DOCTYPE, list(values), [tuple(values.values())], ignore_duplicates=True)
    state = WAITING if one.differences else LEFT_OUT
    say(name, state, problem, reference_doctype=None, reference_name=None, **shown_as)
    frappe.db.commit()
    return name


class Refused(Exception):
    """The month cannot be compared: why, and what to do."""

    def __init__(self, why: Text, cure: Text) -> None:
        super().__init__(why)
        self.why, self.cure = why, cure


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
    """Make the journal of a month a draft; its name, or "" where it cannot be made. Part of the caller's transaction."""
    row = frappe.db.get_value(DOCTYPE, name, ["connection", "company", "record", "state", "reason_code"], as_dict=True)
    if row["state"] != WAITING or row["reason_code"] != OFFERED:
        return ""
    month, company = _month(row["record"]), row["company"]
    base = str(frappe.db.get_value(CONNECTION, row["connection"], "base_currency") or "")
    hosts = way_back_facts.accounts(company, base, [each.account for each in month.differences])
    made = journal(month, company, way_back_facts.way_back(row["connection"], company), hosts)
    if isinstance(made, Waits):
        say(name, WAITING, made.problem)
        return ""
    assert isinstance(made, Draft)
    doc = frappe.get_doc(as_host(made.voucher))
    doc.insert()
    say(name, DRAFT, reference_doctype=doc.doctype, reference_name=doc.name)
    return str(doc.name)


def follow(connection: str) -> None:
    """What became of the drafts: deleted, and offered again; or submitted. Part of the caller's transaction."""
    mine = {"connection": connection, "endpoint": ENDPOINT, "state": DRAFT}
    for row in frappe.get_all(DOCTYPE, filters=mine, fields=["name", "record", "reference_name"], order_by="name asc"):
        state = frappe.db.get_value("Journal Entry", row["reference_name"], "docstatus")
        if state is None:
            say(row["name"], WAITING, offered(_month(row["record"])), reference_doctype=None, reference_name=None)
        elif int(state):
            say(row["name"], ENTERED)


def _kept(month: Month) -> str:
    rows = [
        [each.code, each.name, str(each.there), str(each.here), each.account, in_words(each.why) if each.why else ""]
        for each in month.differences
    ]
    return json.dumps({"last": month.last, "waiting": month.waiting, "differences": rows})


def _month(record: str) -> Month:
    said: dict[str, Any] = json.loads(record)
    rows = [
        Difference(code, name, Decimal(there), Decimal(here), account, why)
        for code, name, there, here, account, why in said.get("differences", [])
    ]
    return Month(said.get("last", ""), tuple(rows), int(said.get("waiting") or 0))
