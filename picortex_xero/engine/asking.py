"""Asking Xero's Demo Company what the app relies on (questions/): the same questions as `make test-live`, one after the other, each answer kept with
its date. What differs holds the kinds of requests that stand on it (question_holds).

Xero says itself, each time the work goes on, that the organisation is a Demo Company: nothing else is ever written to.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import frappe

from ..accounting.questions import RULES, kinds_held
from ..accounting.texts import Text, _, joined
from ..connection import organisation as said_by_xero
from ..connection import this_site, tokens
from ..questions import every
from ..questions.experiments import AS_EXPECTED, DIFFERS, NOT_CHECKED, Result, ask
from ..questions.organisation import NotADemoCompany, NotAsked, Organisation, Wait
from ..xero.records.registry import KINDS
from . import direct, full_names, limits, log, question_holds, slices
from .clock import now, running
from .screen_texts import html, in_words, stored
from .standard_columns import standard

RUN, RESULT, CONNECTION = "Xero Question Run", "Xero Question Result", "Xero Connection"
RETIRED = "Retired"
# Runs of a connection that are kept.
KEPT = 20
SEEN = 500
# A question makes up to so many calls: it is not begun with fewer left in this minute.
CALLS_EACH = 12
COLUMNS = {AS_EXPECTED: "as_expected", DIFFERS: "differing", NOT_CHECKED: "not_checked"}


def start(connection: str) -> str:
    """Begin to ask, unless somebody has begun already; the name of the run. Throws unless Xero says now that the organisation is a Demo Company.
    Commits."""
    if known := slices.running(RUN, connection):
        return known
    doc = frappe.get_doc(CONNECTION, connection)
    name = demo_company(doc)
    values = {"connection": connection, "company": doc.company, "organisation": stored(name)[:140], "calls": 0}
    begun = slices.begin(RUN, {**values, **dict.fromkeys(COLUMNS.values(), 0)})
    log.of_connection(connection, _("{user} asks Xero's Demo Company what the app relies on").format(user=full_names.mine()))
    return slices.only_one(RUN, connection, begun)


def demo_company(doc: Any) -> str:
    """The name of the organisation of a Xero Connection (a document), which is a Demo Company. Throws where Xero does not call it one. Commits."""
    if not doc.authorisation or not doc.tenant_id or doc.state == RETIRED:
        frappe.throw(html(in_words(_("Connect the company to Xero's Demo Company first"))))
    this_site.must_not_only_watch(doc.name)
    tokens.must_be_of_this_site(doc.authorisation)
    about = said_by_xero.facts(doc.authorisation, doc.tenant_id)
    if about.get("IsDemoCompany") is not True:
        what = _(
            "{organisation} is no Demo Company, and nothing else is ever asked: connect a company to Xero's Demo Company, and ask there"
        )
        frappe.throw(html(in_words(what.format(organisation=about["Name"]))))
    return str(about["Name"])


def go_on(run: str, stop: float) -> None:
    """Ask what was not asked yet in this run, until `stop` (time.monotonic()). Commits."""
    if not slices.take(RUN, run):
        return
    row = frappe.db.get_value(RUN, run, ["connection", "company", "calls"], as_dict=True)
    doc = frappe.get_doc(CONNECTION, row["connection"])
    if not doc.authorisation or doc.state == RETIRED:
        slices.end(RUN, run, slices.STOPPED, _("The company is not connected any more"))
        return
    try:
        _ask_all(run, row, Organisation(direct.calls(doc), running()), stop)
    except NotADemoCompany as other:
        slices.end(
            RUN, run, slices.STOPPED, _("{organisation} is no Demo Company, and nothing else is ever asked").format(organisation=other)
        )
    except Wait as limit:
        slices.later(RUN, run, now() + timedelta(seconds=limit.seconds), _("Xero takes no more calls at the moment; it goes on by itself"))
    except NotAsked as why:
        slices.later(RUN, run, now() + slices.ALIVE, _("Xero does not answer ({said}); it is tried again").format(said=str(why)[:200]))
    except tokens.Trouble as trouble:
        slices.end(RUN, run, slices.STOPPED, trouble.problem.message, trouble.problem.resolution)


def _ask_all(run: str, row: dict[str, Any], org: Organisation, stop: float) -> None:
    org.must_be_a_demo_company()
    done = set(frappe.get_all(RESULT, filters={"run": run}, pluck="question"))
    for name in (each for each in every.NAMES if each not in done):
        if time.monotonic() > stop:
            slices.later(RUN, run, now(), _("It goes on by itself"))
            return
        if limits.resting(row["connection"]) or _nearly_used_up(row["connection"]):
            raise Wait(61)
        _keep(run, row, ask(name, org), row["calls"] + org.calls)
    slices.end(RUN, run)
    _forget_old(row["connection"])
    question_holds.wake_all()


def _nearly_used_up(connection: str) -> bool:
    known = frappe.db.get_value("Xero Connection State", connection, ["minute_calls_left", "last_good_call"], as_dict=True)
    return bool(known and known["last_good_call"]) and (
        int(known["minute_calls_left"] or 0) < CALLS_EACH and now() - known["last_good_call"] < timedelta(minutes=1)
    )


def _keep(run: str, row: dict[str, Any], result: Result, calls: int) -> None:
    """Write an answer down, and how many there are of each state. Commits."""
    waits = in_short([result.name]) if result.state == DIFFERS else Text("")
    values: dict[str, Any] = {
        "name": frappe.generate_hash(length=12),
        **standard(frappe.session.user),
        "connection": row["connection"],
        "company": row["company"],
        "run": run,
        "question": result.name,
        "rule": stored(RULES[result.name].said),
        "state": result.state,
        "seen": stored(result.seen)[:SEEN],
        "kinds": stored(waits),
        "asked_at": now(),
    }
    frappe.db.bulk_insert(RESULT, list(values), [tuple(values.values())])
    if result.state == AS_EXPECTED:
        question_holds.over(result.name)
    counts = {column: frappe.db.count(RESULT, {"run": run, "state": state}) for state, column in COLUMNS.items()}
    slices.alive(RUN, run, calls=calls, **counts)


def in_short(questions: list[str]) -> Text:
    """What waits where these rules differ, as people call it."""
    nouns = dict.fromkeys(KINDS[kind].xero_object.noun for kind in kinds_held(questions))
    return joined(", ", nouns) if nouns else Text("")


def _forget_old(connection: str) -> None:
    old = frappe.get_all(
        RUN, filters={"connection": connection, "state": ("!=", slices.RUNNING)}, pluck="name", order_by="started_at desc"
    )[KEPT:]
    if old:
        frappe.db.delete(RESULT, {"run": ("in", old)})
        frappe.db.delete(RUN, {"name": ("in", old)})
        frappe.db.commit()


def shown(connection: str) -> dict[str, Any]:
    """What is known of every question, for the reader: `run` (the newest one of this connection, or None), `asked_at` (when any organisation of
    this site was asked last, UTC), and `questions`: `question`, `rule`, `state` ("" where never asked), `seen`, `waits` (what is held), `let_go`."""
    fields = ["name", "state", "started_at", "finished_at", "organisation", "calls", "reason", "cure", *COLUMNS.values()]
    runs = frappe.get_all(RUN, filters={"connection": connection}, fields=fields, order_by="started_at desc", limit=1)
    run = dict(runs[0]) if runs else None
    mine = {each["question"]: each for each in frappe.get_all(RESULT, filters={"run": run["name"]}, fields=["*"])} if run else {}
    answers, words = question_holds.answered(), question_holds.overrides(connection)
    held = question_holds.differing(connection)
    return {
        "run": run,
        "asked_at": last_asked(),
        "of": len(every.NAMES),
        "questions": [
            {
                "question": name,
                "rule": in_words(RULES[name].said),
                "state": mine[name]["state"] if name in mine else "",
                "seen": mine[name]["seen"] if name in mine else "",
                "known": answers.get(name, ""),
                "waits": in_words(in_short([name])) if name in held else "",
                "let_go": words.get(name),
            }
            for name in every.NAMES
        ],
    }


def last_asked() -> Any:
    """When a run of this site was finished last (UTC); None for never."""
    found = frappe.get_all(RUN, filters={"state": slices.DONE}, pluck="finished_at", order_by="finished_at desc", limit=1)
    return found[0] if found else None
