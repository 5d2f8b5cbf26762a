"""The builder of conditions in the form of a Xero Sync Rule offers what the rules know, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from picortex_xero.documents.rules import conditions, fields
from picortex_xero.documents.rules.kinds import DOCTYPES
from tests.architecture.source import APP

NODE = shutil.which("node")
SHOWN = """
const __ = (text) => text, frappe = { ui: { form: { on() {} } } };
%s
console.log(JSON.stringify({ XERO_DOCTYPES, XERO_OWN_FIELDS, XERO_TYPES, XERO_NO_VALUE, XERO_OPERATORS, XERO_SAYS, XERO_BELOW }));
"""


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_the_builder_offers_what_rules_know() -> None:
    assert NODE
    source = (APP / "picortex_xero/doctype/xero_sync_rule/xero_sync_rule.js").read_text("utf-8")
    shown = json.loads(subprocess.run([NODE, "-e", SHOWN % source], capture_output=True, text=True, check=True).stdout)
    assert shown["XERO_DOCTYPES"] == {f"for_{kind.lower().replace(' ', '_')}s": doctype for kind, doctype in DOCTYPES.items()}
    assert {name: (each["type"], each.get("options", "")) for name, each in shown["XERO_OWN_FIELDS"].items()} == dict(fields.OWN)
    assert shown["XERO_TYPES"] == fields.TYPES and shown["XERO_NO_VALUE"] == list(fields.NO_VALUE)
    assert shown["XERO_OPERATORS"] == {kind: list(each) for kind, each in conditions.OPERATORS.items()}
    assert set(shown["XERO_SAYS"]) == {*conditions.EVERY} and shown["XERO_BELOW"] == conditions.UNDER
    definition = json.loads((APP / "picortex_xero/doctype/xero_sync_rule_condition/xero_sync_rule_condition.json").read_text("utf-8"))
    (offered,) = [field["options"].split("\n") for field in definition["fields"] if field["fieldname"] == "operator"]
    assert set(offered) == {*conditions.EVERY}
