"""What the home page (the workspace "PiCortex connector for Xero") and the lists of documents show. Every figure is of the companies that the user
may see."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from ..attention import home, ready_figures
from ..attention import list_states as states
from ..attention import stamp as stamps
from ..connection import current
from ..engine.capture import SUBMITTED
from ..engine.screen_texts import html
from .arguments import asks, listed, name, name_or_nothing, one

CONNECTION, STEP, LINK = "Xero Connection", "Xero Outbox Entry", "Xero Link"
# A page of a list has fewer, or is read as far as this.
MOST_NAMES = 500
NOTHING = "–"


# Who may


def _sent(label: str, value: Any) -> str:
    """The name of a DocType whose documents are sent to Xero; else throws."""
    if not isinstance(value, str) or value not in SUBMITTED:
        frappe.throw(_("{0} must be a kind of document that is sent to Xero").format(html(label)))
    return str(value)


def _names(label: str, value: Any) -> list[str]:
    """Names of documents, as a list or as JSON; else throws."""
    return [name(label, each) for each in listed(label, value, MOST_NAMES)]


def _screen(label: str, value: Any) -> str:
    """One of the screens that stay fresh."""
    if not isinstance(value, str) or value not in stamps.SCREENS:
        frappe.throw(_("{0} must be one of {1}").format(html(label), html(", ".join(stamps.SCREENS))))
    return str(value)


def _may_see_connections() -> None:
    frappe.has_permission(CONNECTION, "read", throw=True)


def _may_see_stamps(connection: str = "", **_arguments: Any) -> None:
    _may_see_connections()
    if connection:
        one(CONNECTION, connection, "read")


def _may_read_such(doctype: str, **_arguments: Any) -> None:
    frappe.has_permission(doctype, "read", throw=True)


# What


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def companies() -> list[dict[str, Any]]:
    """The companies that are connected, with their figures and the next step of each; first those that need a person most."""
    return home.companies(home.seen())


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def on_its_way() -> dict[str, Any]:
    """How many documents are on their way to Xero."""
    return _card(home.total(home.seen()).on_its_way, home.ITEMS, _of_the_seen(home.ON_ITS_WAY))


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def waiting() -> dict[str, Any]:
    """How many documents wait for a person who approves in Xero what it settles. What is held here stands under To Fix."""
    return _card(home.total(home.seen()).approval, home.ITEMS, _of_the_seen(home.APPROVAL))


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def to_fix() -> dict[str, Any]:
    """How many documents the page To Fix lists."""
    return _card(home.total(home.seen()).to_fix, home.FIX)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def by_hand() -> dict[str, Any]:
    """How many documents a person has to do in Xero by hand: the page To Fix lists them alone."""
    return _card(home.total(home.seen()).by_hand, home.FIX, {"xero_by_hand": 1})


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def in_xero_today() -> dict[str, Any]:
    """How many documents came to Xero today."""
    return _card(home.arrived_today(home.seen()), ["List", LINK, "List"], _of_the_seen(home.of_today()))


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def oldest_waiting() -> dict[str, Any] | str:
    """For how many days that has been waiting for a person which has waited longest; the page To Fix says so of each cause."""
    count = home.total(home.seen())
    return _card(count.days, home.FIX) if count.oldest else NOTHING


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def requests_left() -> dict[str, Any] | str:
    """How many requests Xero takes today, of the organisation that has the fewest left. Xero is not asked."""
    left = home.fewest_left(home.seen())
    return NOTHING if left is None else _card(left, ["List", "Xero Attempt", "List"])


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def ready_to_match() -> dict[str, Any]:
    """How many payments and the like Xero's own matching should find with one OK, by our estimate; the report says which, and why others are not. Xero is not asked."""
    return _card(ready_figures.of(home.seen())[0], ["query-report", "Ready to Match in Xero"])


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_see_connections)
def by_reason() -> dict[str, Any]:
    """Why documents are done by hand, or were left out this month, as a chart."""
    lines = home.by_reason(home.seen())
    if not lines:
        return {}
    series = ((_("To do by hand"), "by_hand"), (_("Left out"), "left_out"))
    return {
        "labels": [html(line["reason"]) for line in lines],
        "datasets": [{"name": said, "values": [line[kind] for line in lines]} for said, kind in series],
        # Documents are whole: the axis has no quarters of one. A marker that is not drawn makes it as long as that takes.
        "yMarkers": [{"label": "", "value": home.end_of_axis(lines), "options": {"stroke": "transparent", "lineType": "none"}}],
    }


@frappe.whitelist(methods=["GET"])
@asks(_may_see_stamps, connection=name_or_nothing, screen=_screen)
def stamp(connection: str = "", screen: str = "home") -> str:
    """A short text that is another one after anything has changed that this screen shows, of one connection or of all that this user may see."""
    return stamps.of(screen, [connection] if connection else home.seen())


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_read_such, doctype=_sent, names=_names)
def list_states(doctype: str, names: list[str]) -> dict[str, dict[str, str]]:
    """Where these documents stand in Xero, by name, for every user who may read them."""
    if not names:
        return {}
    readable = frappe.get_list(doctype, filters={"name": ("in", names)}, pluck="name", limit=MOST_NAMES)
    return states.of(doctype, readable)


def _of_the_seen(filters: dict[str, Any]) -> dict[str, Any]:
    """The filters of a list that shows what is counted: not what is left over of organisations that a company has left, nor what is only watched."""
    if not frappe.db.exists(CONNECTION, {"state": ("in", (current.RETIRED, current.WATCH_ONLY))}):
        return filters
    return {"connection": ["in", [name for name in home.seen() if not current.watches_only(name)]], **filters}


def _card(value: int, route: list[str], options: dict[str, Any] | None = None) -> dict[str, Any]:
    """A number card's figure, and the screen that it opens for who may see the items."""
    opens = {"route": route, "route_options": options or {}} if frappe.has_permission(STEP, "read") else {}
    # The Desk shows an Int without the signs between its thousands, and a Float with them; no decimals, as a text, since it passes over the number 0.
    return {"value": value, "fieldtype": "Float", "precision": "0", **opens}
