"""The cure of each cause as a button: what it says, and where it leads. Pure.

A button that leads to a screen has its `route`, and `options` of what is to be shown there: the script of that screen reads them, and forgets them
(tests/architecture/test_cure_routes.py follows each).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.texts import Text, _, day, plain, term
from ..documents.periods import MAY_GO

# By kind: the tab of the mapping page.
MAPPINGS: dict[str, str] = {
    causes.ACCOUNT: "accounts",
    causes.TAX: "taxes",
    causes.PAYMENT_ACCOUNT: "banks",
    causes.DEDUCTION: "fees",
    causes.TRACKING: "tracking",
}
# Causes that are a date.
DATED: dict[str, Text] = {causes.FILED: _("Tax is filed until {date}"), causes.CONVERSION: _("The books in Xero begin on {date}")}
# What of Xero is chosen on which tabs, the likeliest first.
CHOSEN: dict[str, tuple[str, ...]] = {
    causes.XERO_ACCOUNT: ("accounts", "banks", "fees", "defaults"),
    causes.XERO_TAX: ("taxes", "fees", "defaults"),
}
# What Xero's lists answer, or only Xero itself: once it is put right there, Refresh From Xero says so here.
REFRESHED = (causes.LISTS, causes.CURRENCY, causes.LOCK, causes.PLAN, causes.IN_XERO)
# What a button does, as the page knows it: let money go, send what is dated in a closed period all the same, open a mapping, a field of the connection, a document, the connection with its sign-in, the
# question on the page Test; read Xero's lists anew; or say what to do.
RELEASE, MAP, SETTING, OPEN, SIGN_IN, TEST, REFRESH, SAY = "release", "map", "setting", "open", "sign-in", "test", "refresh", "say"
LATE = "late"
CONNECTION = "Xero Connection"
KINDS: dict[str, Text] = {
    causes.MONEY: _("Money that waits until it is released"),
    causes.ACCOUNT: _("Account"),
    causes.TAX: _("Tax"),
    causes.PAYMENT_ACCOUNT: _("Bank or payment account"),
    causes.DEDUCTION: _("Fees, discounts and write-offs"),
    causes.TRACKING: _("Cost centre"),
    causes.SETTING: _("Choice on the Xero Connection"),
    causes.XERO_ACCOUNT: _("Account in Xero"),
    causes.XERO_TAX: _("Tax rate in Xero"),
    causes.CURRENCY: _("Currency in Xero"),
    causes.LISTS: _("What Xero has"),
    causes.LOCK: _("Lock date in Xero"),
    causes.PLAN: _("Limit of the Xero plan"),
    causes.IN_XERO: _("Contact in Xero"),
    causes.PARTY: _("Customer or supplier"),
    causes.DOCUMENT: _("Document"),
    causes.PERMISSION: _("Permission at Xero"),
    causes.QUESTION: _("How Xero books it"),
    causes.RULES: _("Sync settings and rules"),
    causes.FILED: _("Tax is filed"),
    causes.CONVERSION: _("Before Xero's conversion date"),
    causes.CODED: _("Perhaps already in Xero"),
    causes.ENTERED_WHERE: _("To be entered in Xero"),
    causes.RECIPE: _("To do by hand"),
}


@dataclass(frozen=True)
class Button:
    """`says`: its label; `act`: one of the words above; `route`: the screen it opens, () where it opens none; `options`: what that screen is to show;
    `refreshes`: whether reading Xero's lists anew may cure it, too."""

    says: Text
    act: str
    route: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    refreshes: bool = False


def title(cause: Cause, label: str = "") -> Text:
    """What a row is about: the kind of cause and which one. `label` is that of the field, for a setting."""
    if cause.kind in DATED and cause.key:
        return DATED[cause.kind].format(date=day(cause.key))
    which = _which(cause, label)
    return _("{kind}: {name}").format(kind=KINDS[cause.kind], name=plain(which)) if which else KINDS[cause.kind]


def button(cause: Cause, connection: str, label: str = "", names: Sequence[str] = (), code: str = "") -> Button:
    """The cure of a cause of this connection. `label` is that of the field, for a setting; `names` what else Xero calls its account, `code` that of the
    problem: what is to be taken back from a closed period is not sent all the same."""
    kind, key = cause
    first, second = causes.parts(cause)
    form = ("Form", CONNECTION, connection)
    if kind == causes.MONEY:
        return Button(_("Release"), RELEASE)
    if kind == causes.CODED or (kind in DATED and code in ("", *MAY_GO)):
        return Button(_("Send All the Same"), LATE)
    if kind in MAPPINGS:
        host = second if kind == causes.TAX else key
        wanted = {"xero_row": {"key": [first, second] if kind == causes.TAX else [key]}} if host else {}
        says = _("Map {name}").format(name=_quoted(host)) if host else _("Open the mapping")
        return Button(says, MAP, ("xero-mapping", connection, MAPPINGS[kind]), wanted)
    if kind == causes.ENTERED_WHERE:
        return Button(_("Open the mapping"), MAP, ("xero-mapping", connection, MAPPINGS[causes.PAYMENT_ACCOUNT]))
    if kind in CHOSEN:
        tabs = CHOSEN[kind]
        # Where Xero did not say which one: whatever of it Xero has otherwise now.
        which: dict[str, Any] = {"chosen": sorted({key, *names})} if key else {"changed": True}
        wanted = {"xero_row": {**which, "tabs": list(tabs)}}
        says = _("Show what is mapped to {name}").format(name=_quoted(key)) if key else _("Open the mapping")
        return Button(says, MAP, ("xero-mapping", connection, tabs[0]), wanted, refreshes=True)
    if kind == causes.SETTING:
        says = _("Choose {name}").format(name=_quoted(label)) if label else _("Open the Xero Connection")
        return Button(says, SETTING, form, {"scroll_to": {"fieldname": key.split(",")[0]}} if key else {})
    if kind in (causes.PARTY, causes.DOCUMENT, causes.IN_XERO) and second:
        says = _("Open {doctype} {name}").format(doctype=term(first), name=plain(second))
        return Button(says, OPEN, ("Form", first, second), refreshes=kind in REFRESHED)
    if kind == causes.RULES:
        return Button(_("Open the rules"), OPEN, ("xero-rules", connection))
    if kind == causes.PERMISSION:
        return Button(_("Give more permissions"), SIGN_IN, form)
    if kind == causes.QUESTION:
        return Button(_("Show the question"), TEST, ("xero-test", connection), {"xero_question": key} if key else {})
    if kind in REFRESHED:
        return Button(_("Refresh From Xero"), REFRESH)
    return Button(_("What to do"), SAY)


def approve(company: str) -> Button:
    """The cure of what waits for somebody's approval, whatever its cause: the page on which it is given."""
    return Button(_("Open the approvals"), OPEN, ("xero-approvals",), {"xero_company": company})


def _quoted(name: str) -> Text:
    return plain(f"'{name}'")


def _which(cause: Cause, label: str) -> str:
    first, second = causes.parts(cause)
    if cause.kind == causes.SETTING:
        return label
    if cause.kind in (causes.TAX, causes.PARTY, causes.DOCUMENT, causes.IN_XERO):
        return second
    return "" if cause.kind in (causes.RECIPE, causes.MONEY, causes.RULES) else first
