"""What Xero's codes are called on its screens, as its lists were last read: people read names, and the code beside them finds the row in Xero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Called:
    """`accounts` are by code and by id, `taxes` by tax type, all in upper case, each as it is shown. A code that the lists do not have is shown as it
    is."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    taxes: Mapping[str, str] = field(default_factory=dict)

    def account(self, code_or_id: str) -> str:
        """An account's code and name: 200 Sales."""
        return self.accounts.get(code_or_id.upper(), code_or_id)

    def tax(self, tax_type: str) -> str:
        """A tax rate's name and its code: GST on Income (OUTPUT)."""
        return self.taxes.get(tax_type.upper(), tax_type)

    def coded(self, field_name: str, code: str) -> str:
        """What stands in a line's AccountCode or TaxType; anything else as it is."""
        shown = {"AccountCode": self.account, "TaxType": self.tax}.get(field_name)
        return shown(code) if shown and code else code


NOTHING_CALLED = Called()


def account_called(code: str, name: str) -> str:
    """An account of Xero's as texts name it; one without a code by its name alone."""
    return " ".join(part for part in (code, name) if part)


def tax_called(code: str, name: str) -> str:
    """A tax rate of Xero's as texts name it."""
    return f"{name} ({code})" if name and name != code else code


def called(accounts: Iterable[Mapping[str, Any]], tax_rates: Iterable[Mapping[str, Any]]) -> Called:
    """The same from Xero's lists."""
    by_code = {
        str(each[key]).upper(): account_called(str(each["Code"] or ""), str(each["Name"] or ""))
        for each in accounts
        for key in ("AccountID", "Code")
        if each[key]
    }
    return Called(by_code, {str(each["TaxType"]).upper(): tax_called(each["TaxType"], str(each["Name"] or "")) for each in tax_rates})
