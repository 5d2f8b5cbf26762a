"""The kinds of mappings, each with its DocType: what a row is about (its key), and what is chosen there (its values).

A key is a tuple of texts: ("Sales - KS",) or ("Sales", "GST - KS @ 15", "", ""). Values are a dict of the chosen fields; None where nothing is
mapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ..accounting.mapping import IN_BOTH
from ..accounting.texts import Text, _, joined
from ..connection import xero_lists

CONNECTION = "Xero Connection"
ACCOUNTS, TAXES, BANKS, TRACKING, FEES, DEFAULTS = "accounts", "taxes", "banks", "tracking", "fees", "defaults"
MARK = "takes_what_comes_back"
Key = tuple[str, ...]
Values = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A mapping as it is stored: its document's name, its values, and who saved it last. `rate` (per cent) is that of the day of saving."""

    name: str
    values: Values
    modified: datetime | None
    modified_by: str
    last_checked: datetime | None = None
    rate: Any = None


@dataclass(frozen=True)
class Kind:
    """One kind of mapping."""

    name: str
    doctype: str
    key_fields: tuple[str, ...]
    chosen: tuple[str, ...]
    rated: bool = False
    # The mark of a row that takes what comes back from Xero (incoming/way_back.py); among the values only where it is set.
    mark: str = ""

    def host_key(self, connection: str, key: Key) -> str:
        """The unique key of the mapping's document."""
        # Taxes without a class keep the key they had before there were classes.
        narrowed = key[:-1] if self.name == TAXES and not key[-1] else key
        return xero_lists.host_key(self.doctype, connection, *narrowed)

    def stored(self, connection: str) -> dict[Key, Stored]:
        """Every mapping of the connection, by its key."""
        fields = ["name", "modified", "modified_by", "last_checked", *self.key_fields, *self.chosen, *(["xero_rate"] if self.rated else [])]
        fields += [self.mark] if self.mark else []
        rows = frappe.get_all(self.doctype, filters={"connection": connection}, fields=fields)
        return {tuple(row[field] or "" for field in self.key_fields): self._read(row) for row in rows}

    def one(self, connection: str, key: Key) -> Stored | None:
        """The mapping for this key."""
        name = frappe.db.get_value(self.doctype, {"host_key": self.host_key(connection, key)}, "name")
        return self._read(frappe.get_doc(self.doctype, name).as_dict()) if name else None

    def write(self, connection: str, key: Key, values: Values | None) -> None:
        """Save through the DocType's own checks, or remove. Throws what they throw."""
        name = frappe.db.get_value(self.doctype, {"host_key": self.host_key(connection, key)}, "name")
        if values is None:
            if name:
                frappe.get_doc(self.doctype, name).delete()
            return
        row = {"doctype": self.doctype, "connection": connection, **dict(zip(self.key_fields, key))}
        doc = frappe.get_doc(self.doctype, name) if name else frappe.get_doc(row)
        doc.update({field: values.get(field) for field in self.chosen})
        if self.mark:
            doc.set(self.mark, int(values.get(self.mark) or 0))
        doc.save()

    def agree(self, connection: str, key: Key, rate: Any) -> None:
        """Put back the rate that was agreed on when the mapping was chosen."""
        name = frappe.db.get_value(self.doctype, {"host_key": self.host_key(connection, key)}, "name")
        if self.rated and name:
            frappe.db.set_value(self.doctype, name, {"xero_rate": rate}, update_modified=False)

    def label(self, key: Key) -> str:
        """What people read of the key."""
        return " / ".join(part for part in key if part)

    def _read(self, row: Any) -> Stored:
        values = {field: row.get(field) or "" for field in self.chosen}
        if "other_class" in values:
            values["other_class"] = int(values["other_class"] or 0)
        if "payments_entered" in values:
            values["payments_entered"] = values["payments_entered"] or IN_BOTH
        # Not said is not there, as in what was kept of mappings before it was asked.
        if not values.get("bank_feed", True):
            del values["bank_feed"]
        if self.mark and row.get(self.mark):
            values[self.mark] = 1
        rate = row.get("xero_rate") if self.rated else None
        return Stored(row["name"], values, row["modified"], row["modified_by"], row.get("last_checked"), rate)


# The fields of the Xero Connection that mapping needs: what each is called, and the list (connection/offers.py) that it is chosen from.
FIELDS: dict[str, tuple[Text, str]] = {
    "rounding_account": (_("Rounding Account"), "accounts"),
    "no_tax_type": (_("Tax Type for Lines Without Tax"), "untaxed"),
    "default_sales_account": (_("Default Sales Account"), "accounts"),
    "default_purchase_account": (_("Default Purchase Account"), "accounts"),
    "default_payment_account": (_("Default Payment Account"), "payment_accounts"),
    "advance_account_sales": (_("Account for Advances of Customers"), "accounts"),
    "advance_account_purchases": (_("Account for Advances of Suppliers"), "accounts"),
    "clearing_account": (_("Clearing Account"), "clearing_accounts"),
}


@dataclass(frozen=True)
class Defaults(Kind):
    """Fields of the Xero Connection itself, each of them as a row: the key is the field's name."""

    def stored(self, connection: str) -> dict[Key, Stored]:
        """The fields that are filled in."""
        doc = frappe.get_doc(CONNECTION, connection)
        found = {(field,): self._field(doc, field) for field in FIELDS}
        return {key: each for key, each in found.items() if each.values["value"]}

    def one(self, connection: str, key: Key) -> Stored | None:
        """The field, where it is filled in."""
        return self.stored(connection).get(key)

    def write(self, connection: str, key: Key, values: Values | None) -> None:
        """Save the connection with this field; its own checks throw."""
        if key[0] not in FIELDS:
            raise ValueError(f"{key[0]} is no field of these")
        doc = frappe.get_doc(CONNECTION, connection)
        doc.set(key[0], (values or {}).get("value") or None)
        doc.save()

    def label(self, key: Key) -> str:
        """The field's name on the form."""
        return joined("", [FIELDS[key[0]][0]]) if key[0] in FIELDS else key[0]

    def _field(self, doc: Any, field: str) -> Stored:
        return Stored(doc.name, {"value": doc.get(field) or ""}, doc.modified, doc.modified_by)


KINDS: dict[str, Kind] = {
    each.name: each
    for each in (
        Kind(ACCOUNTS, "Xero Account Mapping", ("account",), ("xero_account_code", "other_class"), mark=MARK),
        Kind(TAXES, "Xero Tax Mapping", ("direction", "tax", "item_tax_template", "account_class"), ("tax_type",), rated=True, mark=MARK),
        Kind(BANKS, "Xero Payment Mapping", ("account",), ("xero_account_id", "payments_entered", "bank_feed"), mark=MARK),
        Kind(TRACKING, "Xero Tracking Mapping", ("cost_center",), ("tracking_category", "tracking_option"), mark=MARK),
        Kind(FEES, "Xero Deduction Mapping", ("account",), ("treatment", "tax_type", "clearing_account", "contact_name"), rated=True),
        Defaults(DEFAULTS, CONNECTION, ("field",), ("value",)),
    )
}
