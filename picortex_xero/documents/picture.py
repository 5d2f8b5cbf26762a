"""What a record in Xero was like when all was well, and in what it differs now: so that what people change there is noticed.

The picture holds what moves money, and where it is booked: contact, date, total, tax, exchange rate, accounts, what a payment pays, and its lines by their
coding (account, tax type, tracking). Lines that are split, joined, moved or described otherwise change nothing there; nor does another due
date or reference (those are told apart: details.py), or that it was sent to the contact. What Xero does not show proves nothing. Kept on the link as JSON (`remote_picture`):
taken from the answer to our own request, completed when the reader (inbound/) sees that same version of the record in a list.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..accounting.called import NOTHING_CALLED, Called
from ..accounting.exchange import RATE_DECIMALS
from ..accounting.money import ZERO, decimal, half_up
from ..accounting.texts import Text, _, amount, day, joined, plain
from ..xero.records import xero_element
from ..xero.records.base import XeroObject
from ..xero.records.invoice import Invoice
from .details import DETAILS, details
from .step import Link

Element = dict[str, Any]
Picture = dict[str, Any]
ONE = Decimal(1)
# The version of the record that a picture was taken of (Xero's UpdatedDateUTC), what others paid of it, and what a payment moves at its bank account, in that one's
# currency: no part of the comparison.
VERSION, PAID, CODING, AT_BANK = "at", "paid", "Coding", "bank"
# A person has accepted what differed from what was sent: from then on the record has to be as it was then, and no change here writes over it.
# Until our own request changes the record.
ACCEPTED = "accepted"
# What a person was told when he accepted it: only that is accepted, not what was changed since.
ACCEPTING = "accepting"
CHANGED = {
    "Contact": _("it has another contact"),
    "Currency": _("the currency was {here} and is {there} now"),
    "Rate": _("the exchange rate was {here} and is {there} now"),
    "Date": _("the date was {here} and is {there} now"),
    "Total": _("the total was {here} and is {there} now"),
    "Amount": _("the amount was {here} and is {there} now"),
    "Tax": _("the tax was {here} and is {there} now"),
    "Account": _("it is on another bank account"),
    "From": _("it comes from another bank account"),
    "To": _("it goes to another bank account"),
    "Target": _("it pays another document"),
    "Members": _("it pays other documents or amounts"),
}
# Where these differ as well, the change is not one of coding alone.
MONEY = tuple(CHANGED)


def picture(of: XeroObject, element: Element) -> Picture:
    """The picture of a record as an answer or a list shows it."""
    facts = {name: value for name, value in of.compared_fields(element).items() if name in CHANGED and value}
    shown = {"Tax": xero_element.money(element.get("TotalTax")), "Currency": xero_element.fold(element.get("CurrencyCode")).upper()}
    if of.has_total and not of.is_advance:
        shown["Rate"] = _rate(element)
    # Xero chooses the account of an overpayment's line itself, and shows it otherwise where it is made.
    rows = [] if of.is_advance else coding(element)
    found = {**facts, **{name: value for name, value in shown.items() if value}, **({CODING: rows} if rows else {})}
    if (at := xero_element.updated(element)) is not None:
        found[VERSION] = at.isoformat()
    if isinstance(element.get("Payments"), list) and of.named_in_payments:
        found[PAID] = Invoice.paid_by(element)
    if moved := xero_element.money(element.get("BankAmount")):
        found[AT_BANK] = moved
    if said := details(element):
        found[DETAILS] = said
    return found


def _rate(element: Element) -> str:
    """The rate of a record in a foreign currency, with the six decimals that Xero keeps; "" in base currency, or where it is not shown."""
    rate = decimal(element.get("CurrencyRate"))
    return str(half_up(rate, RATE_DECIMALS)) if rate not in (ZERO, ONE) else ""


def coding(element: Element) -> list[list[str]]:
    """[account id, account code, tax type, tracking, net, tax] of the lines, joined where the first four agree; [] where they cannot be
    read."""
    rows = element.get("LineItems") or element.get("JournalLines")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return []
    inclusive = element.get("LineAmountTypes") == "Inclusive"
    sums: dict[tuple[str, str, str, str], list[Decimal]] = {}
    for row in rows:
        amount = xero_element.money(row.get("LineAmount"))
        if not amount:
            continue  # a line of text
        tax = Decimal(xero_element.money(row.get("TaxAmount")) or "0")
        account, code, tax_type = (xero_element.fold(row.get(name)).upper() for name in ("AccountID", "AccountCode", "TaxType"))
        key = (account, code, tax_type, _tracking(row))
        net = sums.setdefault(key, [ZERO, ZERO])
        net[0] += Decimal(amount) - (tax if inclusive else ZERO)
        net[1] += tax
    return sorted([*key, *map(xero_element.money, amounts)] for key, amounts in sums.items())


def _tracking(row: Element) -> str:
    tags = [each for each in row.get("Tracking") or [] if isinstance(each, dict)]
    return ", ".join(sorted(f"{each.get('Name')}: {each.get('Option')}" for each in tags))


def as_kept(of: XeroObject, link: Link) -> Picture:
    """The picture on a link. One from before there were pictures has only the total that Xero showed."""
    if link.picture or not (of.has_total and link.total):
        return link.picture
    return {"Total": xero_element.money(link.total)}


def seen_as_of(link: Link) -> datetime | None:
    """The last change of the record that is known here (UpdatedDateUTC): our own request made it, or the reader has met it. None where Xero has not said."""
    kept = link.picture.get(VERSION)
    return max((each for each in (link.updated, datetime.fromisoformat(kept) if kept else None) if each), default=None)


def differences(was: Picture, now: Picture, called: Called = NOTHING_CALLED) -> list[Text]:
    """One sentence for each way in which a record is not what it was."""
    found = [
        words.format(**({"here": _value(name, was[name]), "there": _value(name, now[name])} if "{here}" in words else {}))
        for name, words in CHANGED.items()
        if _differs(name, was, now)
    ]
    return found + (_recoded(was[CODING], now[CODING], called) if was.get(CODING) and now.get(CODING) else [])


def _differs(name: str, was: Picture, now: Picture) -> bool:
    """Whether a fact that both show is another one. A payment pays one document, but what Xero shows of that one may name the credits taken off it as
    well, and not every answer does: one id in common is the same document."""
    if not (was.get(name) and now.get(name)):
        return False
    return set(was[name]).isdisjoint(now[name]) if name == "Target" else bool(was[name] != now[name])


def _value(name: str, value: Any) -> Text:
    return day(value) if name == "Date" else amount(value) if name in ("Total", "Amount", "Tax") else plain(str(value))


def only_coding(was: Picture, now: Picture) -> bool:
    """Whether nothing but the coding of lines differs: all amounts are the same in sum, debits, credits and tax."""
    same = not any(_differs(name, was, now) for name in MONEY)
    return same and (not (was.get(CODING) and now.get(CODING)) or _sums(was[CODING]) == _sums(now[CODING]))


def _sums(rows: list[list[str]]) -> tuple[Decimal, ...]:
    amounts = [(decimal(row[4]), decimal(row[5])) for row in rows]
    debits, credits = (sum((net for net, _tax in amounts if (net > 0) is positive), ZERO) for positive in (True, False))
    return debits, credits, sum((tax for _net, tax in amounts), ZERO)


def _recoded(was: list[list[str]], now: list[list[str]], called: Called) -> list[Text]:
    # Codes of accounts can be changed in Xero; ids cannot. An answer may show only one of the two.
    by_id = all(row[0] for row in (*was, *now))
    before, after = _by_key(was, by_id), _by_key(now, by_id)
    return [
        _("{coding}: {here} was sent, {there} is there now").format(
            coding=_coding_words((before.get(key) or after[key])[0], called), here=_amount(before.get(key)), there=_amount(after.get(key))
        )
        for key in sorted({*before, *after})
        if (before[key][1:] if key in before else None) != (after[key][1:] if key in after else None)
    ]


Sum = tuple[list[str], Decimal, Decimal]


def _by_key(rows: list[list[str]], by_id: bool) -> dict[tuple[str, str, str], Sum]:
    found: dict[tuple[str, str, str], Sum] = {}
    for row in rows:
        key = (row[0] if by_id else row[1], row[2], row[3])
        _row, net, tax = found.get(key, (row, ZERO, ZERO))
        found[key] = (row, net + decimal(row[4]), tax + decimal(row[5]))
    return {key: each for key, each in found.items() if each[1] or each[2]}


def _coding_words(row: list[str], called: Called) -> Text:
    parts: list[Text] = [_("account {account}").format(account=called.account(row[1] or row[0]))]
    parts += [_("tax type {tax_type}").format(tax_type=called.tax(row[2]))] if row[2] else []
    return joined(", ", [*parts, *([plain(row[3])] if row[3] else [])])


def _amount(found: Sum | None) -> Text:
    if found is None:
        return _("nothing")
    if not found[2]:
        return plain(f"{found[1]:.2f}")
    return _("{net} with tax of {tax}").format(net=f"{found[1]:.2f}", tax=f"{found[2]:.2f}")


def stored(shown: Picture) -> str:
    """A picture as the link keeps it."""
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
