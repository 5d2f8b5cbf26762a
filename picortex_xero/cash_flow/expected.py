"""On which day an open item is expected to move money, and why then. Pure.

In this order: the day that somebody has said; the due day and how late this party, else all of its kind, paid before; the due day. What is overdue and of which nothing is known: bills at once,
invoices in two weeks, those that wait longer already in as long again (or each look would expect them just ahead anew), and after a quarter of a year not at all until they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from ..accounting.money import ZERO, half_up
from ..accounting.texts import _, day
from .habits import Habits, Usual
from .values import CUSTOMER, Item, Line, Rates, Why, because

# What is overdue without anything known of who owes it.
SOON, DOUBTFUL = timedelta(days=14), 90


def lines(items: Iterable[Item], habits: Habits, rates: Rates, today: date) -> list[Line]:
    """One line for each item, and several for a credit that is taken off several others."""
    owed, credits = [], []
    for item in items:
        if item.is_credit and not item.fixed:
            credits.append(item)
        else:
            when, why = expected(item, habits, today)
            owed.append(Line(item, item.left, rates.in_base(item.left, item.currency, item.rate), when, why))
    return owed + _credits(credits, owed, rates)


def expected(item: Item, habits: Habits, today: date) -> tuple[date | None, Why]:
    """The day, today at the earliest, and why it is that; None where it is not counted on."""
    if item.blocked:
        return None, item.blocked
    if item.fixed or (item.planned is not None and item.planned >= today):
        when = max(item.planned or item.due or item.day, today)
        return when, item.why or because(_("Expected on {day} by Xero"), day=day(when))
    due = item.due or item.day
    overdue = (today - due).days
    usual = habits.of(item.party_type, item.party, overdue) if item.party_type else None
    if usual is not None:
        return due + timedelta(days=usual.days), _usually(usual, item, overdue)
    if overdue <= 0:
        return due, because(_("Due on {day}"), day=day(due))
    if item.party_type != CUSTOMER:
        return today, because(_("Overdue by {days} days: taken as paid at once"), days=overdue)
    if overdue <= SOON.days:
        return today + SOON, because(
            _("Overdue by {days} days, and too little was paid before to go by: taken as paid in two weeks"), days=overdue
        )
    if overdue <= DOUBTFUL:
        return today + timedelta(days=overdue), because(
            _("Overdue by {days} days, and too little was paid before to go by: taken as paid in as many days again"), days=overdue
        )
    return None, because(_("Overdue by {days} days, and hardly anything so late was ever paid: not counted on"), days=overdue)


def _usually(usual: Usual, item: Item, overdue: int) -> Why:
    values = {"days": abs(usual.days), "count": usual.count}
    if usual.so_late and usual.own:
        return because(
            _("Overdue by {overdue} days: what this party paid so late came {days} days after it was due (median of {count})"),
            overdue=overdue,
            **values,
        )
    if usual.so_late:
        return because(
            _("Overdue by {overdue} days: what was paid so late came {days} days after it was due (median of {count}, all parties)"),
            overdue=overdue,
            **values,
        )
    if usual.own and item.party_type != CUSTOMER and usual.days >= 0:
        return because(_("This supplier is paid {days} days after the due day (median of {count})"), **values)
    if usual.own and item.party_type != CUSTOMER:
        return because(_("This supplier is paid {days} days before the due day (median of {count})"), **values)
    if usual.own and usual.days >= 0:
        return because(_("This party pays {days} days after the due day (median of {count})"), **values)
    if usual.own:
        return because(_("This party pays {days} days before the due day (median of {count})"), **values)
    if item.party_type == CUSTOMER and usual.days >= 0:
        return because(
            _("Customers pay {days} days after the due day (median of {count}; this one has paid too little to go by)"), **values
        )
    if item.party_type == CUSTOMER:
        return because(
            _("Customers pay {days} days before the due day (median of {count}; this one has paid too little to go by)"), **values
        )
    if usual.days >= 0:
        return because(_("Suppliers are paid {days} days after the due day (median of {count}; this one too seldom to go by)"), **values)
    return because(_("Suppliers are paid {days} days before the due day (median of {count}; this one too seldom to go by)"), **values)


def _credits(credits: list[Item], owed: list[Line], rates: Rates) -> list[Line]:
    """Credits and advances, on the days of what they are taken off: a party's next lines in that currency. What is left over moves no money by itself."""
    room: dict[tuple[str, str, str], list[tuple[date, Decimal]]] = {}
    for line in sorted((each for each in owed if each.expected and each.item.party), key=lambda each: (each.expected, each.item.key)):
        assert line.expected is not None
        whose = (line.item.party_type, line.item.party, line.item.currency)
        room.setdefault(whose, []).append((line.expected, abs(line.amount)))
    found = []
    for credit in sorted(credits, key=lambda each: (each.day, each.key)):
        free = room.get((credit.party_type, credit.party, credit.currency), [])
        left = credit.left
        whole = rates.in_base(left, credit.currency, credit.rate)
        rest = whole
        while left and free:
            when, amount = free[0]
            taken = min(amount, abs(left))
            part = taken if left > ZERO else -taken
            left -= part
            base = half_up(whole * part / credit.left) if left else rest
            rest -= base
            found.append(Line(credit, part, base, when, because(_("Taken off what this party pays or is paid on {day}"), day=day(when))))
            if taken == amount:
                free.pop(0)
            else:
                free[0] = (when, amount - taken)
        if left:
            found.append(
                Line(credit, left, rest, None, because(_("Nothing of this party is open that it could be taken off: not counted on")))
            )
    return found
