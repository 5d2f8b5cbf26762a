"""The stand-in's own promises about its database, beyond what the conformance suite compares with a bench."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest


def parcel(frappe, **values):
    return frappe.get_doc({"doctype": "Toy Parcel", **values}).insert()


def test_after_install_ran_and_roles_of_permissions_exist(frappe):
    assert frappe.db.exists("Role", "From After Install")
    assert frappe.db.exists("Role", "Toy User")


@pytest.mark.parametrize(
    "query",
    [
        "select * from `tabToy Parcel` for update",
        "insert ignore into `tabToy Parcel` (name) values ('a')",
        "insert or ignore into `tabToy Parcel` (name) values ('a')",
        "select 'a' || 'b'",
        "select now()",
        'select * from `tabToy Parcel` where name = "x"',
        "update `tabToy Parcel` set tries = 1 where name is 'x'",
        "insert into `tabToy Parcel` (name) values ('a') returning name",
        "create table x (y int)",
        "commit",
        "select tries / 2 from `tabToy Parcel`",
    ],
)
def test_sql_of_one_database_only_is_refused(frappe, query):
    from frappe._sql import NotPortable

    with pytest.raises(NotPortable):
        frappe.db.sql(query)


def test_rowcount_counts_changed_rows_not_matched_ones(frappe):
    doc = parcel(frappe, code="a")
    frappe.db.sql("update `tabToy Parcel` set tries = 1 where name = %s", doc.name)
    assert frappe.db._cursor.rowcount == 1
    frappe.db.sql("update `tabToy Parcel` set tries = 1 where name = %s", doc.name)
    assert frappe.db._cursor.rowcount == 0


def test_two_writers_wait_and_a_reader_upgrading_never_fails(frappe, site, tmp_path):
    """Read, let another process write and commit, then write: SQLite's own error for that (SQLITE_BUSY_SNAPSHOT) must not appear."""
    doc = parcel(frappe, code="a")
    frappe.db.commit()
    assert frappe.db.get_value("Toy Parcel", doc.name, "tries") == 0
    script = (
        "import sys; from sandbox.host.site import open_site\n"
        f"with open_site({str(site)!r}) as f:\n"
        f"    f.db.set_value('Toy Parcel', {doc.name!r}, 'tries', 5); f.db.commit()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])
    frappe.db.sql("update `tabToy Parcel` set tries = tries + 1 where name = %s", doc.name)
    frappe.db.commit()
    assert frappe.db.get_value("Toy Parcel", doc.name, "tries") == 6


def test_aggregates_of_datetimes_come_back_as_datetimes(frappe):
    parcel(frappe, due_at="2026-04-01 10:00:00")
    moment = frappe.db.sql("select max(due_at) from `tabToy Parcel`")[0][0]
    assert moment == datetime(2026, 4, 1, 10)


def test_an_unlisted_symbol_or_keyword_raises_and_names_itself(frappe):
    with pytest.raises(AttributeError, match="get_value"):
        frappe.get_value("Toy Parcel")
    with pytest.raises(AttributeError, match="sql_list"):
        frappe.db.sql_list("select 1")
    with pytest.raises(TypeError, match="as_list"):
        frappe.get_all("Toy Parcel", as_list=True)
    with pytest.raises(TypeError, match="deduplicate"):
        frappe.enqueue("toy.work.note", deduplicate=True)


def test_the_clock_file_moves_now(frappe, tmp_path, monkeypatch):
    # Another test of this process may have left a clock of its own.
    monkeypatch.setenv("PICORTEX_SANDBOX_CLOCK", str(tmp_path / "clock"))
    before = frappe.utils.now_datetime()
    assert abs((frappe.utils.now_datetime() - before).total_seconds()) < 5
    (tmp_path / "clock").write_text("3600")
    assert 3595 < (frappe.utils.now_datetime() - before).total_seconds() < 3605


def test_child_rows_are_stored_in_order_and_replaced(frappe):
    doc = parcel(frappe, lines=[{"label": "a"}, {"label": "b"}])
    again = frappe.get_doc("Toy Parcel", doc.name)
    assert [(row.label, row.idx, row.parent, row.parentfield) for row in again.lines] == [
        ("a", 1, doc.name, "lines"),
        ("b", 2, doc.name, "lines"),
    ]
    again.set("lines", [{"label": "c"}])
    again.save()
    assert frappe.db.count("Toy Line") == 1
    with pytest.raises(frappe.MandatoryError):
        parcel(frappe, lines=[{}])
    again.delete()
    assert frappe.db.count("Toy Line") == 0


def test_controllers_run_in_order_and_may_refuse(frappe):
    doc = parcel(frappe, body="keep")
    assert doc.flags.seen == ["before_insert", "validate", "on_update"]
    with pytest.raises(ValueError, match="kept"):
        doc.delete()


def test_roles_decide_for_other_users(frappe, site):
    from sandbox.host.site import add_user

    add_user(site, "toy@example.com", ["Toy User"])
    add_user(site, "none@example.com", [])
    frappe.db.rollback()
    assert frappe.has_permission("Toy Parcel", "create", user="toy@example.com")
    assert not frappe.has_permission("Toy Parcel", "submit", user="toy@example.com")
    assert not frappe.has_permission("Toy Parcel", "read", user="none@example.com")
    assert frappe.get_roles("toy@example.com") == ["All", "Guest", "Toy User"]


def test_many_processes_claim_each_row_once(frappe, site):
    """Four processes claim 60 rows by primary key, as the app's workers do: every row has exactly one winner."""
    frappe.db.bulk_insert("Toy Parcel", ["name", "state"], [[f"row{number:03}", "Pending"] for number in range(60)])
    frappe.db.commit()
    script = (
        "from sandbox.host.site import open_site\n"
        f"with open_site({str(site)!r}) as f:\n"
        "    won = 0\n"
        "    for name in f.get_all('Toy Parcel', pluck='name', order_by='name'):\n"
        "        f.db.sql(\"update `tabToy Parcel` set state = 'Sending' where name = %s and state = 'Pending'\", name)\n"
        "        won += f.db._cursor.rowcount\n"
        "        f.db.commit()\n"
        "print(won)"
    )
    root = Path(__file__).parents[2]
    started = [subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE) for _ in range(4)]
    won = [int(process.communicate(timeout=180)[0]) for process in started]
    assert sum(won) == 60
