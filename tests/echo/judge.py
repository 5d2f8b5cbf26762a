"""What became of a combination, from the simulator's ledger: what was made, what is gone; and where the app's steps ended.

Never asked of the app is whether something is there twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.xero.echoes import tidy

GONE = ("VOIDED", "DELETED")
# Fields by which two records are told apart: those that were sent, not what happened to the record since.
TELLING = ("type", "reference", "number", "url", "narration", "amount", "total", "tax", "currency", "document", "source", "invoice",
           "account", "from", "to", "name", "contact_number")  # fmt: skip
ENDED = ("Synced", "Needs Attention", "Held", "Skipped", "Superseded")
Change = dict[str, Any]
Sign = tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What is wrong after a combination: double, deleted, different, unclear, raised or paused."""

    kind: str
    text: str


@dataclass
class Made:
    """What a run made and removed: the signs of what stands, and the ids of what stood before and is gone."""

    standing: Counter[Sign] = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)


def made(changes: list[Change]) -> Made:
    """Reads the changes of a run in order."""
    first = {change["id"]: change for change in changes if change["action"] == "created"}
    last = {change["id"]: change for change in changes}
    gone = {id_ for id_, change in last.items() if change["action"] in ("deleted", "voided") or change.get("status") in GONE}
    standing = Counter(_sign(change, set(first)) for id_, change in first.items() if id_ not in gone)
    return Made(standing, gone - set(first))


def _sign(change: Change, new: set[str]) -> Sign:
    # Tidied, so that a record is known again where the simulator stores text so.
    facts = [f"{name}={tidy(str(change[name]))}" for name in TELLING if change.get(name) not in (None, "") and str(change[name]) not in new]
    return (str(change["resource"]), *facts)


def against(expected: Made, found: Made) -> list[Finding]:
    """What a run has that the undisturbed one has not. Fewer records are no finding here: a step may wait for a person."""
    findings: list[Finding] = []
    wanted, there = _per_resource(expected.standing), _per_resource(found.standing)
    for sign, count in sorted(found.standing.items()):
        allowed = expected.standing.get(sign, 0)
        if count > allowed and (allowed or there[sign[0]] > wanted[sign[0]]):
            findings.append(Finding("double", f"{count} of {' '.join(sign)}, {allowed} expected"))
        elif count > allowed:
            findings.append(Finding("different", f"{' '.join(sign)} instead of what the undisturbed run makes"))
    findings += [Finding("deleted", f"{id_} is gone") for id_ in sorted(found.gone - expected.gone)]
    return findings


def _per_resource(standing: Counter[Sign]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for sign, count in standing.items():
        counted[sign[0]] += count
    return counted


def unended(steps: list[dict[str, Any]]) -> list[Finding]:
    """Steps that are nowhere a person sees them: on their way for ever, or stopped without a reason."""
    rows = {row["name"]: row for row in steps}

    def told(row: dict[str, Any]) -> bool:
        blocker = rows.get(row["blocked_on"] or "")
        if row["state"] in ("Held", "Needs Attention", "Unknown"):
            return bool(row["reason"])
        return row["state"] in ENDED or bool(blocker and told(blocker))

    return [
        Finding(
            "unclear", f"{row['kind'] or '-'} {row['role']} of {row['reference_name']} is {row['state']}: {row['reason'] or 'no reason'}"
        )
        for row in steps
        if not told(row)
    ]
