"""Sales at the counter: a recorded invoice paid on entry, its return paid back, and the payments that Xero then has."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sandbox.rig import Rig
from tests.scene import rig as scene


def counter_sale(rig: Rig, record: scene.Record, sums: Sequence[tuple[str, Decimal]], change: Decimal = Decimal(0)) -> scene.Record:
    """The invoice with payments inside: (account without suffix, amount), change out of the till."""
    made, abbr = scene.copied(record, f"{record['name']}-POS"), rig.company["abbr"]
    rows = [
        {
            "doctype": "Sales Invoice Payment",
            "idx": at,
            "docstatus": 1,
            "name": "",
            "mode_of_payment": account,
            "account": f"{account} - {abbr}",
            "amount": float(amount),
            "base_amount": float(amount),
        }
        for at, (account, amount) in enumerate(sums, 1)
    ]
    paid = sum((amount for _account, amount in sums), Decimal(0))
    made["doc"].update(is_pos=1, payments=rows, paid_amount=float(paid), change_amount=float(change), base_change_amount=float(change))
    made["doc"].update(account_for_change_amount=f"Cash - {abbr}", outstanding_amount=float(scene.total(record) - paid + change))
    return made


def payments(rig: Rig) -> list[tuple[Decimal, str, str]]:
    """(amount, reference, status) of every payment that Xero ever had."""
    return sorted((Decimal(each["Amount"]), each["Reference"], each["Status"]) for each in rig.xero.documents("Payments"))


def refunded(sale: scene.Record, less: Decimal = Decimal(0)) -> scene.Record:
    """The return of a counter sale, paid back in the same ways."""
    back = scene.returned(sale, at_once=False)
    back["doc"].update(paid_amount=float(less - scene.total(sale)), outstanding_amount=0.0)
    for row in back["doc"]["payments"]:
        row.update(amount=float(less) - row["amount"], base_amount=float(less) - row["base_amount"])
    return back
