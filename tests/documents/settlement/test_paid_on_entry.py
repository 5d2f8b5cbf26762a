"""Money inside counter sales and bills paid on entry, as recorded: payments net of change, refunds, write-offs, and what is held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import DeductionChoice, Mapping, PaymentAccount, TaxType
from picortex_xero.accounting.money import decimal, half_up
from picortex_xero.accounting.problems import Refused
from picortex_xero.documents.invoice.write_off import write_off, written_off
from picortex_xero.documents.settlement import paid_on_entry
from picortex_xero.documents.settlement.paid_on_entry import Settled, payments_on_entry, problems_of_payments
from tests.scene.recorded_cases import WRITE_OFF, Doc, mapped, sent, submitted

D = Decimal


def settled_with(due: str = "99999") -> Settled:
    return Settled("i1", D(due))


@pytest.mark.parametrize(
    ("case", "sums"),
    [
        # Paid exactly; 300.00 in cash and 250.00 by card for 515.20, 34.80 change in cash; 0.20 written off; part paid.
        (
            "is-pos-invoice",
            [["Cash - KO 515.2"], ["Cash - KO 265.2", "Trading Account - KO 250"], ["Cash - KO 515"], ["Trading Account - KO 100"]],
        ),
        # Consolidated: 250.00 in cash less 20.49 change and 64.20 by card pay 293.71; the return is paid back in cash.
        (
            "pos-day",
            [["Cash - KO 229.51", "Trading Account - KO 64.2"], ["Cash - KO 229.5"], ["Cash - KO 62.4", "Trading Account - KO 500"]],
        ),
        ("is-paid-bill", [["Trading Account - KO 589.6"], ["Trading Account - KO 3967.5"], ["Trading Account - KO 200"]]),
    ],
)
def test_money_inside_a_document_is_one_payment_per_sum(case: str, sums: list[list[str]]) -> None:
    documents, choices = [doc for doc, _ledger in submitted(case)], mapped(case)
    assert len(documents) == len(sums)
    for doc, expected in zip(documents, sums):
        made = [paid_on_entry.payment(doc, choices, settled_with(), at) for at in range(1, len(payments_on_entry(doc)) + 1)]
        assert [f"{each.body['Account']['AccountID']} {each.body['Amount']}" for each in made] == expected
        references = [each.body["Reference"] for each in made]
        assert references == ([doc["name"]] if len(made) == 1 else [f"{doc['name']}/{at}" for at in range(1, len(made) + 1)])
        settled = sum((each.body["Amount"] for each in made), written_off(doc))
        assert settled == half_up(abs(decimal(doc["grand_total"])) - decimal(doc["outstanding_amount"])) or case == "pos-day"
        settles = "CreditNote" if doc.get("is_return") else "Invoice"
        assert all(each.body[settles] == {f"{settles}ID": "i1"} and each.body["Date"] == doc["posting_date"] for each in made)


def test_the_consolidated_day_is_paid_in_full_although_the_host_shows_a_cent() -> None:
    """ERPNext writes a cent of the return off against the sale in its ledger, and shows 0.01 outstanding of a paid sale (observed on
    15.71)."""
    doc = submitted("pos-day")[0][0]
    assert sum((each.amount for each in payments_on_entry(doc)), D(0)) == decimal(doc["grand_total"])
    assert doc["outstanding_amount"] == 0.01


def test_a_return_at_the_counter_is_refunded_on_its_credit_note() -> None:
    doc = submitted("pos-day")[1][0]
    assert sent(doc, mapped("pos-day", deductions=WRITE_OFF)).body["Type"] == "ACCRECCREDIT"
    made = paid_on_entry.payment(doc, mapped("pos-day"), settled_with(), 1)
    assert made.body["CreditNote"] == {"CreditNoteID": "i1"} and made.body["Amount"] == D("229.5") and "Invoice" not in made.body
    assert made.marker == {"Reference": doc["name"], "CreditID": "i1", "Amount": D("229.5")}


def sale(**changes: Any) -> Doc:
    """The counter sale of 515.20 with its payments changed."""
    return {**submitted("is-pos-invoice")[1][0], **changes}


def test_change_comes_out_of_its_account_whatever_the_order_of_sums() -> None:
    sums = [("Till - KO", 10.0), ("Cash - KO", 20.0), ("Cash - KO", 50.0)]
    rows = [{"account": account, "amount": amount, "base_amount": amount} for account, amount in sums]
    left = payments_on_entry(sale(payments=rows, change_amount=34.8, base_change_amount=34.8))
    assert [(each.account, each.amount, each.base) for each in left] == [("Till - KO", D(10), D(10)), ("Cash - KO", D("35.2"), D("35.2"))]


def test_change_from_an_account_that_took_less_is_held() -> None:
    rows = [{"account": "Trading Account - KO", "amount": 550.0, "base_amount": 550.0}]
    (problem,) = problems_of_payments(sale(payments=rows))
    assert problem.held and problem.code == "pos-change-elsewhere"
    assert "34.8 change out of Cash - KO" in problem.message and "550 on Trading Account - KO" in problem.resolution


def test_a_write_off_is_a_credit_note_with_the_accountants_tax() -> None:
    doc, taxed = submitted("is-pos-invoice")[2][0], {"Write Off - KO": DeductionChoice("Credit note", TaxType("OUTPUT2", D(15)))}
    made = write_off(doc, mapped("is-pos-invoice", deductions=taxed), "c1", "https://erp.kauri.example", "k1", 1)
    assert (made.body["Type"], made.body["CreditNoteNumber"], made.total, made.tax) == (
        "ACCRECCREDIT",
        "KO-SI-00036-W",
        D("0.2"),
        D("0.03"),
    )
    assert made.body["LineAmountTypes"] == "Inclusive" and "Url" not in made.body
    assert [(line["AccountCode"], line["TaxType"], line["UnitAmount"]) for line in made.body["LineItems"]] == [
        ("Write Off - KO", "OUTPUT2", D("0.2"))
    ]


def test_a_bill_writes_off_whether_it_was_paid_on_entry_or_not_and_an_ordinary_sale_never() -> None:
    bill = {**submitted("is-paid-bill")[2][0], "write_off_amount": 0.23, "write_off_account": "Write Off - KO"}
    assert written_off(bill) == written_off({**bill, "is_paid": 0}) == D("0.23")
    made = write_off(bill, mapped("is-paid-bill", deductions=WRITE_OFF), "c1", "https://erp.kauri.example", "k1", 1)
    assert (made.body["Type"], made.body["CreditNoteNumber"]) == ("ACCPAYCREDIT", f"{bill['name']}-W") and "Reference" not in made.body
    assert written_off(sale(is_pos=0, write_off_amount=0.23)) == 0


def test_the_write_off_of_a_return_is_an_invoice_that_uses_its_credit_up() -> None:
    doc = submitted("pos-day")[1][0]
    made = write_off(doc, mapped("pos-day", deductions=WRITE_OFF), "c1", "https://erp.kauri.example", "k1", 1)
    assert (made.body["Type"], made.body["InvoiceNumber"], made.total, made.tax) == ("ACCREC", f"{doc['name']}-W", D("0.01"), D(0))
    assert made.marker["Url"].endswith("-writeoff")


@pytest.mark.parametrize(
    ("changes", "choices", "codes"),
    [
        ({}, {}, ["pos-write-off"]),
        ({}, {"Write Off - KO": DeductionChoice("Fee")}, ["pos-write-off"]),
        ({}, {"Write Off - KO": DeductionChoice("Credit note")}, ["deduction-incomplete"]),
        ({}, {"Write Off - KO": DeductionChoice("Credit note", TaxType("OUTPUT2", None))}, ["deduction-incomplete"]),
        ({}, {"Write Off - KO": DeductionChoice("Credit note", TaxType("GONE", D(0), active=False))}, ["deduction-incomplete"]),
        ({"write_off_amount": -0.2}, WRITE_OFF, ["pos-write-off-negative"]),
        ({"write_off_amount": 0.205}, WRITE_OFF, ["too-many-decimals"]),
    ],
)
def test_a_write_off_that_cannot_go_keeps_the_whole_document(changes: Doc, choices: dict[str, DeductionChoice], codes: list[str]) -> None:
    doc = {**submitted("is-pos-invoice")[2][0], **changes}
    with pytest.raises(Refused) as refused:
        sent(doc, mapped("is-pos-invoice", deductions=choices))
    assert [problem.code for problem in refused.value.problems] == codes
    assert all(doc["name"] in problem.message and problem.resolution for problem in refused.value.problems)


def test_loyalty_points_are_held_with_their_recipe() -> None:
    (problem,) = problems_of_payments(sale(redeem_loyalty_points=1, loyalty_amount=12.5, loyalty_redemption_account="Points - KO"))
    assert problem.held and "12.5" in problem.message and "Points - KO" in problem.resolution


POINTS = {"redeem_loyalty_points": 1, "loyalty_amount": 12.5, "loyalty_redemption_account": "Points - KO"}
OWED = PaymentAccount("points-1", "NZD", "LIABILITY")


def ordinary(**changes: Any) -> Doc:
    """The same sale without money at the counter."""
    return sale(**{"is_pos": 0, "payments": [], "change_amount": 0.0, "write_off_amount": 0.0, **POINTS, **changes})


def with_points(account: PaymentAccount) -> Mapping:
    usual = mapped("is-pos-invoice")
    return mapped("is-pos-invoice", payment_accounts={**usual.payment_accounts, "Points - KO": account})


@pytest.mark.case("F01")
def test_points_are_held_on_any_invoice_until_their_account_is_a_liability_that_takes_payments() -> None:
    for doc in (ordinary(), sale(payments=sale()["payments"][:1], change_amount=0.0, **POINTS)):
        assert [each.code for each in problems_of_payments(doc, mapped("is-pos-invoice"))] == ["pos-loyalty"]
        assert [each.code for each in problems_of_payments(doc, with_points(PaymentAccount("cost-1", "NZD", "EXPENSE")))] == ["pos-loyalty"]
        assert [each.code for each in problems_of_payments(doc, with_points(PaymentAccount("unread", "NZD")))] == ["pos-loyalty"]
        assert problems_of_payments(doc, with_points(OWED)) == []
    (problem,) = problems_of_payments(ordinary())
    assert "enter KO-SI-00035 by hand, and a credit note of 12.5 on the account of Points - KO" in problem.resolution


@pytest.mark.case("F01")
def test_points_on_an_expense_say_that_xero_has_them_elsewhere() -> None:
    """ERPNext's own field asks for an expense account, which it debits at once."""
    spent = mapped("is-pos-invoice", host_classes={"Points - KO": ("Expense",)})
    (problem,) = problems_of_payments(ordinary(), spent)
    assert "the points stand on the liability in Xero, and here on the expense Points - KO" in problem.resolution
    (problem,) = problems_of_payments(ordinary(), mapped("is-pos-invoice"))
    assert "on the expense" not in problem.resolution


@pytest.mark.case("F01")
def test_points_are_a_payment_from_that_account_after_the_others() -> None:
    choices, rows = with_points(OWED), [{"account": "Cash - KO", "amount": 100.0, "base_amount": 100.0}]
    doc = sale(payments=rows, change_amount=0.0, **POINTS)
    bodies = [paid_on_entry.payment(doc, choices, settled_with(), at).body for at in (1, 2)]
    assert [(body["Account"]["AccountID"], body["Amount"], body["Reference"]) for body in bodies] == [
        ("Cash - KO", 100, f"{doc['name']}/1"),
        ("points-1", D("12.5"), f"{doc['name']}/2"),
    ]
    assert paid_on_entry.payment(ordinary(), choices, settled_with(), 1).body["Reference"] == doc["name"]


@pytest.mark.case("F01")
def test_points_are_kept_in_company_currency_and_paid_in_the_invoices() -> None:
    abroad = ordinary(currency="USD", conversion_rate=1.6, loyalty_amount=16.0)
    (points,) = payments_on_entry(abroad)
    assert (points.amount, points.base) == (10, 16)
    body = paid_on_entry.payment(abroad, with_points(OWED), settled_with(), 1).body
    assert (body["Amount"], body["BankAmount"]) == (10, 16) and "CurrencyRate" not in body
    (problem,) = problems_of_payments(abroad)
    assert "(10)" in problem.message and "credit note of 10 on" in problem.resolution


@pytest.mark.case("F01")
def test_points_on_a_return_stay_with_a_person_and_points_not_redeemed_are_none() -> None:
    (problem,) = problems_of_payments(ordinary(is_return=1), with_points(OWED))
    assert problem.code == "pos-loyalty" and "as the accountant wants it" in problem.resolution
    assert payments_on_entry(ordinary(redeem_loyalty_points=0)) == [] == problems_of_payments(ordinary(redeem_loyalty_points=0))


@pytest.mark.case("F16")
@pytest.mark.parametrize(
    ("changes", "over"),
    [
        ({"payments": [("Trading Account - KO", 520.2)]}, "5.00"),
        ({"payments": [("Trading Account - KO", 300.0), ("Cash - KO", 250.0)], "change_amount": 30.0}, "4.80"),
        ({"payments": [("Trading Account - KO", 515.2)]}, ""),
        ({"payments": [("Trading Account - KO", 515.0)], "write_off_amount": 0.2}, ""),
        ({"payments": [("Trading Account - KO", 515.2)], "write_off_amount": 0.2}, "0.20"),
        ({"payments": [("Trading Account - KO", 515.2)], **POINTS}, "12.50"),
    ],
)
def test_more_than_the_document_comes_to_is_called_an_overpayment(changes: dict[str, Any], over: str) -> None:
    rows = [{"account": account, "amount": amount, "base_amount": amount} for account, amount in changes["payments"]]
    change = changes.get("change_amount", 0.0)
    doc = sale(**{"write_off_amount": 0.0, **changes, "payments": rows, "change_amount": change, "base_change_amount": change})
    found = problems_of_payments(doc, with_points(OWED))
    assert [(each.code, each.held) for each in found] == ([("paid-too-much", True)] if over else [])
    if over:
        assert (
            f"{over} more than" in found[0].message
            and "overpayment" in found[0].resolution
            and "remove it there" not in found[0].resolution
        )
        with pytest.raises(Refused) as refused:
            paid_on_entry.payment(doc, with_points(OWED), settled_with("1.00"), 1)
        assert [each.code for each in refused.value.problems] == ["paid-too-much"]


def test_foreign_counter_money_says_what_the_bank_gets() -> None:
    rows = [{"account": account, "amount": 100.0, "base_amount": 165.0} for account in ("Cash - KO", "USD Account - KO")]
    doc = sale(currency="USD", conversion_rate=1.65, payments=rows, change_amount=0.0, base_change_amount=0.0)
    base, own = (paid_on_entry.payment(doc, mapped("is-pos-invoice"), settled_with(), at).body for at in (1, 2))
    assert base["BankAmount"] == 165 and "CurrencyRate" not in base
    assert own["CurrencyRate"] == D("0.606061") and "BankAmount" not in own
    euro = {**doc, "currency": "EUR"}
    with pytest.raises(Refused) as refused:
        paid_on_entry.payment(euro, mapped("is-pos-invoice"), settled_with(), 2)
    assert [problem.code for problem in refused.value.problems] == ["payment-account-currency"]


def test_more_than_is_left_in_xero_is_not_paid() -> None:
    doc = submitted("is-paid-bill")[2][0]
    with pytest.raises(Refused) as refused:
        paid_on_entry.payment(doc, mapped("is-paid-bill"), settled_with("199.99"), 1)
    assert [problem.code for problem in refused.value.problems] == ["payment-exceeds-due"]


def test_what_the_host_did_not_book_is_no_payment() -> None:
    """Submitted at once by a program, ERPNext works out no base amount and posts no payment (its make_pos_gl_entries goes by that)."""
    rows = [{"account": "Cash - KO", "amount": 50.0, "base_amount": 0.0}]
    doc = sale(payments=rows, paid_amount=0.0, base_paid_amount=0.0, change_amount=0.0, base_change_amount=0.0)
    assert payments_on_entry(doc) == [] and problems_of_payments(doc) == []
