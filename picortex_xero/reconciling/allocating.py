"""Allocates vouchers to a bank line and takes them off again, through ERPNext's Bank Transaction, which sets and removes their clearance dates."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import frappe

from ..accounting.money import ZERO, decimal
from ..accounting.texts import _
from ..inbound.entering import as_host
from .plan import CannotBeDone
from .rows import LINE, SALE


def locked(name: str) -> Any:
    """The bank line, its row locked until the transaction ends."""
    locked_row(LINE, name, ("name",))
    return frappe.get_doc(LINE, name)


def locked_row(doctype: str, name: str, columns: Iterable[str]) -> dict[str, Any]:
    """Columns of one row as they are now, the row locked until the transaction ends; {} where it is gone."""
    return dict(frappe.db.get_value(doctype, name, list(columns), as_dict=True, for_update=True) or {})


def left(line: Any) -> Decimal:
    """What is open of a line, positive in."""
    amount = decimal(line.unallocated_amount)
    return amount if decimal(line.deposit) >= decimal(line.withdrawal) else -amount


def check_entered(doctype: str, name: str) -> None:
    """Throws where a voucher is not submitted any more, or was cleared meanwhile. Its row is locked."""
    inside = doctype == SALE
    row = locked_row(doctype, name, ("docstatus",) if inside else ("docstatus", "clearance_date"))
    if not row or row["docstatus"] != 1:
        raise CannotBeDone(_("{name} was cancelled meanwhile").format(name=name))
    # An invoice that was paid on the spot keeps its clearance with each payment in it.
    if not frappe.db.exists(INSIDE, {**_inside(name), "clearance_date": ("is", "not set")}) if inside else row["clearance_date"]:
        raise CannotBeDone(_("{name} was reconciled meanwhile").format(name=name))


def allocate(line: Any, parts: Iterable[tuple[str, str, Decimal | None]]) -> list[list[str]]:
    """Allocate vouchers to a locked line; of each as much as is given, or all that fits (None). Returns what was allocated, as [DocType, name, amount]. Raises CannotBeDone where ERPNext
    allocates less than was wanted."""
    wanted = list(parts)
    before = {(each.payment_document, each.payment_entry) for each in line.payment_entries}
    for doctype, name, amount in wanted:
        if (doctype, name) in before:
            raise CannotBeDone(_("{name} stands in this line already").format(name=name))
        line.append(
            "payment_entries",
            {"payment_document": doctype, "payment_entry": name, "allocated_amount": 0 if amount is None else as_host(abs(amount))},
        )
    line.save()
    found = {(each.payment_document, each.payment_entry): decimal(each.allocated_amount) for each in line.payment_entries}
    for doctype, name, amount in wanted:
        had = found.get((doctype, name), ZERO)
        if had <= ZERO or (amount is not None and had != abs(amount)):
            raise CannotBeDone(_("Nothing is left of {name} that this line could take").format(name=name))
    return [[doctype, name, str(found[doctype, name])] for doctype, name, _amount in wanted]


def clear(doctype: str, name: str, on: Any) -> None:
    """A voucher is cleared although the line took less of it: a Journal Entry posts the rest."""
    if doctype == SALE:
        frappe.db.set_value(INSIDE, _inside(name), "clearance_date", on)
    else:
        frappe.db.set_value(doctype, name, "clearance_date", on)


INSIDE = "Sales Invoice Payment"


def _inside(name: str) -> dict[str, Any]:
    """The payments inside an invoice."""
    return {"parenttype": SALE, "parent": name}


def each_other(line: Any, other: Any, amount: Decimal) -> None:
    """Two lines of one account take each other back: each stands in the other. (ERPNext 15 refuses to work the amount out itself, it compares a Bank Account with a ledger account.)"""
    for one, two in ((line, other), (other, line)):
        one.append("payment_entries", {"payment_document": LINE, "payment_entry": two.name, "allocated_amount": as_host(amount)})
        one.flags.updating_linked_bank_transaction = True
        one.save()


def take_off(line: Any, parts: Iterable[list[str]]) -> None:
    """Take vouchers off a locked line, as far as they stand in it; ERPNext removes their clearance dates (and of another line, this one)."""
    gone = {(each[0], each[1]) for each in parts}
    rows = [each for each in line.payment_entries if (each.payment_document, each.payment_entry) in gone]
    for each in rows:
        line.remove(each)
    if rows:
        line.save()
