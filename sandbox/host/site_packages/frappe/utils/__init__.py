"""The few functions of `frappe.utils` that the app uses. Dates are the site's, naive; see `now_datetime`."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from frappe._context import local


def _clock_offset() -> timedelta:
    """Seconds that the sandbox's clock file adds to real time; none without the variable, the file, or a content."""
    path = os.environ.get("PICORTEX_SANDBOX_CLOCK")
    if not path:
        return timedelta()
    try:
        # Read for every row that is written: without the layers of an open text file.
        clock = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return timedelta()
    try:
        return timedelta(seconds=float(os.read(clock, 100) or 0))
    finally:
        os.close(clock)


def now_datetime() -> datetime:
    """Now in the site's time zone, without tzinfo (Frappe's convention), moved by the sandbox's clock."""
    utc = datetime.now(ZoneInfo("UTC")) + _clock_offset()
    return utc.astimezone(ZoneInfo(local.conf.time_zone or "UTC")).replace(tzinfo=None)


def now() -> str:
    """`now_datetime` as text with microseconds."""
    return now_datetime().isoformat(sep=" ", timespec="microseconds")


def nowdate() -> str:
    """Today at the site, YYYY-MM-DD."""
    return now_datetime().date().isoformat()


def getdate(string_date: Any = None) -> date | None:
    """A date from text, date or datetime; today without an argument; None for an empty text."""
    if string_date is None:
        return now_datetime().date()
    if isinstance(string_date, datetime):
        return string_date.date()
    if isinstance(string_date, date):
        return string_date
    return datetime.fromisoformat(string_date).date() if string_date else None


def cint(s: Any) -> int:
    """An int, 0 for what is not a number."""
    try:
        return int(float(s))
    except (TypeError, ValueError):
        return 0


def flt(s: Any) -> float:
    """A float, 0.0 for what is not a number; thousands separators are dropped."""
    try:
        return float(s.replace(",", "") if isinstance(s, str) else s)
    except (TypeError, ValueError):
        return 0.0


def cstr(s: Any) -> str:
    """Text; '' for None."""
    return "" if s is None else s.decode() if isinstance(s, bytes) else str(s)


def escape_html(text: Any) -> Any:
    """Text with the five characters of HTML as entities; anything but text unchanged."""
    if not isinstance(text, str):
        return text
    table = {"&": "&amp;", '"': "&quot;", "'": "&apos;", ">": "&gt;", "<": "&lt;"}
    return "".join(table.get(each, each) for each in text)


def formatdate(string_date: Any = None) -> str:
    """A date in the site's format, here Frappe's own default (yyyy-mm-dd); '' for none."""
    found = getdate(string_date) if string_date else None
    return found.isoformat() if found else ""


def fmt_money(amount: Any, precision: int | None = None) -> str:
    """A figure in the site's number format, here Frappe's own default (#,###.##)."""
    return f"{flt(amount):,.{2 if precision is None else precision}f}"


def get_url(uri: str | None = None) -> str:
    """The site's address (`host_name` of its configuration), with the path added."""
    base = (local.conf.host_name or f"http://{local.site}").rstrip("/")
    return f"{base}/{uri.lstrip('/')}" if uri else base


def get_url_to_form(doctype: str, name: str) -> str:
    """Address of a document in the Desk."""
    return get_url(f"/app/{quote(doctype.lower().replace(' ', '-'))}/{quote(name)}")
