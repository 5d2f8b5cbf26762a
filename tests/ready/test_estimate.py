"""Our estimate of what Xero's matching finds for a line: ready, or one reason with its fix."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.bank_feeds import FEED_HERE, FEED_IN_XERO
from picortex_xero.ready import reasons
from picortex_xero.ready.estimate import estimates
from picortex_xero.ready.values import NO_LINE, NOT_READY, READY, Account, BankLine, Estimate, Movement, Record

D = Decimal
TODAY, DAY = date(2026, 11, 29), date(2026, 11, 20)
BANK = Account("AA-1", "Business Account", "NZD", feed=FEED_IN_XERO, mapped=("Bank - X",), own="Bank - X")
ACCOUNTS = {BANK.xero_id.casefold(): BANK}


def record(name: str = "PE-1", amount: Any = 100, day: date | None = DAY, **fields: Any) -> Record:
    known = {"key": name, "reference": "REF 1", "contact": f"contact of {name}", "account": "aa-1", "endpoint": "Payments", **fields}
    return Record(who=("Payment Entry", name), amount=None if amount is None else D(amount), day=day, **known)


def movement(name: str = "PE-1", amount: Any = 100, day: date = DAY, lines: tuple[BankLine, ...] = (), **fields: Any) -> Movement:
    return Movement(("Payment Entry", name), fields.get("host", "Bank - X"), fields.get("account", "AA-1"), day, D(amount), lines)


def line(amount: Any = 100, day: date = DAY, documents: int = 1, name: str = "BT-1") -> BankLine:
    return BankLine(name, day, D(amount), documents)


def of(records: list[Record], movements: list[Movement], accounts: dict[str, Account] = ACCOUNTS) -> list[Estimate]:
    return estimates(records, movements, accounts, TODAY)


def codes(found: list[Estimate]) -> list[str]:
    return [each.code or each.state for each in found]


def test_one_movement_that_is_one_record_is_ready() -> None:
    assert codes(of([record()], [movement()])) == [READY]
    assert codes(of([record()], [movement(lines=(line(),))])) == [READY]
    # What a foreign payment moves at the bank is not always shown in Xero's answer: the document says it.
    (found,) = of([record(amount=None)], [movement(amount="151.20")])
    assert (found.state, found.record.amount) == (READY, D("151.20"))


def test_where_xero_has_no_line_nothing_is_said() -> None:
    assert codes(of([record(account="clearing")], [])) == [NO_LINE]
    here = {"aa-1": Account("AA-1", "Business Account", feed=FEED_HERE, mapped=("Bank - X",), own="Bank - X")}
    no_bank = {"aa-1": Account("AA-1", "Card Clearing", bank=False, mapped=("Bank - X",), own="Bank - X")}
    assert codes(of([record()], [movement()], here)) == codes(of([record()], [movement()], no_bank)) == [NO_LINE]


def test_it_is_in_another_account_than_its_money() -> None:
    other = {**ACCOUNTS, "bb-2": Account("BB-2", "Savings", "NZD", mapped=("Savings - X",), own="Savings - X")}
    (found,) = of([record(account="bb-2")], [movement()], other)
    assert (found.code, found.state) == (reasons.OTHER_ACCOUNT, NOT_READY) and "Savings" in found.reason and found.fix
    default = {"aa-1": Account("AA-1", "Business Account", default=True)}
    (found,) = of([record()], [movement(host="Petty - X", account="")], default)
    assert found.code == reasons.DEFAULT_ACCOUNT and "Petty - X" in found.fix
    # A summary of cash moves nothing in the ledger itself.
    both = {"aa-1": Account("AA-1", "Business Account", mapped=("Bank - X",), own="Bank - X", default=True)}
    assert codes(of([record()], [], both)) == [READY] and codes(of([record()], [], default)) == [reasons.DEFAULT_ACCOUNT]


def test_cards_that_stand_for_the_bank_account_itself() -> None:
    shared = {"aa-1": Account("AA-1", "Business Account", mapped=("Bank - X", "Cards - X"), own="Bank - X")}
    (found,) = of([record()], [movement(host="Cards - X")], shared)
    assert found.code == reasons.NOT_THE_BANKS_OWN and "transfer" in found.fix
    assert codes(of([record()], [movement()], shared)) == [READY]


def test_one_movement_that_is_several_records() -> None:
    both = [record(key="a", amount=60), record(key="b", amount=40)]
    found = of(both, [movement()])
    assert codes(found) == [reasons.SEVERAL_RECORDS] * 2 and "100.00" in found[0].fix and "2" in found[0].reason
    assert codes(of(both, [movement(lines=(line(),))])) == [reasons.SEVERAL_RECORDS] * 2
    # The bank shows them apart, as a fee on top often is.
    apart = (line(60, name="BT-1"), line(40, name="BT-2"))
    assert codes(of(both, [movement(lines=apart)])) == [READY] * 2


def test_a_line_that_is_several_documents_and_a_document_that_is_several_lines() -> None:
    assert codes(of([record()], [movement(lines=(line(250, documents=3),))])) == [reasons.SEVERAL_IN_LINE]
    assert codes(of([record()], [movement(lines=(line(60), line(40, name="BT-2")))])) == [reasons.SEVERAL_LINES]


def test_the_amount_of_the_bank() -> None:
    (found,) = of([record()], [movement(lines=(line("97.10"),))])
    assert found.code == reasons.OTHER_AMOUNT and "97.10" in found.reason
    assert codes(of([record(amount=99)], [movement()])) == [reasons.OTHER_AMOUNT], "it was changed in Xero"


def test_the_day_of_the_bank() -> None:
    assert codes(of([record(day=DAY + timedelta(days=1))], [movement(lines=(line(),))])) == [reasons.AFTER_LINE]
    assert codes(of([record(day=DAY - timedelta(days=9))], [movement(lines=(line(),))])) == [READY]
    assert codes(of([record(day=TODAY + timedelta(days=1))], [movement()])) == [reasons.IN_FUTURE]
    assert codes(of([record(day=TODAY)], [movement()])) == [READY]


@pytest.mark.parametrize(
    ("apart", "contact", "code"),
    [(0, "contact of PE-1", reasons.SAME_AMOUNT), (0, "another", READY), (2, "another", reasons.SAME_AMOUNT), (4, "contact of PE-1", READY), (0, "", reasons.SAME_AMOUNT)],
    ids=["same day and contact", "the contact tells them apart", "the day may be the other's", "too far apart", "contact not known"],
)  # fmt: skip
def test_the_same_amount_twice(apart: int, contact: str, code: str) -> None:
    second = record("PE-2", day=DAY + timedelta(days=apart), contact=contact)
    found = of([record(), second], [movement(), movement("PE-2", day=second.day or DAY)])
    assert codes(found) == [code] * 2
    # Money out is no money in.
    assert codes(of([record(), record("PE-2", amount=-100)], [movement(), movement("PE-2", amount=-100)])) == [READY] * 2


def test_without_the_banks_reference_there_is_nothing_to_compare() -> None:
    twins = [record(reference=""), record("PE-2", contact="contact of PE-1")]
    found = of(twins, [movement(), movement("PE-2")])
    assert codes(found) == [reasons.NO_REFERENCE, reasons.SAME_AMOUNT]
    assert "PE-2" in found[0].reason and "Reference No" in found[0].fix and "REF 1" in found[1].fix


def test_the_line_tells_them_apart_by_its_day() -> None:
    second = record("PE-2", day=DAY + timedelta(days=2))
    moved = [movement(lines=(line(),)), movement("PE-2", day=second.day or DAY, lines=(line(day=DAY + timedelta(days=2), name="BT-2"),))]
    assert codes(of([record(), second], moved)) == [READY] * 2
    # The bank's days are the other way round.
    late = [movement(lines=(line(day=DAY + timedelta(days=2)),)), movement("PE-2", day=second.day or DAY)]
    assert codes(of([record(), second], late)) == [reasons.SAME_AMOUNT] * 2


def test_every_reason_has_a_short_sentence_and_a_fix() -> None:
    named = {
        value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str) and name not in ("READY", "NOT_READY")
    }
    assert named == set(reasons.IN_SHORT) and all(says and fix for says, fix in reasons.IN_SHORT.values())


def test_twenty_thousand_of_one_amount_are_looked_at_once_each() -> None:
    many = [record(f"PE-{at}", day=DAY - timedelta(days=at % 300)) for at in range(20_000)]
    moved = [movement(each.who[1], day=each.day or DAY) for each in many]
    began = time.process_time()
    found = of(many, moved)
    assert len(found) == 20_000 and {each.code for each in found} == {reasons.SAME_AMOUNT}
    assert time.process_time() - began < 20
