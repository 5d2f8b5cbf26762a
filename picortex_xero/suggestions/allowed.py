"""What may never be suggested for an account, however alike the names."""

from __future__ import annotations

from ..accounting.texts import Text, _
from .meaning import Meaning
from .values import ACTIVE, BANK, CLASS_OF, INVENTORY, HostAccount, XeroAccount

FIXED_TYPES = frozenset(("Fixed Asset", "Capital Work in Progress", "Accumulated Depreciation"))
XERO_FIXED = frozenset(("FIXED", "NONCURRENT"))
ELSEWHERE: dict[str, Text] = {
    "Receivable": _("Xero books it by itself, on Accounts Receivable"),
    "Payable": _("Xero books it by itself, on Accounts Payable"),
    "Bank": _("It is mapped among the bank and payment accounts"),
    "Cash": _("It is mapped among the bank and payment accounts"),
}
# Said where nothing in Xero fits an account of this type.
BY_ITSELF: dict[str, Text] = {
    "Round Off": _("Xero books rounding by itself"),
    "Temporary": _("Xero books opening balances by itself"),
    "Stock": _("Xero's own account for stock takes only items whose quantity Xero tracks; choose an ordinary current asset"),
}
TAX = _("Xero books tax by itself; it is mapped among the taxes")


def keeps_itself(account: XeroAccount) -> Text | None:
    """Why nothing is mapped to an account of Xero; None where it takes lines of documents."""
    if account.status != ACTIVE:
        return _("{name} fits, but it is archived in Xero").format(name=account.name)
    if account.system_account:
        return _("In Xero this is {name}, which Xero keeps itself").format(name=account.name)
    if account.type == INVENTORY:
        return _("{name} in Xero takes only items whose quantity Xero tracks").format(name=account.name)
    if account.type == BANK:
        return _("{name} is a bank account in Xero").format(name=account.name)
    if not account.code:
        return _("{name} has no code in Xero").format(name=account.name)
    return None


def same_class(host: HostAccount, xero: XeroAccount) -> bool:
    """Whether both are of one class."""
    return bool(host.root_type) and CLASS_OF.get(host.root_type) == xero.account_class


def same_kind(host: HostAccount, says: Meaning, xero: XeroAccount, means: Meaning) -> bool:
    """Whether both are cost of fixed assets, what was taken off that cost, or neither."""
    if host.root_type != "Asset":
        return True
    if says.accumulated != means.accumulated:
        return False
    if host.account_type in FIXED_TYPES:
        return xero.type in XERO_FIXED
    return not host.account_type or xero.type != "FIXED"
