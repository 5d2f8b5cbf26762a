"""What a document says now against what Xero shows of it: where they differ, in words for a person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...accounting.money import decimal
from ...accounting.rounding import line_amount

Element = dict[str, Any]
LINE_WORDS = {"AccountCode": "account", "TaxType": "tax type", "LineAmount": "amount", "Tracking": "tracking"}


def differences(wanted: Element, shown: Element) -> list[str]:
    """One sentence for each field in which Xero's record (`shown`, as GET answers) is not what the document now makes (`wanted`, a request
    element). Only what ERPNext lets people change on a submitted document is compared: reference, due date and lines."""
    found = [
        f"the {word} is {wanted.get(field) or 'empty'} here, {shown_value or 'empty'} in Xero"
        for field, word, shown_value in (
            ("Reference", "reference", shown.get("Reference")),
            ("DueDate", "due date", str(shown.get("DueDateString") or "")[:10]),
        )
        if field in wanted and (wanted.get(field) or "") != (shown_value or "")
    ]
    ours, theirs = wanted.get("LineItems") or [], shown.get("LineItems") or []
    if len(ours) != len(theirs):
        return [*found, f"there are {len(ours)} lines here, {len(theirs)} in Xero"]
    for number, (mine, other) in enumerate(zip(ours, theirs), start=1):
        here, there = _line(mine), _line(other)
        found += [
            f"line {number} has the {word} {here[name]} here, {there[name]} in Xero"
            for name, word in LINE_WORDS.items()
            if here[name] != there[name]
        ]
    return found


def _line(line: Element) -> dict[str, str]:
    amount = line.get("LineAmount")
    if amount is None:
        amount = line_amount(decimal(line.get("Quantity")), decimal(line.get("UnitAmount")))
    options = sorted(f"{each['Name']}: {each['Option']}" for each in line.get("Tracking") or [])
    return {
        "AccountCode": line.get("AccountCode") or "none",
        "TaxType": line.get("TaxType") or "none",
        "LineAmount": f"{decimal(amount).quantize(Decimal('0.01')):f}",
        "Tracking": ", ".join(options) or "none",
    }
