"""Requests a day by the time that is chosen, and the cash of what is skipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from picortex_xero.documents.rules.costs import a_day
from picortex_xero.documents.rules.kinds import INVOICE, PAYMENT
from picortex_xero.documents.rules.outlook import Judged, cash
from picortex_xero.documents.rules.verdict import Verdict
from tests.documents.scene import JOURNAL, PAID

# 60 in one minute of each of ten days, and one in another minute of the same hour.
MADE = [datetime(2026, 11, day, 9, minute) for day in range(1, 11) for minute in [0] * 60 + [30]]


def test_documents_that_go_together_share_a_request() -> None:
    assert a_day(INVOICE, MADE, 10, False) == {"Real time": Decimal("3.0"), "Hourly": Decimal("2.0"), "Daily": Decimal("2.0")}
    spread = [datetime(2026, 11, 1) + timedelta(hours=each) for each in range(24)]
    assert a_day(INVOICE, spread, 1, False) == {"Real time": Decimal("24.0"), "Hourly": Decimal("24.0"), "Daily": Decimal("1.0")}
    assert a_day(PAYMENT, spread, 1, False)["Daily"] > Decimal("1.0"), "what is paid is read before"
    assert a_day(INVOICE, [], 90, True) == dict.fromkeys(("Real time", "Hourly", "Daily"), Decimal("0.0"))


def test_the_cash_of_what_is_skipped_is_summed_by_account() -> None:
    skip = Verdict("Skip", "R")
    rows = [
        {"account": "Bank - KS", "account_currency": "NZD", "credit_in_account_currency": 20.0},
        {"account": "Cost - KS", "debit_in_account_currency": 20.0},
    ]
    judged = [Judged(PAID, skip), Judged(PAID, Verdict("Sync")), Judged({**JOURNAL, "accounts": rows}, skip)]
    found = {each.account: (each.documents, each.received, each.paid) for each in cash(judged, frozenset({"Bank - KS"}))}
    assert found[PAID["paid_to"]][1] == Decimal(str(PAID["received_amount"])) and found["Bank - KS"][2] == Decimal("20.0")
