"""`frappe.get_all` and the `frappe.db` calls: filters, NULLs, order, shapes. Same tests on a bench and the stand-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from picortex_xero.tests.conformance import AUTH, LINK, OUTBOX, HostTestCase

MARK = "conformance-query"


class TestGetAll(HostTestCase):
    """Five rows: number, text (one NULL, one empty), moment (one NULL)."""

    def setUp(self) -> None:
        super().setUp()
        moments = [datetime(2026, 4, day) for day in (1, 2, 3, 4)] + [None]
        texts = ["alpha", "Beta", "gamma 100%", "", None]
        values = [[MARK, number, text, moment] for number, (text, moment) in enumerate(zip(texts, moments), 1)]
        self.names = self.rows(OUTBOX, ["kind", "tries", "reason_code", "due_at"], values)

    def numbers(self, *conditions: Any, **options: Any) -> list[int]:
        """`tries` of the rows that match, sorted."""
        filters = [["kind", "=", MARK], *conditions]
        return sorted(frappe.get_all(OUTBOX, filters=filters, pluck="tries", **options))

    def test_comparison_of_numbers(self) -> None:
        for operator, expected in (
            ("=", [3]),
            ("!=", [1, 2, 4, 5]),
            (">", [4, 5]),
            ("<", [1, 2]),
            (">=", [3, 4, 5]),
            ("<=", [1, 2, 3]),
        ):
            self.assertEqual(self.numbers(["tries", operator, 3]), expected, operator)

    def test_comparison_of_text_reads_null_as_empty(self) -> None:
        for operator, value, expected in (
            ("=", "alpha", [1]),
            ("=", "BETA", [2]),
            ("!=", "alpha", [2, 3, 4, 5]),
            ("=", "", [4, 5]),
            ("!=", "", [1, 2, 3]),
            ("like", "%a", [1, 2]),
            ("like", "gamma 100%", [3]),
            ("not like", "%a", [3, 4, 5]),
            ("in", ["alpha", "beta"], [1, 2]),
            ("in", ["alpha", ""], [1, 4, 5]),
            ("in", [], [4, 5]),
            ("not in", ["alpha"], [2, 3, 4, 5]),
            ("not in", ["alpha", ""], [2, 3]),
            ("is", "set", [1, 2, 3]),
            ("is", "not set", [4, 5]),
        ):
            self.assertEqual(self.numbers(["reason_code", operator, value]), expected, (operator, value))

    def test_comparison_of_moments(self) -> None:
        second = datetime(2026, 4, 2)
        for operator, value, expected in (
            ("=", second, [2]),
            (">", second, [3, 4]),
            (">=", "2026-04-02 00:00:00", [2, 3, 4]),
            ("<", second, [1, 5]),
            ("<=", second, [1, 2, 5]),
            ("is", "set", [1, 2, 3, 4]),
            ("is", "not set", [5]),
            ("between", [datetime(2026, 4, 2), datetime(2026, 4, 3, 12)], [2, 3]),
        ):
            self.assertEqual(self.numbers(["due_at", operator, value]), expected, (operator, value))

    def test_is_set_of_a_number_means_not_zero(self) -> None:
        self.rows(OUTBOX, ["kind", "tries"], [[MARK, 0]])
        self.assertEqual(self.numbers(["tries", "is", "not set"]), [0])
        self.assertEqual(self.numbers(["tries", "is", "set"]), [1, 2, 3, 4, 5])

    def test_spellings_of_filters(self) -> None:
        as_dict = {"kind": MARK, "tries": [">", 3]}
        with_doctype = [[OUTBOX, "kind", "=", MARK], [OUTBOX, "tries", ">", 3]]
        for filters in (as_dict, with_doctype, {"kind": MARK, "tries": (">", 3)}):
            self.assertEqual(len(frappe.get_all(OUTBOX, filters=filters)), 2)
        self.assertEqual(frappe.get_all(OUTBOX, filters={"name": self.names[0]}, pluck="tries"), [1])

    def test_or_filters(self) -> None:
        found = self.numbers(or_filters=[["tries", "=", 1], ["reason_code", "=", "beta"]])
        self.assertEqual(found, [1, 2])

    def test_order_limit_and_start(self) -> None:
        read = {"filters": {"kind": MARK}, "pluck": "tries"}
        self.assertEqual(frappe.get_all(OUTBOX, order_by="tries desc", **read), [5, 4, 3, 2, 1])
        self.assertEqual(frappe.get_all(OUTBOX, order_by="tries", limit=2, **read), [1, 2])
        self.assertEqual(frappe.get_all(OUTBOX, order_by="tries", limit_start=3, limit=5, **read), [4, 5])
        self.assertEqual(frappe.get_all(OUTBOX, order_by="due_at asc, tries desc", **read)[0], 5)

    def test_shapes(self) -> None:
        rows = frappe.get_all(OUTBOX, filters={"kind": MARK}, order_by="tries")
        self.assertEqual([dict(row) for row in rows], [{"name": name} for name in self.names])
        row = frappe.get_all(OUTBOX, filters={"name": self.names[0]}, fields=["name", "tries as number", "due_at"])[0]
        self.assertEqual((row.number, row["due_at"]), (1, datetime(2026, 4, 1)))
        everything = frappe.get_all(OUTBOX, filters={"name": self.names[0]}, fields=["*"])[0]
        self.assertEqual((everything.name, everything.tries, everything.docstatus), (self.names[0], 1, 0))
        self.assertEqual(frappe.get_all(OUTBOX, filters={"kind": "nothing"}), [])

    def test_groups_and_aggregates(self) -> None:
        self.rows(OUTBOX, ["kind", "state"], [[MARK, "Synced"], [MARK, "Synced"]])
        rows = frappe.get_all(
            OUTBOX,
            filters={"kind": MARK},
            fields=["state", "count(name) as number"],
            group_by="state",
            order_by="state",
        )
        self.assertIn({"state": "Synced", "number": 2}, [dict(row) for row in rows])
        oldest = frappe.get_all(OUTBOX, filters={"kind": MARK}, fields=["min(due_at) as due"])[0].due
        self.assertEqual(oldest, datetime(2026, 4, 1))
        self.assertEqual(frappe.get_all(OUTBOX, filters={"kind": MARK}, pluck="kind", distinct=True), [MARK])

    def test_get_list_is_for_who_may_read(self) -> None:
        read = {"filters": {"kind": MARK}, "order_by": "tries", "pluck": "tries"}
        self.assertEqual(frappe.get_list(OUTBOX, limit=2, **read), [1, 2])
        self.assertEqual(frappe.get_list(OUTBOX, filters={"kind": "nothing"}, pluck="name", limit=5), [])
        frappe.set_user("Guest")
        try:
            with self.assertRaises(frappe.PermissionError):
                frappe.get_list(OUTBOX, limit=2, **read)
        finally:
            frappe.set_user("Administrator")

    def test_an_unknown_doctype_or_field_raises(self) -> None:
        with self.assertRaisesRegex(Exception, "No Such DocType"):
            frappe.get_all("No Such DocType")
        with self.assertRaisesRegex(Exception, "no_such_field"):
            frappe.get_all(OUTBOX, fields=["no_such_field"])


class TestDb(HostTestCase):
    """get_value and its kin look at the bare column: NULL is not empty."""

    def test_get_value_shapes(self) -> None:
        (name,) = self.rows(LINK, ["xero_number", "remote_total"], [["INV-1", 12]])
        self.assertEqual(frappe.db.get_value(LINK, name, "xero_number"), "INV-1")
        self.assertEqual(frappe.db.get_value(LINK, {"xero_number": "INV-1"}), name)
        self.assertEqual(tuple(frappe.db.get_value(LINK, name, ["xero_number", "remote_total"])), ("INV-1", 12.0))
        row = frappe.db.get_value(LINK, name, ["xero_number", "remote_total"], as_dict=True)
        self.assertEqual((row.xero_number, row.remote_total), ("INV-1", 12.0))
        self.assertIsNone(frappe.db.get_value(LINK, "nothing", "xero_number"))
        self.assertIsNone(frappe.db.get_value(LINK, "nothing", ["xero_number", "remote_total"], as_dict=True))

    def test_filters_do_not_read_null_as_empty(self) -> None:
        self.rows(LINK, ["endpoint", "marker"], [[MARK, "a"], [MARK, ""], [MARK, None]])
        for value, expected in (
            ("a", 1),
            (["!=", "a"], 1),
            (["in", ["a", ""]], 2),
            (["not in", ["a"]], 1),
            (["is", "set"], 1),
            (["is", "not set"], 2),
            (None, 1),
            (["like", "%"], 2),
        ):
            self.assertEqual(frappe.db.count(LINK, {"endpoint": MARK, "marker": value}), expected, value)

    def test_exists_gives_the_name_or_none(self) -> None:
        (name,) = self.rows(LINK, ["endpoint"], [[MARK]])
        self.assertEqual(frappe.db.exists(LINK, name), name)
        self.assertEqual(frappe.db.exists(LINK, {"endpoint": MARK}), name)
        self.assertIsNone(frappe.db.exists(LINK, "nothing"))
        self.assertEqual(frappe.db.exists("DocType", LINK), LINK)
        self.assertEqual(frappe.db.exists("Xero Settings", "Xero Settings"), "Xero Settings")

    def test_set_value_and_modified(self) -> None:
        name = self.authorisation().name
        old = datetime(2020, 1, 1)
        frappe.db.set_value(AUTH, name, {"modified": old}, update_modified=False)
        frappe.db.set_value(AUTH, name, "scopes", "a", update_modified=False)
        self.assertEqual(tuple(frappe.db.get_value(AUTH, name, ["scopes", "modified"])), ("a", old))
        frappe.db.set_value(AUTH, name, {"scopes": "b", "reason": "c"})
        row = frappe.db.get_value(AUTH, name, ["scopes", "reason", "modified"], as_dict=True)
        self.assertEqual((row.scopes, row.reason), ("b", "c"))
        self.assertGreater(row.modified, old)

    def test_set_value_by_filters_changes_every_match(self) -> None:
        names = self.rows(LINK, ["endpoint"], [[MARK], [MARK]])
        frappe.db.set_value(LINK, {"endpoint": MARK}, "remote_status", "PAID")
        self.assertEqual([frappe.db.get_value(LINK, name, "remote_status") for name in names], ["PAID", "PAID"])

    def test_delete_by_filters(self) -> None:
        names = self.rows(LINK, ["endpoint", "sequence"], [[MARK, 1], [MARK, 2]])
        frappe.db.delete(LINK, {"endpoint": MARK, "sequence": [">", 1]})
        self.assertEqual([frappe.db.exists(LINK, name) for name in names], [names[0], None])

    def test_newest_modified_comes_first_where_several_match(self) -> None:
        names = self.rows(
            LINK,
            ["endpoint", "modified"],
            [[MARK, datetime(2026, 1, 1)], [MARK, datetime(2026, 1, 3)], [MARK, datetime(2026, 1, 2)]],
        )
        self.assertEqual(frappe.db.get_value(LINK, {"endpoint": MARK}), names[1])

    def test_singles(self) -> None:
        doc = frappe.get_doc("Xero Settings")
        doc.set("client_id", "conformance")
        doc.set("client_secret_encrypted", "stored")
        doc.set("new_client_secret", None)
        doc.save(ignore_permissions=True)
        stored = frappe.db.get_value("Xero Settings", None, ["client_id", "secret_is_set", "new_client_secret"], as_dict=True)
        self.assertEqual((stored.client_id, stored.secret_is_set, stored.new_client_secret), ("conformance", "1", None))
        self.assertEqual(frappe.db.get_single_value("Xero Settings", "secret_is_set"), 1)
        self.assertEqual(frappe.db.get_single_value("Xero Settings", "new_client_secret"), "")
        again = frappe.get_doc("Xero Settings")
        self.assertEqual((again.name, again.secret_is_set, again.client_id), ("Xero Settings", 1, "conformance"))
        self.assertEqual(type(again.modified), str)

    def test_get_cached_value(self) -> None:
        name = self.authorisation(scopes="a").name
        self.assertEqual(frappe.get_cached_value(AUTH, name, "scopes"), "a")
        self.assertEqual(frappe.get_cached_value(AUTH, name, ["name", "scopes"], as_dict=True).scopes, "a")
        self.assertIsNone(frappe.get_cached_value(AUTH, "nothing", "scopes"))
