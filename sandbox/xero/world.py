"""Everything the simulator knows, behind one lock: organisations, apps, ledger of changes, record of calls."""
from __future__ import annotations

import threading
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.xero import clock
from sandbox.xero.organisation import Organisation

# What Xero is not known to do, or does differently from what it says; a reset brings these back. ``tidies_text``: text of
# one line is kept with single blanks and without control characters (false, true, or the names of fields).
# ``refunds_under_invoice``: of which credits a refund is shown by GET and by its delete with the credit as "Invoice".
# ``strict_email``: a contact's address is one plain ASCII address on a domain with a dot; off: anything round an "@".
# ``refuses_control_characters``: an element with text that holds unseen characters, or a line break in a field of one line.
# ``not_modified``: a list in which nothing changed since If-Modified-Since is answered with 304 and no body, as HTTP has it; whether
# Xero does that or sends an empty list is not documented (C).
# ``payments_show_invoices``: the answer to a payment, to its delete and to a look at it by its id shows the invoice with its amounts
# and status (A: the published examples of createPayment, deletePayment, getPayment); off: brief, as GET Payments lists it.
# ``takes_merged_contacts``: a document for a contact that was merged goes to the one it was merged into; off: it is refused.
SWITCHES: dict[str, Any] = {"tidies_text": False, "drafts_drop": (), "refunds_under_invoice": ("CreditNote", "Overpayment", "Prepayment"),
                            "strict_email": True, "refuses_control_characters": False, "takes_merged_contacts": False, "not_modified": False, "payments_show_invoices": True}


@dataclass
class Call:
    """One API request on its way through: who asks, for what, and the fault that applies to it."""

    world: World
    org: Organisation
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    client: str = ""
    user: str = ""
    number: int = 0
    by: str = "api"
    fault: dict[str, Any] | None = None

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key")

    @property
    def four_decimals(self) -> bool:
        return self.query.get("unitdp") == "4"

    @property
    def summarised(self) -> bool:
        """``summarizeErrors``; absent means true, although Xero's OpenAPI description says false (B: Stack Overflow 52706101)."""
        return self.query.get("summarizeErrors", "true").lower() != "false"


@dataclass
class World:
    """The whole state. Handlers hold ``lock`` while they read or change it; nothing sleeps under it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    grants: dict[str, dict[str, Any]] = field(default_factory=dict)
    access_tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    refresh_tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    connections: dict[str, dict[str, Any]] = field(default_factory=dict)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=lambda: {"app_minute": 10000, "auto_consent": False, **SWITCHES})
    snapshots: dict[str, bytes] = field(default_factory=dict)

    def note(self, call: Call, resource: str, record_id: str, action: str, facts: dict[str, Any]) -> None:
        """Appends one committed change to the ledger; called only after the change is made."""
        self.ledger.append({
            "seq": len(self.ledger) + 1, "at": clock.now(), "tenant": call.org.tenant, "resource": resource,
            "id": record_id, "action": action, "by": call.by, "client": call.client, "call": call.number,
            "idempotency_key": call.key, **facts})


def plain(value: Any) -> Any:
    """A record as JSON can carry it: dates as ISO text, Decimals kept."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool, Decimal)):
        return value
    return str(value)
