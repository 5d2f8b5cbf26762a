"""Host document in, Xero request element out: one module per Xero object, each a pure function.

Every translator returns a `Translation` or raises `problems.Refused` with ALL problems of the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Translation:
    """One element of a request body and what Xero must answer to it.

    `body` holds Decimals; `marker` names the fields that find the element again in an answer or a probe; `total` and `tax` are
    what Xero must return, in document currency (None where the object has no such figure). `content` is a file's own bytes, which
    `body` then only describes.
    """

    body: dict[str, Any]
    marker: dict[str, Any]
    total: Decimal | None = None
    tax: Decimal | None = None
    content: bytes = b""
