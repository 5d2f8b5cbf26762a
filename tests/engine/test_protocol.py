"""The states of a row of the outbox and what leads from one to another (`engine/protocol.py`): no gap, nothing that the app does not
use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from picortex_xero.engine import protocol as outbox
from picortex_xero.engine.protocol import MOVES, STATES, ForbiddenMove, after

APP = Path(outbox.__file__).parents[1]
EVENTS = {event for moves in MOVES.values() for event in moves}


def test_every_state_has_a_row_and_every_move_leads_to_a_state() -> None:
    assert set(MOVES) == set(STATES) and len(STATES) == len(set(STATES)) == 8
    assert {target for moves in MOVES.values() for target in moves.values()} <= set(STATES)


def test_every_state_is_reachable_from_where_steps_begin() -> None:
    # Capture begins a step as Pending, or as Skipped where there is nothing to account for.
    reached, todo = set(), [outbox.PENDING, outbox.SKIPPED]
    while todo:
        state = todo.pop()
        if state not in reached:
            reached.add(state)
            todo += MOVES[state].values()
    assert reached == set(STATES)


# What leads out of an end: a second record in Xero; an approved record that is not as it was sent, or was changed or removed there; a new comparison of one with a warning.
# And an undo that a person has started, which has taken it back.
OUT_OF_AN_END = {outbox.SYNCED: {"doubled", "differs", "raise", "retry", "undone"}, outbox.SUPERSEDED: {"doubled"}}


@pytest.mark.parametrize(("state", "event"), [(state, event) for state, out in OUT_OF_AN_END.items() for event in sorted(EVENTS - out)])
def test_nothing_else_leaves_synced_or_superseded(state: str, event: str) -> None:
    with pytest.raises(ForbiddenMove, match=f"{state} cannot take the move '{event}'"):
        after(state, event)


def test_only_what_xero_shows_or_an_undo_moves_a_finished_step() -> None:
    assert MOVES[outbox.SUPERSEDED] == {"doubled": outbox.ATTENTION}
    assert MOVES[outbox.SYNCED] == {
        "doubled": outbox.ATTENTION,
        "differs": outbox.ATTENTION,
        "raise": outbox.ATTENTION,
        "retry": outbox.PENDING,
        "undone": outbox.SKIPPED,
    }
    assert {state for state in STATES if "doubled" in MOVES[state]} == set(STATES) - {*outbox.IN_FLIGHT, outbox.ATTENTION}


@pytest.mark.parametrize("state", sorted(set(STATES) - {outbox.SYNCED, outbox.SUPERSEDED}))
def test_every_other_state_has_a_way_to_an_end(state: str) -> None:
    reached, todo = set(), [state]
    while todo:
        here = todo.pop()
        if here not in reached:
            reached.add(here)
            todo += MOVES[here].values()
    assert {outbox.SYNCED, outbox.SUPERSEDED} <= reached


def test_what_may_be_written_never_becomes_pending_without_proof() -> None:
    """From Unknown only "absent" (shown by Xero) and "release" (certain that nothing was written) lead back to Pending."""
    assert {event for event, target in MOVES[outbox.UNKNOWN].items() if target == outbox.PENDING} == {"absent", "release"}
    assert outbox.SUPERSEDED not in {*MOVES[outbox.SENDING].values(), *MOVES[outbox.UNKNOWN].values()}


def test_unknown_moves_and_states_are_refused() -> None:
    with pytest.raises(ForbiddenMove):
        after(outbox.PENDING, "teleport")
    with pytest.raises(ForbiddenMove):
        after("Nowhere", "claim")


def test_groups_name_known_states_and_do_not_overlap_where_they_must_not() -> None:
    for group in (outbox.UNFINISHED, outbox.UNSENT, outbox.IN_FLIGHT):
        assert set(group) <= set(STATES)
    assert not set(outbox.UNSENT) & set(outbox.IN_FLIGHT)
    assert all("supersede" in MOVES[state] for state in outbox.UNSENT), "a cancel supersedes what was not sent"
    assert set(outbox.UNFINISHED) == set(STATES) - {outbox.SYNCED, outbox.SKIPPED, outbox.SUPERSEDED}


def _literals(folder: Path) -> tuple[set[str], set[str]]:
    """(every string literal in the app but its table, the literals given as the event of a move)."""
    words: set[str] = set()
    given: set[str] = set()
    for path in folder.rglob("*.py"):
        if path == Path(outbox.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "move" and len(node.args) > 1:
                given |= {n.value for n in ast.walk(node.args[1]) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return words, given


def test_the_app_moves_only_by_events_of_the_table() -> None:
    _, given = _literals(APP)
    assert given and given <= EVENTS


def test_every_event_of_the_table_is_used() -> None:
    """Every event in the table is named somewhere in the app."""
    words, _ = _literals(APP)
    assert not EVENTS - words


def test_the_check_sees_an_event_outside_the_table(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("outbox.move(row, 'refused' if x else 'teleport')\n")
    assert _literals(tmp_path)[1] - EVENTS == {"teleport"}
