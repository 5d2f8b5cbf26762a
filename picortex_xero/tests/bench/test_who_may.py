"""Who may do what over HTTP: every whitelisted function and every way of Frappe's REST API into the app's DocTypes, called by each role,
with arguments of a wrong type and with documents of another company."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import frappe
import httpx

from picortex_xero import api
from picortex_xero.tests.bench import xero
from picortex_xero.tests.bench.books import Books, submit
from picortex_xero.tests.bench.calls import fitting, further
from picortex_xero.tests.bench.case import BenchCase, measured, on_bench
from picortex_xero.tests.bench.people import MAPPINGS, WRITTEN_BY_THE_APP, dismiss, person
from picortex_xero.tests.bench.web import Caller, forget_keys, served

CONNECTION, MAPPING, STEP = "Xero Connection", "Xero Account Mapping", "Xero Outbox Entry"
MACHINE = (*WRITTEN_BY_THE_APP, "Xero Authorisation")
OURS = (*MACHINE, CONNECTION, *MAPPINGS)
# Whether JSON can say it is decided by `how`: a form and a query hold texts only.
# What lets a call in there is a signature (test_webhook.py).
SIGNED = "picortex_xero.api.webhook"
WRONG_JSON: list[Any] = [
    {}, [], 5, None, True, "", " ", "x" * 5000, "%", ["like", "%"], ["!=", ""], {"name": ["like", "%"]}, {"state": "Live"}, [["a"]],
]  # fmt: skip
WRONG_TEXT = ["", " ", "x" * 5000, "%", "{}", "[]", "null", '["like", "%"]', '{"name": ["like", "%"]}', "2026-02-30"]
# What may be any text: an empty `error` beside a code is no error.
FREE = {"state", "code", "error", "client_id", "secret", "cause_key"}
FORGED = {
    "state": "Live", "go_live_date": "1990-01-01", "base_currency": "USD", "short_code": "!forge", "tenant_id": "forged", "reason": "forged", "reason_parts": "{}",
    "organisation_name": "forged", "xero_connection_id": "forged", "country_code": "ZZ", "authorisation": "", "company": "",
    "cure": "forged", "reason_code": "forged", "active_company": "", "active_tenant": "forged",
}  # fmt: skip


def endpoints() -> list[tuple[str, list[str]]]:
    """(dotted path, parameters) of every whitelisted function of the app that asks who calls."""
    found = []
    for each in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        module = importlib.import_module(each.name)
        for _, function in inspect.getmembers(module, inspect.isfunction):
            if function in frappe.whitelisted and function.__module__ == module.__name__ and module.__name__ != SIGNED:
                found.append((f"{module.__name__}.{function.__name__}", list(inspect.signature(function).parameters)))
    return found


@on_bench
class TestWhoMay(BenchCase):
    """`ours` is the company that the restricted admin may see, `theirs` the other one; each is connected and live."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.theirs, _, cls.their_connection = xero.shared()
        cls.ours = Books.create()
        organisation = xero.Organisation(cls.ours.company, ("Branch", list(cls.ours.CENTRES)))
        cls.our_connection = xero.connect(cls.ours.company, organisation)
        cls.tenant = organisation.tenant
        xero.map_books(cls.our_connection, cls.ours)
        xero.go_live(cls.our_connection, cls.ours.first_day)
        cls.invoices = {
            side: submit(books.invoice(True, [("PANEL", 1, 71)])) for side, books in (("ours", cls.ours), ("theirs", cls.theirs))
        }
        # What settles something, so that every table has rows of both companies.
        for books in (cls.ours, cls.theirs):
            paid = submit(books.invoice(True, [("PANEL", 1, 72)]))
            submit(books.payment([(paid, paid.outstanding_amount)], "Trading Account"))
        xero.lists_of(cls, cls.our_connection, cls.ours)
        xero.lists_of(cls, cls.their_connection, cls.theirs)
        cls.users = {
            "restricted admin": person("restricted", "Xero Admin", "Accounts User"),
            "accountant": person("who-accountant", "Xero Accountant", "Accounts User"),
            "clerk": person("who-clerk", "Accounts User"),
            "employee": person("who-employee", "Employee"),
        }
        for who in ("restricted admin", "accountant"):
            frappe.get_doc(
                {"doctype": "User Permission", "user": cls.users[who], "allow": "Company", "for_value": cls.ours.company}
            ).insert()
        frappe.db.commit()
        running = ExitStack()
        cls.addClassCleanup(running.close)
        address = running.enter_context(served(frappe.local.site, os.path.abspath(frappe.local.sites_path)))
        cls.callers = {who: Caller.of(address, user) for who, user in cls.users.items()} | {"guest": Caller(address)}
        cls.addClassCleanup(dismiss, *cls.users.values())
        cls.sign_in: str = frappe.db.get_value(CONNECTION, cls.our_connection, "authorisation")

    def setUp(self) -> None:
        super().setUp()
        for connection in (self.our_connection, self.their_connection):
            self.wait_for_worker(connection, 60, sweeping=True)

    def stored(self) -> dict[str, Any]:
        """Everything that a call could have changed. What the worker writes by itself is left out."""
        frappe.db.rollback()
        moving = {"Xero Connection State", "Xero Authorisation"}
        rows = {doctype: frappe.get_all(doctype, fields=["*"], order_by="name") for doctype in OURS if doctype not in moving}
        return json.loads(json.dumps({**rows, "settings": frappe.get_doc("Xero Settings").as_dict()}, default=str))

    def errors(self) -> int:
        frappe.db.rollback()
        return frappe.db.count("Error Log")

    def values(self, side: str) -> dict[str, Any]:
        """For each parameter what is right, of one of the two companies."""
        invoice = self.invoices[side]
        return {
            "connection": self.our_connection if side == "ours" else self.their_connection, "authorisation": self.sign_in,
            "tenant_id": self.tenant, "company": self.ours.company if side == "ours" else self.theirs.company, "doctype": invoice.doctype,
            "name": invoice.name, "date": "2026-10-01", "state": "s", "code": "c", "error": "", "client_id": "id", "secret": "s",
            "xero_id": "00000000-1111-2222-3333-444444444444",
            "kind": "account", "cause_key": "Sales",
        }  # fmt: skip

    def all_values(self, side: str) -> dict[str, Any]:
        """What every call takes, also those of the pages."""
        own = self.values(side)
        more = further(own["connection"], own["company"], own["name"])
        frappe.db.commit()
        return {**more, **own}

    def wrong_calls(self, who: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(function, how, arguments) with one argument that is something else; all of them for who may do most, some for the others."""
        values, all_of_them = self.all_values("ours"), who == "restricted admin"
        for function, parameters in endpoints():
            right = fitting(function, {name: values[name] for name in parameters}, self.invoices["ours"].customer)
            methods = frappe.allowed_http_methods_for_whitelisted_func[frappe.get_attr(function)]
            # What the pages' own arguments may be is tried on the stand-in (tests/e2e/test_who_may.py).
            for parameter in self.values("ours").keys() & {*parameters}:
                wrong = [{}, [], 5, None, True] if parameter in FREE else [*WRONG_JSON, self.their_connection, self.ours.of("GST")]
                if "POST" in methods:
                    wrong = wrong if all_of_them else wrong[:2]
                    yield from (
                        (function, "json", right | {parameter: value}) for value in wrong if self.is_wrong(parameter, value, function)
                    )
                texts = [] if parameter in FREE else WRONG_TEXT if all_of_them else WRONG_TEXT[:2]
                how = "form" if "POST" in methods else "query"
                yield from ((function, how, right | {parameter: value}) for value in texts if self.is_wrong(parameter, value, function))

    def needed(self, function: str) -> bool:
        """Whether the function has an argument that must be given."""
        return any(each.default is each.empty for each in inspect.signature(frappe.get_attr(function)).parameters.values())

    def how(self, function: str) -> str:
        """As the Desk calls it: with POST and JSON where that is allowed, or its refusal would be of the method alone."""
        return "json" if "POST" in frappe.allowed_http_methods_for_whitelisted_func[frappe.get_attr(function)] else "query"

    def is_wrong(self, parameter: str, value: Any, function: str) -> bool:
        # Some pages are for all connections, companies or kinds of documents, or for one of them.
        declared = inspect.signature(frappe.get_attr(function)).parameters[parameter]
        may_be_all = parameter in ("connection", "company", "doctype") and declared.default is not declared.empty
        all_of_them = may_be_all and value in ("", None)
        return not all_of_them and not (parameter == "connection" and value == self.our_connection)

    def test_what_is_something_else_ends_with_a_sentence_and_does_nothing(self) -> None:
        """4xx, never a traceback of ours; nothing is written, nothing logged, nothing asked of Xero."""
        self.all_values("ours")
        before, errors, asked, tried = self.stored(), self.errors(), len(xero.control("GET", "calls")["calls"]), 0
        for who, caller in self.callers.items():
            for function, how, arguments in self.wrong_calls(who):
                answer = caller.call(function, how, **arguments)
                tried += 1
                self.assertIn(answer.status_code, range(400, 500), (who, function, how, arguments, answer.text[:400]))
                self.assertTrue(answer.json().get("exc_type"), (who, function, arguments, answer.text[:300]))
        measured("wrong_calls", tried)
        self.assertGreater(tried, 1000)
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.errors(), errors)
        self.assertEqual(len(xero.control("GET", "calls")["calls"]), asked)

    def test_a_missing_argument_is_said(self) -> None:
        """A call without an argument that the function needs: the answer says that it is missing."""
        admin = self.callers["restricted admin"]
        for function, _parameters in endpoints():
            if self.needed(function) and not function.endswith("callback"):
                answer = admin.call(function, self.how(function))
                self.assertEqual(answer.status_code, 417, (function, answer.text[:300]))
                self.assertIn("missing", answer.text)

    def test_nobody_acts_on_another_company(self) -> None:
        """As the restricted admin and the restricted accountant, on the other company's connection and documents."""
        values = self.all_values("theirs")
        before, errors = self.stored(), self.errors()
        step = frappe.db.get_value(STEP, {"connection": self.their_connection, "reference_name": self.invoices["theirs"].name}, "name")
        for who in ("restricted admin", "accountant", "clerk", "employee", "guest"):
            caller = self.callers[who]
            for function, parameters in endpoints():
                if not {"connection", "name", "company"} & set(parameters):
                    continue
                theirs = fitting(function, {name: values[name] for name in parameters}, self.invoices["theirs"].customer)
                if "name" in parameters and "doctype" not in parameters:
                    theirs["name"] = step
                if who == "clerk" and function.endswith(("document_status", "before_cancel")):
                    continue  # no User Permission keeps the clerk from either company
                answer = caller.call(function, self.how(function), **theirs)
                self.assertEqual(answer.status_code, 403, (who, function, answer.text[:400]))
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.errors(), errors)

    def test_what_each_may_do_in_his_own_company(self) -> None:
        """The other side: nothing of this keeps people from their work."""
        own = self.values("ours")
        admin, accountant, clerk = (self.callers[who] for who in ("restricted admin", "accountant", "clerk"))
        for caller in (admin, accountant):
            self.assertEqual(
                self.ok(caller.call("picortex_xero.api.connect.choices", "query", connection=own["connection"]))["options"].keys(),
                {"Branch"},
            )
            self.assertEqual(self.ok(caller.call("picortex_xero.api.status.retry", "json", doctype=own["doctype"], name=own["name"])), 0)
        self.assertTrue(self.ok(admin.call("picortex_xero.api.connect.refresh", "json", connection=own["connection"]))["accounts"])
        shown = self.ok(clerk.call("picortex_xero.api.status.document_status", "query", doctype=own["doctype"], name=own["name"]))
        self.assertEqual(set(shown), {"message", "colour"})
        for who in ("accountant", "clerk", "employee", "guest"):
            answer = self.callers[who].call("picortex_xero.api.connect.go_live", "json", connection=own["connection"], date="2026-10-01")
            self.assertEqual(answer.status_code, 403, who)

    def test_somebody_elses_sign_in_is_not_used_and_not_seen(self) -> None:
        """The sign-in was given by Administrator; the restricted admin sees it as long as his own connection uses it."""
        admin = self.callers["restricted admin"]
        for function, more in (("organisations", {}), ("choose_organisation", {"tenant_id": self.tenant, "company": self.ours.company})):
            answer = admin.call(f"picortex_xero.api.connect.{function}", "json", authorisation=self.sign_in, **more)
            self.assertEqual(answer.status_code, 403, answer.text[:300])
        # A consent that Administrator began and no connection uses.
        from picortex_xero.api import connect as api

        api.start()
        frappe.db.commit()
        foreign = frappe.db.get_value("Xero Authorisation", {"user": "Administrator", "state": "Authorising"}, "name")
        self.assertTrue(foreign and foreign != self.sign_in)
        listed = {row["name"] for row in self.data(admin.send("GET", "/api/resource/Xero Authorisation", params={"limit_page_length": 0}))}
        self.assertIn(self.sign_in, listed)
        self.assertNotIn(foreign, listed)
        self.assertEqual(admin.send("GET", f"/api/resource/Xero Authorisation/{foreign}").status_code, 403)
        self.assertEqual(admin.send("GET", f"/api/resource/Xero Authorisation/{self.sign_in}").status_code, 200)

    def test_lists_hold_the_own_company_only(self) -> None:
        """Through REST, for every DocType of the app."""
        for who in ("restricted admin", "accountant"):
            for doctype in OURS:
                if doctype == "Xero Authorisation":
                    continue
                query = {"fields": '["name", "company"]', "limit_page_length": 0}
                rows = self.data(self.callers[who].send("GET", f"/api/resource/{doctype}", params=query))
                self.assertLessEqual({row["company"] for row in rows}, {self.ours.company}, (who, doctype))
        for who in ("clerk", "employee", "guest"):
            for doctype in (*OURS, "Xero Settings"):
                self.assertEqual(self.callers[who].send("GET", f"/api/resource/{doctype}").status_code, 403, (who, doctype))

    def test_the_app_at_xero_is_for_who_may_change_every_connection(self) -> None:
        """Another client id would cut off the other company."""
        admin, before = self.callers["restricted admin"], self.stored()
        self.assertEqual(admin.call("picortex_xero.api.connect.keep_secret", "json", secret="x").status_code, 403)
        for change in ({"client_id": "other"}, {"new_client_secret": "other"}, {"instance_id": "forged"}):
            self.assertEqual(admin.send("PUT", "/api/resource/Xero Settings/Xero Settings", json=change).status_code, 403, change)
        self.assertEqual(self.stored(), before)
        # The address is worked out anew whenever it is shown: what a browser sends back of it is nobody's change.
        self.ok(admin.send("PUT", "/api/resource/Xero Settings/Xero Settings", json={"redirect_uri": "http://x"}))
        frappe.db.rollback()
        self.assertEqual(frappe.db.get_single_value("Xero Settings", "redirect_uri"), before["settings"]["redirect_uri"])

    # What the app alone writes -----------------------------------------------------------------------------------
    def test_what_the_protocol_sets_is_refused_at_every_door(self) -> None:
        """REST, frappe.client and the Desk's own saving; as the admin of that company and as Administrator."""
        administrator = Caller.of(self.callers["guest"].address, "Administrator")
        self.addCleanup(forget_keys, "Administrator")
        before, errors = self.stored(), self.errors()
        current = frappe.get_doc(CONNECTION, self.our_connection).as_dict()
        for caller in (self.callers["restricted admin"], administrator):
            for field, value in FORGED.items():
                value = self.theirs.company if field == "company" else value
                if field == "state":
                    value = "Setting Up"
                doors = {
                    "PUT": caller.send("PUT", f"/api/resource/{CONNECTION}/{self.our_connection}", json={field: value}),
                    "set_value": caller.call("frappe.client.set_value", "json", doctype=CONNECTION, name=self.our_connection, fieldname={field: value}),
                    "save": caller.call("frappe.client.save", "json", doc=self.as_sent(current, field, value)),
                    "desk": caller.call("frappe.desk.form.save.savedocs", "form", doc=json.dumps(self.as_sent(current, field, value)), action="Save"),
                }  # fmt: skip
                for door, answer in doors.items():
                    self.assertIn(answer.status_code, (403, 417), (caller.user, door, field, answer.text[:300]))
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.errors(), errors)

    def as_sent(self, current: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
        return json.loads(json.dumps({**current, field: value}, default=str))

    def test_machine_rows_and_connections_are_not_made_changed_renamed_or_deleted_from_outside(self) -> None:
        """Not even by Administrator."""
        administrator = Caller.of(self.callers["guest"].address, "Administrator")
        self.addCleanup(forget_keys, "Administrator")
        before = self.stored()
        names = {
            doctype: frappe.db.get_value(doctype, {"company": self.ours.company}, "name") for doctype in (*WRITTEN_BY_THE_APP, CONNECTION)
        }
        names["Xero Authorisation"] = self.sign_in
        for caller in (self.callers["restricted admin"], self.callers["accountant"], administrator):
            for doctype, name in names.items():
                self.assertTrue(name, doctype)
                copy = {"company": self.ours.company, "connection": self.our_connection}
                answers = {
                    "insert": caller.send("POST", f"/api/resource/{doctype}", json=copy),
                    "client.insert": caller.call("frappe.client.insert", "json", doc={"doctype": doctype, **copy}),
                    "rename": caller.call("frappe.client.rename_doc", "json", doctype=doctype, old_name=name, new_name="forged"),
                    "title": caller.call("frappe.model.rename_doc.update_document_title", "json", doctype=doctype, docname=name, name="forged"),
                    "delete": caller.send("DELETE", f"/api/resource/{doctype}/{name}"),
                    "bulk delete": caller.call("frappe.desk.reportview.delete_items", "form", doctype=doctype, items=json.dumps([name])),
                }  # fmt: skip
                if doctype != CONNECTION:
                    answers["put"] = caller.send("PUT", f"/api/resource/{doctype}/{name}", json={"owner": "x"})
                for door, answer in answers.items():
                    if door == "bulk delete":
                        continue  # answers 200 and says in the message what it could not delete; the rows below decide
                    self.assertIn(answer.status_code, range(400, 500), (caller.user, doctype, door, answer.text[:300]))
        self.assertEqual(self.stored(), before)
        self.assertTrue(frappe.db.exists("Xero Connection State", names["Xero Connection State"]))
        self.assertTrue(frappe.db.exists("Xero Authorisation", self.sign_in))

    def test_a_mapping_of_another_company_is_not_reached_by_saying_it_is_ones_own(self) -> None:
        """Frappe asks permission of the values as they are sent."""
        admin, before = self.callers["restricted admin"], self.stored()
        foreign = frappe.db.get_value(MAPPING, {"connection": self.their_connection}, "name")
        own = frappe.db.get_value(MAPPING, {"connection": self.our_connection}, "name")
        disguised = {"company": self.ours.company, "connection": self.our_connection, "xero_account_code": "260"}
        attempts = [
            (foreign, {"xero_account_code": "260"}), (foreign, disguised), (foreign, {"company": self.ours.company, "xero_account_code": "260"}),
            (own, {"connection": self.their_connection}), (own, {"connection": self.their_connection, "company": self.ours.company}),
        ]  # fmt: skip
        for name, change in attempts:
            for answer in (
                admin.send("PUT", f"/api/resource/{MAPPING}/{name}", json=change),
                admin.call("frappe.client.set_value", "json", doctype=MAPPING, name=name, fieldname=change),
            ):
                self.assertIn(answer.status_code, (403, 417), (change, answer.text[:300]))
        new = {"account": self.theirs.of("Office Rent"), "xero_account_code": "469", "company": self.ours.company}
        answer = admin.send("POST", f"/api/resource/{MAPPING}", json={**new, "connection": self.their_connection})
        self.assertIn(answer.status_code, (403, 417), answer.text[:300])
        self.assertEqual(self.stored(), before)

    def test_an_admin_still_maps_and_chooses(self) -> None:
        """What is a choice stays one, deletion of a mapping in use too."""
        admin = self.callers["restricted admin"]
        sold = {"connection": self.our_connection, "account": self.ours.of("Sales")}
        name, code = frappe.db.get_value(MAPPING, sold, ["name", "xero_account_code"])
        path = f"/api/resource/{MAPPING}/{name}"
        self.ok(admin.send("PUT", path, json={"xero_account_code": "260", "xero_account_name": "forged", "host_key": "forged"}))
        frappe.db.rollback()
        row = frappe.db.get_value(MAPPING, name, ["xero_account_code", "xero_account_name", "company", "account"], as_dict=True)
        self.assertEqual((row.xero_account_code, row.company), ("260", self.ours.company))
        self.assertNotEqual(row.xero_account_name, "forged")
        self.assertEqual(admin.send("DELETE", path).status_code, 202)
        again = {"connection": self.our_connection, "account": row.account, "xero_account_code": code}
        self.ok(admin.send("POST", f"/api/resource/{MAPPING}", json=again))
        self.ok(
            admin.send("PUT", f"/api/resource/{CONNECTION}/{self.our_connection}", json={"cash_basis": 0, "journal_contact": "Accounts"})
        )

    def test_no_doctype_of_ours_is_renamed_imported_shared_or_given_away(self) -> None:
        """By each DocType's meta as the site has it."""
        for doctype in (*OURS, "Xero Settings"):
            meta = frappe.get_meta(doctype, cached=False)
            self.assertFalse(meta.allow_rename or meta.allow_import or meta.is_submittable, doctype)
            for rule in meta.permissions:
                granted = [right for right in ("share", "import", "submit", "cancel", "amend", "set_user_permissions") if rule.get(right)]
                self.assertEqual(granted, [], (doctype, rule.role))
            # Empty or the same as `company`, by which every list is filtered.
            ignored = [
                df.fieldname
                for df in meta.fields
                if df.ignore_user_permissions and df.options == "Company" and df.fieldname != "active_company"
            ]
            self.assertEqual(ignored, [], doctype)

    def ok(self, answer: httpx.Response) -> Any:
        self.assertEqual(answer.status_code, 200, answer.text[:600])
        body = answer.json()
        return body.get("message", body.get("data"))

    def data(self, answer: httpx.Response) -> Any:
        self.assertEqual(answer.status_code, 200, answer.text[:600])
        return answer.json()["data"]
