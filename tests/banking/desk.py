"""A small company's vouchers and lines, written in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from picortex_xero.banking import matching
from picortex_xero.banking.values import Books, Line, OwnAccount, Party, Proposal, Settings, Voucher

TODAY = date(2026, 3, 16)
ACCOUNTS = (
    OwnAccount("Operating", "AUD", "062-000 11112222"),
    OwnAccount("Savings", "AUD", "062-000 33334444"),
    OwnAccount("Dollars", "USD", "062-000 55556666"),
)
PARTIES = (
    Party("Customer", "CUST-00101", "Harbour Plumbing Pty Ltd", ("732-000 99887766",)),
    Party("Customer", "CUST-00102", "Nimbus Coffee Limited"),
    Party("Customer", "CUST-00103", "Nimbus Bakery Limited"),
    Party("Supplier", "SUPP-00201", "Wattle Timber Supplies"),
    Party("Customer", "CUST-00104", "Bell & Co Ltd"),
)
HARBOUR, NIMBUS, BAKERY, WATTLE, BELL = ((each.party_type, each.name) for each in PARTIES)


def invoice(
    name: str, amount: str, of: tuple[str, str] = HARBOUR, days: int = 20, *, currency: str = "AUD", reference: str = "", remarks: str = ""
) -> Voucher:
    """Posted so many days ago; a supplier's with a negative amount."""
    doctype = "Sales Invoice" if of[0] == "Customer" else "Purchase Invoice"
    value = Decimal(amount)
    return Voucher(doctype, name, *of, TODAY - timedelta(days=days), value, currency, value, reference=reference, remarks=remarks)


def moved(
    name: str,
    amount: str,
    of: tuple[str, str] = ("", ""),
    days: int = 1,
    *,
    reference: str = "",
    account: str = "Operating",
    doctype: str = "Payment Entry",
) -> Voucher:
    return Voucher(doctype, name, *of, TODAY - timedelta(days=days), Decimal(amount), "AUD", reference=reference, bank_account=account)


def line(name: str, amount: str, description: str, days: int = 0, *, account: str = "Operating", number: str = "") -> Line:
    """So many days ago."""
    currency = next(each.currency for each in ACCOUNTS if each.name == account)
    return Line(name, account, TODAY - timedelta(days=days), Decimal(amount), currency, description, party_number=number)


def books(vouchers: Iterable[Voucher], lines: Iterable[Line], closed_until: date | None = None) -> Books:
    return Books("AUD", ACCOUNTS, PARTIES, tuple(vouchers), tuple(lines), closed_until, {"USD": Decimal("1.5")})


def first(vouchers: Iterable[Voucher], *lines: Line, closed_until: date | None = None, settings: Settings | None = None) -> Proposal | None:
    """The first proposal for the first of these lines; None where there is none."""
    found = matching.proposals(books(vouchers, lines, closed_until), settings)[lines[0].name]
    return found[0] if found else None


def taken(proposal: Proposal | None) -> dict[str, str]:
    """Of what is automatic how much of each voucher; {} where a person decides."""
    return {part.voucher[1]: str(part.amount) for part in proposal.vouchers} if proposal and proposal.automatic else {}
