"""What has to be right before a company goes live, each with one sentence and what to do: green, amber (it works, and somebody should know) or red
(going live is refused).

What documents would wait for is found by deciding those of lately (engine/outlook), so that the list names what this company really uses. What older
ones of the last year use is what the mapping page shows (mapping_screen/in_use): nothing is green here of which that page asks for a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import frappe
from frappe.utils import now_datetime

from ..accounting import causes
from ..accounting.texts import NONE, Text, _, plain
from ..attention import tested
from ..attention.people import admins
from ..engine import contact_reading
from ..engine.outlook import Missing, Outlook, outlook
from ..engine.screen_texts import in_words
from ..engine.screen_texts import shown as as_text
from ..mapping_screen import in_use, kinds
from ..mapping_screen.in_use import InUse
from ..xero import scopes
from . import permissions, rights, tax_sign_off, tokens, xero_lists

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
# The tabs of the mapping page on which the choices of an item are made, and their titles there.
TABS: dict[str, dict[str, Text]] = {
    "accounts": {kinds.ACCOUNTS: _("Accounts")},
    "taxes": {kinds.TAXES: _("Taxes")},
    "payments": {kinds.BANKS: _("Bank and payment accounts"), kinds.FEES: _("Fees, discounts and write-offs")},
    "tracking": {kinds.TRACKING: _("Tracking")},
}
# Kinds that every document of theirs needs: where nothing of them is mapped none goes. What is taken off a payment few payments have.
OF_EACH = (kinds.ACCOUNTS, kinds.TAXES, kinds.BANKS, kinds.TRACKING)
AGREED = {
    "accounts": _("Every account that documents of the last 12 months use has its account in Xero"),
    "taxes": _("Every tax that documents of the last 12 months use has its tax type in Xero"),
    "payments": _("Every account that payments of the last 12 months use has its account in Xero"),
    "tracking": _("Every cost centre that documents of the last 12 months use has its tracking option, or needs none"),
}
COUNTING = _("What documents of the last 12 months use is being counted")
# So many are named.
NAMED = 5
NO_PAYMENTS = _("No payment of the last 12 months to check this with: map the accounts that payments are going to use")
SIGN_OFF = "sign-off"
# Which step of the set-up (setup_steps) an item belongs to, where its key is not the step's own name.
STEP_OF = {
    "sign_in": "connect",
    "permissions": "connect",
    "lists": "organisation",
    "role": "organisation",
    "reports": "organisation",
    "before_lock": "organisation",
    "rounding_account": "accounts",
    "no_tax_type": "taxes",
    SIGN_OFF: "taxes",
    "tracking": "accounts",
    "documents": "preview",
    "unclear": "preview",
    "previewed": "preview",
    "tests": "test",
    "questions": "test",
    "people": "live",
}


@dataclass(frozen=True)
class Item:
    """One line of the list. `waiting`: how many of the documents that were looked at wait for it."""

    key: str
    state: str
    message: Text
    cure: Text = NONE
    waiting: int = 0

    @property
    def step(self) -> str:
        """The step of the set-up at which it is shown."""
        return STEP_OF.get(self.key, self.key)


class Scene:
    """One connection as the providers of items see it: its row (`doc`), what documents of lately would wait for (`outlook`), and what the mapping page
    shows of the last year (`in_use`, None while it is being counted); each worked out once."""

    def __init__(self, doc: Any) -> None:
        self.doc = doc

    @cached_property
    def outlook(self) -> Outlook:
        """Reads ERPNext only."""
        return outlook(self.doc.name, str((now_datetime() - timedelta(days=DAYS)).date()), MOST)

    @cached_property
    def in_use(self) -> dict[str, InUse] | None:
        """By kind of mapping; reads ERPNext only, and counts nothing that takes long."""
        return in_use.of(self.doc.name)


def checklist(connection: str) -> list[Item]:
    """The whole list, in the order in which a person works through it. Asks Xero nothing."""
    doc = frappe.get_doc(CONNECTION, connection)
    items = list(_connected(doc))
    if not (doc.authorisation and doc.tenant_id) or not xero_lists.read_at(connection):
        return [*items, _lists(False)]
    scene = Scene(doc)
    return [*items, _lists(True), *(item for provider in PROVIDERS for item in provider(scene))]


def shown(connection: str) -> list[dict[str, Any]]:
    """The list in the reader's language: `key`, `step`, `state`, `message`, `cure`, `waiting`."""
    return [
        {
            "key": each.key,
            "step": each.step,
            "state": each.state,
            "message": in_words(each.message),
            "cure": in_words(each.cure),
            "waiting": each.waiting,
        }
        for each in checklist(connection)
    ]


def needed(doc: Any) -> list[Item]:
    """What nothing can go without, whatever documents there are, as far as it is not chosen."""
    return [
        Item(field, RED, _("{label} is not chosen").format(label=label), _("Choose it on the Xero Connection"))
        for field, label in NEEDED.items()
        if not doc.get(field)
    ]


def _connected(doc: Any) -> Iterator[Item]:
    if not (doc.authorisation and doc.tenant_id):
        yield Item("organisation", RED, _("The company is not connected to an organisation"), _("Press Connect to Xero in Xero Settings"))
        return
    if trouble := tokens.trouble_of(doc.authorisation):
        yield Item("sign_in", RED, trouble["problem"].message, trouble["problem"].resolution)
    yield Item(
        "organisation",
        GREEN,
        _("{company} is connected to {organisation}").format(company=doc.company, organisation=as_text(doc.organisation_name)),
    )
    if lacking := permissions.lacks(doc.name):
        said = _("The consent at Xero does not cover what is switched on: {scopes}").format(scopes=", ".join(lacking))
        # Without that for files only files wait, and the trial balance is read only for opening balances.
        state = AMBER if set(lacking) <= {scopes.FILES, scopes.TRIAL_BALANCE} else RED
        yield Item("permissions", state, said, _("Press Give More Permissions and allow it at Xero"))


def _lists(read: bool) -> Item:
    if not read:
        return Item("lists", RED, _("The organisation's accounts and taxes were not read yet"), _("Press Refresh From Xero"))
    return Item("lists", GREEN, _("The organisation's accounts and taxes were read"))


def _rights(scene: Scene) -> Iterator[Item]:
    """What the user who signed in may do in Xero, once it was seen."""
    seen = rights.known(scene.doc.name)
    if seen:
        for key, state, message, cure in rights.findings(seen):
            yield Item(key, state, message, cure)


def _needed(scene: Scene) -> list[Item]:
    return needed(scene.doc)


def _mapped(scene: Scene) -> Iterator[Item]:
    """For each kind of choice what documents of lately would wait for, and what older ones of the last year use. Red is a kind of which documents use
    something while nothing of that is mapped; and everything, where all documents of lately would wait."""
    found = scene.outlook
    if not found.documents:
        yield Item(
            "documents",
            AMBER,
            _("There are no documents of the last {days} days to check the mapping with").format(days=DAYS),
            _(
                "Nothing to repair where the company is new. Map what you are going to use, and look at the first documents after going live"
            ),
        )
    # One that could not be judged does not go either.
    none_goes = found.waiting + found.unclear == found.documents
    for key, of_kind in KINDS.items():
        missing = [each for each in found.missing if each.kind in of_kind]
        for each in missing:
            yield _missing(key, each, RED if none_goes or _nothing_stands(scene, key, bool(missing)) else AMBER, found.documents)
        # What documents of lately wait for has its line already.
        earlier = list(_of_the_year(scene, key, {each.key for each in missing}))
        yield from earlier
        if not missing and not earlier and (agreed := _agreed(scene, key)):
            yield agreed
    if found.unclear:
        yield Item(
            "unclear",
            AMBER,
            _("One document could not be judged")
            if found.unclear == 1
            else _("{count} documents could not be judged").format(count=found.unclear),
            _("Tell your administrator: the Error Log has the details"),
            found.unclear,
        )


def _nothing_stands(scene: Scene, key: str, missing: bool) -> bool:
    """Whether documents use something of an item's kinds and nothing of what they use is mapped. What is used is counted now and then: of documents
    since then `missing` tells (those of lately wait for it), and while nothing was counted, that no company is without accounts."""
    each = [kind for kind in TABS[key] if kind in OF_EACH]
    used = missing or (scene.in_use is None and key == kinds.ACCOUNTS)
    if used and any(in_use.nothing_chosen(scene.doc.name, kind) for kind in each):
        return True
    return scene.in_use is not None and any(scene.in_use[kind].nothing_stands for kind in each)


def _of_the_year(scene: Scene, key: str, said: set[str]) -> Iterator[Item]:
    """What the mapping page asks for, besides what is said already (by the keys of causes): used earlier in the year, or changed in Xero."""
    if scene.in_use is None:
        yield Item(key, RED if _nothing_stands(scene, key, False) else AMBER, COUNTING, _("Look again in some minutes"))
        return
    for kind, tab in TABS[key].items():
        rows = scene.in_use[kind]
        state = RED if kind in OF_EACH and rows.nothing_stands else AMBER
        if left := [name for row, name in rows.open.items() if not _cause_keys(kind, row) & said]:
            message = _("Used by documents of the last 12 months, and not mapped: {names}").format(names=_named(left))
            yield Item(key, state, message, _("Open Mapping and choose for them under {tab}; documents that use them wait").format(tab=tab))
        if changed := [name for row, name in rows.changed.items() if not _cause_keys(kind, row) & said]:
            message = _("What these are mapped to has changed in Xero: {names}").format(names=_named(changed))
            yield Item(key, AMBER, message, _("Open Mapping and look at Changed in Xero under {tab}").format(tab=tab))


def _agreed(scene: Scene, key: str) -> Item | None:
    """What is said where nothing is missing; None where no document tells."""
    if key == "payments" and not frappe.db.exists("Xero Payment Mapping", {"connection": scene.doc.name}):
        # None of those that were looked at pays anything.
        return Item(key, AMBER, NO_PAYMENTS, _("Choose what each bank and cash account is in Xero")) if scene.outlook.documents else None
    used = scene.in_use and any(scene.in_use[kind].used for kind in TABS[key])
    return Item(key, GREEN, AGREED[key]) if scene.outlook.documents or used else None


def _cause_keys(kind: str, row: kinds.Key) -> set[str]:
    """The keys of the causes that this row cures."""
    return {causes.tax(row[0], row[1]).key} if kind == kinds.TAXES else {row[0]}


def _named(names: list[str]) -> Text:
    more = len(names) - NAMED
    named = ", ".join(names[:NAMED])
    return _("{names} and {count} more").format(names=named, count=more) if more > 0 else plain(named)


def _missing(key: str, missing: Missing, state: str, documents: int) -> Item:
    message = _("{message}: {count} of the {documents} newest documents would wait for it, whole or in part").format(
        message=missing.message, count=missing.documents, documents=documents
    )
    return Item(key, state, message, missing.cure, missing.documents)


def _contacts(scene: Scene) -> Iterator[Item]:
    """Whether Xero's contacts were read; who of them is a customer or supplier here is linked on the page, or by the first document that goes."""
    if (contact_reading.of(scene.doc.name) or {}).get("finished_at"):
        yield Item("contacts", GREEN, _("Xero's contacts were read, and can be linked with customers and suppliers"))
        return
    what = _("Xero's contacts were not read yet: nobody knows who is there already")
    yield Item("contacts", AMBER, what, _("Open Match contacts and press Read contacts"))


def _signed_off(scene: Scene) -> Iterator[Item]:
    """The tax return is the accountant's: without his word nothing goes live."""
    signed = tax_sign_off.of(scene.doc.name)
    by = as_text(frappe.db.get_value("User", signed.by, "full_name") or signed.by) if signed.by else ""
    if signed.state == tax_sign_off.CHECKED:
        yield Item(SIGN_OFF, GREEN, _("The taxes were checked by {user}").format(user=by))
        return
    cure = _(
        "Open Mapping on the Xero Connection: a Xero Accountant or Xero Admin looks through Taxes and presses: I have checked these taxes"
    )
    changed = _("The tax mapping was changed since {user} checked it").format(user=by)
    yield Item(SIGN_OFF, RED, changed if signed.state == tax_sign_off.CHANGED else _("Nobody has checked the tax mapping yet"), cure)


def _tried(scene: Scene) -> Iterator[Item]:
    """Whether somebody has seen a preview, sent test transactions, and asked Xero's Demo Company what the app relies on."""
    connection = scene.doc.name
    previewed = frappe.db.exists(
        "Xero Preview Run", {"connection": connection, "state": ("in", ["Done", "Watching"]), "seen_by": ("is", "set")}
    )
    if previewed:
        yield Item("previewed", GREEN, _("Somebody has looked at a preview"))
    else:
        what = _("Nobody has looked at a preview yet")
        yield Item("previewed", AMBER, what, _("Open Preview, and see what would be posted before anything is"))
    for key, said in (("tests", tested.tests), ("questions", tested.questions)):
        state, message, cure = said(connection)
        yield Item(key, state, message, cure)


def _seen_by(scene: Scene) -> Iterator[Item]:
    if not admins(scene.doc.company):
        yield Item(
            "people",
            AMBER,
            _("Nobody has the role Xero Admin, so that nobody is told what needs a person"),
            _("Give the role Xero Admin to somebody who may see {company}").format(company=scene.doc.company),
        )


# What is asked once the organisation's lists were read, in this order. Each takes a Scene and gives the items that it has to say.
PROVIDERS: tuple[Callable[[Scene], Iterable[Item]], ...] = (_rights, _needed, _mapped, _signed_off, _contacts, _tried, _seen_by)
