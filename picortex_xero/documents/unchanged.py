"""Has a document changed since it was sent? A renaming of what it names (an account, a template, an invoice) is no change.

Frappe writes a new name into submitted documents by SQL (`frappe.model.rename_doc`), so that their hash (fingerprint.py) changes. Renamings
are kept in Xero Former Name; the hashes under the former names are tried before a document counts as changed. A link with a hash of a
former formula is compared by that formula; it gets today's, unless that covers what was not sent then (fingerprint_2.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import fingerprint_1, fingerprint_2
from .decisions import Seen
from .fingerprint import VERSION, Fingerprint, before_renamings
from .identity import INVOICE_DOCTYPES, moment
from .needs import NOTHING, Fact, Facts, Needs
from .step import Link

Doc = dict[str, Any]


@dataclass(frozen=True)
class Renaming:
    """A document that others name was renamed at this moment, or merged into another one."""

    at: str
    doctype: str
    former_name: str
    present_name: str


# The key of the one list of all renamings of the site, newest first, so that what was renamed twice can be followed back.
EVERY = ""
RENAMINGS: Fact[str, list[Renaming]] = Fact("renamings")


def needs_of_renamings(doc: Doc, links: Iterable[Link], fingerprint: Fingerprint) -> Needs:
    """The renamings are needed only where the document's hash differs from that of what was sent."""
    differs = any(link.fingerprint != _formula(link, fingerprint)(doc) for link in links)
    return RENAMINGS.of([EVERY]) if differs else NOTHING


def still_says(doc: Doc, links: Iterable[Link], facts: Facts, fingerprint: Fingerprint) -> tuple[Seen, ...] | None:
    """None where the document differs from what one of these links was sent with. Else it is unchanged, and the effects bring links with an
    older hash (from before a renaming, or of a former formula) to today's."""
    links = list(links)
    for link in links:
        formula = _formula(link, fingerprint)
        if link.fingerprint == formula(doc):
            continue
        # What was renamed before that explains nothing: the document was read under the new name then.
        since = moment(link.fingerprint_at)
        later = [(each.doctype, each.former_name, each.present_name) for each in facts.get(RENAMINGS, EVERY) if each.at > since]
        if link.fingerprint not in map(formula, before_renamings(doc, later, fingerprint.names)):
            return None
    agreeing = [(link, agrees_with(doc, link, fingerprint)) for link in links]
    return tuple(
        seen for link, seen in agreeing if (link.fingerprint, link.fingerprint_version) != (seen.fingerprint, seen.version or VERSION)
    )


def agrees_with(doc: Doc, link: Link, fingerprint: Fingerprint) -> Seen:
    """The effect that a link's record agrees with the document as it is now, by the newest formula that covers no more than was sent."""
    if link.fingerprint_version < VERSION and doc["doctype"] in INVOICE_DOCTYPES:
        return Seen(link.name, fingerprint=fingerprint_2.of_invoice(doc), version=fingerprint_2.VERSION)
    return Seen(link.name, fingerprint=fingerprint(doc))


def _formula(link: Link, fingerprint: Fingerprint) -> Callable[[Doc], str]:
    """What made a link's fingerprint."""
    if link.fingerprint_version < fingerprint_2.VERSION:
        return fingerprint_1.content
    return partial(_of_version_2, fingerprint) if link.fingerprint_version == fingerprint_2.VERSION else fingerprint


def _of_version_2(fingerprint: Fingerprint, doc: Doc) -> str:
    """Only the formula of invoices has changed since."""
    return fingerprint_2.of_invoice(doc) if doc["doctype"] in INVOICE_DOCTYPES else fingerprint(doc)
