"""The HTTP face: one thread per connection, every exchange recorded, faults that touch the socket."""
from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.http import http_date
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from sandbox.xero import clock, control, faults, keeping, sign_in, wire
from sandbox.xero.api import PREFIX, Api
from sandbox.xero.refusals import Answer, not_found, problem
from sandbox.xero.world import Call, World

_SECRET = {"client_secret", "refresh_token", "code", "code_verifier", "token", "access_token", "id_token"}


class Handler(WSGIRequestHandler):
    """Keep-alive without Nagle's delay and without a log line per request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of every answer, by the simulator's clock: the library would add that of this machine before it."""
        return http_date(clock.now() if timestamp is None else timestamp)

    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Silent: ``/_control/calls`` is the record."""


class Simulator:
    """The WSGI application."""

    def __init__(self, world: World) -> None:
        self.world, self.api = world, Api(world)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        if request.path.startswith("/_control"):
            return self._control(request, body)(environ, start_response)
        if request.path == "/favicon.ico":
            return Response(status=404)(environ, start_response)
        return self._exchange(request, body, environ)(environ, start_response)

    def _control(self, request: Request, body: bytes) -> Response:
        try:
            with self.world.lock:
                path = request.path.rstrip("/")
                if path in ("/_control/reset", "/_control/restore") or (request.method, path) == ("POST", "/_control/state"):
                    self.api = Api(self.world)
                given = wire.loads(body) if body else None
                if path == "/_control/state":
                    answer = wire.dumps(self._state(request.method, given))
                else:
                    answer = wire.dumps(control.serve(self.world, request.method, request.path, request.args.to_dict(), given))
            return Response(answer, content_type="application/json")
        except Answer as refused:
            return _response(refused)

    def _state(self, method: str, given: Any) -> dict[str, Any]:
        """Everything but calls, ledger and faults as one text (``keeping``); POST puts it back."""
        if method == "POST":
            faults.release(self.world)
            keeping.put_back(self.world, self.api.keys, given["state"])
            return {}
        try:
            return {"state": keeping.written(self.world, self.api.keys)}
        except TypeError as mistake:
            raise Answer(400, {"error": str(mistake)}) from mistake

    def _exchange(self, request: Request, body: bytes, environ: dict[str, Any]) -> Response:
        world = self.world
        headers = {name.lower(): value for name, value in request.headers.items()}
        with world.lock:
            fault = faults.matching(world, request.method, request.path, body, request.query_string.decode())
            record: dict[str, Any] = {
                "number": len(world.calls) + 1, "at": clock.now(), "method": request.method, "path": request.path,
                "query": request.args.to_dict(), "query_string": request.query_string.decode(),
                "headers": {**headers, **({"authorization": "(redacted)"} if "authorization" in headers else {})},
                "request": _redacted(body, request.path), "fault": fault["kind"] if fault else None,
                "status": None, "response": None, "answered": None}
            world.calls.append(record)
        kind = fault["kind"] if fault else ""
        if kind == "drop_before":
            return _cut(environ, record, "dropped before processing")
        query = request.args.to_dict()
        if kind == "short" and "page" in query:
            query["pageSize"] = str((fault or {})["most"])
        call = Call(world, None, request.method, request.path, query, headers, body,  # type: ignore[arg-type]
                    number=record["number"], fault=fault)
        answer = self._answer(call, request, record)
        if kind == "instead" and (answer.status == 200 or call.fault.get("always")):
            answer = Answer(200, str((fault or {}).get("text", "")), answer.headers)
        if kind == "short" and answer.status == 200:
            page = {name: value for name, value in wire.loads(_bytes(answer.body)).items() if name != "pagination"}
            answer = Answer(200, page, answer.headers)
        shown = _bytes(answer.body)
        if kind == "echo" and answer.status == 200:
            with world.lock:
                shown = faults.echoed(fault or {}, shown)
            answer = Answer(answer.status, shown, answer.headers)
        record.update(status=answer.status, response=_redacted(shown, request.path), response_headers=answer.headers)
        if kind == "drop_after":
            return _cut(environ, record, "processed, then dropped")
        if kind == "truncated":
            return _cut(environ, record, "processed, then truncated", shown)
        record["answered"] = clock.now()
        return _response(answer)

    def _answer(self, call: Call, request: Request, record: dict[str, Any]) -> Answer:
        try:
            if call.path.startswith(PREFIX + "/"):
                return self.api.serve(call, record)
            fault = call.fault or {}
            if fault.get("kind") == "hold_before":
                faults.hold(fault)
            if fault.get("kind") == "error_before":
                return Answer(int(fault.get("status", 503)), "")
            if fault.get("kind") == "limit":
                return Answer(429, "", {"Retry-After": str(fault.get("retry_after", 60))})
            if fault.get("kind") == "oauth_error":
                return Answer(400, {"error": fault.get("error", "invalid_grant")})
            with self.world.lock:
                answer = self._identity(call, request)
            if fault.get("kind") == "hold_after":
                faults.hold(fault)
            return Answer(int(fault.get("status", 503)), "") if fault.get("kind") == "error_after" else answer
        except Answer as refused:
            return refused

    def _identity(self, call: Call, request: Request) -> Answer:
        """Sign-in, tokens and connections. Called under the lock; nothing in it waits."""
        world, path = self.world, call.path
        if path == "/identity/connect/authorize":
            query = {**request.form.to_dict(), **call.query} if call.method == "POST" else call.query
            sign_in.check_request(world, query)
            tenants = request.values.getlist("tenant") or [t for t, org in world.organisations.items() if not org.closed]
            if call.method == "POST" and request.form.get("decision") == "cancel":
                raise sign_in.send_back(query, error="access_denied")
            if call.method == "POST" or query.get("auto") == "1" or world.settings["auto_consent"]:
                return sign_in.allow(world, query, tenants)
            return Answer(200, sign_in.consent_page(world, query), {"Content-Type": "text/html; charset=utf-8",
                                                                    "X-Frame-Options": "DENY"})
        if path in ("/connect/token", "/connect/revocation") and call.method == "POST":
            form = request.form.to_dict() if "form" in (request.content_type or "") else {}
            if path == "/connect/revocation":
                sign_in.revoke(world, call.headers, form)
                return Answer(200, "")
            return Answer(200, sign_in.token(world, call.headers, form), {"Cache-Control": "no-store"})
        if path.startswith("/connections"):
            return self._connections(call)
        raise not_found()

    def _connections(self, call: Call) -> Answer:
        given = call.headers.get("authorization", "")
        grant = self.world.access_tokens.get(given[7:]) if given.startswith("Bearer ") else None
        if grant is None or clock.now() >= grant["expires"]:
            raise problem(401, "Unauthorized", "AuthenticationUnsuccessful")
        own = {i: c for i, c in self.world.connections.items()
               if (c["client"], c["user"]) == (grant["client"], grant["user"])}
        if grant.get("tenant"):
            org = self.world.organisations[grant["tenant"]]
            own = {org.tenant: {"id": org.tenant, "authEventId": org.tenant, "tenantId": org.tenant,
                                "tenantType": "ORGANISATION", "tenantName": org.name,
                                "createdDateUtc": "2026-01-01T00:00:00.000000",
                                "updatedDateUtc": "2026-01-01T00:00:00.000000"}}
        _, _, connection_id = call.path.strip("/").partition("/")
        if call.method == "GET" and not connection_id:
            event = call.query.get("authEventId")
            return Answer(200, [{k: v for k, v in c.items() if k not in ("client", "user")} for c in own.values()
                                if event in (None, c["authEventId"])])
        if call.method == "DELETE" and connection_id in own and not grant.get("tenant"):
            del self.world.connections[connection_id]
            return Answer(204, "")
        raise not_found()


def _redacted(body: bytes, path: str) -> Any:
    """A body as the record keeps it: JSON parsed, secrets of sign-in replaced, other text as it is."""
    if not body:
        return None
    if re.search("/Attachments/.", path) and body[:1] != b"{":
        return f"({len(body)} bytes)"
    try:
        parsed = wire.loads(body)
    except ValueError:
        text = body.decode(errors="replace")
        if path.startswith("/connect/"):
            return {k: "(redacted)" if k in _SECRET else v for k, v in parse_qsl(text)}
        return text
    if path.startswith("/connect/") and isinstance(parsed, dict):
        return {k: "(redacted)" if k in _SECRET else v for k, v in parsed.items()}
    return parsed


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else wire.dumps(body)).encode()


def _response(answer: Answer) -> Response:
    text = _bytes(answer.body)
    kind = "application/json" if text[:1] in (b"{", b"[") else "text/plain; charset=utf-8"
    headers = dict(answer.headers)
    kind = headers.pop("Content-Type", kind)
    return Response(text, status=answer.status, headers=headers, content_type=kind)


def _cut(environ: dict[str, Any], record: dict[str, Any], what: str, body: bytes = b"") -> Response:
    """Ends the connection at the socket, after half of ``body`` if there is one."""
    record["fault_effect"] = what
    connection: socket.socket = environ["werkzeug.socket"]
    if body:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[: len(body) // 2])
    connection.shutdown(socket.SHUT_RDWR)
    return Response("")


def start(world: World, port: int = 0, host: str = "127.0.0.1") -> BaseWSGIServer:
    """A bound server (``server_port`` tells where); ``serve_forever`` runs it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(host, port, Simulator(world), threaded=True, request_handler=Handler)


def write_state(path: str, server: BaseWSGIServer, world: World) -> None:
    """The address and the organisations, for whoever started the process; written whole or not at all."""
    import os
    state = {"address": f"http://{server.server_address[0]}:{server.server_port}", "pid": os.getpid(),
             "organisations": [{"tenant": org.tenant, "name": org.name, "edition": org.edition,
                                "currency": org.currency, "short_code": org.short_code}
                               for org in world.organisations.values()]}
    with open(path + ".part", "w") as handle:
        json.dump(state, handle)
    os.replace(path + ".part", path)
