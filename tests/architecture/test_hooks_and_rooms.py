"""hooks.py and the rooms in `documents/` agree: each event of a host document that a room needs is in `doc_events`, and no other is. A room
says all that the engine asks of it."""

from __future__ import annotations

import pytest

from picortex_xero import hooks
from picortex_xero.documents.base import Action, Room, needs_nothing
from picortex_xero.documents.decisions import done
from picortex_xero.documents.needs import NotLoaded, Unread
from picortex_xero.documents.registry import ROOMS, SUBMITTED
from picortex_xero.documents.role import OTHERS, TAKES_BACK

EVENTS = {"on_submit", "on_cancel", "on_update_after_submit", "after_rename"}
INDICATOR = "public/js/accounts_indicator.js"
OWN = "Xero "


def unwired(events: dict[str, dict[str, str]], scripts: dict[str, str]) -> list[str]:
    """Where hooks and rooms disagree, a line for each."""
    found = [f"{doctype} does not tell {event}" for doctype in SUBMITTED for event in sorted(EVENTS - set(events.get(doctype, {})))]
    found += [f"{doctype} shows no indicator" for doctype in SUBMITTED if scripts.get(doctype) != INDICATOR]
    found += [
        f"{doctype} is submitted, and no room is its"
        for doctype, wired in events.items()
        if "on_cancel" in wired and doctype not in SUBMITTED
    ]
    found += [
        f"{doctype} shows an indicator, and no room is its"
        for doctype, script in scripts.items()
        if script == INDICATOR and doctype not in SUBMITTED
    ]
    parties = [doctype for room in ROOMS if not room.submitted for doctype in room.doctypes if not doctype.startswith(OWN)]
    return found + [f"{doctype} does not tell after_rename" for doctype in parties if "after_rename" not in events.get(doctype, {})]


def test_hooks_equal_the_registry() -> None:
    assert unwired(hooks.doc_events, hooks.doctype_js) == []
    assert SUBMITTED


@pytest.mark.parametrize("doctype", SUBMITTED)
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_an_event_that_is_missing_is_seen(doctype: str, event: str) -> None:
    events = {**hooks.doc_events, doctype: {name: path for name, path in hooks.doc_events[doctype].items() if name != event}}
    assert unwired(events, hooks.doctype_js) == [f"{doctype} does not tell {event}"]


def test_a_document_without_a_room_is_seen() -> None:
    events = {**hooks.doc_events, "Quotation": {"on_cancel": "x"}}
    assert unwired(events, {**hooks.doctype_js, "Quotation": INDICATOR}) == [
        "Quotation is submitted, and no room is its",
        "Quotation shows an indicator, and no room is its",
    ]


def lacks(room: Room) -> list[str]:
    """What a room does not say, a line for each."""
    its, name = type(room), type(room).__name__
    asked = ("first", "worth", "fingerprint") if room.submitted else ("first",)
    found = [f"{name} has no `{method}`" for method in asked if getattr(its, method) is getattr(Room, method)]
    found += [f"{name} has no `{word}`" for word in ("parts", "scopes", "tables") if room.submitted and not getattr(room, word)]
    found += [f"{name}: {part!r} of its parts has no action" for part in room.parts if part not in room.actions]
    found += [
        f"{name}: no part may be called {part!r}"
        for part in room.actions
        if "-" in part or part in {*OTHERS, *TAKES_BACK} - {"merged", "update"}
    ]
    found += [f"{name}: only a party is a contact" for part in room.actions if part == "contact" and room.submitted]
    return found


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_all_that_is_asked_of_it(room: Room) -> None:
    assert lacks(room) == []


def test_what_a_room_does_not_say_is_seen() -> None:
    class Bare(Room):
        name, doctypes = "bare", ("Quotation",)
        actions = {part: Action(lambda *given: done(), needs_nothing) for part in ("note", "two-words", "contact")}
        parts = ("quote",)

    assert lacks(Bare()) == [
        "Bare has no `first`",
        "Bare has no `worth`",
        "Bare has no `fingerprint`",
        "Bare has no `scopes`",
        "Bare has no `tables`",
        "Bare: 'quote' of its parts has no action",
        "Bare: no part may be called 'note'",
        "Bare: no part may be called 'two-words'",
        "Bare: only a party is a contact",
    ]
    for method in ("first", "worth"):
        with pytest.raises(NotImplementedError, match=f"Bare does not say.*{method}"):
            getattr(Bare(), method)({})


def test_a_child_table_that_no_room_reads_is_not_taken_for_an_empty_one() -> None:
    unread = Unread("Sales Invoice", "timesheets")
    for use in (bool, list, len):
        with pytest.raises(NotLoaded, match="'timesheets' that no room reads"):
            use(unread)
