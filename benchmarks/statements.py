"""SQL statements that the app sends, counted where the host stand-in's `frappe.db` takes them.

A statement counts where a function of the app is on the stack, whoever between it and the database wrote the SQL. What differs from
Frappe 15 is made up for (read in Frappe 15.72's `model/document.py` and `database/database.py`):

- `get_doc` reads the document and then each of its child tables, one statement each, on both. The stand-in knows fewer child tables of
  ERPNext's documents than there are: the missing ones are added, from CHILD_TABLES.
- `bulk_insert` is one statement for up to 10,000 rows; the stand-in executes row by row, and it counts as one.
- `get_single_value` keeps what it read as long as the connection lasts: only the first read of a field counts.
- `get_cached_value` reads the document cache: it counts as none.
- savepoints, commits and rollbacks are counted apart (Frappe sends a START TRANSACTION after each commit besides).

What `insert` and `save` of a document send counts as the stand-in sends it; Frappe sends more (links, versions, naming).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

# How many child tables these have in ERPNext 15.71 (fields of type Table and Table MultiSelect in the DocType's JSON).
CHILD_TABLES = {
    "Sales Invoice": 9,
    "Purchase Invoice": 8,
    "Payment Entry": 3,
    "Journal Entry": 1,
    "Sales Order": 6,
    "Purchase Order": 5,
    "Customer": 5,
    "Supplier": 3,
    "Item Tax Template": 1,
    "Address": 1,
    "Account": 0,
    "File": 0,
}
CONTROL = ("commit", "rollback", "savepoint", "release_savepoint")
_TABLE = re.compile(r"`tab([^`]+)`")


class Statements:
    """`count` by verb and table ("select Xero Link"), `control` by kind."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.control: Counter[str] = Counter()

    def total(self, table: str = "") -> int:
        """All of them, or those of one table."""
        return sum(number for what, number in self.count.items() if not table or what.split(" ", 1)[1] == table)


@contextmanager
def counting(app: Path, found: Statements) -> Iterator[None]:
    """Add what the app in this folder sends meanwhile to `found`. The stand-in must be active."""
    import frappe
    from frappe._database import Database
    from frappe.model import document

    folder, quiet = f"{app}/", [0]

    def counts() -> bool:
        return not quiet[0] and _called_from(folder)

    @contextmanager
    def uncounted() -> Iterator[None]:
        quiet[0] += 1
        try:
            yield
        finally:
            quiet[0] -= 1

    def sql(db: Any, query: str, *rest: Any, **more: Any) -> Any:
        if counts():
            found.count[described(query)] += 1
        return plain["sql"](db, query, *rest, **more)

    def bulk_insert(db: Any, doctype: str, *rest: Any, **more: Any) -> None:
        if counts():
            found.count[f"insert {doctype}"] += 1
        with uncounted():
            plain["bulk_insert"](db, doctype, *rest, **more)

    def get_single_value(db: Any, doctype: str, fieldname: str) -> Any:
        known = db.__dict__.setdefault("_read_singles", set())
        if counts() and (doctype, fieldname) not in known:
            known.add((doctype, fieldname))
            found.count["select Singles"] += 1
        with uncounted():
            return plain["get_single_value"](db, doctype, fieldname)

    def get_doc(doctype: Any, name: Any = None) -> Any:
        made = real_get_doc(doctype, name)
        if not isinstance(doctype, dict) and counts() and (missing := missing_tables(made)):
            found.count[f"select child tables of {doctype}"] += missing
        return made

    def get_cached_value(*given: Any, **more: Any) -> Any:
        with uncounted():
            return real_get_cached_value(*given, **more)

    def control(name: str) -> Callable[..., Any]:
        def ended(db: Any, *rest: Any, **more: Any) -> Any:
            if counts():
                found.control[name] += 1
            return plain[name](db, *rest, **more)

        return ended

    names = ("sql", "bulk_insert", "get_single_value", *CONTROL)
    plain = {name: getattr(Database, name) for name in names}
    real_get_doc, real_get_cached_value = document.get_doc, document.get_cached_value
    instead: dict[str, Any] = {"sql": sql, "bulk_insert": bulk_insert, "get_single_value": get_single_value}
    instead |= {name: control(name) for name in CONTROL}
    with ExitStack() as stack:
        stack.enter_context(patch.multiple(Database, **instead))
        for place in (frappe, document):
            stack.enter_context(patch.multiple(place, get_doc=get_doc, get_cached_value=get_cached_value))
        yield


def described(query: str) -> str:
    """ "select Xero Link": the verb and the first table it names."""
    table = _TABLE.search(query)
    return f"{query.split()[0].lower()} {table.group(1) if table else '(no table)'}"


def missing_tables(document: Any) -> int:
    """How many child tables a document has in ERPNext that the stand-in does not read. LookupError where nobody has counted."""
    known = len(document.meta._table_fields)
    if document.meta._module_path:
        return 0  # the app's own: its JSON says all
    if document.doctype not in CHILD_TABLES:
        raise LookupError(f"the app loads a {document.doctype}: say in {__name__}.CHILD_TABLES how many child tables it has")
    missing = CHILD_TABLES[document.doctype] - known
    if missing < 0:
        raise LookupError(f"the stand-in has more child tables of {document.doctype} than ERPNext: correct {__name__}.CHILD_TABLES")
    return missing


def _called_from(folder: str) -> bool:
    frame: Any = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith(folder):
            return True
        frame = frame.f_back
    return False
