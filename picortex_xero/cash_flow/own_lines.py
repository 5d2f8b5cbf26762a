"""What only people know (Xero Forecast Line): rent, a loan, the day on which a tax is paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import CENT, decimal
from ..accounting.texts import _
from ..engine.screen_texts import html, in_words
from . import collected, repeating, settings
from .asking import rows
from .collected import Collected
from .repeating import Every
from .values import OWN, TAX, Item, Why, because

DOCTYPE = "Xero Forecast Line"
COLLECTED = "What an Account Has Collected"
EVERY = {"Once": repeating.ONCE, **repeating.NAMED, "Every Two Months": Every(months=2)}
# What an account gathers in a day is what documents have brought it in so many days.
YEAR = 365


def items(company: str, base: str, today: date, until: date) -> Iterator[Item]:
    """Each line on each of its days. Two statements more, whatever their number, where accounts are among them."""
    found = rows(
        f"SELECT `name`, `title`, `kind`, `direction`, `amount_from`, `amount`, `currency`, `account`, `covers_until`, `first_day`, `frequency`, `last_day` FROM `tab{DOCTYPE}` "
        "WHERE `company`=%(company)s AND `disabled`=0 AND (`last_day` IS NULL OR `last_day`>=%(today)s) ORDER BY `creation`",
        {"company": company, "today": today},
    )
    accounts = _collected([str(row["account"]) for row in found if row["amount_from"] == COLLECTED and row["account"]], today)
    for row in found:
        days = list(repeating.days(row["first_day"], EVERY[row["frequency"] or "Once"], today, until, row["last_day"]))
        for when, amount in zip(days, _amounts(row, days, accounts)):
            if abs(amount) >= CENT:
                yield _item(row, when, amount, base)


def _amounts(row: dict[str, Any], days: Sequence[date], accounts: dict[str, Collected]) -> list[Decimal]:
    """What each day moves: positive in."""
    if row["amount_from"] != COLLECTED:
        return [decimal(row["amount"]) * (1 if row["direction"] == "In" else -1)] * len(days)
    known = accounts.get(str(row["account"]))
    return [-each for each in collected.amounts(known, days, int(row["covers_until"] or 0))] if known else []


def _item(row: dict[str, Any], when: date, amount: Decimal, base: str) -> Item:
    gathered = row["amount_from"] == COLLECTED
    why: Why = (
        because(_("{title}: what {account} will have collected until then"), title=row["title"], account=row["account"])
        if gathered
        else because(_("{title}: your own line"), title=row["title"])
    )
    return Item(
        TAX if row["kind"] == TAX else OWN,
        DOCTYPE,
        str(row["name"]),
        amount,
        base if gathered else str(row["currency"] or base),
        when,
        part=when.isoformat(),
        party_name=str(row["title"]),
        planned=when,
        why=why,
        fixed=True,
    )


def _collected(accounts: list[str], today: date) -> dict[str, Collected]:
    """What each account owes now, in base currency, and what a day adds to it: by documents of the last year, without what was paid of it by journals and payments."""
    if not accounts:
        return {}
    values = {
        "accounts": tuple(accounts),
        "today": today,
        "first": today - timedelta(days=YEAR),
        "documents": ("Sales Invoice", "Purchase Invoice", "Expense Claim"),
    }
    balances = rows(
        "SELECT `account`, SUM(`credit`-`debit`) AS `balance` FROM `tabGL Entry` WHERE `account` IN %(accounts)s AND `is_cancelled`=0 AND `posting_date`<=%(today)s GROUP BY `account`",
        values,
    )
    added = rows(
        "SELECT `account`, SUM(`credit`-`debit`) AS `added`, MIN(`posting_date`) AS `first` FROM `tabGL Entry` WHERE `account` IN %(accounts)s AND `is_cancelled`=0 "
        "AND `voucher_type` IN %(documents)s AND `posting_date`>%(first)s AND `posting_date`<=%(today)s GROUP BY `account`",
        values,
    )
    a_day = {str(row["account"]): decimal(row["added"]) / max((today - row["first"]).days + 1, 30) for row in added}
    return {str(row["account"]): Collected(decimal(row["balance"]), today, a_day.get(str(row["account"]), Decimal(0))) for row in balances}


def check(doc: Any) -> None:
    """Throws where a Xero Forecast Line could not be followed."""
    if doc.amount_from == COLLECTED:
        if not doc.account:
            frappe.throw(html(in_words(_("Choose the account whose balance is paid"))))
        settings.of_the_company(doc.account, doc.company)
    elif decimal(doc.amount) <= 0:
        frappe.throw(html(in_words(_("Enter the amount; whether it comes in or goes out is its direction"))))
    if doc.last_day and str(doc.last_day) < str(doc.first_day):
        frappe.throw(html(in_words(_("The last day is before the first"))))
