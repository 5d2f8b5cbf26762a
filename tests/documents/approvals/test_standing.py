"""Who may agree next, and what counts: tables over the steps of an approval, what people said, and who is away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from picortex_xero.documents.approvals.flow import APPROVED, RETURNED, Absence, Flow, Person, Stage, Vote, record
from picortex_xero.documents.approvals.standing import Standing, leave, standing
from picortex_xero.documents.identity import Identity

WHO = Identity("Sales Invoice", "SINV-1", "2026-11-01 09:00:00.000000")
TODAY = date(2026, 11, 28)
APPROVER, BOSS = Stage(role="Xero Approver"), Stage(people=frozenset({"boss"}), least=Decimal(1000))
ANN, BOB = Person("ann", frozenset({"Xero Approver"})), Person("bob", frozenset({"Xero Approver"}))
CLERK, CHIEF = Person("clerk", frozenset({"Xero Approver"})), Person("boss")
TWO = Flow((APPROVER, BOSS))
STRICT = Flow((APPROVER, Stage(role="Xero Approver")), no_self=True)


def said(flow: Flow, *votes: tuple[str, str, int], now: str = "a", amount: int = 5000, content: str = "a") -> Standing:
    """Votes as (outcome, person, stage from 1); `content` of all of them, against `now`."""
    made = [
        Vote(WHO, at, outcome, flow.stages[stage - 1].key("r"), person, content) for at, (outcome, person, stage) in enumerate(votes, 1)
    ]
    return standing(flow, "r", Decimal(amount), made, lambda vote: vote.content == now, frozenset({"clerk"}))


@pytest.mark.parametrize(
    ("flow", "votes", "amount", "agreed", "done"),
    [
        (TWO, [], 5000, 0, False),
        (TWO, [(APPROVED, "ann", 1)], 5000, 1, False),
        (TWO, [(APPROVED, "ann", 1)], 999, 1, True),
        (TWO, [(APPROVED, "ann", 1)], -1000, 1, False),
        (TWO, [(APPROVED, "ann", 1), (APPROVED, "boss", 2)], 5000, 2, True),
        # In order: what was said for a stage that was not asked yet counts for nothing.
        (TWO, [(APPROVED, "boss", 2)], 5000, 0, False),
        (TWO, [(APPROVED, "boss", 2), (APPROVED, "ann", 1)], 5000, 1, False),
        (TWO, [(APPROVED, "ann", 1), (RETURNED, "boss", 2)], 5000, 0, False),
        (TWO, [(APPROVED, "ann", 1), (RETURNED, "boss", 2), (APPROVED, "ann", 1), (APPROVED, "boss", 2)], 5000, 2, True),
        # Where nobody may agree himself.
        (STRICT, [(APPROVED, "clerk", 1)], 1, 0, False),
        (STRICT, [(APPROVED, "ann", 1), (APPROVED, "ann", 2)], 1, 1, False),
        (STRICT, [(APPROVED, "ann", 1), (APPROVED, "bob", 2)], 1, 2, True),
    ],
)
def test_what_counts(flow: Flow, votes: list[tuple[str, str, int]], amount: int, agreed: int, done: bool) -> None:
    found = said(flow, *votes, amount=amount)
    assert (len(found.agreed), found.done, found.count) == (agreed, done, len(votes))


def test_without_stages_somebody_has_to_agree_all_the_same() -> None:
    anyone = Stage().key("r")
    assert not standing(Flow(), "r", Decimal(0), [], lambda vote: True, frozenset()).done
    assert standing(Flow(), "r", Decimal(0), [Vote(WHO, 1, APPROVED, anyone, "ann", "a")], lambda vote: True, frozenset()).done


def test_a_change_after_an_approval_is_seen_and_asked_about_anew() -> None:
    found = said(TWO, (APPROVED, "ann", 1), (APPROVED, "boss", 2), now="b")
    assert (found.changed, found.done, found.agreed) == (True, False, ())
    assert not said(TWO, (RETURNED, "ann", 1), now="b").changed
    # Changed back, it says what was agreed to.
    assert said(TWO, (APPROVED, "ann", 1), (APPROVED, "boss", 2)).done


def test_another_rule_or_another_stage_is_asked_anew() -> None:
    votes = [Vote(WHO, 1, APPROVED, APPROVER.key("r"), "ann", "a")]
    for flow, rule in ((TWO, "other"), (Flow((Stage(role="Accounts Manager"),)), "r")):
        assert not standing(flow, rule, Decimal(1), votes, lambda vote: True, frozenset()).agreed


def test_a_vote_that_may_not_count_any_more_does_not() -> None:
    votes = [Vote(WHO, 1, APPROVED, APPROVER.key("r"), "clerk", "a")]
    for strict, done in ((False, True), (True, False)):
        flow = Flow((APPROVER,), no_self=strict)
        assert standing(flow, "r", Decimal(1), votes, lambda vote: True, frozenset({"clerk"})).done is done


AWAY = Absence(CHIEF, "bob", date(2026, 11, 27), date(2026, 11, 28))


@pytest.mark.parametrize(
    ("flow", "votes", "person", "absences", "may", "on_behalf_of"),
    [
        (TWO, [], ANN, [], True, ""),
        (TWO, [], CHIEF, [], False, ""),
        (TWO, [], Person("eve"), [], False, ""),
        (TWO, [(APPROVED, "ann", 1)], CHIEF, [], True, ""),
        (TWO, [(APPROVED, "ann", 1)], BOB, [], False, ""),
        (TWO, [(APPROVED, "ann", 1)], BOB, [AWAY], True, "boss"),
        (TWO, [(APPROVED, "ann", 1)], BOB, [Absence(CHIEF, "bob", date(2026, 11, 1), date(2026, 11, 27))], False, ""),
        (TWO, [(APPROVED, "ann", 1)], Person("carl"), [AWAY, Absence(BOB, "carl", TODAY, TODAY)], False, ""),
        # In his own right before in another's.
        (TWO, [], BOB, [Absence(ANN, "bob", TODAY, TODAY)], True, ""),
        (TWO, [(APPROVED, "ann", 1), (APPROVED, "boss", 2)], CHIEF, [], False, ""),
        (TWO, [], CLERK, [], True, ""),
        (STRICT, [], CLERK, [], False, ""),
        (STRICT, [(APPROVED, "ann", 1)], ANN, [], False, ""),
        (STRICT, [(APPROVED, "ann", 1)], BOB, [], True, ""),
        # Nobody agrees for whoever may not himself.
        (STRICT, [], Person("dora"), [Absence(CLERK, "dora", TODAY, TODAY)], False, ""),
        (STRICT, [], Person("dora"), [Absence(ANN, "dora", TODAY, TODAY)], True, "ann"),
        (Flow(), [], Person("eve"), [], True, ""),
    ],
)
def test_who_may_agree_next(
    flow: Flow, votes: list[tuple[str, str, int]], person: Person, absences: list[Absence], may: bool, on_behalf_of: str
) -> None:
    found = leave(person, said(flow, *votes), absences, TODAY)
    assert (found.may, found.on_behalf_of, bool(found.why_not)) == (may, on_behalf_of, not may)


def test_a_deputys_word_is_both_peoples() -> None:
    mine = STRICT.stages[0].key("r")
    votes = [Vote(WHO, 1, APPROVED, mine, "dora", "a", on_behalf_of="ann")]
    found = standing(STRICT, "r", Decimal(1), votes, lambda vote: True, frozenset({"clerk"}))
    assert len(found.agreed) == 1 and not leave(ANN, found, [], TODAY).may and leave(BOB, found, [], TODAY).may


def test_the_record_is_who_agreed_to_what_it_says() -> None:
    def votes(*each: tuple[str, str, str]) -> list[str]:
        made = [Vote(WHO, at, outcome, "s", person, content) for at, (outcome, person, content) in enumerate(each, 1)]
        return [vote.person for vote in record(reversed(made))]

    assert votes() == []
    assert votes((APPROVED, "ann", "a"), (APPROVED, "boss", "a")) == ["ann", "boss"]
    assert votes((APPROVED, "ann", "a"), (RETURNED, "boss", "a"), (APPROVED, "bob", "a")) == ["bob"]
    assert votes((APPROVED, "ann", "a"), (APPROVED, "bob", "b")) == ["bob"]
    assert votes((APPROVED, "ann", "a"), (RETURNED, "bob", "a")) == []
