"""`frappe.get_print`: a page that names the document. What a print format makes of it only a host can show."""

from __future__ import annotations

import secrets
from html import escape
from typing import Any

from frappe._context import local
from frappe.model.document import get_doc


def get_print(
    doctype: str | None = None,
    name: str | None = None,
    print_format: str | None = None,
    as_pdf: bool = False,
    pdf_generator: str | None = None,
) -> Any:
    """HTML, or with `as_pdf` the bytes of a PDF, which name the print format and the generator; no two of those are alike, as wkhtmltopdf
    stamps each with its time. As in Frappe, the generator of the first print stays for all of the request or job that follow."""
    generator = local.form_dict.setdefault("pdf_generator", pdf_generator or "wkhtmltopdf")
    document = get_doc(doctype, name)
    language = local.flags.print_language or "en"
    how = f"{print_format or 'Standard'} by {generator}"
    html = (
        f"<html lang='{escape(language)}'><!-- {escape(how)} --><h1>{escape(str(doctype))}</h1><p>{escape(str(document.name))}</p></html>"
    )
    if not as_pdf:
        return html
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + f"{html}\n% {secrets.token_hex(8)}\n%%EOF\n".encode()
