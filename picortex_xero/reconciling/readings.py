"""A reading of a bank line as it is stored, shown and chosen: pure, without a host."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple
from decimal import Decimal
from typing import Any

from ..accounting.texts import NONE, Text, form_of, joined, render
from ..banking.values import DOUBTFUL, Coding, Key, Part, Proposal
from .rows import ABSTAINED, PROPOSED

LONGEST_KEY = 16


def stored(proposals: Iterable[Proposal]) -> str:
    """Readings as JSON, the best first."""
    return json.dumps([_as_json(each) for each in proposals], ensure_ascii=False, separators=(",", ":"))


def _as_json(each: Proposal) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "parts": [[*part.voucher, str(part.amount)] for part in each.vouchers],
        "score": each.score,
        "why": [form_of(reason) for reason in each.reasons],
        "difference": str(each.difference),
        "is": each.difference_is,
        "other": each.other_line,
        "automatic": each.automatic,
        **({"coding": astuple(each.coding)} if each.coding else {}),
    }


def loaded(line: str, kept: str | None) -> list[Proposal]:
    """What `stored` stored of a line; [] where there is nothing."""
    return [_from_json(line, each) for each in json.loads(kept or "[]")]


def _from_json(line: str, each: dict[str, Any]) -> Proposal:
    parts = tuple(Part((doctype, name, account), Decimal(amount)) for doctype, name, account, amount in each["parts"])
    reasons = tuple(Text(render(form), form) for form in each["why"])
    difference = Decimal(each["difference"])
    coding = Coding(*each["coding"]) if each.get("coding") else None
    return Proposal(
        line, each["kind"], parts, int(each["score"]), reasons, difference, each["is"], each["other"], bool(each["automatic"]), coding
    )


def key(reading: Proposal, left: Decimal) -> str:
    """What tells a reading of a line with so much left from every other: what would be done, not why. Whoever accepts one names it, so nobody accepts what he has not seen."""
    said = [reading.kind, [[*part.voucher, str(part.amount.normalize())] for part in reading.vouchers], reading.other_line]
    said += [str(reading.difference.normalize()), reading.difference_is, str(left.normalize())]
    said += [astuple(reading.coding)] if reading.coding else []
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:LONGEST_KEY]


def state(found: Iterable[Proposal]) -> str:
    """PROPOSED where the best reading is sure enough to be read first; ABSTAINED where nothing is, or several are as good."""
    best = next(iter(found), None)
    return PROPOSED if best is not None and best.score > DOUBTFUL else ABSTAINED


def why(reading: Proposal | None) -> Text:
    """The reasons of a reading in one text."""
    return joined(". ", reading.reasons) if reading is not None and reading.reasons else NONE


def names(reading: Proposal) -> list[Key]:
    """The vouchers of a reading."""
    return [part.voucher for part in reading.vouchers]
