"""Payments as a real ERPNext left them (sandbox/erp/recorded), and what each becomes in Xero, case by case.

What a person or a later document settles is a fact of the recording; the expected figures are written out here by hand.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from picortex_xero.accounting.mapping import ClearingAccount, Mapping, PaymentAccount
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents.settlement.breakdown import break_down, unallocated
from picortex_xero.documents.settlement.clearing import clearing_leg
from picortex_xero.documents.settlement.deduction_credit_note import discount_note
from picortex_xero.documents.settlement.fee import fee
from picortex_xero.documents.settlement.not_for_xero import problems_before
from picortex_xero.documents.settlement.overpayment import overpayment
from picortex_xero.documents.settlement.prepayment import is_prepayment, prepayment
from picortex_xero.documents.settlement.settlement import Settlement, SettlementKind, settled
from picortex_xero.documents.settlement.transfer import transfer
from sandbox import erp
from tests.scene.documents import SITE, settlement_of
from tests.scene.mapping import chosen

D = Decimal
BASE = {"NZ": "NZD", "AU": "AUD", "US": "USD"}
OUT, NONE = TaxType("OUTPUT2", D(15)), TaxType("NONE", D(0))


@cache
def recorded() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Events of every case by name and country, but the ones of masters."""
    return {(case["case"], case["company"]): case["events"] for _, case in erp.cases()}


def payments(case: str, country: str = "NZ") -> list[dict[str, Any]]:
    """The Payment Entries of a case as they were submitted, in order."""
    docs = [event["doc"] for event in recorded()[case, country] if event["event"] == "submit" and event["doctype"] == "Payment Entry"]
    assert docs, f"{case} has no payment"
    return docs


def currency(case: str, country: str, name: str) -> str:
    return next(event["doc"]["currency"] for event in recorded()[case, country] if "doc" in event and event["name"] == name)


def choices(country: str, abbreviation: str, clearing: bool = True) -> Mapping:
    """What the accountant of the recorded company would have chosen."""
    suffix = f" - {abbreviation}"
    fees, credits = ("Bank Fees", "Merchant Fees"), {"Bad Debts": NONE, "Discounts Allowed": OUT, "Discounts Taken": NONE}
    banks = {"Trading Account": BASE[country], "Operating Account": BASE[country], "USD Account": "USD", "AUD Account": "AUD"}
    codes = {
        **dict.fromkeys(fees, "404"),
        "Bad Debts": "402",
        "Discounts Allowed": "206",
        "Discounts Taken": "260",
        "Customer Advances": "835",
    }
    return Mapping(
        BASE[country],
        "AUTHORISED",
        accounts={name + suffix: code for name, code in codes.items()},
        taxes={("Sales", f"GST{suffix} @ 15", ""): OUT},
        payment_accounts={name + suffix: PaymentAccount(name, of) for name, of in banks.items()},
        no_tax_type="NONE",
        deductions={
            **{name + suffix: chosen("Fee", NONE) for name in fees},
            **{name + suffix: chosen("Credit note", kind) for name, kind in credits.items()},
        },
        clearing=ClearingAccount("855-id", "855") if clearing else None,
        advance_accounts={"Sales": "836", "Purchases": "620"},
    )


def becomes(case: str, doc: dict[str, Any], country: str = "NZ", clearing: bool = True) -> list[str]:
    """What a payment becomes, one line for each record in Xero; "held: codes" where it stays with a person."""
    mapping, settlement = choices(country, doc["paid_to"].rpartition(" - ")[2], clearing), settlement_of(doc)
    try:
        if settlement.kind is SettlementKind.TRANSFER:
            return moved(settlement, mapping)
        if problems := problems_before(settlement):
            raise Refused(problems)
        names = {part.name: currency(case, country, part.name) for part in settled(settlement)}
        if settlement.forward and (is_prepayment(settlement) or unallocated(settlement)):
            made = (prepayment if is_prepayment(settlement) else overpayment)(settlement, mapping, "c", SITE, "k", 1, names)
            line = made.body["LineItems"][0]
            return [f"{made.body['Type']} {made.total} {line.get('AccountCode', '')} {line.get('TaxType', '')} {made.tax or ''}".strip()]
        if unallocated(settlement):
            return [f"waits for what {unallocated(settlement)} of it pays back"]
        return paid(settlement, mapping, list(names.values()))
    except Refused as refused:
        assert all(problem.held and problem.resolution for problem in refused.problems), refused.problems
        return [f"held: {', '.join(problem.code for problem in refused.problems)}"]


def moved(settlement: Settlement, mapping: Mapping) -> list[str]:
    if not (settlement.between_currencies and mapping.clearing):
        return [f"transfer {transfer(settlement, mapping).total}"]
    legs = [clearing_leg(settlement, mapping, what, "c", "") for what in ("SPEND", "RECEIVE")]
    return [f"{leg.body['Type']} {leg.body['BankAccount']['AccountID']} {leg.total} at {leg.body.get('CurrencyRate', 1)}" for leg in legs]


def paid(settlement: Settlement, mapping: Mapping, currencies: list[str]) -> list[str]:
    made = break_down(settlement, mapping, currencies)
    lines = [
        f"pay {leg.name} {leg.amount:.2f} from {leg.clearing.account_id if leg.clearing else 'bank'} {leg.moved:.2f}" for leg in made.legs
    ]
    for number in range(1, len(made.fees) + 1):
        spent = fee(settlement, mapping, made, number, "c", "")
        lines.append(f"{spent.body['Type']} {spent.total} {spent.body['LineItems'][0]['AccountCode']}")
    if made.credits:
        note = discount_note(settlement, mapping, made, "c")
        lines.append(f"{note.body['Type']} {note.total} with tax {note.tax}")
    for each in made.allocations:
        lines.append(
            f"allocate {made.parts[each.credit].name if each.credit is not None else 'own'} {each.amount:.2f} to {made.parts[each.invoice].name}"
        )
    if made.crosses:
        leg = clearing_leg(settlement, mapping, "RECEIVE", "c", "")
        lines.append(f"{leg.body['Type']} {leg.body['BankAccount']['AccountID']} {leg.total} at {leg.body['CurrencyRate']}")
    return lines


CASES = [
    ("bank-fee", "NZ", [["pay KO-SI-00065 708.92 from bank 708.92", "pay KO-SI-00065 15.00 from fees-clearing 15.00", "SPEND 15.0 404"]]),
    (
        "merchant-fee",
        "NZ",
        [["pay KO-SI-00066 704.26 from bank 704.26", "pay KO-SI-00066 19.66 from fees-clearing 19.66", "SPEND 19.66 404"]],
    ),
    (
        "bank-fee-foreign",
        "NZ",
        [["pay KO-SI-00067 286.90 from bank 482.00", "pay KO-SI-00067 7.15 from fees-clearing 12.01", "SPEND 12.01 404"]],
    ),
    ("bank-fee-twice", "NZ", [["held: overpayment-two-currencies, overpayment-other-currency, deduction-and-advance"]]),
    (
        "write-off-deduction",
        "NZ",
        [["pay KO-SI-00064 719.07 from bank 719.07", "ACCRECCREDIT 4.85 with tax 0.00", "allocate own 4.85 to KO-SI-00064"]],
    ),
    (
        "supplier-deduction",
        "NZ",
        [["pay KO-PI-00029 674.84 from bank 674.84", "ACCPAYCREDIT 3.20 with tax 0.00", "allocate own 3.20 to KO-PI-00029"]],
    ),
    (
        "settlement-discount",
        "NZ",
        [
            ["pay KO-SI-00069 709.44 from bank 709.44", "ACCRECCREDIT 14.48 with tax 1.89", "allocate own 14.48 to KO-SI-00069"],
            ["pay KO-SI-00070 709.44 from bank 709.44", "ACCRECCREDIT 14.48 with tax 1.89", "allocate own 14.48 to KO-SI-00070"],
        ],
    ),
    ("us-bill-use-tax", "US", [["pay SM-PI-00001 107.20 from bank 107.20"]]),
    ("overpayment", "NZ", [["RECEIVE-OVERPAYMENT 773.92"], ["waits for what 50.0 of it pays back"]]),
    ("advance-refunded", "NZ", [["RECEIVE-OVERPAYMENT 300.0"], ["waits for what 300.0 of it pays back"]]),
    ("advance-sales-order", "NZ", [["RECEIVE-PREPAYMENT 250.0 836 NONE"]]),
    ("advance-purchase-order", "NZ", [["SPEND-PREPAYMENT 150.0 620 NONE"]]),
    ("advance-with-tax", "NZ", [["RECEIVE-PREPAYMENT 1150.0 836 OUTPUT2 150.0"]]),
    ("advance-separate-account", "NZ", [["RECEIVE-PREPAYMENT 400.0 835 NONE"], ["pay KO-SI-00061 100.00 from bank 100.00"]]),
    ("advance-foreign-then-invoice", "NZ", [["RECEIVE-OVERPAYMENT 200.0"]]),
    ("reconcile-foreign", "NZ", [["RECEIVE-OVERPAYMENT 250.0"]]),
    (
        "payment-nets-credit-note",
        "NZ",
        [
            [
                "pay KO-SI-00048 361.96 from bank 361.96",
                "pay KO-SI-00049 562.35 from bank 562.35",
                "allocate KO-SI-00050 361.96 to KO-SI-00048",
            ]
        ],
    ),
    ("bill-payment-nets-debit-note", "NZ", [["pay KO-PI-00025 508.53 from bank 508.53", "allocate KO-PI-00026 169.51 to KO-PI-00025"]]),
    ("return-refunded", "NZ", [["pay KO-SI-00091 901.60 from bank 901.60"], ["pay KO-SI-00092 901.60 from bank 901.60"]]),
    (
        "return-refunded-in-part",
        "NZ",
        [
            ["pay KO-SI-00093 901.60 from bank 901.60"],
            ["pay KO-SI-00094 100.00 from bank 100.00"],
            ["pay KO-SI-00094 350.80 from bank 350.80"],
        ],
    ),
    ("debit-note-refunded", "NZ", [["pay KO-PI-00042 678.04 from bank 678.04"], ["pay KO-PI-00043 339.02 from bank 339.02"]]),
    ("transfer-two-currencies", "NZ", [["SPEND USD Account 1000.0 at 0.599449", "RECEIVE Trading Account 1668.2 at 1"]]),
    ("transfer-foreign-both", "NZ", [["SPEND USD Account 1000.0 at 0.599449", "RECEIVE AUD Account 1520.0 at 0.911162"]]),
    ("cross-currency-payment", "NZ", [["pay KO-SI-00071 294.05 from 855-id 491.06", "RECEIVE AUD Account 450.52 at 0.917444"]]),
    ("payment-employee", "NZ", [["held: payment-other-party"]]),
    ("journal-payable-paid", "NZ", [["held: settles-no-invoice"]]),
    ("withholding-bill", "NZ", [["pay KO-PI-00013 1050.00 from bank 1050.00"]]),
]


@pytest.mark.parametrize(("case", "country", "expected"), CASES, ids=[case for case, _, _ in CASES])
def test_each_recorded_payment_becomes_what_an_accountant_would_enter(case: str, country: str, expected: list[list[str]]) -> None:
    assert [becomes(case, doc, country) for doc in payments(case, country)] == expected


def test_the_same_fee_in_another_country() -> None:
    (doc,) = payments("bank-fee-au", "AU")
    found = becomes("bank-fee-au", doc, "AU")
    assert [line.split(" ")[0] for line in found] == ["pay", "pay", "SPEND"] and found[2] == "SPEND 15.0 404"


@pytest.mark.parametrize("case", ["transfer-two-currencies", "transfer-foreign-both", "cross-currency-payment"])
def test_without_a_clearing_account_it_is_held(case: str) -> None:
    (doc,) = payments(case)
    found = becomes(case, doc, clearing=False)
    # Between a document and a third currency only the translator, which sees the document, can tell.
    assert found == ["held: transfer-two-currencies"] or case == "cross-currency-payment" and "855-id" not in found[0]


def test_an_advance_that_is_paid_back_names_its_refund() -> None:
    """What Payment Reconciliation writes: the reference is on the advance alone, and the refund stays unallocated in the host."""
    (tool,) = [event for event in recorded()["advance-refunded", "NZ"] if event["event"] == "tool"]
    (receipt,) = [doc for doc in tool["after"] if doc["name"] == "KO-PAY-00024"]
    (row,) = receipt["references"]
    assert (row["reference_doctype"], row["reference_name"], row["allocated_amount"]) == ("Payment Entry", "KO-PAY-00025", 300.0)
    assert not settled(settlement_of(receipt)) and unallocated(settlement_of(receipt)) == 300
    refund = payments("advance-refunded")[1]
    known = {**refund, "references": [{**row, "reference_name": receipt["name"], "allocated_amount": -300.0}]}
    mapping = choices("NZ", "KO")
    assert [(leg.name, leg.amount) for leg in break_down(settlement_of(known), mapping, ["NZD"]).legs] == [("KO-PAY-00024", 300)]
