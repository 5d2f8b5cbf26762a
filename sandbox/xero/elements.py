"""Collection writes: reading the elements of a body, answering each one, and the summarised form.

Per element ``StatusAttributeString`` OK, WARNING or ERROR and ``ValidationErrors``; with ``summarizeErrors`` true
(the server's default) any error makes the answer a 400, although the valid elements stay saved (B: SO 52706101).
"""
from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from sandbox.xero import clock, echoes, faults, wire
from sandbox.xero.refusals import DATA, Answer, Refused, envelope, post_data_invalid, text
from sandbox.xero.world import Call

_FIELDS: dict[str, dict[str, str | None]] = {
    key: value for key, value in json.loads((DATA / "fields.json").read_text()).items() if key != "about"}
_EXTRA = {"DateString", "DueDateString"}
NO_ID = "00000000-0000-0000-0000-000000000000"
# What the setting tidies_text: true tidies; a list of field names there tidies those instead.
TIDIED = ("Reference", "Description", "Narration")
OF_SEVERAL_LINES = ("Description", "Narration", "Details")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff]")
_UNSEEN_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b\ufeff]")
MOST_BYTES = 3_500_000  # B: the limits page says 3.5 MB and 10 MB; the stricter one is enforced


def body_of(call: Call) -> Any:
    """The parsed JSON body. 413 above 3.5 MB, 400 when it cannot be read (B: E089, E091)."""
    try:
        return wire.loads(call.body)
    except ValueError:
        raise post_data_invalid(text("E091")) from None


def check_names(schema: str, element: Any) -> None:
    """Refuses unknown field names, nested ones too (B: E090)."""
    if isinstance(element, list):
        for item in element:
            check_names(schema, item)
    if not isinstance(element, dict):
        return
    known = _FIELDS[schema]
    for name, value in element.items():
        if name not in known and name not in _EXTRA:
            raise post_data_invalid(text("E090", name=name))
        nested = known.get(name)
        if nested and value is not None:
            check_names(nested, value)


def read(call: Call, collection: str, schema: str) -> list[dict[str, Any]]:
    """The elements of the body: ``{"Invoices": [...]}`` or one bare object."""
    body = body_of(call)
    if isinstance(body, dict) and collection in body:
        body = body[collection]
    elements = body if isinstance(body, list) else [body]
    if not elements or not all(isinstance(element, dict) for element in elements):
        raise envelope(17, "NoDataProcessedException", "No data has been processed for this endpoint. This endpoint "
                       f"is expecting {schema} data to be specifed in the request body.")
    for element in elements:
        check_names(schema, element)
    return [_as_stored(call, element) for element in elements]


def _as_stored(call: Call, element: Any, field: str = "") -> Any:
    """An element with its text as Xero keeps it; byte for byte unless the setting ``tidies_text`` is on (C)."""
    tidied = call.world.settings["tidies_text"]
    if not tidied:
        return element
    if isinstance(element, dict):
        return {name: _as_stored(call, value, name) for name, value in element.items()}
    if isinstance(element, list):
        return [_as_stored(call, value, field) for value in element]
    named = TIDIED if tidied is True else tidied
    return echoes.tidy(element) if isinstance(element, str) and field in named else element


def check_characters(call: Call, element: Any, field: str = "") -> None:
    """Refuses unseen characters where the setting ``refuses_control_characters`` is on (C)."""
    if not call.world.settings["refuses_control_characters"]:
        return
    if isinstance(element, dict):
        for name, value in element.items():
            check_characters(call, value, name)
    elif isinstance(element, list):
        for value in element:
            check_characters(call, value, field)
    elif isinstance(element, str) and (_UNSEEN if field in OF_SEVERAL_LINES else _UNSEEN_OR_BREAK).search(element):
        raise Refused(f"The {field} field contains characters that are not allowed.")  # wording C


def success(**payload: Any) -> dict[str, Any]:
    """Xero's envelope round an answer (A: the published examples)."""
    return {"Id": str(uuid.uuid4()), "Status": "OK", "ProviderName": "Sandbox",
            "DateTimeUTC": wire.ms_datetime(clock.now()), **payload}


def flags_of(schema: str) -> str:
    """The per-element error flag: HasErrors on documents, HasValidationErrors on contacts and payments (A)."""
    return "HasErrors" if schema in ("Invoice", "CreditNote") else "HasValidationErrors"


def _echo(element: dict[str, Any], schema: str, id_key: str, messages: list[str]) -> dict[str, Any]:
    shown = {id_key: NO_ID, **element}
    for name in ("Date", "DueDate"):
        day = wire.parse_day(element.get(name))
        if day:
            shown[name] = wire.ms_date(day)
            if schema in ("Invoice", "CreditNote"):
                shown[name + "String"] = wire.iso_day(day)
    _mark(shown, schema, "ERROR")
    if flags_of(schema) in _FIELDS[schema]:
        shown[flags_of(schema)] = True
    shown["ValidationErrors"] = [{"Message": message} for message in messages]
    return shown


def _mark(shown: dict[str, Any], schema: str, status: str, warnings: list[str] | None = None) -> None:
    """Sets StatusAttributeString and Warnings where the resource has them (a batch payment has neither: A)."""
    if "StatusAttributeString" in _FIELDS[schema]:
        shown["StatusAttributeString"] = status
    if warnings and "Warnings" in _FIELDS[schema]:
        shown["Warnings"] = [{"Message": message} for message in warnings]


def write_each(call: Call, collection: str, schema: str, id_key: str,
               one: Callable[[dict[str, Any], list[str]], dict[str, Any]]) -> dict[str, Any]:
    """Runs ``one`` (element, warnings) -> answered element over the body and answers as Xero does."""
    fault = call.fault or {}
    answered: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for index, element in enumerate(read(call, collection, schema)):
        warnings: list[str] = []
        try:
            if fault.get("kind") == "error_amid" and faults.holds(element, fault["marker"]):
                raise Answer(500, text("E126"))
            if fault.get("kind") == "element_error" and fault.get("index", 0) == index:
                raise Refused(fault.get("text") or "An error occurred in Xero.")
            check_characters(call, element)
            shown = one(element, warnings)
        except Refused as refused:
            shown = _echo(element, schema, id_key, refused.messages)
            failed.append(shown)
        else:
            _mark(shown, schema, "WARNING" if warnings else "OK", warnings)
        answered.append(shown)
    if fault.get("kind") == "reorder":
        answered.reverse()
    if fault.get("kind") == "null_payment_id":  # B: E106, a failed member without a message
        for shown in answered:
            for member in shown.get("Payments", [shown]):
                member["PaymentID"] = None
    if failed and call.summarised:
        raise envelope(10, "ValidationException", text("E001"), failed)
    return success(**{collection: answered})


def write_one(call: Call, collection: str, schema: str, id_key: str, element: dict[str, Any],
              one: Callable[[dict[str, Any], list[str]], dict[str, Any]]) -> dict[str, Any]:
    """A single-resource write: an error is always a 400 (A: no summarizeErrors there)."""
    check_names(schema, element)
    warnings: list[str] = []
    try:
        check_characters(call, element)
        shown = one(element, warnings)
    except Refused as refused:
        raise envelope(10, "ValidationException", text("E001"),
                       [_echo(element, schema, id_key, refused.messages)]) from None
    _mark(shown, schema, "WARNING" if warnings else "OK", warnings)
    return success(**{collection: [shown]})


def only(call: Call, collection: str) -> dict[str, Any]:
    """The one object of a single-resource body, wrapped in its collection or bare."""
    body = body_of(call)
    if isinstance(body, dict) and collection in body:
        body = body[collection]
    if isinstance(body, list):
        if len(body) != 1:
            raise post_data_invalid(text("E092"))
        body = body[0]
    if not isinstance(body, dict):
        raise post_data_invalid(text("E092"))
    stored: dict[str, Any] = _as_stored(call, body)
    return stored


def too_large(call: Call) -> Answer | None:
    """The 413 of a body above the limit; attachments may have 10 MB (B)."""
    if len(call.body) <= (10_000_000 if "/Attachments/" in call.path else MOST_BYTES):
        return None
    return Answer(413, {"Title": "RequestEntityTooLarge", "Status": 413, "Detail": "PayloadTooLarge",
                        "Instance": str(uuid.uuid4()), "Extensions": {}})
