"""The classes of `xero/records` say of each Xero object what release 0.1 said of it: `as_before.json` was written from its tables.

Names of kinds ("invoice", "void-invoice") are stored with every step and every sealed request, and what a request holds goes to Xero:
neither may change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.registry import KINDS, OBJECTS, object_at

BEFORE: dict[str, Any] = json.loads((Path(__file__).parent / "as_before.json").read_text())
SENT = ("endpoint home id_field method query alone undo bare revises nested paged listing extra raw").split()
DOCTYPES = ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")
# Only looked at, so no record is ever compared with what they sent.
NEVER_SENT = ("undo-overpayment", "undo-prepayment")
# Kinds that came later, by the object that they update.
ADDED = {"update-contact": "Contacts"}


def test_there_are_the_same_kinds_and_objects() -> None:
    assert set(KINDS) == {*BEFORE["kinds"], *ADDED} and len(KINDS) == 25 + len(ADDED)
    assert {each.endpoint for each in OBJECTS} == set(BEFORE["objects"]) and len(OBJECTS) == 13


@pytest.mark.parametrize("name", BEFORE["kinds"])
def test_a_kind_is_sent_as_before(name: str) -> None:
    kind, before = KINDS[name], BEFORE["kinds"][name]
    assert kind.name == name and {field: getattr(kind, field) for field in SENT} == {field: before[field] for field in SENT}
    assert (kind.path(), kind.path("x1"), kind.body([{"a": 1}])) == (before["path"], before["path_of"], before["body"])


@pytest.mark.parametrize("name", [name for name in BEFORE["kinds"] if name not in NEVER_SENT])
def test_a_kind_compares_the_same_facts(name: str) -> None:
    kind, before = KINDS[name], BEFORE["kinds"][name]
    assert xero_element.compared_fields(kind, BEFORE["element"]) == before["facts"]
    assert [list(kind.xero_object.alike_in), list(kind.xero_object.alike_in_one_of)] == [before["at_least"], before["and_one_of"]]


@pytest.mark.parametrize("endpoint", BEFORE["objects"])
def test_an_object_is_called_shown_and_taken_back_as_before(endpoint: str) -> None:
    found, before = object_at(endpoint), BEFORE["objects"][endpoint]
    before = before | next(({"updated_by": kind} for kind, of in ADDED.items() if of == endpoint), {})
    names = {field: kind.name if kind else "" for field, kind in (("undone_by", found.undone_by), ("updated_by", found.updated_by))}
    assert {
        "made_by": "" if found.extra else found.made_by.name,
        **names,
        "undo_rank": found.undo_rank,
        "called": [found.called(doctype) for doctype in DOCTYPES],
        "page": [found.page(doctype) and f"{found.page(doctype)}x1" for doctype in DOCTYPES],
        "removed_by": found.removed_by,
        "kept_on_undo": list(found.kept_on_undo),
        "named_in_payments": found.named_in_payments,
        "is_advance": found.is_advance,
        "settles": found.settles,
        "noted": found.takes_notes,
        "shows_link": found.shows_link,
        "takes_files": found.takes_files,
    } == before
