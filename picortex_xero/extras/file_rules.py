"""Rules for files sent to a record in Xero: of which DocTypes, under which name, and what Xero takes.

Xero takes ten files a record, 10 MB each (its developer documentation, Attachments; a megabyte is counted as 1,000,000 bytes, to be safe).
A file of the same name replaces the one before, so sending it twice does no harm as long as its name says which file of which document it
is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from ..accounting.problems import Problem
from ..accounting.texts import _

MOST_FILES, MOST_BYTES, LONGEST_NAME = 10, 10_000_000, 120
HEAD, PRINT = "attachment-", "print"


@dataclass(frozen=True)
class Source:
    """Where a document's files come from: `setting` on the connection switches it on; `printed` is ERPNext's PDF, else what people
    attached."""

    setting: str
    printed: bool


SOURCES = {
    ("Sales Invoice", "invoice"): Source("attach_invoice_pdf", True),
    ("Sales Invoice", "credit"): Source("attach_credit_note_pdf", True),
    ("Purchase Invoice", "invoice"): Source("attach_bill_files", False),
    ("Purchase Invoice", "credit"): Source("attach_debit_note_files", False),
    ("Journal Entry", "journal"): Source("attach_journal_files", False),
}
SETTINGS = tuple(source.setting for source in SOURCES.values())
# The DocTypes whose attached files are sent, also those attached later.
WITH_FILES = tuple(dict.fromkeys(doctype for (doctype, _), source in SOURCES.items() if not source.printed))
# How Frappe 16 may have read a file as text, tried in its order, and what it does not try.
ENCODINGS = ("utf-8", "utf-8-sig", "cp1250", "cp1252", "utf-16", "latin-1")
OFFICE, OPEN = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
# The content type by a file's ending. Xero refuses other endings, and application/octet-stream (github.com/XeroAPI/Xero-Java, issue 142).
TYPES = {
    "7z": "application/x-7z-compressed",
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "eml": "message/rfc822",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "key": "application/vnd.apple.keynote",
    "msg": "application/vnd.ms-outlook",
    "numbers": "application/vnd.apple.numbers",
    "odf": f"{OPEN}.formula",
    "ods": f"{OPEN}.spreadsheet",
    "odt": f"{OPEN}.text",
    "pages": "application/vnd.apple.pages",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "rar": "application/vnd.rar",
    "rtf": "application/rtf",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}


def content_type(name: str) -> str:
    """The content type that a file's ending stands for; "" for one that Xero does not take."""
    return TYPES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""


def name_in_xero(document: str, file_name: str = "", file_id: str = "") -> str:
    """What a file is called in Xero: the document, the file's own name, a piece of its id (two files of one name stay two); or the
    document alone for its print.

    Plain letters, digits, points, dashes and underscores only: Xero forbids < > : " / \\ | ? * + (its developer documentation,
    Attachments) and, as some report, spaces; what it makes of other alphabets in an address is unknown.
    """
    stem, _, ending = file_name.rpartition(".") if file_id else ("", "", "pdf")
    tail = f"-{_plain(file_id[:6])}" if file_id else ""
    whole = "-".join(part for part in (_plain(document), _plain(stem)) if part)
    return f"{whole[: LONGEST_NAME - len(tail) - len(ending) - 1]}{tail}.{_plain(ending).lower()}"


def _plain(text: str) -> str:
    """`text` in plain letters, accents dropped."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._]+", "-", letters).strip("-.")


def misfit(document: str, file_name: str, size: int, sent: int) -> Problem | None:
    """Why Xero would not take a file of `size` bytes after `sent` others of the same document; None where it would."""
    named = {"file": file_name, "document": document}
    if not content_type(file_name):
        ending = file_name.rpartition(".")[2] if "." in file_name else _("nothing")
        return Problem(
            "file-type",
            _("The file {file} of {document} ends in {ending}, which Xero does not take").format(**named, ending=ending),
            _("Attach it as a PDF, or add it in Xero by hand if it is needed there"),
        )
    if size > MOST_BYTES:
        return Problem(
            "file-too-large",
            _("The file {file} of {document} has {size} MB, Xero takes 10 MB").format(**named, size=f"{size / 1_000_000:.1f}"),
            _("Attach a smaller one, or add it in Xero by hand if it is needed there"),
        )
    if sent >= MOST_FILES:
        return Problem(
            "file-too-many",
            _("The file {file} of {document} is one too many: Xero takes {most} files for one document").format(**named, most=MOST_FILES),
            _("Join some, or add it in Xero by hand if it is needed there"),
        )
    return None


def as_bytes(text: str, content_hash: str) -> bytes | None:
    """The bytes of a file that Frappe gives as text: the encoding whose bytes have the MD5 that Frappe keeps as `content_hash`. None where
    no encoding does."""
    for encoding in ENCODINGS:
        try:
            written = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if hashlib.md5(written, usedforsecurity=False).hexdigest() == content_hash:
            return written
    return None


def altered(document: str, described: dict[str, Any], shown: dict[str, Any]) -> Problem | None:
    """Where Xero has another number of bytes under the file's name than were sent; None where it has them, or does not say how many."""
    length = shown.get("ContentLength")
    if length is None or int(length) == described["Bytes"]:
        return None
    return Problem(
        "file-altered",
        _("Xero shows {shown} bytes of the file {file} of {document}; {sent} were sent").format(
            shown=int(length), file=described["FileName"], document=document, sent=described["Bytes"]
        ),
        _("Open the file in Xero; if it is not right, press Retry, which sends it again in its place"),
    )
