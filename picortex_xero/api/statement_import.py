"""What the form of a bank statement's import calls: its lines, and what a person presses."""

from __future__ import annotations

from typing import Any

import frappe

from ..statement_import import lines as line_rows
from ..statement_import import work
from ..statement_import.facts import DOCTYPE
from .arguments import asks, count, listed, name, one, text_or_nothing

PAGE, MOST = 50, 500


def _may_see(statement_import: str, **_arguments: Any) -> None:
    """Throws unless the user may read this import."""
    one(DOCTYPE, statement_import, "read")


def _may_press(statement_import: str, **_arguments: Any) -> None:
    """Throws unless the user may change it; whether he may make or cancel Bank Transactions is asked where that is done."""
    one(DOCTYPE, statement_import, "write")


def _state(label: str, value: Any) -> str:
    """A state of lines; "" for all of them, and for what is none."""
    said = text_or_nothing(label, value)
    return said if said in line_rows.FIGURES else ""


def _lines(label: str, value: Any) -> list[str]:
    """Names of lines; a list or its JSON, empty for all."""
    return [name(label, each) for each in listed(label, value, MOST)]


@frappe.whitelist(methods=["GET"])
@asks(_may_see, statement_import=name, line_state=_state, start=count)
def lines(statement_import: str, line_state: str = "", start: int = 0) -> dict[str, Any]:
    """One page of the lines of a statement, each with what becomes of it; `more`: whether others follow."""
    found = line_rows.page(statement_import, line_state, start, PAGE + 1)
    state = frappe.db.get_value(DOCTYPE, statement_import, "state")
    return {"rows": found[:PAGE], "more": len(found) > PAGE, "state": state, "figures": line_rows.figures(statement_import)}


@frappe.whitelist(methods=["POST"])
@asks(_may_press, statement_import=name)
def start(statement_import: str) -> bool:
    """Make Bank Transactions of the lines of a statement; False where it runs already, or nothing is left to do."""
    return work.start(statement_import)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, statement_import=name)
def stop(statement_import: str) -> bool:
    """Make nothing more of it for now; False where it does not run."""
    return work.stop(statement_import)


@frappe.whitelist(methods=["POST"])
@asks(_may_press, statement_import=name, lines=_lines, wanted=count)
def decide(statement_import: str, lines: list[str], wanted: int) -> int:
    """Say of lines that are perhaps there already whether they are imported (`wanted` 1) or left out (0); how many it was."""
    return work.decide(statement_import, lines, bool(wanted))


@frappe.whitelist(methods=["POST"])
@asks(_may_press, statement_import=name)
def take_back(statement_import: str) -> bool:
    """Cancel and delete the Bank Transactions of an import that nobody has reconciled; False where there is none."""
    return work.take_back(statement_import)
