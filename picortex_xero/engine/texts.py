"""Text from outside, so that no screen takes it for HTML: one rule for what is said, one for what is stored.

**Said** (`frappe.throw`, `msgprint`: the Desk draws them as HTML): every value goes through `html`.

**Stored for people to read** (reasons, cures, names and numbers as Xero shows them): `stored`, where the app writes rows past
`Document.save` and so past Frappe's own sanitising. The Desk draws texts unescaped in forms, lists, reports and prints, so what could
open a tag is kept as its entity, as Frappe's sanitising keeps it where it keeps it. Nothing else is touched: "Smith & Sons" stays as
it is on every screen. Where a screen escapes by itself, `shown` (and public/js/xero_texts.js) takes the entity back first.

**Kept exactly** (bytes that were sent, Xero's lists): in Code fields, which the Desk draws as text.
"""

from __future__ import annotations

import re
from typing import Any

from frappe import _
from frappe.utils import escape_html

from ..accounting.texts import Form, form_of, load, render

# Where Frappe or ERPNext have the same words in another translation, ours is kept under this context, and theirs stays theirs.
CONTEXT = "Xero"
OPENS_A_TAG = re.compile(r"<[A-Za-z/!?]")


def html(value: Any) -> str:
    """A value inside a message that the Desk draws as HTML."""
    return str(escape_html(str(value)))


def stored(text: str | None) -> str:
    """A text for a column that people read: whatever screen shows it, it is no HTML."""
    return (text or "").replace("<", "&lt;")


def shown(text: str | None) -> str:
    """What `stored` kept, for whoever escapes by himself."""
    return (text or "").replace("&lt;", "<")


def said(english: str | None, parts: str | None, name: str, lang: str | None = None) -> str:
    """A stored text in the language of whoever reads it (or in `lang`), for whoever escapes by himself: from what it was made of (`parts`, by its
    `name` there), or the English text where that is all there is."""
    form = load(parts).get(name) if english else None
    return shown(english) if form is None else _in(form, lang)


def for_the_reader(doc: Any, parts: str, *fields: str) -> None:
    """Put the stored texts of a document that is opened into the reader's language; `parts` is the field that holds what they are made of."""
    for field in fields:
        doc.set(field, stored(said(doc.get(field), doc.get(parts), field)))


def in_words(text: str, lang: str | None = None) -> str:
    """A text in the language of whoever reads it, or in `lang`."""
    return _in(form_of(text), lang)


def _in(form: Form, lang: str | None) -> str:
    return render(form, lambda template: str(_(template, lang, CONTEXT)))


def cannot_be_kept(text: str | None) -> str:
    """Why a choice that must stay exactly as Xero spells it cannot be kept, or ""."""
    if not OPENS_A_TAG.search(text or ""):
        return ""
    return str(_("{0} looks like HTML, which cannot be kept here as it is: give it another name in Xero, then refresh")).format(html(text))
