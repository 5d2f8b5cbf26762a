"""A site of version 0.1.0, stopped in the middle of its work and upgraded, goes on: nothing lost, nothing twice, every byte that is sent
afterwards the same that the former code would have sent.

The rows were made with the code of commit 1c28bc5, by a script (`make_rows.py`, see the history of this folder) that needs that code.
"""

from __future__ import annotations

import json
import os
import re
import sys
import types
from collections import Counter
from typing import Any

import pytest

from picortex_xero.accounting.causes import EVERY
from tests.upgrade import frozen, keys, stage, words
from tests.upgrade.frozen import Row
from tests.upgrade.going_on import everything
from tests.upgrade.moments import MOMENTS
from tests.upgrade.stage import INSTANCE, gone_on_from

HOST = "http://localhost:8123"
FORMER = {"Oakham Builders KO014 (2026)": ["Oakham Builders KO014"], "Redwood Timber KO017": ["Sedgefield Timber KO018"]}


# In every run of the tests the one that sent most; `make test-upgrade` goes on from all.
PLAYED = list(MOMENTS) if os.environ.get("UPGRADE") == "all" else ["sent"]


@pytest.mark.parametrize("name", PLAYED)
def test_it_goes_on_as_if_nothing_had_happened(name: str) -> None:
    moment = frozen.read(name)
    with gone_on_from(moment, MOMENTS[name]) as rig:
        came = everything(rig, moment)
        after = frozen.tables(rig.site / "site.db")
    wrong = list(differences(frozen.expected(name), came))
    assert not wrong, "\n".join(wrong[:40])
    assert new_words(after) == {}, "words that no former version has stored"
    assert list(unlike(after)) == []


def differences(expected: frozen.Came, came: frozen.Came) -> list[str]:
    """What is missing of what was expected, and what is there besides, as a person can read it."""
    found = []
    for phase, parts in expected.items():
        for part, rows in parts.items():
            wanted, made = (Counter(map(COMPARED.get(part, str), each)) for each in (rows, came[phase][part]))
            found += [f"{phase}, {part}: missing {row}" for row in sorted((wanted - made).elements())]
            found += [f"{phase}, {part}: not expected {row}" for row in sorted((made - wanted).elements())]
    return found


def as_sent(row: str) -> str:
    """A link without what the reader (inbound/), which the former code had not, brings up to date on it: that a record is paid meanwhile, what
    of it is still due, and that a contact is active."""
    *facts, status, total, _due = json.loads(row)
    return json.dumps([*facts, {"PAID": "AUTHORISED", "ACTIVE": ""}.get(status, status), total], ensure_ascii=False)


def as_printed(row: str) -> str:
    """What was sent, without the comment that the stand-in's prints have since then: the print format and the generator by name."""
    return re.sub(r'(/Attachments/KO-SI-\d+\.pdf", "\\"\()136 bytes', r"\g<1>104 bytes", row)


COMPARED = {"links": as_sent, "sent": as_printed}
# Words that this version stores besides, each with the version that reads them.
ADDED = {
    "Xero Attempt.members": {"content_version", "contact", "known", "details", "said"},
    "Xero Step Cause.kind": set(EVERY),
    "Xero Link.remote_status": {"PAID"},
    # A contact follows its customer or supplier.
    "Xero Outbox Entry.role": {"update-n"},
    "Xero Outbox Entry.kind": {"update-contact"},
    "Xero Attempt.kind": {"update-contact"},
}


def new_words(tables: frozen.Tables) -> dict[str, set[str]]:
    """Stored words that are not in the list of what the former code stores."""
    now, known = words.Words(), words.known()
    now.note(tables)
    return {where: more for where, found in now.found.items() if (more := found - known.get(where, set()) - ADDED.get(where, set()))}


@pytest.mark.parametrize("name", MOMENTS)
def test_keys_and_marks_are_computed_as_they_are_stored(name: str) -> None:
    tables = frozen.read(name).tables
    assert list(unlike(tables)) == []
    assert new_words(tables) == {}


def test_the_present_code_knows_every_stored_word() -> None:
    known, find = words.known(), keys.of_the_present_code
    assert known["Xero Outbox Entry.kind"] | known["Xero Attempt.kind"] <= set(find("KINDS"))
    assert known["Xero Outbox Entry.state"] <= set(find("STATES"))


def unlike(tables: frozen.Tables) -> list[str]:
    """Rows whose keys or marks the present code would make otherwise."""
    find = keys.of_the_present_code
    step_key, link_key, remote_key = find("step_key"), find("link_key"), find("remote_key")
    found = []
    for row in tables["tabXero Outbox Entry"]:
        if row["step_key"] not in {step_key(row["connection"], who, row["role"], row["generation"]) for who in whose(row)}:
            found.append(f"step {row['reference_name']} {row['role']}")
    for row in tables["tabXero Link"]:
        if row["link_key"] not in {link_key(row["connection"], who, row["role"], row["sequence"], row["generation"]) for who in whose(row)}:
            found.append(f"link {row['reference_name']} {row['role']}")
        owners = whose(row) if row["endpoint"] == "Contacts" else [None]
        if row["remote_key"] not in {remote_key(row["connection"], row["endpoint"], row["xero_id"], owner) for owner in owners}:
            found.append(f"link to {row['xero_id']} of {row['reference_name']}")
        found += wrong_marks(row, json.loads(row.get("marker") or "{}"), f"{row['role']}-{row['sequence']}")
    for row in tables["tabXero Attempt"]:
        if row["kind"] not in find("KINDS"):
            found.append(f"the kind {row['kind']} of a sealed request")
        for member in words.members(row):
            document = {"doctype": "doctype", "name": "docname", "creation": "creation"}
            found += wrong_marks(
                {**member, **{f"reference_{to}": member[by] for to, by in document.items()}}, member["marker"], member["role"]
            )
    return found


def wrong_marks(row: Row, marker: dict[str, Any], role: str) -> list[str]:
    """What tells a record of ours from every other, where it is not as it would be made now. Of several records with an address of one
    document all but the first have their role behind it."""
    find = keys.of_the_present_code
    url, number = marker.get("Url"), marker.get("ContactNumber")
    addresses = {find("document_url")(HOST, INSTANCE, who, row["generation"]) for who in whose(row)}
    found = []
    if url and url not in addresses | {f"{address}-{role}" for address in addresses}:
        found.append(f"{url} of {row['reference_name']}")
    if number and number not in {find("contact_number")(INSTANCE, who) for who in whose(row)}:
        found.append(f"contact number {number} of {row['reference_name']}")
    return found


def test_marks_of_notes_are_those_that_stand_in_xero() -> None:
    moment = frozen.read("sent-later")
    steps = [row for row in moment.tables["tabXero Outbox Entry"] if row["role"].startswith("note-") and row["state"] == "Synced"]
    assert len(steps) > 50
    mark = keys.of_the_present_code("note_mark")
    missing = [
        f"{row['reference_name']} {row['role']}"
        for row in steps
        if not any(mark(INSTANCE, who, row["role"], row["generation"]) in moment.xero for who in whose(row))
    ]
    assert missing == []


def whose(row: Row) -> list[Any]:
    """The document of a row, under its name and the one it had before: a contact keeps the number that it was made with, and what was of a
    party that was merged into another keeps its keys."""
    names = [row["reference_name"], *FORMER.get(row["reference_name"], ())]
    identity = keys.of_the_present_code("Identity")
    return [identity(row["reference_doctype"], name, row["reference_creation"]) for name in names]


def test_a_key_that_is_computed_otherwise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = frozen.read("sent").tables
    for name in ("step_key", "link_key", "remote_key", "contact_number", "document_url"):
        with monkeypatch.context() as patch:
            patch.setattr(keys, "of_the_present_code", lambda wanted, name=name, find=keys.of_the_present_code: (
                (lambda *given: "another") if wanted == name else find(wanted)
            ))  # fmt: skip
            assert unlike(tables), name


def test_a_function_that_was_moved_is_named() -> None:
    with pytest.raises(LookupError, match="say in tests.upgrade.keys where it is now"):
        keys.of_the_present_code_in("step_key", ("picortex_xero.nowhere", "picortex_xero.compat"))


@pytest.mark.parametrize(
    "line, runs",
    [("tests.upgrade.test_goes_on_patch", True), ("tests.upgrade.test_goes_on_patch #2026-12-01", True), ("execute:print()", False)],
)
def test_patches_are_run_as_frappe_reads_their_lines(line: str, runs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    patch = types.ModuleType("patch")
    patch.execute = lambda: ran.append(1)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tests.upgrade.test_goes_on_patch", patch)
    if runs:
        stage.run_patch(line)
        assert ran == [1]
    else:
        with pytest.raises(ValueError, match="not a statement"):
            stage.run_patch(line)
