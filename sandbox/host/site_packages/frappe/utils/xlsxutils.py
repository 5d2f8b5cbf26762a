"""Spreadsheets as Frappe 15 writes and reads them with openpyxl, as far as the app uses them: one sheet of texts and whole numbers.

A text that begins with "=" is a formula there, and comes back empty, since nothing has worked it out (observed with openpyxl 3.1).
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ILLEGAL_CHARACTERS_RE = re.compile(r"[\000-\010]|[\013-\014]|[\016-\037]")
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def make_xlsx(data: list[list[Any]], sheet_name: str) -> BytesIO:
    """A workbook with one sheet. Only for the sheet names at which Frappe leaves HTML in texts as it is; NotImplementedError else."""
    if sheet_name not in ("Data Import Template", "Data Export"):
        raise NotImplementedError("Frappe takes HTML out of the texts of a sheet of this name; the stand-in does not")
    rows = "".join(
        f"<row>{''.join(_cell(ILLEGAL_CHARACTERS_RE.sub('', c) if isinstance(c, str) else c) for c in row)}</row>" for row in data
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in _PARTS.items():
            packed.writestr(name, part)
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{SPACE[1:-1]}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<sheets><sheet name="{escape(sheet_name)}" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr(_SHEET, f'<worksheet xmlns="{SPACE[1:-1]}"><sheetData>{rows}</sheetData></worksheet>')
    return made


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    if str(value).startswith("="):
        return f"<c><f>{escape(str(value)[1:])}</f></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def read_xlsx_file_from_attached_file(fcontent: bytes) -> list[list[Any]]:
    """The rows of the first sheet; an empty cell is None. KeyError or a parse error for what is no workbook of this module."""
    with zipfile.ZipFile(BytesIO(fcontent)) as packed:
        sheet = ElementTree.fromstring(packed.read(_SHEET))
    return [[_value(cell) for cell in row.iter(f"{SPACE}c")] for row in sheet.iter(f"{SPACE}row")]


def _value(cell: Any) -> Any:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    number = cell.findtext(f"{SPACE}v")
    return None if number is None else float(number) if "." in number else int(number)
