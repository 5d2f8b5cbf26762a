"""Xero's refusals: texts from ``data/errors.json`` by id, and the shapes they travel in."""
from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_ERRORS = {row["id"]: row for row in json.loads((DATA / "errors.json").read_text())["errors"]}


def text(error_id: str, **values: Any) -> str:
    """The message of an error, its ``{..}`` parts filled in. KeyError for an unknown id or a missing part."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values[match.group(1)]), _ERRORS[error_id]["text"])


class Refused(Exception):
    """One element is refused: Xero's per-element ValidationErrors."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)


def refuse(error_id: str, **values: Any) -> Refused:
    return Refused(text(error_id, **values))


class Answer(Exception):
    """A whole-request answer other than success: status, JSON or text body, extra headers."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body, self.headers = status, body, headers or {}


def envelope(number: int, kind: str, message: str, elements: list[Any] | None = None, status: int = 400) -> Answer:
    """Xero's 400 body: ErrorNumber, Type, Message and, for number 10, Elements (A)."""
    body: dict[str, Any] = {"ErrorNumber": number, "Type": kind, "Message": message}
    if elements is not None:
        body["Elements"] = elements
    return Answer(status, body)


def post_data_invalid(message: str) -> Answer:
    return envelope(14, "PostDataInvalidException", message)


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Answer:
    """The gateway's shape for 401, 403, 413: Type, Title, Status, Detail, Instance, Extensions (B: E108 to E110)."""
    body = {"Type": None, "Title": title, "Status": status, "Detail": detail, "Instance": str(uuid.uuid4()),
            "Extensions": {}}
    return Answer(status, body, headers)


def not_found() -> Answer:
    """Unknown path or id: plain text, not JSON (B: E101)."""
    return Answer(404, text("E101"))
