"""The result of a translator: a function from an ERPNext document to the element of a request to Xero, one module for each object in Xero.

Every translator returns a `Translation` or raises `problems.Refused` with ALL problems of the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..accounting.plain_text import element
from ..accounting.texts import NONE, Text


@dataclass(frozen=True)
class Reason:
    """Why one line has its account and its tax type: a sentence for each, naming the choice (and where it was made) that decided."""

    line: str
    account: str
    account_why: str
    tax_type: str
    tax_why: str


@dataclass(frozen=True)
class Translation:
    """One element of a request body and what Xero must answer to it.

    `body` holds Decimals; `marker` names the fields that find the element again in an answer or a probe; `total` and `tax` are
    what Xero must return, in document currency (None where the object has no such figure). `reasons` stand in the order of the lines.
    `content` is a file's own bytes, which `body` then only describes. `said` are remarks for the document's history
    when it goes: what Xero will make of it in another way than ERPNext, as the admin has accepted. `noted` goes there once it is in Xero.

    Translators put the host's texts in as they are: here, for every record that is sent, they become what goes to Xero
    (accounting/plain_text.py), in `body` and `marker` alike.
    """

    body: dict[str, Any]
    marker: dict[str, Any]
    total: Decimal | None = None
    tax: Decimal | None = None
    reasons: list[Reason] = field(default_factory=list)
    content: bytes = b""
    said: tuple[Text, ...] = ()
    noted: Text = NONE

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", element(self.body))
        object.__setattr__(self, "marker", element(self.marker))
