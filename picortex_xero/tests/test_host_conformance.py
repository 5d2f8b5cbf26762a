"""How the host's database behaves where the app relies on it. Runs unchanged on a bench and on the stand-in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import frappe

from picortex_xero.tests.conformance import AUTH, LINK, OUTBOX, HostTestCase


class TestTransactions(HostTestCase):
    """Commit, rollback, savepoints, and what they do to callbacks."""

    def test_rollback_to_a_savepoint_undoes_rows_but_keeps_callbacks(self) -> None:
        ran: list[str] = []
        kept = self.authorisation().name
        frappe.db.savepoint("here")
        lost = self.authorisation().name
        frappe.db.after_commit.add(lambda: ran.append("callback"))
        frappe.db.rollback(save_point="here")
        self.committed(AUTH, kept)
        frappe.db.commit()
        self.assertEqual(ran, ["callback"])
        self.assertIsNone(frappe.db.exists(AUTH, lost))
        self.assertEqual(frappe.db.exists(AUTH, kept), kept)

    def test_full_rollback_drops_rows_and_callbacks(self) -> None:
        ran: list[str] = []
        lost = self.authorisation().name
        frappe.db.after_commit.add(lambda: ran.append("callback"))
        frappe.db.rollback()
        frappe.db.commit()
        self.assertEqual(ran, [])
        self.assertIsNone(frappe.db.exists(AUTH, lost))

    def test_a_callback_that_raises_does_so_after_the_commit_and_leaves_the_rest_waiting(self) -> None:
        ran: list[str] = []

        def fails() -> None:
            raise RuntimeError("callback")

        kept = self.authorisation().name
        self.committed(AUTH, kept)
        frappe.db.after_commit.add(fails)
        frappe.db.after_commit.add(lambda: ran.append("second"))
        with self.assertRaisesRegex(RuntimeError, "callback"):
            frappe.db.commit()
        self.assertEqual(ran, [])
        frappe.db.commit()
        self.assertEqual(ran, ["second"])
        self.assertEqual(frappe.db.exists(AUTH, kept), kept)

    def test_callbacks_run_once_and_in_order(self) -> None:
        ran: list[int] = []
        for number in (1, 2, 3):
            frappe.db.after_commit.add(lambda number=number: ran.append(number))
        frappe.db.commit()
        frappe.db.commit()
        self.assertEqual(ran, [1, 2, 3])

    def test_a_released_savepoint_keeps_its_rows(self) -> None:
        frappe.db.savepoint("here")
        name = self.authorisation().name
        frappe.db.release_savepoint("here")
        self.assertEqual(frappe.db.exists(AUTH, name), name)

    def test_a_duplicate_leaves_the_transaction_usable(self) -> None:
        first = self.authorisation(subject_key="conformance-taken")
        with self.assertRaises(Exception) as caught:
            self.rows(AUTH, ["subject_key"], [["conformance-taken"]])
        self.assertTrue(frappe.db.is_unique_key_violation(caught.exception))
        self.assertFalse(frappe.db.is_primary_key_violation(caught.exception))
        self.assertEqual(frappe.db.exists(AUTH, first.name), first.name)
        self.authorisation()

    def test_a_taken_name_is_a_primary_key_violation(self) -> None:
        name = self.authorisation().name
        with self.assertRaises(Exception) as caught:
            frappe.db.bulk_insert(AUTH, ["name"], [[name]])
        self.assertTrue(frappe.db.is_primary_key_violation(caught.exception))


class TestSql(HostTestCase):
    """`frappe.db.sql`, row counts, and bulk_insert."""

    def test_placeholders_lists_and_result_shapes(self) -> None:
        one, two = self.rows(AUTH, ["scopes"], [["a%b"], ["c"]])
        query = f"select `name`, `scopes` from `tab{AUTH}` where `name` in %s order by `scopes`"
        self.assertEqual(frappe.db.sql(query, ([one, two],)), ((one, "a%b"), (two, "c")))
        named = f"select `scopes` from `tab{AUTH}` where `name` = %(name)s and `scopes` like %(like)s"
        self.assertEqual(frappe.db.sql(named, {"name": one, "like": "a%"}, pluck=True), ["a%b"])
        found = frappe.db.sql(query, ((two,),), as_dict=True)
        self.assertEqual(found[0].scopes, "c")
        self.assertIsNone(found[0].nothing_of_that_name)
        without_values = f"select count(*) from `tab{AUTH}` where `name` = '{one}' and `scopes` like 'a%'"
        self.assertEqual(frappe.db.sql(without_values)[0][0], 1)
        self.assertEqual(frappe.db.sql(f"select `name` from `tab{AUTH}` where `name` = %s", one), ((one,),))

    def test_no_match_gives_an_empty_result(self) -> None:
        query = f"select `name` from `tab{AUTH}` where `name` = 'nothing'"
        self.assertEqual(len(frappe.db.sql(query)), 0)
        self.assertEqual(frappe.db.sql(query, as_dict=True), [])

    def test_a_claim_by_primary_key_counts_one_row_once(self) -> None:
        (name,) = self.rows(OUTBOX, ["state"], [["Pending"]])
        claim = f"update `tab{OUTBOX}` set `state` = 'Sending' where `name` = %s and `state` = 'Pending'"
        frappe.db.sql(claim, (name,))
        self.assertEqual(frappe.db._cursor.rowcount, 1)
        frappe.db.sql(claim, (name,))
        self.assertEqual(frappe.db._cursor.rowcount, 0)

    def test_rowcount_of_an_update_that_changes_nothing_is_zero(self) -> None:
        (name,) = self.rows(OUTBOX, ["tries"], [[3]])
        frappe.db.sql(f"update `tab{OUTBOX}` set `tries` = 3 where `name` = %s", (name,))
        self.assertEqual(frappe.db._cursor.rowcount, 0)

    def test_rowcount_of_delete(self) -> None:
        names = self.rows(OUTBOX, ["tries"], [[1], [2]])
        frappe.db.sql(f"delete from `tab{OUTBOX}` where `name` in %s", (names,))
        self.assertEqual(frappe.db._cursor.rowcount, 2)

    def test_bulk_insert_can_leave_out_duplicates(self) -> None:
        self.rows(AUTH, ["subject_key"], [["conformance-a"]])
        names = self.rows(AUTH, ["subject_key"], [["conformance-a"], ["conformance-b"]], ignore_duplicates=True)
        self.assertIsNone(frappe.db.exists(AUTH, names[0]))
        self.assertEqual(frappe.db.exists(AUTH, names[1]), names[1])

    def test_columns_left_out_take_their_defaults(self) -> None:
        (name,) = self.rows(LINK, ["xero_number"], [["INV-1"]])
        row = frappe.db.get_value(LINK, name, ["remote_total", "adopted", "docstatus", "last_checked"], as_dict=True)
        self.assertEqual((row.remote_total, row.adopted, row.docstatus, row.last_checked), (0, 0, 0, None))

    def test_null_in_a_number_column_is_refused(self) -> None:
        with self.assertRaises(Exception) as caught:
            self.rows(LINK, ["remote_total"], [[None]])
        self.assertFalse(frappe.db.is_unique_key_violation(caught.exception))

    def test_text_longer_than_its_column_is_refused(self) -> None:
        self.rows(AUTH, ["refresh_owner"], [["x" * 140]])
        with self.assertRaises(Exception) as caught:
            self.rows(AUTH, ["refresh_owner"], [["x" * 141]])
        self.assertFalse(frappe.db.is_unique_key_violation(caught.exception))

    def test_text_compares_without_case_accents_and_trailing_spaces(self) -> None:
        (name,) = self.rows(AUTH, ["subject_key"], [["Café-Conformance"]])
        for same in ("café-conformance", "CAFE-CONFORMANCE", "Café-Conformance  "):
            self.assertEqual(frappe.db.get_value(AUTH, {"subject_key": same}), name, same)
            with self.assertRaises(Exception) as caught:
                self.rows(AUTH, ["subject_key"], [[same]])
            self.assertTrue(frappe.db.is_unique_key_violation(caught.exception), same)

    def test_several_nulls_fit_a_unique_column(self) -> None:
        self.assertEqual(len(self.rows(AUTH, ["subject_key"], [[None], [None]])), 2)

    def test_an_unknown_column_raises(self) -> None:
        with self.assertRaisesRegex(Exception, "no_such_column"):
            frappe.db.sql(f"select `no_such_column` from `tab{AUTH}`")

    def test_table_exists(self) -> None:
        self.assertTrue(frappe.db.table_exists(AUTH))
        self.assertFalse(frappe.db.table_exists("No Such Thing"))


class TestTypes(HostTestCase):
    """What comes back for what was stored."""

    moment = datetime(2026, 4, 1, 9, 8, 7, 654321)

    def _everywhere(self, doctype: str, name: str, field: str) -> list[Any]:
        return [
            frappe.db.get_value(doctype, name, field),
            frappe.get_all(doctype, filters={"name": name}, fields=[field])[0][field],
            frappe.db.sql(f"select `{field}` from `tab{doctype}` where `name` = %s", (name,))[0][0],
            frappe.get_doc(doctype, name).get(field),
        ]

    def test_datetime_is_a_datetime_with_microseconds(self) -> None:
        (name,) = self.rows(OUTBOX, ["due_at"], [[self.moment]])
        self.assertEqual(self._everywhere(OUTBOX, name, "due_at"), [self.moment] * 4)
        self.assertEqual(frappe.db.sql(f"select max(`due_at`) from `tab{OUTBOX}` where `name` = %s", (name,))[0][0], self.moment)

    def test_datetime_given_as_text_is_the_same_moment(self) -> None:
        names = self.rows(OUTBOX, ["due_at"], [["2026-04-01 09:08:07.654321"], ["2026-04-01 09:08:07"], ["2026-04-01"]])
        read = [frappe.db.get_value(OUTBOX, name, "due_at") for name in names]
        self.assertEqual(read, [self.moment, self.moment.replace(microsecond=0), datetime(2026, 4, 1)])

    def test_datetimes_compare_as_moments_however_they_are_written(self) -> None:
        (name,) = self.rows(OUTBOX, ["due_at"], [[datetime(2026, 4, 1, 9)]])
        query = f"select count(*) from `tab{OUTBOX}` where `name` = %s and `due_at` <= %s"
        for bound in ("2026-04-01 09:00:00", "2026-04-01 09:00:00.000000", datetime(2026, 4, 1, 9), "2026-04-02"):
            self.assertEqual(frappe.db.sql(query, (name, bound))[0][0], 1, bound)
        for bound in ("2026-04-01", datetime(2026, 4, 1, 8, 59, 59, 999999)):
            self.assertEqual(frappe.db.sql(query, (name, bound))[0][0], 0, bound)

    def test_date_is_a_date(self) -> None:
        (name,) = self.rows(OUTBOX, ["posting_date"], [[date(2026, 4, 1)]])
        self.assertEqual(self._everywhere(OUTBOX, name, "posting_date"), [date(2026, 4, 1)] * 4)

    def test_currency_is_a_float_even_when_given_as_decimal(self) -> None:
        (name,) = self.rows(LINK, ["remote_total"], [[Decimal("1234.50")]])
        for value in self._everywhere(LINK, name, "remote_total"):
            self.assertEqual((type(value), value), (float, 1234.5))
        total = frappe.db.sql(f"select sum(`remote_total`) from `tab{LINK}` where `name` = %s", (name,))[0][0]
        self.assertEqual((type(total), total), (float, 1234.5))

    def test_int_and_check_are_ints(self) -> None:
        (name,) = self.rows(LINK, ["sequence", "adopted"], [[7, True]])
        for field, expected in (("sequence", 7), ("adopted", 1)):
            for value in self._everywhere(LINK, name, field):
                self.assertEqual((type(value), value), (int, expected))

    def test_long_text_is_kept_byte_for_byte(self) -> None:
        text = '{"Line": "Zaun – 12 m² \\ %s \'quoted\'"}\n' + "x" * 100_000
        (name,) = self.rows(AUTH, ["tokens_encrypted"], [[text]])
        self.assertEqual(self._everywhere(AUTH, name, "tokens_encrypted"), [text] * 4)

    def test_empty_text_is_not_null(self) -> None:
        names = self.rows(AUTH, ["scopes", "tokens_encrypted", "refresh_owner"], [["", "", ""], [None, None, None]])
        for field in ("scopes", "tokens_encrypted", "refresh_owner"):
            self.assertEqual(self._everywhere(AUTH, names[0], field), [""] * 4)
            self.assertEqual(self._everywhere(AUTH, names[1], field), [None] * 4)

    def test_creation_as_text_in_a_data_field_stays_text(self) -> None:
        (name,) = self.rows(OUTBOX, ["reference_creation"], [["2026-04-01 09:08:07.654321"]])
        self.assertEqual(self._everywhere(OUTBOX, name, "reference_creation"), ["2026-04-01 09:08:07.654321"] * 4)

    def test_types_of_computed_columns(self) -> None:
        fields = ["due_at", "posting_date", "tries", "amount", "reference_creation"]
        text = "2026-04-01 09:08:07.654321"
        (name,) = self.rows(OUTBOX, fields, [[self.moment, date(2026, 4, 1), 3, Decimal("10.10"), text]])
        for expression, expected in (
            ("min(`due_at`)", self.moment),
            ("max(`posting_date`)", date(2026, 4, 1)),
            ("max(`reference_creation`)", text),
            ("coalesce(`due_at`, `creation`)", self.moment),
            ("coalesce(`due_at`, '2026-01-01')", text),
            ("sum(`tries`)", 3.0),
            ("max(`tries`)", 3),
            ("coalesce(`tries`, 0) + 1", 4),
            ("avg(`tries`)", 3.0),
            ("sum(`amount`) + sum(`amount`)", 20.2),
            ("count(*)", 1),
        ):
            value = frappe.db.sql(f"select {expression} from `tab{OUTBOX}` where `name` = %s", (name,))[0][0]
            self.assertEqual((type(value), value), (type(expected), expected), expression)

    def test_counts_and_sums_of_nothing(self) -> None:
        row = frappe.db.sql(f"select count(*), sum(`remote_total`), max(`creation`) from `tab{LINK}` where `name` = 'none'")[0]
        self.assertEqual(tuple(row), (0, None, None))

    def test_timestamps_of_a_new_document(self) -> None:
        before = frappe.utils.now_datetime()
        doc = self.authorisation()
        stored = frappe.db.get_value(AUTH, doc.name, ["creation", "modified", "owner"], as_dict=True)
        self.assertLess(abs(stored.creation - before), timedelta(seconds=30))
        self.assertEqual((stored.creation, stored.owner), (stored.modified, "Administrator"))
