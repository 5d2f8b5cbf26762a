"""History notes and attachments of documents: added and read, never changed."""
from __future__ import annotations

import mimetypes
import re
import uuid
from typing import Any
from urllib.parse import unquote

from sandbox.xero import clock, elements, wire
from sandbox.xero.refusals import Answer, Refused, envelope, not_found, post_data_invalid, text
from sandbox.xero.world import Call

MOST_FILES, LONGEST_NOTE = 10, 2500
_FORBIDDEN = re.compile(r'[<>:"/\\|?*+\0]')
_WITH_FILES = ("Invoices", "CreditNotes", "BankTransactions", "BankTransfers", "ManualJournals")
_WITH_NOTES = {"Invoices": "invoices", "CreditNotes": "invoices", "BankTransactions": "banktransactions",
               "BankTransfers": "banktransactions", "ManualJournals": "manualjournals", "Payments": "payments",
               "BatchPayments": "payments", "Overpayments": "payments", "Prepayments": "payments",
               "Contacts": "contacts"}


def _record(call: Call, resource: str, record_id: str) -> dict[str, Any]:
    record = call.org.of(resource).get(record_id.lower())
    if record is None:
        raise envelope(10, "ValidationException", text("E001"), [{"ValidationErrors": [{"Message": text("E086")}]}])
    return record


def add_notes(call: Call, resource: str, record_id: str) -> dict[str, Any]:
    """PUT History: notes of at most 2,500 characters, shown as made by 'System Generated' (A)."""
    record = _record(call, resource, record_id)

    def one(element: dict[str, Any], warnings: list[str]) -> dict[str, Any]:
        details = element.get("Details")
        if not details or len(details) > LONGEST_NOTE:
            raise Refused(f"The Details must have 1 to {LONGEST_NOTE} characters.")  # length A, wording C
        kept = {"Details": details, "at": clock.now()}
        record.setdefault("history", []).append(kept)
        call.world.note(call, "History", record_id, "created", {"of": resource, "details": details})
        return _show_note(kept)
    return elements.write_each(call, "HistoryRecords", "HistoryRecord", "Details", one)


def by_a_person(record: dict[str, Any], changes: str, user: str, details: str) -> None:
    """What Xero's history says of a change that somebody makes on its screens (field names A, wording C)."""
    record.setdefault("history", []).append({"Details": details, "Changes": changes, "User": user, "at": clock.now()})


def _show_note(kept: dict[str, Any]) -> dict[str, Any]:
    return {"Details": kept["Details"], "Changes": kept.get("Changes", "Note"), "User": kept.get("User", "System Generated"),
            "DateUTC": wire.ms_datetime(kept["at"])}


def notes(call: Call, resource: str, record_id: str) -> dict[str, Any]:
    record = _record(call, resource, record_id)
    return elements.success(HistoryRecords=[_show_note(kept) for kept in record.get("history", [])])


def _show_file(call: Call, resource: str, record_id: str, file: dict[str, Any]) -> dict[str, Any]:
    return {"AttachmentID": file["AttachmentID"], "FileName": file["FileName"], "MimeType": file["MimeType"],
            "ContentLength": len(file["content"]), "IncludeOnline": file["IncludeOnline"],
            "Url": f"https://api.xero.com/api.xro/2.0/{resource}/{record_id}/Attachments/{file['FileName']}"}


def attach(call: Call, resource: str, record_id: str, name: str) -> dict[str, Any]:
    """PUT or POST of raw bytes under a file name; the same name replaces. 10 files, 10 MB each (A/B)."""
    record, name = _record(call, resource, record_id), unquote(name)
    if _FORBIDDEN.search(name):
        raise post_data_invalid("The file name contains characters that are not allowed.")  # list B, wording C
    kind = mimetypes.guess_type(name)[0]
    if kind is None or not call.body:
        raise envelope(10, "ValidationException", text("E001"), [{"ValidationErrors": [{"Message": text("E088")}]}])
    files = record.setdefault("attachments", {})
    if name not in files and len(files) >= MOST_FILES:
        raise post_data_invalid(f"A document can have at most {MOST_FILES} attachments.")  # number A, wording C
    online = call.query.get("IncludeOnline", "").lower() == "true"
    files[name] = {"AttachmentID": str(uuid.uuid4()), "FileName": name, "MimeType": kind, "content": call.body,
                   "IncludeOnline": online and resource in ("Invoices", "CreditNotes")}
    record["updated"] = clock.now()
    call.world.note(call, "Attachments", files[name]["AttachmentID"], "created", {
        "of": resource, "document": record_id, "name": name, "bytes": len(call.body)})
    return elements.success(Attachments=[_show_file(call, resource, record_id, files[name])])


def files(call: Call, resource: str, record_id: str) -> dict[str, Any]:
    record = _record(call, resource, record_id)
    return elements.success(Attachments=[_show_file(call, resource, record_id, file)
                                         for file in record.get("attachments", {}).values()])


def content(call: Call, resource: str, record_id: str, name: str) -> dict[str, Any]:
    file = _record(call, resource, record_id).get("attachments", {}).get(unquote(name))
    if file is None:
        raise not_found()
    raise Answer(200, file["content"], {"Content-Type": file["MimeType"]})


ROUTES = [route for resource, scope in _WITH_NOTES.items() for route in (
    ("PUT", rf"/({resource})/([^/]+)/History", f"accounting.{scope}", add_notes),
    ("GET", rf"/({resource})/([^/]+)/History", f"accounting.{scope}", notes))]
ROUTES += [route for resource in _WITH_FILES for route in (
    ("GET", rf"/({resource})/([^/]+)/Attachments", "accounting.attachments", files),
    ("GET", rf"/({resource})/([^/]+)/Attachments/([^/]+)", "accounting.attachments", content),
    ("PUT", rf"/({resource})/([^/]+)/Attachments/([^/]+)", "accounting.attachments", attach),
    ("POST", rf"/({resource})/([^/]+)/Attachments/([^/]+)", "accounting.attachments", attach))]
