"""Records as Xero's lists show them, and whether the app takes one for the record that it sent."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from picortex_xero.documents.settlement.payment_elements import PayableInXero
from picortex_xero.xero.records import matching as echo
from picortex_xero.xero.records import xero_element
from picortex_xero.xero.records.base import Kind


def member(marker: dict[str, Any], name: str = "", facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """A member of a sealed request as it is kept: through JSON, figures as text. Without a `name` that of the marker's own text."""
    text = next((str(marker[field]) for field in xero_element.TEXTS if field in marker), "")
    name = name or re.sub(r"/\d+$", "", text.split(" ")[0])
    kept = {"marker": marker, "docname": name, **({} if facts is None else {"facts": facts})}
    return dict(json.loads(json.dumps(kept, default=str)))


def find(kind: Kind, marker: dict[str, Any], elements: list[dict[str, Any]], name: str = "") -> list[dict[str, Any]]:
    """Those elements of a list that are certainly the record."""
    return echo.listed(kind, member(marker, name), elements)[0]


def doubtful(kind: Kind, marker: dict[str, Any], elements: list[dict[str, Any]], name: str = "") -> list[dict[str, Any]]:
    """Those elements of a list that a person has to look at."""
    return echo.listed(kind, member(marker, name), elements)[1]


def bears(kind: Kind, marker: dict[str, Any], element: dict[str, Any], name: str = "") -> bool:
    """Whether an element is about the same document, figures aside."""
    seen = echo.sight(kind, member(marker, name), element)
    return seen.ours is True and "Type" not in seen.clashes


def target(
    xero_id: str = "i1",
    due: str = "1000",
    currency: str = "NZD",
    rate: str = "1",
    status: str = "AUTHORISED",
    settles: bool = False,
    field: str = "Invoice",
) -> PayableInXero:
    """An invoice, or what a refund pays back, as Xero shows it."""
    return PayableInXero(xero_id, currency, Decimal(due), status, Decimal(rate), settles, field)
