"""Going on from a frozen moment, and what is then in Xero and on the site: other than with the old code, and something was lost or doubled.

What is compared has no random id in it: records that Xero made after the moment are called by their number or reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sandbox.replay.expected import normalised
from sandbox.replay.xero_side import ID_FIELDS, XeroSide
from sandbox.rig import Rig
from sandbox.xero import wire
from tests.upgrade.frozen import Came, Moment

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
# The sweep's minutes while leases, keys and requests in flight run out; then hours; a day, for what is looked for twice.
STEPS = [MINUTE] * 25 + [10 * MINUTE] * 6 + [HOUR] * 3 + [DAY + HOUR]
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# A history note says when it was sent, to the minute.
SENT_AT = re.compile(r"\bsent \d{4}-\d\d-\d\d \d\d:\d\d\b")
SENT = ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry")
SENT_BEFORE = "sent before"
WITH_A_PERSON = ("Held", "Needs Attention")


def go_on(rig: Rig, steps: Iterable[float] = tuple(STEPS)) -> None:
    """What scheduler and worker do, with time passing between: the minute's sweep, a run, each hour the searches."""
    since = 0.0
    for seconds in steps:
        _run(rig, "sweep")
        rig.dispatch()
        since += seconds
        if since >= HOUR:
            since = 0.0
            _run(rig, "find_missed")
            rig.dispatch()
        rig.advance(seconds)
    _run(rig, "find_missed")
    rig.dispatch()


def everything(rig: Rig, moment: Moment) -> Came:
    """What it comes to by itself ("quiet"), and after people have done their part ("decided"). In between every document is compared with
    what was sent of it, and none has changed."""
    go_on(rig)
    quiet = came_to(rig, moment)
    touch(rig)
    go_on(rig, [MINUTE, HOUR])
    assert came_to(rig, moment) == quiet, "something was done though no document had changed"
    decide(rig)
    go_on(rig)
    if none_is_it(rig):
        go_on(rig)
    return {"quiet": quiet, "decided": came_to(rig, moment)}


def touch(rig: Rig) -> None:
    """Every document looks as if it had been saved just now, so that the hourly search compares what it says with what was sent."""
    with rig.frappe() as frappe:
        now = frappe.utils.now_datetime().isoformat(sep=" ", timespec="microseconds")
        for doctype in SENT:
            frappe.db.sql(f"update `tab{doctype}` set `modified` = %s", (now,))
        frappe.db.sql("update `tabGL Entry` set `modified` = %s", (now,))
        frappe.db.commit()


def decide(rig: Rig) -> None:
    """A person chooses the first record that is offered wherever one has to be chosen, and presses Retry on everything else that waits
    for one."""
    from picortex_xero.api import status

    waiting = sorted((row for row in rig.steps() if row["state"] in (*WITH_A_PERSON, "Skipped")), key=lambda row: row["step_key"])
    with rig.frappe() as frappe:
        for row in waiting:
            offered = status.records_to_choose(row["name"]) if row["kept_by"] else []
            free = sorted(each["id"] for each in offered if not each.get("taken"))
            if free and row["state"] == "Needs Attention":
                status.choose_record(row["name"], free[0])
            else:
                status.retry_step(row["name"])
            frappe.db.commit()


def none_is_it(rig: Rig) -> int:
    """A person says of what was not sent, because Xero has had a record under its name since before the upgrade, that no record there is it.
    The former code sent it at once, for Xero to refuse. Returns of how many."""
    from picortex_xero.api import status

    asked = [row["name"] for row in rig.steps() if row["kept_by"] and row["reason_code"] == "perhaps-in-xero"]
    with rig.frappe() as frappe:
        mine = [name for name in asked if any(each["may_be_none"] for each in status.records_to_choose(name))]
        for name in mine:
            status.none_of_these(name)
        frappe.db.commit()
    return len(mine)


def _run(rig: Rig, job: str) -> None:
    with rig.frappe() as frappe:
        from picortex_xero.sync import jobs

        getattr(jobs, job)()
        frappe.db.commit()


def came_to(rig: Rig, moment: Moment) -> dict[str, list[str]]:
    """Both sides: the app's steps and links, what was sent since the moment (one entry for each element, in the order of its text), and
    every record in Xero."""
    with rig.frappe() as frappe:
        links = frappe.get_all("Xero Link", filters={"connection": rig.connection}, fields=["*"])
        attempts = frappe.get_all("Xero Attempt", filters={"connection": rig.connection}, fields=["state", "outcome"])
    xero = XeroSide(rig, links)
    called = _called(rig, moment)
    steps = rig.steps()
    by_name = {row["name"]: row for row in steps}
    return {
        "steps": _texts(_step(row, by_name) for row in steps),
        "links": _texts(_link(row, called) for row in links),
        # Without what was only compared with records that are there, and never sent: the former code knew no such thing.
        "attempts": _texts(row["state"] for row in attempts if row["outcome"] != SENT_BEFORE),
        "sent": sorted(called(text) for text in _texts(sent(rig))),
        "xero": _texts([key[0], shown] for key in xero.records if (shown := normalised(key, xero)) is not None),
    }


def _texts(values: Iterable[Any]) -> list[str]:
    return sorted(json.dumps(each, ensure_ascii=False) for each in values)


def sent(rig: Rig) -> list[Any]:
    """Method, path and element of everything that was written to Xero, each as it stood in its body: names in their order, figures with
    their digits."""
    found = []
    for call in rig.xero.calls(path="/api.xro/"):
        if call["method"] not in ("PUT", "POST", "DELETE"):
            continue
        body, resource = call["request"], call["path"].split("/")[-1]
        elements = body.get(resource) if isinstance(body, dict) else None
        for element in elements if isinstance(elements, list) else [body]:
            found.append([call["method"], call["path"], wire.dumps(element)])
    return found


def _step(row: dict[str, Any], by_name: dict[str, dict[str, Any]]) -> list[Any]:
    blocker = by_name.get(row["blocked_on"] or "")
    waits = f"{blocker['reference_name']} {blocker['role']} {blocker['generation']}" if blocker else ""
    who = [row["reference_doctype"], row["reference_name"], str(row["reference_creation"])]
    kept = "kept" if row["kept_by"] else ""
    return [*who, row["role"], row["generation"], row["kind"] or "", row["state"], row["reason_code"] or "", waits, kept]


def _link(row: dict[str, Any], called: Any) -> list[Any]:
    who = [row["reference_doctype"], row["reference_name"], str(row["reference_creation"])]
    figures = [str(row[name] or 0) for name in ("remote_total", "remote_amount_due")]
    what = [row["role"], row["sequence"], row["generation"], row["endpoint"], row["xero_id"], row["xero_number"] or "", row["marker"] or ""]
    return [*who, *(called(each) if isinstance(each, str) else each for each in what), row["remote_status"] or "", *figures]


def _called(rig: Rig, moment: Moment) -> Any:
    """A text with ids of records that Xero made since the moment replaced by what a person calls these, and without the minute at which
    it was sent."""
    known = set(GUID.findall(moment.xero))
    names: dict[str, str] = {}
    documents = rig.xero.ledger(tenant=rig.xero.tenant, parts="documents")["documents"][rig.xero.tenant]
    for resource, id_field in ID_FIELDS.items():
        for record in documents.get(resource, []):
            number = next(
                (record[name] for name in ("InvoiceNumber", "CreditNoteNumber", "Reference", "Name", "Narration") if record.get(name)), ""
            )
            amount = record.get("Total") or record.get("TotalAmount") or record.get("Amount") or ""
            names[record[id_field]] = f"<{resource} {number} {amount}>"

    def one(found: re.Match[str]) -> str:
        return found[0] if found[0] in known else names.get(found[0], "<new>")

    return lambda text: SENT_AT.sub("sent <when>", GUID.sub(one, text))
