"""How values look on the wire: JSON with exact decimals, Microsoft dates, rounding of money.

Decimals are read and written exactly (simplejson), never through float.
"""
from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from xml.sax.saxutils import escape

import simplejson

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.I)


def loads(text: str | bytes) -> Any:
    """JSON to Python with every number that has a point as Decimal. Raises ValueError on bad JSON or NaN."""
    return simplejson.loads(text, use_decimal=True, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def dumps(value: Any) -> str:
    """Python to JSON; Decimals keep their digits."""
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, separators=(",", ":"))


def xml(name: str, value: Any) -> str:
    """A value as XML: the form Xero's accounting API answers in unless JSON is asked for (A). Shape only, for a client
    that forgot its Accept header to stumble over."""
    if isinstance(value, dict):
        inner = "".join(xml(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(xml(name.rstrip("s"), item) for item in value)
    else:
        inner = escape("" if value is None else str(value))
    return f"<{name}>{inner}</{name}>"


def money(value: Decimal) -> Decimal:
    """Round half up (away from zero) to cents. Rounding rule: A for half up on lines and tax, C for negatives."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: Any) -> Decimal | None:
    """A JSON number (or numeric string, which Xero also takes) as Decimal; None when it is not a number."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        parsed = Decimal(str(value))
    except InvalidOperation:
        return None
    return parsed if parsed.is_finite() else None


def ms_datetime(moment: float) -> str:
    """A UTC moment as Xero writes it: ``/Date(1518685950940+0000)/`` (A)."""
    return f"/Date({round(moment * 1000)}+0000)/"


def ms_date(day: date) -> str:
    """A calendar date as midnight 'UTC'; it carries no time zone (A: Xero developer documentation)."""
    return ms_datetime(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())


def iso_day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def utc_string(moment: float) -> str:
    """``UpdatedDateUTCString``: ISO with Z, as in the published webhook example (A)."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_day(value: Any) -> date | None:
    """A date as clients send it: YYYY-MM-DD, ISO with time, or /Date(ms)/. None when it is none of these."""
    if not isinstance(value, str):
        return None
    match = _MS_DATE.match(value)
    if match:
        return datetime.fromtimestamp(int(match.group(1)) / 1000, timezone.utc).date()
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def is_guid(value: Any) -> bool:
    return isinstance(value, str) and bool(_GUID.match(value))
