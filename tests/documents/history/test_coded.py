"""Which of Xero's bank transactions may be the money of a request: the same account and amount within five days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.documents.history import coded
from picortex_xero.documents.translation import Translation

D = Decimal
BANK, OTHER = "B0000000-1", "B0000000-2"
PAYMENT = {"Invoice": {"InvoiceID": "i"}, "Account": {"AccountID": BANK}, "Amount": D("115.00"), "Date": "2026-03-10"}


def there(total: str = "115.00", day: str = "2026-03-10", **fields: Any) -> dict[str, Any]:
    bank = {"AccountID": BANK.lower(), "Code": "090", "Name": "Bank"}
    return {
        "Status": "AUTHORISED",
        "Total": D(total),
        "DateString": f"{day}T00:00:00",
        "BankAccount": bank,
        "CurrencyCode": "NZD",
        **fields,
    }


def made(body: dict[str, Any], total: str = "115.00") -> Translation:
    return Translation(body, {}, D(total))


@pytest.mark.parametrize(
    ("element", "is_like"),
    [
        (there(), True),
        (there(day="2026-03-05"), True),
        (there(day="2026-03-15"), True),
        (there(day="2026-03-04"), False),
        (there(day="2026-03-16"), False),
        (there("115.01"), False),
        (there(BankAccount={"AccountID": OTHER, "Code": "091"}), False),
        (there(Status="DELETED"), False),
        (there(DateString="", Date="/Date(1773100800000+0000)/"), True),
        (there(DateString="", Date=""), False),
    ],
)
def test_account_amount_and_days(element: dict[str, Any], is_like: bool) -> None:
    assert coded.like(made(PAYMENT), [element]) == ([element] if is_like else [])


def test_what_moves_money() -> None:
    abroad = {**PAYMENT, "BankAmount": D("200.00")}
    assert coded.like(made(abroad), [there()]) == [] and coded.like(made(abroad), [there("200.00")])
    by_code = {**PAYMENT, "Account": {"Code": "090"}}
    assert coded.like(made(by_code), [there()])
    spent = {"Type": "SPEND", "BankAccount": {"AccountID": BANK}, "Date": "2026-03-10", "LineItems": [{"LineAmount": D(100)}]}
    assert coded.like(made(spent), [there()]), "with its tax"
    batch = {"Account": {"AccountID": BANK}, "Date": "2026-03-10", "Payments": [{"Amount": D(100)}, {"Amount": D(15)}]}
    assert coded.like(made(batch), [there()]) and not coded.like(made(batch), [there("100.00")])
    transfer = {"FromBankAccount": {"AccountID": OTHER}, "ToBankAccount": {"AccountID": BANK}, "Amount": D(115), "Date": "2026-03-10"}
    assert [each.account for each in coded.moved(made(transfer))] == [OTHER, BANK] and coded.like(made(transfer), [there()])
    assert (
        coded.moved(made({"Type": "ACCREC", "Date": "2026-03-10"})) == []
        and coded.like(made({**PAYMENT, "Amount": D(0)}), [there("0.00")]) == []
    )


def test_days_are_asked_about_in_as_few_spans_as_cover_them() -> None:
    windows = [coded.window(day) for day in ("2026-03-10", "2026-03-21", "2026-03-22", "2026-05-01", "2026-03-10")]
    assert coded.together(windows) == [("2026-03-05", "2026-03-27"), ("2026-04-26", "2026-05-06")]
    assert coded.together([]) == []
