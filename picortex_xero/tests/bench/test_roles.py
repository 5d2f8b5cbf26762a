"""The table of who may what on a real Frappe: whoever installs can start and reads no books, an auditor reads and presses nothing, and a
User Permission on Company holds for every role, list, form and call."""

from __future__ import annotations

import importlib
import inspect
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import frappe
from frappe import client
from frappe.desk import reportview
from frappe.desk.form import load
from frappe.permissions import reset_perms, setup_custom_perms
from frappe.utils.user import UserPermissions

from picortex_xero.api import arguments
from picortex_xero.connection import who_may
from picortex_xero.overrides import boot
from picortex_xero.patches.v0_2 import grant_new_roles
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import submit
from picortex_xero.tests.bench.calls import fitting, further
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.people import MAPPINGS, WRITTEN_BY_THE_APP, acting_as, dismiss, person
from picortex_xero.tests.bench.web import Caller, served

CONNECTION, SETTINGS, STEP, AUTH = "Xero Connection", "Xero Settings", "Xero Outbox Entry", "Xero Authorisation"
OF_A_COMPANY = (CONNECTION, *WRITTEN_BY_THE_APP, *MAPPINGS)
RIGHTS = (*who_may.RIGHTS, "submit", "cancel", "amend", "share", "email", "import")


@on_bench
class TestRoles(BenchCase):
    """One person for each role, who may read documents, too; a clerk without a role of the app; and the same four roles kept to another
    company by a User Permission."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.books, _, cls.connection = xero.shared()
        cls.invoice = submit(cls.books.invoice(True, [("PANEL", 1, 81)]))
        paid = submit(cls.books.invoice(True, [("PANEL", 1, 82)]))
        submit(cls.books.payment([(paid, paid.outstanding_amount)], "Trading Account"))
        xero.lists_of(cls, cls.connection, cls.books)
        # One that no connection has, if there is one: it opens no sign-in either.
        connected = frappe.get_all(CONNECTION, pluck="company")
        companies = frappe.get_all("Company", filters={"name": ("!=", cls.books.company)}, pluck="name")
        assert companies, "the site has one company only"
        cls.other = next((name for name in companies if name not in connected), companies[0])
        cls.people = {role: person(f"role-{at}", role, "Accounts User") for at, role in enumerate(who_may.ROLES)}
        cls.elsewhere = {role: person(f"elsewhere-{at}", role, "Accounts User") for at, role in enumerate(who_may.ROLES)}
        for user in cls.elsewhere.values():
            frappe.get_doc({"doctype": "User Permission", "user": user, "allow": "Company", "for_value": cls.other}).insert()
        cls.clerk = person("role-clerk", "Accounts User")
        frappe.db.commit()
        cls.addClassCleanup(dismiss, *cls.people.values(), *cls.elsewhere.values(), cls.clerk)
        cls.sign_in: str = frappe.db.get_value(CONNECTION, cls.connection, "authorisation")

    def setUp(self) -> None:
        super().setUp()
        self.wait_for_worker(self.connection, 60, sweeping=True)

    def name_of(self, doctype: str) -> str:
        return str(frappe.db.get_value(doctype, {"company": self.books.company}, "name"))

    def getdoc(self, doctype: str, name: str) -> Any:
        """What the form loads."""
        frappe.response.docs = []
        load.getdoc(doctype, name)
        return frappe.response.docs[0]

    def report(self, doctype: str) -> Any:
        """What the report view asks for."""
        frappe.local.form_dict = frappe._dict(doctype=doctype, fields='["name"]', start="0", page_length="20", view="Report")
        return reportview.get()

    # Whoever installs ---------------------------------------------------------------------------------------------
    def test_a_system_manager_opens_the_settings_and_the_connections(self) -> None:
        """The Desk shows what its start says can be read: else "Page not found"."""
        user = self.people[who_may.MANAGER]
        with acting_as(user):
            known = UserPermissions(user)
            known.build_permissions()
            self.assertTrue({SETTINGS, CONNECTION, AUTH, *MAPPINGS} <= {*known.can_read})
            self.assertIn(SETTINGS, known.can_write)
            self.assertIn(CONNECTION, known.can_create)
            self.assertFalse({*WRITTEN_BY_THE_APP} & {*known.can_read})
            for doctype in (SETTINGS, CONNECTION):
                frappe.response.docs = []
                load.getdoctype(doctype)
                self.assertEqual(frappe.response.docs[0].name, doctype)
            self.assertEqual(self.getdoc(SETTINGS, SETTINGS).name, SETTINGS)
            self.assertEqual(self.getdoc(CONNECTION, self.connection).company, self.books.company)
            self.assertTrue(frappe.get_doc(SETTINGS).has_permission("write"))
            self.assertFalse(frappe.get_doc(CONNECTION, self.connection).has_permission("write"))
            self.assertIn(self.connection, [row.name for row in frappe.get_list(CONNECTION)])
            started = frappe._dict()
            boot.extend(started)
            self.assertFalse(started.xero_presses)

    def test_a_system_manager_reads_no_books(self) -> None:
        with acting_as(self.people[who_may.MANAGER]):
            for doctype in WRITTEN_BY_THE_APP:
                name = self.name_of(doctype)
                for door in (
                    lambda d=doctype: frappe.get_list(d),
                    lambda d=doctype: client.get_list(d),
                    lambda d=doctype: self.report(d),
                    lambda d=doctype, n=name: client.get(d, n),
                    lambda d=doctype, n=name: self.getdoc(d, n),
                ):
                    with self.assertRaises(frappe.PermissionError, msg=doctype):
                        door()
            with self.assertRaises(frappe.PermissionError):
                frappe.get_doc(CONNECTION, self.connection).save()

    def test_a_system_manager_over_rest(self) -> None:
        with ExitStack() as running:
            address = running.enter_context(served(frappe.local.site, str(Path(frappe.local.sites_path).resolve())))
            caller = Caller.of(address, self.people[who_may.MANAGER])
            for path, status in ((f"{SETTINGS}/{SETTINGS}", 200), (f"{CONNECTION}/{self.connection}", 200), (CONNECTION, 200), (STEP, 403)):
                self.assertEqual(caller.send("GET", f"/api/resource/{path}").status_code, status, path)
            answer = caller.call("picortex_xero.api.connect.go_live", "json", connection=self.connection, date="2026-10-01")
            self.assertEqual(answer.status_code, 403)
            self.assertIn("This is for Xero Admin", answer.text)
            answer = caller.send("PUT", f"/api/resource/{CONNECTION}/{self.connection}", json={"cash_basis": 1})
            self.assertEqual(answer.status_code, 403)

    # Every role ---------------------------------------------------------------------------------------------------
    def test_rights_are_the_tables(self) -> None:
        ours = frappe.get_all("DocType", filters={"module": "PiCortex Xero"}, pluck="name")
        self.assertEqual({*ours}, {*who_may.DOCTYPES})
        for role, user in {**self.people, "": self.clerk}.items():
            with acting_as(user):
                for doctype in ours:
                    granted = {right for right in RIGHTS if frappe.has_permission(doctype, right)}
                    self.assertEqual(granted, {*who_may.DOCTYPES[doctype].get(role, ())}, (role, doctype))

    def test_every_role_calls_every_function(self) -> None:
        """Each function up to where it would run."""
        called = 0
        for endpoint, roles in who_may.ENDPOINTS.items():
            module, name = endpoint.split(".")
            function = getattr(importlib.import_module(f"picortex_xero.api.{module}"), name)
            given = fitting(
                endpoint, {each: self.values(function)[each] for each in inspect.signature(function).parameters}, self.invoice.customer
            )
            for role, user in {**self.people, who_may.READER: self.clerk, "": "Guest"}.items():
                # A sign-in is used by whoever gave it.
                frappe.db.set_value(AUTH, self.sign_in, "user", user, update_modified=False)
                with acting_as(user), patch.object(arguments, "_answered", lambda *_: "reached"):
                    try:
                        reached = function(**given) == "reached"
                    except frappe.PermissionError:
                        reached = False
                self.assertEqual(reached, role in roles or (bool(role) and who_may.READER in roles), (endpoint, role))
                called += 1
        frappe.db.rollback()
        self.assertGreater(called, 150)

    def values(self, function: Any) -> dict[str, Any]:
        step = frappe.db.get_value(STEP, {"reference_name": self.invoice.name}, "name")
        of_document = "doctype" in inspect.signature(function).parameters
        return {
            **further(self.connection, self.books.company, self.invoice.name),
            "connection": self.connection, "authorisation": self.sign_in, "company": self.books.company,
            "tenant_id": frappe.db.get_value(CONNECTION, self.connection, "tenant_id"), "doctype": self.invoice.doctype,
            "name": self.invoice.name if of_document else step, "date": "2026-10-01", "state": "s", "code": "c", "error": "", "client_id": "id",
            "secret": "s", "xero_id": "00000000-1111-2222-3333-444444444444", "kind": "account", "cause_key": "Sales",
        }  # fmt: skip

    def test_an_auditor_reads_what_the_accountant_reads_and_changes_nothing(self) -> None:
        seen: dict[str, Any] = {}
        from picortex_xero.api import status

        for role in (who_may.ACCOUNTANT, who_may.AUDITOR):
            with acting_as(self.people[role]):
                seen[role] = {doctype: len(frappe.get_list(doctype, limit_page_length=0)) for doctype in OF_A_COMPANY}
                self.assertTrue(all(seen[role].values()), seen[role])
                shown = status.document_status(self.invoice.doctype, self.invoice.name)
                self.assertEqual(shown["number"], self.invoice.name)
                with self.assertRaises(frappe.PermissionError):
                    frappe.get_list(AUTH)
        self.assertEqual(*seen.values())
        with acting_as(self.people[who_may.AUDITOR]):
            shown = status.document_status(self.invoice.doctype, self.invoice.name)
            self.assertEqual([flag for flag, may in shown.items() if flag.startswith("can_") and may], [])
            for doctype in (CONNECTION, *MAPPINGS):
                doc = frappe.get_doc(doctype, self.name_of(doctype))
                for act in (doc.save, doc.delete, lambda d=doctype: frappe.get_doc({"doctype": d, "connection": self.connection}).insert()):
                    with self.assertRaises((frappe.PermissionError, frappe.MandatoryError), msg=doctype):
                        act()
            with self.assertRaises(frappe.PermissionError):
                frappe.get_doc(SETTINGS).save()

    # Companies ----------------------------------------------------------------------------------------------------
    def test_a_company_is_kept_from_every_role_in_lists_forms_and_reports(self) -> None:
        for role, user in self.elsewhere.items():
            for doctype in OF_A_COMPANY:
                if "read" not in who_may.DOCTYPES[doctype].get(role, ()):
                    continue
                name = self.name_of(doctype)
                with acting_as(user):
                    mine = {"filters": {"company": self.books.company}}
                    self.assertEqual(frappe.get_list(doctype, **mine), [], (role, doctype))
                    self.assertEqual(client.get_list(doctype, **mine), [], (role, doctype))
                    self.assertNotIn(name, json.dumps(self.report(doctype), default=str), (role, doctype))
                    for door in (client.get, self.getdoc):
                        with self.assertRaises(frappe.PermissionError, msg=f"{role} {doctype}"):
                            door(doctype, name)

    def test_a_company_is_kept_from_every_role_in_calls(self) -> None:
        from picortex_xero.api import status

        for role, user in self.elsewhere.items():
            if role in who_may.ENDPOINTS["status.overview"]:
                with acting_as(user):
                    self.assertNotIn(self.connection, [each["connection"] for each in status.overview()], role)
            for endpoint in who_may.ENDPOINTS:
                module, name = endpoint.split(".")
                function = getattr(importlib.import_module(f"picortex_xero.api.{module}"), name)
                parameters = {*inspect.signature(function).parameters}
                if not {"connection", "company", "name"} & parameters and name != "keep_secret":
                    continue
                given = fitting(endpoint, {each: self.values(function)[each] for each in parameters}, self.invoice.customer)
                frappe.db.set_value(AUTH, self.sign_in, "user", user, update_modified=False)
                with acting_as(user), patch.object(arguments, "_answered", lambda *_: "reached"):
                    with self.assertRaises(frappe.PermissionError, msg=f"{role} {endpoint}"):
                        function(**given)
        frappe.db.rollback()

    def test_a_sign_in_of_another_company_is_in_no_list(self) -> None:
        if frappe.db.exists(CONNECTION, {"company": self.other}):
            self.skipTest("every company of the site is connected, perhaps by the same sign-in")
        for role in (who_may.MANAGER, who_may.ADMIN):
            with acting_as(self.elsewhere[role]):
                self.assertNotIn(self.sign_in, [row.name for row in frappe.get_list(AUTH, limit_page_length=0)], role)
                with self.assertRaises(frappe.PermissionError):
                    self.getdoc(AUTH, self.sign_in)

    def test_every_row_names_its_company(self) -> None:
        """Frappe shows what names none to everybody whom it does not restrict strictly."""
        for doctype in OF_A_COMPANY:
            self.assertEqual(frappe.db.count(doctype, {"company": ("is", "not set")}), 0, doctype)

    # Sites of before ----------------------------------------------------------------------------------------------
    def test_the_new_roles_come_to_permissions_that_a_site_has_set_itself(self) -> None:
        def tidy() -> None:
            reset_perms(CONNECTION)
            frappe.clear_cache(doctype=CONNECTION)
            frappe.db.commit()

        self.addCleanup(tidy)
        setup_custom_perms(CONNECTION)
        frappe.db.delete("Custom DocPerm", {"parent": CONNECTION, "role": ("in", (who_may.AUDITOR, who_may.MANAGER))})
        before = frappe.get_all("Custom DocPerm", filters={"parent": CONNECTION}, fields=["*"], order_by="name")
        frappe.clear_cache(doctype=CONNECTION)
        auditor = self.people[who_may.AUDITOR]
        with acting_as(auditor):
            self.assertFalse(frappe.has_permission(CONNECTION, "read"))
        grant_new_roles.execute()
        frappe.clear_cache(doctype=CONNECTION)
        for role in (who_may.AUDITOR, who_may.MANAGER):
            with acting_as(self.people[role]):
                granted = {right for right in RIGHTS if frappe.has_permission(CONNECTION, right)}
            self.assertEqual(granted, {*who_may.DOCTYPES[CONNECTION][role]}, role)
        kept = frappe.get_all("Custom DocPerm", filters={"name": ("in", [row.name for row in before])}, fields=["*"], order_by="name")
        self.assertEqual(kept, before)
        grant_new_roles.execute()
        self.assertEqual(frappe.db.count("Custom DocPerm", {"parent": CONNECTION}), len(before) + 2)
