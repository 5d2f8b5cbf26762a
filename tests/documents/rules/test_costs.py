"""Requests a day by the time that is chosen, and the cash of what is skipped."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from picortex_xero.documents.rules.cash import Money, cash, moves
from picortex_xero.documents.rules.costs import a_day
from picortex_xero.documents.rules.kinds import INVOICE as INVOICES
from picortex_xero.documents.rules.kinds import PAYMENT
from picortex_xero.documents.rules.outlook import Judged, unseen
from picortex_xero.documents.rules.parents import settles_what_goes
from picortex_xero.documents.rules.verdict import OPEN, OTHER, SENT, SKIPPED, Fate, Verdict
from tests.documents.scene import BILL, INVOICE, JOURNAL, PAID

# 60 in one minute of each of ten days, and one in another minute of the same hour.
MADE = [datetime(2026, 11, day, 9, minute) for day in range(1, 11) for minute in [0] * 60 + [30]]


def test_documents_that_go_together_share_a_request() -> None:
    assert a_day(INVOICES, MADE, 10, False) == {"Real time": Decimal("3.0"), "Hourly": Decimal("2.0"), "Daily": Decimal("2.0")}
    spread = [datetime(2026, 11, 1) + timedelta(hours=each) for each in range(24)]
    assert a_day(INVOICES, spread, 1, False) == {"Real time": Decimal("24.0"), "Hourly": Decimal("24.0"), "Daily": Decimal("1.0")}
    assert a_day(PAYMENT, spread, 1, False)["Daily"] > Decimal("1.0"), "what is paid is read before"
    assert a_day(INVOICES, [], 90, True) == dict.fromkeys(("Real time", "Hourly", "Daily"), Decimal("0.0"))


def test_the_cash_of_what_is_skipped_is_summed_by_account() -> None:
    skip = Verdict("Skip", "R")
    rows = [
        {"account": "Bank - KS", "account_currency": "NZD", "credit_in_account_currency": 20.0},
        {"account": "Cost - KS", "debit_in_account_currency": 20.0},
    ]
    there = Judged({**PAID, "received_amount": 7.0}, skip, in_xero=True)
    judged = [Judged(PAID, skip), Judged(PAID, Verdict("Sync")), Judged({**JOURNAL, "accounts": rows}, skip), there]
    money = Money(frozenset({"Bank - KS"}), {}, "NZD")
    found = {each.account: (each.documents, each.received, each.paid) for each in cash(unseen(judged), money)}
    assert found[PAID["paid_to"]][1] == Decimal(str(PAID["received_amount"])) and found["Bank - KS"][2] == Decimal("20.0")


def test_the_cash_of_what_was_paid_on_entry_is_what_stayed_there() -> None:
    def moved(doc: dict[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
        return {each.account: (each.received, each.paid) for each in cash([doc], Money(base="NZD"))}

    def rows(cash_paid: float, card: float) -> list[dict[str, Any]]:
        return [{"account": name, "amount": each, "base_amount": each} for name, each in (("Cash", cash_paid), ("Card", card)) if each]

    zero, change = Decimal(0), {"account_for_change_amount": "Cash", "change_amount": 5.0, "base_change_amount": 5.0}
    assert moved({**INVOICE, "is_pos": 1, "payments": rows(70.0, 50.0), **change}) == {"Cash": (65, zero), "Card": (50, zero)}
    assert moved({**INVOICE, "is_pos": 1, "is_return": 1, "payments": rows(-115.0, 0)}) == {"Cash": (zero, 115)}
    # Points are no cash.
    assert moved({**INVOICE, "loyalty_amount": 10.0, "redeem_loyalty_points": 1}) == {}
    paid = {"is_paid": 1, "cash_bank_account": "Bank", "paid_amount": 100.0, "base_paid_amount": 100.0}
    assert moved({**BILL, **paid}) == {"Bank": (zero, 100)} and moved(BILL) == {}
    assert moved({**BILL, **paid, "is_return": 1, "paid_amount": -100.0, "base_paid_amount": -100.0}) == {"Bank": (100, zero)}


def test_money_is_in_the_currency_of_its_account_as_erpnext_posts_it() -> None:
    money = Money(frozenset({"Dollar", "Till"}), {"Dollar": "USD", "Till": "NZD"}, "NZD")
    sold = {**INVOICE, "currency": "USD", "is_pos": 1}
    rows = [{"account": account, "amount": 10.0, "base_amount": 16.0} for account in ("Dollar", "Till")]
    found = {each.account: (each.currency, each.amount, each.worth) for each in moves({**sold, "payments": rows}, money)}
    assert found == {"Dollar": ("USD", 10, 16), "Till": ("NZD", 16, 16)}
    # What a journal moves twice one way is one.
    legs = [("debit", 30.0), ("debit", 1.0)]
    journal = {**JOURNAL, "accounts": [{"account": "Till", f"{side}_in_account_currency": amount, side: amount} for side, amount in legs]}
    assert [(each.received, each.amount) for each in moves(journal, money)] == [(True, 31)]


def test_money_that_stays_in_the_company_and_opening_entries_are_no_cash() -> None:
    money = Money(frozenset({"Bank", "Till"}), {}, "NZD")
    own = [
        {"account": "Till", "debit": 500.0, "debit_in_account_currency": 500.0},
        {"account": "Bank", "credit": 500.0, "credit_in_account_currency": 500.0},
    ]
    transfer = {
        "doctype": "Payment Entry", "payment_type": "Internal Transfer", "paid_from": "Bank", "paid_to": "Till", "paid_amount": 500.0, "received_amount": 500.0,
        "base_paid_amount": 500.0, "base_received_amount": 500.0,
    }  # fmt: skip
    assert moves(transfer, money) == [] and moves({**JOURNAL, "accounts": own}, money) == []
    received = {**JOURNAL, "accounts": own[:1]}
    assert [each.amount for each in moves(received, money)] == [500]
    assert moves({**received, "is_opening": "Yes"}, money) == [] and moves({**received, "voucher_type": "Opening Entry"}, money) == []


def test_money_that_settles_what_goes_is_matched_with_it_and_is_no_cash() -> None:
    rows = [{"reference_type": "Sales Invoice", "reference_name": name, "party": "Kea"} for name in ("A", "B")]
    receipt = {**JOURNAL, "accounts": rows}

    def settles(**fates: str) -> bool:
        return settles_what_goes(receipt, lambda named: Fate(fates[named[1]]))

    assert not settles(A=SKIPPED, B=SKIPPED) and not settles_what_goes({**receipt, "accounts": []}, lambda _named: Fate(SENT))
    assert settles(A=SKIPPED, B=SENT) and settles(A=SKIPPED, B=OPEN) and settles(A=OTHER, B=SKIPPED)
