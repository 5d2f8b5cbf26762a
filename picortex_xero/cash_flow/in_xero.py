"""What Xero was last seen to have open, as items of a forecast, and which documents here those are. A few statements for each thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ..accounting.money import ZERO, decimal
from ..connection import current
from ..reporting import snapshots
from ..xero.records import open_items
from .asking import rows
from .once import Links
from .open_here import PURCHASE, SALE
from .values import BILL, CREDIT, CUSTOMER, IN_XERO, INVOICE, SUPPLIER, Item

AT_ONCE = 1000


@dataclass(frozen=True)
class Seen:
    """What was open there, and which documents here those are. `read_at`: when Xero was asked (UTC); None where it never was."""

    items: tuple[Item, ...] = ()
    links: Links = field(default_factory=dict)
    read_at: datetime | None = None


def seen(company: str) -> Seen:
    """As Xero's open items were read last (Xero Report Snapshot); nothing of a company that is not connected."""
    connection = current.of_company(company)
    read = snapshots.open_at(connection) if connection else None
    if connection is None or read is None:
        return Seen()
    return Seen(tuple(items(connection, read.items)), {**_same_number(company, read.items), **links(connection, read.items)}, read.read_at)


def items(connection: str, found: Sequence[open_items.Item]) -> list[Item]:
    """By Xero's ids. Parties are those whose contacts they are here, so that what they paid before counts; else they have the contact's name only."""
    contacts = _parties(connection, {each.contact for each in found if each.contact})
    return [_item(each, contacts) for each in found]


def _item(each: open_items.Item, contacts: dict[tuple[str, str], str]) -> Item:
    party_type = CUSTOMER if each.customers else SUPPLIER
    left = each.left if each.customers else -each.left
    return Item(
        CREDIT if each.left < ZERO else INVOICE if each.customers else BILL,
        each.endpoint,
        each.id,
        left,
        each.currency,
        date.fromisoformat(each.day),
        date.fromisoformat(each.due) if each.due else None,
        part=each.number,
        party_type=party_type,
        party=contacts.get((party_type, each.contact), each.contact),
        party_name=each.contact_name,
        rate=abs(each.base / each.left) if each.left else Decimal(0),
        planned=date.fromisoformat(each.planned) if each.planned else None,
        book=IN_XERO,
    )


def links(connection: str, found: Sequence[open_items.Item]) -> Links:
    """The documents here that these are, by Xero's id. What was made for another document (a fee, what is left of an advance) is that document's too."""
    known = {}
    for some in in_parts(sorted({each.id for each in found})):
        for row in rows(
            "SELECT `xero_id`, `reference_doctype`, `reference_name` FROM `tabXero Link` WHERE `connection`=%(connection)s AND `xero_id` IN %(ids)s",
            {"connection": connection, "ids": some},
        ):
            known[str(row["xero_id"]).lower()] = (str(row["reference_doctype"]), str(row["reference_name"]))
    return known


def _same_number(company: str, found: Sequence[open_items.Item]) -> Links:
    """Documents here that are in both books without a link, since they were entered twice (before go-live): an invoice of the same number, a bill of the same number and supplier's amount that is open."""
    known: dict[str, tuple[str, str]] = {}
    for some in in_parts(sorted({each.number for each in found if each.number})):
        sales = {
            str(row["name"])
            for row in rows(
                "SELECT `name` FROM `tabSales Invoice` WHERE `company`=%(company)s AND `docstatus`=1 AND `name` IN %(ids)s",
                {"company": company, "ids": some},
            )
        }
        bills = {
            (str(row["bill_no"]), abs(decimal(row["outstanding_amount"]))): str(row["name"])
            for row in rows(
                "SELECT `name`, `bill_no`, `outstanding_amount` FROM `tabPurchase Invoice` WHERE `company`=%(company)s AND `docstatus`=1 AND `bill_no` IN %(ids)s",
                {"company": company, "ids": some},
            )
        }
        for each in found:
            if each.customers and each.number in sales:
                known[each.id] = (SALE, each.number)
            elif not each.customers and (each.number, abs(each.left)) in bills:
                known[each.id] = (PURCHASE, bills[each.number, abs(each.left)])
    return known


def _parties(connection: str, contacts: set[str]) -> dict[tuple[str, str], str]:
    """The customers and suppliers here of these contacts, by kind and contact. Two of a kind that share one: neither is known to be it."""
    known: dict[tuple[str, str], str] = {}
    for some in in_parts(sorted(contacts)):
        for row in rows(
            "SELECT `xero_id`, `reference_doctype`, `reference_name` FROM `tabXero Link` WHERE `connection`=%(connection)s AND `reference_doctype` IN %(parties)s AND `xero_id` IN %(ids)s",
            {"connection": connection, "parties": (CUSTOMER, SUPPLIER), "ids": some},
        ):
            key = str(row["reference_doctype"]), str(row["xero_id"]).lower()
            known[key] = str(row["reference_name"]) if key not in known else key[1]
    return known


def in_parts(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """As many as one statement names."""
    for first in range(0, len(ids), AT_ONCE):
        yield tuple(ids[first : first + AT_ONCE])
