"""The exchange rates that ERPNext keeps (Currency Exchange), for statements that are shown in another currency. One statement; nothing is asked of anybody."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from ..accounting.money import decimal
from ..reports.rates import Entered

DOCTYPE = "Currency Exchange"


def entered(currencies: Iterable[str], to: str) -> list[Entered]:
    """All that were entered between these currencies and `to`, either way round, whatever they are for."""
    others = sorted({*currencies} - {to})
    if not others or not frappe.db.table_exists(DOCTYPE):
        return []
    rows = frappe.db.sql(
        "SELECT `from_currency`, `to_currency`, `date`, `exchange_rate` FROM `tabCurrency Exchange` "
        "WHERE (`from_currency` IN %(others)s AND `to_currency`=%(to)s) OR (`from_currency`=%(to)s AND `to_currency` IN %(others)s)",
        {"others": others, "to": to},
        as_dict=True,
    )
    return [
        Entered(str(row["from_currency"]), str(row["to_currency"]), row["date"], decimal(row["exchange_rate"]))
        for row in rows
        if row["date"]
    ]
