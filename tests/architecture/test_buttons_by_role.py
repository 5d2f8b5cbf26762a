"""The forms' scripts, run for each role: a user sees the buttons whose calls the table (connection/who_may.py) allows him, and no other.

What a document's form is told by the server is the table's here; tests/e2e/test_who_may_table.py asks the server.
"""

from __future__ import annotations

from typing import Any

import pytest

from picortex_xero.connection import who_may
from tests.architecture.form_buttons import FORMS, NODE, allowed, shown, source_of, wanted


@pytest.mark.case("B1")
@pytest.mark.skipif(NODE is None, reason="no node on this machine")
@pytest.mark.parametrize("role", who_may.ROLES)
@pytest.mark.parametrize(("doctype", "script", "docs"), FORMS, ids=[form[0] for form in FORMS])
def test_a_form_shows_the_buttons_of_the_role(role: str, doctype: str, script: str, docs: list[dict[str, Any]]) -> None:
    if doctype in who_may.DOCTYPES and not who_may.DOCTYPES[doctype].get(role):
        return  # he cannot open it
    found = shown(role, doctype, source_of(script), docs)
    assert set(found["seen"]) == wanted(role, doctype)
    refused = [each for each in found["called"] if not allowed(role, each)]
    assert refused == [], "opening the form ends in a refusal"


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
@pytest.mark.parametrize(
    ("form", "role", "former", "new"),
    [
        (0, who_may.AUDITOR, 'if (!frappe.model.can_create("Xero Connection")) return;', ""),
        (1, who_may.MANAGER, "if (!decides) return;", ""),
        (1, who_may.AUDITOR, 'setup.lacks.length && frappe.perm.has_perm("Xero Connection", 0, "create")', "setup.lacks.length"),
        (2, who_may.AUDITOR, "if (frappe.boot.xero_presses) {", "{"),
        (2, who_may.AUDITOR, "&& frappe.boot.xero_presses ?", "?"),
    ],
)
def test_a_button_shown_to_everybody_is_seen(form: int, role: str, former: str, new: str) -> None:
    doctype, script, docs = FORMS[form]
    source = source_of(script)
    assert former in source
    assert set(shown(role, doctype, source.replace(former, new), docs)["seen"]) != wanted(role, doctype)
