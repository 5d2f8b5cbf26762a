"""The trial balance at a date is what the organisation's own records come to, and adds up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.xero.process import RunningXero
from tests.scene.xero_client import Client

D = Decimal
BANK = {"Code": "090"}
REPORT = "Reports/TrialBalance"


def balances(api: Client, date: str) -> dict[str, Decimal]:
    """By account code what the YTD pair shows, debit positive; its columns add up to the same."""
    sections = api.get(f"{REPORT}?date={date}").json()["Reports"][0]["Rows"][1:]
    rows = [row for section in sections for row in section["Rows"]]
    held, columns = {}, [D(0)] * 4
    for row in rows:
        figures = [D(str(cell["Value"] or 0)) for cell in row["Cells"][1:]]
        if row["RowType"] == "SummaryRow":
            assert figures == columns and figures[0] == figures[1] and figures[2] == figures[3]
            continue
        columns = [former + own for former, own in zip(columns, figures)]
        held[row["Cells"][0]["Value"].rpartition("(")[2].rstrip(")")] = figures[2] - figures[3]
    return held


def test_what_was_booked_until_a_day(api: Client, xero: RunningXero) -> None:
    xero.person("set_conversion", Date="2026-03-31", Balances={"610": "200.00", "800": "-80.00", "090": "1000.00"})
    who = api.contact()
    sold = api.made("Invoices", api.invoice(who, "A-1"))
    draft = api.made("Invoices", {**api.invoice(who, "A-2"), "Status": "DRAFT"})
    assert draft["Status"] == "DRAFT"
    total, tax = D(str(sold["Total"])), D(str(sold["TotalTax"]))
    payment = {"Invoice": {"InvoiceID": sold["InvoiceID"]}, "Account": BANK, "Date": "2026-10-20", "Amount": 15}
    api.made("Payments", payment)
    day = sold["DateString"][:10]
    assert balances(api, "2026-03-30") == {}
    assert balances(api, "2026-03-31") == {"610": D(200), "800": D(-80), "090": D(1000), "840": D(-1120)}
    sales = sold["LineItems"][0]["AccountCode"]
    assert balances(api, day) == {"610": 200 + total, "800": D(-80), "090": D(1000), "840": D(-1120), sales: tax - total, "820": -tax}
    later = balances(api, "2026-12-31")
    assert (later["610"], later["090"]) == (200 + total - 15, D(1015))
    # In the next financial year the year's sales are retained earnings.
    after = balances(api, "2027-04-01")
    assert sales not in after and after["960"] == tax - total


@pytest.mark.parametrize("type_", ["SPEND", "RECEIVE", "RECEIVE-OVERPAYMENT", "SPEND-PREPAYMENT"])
def test_money_and_journals(api: Client, type_: str) -> None:
    who = api.contact()
    line = {"Description": "x", "LineAmount": 57.5, **({} if "OVER" in type_ else {"AccountCode": "429", "Quantity": 1, "UnitAmount": 57.5})}
    element = {"Type": type_, "Contact": {"ContactID": who}, "BankAccount": BANK, "Date": "2026-05-05", "LineItems": [line]}
    made = api.made("BankTransactions", element)
    held, sign = balances(api, "2026-05-05"), 1 if type_.startswith("RECEIVE") else -1
    assert held["090"] == sign * D(str(made["Total"])) and balances(api, "2026-05-04") == {}
    if "PAYMENT" in type_:
        assert held["610" if sign == 1 else "800"] == -held["090"]
    journal = {
        "Narration": "n", "Date": "2026-05-06", "Status": "POSTED",
        "JournalLines": [{"AccountCode": "429", "LineAmount": 10}, {"AccountCode": "404", "LineAmount": -10}],
    }  # fmt: skip
    api.made("ManualJournals", journal)
    assert balances(api, "2026-05-06")["404"] == -10


@pytest.mark.wrong_requests
def test_a_report_needs_its_scope_and_a_user_who_may_see_reports(api: Client, xero: RunningXero) -> None:
    lacks = Client(xero, scope="accounting.settings.read accounting.reports.balancesheet.read")
    refused = lacks.get(f"{REPORT}?date=2026-05-05")
    assert refused.status_code == 401 and "insufficient_scope" in refused.headers["WWW-Authenticate"]
