"""Test transactions and questions as people see them, and how the guided setup shows that step."""

from __future__ import annotations

from typing import Any

import frappe

from ..accounting.questions import RULES
from ..accounting.texts import Text, _, day, joined
from ..connection import plans
from ..engine import asking, question_holds, trying
from ..engine.screen_texts import in_words
from ..engine.screen_texts import shown as as_text
from . import as_in_xero, whom_to_ask, wording
from .xero_names import XeroNames

BILL = _("Bill")
NEVER_ASKED = _("Xero's Demo Company was never asked what the app relies on")
ASK = _(
    "Nothing stops going live without it. To ask: connect this company or another one to Xero's Demo Company, which every Xero login has, press Ask Xero's Demo Company there (page Test), then press Disconnect, connect again and choose the real organisation; the answers count for it too"
)


def shown(connection: str) -> dict[str, Any]:
    """`run`: the newest test run with its records, whose amounts are in `currency`; `questions`: what was asked and answered; `demo`: whether Xero calls the organisation its Demo
    Company, as its lists were last read; `may_ask`: whether it is not known to be another one; `whom_to_ask`: "", or what whoever only reads is told."""
    run = trying.shown(connection)
    if run:
        run = {**run, **{field: as_text(run[field]) for field in ("contact", "supplier", "organisation", "reason", "cure")}}
        names = XeroNames(connection)
        run["records"] = [
            {
                **row,
                "what": in_words(_what(row["what"])),
                "checks": [_told(check, row["endpoint"], _contact_of(row, run), names) for check in row["checks"]],
                **{name: as_text(row[name]) for name in ("number", "said")},
            }
            for row in run["records"]
        ]
    questions = asking.shown(connection)
    questions["questions"] = [{**each, "seen": as_text(each["seen"])} for each in questions["questions"]]
    currency = frappe.db.get_value("Xero Connection", connection, "base_currency") or ""
    return {
        "run": run,
        "currency": currency,
        "demo": plans.is_demo_company(connection),
        "may_ask": not plans.is_another(connection),
        "whom_to_ask": whom_to_ask.of_connection(connection),
        **questions_as(questions),
    }


def _contact_of(row: dict[str, Any], run: dict[str, Any]) -> str:
    return str((run["supplier"] if row["what"] == str(BILL) else "") or run["contact"] or "")


def questions_as(found: dict[str, Any]) -> dict[str, Any]:
    """The questions under names of their own, beside the run of test transactions."""
    return {"asked": found["run"], "asked_at": found["asked_at"], "of": found["of"], "questions": found["questions"]}


# What is compared, as Xero's screens call it, and what its value is (as_in_xero.py).
CHECKS: dict[str, tuple[Text, str]] = {
    "Status": (_("Status"), as_in_xero.TEXT),
    "SubTotal": (_("Subtotal"), as_in_xero.MONEY),
    "TotalTax": (_("Total tax"), as_in_xero.MONEY),
    "Total": (_("Total"), as_in_xero.MONEY),
    "Amount": (_("Amount"), as_in_xero.MONEY),
    "Accounts": (_("Accounts"), as_in_xero.TEXT),
    "Tax types": (_("Tax rates"), as_in_xero.TEXT),
    "Contact": (_("Contact"), as_in_xero.TEXT),
    "Accepted": (_("Accepted by Xero"), as_in_xero.TEXT),
    "Read back": (_("Read back from Xero"), as_in_xero.TEXT),
    "Removed": (_("Taken back"), as_in_xero.TEXT),
}
ANSWERS = {"yes": _("Yes"), "no": _("No")}


def _told(check: dict[str, Any], endpoint: str, contact: str, names: XeroNames) -> dict[str, Any]:
    """One comparison in words: `what`, `expected`, `seen`, `as`, `ok`."""
    label, kind = CHECKS.get(check["what"], (Text(check["what"]), as_in_xero.TEXT))
    if check["what"] == "Contact":
        # Contacts are compared by their id, which tells a person nothing.
        name = contact or in_words(_("The contact made for it"))
        expected, seen = name, name if check["ok"] else in_words(_("Another contact"))
    else:
        expected, seen = (_in_words(check, check[side] or "", endpoint, names) for side in ("expected", "seen"))
    return {"what": in_words(label), "expected": expected, "seen": seen, "as": kind, "ok": check["ok"]}


def _in_words(check: dict[str, Any], value: str, endpoint: str, names: XeroNames) -> str:
    what = check["what"]
    if what in ("Status", "Removed"):
        return in_words(wording.in_xero(endpoint, value, None)) if value else ""
    if what in ("Accounts", "Tax types"):
        called = names.account if what == "Accounts" else names.tax
        # Line by line; where all is as expected each is named once.
        codes = value.split(", ")
        return ", ".join(called(each) for each in (dict.fromkeys(codes) if check["ok"] else codes) if each)
    return in_words(ANSWERS.get(value, value))


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
            _("One test transaction is still in Xero")
            if run["left_over"] == 1
            else _("{count} test transactions are still in Xero").format(count=run["left_over"]),
            _("Press Remove What Is Left (page Test)"),
        )
    if run["differing"] or not run["as_expected"]:
        return (
            "amber",
            _("One check of the test transactions differs")
            if run["differing"] == 1
            else _("{count} checks of the test transactions differ").format(count=run["differing"]),
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
        _("Xero's Demo Company answered as the app relies on, {date}").format(date=day(asking.last_asked() or "")),
        Text(""),
    )


def step(connection: str) -> dict[str, str]:
    """The step Test of the guided setup: `state` (green, amber) and one sentence."""
    both = [tests(connection), questions(connection)]
    state, message, _cure = next((each for each in both if each[0] != "green"), both[0])
    return {"state": state, "message": in_words(message)}
