"""What has to be right before a company goes live, each with one sentence and what to do: green, amber (it works, and somebody should know) or red
(going live is refused).

What documents would wait for is found by deciding those of lately (engine/outlook), so that the list names what this company really uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting import causes
from ..accounting.texts import NONE, Text, _
from ..attention.notifications import admins
from ..engine.outlook import Missing, Outlook, outlook
from ..engine.screen_texts import in_words
from . import tax_sign_off, xero_lists

GREEN, AMBER, RED = "green", "amber", "red"
# So far back, and so many documents of each DocType, are looked at.
DAYS, MOST = 90, 50
CONNECTION = "Xero Connection"
NEEDED = {"rounding_account": _("Rounding Account"), "no_tax_type": _("Tax Type for Lines Without Tax")}
KINDS = {
    "accounts": (causes.ACCOUNT, causes.XERO_ACCOUNT, causes.SETTING),
    "taxes": (causes.TAX, causes.XERO_TAX),
    "payments": (causes.PAYMENT_ACCOUNT, causes.DEDUCTION),
    "tracking": (causes.TRACKING,),
}
AGREED = {
    "accounts": _("Every account that documents use has its account in Xero"),
    "taxes": _("Every tax that documents use has its tax type in Xero"),
    "payments": _("Every account that payments use has its account in Xero"),
    "tracking": _("Every cost centre that documents use has its tracking option, or needs none"),
}


@dataclass(frozen=True)
class Item:
    """One line of the list. `waiting`: how many of the documents that were looked at wait for it."""

    key: str
    state: str
    message: Text
    cure: Text = NONE
    waiting: int = 0


def checklist(connection: str) -> list[Item]:
    """The whole list, in the order in which a person works through it. Reads ERPNext only."""
    doc = frappe.get_doc(CONNECTION, connection)
    connected = bool(doc.authorisation and doc.tenant_id)
    items = [_connected(doc, connected)]
    if not connected or not xero_lists.read_at(connection):
        return [*items, _lists(False)]
    found = outlook(connection, str((now_datetime() - timedelta(days=DAYS)).date()), MOST)
    return [*items, _lists(True), *_needed(doc), *_mapped(found), _signed_off(connection), *_seen_by(doc.company)]


def shown(connection: str) -> list[dict[str, Any]]:
    """The list in the reader's language: `key`, `state`, `message`, `cure`, `waiting`."""
    return [
        {"key": each.key, "state": each.state, "message": in_words(each.message), "cure": in_words(each.cure), "waiting": each.waiting}
        for each in checklist(connection)
    ]


def _connected(doc: Any, connected: bool) -> Item:
    if not connected:
        return Item("organisation", RED, _("The company is not connected to an organisation"), _("Press Connect to Xero in Xero Settings"))
    return Item(
        "organisation",
        GREEN,
        _("{company} is connected to {organisation}").format(company=doc.company, organisation=doc.organisation_name or ""),
    )


def _lists(read: bool) -> Item:
    if not read:
        return Item("lists", RED, _("The organisation's accounts and taxes were not read yet"), _("Press Refresh From Xero"))
    return Item("lists", GREEN, _("The organisation's accounts and taxes were read"))


def _needed(doc: Any) -> Iterator[Item]:
    for field, label in NEEDED.items():
        if not doc.get(field):
            yield Item(field, RED, _("{label} is not chosen").format(label=label), _("Choose it on the Xero Connection"))


def _mapped(found: Outlook) -> Iterator[Item]:
    """For each kind of choice what documents of lately would wait for. Red where all of them would wait."""
    if not found.documents:
        yield Item(
            "documents",
            AMBER,
            _("There are no documents of the last {days} days to check the mapping with").format(days=DAYS),
            _("Submit one of each kind in a test company, or watch the first ones after going live"),
        )
        return
    none_goes = found.waiting == found.documents
    for key, kinds in KINDS.items():
        missing = [each for each in found.missing if each.kind in kinds]
        if not missing:
            yield Item(key, GREEN, AGREED[key])
        for each in missing:
            yield _missing(key, each, RED if none_goes else AMBER, found.documents)
    if found.unclear:
        yield Item(
            "unclear",
            AMBER,
            _("{count} documents could not be judged").format(count=found.unclear),
            _("Tell your administrator: the Error Log has the details"),
            found.unclear,
        )


def _missing(key: str, missing: Missing, state: str, documents: int) -> Item:
    message = _("{message}: {count} of the {documents} newest documents would wait for it").format(
        message=missing.message, count=missing.documents, documents=documents
    )
    return Item(key, state, message, missing.cure, missing.documents)


def _signed_off(connection: str) -> Item:
    """The tax return is the accountant's: without his word nothing goes live."""
    signed = tax_sign_off.of(connection)
    if signed.state == tax_sign_off.CHECKED:
        return Item("sign-off", GREEN, _("The taxes were checked by {user}").format(user=signed.by))
    cure = _(
        "Open Mapping on the Xero Connection: a Xero Accountant or Xero Admin looks through Taxes and presses: I have checked these taxes"
    )
    if signed.state == tax_sign_off.CHANGED:
        return Item("sign-off", RED, _("The tax mapping was changed since {user} checked it").format(user=signed.by), cure)
    return Item("sign-off", RED, _("Nobody has checked the tax mapping yet"), cure)


def _seen_by(company: str) -> Iterator[Item]:
    if not admins(company):
        yield Item(
            "people",
            AMBER,
            _("Nobody has the role Xero Admin, so that nobody is told what needs a person"),
            _("Give the role Xero Admin to somebody who may see {company}").format(company=company),
        )
