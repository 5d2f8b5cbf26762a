"""Plays an event of a recording that says which `doc_events` Frappe sent, and fires exactly those, in that order.

Every document of the event is written when the first of its events comes that follows its writing in Frappe, so that handlers of other
documents before it still see its former state; what changed without any event of its own (by SQL) and the ledger are there before
the decisive event of the main document, since the host's controller runs before the app's handlers.
"""

from __future__ import annotations

from typing import Any

from sandbox.host import storage

Key = tuple[str, str]
# Events that Frappe sends before it writes: the document carries its new values, the database does not.
UNWRITTEN = ("before_insert", "before_validate", "validate", "before_save", "before_submit", "before_cancel", "before_update_after_submit")
# Of these the document is the one that is still there.
FORMER = ("before_rename", "on_trash")
POSTED = ("on_submit", "on_cancel")
DECISIVE = {"submit": "on_submit", "cancel": "on_cancel", "update": "on_update_after_submit", "save": "on_update", "delete": "after_delete",
            "rename": "after_rename", "merge": "after_rename"}  # fmt: skip


def fire(record: dict[str, Any]) -> Any:
    """The event within the caller's transaction; returns its document, None where it has none or none is left."""
    return _Event(record).play()


class _Event:
    """`wanted` are the documents as the event leaves them: whole, or changed fields only."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.kind = record["event"]
        self.main: Key = (record["doctype"], record["name"])
        self.wanted: dict[Key, dict[str, Any]] = {(each["doctype"], each["name"]): each for each in record.get("after", [])}
        if "doc" in record:
            self.wanted[self.main] = record["doc"]
        self.ledger = {(each["voucher_type"], each["voucher_no"]): each["rows"] for each in record.get("ledger", [])}
        if record.get("gl"):
            self.ledger[self.main] = record["gl"]
        self.sequence = [((doctype, name), event) for doctype, name, events in record["fired"] for event in events]
        self.documents: dict[Key, Any] = {}
        self.written: set[Key] = set()

    def play(self) -> Any:
        for at, (key, event) in enumerate(self.sequence):
            self._one(self._named(key, at), event, at)
        self._rest()
        return self.documents.get(self.main) if self.kind not in ("tool", "delete") else None

    def _named(self, key: Key, at: int) -> Key:
        """A document has no name before it is inserted: it is the next one of its kind."""
        if key[1] is not None:
            return key
        return next(later for later, _ in self.sequence[at:] if later[0] == key[0] and later[1] is not None)

    def _one(self, key: Key, event: str, at: int) -> None:
        if not _known(key[0]):
            return  # neither recorded nor the app's: no handler but one for "*" could hear of it
        heard = _heard(key[0], event)
        document = self._document(key, event, at, heard)
        if event in POSTED and key in self.ledger:
            storage.post(*key, self.ledger.pop(key))
        if key == self.main and event == DECISIVE.get(self.kind):
            self._rest()
        if not heard:
            return
        if document is None:
            raise LookupError(f"the recording fires {event} of {key[0]} {key[1]}, which is not there")
        if event in ("before_rename", "after_rename"):
            document._run(event, self.record["input"]["old"], self.record["input"]["new"], self.kind == "merge")
            return
        document.name = None if event == "before_insert" else key[1]
        document.run_method(event)
        document.name = key[1]

    def _document(self, key: Key, event: str, at: int, heard: bool) -> Any:
        """The document as it is when this event comes, and what the event brings into the database. None where nobody would see it."""
        if event in FORMER:
            return self._load(key) if heard else None
        if event in UNWRITTEN:
            return self._intended(key, at) if heard else None
        if event == "after_delete":
            document = self._load(key) if heard else None
            storage.remove(*key)
            self.written.add(key)
            return document
        return self._written(key, at, heard)

    def _load(self, key: Key) -> Any:
        import frappe

        if key not in self.documents and frappe.db.exists(*key):
            self.documents[key] = frappe.get_doc(*key)
        return self.documents.get(key)

    def _former(self, key: Key) -> Any:
        import frappe

        return frappe.get_doc(*key) if _exists(key) else None

    def _intended(self, key: Key, at: int) -> Any:
        """The document with its new values, as it is in memory before it is written."""
        import frappe

        former = self._former(key)
        target = self._target(key, at)
        if target is None:
            return self._load(key)
        whole = target if "creation" in target else {**former.as_dict(), **target}
        return self._same(key, frappe.get_doc(dict(whole)), former)

    def _written(self, key: Key, at: int, heard: bool) -> Any:
        """The document after its new values are in the database (a draft of it, where its submit is still to come)."""
        import frappe

        target = self._target(key, at)
        if target is None or key in self.written:
            return self._load(key) if heard else None
        final = target.get("docstatus") == self.wanted[key].get("docstatus")
        if not heard and not final:
            return None
        former = self._former(key)
        if key == self.main and self.kind in ("rename", "merge"):
            _rename(key[0], self.record["input"]["old"], self.record["input"]["new"], merge=self.kind == "merge")
        self._write(key, target)
        if final:
            self.written.add(key)
        return self._same(key, frappe.get_doc(*key), former)

    def _same(self, key: Key, fresh: Any, former: Any) -> Any:
        """One object for all events of a document, as in Frappe: handlers may leave something in its flags."""
        kept = self.documents.setdefault(key, fresh)
        if kept is not fresh:
            flags, before = kept.flags, kept._before_save
            kept.__dict__.update(fresh.__dict__)
            kept.flags, kept._before_save = flags, before
        kept._before_save = former or kept._before_save
        return kept

    def _target(self, key: Key, at: int) -> dict[str, Any] | None:
        """What the event makes of a document by now: a draft as long as it is going to be validated once more."""
        wanted = self.wanted.get(key)
        if wanted and wanted.get("docstatus") == 1 and "creation" in wanted and (key, "before_validate") in self.sequence[at + 1 :]:
            if key == self.main and self.kind == "submit" or not _exists(key):
                return {**wanted, "docstatus": 0}
        return wanted

    def _write(self, key: Key, target: dict[str, Any]) -> None:
        if "creation" in target:
            storage.put(target)
        else:
            storage.change(*key, {name: value for name, value in target.items() if name not in ("doctype", "name")})

    def _rest(self) -> None:
        """Everything that the event changed and that is not written yet."""
        import frappe

        for key, target in self.wanted.items():
            if key not in self.written:
                self._write(key, target)
                self.written.add(key)
                if key in self.documents:
                    self._same(key, frappe.get_doc(*key), None)
        for doctype, name in self.record.get("gone", []):
            storage.remove(doctype, name)
        for voucher, rows in self.ledger.items():
            storage.post(*voucher, rows)
        self.ledger = {}


def _exists(key: Key) -> bool:
    import frappe

    return bool(frappe.db.exists(*key))


def _known(doctype: str) -> bool:
    from frappe._context import local

    return bool(local.db.sql("select name from __doctype where name = %s", (doctype,)))


def _heard(doctype: str, event: str) -> bool:
    """Whether any app listens: of most events nobody wants to see the document."""
    import frappe

    events = frappe.get_hooks("doc_events") or {}
    return any(event in events.get(each, {}) for each in (doctype, "*"))


def _rename(doctype: str, old: str, new: str, merge: bool) -> None:
    """As Frappe's `rename_doc` does in the database, by SQL and without `modified`: the row's name, and every link to it in the
    apps' own DocTypes. What ERPNext's documents hold comes from the recording. A merged one stays until it is deleted."""
    from frappe._context import local

    if not merge:
        storage.remove(doctype, old)
    for (text,) in local.db.sql("select definition from __doctype where module_path is not null"):
        _relink(text, doctype, old, new)


def _relink(definition: str, doctype: str, old: str, new: str) -> None:
    import json

    from frappe._context import local

    meta = json.loads(definition)
    if meta.get("issingle"):
        return
    for field in meta["fields"]:
        name, options = field["fieldname"], field.get("options")
        if field["fieldtype"] == "Dynamic Link":
            where, values = f"`{options}` = %s and `{name}` = %s", (doctype, old)
        elif field["fieldtype"] == "Link" and options == doctype:
            where, values = f"`{name}` = %s", (old,)
        else:
            continue
        local.db.sql(f"update `tab{meta['name']}` set `{name}` = %s where {where}", (new, *values))
