"""What settles an opening document, by when it is dated, when it was matched and what the document's record in Xero has: what is taken off there already is never
taken off again, and the rest is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.as_opening import OWED_ROWS, OWED_SENT, OWED_SINCE, OwedRow
from picortex_xero.documents.decisions import Ask, Decision, Hold, Overtaken
from picortex_xero.documents.settlement.advances import AdvanceTaken
from picortex_xero.documents.settlement.payment_steps import Paying
from picortex_xero.documents.settlement.taken_off import Balance, balance
from tests.documents.invoice.scene import named
from tests.documents.scene import Scene
from tests.documents.settlement.scene import PaymentScene, debt, paying

D = Decimal
SINCE, ENTERED, BEFORE, LATER = "2026-10-01", "2026-10-20 09:00:00.000000", "2026-09-10 00:00:00.000000", "2026-11-02 00:00:00.000000"
OWN, OTHER = ("Payment Entry", "PAY-1"), ("Payment Entry", "PAY-0")
Rows = list[tuple[tuple[str, str], float, str]]


def owed(*rows: tuple[tuple[str, str], float, str], dated: str = "2026-09-10", **changes: Any) -> dict[str, Any]:
    """An invoice of 115 of which an opening document was made; `rows` are what settles it from before its day, as the Payment Ledger has them now."""
    doc = debt(**changes)
    own = OwedRow(named(doc), D(-115), BEFORE, "2026-08-01")
    return {**doc, OWED_SINCE: SINCE, OWED_ROWS: (own, *(OwedRow(by, D(str(amount)), at, dated) for by, amount, at in rows))}


def scene_of(head: dict[str, Any], total: float) -> PaymentScene:
    """It is in Xero with this total."""
    scene = PaymentScene(head)
    scene.link(head, "invoice", "i-SINV-1", "Invoices", total=D(str(total)), created=ENTERED)
    return scene


def outcome(found: Any) -> Any:
    """What is allocated or paid, the amount that is said to be taken off, "cannot tell", or that nothing is left to do."""
    match found:
        case AdvanceTaken():
            return found.amount
        case Paying():
            return sum(leg.amount for leg in found.legs)
        case Decision(Hold((problem,))) if problem.code == "in-opening-balance":
            return "cannot tell" if "cannot be told" in problem.message else "taken off"
        case Decision(Overtaken()):
            return "nothing to do"
    raise AssertionError(found)


# Of what PAY-1 settles of SINV-1 (allocated), how its rows and those of others stand (by whom, how much, written when), and with what total SINV-1 went to Xero: what becomes of
# the allocation of an advance that is in Xero, and of one that an import has just brought, and of a plain payment of that amount.
TABLE: list[tuple[str, float, Rows, float, Any, Any, Any]] = [
    ("dated after the day, matched whenever", 50, [], 115, 50, 50, 50),
    ("dated before, matched before: all of it is in the balance", 50, [(OWN, 50, BEFORE)], 65, "nothing to do", "taken off", "taken off"),
    ("dated before, matched after", 50, [(OWN, 50, LATER)], 115, 50, 50, 50),
    ("entered late with a date before", 50, [(OTHER, 20, BEFORE), (OWN, 50, LATER)], 95, 50, 50, 50),
    ("matched before, and again for more: ERPNext writes all its rows anew", 80, [(OWN, 80, LATER)], 65, 30, 30, "taken off"),
    ("the same beside what was there and is", 80, [(OTHER, 20, BEFORE), (OWN, 80, LATER)], 45, 30, 30, "taken off"),
    ("matched before; another one was matched after", 50, [(OWN, 50, BEFORE), (OTHER, 20, LATER)], 65, "nothing to do", "taken off", "taken off"),
    ("both written anew, of which one was there", 50, [(OTHER, 20, LATER), (OWN, 50, LATER)], 95, "cannot tell", "cannot tell", "cannot tell"),
    ("both written anew, both were there", 50, [(OTHER, 20, LATER), (OWN, 50, LATER)], 45, "nothing to do", "taken off", "taken off"),
    ("taken off and matched again", 50, [(OWN, 50, LATER)], 65, "nothing to do", "taken off", "taken off"),
    ("what was there is gone, and less was matched since", 50, [(OWN, 50, LATER)], 45, "cannot tell", "cannot tell", "cannot tell"),
    ("the link is younger than the rows, as after a reinstall", 50, [(OTHER, 20, BEFORE), (OWN, 50, BEFORE)], 95, "cannot tell", "cannot tell", "cannot tell"),
    ("Xero had it with its whole amount", 115, [(OWN, 115, BEFORE)], 115, 115, 115, 115),
]  # fmt: skip


@pytest.mark.parametrize(
    ("allocated", "rows", "total", "advance", "of_import", "payment"), [each[1:] for each in TABLE], ids=[each[0] for each in TABLE]
)
def test_what_is_in_the_balance_is_not_taken_off_again(
    allocated: float, rows: Rows, total: float, advance: Any, of_import: Any, payment: Any
) -> None:
    doc = {**paying(allocated, posting_date="2026-09-10"), "paid_amount": 165.0, "received_amount": 165.0}
    for history, expected in (("", advance), ("HR-1", of_import)):
        scene = scene_of(owed(*rows), total)
        scene.own(doc, "payment", state="Synced")
        scene.link(doc, "payment", "o1", "Overpayments")
        assert outcome(scene.becomes(doc, "allocation-1", history=history)) == expected, history
    plain = paying(allocated, posting_date="2026-09-10")
    assert outcome(scene_of(owed(*rows), total).becomes(plain)) == payment


def test_an_invoice_of_its_own_is_paid_whatever_the_dates() -> None:
    scene, doc = PaymentScene(debts=(debt(),)), {**paying(50.0, posting_date="2020-01-01"), "paid_amount": 165.0, "received_amount": 165.0}
    scene.link(doc, "payment", "o1", "Overpayments")
    assert outcome(scene.becomes(doc, "allocation-1")) == 50
    assert outcome(PaymentScene(debts=(debt(),)).becomes(paying(50.0, posting_date="2020-01-01"))) == 50


@pytest.mark.parametrize(
    ("allocated", "there", "expected"),
    [
        # 50 are in the balance, 30 were matched since and are allocated: unreconciled, they are taken off, and nothing else.
        (80, 30, []),
        (50, 30, ["undo-allocation-1", "allocation-2"]),
        (100, 30, ["allocation-2"]),
        # In the balance, and not allocated in Xero: nothing is asked for, however often it is looked at.
        (50, 0, []),
    ],
)
def test_a_look_at_an_advance_counts_only_what_came_on_top(allocated: float, there: float, expected: list[str]) -> None:
    doc = {**paying(allocated, posting_date="2026-09-10"), "paid_amount": 165.0, "received_amount": 165.0}
    head = owed((OWN, allocated, LATER))
    scene = Scene(head, doc)
    scene.link(head, "invoice", "i-SINV-1", "Invoices", total=D(65), created=ENTERED)
    scene.link(doc, "payment", "o1", "Overpayments", fingerprint="another")
    scene.step(doc, "allocation-1", "Synced")
    if there:
        scene.link(
            doc,
            "allocation",
            "a1",
            "Overpayments/o1/Allocations",
            marker={"InvoiceID": "i-SINV-1", "Amount": str(there)},
            fingerprint="another",
        )
    found = scene.decided(doc, "recheck-1")
    assert isinstance(found, Decision)
    assert [each.role for each in found.effects if isinstance(each, Ask)] == expected


def test_in_another_currency_a_cent_of_the_invoice_is_no_difference() -> None:
    head = owed((OWN, 100.0, BEFORE), currency="USD", conversion_rate=1.5, party_account_currency="NZD")
    head[OWED_ROWS] = (OwedRow(named(head), D("-172.50"), BEFORE, "2026-08-01"), *head[OWED_ROWS][1:])
    link = PaymentScene(head).link(head, "invoice", "i1", "Invoices", total=D("48.33"), created=ENTERED)
    known = balance(head, link)
    assert known and (known.of(OWN), known.missing) == (100, 0)


@pytest.mark.parametrize(
    ("rows", "expected"), [([(OWN, 50, BEFORE)], 0), ([], 50), ([(OTHER, 20, LATER)], 30), ([(OWN, 50, BEFORE), (OTHER, 20, LATER)], 0)]
)
def test_what_is_owed_again_is_known(rows: Rows, expected: int) -> None:
    head = owed(*rows)
    known = balance(head, PaymentScene(head).link(head, "invoice", "i1", "Invoices", total=D(65), created=ENTERED))
    assert isinstance(known, Balance) and known.missing == expected


@pytest.mark.parametrize(("dated", "at", "expected"), [("2026-10-12", BEFORE, 50), ("2026-10-12", LATER, 0), ("2026-09-10", BEFORE, 50)])
def test_a_go_live_date_that_was_moved_back_takes_nothing_out_of_the_balance(dated: str, at: str, expected: int) -> None:
    """It went with what was owed at a later go-live date: what was taken off for that is not paid, and nothing of it is owed again."""
    head = owed((OWN, 50, at), dated=dated, is_opening="Yes")
    known = balance(head, PaymentScene(head).link(head, "invoice", "i1", "Invoices", total=D(65), created=ENTERED))
    assert known and (known.of(OWN), known.missing) == (expected, 0 if expected else 50)


def test_what_is_in_xero_beside_the_record_is_no_part_of_it() -> None:
    """50 in the record and 30 on top by the same advance; unreconciled, the 30 rows that are left are those that Xero has."""
    link = PaymentScene(debt()).link(debt(), "invoice", "i1", "Invoices", total=D(65), created=ENTERED)
    for allocated, sent, of_it, missing in ((80, 30, 50, 0), (30, 30, None, 50), (50, 0, 50, 0)):
        known = balance({**owed((OWN, allocated, LATER)), OWED_SENT: {OWN: D(sent)}}, link)
        assert known and (known.of(OWN), known.missing) == (of_it, missing), allocated
    # Another one whose amount Xero has beside the record is none that may be in it.
    known = balance({**owed((OWN, 50, LATER), (OTHER, 20, LATER)), OWED_SENT: {OTHER: D(20)}}, link)
    assert known and (known.of(OWN), known.missing) == (50, 0)
