"""Checks one exchange recorded by the simulator against Xero's own OpenAPI description.

``complaints(record)`` takes one record of ``/_control/calls`` and returns what is wrong with it, [] when nothing is.
Bodies, parameters and answers are judged by openapi-core; since the description never says additionalProperties:
false, unknown field names are found by an own walk over the schemas. Fields Xero really has but the description
omits are in ``allowed_fields.json``, each with its reason.

Not judged: sign-in calls (not described), answers other than 200 and 400 (not described), bodies that were cut off,
answers that an ``echo`` fault showed otherwise on purpose.
"""
from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import simplejson
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.request.validators import V30RequestBodyValidator, V30RequestParametersValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

SHARED = Path(__file__).resolve().parents[3] / "shared" / "xero-openapi"
SPEC = SHARED / "xero_accounting.yaml"
PREFIX = "/api.xro/2.0"
HOST = "https://api.xero.com"
METHODS = ("get", "put", "post", "delete")
_ALLOWED = json.loads((Path(__file__).parent / "allowed_fields.json").read_text())


def available() -> bool:
    """Whether the description is there; without it nothing can be judged and tests must skip by name."""
    return SPEC.exists()


@functools.cache
def description() -> dict[str, Any]:
    """Xero's description as it is read. Only where it is available."""
    with SPEC.open() as handle:
        return yaml.load(handle, Loader=yaml.CSafeLoader)


@functools.cache
def _api() -> OpenAPI:
    # The description itself does not validate (booleans with the default "false"), hence no spec validator.
    return OpenAPI.from_dict(description(), config=Config(spec_validator_cls=None, request_validator_cls=V30RequestBodyValidator))


@functools.cache
def _api_of_parameters() -> OpenAPI:
    return OpenAPI.from_dict(description(), config=Config(spec_validator_cls=None, request_validator_cls=V30RequestParametersValidator))


# What a parameter's verdict does not depend on: which GUID it is, which second, and the text of a key.
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_NO_GUID, _NO_SECOND = "00000000-0000-4000-8000-000000000000", "2026-01-01T00:00:00"


@functools.lru_cache(maxsize=4096)
def _parameters_are_right(method: str, path: str, query: tuple[tuple[str, str], ...], headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether all are as described; by far the slowest part of the check, and most exchanges have the same ones."""
    record = {"method": method, "path": path, "query": dict(query), "headers": dict(headers), "request": None}
    return not _wrong_parameters(record)


def _wrong_parameters(record: dict[str, Any]) -> list[str]:
    errors = _api_of_parameters().iter_request_errors(_Request(record))
    return [text for error in errors for text in _texts(error) if not _accepted(text, record)]


def _plain(name: str, value: str) -> str:
    """The value with what its verdict does not depend on made the same for all."""
    if name == "idempotency-key":
        return "k" * len(value)
    return _SECOND.sub(_NO_SECOND, _GUID.sub(_NO_GUID, value))


class _Request:
    """openapi-core's request protocol over a record; the tokens were redacted, so a dummy stands in."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.host_url, self.path, self.method = HOST, record["path"], record["method"].lower()
        self.content_type = record["headers"].get("content-type", "").lower()
        body = record["request"]
        self.body = None if body is None else simplejson.dumps(body, use_decimal=True).encode()
        self.parameters = RequestParameters(query=ImmutableMultiDict(record["query"]),
                                            header=Headers(list(record["headers"].items())))


class _Response:
    def __init__(self, record: dict[str, Any]) -> None:
        self.status_code, self.content_type = record["status"], "application/json"
        self.headers = Headers()
        self.data = simplejson.dumps(record["response"], use_decimal=True).encode()


def complaints(record: dict[str, Any], *, request: bool = True) -> list[str]:
    """What is wrong with an exchange; ``request=False`` leaves out the request (for deliberately wrong ones)."""
    if not record["path"].startswith(PREFIX + "/") or record["status"] == 404:
        return []
    where = f"{record['method']} {record['path']} (call {record['number']})"
    found: list[str] = []
    operation = _operation(record)
    if operation is None:
        return [f"{where}: no such operation in the description"] if request else []
    if record.get("crash"):
        found.append(f"{where}: the simulator failed: {record['crash'].splitlines()[-1]}")
    if request:
        found += _judge_request(record, operation, where)
    if record["status"] in (200, 400) and isinstance(record["response"], dict) and record.get("fault") != "echo":
        found += _judge_answer(record if request else _without_echoes(record), operation, where)
    return found


def _without_echoes(record: dict[str, Any]) -> dict[str, Any]:
    """The record without refused elements: they echo what was sent, wrong as it was."""
    kept = {key: [item for item in value if not isinstance(item, dict) or not item.get("ValidationErrors")]
            if isinstance(value, list) else value for key, value in record["response"].items()}
    return {**record, "response": kept}


@functools.cache
def _operations() -> list[tuple[re.Pattern[str], dict[str, dict[str, Any]]]]:
    """The description's operations by path and method, each with the parameters of its path; a path without a variable before one with."""
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)),
             {method: {**what, "parameters": [_resolved(each) for each in (*listed.get("parameters", ()), *what.get("parameters", ()))]}
              for method, what in listed.items() if method in METHODS})
            for path, listed in sorted(description()["paths"].items(), key=lambda each: each[0].count("{"))]


def _operation(record: dict[str, Any]) -> dict[str, Any] | None:
    path, method = record["path"][len(PREFIX):], record["method"].lower()
    return next((listed[method] for pattern, listed in _operations() if method in listed and pattern.fullmatch(path)), None)


def _judge_request(record: dict[str, Any], operation: dict[str, Any], where: str) -> list[str]:
    found = []
    custom = "xero-tenant-id" not in record["headers"]  # allow-listed: see headers in allowed_fields.json
    judged = {**record, "headers": {**record["headers"], **({"xero-tenant-id": "none"} if custom else {})}}
    judges = {each["name"].lower() for each in operation["parameters"] if each["in"] == "header"}
    plain = [tuple((name, _plain(name, value)) for name, value in sorted(judged[part].items()) if part == "query" or name in judges)
             for part in ("query", "headers")]
    if not _parameters_are_right(record["method"], _plain("", record["path"]), *plain):
        found += [f"{where}: request: {text}" for text in _wrong_parameters(judged)]
    known = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
    for name in record["query"]:
        if name not in known:
            found.append(f"{where}: query parameter {name} is not described (Xero ignores it silently)")
    # Without a body there is nothing left to judge.
    return found if record["request"] is None else found + _judge_body(judged, operation, where)


def _judge_body(record: dict[str, Any], operation: dict[str, Any], where: str) -> list[str]:
    # The same documents are sent in many tests: what differs in ids and times alone was judged before.
    kind = record["headers"].get("content-type", "")
    known = _digest(f"{record['method']} {_plain('', record['path'])} {kind} {_same(record['request'])}")
    if known in _RIGHT:
        return []
    found = []
    for error in _api().iter_request_errors(_Request(record)):
        found += [f"{where}: request: {text}" for text in _texts(error) if not _accepted(text, record)]
    body = _resolved(operation.get("requestBody", {})).get("content", {}).get("application/json", {}).get("schema")
    if body:
        found += [f"{where}: request: {text}" for text in _unknown(body, record["request"], "requests")]
    if not found:
        _RIGHT.add(known)
    return found


def _accepted(text: str, record: dict[str, Any]) -> bool:
    """Whether a complaint is one of the allow-listed ``messages``; a ``path`` group must be the path's last part."""
    for pattern in _ALLOWED["messages"]:
        match = re.search(pattern, text.lstrip(": "))
        if match:
            return match.groupdict().get("path", record["path"].rsplit("/", 1)[1]) == record["path"].rsplit("/", 1)[1]
    return False


def _judge_answer(record: dict[str, Any], operation: dict[str, Any], where: str) -> list[str]:
    described = _resolved(operation["responses"].get(str(record["status"]), {}))
    schema = described.get("content", {}).get("application/json", {}).get("schema")
    if schema is None and record["status"] == 400:
        schema = {"$ref": "#/components/schemas/Error"}
        described = None
    if schema is None:
        return [f"{where}: a body where the description has none"]
    # Lists of accounts and taxes are read over and over: what was judged before, or differs from that in ids and times alone, is not judged again.
    text = simplejson.dumps(record["response"], use_decimal=True)
    of_it = f"{record['method']} {operation.get('operationId')} {record['status']}"
    as_it_is = _digest(f"{of_it} {text}")
    if as_it_is in _RIGHT:
        return []
    known = _digest(f"{of_it} {_same_text(text)}")
    if known in _RIGHT:
        _RIGHT.add(as_it_is)
        return []
    found = []
    if described is not None:
        try:
            for error in _api().iter_response_errors(_Request(record), _Response(record)):
                found += [f"{where}: answer: {text}" for text in _texts(error)]
        except OpenAPIError as error:
            found.append(f"{where}: answer: {error}")
    found += [f"{where}: answer: {text}" for text in _unknown(schema, record["response"], "answers", top=True)]
    if not found:
        _RIGHT.update((known, as_it_is))
    return found


_RIGHT: set[bytes] = set()
_DATE = re.compile(r"/Date\(\d+")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _same(body: Any) -> str:
    return _same_text(simplejson.dumps(body, use_decimal=True))


def _same_text(text: str) -> str:
    return _DATE.sub("/Date(0", _plain("", text))


def _texts(error: BaseException) -> list[str]:
    """The messages of an openapi-core error, those of the schema included."""
    cause: BaseException | None = error
    while cause is not None:
        schema_errors = getattr(cause, "schema_errors", None)
        if schema_errors:
            return [f"{'/'.join(str(p) for p in e.absolute_path)}: {e.message[:300]}" for e in schema_errors]
        cause = cause.__cause__
    return [f"{type(error).__name__}: {error}"[:300]]


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = description()
        for part in node["$ref"].lstrip("#/").split("/"):
            target = target[part]
        node = target
    return node


def _unknown(schema: dict[str, Any], value: Any, side: str, path: str = "", name: str = "",
             top: bool = False) -> list[str]:
    """Field names the schema does not have, wherever they are nested."""
    name = schema["$ref"].rsplit("/", 1)[1] if "$ref" in schema else name
    node = _resolved(schema)
    if isinstance(value, list):
        items = node.get("items", {})
        return [text for index, item in enumerate(value)
                for text in _unknown(items, item, side, f"{path}[{index}]", name)]
    properties = node.get("properties")
    if not isinstance(value, dict) or not properties:
        return []
    if f"{name}.*" in _ALLOWED[side]:
        return []
    found = []
    for key, item in value.items():
        here = f"{path}.{key}".lstrip(".")
        if key in properties:
            found += _unknown(properties[key], item, side, here)
        elif f"{name}.{key}" not in _ALLOWED[side] and not (top and f"envelope.{key}" in _ALLOWED[side]):
            found.append(f"{here}: {name} has no field {key}")
    return found
