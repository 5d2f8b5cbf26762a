"""The cure of each cause as a button: what it says, and where it leads. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..accounting import causes
from ..accounting.causes import Cause
from ..accounting.texts import Text, _, plain, term

# By kind: the section of the mapping page, and the DocType of its rows with the field for the host's name.
MAPPINGS: dict[str, tuple[str, str, str]] = {
    causes.ACCOUNT: ("accounts", "Xero Account Mapping", "account"),
    causes.TAX: ("taxes", "Xero Tax Mapping", "tax"),
    causes.PAYMENT_ACCOUNT: ("banks", "Xero Payment Mapping", "account"),
    causes.DEDUCTION: ("fees", "Xero Deduction Mapping", "account"),
    causes.TRACKING: ("tracking", "Xero Tracking Mapping", "cost_center"),
}
# What a button does, as the page knows it: let money go, open a mapping, a field of the connection, a document, the sign-in; or say what to do.
RELEASE, MAP, SETTING, OPEN, SIGN_IN, SAY, RULES = "release", "map", "setting", "open", "sign-in", "say", "rules"
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
    causes.RECIPE: _("To do by hand"),
}


@dataclass(frozen=True)
class Button:
    """`says`: its label; `act`: one of the words above; `at`: what it needs to know (section, doctype, values, fields, name)."""

    says: Text
    act: str
    at: dict[str, Any] = field(default_factory=dict)


def title(cause: Cause, label: str = "") -> Text:
    """What a row is about: the kind of cause and which one. `label` is that of the field, for a setting."""
    which = _which(cause, label)
    return _("{kind}: {name}").format(kind=KINDS[cause.kind], name=plain(which)) if which else KINDS[cause.kind]


def button(cause: Cause, label: str = "") -> Button:
    """The cure of a cause."""
    kind, key = cause
    first, second = causes.parts(cause)
    if kind == causes.MONEY:
        return Button(_("Release"), RELEASE)
    if kind in MAPPINGS:
        section, doctype, name = MAPPINGS[kind]
        values = {"direction": first, name: second} if kind == causes.TAX else {name: key}
        which = second if kind == causes.TAX else key
        says = _("Map {name}").format(name=_quoted(which)) if which else _("Open the mapping")
        return Button(
            says, MAP, {"section": section, "doctype": doctype, "values": {each: value for each, value in values.items() if value}}
        )
    if kind in (causes.XERO_ACCOUNT, causes.XERO_TAX):
        section, doctype, _name = MAPPINGS[causes.ACCOUNT if kind == causes.XERO_ACCOUNT else causes.TAX]
        chosen = "xero_account_code" if kind == causes.XERO_ACCOUNT else "tax_type"
        says = _("Show what is mapped to {name}").format(name=_quoted(key)) if key else _("Open the mapping")
        return Button(says, MAP, {"section": section, "doctype": doctype, "values": {chosen: key} if key else {}, "list": True})
    if kind == causes.SETTING:
        says = _("Choose {name}").format(name=_quoted(label)) if label else _("Open the Xero Connection")
        return Button(says, SETTING, {"fields": key.split(",") if key else []})
    if kind in (causes.PARTY, causes.DOCUMENT, causes.IN_XERO) and second:
        return Button(_("Open {doctype} {name}").format(doctype=term(first), name=plain(second)), OPEN, {"doctype": first, "name": second})
    if kind == causes.RULES:
        return Button(_("Open the rules"), RULES)
    if kind == causes.PERMISSION:
        return Button(_("Give more permissions"), SIGN_IN)
    return Button(_("What to do"), SAY)


def _quoted(name: str) -> Text:
    return plain(f"'{name}'")


def _which(cause: Cause, label: str) -> str:
    first, second = causes.parts(cause)
    if cause.kind == causes.SETTING:
        return label
    if cause.kind in (causes.TAX, causes.PARTY, causes.DOCUMENT, causes.IN_XERO):
        return second
    return "" if cause.kind in (causes.RECIPE, causes.MONEY, causes.RULES) else first
