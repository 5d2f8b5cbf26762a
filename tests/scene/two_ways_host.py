"""What ERPNext works out by itself and the stand-in does not: amounts in company currency, what is left of an invoice, and its Payment Reconciliation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

ENTRY, JOURNAL, SALE, BILL = "Payment Entry", "Journal Entry", "Sales Invoice", "Purchase Invoice"
CLAIMS = (SALE, BILL)
BOOKED = ("on_submit", "on_cancel", "on_update_after_submit")
Named = tuple[str, str]


def worth(doc: Any) -> Decimal:
    """What an invoice, bill or return comes to; negative for a return."""
    return Decimal(str(doc.get("rounded_total") or doc.get("grand_total") or 0))


def paid(frappe: Any, named: Named) -> Decimal:
    """What submitted payments allocate to a document."""
    filters = {"reference_doctype": named[0], "reference_name": named[1], "docstatus": 1}
    return sum((Decimal(str(each)) for each in frappe.get_all(f"{ENTRY} Reference", filters=filters, pluck="allocated_amount")), Decimal(0))


def moved(frappe: Any, named: Named) -> Decimal:
    """What submitted journals take off a document."""
    filters = {"reference_type": named[0], "reference_name": named[1], "docstatus": 1}
    rows = frappe.get_all(f"{JOURNAL} Account", filters=filters, fields=["debit", "credit"])
    sign = 1 if named[0] == SALE else -1
    return sum((sign * (Decimal(str(row["credit"])) - Decimal(str(row["debit"]))) for row in rows), Decimal(0))


def returned(frappe: Any, named: Named) -> Decimal:
    """What returns took off a document as they were submitted (a return says so by update_outstanding_for_self)."""
    filters = {"return_against": named[1], "docstatus": 1, "update_outstanding_for_self": 0}
    return -sum((worth(row) for row in frappe.get_all(named[0], filters=filters, fields=["rounded_total", "grand_total"])), Decimal(0))


def left(frappe: Any, named: Named) -> Decimal:
    """What is left of a document, negative for a return."""
    doc = frappe.db.get_value(
        *named, ["docstatus", "rounded_total", "grand_total", "is_return", "update_outstanding_for_self"], as_dict=True
    )
    if not doc or int(doc["docstatus"]) != 1 or (doc["is_return"] and not doc["update_outstanding_for_self"]):
        return Decimal(0)
    return worth(doc) - paid(frappe, named) - moved(frappe, named) - returned(frappe, named)


@contextmanager
def worked_out() -> Iterator[None]:
    """As ERPNext does when it validates, submits and cancels (here all of it is in company currency)."""
    from frappe.model.document import Document

    from picortex_xero.inbound import allocations_back

    run = Document.run_method

    def work_out(self: Any, method: str) -> None:
        if method == "validate" and self.doctype == ENTRY and not self.base_paid_amount:
            self.base_paid_amount, self.base_received_amount = self.paid_amount, self.received_amount
        if method == "validate" and self.doctype == JOURNAL and not self.total_debit:
            self.total_debit = self.total_credit = sum(float(row.debit or 0) for row in self.accounts)
        if method in BOOKED and self.doctype in (ENTRY, JOURNAL, *CLAIMS):
            _book(self)
        run(self, method)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Document, "run_method", work_out)
        patch.setattr(Document, "cancel", _cancel, raising=False)
        patch.setattr(allocations_back, "reconcile", _reconcile)
        yield


def _cancel(doc: Any) -> Any:
    import frappe

    about = (doc.doctype, doc.name)
    if doc.doctype in CLAIMS and (
        paid(frappe, about) or moved(frappe, about) or frappe.db.exists(doc.doctype, {"return_against": doc.name, "docstatus": 1})
    ):
        raise frappe.ValidationError(f"Cannot cancel: {doc.name} is linked with submitted documents")
    doc.docstatus = 2
    return doc.save()


def _book(doc: Any) -> None:
    """What is left of what a document settles, and of itself."""
    import frappe

    about = [(row.reference_doctype, row.reference_name) for row in doc.get("references") or []]
    about += [(row.reference_type, row.reference_name) for row in doc.get("accounts") or []]
    about += [(doc.doctype, doc.name), (doc.doctype, doc.get("return_against"))]
    for named in about:
        if named[0] in CLAIMS and named[1]:
            frappe.db.set_value(*named, "outstanding_amount", float(left(frappe, named)), update_modified=False)


def _reconcile(wanted: Any) -> None:
    """The journal that Payment Reconciliation makes of a return and an invoice (accounts/utils.py, reconcile_dr_cr_note)."""
    import frappe

    sale = wanted.party_type == "Customer"
    rows = []
    for (doctype, name), side in ((wanted.debit, "credit" if sale else "debit"), (wanted.credit, "debit" if sale else "credit")):
        amounts = {side: float(wanted.amount), f"{side}_in_account_currency": float(wanted.amount)}
        party = {"party_type": wanted.party_type, "party": wanted.party, "account": wanted.account}
        rows.append({**party, "reference_type": doctype, "reference_name": name, "exchange_rate": 1.0, **amounts})
    head = {"doctype": JOURNAL, "company": wanted.company, "voucher_type": "Credit Note" if sale else "Debit Note"}
    doc = frappe.get_doc({**head, "posting_date": "2026-11-20", "is_system_generated": 1, "accounts": rows})
    doc.insert(ignore_permissions=True)
    doc.submit()
