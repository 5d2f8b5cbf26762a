"""What a person may choose about a document that somebody has changed or removed in Xero: take it over, put it back, leave it, tell somebody. Nothing is chosen
by itself. What a choice would do, and what stands in its way, is said before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import frappe

from ..accounting.texts import NONE, Text, _, joined
from ..documents import closed_periods
from ..documents.details import DETAILS
from ..documents.picture import ACCEPTED, ACCEPTING, differences, picture, stored
from ..documents.putting_back import REMOVED_FIRST, used
from ..documents.removed import DETAILS_THERE, GONE_THERE
from ..documents.step import link as as_link
from ..documents.step import step as as_step
from ..documents.taking_over import Amendment
from ..engine import changes, links, outbox, protocol
from ..engine.changes import Row
from ..engine.screen_texts import in_words
from ..xero.records import reconciled
from ..xero.records.registry import BATCH_PAYMENT, PAYMENT, object_at
from . import before_again, closed_here, removed, taken_over
from .changed_sides import Sides

Element = dict[str, Any]
TAKE_OVER, PUT_BACK, LEAVE, TELL = "take_over", "put_back", "leave", "tell"
SUBMITTED = 1
RECONCILED = _(
    "It is reconciled with the bank in Xero, which then removes it for no program. Change it back there, and this is over by itself; or take the reconciling back there first"
)
# Why a record cannot be changed back from here, and what to do instead.
UNCHANGEABLE = {
    **dict.fromkeys(
        (PAYMENT.endpoint, BATCH_PAYMENT.endpoint),
        _(
            "Xero changes no payment that is entered. Remove it there, and put it back: it is then entered anew. Or change it here by hand, as it is there"
        ),
    ),
    "": _("Xero takes no change of this from here: change it back in Xero, and this is over by itself"),
}


@dataclass(frozen=True)
class Choice:
    """`says` what it does; `why` it cannot be chosen (NONE: it can)."""

    choice: str
    says: Text
    why: Text = NONE


def of(sides: Sides) -> list[dict[str, Any]]:
    """The four choices, as a screen shows them."""
    found = [
        take_over(sides),
        put_back(sides),
        Choice(LEAVE, _("Both sides stay as they are. The same difference is not listed again; another one is")),
        Choice(TELL, _("It is given to somebody to look at, and stays open")),
    ]
    return [{"choice": each.choice, "may": not each.why, "says": in_words(each.says), "why": in_words(each.why)} for each in found]


def is_gone(row: Row) -> bool:
    """Whether all that is listed of it was removed in Xero."""
    return all(each["kind"] in GONE_THERE for each in changes.records_of(row).values())


def take_over(sides: Sides) -> Choice:
    """The choice that makes the document here what Xero has."""
    row, doc = sides.row, sides.doc
    if not is_gone(row):
        says = _(
            "{name} is cancelled here, and a draft that amends it gets the values of Xero; Xero's record stays and is the draft's"
        ).format(name=row["reference_name"])
        return Choice(TAKE_OVER, says, joined("; ", amended(sides).stands_in_the_way) or _of_the_host(sides))
    says = _("{name} is cancelled here, as its record is no longer in Xero").format(name=row["reference_name"])
    if doc is None or int(doc["docstatus"]) != SUBMITTED:
        return Choice(TAKE_OVER, says, _("{name} is not submitted here any more").format(name=row["reference_name"]))
    if not _all_gone(sides):
        return Choice(
            TAKE_OVER, says, _("Other records of {name} stand in Xero: put it back, or cancel it here").format(name=row["reference_name"])
        )
    return Choice(TAKE_OVER, says, _of_the_host(sides))


def _of_the_host(sides: Sides) -> Text:
    doc = sides.doc
    if doc is None:
        return _("It is gone here")
    if closed := closed_here.why(doc["doctype"], str(doc["company"]), str(doc["posting_date"])):
        return _("{why}: it cannot be cancelled here. Enter what takes it back in an open period, then press Leave It").format(why=closed)
    if not frappe.has_permission(doc["doctype"], "cancel", doc=doc["name"]):
        return _("You may not cancel {name}: tell somebody who may").format(name=doc["name"])
    return NONE


def _all_gone(sides: Sides) -> bool:
    listed = changes.records_of(sides.row)
    return all(
        each["name"] in listed for each in links.live(sides.row["connection"], changes.identity(sides.row)) if each["role"] != "contact"
    )


def amended(sides: Sides) -> Amendment:
    """The amendment that has the values of Xero."""
    row, doc = sides.row, sides.doc
    if doc is None or int(doc["docstatus"]) != SUBMITTED:
        return Amendment(stands_in_the_way=(_("{name} is not submitted here any more").format(name=row["reference_name"]),))
    records = changes.records_of(row)
    if len(records) != 1:
        return Amendment(stands_in_the_way=(_("Several of its records were changed: change it here by hand"),))
    ((link, kept),) = records.items()
    return taken_over.of(sides, link, kept)


def put_back(sides: Sides) -> Choice:
    """The choice that makes Xero's record what the document is here."""
    row, doc = sides.row, sides.doc
    name = row["reference_name"]
    if doc is None or int(doc["docstatus"]) != SUBMITTED:
        return Choice(PUT_BACK, NONE, _("{name} is not submitted here any more").format(name=name))
    if is_gone(row):
        steps = outbox.steps_of(row["connection"], changes.identity(row))
        says = joined(
            ". ",
            [each for each in (_("{name} is entered anew in Xero").format(name=name), before_again.says(row["connection"], steps)) if each],
        )
        may = removed.choices(steps, False)["can_send_again"]
        return Choice(PUT_BACK, says, NONE if may else _("It is on its way already, or nothing of it can be entered anew"))
    says = _("Xero's record is changed back to what {name} is here").format(name=name)
    ((link, kept), *others) = changes.records_of(row).items()
    one = _link(link)
    its = object_at(kept["endpoint"])
    if others or one is None:
        return Choice(PUT_BACK, says, _("Several of its records were changed: change them back in Xero, and this is over by itself"))
    if its.endpoint in REMOVED_FIRST:
        says = _("Xero's record is removed, and {name} is entered anew as it is here").format(name=name)
        if reconciled.any_side(kept["element"]):
            return Choice(PUT_BACK, says, RECONCILED)
    elif its.updated_by is None:
        return Choice(PUT_BACK, says, UNCHANGEABLE.get(its.endpoint, UNCHANGEABLE[""]))
    its_step = next((each for each in outbox.steps_of(row["connection"], one.who) if each["role"].startswith(one.part)), None)
    if its_step is None:
        return Choice(PUT_BACK, says, _("It was not sent from here"))
    if problems := closed_periods.of_day(as_step(its_step), doc, str(doc["posting_date"]), sides.books):
        return Choice(PUT_BACK, says, joined("; ", [each.message for each in problems]))
    if used(kept["element"]) and differences(one.picture, picture(its, kept["element"])):
        return Choice(
            PUT_BACK,
            says,
            _(
                "Something is paid or credited of it in Xero, which then changes neither its lines nor its contact and date: remove that there first"
            ),
        )
    return Choice(PUT_BACK, says)


def leave_as_it_is(row: Row) -> None:
    """What Xero shows of each record is from now on what it has to be like: the same difference is none any more. Part of the caller's transaction."""
    for name, kept in changes.records_of(row).items():
        one = _link(name)
        if one is None or kept["kind"] in GONE_THERE or not kept["element"]:
            continue
        now = picture(object_at(kept["endpoint"]), kept["element"])
        was = {each: value for each, value in one.picture.items() if each != ACCEPTING}
        if kept["kind"] == DETAILS_THERE:
            links.seen(name, remote_picture=stored({**was, **({DETAILS: now[DETAILS]} if DETAILS in now else {})}))
        else:
            links.seen(name, remote_picture=stored({**was, **now, ACCEPTED: True}), sent_lines="")


def may_go_as_it_is(row: Row) -> None:
    """What is removed so that it can be entered anew is what the user has seen of it: changed once more, it stays, and a person is told. Part of the caller's transaction."""
    for name, kept in changes.records_of(row).items():
        one = _link(name)
        if one is not None and kept["endpoint"] in REMOVED_FIRST and kept["element"]:
            now = picture(object_at(kept["endpoint"]), kept["element"])
            links.seen(name, remote_picture=stored({**one.picture, **now}), sent_lines="")


def _link(name: str) -> Any:
    row = frappe.db.get_value(links.DOCTYPE, name, links.FIELDS, as_dict=True)
    return as_link(dict(row)) if row else None


def waiting(row: Row) -> list[outbox.Row]:
    """The steps of its document that wait for a person."""
    steps = outbox.steps_of(row["connection"], changes.identity(row))
    return [each for each in steps if each["state"] in (protocol.ATTENTION, protocol.HELD) and not each["kept_by"]]
