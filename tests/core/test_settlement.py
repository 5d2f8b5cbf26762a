"""What a document settles, as one typed value: the two sides of a payment, and every case of a journal that is a payment in all but name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping
from picortex_xero.documents.identity import Identity
from picortex_xero.documents.journal_entry import rows as journal_rows
from picortex_xero.documents.journal_entry.settlement import settlement as of_journal
from picortex_xero.documents.payment_entry.settlement import party_account_currency
from picortex_xero.documents.settlement.plan import plan, settled, unsuitable
from picortex_xero.documents.settlement.settlement import DeductionRow, Part, Settlement, SettlementKind, Side, TaxRow
from tests.core.host_documents import CREATION, chosen, deduction, mapping, payment_entry, receipt, reference, settlement_of
from tests.core.test_journal_and_transfer import entry
from tests.core.test_journal_rules import RETURN, bank, creditor, debtor, gst, plain

D = Decimal
RECEIVE, PAY, TRANSFER, SET_OFF = SettlementKind
PAID = {"payment_type": "Pay", "party_type": "Supplier", "paid_from": "Bank - KS", "paid_to": "Creditors - KS"}
MOVED = {"payment_type": "Internal Transfer", "party_type": None, "paid_from": "Bank - KS", "paid_to": "Till - KS"}
CLEARING = mapping(clearing=ClearingAccount("c1", "855"))


# A Payment Entry


def test_a_receipt_is_exactly_this() -> None:
    row = deduction(5.0, description="Card")
    tax = {"account_head": "GST - KS", "rate": 15.0, "tax_amount": 1.3, "included_in_paid_amount": 1, "add_deduct_tax": "Add"}
    found = receipt([reference("SINV-1", 100.0)], 95.0, party="Rata Builders", deductions=[row], taxes=[tax])
    assert found == Settlement(
        Identity("Payment Entry", "PAY-1", CREATION),
        "2026-10-20",
        RECEIVE,
        leaves=Side("Debtors - KS", "NZD", D(95), D(1), D(95)),
        arrives=Side("Bank - KS", "NZD", D(95), D(1), D(95)),
        party_type="Customer",
        party="Rata Builders",
        reference_number="DD 77",
        parts=(Part("Sales Invoice", "SINV-1", D(100)),),
        deductions=(DeductionRow("Bank Fees - KS", D(5), "Card", "Main - KS"),),
        taxes=(TaxRow("GST - KS", D(15), D("1.3")),),
    )


@pytest.mark.parametrize(
    ("found", "bank", "party", "spends", "forward", "refund"),
    [
        (receipt([], 1.0), "Bank - KS", "Debtors - KS", "RECEIVE", True, False),
        (receipt([], 1.0, **PAID), "Bank - KS", "Creditors - KS", "SPEND", True, False),
        (
            receipt([], 1.0, **{**PAID, "party_type": "Customer", "paid_to": "Debtors - KS"}),
            "Bank - KS",
            "Debtors - KS",
            "SPEND",
            False,
            True,
        ),
        (receipt([], 1.0, party_type="Supplier", paid_from="Creditors - KS"), "Bank - KS", "Creditors - KS", "RECEIVE", False, True),
        (receipt([], 1.0, **MOVED), "Bank - KS", "Till - KS", "SPEND", False, False),
    ],
)
def test_which_side_is_the_banks_and_whether_money_goes_back(
    found: Settlement, bank: str, party: str, spends: str, forward: bool, refund: bool
) -> None:
    assert (found.bank_side.account, found.party_side.account, found.spend_or_receive) == (bank, party, spends)
    assert (found.forward, found.refund) == (forward, refund)


def test_each_side_has_its_own_currency_rate_and_worth() -> None:
    sides = {"paid_from_account_currency": "USD", "source_exchange_rate": 1.68, "base_paid_amount": 482.02, "received_amount": 482.0}
    found = receipt([], 286.9, **sides, target_exchange_rate=0, base_received_amount=482.0)
    assert found.party_side == Side("Debtors - KS", "USD", D("286.9"), D("1.68"), D("482.02"))
    # ERPNext leaves the rate of company currency out.
    assert found.bank_side == Side("Bank - KS", "NZD", D(482), D(1), D(482)) and found.between_currencies
    assert not receipt([], 1.0).between_currencies


def test_only_what_has_deductions_is_posted_to_the_cent() -> None:
    """Recorded: settlement-discount; 709.4416 is posted as 709.44."""
    discounted = receipt([reference("SINV-1", 723.92)], 709.4416, deductions=[deduction(14.48)])
    assert discounted.bank_amount == discounted.party_amount == D("709.44") and discounted.bank_side.amount == D("709.4416")
    assert receipt([], 709.4416).bank_amount == D("709.4416")


def test_what_a_refund_pays_back_is_a_part_and_of_other_payments_none() -> None:
    rows = [reference("PAY-0", -300.0, "Payment Entry")]
    refund = receipt(rows, 300.0, **{**PAID, "party_type": "Customer"})
    assert settled(refund) == [Part("Payment Entry", "PAY-0", D(-300))]
    assert settled(receipt(rows, 300.0)) == [] and receipt(rows, 300.0).parts


def test_what_it_says_of_payroll_and_employees_is_kept() -> None:
    assert receipt([reference("R-1", 5.0, "Payroll Entry")], 5.0).private == "payroll"
    # A reference that comes to nothing settles nothing, and says it all the same.
    said = receipt([reference("R-1", 0.0, "Expense Claim")], 5.0)
    assert (said.private, said.parts) == ("employee", ()) and [each.code for each in unsuitable(said)] == ["payment-other-party"]
    assert receipt([], 5.0).private == ""


def test_a_payment_type_that_erpnext_does_not_have_is_no_settlement() -> None:
    with pytest.raises(KeyError):
        settlement_of({**payment_entry([], 1.0), "payment_type": "Set Off"})


@pytest.mark.parametrize(("payment_type", "currency"), [("Receive", "USD"), ("Pay", "NZD")])
def test_the_currency_of_the_party_account_by_the_head_alone(payment_type: str, currency: str) -> None:
    head = {"payment_type": payment_type, "paid_from_account_currency": "USD", "paid_to_account_currency": "NZD"}
    assert party_account_currency(head) == currency


# A Journal Entry


def of(*rows: dict[str, Any], choices: Mapping | None = None, **changes: Any) -> Settlement:
    found = of_journal(journal_rows.read(entry(*rows, **changes), choices or mapping()))
    assert found is not None
    return found


def test_a_journal_of_another_case_is_no_settlement() -> None:
    assert of_journal(journal_rows.read(entry(bank(-5), plain(5)), mapping())) is None
    assert of_journal(journal_rows.read(entry(debtor(-50, "SI-1"), creditor(50, "PI-1")), mapping())) is None


def test_a_payment_by_journal_that_is_about_payroll_or_an_employee_is_no_settlement() -> None:
    paid = [bank(100), debtor(-100, "SI-1")]
    assert of(*paid).private == ""
    for said in ({"reference_type": "Payroll Entry"}, {"employee": "HR-EMP-7"}):
        assert of_journal(journal_rows.read(entry(*paid, plain(0, **said)), mapping())) is None


def test_a_transfer_by_journal() -> None:
    found = of(bank(-5), bank(5, "Till - KS"), cheque_no="C 9")
    assert found == Settlement(
        Identity("Journal Entry", "JV-1", CREATION),
        "2026-10-31",
        TRANSFER,
        leaves=Side("Bank - KS", "NZD", D(5), D(1), D(5)),
        arrives=Side("Till - KS", "NZD", D(5), D(1), D(5)),
        reference_number="C 9",
    )


def test_a_transfer_between_currencies_is_worth_the_same_on_both_sides() -> None:
    usd = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(-160, "Bank USD - KS", **usd), bank(160))
    assert found.leaves == Side("Bank USD - KS", "USD", D(100), D("1.6"), D(160))
    assert found.arrives == Side("Bank - KS", "NZD", D(160), D(1), D(160)) and found.between_currencies


def test_a_fee_kept_by_the_bank_is_a_deduction() -> None:
    found = of(bank(95), plain(5, cost_center="North - KS", user_remark="Card"), debtor(-100, "SI-1"))
    assert (found.kind, *found.named_party) == (RECEIVE, "Customer", "Rata Builders") and found.forward
    assert (found.party_amount, found.bank_amount, found.arrives.base) == (95, 95, 95)
    assert found.parts == (Part("Sales Invoice", "SI-1", D(100)),)
    assert found.deductions == (DeductionRow("Cost - KS", D(5), "Card", "North - KS"),)


def test_the_tax_of_a_deduction_is_one_too_and_the_journals_remark_says_what_rows_do_not() -> None:
    found = of(bank(95), plain(4.35), gst(0.65), debtor(-100, "SI-1"), user_remark="Fee of the card")
    assert [(row.account, row.amount, row.description) for row in found.deductions] == [
        ("Cost - KS", D("4.35"), "Fee of the card"),
        ("GST - KS", D("0.65"), "Fee of the card"),
    ]


def test_rows_of_one_invoice_are_one_part_and_one_without_an_invoice_is_none() -> None:
    found = of(bank(-100), creditor(60, "PI-1"), creditor(30, "PI-1"), creditor(10))
    assert (found.kind, found.parts) == (PAY, (Part("Purchase Invoice", "PI-1", D(90)),))
    assert (found.leaves.account, found.arrives.account) == ("Bank - KS", "Creditors - KS")


def test_dollars_of_a_customer_that_arrive_in_the_banks_currency() -> None:
    dollars = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(165), debtor(-160, "SI-1", **dollars), plain(-5, "FX - KS", is_exchange_account=True))
    assert found.leaves == Side("Debtors - KS", "USD", D(100), D("1.6"), D(165))
    assert found.arrives == Side("Bank - KS", "NZD", D(165), D(1), D(165))
    assert found.parts == (Part("Sales Invoice", "SI-1", D(100)),) and [row.exchange for row in found.deductions] == [True]


def test_dollars_less_a_fee_are_what_the_bank_moved_at_the_partys_rate() -> None:
    dollars = {"account_currency": "USD", "exchange_rate": 1.6, "credit_in_account_currency": 100.0}
    found = of(bank(144), debtor(-160, "SI-1", **dollars), plain(16))
    assert (found.party_amount, found.party_side.currency, found.bank_amount) == (90, "USD", 144)


def test_money_paid_back_is_negative_as_in_a_payment_entry() -> None:
    found = of(bank(-100), debtor(100, "SI-9", **RETURN))
    assert (found.kind, found.party_type, found.refund) == (PAY, "Customer", True)
    assert found.parts == (Part("Sales Invoice", "SI-9", D(-100)),)


@pytest.mark.parametrize(
    ("rows", "kind", "account", "part", "amount"),
    [
        ([debtor(-40, "SI-1"), plain(40)], RECEIVE, "Debtors - KS", Part("Sales Invoice", "SI-1", D(40)), D(40)),
        ([creditor(40, "PI-1"), plain(-40, "Sales - KS")], PAY, "Creditors - KS", Part("Purchase Invoice", "PI-1", D(40)), D(-40)),
    ],
)
def test_a_write_off_is_a_payment_of_nothing(
    rows: list[dict[str, Any]], kind: SettlementKind, account: str, part: Part, amount: Decimal
) -> None:
    found = of(*rows)
    nothing = Side("", "NZD", D(0), D(1), D(0))
    assert (found.kind, found.bank_side, found.party_side.account, found.party_amount) == (kind, nothing, account, 0)
    assert found.parts == (part,) and [row.amount for row in found.deductions] == [amount]
    account = rows[1]["account"]
    made = plan(found, mapping(deductions={account: chosen("Credit note")}), ["NZD"])
    assert not made.legs and [each.amount for each in made.allocations] == [40]


def test_a_set_off_moves_no_money_and_pays_both_sides_through_clearing() -> None:
    found = of(debtor(-50, "SI-1"), creditor(50, "PI-1"), choices=CLEARING)
    nothing = Side("", "NZD", D(0), D(1), D(0))
    assert (found.kind, found.leaves, found.arrives, found.named_party) == (SET_OFF, nothing, nothing, ("", ""))
    assert found.parts == (Part("Sales Invoice", "SI-1", D(50)), Part("Purchase Invoice", "PI-1", D(50)))
    assert unsuitable(found) == [] and not found.refund
    made = plan(found, CLEARING, ["NZD", "NZD"])
    assert [(leg.name, leg.moved, leg.reference, leg.clearing and leg.clearing.account_id) for leg in made.legs] == [
        ("SI-1", 50, "JV-1/1", "c1"),
        ("PI-1", 50, "JV-1/2", "c1"),
    ]
