"""What a person reads before he cancels a document: what then happens in Xero, record by record; before he cancels many, how many records of each fate.
Nothing is written and Xero is not asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import frappe
from frappe.utils import getdate

from ..accounting.money import decimal
from ..accounting.texts import Text, _
from ..connection import xero_lists
from ..documents.cancel_outlook import (
    AFTERWARDS,
    BY_A_PERSON,
    BY_ITSELF,
    DELETED,
    LATER,
    LOOKED_AT,
    STAYS,
    TAKEN_OFF,
    VOIDED,
    Fate,
    Standing,
    outlook,
)
from ..documents.fact_types import SETTLED_BY
from ..documents.identity import Identity, moment
from ..documents.needs import Facts
from ..documents.registry import own_parts
from ..documents.removed import EDITED
from ..documents.role import role
from ..documents.step import ASIDE, Link
from ..documents.step import link as as_link
from ..engine import links, outbox, protocol, screen_texts
from ..engine.contexts import books_of
from ..engine.gather import load
from ..engine.outbox import Row
from ..xero.records.registry import is_extra, taken_off
from . import wording

CONNECTION = "Xero Connection"
# What is said of the records of many documents, by what becomes of them.
ENDS: tuple[tuple[str, Text, str], ...] = (
    (VOIDED, _("Will be voided"), BY_ITSELF),
    (DELETED, _("Will be deleted, unless they are reconciled with the bank statement there"), BY_ITSELF),
    (TAKEN_OFF, _("Will be taken off again"), BY_ITSELF),
    (LATER, _("Will be voided once something else no longer settles them"), AFTERWARDS),
    (STAYS, _("Will stay in Xero"), BY_A_PERSON),
    (LOOKED_AT, _("Will be taken back only after somebody has looked at them"), BY_A_PERSON),
)


def of(connection: str, who: Identity, with_details: bool) -> dict[str, Any]:
    """`lines`: what becomes of each record in Xero: `what` it is there, `says`, `colour`, and with details `number` and `to_do`; `note` about all of them
    ("" where there is none). {} where Xero has nothing of the document and nothing is on its way. All of it text, not escaped."""
    steps = [step for step in outbox.steps_of(connection, who) if not is_extra(step["role"])]
    rows = [row for row in links.of(connection, who) if int(row["sequence"]) < ASIDE]
    doc = frappe.get_doc(CONNECTION, connection)
    standing = _standing(who, rows, steps, _settling(doc, rows))
    found = outlook(standing, getdate(_posting_date(who)), xero_lists.locked_until(connection), _filed_until(doc))
    note = _of_what_is_not_there(steps, rows) or (_of_the_connection(doc.state) if found else None)
    if not found and not note:
        return {}
    return {"lines": [_line(each, who, with_details) for each in found], "note": screen_texts.in_words(note) if note else ""}


def of_many(connection: str, doctype: str, docs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of all these documents together (a few hundred at most, each with `name`, `creation` and `posting_date`): `lines`, each with `says`, `count` (how
    many records) and `colour`; `by_hand`, the names of those of which something is left to a person; `note` about all of them ("" where there is none).
    {} where Xero has nothing of any, and nothing is on its way. All of it text, not escaped."""
    doc, until = frappe.get_doc(CONNECTION, connection), xero_lists.locked_until(connection)
    steps, rows, standing = standing_of(doc, doctype, docs)
    made = list(steps)
    fates = {each["name"]: outlook(standing[each["name"]], getdate(each["posting_date"]), until, _filed_until(doc)) for each in docs}
    ends = Counter(fate.end for found in fates.values() for fate in found)
    lines = [{"says": screen_texts.in_words(says), "count": ends[end], "colour": colour} for end, says, colour in ENDS if ends[end]]
    unsent = [note for name in made if (note := _of_what_is_not_there(steps[name], rows[name]))]
    note = unsent[0] if unsent else (_of_the_connection(doc.state) if lines else None)
    if not lines and not note:
        return {}
    by_hand = [name for name, found in fates.items() if any(fate.colour == BY_A_PERSON for fate in found)]
    return {"lines": lines, "by_hand": by_hand, "note": screen_texts.in_words(note) if note else ""}


ByName = dict[str, list[Row]]


def standing_of(doc: Any, doctype: str, docs: Sequence[dict[str, Any]]) -> tuple[ByName, ByName, dict[str, list[Standing]]]:
    """Of documents of a connection (its document), each with `name` and `creation`, by name: their steps without notes and files, their links, and what stands
    of them in Xero as it was read last."""
    made = {each["name"]: moment(each["creation"]) for each in docs}

    def mine(rows: list[Row]) -> ByName:
        found: ByName = {name: [] for name in made}
        for row in rows:
            if made.get(row["reference_name"]) == row["reference_creation"]:
                found[row["reference_name"]].append(row)
        return found

    steps = mine([step for step in outbox.of_documents(doc.name, doctype, list(made)) if not is_extra(step["role"])])
    rows = mine([row for row in links.whole_of_documents(doc.name, doctype, list(made)) if int(row["sequence"]) < ASIDE])
    facts = _settling(doc, [row for its in rows.values() for row in its])
    standing = {name: _standing(Identity(doctype, name, made[name]), rows[name], steps[name], facts) for name in made}
    return steps, rows, standing


def _line(fate: Fate, who: Identity, with_details: bool) -> dict[str, str]:
    shown = {
        "what": screen_texts.in_words(wording.record(fate.link.endpoint, who.doctype)),
        "says": screen_texts.in_words(fate.says),
        "colour": fate.colour,
    }
    if with_details:
        shown |= {"number": fate.link.xero_number, "to_do": screen_texts.in_words(fate.to_do) if fate.to_do else ""}
    return shown


def _settling(doc: Any, rows: list[Row]) -> Facts:
    """What other documents here settle the records of these links."""
    facts = Facts()
    load(books_of(doc), SETTLED_BY.of([_place(as_link(row)) for row in rows]), facts)
    return facts


def _standing(who: Identity, rows: list[Row], steps: list[Row], facts: Facts) -> list[Standing]:
    changed = any(step["state"] == protocol.ATTENTION and step["reason_code"] == EDITED for step in steps)
    # Numbers are stored with what could open a tag as its entity; the dialog escapes by itself.
    mine = [(row, as_link({**row, "xero_number": screen_texts.shown(row["xero_number"])})) for row in rows]
    own = own_parts(who.doctype)
    return [
        Standing(
            link,
            None if row["remote_amount_due"] is None else decimal(row["remote_amount_due"]),
            tuple(
                sorted(
                    {each.who.name for each in facts.get(SETTLED_BY, _place(link)) if each.live and each.who != who and _takes(each, link)}
                )
            ),
            changed and link.part in own,
        )
        for row, link in mine
    ]


def _takes(settling: Link, link: Link) -> bool:
    return bool(taken_off(settling.endpoint, settling.marker, _place(link)))


def _place(link: Link) -> tuple[str, str]:
    return link.endpoint, link.xero_id


def _filed_until(doc: Any) -> date | None:
    filed = doc.get("tax_filed_until")
    return getdate(filed) if filed else None


def _posting_date(who: Identity) -> Any:
    return frappe.db.get_value(who.doctype, who.name, "posting_date")


def _of_what_is_not_there(steps: list[Row], rows: list[Row]) -> Text | None:
    there = {(f"{row['role']}-{row['sequence']}", row["generation"]) for row in rows}
    made = [step for step in steps if role(step["role"]).makes and step["state"] not in protocol.FINISHED]
    rest = [step for step in made if (_numbered(step), step["generation"]) not in there]
    if any(step["state"] in protocol.IN_FLIGHT for step in rest):
        return _("Something of it is on its way to Xero: that will be taken back as soon as it is there")
    return _("What of it is not in Xero yet will not be sent any more") if rest else None


def _numbered(step: Row) -> str:
    its = role(step["role"])
    return f"{its.part}-{its.number}"


def _of_the_connection(state: str) -> Text | None:
    return None if state == "Live" else _("It will happen once the connection to Xero sends again")
