"""Differences between a document as it is now and its record in Xero, in words for a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.called import NOTHING_CALLED, Called
from ...accounting.money import decimal
from ...accounting.rounding import line_amount
from ...accounting.texts import Text, _, day, plain
from ...xero.records.xero_element import fold

Element = dict[str, Any]
LONGEST_SHOWN = 80
LINE_WORDS = {
    "AccountCode": _("line {number} has the account {here} here, {there} in Xero"),
    "TaxType": _("line {number} has the tax type {here} here, {there} in Xero"),
    "LineAmount": _("line {number} has the amount {here} here, {there} in Xero"),
    "Tracking": _("line {number} has the tracking {here} here, {there} in Xero"),
}


def differences(wanted: Element, shown: Element, descriptions: bool = True, called: Called = NOTHING_CALLED) -> list[Text]:
    """One sentence for each field in which Xero's record (`shown`, as GET answers) is not what the document now makes (`wanted`, a request
    element). Only what ERPNext lets people change on a submitted document is compared: reference, due date and lines; what lines say only
    with `descriptions`."""
    found = [
        words.format(here=_text(field, wanted.get(field)), there=_text(field, shown_value))
        for field, words, shown_value in (
            ("Reference", _("the reference is {here} here, {there} in Xero"), shown.get("Reference")),
            ("DueDate", _("the due date is {here} here, {there} in Xero"), str(shown.get("DueDateString") or "")[:10]),
        )
        if field in wanted and fold(wanted.get(field)) != fold(shown_value)
    ]
    ours, theirs = wanted.get("LineItems") or [], shown.get("LineItems") or []
    if len(ours) != len(theirs):
        return [*found, _("there are {here} lines here, {there} in Xero").format(here=len(ours), there=len(theirs))]
    for number, (mine, other) in enumerate(zip(ours, theirs), start=1):
        here, there = _line(mine), _line(other)
        if descriptions and fold(mine.get("Description")) != fold(other.get("Description")):
            texts = [str(each.get("Description") or _("none"))[:LONGEST_SHOWN] for each in (mine, other)]
            found.append(_("line {number} says {here} here, {there} in Xero").format(number=number, here=texts[0], there=texts[1]))
        found += [
            words.format(number=number, here=called.coded(name, here[name]), there=called.coded(name, there[name]))
            for name, words in LINE_WORDS.items()
            if here[name] != there[name]
        ]
    return found


def _text(field: str, value: Any) -> Text:
    return _("empty") if not value else day(value) if field == "DueDate" else plain(str(value))


def _line(line: Element) -> dict[str, str]:
    amount = line.get("LineAmount")
    if amount is None:
        amount = line_amount(decimal(line.get("Quantity")), decimal(line.get("UnitAmount")))
    options = sorted(f"{each['Name']}: {each['Option']}" for each in line.get("Tracking") or [])
    return {
        "AccountCode": line.get("AccountCode") or _("none"),
        "TaxType": line.get("TaxType") or _("none"),
        "LineAmount": f"{decimal(amount).quantize(Decimal('0.01')):f}",
        "Tracking": ", ".join(options) or _("none"),
    }
