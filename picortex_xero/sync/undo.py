"""Does a step wait for something that is being taken back? For documents whose rooms do not stand yet; documents/taking_back decides the rest."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.problems import Problem
from ..documents.role import taken_back
from ..documents.settlement.targets import STAYS
from ..engine import kept, links, outbox, protocol
from ..engine.context import Context
from ..engine.outbox import Row


def takes_back(step: Row) -> bool:
    """Whether a step takes something back."""
    return step["role"].partition("-")[0] in protocol.TAKES_BACK


def waits_for_older(context: Context, row: Row) -> bool:
    """Whether a step of a further generation was postponed, because what the former ones became still stands in Xero."""
    who = outbox.identity(row)
    if undecided := kept.waiting([step for step in outbox.steps_of(context.connection, who) if step["generation"] < row["generation"]]):
        return outbox.postpone(row, blocked_on=undecided["name"], problem=kept.waits_for(undecided))
    for link in links.live(context.connection, who):
        if link["generation"] < row["generation"]:
            undo = taken_back(link["role"], link["sequence"], cancelled=False)
            step = outbox.add_sibling(row, undo, generation=link["generation"])
            problem = Problem(
                "waits-for-undo", f"Waits until {who.name} as it was before is taken back in Xero", f"See what stops {who.name}"
            )
            return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def waits_for_cancels(context: Context, row: Row, doctype: str, invoice: str) -> bool:
    """Whether a step had to be postponed because something that settled this invoice is still being cancelled in Xero.

    Xero voids no invoice that is paid or applied, and shows no amount due for what settles it anew: the former goes first, as it did in
    the host.
    """
    mine = {"reference_name": invoice}
    settling = [
        *(("Payment Entry", name) for name in _parents("Payment Entry Reference", {**mine, "reference_doctype": doctype})),
        *(("Journal Entry", name) for name in _parents("Journal Entry Account", {**mine, "reference_type": doctype})),
        *((doctype, name) for name in frappe.get_all(doctype, filters={"return_against": invoice}, pluck="name")),
    ]
    for settler, name in settling:
        for step in outbox.steps_named(context.connection, settler, name):
            if takes_back(step) and step["state"] in protocol.UNFINISHED and step["reason_code"] != STAYS:
                problem = Problem(
                    "waits-for-cancel", f"Waits until {name} is cancelled in Xero", f"See why {name} is not cancelled in Xero yet"
                )
                return outbox.postpone(row, blocked_on=step["name"], problem=problem)
    return False


def _parents(child: str, filters: dict[str, Any]) -> list[str]:
    return sorted(set(frappe.get_all(child, filters=filters, pluck="parent")))
