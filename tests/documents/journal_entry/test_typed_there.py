"""A journal is not sent while Xero has what is like it and stands for nothing here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.documents import still_in_xero, typed_there
from picortex_xero.documents.base import InXero, Ready, Shown
from picortex_xero.documents.decisions import Hold, Send, Unclear
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.registry import BANK_TRANSACTION, INVOICE, MANUAL_JOURNAL
from tests.documents.scene import books, step

DOC = {"doctype": "Journal Entry", "name": "JV-1", "creation": "2026-11-20 10:00:00.000000", "posting_date": "2026-11-20", "docstatus": 1}
LINES = [{"AccountCode": "469", "LineAmount": "50.00"}, {"AccountCode": "445", "LineAmount": "-50.00"}]
JOURNAL = {"Status": "POSTED", "Date": "2026-11-22", "Narration": "Rent", "JournalLines": LINES}
MONEY = {"Status": "AUTHORISED", "Type": "SPEND", "Date": "2026-11-18", "BankAccount": {"AccountID": "b1"}, "Total": "46.00"}


def plan(money: bool = False, **of_step: Any) -> Ready:
    body = {**MONEY, "Date": "2026-11-20"} if money else {**JOURNAL, "Date": "2026-11-20"}
    kind = (BANK_TRANSACTION if money else MANUAL_JOURNAL).made_by
    made = Translation(body, {}, total="46.00") if money else Translation(body, {})
    return Ready(step(DOC, "journal", **of_step), DOC, kind, frozenset(), translation=made)


def outcome(one: Ready, *found: dict[str, Any], come_back: bool = True, complete: bool = True) -> str:
    shown = InXero(typed={one.kind.endpoint: Shown(list(found), complete)})
    decision = still_in_xero.checked(
        one, one.decide(shown), replace(books(), come_back=frozenset([one.kind.endpoint] if come_back else [])), shown
    )
    match decision.outcome:
        case Hold((problem,)):
            return str(problem.code)
        case Send() | Unclear():
            return type(decision.outcome).__name__
    raise AssertionError(decision)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "typed-there-too"),
        ({"Date": "2026-11-26"}, "Send"),
        ({"Status": "DRAFT"}, "Send"),
        ({"JournalLines": [{**LINES[0], "LineAmount": "51.00"}, {**LINES[1], "LineAmount": "-51.00"}]}, "Send"),
        ({"JournalLines": [LINES[0], {**LINES[1], "AccountCode": "404"}]}, "Send"),
    ],
)
def test_a_manual_journal_on_the_same_accounts_with_the_same_sum(changes: dict[str, Any], expected: str) -> None:
    assert outcome(plan(), {**JOURNAL, **changes}) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "typed-there-too"),
        ({"Date": "2026-11-10"}, "Send"),
        ({"Type": "RECEIVE"}, "Send"),
        ({"Total": "46.10"}, "Send"),
        ({"BankAccount": {"AccountID": "b2"}}, "Send"),
        ({"Status": "DELETED"}, "Send"),
    ],
)
def test_money_of_the_same_account_way_and_amount(changes: dict[str, Any], expected: str) -> None:
    assert outcome(plan(money=True), {**MONEY, **changes}) == expected


def test_it_is_asked_for_where_entries_come_back_and_nobody_has_let_it_go() -> None:
    assert outcome(plan(), JOURNAL, come_back=False) == "Send"
    assert outcome(plan(late_for=("typed-there-too",)), JOURNAL) == "Send"
    assert outcome(plan(), complete=False) == "Unclear"
    assert not typed_there.asks(plan(history="h1"), frozenset(["ManualJournals"])), "an import of history is asked about by itself"
    assert not typed_there.asks(replace(plan(), kind=INVOICE.made_by), frozenset(["Invoices"]))
