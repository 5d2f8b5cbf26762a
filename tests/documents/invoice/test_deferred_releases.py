"""Monthly releases of deferred revenue and expense: read from the recorded ledgers, made into journals, compared with what was sent
before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.invoice.deferred import BOOKED_BY, Standing, amount, compare, released
from picortex_xero.documents.invoice.release import recipe, release
from tests.scene.recorded_cases import ledgers, mapped, submitted

D = Decimal
SITE = "https://erp.kauri.example"


def last_ledger(case: str) -> list[dict]:
    return list(ledgers(case))[-1][1]


@pytest.mark.parametrize(
    ("case", "months"),
    [
        ("deferred-revenue", {"2026-10-31": "404.35", "2026-11-30": "391.30"}),
        ("deferred-expense", {"2026-10-31": "303.26", "2026-11-30": "293.48"}),
    ],
)
def test_the_ledger_shows_a_release_a_month(case: str, months: dict[str, str]) -> None:
    found = released(last_ledger(case))
    assert {date: amount(rows) for date, rows in found.items()} == {date: D(due) for date, due in months.items()}
    assert released(submitted(case)[0][1]) == {}, "the invoice's own rows are no release"


@pytest.mark.parametrize(
    ("case", "lines", "narration"),
    [
        (
            "deferred-revenue",
            {"Deferred Revenue - KO": D("404.35"), "Sales - KO": D("-404.35")},
            "KO-SI-00108 Deferred revenue released on 2026-10-31",
        ),
        (
            "deferred-expense",
            {"Prepayments - KO": D("-303.26"), "Administrative Expenses - KO": D("303.26")},
            "KO-PI-00054 Deferred expense released on 2026-10-31",
        ),
    ],
)
def test_a_release_is_a_journal_as_the_ledger_booked_it(case: str, lines: dict[str, Decimal], narration: str) -> None:
    doc = submitted(case)[0][0]
    rows = released(last_ledger(case))["2026-10-31"]
    made = release(doc, "2026-10-31", rows, mapped(case), SITE, "k1", "release-1")
    assert {line["AccountCode"]: line["LineAmount"] for line in made.body["JournalLines"]} == lines
    assert (made.body["Narration"], made.body["Date"], made.body["Status"]) == (narration, "2026-10-31", "POSTED")
    assert made.body["LineAmountTypes"] == "NoTax" and made.marker == {"Url": made.body["Url"]}
    other = release(doc, "2026-10-31", rows, mapped(case), SITE, "k1", "release-2")
    assert other.marker != made.marker, "two releases of one invoice are told apart by their address"
    for account, moved in lines.items():
        assert f"{account} {moved}" in recipe(rows)


def test_an_organisation_on_cash_basis_sees_releases_in_no_cash_report() -> None:
    doc, rows = submitted("deferred-revenue")[0][0], released(last_ledger("deferred-revenue"))["2026-10-31"]
    said = [
        release(doc, "2026-10-31", rows, mapped("deferred-revenue", cash_basis=cash), SITE, "k1", "release-1").body
        for cash in (True, False)
    ]
    assert [body.get("ShowOnCashBasisReports") for body in said] == [False, None]


def test_without_an_address_narration_and_date_are_the_marker() -> None:
    doc, rows = submitted("deferred-revenue")[0][0], released(last_ledger("deferred-revenue"))["2026-10-31"]
    made = release(doc, "2026-10-31", rows, mapped("deferred-revenue"), "", "k1", "release-1")
    assert made.marker == {"Narration": made.body["Narration"], "Date": "2026-10-31"}


def test_a_release_says_all_that_is_missing() -> None:
    doc, rows = submitted("deferred-revenue")[0][0], released(last_ledger("deferred-revenue"))["2026-10-31"]
    with pytest.raises(Refused) as refused:
        release(doc, "2026-10-31", rows[:1], mapped("deferred-revenue", accounts={}), SITE, "k1", "release-1")
    assert [problem.code for problem in refused.value.problems] == ["account-unmapped", "journal-unbalanced"]


def row(date: str, account: str, debit: float = 0.0, credit: float = 0.0) -> dict:
    return {"posting_date": date, "account": account, "debit": debit, "credit": credit, "against_voucher_type": BOOKED_BY}


OCTOBER = [row("2026-10-31", "Deferred", 100.0), row("2026-10-31", "Sales", credit=100.0)]
NOVEMBER = [row("2026-11-30", "Deferred", 80.0), row("2026-11-30", "Sales", credit=80.0)]
SENT = Standing("release-1", "2026-10-31", D(100))


@pytest.mark.parametrize(
    ("ledger", "standing", "missing", "surplus"),
    [
        ([*OCTOBER, *NOVEMBER], [], {"2026-10-31": D(100), "2026-11-30": D(80)}, []),
        ([*OCTOBER, *NOVEMBER], [SENT], {"2026-11-30": D(80)}, []),
        (OCTOBER, [SENT], {}, []),
        # Taken back: its Process Deferred Accounting was cancelled.
        (NOVEMBER, [SENT], {"2026-11-30": D(80)}, ["release-1"]),
        ([], [SENT], {}, ["release-1"]),
        # More of the same date came later: the date is entered again.
        ([*OCTOBER, *OCTOBER], [SENT], {"2026-10-31": D(200)}, ["release-1"]),
        # Two steps of one date, of which one is too many.
        (OCTOBER, [SENT, Standing("release-2", "2026-10-31", D(100))], {}, ["release-1"]),
        # Rows that cancel out are no release.
        ([*OCTOBER, row("2026-10-31", "Deferred", credit=100.0), row("2026-10-31", "Sales", 100.0)], [], {}, []),
    ],
)
def test_the_ledger_is_compared_with_what_was_sent(ledger, standing, missing, surplus) -> None:
    assert compare(ledger, standing) == (missing, surplus)
