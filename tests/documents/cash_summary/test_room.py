"""A cash summary as it goes to Xero, what speaks against it, and that no document is counted in one and in Xero at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.tax_types import TaxType
from picortex_xero.accounting.xero_now import XeroNow
from picortex_xero.documents import deciding, readiness, registry
from picortex_xero.documents.base import Books, Plan, Ready
from picortex_xero.documents.cash_summary.counted import COUNTED, Counted, is_skipped, left
from picortex_xero.documents.cash_summary.summary import booking
from picortex_xero.documents.decisions import Ask, Decision, Hold, MakeAnew, Wait, overtaken
from picortex_xero.documents.needs import Facts
from picortex_xero.documents.periods import Periods
from picortex_xero.documents.step import Step
from tests.documents.rules.scene import Ruled, policy, rule
from tests.documents.scene import PAID, books, named, step, who
from tests.scene.mapping import GST, NONE, mapping

RULED = replace(books(), rules=policy(rule("Till", "Skip")))


def row(doc: dict[str, Any], amount: float, rule: str = "Till", worth: float = 0.0) -> dict[str, Any]:
    return {
        "reference_doctype": doc["doctype"],
        "reference_name": doc["name"],
        "reference_creation": who(doc).creation,
        "rule": rule,
        "amount": amount,
        "base_amount": worth or amount,
        "counted_key": f"{doc['doctype']} {doc['name']}",
    }


def summary(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "doctype": "Xero Cash Summary",
        "name": "Cash-2026-11-27-1",
        "creation": "2026-11-28 00:10:00.000000",
        "docstatus": 1,
        "company": "Kauri Services",
        "account": "Bank - KS",
        "posting_date": "2026-11-27",
        "direction": "Received",
        "currency": "NZD",
        "total": sum(each["amount"] for each in rows),
        "base_total": sum(each["base_amount"] for each in rows),
        "against_account": "Sales - KS",
        "rows": list(rows),
        **more,
    }


OTHER = {**PAID, "name": "PE-2"}
THIRD = {**PAID, "name": "PE-3"}


class Counting(Ruled):
    """A scene in which documents are skipped, and summaries count them."""

    def __init__(self, *documents: dict[str, Any]) -> None:
        super().__init__(*documents)
        self.counted: list[Counted] = []

    def skipped(self, doc: dict[str, Any]) -> Step:
        self.documents[named(doc)] = doc
        return self.step(doc, "payment", "Skipped", reason_code="rule-skipped", rule="Till")

    def _answer(self, fact: Any, key: Any) -> Any:
        return self.counted if fact is COUNTED else super()._answer(fact, key)

    def decide(self, one: Step, doc: dict[str, Any], its: Books) -> Plan | Decision:
        """As the engine decides: with what every step needs."""
        action = registry.action(one, doc)
        assert action is not None
        self.steps.append(one)
        facts = self.facts(lambda known: deciding.needs(one, doc, action, known, its))
        return deciding.decide(one, doc, action, facts, its)


def element(doc: dict[str, Any], its: Books = RULED) -> dict[str, Any]:
    scene = Counting(doc)
    scene.contact("Company", "Kauri Services", "own")
    for each in (PAID, OTHER, THIRD):
        scene.skipped(each)
    made = scene.decide(step(doc, "summary"), doc, its)
    assert isinstance(made, Ready), made
    assert made.kind.name == "bank-transaction"
    return dict(made.translation.body)


def problems(doc: dict[str, Any], its: Books = RULED) -> list[str]:
    scene = Counting(doc)
    for each in (PAID, OTHER, THIRD):
        scene.skipped(each)
    made = scene.decide(step(doc, "summary"), doc, its)
    assert isinstance(made, Decision) and isinstance(made.outcome, Hold), made
    return [each.code for each in made.outcome.problems]


def test_a_line_for_each_rule_and_a_reference_that_matches() -> None:
    made = element(summary(row(PAID, 100.0), row(OTHER, 20.5), row(THIRD, 7.0, "")))
    assert (made["Type"], made["Date"], made["BankAccount"], made["LineAmountTypes"]) == (
        "RECEIVE",
        "2026-11-27",
        {"AccountID": "bank-nzd"},
        "NoTax",
    )
    assert made["Reference"] == "Cash-2026-11-27-1 · 3 receipts" and made["Contact"] == {"ContactID": "own"}
    assert [(line["Description"], line["UnitAmount"], line["AccountCode"], line["TaxType"]) for line in made["LineItems"]] == [
        ("Sync settings: 1 receipt", Decimal(7), "200", "NONE"),
        ("Till: 2 receipts", Decimal("120.5"), "200", "NONE"),
    ]
    # Xero refuses an address with the word xero in it, which the form's has: the name in the Reference finds it again.
    assert "Url" not in made
    out = element(summary(row(PAID, 100.0), direction="Paid", against_account="Cost - KS", tax_type="INPUT2"), _with_tax())
    assert (out["Type"], out["Reference"], out["LineAmountTypes"]) == ("SPEND", "Cash-2026-11-27-1 · 1 payment", "Inclusive")
    assert [(line["AccountCode"], line["TaxType"]) for line in out["LineItems"]] == [("310", "INPUT2")]


def _with_tax(**more: Any) -> Books:
    types = {each.code: each for each in (GST, NONE, TaxType("INPUT2", Decimal(15)))}
    return replace(RULED, mapping=mapping(tax_types=types, **more))


def test_foreign_money_goes_in_its_own_currency_at_the_rate_of_its_worth() -> None:
    made = element(summary(row(PAID, 100.0, worth=160.0), row(OTHER, 50.0, worth=80.0), account="Bank USD - KS", currency="USD"))
    assert made["CurrencyRate"] == Decimal("0.625") and made["BankAccount"] == {"AccountID": "bank-usd"}
    assert sum(line["UnitAmount"] for line in made["LineItems"]) == 150


def test_by_name_where_one_is_chosen_for_journals_and_the_companys_own_else() -> None:
    doc = summary(row(PAID, 100.0))
    scene = Counting(doc)
    scene.skipped(PAID)
    asked = scene.decide(step(doc, "summary"), doc, RULED)
    assert isinstance(asked, Decision) and any(isinstance(each, Ask) and each.role == "contact" for each in asked.effects)
    named_ = scene.decide(step(doc, "summary"), doc, replace(RULED, mapping=mapping(journal_contact="Cash sales")))
    assert isinstance(named_, Plan) and named_.reads().contacts == {"Cash sales"}


@pytest.mark.parametrize(
    ("doc", "its", "expected"),
    [
        (summary(row(PAID, 1.0), account="Safe - KS"), RULED, "payment-account-unmapped"),
        (summary(row(PAID, 1.0), account="Bank USD - KS"), RULED, "payment-account-currency"),
        (summary(row(PAID, 1.0), against_account="Unmapped - KS"), RULED, "account-unmapped"),
        (summary(row(PAID, 1.0)), replace(RULED, mapping=mapping(no_tax_type="")), "no-tax-type-missing"),
        (summary(row(PAID, 1.0), tax_type="GONE"), _with_tax(), "tax-type-gone"),
        (
            summary(row(PAID, 1.0), tax_type="OUTPUT2"),
            replace(
                RULED,
                mapping=mapping(
                    tax_types={"OUTPUT2": replace(GST, classes=frozenset({"EXPENSE"}))}, xero_classes={"200": "REVENUE", "310": "EXPENSE"}
                ),
            ),
            "tax-type-not-for-account",
        ),
        (
            summary(row(PAID, 1.0)),
            replace(RULED, mapping=mapping(now=XeroNow(read=True, accounts={"200": ("a", "ARCHIVED")}, statuses={"bank-nzd": "ACTIVE"}, banks=frozenset({"bank-nzd"})))),
            "account-archived",
        ),
        (summary(row(PAID, 1.0)), replace(RULED, periods=Periods(filed_until="2026-11-27")), "tax-filed"),
    ],
)  # fmt: skip
def test_what_could_not_be_posted_so_is_held(doc: dict[str, Any], its: Books, expected: str) -> None:
    found = problems(doc, its)
    assert found == [expected]


def test_whoever_chooses_is_told_at_once() -> None:
    its = mapping()
    assert booking(its, "Bank - KS", "Sales - KS", "")[1:] == ("200", its.no_tax(), [])
    assert [each.code for each in booking(its, "Safe - KS", "Unmapped - KS", "")[3]] == ["payment-account-unmapped", "account-unmapped"]
    # A default of a direction is nobody's choice for cash.
    assert booking(mapping(default_accounts={"Sales": "200"}), "Bank - KS", "Unmapped - KS", "")[3]
    assert booking(its, "Bank - KS", "Bank USD - KS", "")[3], "money does not go to a bank account this way"


def test_a_document_that_goes_itself_waits_until_no_summary_counts_it() -> None:
    """Whatever the summary's state, one of both waits."""
    goes = replace(books(), rules=policy(rule("Till", "Sync")))
    one, of = step(PAID, "payment"), who(PAID).creation
    planned = Ready(one, PAID, registry.action(one, PAID) and _bank_kind(), frozenset())
    for counted, waits_on, anew in (
        ([Counted("Cash 1", of, True)], None, ["Cash 1"]),
        ([Counted("Cash 2", of, False, "S-void"), Counted("Cash 3", of, True)], None, ["Cash 3"]),
        ([Counted("Cash 2", of, False, "S-void")], "S-void", []),
        ([Counted("Cash 2", of, False)], None, []),
    ):
        found = _kept_back(one, PAID, planned, counted, goes)
        assert found and isinstance(found.outcome, Wait) and found.outcome.problem and found.outcome.problem.code == "in-cash-summary"
        assert found.outcome.on == waits_on and bool(found.outcome.after) != bool(waits_on)
        assert [each.summary for each in found.effects if isinstance(each, MakeAnew)] == anew
    # Another document had its name; or nothing goes anyway.
    assert _kept_back(one, PAID, planned, [Counted("Cash 1", "2020-01-01 00:00:00.000000", True)], goes) is None
    assert _kept_back(one, PAID, overtaken(_text()), [Counted("Cash 1", of, True)], goes) is None
    # A cancel waits too, so that its summary is made anew; where no rule was ever asked nothing is looked for.
    assert _kept_back(step(PAID, "void"), PAID, overtaken(_text()), [Counted("Cash 1", of, True)], goes)
    assert COUNTED not in {fact for fact, _key in readiness.needs(one, PAID, Facts(), books())}
    assert COUNTED in {fact for fact, _key in readiness.needs(one, PAID, Facts(), replace(books(), cash_summaries=True))}


def _text() -> Any:
    from picortex_xero.accounting.texts import plain

    return plain("over")


def _bank_kind() -> Any:
    from picortex_xero.xero.records.registry import PAYMENT

    return PAYMENT.made_by


def _kept_back(one: Step, doc: dict[str, Any], planned: Any, counted: list[Counted], its: Books) -> Decision | None:
    from picortex_xero.documents.cash_summary.counted import keeps_back

    facts = Facts()
    facts.add(COUNTED, {named(doc): counted})
    return keeps_back(one, doc, planned, facts, its)


@pytest.mark.parametrize(
    "state", ["Pending in-cash-summary", "Pending waits-for-batch", "Held", "Sending", "Unknown", "Needs Attention", "Synced", "Superseded"]
)
def test_a_summary_waits_once_a_document_of_it_is_kept_back_no_more(state: str) -> None:
    doc = summary(row(PAID, 100.0), row(OTHER, 20.0))
    scene = Counting(doc, PAID)
    scene.skipped(OTHER)
    said, code = state.split(" ", 1) if state.startswith("Pending") else (state, "")
    scene.step(PAID, "payment", said, reason_code=code)
    found = scene.decide(step(doc, "summary"), doc, RULED)
    assert isinstance(found, Decision) and isinstance(found.outcome, Wait) and found.outcome.after
    assert [each.summary for each in found.effects if isinstance(each, MakeAnew)] == [doc["name"]]


def test_what_is_decided_anew_is_waited_for_and_nothing_is_taken_back() -> None:
    """Saving a rule decides all that it skipped anew."""
    doc = summary(row(PAID, 100.0), row(OTHER, 20.0))
    scene = Counting(doc, PAID)
    scene.skipped(OTHER)
    scene.step(PAID, "payment", "Pending")
    found = scene.decide(step(doc, "summary"), doc, RULED)
    assert isinstance(found, Decision) and isinstance(found.outcome, Wait) and found.outcome.after and found.effects == ()
    facts = scene.facts(lambda _known: _needs(PAID) | _needs(OTHER))
    assert left(doc["rows"], facts) == doc["rows"]
    cancelled = Counting({**PAID, "docstatus": 2})
    cancelled.step(PAID, "payment", "Pending")
    assert left(doc["rows"][:1], cancelled.facts(lambda _known: _needs(PAID))) == []


def test_only_what_stands_and_is_skipped_by_a_rule_or_setting_is_counted() -> None:
    def counts(doc: dict[str, Any], **of_step: Any) -> bool:
        scene = Counting(doc)
        scene.step(doc, "payment", **{"state": "Skipped", "reason_code": "follows-skipped", **of_step})
        facts = scene.facts(lambda _known: _needs(doc))
        return is_skipped(named(doc), who(PAID).creation, facts)

    assert counts(PAID) and counts(PAID, reason_code="kind-off") and counts(PAID, reason_code="kind-later")
    assert not counts({**PAID, "docstatus": 2}) and not counts({**PAID, "creation": "2026-02-02 10:00:00"})
    assert not counts(PAID, reason_code="skipped-by-person") and not counts(PAID, reason_code="done-by-hand")
    scene = Counting()
    assert not is_skipped(("Payment Entry", "gone"), "", scene.facts(lambda _known: _needs({**PAID, "name": "gone"})))


def _needs(doc: dict[str, Any]) -> Any:
    from picortex_xero.documents.cash_summary.counted import needs_of_rows

    return needs_of_rows({"rows": [row(doc, 1.0)]})


def test_its_fingerprint_is_what_it_counts_and_where_it_goes() -> None:
    before = summary(row(PAID, 100.0), row(OTHER, 20.0))
    assert registry.fingerprint(before) == registry.fingerprint({**before, "rows": before["rows"][::-1]})
    changed = [{**before, "against_account": "Cost - KS"}, {**before, "rows": before["rows"][:1]}, {**before, "tax_type": "OUTPUT2"}]
    assert len({registry.fingerprint(each) for each in (before, *changed)}) == 4
    assert registry.shown_worth(before).amount == 120 and registry.own_parts("Xero Cash Summary") == {"summary"}
