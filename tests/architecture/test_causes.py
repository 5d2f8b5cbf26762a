"""Every problem that may hold a document says what has to change, or is a recipe that a person follows: no code is missing in the table."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from picortex_xero.accounting import causes
from picortex_xero.documents.journal_entry.cases import CASES
from tests.architecture.source import APP, called, nodes_of

# Codes that a variable holds where the problem is made, by the module that gives it its value.
GIVEN = {
    "documents/by_hand.py": ("done-by-hand",),
    "incoming/recoded.py": ("tax-not-mapped-back",),
    "documents/money.py": ("money-held",),
    "documents/history/coded.py": ("perhaps-coded",),
    "documents/history/entered.py": ("perhaps-entered",),
    "documents/history/words.py": ("history-stopped",),
    "documents/periods.py": ("tax-filed", "before-conversion", "period-locked"),
    "documents/skipped.py": ("skipped-by-person",),
    "documents/approvals/words.py": ("rule-approval", "changed-after-approval", "approval-returned", "approved-past-us"),
    "documents/cash_summary/counted.py": ("in-cash-summary",),
    "documents/rules/words.py": (
        *("rule-skipped", "follows-skipped", "kind-off", "kind-later", "rule-broken", "settles-partly-skipped"),
        *("waits-for-batch", "skipped-credit-in-xero", "settles-skipped-by-rule"),
    ),
    "documents/payroll.py": ("journal-payroll", "journal-employee", "payment-payroll", "payment-other-party"),
    "documents/settlement/breakdown.py": (
        "deduction-and-advance",
        "netting-and-advance",
        "deduction-converted",
        "netting-converted",
        "refund-with-deduction",
    ),
    "documents/settlement/entered_too.py": ("entered-there-too",),
    "documents/settlement/awaited.py": ("awaited-from-xero",),
    "documents/settlement/of_people.py": ("other-than-entered-there",),
    "incoming/decide.py": ("asked-at-another", "pays-draft", "pays-cancelled"),
    "incoming/decide_allocation.py": ("credit-not-here",),
    "incoming/words.py": ("moved-in-xero",),
    "documents/settlement/taken_off.py": ("in-opening-balance", "owed-again"),
    "inbound/linked_rows.py": ("removed-draft",),
    "inbound/dimensions.py": ("dimension-lacks",),
    "inbound/people_own.py": ("draft-not-wanted", "done-by-hand"),
    "inbound/incoming_buttons.py": ("draft-not-wanted", "done-by-hand"),
    "inbound/people_rows.py": ("changed-in-xero-back", "removed-in-xero-back", "changed-since-by-hand"),
    "incoming/journal.py": (
        *(
            "coded-for-left-out",
            "perhaps-twice-in-xero",
            "party-wanted-back",
            "contact-not-matched-back",
            "entry-by-hand",
            "totals-differ-back",
        ),
    ),
    "incoming/same_here.py": ("edited-draft",),
    "engine/peoples_own.py": ("cancelled-here-back",),
    "documents/entered_there.py": ("listed-there-too",),
    "documents/typed_there.py": ("typed-there-too",),
    "incoming/invoice.py": (
        "perhaps-here-already",
        "contact-not-matched-back",
        "entry-by-hand",
        "totals-differ-back",
    ),
    "incoming/month.py": ("month-offered", "month-not-offered", "booked-in-month"),
    "incoming/way_back.py": ("account-not-mapped-back", "tax-not-mapped-back", "tracking-not-mapped-back"),
    "engine/probe.py": ("change-not-shown", "undo-not-shown", "xero-internal-error"),
    "engine/duplicates.py": ("twice-in-xero",),
    "inbound/grown_batches.py": ("batch-grew",),
    "documents/removal.py": ("overpayment-stays",),
    "documents/stays.py": ("adopted-stays",),
    "documents/removed.py": ("gone-from-xero", "not-in-xero", "left-out", "edited-in-xero", "recoded-in-xero"),
    "documents/reversal.py": ("cancel-locked", "cancel-filed"),
    "engine/compare_answer.py": ("contact-in-xero-differs",),
    "engine/merged_contacts.py": ("contact-archived",),
}


def codes(app: Path) -> Iterator[tuple[str, str]]:
    """Every code with which a Problem is made, and where; a variable as "?" and its name."""
    for path in sorted(app.rglob("*.py")):
        place = str(path.relative_to(app))
        if place.startswith("tests/"):
            continue
        for node in nodes_of(path.read_text("utf-8")):
            if isinstance(node, ast.Call) and called(node) == "Problem":
                first = node.args[0] if node.args else next((each.value for each in node.keywords if each.arg == "code"), None)
                for value in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                    yield place, str(value.value) if isinstance(value, ast.Constant) else f"?{ast.unparse(value) if value else ''}"


def unknown(app: Path) -> list[str]:
    """Codes that are not in the table, each with its place."""
    known = set(causes.KINDS)
    found = [f"{place}: {code}" for place, code in codes(app) if not code.startswith("?") and code not in known]
    errors = json.loads((app / "xero" / "errors.json").read_text("utf-8"))
    found += [f"xero/errors.json: {each['code']}" for each in errors if each["code"] not in known]
    found += [
        f"xero/errors.json: {each['id']} names a kind {kind}"
        for each in errors
        for kind, _ in each.get("keys", ())
        if kind not in causes.EVERY
    ]
    return found


def test_every_problem_is_in_the_table() -> None:
    assert unknown(APP) == [], "add these codes to KINDS in accounting/causes.py: what has to change, or a recipe"


def test_codes_that_a_variable_holds_are_in_the_table() -> None:
    """What this file knows of them, so that a further one is looked at: each place that has one is listed here."""
    journals = [case.name if case.becomes == "skipped" else f"journal-{case.name}" for case in CASES if case.becomes in ("held", "skipped")]
    given = [code for listed in GIVEN.values() for code in listed]
    assert [code for code in (*journals, *given) if code not in causes.KINDS] == []
    places = {place for place, code in codes(APP) if code.startswith("?")}
    assert places == {
        *GIVEN,
        *("documents/journal_entry/cases.py", "documents/settlement/overpayment.py"),
        *("accounting/problems.py", "xero/answers.py", "engine/causes.py"),
        # Of a whole connection or sign-in, never of a step.
        *("attention/standing.py", "connection/pauses.py", "connection/tokens.py"),
    }


def test_every_kind_is_one_that_the_engine_looks_at() -> None:
    assert {cause.kind for listed in causes.KINDS.values() for cause in listed} <= set(causes.EVERY)


@pytest.mark.parametrize(
    "planted",
    [
        'Problem("brand-new", NONE, NONE)',
        'Problem(code="brand-new", message=NONE, resolution=NONE)',
        'problems.Problem("a" if x else "b", y, z)',
    ],
)
def test_a_new_code_is_caught(tmp_path: Path, planted: str) -> None:
    (tmp_path / "xero").mkdir()
    (tmp_path / "xero" / "errors.json").write_text((files("picortex_xero.xero") / "errors.json").read_text())
    (tmp_path / "new.py").write_text(planted)
    assert unknown(tmp_path)
