"""Certification checkpoint T21 (self-assessed): every tax type of each region on every class of accounts. What a mapping may say is what Xero takes,
and no document is sent that Xero refuses; the simulator's own code judges.

That the screen and the DocType allow the same, with Xero asked over HTTP: tests/e2e/test_taxes.py.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from picortex_xero.accounting import xero_now
from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.problems import Refused
from picortex_xero.accounting.tax import is_fixed
from picortex_xero.accounting.tax_types import HOST_CLASSES, listed, objection
from picortex_xero.documents.still_in_xero import objections
from sandbox.rig import COUNTRIES, MAPPINGS
from sandbox.xero import contacts, documents, lines
from sandbox.xero.organisation import CLASSES, Organisation, add_account
from sandbox.xero.refusals import Refused as RefusedByXero
from sandbox.xero.resources import bank_transactions, manual_journals
from sandbox.xero.resources.invoices import KIND
from sandbox.xero.resources.settings import show_account, show_tax_rate
from sandbox.xero.world import Call, World
from tests.scene.documents import bill, item, sales_invoice, tax_row, translated
from tests.scene.organisation_choices import choices, organisation
from tests.scene.tax_matrix import CODE, DIRECTIONS, TYPES, key_for

GST_ACCOUNT = "GST - KS"
# What the app keeps of an account that says whether it is there and what it is.
LISTED = ("AccountID", "Code", "Status", "Type", "EnablePaymentsToAccount")
Row = dict[str, Any]


@cache
def books(country: str) -> Call:
    """An organisation of the region with an account of each class and a contact, as a call that writes into it."""
    org = copy.deepcopy(organisation(country))
    for name, kind in TYPES.items():
        add_account(org, {"Code": CODE[name], "Name": f"Matrix {name}", "Type": kind, "Class": CLASSES[kind], "TaxType": ""})
    call = Call(World(), org, "PUT", "/Invoices", {"unitdp": "4"}, {}, b"")
    contacts.of_document(call, {"Name": "Rata Builders"})
    return call


def rates(country: str) -> dict[str, Row]:
    """Each tax type of the region as Xero lists it."""
    return {code: show_tax_rate(rate) for code, rate in books(country).org.tax_rates.items()}


def taken(country: str, code: str, tax_type: str, side: str = "PURCHASE") -> bool:
    """Whether the simulator posts a line with this tax type on this account."""
    line = {"Description": "x", "UnitAmount": "100", "TaxType": tax_type, "AccountCode": code}
    try:
        lines.work_out(lines.LineContext(books(country).org, side, "Exclusive", True, True), [line], [], {})
    except RefusedByXero:
        return False
    return True


def gst(country: str) -> str:
    """The code of the organisation's own tax account."""
    return next(each["Code"] for each in books(country).org.accounts.values() if each.get("SystemAccount") == "GST")


def cases(country: str) -> Iterator[tuple[str, Row, str]]:
    """(tax type, its element, direction)."""
    for tax_type, element in rates(country).items():
        for direction in DIRECTIONS:
            yield tax_type, element, direction


@pytest.mark.parametrize("country", COUNTRIES)
def test_t21_a_row_for_a_class_of_accounts_is_saved_where_xero_posts_the_type(country: str) -> None:
    allowed = 0
    for tax_type, element, direction in cases(country):
        for name in HOST_CLASSES:
            saved = not objection(element, direction, key_for(element, direction, by_class=True), name)
            assert saved == taken(country, CODE[name], tax_type), (tax_type, direction, name)
            allowed += saved
            assert objection({**element, "Status": "ARCHIVED"}, direction, key_for(element, direction), name)
    assert allowed > 30


@pytest.mark.parametrize("country", COUNTRIES)
def test_t21_a_general_row_is_saved_where_documents_of_its_direction_can_carry_the_type(country: str) -> None:
    """On the accounts that such documents are of: income of sales, cost of purchases, or an asset or a tax account where Xero takes the type on
    nothing else."""
    usual = {"Sales": CODE["Income"], "Purchases": CODE["Expense"]}
    for tax_type, element, direction in cases(country):
        saved = not objection(element, direction, key_for(element, direction), "")
        posted = {way: taken(country, code, tax_type) for way, code in usual.items()}
        if any(posted.values()):
            assert saved == posted[direction], (tax_type, direction)
        elif saved:
            assert taken(country, CODE["Fixed Asset"], tax_type) or taken(country, gst(country), tax_type), (tax_type, direction)
    neither = {code for code, element, _direction in cases(country) if not any(taken(country, each, code) for each in usual.values())}
    for tax_type in neither - {"AVALARA"}:
        element = rates(country)[tax_type]
        ways = [way for way in DIRECTIONS if not objection(element, way, key_for(element, way), "")]
        assert len(ways) == 1, f"{tax_type} is for sales or for purchases"


@cache
def chosen_before(country: str) -> Mapping:
    """What the admin of the region chose besides, with what Xero's lists say of its accounts."""
    coded = [each for each in books(country).org.accounts.values() if each.get("Code")]
    return replace(
        choices(country, {"abbr": "KS", "masters": {"Account": []}}),
        xero_classes={each["Code"]: each["Class"] for each in coded},
        now=xero_now.listed({"accounts": [{name: show_account(each).get(name) for name in LISTED} for each in coded], "tracking": []}),
    )


def choice(country: str, tax_type: str, direction: str, name: str, by_class: bool) -> Mapping:
    """One tax mapped to the type, one account to the account of its class."""
    element, made = rates(country)[tax_type], chosen_before(country)
    key, known = key_for(element, direction), listed(element)
    return replace(
        made,
        accounts={"Matrix - KS": CODE[name], GST_ACCOUNT: gst(country)},
        taxes={} if by_class else {(direction, key, ""): known},
        class_taxes={(direction, key, "", name): known} if by_class else {},
        host_classes={"Matrix - KS": ("Fixed Asset", "Asset") if name == "Fixed Asset" else (name,)},
    )


def document(country: str, element: Row, direction: str) -> Row:
    """One line of 10,000.00 with the tax that the type stands for, as ERPNext has it."""
    key, rate = key_for(element, direction), Decimal(str(element["EffectiveRate"]))
    tax = float(rate * 100)
    if is_fixed(key):
        rows, due = [tax_row(40.0, charge_type="Actual", rate=0.0)], 10_040.0
    elif " + " in key:
        rows, due = [tax_row(tax, rate=float(rate)), tax_row(tax, rate=float(rate), add_deduct_tax="Deduct")], 10_000.0
    elif key == "No tax":
        rows, due = [], 10_000.0
    else:
        rows, due = [tax_row(tax, rate=float(rate))], 10_000 + tax
    line = item(10_000.0, income_account="Matrix - KS", expense_account="Matrix - KS")
    make = sales_invoice if direction == "Sales" else bill
    return make([line], rows, due, currency=books(country).org.currency, customer="Rata Builders")


@pytest.mark.parametrize("country", COUNTRIES)
def test_t21_no_document_is_sent_that_xero_refuses_and_none_held_that_it_takes(country: str) -> None:
    call, sent, held = books(country), 0, 0
    contact = next(iter(call.org.of("Contacts")))
    for tax_type, element, direction in cases(country):
        fixed = is_fixed(key_for(element, direction))
        for name in HOST_CLASSES:
            for by_class in (False, True):
                if objection(element, direction, key_for(element, direction), name if by_class else "") or (by_class and fixed):
                    continue
                chosen, doc = choice(country, tax_type, direction, name, by_class), document(country, element, direction)
                try:
                    body = translated(doc, chosen).body
                except Refused as refused:
                    (code,) = {problem.code for problem in refused.problems}
                    # A fixed asset gets a type for capital goods where there is one, which is asked for; tax on imports beside a line
                    # without a tax of its own says nothing of that line's.
                    asked = code == "tax-unmapped" and (fixed or (name == "Fixed Asset" and not by_class))
                    assert asked or (code == "tax-type-not-for-account" and not taken(country, CODE[name], tax_type)), (
                        tax_type,
                        name,
                        code,
                    )
                    held += 1
                    continue
                number = f"{tax_type}-{direction}-{name}-{by_class}"
                assert objections(body, chosen) == [], "the last look finds nothing more"
                made = documents.create(call, KIND, {**body, "InvoiceNumber": number, "Contact": {"ContactID": contact}}, [])
                assert tax_type in {line["TaxType"] for line in made["lines"]}
                sent += 1
    assert sent > 30 and held, (sent, held)


@pytest.mark.parametrize("country", COUNTRIES)
def test_t21_the_last_look_at_any_line_is_xeros_own(country: str) -> None:
    """Of invoices, money spent and received, advances and manual journals alike: held where the simulator refuses, and only there."""
    org: Organisation = books(country).org
    bank = next(each for each in org.accounts.values() if each["Type"] == "BANK")
    banked = {
        "Contact": {"Name": "Rata Builders"},
        "BankAccount": {"AccountID": bank["AccountID"]},
        "Date": "2026-10-05",
        "Status": "AUTHORISED",
    }
    other = MAPPINGS[country]["no_tax_type"]
    for tax_type in rates(country):
        chosen = choice(country, tax_type, "Sales", "Asset", False)
        for name in HOST_CLASSES:
            line = {"Description": "x", "Quantity": 1, "UnitAmount": 100, "AccountCode": CODE[name], "TaxType": tax_type}
            leg = {"LineAmount": 100, "AccountCode": CODE[name], "TaxType": tax_type}
            back = {"LineAmount": -100, "AccountCode": CODE["Liability"], "TaxType": other}
            bodies = {
                "spent": {"Type": "SPEND", "LineItems": [line], **banked},
                "advance": {"Type": "RECEIVE-PREPAYMENT", "LineItems": [line], **banked},
                "journal": {"Narration": "x", "Date": "2026-10-05", "Status": "POSTED", "JournalLines": [leg, back]},
            }
            for what, body in bodies.items():
                codes = {each.code for each in objections(body, chosen)}
                assert codes <= {"tax-type-not-for-account", "tax-type-gone"}
                try:
                    create = manual_journals.create if what == "journal" else bank_transactions.create
                    create(books(country), body, [])
                except RefusedByXero as refused:
                    assert codes, (what, tax_type, name, refused.messages)
                else:
                    assert not codes, (what, tax_type, name)
