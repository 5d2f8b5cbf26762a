"""What the buttons Export Configuration, Compare With File and Import Configuration of the Xero Connection call. Whoever may change a connection does that
(connection/who_may.py): a file holds what is in the books, and putting it back decides what is sent."""

from __future__ import annotations

import base64
import binascii
import tempfile
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from ..configuration import export as exporting
from ..configuration import importing, parts
from ..connection import history
from ..engine.screen_texts import html
from .arguments import asks, count, identifier, name, one

CONNECTION = "Xero Connection"
# Bytes that are handed over at once.
AT_ONCE = 1 << 16


# Who may


def _may_change(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")


def _may_export(connection: str, **_arguments: Any) -> None:
    one(CONNECTION, connection, "write")
    one(CONNECTION, connection, "export")


# Kinds of arguments


def _yes_or_no(label: str, value: Any) -> bool:
    """0 or 1."""
    if value not in (0, 1, "0", "1", True, False):
        frappe.throw(_("{0} must be 0 or 1").format(html(label)))
    return bool(int(value))


def _part(label: str, value: Any) -> str:
    """A part of a file, in base64."""
    if not isinstance(value, str) or len(value) > parts.LONGEST:
        frappe.throw(_("This file is too large"))
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        frappe.throw(_("{0} must be a file").format(html(label)))
    return str(value)


# What


@frappe.whitelist(methods=["POST"])
@asks(_may_export, connection=name, ties=_yes_or_no)
def export(connection: str, ties: bool = False) -> Response:
    """The configuration as a file to download; `ties`: with what ties documents to their records, and this site's id."""
    written = tempfile.TemporaryFile()  # noqa: SIM115 - handed over with the answer, which closes it
    for line in exporting.lines(connection, ties):
        written.write(line)
    written.seek(0)
    history.exported(connection, ties)
    headers = {"Content-Disposition": 'attachment; filename="xero-configuration.json"'}
    return Response(FileWrapper(written, AT_ONCE), mimetype="application/json", headers=headers, direct_passthrough=True)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, upload=identifier, place=count, content=_part)
def upload(connection: str, upload: str, place: int, content: str) -> None:
    """Take one part of a file, numbered from 0 on."""
    parts.keep(connection, upload, place, content)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, upload=identifier)
def compare(connection: str, upload: str) -> dict[str, Any]:
    """What differs between a file that was uploaded and here; nothing is changed."""
    return importing.compared(connection, upload)


@frappe.whitelist(methods=["POST"])
@asks(_may_change, connection=name, upload=identifier, ties=_yes_or_no, other_site_is_gone=_yes_or_no)
def import_file(connection: str, upload: str, ties: bool = False, other_site_is_gone: bool = False) -> dict[str, Any]:
    """Take over a file that was uploaded; `ties`: what ties documents to their records, too. How it stands is returned; a long file goes on in a job."""
    return importing.start(connection, upload, ties, other_site_is_gone)


@frappe.whitelist(methods=["GET", "POST"])
@asks(_may_change, connection=name)
def outcome(connection: str) -> dict[str, Any]:
    """How the last import stands."""
    return importing.outcome(connection)
