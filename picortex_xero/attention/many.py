"""Where many documents of one kind stand, in the same words as each one's form (attention/status.py): a list's page, or a page of a report.

Two reads of the outbox and one of the links for all of them together, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..accounting.texts import Text
from ..documents.identity import moment
from ..engine import causes, links, outbox, protocol
from . import records, wording

CANCELLED = 2


@dataclass(frozen=True)
class Place:
    """Where a document stands: all its steps, the one that speaks for it, the one that keeps it (the same, or what that waits for), what Xero shows of its
    records (`links.of_documents`), and the sentence and colour that everyone reads."""

    steps: Sequence[outbox.Row]
    step: outbox.Row | None
    stopped: outbox.Row | None
    linked: Sequence[dict[str, Any]]
    message: Text
    colour: str


def places(connection: str, doctype: str, docs: Sequence[dict[str, Any]]) -> dict[str, Place]:
    """By name: where these documents stand. `docs` are a few hundred at most, each with `name`, `creation` and `docstatus`."""
    made = {doc["name"]: moment(doc["creation"]) for doc in docs}
    of_each: dict[str, list[outbox.Row]] = {name: [] for name in made}
    for row in outbox.of_documents(connection, doctype, list(made)):
        name = row["reference_name"]
        if made.get(name) == row["reference_creation"]:
            of_each[name].append(row)
    linked: dict[str, list[dict[str, Any]]] = {name: [] for name in made}
    for link in links.of_documents(connection, doctype, list(made)):
        if made.get(link["reference_name"]) == link["reference_creation"]:
            linked[link["reference_name"]].append(link)
    speakers = {name: wording.speaker(steps) for name, steps in of_each.items()}
    blockers = _blockers(speakers.values())
    found = {}
    for doc in docs:
        step = speakers[doc["name"]]
        blocker = blockers.get(step["blocked_on"] or "") if step else None
        # What waits for something that waits for a person waits for that person.
        waits = blocker if blocker and step and step["state"] == protocol.PENDING and blocker["state"] in causes.WAITING else None
        its = linked[doc["name"]]
        message, colour = wording.everyone(waits or step, doc["docstatus"] == CANCELLED, records.standing_status_of(doctype, its))
        found[doc["name"]] = Place(of_each[doc["name"]], step, waits or step, its, message, colour)
    return found


def _blockers(steps: Iterable[outbox.Row | None]) -> dict[str, outbox.Row]:
    names = sorted({step["blocked_on"] for step in steps if step and step["blocked_on"]})
    return {row["name"]: row for row in outbox.named(names)}
