"""Closing a step whose record Xero shows: in Xero, in Xero with a warning, or left to a person, by how it compares with what was sent.

All part of the caller's transaction.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ..accounting.problems import Problem
from ..accounting.rounding import line_tax
from ..accounting.texts import _
from ..connection import xero_lists
from ..documents.compare_linked import only_a_warning
from ..documents.identity import Identity
from ..xero import answers
from ..xero.records import lines
from . import links, log, outbox, protocol, tax_stops
from .compare_answer import compared
from .contexts import Context
from .members import Member, link_role

LINES_NOT_SHOWN = "lines-not-shown"
# Codes of refusals and warnings (xero/errors.json) that say that the lists as last read are no longer right.
OF_LISTS = (
    "account-not-allowed",
    "account-archived",
    "account-unknown",
    "tax-not-allowed",
    "tax-unknown",
    "tracking-unknown",
    "item-unknown",
)
MOST_WARNINGS = 10


def close(context: Context, row: outbox.Row, member: Member, element: dict[str, Any], **fields: Any) -> Problem | None:
    """Close a step whose record Xero shows: in Xero, in Xero with a warning, or left to a person; returns what was found. Warnings of Xero
    go to the history. A tax that differs stops what is unsent with that tax type. Part of the caller's transaction."""
    problem, who = compared(member, element, context.mapping.called), outbox.identity(row)
    warns = only_a_warning(problem)
    if row["state"] == protocol.SYNCED:
        # Looked at once more after it was closed.
        if problem and not warns:
            outbox.move(row, "differs", problem, **fields)
        else:
            outbox.set_columns(row, **(outbox.said(problem) if problem else outbox.NOTHING_SAID), **fields)
    else:
        outbox.move(row, "refused" if problem and not warns else "recorded", problem, **fields)
    for said in _warnings(element):
        log.write(context.connection, member["company"], who, "Warning", _("Xero warns: {said}").format(said=said))
    if problem and member.get("lines"):
        keep_lines(context, who, member, json.dumps({name: member[name] for name in ("lines", "amount_types", "tax")}))
        if problem.code != LINES_NOT_SHOWN:
            log.write(context.connection, member["company"], who, "Warning", problem.message)
    elif member.get("link"):
        # An update that is in Xero as it was sent: nothing of before counts any more.
        keep_lines(context, who, member, "")
    if problem and problem.code == tax_stops.CODE and not _lines_say_why(member, element):
        tax_stops.stop(context.connection, sorted(_taxed_otherwise(context, member, element)), row["name"])
        look_at_lists_again(context)
    elif any(answers.refusal([said]).problem.code in OF_LISTS for said in _warnings(element)):
        look_at_lists_again(context)
    return problem


def keep_lines(context: Context, who: Identity, member: Member, sent: str) -> None:
    """Store on the record's link what was sent, or "" once that agrees."""
    if member.get("link"):
        links.seen(member["link"], sent_lines=sent)
    else:
        links.keep_lines(context.connection, who, *link_role(member), sent)


def look_at_lists_again(context: Context) -> None:
    """Xero does not know an account, tax type, tracking option or item as it was sent: its lists are read anew before anything else is."""
    xero_lists.outdate(context.connection)
    context.lists_outdated = True


def _lines_say_why(member: Member, element: dict[str, Any]) -> bool:
    """Whether the tax differs because lines have other amounts or tax types than were sent, and not because of a rate."""
    found = lines.differences(member.get("lines") or [], element, member.get("amount_types") or "") or []
    return any(each.what in ("TaxType", "LineAmount", "Line") for each in found)


def _taxed_otherwise(context: Context, member: Member, element: dict[str, Any]) -> set[str]:
    """The tax types of a document on which Xero has another tax than was expected."""
    types, inclusive = context.mapping.tax_types, member.get("amount_types") == "Inclusive"

    def expected(line: dict[str, Any]) -> Decimal | None:
        if line.get("tax"):
            return Decimal(line["tax"])
        known = types.get(line["tax_type"])
        return None if known is None or known.shown is None else line_tax(Decimal(line["amount"]), known.shown, inclusive)

    return lines.differing_tax_types(member.get("lines") or [], element, expected)


def _warnings(element: dict[str, Any]) -> list[str]:
    """What Xero warns of although it has saved the element."""
    rows = element.get("Warnings")
    found = [row.get("Message") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [each[:300] for each in found[:MOST_WARNINGS] if isinstance(each, str) and each]
