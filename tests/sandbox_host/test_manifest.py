"""The manifest holds the app to what the stand-in offers; each kind of violation is planted once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.host.manifest_check import violations, violations_in

APP = Path(__file__).parents[2] / "picortex_xero"


def test_the_app_uses_only_what_the_manifest_lists():
    assert [line for line in violations_in(APP) if not line.startswith("picortex_xero/tests/")] == []


def test_the_host_conformance_tests_use_only_what_the_manifest_lists():
    """They pass options on with **: what those hold is listed too, or the stand-in would refuse it."""
    found = [line for path in (APP / "tests").glob("*conformance*.py") for line in violations(path.read_text("utf-8"), path.name)]
    assert [line for line in found if "hides its keywords" not in line] == []


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("import frappe\nfrappe.get_value('X')", "frappe.get_value is not in the manifest"),
        ("import frappe\nfrappe.db.sql_list('x')", "frappe.db.sql_list is not in the manifest"),
        ("import frappe\nx = frappe.qb", "frappe.qb is not in the manifest"),
        ("import frappe as f\nf.get_all('X', as_list=True)", "frappe.get_all(as_list=) is not in the manifest"),
        ("import frappe\nfrappe.get_all('X', **options)", "hides its keywords"),
        ("import frappe\nfrappe.db.commit(1)", "takes at most 0 arguments, 1 given"),
        ("import frappe\nfrappe.enqueue('x', deduplicate=True)", "frappe.enqueue(deduplicate=) is refused"),
        (
            "import frappe\nfrappe.get_doc('X', 'y').cancel()",
            "frappe.model.document.Document.cancel is not in the manifest",
        ),
        ("import frappe\nfrappe.get_meta('X').fields", "frappe.get_meta().fields is not in the manifest"),
        ("from frappe.utils import add_days", "frappe.utils.add_days is not in the manifest"),
        (
            "from frappe.utils.password import get_decrypted_password as g",
            "get_decrypted_password is not in the manifest",
        ),
        ("from frappe.utils import now as n\nn(1)", "frappe.utils.now takes at most 0 arguments"),
        ("import frappe.desk.form", "frappe.desk.form is not in the manifest"),
        ("import erpnext\nerpnext.get_default_company()", "erpnext.get_default_company is not in the manifest"),
    ],
)
def test_a_planted_violation_is_caught(source, complaint):
    assert any(complaint in line for line in violations(source)), violations(source)


@pytest.mark.parametrize(
    "source",
    [
        "import frappe\nfrappe.local.response['type'] = 'redirect'\nfrappe.session.user.lower()",
        "import frappe\nfrappe.enqueue('x', queue='short', anything=1)",
        "import frappe\nfrappe.get_doc({'doctype': 'X'}).insert(ignore_permissions=True)",
        "import frappe\nfrappe.db.after_commit.add(print)\nfrappe.cache.delete('a', 'b')",
        "import frappe\nfrappe.logger('x').warning('y')",
    ],
)
def test_listed_uses_pass(source):
    assert violations(source) == []


def test_what_is_for_type_checkers_alone_is_no_use_of_frappe():
    types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from frappe.nowhere import DF\n"
    assert violations(types) == []
    assert violations(types + "else:\n    from frappe.nowhere import DF\n"), "what runs is looked at"
    assert violations(types.replace("TYPE_CHECKING:", "TYPING:"))
