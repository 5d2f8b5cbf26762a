"""What Xero posts to a webhook: whether it is Xero's, and which records it names.

Xero signs the body with the webhook's key (developer.xero.com, "Configuring your server"). An event says that a record was made or changed, not what it is like
now: it is read for that. New categories may come at any time, and one body may name several organisations.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

SIGNATURE = "x-xero-signature"
# What no id, category or time of Xero's looks like is no event of which something could be read.
ID = re.compile(r"[0-9A-Fa-f-]{36}", re.ASCII)
WORD = re.compile(r"[A-Za-z_]{1,40}", re.ASCII)
TIME = re.compile(r"[0-9TZ:.+-]{0,40}", re.ASCII)


@dataclass(frozen=True)
class Event:
    """One event: of which organisation and record, which category (INVOICE) and type (CREATE, UPDATE), when (UTC, as Xero writes it). `key` is the same whenever the
    same event comes again."""

    tenant_id: str
    category: str
    type: str
    xero_id: str
    at: str
    key: str


def is_signed(body: bytes, key: str, signature: str) -> bool:
    """Whether `signature` is the base64 of the HMAC-SHA256 of `body` with the webhook's key. Without a key nothing is."""
    if not key:
        return False
    right = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(right, signature.encode("utf-8", "replace"))


def events(body: bytes) -> list[Event]:
    """The events of a signed body, those left out that name no record; none for Xero's test whether the endpoint is there ("intent to receive"). ValueError
    where it is no body of a webhook."""
    try:
        said = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(said, dict) or not isinstance(said.get("events"), list):
        raise ValueError("no list of events")
    found = (_event(each, str(said.get("firstEventSequence"))) for each in said["events"] if isinstance(each, dict))
    return [each for each in found if each]


def _event(said: dict[str, Any], sequence: str) -> Event | None:
    tenant, record, category, kind, at = (
        str(said.get(name) or "") for name in ("tenantId", "resourceId", "eventCategory", "eventType", "eventDateUtc")
    )
    if not (ID.fullmatch(tenant) and ID.fullmatch(record) and WORD.fullmatch(category) and WORD.fullmatch(kind) and TIME.fullmatch(at)):
        return None
    # Xero sends an event again until it is accepted. One without a time is told from a later one by its place in what Xero sends.
    parts = (tenant.lower(), category.upper(), kind.upper(), record.lower(), at or sequence)
    key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]
    return Event(tenant.lower(), category.upper(), kind.upper(), record.lower(), at, key)
