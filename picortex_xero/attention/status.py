"""Where a document stands, in the words of attention/wording, and trying again."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.causes import EVERY, OF_LISTS, Cause
from ..accounting.texts import Text, _, term
from ..connection import current, xero_lists
from ..documents.identity import Identity, moment
from ..documents.readiness import never_asked_for
from ..documents.registry import own_parts
from ..documents.skipped import BY_A_PERSON
from ..documents.step import ENDED
from ..engine import approvals, batches, candidates, causes, full_names, links, log, outbox, protocol, release, screen_texts
from ..engine.wake import wake
from ..xero.records.registry import is_extra, object_at
from . import before_again, by_hand, open_period, previewed, records, removed, standing, wording

CONNECTION = "Xero Connection"
# Reasons that Xero's lists gave: they are read anew when a person presses Retry.
ASK_LISTS = (
    "account-gone",
    "account-archived",
    "account-not-allowed",
    "account-unknown",
    "bank-account-gone",
    "item-unknown",
    "tax-parts-differ",
    "tax-rate-changed",
    "tax-type-gone",
    "tax-type-stopped",
    "tax-unknown",
    "tax-differs",
    "tax-in-xero-differs",
    "tracking-gone",
    "tracking-unknown",
)
FIELDS = ("name", "company", "short_code", "state", "go_live_date", "organisation_name")
SUBMITTED = 1
SETTLED = (protocol.SYNCED, protocol.SKIPPED, protocol.SUPERSEDED)
# What may have to change, as stored.
KINDS = EVERY
# Reasons of skipped steps that a person may have put right since.
AGAIN = ("before-go-live", "history-stopped", "file-unreadable", "file-altered", "extra-given-up", "xero-refused", BY_A_PERSON)


def of(doctype: str, name: str, with_details: bool) -> dict[str, Any]:
    """`message` and `colour` for everyone; with details also `state`, `reason`, `cure` (what to do), `record` (what it is in Xero), `number`, `in_xero` (its state there), `link`, `can_retry`, `can_release` (its money), `can_send_late` (although its period is closed: "period"; although Xero may have the money: "bank"; "" where nobody is asked), `can_approve` (where a rule wants that), `can_send_now` (before its batch), `can_credit`
    (an Admin may have it credited in the open period), `can_send_again` (`again_says`: why it would then wait, or not go), `can_leave_out`, `can_accept`, `can_say_done` (by hand, in Xero; `instead` says so), `explains` (why each line is booked as it is can be asked, api/why.py), and the lists `records` (everything that the document became in Xero), `extras` (notes
    and files) and `causes` (what has to change before it can go, and how many steps wait for that). {} where there is nothing to say."""
    doc = frappe.db.get_value(doctype, name, ["creation", "company", "docstatus", "posting_date"], as_dict=True)
    if not doc or not doc["docstatus"]:
        return {}
    who, connection = Identity(doctype, name, moment(doc["creation"])), _connection(current.of_company(doc["company"]))
    steps = outbox.steps_of(connection["name"], who) if connection else []
    if not steps and (left := _left_behind(doc["company"], who)):
        return _of_left(left, connection, doc, who, with_details)
    if steps and connection and connection["state"] == current.WATCH_ONLY:
        return _watched(connection["name"], who, with_details)
    if not connection or not connection["go_live_date"]:
        return {}
    step = wording.speaker(steps)
    blocker = _blocker(step)
    # What waits for something that waits for a person waits for that person.
    stopped = blocker if blocker and step and step["state"] == protocol.PENDING and blocker["state"] in causes.WAITING else step
    message, colour = wording.everyone(stopped, doc["docstatus"] == 2, records.standing_status(connection["name"], who))
    shown: dict[str, Any] = {"message": screen_texts.in_words(message), "colour": colour}
    waits = any(approvals.waits(each) for each in steps)
    if waits or with_details:
        # An approver sees no details of the app's.
        shown["can_approve"] = waits
    if with_details:
        shown |= _details(connection, who, step)
        shown["records"] += [records.line(left, who, link) for left in _former(doc["company"]) for link in links.of(left["name"], who)]
        shown |= removed.choices(steps, doc["docstatus"] == 2)
        if shown["can_send_again"]:
            shown["again_says"] = screen_texts.in_words(before_again.says(connection["name"], steps))
        shown["can_release"] = any(release.waits_for_release(each) for each in steps)
        shown["can_send_late"] = release.late_question(steps)
        shown["can_send_now"] = any(batches.waits_for_batch(each) for each in steps)
        shown["can_say_done"] = by_hand.possible(connection["name"], who, steps)
        instead = _("Where you do it in Xero by hand instead, press Done by Hand afterwards")
        # Some recipes name the button themselves; what is stored is English.
        named = by_hand.BUTTON in str((step or {}).get("cure") or "")
        shown["instead"] = screen_texts.in_words(instead) if shown["can_say_done"] and not named else ""
        shown |= {"extras": [_extra(each) for each in steps if is_extra(each["role"])]}
        shown["causes"] = _causes(connection["name"], [each["name"] for each in steps])
        shown["can_retry"] = shown["can_retry"] or any(_retryable(each) for each in steps if is_extra(each["role"]))
        if not step and connection["go_live_date"] and str(doc["posting_date"]) < str(connection["go_live_date"]):
            older = never_asked_for(connection["go_live_date"])
            shown |= {"reason": screen_texts.in_words(older.message), "cure": screen_texts.in_words(older.resolution)}
        shown["explains"] = doc["docstatus"] == SUBMITTED
        shown["can_credit"] = open_period.stopped(steps) is not None
    return shown


def _watched(connection: str, who: Identity, with_details: bool) -> dict[str, Any]:
    """Where a document stands whose connection only watches: with details also what would become of it."""
    message, colour = wording.WATCHED
    shown = {"message": screen_texts.in_words(message), "colour": colour}
    would = previewed.watched_line(connection, who) if with_details else None
    if would:
        reason = "\n".join(each for each in (would["said"], would["problems"]) if each)
        shown |= {"state": shown["message"], "reason": reason, "cure": would["cure"]}
    return shown


def _details(connection: dict[str, Any], who: Identity, step: outbox.Row | None) -> dict[str, Any]:
    linked = links.of(connection["name"], who)
    # First the document's own record while it stands, then payments and allocations, then what was removed.
    main = own_parts(who.doctype)
    linked.sort(key=lambda link: (link["remote_status"] in ENDED, object_at(link["endpoint"]).nested, link["role"] not in main))
    first = linked[0] if linked else {}
    blocker = _blocker(step)
    reasons = [in_words_of(step, "reason"), _blocker_says(blocker), *records.paid_by_others(connection["name"], linked)]
    cures = [in_words_of(blocker or step, "cure")]
    stopped = standing.of(connection["name"])
    if stopped and (connection["state"] != "Live" or (step and step["state"] not in SETTLED)):
        said = stopped.problem.message
        if connection["state"] == "Paused":
            said = _("The connection is paused: {reason}").format(reason=said)
        reasons.append(screen_texts.in_words(said))
        cures += [screen_texts.in_words(stopped.problem.resolution)] if not step or step["state"] not in SETTLED else []
    return {
        "state": screen_texts.in_words(wording.operator(step) if step else _("Not sent to Xero")),
        "reason": "\n".join(reason for reason in reasons if reason),
        "cure": "\n".join(cure for cure in cures if cure),
        "record": records.what(connection, who, first) if first else "",
        "number": screen_texts.shown(first.get("xero_number")),
        "remote_status": screen_texts.shown(first.get("remote_status")),
        "in_xero": records.state(first) if first else "",
        "link": records.address(connection, who, first) if first else "",
        "records": [records.line(connection, who, link) for link in linked],
        "can_retry": bool(_retryable(step) or _retryable(blocker)),
    }


def _connection(name: str | None) -> dict[str, Any] | None:
    found = frappe.db.get_value(CONNECTION, name, FIELDS, as_dict=True) if name else None
    return dict(found) if found else None


def _former(company: str) -> list[dict[str, Any]]:
    """The organisations that the company has left, the latest first."""
    return [found for name in current.former_of_company(company) if (found := _connection(name))]


def _left_behind(company: str, who: Identity) -> dict[str, Any] | None:
    """The organisation that the company has left and that this document was meant for, or is in."""
    left = _former(company)
    sent = [each for each in left if links.of(each["name"], who)]
    meant = sent or [each for each in left if outbox.steps_of(each["name"], who)]
    return meant[0] if meant else None


def _of_left(
    left: dict[str, Any], connection: dict[str, Any] | None, doc: dict[str, Any], who: Identity, with_details: bool
) -> dict[str, Any]:
    """Where a document stands that only an organisation knows which the company has left."""
    step, sent = wording.speaker(outbox.steps_of(left["name"], who)), bool(links.of(left["name"], who))
    message, colour = wording.left_behind(sent)
    shown: dict[str, Any] = {"message": screen_texts.in_words(message), "colour": colour}
    if not with_details:
        return shown
    organisation = screen_texts.shown(left["organisation_name"])
    if sent:
        said = _("It is in {organisation}, which the company has left; what is changed or cancelled here is not sent there any more")
    else:
        said = _("It was meant for {organisation}, which the company has left, and did not get there")
    reasons, cure = (
        [said.format(organisation=organisation)],
        _("Nothing to do here; what {organisation} holds is looked after in Xero itself"),
    )
    cures = [cure.format(organisation=organisation)]
    if connection and not connection["go_live_date"]:
        reasons.append(_("The connection to {organisation} has not gone live yet").format(organisation=_called(connection)))
        cures = [_("It goes there too if you choose a go-live date that is not after its own date")]
    elif connection and str(doc["posting_date"]) < str(connection["go_live_date"]):
        older = never_asked_for(connection["go_live_date"])
        reasons.append(older.message)
        cures = [older.resolution]
    shown |= _details(left, who, step)
    shown |= {"reason": _together(reasons), "cure": _together(cures), "can_retry": False, "extras": []}
    return shown


def _called(connection: dict[str, Any]) -> str:
    return screen_texts.shown(connection["organisation_name"])


def _together(texts: list[Text]) -> str:
    return "\n".join(screen_texts.in_words(text) for text in texts)


def _causes(connection: str, steps: list[str]) -> list[dict[str, Any]]:
    """What these steps wait for: `code` (the problem), `kind` and `key` (what has to change) and `waiting` (how many steps in all wait for
    it)."""
    named = dict.fromkeys((row["code"], Cause(row["kind"], row["cause_key"])) for row in causes.of_steps(steps))
    return [{"code": code, "kind": cause.kind, "key": cause.key, "waiting": causes.count(connection, cause, code)} for code, cause in named]


def _extra(step: outbox.Row) -> dict[str, Any]:
    """A note or file as a line of the form: `what`, `state`, `reason`, `cure` (what to do)."""
    what, state = (screen_texts.in_words(text) for text in (wording.extra(step["role"]), wording.of_extra(step)))
    return {"what": what, "state": state, "reason": in_words_of(step, "reason"), "cure": in_words_of(step, "cure")}


def in_words_of(step: outbox.Row | None, field: str) -> str:
    """A step's reason or resolution in the reader's language."""
    return screen_texts.said(step[field], step["reason_parts"], field) if step else ""


def _blocker(step: outbox.Row | None) -> outbox.Row | None:
    """The step that this one waits for."""
    return outbox.get(name=step["blocked_on"]) if step and step["blocked_on"] else None


def _blocker_says(blocker: outbox.Row | None) -> str:
    if not blocker or blocker["state"] not in causes.WAITING:
        return ""
    said = _("{doctype} {name}: {reason}").format(
        doctype=term(blocker["reference_doctype"]), name=blocker["reference_name"], reason=in_words_of(blocker, "reason")
    )
    return screen_texts.in_words(said)


def _retryable(step: outbox.Row | None) -> bool:
    return bool(step and (step["state"] in causes.WAITING or step["reason_code"] in AGAIN or wording.warns(step)))


def retry(doctype: str, name: str) -> int:
    """Send a document's held and failed steps again, and those that they wait for; returns how many. Part of the caller's transaction."""
    connection, who = of_document(doctype, name)
    steps = outbox.steps_of(connection, who)
    blockers = [found for step in steps if step["blocked_on"] and (found := outbox.get(name=step["blocked_on"]))]
    return _again(connection, [*steps, *blockers])


def of_document(doctype: str, name: str) -> tuple[str, Identity]:
    """The connection of a document's company, and the document."""
    doc = frappe.db.get_value(doctype, name, ["creation", "company"], as_dict=True)
    return current.of_company(doc["company"]) or "", Identity(doctype, name, moment(doc["creation"]))


def retry_step(name: str) -> int:
    """Send one step again; returns 1, or 0 where there is nothing to send again. Part of the caller's transaction."""
    step = outbox.get(name=name)
    if step and by_hand.can_be_taken_back(step):
        return _anew(step["connection"], [step])
    return _again(step["connection"], [step]) if step else 0


def retry_cause(connection: str, kind: str, key: str, code: str) -> dict[str, int]:
    """Release what waits for one cause (`kind` is one of KINDS; with one problem, where `code` is given): `released` and `waiting`. Commits."""
    _not_of_a_left_organisation(connection)
    cause = Cause(kind, key)
    if (not code or code in ASK_LISTS or kind in OF_LISTS) and causes.count(connection, cause, code):
        xero_lists.outdate(connection)
    released = release.of_cause(connection, cause, code)
    if released:
        wake(connection)
    return {"released": released, "waiting": causes.count(connection, cause, code)}


def _again(connection: str, steps: list[outbox.Row]) -> int:
    if any(step["reason_code"] in ASK_LISTS for step in steps):
        # What a person has changed in Xero since the lists were read is to be seen.
        xero_lists.outdate(connection)
    return _anew(connection, [step for step in steps if _retryable(step)])


def _anew(connection: str, steps: list[outbox.Row]) -> int:
    _not_of_a_left_organisation(connection)
    moved = [step for step in steps if outbox.decide_anew(step)]
    for step in moved:
        log.write(connection, step["company"], outbox.identity(step), "Retry", _("{user} pressed Retry").format(user=full_names.mine()))
    if moved:
        frappe.db.after_commit.add(lambda: wake(connection))
    return len(moved)


def _not_of_a_left_organisation(connection: str) -> None:
    left = _connection(connection)
    if left and left["state"] == current.RETIRED:
        said = _("The company has left {organisation}: nothing is sent there any more").format(organisation=_called(left))
        frappe.throw(screen_texts.html(screen_texts.in_words(said)))


def choices(name: str) -> list[dict[str, Any]]:
    """The records in Xero of which one may be this step's: id, number, total, date, status (in Xero's words), link. `double` marks a further record besides
    the linked one, which nobody can choose; `may_be_none`: it can be said that none of them is it."""
    step = outbox.get(name=name)
    if not step:
        return []
    short_code = frappe.db.get_value(CONNECTION, step["connection"], "short_code") or ""
    shown, may_be_none = [], candidates.may_be_none(name)
    for each in candidates.choices(name):
        link = wording.deep_link(short_code, each["endpoint"], step["reference_doctype"], each["id"])
        seen = {field: screen_texts.shown(str(each[field])) for field in ("id", "number", "total", "date", "status")}
        seen["status"] = screen_texts.in_words(wording.in_xero(each["endpoint"], seen["status"], None)) if seen["status"] else ""
        shown.append({**seen, "link": link, "double": bool(each.get("double")), "may_be_none": may_be_none})
    return shown


def none_is_it(name: str) -> None:
    """A person says that none of the records is this step's: it is sent. Throws. Part of the caller's transaction."""
    step = outbox.get(name=name)
    candidates.none_is_it(name)
    if step:
        what = _("{user} said that none of the records in Xero is it").format(user=full_names.mine())
        log.write(step["connection"], step["company"], outbox.identity(step), "Chosen", what)
        frappe.db.after_commit.add(lambda: wake(step["connection"]))


def choose(name: str, xero_id: str) -> None:
    """A person names the record (`xero_id`) that is this step's. Throws. Part of the caller's transaction."""
    step = outbox.get(name=name)
    if step:
        _not_of_a_left_organisation(step["connection"])
    candidates.choose(name, xero_id)
    if step:
        what = _("{user} chose the record {xero_id}").format(user=full_names.mine(), xero_id=xero_id)
        log.write(step["connection"], step["company"], outbox.identity(step), "Chosen", what)
        frappe.db.after_commit.add(lambda: wake(step["connection"]))
