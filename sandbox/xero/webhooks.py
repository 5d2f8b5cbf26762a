"""What Xero would post to a webhook of the changes in the ledger: bodies with their signature. Who posts them is up to the test (``process.RunningXero.deliver``)."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import string
from typing import Any

from sandbox.xero import clock
from sandbox.xero.world import World

# By resource. There are none of bank transactions, transfers, batch payments, journals, accounts (xero_api.md 6, A).
CATEGORIES = {"Invoices": "INVOICE", "Contacts": "CONTACT", "CreditNotes": "CREDITNOTE", "Payments": "PAYMENT", "Prepayments": "PREPAYMENT",
              "Overpayments": "OVERPAYMENT"}
# Credit notes, pre- and overpayments say in `data` what they are (xero-webhooks.yaml, A).
WITH_DATA = ("CREDITNOTE", "PREPAYMENT", "OVERPAYMENT")


def serve(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """The deliveries of the changes after ``since`` (a seq of the ledger): ``key`` signs them, ``categories`` (comma between them) are those that the app has
    chosen, all if none; so many events (``most``) go into one. Nothing changed: none. ``last`` is what to begin with the next time."""
    since, most = int(query.get("since", 0)), int(query.get("most", 100))
    chosen = set(filter(None, query.get("categories", "").split(","))) or set(CATEGORIES.values())
    changes = [entry for entry in world.ledger[since:] if CATEGORIES.get(entry["resource"]) in chosen]
    deliveries = [delivery(query["key"], [_event(entry) for entry in changes[at : at + most]], [entry["seq"] for entry in changes[at : at + most]])
                  for at in range(0, len(changes), most)]
    return {"deliveries": deliveries, "last": len(world.ledger)}


def delivery(key: str, events: list[dict[str, Any]], sequences: list[int]) -> dict[str, str]:
    """One body with its signature; without events it is "intent to receive", whose sequences are 0 (A: "Configuring your server")."""
    entropy = "".join(secrets.choice(string.ascii_uppercase) for _each in range(20))
    body = json.dumps({"events": events, "firstEventSequence": min(sequences, default=0), "lastEventSequence": max(sequences, default=0),
                       "entropy": entropy})
    return {"body": body, "signature": signature(key, body.encode())}


def signature(key: str, body: bytes) -> str:
    """The base64 of the HMAC-SHA256 of the body with the webhook's key (A)."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def _event(entry: dict[str, Any]) -> dict[str, Any]:
    category, resource = CATEGORIES[entry["resource"]], entry["resource"]
    moment = clock.utc(entry["at"]).replace(tzinfo=None)
    event = {"resourceUrl": f"https://api.xero.com/api.xro/2.0/{resource}/{entry['id']}", "resourceId": entry["id"],
             "tenantId": entry["tenant"], "tenantType": "ORGANISATION", "eventCategory": category,
             "eventType": "CREATE" if entry["action"] == "created" else "UPDATE", "eventDateUtc": moment.isoformat(timespec="milliseconds")}
    if category in WITH_DATA:
        event["data"] = {"Type": entry.get("type"), "Status": entry.get("status")}
    return event
