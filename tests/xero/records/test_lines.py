"""Lines as they were sent against lines as Xero shows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.xero.records.lines import Difference, Known, differences, differing_tax_types, sent_lines

NOTHING_KNOWN = Known()
pytestmark = pytest.mark.case("03")
NORTH = {"Name": "Branch", "Option": "North", "TrackingCategoryID": "c-1", "TrackingOptionID": "o-1"}


def line(amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """A line of a request."""
    made = {"Description": "Work", "Quantity": Decimal(1), "UnitAmount": Decimal(amount), "AccountCode": "200", "TaxType": "OUTPUT2"}
    return {name: value for name, value in {**made, **more}.items() if value is not None}


def shown(amount: str = "100.00", **more: Any) -> dict[str, Any]:
    """The same as Xero answers it."""
    made = {"LineAmount": Decimal(amount), "AccountCode": "200", "AccountID": "A-1", "TaxType": "OUTPUT2", "TaxAmount": Decimal(15)}
    return {name: value for name, value in {"Tracking": [], **made, **more}.items() if value is not None}


def compared(ours: list[dict[str, Any]], theirs: Any, known: Known = NOTHING_KNOWN, types: str = "Exclusive") -> list[Difference] | None:
    return differences(sent_lines({"LineAmountTypes": types, "LineItems": ours}, known), {"LineItems": theirs}, types)


@pytest.mark.parametrize(
    ("theirs", "found"),
    [
        (shown(), []),
        (shown(AccountCode=None, AccountID=None), [Difference(1, "AccountCode", "200", "")]),
        (shown(AccountCode="260", AccountID="A-2"), [Difference(1, "AccountCode", "200", "260")]),
        (shown(TaxType="NONE"), [Difference(1, "TaxType", "OUTPUT2", "NONE")]),
        (shown(TaxType=None), [Difference(1, "TaxType", "OUTPUT2", "")]),
        (shown("99.00"), [Difference(1, "LineAmount", "100.00", "99.00")]),
        (shown(LineAmount=None), []),
        # What ours leaves out Xero may fill in.
        (shown(Tracking=[NORTH]), []),
        (shown(AccountCode=" 200 ", TaxType="output2"), []),
    ],
)
def test_one_line(theirs: dict[str, Any], found: list[Difference]) -> None:
    assert compared([line()], [theirs]) == found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([NORTH], []),
        ([{"Name": "branch", "Option": "NORTH "}], []),
        ([{**NORTH, "Option": "Northern"}], []),
        ([], [Difference(1, "Tracking", "Branch: North", "")]),
        (None, [Difference(1, "Tracking", "Branch: North", "")]),
        ([{"Name": "Branch", "Option": "South", "TrackingOptionID": "o-2"}], [Difference(1, "Tracking", "Branch: North", "Branch: South")]),
    ],
)
def test_tracking_is_compared_by_name_or_by_id(tags: Any, found: list[Difference]) -> None:
    known = Known(options={("Branch", "North"): "o-1"})
    assert compared([line(Tracking=[{"Name": "Branch", "Option": "North"}])], [shown(Tracking=tags)], known) == found


def test_an_account_is_the_same_by_its_id_whatever_its_code_is_now() -> None:
    known = Known(accounts={"200": "A-1"})
    assert compared([line()], [shown(AccountCode="200OLD")], known) == []
    assert compared([line()], [shown(AccountID="A-9")], known) == [Difference(1, "AccountCode", "200", "200")]
    assert compared([line()], [shown(AccountID="A-9")]) == []


def test_lines_are_paired_by_what_they_say() -> None:
    ours = [line("10.00"), line("20.00", AccountCode="260"), line("10.00", AccountCode="270")]
    theirs = [shown("10.00", AccountCode="270"), shown("20.00", AccountCode="260"), shown("10.00")]
    assert compared(ours, theirs) == []
    theirs[0] |= {"AccountCode": None, "AccountID": None}
    assert compared(ours, theirs) == [Difference(3, "AccountCode", "270", "")]
    assert compared(ours, theirs[1:]) == [Difference(3, "Line", "10.00", "")]
    assert compared(ours[:2], [shown("20.00", AccountCode="260"), shown("10.00"), shown("5.00")]) == [Difference(0, "Line", "", "5.00")]


def test_what_moves_nothing_is_not_compared() -> None:
    assert compared([line(), line("0.00")], [shown(), shown("0.00", AccountCode=None, TaxType=None)]) == []
    assert compared([line(), line("0.00")], [shown()]) == []
    assert compared([line()], [shown(), {"Description": "A remark"}]) == []


@pytest.mark.parametrize("theirs", [None, [], "a text", [None], {}])
def test_lines_that_are_not_shown_prove_nothing(theirs: Any) -> None:
    assert compared([line()], theirs) is None
    assert compared([line("0.00")], theirs) == []


def test_one_line_may_come_alone() -> None:
    assert compared([line()], shown()) == []


def test_tax_is_compared_where_it_was_sent() -> None:
    assert compared([line(TaxAmount=Decimal("14.99"))], [shown()]) == [Difference(1, "TaxAmount", "14.99", "15.00")]
    assert compared([line()], [shown(TaxAmount=Decimal("14.99"))]) == []


def test_without_tax_a_type_without_tax_is_as_good() -> None:
    ours = [line(TaxType="EXEMPTEXPENSES")]
    assert compared(ours, [shown(TaxType="BASEXCLUDED")], types="NoTax") == []
    assert compared(ours, [shown(TaxType="OUTPUT2")], types="NoTax") == [Difference(1, "TaxType", "EXEMPTEXPENSES", "OUTPUT2")]


def test_a_journals_lines() -> None:
    body = {
        "LineAmountTypes": "NoTax",
        "JournalLines": [{"LineAmount": Decimal(50), "AccountCode": "404"}, {"LineAmount": Decimal(-50), "AccountCode": "408"}],
    }
    answer = {
        "JournalLines": [
            {"LineAmount": Decimal(-50), "AccountCode": "408", "TaxType": "NONE"},
            {"LineAmount": Decimal(50), "AccountCode": "408", "TaxType": "NONE"},
        ]
    }
    assert differences(sent_lines(body), answer) == [Difference(1, "AccountCode", "404", "408")]


def test_a_discount_is_part_of_the_amount() -> None:
    ours = line("50.00", Quantity=Decimal(4), DiscountRate=Decimal(10))
    assert compared([ours], [shown("180.00")]) == []


def test_the_tax_types_that_xero_taxed_otherwise() -> None:
    sent = sent_lines({"LineAmountTypes": "Exclusive", "LineItems": [line(), line("50.00", TaxType="RROUTPUT")]})
    expected = {"OUTPUT2": Decimal("15.00"), "RROUTPUT": Decimal("2.50")}
    answer = {"LineItems": [shown(), shown("50.00", TaxType="RROUTPUT", TaxAmount=Decimal("3.00"))]}
    assert differing_tax_types(sent, answer, lambda each: expected[each["tax_type"]]) == {"RROUTPUT"}
    assert differing_tax_types(sent, {}, lambda each: expected[each["tax_type"]]) == {"OUTPUT2", "RROUTPUT"}
