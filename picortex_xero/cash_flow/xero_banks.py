"""What banks hold by Xero's Bank Summary, account by account as they are mapped; and which open documents Xero has as settled. Where Xero's figure is not there, too old, or not certain, ERPNext's is taken and that is said: never a zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import frappe

from ..accounting.texts import Text, _, amount, day
from ..connection import current, xero_lists
from ..engine import month_books
from ..reporting import snapshots
from ..reports.kinds import BANK_SUMMARY
from ..reports.reading import CLOSING
from ..xero.records.registry import INVOICE
from .asking import rows
from .in_xero import in_parts
from .open_here import PURCHASE, SALE
from .values import IN_XERO, Balance, Item, Opening

# What was read for the day before is what the day begins with; anything older lacks days that no line of the forecast has.
OLDEST = timedelta(days=1)
INSTEAD = _("What banks hold is ERPNext's, not Xero's: {why}")
PAID, APPROVED = "PAID", "AUTHORISED"


def opening(company: str, today: date, ours: Opening) -> Opening:
    """Xero's, with ERPNext's for what Xero's Bank Summary does not say; `ours` with the reason where it says nothing."""
    connection = current.of_company(company)
    if connection is None or not xero_lists.read_at(connection):
        return _instead(ours, _("this company is not connected to Xero"))
    found = snapshots.newest(connection, BANK_SUMMARY, until=today)
    if found is None:
        return _instead(ours, _("Xero's Bank Summary was not read. A Xero Admin ticks Read Xero's Reports on the Xero Connection"))
    asked, read = found
    if today - asked.last > OLDEST:
        return _instead(ours, _("Xero's Bank Summary was last read for {day}").format(day=day(asked.last)))
    held = {account: amounts[CLOSING] for account, amounts in read.statement.by_account.items()}
    balances, said, used = _matched(connection, ours, held, read.currency)
    if not used:
        return _instead(ours, _("none of Xero's bank accounts is mapped to a bank account here"))
    others = {account: closing for account, closing in held.items() if account not in used and closing}
    if others:
        named = {each.xero_id: f"{each.code} {each.name}".strip() for each in month_books.chart(connection)}
        for account, closing in others.items():
            said.append(
                _("Not counted: {account} with {amount} in Xero, to which no bank account here is mapped").format(
                    account=named.get(account, account), amount=amount(closing)
                )
            )
    first = _("What banks hold is Xero's, at the end of {day}, read at {time} (UTC)").format(
        day=day(asked.last), time=read.read_at.strftime("%Y-%m-%d %H:%M")
    )
    return Opening(tuple(balances), today, IN_XERO, (first, *said), read.read_at)


def _instead(ours: Opening, why: Text) -> Opening:
    return replace(ours, said=(INSTEAD.format(why=why),))


def _matched(connection: str, ours: Opening, held: dict[str, Decimal], base: str) -> tuple[list[Balance], list[Text], set[str]]:
    """Account by account: Xero's figure once, however many accounts here stand for it. Only in base currency: in which one Xero's Bank Summary shows an account in another is not known for certain."""
    stands = month_books.stands_for(frappe.get_doc("Xero Connection", connection), month_books.chart(connection))
    listed = xero_lists.stored(connection)["accounts"]
    currencies = {str(each["AccountID"]).lower(): str(each["CurrencyCode"] or base) for each in listed}
    balances: list[Balance] = []
    said: list[Text] = []
    used: set[str] = set()
    for each in ours.balances:
        account = stands.get(each.account, "")
        in_base = each.currency == base and currencies.get(account, base) == base
        if account in held and in_base:
            if account not in used:
                balances.append(Balance(each.account, base, held[account], held[account]))
            used.add(account)
            continue
        balances.append(each)
        if each.amount:
            why = _("it is in another currency") if account in held else _("it is mapped to no bank account in Xero")
            said.append(_("{account} is taken as ERPNext has it: {why}").format(account=each.account, why=why))
    return balances, said, used


def settled(company: str, here: Iterable[Item], read_at: datetime | None) -> set[tuple[str, str]]:
    """Invoices and bills that are open here and were approved or paid in Xero before its open items were read at `read_at` (UTC): those that are not among them are settled there. A statement for each thousand."""
    connection = current.of_company(company)
    names = sorted({each.name for each in here if each.doctype in (SALE, PURCHASE)})
    found: set[tuple[str, str]] = set()
    for some in in_parts(names) if connection and read_at else ():
        for row in rows(
            "SELECT `reference_doctype`, `reference_name` FROM `tabXero Link` WHERE `connection`=%(connection)s AND `endpoint`=%(invoices)s "
            "AND `reference_doctype` IN %(doctypes)s AND `reference_name` IN %(names)s AND `remote_status` IN %(statuses)s AND `remote_updated`<=%(read_at)s",
            {
                "connection": connection,
                "invoices": INVOICE.endpoint,
                "doctypes": (SALE, PURCHASE),
                "names": some,
                "statuses": (PAID, APPROVED),
                "read_at": read_at,
            },
        ):
            found.add((str(row["reference_doctype"]), str(row["reference_name"])))
    return found


def submitted(items: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these documents that stand here, and were not cancelled."""
    known = set(items)
    found: set[tuple[str, str]] = set()
    for doctype in (SALE, PURCHASE):
        for some in in_parts(sorted(name for of, name in known if of == doctype)):
            names = frappe.get_all(doctype, filters={"name": ("in", some), "docstatus": 1}, pluck="name")
            found |= {(doctype, str(name)) for name in names}
    return found
