"""A statement file of any format: found out by its content, never by its name."""

from __future__ import annotations

import re

from ..accounting.texts import _, day
from . import camt, ofx_and_mt940, spreadsheet
from .columns import Columns
from .values import Statement, Unreadable

# A year of a busy account is about 5 MB. More is not a statement.
LARGEST = 20 * 1024 * 1024
MOST_LINES = 100_000
CSV = "CSV"
# Years of another calendar (2569 in Thailand, 1447 of the Hijra) are dates as well, and mean something else.
EARLIEST, LATEST = 1990, 2100
# ERPNext keeps no more of an amount.
LARGEST_AMOUNT = 10**12
# What is no text at all, by its first bytes.
OTHER_FILES = {
    b"%PDF": _("This is a PDF. Download the statement as CSV, OFX, MT940 or CAMT.053"),
    b"PK\x03\x04": _("This is a spreadsheet or an archive. Save it as CSV, or unpack it, and choose the file in it"),
    b"\xd0\xcf\x11\xe0": _("This is an old spreadsheet (XLS). Save it as CSV"),
    b"\x1f\x8b": _("This file is compressed. Unpack it, and choose the file in it"),
}
_OFX = re.compile(rb"OFXHEADER|<OFX>|<\?OFX", re.IGNORECASE)
_MT940 = re.compile(rb"(?m)^:\r?\n?(?:20|25|61):|^\{1:F")
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE|!--|[A-Za-z_])|^(?:\xff\xfe<\x00|\xfe\xff\x00<)")


def read(content: bytes, columns: Columns | None = None) -> tuple[Statement, ...]:
    """The statements in a file, one for each account in it. `columns`: which columns of a CSV are what, where a person has said so. Raises Unreadable."""
    statements = _READERS[form](content) if (form := form_of(content)) != CSV else spreadsheet.read(content, columns)
    if sum(len(each.lines) for each in statements) > MOST_LINES:
        raise Unreadable(_("The file has more than {most} lines. Download a shorter period").format(most=MOST_LINES))
    if not statements:
        raise Unreadable(_("The file holds no statement"))
    for each in statements:
        for amount in (each.opening, each.closing, *(line.amount for line in each.lines)):
            if amount is not None and abs(amount) >= LARGEST_AMOUNT:
                raise Unreadable(_("{text} is no amount").format(text=str(amount)[:40]))
    for line in (line for each in statements for line in each.lines):
        if not EARLIEST <= line.date.year <= LATEST:
            raise Unreadable(
                _("{day} is no day of a bank's statement: the file counts its years or its days otherwise").format(day=day(line.date))
            )
    return statements


def form_of(content: bytes) -> str:
    """CSV, OFX, MT940 or CAMT, by what is in it. Raises Unreadable where it is none of them, empty or too long."""
    if len(content) > LARGEST:
        raise too_long(len(content))
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("The file is empty"))
    for start, why in OTHER_FILES.items():
        if content.startswith(start):
            raise Unreadable(why)
    head = content[:4096]
    if _OFX.search(head):
        return "OFX"
    if _XML.match(head):
        return "CAMT"
    return "MT940" if _MT940.search(head) else CSV


def too_long(size: int) -> Unreadable:
    """Why a file of so many bytes is not read."""
    return Unreadable(
        _("The file has {size} MB, and a statement may have {most}. Download a shorter period").format(
            size=size // 1024 // 1024, most=LARGEST // 1024 // 1024
        )
    )


_READERS = {"OFX": ofx_and_mt940.read_ofx, "MT940": ofx_and_mt940.read_mt940, "CAMT": camt.read}
