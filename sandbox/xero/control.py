"""The test's side of the simulator, under ``/_control``: nothing here exists at Xero, and nothing counts to limits."""
from __future__ import annotations

import pickle
import uuid
from typing import Any

from sandbox.xero import clock, faults, organisation, sign_in, webhooks
from sandbox.xero.people import ACTIONS
from sandbox.xero.refusals import Answer, Refused
from sandbox.xero.world import SWITCHES, Call, World, plain


def serve(world: World, method: str, path: str, query: dict[str, str], body: Any) -> Any:
    """Answers one control call with JSON. Raises Answer for what it does not know."""
    parts = path.strip("/").split("/")[1:]
    name = f"{method} {parts[0] if parts else ''}"
    try:
        if parts and parts[0] == "organisation" and method == "POST" and len(parts) == 3:
            return person(world, parts[1], parts[2], body or {})
        if name not in _CALLS:
            raise Answer(404, {"error": f"no control call {method} {path}"})
        return _CALLS[name](world, query, body or {})
    except Refused as refused:
        raise Answer(400, {"error": refused.messages}) from None
    except (ValueError, KeyError, TypeError) as mistake:
        raise Answer(400, {"error": f"{type(mistake).__name__}: {mistake}"}) from None


def person(world: World, tenant: str, action: str, body: dict[str, Any]) -> Any:
    """An edit as a person in Xero would make it; the ledger says ``by: person``."""
    if tenant not in world.organisations:
        raise ValueError(f"no organisation {tenant}")
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action}; known: {', '.join(sorted(ACTIONS))}")
    call = Call(world, world.organisations[tenant], "POST", "", {"unitdp": "4", "summarizeErrors": "true"}, {}, b"",
                by="person")
    with world.lock:
        return plain(ACTIONS[action](call, body))


def _ledger(world: World, query: dict[str, str], body: Any) -> Any:
    """All changes in order, all documents with their state, and totals. ``tenant`` filters, ``since`` is a seq,
    ``parts`` (changes,documents,totals) leaves out the rest; of the documents ``resource`` those of others, ``fields`` what it does not
    name."""
    tenant, since = query.get("tenant"), int(query.get("since", 0))
    parts = set(query.get("parts", "changes,documents,totals").split(","))
    answer: dict[str, Any] = {"last": len(world.ledger)}
    if "changes" in parts:
        answer["changes"] = [entry for entry in world.ledger[since:] if tenant in (None, entry["tenant"])]
    chosen = [org for org in world.organisations.values() if tenant in (None, org.tenant)]
    if "documents" in parts:
        answer["documents"] = {org.tenant: {resource: _shown(list(records.values()), query) for resource, records in
                                            org.records.items() if query.get("resource", resource) == resource} for org in chosen}
    if "totals" in parts:
        answer["totals"] = {org.tenant: _totals(org) for org in chosen}
    return plain(answer)


def _shown(records: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    names = query["fields"].split(",") if query.get("fields") else []
    return [{name: record.get(name) for name in names} for record in records] if names else records


def _totals(org: organisation.Organisation) -> dict[str, Any]:
    """Per resource, type, status and currency: count, total, tax and what is open."""
    rows: dict[str, dict[str, Any]] = {}
    for resource, records in org.records.items():
        for record in records.values():
            key = "/".join([resource, record.get("Type") or record.get("type") or "-",
                            record.get("Status") or record.get("ContactStatus") or "-",
                            record.get("CurrencyCode") or "-"])
            row = rows.setdefault(key, {"count": 0, "total": 0, "tax": 0, "settled": 0, "credited": 0})
            row["count"] += 1
            row["total"] += record.get("Total") or record.get("TotalAmount") or record.get("Amount") or 0
            row["tax"] += record.get("TotalTax", 0)
            row["settled"] += record.get("settled", 0)
            row["credited"] += record.get("credited", 0)
    return rows


BRIEF = ("number", "at", "method", "path", "status")


def _calls(world: World, query: dict[str, str], body: Any) -> Any:
    """Every exchange, oldest first; ``since`` is a call number, ``path`` a part of the path, ``methods`` those wanted. ``brief``: without
    what was sent and answered, which is forgotten."""
    since, part, methods = int(query.get("since", 0)), query.get("path", ""), query.get("methods", "")
    if query.get("brief"):
        # What was sent and answered is forgotten: days of it would fill the memory.
        for call in world.calls[since:]:
            call.update(request="", response="")
        return {"last": len(world.calls), "calls": [{k: c[k] for k in BRIEF} for c in world.calls[since:] if part in c["path"]]}
    wanted = methods.split(",") if methods else None
    return {"last": len(world.calls),
            "calls": [c for c in world.calls[since:] if part in c["path"] and (wanted is None or c["method"] in wanted)]}


def _organisations(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    org = organisation.found(body["edition"], body.get("currency"), body["name"],
                             **{k: body[k] for k in ("tenant", "currencies") if k in body})
    world.organisations[org.tenant] = org
    return {"tenant": org.tenant, **organisation.describe(org)}


def _list_organisations(world: World, query: dict[str, str], body: Any) -> Any:
    return {"organisations": [{"tenant": org.tenant, "name": org.name, "edition": org.edition,
                               "currency": org.currency, "short_code": org.short_code}
                              for org in world.organisations.values()]}


def _reset(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """Forgets documents, calls, faults, tokens; keeps organisations (founded anew) and apps unless ``all``."""
    faults.release(world)
    world.settings.update(SWITCHES)
    again = [(o.edition, o.currency, o.name, o.tenant, o.currencies) for o in world.organisations.values()
             if not o.replaces]
    for kept in (world.organisations, world.grants, world.access_tokens, world.refresh_tokens, world.codes,
                 world.connections, world.ledger, world.calls, world.faults):
        kept.clear()
    if body.get("all"):
        world.clients.clear()
    else:
        for edition, currency, name, tenant, currencies in again:
            world.organisations[tenant] = organisation.found(edition, currency, name, tenant=tenant,
                                                             currencies=currencies)
    return {"organisations": list(world.organisations)}


def _connect(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """A token set without the redirects, for tests of other things: client_id, scope, tenants, user."""
    client = world.clients[body["client_id"]]
    user = body.get("user") or str(uuid.uuid5(uuid.NAMESPACE_URL, "sandbox/user"))
    event = str(uuid.uuid4())
    for tenant in body.get("tenants", list(world.organisations)) if client["grant"] == "code" else []:
        sign_in.connect(world, client["client_id"], user, tenant, event)
    scope = body.get("scope") or " ".join(sorted(sign_in.SCOPES - {"app.connections"}))
    grant = {"client": client["client_id"], "user": user, "scope": scope, "event": event}
    if client["grant"] == "custom":
        grant["tenant"] = client["tenant"]
    return sign_in.issue(world, grant, refreshable="offline_access" in scope.split() and client["grant"] == "code")


def _settings(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """``app_minute`` (calls), ``auto_consent`` (true: authorize redirects at once) and ``world.SWITCHES``."""
    unknown = set(body) - set(world.settings)
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(unknown)}")
    world.settings.update(body)
    return world.settings


_STATE = ("organisations", "clients", "grants", "access_tokens", "refresh_tokens", "codes", "connections", "ledger", "calls",
          "settings")


def _snapshot(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """Remembers everything but faults and remembered keys under ``name``; ``at`` is the simulator's time."""
    world.snapshots[body["name"]] = pickle.dumps({name: getattr(world, name) for name in _STATE})
    return {"at": clock.now(), "last": len(world.ledger), "calls": len(world.calls)}


def _restore(world: World, query: dict[str, str], body: dict[str, Any]) -> Any:
    """Puts the state ``name`` back, with no fault on; limits and keys start anew. The clock is the caller's to put back."""
    faults.release(world)
    world.faults.clear()
    for name, value in pickle.loads(world.snapshots[body["name"]]).items():
        setattr(world, name, value)
    return {}


def _clear_faults(world: World, query: dict[str, str], body: Any) -> Any:
    faults.release(world)
    world.faults.clear()
    return {}


_CALLS = {
    "GET ledger": _ledger, "GET calls": _calls, "POST organisations": _organisations,
    "GET organisations": _list_organisations, "POST reset": _reset, "POST settings": _settings,
    "POST connect": _connect, "POST snapshot": _snapshot, "POST restore": _restore, "POST faults": lambda world, query, body: faults.add(world, body),
    "GET faults": lambda world, query, body: {"faults": [faults.public(fault) for fault in world.faults]},
    "DELETE faults": _clear_faults,
    "POST release": lambda world, query, body: {"released": faults.release(world, body.get("id"))},
    "POST clients": lambda world, query, body: sign_in.register(world, body),
    "GET webhooks": webhooks.serve,
    "GET health": lambda world, query, body: {"ok": True}}
