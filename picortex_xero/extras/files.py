"""Adds steps for a document's files once its record is in Xero, and reads or prints the files before they are sent (file_plans.py
decides)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import frappe
from frappe.translate import print_language

from ..accounting.problems import Problem, Refused
from ..accounting.texts import _
from ..compat import let_pass, printed
from ..documents.identity import Identity
from ..engine import history_steps, outbox
from ..engine.contexts import Context
from ..xero.records.registry import ATTACHMENT, object_at
from .file_rules import HEAD, PRINT, SOURCES, as_bytes

FILE = "File"
ON_DISK = ("/files/", "/private/files/")


def follow(context: Context, who: Identity, role: str, endpoint: str, revision: int) -> None:
    """A document became a record at `endpoint`: add steps for its files where that is switched on. Part of the caller's transaction."""
    source = SOURCES.get((who.doctype, role))
    if source is None or not object_at(endpoint).takes_files or source.setting not in context.extras.files:
        return
    attached = {"attached_to_doctype": who.doctype, "attached_to_name": who.name, "is_folder": 0}
    ids = [PRINT] if source.printed else frappe.get_all(FILE, filters=attached, pluck="name", order_by="creation asc")
    history = history_steps.history_of(context.connection, who) if ids else ""
    for file_id in ids:
        outbox.add(
            context.connection,
            context.company,
            who,
            HEAD + file_id,
            kind=ATTACHMENT.made_by.name,
            revision=revision,
            history_run=history,
        )


def read(wanted: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], bytes | Problem]:
    """The bytes of files (DocType, document, File or "print"), or why they cannot be had. No transaction is open meanwhile: printing takes
    seconds and may ask this very site for pictures. Commits."""
    found: dict[tuple[str, str, str], bytes | Problem] = {}
    for doctype, name, file in sorted(wanted):
        frappe.db.commit()
        try:
            found[doctype, name, file] = _printed(frappe.get_doc(doctype, name).as_dict()) if file == PRINT else _content(file)
        except Refused as refused:
            found[doctype, name, file] = refused.problems[0]
        except Exception as error:
            let_pass(error)
            # Anything can go wrong in a print format or on a disk; the document is in Xero, so nothing may stop for it.
            frappe.log_error(title=f"Xero: a file of {name} could not be read or printed")
            message = _("A file of {name} could not be read or printed: {error}").format(name=name, error=str(error)[:200])
            found[doctype, name, file] = Problem(
                "file-unreadable", message, _("Tell your administrator (the Error Log has the details), then press Retry")
            )
    return found


def _printed(doc: dict[str, Any]) -> bytes:
    """ERPNext's own PDF: default print format, generator and letterhead, in the document's language."""
    with print_language(doc.get("language") or ""):
        return printed(doc["doctype"], doc["name"])


def _content(file_id: str) -> bytes:
    """The file's bytes as they are on the disk. `File.get_content` guesses at text and hands out another file then: Frappe 16 takes off a
    byte order mark, and reads a small PDF as Windows-1250. Raises Refused where the bytes cannot be had."""
    file = frappe.get_doc(FILE, file_id)
    if str(file.file_url or "").startswith(ON_DISK) and (path := Path(file.get_full_path())).is_file():
        return path.read_bytes()
    # Another app keeps the file elsewhere, mostly in a cloud bucket, and gives it through Frappe's File.get_content.
    try:
        content = file.get_content()
    except FileNotFoundError:
        raise Refused([_missing(file)]) from None
    known = as_bytes(content, file.content_hash or "") if isinstance(content, str) else bytes(content)
    if known is None:
        raise Refused([_as_text_only(file)])
    return known


def _missing(file: Any) -> Problem:
    return Problem(
        "file-unreadable",
        _("The file {file} of {document} is not where the site keeps its files").format(
            file=file.file_name, document=file.attached_to_name
        ),
        _("Attach it again, or add it in Xero by hand"),
    )


def _as_text_only(file: Any) -> Problem:
    return Problem(
        "file-unreadable",
        _("The file {file} of {document} is handed out as text, and which bytes it has is not known").format(
            file=file.file_name, document=file.attached_to_name
        ),
        _("Add it in Xero by hand"),
    )
