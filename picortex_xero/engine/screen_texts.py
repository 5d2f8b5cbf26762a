"""Text from outside the app, so that no screen takes it for HTML: one rule for messages, one for stored texts.

**Messages** (`frappe.throw`, `msgprint`; the Desk shows them as HTML): every value goes through `html`.

**Stored for people to read** (reasons, resolutions, names and numbers as Xero shows them): `stored`, wherever the app writes rows past
`Document.save` and so past Frappe's sanitising. The Desk shows texts unescaped in forms, lists, reports and prints, so a character that
could open a tag is stored as its HTML entity, as Frappe's sanitising does. Nothing else changes: "Smith & Sons" stays as it is. Where a
screen escapes by itself, `shown` (and public/js/xero_texts.js) turns the entity back first.

**Stored exactly** (bytes that were sent, Xero's lists): in Code fields, which the Desk shows as text.
"""

from __future__ import annotations

import re
from typing import Any

from frappe import _
from frappe.utils import escape_html, fmt_money, formatdate

from ..accounting.texts import DAY, Form, form_of, load, render

# Where Frappe or ERPNext have the same words in another translation, ours is kept under this context, and theirs stays theirs.
CONTEXT = "Xero"
OPENS_A_TAG = re.compile(r"<[A-Za-z/!?]")


def html(value: Any) -> str:
    """A value inside a message that the Desk shows as HTML."""
    return str(escape_html(str(value)))


def stored(text: str | None) -> str:
    """A text for a column that people read: no screen takes it for HTML."""
    return (text or "").replace("<", "&lt;")


def shown(text: str | None) -> str:
    """What `stored` stored, turned back, for code that escapes by itself."""
    return (text or "").replace("&lt;", "<")


def said(english: str | None, parts: str | None, name: str, lang: str | None = None) -> str:
    """A stored text in the reader's language (or in `lang`), for code that escapes by itself. It is made from `parts` under `name`; without
    parts it is the English text."""
    form = load(parts).get(name) if english else None
    return shown(english) if form is None else _in(form, lang)


def for_the_reader(doc: Any, parts: str, *fields: str) -> None:
    """Put the stored texts of a document that is opened into the reader's language; `parts` names the field that holds what they are made
    of."""
    for field in fields:
        doc.set(field, stored(said(doc.get(field), doc.get(parts), field)))


def in_words(text: str, lang: str | None = None) -> str:
    """A text in the reader's language, or in `lang`."""
    return _in(form_of(text), lang)


def _in(form: Form, lang: str | None) -> str:
    return render(form, lambda template: str(_(template, lang, CONTEXT)), _shape)


def _shape(kind: str, value: str) -> str:
    """A date or a figure as this site writes it; one that it cannot read stays as it is stored."""
    try:
        return str(formatdate(value) if kind == DAY else fmt_money(value, precision=len(value.partition(".")[2])))
    except ValueError:
        return value


def cannot_be_kept(text: str | None) -> str:
    """Why a choice that must be stored exactly as Xero spells it cannot be stored, or ""."""
    if not OPENS_A_TAG.search(text or ""):
        return ""
    return str(_("{0} looks like HTML, which cannot be kept here as it is: give it another name in Xero, then refresh")).format(html(text))
