"""What is dated in a closed period waits for a person, of every kind and part that makes an entry in Xero; nothing else of it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from picortex_xero.accounting.causes import CONVERSION, FILED, Cause
from picortex_xero.documents import closed_periods, deciding
from picortex_xero.documents.base import Action, InXero, Plan, Ready
from picortex_xero.documents.cancel_outlook import Standing, outlook
from picortex_xero.documents.decisions import Ask, Decision, Hold, Send, Wait, done, hold
from picortex_xero.documents.fact_types import LINKS, STEPS
from picortex_xero.documents.periods import Periods, closed
from picortex_xero.documents.registry import ROOMS
from picortex_xero.documents.removal import TakeBack
from picortex_xero.documents.reversal import stays
from picortex_xero.documents.rules.words import BATCH
from picortex_xero.documents.still_in_xero import checked
from picortex_xero.documents.translation import Translation
from picortex_xero.xero.records.base import Kind
from picortex_xero.xero.records.registry import INVOICE as INVOICES
from picortex_xero.xero.records.registry import KINDS, OBJECTS
from tests.architecture.source import APP, nodes_of
from tests.documents.scene import CANCELLED, INVOICE, Scene, books, named, step

DAY = str(INVOICE["posting_date"])
FILED_BOOKS = replace(books(), periods=Periods(filed_until=DAY))
# Every part of every room: whether its step may make an entry.
PARTS = {
    **dict.fromkeys(("invoice", "credit", "journal", "payment", "fee", "clearing", "writeoff", "release", "summary"), True),
    **dict.fromkeys(("contact", "allocation", "update", "merged"), False),
}
# Every object in Xero: whether making one makes an entry.
ENTRIES = {
    **dict.fromkeys(
        (
            *("Invoices", "CreditNotes", "Payments", "BatchPayments", "ManualJournals", "BankTransactions", "BankTransfers"),
            *("Overpayments", "Prepayments"),
        ),
        True,
    ),
    **dict.fromkeys(("Contacts", "Allocations", "HistoryRecords", "Attachments"), False),
}


def decided(planned: Plan | Decision, text: str = "invoice", its_books: Any = FILED_BOOKS, **of_step: Any) -> Plan | Decision:
    """What becomes of a step for which this is planned."""
    one, scene = step(INVOICE, text, **of_step), Scene(INVOICE)
    scene.steps.append(one)
    facts = scene.facts(lambda known: LINKS.of([named(INVOICE)]) | STEPS.of([named(INVOICE)]))
    return deciding.decide(one, INVOICE, Action(lambda *_given: planned), facts, its_books)


def ready(kind: Kind, text: str = "invoice", **of_step: Any) -> Ready:
    return Ready(step(INVOICE, text, **of_step), INVOICE, kind, frozenset(), translation=Translation({"Date": DAY}, {}))


def codes(found: Plan | Decision) -> list[str]:
    if isinstance(found, Decision) and isinstance(found.outcome, Hold):
        return [each.code for each in found.outcome.problems]
    return []


def test_every_part_and_every_object_is_in_the_tables() -> None:
    assert {part for room in ROOMS for part in room.actions} <= set(PARTS) and {each.endpoint for each in OBJECTS} == set(ENTRIES)
    assert {kind.xero_object for kind in KINDS.values()} == set(OBJECTS)


def escaped() -> list[str]:
    """What makes an entry in a filed period and nobody is asked about: by what it makes, by either look."""
    makers = [each.made_by for each in OBJECTS if ENTRIES[each.endpoint]]
    found = [f"{kind.name}, planned" for kind in makers if codes(decided(ready(kind))) != ["tax-filed"]]
    sent = [(kind, ready(kind)) for kind in makers]
    return found + [
        f"{kind.name}, at last"
        for kind, plan in sent
        if codes(checked(plan, Decision(Send(plan.translation)), FILED_BOOKS, InXero())) != ["tax-filed"]
    ]


def test_whatever_makes_an_entry_in_a_filed_period_is_held_and_nothing_else() -> None:
    assert escaped() == []
    others = [each.made_by for each in OBJECTS if not ENTRIES[each.endpoint]]
    assert [kind.name for kind in others if codes(decided(ready(kind), "journal")) or codes(checked(ready(kind), Decision(Send(Translation({"Date": DAY}, {}))), FILED_BOOKS, InXero()))] == []  # fmt: skip
    assert [part for part, makes in PARTS.items() if closed_periods.makes(step(INVOICE, f"{part}-1")) is not makes] == []
    # What undoes or changes a record is no entry of its own here.
    assert not [kind for kind in KINDS.values() if kind is not kind.xero_object.made_by and closed_periods.is_entry(kind)]


@pytest.mark.parametrize("forgotten", [each.endpoint for each in OBJECTS if ENTRIES[each.endpoint]])
def test_a_kind_that_is_forgotten_is_found(forgotten: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = closed_periods.is_entry
    monkeypatch.setattr(closed_periods, "is_entry", lambda kind: kind.xero_object.endpoint != forgotten and real(kind))
    assert len(escaped()) == 2


# It compares what a step would send with what Xero has already, and links that: nothing of it is sent.
ONLY_COMPARES = ("engine/sent_before.py",)


def sealed_without_a_look(sources: dict[str, str]) -> list[str]:
    """Functions that ask a plan what becomes of it (`.decide(shown)`) without `checked` around it."""
    found = []
    for place, source in sources.items():
        calls = [node for node in nodes_of(source) if isinstance(node, ast.Call)]
        looked = {id(argument) for call in calls if ast.unparse(call.func).endswith("checked") for argument in call.args}
        asked = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "decide" and len(call.args) == 1]
        found += [f"{place}: {ast.unparse(call)}" for call in asked if id(call) not in looked]
    return found


def test_no_way_to_xero_goes_round_the_last_look() -> None:
    sources = {str(path.relative_to(APP)): path.read_text("utf-8") for path in _engine()}
    sources = {place: source for place, source in sources.items() if place not in ONLY_COMPARES}
    assert sealed_without_a_look(sources) == []
    assert len(sealed_without_a_look({"engine/way.py": "decision = plan.decide(shown)"})) == 1, "one that does is found"


def _engine() -> Iterator[Any]:
    for folder in ("engine", "inbound", "attention", "extras", "connection"):
        yield from sorted((APP / folder).rglob("*.py"))
    yield APP / "documents" / "preview.py"


def test_the_day_counts_and_a_persons_word() -> None:
    filed = Periods(filed_until="2026-09-30", conversion_date="2026-07-01", locked_until="2026-06-30")
    found = {day: [each.code for each in closed("X", day, filed)] for day in ("2026-06-30", "2026-07-01", "2026-09-30", "2026-10-01", "")}
    assert found == {
        "2026-06-30": ["before-conversion", "tax-filed"],
        "2026-07-01": ["tax-filed"],
        "2026-09-30": ["tax-filed"],
        "2026-10-01": [],
        "": [],
    }
    (problem,) = closed("X", "2026-07-01", filed)
    assert problem.held and problem.causes == (Cause(FILED, "2026-09-30"),) and "late claim" in problem.resolution
    assert closed("X", "2026-01-01", Periods(conversion_date="2026-07-01"))[0].causes == (Cause(CONVERSION, "2026-07-01"),)
    assert closed("X", "2026-06-30", filed, opening=True, agreed=["tax-filed"]) == ()
    assert [each.code for each in closed("X", "2026-06-30", filed, history=True, agreed=["tax-filed", "before-conversion"])] == [
        "period-locked"
    ]


def test_a_lock_holds_history_only_and_nobody_sends_it_all_the_same() -> None:
    locked = replace(books(), periods=Periods(locked_until=DAY))
    assert isinstance(decided(ready(INVOICES.made_by), its_books=locked), Plan)
    assert codes(decided(ready(INVOICES.made_by), its_books=locked, history="HR-1", late_for=("tax-filed",))) == ["period-locked"]


def test_what_a_person_sends_all_the_same_goes_and_only_in_spite_of_that() -> None:
    assert isinstance(decided(ready(INVOICES.made_by), late_for=("tax-filed",)), Plan)
    assert codes(decided(ready(INVOICES.made_by), late_for=("before-conversion",))) == ["tax-filed"]
    agreed = ready(INVOICES.made_by, late_for=("tax-filed",))
    assert isinstance(checked(agreed, Decision(Send(agreed.translation)), FILED_BOOKS, InXero()).outcome, Send)


def test_nobody_is_asked_before_it_is_known_to_be_an_entry() -> None:
    # A contact would be made for it; it waits for another document, or for its batch.
    contact = Decision(Wait(on=Ask("contact")), (Ask("contact"),))
    assert codes(decided(contact, "journal")) == ["tax-filed"] and codes(decided(Decision(Wait(on="other")), "payment-1")) == ["tax-filed"]
    assert codes(decided(Decision(Wait(on="other")), "journal")) == [], "a journal may be an allocation only"
    problem = closed("X", DAY, FILED_BOOKS.periods)[0]
    assert closed_periods.waits_for_batch(Decision(Wait(replace(problem, code=BATCH)))) and not closed_periods.waits_for_batch(contact)
    # What has something else to say, or nothing to send, says that.
    other = replace(problem, code="account-unmapped")
    assert codes(decided(hold(other))) == ["account-unmapped"] and decided(done()) == done()


def test_a_change_in_a_closed_period_is_a_persons() -> None:
    changing = replace(FILED_BOOKS, update_changed=True)
    assert not closed_periods.without_changes(step(INVOICE, "recheck-1"), INVOICE, changing).update_changed
    assert closed_periods.without_changes(step(INVOICE, "invoice"), INVOICE, changing) is changing
    later = {**INVOICE, "posting_date": "2099-01-01"}
    assert closed_periods.without_changes(step(INVOICE, "recheck-1"), later, changing).update_changed


@pytest.mark.parametrize(("shown", "expected"), [("POSTED", ["cancel-filed"]), ("DRAFT", [])])
def test_what_is_to_be_taken_back_stays_unless_it_is_a_draft(shown: str, expected: list[str]) -> None:
    scene = Scene(CANCELLED)
    link = scene.link(CANCELLED, "journal", "j1", "ManualJournals")
    kind = next(each.undone_by for each in OBJECTS if each.endpoint == "ManualJournals")
    assert kind
    plan = TakeBack(step(CANCELLED, "void"), CANCELLED, kind, frozenset(), "", "j1", link, periods=FILED_BOOKS.periods)
    found = plan.decide(InXero({("ManualJournals", "j1"): {"ManualJournalID": "j1", "Status": shown, "Date": DAY}}))
    assert codes(found) == expected
    if expected:
        (problem,) = found.outcome.problems  # type: ignore[union-attr]
        assert (
            problem.causes == (Cause(FILED, DAY),) and problem.resolution == stays("X", "ManualJournals", problem.message, True).resolution
        )
    else:
        assert isinstance(found.outcome, Send)
    later = replace(plan, periods=Periods(filed_until="2020-01-01"))
    assert isinstance(
        later.decide(InXero({("ManualJournals", "j1"): {"ManualJournalID": "j1", "Status": shown, "Date": DAY}})).outcome, Send
    )


def test_a_person_reads_it_before_he_cancels() -> None:
    from datetime import date

    link = Scene(INVOICE).link(INVOICE, "invoice", "i1", "Invoices", status="AUTHORISED")
    (fate,) = outlook([Standing(link)], date.fromisoformat(DAY), None, date.fromisoformat(DAY))
    assert "tax is filed until" in fate.says and "Credit in Open Period" in fate.to_do and fate.colour == "red"
    (free,) = outlook([Standing(link)], date.fromisoformat(DAY), None, date(2020, 1, 1))
    assert free.says == "It will be voided"
