"""What Xero's codes are called on its screens, as its lists were last read; a code that they do not have stays as it is."""

from __future__ import annotations

from decimal import Decimal

from ..accounting import tax_types
from ..accounting.money import ZERO, decimal
from ..connection import xero_lists


class XeroNames:
    """Accounts and tax rates of one organisation."""

    def __init__(self, connection: str) -> None:
        lists = xero_lists.stored(connection) if xero_lists.read_at(connection) else {}
        self._accounts = {each[key]: each for each in lists.get("accounts", ()) for key in ("AccountID", "Code") if each[key]}
        self._rates = {each["TaxType"]: each for each in lists.get("tax_rates", ())}

    def account(self, code_or_id: str) -> str:
        """An account's code and name."""
        found = self._accounts.get(code_or_id)
        return " ".join(str(part) for part in (found["Code"], found["Name"]) if part) if found else code_or_id

    def currency(self, code_or_id: str) -> str:
        """The currency of a bank account; "" where it is the organisation's own, or not known."""
        found = self._accounts.get(code_or_id)
        return str(found["CurrencyCode"] or "") if found else ""

    def tax(self, tax_type: str) -> str:
        """A tax rate by its name and what it puts on a document; Xero has each name once."""
        found = self._rates.get(tax_type)
        if not found:
            return tax_type
        name, rate = str(found["Name"]), f"{decimal(found['EffectiveRate']).normalize():f}%"
        return name if rate in name else f"{name} ({rate})"

    def rate(self, tax_type: str) -> Decimal:
        """The per cent that a tax type puts on a line; 0 where Xero's lists do not have it."""
        found = self._rates.get(tax_type)
        return (tax_types.listed(found).shown if found else None) or ZERO
