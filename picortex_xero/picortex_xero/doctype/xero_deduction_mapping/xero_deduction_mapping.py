"""An account of payment deductions, and what a deduction on it is in Xero."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document

from picortex_xero.connection import xero_lists
from picortex_xero.engine.screen_texts import html, stored
from picortex_xero.engine.wake import after_saving


class XeroDeductionMapping(Document):
    """One row per connection and account. While there is none, payments with a deduction on the account are held."""

    # begin: auto-generated types
    # This code is auto-generated. Do not modify anything in this block.

    from typing import TYPE_CHECKING

    if TYPE_CHECKING:
        from frappe.types import DF

        account: DF.Link
        clearing_account: DF.Autocomplete | None
        clearing_account_name: DF.Data | None
        company: DF.Link | None
        connection: DF.Link
        contact_name: DF.Data | None
        host_key: DF.Data | None
        last_checked: DF.Datetime | None
        tax_type: DF.Autocomplete | None
        treatment: DF.Literal["Hold", "Fee", "Credit note"]
        xero_rate: DF.Float
        xero_tax_name: DF.Data | None
    # end: auto-generated types

    def validate(self) -> None:
        """Tax type and clearing account must be Xero's own; what the treatment does not need is emptied."""
        xero_lists.keep_unique(self, self.account)
        offered = xero_lists.stored(self.connection)
        self.xero_tax_name, self.xero_rate, self.clearing_account_name = None, 0, None
        if self.treatment == "Hold":
            self.tax_type = None
        else:
            found = xero_lists.tax_rate(offered, self.tax_type)
            self.xero_tax_name, self.xero_rate = stored(found.get("Name")), found.get("EffectiveRate")
        if self.treatment == "Fee":
            self._check_fee(offered)
        else:
            self.clearing_account = None
        self.last_checked = xero_lists.read_at(self.connection)

    def _check_fee(self, offered: xero_lists.Offers) -> None:
        base = frappe.db.get_value("Xero Connection", self.connection, "base_currency")
        bank = xero_lists.fee_clearing_account(offered, self.clearing_account, base)
        self.clearing_account, self.clearing_account_name = bank["AccountID"], stored(bank.get("Name"))
        self.contact_name = " ".join((self.contact_name or "").split())
        if not self.contact_name:
            frappe.throw(_("Say who gets the fee, for example the card company"))
        known = frappe.db.exists("Xero Link", {"reference_doctype": self.doctype, "reference_name": self.name})
        if known and self.contact_name != frappe.db.get_value(self.doctype, self.name, "contact_name"):
            frappe.throw(
                _("The fees of {0} are with this contact in Xero already: delete this row and make a new one").format(html(self.account))
            )

    def on_update(self) -> None:
        """What waited for this choice goes."""
        after_saving(self.connection)

    def on_trash(self) -> None:
        """A broader choice may stand in for this one now."""
        after_saving(self.connection)
