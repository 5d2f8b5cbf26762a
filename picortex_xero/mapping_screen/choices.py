"""What a row may be mapped to: drop-downs with nothing in them that its DocType would refuse."""

from __future__ import annotations

import json
from typing import Any

from ..accounting import account_classes, tax_types
from ..connection import offers
from ..connection.xero_lists import Offers
from ..suggestions.taxes import likeliest_first
from ..suggestions.values import HostAccount
from .kinds import FIELDS, Key, Values

Choice = dict[str, Any]
ANY_CLASS = "any class"


class Choices:
    """The drop-downs of one connection, by name; each is made once and shared by all rows that have it. A choice is `id`, `label`, `description`
    and the `values` that it stands for."""

    def __init__(self, connection: str, lists: Offers, base_currency: str) -> None:
        self.lists, self.base = lists, base_currency
        self.offered = offers.choices(connection)
        self.named: dict[str, list[Choice]] = {}
        self._rates = likeliest_first(each for each in lists["tax_rates"] if tax_types.usable(each))

    def of_account(self, account: HostAccount, other_class: bool) -> str:
        """Income is offered revenue accounts, expenses expense accounts, balances accounts of the balance sheet; all of them for another class on
        purpose."""
        kind = "" if other_class else account_classes.ROOT_TYPES.get(account.root_type, "")
        return self._keep(
            f"accounts: {kind or ANY_CLASS}",
            lambda: [
                {**_shown(each), "values": {"xero_account_code": each["value"], "other_class": int(other_class)}}
                for each in self.offered["accounts"]
                if not kind or not each["kind"] or each["kind"] == kind
            ],
        )

    def of_tax(self, key: Key) -> str:
        """What Xero takes on documents of this direction, on these accounts, at this rate."""
        direction, tax, _template, account_class = key
        fit = [each for each in self._rates if not tax_types.objection(each, direction, tax, account_class)]
        shown = {each["value"]: each for each in self.offered["tax_rates"]}
        return self._keep(
            "taxes: " + " ".join(each["TaxType"] for each in fit),
            lambda: [{**_shown(shown[each["TaxType"]]), "values": {"tax_type": each["TaxType"]}} for each in fit],
        )

    def of_bank(self, account: HostAccount, every: bool) -> str:
        """Bank accounts in the same currency: only they take money spent and received. `every`: with the others on which Xero takes payments of invoices and
        bills, after them."""
        currencies = {each["AccountID"]: each["CurrencyCode"] or self.base for each in self.lists["accounts"]}
        wanted, banks = account.currency or self.base, {each["value"] for each in self.offered["bank_accounts"]}
        others = [each for each in self.offered["payment_accounts"] if each["value"] not in banks]
        return self._keep(
            f"banks: {wanted}" + every * ", and what takes payments",
            lambda: [
                {**_shown(each, self.named_account(each["value"])), "values": {"xero_account_id": each["value"]}}
                for each in [*self.offered["bank_accounts"], *(others if every else ())]
                if currencies.get(each["value"]) == wanted
            ],
        )

    def of_centre(self) -> str:
        """The options of all of Xero's tracking categories."""
        return self._keep(
            "tracking",
            lambda: [
                {
                    "id": json.dumps([category["Name"], option]),
                    "label": option,
                    "description": category["Name"],
                    "values": {"tracking_category": category["Name"], "tracking_option": option},
                }
                for category in self.lists["tracking"]
                for option in category["Options"]
            ],
        )

    def of_field(self, field: str) -> str:
        """What the connection's own form offers for this field."""
        listed = FIELDS[field][1]
        return self._keep(
            f"defaults: {listed}", lambda: [{**_shown(each), "values": {"value": each["value"]}} for each in self.offered[listed]]
        )

    def of_fees(self) -> dict[str, str]:
        """By field: the tax in a deduction, and the bank account through which a fee passes."""
        own = {each["AccountID"] for each in self.lists["accounts"] if (each["CurrencyCode"] or self.base) == self.base}
        return {
            "tax_type": self._keep(
                "fees: tax_type", lambda: [{**_shown(each), "values": {"tax_type": each["value"]}} for each in self.offered["tax_rates"]]
            ),
            "clearing_account": self._keep(
                "fees: clearing_account",
                lambda: [
                    {**_shown(each, self.named_account(each["value"])), "values": {"clearing_account": each["value"]}}
                    for each in self.offered["bank_accounts"]
                    if each["value"] in own
                ],
            ),
        }

    def named_account(self, code_or_id: str) -> str:
        """An account as people know it: its code and name."""
        found = next((each for each in self.lists["accounts"] if code_or_id and code_or_id in (each["Code"], each["AccountID"])), None)
        return " ".join(filter(None, (found["Code"], found["Name"]))) if found else code_or_id

    def named_tax(self, tax_type: str) -> str:
        """A tax type with its name."""
        found = next((each for each in self.lists["tax_rates"] if each["TaxType"] == tax_type), None)
        return f"{found['Name']} ({tax_type})" if found else tax_type

    def said(self, values: Values) -> str:
        """What is chosen, as people read it."""
        if "xero_account_code" in values:
            return self.named_account(values["xero_account_code"])
        if "xero_account_id" in values:
            return self.named_account(values["xero_account_id"])
        if "tracking_option" in values:
            return f"{values['tracking_category']}: {values['tracking_option']}"
        if "value" in values:
            rates = {each["TaxType"] for each in self.lists["tax_rates"]}
            return self.named_tax(values["value"]) if values["value"] in rates else self.named_account(values["value"])
        return self.named_tax(values.get("tax_type") or "")

    def _keep(self, name: str, make: Any) -> str:
        if name not in self.named:
            self.named[name] = make()
        return name


def _shown(each: dict[str, Any], label: str = "") -> Choice:
    return {"id": each["value"], "label": label or each["label"], "description": each["description"]}
