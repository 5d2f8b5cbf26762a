"""What banks and cash hold now by ERPNext's ledger, and what is entered on them for a later day. A fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from ..accounting.money import CENT, ZERO, decimal
from ..accounting.texts import _
from .asking import rows
from .settings import Chosen
from .values import AHEAD, IN_TRANSIT, Balance, Item, Opening, Rates, because

_MOVED = "SUM(ledger.`debit_in_account_currency`-ledger.`credit_in_account_currency`)"


def opening(company: str, today: date, rates: Rates, with_cash: bool, in_transit: str = "") -> Opening:
    """The end of today, account by account; base at the rates that the lines are taken at, and where a currency has none at the ledger's own. `in_transit`: an account that holds what is on its way
    between banks, which is none of them."""
    found = []
    for row in rows(
        f"SELECT account.`name`, account.`account_currency`, {_MOVED} AS `moved`, SUM(ledger.`debit`-ledger.`credit`) AS `base` FROM `tabAccount` account "
        "LEFT JOIN `tabGL Entry` ledger ON ledger.`account`=account.`name` AND ledger.`is_cancelled`=0 AND ledger.`posting_date`<=%(today)s "
        "WHERE account.`company`=%(company)s AND account.`account_type` IN %(types)s AND COALESCE(account.`is_group`, 0)=0 AND account.`name`!=%(in_transit)s "
        "GROUP BY account.`name`, account.`account_currency` ORDER BY account.`name`",
        {"company": company, "today": today, "types": _types(with_cash), "in_transit": in_transit},
    ):
        currency, moved = str(row["account_currency"] or rates.base), decimal(row["moved"])
        known = currency == rates.base or currency in rates.known
        found.append(Balance(str(row["name"]), currency, moved, rates.in_base(moved, currency) if known else decimal(row["base"])))
    return Opening(tuple(found), today)


def _types(with_cash: bool) -> tuple[str, ...]:
    return ("Bank", "Cash") if with_cash else ("Bank",)


def ahead(company: str, base: str, today: date, with_cash: bool, in_transit: str = "") -> Iterator[Item]:
    """What is entered on these accounts for a day after today: payments dated ahead, and transfers between banks that are on their way."""
    for row in rows(
        f"SELECT ledger.`voucher_type`, ledger.`voucher_no`, ledger.`account`, ledger.`posting_date`, account.`account_currency`, {_MOVED} AS `moved`, "
        "SUM(ledger.`debit`-ledger.`credit`) AS `base` FROM `tabGL Entry` ledger JOIN `tabAccount` account ON account.`name`=ledger.`account` "
        "WHERE ledger.`company`=%(company)s AND ledger.`is_cancelled`=0 AND ledger.`posting_date`>%(today)s AND account.`account_type` IN %(types)s AND account.`name`!=%(in_transit)s "
        "GROUP BY ledger.`voucher_type`, ledger.`voucher_no`, ledger.`account`, ledger.`posting_date`, account.`account_currency`",
        {"company": company, "today": today, "types": _types(with_cash), "in_transit": in_transit},
    ):
        moved = decimal(row["moved"])
        if abs(moved) >= CENT:
            yield Item(
                AHEAD,
                str(row["voucher_type"]),
                str(row["voucher_no"]),
                moved,
                str(row["account_currency"] or base),
                row["posting_date"],
                part=f"{row['account']} {row['posting_date']}",
                rate=abs(decimal(row["base"]) / moved),
                planned=row["posting_date"],
                why=because(_("Entered for that day already, on {account}"), account=row["account"]),
                fixed=True,
            )


def on_its_way(account: str, base: str, today: date, days: int) -> Iterator[Item]:
    """What stands on the account for transfers in transit; "" for none."""
    for row in (
        rows(
            f"SELECT account.`account_currency`, {_MOVED} AS `moved`, SUM(ledger.`debit`-ledger.`credit`) AS `base` FROM `tabGL Entry` ledger "
            "JOIN `tabAccount` account ON account.`name`=ledger.`account` WHERE ledger.`account`=%(account)s AND ledger.`is_cancelled`=0 AND ledger.`posting_date`<=%(today)s "
            "GROUP BY account.`account_currency`",
            {"account": account, "today": today},
        )
        if account
        else ()
    ):
        moved = decimal(row["moved"])
        if abs(moved) >= CENT:
            yield Item(
                IN_TRANSIT,
                "Account",
                account,
                moved,
                str(row["account_currency"] or base),
                today,
                rate=abs(decimal(row["base"]) / moved),
                planned=today + timedelta(days=days),
                why=because(_("Between two banks: it stands on {account}, and takes {days} days"), account=account, days=days),
                fixed=True,
            )


def held(company: str, ends: Sequence[date], chosen: Chosen) -> dict[date, Decimal]:
    """What was held at the end of each of these days, in base currency, by the ledger as it is now."""
    days = sorted(ends)
    balance, found = ZERO, {}
    moved = rows(
        "SELECT ledger.`posting_date` AS `day`, SUM(ledger.`debit`-ledger.`credit`) AS `moved` FROM `tabGL Entry` ledger JOIN `tabAccount` account ON account.`name`=ledger.`account` "
        "WHERE ledger.`company`=%(company)s AND ledger.`is_cancelled`=0 AND ledger.`posting_date`<=%(last)s AND account.`account_type` IN %(types)s AND account.`name`!=%(in_transit)s "
        "GROUP BY ledger.`posting_date` ORDER BY ledger.`posting_date`",
        {"company": company, "last": days[-1], "types": _types(chosen.with_cash), "in_transit": chosen.in_transit_account},
    )
    at = 0
    for end in days:
        while at < len(moved) and moved[at]["day"] <= end:
            balance += decimal(moved[at]["moved"])
            at += 1
        found[end] = balance
    return found


def rates(company: str, base: str) -> Rates:
    """The newest rate of each currency that ERPNext keeps, in either direction; else that of the last invoice or bill in it."""
    known: dict[str, Decimal] = {}
    for doctype in ("Purchase Invoice", "Sales Invoice"):
        for row in rows(
            f"SELECT doc.`currency`, doc.`conversion_rate` FROM `tab{doctype}` doc JOIN (SELECT `currency`, MAX(`posting_date`) AS `day` FROM `tab{doctype}` "
            "WHERE `company`=%(company)s AND `docstatus`=1 AND `currency`!=%(base)s GROUP BY `currency`) newest ON newest.`currency`=doc.`currency` AND newest.`day`=doc.`posting_date` "
            "WHERE doc.`company`=%(company)s AND doc.`docstatus`=1",
            {"company": company, "base": base},
        ):
            known[str(row["currency"])] = decimal(row["conversion_rate"])
    for row in rows(
        "SELECT `from_currency`, `to_currency`, `exchange_rate` FROM `tabCurrency Exchange` WHERE %(base)s IN (`from_currency`, `to_currency`) ORDER BY `date`, `creation`",
        {"base": base},
        "Currency Exchange",
    ):
        rate = decimal(row["exchange_rate"])
        if rate > ZERO:
            if row["to_currency"] == base:
                known[str(row["from_currency"])] = rate
            else:
                known[str(row["to_currency"])] = 1 / rate
    return Rates(base, {currency: rate for currency, rate in known.items() if rate > ZERO and currency != base})
