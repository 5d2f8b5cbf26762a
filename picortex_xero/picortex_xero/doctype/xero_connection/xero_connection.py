"""Xero Connection: one company, one organisation, and what an admin decides about it."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from picortex_xero.attention import whom_to_ask
from picortex_xero.connection import history, item_codes, reading_pace, xero_lists
from picortex_xero.engine import contexts, creating, write_protection
from picortex_xero.engine.screen_texts import html
from picortex_xero.engine.search_walk import RESTART
from picortex_xero.engine.wake import after_saving
from picortex_xero.monthly_pack import chosen as packs

ACCOUNT_FIELDS = (
    "default_sales_account",
    "default_purchase_account",
    "rounding_account",
    "advance_account_sales",
    "advance_account_purchases",
)


class XeroConnection(Document):
    """What is typed here is checked against the organisation's own lists, as they were last read."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        from picortex_xero.picortex_xero.doctype.xero_pack_recipient.xero_pack_recipient import XeroPackRecipient
        from picortex_xero.picortex_xero.doctype.xero_person_told.xero_person_told import XeroPersonTold

        accept_rates: DF.Check
        active_company: DF.Link | None
        active_tenant: DF.Data | None
        advance_account_purchases: DF.Autocomplete | None
        advance_account_sales: DF.Autocomplete | None
        attach_bill_files: DF.Check
        attach_credit_note_pdf: DF.Check
        attach_debit_note_files: DF.Check
        attach_invoice_pdf: DF.Check
        attach_journal_files: DF.Check
        authorisation: DF.Link | None
        base_currency: DF.Link | None
        cash_basis: DF.Check
        changed_documents: DF.Literal["Ask a Person", "Update in Xero"]
        clearing_account: DF.Autocomplete | None
        clearing_account_code: DF.Data | None
        company: DF.Link
        conversion_date: DF.Date | None
        country_code: DF.Data | None
        create_accounts: DF.Check
        create_tracking: DF.Check
        cure: DF.SmallText | None
        default_payment_account: DF.Autocomplete | None
        default_purchase_account: DF.Autocomplete | None
        default_sales_account: DF.Autocomplete | None
        depreciation: DF.Literal["Ask", "Kept in Xero", "Sent from here"]
        documents_from_xero: DF.Literal["Stay There", "Become Drafts"]
        entries_from_xero: DF.Literal["Stay There", "Become Drafts"]
        go_live_date: DF.Date | None
        history_notes: DF.Literal["Off", "Where Xero has no link", "Every document"]
        journal_contact: DF.Data | None
        missing_tracking: DF.Literal["Hold", "Send Without"]
        money: DF.Literal["Hold until released", "Send"]
        no_tax_type: DF.Autocomplete | None
        opening_documents: DF.Literal["Hold", "Create"]
        organisation_name: DF.Data | None
        pack: DF.Check
        pack_aged: DF.Check
        pack_balance: DF.Check
        pack_cash: DF.Check
        pack_day: DF.Int
        pack_people: DF.Table[XeroPackRecipient]
        pack_profit: DF.Check
        payments_from_xero: DF.Literal["Stay There", "Become Drafts", "Are Submitted"]
        people_told: DF.Table[XeroPersonTold]
        propose_month_after: DF.Int
        read_bank_transactions: DF.Int
        read_contacts: DF.Int
        read_credit_notes: DF.Int
        read_invoices: DF.Int
        read_journals: DF.Int
        read_payments: DF.Int
        read_prepayments: DF.Int
        read_reports: DF.Check
        read_transfers: DF.Int
        read_trial_balance: DF.Check
        reason: DF.SmallText | None
        reason_code: DF.Data | None
        reason_parts: DF.Code | None
        reports_every: DF.Int
        rounding_account: DF.Autocomplete | None
        send_item_codes: DF.Check
        short_code: DF.Data | None
        state: DF.Literal["Setting Up", "Watch Only", "Live", "Paused", "Disconnected", "Retired"]
        target_status: DF.Literal["DRAFT", "SUBMITTED", "AUTHORISED"]
        tax_filed_until: DF.Date | None
        tenant_id: DF.Data | None
        unreconciled_after: DF.Int
        update_contacts: DF.Check
        watched_from: DF.Date | None
        xero_connection_id: DF.Data | None
    # end: auto-generated types

    def on_trash(self) -> None:
        """The links are the proof against duplicates: a connection with a history is disconnected, never deleted."""
        if any(frappe.db.exists(doctype, {"connection": self.name}) for doctype in ("Xero Link", "Xero Outbox Entry", "Xero Attempt")):
            frappe.throw(_("{0} has a history in Xero: disconnect it instead of deleting it").format(html(self.company)))

    def onload(self) -> None:
        """Whoever may only read it is told whom to ask."""
        self.set_onload("whom_to_ask", whom_to_ask.of_connection(self.name))
        self.set_onload("reading", reading_pace.for_form(self.name))

    def before_rename(self, *_: object) -> None:
        """The name is part of every key that ties the books together."""
        write_protection.refuse_all(self)

    def validate(self) -> None:
        """What the protocol sets is not typed; codes must exist in the organisation; files need a consent that covers them."""
        write_protection.refuse(self, write_protection.OF_CONNECTION)
        if self.tax_filed_until and getdate(self.tax_filed_until) > getdate(nowdate()):
            frappe.throw(_("Tax Filed Until lies ahead: no return was filed for a day that is still to come"))
        reading_pace.refuse_too_often(self)
        packs.check(self)
        if contexts.files_on(self) and not contexts.files_allowed(self.authorisation):
            frappe.msgprint(
                _("Files go to Xero once the consent covers them: press Connect to Xero in Xero Settings once more"), indicator="orange"
            )
        if (self.create_accounts or self.create_tracking) and self.authorisation and not creating.allowed(self.authorisation):
            frappe.msgprint(
                _("Accounts and tracking options can be created once the consent covers that: press Give More Permissions"),
                indicator="orange",
            )
        if not xero_lists.read_at(self.name):
            return  # just being made: nothing could be chosen yet
        offered = xero_lists.stored(self.name)
        for fieldname in ACCOUNT_FIELDS:
            if self.get(fieldname):
                xero_lists.account(offered, self.get(fieldname))
        if self.no_tax_type:
            rate = xero_lists.tax_rate(offered, self.no_tax_type)
            if rate["EffectiveRate"]:
                frappe.throw(
                    _("{0} is not a tax type without tax: its rate is {1} %").format(html(self.no_tax_type), html(rate["EffectiveRate"]))
                )
        if self.default_payment_account:
            self.default_payment_account = xero_lists.payment_account(offered, self.default_payment_account)["AccountID"]
        self.clearing_account_code = None
        if self.clearing_account:
            found = xero_lists.clearing_account(offered, self.clearing_account)
            self.clearing_account, self.clearing_account_code = found["AccountID"], found["Code"]

    def on_update(self) -> None:
        """What waited for a choice goes. The hourly search looks at what changed since the last one: once opening documents go, those of long
        ago count, too."""
        after_saving(self.name)
        if self.get_doc_before_save() and self.has_value_changed("tax_filed_until"):
            history.closed_until(self.name, str(self.tax_filed_until or ""))
        if self.get_doc_before_save() and self.has_value_changed("conversion_date"):
            history.books_begin(self.name, str(self.conversion_date or ""))
        if self.send_item_codes and self.has_value_changed("send_item_codes") and item_codes.unread(self.name, True):
            frappe.msgprint(
                _("Xero's items are read before the next document goes. To see their codes in a preview now, press Refresh From Xero"),
                indicator="blue",
            )
        if self.opening_documents == "Create" and self.has_value_changed("opening_documents"):
            frappe.db.set_value("Xero Connection State", self.name, RESTART, update_modified=False)
