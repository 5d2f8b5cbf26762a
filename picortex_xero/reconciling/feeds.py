"""Which bank accounts have their feed only in Xero, as somebody has said it for them: their lines are matched with what is entered, and nothing is categorised, so that nothing is posted twice."""

from __future__ import annotations

import frappe

from ..accounting.bank_feeds import FEED_IN_XERO
from ..accounting.texts import Text, _

WHY = _(
    "The bank feed of {account} is only in Xero: what its lines are about is entered there, and nothing is categorised here, so that it does not count twice"
)


def only_in_xero(company: str) -> set[str]:
    """The company's bank accounts whose feed is only in Xero."""
    rows = frappe.db.sql(
        "SELECT DISTINCT bank.`name` FROM `tabBank Account` bank JOIN `tabXero Payment Mapping` mapped ON mapped.`account`=bank.`account` "
        "JOIN `tabXero Connection` live ON live.`name`=mapped.`connection` AND live.`state`!='Retired' "
        "WHERE bank.`is_company_account`=1 AND bank.`company`=%(company)s AND mapped.`bank_feed`=%(feed)s",
        {"company": company, "feed": FEED_IN_XERO},
    )
    return {str(name) for (name,) in rows}


def why_not(company: str, bank_account: str) -> Text | None:
    """Why nothing of this bank account is categorised; None where it is."""
    return WHY.format(account=bank_account) if bank_account in only_in_xero(company) else None
