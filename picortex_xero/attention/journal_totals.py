"""What a journal comes to in Xero, so that it can stand beside what it comes to here.

ERPNext's total of a journal (`total_debit`) is the sum of its debits in company currency, the rows of taxes among them. Xero shows no total of a manual
journal: it is the sum of its debit lines, and the tax of a line stands beside its amount. Money spent or received is what moved at the bank, less than the debits
where rows of both signs are set off against each other. What Xero keeps elsewhere (a tax beside its line, what was set off) is counted with what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe

from ..accounting.money import ZERO, decimal, half_up
from ..xero.records.registry import BANK_TRANSACTION, MANUAL_JOURNAL

MONEY = ("Bank", "Cash")


@dataclass
class Rows:
    """The sums of a journal's rows in company currency: all `debits`, those without taxes (`untaxed`), and what moved at banks (`bank`, signed)."""

    debits: Decimal = ZERO
    untaxed: Decimal = ZERO
    bank: Decimal = ZERO


def rows_of(names: Iterable[str]) -> dict[str, Rows]:
    """By name, of a few hundred journals at most."""
    found = {name: Rows() for name in names}
    if not found:
        return found
    said = frappe.db.sql(
        "SELECT r.parent, r.debit, r.credit, a.account_type FROM `tabJournal Entry Account` AS r LEFT JOIN `tabAccount` AS a ON a.name=r.account "
        "WHERE r.parenttype='Journal Entry' AND r.parent IN %(names)s",
        {"names": tuple(found)},
        as_dict=True,
    )
    for row in said:
        sums, amount = found[row["parent"]], decimal(row["debit"]) - decimal(row["credit"])
        debit = max(amount, ZERO)
        sums.debits += debit
        sums.untaxed += ZERO if row["account_type"] == "Tax" else debit
        sums.bank += amount if row["account_type"] in MONEY else ZERO
    return found


def in_xero(endpoints: set[str], shown: Decimal, rows: Rows) -> Decimal | None:
    """What Xero has of a journal whose records at these `endpoints` show the amount `shown`, in the terms of `total_debit`; None where what it became has
    no amount that could be compared with that."""
    bank = abs(rows.bank)
    # An account of taxes may be mapped like any other: then its row is a line in Xero.
    as_sent = {rows.debits, rows.untaxed} if endpoints == {MANUAL_JOURNAL.endpoint} else {bank or rows.debits}
    if endpoints not in ({MANUAL_JOURNAL.endpoint}, {BANK_TRANSACTION.endpoint}):
        as_sent.add(rows.debits)
    if half_up(shown) in map(half_up, as_sent):
        return rows.debits
    if not shown:
        # Listed without its lines.
        return None
    if endpoints == {MANUAL_JOURNAL.endpoint}:
        return shown + rows.debits - rows.untaxed
    return shown + rows.debits - bank if endpoints == {BANK_TRANSACTION.endpoint} and bank else None
