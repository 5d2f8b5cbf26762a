"""The way of one API request: token, organisation, limits, scope, idempotency, then the resource."""
from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable
from typing import Any

from sandbox.xero import clock, elements, faults, idempotency, limits, wire
from sandbox.xero.organisation import Organisation
from sandbox.xero.refusals import Answer, not_found, post_data_invalid, problem, text
from sandbox.xero.resources import (
    allocations,
    bank_transactions,
    bank_transfers,
    batch_payments,
    contacts,
    credit_notes,
    invoices,
    items,
    manual_journals,
    more_reports,
    notes_and_files,
    payments,
    reports,
    settings,
)
from sandbox.xero.world import Call, World

PREFIX = "/api.xro/2.0"
ROUTES: list[tuple[str, re.Pattern[str], str, Callable[..., dict[str, Any]]]] = [
    (method, re.compile(path + "/?"), scope, handler)
    for module in (settings, contacts, invoices, payments, batch_payments, credit_notes, allocations, bank_transactions,
                   manual_journals, bank_transfers, notes_and_files, items, reports, more_reports)
    for method, path, scope, handler in module.ROUTES]


class Api:
    """Serves ``/api.xro/2.0``; owns the meters and the remembered keys."""

    def __init__(self, world: World) -> None:
        self.world, self.meter, self.keys = world, limits.Meter(), idempotency.Keys()

    def serve(self, call: Call, record: dict[str, Any]) -> Answer:
        """The answer to a request. ``call.org`` and ``call.client`` are filled in here."""
        world, fault = self.world, call.fault or {}
        try:
            with world.lock:
                grant = self._authorise(call)
                call.org, call.client, call.user = self._tenant(call, grant), grant["client"], grant["user"]
                record.update(tenant=call.org.tenant, client=call.client)
                if fault.get("kind") == "limit":
                    raise limits.Meter.refused(fault.get("problem", "minute"), fault.get("retry_after"))
                self.meter.enter(world, call.client, call.org)
        except Answer as answer:
            return self._with_headers(call, answer)
        try:
            answer = self._inside(call, grant, record)
        except Answer as refused:
            answer = refused
        finally:
            with world.lock:
                self.meter.leave(call.client, call.org)
        return self._with_headers(call, answer)

    def _inside(self, call: Call, grant: dict[str, Any], record: dict[str, Any]) -> Answer:
        fault = call.fault or {}
        if call.org.latency:
            time.sleep(call.org.latency)
        if fault.get("kind") == "hold_before":
            faults.hold(fault)
        handler, parts, scope = self._route(call)
        _check_scope(call, grant, scope)
        _check_reports(call, scope)
        status = int(fault.get("status", 500))
        if fault.get("kind") == "error_before" and status != 500:
            return error(status)
        too_large = elements.too_large(call)
        if too_large:
            return too_large
        answer = self.keys.run(call, lambda: self._act(call, handler, parts, record))
        if fault.get("kind") == "error_after" and status != 500:
            return error(status)
        if fault.get("kind") == "hold_after":
            faults.hold(fault)
        return answer

    def _act(self, call: Call, handler: Callable[..., dict[str, Any]], parts: tuple[str, ...],
             record: dict[str, Any]) -> Answer:
        """The request itself, at most once per key. A 500 fault in here is remembered, as Xero remembers it."""
        fault, kind = call.fault or {}, (call.fault or {}).get("kind")
        if kind == "error_before":
            return error(500)
        if kind == "batch_400":
            return post_data_invalid(fault.get("text") or text("E091"))
        record["processed"] = True
        with self.world.lock:
            before = len(self.world.ledger)
            try:
                shown = handler(call, *parts)
                answer = Answer(200, wire.dumps(shown))
                if self.world.settings["not_modified"] and call.method == "GET" and _nothing_changed(call, shown):
                    return Answer(304, "")
            except Answer as refused:
                answer = refused
            except Exception:  # a defect of the simulator: shown as such, never as an answer of Xero's
                record["crash"] = traceback.format_exc()
                return Answer(500, {"Detail": "the simulator itself failed", "Crash": record["crash"]})
            record["changes"] = [entry["seq"] for entry in self.world.ledger[before:]]
        if "application/json" not in call.headers.get("accept", "") and answer.status in (200, 400) \
                and not isinstance(answer.body, bytes):
            plain = wire.loads(answer.body) if isinstance(answer.body, str) else answer.body
            answer = Answer(answer.status, wire.xml("Response", plain), {"Content-Type": "text/xml; charset=utf-8"})
        if kind == "error_after" and int(fault.get("status", 500)) == 500:
            return error(500)
        return answer

    def _route(self, call: Call) -> tuple[Callable[..., dict[str, Any]], tuple[str, ...], str]:
        path = call.path[len(PREFIX):]
        known = False
        for method, pattern, scope, handler in ROUTES:
            match = pattern.fullmatch(path)
            if match and method == call.method:
                return handler, match.groups(), scope
            known = known or bool(match)
        if known:
            raise Answer(501, {"ErrorNumber": 20, "Type": "ApiMethodNotImplementedException",
                               "Message": text("E100")})
        raise not_found()

    def _authorise(self, call: Call) -> dict[str, Any]:
        given = call.headers.get("authorization", "")
        grant = self.world.access_tokens.get(given[7:]) if given.startswith("Bearer ") else None
        if grant is None:
            raise problem(401, "Unauthorized", "AuthenticationUnsuccessful")
        if clock.now() >= grant["expires"]:
            when = clock.utc(grant["expires"]).strftime("%m/%d/%Y %H:%M:%S")
            raise problem(401, "Unauthorized", f"TokenExpired: token expired at {when}")
        return grant

    def _tenant(self, call: Call, grant: dict[str, Any]) -> Organisation:
        """The organisation: by header and connection, or the one of a custom connection (A)."""
        asked = call.headers.get("xero-tenant-id", "")
        own = grant.get("tenant")
        if own and asked in ("", own):
            return self.world.organisations[own]
        for connection in self.world.connections.values():
            if (connection["tenantId"], connection["client"], connection["user"]) == (
                    asked, grant["client"], grant["user"]):
                return self.world.organisations[asked]
        raise problem(403, "Forbidden", "AuthenticationUnsuccessful")

    def _with_headers(self, call: Call, answer: Answer) -> Answer:
        if call.client:
            with self.world.lock:
                extra = self.meter.headers(self.world, call.client, call.org)
            return Answer(answer.status, answer.body, {**answer.headers, **extra})
        return answer


def error(status: int) -> Answer:
    """A server-side failure as Xero words it (B: E126, E129)."""
    return Answer(status, text("E126") if status == 500 else text("E129"))


def _nothing_changed(call: Call, shown: dict[str, Any]) -> bool:
    """Whether a list since If-Modified-Since has nothing in it."""
    lists = [value for value in shown.values() if isinstance(value, list)]
    return "if-modified-since" in call.headers and bool(lists) and not any(lists)


def _check_scope(call: Call, grant: dict[str, Any], scope: str) -> None:
    held = grant["scope"].split()
    if scope in held or call.method == "GET" and f"{scope}.read" in held:
        return
    raise problem(401, "Unauthorized", "AuthorizationUnsuccessful", {"WWW-Authenticate": "insufficient_scope"})


def _check_reports(call: Call, scope: str) -> None:
    """Reports and manual journals are for users who may see reports (B: Xero's changelog, 29 June 2026). That the words are those for a role that
    is too low is C."""
    if scope.startswith(("accounting.manualjournals", "accounting.reports")) and call.user in call.org.without_reports:
        raise problem(403, "Forbidden", text("E087"))
