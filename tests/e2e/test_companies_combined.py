"""Several companies in one currency: every figure is what the ledgers of random organisations come to at the rates, added up here and not by the app; what is missing is said; who may not see a company sees nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from sandbox.host.site import add_user, open_site
from sandbox.rig import Rig
from sandbox.xero import balances
from tests.scene.books_in_process import Books, random_books

CENT = Decimal("0.01")
TODAY, FIRST, LAST = date(2026, 11, 29), date(2026, 7, 1), date(2026, 10, 31)
INCOME, COSTS, ASSETS, DEBTS, EQUITY = "REVENUE", "EXPENSE", "ASSET", "LIABILITY", "EQUITY"
SEEDS = [(1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12)]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@pytest.fixture
def frappe(unconnected: Rig) -> Iterator[Any]:
    with unconnected.frappe() as host:
        yield host


def company(frappe: Any, name: str, books: Books, read: bool = True) -> str:
    """A company connected to an organisation of which both statements were read."""
    from picortex_xero.engine.standard_columns import standard

    org = books.org
    connection = {"name": f"of {name}", "company": name, "state": "Live", "base_currency": org.currency, "read_reports": 1}
    lists = {
        "accounts": [
            {"AccountID": each["AccountID"], "Class": each["Class"], "Type": each["Type"], "Name": each["Name"], "Code": each.get("Code")}
            for each in org.accounts.values()
        ],
        "tracking": [],
        "organisation": [{"FinancialYearEndMonth": org.year_end[0], "FinancialYearEndDay": org.year_end[1]}],
    }
    state = {"name": f"of {name}", "connection": f"of {name}", "company": name, "lists_read_at": "2026-11-01 00:00:00"}
    for doctype, row in (
        ("Company", {"name": name, "company_name": name, "default_currency": org.currency}),
        ("Xero Connection", {**connection, "authorisation": "x"}),
        ("Xero Connection State", {**state, "xero_lists": json.dumps(lists, default=str)}),
    ):
        values = {**standard(), **row}
        frappe.db.bulk_insert(doctype, list(values), [tuple(values.values())])
    if read:
        read_both(books, name)
    return name


def read_both(books: Books, name: str) -> None:
    from picortex_xero.reporting import snapshots
    from picortex_xero.reports import reading
    from picortex_xero.reports.asked import by_months
    from picortex_xero.reports.kinds import BALANCE_SHEET, PROFIT_AND_LOSS

    for kind in (PROFIT_AND_LOSS, BALANCE_SHEET):
        for asked in by_months(kind, date(2025, 1, 1), date(2026, 12, 31)):
            statement = reading.read(asked, books.ask(asked.path))
            snapshots.write_statement(f"of {name}", name, books.org.currency, asked, statement)


def rate(frappe: Any, of: str, to: str, day: str, value: str) -> None:
    frappe.get_doc(
        {
            "doctype": "Currency Exchange",
            "from_currency": of,
            "to_currency": to,
            "date": day,
            "exchange_rate": value,
            "name": f"{day}-{of}-{to}",
        }
    ).insert()


def drawn(frappe: Any, **filters: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str, Any]:
    import importlib

    report = importlib.import_module("picortex_xero.picortex_xero.report.xero_companies_combined.xero_companies_combined")
    days = {"from_date": str(FIRST), "to_date": str(LAST)}
    found: tuple[list[dict[str, Any]], list[dict[str, Any]], str, Any] = report.execute({"currency": "GBP", **days, **filters})
    return found


def ledger(books: Books, first: date, last: date) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in balances.postings(books.org, date(2030, 1, 1)):
        if first <= row.day <= last:
            found[row.account] = found.get(row.account, Decimal(0)) + row.amount
    return found


def of_class(books: Books, sums: dict[str, Decimal], *classes: str) -> dict[str, Decimal]:
    """By account's name, with the sign that Xero shows."""
    found: dict[str, Decimal] = {}
    for account, amount in sums.items():
        known = books.org.accounts[account]
        if known["Class"] in classes and amount:
            shown = amount if known["Class"] in (ASSETS, COSTS) else -amount
            found[known["Name"]] = found.get(known["Name"], Decimal(0)) + shown
    return found


def year_begins(books: Books, last: date) -> date:
    month, day = books.org.year_end
    ends = [date(year, month, day) for year in (last.year - 1, last.year)]
    return max(each for each in ends if each < last) + timedelta(days=1)


def column(rows: list[dict[str, Any]], field: str) -> dict[str, Decimal]:
    return {row["title"]: row[field] for row in rows if row["indent"] and row.get(field) is not None}


HEADINGS = ("Income", "Expenses", "Assets", "Liabilities", "Equity", "How this was made")


def bold(rows: list[dict[str, Any]], field: str) -> list[Decimal | None]:
    """What the totals come to, one after the other; a heading has nothing there."""
    return [row[field] for row in rows if row["bold"] and row["title"] not in HEADINGS]


def three(frappe: Any, seeds: tuple[int, ...]) -> list[tuple[str, Books, Decimal, Decimal]]:
    """Companies with their rate of the period, and that of its last day."""
    found = []
    for seed in seeds:
        books = random_books(seed)
        own = books.org.currency
        name = company(frappe, f"Company {seed}", books)
        found.append((name, books, *((Decimal(1), Decimal(1)) if own == "GBP" else (Decimal("0.49"), Decimal("0.52")))))
    # July to October has 123 days: 0.48 on the first 41, 0.495 on the others, and 0.52 on the last.
    for day, value in (("2026-06-15", "0.48"), ("2026-08-11", "0.495"), ("2026-10-31", "0.52")):
        rate(frappe, "NZD", "GBP", day, value)
    return found


@pytest.mark.parametrize("seeds", SEEDS)
def test_profit_and_loss_at_the_average_of_the_days(frappe: Any, seeds: tuple[int, ...]) -> None:
    of = three(frappe, seeds)
    average = ((41 * Decimal("0.48") + 81 * Decimal("0.495") + Decimal("0.52")) / 123).quantize(Decimal("0.000000001"), ROUND_HALF_UP)
    columns, rows, said, chart = drawn(frappe, companies=[each[0] for each in of])
    together: dict[str, Decimal] = {}
    nets = []
    for at, (name, books, one, _closing) in enumerate(of):
        taken = one if one == 1 else average
        sums = ledger(books, FIRST, LAST)
        expected = {title: cents(amount * taken) for title, amount in of_class(books, sums, INCOME, COSTS).items()}
        assert column(rows, f"c{at}") == expected
        income = sum((cents(amount * taken) for amount in of_class(books, sums, INCOME).values()), Decimal(0))
        costs = sum((cents(amount * taken) for amount in of_class(books, sums, COSTS).values()), Decimal(0))
        assert bold(rows, f"c{at}") == [income, costs, income - costs]
        nets.append(income - costs)
        for title, amount in expected.items():
            together[title] = together.get(title, Decimal(0)) + amount
        assert (f"{name}: 1 NZD is" in " ".join(row["title"] for row in rows)) == (one != 1)
    assert column(rows, "together") == together and bold(rows, "together")[-1] == sum(nets)
    assert [each["values"] for each in chart["data"]["datasets"]][2] == nets
    notes = " ".join(row["title"] for row in rows)
    assert "nothing eliminated" in said and "nothing eliminated" in notes and all("As of" in said for _ in of)
    if any(one != 1 for _name, _books, one, _closing in of):
        assert f"{average.normalize():f} GBP on average of the days from 2026-07-01 to 2026-10-31 (3 rates" in notes
    assert [each["fieldname"] for each in columns] == ["title", "c0", "c1", "c2", "together"]


@pytest.mark.parametrize("seeds", SEEDS)
def test_balance_sheet_at_the_rate_of_its_day_with_the_difference_on_a_line_of_its_own(frappe: Any, seeds: tuple[int, ...]) -> None:
    of = three(frappe, seeds)
    _columns, rows, _said, _chart = drawn(frappe, companies=[each[0] for each in of], statement="Balance Sheet")
    lines = {row["title"]: row for row in rows}
    differences = []
    for at, (_name, books, one, closing) in enumerate(of):
        sums, begins = ledger(books, date.min, LAST), year_begins(books, LAST)
        retained = next(each["Name"] for each in books.org.accounts.values() if each.get("SystemAccount") == "RETAINEDEARNINGS")
        before = ledger(books, date.min, begins - timedelta(days=1))
        result = -sum(
            (amount for key, amount in ledger(books, begins, LAST).items() if books.org.accounts[key]["Class"] in (INCOME, COSTS)),
            Decimal(0),
        )
        former = -sum((amount for key, amount in before.items() if books.org.accounts[key]["Class"] in (INCOME, COSTS)), Decimal(0))
        equity = of_class(books, sums, EQUITY)
        equity[retained] = equity.get(retained, Decimal(0)) + former
        expected = {**of_class(books, sums, ASSETS, DEBTS), **{title: amount for title, amount in equity.items() if amount}}
        mine = column(rows, f"c{at}")
        assert {title: mine[title] for title in expected} == {title: cents(amount * closing) for title, amount in expected.items()}
        assert set(mine) == set(expected) | {"Result of the financial year so far", "Translation difference"}
        shown = lines["Result of the financial year so far"][f"c{at}"]
        average = shown_average(begins) if one != 1 else Decimal(1)
        assert shown == cents(result * average)
        assets, debts, net, whole = bold(rows, f"c{at}")
        assert assets is not None and debts is not None and net == assets - debts == whole
        assert (
            sum((cents(amount * closing) for amount in equity.values()), Decimal(0)) + shown + lines["Translation difference"][f"c{at}"]
            == net
        )
        if one == 1:
            assert lines["Translation difference"][f"c{at}"] == 0, "in its own currency there is none"
        differences.append(lines["Translation difference"][f"c{at}"])
    assert lines["Translation difference"]["together"] == sum(differences)
    assert "equity too" in " ".join(lines)


def shown_average(begins: date) -> Decimal:
    """Day by day from the year's beginning, by the rates of `three`."""
    entered = [(date(2026, 6, 15), Decimal("0.48")), (date(2026, 8, 11), Decimal("0.495")), (date(2026, 10, 31), Decimal("0.52"))]
    by_day = []
    for number in range((LAST - begins).days + 1):
        held = [value for since, value in entered if since <= begins + timedelta(days=number)]
        by_day += held[-1:]
    return (sum(by_day, Decimal(0)) / len(by_day)).quantize(Decimal("0.000000001"), ROUND_HALF_UP)


def test_what_is_missing_is_said_and_is_neither_one_nor_zero(frappe: Any) -> None:
    ours, theirs = Books("UK", "GBP", "Ours"), Books("NZ", "NZD", "Theirs")
    sale = {"Type": "ACCREC", "Status": "AUTHORISED", "Date": "2026-08-01", "DueDate": "2026-08-31", "LineAmountTypes": "NoTax"}
    for books in (ours, theirs):
        contact = {"ContactID": books.made("Contacts", {"Name": "Somebody"})["ContactID"]}
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
        books.made("Invoices", {**sale, "Contact": contact, "LineItems": [line]})
    names = [company(frappe, "Ours", ours), company(frappe, "Theirs", theirs)]
    for statement in ("Profit and Loss", "Balance Sheet"):
        _columns, rows, said, chart = drawn(frappe, companies=names, statement=statement)
        assert "no exchange rate from NZD to GBP" in said and "enter a Currency Exchange" in said and not chart
        assert "no figure for all together without Theirs" in said
        assert 100 in column(rows, "c0").values() and column(rows, "c1") == {} and column(rows, "together") == {}
        assert {*bold(rows, "c1"), *bold(rows, "together")} == {None}
    # Entered the other way round it counts; a rate of a later day does not.
    rate(frappe, "GBP", "NZD", "2026-11-05", "2")
    assert "no exchange rate from NZD to GBP until 2026-10-31" in drawn(frappe, companies=names)[2]
    rate(frappe, "GBP", "NZD", "2026-10-12", "2")
    _columns, rows, said, _chart = drawn(frappe, companies=names)
    assert column(rows, "together") == {"Sales": Decimal("150.00")}, "one line: the same class and name"
    assert "no rate for the days from 2026-07-01" in " ".join(row["title"] for row in rows)
    # A company of which nothing was read, and one whose account is in no list.
    company(frappe, "Third", Books("UK", "GBP", "Third"), read=False)
    _columns, rows, said, _chart = drawn(frappe, companies=[*names, "Third"])
    assert "Third: This was not read from Xero yet" in said and "without Third" in said and column(rows, "together") == {}
    frappe.db.set_value("Xero Connection State", "of Ours", "xero_lists", json.dumps({"accounts": [], "tracking": [], "organisation": []}))
    said = drawn(frappe, companies=names)[2]
    assert "Ours: It names an account that is not in the lists" in said and "without Ours" in said


def test_who_may_not_see_a_company_sees_nothing_of_it(frappe: Any, unconnected: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's own User Permissions are not imitated here: what it answers for a company is what counts, for every one."""
    company(frappe, "Open", Books("UK", "GBP", "Open"))
    company(frappe, "Closed", Books("UK", "GBP", "Closed"))
    frappe.db.commit()
    add_user(unconnected.site, "limited@example.com", ["Xero Auditor"])
    add_user(unconnected.site, "clerk@example.com", ["Accounts User"])
    with open_site(unconnected.site, "limited@example.com") as host:
        real = host.has_permission

        def asked(doctype: str, ptype: str = "read", doc: Any = None, **more: Any) -> Any:
            if doc == "of Closed":
                if more.get("throw"):
                    raise host.PermissionError("not this company")
                return False
            return real(doctype, ptype, doc=doc, **more)

        monkeypatch.setattr(host, "has_permission", asked)
        columns, rows, said, _chart = drawn(host)
        assert [each["label"] for each in columns][1:] == ["Open (GBP)", "Together (GBP)"], "all means all that he may see"
        assert "Closed" not in said + str(rows)
        for chosen in (["Closed"], ["Open", "Closed"], "Open, Closed"):
            with pytest.raises(host.PermissionError):
                drawn(host, companies=chosen)
        for bad in ({"companies": [{"a": 1}]}, {"companies": {"a": 1}}, {"companies": ["Nobody"]}, {"currency": "<b>"}, {"currency": None}):
            with pytest.raises(host.ValidationError):
                drawn(host, **bad)
        monkeypatch.undo()
    with open_site(unconnected.site, "clerk@example.com") as host, pytest.raises(host.PermissionError):
        drawn(host, companies=["Open"])
