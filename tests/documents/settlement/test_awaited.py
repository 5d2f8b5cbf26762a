"""Payments of a bank account that are entered in Xero only are not sent from here: invoices' payments and advances alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from picortex_xero.accounting.mapping import IN_BOTH, ONLY_HERE, ONLY_THERE
from picortex_xero.documents.base import Books
from picortex_xero.documents.decisions import Decision, Hold
from tests.documents.settlement.scene import PaymentScene, chosen_books, debt, held, paying
from tests.scene.documents import payment_entry

pytestmark = pytest.mark.case("F00")

ON_ACCOUNT = payment_entry([], 50.0, docstatus=1, party="Rata Builders", company="Kauri Services", taxes=[], deductions=[])


def entered(where: str, comes_back: bool = True) -> Books:
    books = chosen_books()
    accounts = {name: replace(each, entered=where) for name, each in books.mapping.payment_accounts.items()}
    return replace(books, mapping=replace(books.mapping, payment_accounts=accounts), payments_come_back=comes_back)


@pytest.mark.parametrize("doc", [paying(115.0), ON_ACCOUNT], ids=["payment", "advance"])
def test_it_waits_for_the_one_in_xero(doc: dict[str, object]) -> None:
    scene = PaymentScene(doc, debts=(debt(),))
    decided = scene.becomes(doc, its_books=entered(ONLY_THERE))
    assert held(decided) == ["awaited-from-xero"]
    assert isinstance(decided, Decision) and isinstance(decided.outcome, Hold)
    assert "as soon as Xero's payments are read" in decided.outcome.problems[0].resolution
    stays = scene.becomes(doc, its_books=entered(ONLY_THERE, comes_back=False))
    assert isinstance(stays, Decision) and isinstance(stays.outcome, Hold)
    assert "What Comes Back From Xero" in stays.outcome.problems[0].resolution
    for where in (IN_BOTH, ONLY_HERE):
        found = scene.becomes(doc, its_books=entered(where))
        assert not (isinstance(found, Decision) and isinstance(found.outcome, Hold)), where
