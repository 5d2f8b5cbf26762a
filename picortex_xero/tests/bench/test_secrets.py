"""Tokens and secrets cannot be read through any door of the Desk or REST, by anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import frappe
from frappe import client, handler
from frappe.desk import reportview
from frappe.desk.form import load
from frappe.utils.password import get_decrypted_password

from picortex_xero.connection import encryption
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.case import BenchCase, on_bench
from picortex_xero.tests.bench.people import acting_as, dismiss, person

AUTH, SETTINGS = "Xero Authorisation", "Xero Settings"
HIDDEN = {AUTH: ("tokens_encrypted", "client_encrypted", "pending_encrypted"), SETTINGS: ("client_secret_encrypted", "new_client_secret")}


@on_bench
class TestSecrets(BenchCase):
    """`clear` are the secrets themselves, `sealed` their ciphertexts; neither may come out."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        _, _, connection = xero.shared()
        cls.authorisation: str = frappe.db.get_value("Xero Connection", connection, "authorisation")
        sealed = frappe.db.get_value(AUTH, cls.authorisation, "tokens_encrypted")
        app = frappe.db.get_single_value(SETTINGS, "client_secret_encrypted")
        tokens = encryption.decrypted(sealed)
        cls.clear = [tokens["access_token"], tokens["refresh_token"], encryption.decrypted(app)["client_secret"]]
        cls.sealed = [sealed, app]
        assert all(cls.clear) and all(cls.sealed)
        cls.everybody = [
            person("system-manager", "System Manager"),
            person("owner", "System Manager", "Xero Admin", "Xero Accountant"),
            person("accountant", "Xero Accountant", "Accounts User"),
            person("auditor", "Xero Auditor", "Accounts User"),
        ]
        cls.addClassCleanup(dismiss, *cls.everybody)

    def names(self) -> list[tuple[str, str]]:
        return [(AUTH, self.authorisation), (SETTINGS, SETTINGS)]

    def shows_nothing(self, door: str, action: Callable[[], Any], *, sealed_too: bool = True) -> str:
        """What `action` lets out, or "refused"; fails where that holds a secret."""
        try:
            shown = json.dumps(action(), default=str)
        except (frappe.PermissionError, frappe.AuthenticationError, frappe.ValidationError, frappe.DoesNotExistError) as refusal:
            shown = f"refused: {refusal}"
        for secret in [*self.clear, *(self.sealed if sealed_too else [])]:
            self.assertFalse(secret in shown, f"{door} as {frappe.session.user} lets a secret out")
        return "refused" if shown.startswith("refused") else shown

    def test_the_doors_of_the_desk_and_rest(self) -> None:
        for user in self.everybody:
            with acting_as(user):
                for doctype, name in self.names():
                    self.shows_nothing("frappe.client.get", lambda d=doctype, n=name: client.get(d, n))
                    self.shows_nothing("getdoc", lambda d=doctype, n=name: self.getdoc(d, n))
                    self.shows_nothing("as_dict", lambda d=doctype, n=name: self.rest(d, n))
                    for field in HIDDEN[doctype]:
                        # Frappe's get_password hands a System Manager any field of any document, and its get_value any field of a
                        # single document to whoever may read it, whatever the field's level: it must be ciphertext at most.
                        open_door = doctype == SETTINGS
                        self.shows_nothing(
                            "get_password", lambda d=doctype, n=name, f=field: client.get_password(d, n, f), sealed_too=False
                        )
                        self.shows_nothing(
                            "get_value", lambda d=doctype, n=name, f=field: client.get_value(d, f, n), sealed_too=not open_door
                        )
                        self.shows_nothing(
                            "get_single_value", lambda d=doctype, f=field: client.get_single_value(d, f), sealed_too=not open_door
                        )
                for fields in (
                    ["*"],
                    ["name", *HIDDEN[AUTH]],
                    [f"`tab{AUTH}`.`tokens_encrypted`"],
                    ["tokens_encrypted as name"],
                    ["max(tokens_encrypted) as x"],
                ):
                    self.shows_nothing(f"get_list {fields}", lambda f=fields: client.get_list(AUTH, fields=f))
                    self.shows_nothing(f"report view {fields}", lambda f=fields: self.report(f))
                self.shows_nothing("order and group", lambda: client.get_list(AUTH, fields=["name"], order_by="tokens_encrypted asc"))

    def test_no_password_is_stored_that_frappe_could_decrypt(self) -> None:
        for doctype, name in self.names():
            for field in HIDDEN[doctype]:
                self.shows_nothing("get_password", lambda d=doctype, n=name, f=field: client.get_password(d, n, f), sealed_too=False)
                with self.assertRaises(frappe.AuthenticationError):
                    get_decrypted_password(doctype, name, field)

    def test_administrator_sees_ciphertext_at_most(self) -> None:
        for doctype, name in self.names():
            for door, action in (("get", client.get), ("getdoc", self.getdoc), ("as_dict", self.rest)):
                self.shows_nothing(door, lambda d=doctype, n=name, a=action: a(d, n), sealed_too=False)

    def test_nothing_of_ours_is_in_the_password_table(self) -> None:
        self.assertEqual(frappe.db.sql("SELECT doctype, name, fieldname FROM `__Auth` WHERE doctype LIKE 'Xero%%'"), ())

    def test_no_table_holds_a_secret_in_clear(self) -> None:
        tables = [row[0] for row in frappe.db.sql("SHOW TABLES") if row[0].startswith("tabXero")]
        self.assertGreater(len(tables), 8)
        for table in [*tables, "tabSingles", "tabError Log", "tabVersion", "tabComment", "tabDeleted Document", "tabActivity Log"]:
            text = json.dumps(frappe.db.sql(f"SELECT * FROM `{table}`"), default=str)
            self.assertEqual([secret[:8] for secret in self.clear if secret in text], [], table)

    def test_nobody_may_export_print_share_or_mail_the_authorisation(self) -> None:
        for user in self.everybody:
            with acting_as(user):
                for doctype in HIDDEN:
                    granted = [right for right in ("export", "print", "share", "email") if frappe.has_permission(doctype, right)]
                    self.assertEqual(granted, [], (user, doctype))
        # Who connects sees that there is a sign-in; who looks after the books, or checks them, does not.
        for user in self.everybody[2:]:
            with acting_as(user):
                self.assertFalse(frappe.has_permission(AUTH, "read"))

    def test_what_is_typed_is_in_no_error_log_whatever_breaks(self) -> None:
        """Frappe's Error Log prints every frame's variables, `kwargs` of its own frames too."""
        typed = f"typed-{frappe.generate_hash(length=20)}"
        calls = {
            "custom_connection": {"client_id": "sandbox-custom", "secret": typed},
            "keep_secret": {"secret": typed},
            "callback": {"state": typed, "code": typed},
        }
        broken = {"custom_connection": "permissions.wanted", "keep_secret": "encryption.encrypted", "callback": "connecting.finish"}
        for function, given in calls.items():
            before = frappe.db.count("Error Log")
            target = f"picortex_xero.connection.{broken[function]}"
            with (
                patch(target, side_effect=RuntimeError("broken on purpose")),
                patch.object(frappe.local, "request", frappe._dict(method="GET" if function == "callback" else "POST"), create=True),
            ):
                frappe.local.form_dict = frappe._dict(given)
                with self.assertRaises(frappe.ValidationError) as caught:
                    handler.execute_cmd(f"picortex_xero.api.connect.{function}")
                frappe.db.commit()
            self.assertLess(caught.exception.http_status_code, 500, "Frappe logs the frames of anything else")
            self.assertEqual(frappe.db.count("Error Log"), before + 1, function)
            log = frappe.get_last_doc("Error Log")
            self.assertIn("broken on purpose", log.error)
            self.assertNotIn(typed, f"{log.error} {log.method}", function)
        frappe.local.form_dict = frappe._dict()

    def getdoc(self, doctype: str, name: str) -> Any:
        """What the form loads."""
        frappe.response.docs = []
        load.getdoc(doctype, name)
        return [doc.as_dict() if hasattr(doc, "as_dict") else doc for doc in frappe.response.docs]

    def rest(self, doctype: str, name: str) -> Any:
        """What /api/resource/<doctype>/<name> answers."""
        doc = frappe.get_doc(doctype, name)
        doc.check_permission("read")
        doc.apply_fieldlevel_read_permissions()
        return doc.as_dict()

    def report(self, fields: list[str]) -> Any:
        """What the report view asks for."""
        frappe.local.form_dict = frappe._dict(doctype=AUTH, fields=json.dumps(fields), start="0", page_length="20", view="Report")
        return reportview.get()
