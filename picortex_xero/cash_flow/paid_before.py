"""How late invoices and bills were paid in the last year and a half, by party. Two statements, whatever their number."""

from __future__ import annotations

from datetime import date, timedelta

from .asking import rows
from .habits import Paid
from .open_here import PURCHASE, SALE
from .values import CUSTOMER, SUPPLIER

LOOKS_BACK = timedelta(days=540)


def paid(company: str, today: date) -> list[Paid]:
    """Of each document that nothing is open of, the day of its last payment against its due day (of the last instalment). What was set off against a credit note was not paid."""
    found = []
    for doctype, party_type in ((SALE, CUSTOMER), (PURCHASE, SUPPLIER)):
        party = party_type.lower()
        for row in rows(
            f"SELECT doc.`{party}` AS `party`, doc.`due_date`, MAX(ledger.`posting_date`) AS `paid` FROM `tab{doctype}` doc "
            "JOIN `tabPayment Ledger Entry` ledger ON ledger.`against_voucher_no`=doc.`name` AND ledger.`against_voucher_type`=%(doctype)s AND ledger.`delinked`=0 "
            "AND ledger.`voucher_type` IN ('Payment Entry', 'Journal Entry') AND ledger.`posting_date` BETWEEN %(first)s AND %(today)s "
            "WHERE doc.`company`=%(company)s AND doc.`docstatus`=1 AND doc.`outstanding_amount`=0 AND doc.`due_date` IS NOT NULL "
            f"GROUP BY doc.`name`, doc.`{party}`, doc.`due_date`",
            {"company": company, "doctype": doctype, "first": today - LOOKS_BACK, "today": today},
        ):
            found.append(Paid(party_type, str(row["party"] or ""), (row["paid"] - row["due_date"]).days))
    return found
