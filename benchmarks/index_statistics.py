"""What MariaDB finds out by itself of its indexes while tables grow, for the stand-in's database: SQLite takes every value of an index to be about as rare as another
one, and would read all rows of a connection where MariaDB, which looks up how many rows a value has, takes the index of names."""

from __future__ import annotations

from typing import Any

# Rows of the table, then for each further column of an index how many rows share the values up to there. All of a company's rows are one connection's, and are through
# but for a few.
MANY, FEW = 1_000_000, 2
OF_OUTBOX, OF_LINKS, OF_UNDO = "Xero Outbox Entry", "Xero Link", "Xero Undo Row"
STATISTICS = {
    (OF_OUTBOX, "connection"): (MANY, MANY),
    (OF_OUTBOX, "company"): (MANY, MANY),
    (OF_OUTBOX, "history_run"): (MANY, MANY),
    (OF_OUTBOX, "undo_run"): (MANY, MANY),
    (OF_OUTBOX, "state"): (MANY, MANY // 10),
    (OF_OUTBOX, "connection_state_due_at_index"): (MANY, MANY, FEW, 1),
    (OF_OUTBOX, "connection_state_kind_left_out_on_index"): (MANY, MANY, FEW, FEW, 1),
    (OF_OUTBOX, "connection_state_posting_date_index"): (MANY, MANY, FEW, 1),
    (OF_OUTBOX, "connection_state_modified_index"): (MANY, MANY, FEW, 1),
    (OF_OUTBOX, "history_run_state_role_index"): (MANY, MANY, FEW, 1),
    (OF_OUTBOX, "history_run_name_index"): (MANY, MANY, 1),
    (OF_LINKS, "connection"): (MANY, MANY),
    (OF_LINKS, "connection_endpoint_index"): (MANY, MANY, MANY // 3),
    (OF_LINKS, "connection_creation_index"): (MANY, MANY, 1),
    (OF_LINKS, "connection_reading_again_index"): (MANY, MANY, FEW),
    (OF_UNDO, "connection"): (MANY, MANY),
    (OF_UNDO, "undo_run"): (MANY, MANY),
    (OF_UNDO, "state"): (MANY, MANY),
    ("Payment Entry Reference", "reference_doctype"): (MANY, MANY),
}


def tell(frappe: Any) -> None:
    """Tell the stand-in's database. Commits."""
    frappe.db.commit()
    run = frappe.db._connection.execute
    run("analyze")
    run("delete from sqlite_stat1")
    known = {row[0] for row in run("select name from sqlite_master where type = 'index'")}
    for (doctype, index), rows in STATISTICS.items():
        if (name := f"{doctype} {index}") in known:
            run("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", (f"tab{doctype}", name, " ".join(map(str, rows))))
    run("analyze sqlite_master")
