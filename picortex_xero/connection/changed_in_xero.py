"""What has changed in Xero of what was chosen here: accounts that were archived, moved to another class or no longer take payments, tax rates with
another rate, tracking options that are gone.

Nothing that is not touched stops for it (documents/still_in_xero holds what is). Here the same is said of the choices themselves: on the
mapping screen beside the row, and once to the people who decide, as soon as Xero's lists show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frappe

from ..accounting import account_classes, tax_types, xero_now
from ..accounting.called import tax_called
from ..accounting.money import plain
from ..accounting.texts import Text, _, lines
from ..accounting.xero_now import ACTIVE, OtherParts
from ..attention import notifications
from ..engine.screen_texts import shown
from . import xero_lists

CONNECTION, STATE = "Xero Connection", "Xero Connection State"
# The beginning of the codes with which these causes are told (attention/notifications).
TOLD = "changed-in-xero:"
# So many are told one by one; more at once are told together.
ONE_BY_ONE = 3
# Between the things that were told together.
TOGETHER = "\x1f"
SHOWN = 5
Lists = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Change:
    """A choice (`doctype`, `name`; on the connection itself `field`) that Xero speaks against now. `thing` is what changed there, `subject` what
    is mapped to it."""

    doctype: str
    name: str
    field: str
    subject: str
    thing: str
    said: Text


def found(connection: str) -> list[Change]:
    """Every choice that Xero's lists, as last read, speak against; empty while they were never read."""
    if not xero_lists.read_at(connection):
        return []
    lists = xero_lists.stored(connection)
    base = frappe.db.get_value(CONNECTION, connection, "base_currency") or ""
    parts = (_accounts(connection, lists), _taxes(connection, lists), _banks(connection, lists), _fees(connection, lists, base))
    return [each for part in (*parts, _tracking(connection, lists), _fields(connection, lists)) for each in part]


def tell(connection: str) -> None:
    """Tell people of what is new among these, once for each thing that changed in Xero; what is cured is over. Part of the caller's transaction."""
    by_thing: dict[str, list[Change]] = {}
    for change in found(connection):
        by_thing.setdefault(change.thing, []).append(change)
    told = {each["code"].removeprefix(TOLD) for each in notifications.standing(connection) if each["code"].startswith(TOLD)}
    known = {thing for code in told for thing in code.split(TOGETHER)}
    notifications.over(connection, *(f"{TOLD}{code}" for code in told if not {*code.split(TOGETHER)} & by_thing.keys()))
    new = {thing: changes for thing, changes in sorted(by_thing.items()) if thing not in known}
    if len(new) > ONE_BY_ONE:
        said = [changes[0].said for changes in new.values()]
        heading = _("In Xero {count} things have changed that something here is mapped to").format(count=len(new))
        rest = [_("{count} more").format(count=len(said) - SHOWN)] if len(said) > SHOWN else []
        _tell(
            connection, TOGETHER.join(new), lines([heading, *said[:SHOWN], *rest]), [each for changes in new.values() for each in changes]
        )
        return
    for thing, changes in new.items():
        _tell(connection, thing, changes[0].said, changes)


def _tell(connection: str, code: str, said: Text, changes: list[Change]) -> None:
    subjects = list(dict.fromkeys(change.subject for change in changes))
    named = ", ".join(subjects[:SHOWN]) + (" ..." if len(subjects) > SHOWN else "")
    notifications.tell_once(
        connection,
        f"{TOLD}{code}",
        said,
        _(
            "Open Mapping on the Xero Connection, filter by Changed in Xero and choose anew for {subjects}, or put it right in Xero. Only documents with it wait"
        ).format(subjects=named),
    )


def _accounts(connection: str, lists: Lists) -> Iterator[Change]:
    by_code = {each["Code"]: each for each in lists["accounts"] if each["Code"]}
    fields = ["name", "account", "xero_account_code", "other_class"]
    for row in frappe.get_all("Xero Account Mapping", filters={"connection": connection}, fields=fields):
        said = _of_code(row["xero_account_code"], by_code) or _of_class(row, by_code)
        if said:
            yield Change("Xero Account Mapping", row["name"], "", row["account"], f"account {row['xero_account_code']}", said)


def _of_code(code: str, by_code: dict[str, dict[str, Any]]) -> Text | None:
    account = by_code.get(code)
    if not account:
        return _("Xero has no account {code} any more").format(code=code)
    named = {"code": code, "name": account["Name"]}
    if account["Status"] != ACTIVE:
        return _("Xero's account {code} {name} is archived").format(**named)
    if not xero_lists.takes_lines(account):
        return _("Xero's account {code} {name} takes no lines of documents any more").format(**named)
    return None


def _of_class(row: dict[str, Any], by_code: dict[str, dict[str, Any]]) -> Text | None:
    account = by_code[row["xero_account_code"]]
    root_type = frappe.get_cached_value("Account", row["account"], "root_type") or ""
    there = account_classes.class_of(account)
    if row["other_class"] or not account_classes.differ(root_type, there):
        return None
    return account_classes.said(row["account"], root_type, f"{account['Code']} {account['Name']}", there)


def _taxes(connection: str, lists: Lists) -> Iterator[Change]:
    rates = {each["TaxType"]: each for each in lists["tax_rates"]}
    fields = ["name", "tax", "direction", "account_class", "tax_type", "xero_rate"]
    for row in frappe.get_all("Xero Tax Mapping", filters={"connection": connection}, fields=fields):
        said = _of_rate(row["tax_type"], row["tax"], row["xero_rate"], rates)
        if not said and (why := tax_types.objection(rates[row["tax_type"]], row["direction"], row["tax"], row["account_class"] or "")):
            said = why
        if said:
            yield Change("Xero Tax Mapping", row["name"], "", row["tax"], f"tax {row['tax_type']}", said)


def _of_rate(code: str, key: str, agreed: Any, rates: dict[str, dict[str, Any]]) -> Text | None:
    element = rates.get(code)
    named = tax_called(code, str(element.get("Name") or "")) if element else code
    if not element or not tax_types.usable(element):
        return _("Xero's tax type {code} is no longer active").format(code=named)
    change = xero_now.rate_change(key, tax_types.listed(element), agreed) or xero_now.other_parts(key, element.get("TaxComponents") or [])
    if isinstance(change, OtherParts):
        return _("Xero's tax type {code} has other parts than {tax}").format(code=named, tax=key)
    if change:
        return _("Xero's tax type {code} is {now} % now; it was {was} %").format(
            code=named, now=f"{plain(change.now):f}", was=f"{plain(change.was):f}"
        )
    return None


def _banks(connection: str, lists: Lists) -> Iterator[Change]:
    by_id = {each["AccountID"]: each for each in lists["accounts"]}
    fields = ["name", "account", "xero_account_id", "xero_account_name"]
    for row in frappe.get_all("Xero Payment Mapping", filters={"connection": connection}, fields=fields):
        if said := _of_payments(row["xero_account_id"], shown(row["xero_account_name"]), by_id):
            yield Change("Xero Payment Mapping", row["name"], "", row["account"], f"account {row['xero_account_id']}", said)


def _of_payments(xero_id: str, known_as: str, by_id: dict[str, dict[str, Any]]) -> Text | None:
    account = by_id.get(xero_id)
    if not account:
        return _("Xero has no account {name} any more").format(name=known_as or xero_id)
    if account["Status"] != ACTIVE:
        return _("Xero's account {name} is archived").format(name=account["Name"])
    if not xero_lists.takes_payments(account):
        return _("Payments to Xero's account {name} are no longer enabled").format(name=account["Name"])
    return None


def _fees(connection: str, lists: Lists, base: str) -> Iterator[Change]:
    rates = {each["TaxType"]: each for each in lists["tax_rates"]}
    by_id = {each["AccountID"]: each for each in lists["accounts"]}
    fields = ["name", "account", "treatment", "tax_type", "xero_rate", "clearing_account", "clearing_account_name"]
    for row in frappe.get_all("Xero Deduction Mapping", filters={"connection": connection}, fields=fields):
        if row["tax_type"] and (said := _of_rate(row["tax_type"], row["account"], row["xero_rate"], rates)):
            yield Change("Xero Deduction Mapping", row["name"], "", row["account"], f"tax {row['tax_type']}", said)
        elif row["clearing_account"]:
            said = _of_payments(row["clearing_account"], shown(row["clearing_account_name"]), by_id)
            bank = by_id.get(row["clearing_account"])
            if not said and bank and (bank["Type"] != "BANK" or (bank["CurrencyCode"] or base) != base):
                said = _("Xero's account {name} is no bank account in {currency}").format(name=bank["Name"], currency=base)
            if said:
                yield Change("Xero Deduction Mapping", row["name"], "", row["account"], f"account {row['clearing_account']}", said)


def _tracking(connection: str, lists: Lists) -> Iterator[Change]:
    there = {(each["Name"], option) for each in lists["tracking"] for option in each["Options"]}
    fields = ["name", "cost_center", "tracking_category", "tracking_option"]
    for row in frappe.get_all("Xero Tracking Mapping", filters={"connection": connection}, fields=fields):
        chosen = row["tracking_category"], row["tracking_option"]
        if chosen not in there:
            said = _("Xero has no active tracking option {option} in {category}").format(option=chosen[1], category=chosen[0])
            yield Change("Xero Tracking Mapping", row["name"], "", row["cost_center"], f"tracking {chosen[0]}: {chosen[1]}", said)


def _fields(connection: str, lists: Lists) -> Iterator[Change]:
    doc = frappe.get_doc(CONNECTION, connection)
    by_code = {each["Code"]: each for each in lists["accounts"] if each["Code"]}
    by_id = {each["AccountID"]: each for each in lists["accounts"]}
    rates = {each["TaxType"]: each for each in lists["tax_rates"]}
    for field in OF_LINES:
        if doc.get(field) and (said := _of_code(doc.get(field), by_code)):
            yield Change(CONNECTION, connection, field, _label(field), f"account {doc.get(field)}", said)
    for field in OF_PAYMENTS:
        if doc.get(field) and (said := _of_payments(doc.get(field), "", by_id)):
            yield Change(CONNECTION, connection, field, _label(field), f"account {doc.get(field)}", said)
    if doc.no_tax_type and (said := _of_rate(doc.no_tax_type, "", 0, rates)):
        yield Change(CONNECTION, connection, "no_tax_type", _label("no_tax_type"), f"tax {doc.no_tax_type}", said)


OF_LINES = ("rounding_account", "default_sales_account", "default_purchase_account", "advance_account_sales", "advance_account_purchases")
OF_PAYMENTS = ("default_payment_account", "clearing_account")


def _label(field: str) -> str:
    return str(frappe.get_meta(CONNECTION).get_field(field).label)
