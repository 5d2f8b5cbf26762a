"""The block of field types in each controller, made from the DocType's JSON as Frappe 15 makes it (frappe/types/exporter.py).

A bench in developer mode writes it whenever a DocType is saved there; DocTypes that are edited here get theirs by
`python -m tests.architecture.type_blocks`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.architecture.source import APP

BEGIN, END = "# begin: auto-generated types", "# end: auto-generated types"
# Fieldtypes that have a type in frappe/types/DF.py of 15 and 16; the others hold no value.
TYPED = set(
    "Data Text Autocomplete Attach AttachImage Barcode Check Code Color Currency Date Datetime Duration DynamicLink Float HTMLEditor Int JSON "
    "Link LongText MarkdownEditor Password Percent Phone ReadOnly Rating Select SmallText TextEditor Time".split()
)
NEVER_EMPTY = {"Check", "Currency", "Float", "Int", "Percent", "Rating", "Select"}


def block(doc: dict[str, Any]) -> str:
    """The block as it stands in the class of this DocType."""
    lines, imports = [], ["        from frappe.types import DF"]
    if doc.get("istable"):
        lines = [f"        {name}: DF.Data" for name in ("parent", "parentfield", "parenttype")]
    for field in doc["fields"]:
        kind = field["fieldtype"].replace(" ", "")
        if kind in ("Table", "TableMultiSelect"):
            folder, row = field["options"].lower().replace(" ", "_"), field["options"].replace(" ", "")
            imports.append(f"        from picortex_xero.picortex_xero.doctype.{folder}.{folder} import {row}")
            lines.append(f"        {field['fieldname']}: DF.{kind}[{row}]")
            continue
        if kind not in TYPED:
            continue
        said = f"DF.{kind}"
        if kind == "Select":
            options = [option.strip() for option in field["options"].split("\n")] if field.get("options") else [None]
            said = "DF.Literal" + (json.dumps(options) if options != [None] else "[None]")
        nullable = field["fieldtype"] not in NEVER_EMPTY and not field.get("reqd")
        lines.append(f"        {field['fieldname']}: {said}{' | None' if nullable else ''}")
    return "\n".join(
        [
            f"    {BEGIN}",
            "    # This code is auto-generated. Do not modify anything in this block.",
            "",
            "    from typing import TYPE_CHECKING",
            "",
            "    if TYPE_CHECKING:",
            "\n\n".join([imports[0], "\n".join(sorted(imports[1:]))] if imports[1:] else imports),
            "",
            *sorted(lines),
            f"    {END}",
        ]
    )


def stale(app: Path) -> list[str]:
    """Every controller has the block of its JSON, once."""
    found = []
    for path, doc in _doctypes(app):
        text = path.with_suffix(".py").read_text("utf-8")
        if text.count(block(doc)) != 1 or text.count(BEGIN) != 1:
            found.append(f"{path.with_suffix('.py').name}: its types are not those of the JSON: python -m tests.architecture.type_blocks")
    return found


def write(app: Path) -> None:
    """Put the blocks right; a new one goes below the class's docstring."""
    for path, doc in _doctypes(app):
        controller = path.with_suffix(".py")
        text = controller.read_text("utf-8")
        if BEGIN in text:
            text = re.sub(rf"    {BEGIN}.*?{END}", lambda _: block(doc), text, flags=re.S)  # noqa: B023
        else:
            head = re.compile(rf'class {doc["name"].replace(" ", "")}\(.*?\n    """.*?"""\n', re.S)
            text = head.sub(lambda found: f"{found[0]}\n{block(doc)}\n", text, count=1)  # noqa: B023
        controller.write_text(text, "utf-8")


def _doctypes(app: Path) -> list[tuple[Path, dict[str, Any]]]:
    return [(path, json.loads(path.read_text("utf-8"))) for path in sorted(app.glob("*/doctype/*/*.json"))]


if __name__ == "__main__":
    write(APP)
