"""A rule that says of documents, by what they say themselves, whether and when they go to Xero."""

from __future__ import annotations

from frappe.model.document import Document

from picortex_xero.connection import sync_rules


class XeroSyncRule(Document):
    """The first rule of a connection that matches a document decides about it, in the order of `priority`."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from picortex_xero.picortex_xero.doctype.xero_approval_step.xero_approval_step import XeroApprovalStep
        from picortex_xero.picortex_xero.doctype.xero_sync_rule_condition.xero_sync_rule_condition import XeroSyncRuleCondition

        approval_steps: DF.Table[XeroApprovalStep]
        company: DF.Link | None
        conditions: DF.Table[XeroSyncRuleCondition]
        connection: DF.Link
        enabled: DF.Check
        for_bills: DF.Check
        for_credit_notes: DF.Check
        for_invoices: DF.Check
        for_journals: DF.Check
        for_payments: DF.Check
        for_supplier_credit_notes: DF.Check
        no_self_approval: DF.Check
        outcome: DF.Literal["Sync", "Hold for approval", "Next batch", "Skip"]
        priority: DF.Int
        title: DF.Data
    # end: auto-generated types

    def validate(self) -> None:
        """Every condition can be applied to every kind of document that the rule is about, and its name is its own."""
        sync_rules.check_rule(self)

    def on_update(self) -> None:
        """What waits, or was skipped by a setting or rule, is decided anew."""
        sync_rules.changed(self)

    def on_trash(self) -> None:
        """The rules after it decide."""
        sync_rules.removed(self)
