"""Texts of the host as they go to Xero: what people typed, without what only a machine sees.

The host's clean-up stores some texts with entities ("Smith &amp; Sons"): they are decoded, once. Control characters, zero-width spaces and
soft hyphens, which come along from PDF files and spreadsheets, are taken out. A text of one line has single blanks; line breaks of the
others stay. Joiners (U+200C, U+200D) stay too: Persian, Indian scripts and emoji are spelt with them.

What is done is a `Sent`, so that no text is ever decoded twice ("&amp;lt;" means "&lt;").
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, SupportsIndex

ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
ENTITY = re.compile("|".join(ENTITIES))
# C0 but tab and line breaks, C1, zero-width space, byte order mark, soft hyphen, and halves of characters, which are no text at all.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ud800-\udfff]")
# Fields of Xero's that may have several lines; all others have one.
OF_SEVERAL_LINES = ("Description", "Narration", "Details")
# Not texts of people: addresses, which hold the app's own mark, and names that Xero itself has given.
AS_THEY_ARE = ("Url", "Tracking", "Members")
TAG = re.compile(r"<(?:[a-zA-Z][^<>]*|/[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
BLOCKS = "address article blockquote br dd div dl dt figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split()
CELLS = ("td", "th")
UNSHOWN = ("script", "style", "head", "title", "template")


class Sent(str):
    """A text as it goes to Xero: decoded and cleaned. A piece of it is one, too."""

    def __getitem__(self, at: SupportsIndex | slice) -> Sent:
        return Sent(super().__getitem__(at))


def one_line(text: Any) -> Sent:
    """A text of one line: decoded, cleaned, single blanks, none at the ends."""
    return text if isinstance(text, Sent) else Sent(" ".join(_seen(text).split()))


def of_lines(text: Any) -> Sent:
    """A text that may have several lines: decoded and cleaned; line breaks and blanks inside stay."""
    if isinstance(text, Sent):
        return text
    return Sent(_seen(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip())


def from_html(text: Any) -> Sent:
    """The text of what was typed into an editor, which stores HTML: each paragraph, list item and table row on a line of its own. Text that
    holds no tag is taken as it is."""
    raw = "" if text is None else str(text)
    if isinstance(text, Sent) or not TAG.search(raw):
        return of_lines(text)
    reader = _Reader()
    reader.feed(raw)
    reader.close()
    rows = (" ".join(UNSEEN.sub("", row).split()) for row in "".join(reader.found).split("\n"))
    return Sent("\n".join(row for row in rows if row))


def element(body: Any, field: str = "") -> Any:
    """A request's element (or its marker) with all its texts as they go to Xero: the one place where that is done
    (documents/translation.py)."""
    if field in AS_THEY_ARE or field.endswith("ID"):
        return body
    if isinstance(body, dict):
        return {name: element(value, name) for name, value in body.items()}
    if isinstance(body, list):
        return [element(each, field) for each in body]
    if not isinstance(body, str):
        return body
    return of_lines(body) if field in OF_SEVERAL_LINES else one_line(body)


def _seen(text: Any) -> str:
    return UNSEEN.sub("", ENTITY.sub(lambda found: ENTITIES[found[0]], "" if text is None else str(text)))


class _Reader(HTMLParser):
    """Collects what a browser would show; it decodes entities itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unshown = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in UNSHOWN:
            self._unshown += 1
        self._boundary(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self._boundary(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSHOWN and self._unshown:
            self._unshown -= 1
        self._boundary(tag)

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self.found.append(re.sub(r"\s+", " ", data))

    def _boundary(self, tag: str) -> None:
        if tag in BLOCKS:
            self.found.append("\n")
        elif tag in CELLS:
            self.found.append(" ")
