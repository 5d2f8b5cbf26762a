"""A queue server for the session and a toy app with two DocTypes, installed on a fresh site per test."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.host import activate
from sandbox.host.queue_server import QueueServer
from sandbox.host.site import close_process, create_site, open_process

ACCESS = {"role": "Toy User", "read": 1, "write": 1, "create": 1, "delete": 1}
PARCEL = {
    "name": "Toy Parcel", "doctype": "DocType", "module": "Toy", "autoname": "hash", "permissions": [ACCESS],
    "fields": [
        {"fieldname": "code", "fieldtype": "Data", "unique": 1},
        {"fieldname": "state", "fieldtype": "Select", "options": "Pending\nSending\nSynced", "default": "Pending"},
        {"fieldname": "due_at", "fieldtype": "Datetime"}, {"fieldname": "amount", "fieldtype": "Currency"},
        {"fieldname": "tries", "fieldtype": "Int"}, {"fieldname": "urgent", "fieldtype": "Check"},
        {"fieldname": "day", "fieldtype": "Date"}, {"fieldname": "body", "fieldtype": "Long Text"},
        {"fieldname": "owner_role", "fieldtype": "Link", "options": "Role"},
        {"fieldname": "lines", "fieldtype": "Table", "options": "Toy Line"},
    ],
}  # fmt: skip
LINE = {"name": "Toy Line", "doctype": "DocType", "module": "Toy", "istable": 1,
        "fields": [{"fieldname": "label", "fieldtype": "Data", "reqd": 1}]}  # fmt: skip
SETTINGS = {"name": "Toy Settings", "doctype": "DocType", "module": "Toy", "issingle": 1, "permissions": [ACCESS],
            "fields": [{"fieldname": "days", "fieldtype": "Int", "default": "7"}]}  # fmt: skip
CONTROLLER = """
from frappe.model.document import Document

class {name}(Document):
    def before_insert(self):
        self.flags.seen = ["before_insert"]
    def validate(self):
        self.flags.seen = [*(self.flags.seen or []), "validate"]
    def on_update(self):
        self.flags.seen = [*(self.flags.seen or []), "on_update"]
    def on_trash(self):
        if self.get("body") == "keep":
            raise ValueError("kept")
"""
HOOKS = """
app_name = "toy"
after_install = "toy.work.after_install"
doc_events = {"Sales Invoice": {"on_submit": "toy.work.on_submit", "on_cancel": "toy.work.on_cancel"}}
scheduler_events = {"cron": {"* * * * *": ["toy.work.note"]}, "hourly": ["toy.work.hourly"]}
"""
WORK = """
import frappe

def note(text="tick"):
    frappe.get_doc({"doctype": "Toy Parcel", "body": text, "state": "Synced"}).insert(ignore_permissions=True)

def two_steps(text):
    first(text)
    frappe.db.commit()
    second(text)

def first(text):
    note(text + " first")

def second(text):
    note(text + " second")

def fails():
    note("lost")
    raise ValueError("on purpose")

def who(**given):
    note(frappe.session.user + " " + frappe.as_json(given, indent=None))

def after_install():
    frappe.get_doc({"doctype": "Role", "role_name": "From After Install"}).insert()

def hourly():
    pass

def on_submit(doc, method):
    if doc.name == "REFUSED":
        raise frappe.ValidationError("refused")
    note(f"{method} {doc.name} {doc.grand_total}")
    frappe.db.after_commit.add(lambda: seen.append(frappe.db.count("Toy Parcel")))

def on_cancel(doc, method):
    note(f"{method} {doc.name} {doc.docstatus}")

seen = []

@frappe.whitelist()
def keep():
    note("kept")

@frappe.whitelist()
def refuse():
    note("lost")
    frappe.throw("not today")

@frappe.whitelist()
def hello(name="you"):
    return {"hello": name, "user": frappe.session.user}

@frappe.whitelist(allow_guest=True, methods=["POST"])
def open_door():
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = "/somewhere"
"""


def _write_toy_app(folder: Path) -> None:
    (folder / "toy").mkdir()
    for name, text in {"__init__.py": "", "hooks.py": HOOKS, "work.py": WORK}.items():
        (folder / "toy" / name).write_text(text)
    for definition in (PARCEL, LINE, SETTINGS):
        stem = definition["name"].lower().replace(" ", "_")
        place = folder / "toy" / "toy" / "doctype" / stem
        place.mkdir(parents=True)
        (place / f"{stem}.json").write_text(json.dumps(definition))
        (place / f"{stem}.py").write_text(CONTROLLER.format(name=definition["name"].replace(" ", "")))


@pytest.fixture(scope="session")
def queue_server() -> Iterator[QueueServer]:
    with QueueServer() as server:
        yield server


@pytest.fixture(scope="session")
def toy_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("apps")
    activate()
    _write_toy_app(folder)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture
def site(tmp_path: Path, queue_server: QueueServer, toy_app: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A new site with the toy app; its queues are empty."""
    import redis

    redis.Redis.from_url(queue_server.url).flushall()
    monkeypatch.setenv("PYTHONPATH", str(toy_app))
    yield create_site(tmp_path / "toy.local", queue_server.url, apps=("toy",))


@pytest.fixture
def frappe(site: Path) -> Iterator[object]:
    """The stand-in's frappe, connected to the site as Administrator."""
    yield open_process(site)
    close_process()
