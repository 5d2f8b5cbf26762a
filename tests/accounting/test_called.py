"""What Xero's codes are called where people read."""

from __future__ import annotations

from picortex_xero.accounting.called import NOTHING_CALLED, called
from picortex_xero.accounting.tax_types import TaxType, listed
from picortex_xero.documents.compare_linked import different_lines
from picortex_xero.documents.picture import differences
from picortex_xero.xero.records.lines import Difference

ACCOUNTS = [{"AccountID": "a1b2", "Code": "200", "Name": "Sales"}, {"AccountID": "c3d4", "Code": "", "Name": "Till"}]
RATES = [{"TaxType": "OUTPUT2", "Name": "15% GST on Income"}, {"TaxType": "NONE", "Name": "NONE"}]
NAMES = called(ACCOUNTS, RATES)


def test_names_come_with_their_codes_and_what_the_lists_do_not_have_stays_a_code() -> None:
    assert [NAMES.account(each) for each in ("200", "A1B2", "c3d4", "999", "")] == ["200 Sales", "200 Sales", "Till", "999", ""]
    assert [NAMES.tax(each) for each in ("OUTPUT2", "output2", "NONE", "TAX007")] == [
        "15% GST on Income (OUTPUT2)",
        "15% GST on Income (OUTPUT2)",
        "NONE",
        "TAX007",
    ]
    assert NAMES.coded("LineAmount", "200") == "200" and NOTHING_CALLED.account("200") == "200"
    rate = listed({**RATES[0], "Status": "ACTIVE", "EffectiveRate": "15"})
    assert (rate.called, rate.known_as) == ("15% GST on Income (OUTPUT2)", "15% GST on Income")
    assert TaxType("OUTPUT2", None).called == TaxType("OUTPUT2", None).known_as == "OUTPUT2"


def test_lines_and_changes_are_told_by_name() -> None:
    found = [Difference(1, "TaxType", "OUTPUT2", ""), Difference(2, "AccountCode", "200", "999"), Difference(3, "LineAmount", "200", "9")]
    assert str(different_lines("SINV-1", found, "authorised", NAMES).message).endswith(
        "line 1 has the tax type none there, 15% GST on Income (OUTPUT2) was sent; line 2 has the account 999 there, 200 Sales was sent; "
        "line 3 is 9.00 there, 200.00 was sent"
    )
    was, now = ({"Coding": [["A1B2", "200", tax, "", "10.00", "0.00"]]} for tax in ("OUTPUT2", "NONE"))
    assert sorted(map(str, differences(was, now, NAMES))) == [
        "account 200 Sales, tax type 15% GST on Income (OUTPUT2): 10.00 was sent, nothing is there now",
        "account 200 Sales, tax type NONE: nothing was sent, 10.00 is there now",
    ]
