"""Files that follow a document: its PDF from the host, or what people attached to it. Steps "attachment-print" and "attachment-<File>".

Asked for when the record is in Xero, or when a file is attached later (`capture.attached`). Reading and printing happen in the worker.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import frappe
from frappe.translate import print_language

from ..accounting.problems import Problem, Refused
from ..compat import let_pass
from ..documents.identity import Identity, identity
from ..documents.translation import Translation
from ..engine import links, outbox, protocol
from ..engine.clock import now
from ..engine.context import Context
from ..engine.lease import Lease
from ..engine.outbox import Row
from ..sync.work import Work, given_up, settle, supersede
from ..xero.records.registry import ATTACHMENT, object_at
from .file_rules import HEAD, PRINT, SOURCES, as_bytes, content_type, misfit, name_in_xero

FILE = "File"
ON_DISK = ("/files/", "/private/files/")
CONSENT_POLL = timedelta(hours=1)


def follow(context: Context, who: Identity, role: str, endpoint: str, generation: int) -> None:
    """A document became a record at `endpoint`: ask for its files where that is switched on. Part of the caller's transaction."""
    source = SOURCES.get((who.doctype, role))
    if source is None or not object_at(endpoint).takes_files or source.setting not in context.extras.files:
        return
    attached = {"attached_to_doctype": who.doctype, "attached_to_name": who.name, "is_folder": 0}
    ids = [PRINT] if source.printed else frappe.get_all(FILE, filters=attached, pluck="name", order_by="creation asc")
    for file_id in ids:
        outbox.add(context.connection, context.company, who, HEAD + file_id, kind=ATTACHMENT.made_by.name, generation=generation)


def ready_attachment(context: Context, row: Row, doc: dict[str, Any]) -> Work | None:
    """The file's step, once its document is in Xero; its bytes are read later, outside any transaction."""
    who = identity(doc)
    if doc["docstatus"] != 1:
        supersede(row, f"{who.name} was cancelled before this file was sent")
        return None
    linked = links.live(context.connection, who)
    link = next((link for link in linked if (who.doctype, link["role"]) in SOURCES and object_at(link["endpoint"]).takes_files), None)
    steps = outbox.steps_of(context.connection, who)
    if link is None:
        _wait_for_document(row, who, steps)
        return None
    source = SOURCES[(who.doctype, link["role"])]
    if source.setting not in context.extras.files or source.printed != (row["role"] == HEAD + PRINT):
        supersede(row, "Sending these files was switched off on the Xero Connection")
        return None
    if not context.extras.files_allowed:
        # Asked before sending: Xero's refusal of a permission is for the whole request, and every document would need a Retry.
        outbox.postpone(row, until=now() + CONSENT_POLL, problem=_not_allowed(who))
        return None
    if given_up(row):
        return None
    name = _name(row, who, steps)
    if not name:
        return None
    path = ATTACHMENT.made_by.path_below(f"{link['endpoint']}/{link['xero_id']}") + f"/{quote(name, safe='')}"
    return Work(row, doc, ATTACHMENT.made_by, {who.digest}, xero_id=link["xero_id"], path=path)


def _wait_for_document(row: Row, who: Identity, steps: list[Row]) -> None:
    main = next((step for step in steps if (who.doctype, step["role"]) in SOURCES and step["state"] in protocol.UNFINISHED), None)
    if main:
        problem = Problem("waits-for-document", f"Waits until {who.name} is in Xero", f"See what stops {who.name}")
        outbox.postpone(row, blocked_on=main["name"], problem=problem)
    else:
        supersede(row, f"{who.name} is nothing in Xero that a file could be attached to")


def _not_allowed(who: Identity) -> Problem:
    message = f"A file of {who.name} waits: PiCortex was connected to Xero before files were switched on"
    return Problem("files-not-allowed", message, "Press Connect to Xero in Xero Settings once more; then it goes within the hour")


def _name(row: Row, who: Identity, steps: list[Row]) -> str:
    """What the file is called in Xero; "" after skipping one that does not fit or superseding one that is gone."""
    file_id = row["role"].removeprefix(HEAD)
    if file_id == PRINT:
        return name_in_xero(who.name)
    file = frappe.db.get_value(FILE, file_id, ["file_name", "file_url", "file_size"], as_dict=True)
    if not file:
        supersede(row, "The file was deleted before it was sent")
        return ""
    shown = file["file_name"] or file["file_url"]
    if str(file["file_url"] or "").startswith(("http://", "https://")):
        cure = "Attach the file itself, or add it in Xero by hand"
        settle(row, [Problem("file-elsewhere", f"{shown} of {who.name} is only a link to another place", cure)])
        return ""
    sent = sum(step["role"].startswith(HEAD) and step["state"] in (protocol.SYNCED, *protocol.IN_FLIGHT) for step in steps)
    if problem := misfit(who.name, shown, int(file["file_size"] or 0), sent):
        settle(row, [problem])
        return ""
    return name_in_xero(who.name, shown, file_id)


def look_attachments(context: Context, lease: Lease, batch: list[Work]) -> list[tuple[Work, Translation]]:
    """Print or read the file. No transaction is open meanwhile: printing takes seconds and may ask this very site for pictures. Commits."""
    work = batch[0]
    frappe.db.commit()
    name = work.path.rpartition("/")[2]
    try:
        content = _printed(work.doc) if work.row["role"] == HEAD + PRINT else _content(work.row["role"].removeprefix(HEAD))
    except Refused as refused:
        settle(work.row, refused.problems)
        return []
    except Exception as error:
        let_pass(error)
        # Anything can go wrong in a print format or on a disk; the document is in Xero, so nothing may stop for it.
        frappe.log_error(title=f"Xero: a file of {work.doc['name']} could not be read or printed")
        message = f"A file of {work.doc['name']} could not be read or printed: {str(error)[:200]}"
        settle(work.row, [Problem("file-unreadable", message, "Tell your administrator (the Error Log has the details), then press Retry")])
        return []
    problem = misfit(work.doc["name"], name, len(content), 0) if content else _empty(work.doc["name"], name)
    if problem:
        settle(work.row, [problem])
        return []
    described = {
        "FileName": name,
        "ContentType": content_type(name),
        "Bytes": len(content),
        "Sha256": hashlib.sha256(content).hexdigest(),
    }
    return [(work, Translation(described, {"FileName": name}, content=content))]


def _empty(document: str, name: str) -> Problem:
    return Problem("file-empty", f"The file {name} of {document} is empty", "Attach it again, or add it in Xero by hand")


def _printed(doc: dict[str, Any]) -> bytes:
    """The host's own PDF: default print format and letterhead, in the document's language."""
    with print_language(doc.get("language") or ""):
        return bytes(frappe.get_print(doc["doctype"], doc["name"], as_pdf=True))


def _content(file_id: str) -> bytes:
    """The file's bytes as they are on the disk. `File.get_content` guesses at text and hands out another file then: Frappe 16 takes off a
    byte order mark, and reads a small PDF as Windows-1250. Raises Refused where the bytes cannot be had."""
    file = frappe.get_doc(FILE, file_id)
    if str(file.file_url or "").startswith(ON_DISK) and (path := Path(file.get_full_path())).is_file():
        return path.read_bytes()
    # Kept by another app, in a bucket as a rule, which hands it out in the host's way.
    try:
        content = file.get_content()
    except FileNotFoundError:
        raise Refused([_missing(file)]) from None
    known = as_bytes(content, file.content_hash or "") if isinstance(content, str) else bytes(content)
    if known is None:
        raise Refused([_as_text_only(file)])
    return known


def _missing(file: Any) -> Problem:
    what = f"The file {file.file_name} of {file.attached_to_name}"
    return Problem("file-unreadable", f"{what} is not where the site keeps its files", "Attach it again, or add it in Xero by hand")


def _as_text_only(file: Any) -> Problem:
    return Problem(
        "file-unreadable",
        f"The file {file.file_name} of {file.attached_to_name} is handed out as text, and which bytes it has is not known",
        "Add it in Xero by hand",
    )
