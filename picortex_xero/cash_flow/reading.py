"""A company's forecast, made of what ERPNext has now and of what Xero was last seen to have open. A fixed number of statements, however much is open."""

from __future__ import annotations

from datetime import date, timedelta

import frappe

from ..accounting.texts import Text, _
from . import banks, in_xero, open_here, own_lines, paid_before, payroll, settings, to_come, xero_banks
from .forecast import Forecast, made
from .habits import Habits
from .in_xero import Seen
from .once import once, settled_as_in_xero
from .settings import Chosen
from .values import IN_XERO, Opening, Rates


# What no exchange rate is known of cannot be summed.
class NoRate(Exception):
    """`said`: which currency it is."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.said: Text = _("ERPNext has no exchange rate for {currency}: enter a Currency Exchange").format(currency=currency)


def of(
    company: str,
    today: date,
    chosen: Chosen | None = None,
    *,
    opening: Opening | None = None,
    there: Seen | None = None,
) -> Forecast:
    """From today on, as many weeks as the company chose. `opening`: what the banks hold by another book than ERPNext's (Xero's Bank Summary, cash_flow/values.py Opening); `there`: what is
    open there, else as it was read last. Raises NoRate."""
    chosen = chosen or settings.of(company)
    there = there if there is not None else in_xero.seen(company)
    base = str(frappe.get_cached_value("Company", company, "default_currency"))
    until = today + timedelta(days=7 * chosen.weeks - 1)
    rates = banks.rates(company, base)
    transit = chosen.in_transit_account
    others = [
        *banks.ahead(company, base, today, chosen.with_cash, transit),
        *banks.on_its_way(transit, base, today, chosen.in_transit_days),
        *own_lines.items(company, base, today, until),
    ]
    if chosen.with_orders:
        others += to_come.orders(company, base, today)
    if chosen.with_repeated:
        others += [*to_come.auto_repeats(company, base, today, until), *to_come.subscriptions(company, base, today, until)]
    if chosen.with_payroll:
        others += payroll.wages(company, base, today, until)
    here = open_here.items(company, base, today)
    both = once(here, there.items, there.links)
    held = opening or _opening(company, today, rates, chosen)
    if held.book == IN_XERO:
        paid_here = {there.links[each.name] for each in both.left_out}
        settled = xero_banks.settled(company, here, there.read_at)
        both = settled_as_in_xero(both, there.items, there.links, settled, xero_banks.submitted(paid_here), today)
    habits = Habits(paid_before.paid(company, today))
    try:
        return made(held, both, others, habits, rates, today, until, there.read_at)
    except KeyError as error:
        raise NoRate(str(error.args[0])) from error


def _opening(company: str, today: date, rates: Rates, chosen: Chosen) -> Opening:
    """ERPNext's, or what Xero's banks hold where the company chose that and it is known."""
    ours = banks.opening(company, today, rates, chosen.with_cash, chosen.in_transit_account)
    return xero_banks.opening(company, today, ours) if chosen.by_xeros_banks else ours
