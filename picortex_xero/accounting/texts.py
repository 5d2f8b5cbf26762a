"""Texts for people: a template with values, which Frappe translates where it is shown.

`_("Waits until {name} is in Xero").format(name=who.name)` is a str, the English sentence, that still knows its template and its values. It
is stored with these (`Text.form`); whoever shows it has Frappe translate the template and puts the values in (`render`). `_` is named and
used like Frappe's own, so that both of Frappe's extractors (the pattern of `bench get-untranslated`, Babel behind `bench
generate-pot-file`) find the templates: a template is one literal on one line, placeholders have names, and values follow with `.format`. A
keyword argument inside the parentheses of `_` would make Babel miss the template.

Xero's words, names and figures are values. The app's own words inside a sentence are Texts themselves and are translated with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)\}")
ISO, FIGURE = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"-?\d+(\.\d+)?")
# As JSON: a plain string | [template, {name: form}] | [separator, [form, ...]] | {"day": "yyyy-mm-dd"} | {"amount": "1234.50"}
Form = Any
DAY, AMOUNT = "day", "amount"


class Text(str):
    """An English sentence that knows its template and its values."""

    form: Form

    def __new__(cls, english: str, form: Form = None) -> Text:
        text = super().__new__(cls, english)
        text.form = str(english) if form is None else form
        return text

    def __getnewargs__(self) -> tuple[str, Form]:  # type: ignore[override]
        return str(self), self.form

    @property
    def template(self) -> str:
        """What is translated; "" where nothing is, or where several texts are joined."""
        return str(self.form[0]) if _is_template(self.form) else ""

    @property
    def values(self) -> dict[str, Form]:
        """The values of the placeholders."""
        return dict(self.form[1]) if _is_template(self.form) else {}

    def format(self, *args: object, **values: object) -> Text:
        """This template with its values in it. Every placeholder needs a value, and every value a placeholder."""
        template = self.template
        if args or not template or placeholders(template) != values.keys():
            raise ValueError(f"{str(self)!r} does not take these values: {[*args, *values]}")
        forms = {name: form_of(value) for name, value in values.items()}
        words = {name: form if isinstance(form, str) else render(form) for name, form in forms.items()}
        return Text(_filled(template, words), [template, forms])


def _(template: str) -> Text:
    """Marks a template for translation. Without placeholders it is the text itself."""
    return Text(template, [template, {}])


@lru_cache(4_096)
def _around_placeholders(template: str) -> tuple[str, ...]:
    """A template's words and the names of its placeholders in turn."""
    return tuple(PLACEHOLDER.split(template))


def _filled(template: str, words: Mapping[str, str]) -> str:
    return "".join([words[each] if at % 2 else each for at, each in enumerate(_around_placeholders(template))])


@lru_cache(4_096)
def placeholders(template: str) -> frozenset[str]:
    """The names of a template's placeholders."""
    return frozenset(PLACEHOLDER.findall(template))


NONE = Text("")


def plain(text: object) -> Text:
    """A Text that is not translated, such as Xero's words."""
    return text if isinstance(text, Text) else Text(str(text))


def term(word: str) -> Text:
    """A word that Frappe or ERPNext translates itself: the name of a DocType."""
    return Text(word, [word, {}])


def day(value: object) -> Text:
    """A date inside a sentence, shown in the format of the reader's site. What is no date stays as it is."""
    iso = str(value)[:10]
    return Text(iso, {DAY: iso}) if ISO.fullmatch(iso) else Text(str(value))


def amount(value: object) -> Text:
    """A figure inside a sentence, shown with the separators of the reader's site. What is no figure stays as it is."""
    text = str(value)
    if not (found := FIGURE.fullmatch(text)):
        return Text(text)
    # Two decimals at least, as amounts of money are written: 115.0 is 115.00.
    return Text(text, {AMOUNT: text + ("" if found[1] else ".00") + "0" * (3 - len(found[1] or ".00"))})


def lines(texts: Iterable[str]) -> Text:
    """Several texts, each on a line of its own."""
    return joined("\n", texts)


def joined(separator: str, texts: Iterable[str]) -> Text:
    """Several texts with a separator between them."""
    parts = list(texts)
    return plain(parts[0]) if len(parts) == 1 else Text(separator.join(parts), [separator, [form_of(part) for part in parts]])


def shortened(text: Text, longest: int) -> Text:
    """The text with at most so many characters. One that has to be cut loses what it was made of, and is shown in English."""
    return text if len(text) <= longest else Text(text[: longest - 1].rstrip() + "…")


def form_of(value: object) -> Form:
    """How a value is stored: a Text by its form, anything else as a string."""
    return value.form if isinstance(value, Text) else str(value)


def _as_stored(kind: str, value: str) -> str:
    return value


def render(form: Form, translate: Callable[[str], str] = str, shape: Callable[[str, str], str] = _as_stored) -> str:
    """A stored text in words. `translate` gives the translation of a template, or the template itself; `shape` writes a date or a figure (DAY or AMOUNT, and
    the value) as its reader does. A translation whose placeholders are
    not those of the template is not used; the English sentence is."""
    if isinstance(form, str):
        return form
    if isinstance(form, dict):
        ((kind, value),) = form.items()
        return shape(kind, value)
    if not _is_template(form):
        separator, parts = form
        return str(separator).join(render(part, translate, shape) for part in parts)
    template, values = form
    words = {name: render(value, translate, shape) for name, value in values.items()}
    translated = translate(template)
    if translated != template:
        fits = placeholders(translated) == words.keys() and not re.search(r"[{}]", PLACEHOLDER.sub("", translated))
        translated = translated if fits else template
    return _filled(translated, words)


def _is_template(form: Form) -> bool:
    return isinstance(form, list) and isinstance(form[1], dict)


def dump(**texts: str) -> str:
    """Texts as they are stored, by name; "" where none of them has anything to translate."""
    forms = {name: form_of(text) for name, text in texts.items()}
    return "" if all(isinstance(form, str) for form in forms.values()) else json.dumps(forms, ensure_ascii=False)


def load(kept: str | None) -> dict[str, Form]:
    """What `dump` stored; {} where there is nothing, or nothing that can be read (rows of a former release, or altered ones)."""
    try:
        forms = json.loads(kept or "{}")
        return {name: form for name, form in forms.items() if _is_sound(form)} if isinstance(forms, dict) else {}
    except ValueError:
        return {}


def _is_sound(form: Form) -> bool:
    if isinstance(form, str):
        return True
    if isinstance(form, dict):
        return [*form] in ([DAY], [AMOUNT]) and all(isinstance(value, str) for value in form.values())
    if not isinstance(form, list) or len(form) != 2 or not isinstance(form[0], str):
        return False
    head, rest = form
    if isinstance(rest, dict):
        return set(PLACEHOLDER.findall(head)) <= set(rest) and all(_is_sound(value) for value in rest.values())
    return isinstance(rest, list) and all(_is_sound(part) for part in rest)
