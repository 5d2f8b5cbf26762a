"""Xero's flags of what is matched with a statement are read in one place, and nothing that is sent has them."""

from __future__ import annotations

from tests.architecture.source import APP

FLAGS = ("IsReconciled", "FromIsReconciled", "ToIsReconciled")
# The one that reads them, and the question to a Demo Company what Xero makes of one that is sent.
KNOWN = {"xero/records/reconciled.py", "questions/of_money.py"}


def test_what_is_matched_with_a_statement_is_only_read() -> None:
    found = {str(path.relative_to(APP)) for path in APP.rglob("*.py") if any(flag in path.read_text() for flag in FLAGS)}
    assert found == KNOWN
