"""Test transactions and questions as people see them, and how the guided setup shows that step."""

from __future__ import annotations

from typing import Any

from ..accounting.questions import RULES
from ..accounting.texts import Text, _, joined
from ..connection import plans
from ..engine import asking, question_holds, trying
from ..engine.screen_texts import in_words
from ..engine.screen_texts import shown as as_text

NEVER_ASKED = _("Xero's Demo Company was never asked what the app relies on")
ASK = _(
    "Nothing stops going live without it. To ask: connect this company or another one to Xero's Demo Company, which every Xero login has, press Ask Xero's Demo Company there (page Test), then press Disconnect, connect again and choose the real organisation; the answers count for it too"
)


def shown(connection: str) -> dict[str, Any]:
    """`run`: the newest test run with its records; `questions`: what was asked and answered; `demo`: whether Xero calls the organisation its Demo
    Company, as its lists were last read; `may_ask`: whether it is not known to be another one."""
    run = trying.shown(connection)
    if run:
        run = {**run, **{field: as_text(run[field]) for field in ("contact", "organisation", "reason", "cure")}}
        run["records"] = [
            {
                **row,
                "what": in_words(_what(row["what"])),
                "checks": [_named(check, run["contact"]) for check in row["checks"]],
                **{name: as_text(row[name]) for name in ("number", "said")},
            }
            for row in run["records"]
        ]
    questions = asking.shown(connection)
    questions["questions"] = [{**each, "seen": as_text(each["seen"])} for each in questions["questions"]]
    return {"run": run, "demo": plans.is_demo_company(connection), "may_ask": not plans.is_another(connection), **questions_as(questions)}


def questions_as(found: dict[str, Any]) -> dict[str, Any]:
    """The questions under names of their own, beside the run of test transactions."""
    return {"asked": found["run"], "asked_at": found["asked_at"], "of": found["of"], "questions": found["questions"]}


def _named(check: dict[str, Any], contact: str) -> dict[str, Any]:
    """Contacts are compared by their id, which tells a person nothing."""
    if check["what"] != "Contact":
        return check
    name = contact or in_words(_("The contact made for it"))
    return {**check, "expected": name, "seen": name if check["ok"] else in_words(_("Another contact"))}


def _what(english: str) -> Text:
    return Text(english, [english, {}])


def tests(connection: str) -> tuple[str, Text, Text]:
    """Whether test transactions were sent to this organisation: state (green or amber), message and cure."""
    run = trying.shown(connection)
    if not run or run["state"] == "Running":
        return "amber", _("No test transactions were sent yet"), _("Press Send Test Transactions (page Test)")
    if run["left_over"]:
        return (
            "amber",
            _("{count} test transactions are still in Xero").format(count=run["left_over"]),
            _("Press Remove What Is Left (page Test)"),
        )
    if run["differing"] or not run["as_expected"]:
        return (
            "amber",
            _("{count} checks of the test transactions differ").format(count=run["differing"]),
            _("Open the page Test and see which"),
        )
    return "green", _("Test transactions arrived as expected, and were taken back"), Text("")


def questions(connection: str) -> tuple[str, Text, Text]:
    """Whether Xero's Demo Company was asked, and answers as the app relies on: state (green or amber), message and cure."""
    if not question_holds.answered():
        return "amber", NEVER_ASKED, ASK
    held = question_holds.differing(connection)
    if held:
        rules = joined("; ", [RULES[name].said for name in sorted(held)])
        what = _("Xero's Demo Company does otherwise, and what relies on it waits: {rules}").format(rules=rules)
        return "amber", what, _("Open the page Test: ask once more, or let these documents go with a reason")
    return (
        "green",
        _("Xero's Demo Company answered as the app relies on, {date}").format(date=str(asking.last_asked() or "")[:10]),
        Text(""),
    )


def step(connection: str) -> dict[str, str]:
    """The step Test of the guided setup: `state` (green, amber) and one sentence."""
    both = [tests(connection), questions(connection)]
    state, message, _cure = next((each for each in both if each[0] != "green"), both[0])
    return {"state": state, "message": in_words(message)}
