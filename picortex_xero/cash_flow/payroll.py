"""Wages, as HRMS paid them last: one sum for each pay day, without names. Nothing where HRMS is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..accounting.money import CENT, ZERO, decimal
from ..accounting.texts import _, day
from . import repeating
from .asking import rows
from .repeating import Every
from .values import PAYROLL, Item, because

LOOKS_BACK = timedelta(days=75)
# HRMS calls twice a month bimonthly.
_EVERY = {**repeating.NAMED, "Bimonthly": Every(days=15)}


def wages(company: str, base: str, today: date, until: date) -> Iterator[Item]:
    """For each rhythm of payment the newest period's net pay, on the days on which the next periods end; and what of the newest period was not paid yet by a bank entry of its Payroll Entry, today at the
    earliest."""
    newest: dict[str, list[dict[str, Any]]] = {}
    for row in rows(
        "SELECT slip.`payroll_frequency`, slip.`end_date`, slip.`payroll_entry`, SUM(COALESCE(NULLIF(slip.`base_rounded_total`, 0), slip.`base_net_pay`)) AS `pay`, "
        "(SELECT COUNT(*) FROM `tabJournal Entry Account` part JOIN `tabJournal Entry` journal ON journal.`name`=part.`parent` AND journal.`docstatus`=1 AND journal.`voucher_type`='Bank Entry' "
        "WHERE part.`reference_type`='Payroll Entry' AND part.`reference_name`=slip.`payroll_entry`) AS `paid` FROM `tabSalary Slip` slip "
        "WHERE slip.`company`=%(company)s AND slip.`docstatus`=1 AND slip.`end_date`>=%(first)s "
        "GROUP BY slip.`payroll_frequency`, slip.`end_date`, slip.`payroll_entry` ORDER BY slip.`end_date`",
        {"company": company, "first": today - LOOKS_BACK},
        "Salary Slip",
    ):
        own = newest.setdefault(str(row["payroll_frequency"] or "Monthly"), [])
        if own and own[-1]["end_date"] != row["end_date"]:
            own.clear()
        own.append(row)
    for frequency, of_period in sorted(newest.items()):
        ended = of_period[0]["end_date"]
        not_paid = [each for each in of_period if not each["paid"] and (each["payroll_entry"] or ended >= today)]
        yield from _pay_day(frequency, ended, sum((decimal(each["pay"]) for each in not_paid), ZERO), max(ended, today), base, ended)
        every = _EVERY.get(frequency)
        whole = sum((decimal(each["pay"]) for each in of_period), ZERO)
        if every is not None:
            # The last day of a month is followed by that of the next.
            first = _end_of_month(ended) if every.months else ended
            for when in repeating.days(first, every, max(ended, today) + timedelta(days=1), until):
                yield from _pay_day(frequency, when, whole, when, base, ended)


def _end_of_month(ended: date) -> date:
    """From what months are counted: of a month's last day a 31st, so that the last day of each follows."""
    if (ended + timedelta(days=1)).day != 1 or ended.day == 31:
        return ended
    # The month before one that is shorter than 31 days always has 31.
    return ended.replace(day=1) - timedelta(days=1)


def _pay_day(frequency: str, period: date, pay: Decimal, when: date, base: str, like: date) -> Iterator[Item]:
    if pay >= CENT:
        yield Item(
            PAYROLL,
            "Salary Slip",
            frequency,
            -pay,
            base,
            period,
            part=period.isoformat(),
            rate=Decimal(1),
            planned=when,
            why=because(_("Net pay of the period that ended on {day}"), day=day(like)),
            fixed=True,
        )
