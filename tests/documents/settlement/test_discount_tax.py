"""The tax in a settlement discount or write-off is that of what it is taken off: by tax type, in proportion, and never more."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting import causes
from picortex_xero.accounting.own_tax import TypedAmount
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.accounting.xero_now import RateChange, XeroNow
from picortex_xero.documents.base import Doc, InXero
from picortex_xero.documents.decisions import Decision, Hold, Send
from picortex_xero.documents.invoice.write_off import problems, write_off
from picortex_xero.documents.settlement.breakdown import break_down
from picortex_xero.documents.settlement.deduction_credit_note import discount_note
from picortex_xero.documents.settlement.payment_steps import Paying
from picortex_xero.documents.settlement.settlement import SettlementKind, Side
from picortex_xero.documents.translation import Translation
from tests.documents.invoice.scene import named
from tests.documents.settlement.scene import (
    ACCOUNTS,
    CUSTOMER,
    DISCOUNTS,
    FEES,
    PaymentScene,
    asked,
    chosen_books,
    debt,
    held,
    open_in_xero,
    over,
    paying,
    sent,
)
from tests.scene.documents import SITE, bill, deduction, item, payment_entry, reference, returned, tax_row
from tests.scene.mapping import GST, INPUT, NONE, chosen, mapping, with_taxes

D = Decimal
EXPORT = {"item_tax_rate": json.dumps({"GST - KS": 0.0}), "item_tax_template": "Export - KS"}
TAXED, FREE = item(100.0), item(1000.0, **EXPORT)
# 100.00 with 15.00 GST, and 1,000.00 zero-rated.
MIXED = debt(total=1115.0, items=[TAXED, FREE], taxes=[tax_row(15.0)])


def credited(scene: PaymentScene, doc: Doc, **choices: Any) -> Translation:
    """The credit note over what a payment deducts, once the payment itself is in Xero."""
    scene.contact(*CUSTOMER)
    scene.contact("Supplier", "Kaimai Sawmills")
    plan = scene.becomes(doc, "payment", chosen_books(**choices))
    assert isinstance(plan, Paying), plan
    due = [(f"i-{part.name}", "99999") for part in plan.settlement.parts]
    decision = plan.decide(open_in_xero(*due))
    assert isinstance(decision.outcome, Send) and ("credit-1", asked(decision)[0][1]) in asked(decision)
    scene.own(doc, "payment", state="Synced")
    return sent(scene.becomes(doc, "credit-1", chosen_books(**choices)))


def lines(made: Translation) -> list[tuple[str, str, str]]:
    """(tax type, gross, tax as it was sent or as Xero computes it)."""
    return [(each["TaxType"], f"{each['UnitAmount']:.2f}", f"{each.get('TaxAmount', '')}") for each in made.body["LineItems"]]


@pytest.mark.case("F05")
def test_a_discount_takes_back_the_invoices_own_proportion() -> None:
    made = credited(PaymentScene(debts=(MIXED,)), paying(1115.0, less=((500.0, DISCOUNTS),)))
    assert lines(made) == [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")]
    assert (made.total, made.tax) == (500, D("6.73"))
    assert made.body["LineAmountTypes"] == "Inclusive" and {each["AccountCode"] for each in made.body["LineItems"]} == {ACCOUNTS[DISCOUNTS]}


@pytest.mark.case("F05")
def test_the_whole_invoice_taken_off_has_exactly_its_tax() -> None:
    """The host's tax is a cent from what Xero would compute: neither more nor less is taken back."""
    odd = debt(total=115.01, items=[TAXED], taxes=[tax_row(15.01)])
    journal = replace(settlement_of_write_off(115.01), parts=())
    assert journal.parts == ()
    made = by_journal(PaymentScene(debts=(odd,)), 115.01)
    assert lines(made) == [("OUTPUT2", "115.01", "15.01")] and made.tax == D("15.01")


def settlement_of_write_off(amount: float) -> Any:
    """What is left of SINV-1 written off by a journal: no money moves."""
    from picortex_xero.documents.payment_entry.as_settlement import settlement

    made = settlement(payment_entry([reference("SINV-1", amount)], 0.0, deductions=[deduction(amount, DISCOUNTS)], party="Rata Builders"))
    return replace(made, kind=SettlementKind.RECEIVE, arrives=Side("", "NZD", D(0), D(1), D(0)))


def by_journal(scene: PaymentScene, amount: float) -> Translation:
    """The credit note of a journal that writes off so much of SINV-1."""
    scene.contact(*CUSTOMER)
    settlement = settlement_of_write_off(amount)
    decision = scene.of_journal(settlement)
    assert "credit note" in over(decision)
    return sent(scene.of_journal(settlement, "credit-1"))


@pytest.mark.case("F05")
def test_a_journal_that_writes_off_takes_back_the_same() -> None:
    made = by_journal(PaymentScene(debts=(MIXED,)), 500.0)
    assert lines(made) == [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")] and made.tax == D("6.73")


@pytest.mark.case("F05")
def test_several_invoices_bear_their_own_parts() -> None:
    """300.00 do not fit on the second invoice alone: 230.00 of it there, all taxed, and 70.00 on the first."""
    second = debt("SINV-2", 230.0, items=[item(200.0)], taxes=[tax_row(30.0)])
    scene = PaymentScene(debts=({**MIXED, "grand_total": 1115.0}, second))
    rows = [reference("SINV-1", 200.0), reference("SINV-2", 230.0)]
    doc = payment_entry(
        rows, 130.0, deductions=[deduction(300.0, DISCOUNTS)], docstatus=1, party="Rata Builders", company="Kauri Services", taxes=[]
    )
    made = credited(scene, doc)
    # 230.00 with 30.00 of tax, and of 70.00 what 115 / 1115 of it is: 7.22 with 0.94.
    assert lines(made) == [("OUTPUT2", "237.22", ""), ("ZERORATED", "62.78", "")] and (made.total, made.tax) == (300, D("30.94"))


@pytest.mark.case("F05")
def test_an_invoice_without_tax_beside_a_taxed_one_gives_none() -> None:
    free = debt("SINV-2", 200.0, items=[item(200.0, **EXPORT)], taxes=[{**tax_row(0.0)}])
    rows = [reference("SINV-1", 115.0), reference("SINV-2", 20.0)]
    doc = payment_entry(
        rows, 105.0, deductions=[deduction(30.0, DISCOUNTS)], docstatus=1, party="Rata Builders", company="Kauri Services", taxes=[]
    )
    made = credited(PaymentScene(debts=(debt(), free)), doc)
    # The last that bears it whole is the first.
    assert lines(made) == [("OUTPUT2", "30.00", "")] and made.tax == D("3.91")


@pytest.mark.case("F05")
@pytest.mark.parametrize("docstatus", [1, 2])
def test_what_a_return_took_back_is_not_taken_back_again(docstatus: int) -> None:
    """The taxed line came back; a return that was cancelled changes nothing."""
    back = returned(debt(total=115.0), creation="2026-10-06 10:00:00", docstatus=docstatus, customer="Rata Builders")
    scene = PaymentScene(back, debts=(MIXED,))
    scene.settling[named(MIXED)] = [named(back), ("Payment Entry", "PAY-1")]
    made = credited(scene, paying(1000.0, less=((500.0, DISCOUNTS),))) if docstatus == 2 else None
    if made:
        assert made.tax == D("6.73")
    else:
        # Nothing of what is left is taxed, and the choice takes tax back: a person says what this is.
        assert held(scene.becomes(paying(1000.0, less=((500.0, DISCOUNTS),)))) == ["deduction-of-untaxed"]
    whole = returned(MIXED, creation="2026-10-06 10:00:00", docstatus=docstatus, customer="Rata Builders")
    scene = PaymentScene(whole, debts=(MIXED,))
    scene.settling[named(MIXED)] = [named(whole)]
    if docstatus == 1:
        assert held(scene.becomes(paying(1000.0, less=((500.0, DISCOUNTS),)))) == ["deduction-of-untaxed"]


@pytest.mark.case("F05")
def test_a_partly_returned_invoice_gives_what_is_left_of_its_tax() -> None:
    half = returned(debt(total=57.5, items=[item(50.0)], taxes=[tax_row(7.5)]), creation="2026-10-06 10:00:00", docstatus=1)
    scene = PaymentScene(half, debts=(MIXED,))
    scene.settling[named(MIXED)] = [named(half)]
    made = credited(scene, paying(1057.5, less=((1057.5 - 500.0, DISCOUNTS),)))
    assert made.total == D("557.5") and made.tax == D("3.95") and lines(made)[0] == ("OUTPUT2", "30.31", "")


@pytest.mark.case("F05")
def test_a_choice_without_tax_takes_none_back() -> None:
    made = credited(
        PaymentScene(debts=(MIXED,)), paying(1115.0, less=((500.0, DISCOUNTS),)), deductions={DISCOUNTS: chosen("Credit note", NONE)}
    )
    assert lines(made) == [("NONE", "500.00", "")] and made.tax == 0


@pytest.mark.case("F05")
@pytest.mark.parametrize(
    ("tax", "expected"),
    [
        # ERPNext splits an early payment discount in the same proportion; a cent off is kept to the cent.
        ("6.73", [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")]),
        ("6.72", [("OUTPUT2", "51.57", "6.72"), ("ZERORATED", "448.43", "")]),
        # 15 % of all of it would be 65.22, more than the invoice had.
        ("65.22", "deduction-tax-differs"),
        ("10.00", "deduction-tax-differs"),
    ],
)
def test_the_hosts_own_tax_stands_where_the_invoice_explains_it(tax: str, expected: Any) -> None:
    doc = paying(1115.0, less=((float(D(500) - D(tax)), DISCOUNTS), (float(tax), "GST - KS")))
    scene = PaymentScene(debts=(MIXED,))
    if isinstance(expected, str):
        assert held(scene.becomes(doc)) == [expected]
    else:
        assert lines(credited(scene, doc)) == expected


@pytest.mark.case("F05")
def test_the_hosts_own_tax_may_be_all_on_the_taxed_part() -> None:
    doc = paying(1115.0, less=((20.0, DISCOUNTS), (3.0, "GST - KS")))
    assert lines(credited(PaymentScene(debts=(MIXED,)), doc)) == [("OUTPUT2", "23.00", "")]


@pytest.mark.case("F05")
def test_a_bills_discount_reduces_the_tax_that_the_bill_claimed() -> None:
    claimed, free = item(100.0), item(1000.0, **EXPORT)
    mine = {"outstanding_amount": 0.0, "party_account_currency": "NZD", "docstatus": 1}
    owed = {**bill([claimed, free], [tax_row(15.0)], 1115.0), **mine}
    doc = payment_entry(
        [reference("PINV-1", 1115.0, "Purchase Invoice")],
        615.0,
        payment_type="Pay",
        party_type="Supplier",
        party="Kaimai Sawmills",
        paid_from="Bank - KS",
        paid_to="Creditors - KS",
        deductions=[deduction(-500.0, DISCOUNTS)],
        docstatus=1,
        company="Kauri Services",
        taxes=[],
    )
    taxes = with_taxes(("Purchases", "GST - KS @ 0", "Export - KS", TaxType("ZEROIN", D(0)))).taxes
    made = credited(PaymentScene(debts=(owed,)), doc, deductions={DISCOUNTS: chosen("Credit note", INPUT)}, taxes=taxes)
    assert made.body["Type"] == "ACCPAYCREDIT"
    assert lines(made) == [("INPUT2", "51.57", ""), ("ZEROIN", "448.43", "")] and made.tax == D("6.73")


@pytest.mark.case("F05")
def test_a_foreign_discount_has_the_foreign_invoices_proportion() -> None:
    abroad = {**MIXED, "currency": "USD", "conversion_rate": 1.6, "party_account_currency": "USD"}
    usd = {"paid_from_account_currency": "USD", "source_exchange_rate": 1.6, "received_amount": 984.0, "base_paid_amount": 984.0}
    doc = payment_entry(
        [reference("SINV-1", 1115.0)], 615.0, deductions=[deduction(800.0, DISCOUNTS)], docstatus=1, party="Rata Builders", company="Kauri Services", taxes=[], **usd
    )  # fmt: skip
    made = credited(PaymentScene(debts=(abroad,)), doc)
    assert (made.body["CurrencyCode"], made.body["CurrencyRate"]) == ("USD", D("0.625"))
    assert lines(made) == [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")] and made.tax == D("6.73")


@pytest.mark.case("F05")
def test_the_invoices_tax_type_has_to_be_possible_on_the_account() -> None:
    revenue = TaxType("OUTPUT2", D(15), classes=frozenset({"REVENUE"}))
    taxes = {**mapping().taxes, ("Sales", "GST - KS @ 15", ""): revenue}
    scene = PaymentScene(debts=(MIXED,))
    decision = scene.becomes(
        paying(1115.0, less=((500.0, DISCOUNTS),)), "payment", chosen_books(taxes=taxes, xero_classes={"205": "EXPENSE", "200": "REVENUE"})
    )
    assert held(decision) == ["deduction-tax-refused"]


@pytest.mark.case("F05")
def test_an_invoice_that_cannot_be_read_by_tax_type_stops_its_discount_not_its_payment_elsewhere() -> None:
    scene = PaymentScene(debts=(MIXED,))
    assert held(scene.becomes(paying(1115.0, less=((500.0, DISCOUNTS),)), "payment", chosen_books(taxes={}))) == ["discount-tax-unknown"]


@pytest.mark.case("F05")
def test_it_waits_for_what_its_invoice_waits_for() -> None:
    """Else nothing would let it go once that is put right."""
    now = XeroNow(changed={GST.code: RateChange("GST - KS @ 15", D(15), D("17.5"))})
    decision = PaymentScene(debts=(MIXED,)).becomes(paying(1115.0, less=((500.0, DISCOUNTS),)), "payment", chosen_books(now=now))
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold)
    (problem,) = decision.outcome.problems
    assert problem.code == "discount-tax-unknown" and causes.of(problem.code, problem.causes) == causes.of("tax-rate-changed")


# Written off in the document itself


def counter_sale(amount: float, **changes: Any) -> Doc:
    return {**MIXED, "is_pos": 1, "payments": [], "write_off_amount": amount, "write_off_account": DISCOUNTS, **changes}


@pytest.mark.case("F05")
def test_a_write_off_on_entry_has_the_documents_own_tax() -> None:
    choices = mapping(accounts=ACCOUNTS, deductions={DISCOUNTS: chosen("Credit note", GST)})
    made = write_off(counter_sale(500.0), choices, "c1", SITE, "k1", 1)
    assert lines(made) == [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")] and (made.total, made.tax) == (500, D("6.73"))
    untaxed = counter_sale(5.0, items=[FREE], taxes=[tax_row(0.0)], grand_total=1000.0)
    made = write_off(untaxed, choices, "c1", SITE, "k1", 1)
    assert lines(made) == [("ZERORATED", "5.00", "")] and made.tax == 0
    nothing = mapping(accounts=ACCOUNTS, deductions={DISCOUNTS: chosen("Credit note", NONE)})
    assert lines(write_off(counter_sale(500.0), nothing, "c1", SITE, "k1", 1)) == [("NONE", "500.00", "")]


@pytest.mark.case("F05")
def test_a_write_off_of_a_return_and_of_a_bill_likewise() -> None:
    choices = mapping(accounts=ACCOUNTS, deductions={DISCOUNTS: chosen("Credit note", GST)})
    back = {**returned(counter_sale(500.0)), "write_off_amount": -500.0}
    made = write_off(back, choices, "c1", SITE, "k1", 1)
    assert made.body["Type"] == "ACCREC" and lines(made) == [("OUTPUT2", "51.57", ""), ("ZERORATED", "448.43", "")]
    bought = {**bill([item(100.0)], [tax_row(15.0)], 115.0), "write_off_amount": 23.0, "write_off_account": DISCOUNTS}
    accounts = {**ACCOUNTS, "Cost - KS": "310"}
    made = write_off(bought, mapping(accounts=accounts, deductions={DISCOUNTS: chosen("Credit note", INPUT)}), "c1", SITE, "k1", 1)
    assert made.body["Type"] == "ACCPAYCREDIT" and lines(made) == [("INPUT2", "23.00", "")] and made.tax == 3


@pytest.mark.case("F05")
def test_what_stops_a_write_off_is_known_before_the_document_goes() -> None:
    revenue = TaxType("OUTPUT2", D(15), classes=frozenset({"REVENUE"}))
    taxes = {**mapping().taxes, ("Sales", "GST - KS @ 15", ""): revenue}
    choices = mapping(
        accounts=ACCOUNTS,
        deductions={DISCOUNTS: chosen("Credit note", GST)},
        taxes=taxes,
        xero_classes={"205": "EXPENSE", "200": "REVENUE"},
    )
    (problem,) = problems(counter_sale(500.0), choices)
    assert problem.code == "deduction-tax-refused" and DISCOUNTS in problem.message
    with pytest.raises(Refused):
        write_off(counter_sale(500.0), choices, "c1", SITE, "k1", 1)


def test_the_scene_decides_without_xero() -> None:
    """`sent` above looks at nothing in Xero: the credit note is known from the facts."""
    scene = PaymentScene(debts=(MIXED,))
    scene.contact(*CUSTOMER)
    doc = paying(1115.0, less=((500.0, DISCOUNTS),))
    scene.own(doc, "payment", state="Synced")
    plan = scene.becomes(doc, "credit-1")
    assert not isinstance(plan, tuple) and plan.decide(InXero()).outcome


# Together with tracking, and currencies without cents


@pytest.mark.case("F05")
def test_each_share_is_tracked_and_without_tracking_it_waits_or_says_so() -> None:
    doc = paying(1115.0, less=((500.0, DISCOUNTS),))
    (row,) = doc["deductions"]
    center = row["cost_center"]
    made = credited(PaymentScene(debts=(MIXED,)), doc, tracking={center: ("Branch", "Main")})
    assert [each["Tracking"] for each in made.body["LineItems"]] == [[{"Name": "Branch", "Option": "Main"}]] * 2 and made.said == ()
    other = {"North - KS": ("Branch", "North")}
    without = credited(PaymentScene(debts=(MIXED,)), doc, tracking=other)
    assert not any("Tracking" in each for each in without.body["LineItems"]) and center in without.said[0]
    scene = PaymentScene(debts=(MIXED,))
    scene.contact(*CUSTOMER)
    # The payment itself waits, too: nothing goes in part.
    decision = scene.becomes(doc, "payment", chosen_books(tracking=other, missing_tracking="Hold"))
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold)
    assert [problem.code for problem in decision.outcome.problems] == ["tracking-unmapped"]


@pytest.mark.case("F05")
@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        ((), [("OUTPUT2", "367", "33"), ("ZERORATED", "333", "")]),
        # What the host itself booked of it as tax stands, to the yen.
        ((34.0,), [("OUTPUT2", "367", "34"), ("ZERORATED", "333", "")]),
    ],
)
def test_whole_yen_stay_whole(booked: tuple[float, ...], expected: list[tuple[str, str, str]]) -> None:
    from picortex_xero.documents.payment_entry.as_settlement import settlement

    yen = {name: "JPY" for name in ("paid_from_account_currency", "paid_to_account_currency")}
    rows = [deduction(700.0 - sum(booked), DISCOUNTS), *(deduction(tax, "GST - KS") for tax in booked)]
    made = settlement(payment_entry([reference("SINV-1", 2100.0)], 1400.0, deductions=rows, **yen))
    ten = TaxType("OUTPUT2", D(10))
    choices = replace(mapping(deductions={DISCOUNTS: chosen("Credit note", ten)}, accounts=ACCOUNTS, tracking={}), base_currency="JPY")
    own = {0: [TypedAmount(ten, D(1100), D(100)), TypedAmount(TaxType("ZERORATED", D(0)), D(1000), D(0))]}
    note = discount_note(made, choices, break_down(made, choices, ["JPY"]), "c1", own=own)
    assert lines(note) == [(code, f"{gross}.00", tax) for code, gross, tax in expected] and note.total == 700


@pytest.mark.case("F05")
def test_several_deductions_in_whole_yen_are_divided_in_whole_yen() -> None:
    from picortex_xero.documents.payment_entry.as_settlement import settlement

    yen = {name: "JPY" for name in ("paid_from_account_currency", "paid_to_account_currency")}
    rates = {"source_exchange_rate": 0.0107, "target_exchange_rate": 0.0107}
    rows = [deduction(5.35, DISCOUNTS), deduction(2.14, FEES)]
    made = settlement(payment_entry([reference("SINV-1", 2100.0)], 1400.0, deductions=rows, **yen, **rates))
    assert break_down(made, chosen_books().mapping, ["JPY"]).own == {DISCOUNTS: D(500), FEES: D(200)}
    odd = replace(made, deductions=[replace(made.deductions[0], amount=D("5.30")), replace(made.deductions[1], amount=D("2.19"))])
    assert break_down(odd, chosen_books().mapping, ["JPY"]).own == {DISCOUNTS: D(495), FEES: D(205)}
