"""A claimed step, and what its request will be made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.problems import Problem
from ..accounting.texts import _
from ..documents.base import Plan
from ..xero.records.base import Kind
from .apply import hold
from .outbox import Row


@dataclass
class PlannedStep:
    """A claimed step. `chain` holds digests of documents of which no two requests may be in flight at once. `path` is where the request
    goes when it is below another record. Without a `plan` nothing is sent: Xero has records that may be the step's own (engine/candidates).
    `remaining` is what was left of a credit just before an allocation, in the credit's currency."""

    row: Row
    doc: dict[str, Any]
    kind: Kind
    chain: set[str]
    plan: Plan | None = None
    xero_id: str = ""
    path: str = ""
    remaining: Decimal | None = None

    @property
    def only_candidates(self) -> bool:
        """Whether this step is only to read its candidates in Xero (engine/candidates)."""
        return self.plan is None

    @property
    def link(self) -> str:
        """The name of the link that is changed, undone or looked at; "" for none."""
        return self.plan.link.name if self.plan and self.plan.link else ""


def planned(row: Row, plan: Plan) -> PlannedStep:
    """A step with a plan."""
    return PlannedStep(row, plan.doc, plan.kind, set(plan.chain), plan, plan.xero_id, plan.path)


def unexpected(row: Row) -> None:
    """Leave a step that failed by a defect to a person, with the details in the Error Log, so that the others go on.

    Call it where the exception is handled.
    """
    frappe.log_error(title=f"Xero: {row['reference_doctype']} {row['reference_name']} could not be prepared"[:140])
    hold(row, [unprepared(row["reference_name"])])


def unprepared(name: str) -> Problem:
    """Needs attention: what becomes of a document could not be worked out; the Error Log says why."""
    return Problem(
        "unexpected",
        _("{name} could not be prepared for Xero").format(name=name),
        _("Tell your administrator: the Error Log has the details"),
    )
