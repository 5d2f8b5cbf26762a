"""`Document`: a document with its child rows, loaded, checked, saved and deleted the way Frappe 15 does it.

The order of events is Frappe's (document.py, 15.72.4). Left out, and therefore for bench tests: workflow, versions,
attachments, tree DocTypes, permission levels, changes after a submit. As in Frappe a document is submitted or cancelled by being
saved with that docstatus.
"""

from __future__ import annotations

import importlib
from typing import Any

from frappe import _validation
from frappe._context import _dict, local
from frappe._hooks import get_attr, get_hooks
from frappe._messages import throw
from frappe._meta import CHILD_COLUMNS, DEFAULT_COLUMNS, Meta, get_meta
from frappe._permissions import permitted
from frappe.exceptions import DoesNotExistError, PermissionError, TimestampMismatchError
from frappe.utils import cint, flt, now


class Document:
    """Fields are attributes; an unset field reads as None, an empty child table as []."""

    def __init__(self, values: dict[str, Any]) -> None:
        meta = get_meta(values["doctype"])
        self.__dict__.update(meta._unset)
        self.doctype: str = values["doctype"]
        self._meta: Meta = meta
        self.flags = _dict()
        self.name: Any = None
        self._before_save: Document | None = None
        for fieldname in meta._table_names:
            self.__dict__[fieldname] = []
        self.update(values)
        self.docstatus = cint(self.docstatus)
        self.idx = cint(self.idx)
        self._as_read = self.modified

    @property
    def meta(self) -> Meta:
        """The DocType."""
        return self._meta

    def get(self, key: str, default: Any = None) -> Any:
        """A field's value, `default` where the document has no such attribute."""
        return self.__dict__.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Set a field; a child table takes a list of dicts or documents."""
        if key in self._meta._table_names:
            self.__dict__[key] = []
            for row in value or []:
                self.append(key, row)
        else:
            self.__dict__[key] = value

    def update(self, d: dict[str, Any]) -> Document:
        """Set several fields."""
        if self._meta._table_names.isdisjoint(d):
            self.__dict__.update(d)
            return self
        for key, value in d.items():
            self.set(key, value)
        return self

    def append(self, key: str, value: Any = None) -> Document:
        """Add a child row and return it."""
        df = self._meta.get_field(key)
        row = value if isinstance(value, Document) else new_child(df.options, value or {})
        rows = self.__dict__[key]
        row.__dict__.update(parent=self.name, parenttype=self.doctype, parentfield=key)
        row.idx = row.idx or len(rows) + 1
        rows.append(row)
        return row

    def as_dict(self) -> _dict:
        """All values as Python objects, child rows as dicts, with `doctype`."""
        values = _dict({column: self.get(column) for column in self._meta._columns}, doctype=self.doctype)
        for df in self._meta._table_fields:
            values[df.fieldname] = [row.as_dict() for row in self.get(df.fieldname)]
        return values

    def _row(self) -> dict[str, Any]:
        """Column -> value to store, in the types Frappe stores."""
        row: dict[str, Any] = {}
        values = self.__dict__
        for column, stored_as in self._meta._stored_as:
            value = values.get(column)
            if isinstance(value, list):
                throw(f"Value for {column} cannot be a list")
            if stored_as == "flag":
                value = 1 if cint(value) else 0
            elif stored_as == "whole":
                value = cint(value)
            elif stored_as == "number":
                value = flt(value)
            elif (stored_as == "date" and value == "") or (stored_as == "unique" and str(value or "").strip() == ""):
                value = None
            row[column] = value
        return row

    def run_method(self, method: str) -> None:
        """The controller's method, then the apps' `doc_events` for the DocType and for '*'."""
        self._run(method)

    def _run(self, method: str, *args: Any) -> None:
        """`args` as a rename has them: old name, new name, whether it merges."""
        own = getattr(type(self), method, None)
        if own:
            own(self, *args)
        events = get_hooks("doc_events") or {}
        for path in events.get(self.doctype, {}).get(method, []) + events.get("*", {}).get(method, []):
            get_attr(path)(self, method, *args)

    def check_permission(self, permtype: str = "read") -> None:
        """PermissionError unless the user may; nothing is asked where the document ignores permissions."""
        if not self.flags.ignore_permissions and not permitted(self.doctype, permtype, self):
            raise PermissionError(f"You need the '{permtype}' permission on {self.doctype} {self.name or ''}")

    def get_doc_before_save(self) -> Document | None:
        """The stored document as it was before this save; None on insert."""
        return self._before_save

    def has_value_changed(self, fieldname: str) -> bool:
        """Whether a field differs from before the save; True on insert."""
        return self._before_save is None or self._before_save.get(fieldname) != self.get(fieldname)

    def set_onload(self, key: str, value: Any) -> None:
        """Something that the form is told besides its fields."""
        if not self.get("__onload"):
            self.set("__onload", {})
        self.get("__onload")[key] = value

    def insert(self, ignore_permissions: bool | None = None, ignore_if_duplicate: bool = False) -> Document:
        """Check and store as a new document; UniqueValidationError, DuplicateEntryError, MandatoryError and the like."""
        if ignore_permissions is not None:
            self.flags.ignore_permissions = ignore_permissions
        _validation.set_defaults(self)
        self._stamp(new=True)
        _validation.check_links(self)
        self.check_permission("create")
        if self.docstatus == 1:
            self.check_permission("submit")
        self.run_method("before_insert")
        _validation.set_new_name(self)
        for method in ("before_validate", "validate", "before_submit" if self.docstatus == 1 else "before_save"):
            self.run_method(method)
        _validation.check_fields(self)
        if self._meta._single:
            self._store_single()
        else:
            self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
        self._store_children()
        for method in ("after_insert", "on_update", *(("on_submit",) if self.docstatus == 1 else ()), "on_change"):
            self.run_method(method)
        self._as_read = self.modified
        return self

    def save(self, ignore_permissions: bool | None = None) -> Document:
        """Check and store; a document never stored is inserted. TimestampMismatchError where it was changed meanwhile."""
        if ignore_permissions is not None:
            self.flags.ignore_permissions = ignore_permissions
        if not self.name or (not self._meta._single and self.creation is None):
            return self.insert()
        _validation.set_defaults(self)
        self.check_permission("write")
        self._before_save = get_doc(self.doctype, self.name)
        if str(self._before_save.modified) != str(self._as_read):
            throw("Error: Document has been modified after you have opened it", exc=TimestampMismatchError)
        cancelled = self._before_save.docstatus == 1 and self.docstatus == 2
        submitted = self._before_save.docstatus == 0 and self.docstatus == 1
        if self._meta._json.get("is_submittable") and self._before_save.docstatus == 1 and not cancelled:
            raise NotImplementedError(f"the stand-in changes no submitted {self.doctype}")
        if cancelled or submitted:
            self.check_permission("cancel" if cancelled else "submit")
        self._stamp(new=False)
        _validation.check_links(self)
        for method in ("before_cancel",) if cancelled else ("before_validate", "validate", "before_submit" if submitted else "before_save"):
            self.run_method(method)
        _validation.check_fields(self)
        if self._meta._single:
            self._store_single()
        else:
            row = self._row()
            assignments = ", ".join(f"`{column}` = %s" for column in row)
            with _validation.duplicates_named(self):
                local.db.sql(f"update `tab{self.doctype}` set {assignments} where name = %s", [*row.values(), self.name])
        self._store_children()
        for method in ("on_cancel" if cancelled else "on_update", *(("on_submit",) if submitted else ()), "on_change"):
            self.run_method(method)
        self._as_read = self.modified
        return self

    def submit(self) -> Document:
        """Save with docstatus 1; the events of a submit. What ERPNext books then is not imitated."""
        self.docstatus = 1
        return self.save()

    def _stamp(self, new: bool) -> None:
        self.modified, self.modified_by = now(), local.session.user  # text, as in Frappe; a datetime once read back
        if new or not self.creation:
            self.creation, self.owner = self.modified, self.owner or self.modified_by

    def db_insert(self, ignore_if_duplicate: bool = False) -> None:
        """INSERT this row alone: no events, no checks but the database's."""
        if not self.name:
            _validation.set_new_name(self)
        if not self.creation:
            self._stamp(new=True)
        row = self._row()
        columns = ", ".join(f"`{column}`" for column in row)
        with _validation.duplicates_named(self, ignore_name=ignore_if_duplicate):
            local.db.sql(
                f"insert into `tab{self.doctype}` ({columns}) values ({', '.join(['%s'] * len(row))})",
                list(row.values()),
            )

    def _store_single(self) -> None:
        local.db._set_single(self.doctype, {k: v for k, v in self._row().items() if k not in ("name", "doctype")})

    def _store_children(self) -> None:
        for df in self._meta._table_fields:
            local.db.delete(df.options, {"parent": str(self.name), "parenttype": self.doctype, "parentfield": df.fieldname})
            for row in self.get(df.fieldname):
                row.__dict__.update(parent=self.name, parenttype=self.doctype, parentfield=df.fieldname, docstatus=self.docstatus)
                row.db_insert()

    def db_set(self, fieldname: Any, value: Any = None, update_modified: bool = True) -> None:
        """Update columns at once, without validation; only `on_change` fires."""
        changes = dict(fieldname) if isinstance(fieldname, dict) else {fieldname: value}
        if update_modified:
            changes |= {"modified": now(), "modified_by": local.session.user}
        self.update(changes)
        self._as_read = self.modified
        if self._meta._single:
            local.db._set_single(self.doctype, changes)
        else:
            local.db.set_value(self.doctype, self.name, changes, update_modified=False)
        self.run_method("on_change")

    def reload(self) -> None:
        """Read it again from the database."""
        self.__dict__.update(get_doc(self.doctype, self.name).__dict__)

    def delete(self, ignore_permissions: bool = False) -> None:
        """`on_trash`, then the row and its child rows, then `after_delete`. Links to it are not looked for."""
        self.flags.ignore_permissions = ignore_permissions or self.flags.ignore_permissions
        self.check_permission("delete")
        self.run_method("on_trash")
        self.run_method("on_change")
        for df in self._meta._table_fields:
            local.db.delete(df.options, {"parent": str(self.name), "parenttype": self.doctype})
        local.db.delete(self.doctype, {"name": self.name})
        self.run_method("after_delete")


def controller(doctype: str) -> type[Document]:
    """The DocType's class: from the app's module beside its JSON, or Document."""
    path = get_meta(doctype)._module_path
    if not path:
        return Document
    return getattr(importlib.import_module(path), doctype.replace(" ", "").replace("-", ""))


def new_child(doctype: str, values: dict[str, Any]) -> Document:
    """A child row."""
    return controller(doctype)({**values, "doctype": doctype})


def new_doc(doctype: str) -> Document:
    """An unsaved document with the DocType's defaults."""
    document = controller(doctype)({"doctype": doctype, "owner": local.session.user})
    _validation.set_defaults(document)
    return document


def get_doc(doctype: Any, name: Any = None) -> Document:
    """`get_doc(doctype, name)` loads (DoesNotExistError), `get_doc(dict)` makes an unsaved one, a Single needs no name."""
    if isinstance(doctype, dict):
        return controller(doctype["doctype"])(doctype)
    meta = get_meta(doctype)
    if meta._single:
        return _load_single(doctype, meta)
    row = local.db.get_value(doctype, name, "*", as_dict=True) if name is not None else None
    if not row:
        throw(f"{doctype} {name} not found", DoesNotExistError)
    document = controller(doctype)({**row, "doctype": doctype})
    for df in meta._table_fields:
        filters = (str(row.name), doctype, df.fieldname)
        rows = local.db.sql(
            f"select * from `tab{df.options}` where parent = %s and parenttype = %s and parentfield = %s order by idx",
            filters,
            True,
        )
        document.set(df.fieldname, rows)
    return document


def _read_back(fieldtype: str, text: Any) -> Any:
    """A Single's stored text in a loaded document: only numbers are turned back, and a Check is never None."""
    if fieldtype == "Check" or (fieldtype == "Int" and text is not None):
        return cint(text)
    return flt(text) if fieldtype in ("Float", "Currency", "Percent") and text is not None else text


def _load_single(doctype: str, meta: Meta) -> Document:
    stored = local.db._single_dict(doctype)
    known = {df.fieldname: _read_back(df.fieldtype, stored.get(df.fieldname)) for df in meta._data_fields}
    standard = {c: stored.get(c) for c in (*DEFAULT_COLUMNS, *CHILD_COLUMNS) if c in stored}
    document = controller(doctype)({**standard, **known, "doctype": doctype, "name": doctype})
    if not stored:
        _validation.set_defaults(document)
    for df in meta._table_fields:
        where = {"parent": doctype, "parenttype": doctype, "parentfield": df.fieldname}
        names = local.db.sql(
            f"select * from `tab{df.options}` where parent = %(parent)s and parenttype = %(parenttype)s"
            " and parentfield = %(parentfield)s order by idx",
            where,
            True,
        )
        document.set(df.fieldname, names)
    return document


def get_cached_value(doctype: str, name: str, fieldname: Any = "name", as_dict: bool = False) -> Any:
    """A field, or several, of a document; None where it does not exist. The stand-in keeps no cache."""
    meta = get_meta(doctype)
    if not meta._single and not local.db.exists(doctype, name):
        return None
    document = get_doc(doctype, name)
    if isinstance(fieldname, str):
        return document.get(fieldname)
    values = [document.get(field) for field in fieldname]
    return _dict(zip(fieldname, values)) if as_dict else values
