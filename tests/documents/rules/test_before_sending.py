"""What settings and rules decide about one step: one outcome, one reason that has a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from picortex_xero.accounting.causes import RULES, document
from picortex_xero.accounting.texts import _
from picortex_xero.documents import deciding, readiness
from picortex_xero.documents.approvals.content import FINGERPRINT, content
from picortex_xero.documents.approvals.flow import APPROVED, RETURNED, Flow, Stage, Vote
from picortex_xero.documents.decisions import Decision, Hold, Remember, Skip, Wait
from picortex_xero.documents.fact_types import LINKS, STEPS
from picortex_xero.documents.identity import identity
from picortex_xero.documents.rules.before_sending import changed_since, decision, needs, submitters
from picortex_xero.documents.rules.conditions import Condition
from picortex_xero.documents.rules.parents import parents
from picortex_xero.documents.rules.rule import NO_RULES, Policy, Setting
from tests.documents.rules.scene import NOW, Ruled, condition, policy, rule
from tests.documents.scene import BILL, JOURNAL, PAID, books, named, step
from tests.documents.scene import INVOICE as SOLD
from tests.scene.documents import item, payment_entry, reference, sales_invoice

INVOICE = {**SOLD, "base_grand_total": 115.0}
BIG = rule("Big ones", "Skip", [condition("amount", ">", "100")])
ALL = rule("Everything", "Skip")
RETURN = {**sales_invoice([item(-100.0)], [], -100.0, name="SRET-1"), "docstatus": 1, "is_return": 1, "return_against": "SINV-1"}


def why(found: Decision | None) -> tuple[str, str]:
    """The outcome and the code of its one reason."""
    if found is None:
        return "goes", ""
    match found.outcome:
        case Skip(problem):
            return "Skip", problem.code
        case Hold((problem,)):
            return "Hold" if problem.held else "Problem", problem.code
        case Wait() as wait if wait.problem:
            return "Wait", wait.problem.code
    raise AssertionError(found)


def remembered(found: Decision | None) -> dict[str, Any]:
    assert found is not None
    return {name: value for each in found.effects if isinstance(each, Remember) for name, value in each.fields.items()}


def invoice(its: Policy, **of_step: Any) -> Decision | None:
    return Ruled(INVOICE).ruled(step(INVOICE, "invoice", **of_step), INVOICE, its)


@pytest.mark.parametrize(
    ("its", "expected"),
    [
        (NO_RULES, ("goes", "")),
        (policy(), ("goes", "")),
        (policy(BIG), ("Skip", "rule-skipped")),
        (policy(rule("Small", "Skip", [condition("amount", "<", "100")])), ("goes", "")),
        (policy(rule("First", "Sync"), BIG), ("goes", "")),
        (policy(rule("Boss", "Hold for approval"), BIG), ("Hold", "rule-approval")),
        (policy(rule("Later", "Next batch")), ("Wait", "waits-for-batch")),
        (
            policy(rule("Odd", "Skip", [Condition("gone", "=", "1", broken=_("Sales Invoice has no field gone"))])),
            ("Problem", "rule-broken"),
        ),
        (policy(Invoice=Setting(on=False)), ("Skip", "kind-off")),
        (policy(rule("First", "Sync"), Invoice=Setting(on=False)), ("Skip", "kind-off")),
        (policy(Bill=Setting(on=False)), ("goes", "")),
        (policy(Invoice=Setting(start_date="2027-01-01")), ("Skip", "kind-later")),
        (policy(Invoice=Setting(start_date="2026-01-01")), ("goes", "")),
        (policy(Invoice=Setting(send="Daily")), ("Wait", "waits-for-batch")),
        (policy(rule("Now", "Sync"), Invoice=Setting(send="Daily")), ("goes", "")),
    ],
)
def test_exactly_one_outcome(its: Policy, expected: tuple[str, str]) -> None:
    assert why(invoice(its)) == expected


def test_the_rule_is_named_and_what_it_decided_is_decided_anew_with_it() -> None:
    found = invoice(policy(BIG))
    assert found and isinstance(found.outcome, Skip) and "Big ones" in found.outcome.problem.message
    assert remembered(found)["rule"] == "Big ones" and [each.kind for each in found.outcome.problem.causes] == [RULES]


def test_an_approval_lets_it_go() -> None:
    boss = policy(rule("Boss", "Hold for approval"))
    assert voted(boss) is None
    assert why(voted(replace(boss, settings={"Invoice": Setting(send="Hourly")}))) == ("Wait", "waits-for-batch")
    # What a step says of it is for people to read: only what somebody said counts, and only of exactly this document.
    assert why(invoice(boss, approved_by="ann")) == ("Hold", "rule-approval")
    assert why(voted(boss, creation="2020-01-01 00:00:00.000000")) == ("Hold", "rule-approval")


def test_a_change_after_the_approval_asks_again_and_a_return_says_who() -> None:
    boss = policy(rule("Boss", "Hold for approval"))
    assert why(voted(boss, content="3:other")) == ("Hold", "changed-after-approval")
    found = voted(boss, outcome=RETURNED, note="wrong <b>year</b>")
    assert why(found) == ("Hold", "approval-returned") and "ann" in found.outcome.problems[0].message  # type: ignore[union-attr]


def test_what_is_in_xero_is_asked_about_again_only_where_somebody_had_agreed() -> None:
    boss = policy(rule("Boss", "Hold for approval"))
    assert [why(voted(boss, "recheck-1", content=each, sent=True)) for each in ("", "3:other")] == [
        ("goes", ""),
        ("Hold", "changed-after-approval"),
    ]
    assert why(voted(boss, "again-1", content="3:other", sent=True)) == ("Hold", "changed-after-approval")


def test_nobody_who_entered_or_submitted_it_agrees_where_a_rule_says_so() -> None:
    strict = replace(rule("Boss", "Hold for approval"), flow=Flow(no_self=True))
    for owner, added, expected in (("ann", "", "Hold"), ("eve", "ann", "Hold"), ("eve", "bob", "goes")):
        assert why(voted(policy(strict), owner=owner, added_by=added))[0] == expected


def test_a_change_is_asked_about_again_also_where_the_votes_are_gone() -> None:
    """After a reinstall the steps alone say that somebody had agreed."""
    two = replace(rule("Boss", "Hold for approval"), flow=Flow((Stage(), Stage(role="Boss"))))
    changed = {**INVOICE, "po_no": "PO-77"}

    def again(doc: dict[str, Any], approved_by: str = "ann", *votes: str, role: str = "recheck-1") -> str:
        scene = Ruled(doc)
        its_books = scene.books(policy(two))
        scene.link(doc, "invoice", "x1", "Invoices", fingerprint=FINGERPRINT(INVOICE))
        scene.step(doc, "invoice", "Synced", approved_by=approved_by)
        stages = [each.key("boss") for each in two.flow.stages]
        said = enumerate(zip(votes, stages), 1)
        scene.votes += [Vote(identity(doc), at, APPROVED, stage, by, content(doc)) for at, (by, stage) in said]
        one = step(doc, role)
        return why(changed_since(one, doc, scene.facts(lambda known: needs(one, doc, known, its_books)), its_books))[1]

    assert again(changed) == again(changed, role="again-1") == "changed-after-approval"
    assert again(changed, "ann", "ann") == "changed-after-approval", "one of two has agreed to the change"
    assert again(changed, "ann", "ann", "bob") == again(INVOICE) == again(changed, "") == ""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("bob", "09:00", "")], {"eve", "bob"}),
        # The first that was added, however often it was retried since: steps come in the order in which they are due.
        ([("Administrator", "10:00", ""), ("bob", "09:00", "")], {"eve", "bob"}),
        ([("Administrator", "09:00", "")], {"eve", "Administrator", "dora"}),
        ([("Administrator", "09:00", "an import"), ("bob", "10:00", "")], {"eve", "dora"}),
        # Left out when bob submitted it, and taken up by an import.
        ([("bob", "09:00", "an import")], {"eve", "bob", "dora"}),
        ([], {"eve", "dora"}),
    ],
)
def test_who_entered_and_submitted_it(steps: list[tuple[str, str, str]], expected: set[str]) -> None:
    doc = {**INVOICE, "owner": "eve", "modified_by": "dora"}
    scene = Ruled(doc)
    for number, (by, at, history) in enumerate(steps, 1):
        scene.step(doc, f"recheck-{number}", added_by=by, added_at=f"2026-11-01 {at}:00.000000", history=history)
    assert submitters(doc, scene.facts(lambda known: STEPS.of([named(doc)]))) == expected


def voted(
    its: Policy, role: str = "invoice", *, outcome: str = APPROVED, sent: bool = False, owner: str = "", added_by: str = "", **more: Any
) -> Any:
    """What becomes of an invoice of which ann has said something."""
    doc = {**INVOICE, "owner": owner}
    scene = Ruled(doc)
    who = replace(identity(doc), creation=more.pop("creation", identity(doc).creation))
    said = {"content": content(doc), **{name: value for name, value in more.items() if value}}
    scene.votes.append(Vote(who, 1, outcome, Stage().key("boss"), "ann", **said))
    scene.step(doc, "invoice", "Pending", added_by=added_by)
    one = step(doc, role)
    its_books = scene.books(its)
    facts = scene.facts(lambda known: needs(one, doc, known, its_books) | STEPS.of([named(doc)]))
    return changed_since(one, doc, facts, its_books) if sent else decision(one, doc, facts, its_books)


def test_a_batch_waits_for_its_slot_and_then_goes() -> None:
    hourly = policy(Invoice=Setting(send="Hourly"))
    found = invoice(hourly)
    assert found and isinstance(found.outcome, Wait) and found.outcome.after == timedelta(minutes=30)
    slot = remembered(found)["not_before"]
    assert slot == datetime(2026, 11, 28, 12) and "2026-11-29 01:00" in found.outcome.problem.message  # type: ignore[union-attr]
    again = invoice(replace(hourly, now=NOW + timedelta(minutes=10)), not_before=slot)
    assert again and isinstance(again.outcome, Wait) and again.outcome.after == timedelta(minutes=20)
    assert invoice(replace(hourly, now=slot), not_before=slot) is None
    assert invoice(hourly, history="an import") is None, "an import of history has its own place behind live traffic"


def follow(*parents: tuple[dict[str, Any], str, str], doc: dict[str, Any] = PAID, its: Policy | None = None) -> Decision | None:
    """What becomes of `doc` where each of these documents has a step in a state with a reason code."""
    scene = Ruled(doc, *(each for each, _state, _code in parents))
    for parent, state, code in parents:
        if state == "In Xero":
            scene.link(parent, "invoice", f"x-{parent['name']}", "Invoices")
        scene.step(parent, "invoice", "Synced" if state == "In Xero" else state, reason_code=code, rule="Big ones" if code else "")
    role = {"Payment Entry": "payment", "Journal Entry": "journal"}.get(doc["doctype"], "credit")
    return scene.ruled(step(doc, role), doc, its or policy())


SECOND = {**INVOICE, "name": "SINV-2"}
OF_TWO = {**payment_entry([reference("SINV-1", 115.0), reference("SINV-2", 115.0)], 230.0), "docstatus": 1, "company": "Kauri Services"}
TOO_MUCH = {**payment_entry([reference("SINV-1", 115.0)], 200.0), "docstatus": 1, "company": "Kauri Services"}
PAYS = {
    **JOURNAL,
    "accounts": [
        {"account": "Bank - KS", "debit_in_account_currency": 115.0},
        {"account": "Debtors - KS", "party_type": "Customer", "party": "C", "reference_type": "Sales Invoice", "reference_name": "SINV-1"},
    ],
}


def paid_by(*beside: tuple[str, float], bank: float, owed: float = -115.0, **of_beside: Any) -> dict[str, Any]:
    """A journal that settles SINV-1 with `owed` from the bank, and books rows of these accounts beside; debits are positive."""
    debtors = {"account": "Debtors - KS", "party_type": "Customer", "party": "C", "amount": owed}
    named_there = {"reference_type": "Sales Invoice", "reference_name": "SINV-1"}
    rows = [{"account": "Bank - KS", "amount": bank}, {**debtors, **named_there}]
    rows += [{"account": account, "amount": amount, **of_beside} for account, amount in beside]
    signed = [(row, row.pop("amount")) for row in rows]
    return {**JOURNAL, "accounts": [{**row, "debit": max(amount, 0.0), "credit": max(-amount, 0.0)} for row, amount in signed]}


CAN_SKIP = policy(Journal=Setting(on=False))
SKIPPED = (INVOICE, "Skipped", "rule-skipped")


@pytest.mark.parametrize(
    ("doc", "parents", "expected"),
    [
        (PAID, [SKIPPED], ("Skip", "follows-skipped")),
        (RETURN, [SKIPPED], ("Skip", "follows-skipped")),
        (PAYS, [SKIPPED], ("Skip", "follows-skipped")),
        (PAID, [(INVOICE, "Skipped", "kind-off")], ("Skip", "follows-skipped")),
        (PAID, [(INVOICE, "Skipped", "skipped-by-person")], ("goes", "")),
        (PAID, [(INVOICE, "In Xero", "")], ("goes", "")),
        (PAID, [(INVOICE, "Pending", "")], ("goes", "")),
        (RETURN, [(INVOICE, "Held", "rule-approval")], ("goes", "")),
        (OF_TWO, [SKIPPED, (SECOND, "Skipped", "rule-skipped")], ("Skip", "follows-skipped")),
        (OF_TWO, [SKIPPED, (SECOND, "In Xero", "")], ("Hold", "settles-partly-skipped")),
        (OF_TWO, [SKIPPED, (SECOND, "Pending", "")], ("Wait", "waits-for-invoice")),
        (TOO_MUCH, [SKIPPED], ("Hold", "settles-partly-skipped")),
        (
            {**PAYS, "accounts": [*PAYS["accounts"], {"party_type": "Customer", "party": "D"}]},
            [SKIPPED],
            ("Hold", "settles-partly-skipped"),
        ),
        (paid_by(bank=115.0), [SKIPPED], ("Skip", "follows-skipped")),
        (paid_by(("Bad Debts - KS", 115.0), bank=0.0), [SKIPPED], ("Skip", "follows-skipped")),
        (paid_by(("Discount - KS", 15.0), bank=100.0), [SKIPPED], ("Skip", "follows-skipped")),
        (paid_by(("Exchange - KS", -5.0), bank=120.0, reference_type="Sales Invoice"), [SKIPPED], ("Skip", "follows-skipped")),
        # Interest that came with the same money is income of its own, as is what went from one bank account to another.
        (paid_by(("Interest - KS", -40.0), bank=155.0), [SKIPPED], ("Hold", "settles-partly-skipped")),
        (paid_by(("Second Bank - KS", -40.0), bank=155.0), [SKIPPED], ("Hold", "settles-partly-skipped")),
        (paid_by(("Rent - KS", 40.0), ("Interest - KS", -40.0), bank=115.0), [SKIPPED], ("Hold", "settles-partly-skipped")),
        (paid_by(("Interest - KS", -40.0), bank=40.0, owed=0.0), [SKIPPED], ("Hold", "settles-partly-skipped")),
        (paid_by(("Interest - KS", -40.0), bank=155.0), [(INVOICE, "In Xero", "")], ("goes", "")),
    ],
)
def test_what_settles_follows_what_it_settles(doc: dict[str, Any], parents: list[Any], expected: tuple[str, str]) -> None:
    found = follow(*parents, doc=doc, its=CAN_SKIP if expected[0] == "Wait" else None)
    assert why(found) == expected
    if expected[0] in ("Skip", "Hold"):
        assert remembered(found)["rule"] == "Big ones"
        problem = found.outcome.problem if isinstance(found.outcome, Skip) else found.outcome.problems[0]  # type: ignore[union-attr]
        assert "Big ones" in problem.message and document(*named(INVOICE)) in problem.causes


def test_a_rule_of_its_own_waits_until_what_it_settles_is_decided() -> None:
    for outcome in ("Skip", "Hold for approval", "Next batch"):
        its = policy(rule("Mine", outcome), Journal=Setting(on=False))
        assert why(follow((INVOICE, "Pending", ""), its=its)) == ("Wait", "waits-for-invoice")
    assert why(follow((INVOICE, "Pending", ""), doc=RETURN, its=CAN_SKIP)) == ("Wait", "waits-for-invoice"), "its room would not wait"
    assert why(follow((INVOICE, "Pending", ""), its=policy(Payment=Setting(on=False)))) == ("Skip", "kind-off")
    assert why(follow((INVOICE, "In Xero", ""), its=policy(ALL))) == ("Skip", "rule-skipped")
    assert why(follow(SKIPPED, its=policy(rule("Mine", "Skip")))) == ("Skip", "follows-skipped")


def test_an_advance_does_not_follow_the_refund_that_pays_it_back() -> None:
    advance = {**PAID, "references": [{"reference_doctype": "Payment Entry", "reference_name": "PE-9", "allocated_amount": 10.0}]}
    assert parents(advance) == []
    assert parents({**advance, "payment_type": "Pay"}) == [("Payment Entry", "PE-9")]


def test_only_what_is_not_in_xero_is_decided() -> None:
    scene, its = Ruled(INVOICE), Ruled.books(policy(ALL))
    one = scene.step(INVOICE, "payment-1")

    def early() -> Decision | None:
        facts = scene.facts(
            lambda known: readiness.needs(one, INVOICE, known, its) | LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)])
        )
        return readiness.before(one, INVOICE, facts, its)

    assert why(early()) == ("Skip", "rule-skipped")
    scene.link(INVOICE, "invoice", "x1", "Invoices")
    assert early() is None
    for role in ("void", "undo-invoice-1", "contact", "note-invoice-1", "attachment-print", "recheck-1"):
        assert Ruled(INVOICE).ruled(step(INVOICE, role), INVOICE, policy(ALL)) is None, role


# What of a document is, or was, in Xero: part, revision, status; its steps: role, revision and whose undo they are; the step in question; does it go without being asked about?
STANDS, GONE, TAKEN = ("invoice", 1, "AUTHORISED"), ("invoice", 1, "VOIDED"), ("undo-invoice-1", 1, "")
ANEW = [
    ([STANDS], [], ("payment-1", 1), True),
    ([GONE], [], ("invoice", 2), False),
    # An undo has taken it back, also where it was on its way out because it had changed.
    ([GONE], [("undo-invoice-1", 1, "UNDO-1")], ("invoice", 2), False),
    # It changed here, so that it was taken back.
    ([GONE], [TAKEN], ("invoice", 2), True),
    # A person removed it, and what is left of it is taken back for that.
    ([GONE, ("fee", 1, "AUTHORISED")], [("undo-fee-1", 1, "")], ("invoice", 2), False),
    # A further part of what was sent anew.
    ([GONE, ("invoice", 2, "AUTHORISED")], [], ("payment-1", 2), True),
    # Sent anew, and changed afterwards; changed, and then removed by a person.
    ([GONE, ("invoice", 2, "VOIDED")], [("undo-invoice-1", 2, "")], ("invoice", 3), True),
    ([GONE, ("invoice", 2, "VOIDED")], [TAKEN], ("invoice", 3), False),
]


@pytest.mark.parametrize(("linked", "steps", "asked", "goes"), ANEW)
@pytest.mark.parametrize(
    ("its", "expected"),
    [
        (policy(ALL), ("Skip", "rule-skipped")),
        (policy(rule("Boss", "Hold for approval")), ("Hold", "rule-approval")),
        (policy(Invoice=Setting(on=False)), ("Skip", "kind-off")),
    ],
)
def test_what_is_entered_anew_is_asked_about_and_what_changed_is_not(
    linked: list[Any], steps: list[Any], asked: tuple[str, int], goes: bool, its: Policy, expected: tuple[str, str]
) -> None:
    scene, its_books = Ruled(INVOICE), Ruled.books(its)
    for number, (part, revision, status) in enumerate(linked):
        scene.link(INVOICE, part, f"x{number}", "Invoices", revision=revision, status=status)
    for role, revision, undo_run in steps:
        scene.step(INVOICE, role, "Synced", revision=revision, undo_run=undo_run)
    one = scene.step(INVOICE, asked[0], revision=asked[1])
    own = LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)])
    found = readiness._ruled(one, INVOICE, scene.facts(lambda known: readiness.needs(one, INVOICE, known, its_books) | own), its_books)
    assert why(found) == (("goes", "") if goes else expected)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("Sync", ("Hold", "journal-payroll")),
        ("Hold for approval", ("Hold", "journal-payroll")),
        ("Next batch", ("Hold", "journal-payroll")),
        ("Skip", ("Skip", "rule-skipped")),
    ],
)
def test_what_is_about_a_single_person_shows_no_amount_whatever_a_rule_says(outcome: str, expected: tuple[str, str]) -> None:
    scene, its = Ruled(JOURNAL), Ruled.books(policy(rule("Mine", outcome)))
    scene.private[named(JOURNAL)] = "payroll"
    one = scene.step(JOURNAL, "journal", amount=Decimal(3000))
    own = LINKS.of([named(JOURNAL)]) | STEPS.of([named(JOURNAL)])
    found = readiness.before(one, JOURNAL, scene.facts(lambda known: readiness.needs(one, JOURNAL, known, its) | own), its)
    assert why(found) == expected and remembered(found)["amount"] == 0


def test_nothing_is_asked_for_without_rules() -> None:
    from picortex_xero.documents.needs import Facts
    from picortex_xero.documents.rules.before_sending import needs

    assert not needs(step(PAID, "payment"), PAID, Facts(), books())


def test_the_status_of_a_kind_takes_the_place_of_the_connections() -> None:
    drafts = replace(books(), rules=policy(Bill=Setting(status="DRAFT")))
    assert deciding.books_for(BILL, drafts).mapping.target_status == "DRAFT"
    assert deciding.books_for(INVOICE, drafts).mapping.target_status == books().mapping.target_status
