"""What is said before an undo of a document of which nobody knows yet whether a record in Xero is its own."""

from __future__ import annotations

from picortex_xero.documents.identity import Identity, moment
from picortex_xero.documents.periods import NO_PERIODS
from picortex_xero.documents.role import role
from picortex_xero.documents.step import Step
from picortex_xero.documents.undoing import BY_HAND, UNDOABLE, mark

WHO = Identity("Sales Invoice", "SINV-1", moment("2026-01-01 00:00:00"))


def of(state: str, kept_by: str) -> str:
    step = Step("s", WHO, role("invoice"), 1, state, kept_by=kept_by)
    return mark([], [step], "2026-01-01", NO_PERIODS, ()).word


def test_a_person_decides_first_where_xero_may_have_it_already() -> None:
    assert of("Needs Attention", "attempt-1") == BY_HAND
    assert of("Held", "") == UNDOABLE, "nothing of it is in Xero, and it will not be sent"
