"""What a document says, as one word that is kept with every vote: where it says something else, it is asked anew. A renaming of what it names is no change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..fingerprint import NAMED, VERSION, Fingerprint, before_renamings, of_invoice, of_journal, of_payment, one_hash
from ..identity import INVOICE_DOCTYPES
from ..unchanged import Renaming
from .flow import Vote

Doc = dict[str, Any]


def content(doc: Doc) -> str:
    """The formula's version and 40 hex digits. What an earlier version of the formula made is compared with nothing: it is asked again."""
    return f"{VERSION}:{_hash(doc)}"


def _hash(doc: Doc) -> str:
    if doc["doctype"] in INVOICE_DOCTYPES:
        return of_invoice(doc)
    made = {"Payment Entry": of_payment, "Journal Entry": of_journal}.get(doc["doctype"])
    return made(doc) if made else one_hash([str(doc["doctype"]), str(doc["name"])])


# The same, for what it was sent with.
FINGERPRINT = Fingerprint(_hash, NAMED)


def says(doc: Doc, vote: Vote, renamings: Iterable[Renaming]) -> bool:
    """Whether the document still says what it said when somebody voted. `renamings`, newest first."""
    if vote.content == content(doc):
        return True
    later = [(each.doctype, each.former_name, each.present_name) for each in renamings if each.at > vote.at]
    return vote.content in map(content, before_renamings(doc, later, NAMED))
