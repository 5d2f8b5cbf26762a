"""A file on its way in: sent by the browser in parts, each a row (Xero Configuration Part), and put together line by line when it is read. Whoever sent
them reads them; they go when the file was imported, or after a day."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from ..engine.standard_columns import standard
from . import file

DOCTYPE = "Xero Configuration Part"
# Bytes of a part in base64, and how many there may be: about 300 MB.
LONGEST, MOST = 1_400_000, 300
KEPT = timedelta(days=1)


def keep(connection: str, upload: str, place: int, content: str) -> None:
    """Keep one part, numbered from 0 on, the first one first; sent again, it replaces the former. `content` in base64. Part of the caller's transaction."""
    if place >= MOST:
        frappe.throw(_("This file is too large"))
    mine = {"connection": connection, "upload": upload, "owner": frappe.session.user}
    if place == 0:
        frappe.db.delete(DOCTYPE, {"creation": ("<", now_datetime() - KEPT)})
        frappe.db.delete(DOCTYPE, mine)
    frappe.db.delete(DOCTYPE, {**mine, "place": place})
    row = {
        "name": frappe.generate_hash(length=14),
        **standard(frappe.session.user),
        "connection": connection,
        "company": frappe.db.get_value("Xero Connection", connection, "company"),
        "upload": upload,
        "place": place,
        "content": content,
    }
    frappe.db.bulk_insert(DOCTYPE, list(row), [tuple(row.values())])


def count(connection: str, upload: str) -> int:
    """How many parts there are of a file that this user has sent."""
    return int(frappe.db.count(DOCTYPE, {"connection": connection, "upload": upload, "owner": frappe.session.user}))


def lines(connection: str, upload: str) -> Iterator[bytes]:
    """The lines of the file. Throws where a part is missing."""
    mine = {"connection": connection, "upload": upload, "owner": frappe.session.user}
    names = {row["place"]: row["name"] for row in frappe.get_all(DOCTYPE, filters=mine, fields=["name", "place"])}
    if not names or sorted(names) != list(range(len(names))):
        frappe.throw(_("The file did not arrive whole: choose it again"))
    rest = b""
    for place in range(len(names)):
        rest += base64.b64decode(frappe.db.get_value(DOCTYPE, names[place], "content") or "")
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield line + b"\n"
        if len(rest) > file.LONGEST_LINE:
            frappe.throw(
                _("This is no configuration file of this app, or it was edited. Export Configuration makes one. Nothing was changed")
            )
    if rest:
        yield rest


def drop(connection: str, upload: str) -> None:
    """The file is not needed any more. Part of the caller's transaction."""
    frappe.db.delete(DOCTYPE, {"connection": connection, "upload": upload, "owner": frappe.session.user})
