"""What the admin decided: which Xero account, tax type, tracking option and bank stands for which of the host's.

`Mapping` is read once per run from the mapping DocTypes and asked by the translators. A question without an answer is a
`Problem` that names the missing mapping; nothing is ever guessed here. Defaults apply only where the admin has set them.
"""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from decimal import Decimal

from .problems import Problem


@dataclass(frozen=True)
class TaxType:
    """A Xero tax type and the rate (per cent) the organisation gives it; `rate` None while it was never read from Xero."""

    code: str
    rate: Decimal | None


@dataclass(frozen=True)
class PaymentAccount:
    """A Xero account that payments may be made to or from, and its currency."""

    account_id: str
    currency: str


@dataclass(frozen=True)
class Mapping:
    """All choices of one connection.

    `taxes` is keyed by (direction, tax key, item tax template or ""), where direction is "Sales" or "Purchases" and the tax key is
    `tax.TaxLine.tax_key`. `tracking` gives (category, option) by cost centre.
    """

    base_currency: str
    target_status: str
    accounts: Dict[str, str] = field(default_factory=dict)
    taxes: Dict[tuple[str, str, str], TaxType] = field(default_factory=dict)
    tracking: Dict[str, tuple[str, str]] = field(default_factory=dict)
    payment_accounts: Dict[str, PaymentAccount] = field(default_factory=dict)
    default_accounts: Dict[str, str] = field(default_factory=dict)
    default_payment_account: PaymentAccount | None = None
    rounding_account: str = ""
    no_tax_type: str = ""

    def account(self, host_account: str, direction: str) -> str | Problem:
        """The Xero code of a host account; the direction's default where the account has no mapping of its own."""
        code = self.accounts.get(host_account) or self.default_accounts.get(direction)
        if code:
            return code
        return Problem(
            "account-unmapped",
            f"The account {host_account or '(none)'} has no account in Xero yet",
            f"Map {host_account or 'the account'} under Xero Account Mapping",
        )

    def tax(self, direction: str, key: str, template: str) -> TaxType | Problem:
        """The tax type of a line; a mapping for its item tax template goes before the general one."""
        found = self.taxes.get((direction, key, template)) or self.taxes.get((direction, key, ""))
        if found:
            return found
        with_template = f' with the item tax template "{template}"' if template else ""
        return Problem(
            "tax-unmapped",
            f'The tax "{key}"{with_template} has no tax type in Xero yet ({direction.lower()})',
            f'Map "{key}" for {direction.lower()} under Xero Tax Mapping',
        )

    def payment_account(self, host_account: str) -> PaymentAccount | Problem:
        """The Xero bank account that stands for the host's bank or cash account."""
        found = self.payment_accounts.get(host_account) or self.default_payment_account
        if found:
            return found
        return Problem(
            "payment-account-unmapped",
            f"The bank or cash account {host_account or '(none)'} has no account in Xero yet",
            f"Map {host_account or 'the account'} under Xero Payment Mapping",
        )
