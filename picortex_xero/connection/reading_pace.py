"""How often each of Xero's lists is read: what the choices on the Xero Connection cost a day, and which are refused (inbound/pace.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from ..engine import day_calls
from ..engine.screen_texts import html
from ..inbound import full_pass, month_by_itself, pace

CONNECTION = "Xero Connection"


def requests_a_day(settings: Mapping[str, Any]) -> int:
    """How many requests a day the turns of all lists need together, while only one page of each changes at a time."""
    paces = pace.chosen(settings)
    return pace.most_a_day(paces, (), paces)


def for_form(connection: str) -> dict[str, Any]:
    """What the form needs to say what a choice costs: how many lists each setting is about (`lists`), its minutes where nothing is chosen (`minutes`), how many
    requests a day turns may need (`most`), how many reading may make in all (`a_day`), when all lists were last looked through (UTC; "" for never), and how many records
    stay in Xero, as that has shown, since they were entered before their kind came back (`stay`, by its setting)."""
    return {
        "lists": {field: len(endpoints) for field, endpoints in pace.SETTINGS.items()},
        "minutes": {field: pace.minutes(field) for field in pace.SETTINGS},
        "most": most(connection),
        "a_day": day_calls.READING.a_day(connection),
        "looked_through": full_pass.last(connection),
        "stay": full_pass.stay(connection),
    }


def most(connection: str) -> int:
    """How many requests a day the turns of all lists may need together."""
    return day_calls.READING.a_day(connection) * pace.TURNS // 100


def refuse_too_often(doc: Any) -> None:
    """Throws where a time is out of its bounds, or all of them together need more requests a day than there are for turns. Only what was changed is looked at:
    Xero may have given the organisation fewer requests since."""
    before = doc.get_doc_before_save()
    changed = [field for field in pace.SETTINGS if before is None or int(doc.get(field) or 0) != int(before.get(field) or 0)]
    for field in changed:
        minutes = int(doc.get(field) or 0)
        if minutes and not pace.LEAST <= minutes <= pace.LONGEST:
            said = _("{0}: choose between {1} minutes and {2}, a day")
            label = _(frappe.get_meta(CONNECTION).get_field(field).label, context=CONNECTION)
            frappe.throw(said.format(html(label), html(pace.LEAST), html(pace.LONGEST)))
    _refuse_other_days(doc)
    needed, there = requests_a_day(doc), most(doc.name)
    if changed and needed > there:
        said = _(
            "Reading so often takes {0} requests a day, and there are {1}: choose longer times. The rest is for what waits for an approval, for events and for the weekly look"
        )
        frappe.throw(said.format(html(needed), html(there)))


def _refuse_other_days(doc: Any) -> None:
    """Throws where a month is to be worked out a month after it is over, or later."""
    if not 0 <= int(doc.get(month_by_itself.SETTING) or 0) <= month_by_itself.LATEST:
        label = _(frappe.get_meta(CONNECTION).get_field(month_by_itself.SETTING).label, context=CONNECTION)
        frappe.throw(_("{0}: choose up to {1} days").format(html(label), html(month_by_itself.LATEST)))
