"""Whether what ties documents to their records may be put back from a file: into a connection that is still empty, of the same company and organisation,
and only while no other site goes on using the id that marks what was sent.

What can be known of another site: the file says on which site and database it was exported (a hash), whether the connection was disconnected there then,
and which records it knows. Xero shows what bears the id's mark since. So a file of this very site is believed; one of another site is believed where
that one was disconnected before, or a person says that it is gone, and in either case only while Xero shows nothing that it has sent since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _

from ..accounting.texts import joined
from ..connection import current, organisation, settings
from ..engine import attempts, links, outbox
from ..engine.clock import now
from ..engine.screen_texts import html, shown
from ..xero.records import xero_element
from ..xero.records.registry import BANK_TRANSACTION, INVOICE, MANUAL_JOURNAL
from .file import Row

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
# Records of these bear the mark in their Url.
MARKED = (INVOICE, MANUAL_JOURNAL, BANK_TRANSACTION)
# So long after another site has sent its last record a person may say that it is gone.
QUIET = timedelta(days=1)
NAMES_SAID = 5


@dataclass
class Told:
    """What the file says of itself: its head, its current connection, and the ids of the records that it knows."""

    about: Row = field(default_factory=dict)
    connection: Row = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @property
    def instance(self) -> str:
        """The id that marks what was sent."""
        return str(self.about.get("instance_id") or "")

    @property
    def of_this_site(self) -> bool:
        """Whether it was exported on this very site and database."""
        return bool(self.instance) and self.about.get("site") == settings.fingerprint_with(self.instance)

    def same_organisation(self, connection: str) -> bool:
        """Whether it is of the organisation to which this connection goes."""
        said = (self.about.get("organisation") or {}).get("id")
        return bool(said) and said == frappe.db.get_value(CONNECTION, connection, "tenant_id")


def why_not(connection: str, told: Told, gone: bool) -> list[str]:
    """Why the ties may not be put back, in sentences; none where they may. `gone`: a person says that the other site is not used any more. Asks Xero
    where the file is of another site; commits then."""
    here = frappe.get_doc(CONNECTION, connection)
    found = [*_of_the_file(here, told), *_of_this_connection(connection), *_of_this_site(told)]
    if found or told.of_this_site:
        return found
    if told.connection.get("state") != "Disconnected" and not gone:
        return [
            str(
                _(
                    "This file was exported on another site (or under another name, or with another database), and its connection was not disconnected there. Two sites that use one id would send everything twice. On that site press Disconnect and export again; or, where that site does not exist any more, tick that it is gone"
                )
            )
        ]
    return _sent_since(here, told)


def is_of_another_site(told: Told) -> bool:
    """Whether a person is to be asked about another site."""
    return not told.of_this_site and told.connection.get("state") != "Disconnected"


def _of_the_file(here: Any, told: Told) -> list[str]:
    if not told.about.get("ties") or not told.instance:
        return [
            str(_("This file holds settings and mappings only; what ties documents to their records was left out when it was exported"))
        ]
    theirs = told.about.get("organisation") or {}
    if theirs.get("id") != here.tenant_id:
        said = _(
            "The file is about the organisation {0} in Xero, this connection about {1}: what ties documents to records is of no use here"
        )
        return [str(said).format(theirs.get("name") or "", shown(here.organisation_name))]
    company = str((told.about.get("company") or {}).get("name") or "")
    if company != here.company:
        return [str(_("The file is about the company {0}, this connection about {1}")).format(company, here.company)]
    return []


def _of_this_connection(connection: str) -> list[str]:
    """It must not have begun yet, nor watch: what is noted then would stand beside what the file puts back."""
    if current.watches_only(connection):
        return [str(_("This connection only watches: press Stop Watching first, then import the file"))]
    begun = frappe.db.get_value(CONNECTION, connection, "go_live_date")
    linked = frappe.db.count(links.DOCTYPE, {"connection": connection})
    if not begun and not linked and not frappe.db.count(outbox.DOCTYPE, {"connection": connection}):
        return []
    return [
        str(
            _(
                "This connection has begun already: it has gone live, or contacts or documents are linked here ({0}). What ties documents to records is put back right after connecting, before anything else"
            )
        ).format(linked)
    ]


def _of_this_site(told: Told) -> list[str]:
    """A site has one id, and what it has sent bears it."""
    if not told.instance or told.instance == settings.instance_id():
        return []
    if not frappe.db.count(links.DOCTYPE, {}) and not frappe.db.count(attempts.DOCTYPE, {"sends": (">", 0)}):
        return []
    return [
        str(
            _(
                "This site has sent documents under an id of its own, which another company's connection goes on using; the id of the file cannot take its place. Put the file back on a site on which nothing was sent yet"
            )
        )
    ]


def _sent_since(here: Any, told: Told) -> list[str]:
    """What another site has sent since the export: lately, so that it is alive."""
    exported = datetime.fromisoformat(str(told.about["exported_at"]))
    since = max(exported, now() - QUIET) if told.connection.get("state") != "Disconnected" else exported
    names = []
    for each in MARKED:
        answer = organisation.answered(
            here.authorisation, here.tenant_id, f"{each.endpoint}?page=1&pageSize=1000", since.strftime("%Y-%m-%dT%H:%M:%S")
        )
        listed = answer.data.get(each.endpoint) if answer.status == 200 and isinstance(answer.data, dict) else None
        if not isinstance(listed, list):
            frappe.throw(_("Xero did not answer ({0}); try again in a minute").format(html(answer.status or answer.text)))
        for element in listed or []:
            marked = isinstance(element, dict) and xero_element.mark(element.get("Url")).startswith(f"{told.instance}-")
            if marked and xero_element.linked_id(element, each.id_field).casefold() not in told.known:
                names.append(
                    next((str(element[name]) for name in (*xero_element.NUMBERS, "Reference", "Narration") if element.get(name)), each.noun)
                )
    if not names:
        return []
    said = _(
        "Another site goes on using this id: since the file was exported, Xero got {0} records with its mark that the file does not know ({1}). On that site press Disconnect, export again, and import that file here. If that site is gone, wait until it has sent nothing for a day"
    )
    return [str(said).format(len(names), joined(", ", names[:NAMES_SAID]))]
