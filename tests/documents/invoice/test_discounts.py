"""Discounts that ERPNext books on accounts of their own: discount accounting by line and by document, and cash discounts.

The ledger rows are those that ERPNext 15.71 books for such documents (`AccountsController.make_discount_gl_entries`, `get_tax_amounts` and its
own tests of "discount accounting"): what goes to Xero must come to the same on every account.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.mapping import Mapping
from picortex_xero.accounting.rounding import line_amount
from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.documents import fingerprint_2
from picortex_xero.documents.base import InXero, Plan
from picortex_xero.documents.credit_note.credit_note import credit_note
from picortex_xero.documents.credit_note.room import CreditNoteRoom
from picortex_xero.documents.decisions import Decision, Hold, Send, Skip
from picortex_xero.documents.fingerprint import of_invoice
from picortex_xero.documents.invoice import discounts
from picortex_xero.documents.invoice.room import InvoiceRoom
from tests.documents.invoice.scene import Scene, books, named, step
from tests.scene.documents import bill, codes_of, item, problems_of, returned, sales_invoice, tax_row, translated
from tests.scene.mapping import GST, mapping

D = Decimal
Doc = dict[str, Any]
ALLOWED, ALSO = "Discounts Allowed - KS", "Rebates - KS"
CODES = {**mapping().accounts, ALLOWED: "206", ALSO: "207"}


def choices(**changes: Any) -> Mapping:
    return mapping(**{"accounts": CODES, **changes})


def line(gross: float, unit_discount: float, qty: float = 1, account: str = ALLOWED, **changes: Any) -> Doc:
    """An item row after a discount per unit, exclusive of tax."""
    net = gross - unit_discount * qty
    return item(
        net,
        qty,
        **{
            "price_list_rate": gross / qty,
            "discount_amount": unit_discount,
            "discount_account": account,
            "base_net_amount": net,
            **changes,
        },
    )


def whole_discount(amount: float, *shares: float, on: str = "Net Total", **changes: Any) -> Doc:
    """A document of rows of 100.00 each (one for each share) with a discount of its own."""
    rows = [item(100.0 - share, distributed_discount_amount=share, amount=100.0, base_net_amount=100.0 - share) for share in shares]
    net = sum(row["net_amount"] for row in rows)
    tax = round(net * 0.15, 2)
    before = round(sum(row["amount"] for row in rows) * 0.15, 2) if on == "Grand Total" else tax
    found = sales_invoice(rows, [{**tax_row(tax), "tax_amount": before}], round(net + tax, 2))
    return {
        **found,
        "apply_discount_on": on,
        "discount_amount": amount,
        "base_discount_amount": amount,
        "additional_discount_account": ALLOWED,
        **changes,
    }


def cash(**changes: Any) -> Doc:
    """200.00 + 30.00 GST, less 10.00 in cash."""
    found = sales_invoice([item(200.0, base_net_amount=200.0)], [tax_row(30.0)], 220.0)
    return {
        **found,
        "apply_discount_on": "Grand Total",
        "is_cash_or_non_trade_discount": 1,
        "discount_amount": 10.0,
        "additional_discount_account": ALLOWED,
        **changes,
    }


def by_account(body: Doc) -> dict[str, Decimal]:
    """What the lines come to on each account, without tax."""
    assert body["LineAmountTypes"] == "Exclusive"
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in body["LineItems"]:
        found[each["AccountCode"]] += line_amount(each["Quantity"], each["UnitAmount"])
    return dict(found)


def lines(body: Doc) -> list[tuple[str, str, str]]:
    return [
        (each["AccountCode"], f"{line_amount(each['Quantity'], each['UnitAmount']):.2f}", each["TaxType"]) for each in body["LineItems"]
    ]


def gl(*rows: tuple[str, float, float]) -> list[Doc]:
    """Ledger rows: account, debit, credit."""
    return [{"account": account, "debit": debit, "credit": credit, "against_voucher_type": ""} for account, debit, credit in rows]


BY_LINE = sales_invoice([line(200.0, 20.0, 2), item(50.0, base_net_amount=50.0)], [tax_row(31.5)], 241.5)


@pytest.mark.case("F06")
def test_a_line_goes_gross_and_its_discount_on_its_own_account_with_the_same_tax() -> None:
    """Sales 250.00 and Discounts Allowed 40.00, as ERPNext books them; the totals are the document's."""
    made = translated(BY_LINE, choices())
    assert lines(made.body) == [("200", "200.00", "OUTPUT2"), ("206", "-40.00", "OUTPUT2"), ("200", "50.00", "OUTPUT2")]
    assert (made.total, made.tax) == (D("241.5"), D("31.5"))
    first = made.body["LineItems"][0]
    assert (first["Quantity"], first["UnitAmount"]) == (2, 100) and made.body["LineItems"][1]["Description"] == "Discount on Fence panel"
    assert [reason.account for reason in made.reasons] == ["200", "206", "200"]


@pytest.mark.case("F06")
def test_inclusive_prices_keep_the_hosts_own_figures() -> None:
    """ERPNext books the discount as typed, tax and all, on both accounts: Sales 101.96 less 15.00, tax 13.04."""
    row = {**tax_row(13.04), "included_in_print_rate": 1}
    doc = sales_invoice([line(101.96, 15.0, amount=100.0, net_amount=86.96, rate=100.0, net_rate=86.96)], [row], 100.0)
    made = translated(doc, choices())
    assert by_account(made.body) == {"200": D("101.96"), "206": D("-15.00")} and (made.total, made.tax) == (D(100), D("13.04"))
    plain = {**doc, "items": [{**doc["items"][0], "discount_account": None}]}
    assert translated(plain, choices()).body["LineAmountTypes"] == "Inclusive"


@pytest.mark.case("F06")
@pytest.mark.parametrize(
    ("doc", "accounts", "total", "tax"),
    [
        (whole_discount(30.0, 10.0, 20.0), {"200": "200", "206": "-30"}, "195.5", "25.5"),
        # A cent that ERPNext's rounding of the shares left over is on the discount's account, and a rounding line.
        (whole_discount(10.0, 3.33, 3.33, 3.33), {"200": "300", "206": "-10", "860": "0.01"}, "333.51", "43.50"),
        # Taken off the grand total: ERPNext books the tax from before, and the discount without tax.
        (whole_discount(23.0, 10.0, 10.0, on="Grand Total"), {"200": "200", "206": "-23"}, "207", "30"),
    ],
)
def test_a_documents_discount_is_on_its_account_as_in_the_ledger(doc: Doc, accounts: dict[str, str], total: str, tax: str) -> None:
    made = translated(doc, choices())
    assert by_account(made.body) == {account: D(amount) for account, amount in accounts.items()}
    assert (made.total, made.tax) == (D(total), D(tax))


@pytest.mark.case("F06")
def test_a_documents_discount_is_taxed_like_what_it_is_taken_off() -> None:
    doc = whole_discount(30.0, 10.0, 20.0)
    free = {**doc["items"][1], "item_tax_rate": json.dumps({"GST - KS": 0.0}), "item_tax_template": "Export - KS"}
    doc = {**doc, "items": [doc["items"][0], free], "taxes": [tax_row(13.5)], "grand_total": 183.5}
    made = translated(doc, choices())
    assert lines(made.body) == [
        ("200", "100.00", "OUTPUT2"),
        ("200", "100.00", "ZERORATED"),
        ("206", "-10.00", "OUTPUT2"),
        ("206", "-20.00", "ZERORATED"),
    ]
    assert (made.total, made.tax) == (D("183.5"), D("13.5"))


@pytest.mark.case("F06")
def test_both_kinds_of_discount_stand_on_their_accounts() -> None:
    doc = whole_discount(30.0, 10.0, 20.0)
    first = {**doc["items"][0], "discount_amount": 25.0, "discount_account": ALSO}
    made = translated({**doc, "items": [first, doc["items"][1]]}, choices())
    assert by_account(made.body) == {"200": D(225), "207": D(-25), "206": D(-30)} and made.total == D("195.5")


@pytest.mark.case("F06")
@pytest.mark.parametrize("doc", [BY_LINE, whole_discount(30.0, 10.0, 20.0), whole_discount(23.0, 10.0, 10.0, on="Grand Total"), cash()])
def test_a_return_mirrors_it(doc: Doc) -> None:
    back = returned(doc)
    for row in back["items"]:
        if "distributed_discount_amount" in row:
            row["distributed_discount_amount"] *= -1
    made, sold = credit_note(back, choices(), "c1"), translated(doc, choices())
    assert made.body["Type"] == "ACCRECCREDIT"
    assert lines(made.body) == lines(sold.body) and (made.total, made.tax) == (sold.total, sold.tax)


@pytest.mark.case("F06")
def test_a_deferred_line_is_gross_on_its_deferral_account() -> None:
    deferred = {"enable_deferred_revenue": 1, "deferred_revenue_account": "Deferred - KS"}
    doc = sales_invoice([line(200.0, 20.0, 2, **deferred)], [tax_row(24.0)], 184.0)
    made = translated(doc, choices(accounts={**CODES, "Deferred - KS": "830"}))
    assert lines(made.body) == [("830", "200.00", "OUTPUT2"), ("206", "-40.00", "OUTPUT2")]


@pytest.mark.case("F06")
def test_the_discount_has_the_tax_of_its_line_whatever_its_own_account_is() -> None:
    """A tax row for one class of accounts is that of the line's account; where Xero does not take it on the discount's, that is said."""
    capital = TaxType("CAPITAL", D(15))
    rows = {"class_taxes": {("Sales", "GST - KS @ 15", "", "Income"): GST, ("Sales", "GST - KS @ 15", "", "Expense"): capital}}
    classes = {"host_classes": {"Sales - KS": ("Income",), ALLOWED: ("Expense",)}}
    assert {tax for _, _, tax in lines(translated(BY_LINE, choices(**rows, **classes)).body)} == {"OUTPUT2"}
    revenue = TaxType("OUTPUT2", D(15), classes=frozenset({"REVENUE"}))
    taxes = {**mapping().taxes, ("Sales", "GST - KS @ 15", ""): revenue}
    (problem,) = problems_of(BY_LINE, choices(taxes=taxes, xero_classes={"200": "REVENUE", "206": "EXPENSE"}))
    assert problem.code == "tax-type-not-for-account" and ALLOWED in problem.resolution and "OUTPUT2" in problem.resolution


@pytest.mark.case("F06")
@pytest.mark.case("F09")
@pytest.mark.parametrize("doc", [BY_LINE, whole_discount(30.0, 10.0, 20.0), whole_discount(23.0, 10.0, 10.0, on="Grand Total"), cash()])
def test_its_account_has_to_be_mapped_and_no_default_stands_for_it(doc: Doc) -> None:
    default = {"default_accounts": {"Sales": "200", "Purchases": "310"}, "accounts": mapping().accounts}
    (problem,) = problems_of(doc, choices(**default))
    assert problem.code == "account-unmapped" and ALLOWED in problem.message and "under Accounts in Mapping" in problem.resolution


# Only where the ledger was booked so


BOOKED = gl(("Debtors - KS", 241.5, 0), ("GST - KS", 0, 31.5), ("Sales - KS", 0, 250.0), (ALLOWED, 40.0, 0))
NET = gl(("Debtors - KS", 241.5, 0), ("GST - KS", 0, 31.5), ("Sales - KS", 0, 210.0))


def sent_of(doc: Doc, ledger: list[Doc], enabled: bool = False) -> Doc:
    """The body that is sent for a document with this ledger."""
    scene = Scene(doc)
    scene.contact("Customer", doc["customer"])
    scene.ledger[named(doc)], scene.discount_accounting = ledger, enabled
    room = CreditNoteRoom if doc.get("is_return") else InvoiceRoom
    role = "credit" if doc.get("is_return") else "invoice"
    plan = scene.plan(room.actions[role], step(doc, role), doc, books(accounts=CODES))
    assert isinstance(plan, Plan), plan
    outcome = plan.decide(InXero()).outcome
    assert isinstance(outcome, Send)
    return outcome.translation.body


@pytest.mark.case("F06")
@pytest.mark.parametrize("enabled", [False, True])
def test_the_ledger_says_whether_it_was_booked_so_whatever_the_setting_is_now(enabled: bool) -> None:
    assert by_account(sent_of(BY_LINE, BOOKED, enabled)) == {"200": D(250), "206": D(-40)}
    assert by_account(sent_of(BY_LINE, NET, enabled)) == {"200": D(210)}


@pytest.mark.case("F06")
def test_a_draft_goes_by_the_setting() -> None:
    assert by_account(sent_of(BY_LINE, [], True)) == {"200": D(250), "206": D(-40)}
    assert by_account(sent_of(BY_LINE, [], False)) == {"200": D(210)}


@pytest.mark.case("F06")
def test_a_foreign_ledger_and_a_discount_account_with_other_rows_are_read_too() -> None:
    foreign = {**BY_LINE, "currency": "USD", "conversion_rate": 1.7}
    foreign["items"] = [{**row, "base_net_amount": row["net_amount"] * 1.7} for row in foreign["items"]]
    at_rate = [{**row, "debit": row["debit"] * 1.7, "credit": row["credit"] * 1.7} for row in BOOKED]
    assert by_account(sent_of(foreign, at_rate)) == {"200": D(250), "206": D(-40)}
    # The second row is sold on the discount's account: 50.00 of income there are no discount.
    mixed = {**BY_LINE, "items": [BY_LINE["items"][0], {**BY_LINE["items"][1], "income_account": ALLOWED}]}
    assert by_account(sent_of(mixed, gl(("Sales - KS", 0, 160.0), (ALLOWED, 0, 50.0)))) == {"200": D(160), "206": D(50)}
    assert by_account(sent_of(mixed, gl(("Sales - KS", 0, 200.0), (ALLOWED, 0, 10.0)))) == {"200": D(200), "206": D(10)}


@pytest.mark.case("F06")
def test_a_return_is_read_from_its_own_ledger() -> None:
    back = returned(BY_LINE, customer=BY_LINE["customer"])
    for row in back["items"]:
        row["base_net_amount"] = row["net_amount"]
    booked = [{**row, "debit": row["credit"], "credit": row["debit"]} for row in BOOKED]
    assert by_account(sent_of(back, booked)) == {"200": D(250), "206": D(-40)}
    assert by_account(sent_of(back, [{**row, "debit": row["credit"], "credit": row["debit"]} for row in NET])) == {"200": D(210)}


@pytest.mark.case("F06")
def test_bills_have_no_discount_accounting_on_15_and_would_be_read_the_same_way() -> None:
    """ERPNext 15.71 calls `make_discount_gl_entries` for sales alone; a bill whose ledger shows it all the same is mirrored."""
    row = line(200.0, 20.0, 2, expense_account="Cost - KS")
    doc = bill([row], [tax_row(24.0)], 184.0)
    assert discounts.booked(doc, gl(("Cost - KS", 200.0, 0), (ALLOWED, 0, 40.0)), False)
    assert not discounts.booked(doc, gl(("Cost - KS", 160.0, 0)), True)
    assert lines(translated({**doc, discounts.BOOKED: True}, choices()).body) == [("310", "200.00", "INPUT2"), ("206", "-40.00", "INPUT2")]


@pytest.mark.case("F06")
def test_what_is_given_away_moves_income_and_discounts_where_these_are_accounted_for() -> None:
    """ERPNext books Sales 100.00 and Discounts 100.00 of a line at nothing, and nothing at all without discount accounting."""
    free = sales_invoice([line(100.0, 100.0)], [tax_row(0.0)], 0.0, base_grand_total=0.0)
    assert InvoiceRoom().nothing(free) is None
    rows = gl(("Sales - KS", 0, 100.0), (ALLOWED, 100.0, 0))
    assert lines(sent_of(free, rows)) == [("200", "100.00", "OUTPUT2"), ("206", "-100.00", "OUTPUT2")]
    scene = Scene(free)
    decision = scene.plan(InvoiceRoom.actions["invoice"], step(free, "invoice"), free, books(accounts=CODES))
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Skip) and decision.outcome.problem.code == "zero-total"
    plain = {**free, "items": [{**free["items"][0], "discount_account": None}]}
    assert InvoiceRoom().nothing(plain) is not None


@pytest.mark.case("F06")
def test_a_document_that_names_no_such_account_asks_for_no_ledger() -> None:
    plain = {**BY_LINE, "items": [{**row, "discount_account": None} for row in BY_LINE["items"]]}
    assert not discounts.named(plain) and discounts.named(BY_LINE) and not discounts.named(cash())
    assert by_account(translated(plain, choices()).body) == {"200": D(210)}


@pytest.mark.case("F06")
def test_a_sold_asset_among_such_lines_is_left_to_a_person() -> None:
    doc = {**BY_LINE, "items": [{**BY_LINE["items"][0], "is_fixed_asset": 1, "asset": "A-1"}, BY_LINE["items"][1]]}
    assert ("discount-with-asset", True) in codes_of(doc, choices(depreciation="Kept in Xero"))
    assert discounts.with_asset({**doc, discounts.BOOKED: False}) == []


@pytest.mark.case("F06")
def test_a_changed_discount_account_is_a_change_and_others_keep_their_hash() -> None:
    """ERPNext lets people change it on a submitted document and reposts its ledger."""
    other = {**BY_LINE, "items": [{**BY_LINE["items"][0], "discount_account": ALSO}, BY_LINE["items"][1]]}
    assert of_invoice(BY_LINE) != of_invoice(other)
    assert of_invoice(cash()) != of_invoice(cash(additional_discount_account=ALSO))
    unused = {**BY_LINE["items"][1], "discount_account": ALSO}
    assert of_invoice(BY_LINE) == of_invoice({**BY_LINE, "items": [BY_LINE["items"][0], unused]})


# Cash discounts


@pytest.mark.case("F09")
def test_a_cash_discount_is_a_line_without_tax_on_its_account() -> None:
    made = translated(cash(), choices())
    assert lines(made.body) == [("200", "200.00", "OUTPUT2"), ("206", "-10.00", "NONE")]
    assert (made.total, made.tax) == (220, 30)


@pytest.mark.case("F09")
def test_it_is_the_same_with_inclusive_prices_rounding_and_another_currency() -> None:
    row = {**tax_row(30.0), "included_in_print_rate": 1}
    assert lines(translated(cash(taxes=[row]), choices()).body) == lines(translated(cash(), choices()).body)
    rounded = translated(cash(discount_amount=10.3, grand_total=219.7, rounded_total=220.0), choices())
    assert by_account(rounded.body) == {"200": 200, "206": D("-10.3"), "860": D("0.3")} and rounded.total == 220
    foreign = translated(cash(currency="USD", conversion_rate=1.6), choices())
    assert by_account(foreign.body) == {"200": 200, "206": -10} and foreign.body["CurrencyRate"] == D("0.625")


@pytest.mark.case("F09")
@pytest.mark.parametrize("flags", [{"is_cash_or_non_trade_discount": 0}, {"apply_discount_on": "Net Total"}, {"discount_amount": 0.0}])
def test_only_what_erpnext_counts_as_one_is_one(flags: Doc) -> None:
    assert not discounts.is_cash(cash(**flags))


@pytest.mark.case("F09")
def test_a_cash_discount_and_a_discount_accounted_for_by_line() -> None:
    doc = cash(items=[line(240.0, 20.0, 2, net_amount=200.0, amount=200.0, account=ALSO)])
    assert by_account(translated(doc, choices()).body) == {"200": 240, "207": -40, "206": -10}
    rows = gl(("Sales - KS", 0, 200.0), (ALLOWED, 10.0, 0))
    assert by_account(sent_of(doc, rows)) == {"200": 200, "206": -10}


@pytest.mark.case("F09")
def test_one_without_an_account_is_refused_in_words_about_it() -> None:
    (problem,) = problems_of(cash(additional_discount_account=None), choices())
    assert problem.code == "discount-account-missing" and "cash discount of 10" in problem.message and problem.resolution


def test_a_held_decision_names_the_discounts_account() -> None:
    scene = Scene(cash())
    scene.contact("Customer", cash()["customer"])
    decision = scene.plan(InvoiceRoom.actions["invoice"], step(cash(), "invoice"), cash(), books())
    assert isinstance(decision, Decision) and isinstance(decision.outcome, Hold)
    assert [problem.code for problem in decision.outcome.problems] == ["account-unmapped"]


# Together with tracking, descriptions, typed tax


TRACKED = {"tracking": {"North - KS": ("Branch", "North"), "Main - KS": ("Branch", "Main")}}


@pytest.mark.case("F06")
def test_a_discount_is_tracked_like_what_it_is_taken_off_and_a_cash_discount_as_its_document() -> None:
    lined = translated(
        {**BY_LINE, "items": [{**BY_LINE["items"][0], "cost_center": "North - KS"}, BY_LINE["items"][1]]}, choices(**TRACKED)
    )
    assert [each["Tracking"] for each in lined.body["LineItems"][:2]] == [[{"Name": "Branch", "Option": "North"}]] * 2
    paid = translated(cash(cost_center="Main - KS"), choices(**TRACKED))
    assert paid.body["LineItems"][-1]["Tracking"] == [{"Name": "Branch", "Option": "Main"}] and paid.said == ()


@pytest.mark.case("F06")
def test_a_discount_of_a_cost_center_without_tracking_waits_or_says_so() -> None:
    doc = cash(cost_center="South - KS")
    assert codes_of(doc, choices(missing_tracking="Hold", **TRACKED)) == [("tracking-unmapped", False)]
    assert "South - KS" in translated(doc, choices(**TRACKED)).said[0]


@pytest.mark.case("F06")
def test_a_discount_says_what_it_is_taken_off_without_all_that_was_typed_about_it() -> None:
    rows = [{**BY_LINE["items"][0], "item_name": "Gate &amp; post", "description": "<p>Galvanised</p>"}, BY_LINE["items"][1]]
    gross, discount, *_ = translated({**BY_LINE, "items": rows}, choices()).body["LineItems"]
    assert gross["Description"].startswith("Gate & post") and gross["Description"].endswith("Galvanised")
    assert discount["Description"] == "Discount on Gate & post"


@pytest.mark.case("F06")
def test_tax_typed_for_all_of_it_is_spread_and_no_discount_is_left_without_its_tax() -> None:
    """Of 200.00 less 40.00, and 50.00: 31.50 is the tax of what is left, 37.50 that of what stands before the discount."""
    typed = [{**tax_row(31.5), "charge_type": "Actual", "rate": 0.0}]
    made = translated({**BY_LINE, "taxes": typed}, choices())
    assert [(each["TaxType"], each["TaxAmount"]) for each in made.body["LineItems"]] == [
        ("OUTPUT2", D(30)), ("OUTPUT2", D(-6)), ("OUTPUT2", D("7.5")),
    ]  # fmt: skip
    # Before the discount, or of one line alone: that would be told apart only by leaving the discount without tax.
    for amount in (37.5, 30.0):
        more = [{**typed[0], "tax_amount": amount, "tax_amount_after_discount_amount": amount}]
        assert codes_of({**BY_LINE, "taxes": more, "grand_total": 210.0 + amount, "rounded_total": 0.0}, choices()) == [("tax-typed", True)]


@pytest.mark.case("F06")
def test_a_link_of_a_former_release_knows_nothing_of_discount_accounts() -> None:
    """Its hash is by a formula that never changes: no such document looks changed."""
    other = {**BY_LINE, "items": [{**BY_LINE["items"][0], "discount_account": ALSO}, BY_LINE["items"][1]]}
    assert fingerprint_2.of_invoice(BY_LINE) == fingerprint_2.of_invoice(other)
